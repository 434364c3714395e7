//! The pages on which fund managers change a published round, or call it off.

pub mod rules;

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{Amendment, AmendmentKind, Cancellation, NewBudget, Proposal, Proposed},
    service::{self, Approved, Desk},
};
use crate::{
    clock::Moment,
    error::{AppError, Fault},
    funds::model::RoundState,
    http::Refused,
    money::Pence,
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// What can be changed about a round, what is proposed and what was changed.
#[derive(Debug, Serialize)]
pub struct AmendmentsPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// What waits for a second manager.
    pub proposals: Vec<Proposal>,
    /// What is in force, newest first.
    pub amendments: Vec<Amendment>,
    /// When the first full application came in, from which on the rules stay as they are.
    pub locked_since: Option<Moment>,
    /// Whether the reader can propose anything.
    pub may_propose: bool,
    /// Whether the round was called off.
    pub cancelled: bool,
    /// The fund's place in addresses.
    pub fund: String,
    /// Whether the reader can begin the round that is run in its place.
    pub may_run_again: bool,
    /// What was written of why one of them is refused.
    pub reason: String,
}

impl Page for AmendmentsPage {
    const TEMPLATE: &'static str = "rounds/amendments.html";
}

impl From<Desk> for AmendmentsPage {
    fn from(desk: Desk) -> Self {
        Self {
            cancelled: desk.round.round.state == RoundState::Cancelled,
            fund: desk.round.fund.slug,
            may_run_again: desk.manages,
            title: desk.round.round.title,
            slug: desk.round.round.slug,
            proposals: desk.proposals,
            amendments: desk.in_force,
            locked_since: desk.locked_since,
            may_propose: desk.may_propose,
            reason: String::new(),
        }
    }
}

fn path_of(slug: &str) -> String {
    format!("/rounds/{slug}/amendments")
}

async fn desk(visit: &Visit, slug: &str) -> Result<Desk, Refused> {
    Ok(service::desk(&visit.app, &visit.call, slug.to_owned()).await?)
}

/// GET `/rounds/{slug}/amendments`
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&AmendmentsPage::from(desk(&visit, &slug).await?)).await
}

/// POST `/rounds/{slug}/amendments/{kind}`: approves, refuses or takes back what is proposed.
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, word) = path.into_inner();
    let kind = AmendmentKind::from_word(&word).ok_or(AppError::NotFound)?;
    let (here, reason) = (path_of(&slug), form.0.text("reason"));
    match reply(&visit, &slug, kind, &form.0).await {
        Ok(text) => Ok(visit.see_with_success(&here, text)),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.ask_for_fresh_code(&here)),
        Err(refusal) => {
            let faults = reply_faults(refusal, kind)?;
            let page = AmendmentsPage { reason, ..desk(&visit, &slug).await?.into() };
            visit.page_with_faults(&page, &faults).await
        }
    }
}

async fn reply(visit: &Visit, slug: &str, kind: AmendmentKind, form: &Form) -> Result<&'static str, AppError> {
    let (app, call, slug) = (&visit.app, &visit.call, slug.to_owned());
    let seen = Some(form.text("seen"));
    if form.has("refuse") {
        service::refuse(app, call, slug, kind, (form.text("reason"), seen)).await?;
        return Ok("It is refused. Whoever proposed it reads why.");
    }
    if form.has("take_back") {
        service::take_back(app, call, slug, kind).await?;
        return Ok("It is taken back. Nobody is asked any more.");
    }
    Ok(match service::approve(app, call, slug, kind, seen).await? {
        Approved::InForce(_) => "It is in force. Everybody concerned is told by email.",
        Approved::Waiting(_) => "You have approved it. Somebody else has to approve it as well.",
    })
}

fn reply_faults(refusal: AppError, kind: AmendmentKind) -> Result<Vec<Fault>, AppError> {
    match refusal {
        AppError::Invalid(faults) => {
            let of_reason = |fault: Fault| match fault.field.as_str() {
                "reason" => Fault { field: format!("reason-{kind}"), ..fault },
                _ => Fault { field: kind.word().into(), ..fault },
            };
            Ok(faults.into_iter().map(of_reason).collect())
        }
        AppError::Conflict { code, message } => Ok(vec![Fault::new(kind.word(), code, message)]),
        AppError::Changed => {
            let message = "It has changed since you opened this page. Read it again before you answer.";
            Ok(vec![Fault::new(kind.word(), "changed_since", message)])
        }
        other => Err(other),
    }
}

