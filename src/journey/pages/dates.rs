//! The dates of a round as its managers change them: what waits for a second person, a date's own form, and the way to
//! more time for one bid.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    clock::Moment,
    error::{AppError, Fault},
    funds::{change::Reply, model::Milestone},
    http::Refused,
    journey::service::dates::{self, ChangeView, DatesOfRound, NewDate, NewReply},
    web::{Page, Posted, Visit, WrittenInstant},
};

type Answer = Result<HttpResponse, Refused>;

/// The dates of a round.
#[derive(Debug, Serialize)]
pub struct DatesPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The dates in order.
    pub dates: Vec<DateLine>,
    /// The changes that wait for somebody.
    pub waiting: Vec<Waiting>,
    /// All changes, newest first.
    pub changes: Vec<ChangeView>,
    /// Whether there is a second manager at all.
    pub has_second: bool,
    /// What was written for the bid that shall have more time.
    pub reference: String,
}

impl Page for DatesPage {
    const TEMPLATE: &'static str = "rounds/dates.html";
}

/// A date of a round.
#[derive(Debug, Serialize)]
pub struct DateLine {
    /// Its word in addresses.
    pub name: Milestone,
    /// What it is called.
    pub title: &'static str,
    /// When.
    pub at: Moment,
    /// Whether it is over, and can no longer be moved.
    pub over: bool,
}

/// A change that waits for an answer.
#[derive(Debug, Clone, Serialize)]
pub struct Waiting {
    /// The change.
    pub change: ChangeView,
    /// Where its answers go.
    pub at: String,
    /// Whether the reader can confirm it.
    pub confirm: bool,
    /// What else the reader can do, which needs a reason.
    pub other: Option<Reply>,
    /// What was written as the reason.
    pub written: String,
}

impl Waiting {
    /// Those of the changes that somebody can still answer; `at` is the address below which answers go.
    pub fn of(changes: &[ChangeView], at: &str) -> Vec<Self> {
        let line = |change: &ChangeView| {
            let staff = change.staff.as_ref()?;
            let waits = matches!(staff.standing.word(), "to_confirm" | "proposed");
            waits.then(|| Self {
                at: format!("{at}/{}", staff.number),
                confirm: staff.replies.contains(&Reply::Confirm),
                other: staff.replies.iter().copied().find(|reply| *reply != Reply::Confirm),
                written: String::new(),
                change: change.clone(),
            })
        };
        changes.iter().filter_map(line).collect()
    }
}

impl DatesPage {
    fn of(found: DatesOfRound, now: Moment) -> Self {
        let slug = found.round.round.slug;
        let line = |(name, at): &(Milestone, Moment)| DateLine {
            name: *name,
            title: name.title(),
            at: *at,
            over: name.is_over(*at, now),
        };
        Self {
            title: found.round.round.title,
            dates: found.round.timetable.0.iter().map(line).collect(),
            waiting: Waiting::of(&found.changes, &format!("/rounds/{slug}/dates/changes")),
            changes: found.changes,
            has_second: found.has_second,
            reference: String::new(),
            slug,
        }
    }
}

async fn page(visit: &Visit, slug: &str) -> Result<DatesPage, Refused> {
    let found = dates::dates_of(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(DatesPage::of(found, visit.call.received))
}

fn path_of(slug: &str) -> String {
    format!("/rounds/{slug}/dates")
}

/// GET /rounds/{slug}/dates
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug).await?).await
}

/// POST /rounds/{slug}/dates: leads to the form that gives a bid more time. A draft is in no list of the staff, so its
/// council says its reference.
pub async fn find_bid(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let mut page = page(&visit, &slug).await?;
    let reference = form.0.text("reference").to_uppercase();
    match dates::time_of(&visit.app, &visit.call, reference.clone()).await {
        Ok(found) if found.slug == *slug => Ok(visit.see(&["/bids", &reference, "more-time"].join("/"))),
        Ok(_) | Err(AppError::NotFound | AppError::Forbidden { .. }) => {
            page.reference = reference;
            let message = "There is no bid with this reference in this round. Enter it as it stands above the bid.";
            visit.page_with_faults(&page, &[Fault::new("reference", "unknown_bid", message)]).await
        }
        Err(other) => Err(other.into()),
    }
}

