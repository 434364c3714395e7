//! The pages of organisations that are not known yet: the lead's form, and the desk of the fund's managers.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{NewOrganisation, Terms, UnknownInvitation},
    service::{self, Desk},
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    http::{Refused, in_address},
    identity::model::{Nation, OrganisationKind},
    partnerships::{self, model::Invitation, service::PartnersView, written::Written},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The form in which a lead says what it wants.
#[derive(Debug, Serialize)]
pub struct UnknownPage {
    /// The bid.
    pub view: PartnersView,
    /// The kinds of body, by word.
    pub bodies: Vec<&'static str>,
    /// The nations, by word.
    pub nations: Vec<&'static str>,
    /// What was written of the organisation.
    pub said: Said,
    /// What was written of its part.
    pub written: Written,
}

impl Page for UnknownPage {
    const TEMPLATE: &'static str = "partnerships/unknown.html";
}

/// What is written of the organisation, as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Its name.
    pub name: String,
    /// What kind of body it is.
    pub kind: String,
    /// Where it is.
    pub nation: String,
    /// What it is and does.
    pub about: String,
    /// Whom to ask.
    pub contact_name: String,
    /// Where mail reaches them.
    pub contact_email: String,
    /// Its site.
    pub website: String,
}

impl Said {
    fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(&format!("organisation-{name}"));
        Self {
            name: text("name"),
            kind: text("kind"),
            nation: text("nation"),
            about: text("about"),
            contact_name: text("contact_name"),
            contact_email: text("contact_email"),
            website: text("website"),
        }
    }

    fn read(&self, part: Invitation) -> Result<UnknownInvitation, AppError> {
        let (kind, nation) = (OrganisationKind::from_word(&self.kind), Nation::from_word(&self.nation));
        let missing = |field: &str, message: &str| Fault::new(format!("organisation/{field}"), "missing", message);
        let (Some(kind), Some(nation)) = (kind, nation) else {
            let no_kind = kind.is_none().then(|| missing("kind", "Choose what kind of body it is."));
            let no_nation = nation.is_none().then(|| missing("nation", "Choose where it is."));
            return Err(AppError::Invalid(no_kind.into_iter().chain(no_nation).collect()));
        };
        let Self { name, about, contact_name, contact_email, website, .. } = self.clone();
        let organisation = NewOrganisation { name, kind, nation, about, contact_name, contact_email, website };
        let Invitation { role, share_pence, sponsor, kind, part, .. } = part;
        Ok(UnknownInvitation { organisation, terms: Terms { role, share_pence, sponsor, kind, part } })
    }
}

/// GET `/bids/{reference}/unknown-partner`
pub async fn wish(visit: Visit, reference: Path<String>) -> Answer {
    let page = page(&visit, &reference, Said::default(), Written::default()).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: &str, said: Said, written: Written) -> Result<UnknownPage, Refused> {
    let view = partnerships::service::partners(&visit.app, &visit.call, reference.to_owned()).await?;
    if !view.may_manage {
        return Err(AppError::forbidden("not_allowed", "Only people of the lead authority can invite partners.").into());
    }
    let bodies = OrganisationKind::ALL.iter().map(|kind| kind.word()).collect();
    let nations = Nation::ALL.iter().map(|nation| nation.word()).collect();
    Ok(UnknownPage { view, bodies, nations, said, written })
}

/// POST `/bids/{reference}/unknown-partner`
pub async fn ask(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let (said, written) = (Said::of(&form.0), Written::of(&form.0));
    let asked = match written.invitation().and_then(|part| said.read(part)) {
        Ok(wish) => service::ask(&visit.app, &visit.call, reference.clone(), wish).await,
        Err(fault) => Err(fault),
    };
    match asked {
        Ok(asked) => {
            let text = format!("The fund team is asked to check {}. It gets an email that says so.", asked.name);
            Ok(visit.see_with_success(&format!("/bids/{reference}/partners"), &text))
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "organisation/contact_email")?;
            visit.page_with_faults(&page(&visit, &reference, said, written).await?, &faults).await
        }
    }
}

/// POST `/bids/{reference}/unknown-partner/{id}/take-back`
pub async fn take_back(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    let gone = service::take_back(&visit.app, &visit.call, reference.clone(), in_address(&id)?).await?;
    let text = format!("{} is no longer asked for.", gone.name);
    Ok(visit.see_with_success(&format!("/bids/{reference}/partners"), &text))
}

/// The organisations that a fund was asked to check.
#[derive(Debug, Serialize)]
pub struct DeskPage {
    /// The fund and what it was asked.
    pub of: Desk,
    /// The request whose form was sent, if something was wrong with it.
    pub about: String,
    /// What was written into it.
    pub written: WrittenAnswer,
}

/// What was written into the form of an answer.
#[derive(Debug, Default, Serialize)]
pub struct WrittenAnswer {
    /// The code.
    pub code: String,
    /// Which organisation it is.
    pub organisation: String,
    /// Why it is refused.
    pub reason: String,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "partnerships/organisation-requests.html";
}

/// GET `/funds/{slug}/organisation-requests`
pub async fn desk(visit: Visit, slug: Path<String>) -> Answer {
    let of = service::desk(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&DeskPage { of, about: String::new(), written: WrittenAnswer::default() }).await
}

/// POST `/funds/{slug}/organisation-requests/{id}`
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, about) = path.into_inner();
    let (app, call, id) = (&visit.app, &visit.call, in_address(&about)?);
    let written = WrittenAnswer {
        code: form.0.text("code"),
        organisation: form.0.text("organisation"),
        reason: form.0.text("reason"),
    };
    let (answered, what) = if form.0.has("accept") {
        let accepted = service::accept(app, call, slug.clone(), id, written.code.clone()).await;
        (accepted, "is in the list now, and invited to the bids that want it")
    } else if form.0.has("known") {
        let known = service::is_known(app, call, slug.clone(), id, written.organisation.clone()).await;
        (known, "is checked. The organisation that you named is invited")
    } else {
        let refused = service::refuse(app, call, slug.clone(), id, written.reason.clone()).await;
        (refused, "is refused. The lead authorities that want it are told")
    };
    match answered {
        Ok(request) => {
            let text = format!("{} {what}.", request.organisation.name);
            Ok(visit.see_with_success(&format!("/funds/{slug}/organisation-requests"), &text))
        }
        Err(AppError::Invalid(faults)) => {
            let of = service::desk(app, call, slug).await?;
            // Each request has its own form on the page.
            let faults: Vec<Fault> =
                faults.into_iter().map(|fault| Fault { field: format!("{}-{about}", fault.field), ..fault }).collect();
            visit.page_with_faults(&DeskPage { of, about, written }, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}
