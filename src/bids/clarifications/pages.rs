//! The pages on which the fund asks one bid's councils and their lead answers. The answers stand on the bid's own page.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{
        ClarificationAnswer, ClarificationTime, ClarificationView, LONGEST_ANSWER, LONGEST_QUESTION, NewClarification,
        TakenBackBecause,
    },
    service::{self, BidHeading, OfBid},
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    http::{Refused, one_of},
    web::{Page, Posted, Visit, WrittenInstant},
};

type Answer = Result<HttpResponse, Refused>;

/// Asks a bid's councils.
#[derive(Debug, Serialize)]
pub struct ClarifyPage {
    /// The bid.
    pub bid: BidHeading,
    /// What is asked.
    pub question: String,
    /// The most characters of it.
    pub most: usize,
    /// Until when it can be answered.
    pub until: WrittenInstant,
}

impl Page for ClarifyPage {
    const TEMPLATE: &'static str = "bids/clarify.html";
}

/// One clarification.
#[derive(Debug, Serialize)]
pub struct ClarificationPage {
    /// The bid.
    pub bid: BidHeading,
    /// The clarification.
    pub asked: ClarificationView,
    /// Whether the reader can give more time and take the question back.
    pub asks: bool,
    /// Whether the reader works for the lead authority, which answers.
    pub leads: bool,
    /// Whether the reader manages the fund's rounds.
    pub manages: bool,
    /// Whether the reader assesses the bid without knowing whose it is, and so cannot read its page.
    pub blind: bool,
    /// The answer as far as it is written.
    pub answer: String,
    /// Whether it was sent just now, and is not saved.
    pub unsaved: bool,
    /// The most characters of it.
    pub most: usize,
    /// Until when it could be answered instead.
    pub until: WrittenInstant,
    /// Why it is taken back.
    pub reason: String,
}

impl Page for ClarificationPage {
    const TEMPLATE: &'static str = "bids/clarification.html";
}

impl ClarificationPage {
    fn of(found: OfBid) -> Self {
        let OfBid { bid, clarification, asks, leads, manages, blind } = found;
        Self {
            answer: clarification.draft.clone().unwrap_or_default(),
            unsaved: false,
            until: WrittenInstant::at(clarification.until),
            reason: String::new(),
            most: LONGEST_ANSWER,
            asked: clarification,
            bid,
            asks,
            leads,
            manages,
            blind,
        }
    }
}

fn path_of(reference: &str, number: i32) -> String {
    format!("/bids/{reference}/clarifications/{number}")
}

/// GET `/bids/{reference}/clarifications/ask`
pub async fn to_ask(visit: Visit, reference: Path<String>) -> Answer {
    let bid = service::to_ask(&visit.app, &visit.call, reference.into_inner()).await?;
    let page = ClarifyPage { bid, question: String::new(), most: LONGEST_QUESTION, until: WrittenInstant::default() };
    visit.page(&page).await
}

/// POST `/bids/{reference}/clarifications/ask`
pub async fn ask(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let (bid, manages) = service::heading(&visit.app, &visit.call, reference.clone()).await?;
    let (question, until) = (form.0.text("question"), WrittenInstant::of(&form.0));
    let asked = match until.read() {
        Ok(until) => {
            let new = NewClarification { question: question.clone(), until };
            service::ask(&visit.app, &visit.call, reference.clone(), new).await
        }
        Err(mut faults) => {
            faults.splice(0..0, question.is_empty().then(|| Fault::new("question", "missing", "Write what you ask.")));
            Err(AppError::Invalid(faults))
        }
    };
    match asked {
        Ok(asked) => {
            let text = format!(
                "The lead authority is asked, and gets an email. It can answer until {}.",
                asked.until.in_words()
            );
            Ok(visit.see_with_success(&path_of(&reference, asked.number), &text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, manages, "question")?;
            visit.page_with_faults(&ClarifyPage { bid, question, most: LONGEST_QUESTION, until }, &faults).await
        }
    }
}

async fn page(visit: &Visit, reference: &str, number: i32) -> Result<ClarificationPage, Refused> {
    let found = service::numbered(&visit.app, &visit.call, reference.to_owned(), number).await?;
    Ok(ClarificationPage::of(found))
}

/// GET `/bids/{reference}/clarifications/{number}`
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    visit.page(&page(&visit, &reference, number).await?).await
}

/// POST `/bids/{reference}/clarifications/{number}`: what comes too late is not saved, and stands in its field.
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    let before = page(&visit, &reference, number).await?;
    let new = ClarificationAnswer { answer: form.0.text("answer"), submit: form.0.has("submit") };
    let which = (before.asked.id, form.0.version());
    match service::put_answer(&visit.app, &visit.call, reference.clone(), which, new.clone()).await {
        Ok(_) => {
            let text = if new.submit {
                "Your answer is submitted. It stands beside the bid, and nothing changes it any more."
            } else {
                "Your answer is saved as a draft. The fund does not see it until you submit it."
            };
            Ok(visit.see_with_success(&path_of(&reference, number), text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, before.leads, "answer")?;
            let page =
                ClarificationPage { answer: new.answer, unsaved: true, ..page(&visit, &reference, number).await? };
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// POST `/bids/{reference}/clarifications/{number}/until`
pub async fn give_time(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    let before = page(&visit, &reference, number).await?;
    let until = WrittenInstant::of(&form.0);
    let which = (before.asked.id, form.0.version());
    let given = match until.read() {
        Ok(until) => {
            service::give_time(&visit.app, &visit.call, reference.clone(), which, ClarificationTime { until }).await
        }
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match given {
        Ok(given) => {
            let text =
                format!("It can be answered until {}. The lead authority gets an email.", given.until.in_words());
            Ok(visit.see_with_success(&path_of(&reference, number), &text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, before.manages, "at-day")?;
            let page = ClarificationPage { until, ..page(&visit, &reference, number).await? };
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// POST `/bids/{reference}/clarifications/{number}/take-back`
pub async fn take_back(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    let before = page(&visit, &reference, number).await?;
    let because = TakenBackBecause { reason: form.0.text("reason") };
    let which = (before.asked.id, form.0.version());
    match service::take_back(&visit.app, &visit.call, reference.clone(), which, because.clone()).await {
        Ok(_) => {
            let text = "The question is taken back. The lead authority gets an email with your reason.";
            Ok(visit.see_with_success(&path_of(&reference, number), text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, before.manages, "reason")?;
            let page = ClarificationPage { reason: because.reason, ..page(&visit, &reference, number).await? };
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// What happened meanwhile is a fault of the page too: what was written stays in its field. Only the bid's going on, or the
/// cancelling of its round, takes it out of the hands of those whose `own` it is to write here.
fn faults_beside(refusal: AppError, own: bool, field: &str) -> Result<Vec<Fault>, AppError> {
    let faults = match refusal {
        AppError::Stale { .. } => {
            let message = "Somebody else changed this meanwhile. Read what stands above, then send yours again.";
            vec![Fault::new(field, "changed_since", message)]
        }
        AppError::Forbidden { code: "not_allowed", .. } if own => {
            let message = "The bid has gone on meanwhile, so this is no longer needed and was not sent. Copy what you wrote if you want to keep it.";
            vec![Fault::new(field, "not_needed", message)]
        }
        other => faults_of(other, field)?,
    };
    // The page has the instant in several fields.
    let here = |field: String| if field == "until" { "at-day".into() } else { field };
    Ok(faults.into_iter().map(|fault| Fault { field: here(fault.field), ..fault }).collect())
}