/// POST /rounds/{slug}/dates/changes/{number}/{reply}
pub async fn answer(visit: Visit, path: Path<(String, String, String)>, form: Posted) -> Answer {
    let (slug, number, reply) = path.into_inner();
    let body = NewReply { reason: form.0.text("reason") };
    let done =
        dates::answer_change(&visit.app, &visit.call, slug.clone(), (number.clone(), reply.clone()), body.clone());
    match done.await {
        Ok(_) => Ok(visit.see_with_success(&path_of(&slug), said(&reply))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(ask_for_code(&visit, &path_of(&slug), &body)),
        Err(refusal) => {
            let faults = reply_faults(refusal, &number)?;
            let mut page = page(&visit, &slug).await?;
            keep(&mut page.waiting, &number, &body);
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// Leads to a fresh code, and back: to the reason that was written, or to the page where nothing was.
pub fn ask_for_code(visit: &Visit, here: &str, body: &NewReply) -> HttpResponse {
    if body.reason.is_empty() { visit.ask_for_fresh_code(here) } else { visit.keep_and_ask_for_fresh_code() }
}

/// What stands over the next page.
pub fn said(reply: &str) -> &'static str {
    match reply {
        "confirm" => "The change is confirmed.",
        "refuse" => "The proposal is refused.",
        "withdraw" => "The proposal is withdrawn.",
        _ => "Your objection is recorded.",
    }
}

/// The faults of an answer beside the field of its change; what the state of things does not allow stands there too.
pub fn reply_faults(refusal: AppError, number: &str) -> Result<Vec<Fault>, AppError> {
    let field = format!("reason-{number}");
    match refusal {
        AppError::Invalid(faults) => {
            Ok(faults.into_iter().map(|fault| Fault { field: field.clone(), ..fault }).collect())
        }
        AppError::Conflict { code, message } | AppError::Forbidden { code: code @ "own_change", message } => {
            Ok(vec![Fault::new(field, code, message)])
        }
        other => Err(other),
    }
}

/// Keeps the reason that was written beside its change.
pub fn keep(waiting: &mut [Waiting], number: &str, body: &NewReply) {
    for line in waiting {
        if line.change.staff.as_ref().is_some_and(|staff| staff.number.to_string() == number) {
            line.written.clone_from(&body.reason);
        }
    }
}

/// Moves one date.
#[derive(Debug, Serialize)]
pub struct DatePage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The date.
    pub date: DateLine,
    /// What is filled in.
    pub written: WrittenInstant,
    /// Why.
    pub reason: String,
}

impl Page for DatePage {
    const TEMPLATE: &'static str = "rounds/date.html";
}

async fn date_page(visit: &Visit, slug: &str, milestone: &str) -> Result<DatePage, Refused> {
    let page = page(visit, slug).await?;
    let date = page.dates.into_iter().find(|date| date.name.word() == milestone).ok_or(AppError::NotFound)?;
    let written = WrittenInstant::at(date.at);
    Ok(DatePage { title: page.title, slug: page.slug, date, written, reason: String::new() })
}

/// GET /rounds/{slug}/dates/{milestone}
pub async fn ask(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, milestone) = path.into_inner();
    visit.page(&date_page(&visit, &slug, &milestone).await?).await
}

/// POST /rounds/{slug}/dates/{milestone}
pub async fn change(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, milestone) = path.into_inner();
    let mut page = date_page(&visit, &slug, &milestone).await?;
    page.written = WrittenInstant::of(&form.0);
    page.reason = form.0.text("reason");
    match send(&visit, &page).await {
        Ok(change) => Ok(visit.see_with_success(&path_of(&slug), &outcome_of(&change))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.keep_and_ask_for_fresh_code()),
        Err(refusal) => visit.page_with_faults(&page, &instant_faults(refusal)?).await,
    }
}

async fn send(visit: &Visit, page: &DatePage) -> Result<ChangeView, AppError> {
    let at = page.written.read().map_err(AppError::Invalid)?;
    let new = NewDate { milestone: page.date.name, at, reason: page.reason.clone() };
    dates::change_date(&visit.app, &visit.call, page.slug.clone(), new).await
}

/// What became of a change that was made just now.
pub fn outcome_of(change: &ChangeView) -> String {
    let at = change.to.in_words();
    match change.in_force_since {
        Some(_) => {
            format!("It is at {at} from now on. Councils are told, and a second manager is asked to confirm it.")
        }
        None => format!("You proposed {at}. It comes into force when a second manager confirms it."),
    }
}

/// The faults of a form with an instant, each beside its own field.
pub fn instant_faults(refusal: AppError) -> Result<Vec<Fault>, AppError> {
    let beside =
        |fault: Fault| Fault { field: if fault.field == "at" { "at-day".into() } else { fault.field }, ..fault };
    match refusal {
        AppError::Invalid(faults) => Ok(faults.into_iter().map(beside).collect()),
        AppError::Conflict { code, message } => Ok(vec![Fault::new("at-day", code, message)]),
        other => Err(other),
    }
}
