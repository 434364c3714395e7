//! Pages on which councils change who leads a bid, join one and make one of two: proposing, and what everybody agrees to.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    error::{AppError, Fault},
    http::{Refused, in_address},
    ids::{Id, RowKey},
    journey::service::proposals::{self, Answering, Joining, ProposalView, Starting},
    money::Pence,
    partnerships::proposals::model::{NewProposal, ProposalKind, ProposalState, Proposed},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// What is and was proposed about a bid.
#[derive(Debug, Serialize)]
pub struct ProposalsPage {
    /// The bid's reference.
    pub reference: String,
    /// Newest first.
    pub list: Vec<ProposalView>,
    /// What whoever looks can propose.
    pub starting: Option<Starting>,
}

impl Page for ProposalsPage {
    const TEMPLATE: &'static str = "journey/proposals.html";
}

/// One of them.
#[derive(Debug, Serialize)]
pub struct ProposalPage {
    /// The bid among whose pages it is read.
    pub reference: String,
    /// The proposal.
    pub view: ProposalView,
    /// The reason that was written.
    pub reason: String,
}

impl Page for ProposalPage {
    const TEMPLATE: &'static str = "journey/proposal.html";
}

/// Another lead.
#[derive(Debug, Serialize)]
pub struct NewLeadPage {
    /// The bid.
    pub starting: Starting,
    /// What was written.
    pub written: Written,
}

impl Page for NewLeadPage {
    const TEMPLATE: &'static str = "journey/new-lead.html";
}

/// Two bids that become one.
#[derive(Debug, Serialize)]
pub struct MergePage {
    /// The bid.
    pub starting: Starting,
    /// What was written.
    pub written: Written,
}

impl Page for MergePage {
    const TEMPLATE: &'static str = "journey/merge.html";
}

/// A request to join.
#[derive(Debug, Serialize)]
pub struct JoinPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The bid, and what was asked before.
    pub joining: Joining,
    /// What was written.
    pub written: Written,
}

impl Page for JoinPage {
    const TEMPLATE: &'static str = "journey/join.html";
}

/// What a form holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// A council's code.
    pub organisation: String,
    /// The reference of the other bid.
    pub other_bid: String,
    /// Which of two bids stays, or whether the old lead does.
    pub stays: String,
    /// What a council does.
    pub role: String,
    /// Its share in pounds, as typed.
    pub share: String,
    /// Who answers for it.
    pub sponsor: String,
    /// Why.
    pub words: String,
}

impl Written {
    fn of(form: &Form) -> Self {
        Self {
            organisation: form.text("organisation"),
            other_bid: form.text("other_bid"),
            stays: form.text("stays"),
            role: form.text("role"),
            share: form.text("share_pence"),
            sponsor: form.text("sponsor"),
            words: form.text("words"),
        }
    }

    fn read(&self, kind: ProposalKind) -> Result<NewProposal, AppError> {
        let Self { organisation, other_bid, role, sponsor, words, .. } = self.clone();
        if kind != ProposalKind::Join && self.stays.is_empty() {
            let message = if kind == ProposalKind::Lead {
                "Choose what becomes of the lead authority of today."
            } else {
                "Choose which bid stays."
            };
            return Err(AppError::invalid("stays", "missing", message));
        }
        let share_pence = if self.share.is_empty() { Some(Pence(0)) } else { Pence::from_pounds(&self.share) };
        let share_pence = share_pence.ok_or_else(|| {
            let message = "Enter the share in pounds, such as 12,500 or 12,500.50.";
            AppError::invalid("share_pence", "wrong_amount", message)
        })?;
        let terms = Proposed { share_pence, role, sponsor, leaves: self.stays == "leaves" };
        Ok(NewProposal { kind, organisation, other_bid, other_stays: self.stays == "other", words, terms })
    }
}

fn path_of(reference: &str, id: Id<RowKey>) -> String {
    format!("/bids/{reference}/partnership-changes/{id}")
}

/// GET `/bids/{reference}/partnership-changes`
pub async fn list(visit: Visit, reference: Path<String>) -> Answer {
    let (app, call, reference) = (&visit.app, &visit.call, reference.into_inner());
    let list = proposals::proposals(app, call, reference.clone()).await?;
    let starting = match proposals::starting(app, call, reference.clone()).await {
        Ok(starting) => Some(starting),
        Err(AppError::NotFound | AppError::Forbidden { .. } | AppError::Conflict { .. }) => None,
        Err(other) => return Err(other.into()),
    };
    visit.page(&ProposalsPage { reference, list, starting }).await
}

/// GET `/bids/{reference}/partnership-changes/new-lead`
pub async fn ask_new_lead(visit: Visit, reference: Path<String>) -> Answer {
    let starting = proposals::starting(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&NewLeadPage { starting, written: Written::default() }).await
}

/// POST `/bids/{reference}/partnership-changes/new-lead`
pub async fn propose_new_lead(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let written = Written::of(&form.0);
    match send(&visit, &reference, (&written, ProposalKind::Lead), "organisation").await? {
        Ok(view) => Ok(visit.see_with_success(&path_of(&reference, view.id), said(&view))),
        Err(faults) => {
            let starting = proposals::starting(&visit.app, &visit.call, reference.into_inner()).await?;
            visit.page_with_faults(&NewLeadPage { starting, written }, &faults).await
        }
    }
}

