//! Answering a possible conflict of interest.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        conflicts::{
            model::{ConflictGround, NewVerdict, Verdict},
            service::{self, Possible},
        },
        pages::Answer,
    },
    error::Fault,
    http::one_of,
    web::{Form, Page, Posted, Visit},
};

/// Is this a conflict of interest?
#[derive(Debug, Serialize)]
pub struct AnswerPage {
    /// What is asked.
    pub possible: Possible,
    /// Why it is suggested, in words.
    pub grounds: Vec<String>,
    /// What was chosen.
    pub verdict: String,
    /// Why not.
    pub reason: String,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "assessment/possible-conflict.html";
}

impl AnswerPage {
    fn of(possible: Possible, form: &Form) -> Self {
        let grounds = possible.grounds.iter().map(ConflictGround::words).collect();
        Self { possible, grounds, verdict: form.text("verdict"), reason: form.text("reason") }
    }
}

/// GET `/bids/{reference}/possible-conflicts/{person}`
pub async fn to_answer(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, person) = one_of(path.into_inner())?;
    let possible = service::possible(&visit.app, &visit.call, reference, person).await?;
    visit.page(&AnswerPage::of(possible, &Form::default())).await
}

/// POST `/bids/{reference}/possible-conflicts/{person}`
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, person) = one_of(path.into_inner())?;
    let possible = service::possible(&visit.app, &visit.call, reference.clone(), person).await?;
    let (own, round) = (possible.own, possible.round.clone());
    let page = AnswerPage::of(possible, &form.0);
    let Some(verdict) = Verdict::from_word(&page.verdict) else {
        let fault = Fault::new("verdict", "missing", "Say whether this is a conflict of interest.");
        return visit.page_with_faults(&page, &[fault]).await;
    };
    let new = NewVerdict { verdict, reason: page.reason.clone() };
    match service::answer(&visit.app, &visit.call, reference.clone(), person, new).await {
        Ok(conflict) => {
            let back = if own { format!("/rounds/{round}/declarations") } else { format!("/rounds/{round}/conflicts") };
            let said = match (conflict.is_some(), own) {
                (true, true) => "Your conflict of interest is recorded. You no longer see the bid.".to_owned(),
                (true, false) => format!("The conflict of interest with {reference} is recorded."),
                (false, _) => format!("The possible conflict of interest with {reference} is set aside."),
            };
            Ok(visit.see_with_success(&back, &said))
        }
        Err(refusal) => visit.page_with_faults(&page, &faults_of(refusal, "verdict")?).await,
    }
}
