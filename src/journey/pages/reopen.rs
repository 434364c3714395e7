//! Reopening one bid for named questions, as a manager of the fund proposes it. What waits is answered on the page of more
//! time.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    dates::{instant_faults, outcome_of},
    more_time,
};
use crate::{
    error::{AppError, Fault},
    funds::{
        change::{Ground, reason_fault},
        model::Milestone,
        reopening::{self, NamedPart},
    },
    http::Refused,
    journey::service::dates::{self, ChangeView, NewTime, ToReopen},
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

type Answer = Result<HttpResponse, Refused>;

/// The form that reopens a bid.
#[derive(Debug, Serialize)]
pub struct ReopenPage {
    /// The bid's reference.
    pub reference: String,
    /// The round's title.
    pub round: String,
    /// What can be named.
    pub parts: Vec<PartLine>,
    /// Why it cannot be reopened, where it cannot.
    pub refused: Option<String>,
    /// The instant that is filled in.
    pub written: WrittenInstant,
    /// The reason that is filled in.
    pub reason: String,
    #[serde(skip)]
    milestone: Option<Milestone>,
}

/// Something that can be named.
#[derive(Debug, Serialize)]
pub struct PartLine {
    /// The question's id; `about`, `costs` or `promises`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Whether it is chosen.
    pub checked: bool,
}

impl Page for ReopenPage {
    const TEMPLATE: &'static str = "journey/reopen.html";
}

impl ReopenPage {
    fn of(found: ToReopen) -> Self {
        let line = |part: NamedPart| PartLine { id: part.id, title: part.title, checked: false };
        Self {
            reference: found.time.reference,
            round: found.time.round,
            parts: found.parts.into_iter().map(line).collect(),
            refused: found.refused,
            written: WrittenInstant::default(),
            reason: String::new(),
            milestone: found.milestone,
        }
    }

    fn take_over(&mut self, form: &Form) {
        let chosen = form.all("questions");
        self.parts.iter_mut().for_each(|part| part.checked = chosen.contains(&part.id));
        self.written = WrittenInstant::of(form);
        self.reason = form.text("reason");
    }

    /// What is proposed, or everything that is wrong with it where the day is.
    fn read(&self, milestone: Milestone) -> Result<NewTime, Vec<Fault>> {
        let questions: Vec<String> =
            self.parts.iter().filter(|part| part.checked).map(|part| part.id.clone()).collect();
        match self.written.read() {
            Ok(at) => Ok(NewTime { milestone, at, ground: Ground::Reopening, reason: self.reason.clone(), questions }),
            Err(of_instant) => {
                let unnamed = questions.is_empty().then(reopening::nothing_named);
                let reason = reason_fault("reason", &self.reason);
                Err(unnamed.into_iter().chain(of_instant).chain(reason).collect())
            }
        }
    }
}

async fn page(visit: &Visit, reference: &str) -> Result<ReopenPage, Refused> {
    Ok(ReopenPage::of(dates::to_reopen(&visit.app, &visit.call, reference.to_owned()).await?))
}

/// GET /bids/{reference}/reopen
pub async fn ask(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&page(&visit, &reference).await?).await
}

/// POST /bids/{reference}/reopen
pub async fn propose(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let mut page = page(&visit, &reference).await?;
    page.take_over(&form.0);
    match send(&visit, &page).await {
        Ok(change) => Ok(visit.see_with_success(&more_time::path_of(&reference), &outcome_of(&change))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.keep_and_ask_for_fresh_code()),
        Err(refusal) => visit.page_with_faults(&page, &instant_faults(refusal)?).await,
    }
}

async fn send(visit: &Visit, page: &ReopenPage) -> Result<ChangeView, AppError> {
    let refused = || AppError::conflict("nothing_stands", page.refused.clone().unwrap_or_default());
    let new = page.read(page.milestone.ok_or_else(refused)?).map_err(AppError::Invalid)?;
    dates::give_time(&visit.app, &visit.call, page.reference.clone(), new).await
}
