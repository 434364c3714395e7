//! The outbox, for staff.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use super::super::service::outbox as service;
use crate::{
    clock::Moment,
    error::AppError,
    http::{Query, Refused, in_address},
    ids::{Id, RowKey},
    mail::outbox::{Message, State},
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// So many messages are shown; the newest matter.
const SHOWN: i64 = 100;

/// The newest messages.
#[derive(Debug, Serialize)]
pub struct OutboxPage {
    /// The state that is looked for, or nothing.
    pub state: String,
    /// Every state, to choose from.
    pub states: Vec<Choice>,
    /// The messages.
    pub messages: Vec<Row>,
}

impl Page for OutboxPage {
    const TEMPLATE: &'static str = "account/outbox.html";
}

/// A state to choose.
#[derive(Debug, Serialize)]
pub struct Choice {
    /// Its word.
    pub value: &'static str,
    /// What it is called.
    pub text: &'static str,
}

/// A message in the list.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its id.
    pub id: Id<RowKey>,
    /// The name of its template.
    pub template: String,
    /// To whom.
    pub recipient: String,
    /// Where it is on its way.
    pub state: &'static str,
    /// When it was written.
    pub created_at: Moment,
}

/// One message.
#[derive(Debug, Serialize)]
pub struct MessagePage {
    /// What the list says of it.
    pub message: Row,
    /// Its subject, unless it was forgotten.
    pub subject: Option<String>,
    /// Whether it is for its reader alone.
    pub sealed: bool,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// How often sending was begun.
    pub attempts: i32,
    /// When the mail server took it.
    pub sent_at: Option<Moment>,
    /// What went wrong.
    pub error: Option<String>,
    /// Whether a person may send it again.
    pub may_send: bool,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "account/message.html";
}

/// What to look for.
#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    state: String,
}

const fn title(state: State) -> &'static str {
    match state {
        State::Queued => "Waiting to be sent",
        State::Sending => "Being sent",
        State::Sent => "Sent",
        State::Failed => "Failed",
        State::Unknown => "May or may not have been sent",
        State::Held => "Held: no mail server is set",
    }
}

impl From<&Message> for Row {
    fn from(message: &Message) -> Self {
        Self {
            id: message.id,
            template: message.template.clone(),
            recipient: message.recipient.to_string(),
            state: title(message.state),
            created_at: message.created_at,
        }
    }
}

/// GET /staff/outbox
pub async fn list(visit: Visit, filter: Query<Filter>) -> Answer {
    let state = State::from_word(&filter.state);
    if state.is_none() && !filter.state.is_empty() {
        return Err(AppError::invalid("state", "unknown_word", "There is no such state.").into());
    }
    let messages = service::newest(&visit.app, &visit.call, state, SHOWN).await?;
    let all = Choice { value: "", text: "All messages" };
    let each = State::ALL.iter().map(|state| Choice { value: state.word(), text: title(*state) });
    let states = std::iter::once(all).chain(each).collect();
    let rows = messages.iter().map(Row::from).collect();
    visit.page(&OutboxPage { state: filter.state.clone(), states, messages: rows }).await
}

/// GET /staff/outbox/{message}
pub async fn show(visit: Visit, path: Path<String>) -> Answer {
    let letter = service::show(&visit.app, &visit.call, in_address(&path)?).await?;
    let message = &letter.message;
    let stopped = matches!(message.state, State::Failed | State::Unknown | State::Held);
    let (subject, text) = letter.text.map_or((None, String::new()), |(subject, text)| (Some(subject), text));
    let page = MessagePage {
        message: Row::from(message),
        subject,
        sealed: letter.sealed,
        paragraphs: text.split("\n\n").map(str::to_owned).filter(|paragraph| !paragraph.is_empty()).collect(),
        attempts: message.attempts,
        sent_at: message.sent_at,
        error: message.error.clone(),
        may_send: stopped && !message.is_stale(visit.call.received),
    };
    visit.page(&page).await
}

/// POST /staff/outbox/{message}/send
pub async fn send(visit: Visit, path: Path<String>, _form: Posted) -> Answer {
    service::send_again(&visit.app, &visit.call, in_address(&path)?).await?;
    Ok(visit.see_with_success("/staff/outbox", "The message will be sent again."))
}
