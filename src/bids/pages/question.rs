//! One question of the form, one page. A script may save it while it is being written; the same form does without.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Heading, fault_of, in_field, stale};
use crate::{
    bids::{
        answers::{self, pages::Both, service::Meeting},
        assignments::model::ToWrite,
        carried::model::Carried,
        comments::model::CommentView,
        documents::pages::Papers,
        merged::pages::Beside,
        service::{self, AnswerChange, Desk},
    },
    clock::Moment,
    error::{AppError, Fault},
    funds::{
        form::{Kind, Question},
        reopening::Part,
    },
    http::Refused,
    identity::profiles::model::Statement,
    money::Pence,
    web::{Form, Page, Posted, Visit},
};

/// A question with its answer so far.
#[derive(Debug, Serialize)]
pub struct QuestionPage {
    /// What stands above.
    pub bid: Heading,
    /// The title of the question's section.
    pub section: String,
    /// The question's id.
    pub id: String,
    /// The id of its field.
    pub field: String,
    /// The question.
    pub title: String,
    /// What helps to answer it.
    pub hint: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// `text`, `long_text`, `choice`, `choices`, `money` or `document`.
    pub kind: &'static str,
    /// The most words of a text.
    pub most_words: Option<usize>,
    /// The most pence of an amount.
    pub most_pence: Option<Pence>,
    /// The choices.
    pub options: Vec<Chosen>,
    /// The documents, where it is answered with some.
    pub documents: Option<Papers>,
    /// The text or the amount in pounds.
    pub text: String,
    /// Whether it was called finished; nothing where it was not said.
    pub complete: Option<bool>,
    /// The answer's version.
    pub version: i32,
    /// Who wrote it last, and when.
    pub last: Option<(String, Moment)>,
    /// What is asked of the council of whoever looks.
    pub ours: Option<ToWrite>,
    /// What the bid's councils say to each other about it.
    pub comments: Vec<CommentView>,
    /// A comment that was sent and is not kept.
    pub comment: String,
    /// What bids answered that became part of this one.
    pub merged: Vec<Beside>,
    /// Both texts, when somebody else wrote it meanwhile.
    pub both: Option<Both>,
    /// What the answer said in the expression of interest, in a full application.
    pub carried: Option<Carried>,
    /// The titles of the standard statements of the council of whoever looks, where the answer is a text.
    pub statements: Vec<String>,
    /// The one that was put at the end of the answer and is not saved yet.
    pub put_in: String,
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "bids/question.html";
}

/// A choice and whether it is chosen.
#[derive(Debug, Serialize)]
pub struct Chosen {
    /// Its value.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub checked: bool,
}

impl QuestionPage {
    /// The page of a question as its answer stands.
    pub fn of(desk: &Desk, section: &str, question: &Question) -> Self {
        let note = desk.notes.get(&question.id);
        let merged = desk.together.merged.iter().filter(|answer| answer.question == question.id);
        let mut page = Self {
            merged: merged.map(|answer| Beside::of(answer, question, &desk.view.content.documents)).collect(),
            bid: Heading::of(desk),
            section: section.into(),
            id: question.id.clone(),
            field: format!("answers-{}", question.id),
            title: question.title.clone(),
            hint: question.hint.clone(),
            optional: !question.required,
            kind: word_of(&question.answer),
            most_words: most_words(&question.answer),
            most_pence: if let Kind::Money { most_pence } = question.answer { Some(most_pence) } else { None },
            options: options(&question.answer),
            documents: None,
            text: String::new(),
            complete: note.map(|note| note.complete),
            version: note.map_or(0, |note| note.version),
            last: note.map(|note| (note.by.clone(), note.at)),
            ours: desk.together.asked_of_us(&question.id).cloned(),
            comments: desk.together.comments_on(&question.id),
            comment: String::new(),
            both: None,
            carried: desk.carried.get(&question.id).map(Carried::from),
            statements: Vec::new(),
            put_in: String::new(),
        };
        page.fill_in(note.map_or(&Value::Null, |note| &note.value));
        page
    }

