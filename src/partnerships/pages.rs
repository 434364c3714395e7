//! The pages of a partnership: the lead's list, and the invitation as the invited council sees it.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use super::{
    model::Partner,
    service::{self, InvitationView, PartnersView, Replacement},
    written::Written,
};
use crate::{
    error::AppError,
    http::{Query, Refused, in_address},
    identity::model::Organisation,
    ids::{Id, RowKey},
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The councils of a bid, with the form that invites another.
#[derive(Debug, Serialize)]
pub struct PartnersPage {
    /// The bid and its partners.
    pub view: PartnersView,
    /// Whom it can invite.
    pub invitable: Vec<Organisation>,
    /// What was looked for among them.
    pub q: String,
    /// What was written into the form.
    pub written: Written,
}

impl Page for PartnersPage {
    const TEMPLATE: &'static str = "partnerships/partners.html";
}

/// One partner, to change.
#[derive(Debug, Serialize)]
pub struct PartnerPage {
    /// The bid's reference.
    pub reference: String,
    /// The partner.
    pub partner: Partner,
    /// What was written into the form.
    pub written: Written,
}

impl Page for PartnerPage {
    const TEMPLATE: &'static str = "partnerships/partner.html";
}

/// Who takes the place of a partner.
#[derive(Debug, Serialize)]
pub struct ReplacePage {
    /// The bid's reference.
    pub reference: String,
    /// The partner.
    pub partner: Partner,
    /// Whom the bid can invite instead.
    pub invitable: Vec<Organisation>,
    /// What was looked for among them.
    pub q: String,
    /// What was written into the form.
    pub written: Written,
    /// The reason that was written.
    pub reason: String,
}

impl Page for ReplacePage {
    const TEMPLATE: &'static str = "partnerships/replace.html";
}

/// The invitation as the invited council sees it.
#[derive(Debug, Serialize)]
pub struct InvitationPage {
    /// The invitation.
    pub view: InvitationView,
    /// The reason that was written.
    pub reason: String,
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "partnerships/invitation.html";
}

/// Which councils to offer.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Looking {
    /// Words of a name or former name, or a code.
    #[serde(default)]
    pub q: String,
}

/// The councils of a bid.
pub async fn partners(visit: Visit, reference: Path<String>, looking: Query<Looking>) -> Answer {
    let page = partners_page(&visit, &reference, looking.0.q, Written::default()).await?;
    visit.page(&page).await
}

async fn partners_page(visit: &Visit, reference: &str, q: String, written: Written) -> Result<PartnersPage, Refused> {
    let view = service::partners(&visit.app, &visit.call, reference.to_owned()).await?;
    let mut invitable = Vec::new();
    if view.may_manage {
        invitable = service::invitable(&visit.app, &visit.call, reference.to_owned(), q.clone()).await?;
    }
    Ok(PartnersPage { view, invitable, q, written })
}

