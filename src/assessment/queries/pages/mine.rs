//! What an assessor has flagged and asked of a bid, what the fund team says, and the forms.

use actix_web::web::Path;
use serde::Serialize;

use super::faults_beside;
use crate::{
    assessment::{
        model::BidLine,
        pages::{Answer, Choice},
        queries::{
            model::{NewFollowUp, NewQuery, QueryKind, QueryState, ReaderQuery},
            service,
        },
    },
    error::{AppError, Fault},
    http::in_address,
    web::{Page, Posted, Visit},
};

/// What an assessor has flagged and asked of a bid.
#[derive(Debug, Serialize)]
pub struct MyQueriesPage {
    /// The bid.
    pub bid: BidLine,
    /// What was asked, and what is shared of others'.
    pub rows: Vec<MyQuery>,
    /// Whether the reader can ask now.
    pub open: bool,
    /// What it can be.
    pub kinds: Vec<Choice>,
    /// What is written.
    pub words: String,
}

/// A flag or question with its form.
#[derive(Debug, Serialize)]
pub struct MyQuery {
    /// The flag or question.
    #[serde(flatten)]
    pub of: ReaderQuery,
    /// What it is, in words.
    pub what: &'static str,
    /// Whether it can be followed up.
    pub follows: bool,
    /// What is written as a follow-up.
    pub written: String,
}

impl Page for MyQueriesPage {
    const TEMPLATE: &'static str = "assessment/my-queries.html";
}

impl MyQueriesPage {
    async fn load(visit: &Visit, reference: &str) -> Result<Self, AppError> {
        let (bid, queries, open) = service::to_ask(&visit.app, &visit.call, reference.to_owned()).await?;
        let row = |of: ReaderQuery| MyQuery {
            what: of.kind.to_reader(of.mine),
            follows: open && of.mine && of.state != QueryState::Open,
            written: String::new(),
            of,
        };
        Ok(Self { bid, rows: queries.into_iter().map(row).collect(), open, kinds: kinds(""), words: String::new() })
    }
}

fn kinds(chosen: &str) -> Vec<Choice> {
    let choice = |kind: &QueryKind| Choice {
        value: kind.word().into(),
        text: kind.title().into(),
        hint: String::new(),
        chosen: kind.word() == chosen,
    };
    QueryKind::ALL.iter().map(choice).collect()
}

/// GET `/bids/{reference}/queries`
pub async fn mine(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&MyQueriesPage::load(&visit, &reference).await?).await
}

/// POST `/bids/{reference}/queries`
pub async fn ask(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let reference = reference.into_inner();
    let (kind, words) = (form.0.text("kind"), form.0.text("words"));
    let asked = match QueryKind::from_word(&kind) {
        Some(kind) => {
            let new = NewQuery { kind, words: words.clone() };
            service::ask(&visit.app, &visit.call, reference.clone(), new).await
        }
        None => {
            let missing = Fault::new("kind", "missing", "Choose what it is.");
            let words = NewQuery { kind: QueryKind::Other, words: words.clone() }.fault();
            Err(AppError::Invalid(std::iter::once(missing).chain(words).collect()))
        }
    };
    match asked {
        Ok(_) => {
            let said = "The fund team is told, and gets an email. Their answer stands here, and you get an email too.";
            Ok(visit.see_with_success(&format!("/bids/{reference}/queries"), said))
        }
        Err(AppError::Invalid(faults)) => {
            let page = MyQueriesPage::load(&visit, &reference).await?;
            visit.page_with_faults(&MyQueriesPage { kinds: kinds(&kind), words, ..page }, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// POST `/bids/{reference}/queries/{number}/follow-up`
pub async fn follow_up(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, number) = path.into_inner();
    let number: i32 = in_address(&number)?;
    let field = format!("follow-{number}");
    let new = NewFollowUp { words: form.0.text(&field) };
    let at = (number, form.0.version());
    match service::follow_up(&visit.app, &visit.call, reference.clone(), at, new.clone()).await {
        Ok(()) => {
            let said = "The fund team is told, and gets an email.";
            Ok(visit.see_with_success(&format!("/bids/{reference}/queries"), said))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, &field)?;
            let mut page = MyQueriesPage::load(&visit, &reference).await?;
            for row in page.rows.iter_mut().filter(|row| row.of.number == number) {
                row.written.clone_from(&new.words);
                // What was written stays on the page, whatever stands there by now.
                row.follows = true;
            }
            visit.page_with_faults(&page, &faults).await
        }
    }
}