    fn fill_in(&mut self, value: &Value) {
        self.text = match value {
            Value::String(text) => text.clone(),
            Value::Number(pence) => pence.as_i64().map(|pence| in_field(Pence(pence))).unwrap_or_default(),
            _ => String::new(),
        };
        for option in &mut self.options {
            option.checked = match value {
                Value::Array(chosen) => chosen.iter().any(|one| *one == option.value.as_str()),
                one => *one == option.value.as_str(),
            };
        }
    }

    /// Offers these statements.
    fn offer(&mut self, statements: &[Statement]) {
        self.statements = statements.iter().map(|statement| statement.title.clone()).collect();
    }

    /// Shows what was sent instead of what is kept.
    fn take_over(&mut self, form: &Form) {
        let chosen = form.all("answer");
        self.text = form.text("answer");
        self.options.iter_mut().for_each(|option| option.checked = chosen.contains(&option.value));
        self.complete = said_complete(form);
    }

    /// Shows both texts; what is saved from here on replaces the one that stands now.
    fn show_both(&mut self, meeting: Meeting, question: &Question, yours: &Value) {
        self.version = meeting.version;
        self.last = None;
        self.both = Some(Both::of(meeting, question, yours));
    }
}

const fn word_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } => "text",
        Kind::LongText { .. } => "long_text",
        Kind::Choice { .. } => "choice",
        Kind::Choices { .. } => "choices",
        Kind::Money { .. } => "money",
        Kind::Document { .. } => "document",
    }
}

const fn most_words(kind: &Kind) -> Option<usize> {
    match kind {
        Kind::Text { most_words } | Kind::LongText { most_words } => Some(*most_words),
        _ => None,
    }
}

fn options(kind: &Kind) -> Vec<Chosen> {
    let (Kind::Choice { options } | Kind::Choices { options }) = kind else { return Vec::new() };
    let option = |choice: &crate::funds::form::Choice| Chosen {
        value: choice.value.clone(),
        text: choice.text.clone(),
        checked: false,
    };
    options.iter().map(option).collect()
}

/// Shows a question.
pub async fn ask(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let (reference, id) = path.into_inner();
    visit.page(&page(&visit, reference, &id).await?).await
}

/// The page of a question as it stands, for somebody who may answer it.
///
/// # Errors
/// As for the desk; `NotFound` for an unknown question.
pub async fn page(visit: &Visit, reference: String, id: &str) -> Result<QuestionPage, AppError> {
    let desk = service::desk(&visit.app, &visit.call, reference).await?.to_write(Part::Answer(id))?;
    let (section, question) = find(&desk, id)?;
    let mut page = QuestionPage::of(&desk, &section, &question);
    page.offer(&statements(visit, &desk, &question).await?);
    page.documents = Papers::of(visit, &desk, &question).await?;
    Ok(page)
}

/// The standard statements of one's council, for an answer that takes them.
async fn statements(visit: &Visit, desk: &Desk, question: &Question) -> Result<Vec<Statement>, AppError> {
    let takes = most_words(&question.answer).is_some() && !visit.by_script;
    if takes { service::statements(&visit.app, &visit.call, desk.view.reference.clone()).await } else { Ok(Vec::new()) }
}

