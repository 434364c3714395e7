//! The pages on which councils ask about a round and the fund answers. What is published stands on the round's own page.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{AskedQuestion, LONGEST_ANSWER, LONGEST_QUESTION, NewAnswer, NewQuestion, QuestionRefusal, QuestionState},
    service::{self, Desk, ToAsk},
};
use crate::{
    account::pages::roles::faults_of,
    clock::Moment,
    error::{AppError, Fault},
    funds::questions::model,
    http::{Refused, one_of},
    ids::{Id, OrganisationKey},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// Asks about a round.
#[derive(Debug, Serialize)]
pub struct AskPage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// Until when questions can be asked.
    pub closes: Option<Moment>,
    /// Why none can be asked now.
    pub refusal: Option<String>,
    /// For whom the reader can ask, by name.
    pub organisations: Vec<(Id<OrganisationKey>, String)>,
    /// What the reader and their colleagues have asked, newest first.
    pub own: Vec<AskedQuestion>,
    /// The most characters of a question.
    pub most: usize,
    /// What was written into the form.
    pub question: String,
    /// For whom.
    pub organisation: String,
}

impl Page for AskPage {
    const TEMPLATE: &'static str = "rounds/ask.html";
}

impl AskPage {
    fn of(to_ask: ToAsk, form: &Form) -> Self {
        let closes = model::closes(&to_ask.round);
        Self {
            title: to_ask.round.round.title,
            slug: to_ask.round.round.slug,
            closes,
            refusal: to_ask.refusal,
            organisations: to_ask.organisations,
            own: to_ask.own,
            most: LONGEST_QUESTION,
            question: form.text("question"),
            organisation: form.text("organisation"),
        }
    }
}

/// GET `/rounds/{slug}/ask`
pub async fn to_ask(visit: Visit, slug: Path<String>) -> Answer {
    let found = service::to_ask(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&AskPage::of(found, &Form::default())).await
}

/// POST `/rounds/{slug}/ask`: what comes too late is not sent, and stands in its field.
pub async fn ask(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let new = NewQuestion {
        question: form.0.text("question"),
        organisation: form.0.filled("organisation").and_then(|id| id.parse().ok()),
    };
    match service::put_question(&visit.app, &visit.call, slug.clone(), new).await {
        Ok(_) => {
            let text = "Your question is with the fund. You get an email when it is answered.";
            Ok(visit.see_with_success(&format!("/rounds/{slug}/ask"), text))
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "question")?;
            let found = service::to_ask(&visit.app, &visit.call, slug.into_inner()).await?;
            visit.page_with_faults(&AskPage::of(found, &form.0), &faults).await
        }
    }
}

/// The questions about a round, as its staff read them.
#[derive(Debug, Serialize)]
pub struct QuestionsPage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// Those that wait for an answer, the one that has waited longest first.
    pub open: Vec<AskedQuestion>,
    /// The others, newest first.
    pub settled: Vec<AskedQuestion>,
    /// Whether the reader answers them.
    pub answers: bool,
}

impl Page for QuestionsPage {
    const TEMPLATE: &'static str = "rounds/questions.html";
}

/// GET `/rounds/{slug}/questions`
pub async fn list(visit: Visit, slug: Path<String>) -> Answer {
    let Desk { round, questions, answers } = service::desk(&visit.app, &visit.call, slug.into_inner()).await?;
    let (open, settled) = questions.into_iter().partition(|question| question.state == QuestionState::Open);
    visit.page(&QuestionsPage { title: round.round.title, slug: round.round.slug, open, settled, answers }).await
}

/// One question, for whoever answers it.
#[derive(Debug, Serialize)]
pub struct QuestionPage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// The question.
    pub asked: AskedQuestion,
    /// The question in the words in which it is to be published.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Why it is refused.
    pub reason: String,
    /// What was sent for which there is no field any more: the field, its words and what was written.
    pub unsent: Vec<(&'static str, &'static str, String)>,
    /// The most characters of a question.
    pub most_of_question: usize,
    /// The most characters of an answer.
    pub most_of_answer: usize,
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "rounds/question.html";
}

async fn page(visit: &Visit, slug: &str, number: i32) -> Result<QuestionPage, Refused> {
    let (round, asked) = service::to_answer(&visit.app, &visit.call, slug.to_owned(), number).await?;
    let (question, answer) = match &asked.published {
        Some(published) => (published.question.clone(), published.answer.clone()),
        None => (asked.asked.clone(), String::new()),
    };
    Ok(QuestionPage {
        title: round.round.title,
        slug: round.round.slug,
        asked,
        question,
        answer,
        reason: String::new(),
        unsent: Vec::new(),
        most_of_question: LONGEST_QUESTION,
        most_of_answer: LONGEST_ANSWER,
    })
}

/// GET `/rounds/{slug}/questions/{number}`
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, number) = one_of(path.into_inner())?;
    visit.page(&page(&visit, &slug, number).await?).await
}

/// POST `/rounds/{slug}/questions/{number}`
pub async fn answer(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, number) = one_of(path.into_inner())?;
    let new = NewAnswer { question: form.0.text("question"), answer: form.0.text("answer") };
    let which = (number, form.0.version());
    match service::put_answer(&visit.app, &visit.call, slug.clone(), which, new.clone()).await {
        Ok(_) => Ok(visit.see_with_success(&list_of(&slug), &format!("The answer to question {number} is published."))),
        Err(refusal) => {
            let faults = faults_beside(refusal, "answer")?;
            let page = page(&visit, &slug, number).await?;
            let unsent = match page.asked.state {
                QuestionState::Refused => {
                    let (question, answer) = (new.question.clone(), new.answer.clone());
                    vec![("question", "The question", question), ("answer", "The answer", answer)]
                }
                QuestionState::Open | QuestionState::Answered => Vec::new(),
            };
            let page = QuestionPage { question: new.question, answer: new.answer, unsent, ..page };
            visit.page_with_faults(&page, &faults).await
        }
    }
}

/// POST `/rounds/{slug}/questions/{number}/refuse`
pub async fn refuse(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, number) = one_of(path.into_inner())?;
    let refusal = QuestionRefusal { reason: form.0.text("reason") };
    let which = (number, form.0.version());
    match service::refuse(&visit.app, &visit.call, slug.clone(), which, refusal.clone()).await {
        Ok(_) => {
            let text = format!("Question {number} is refused. Whoever asked gets an email with your reason.");
            Ok(visit.see_with_success(&list_of(&slug), &text))
        }
        Err(refused) => {
            let faults = faults_beside(refused, "reason")?;
            let page = page(&visit, &slug, number).await?;
            let unsent = match page.asked.state {
                QuestionState::Open => Vec::new(),
                QuestionState::Answered | QuestionState::Refused => {
                    vec![("reason", "Why you would have refused it", refusal.reason.clone())]
                }
            };
            let page = QuestionPage { reason: refusal.reason, unsent, ..page };
            visit.page_with_faults(&page, &faults).await
        }
    }
}

fn list_of(slug: &str) -> String {
    format!("/rounds/{slug}/questions")
}

/// What somebody else did meanwhile is a fault of the page too: what was written stays in its field.
fn faults_beside(refusal: AppError, field: &str) -> Result<Vec<Fault>, AppError> {
    match refusal {
        AppError::Stale { .. } => {
            let message = "Somebody else has answered meanwhile. Read what stands above, then send yours again.";
            Ok(vec![Fault::new(field, "changed_since", message)])
        }
        other => faults_of(other, field),
    }
}