/// GET `/bids/{reference}/partnership-changes/merge`
pub async fn ask_merge(visit: Visit, reference: Path<String>) -> Answer {
    let starting = proposals::starting(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&MergePage { starting, written: Written::default() }).await
}

/// POST `/bids/{reference}/partnership-changes/merge`
pub async fn propose_merge(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let written = Written::of(&form.0);
    match send(&visit, &reference, (&written, ProposalKind::Merge), "other_bid").await? {
        Ok(view) => Ok(visit.see_with_success(&path_of(&reference, view.id), said(&view))),
        Err(faults) => {
            let starting = proposals::starting(&visit.app, &visit.call, reference.into_inner()).await?;
            visit.page_with_faults(&MergePage { starting, written }, &faults).await
        }
    }
}

/// GET `/rounds/{slug}/eois/{reference}/join`
pub async fn ask_to_join(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, reference) = path.into_inner();
    let joining = proposals::joining(&visit.app, &visit.call, (slug.clone(), reference)).await?;
    visit.page(&JoinPage { slug, joining, written: Written::default() }).await
}

/// POST `/rounds/{slug}/eois/{reference}/join`: asks, or takes a request back.
pub async fn join(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, reference) = path.into_inner();
    let here = format!("/rounds/{slug}/eois/{reference}/join");
    if let Some(id) = form.0.filled("take_back") {
        let id = in_address(&id)?;
        proposals::take_back(&visit.app, &visit.call, (reference, id)).await?;
        return Ok(visit.see_with_success(&here, "Your request is taken back. The lead authority is told."));
    }
    let written = Written::of(&form.0);
    match send(&visit, &reference, (&written, ProposalKind::Join), "organisation").await? {
        Ok(_) => {
            Ok(visit.see_with_success(&here, "The lead authority is asked by email. You get its answer by email."))
        }
        Err(faults) => {
            let joining = proposals::joining(&visit.app, &visit.call, (slug.clone(), reference)).await?;
            visit.page_with_faults(&JoinPage { slug, joining, written }, &faults).await
        }
    }
}

/// Proposes what was written. What stands against it is said at this field.
async fn send(
    visit: &Visit,
    reference: &str,
    (written, kind): (&Written, ProposalKind),
    field: &str,
) -> Result<Result<ProposalView, Vec<Fault>>, Refused> {
    let proposed = match written.read(kind) {
        Ok(new) => proposals::propose(&visit.app, &visit.call, reference.to_owned(), new).await,
        Err(fault) => Err(fault),
    };
    match proposed {
        Ok(view) => Ok(Ok(view)),
        Err(AppError::Invalid(faults)) => Ok(Err(faults)),
        Err(AppError::Conflict { code: code @ ("cannot_be_done" | "proposed_already"), message }) => {
            Ok(Err(vec![Fault::new(field, code, message)]))
        }
        Err(other) => Err(other.into()),
    }
}

fn said(view: &ProposalView) -> &'static str {
    match view.state {
        ProposalState::Done => "It is done. Everybody concerned gets an email.",
        ProposalState::Open if view.awaited.is_empty() => "It is proposed.",
        ProposalState::Open => "Those whose turn it is are asked by email.",
        ProposalState::Refused => "You refused. Whoever proposed it is told.",
        ProposalState::TakenBack => "It is taken back. Whoever was asked is told.",
        ProposalState::Lapsed => "It cannot be done any more.",
    }
}

/// GET `/bids/{reference}/partnership-changes/{id}`
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let page = page(&visit, reference, in_address(&id)?).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: String, id: Id<RowKey>) -> Result<ProposalPage, Refused> {
    let view = proposals::proposal(&visit.app, &visit.call, (reference.clone(), id)).await?;
    Ok(ProposalPage { reference, view, reason: String::new() })
}

/// POST `/bids/{reference}/partnership-changes/{id}`: agrees, refuses or takes back.
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, id) = path.into_inner();
    let id = in_address(&id)?;
    let (app, call, reason) = (&visit.app, &visit.call, form.0.text("reason"));
    let which = (reference.clone(), id);
    let answered = if form.0.has("agree") {
        proposals::agree(app, call, which, Answering { seen: form.0.text("seen") }).await
    } else if form.0.has("refuse") {
        proposals::refuse(app, call, which, reason.clone()).await
    } else {
        proposals::take_back(app, call, which).await
    };
    match answered {
        // Whoever led the bid and leaves it reads it no more.
        Ok(view) if view.state == ProposalState::Done && view.terms.leaves => {
            Ok(visit.see_with_success("/dashboard", said(&view)))
        }
        Ok(view) => Ok(visit.see_with_success(&path_of(&reference, id), said(&view))),
        Err(AppError::Invalid(faults)) => {
            visit.page_with_faults(&ProposalPage { reason, ..page(&visit, reference, id).await? }, &faults).await
        }
        Err(AppError::Changed) => {
            let message = "What it comes to has changed since you opened this page. Read it again before you agree.";
            let fault = Fault::new("seen", "changed_since", message);
            visit.page_with_faults(&page(&visit, reference, id).await?, &[fault]).await
        }
        Err(AppError::Conflict { code: code @ ("cannot_be_done" | "not_your_turn"), message }) => {
            visit.page_with_faults(&page(&visit, reference, id).await?, &[Fault::new("seen", code, message)]).await
        }
        Err(other) => Err(other.into()),
    }
}