/// Keeps an answer.
pub async fn save(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, id) = path.into_inner();
    let desk = service::desk(&visit.app, &visit.call, reference.clone()).await?.to_write(Part::Answer(&id))?;
    let (section, question) = find(&desk, &id)?;
    let mut page = QuestionPage::of(&desk, &section, &question);
    page.documents = Papers::of(&visit, &desk, &question).await?;
    let statements = statements(&visit, &desk, &question).await?;
    page.offer(&statements);
    if form.0.text("then") == "statement" {
        return put_in(&visit, page, &form.0, &statements).await;
    }
    let (change, from) = (change_of(&form.0, &question), form.0.version());
    let saved = match change.clone() {
        Ok(change) => service::put_answer(&visit.app, &visit.call, reference.clone(), id.clone(), from, change).await,
        Err(fault) => Err(AppError::Invalid(vec![fault])),
    };
    match saved {
        Ok(saved) => Ok(super::saved(&visit, &form.0, (&reference, after(&desk, &question)), &saved)),
        Err(fault) if visit.by_script => Err(fault.into()),
        Err(AppError::Invalid(faults)) => {
            page.take_over(&form.0);
            // What another has saved meanwhile was not seen yet.
            page.version = from;
            let faults: Vec<Fault> = faults.into_iter().map(|fault| said_here(fault, &question.title)).collect();
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { .. }) => {
            // Read after the refusal, so that what is shown is what the next save replaces.
            let met = answers::service::meeting(&visit.app, &visit.call, (reference, id), from).await?;
            page.take_over(&form.0);
            if let (Some(meeting), Ok(change)) = (met, change) {
                page.show_both(meeting, &question, &change.value);
            }
            let message = "Somebody else changed this answer. Look at both texts, then save yours again.";
            let field = page.field.clone();
            stale(&visit, &page, &field, message).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Shows the page with what was written, and with a standard statement after it. Nothing is saved: whoever writes reads it first.
async fn put_in(
    visit: &Visit,
    mut page: QuestionPage,
    form: &Form,
    statements: &[Statement],
) -> Result<HttpResponse, Refused> {
    page.take_over(form);
    page.version = form.version();
    let title = form.text("statement");
    let Some(chosen) = statements.iter().find(|statement| statement.title == title) else {
        let fault = Fault::new("statement", "missing", "Choose the statement that you want to use.");
        return visit.page_with_faults(&page, &[fault]).await;
    };
    let gap = if page.text.is_empty() { "" } else { "\n\n" };
    page.text = [page.text.as_str(), gap, chosen.words.as_str()].concat();
    page.put_in = title;
    visit.page(&page).await
}

pub(in crate::bids) fn find(desk: &Desk, id: &str) -> Result<(String, Question), AppError> {
    let form = desk.round.rulebook.form(desk.view.stage);
    let found = form.questions().find(|(_, question)| question.id == id);
    found.map(|(section, question)| (section.title.clone(), question.clone())).ok_or(AppError::NotFound)
}

/// The page of the next question that can be answered; the bid's own after the last.
pub(in crate::bids) fn after(desk: &Desk, question: &Question) -> String {
    let form = desk.round.rulebook.form(desk.view.stage);
    let later = form.questions().skip_while(|(_, other)| other.id != question.id).skip(1);
    let mut open = later.filter(|(_, other)| desk.opens(Part::Answer(&other.id)));
    open.next().map(|(_, next)| format!("/bids/{}/questions/{}", desk.view.reference, next.id)).unwrap_or_default()
}

fn change_of(form: &Form, question: &Question) -> Result<AnswerChange, Fault> {
    let value = match &question.answer {
        Kind::Choices { .. } | Kind::Document { .. } => json!(form.all("answer")),
        Kind::Money { .. } => match form.filled("answer") {
            Some(text) => json!(Pence::from_pounds(&text).ok_or_else(|| not_pounds(question))?),
            None => Value::Null,
        },
        _ => form.filled("answer").map_or(Value::Null, Value::String),
    };
    let answered = Question::is_answered(&value);
    // A choice is finished once it is made; of a text its writers say so.
    let complete = if most_words(&question.answer).is_some() { said_complete(form) } else { Some(answered) };
    Ok(AnswerChange { complete: answered && complete == Some(true), value })
}

fn said_complete(form: &Form) -> Option<bool> {
    form.filled("complete").map(|said| said == "yes")
}

/// The question stands above its field, so that a fault need not name it.
fn said_here(fault: Fault, title: &str) -> Fault {
    let bare = fault.message.strip_prefix(title).and_then(|rest| rest.strip_prefix(": "));
    let mut letters = bare.unwrap_or(&fault.message).chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    Fault { message: first + letters.as_str(), ..fault }
}

fn not_pounds(question: &Question) -> Fault {
    let message = format!("{}: enter an amount in pounds, such as 80,000.", question.title);
    fault_of(format!("answers/{}", question.id), message)
}
