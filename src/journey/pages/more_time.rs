//! More time for one bid, as a manager of the fund gives it. Of a draft the page tells no more than that it is there.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::dates::{Waiting, ask_for_code, instant_faults, keep, outcome_of, reply_faults, said};
use crate::{
    error::{AppError, Fault},
    funds::{change::Ground, model::Milestone},
    http::Refused,
    journey::service::dates::{self, ChangeView, NewReply, NewTime, TimeOfBid},
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

type Answer = Result<HttpResponse, Refused>;

/// More time for one bid.
#[derive(Debug, Serialize)]
pub struct MoreTimePage {
    /// When it closes, and what was changed.
    pub time: TimeOfBid,
    /// The changes that wait for somebody.
    pub waiting: Vec<Waiting>,
    /// What is filled in.
    pub written: Written,
}

impl Page for MoreTimePage {
    const TEMPLATE: &'static str = "journey/more-time.html";
}

/// The form's fields.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// The closing time.
    pub milestone: String,
    /// The instant.
    pub at: WrittenInstant,
    /// `outage` or `adjustment`.
    pub ground: String,
    /// Why.
    pub reason: String,
}

impl Written {
    fn of(form: &Form) -> Self {
        Self {
            milestone: form.text("milestone"),
            at: WrittenInstant::of(form),
            ground: form.text("ground"),
            reason: form.text("reason"),
        }
    }

    fn read(&self) -> Result<NewTime, Vec<Fault>> {
        let (milestone, ground) = (Milestone::from_word(&self.milestone), Ground::from_word(&self.ground));
        let at = self.at.read();
        match (milestone, at, ground) {
            (Some(milestone), Ok(at), Some(ground)) => {
                Ok(NewTime { milestone, at, ground, reason: self.reason.clone(), questions: Vec::new() })
            }
            (milestone, at, ground) => {
                let mut faults = at.err().unwrap_or_default();
                let choose = |field, message| Fault::new(field, "missing", message);
                faults.extend(milestone.is_none().then(|| choose("milestone", "Choose what closes later.")));
                faults.extend(ground.is_none().then(|| choose("ground", "Choose why this bid has more time.")));
                Err(faults)
            }
        }
    }
}

/// Where the changes of a bid's time stand and are answered.
pub fn path_of(reference: &str) -> String {
    format!("/bids/{reference}/more-time")
}

async fn page(visit: &Visit, reference: &str) -> Result<MoreTimePage, Refused> {
    let time = dates::to_give(&visit.app, &visit.call, reference.to_owned()).await?;
    let waiting = Waiting::of(&time.changes, &path_of(reference));
    let first = time.closings.first();
    let written = Written {
        milestone: first.map(|closing| closing.milestone.word().to_owned()).unwrap_or_default(),
        at: first.map(|closing| WrittenInstant::at(closing.at)).unwrap_or_default(),
        ..Written::default()
    };
    Ok(MoreTimePage { time, waiting, written })
}

/// GET /bids/{reference}/more-time
pub async fn ask(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&page(&visit, &reference).await?).await
}

/// POST /bids/{reference}/more-time
pub async fn give(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let mut page = page(&visit, &reference).await?;
    page.written = Written::of(&form.0);
    match send(&visit, &reference, &page.written).await {
        Ok(change) => Ok(visit.see_with_success(&path_of(&reference), &outcome_of(&change))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.keep_and_ask_for_fresh_code()),
        Err(refusal) => visit.page_with_faults(&page, &instant_faults(refusal)?).await,
    }
}

async fn send(visit: &Visit, reference: &str, written: &Written) -> Result<ChangeView, AppError> {
    let new = written.read().map_err(AppError::Invalid)?;
    dates::give_time(&visit.app, &visit.call, reference.to_owned(), new).await
}

/// POST /bids/{reference}/more-time/{number}/{reply}
pub async fn answer(visit: Visit, path: Path<(String, String, String)>, form: Posted) -> Answer {
    let (reference, number, reply) = path.into_inner();
    let body = NewReply { reason: form.0.text("reason") };
    let which = (number.clone(), reply.clone());
    match dates::answer_time(&visit.app, &visit.call, reference.clone(), which, body.clone()).await {
        Ok(_) => Ok(visit.see_with_success(&path_of(&reference), said(&reply))),
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => {
            Ok(ask_for_code(&visit, &path_of(&reference), &body))
        }
        Err(refusal) => {
            let faults = reply_faults(refusal, &number)?;
            let mut page = page(&visit, &reference).await?;
            keep(&mut page.waiting, &number, &body);
            visit.page_with_faults(&page, &faults).await
        }
    }
}