/// Calls a round off.
#[derive(Debug, Serialize)]
pub struct CancelPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// Why.
    pub reason: String,
}

impl Page for CancelPage {
    const TEMPLATE: &'static str = "rounds/cancel.html";
}

impl CancelPage {
    fn of(desk: Desk, reason: String) -> Self {
        let round = desk.round.round;
        Self { title: round.title, slug: round.slug, version: round.version, reason }
    }
}

/// GET `/rounds/{slug}/cancel`
pub async fn ask_to_cancel(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&CancelPage::of(open_desk(&visit, &slug).await?, String::new())).await
}

async fn open_desk(visit: &Visit, slug: &str) -> Result<Desk, Refused> {
    Ok(service::to_propose(&visit.app, &visit.call, slug.to_owned()).await?)
}

/// POST `/rounds/{slug}/cancel`
pub async fn cancel(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let reason = form.0.text("reason");
    let proposed = Proposed::Cancellation(Cancellation { reason: reason.clone() });
    match propose(&visit, &slug, &form.0, Ok(proposed)).await? {
        Ok(done) => Ok(done),
        Err(faults) => visit.page_with_faults(&CancelPage::of(open_desk(&visit, &slug).await?, reason), &faults).await,
    }
}

/// Proposes it, if it could be read, and leads on; or says what stands in the way, beside a field of the form.
async fn propose(
    visit: &Visit,
    slug: &str,
    form: &Form,
    proposed: Result<Proposed, Vec<Fault>>,
) -> Result<Result<HttpResponse, Vec<Fault>>, Refused> {
    let proposed = match proposed {
        Ok(proposed) => proposed,
        Err(faults) => return Ok(Err(faults)),
    };
    let version = form.version_said().ok_or(AppError::VersionNeeded)?;
    match service::propose(&visit.app, &visit.call, slug.to_owned(), version, proposed).await {
        Ok(_) => {
            let text = "It is proposed. The fund’s other managers are asked by email to approve it.";
            Ok(Ok(visit.see_with_success(&path_of(slug), text)))
        }
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(Ok(visit.keep_and_ask_for_fresh_code())),
        Err(AppError::Invalid(faults)) => Ok(Err(faults)),
        Err(AppError::Conflict { code, message }) => Ok(Err(vec![Fault::new("reason", code, message)])),
        Err(AppError::Stale { .. }) => {
            let message = "Somebody has changed this round meanwhile. Read it again, then send this once more.";
            Ok(Err(vec![Fault::new("reason", "stale", message)]))
        }
        Err(other) => Err(other.into()),
    }
}

/// Changes the budget of a round.
#[derive(Debug, Serialize)]
pub struct BudgetPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// The budget that is in force, in pence.
    pub budget_pence: i64,
    /// What was written as the new one, in pounds.
    pub budget: String,
    /// Why.
    pub reason: String,
}

impl Page for BudgetPage {
    const TEMPLATE: &'static str = "rounds/budget.html";
}

impl BudgetPage {
    fn of(desk: Desk, budget: String, reason: String) -> Self {
        let round = desk.round.round;
        let budget_pence = round.budget_pence.0;
        Self { title: round.title, slug: round.slug, version: round.version, budget_pence, budget, reason }
    }
}

/// GET `/rounds/{slug}/budget`
pub async fn ask_budget(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&BudgetPage::of(open_desk(&visit, &slug).await?, String::new(), String::new())).await
}

/// POST `/rounds/{slug}/budget`
pub async fn change_budget(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let (budget, reason) = (form.0.text("budget_pence"), form.0.text("reason"));
    let proposed = match Pence::from_pounds(&budget) {
        Some(budget_pence) => Ok(Proposed::Budget(NewBudget { budget_pence, reason: reason.clone() })),
        None => Err(vec![Fault::new("budget_pence", "wrong_amount", POUNDS)]),
    };
    match propose(&visit, &slug, &form.0, proposed).await? {
        Ok(done) => Ok(done),
        Err(faults) => {
            let page = BudgetPage::of(open_desk(&visit, &slug).await?, budget, reason);
            visit.page_with_faults(&page, &faults).await
        }
    }
}

const POUNDS: &str = "Enter the amount in pounds, such as 250,000 or 250,000.50.";
