//! The pages of those who decide: the queue of a round with its release, and the form for one bid.

use actix_web::{HttpResponse, web::Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    awards::model::Gate,
    awards::outside::DecidedOutside,
    awards::service::{self, Approval, Approved, Decided, DecisionBody, Desk, DeskChoice, Queue},
    error::{AppError, Fault},
    funds::model::Milestone,
    http::{Query, Refused},
    money::Pence,
    web::{Form, Page, Posted, Visit},
};

/// Which release the queue is for.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// The milestone; the last one if not said.
    pub release: Option<Milestone>,
}

/// The queue of a round.
#[derive(Debug, Serialize)]
pub struct DecisionsPage {
    /// The queue.
    pub queue: Queue,
    /// What was written of the release.
    pub written: Written,
}

impl Page for DecisionsPage {
    const TEMPLATE: &'static str = "awards/decisions.html";
}

/// What somebody has written of a release, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// Why it is refused.
    pub reason: String,
    /// Who decided outside the service.
    pub by: String,
    /// On which day: day, month and year.
    pub on: [String; 3],
    /// The signed paper.
    pub paper: String,
    /// Whether no email is to be sent.
    pub silent: bool,
    /// Why not.
    pub no_mail: String,
    /// Whether it was written of a decision of somebody else.
    pub outside: bool,
}

impl Written {
    fn of(form: &Form) -> Self {
        Self {
            reason: form.text("reason"),
            by: form.text("by"),
            on: ["on-day", "on-month", "on-year"].map(|part| form.text(part)),
            paper: form.text("paper"),
            silent: form.has("silent"),
            no_mail: form.text("no_mail"),
            outside: false,
        }
    }

    fn no_mail(&self) -> Option<String> {
        self.silent.then(|| self.no_mail.clone())
    }

    fn outside(&self) -> Result<DecidedOutside, AppError> {
        let [day, month, year] = self.on.each_ref().map(|part| part.parse::<u32>().ok());
        let year = year.filter(|year| (1900..=9999).contains(year)).and_then(|year| i32::try_from(year).ok());
        let on = year.zip(month).zip(day).and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day));
        let wrong = || AppError::invalid("on", "unreadable", "Enter the day of the decision, such as 4 12 2026.");
        Ok(DecidedOutside {
            by: self.by.clone(),
            on: on.ok_or_else(wrong)?,
            paper: self.paper.clone(),
            no_mail: self.no_mail(),
        })
    }
}

/// The queue of a round.
///
/// # Errors
/// As policy says.
pub async fn decisions(visit: Visit, slug: Path<String>, which: Query<Which>) -> Result<HttpResponse, Refused> {
    let queue = service::queue(&visit.app, &visit.call, slug.into_inner(), which.release).await?;
    visit.page(&DecisionsPage { queue, written: Written::default() }).await
}

/// Approves a release.
///
/// # Errors
/// As the service says; what stands in the way is shown on the queue's page, and a fresh code is asked for.
pub async fn release(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (slug, milestone) = of_path(path)?;
    let written = Written::of(&form.0);
    let approval = Approval { seen: seen(&form.0), no_mail: written.no_mail() };
    match service::release(&visit.app, &visit.call, slug.clone(), milestone, approval).await {
        Ok(approved) => Ok(visit.see_with_success(&queue_of(&slug, Some(milestone)), &said(&approved))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) if !written.silent => {
            Ok(visit.ask_for_fresh_code(&queue_of(&slug, Some(milestone))))
        }
        Err(fault) => not_approved(&visit, (&slug, milestone), fault, written).await,
    }
}

/// What the page showed on which the form stood.
fn seen(form: &Form) -> Option<String> {
    Some(form.text("seen"))
}

fn said(approved: &Approved) -> String {
    match approved {
        Approved::Released(release) => {
            format!("The release is approved. The outcomes show from {}.", release.shown_from.in_words())
        }
        Approved::Waiting(support) if support.still_needed() == 1 => {
            "Your approval is recorded. One more person has to approve, and they are asked by email.".to_owned()
        }
        Approved::Waiting(support) => {
            let more = support.still_needed();
            format!("Your approval is recorded. {more} more people have to approve, and they are asked by email.")
        }
    }
}

