//! The flags and questions of a round, those that wait first.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    assessment::{
        pages::Answer,
        queries::{model::QueryLine, service},
    },
    web::{Page, Visit},
};

/// The flags and questions of a round.
#[derive(Debug, Serialize)]
pub struct QueriesPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// How many wait.
    pub open: usize,
    /// What they are about.
    pub rows: Vec<QueryRow>,
}

/// A flag or question in the list.
#[derive(Debug, Serialize)]
pub struct QueryRow {
    /// The flag or question.
    #[serde(flatten)]
    pub of: QueryLine,
    /// What it is, in words.
    pub what: &'static str,
    /// How it begins.
    pub begins: String,
}

/// How many characters of what was asked stand in the list.
const SHOWN: usize = 200;

impl From<QueryLine> for QueryRow {
    fn from(of: QueryLine) -> Self {
        let mut begins: String = of.words.chars().take(SHOWN).collect();
        if begins.len() < of.words.len() {
            begins.push('…');
        }
        Self { what: of.kind.to_staff(), begins, of }
    }
}

impl Page for QueriesPage {
    const TEMPLATE: &'static str = "assessment/queries.html";
}

/// GET `/rounds/{slug}/queries`
pub async fn waiting(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let queries = service::waiting(&visit.app, &visit.call, slug.clone()).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    let rows = queries.queries.into_iter().map(QueryRow::from).collect();
    visit.page(&QueriesPage { slug, title: round.round.title, open: queries.open, rows }).await
}
