//! How an answer came to be, as its councils read it, and what two people see who wrote it at once.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::{self, Change, Meeting};
use crate::{
    bids::{difference::Difference, documents::model::Attached, pages::Heading, reading::in_words, service::desk},
    clock::Moment,
    funds::form::Question,
    http::{Query, Refused},
    web::{Page, Visit},
};

/// How an answer came to be.
#[derive(Debug, Serialize)]
pub struct AnswerHistoryPage {
    /// The bid.
    pub bid: Heading,
    /// The question's id.
    pub id: String,
    /// The question.
    pub title: String,
    /// Whether it can be answered now by whoever looks.
    pub writable: bool,
    /// What was written, newest first.
    pub entries: Vec<Entry>,
    /// The version from which the older page goes on.
    pub older: Option<i32>,
}

impl Page for AnswerHistoryPage {
    const TEMPLATE: &'static str = "bids/answer-history.html";
}

/// A piece of work on an answer.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Who wrote.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What was different afterwards.
    pub difference: Difference,
    /// That it was called finished, or no longer.
    pub finished: Option<bool>,
}

impl Entry {
    fn of(change: &Change, question: &Question, documents: &[Attached]) -> Self {
        let (before, after) = (&change.before, &change.after);
        Self {
            by: change.by.clone(),
            at: change.at,
            difference: Difference::between(
                &words(question, &before.0, documents),
                &words(question, &after.0, documents),
            ),
            finished: (before.1 != after.1).then_some(after.1),
        }
    }
}

/// Where the older page goes on.
#[derive(Debug, Deserialize)]
pub struct Older {
    before: Option<i32>,
}

/// GET `/bids/{reference}/questions/{question}/history`
pub async fn history(visit: Visit, path: Path<(String, String)>, query: Query<Older>) -> Result<HttpResponse, Refused> {
    let (reference, id) = path.into_inner();
    let history = service::history(&visit.app, &visit.call, (reference.clone(), id), query.0.before).await?;
    let desk = desk(&visit.app, &visit.call, reference).await?;
    let question = history.question;
    let page = AnswerHistoryPage {
        bid: Heading::of(&desk),
        writable: desk.writes(crate::funds::reopening::Part::Answer(&question.id)),
        entries: history.changes.iter().map(|change| Entry::of(change, &question, &history.documents)).collect(),
        older: history.older,
        id: question.id,
        title: question.title,
    };
    visit.page(&page).await
}

/// What somebody else has written since somebody opened the page, beside what they wrote themselves.
#[derive(Debug, Serialize)]
pub struct Both {
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What both started from.
    pub started: String,
    /// What stands now.
    pub now: String,
    /// What the other has changed.
    pub theirs: Difference,
    /// What the reader has changed.
    pub yours: Difference,
}

impl Both {
    /// How the two texts stand to the one that both started from.
    pub fn of(meeting: Meeting, question: &Question, yours: &Value) -> Self {
        let words = |value: &Value| words(question, value, &meeting.documents);
        let (started, now) = (words(&meeting.started), words(&meeting.now));
        Self {
            theirs: Difference::between(&started, &now),
            yours: Difference::between(&started, &words(yours)),
            by: meeting.by,
            at: meeting.at,
            started,
            now,
        }
    }
}

/// An answer as people read it; nothing where there is none.
fn words(question: &Question, value: &Value, documents: &[Attached]) -> String {
    if Question::is_answered(value) { in_words(question, value, documents) } else { String::new() }
}