/// Refuses to approve a release.
///
/// # Errors
/// As the service says; a missing reason is shown on the queue's page, and what is written is kept while a fresh code is
/// asked for.
pub async fn refuse(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (slug, milestone) = of_path(path)?;
    let written = Written::of(&form.0);
    let (reason, seen) = (written.reason.clone(), seen(&form.0));
    match service::refuse(&visit.app, &visit.call, slug.clone(), milestone, reason, seen).await {
        Ok(_) => {
            let text = "The release is refused. Whoever asked for it reads why.";
            Ok(visit.see_with_success(&queue_of(&slug, Some(milestone)), text))
        }
        Err(fault) => not_approved(&visit, (&slug, milestone), fault, written).await,
    }
}

/// The queue's page with what stands in the way, or the page that asks for a fresh code, which keeps what was written.
async fn not_approved(
    visit: &Visit,
    (slug, milestone): (&str, Milestone),
    fault: AppError,
    written: Written,
) -> Result<HttpResponse, Refused> {
    let faults = match fault {
        AppError::Forbidden { code: "fresh_code_needed", .. } => {
            return Ok(visit.keep_and_ask_for_fresh_code());
        }
        // What is wrong with a field of the forms belongs to it, everything else to the release as a whole.
        AppError::Invalid(faults) if faults.iter().all(|fault| FIELDS.contains(&fault.field.as_str())) => {
            let here =
                |field: String| if written.outside && field == "no_mail" { OUTSIDE_NO_MAIL.into() } else { field };
            faults.into_iter().map(|fault| Fault { field: here(fault.field), ..fault }).collect()
        }
        AppError::Invalid(faults) => at(faults, "release"),
        AppError::Changed => {
            let message = "The list has changed since you opened this page. Read it again before you answer.";
            vec![Fault::new("release", "changed_since", message)]
        }
        other => return Err(other.into()),
    };
    let queue = service::queue(&visit.app, &visit.call, slug.to_owned(), Some(milestone)).await?;
    visit.page_with_faults(&DecisionsPage { queue, written }, &faults).await
}

/// The fields of the forms about a release.
const FIELDS: [&str; 5] = ["reason", "by", "on", "paper", "no_mail"];
/// The field in which it says of a decision of somebody else why no email is sent.
const OUTSIDE_NO_MAIL: &str = "outside-no_mail";

/// Records that the outcomes were decided outside the service.
///
/// # Errors
/// As the service says; wrong fields are shown on the queue's page, and what is written is kept while a fresh code is
/// asked for.
pub async fn record_outside(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (slug, milestone) = of_path(path)?;
    let written = Written { outside: true, ..Written::of(&form.0) };
    let recorded = match written.outside() {
        Ok(outside) => {
            service::record_outside(&visit.app, &visit.call, slug.clone(), milestone, outside, seen(&form.0)).await
        }
        Err(fault) => Err(fault),
    };
    match recorded {
        Ok(_) => {
            let text = "The decision is recorded. Another manager has to confirm it, and is asked by email.";
            Ok(visit.see_with_success(&queue_of(&slug, Some(milestone)), text))
        }
        Err(fault) => not_approved(&visit, (&slug, milestone), fault, written).await,
    }
}

/// Takes the approval of a release back.
///
/// # Errors
/// As the service says; a fresh code is asked for.
pub async fn recall(visit: Visit, path: Path<(String, String)>, _: Posted) -> Result<HttpResponse, Refused> {
    let (slug, milestone) = of_path(path)?;
    let here = queue_of(&slug, Some(milestone));
    match service::recall(&visit.app, &visit.call, slug, milestone).await {
        Ok(()) => Ok(visit.see_with_success(&here, "The approval is taken back. Decisions can be changed.")),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.ask_for_fresh_code(&here)),
        Err(fault) => Err(fault.into()),
    }
}

fn of_path(path: Path<(String, String)>) -> Result<(String, Milestone), Refused> {
    let (slug, word) = path.into_inner();
    Ok((slug, Milestone::from_word(&word).ok_or(AppError::NotFound)?))
}

fn queue_of(slug: &str, milestone: Option<Milestone>) -> String {
    let wanted = milestone.map(|milestone| format!("?release={milestone}"));
    format!("/rounds/{slug}/decisions{}", wanted.unwrap_or_default())
}