/// Invites the council that was chosen.
pub async fn invite(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let written = Written::of(&form.0);
    let invited = match written.invitation() {
        Ok(invitation) => service::invite(&visit.app, &visit.call, reference.clone(), invitation).await,
        Err(fault) => Err(fault),
    };
    match invited {
        Ok(partner) => {
            let text = format!("{} is invited. Its people get an email.", partner.name);
            Ok(visit.see_with_success(&format!("/bids/{reference}/partners"), &text))
        }
        Err(AppError::Invalid(faults)) => {
            let page = partners_page(&visit, &reference, form.0.text("q"), written).await?;
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// One partner, to change.
pub async fn partner(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let partner = find(&visit, &reference, &id).await?;
    let written = Written::about(&partner);
    visit.page(&PartnerPage { reference, partner, written }).await
}

async fn find(visit: &Visit, reference: &str, id: &str) -> Result<Partner, AppError> {
    let id: Id<RowKey> = in_address(id)?;
    let view = service::partners(&visit.app, &visit.call, reference.to_owned()).await?;
    if !view.may_manage {
        return Err(AppError::NotFound);
    }
    view.partners.into_iter().find(|partner| partner.id == id).ok_or(AppError::NotFound)
}

/// Changes or takes out a partner.
pub async fn change(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    let partner = find(&visit, &reference, &id).await?;
    let list = format!("/bids/{reference}/partners");
    let version = form.0.version();
    if form.0.has("remove") {
        let gone = service::withdraw(&visit.app, &visit.call, reference, (partner.id, version)).await?;
        return Ok(visit.see_with_success(&list, &format!("{} is no longer a partner of this bid.", gone.name)));
    }
    let written = Written::of(&form.0);
    let changed = match written.change() {
        Ok(change) => service::change(&visit.app, &visit.call, reference.clone(), (partner.id, version), change).await,
        Err(fault) => Err(fault),
    };
    match changed {
        Ok(partner) => Ok(visit.see_with_success(&list, &format!("The part of {} is saved.", partner.name))),
        Err(AppError::Invalid(faults)) => {
            visit.page_with_faults(&PartnerPage { reference, partner, written }, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Asks who takes the place of a partner.
pub async fn replacement(visit: Visit, path: Path<(String, String)>, looking: Query<Looking>) -> Answer {
    let (reference, id) = path.into_inner();
    let page = replace_page(&visit, (&reference, &id), (looking.0.q, Written::default(), String::new())).await?;
    visit.page(&page).await
}

async fn replace_page(
    visit: &Visit,
    (reference, id): (&str, &str),
    (q, written, reason): (String, Written, String),
) -> Result<ReplacePage, Refused> {
    let partner = find(visit, reference, id).await?;
    let invitable = service::invitable(&visit.app, &visit.call, reference.to_owned(), q.clone()).await?;
    Ok(ReplacePage { reference: reference.to_owned(), partner, invitable, q, written, reason })
}

/// Lets another organisation take the place of a partner.
pub async fn replace(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    let partner = find(&visit, &reference, &id).await?;
    let (written, reason) = (Written::of(&form.0), form.0.text("reason"));
    let replacement = Replacement {
        organisation: written.organisation.clone(),
        reason: reason.clone(),
        people: written.people.clone(),
    };
    let at = (partner.id, form.0.version());
    match service::replace(&visit.app, &visit.call, reference.clone(), at, replacement).await {
        Ok(comes) => {
            let text = format!("{} is invited in the place of {}. Both are told.", comes.name, partner.name);
            Ok(visit.see_with_success(&format!("/bids/{reference}/partners"), &text))
        }
        Err(AppError::Invalid(faults)) => {
            let page = replace_page(&visit, (&reference, &id), (form.0.text("q"), written, reason)).await?;
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The invitation to the visitor's own council.
pub async fn invitation(visit: Visit, reference: Path<String>) -> Answer {
    let view = service::invitation(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&InvitationPage { view, reason: String::new() }).await
}

/// Confirms, declines or leaves.
pub async fn answer(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let (app, call, reference) = (&visit.app, &visit.call, reference.into_inner());
    let view = service::invitation(app, call, reference.clone()).await?;
    if form.0.has("confirm") {
        let partner = service::confirm(app, call, reference.clone(), view.partner.id).await?;
        let text = format!("{} takes part in this bid.", partner.name);
        return Ok(visit.see_with_success(&format!("/bids/{reference}/invitation"), &text));
    }
    let reason = form.0.text("reason");
    let (done, text) = if form.0.has("leave") {
        let left = service::leave(app, call, reference, view.partner.id, reason.clone()).await;
        (left, "Your council has left the bid. The lead authority is told.")
    } else {
        let declined = service::decline(app, call, reference, view.partner.id, reason.clone()).await;
        (declined, "You declined the invitation. The lead authority is told.")
    };
    match done {
        Ok(_) => Ok(visit.see_with_success("/dashboard", text)),
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&InvitationPage { view, reason }, &faults).await,
        Err(other) => Err(other.into()),
    }
}