/// The same faults, all of them about one part of the page.
fn at(faults: Vec<Fault>, field: &str) -> Vec<Fault> {
    faults.into_iter().map(|fault| Fault { field: field.into(), ..fault }).collect()
}

/// The form for one bid, with what was filled in.
#[derive(Debug, Serialize)]
pub struct DecisionPage {
    /// The bid.
    pub desk: Desk,
    /// What is filled in.
    pub filled: Filled,
}

impl Page for DecisionPage {
    const TEMPLATE: &'static str = "awards/decision.html";
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filled {
    /// The chosen transition.
    pub transition: String,
    /// The amount in pounds.
    pub amount: String,
    /// Why, where the ranking says otherwise.
    pub reason: String,
    /// What the applicants read.
    pub feedback: String,
    /// Whether no email is to be sent.
    pub silent: bool,
    /// Why not.
    pub no_mail: String,
    /// The gate and the version of the decision that stood when the form was opened, if one did.
    pub standing: Option<(Gate, i32)>,
}

impl Filled {
    /// What the form shows first: the decision that stands, or the bid's ask.
    fn first(desk: &Desk) -> Self {
        match &desk.standing {
            Some(standing) => Self {
                transition: standing.transition.clone(),
                amount: standing.amount_pence.or(desk.ask_pence).map(in_pounds).unwrap_or_default(),
                reason: standing.reason.clone().unwrap_or_default(),
                feedback: if standing.feedback.is_empty() { &desk.feedback } else { &standing.feedback }.clone(),
                silent: standing.no_mail.is_some(),
                no_mail: standing.no_mail.clone().unwrap_or_default(),
                standing: Some((standing.gate, standing.version)),
            },
            None => Self {
                amount: desk.ask_pence.map(in_pounds).unwrap_or_default(),
                feedback: desk.feedback.clone(),
                ..Self::default()
            },
        }
    }

    fn of(form: &Form) -> Self {
        Self {
            transition: form.text("transition"),
            amount: form.text("amount_pence"),
            reason: form.text("reason"),
            feedback: form.text("feedback"),
            silent: form.has("silent"),
            no_mail: form.text("no_mail"),
            standing: Gate::from_word(&form.text("standing")).zip(form.version_said()),
        }
    }

    /// The decision; the amount counts for awards alone, since the field is always on the page.
    fn body(&self, desk: &Desk) -> Result<DecisionBody, Vec<Fault>> {
        let awards = self.choice(desk).is_some_and(|choice| choice.awards);
        let at_once = self.choice(desk).is_some_and(|choice| choice.at_once);
        let amount = awards.then(|| Pence::from_pounds(&self.amount));
        if amount == Some(None) {
            let message = "Enter the award in pounds, like 80,000 or 80,000.50.";
            return Err(vec![Fault::new("amount_pence", "wrong_amount", message)]);
        }
        Ok(DecisionBody {
            transition: self.transition.clone(),
            amount_pence: amount.flatten(),
            place: desk.place,
            reason: Some(self.reason.clone()).filter(|reason| !reason.is_empty()),
            feedback: self.feedback.clone(),
            no_mail: (self.silent && at_once).then(|| self.no_mail.clone()),
        })
    }

    /// Whether the decision that stood when the form was opened stands no more.
    fn was_taken_back(&self, desk: &Desk) -> bool {
        let stands = |gate: Gate| desk.standing.as_ref().is_some_and(|standing| standing.gate == gate);
        self.standing.is_some_and(|(gate, _)| !stands(gate))
    }

    /// The same form above what stands now, once its reader was told that this is something else.
    fn above(mut self, desk: &Desk) -> Self {
        self.standing = desk.standing.as_ref().map(|standing| (standing.gate, standing.version));
        self
    }

    fn choice<'a>(&self, desk: &'a Desk) -> Option<&'a DeskChoice> {
        desk.choices.iter().find(|choice| choice.transition == self.transition)
    }
}

/// An amount as the form has it.
fn in_pounds(amount: Pence) -> String {
    amount.to_string().trim_start_matches('£').to_owned()
}

/// The form for one bid.
///
/// # Errors
/// As policy says.
pub async fn decision(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let desk = service::desk(&visit.app, &visit.call, reference.into_inner()).await?;
    let filled = Filled::first(&desk);
    visit.page(&DecisionPage { desk, filled }).await
}

/// Decides on one bid.
///
/// # Errors
/// As the service says; wrong fields are shown on the form with what was filled in, which is kept while a fresh code is
/// asked for.
pub async fn decide(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let desk = service::desk(&visit.app, &visit.call, reference.into_inner()).await?;
    let filled = Filled::of(&form.0);
    match send(&visit, &desk, &filled).await {
        Ok(decided) => {
            let text = match decided {
                Decided::Recorded(_) => format!("The decision on {} is recorded.", desk.reference),
                Decided::Waiting(_) => {
                    format!(
                        "The decision on {} waits for approval. Those who can give it are asked by email.",
                        desk.reference
                    )
                }
            };
            Ok(visit.see_with_success(&queue_of(&desk.round, desk.release), &text))
        }
        Err(AppError::Invalid(faults)) => {
            let filled = if filled.was_taken_back(&desk) { filled.above(&desk) } else { filled };
            visit.page_with_faults(&DecisionPage { desk, filled }, &faults).await
        }
        Err(AppError::Stale { .. } | AppError::VersionNeeded) => {
            let desk = service::desk(&visit.app, &visit.call, desk.reference).await?;
            let fault = Fault::new("transition", "changed_since", changed(&desk));
            let filled = filled.above(&desk);
            visit.page_with_faults(&DecisionPage { desk, filled }, &[fault]).await
        }
        Err(AppError::Conflict { code: "over_budget", message }) => {
            let faults = [Fault::new("amount_pence", "over_budget", message)];
            visit.page_with_faults(&DecisionPage { desk, filled }, &faults).await
        }
        Err(AppError::Conflict { code: code @ ("gateway_open" | "gateway_failed"), message }) => {
            let faults = [Fault::new("transition", code, message)];
            visit.page_with_faults(&DecisionPage { desk, filled }, &faults).await
        }
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.keep_and_ask_for_fresh_code()),
        Err(fault) => Err(fault.into()),
    }
}

/// Takes back the decision that the page showed.
///
/// # Errors
/// As the service says; when the decision is another one by now, the page shows it and says so.
pub async fn take_back(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let gate = Gate::from_word(&form.0.text("gate")).ok_or(AppError::NotFound)?;
    let version = form.0.version();
    match service::take_back(&visit.app, &visit.call, reference.clone(), gate, version).await {
        Ok(()) => {
            let text = format!("The decision on {reference} is taken back. It waits for one again.");
            Ok(visit.see_with_success(&format!("/bids/{reference}/decision"), &text))
        }
        Err(fault) => {
            let desk = service::desk(&visit.app, &visit.call, reference).await?;
            let message = match fault {
                AppError::Stale { .. } => changed(&desk),
                AppError::Conflict { message, .. } => message,
                AppError::NotFound => "This decision was taken back already.".to_owned(),
                other => return Err(other.into()),
            };
            let filled = Filled::first(&desk);
            visit
                .page_with_faults(&DecisionPage { desk, filled }, &[Fault::new("transition", "changed_since", message)])
                .await
        }
    }
}

/// That another decision stands than the one which the page showed.
fn changed(desk: &Desk) -> String {
    let standing = desk.standing.as_ref();
    let choice =
        standing.and_then(|standing| desk.choices.iter().find(|choice| choice.transition == standing.transition));
    let now = choice.map(|choice| format!(" “{}” is recorded now.", choice.label)).unwrap_or_default();
    format!(
        "Somebody has changed this decision since you opened the page.{now} Yours takes its place only if you send it again."
    )
}

async fn send(visit: &Visit, desk: &Desk, filled: &Filled) -> Result<Decided, AppError> {
    if filled.was_taken_back(desk) {
        let message =
            "The decision that stood here was taken back since you opened the page. Record yours if it still holds.";
        return Err(AppError::invalid("transition", "taken_back", message));
    }
    let body = filled.body(desk).map_err(AppError::Invalid)?;
    let gate = filled.choice(desk).map(|choice| choice.gate);
    let gate = gate.ok_or_else(|| AppError::invalid("transition", "missing", "Choose a decision."))?;
    let version = filled.standing.filter(|(of, _)| *of == gate).map(|(_, version)| version);
    service::decide(&visit.app, &visit.call, desk.reference.clone(), gate, body, version).await
}
