//! A round's bids for whoever declares: title and organisations, and nothing more.

use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use super::OrganisationsPage;
use crate::{
    assessment::{
        conflicts::{
            model::{ConflictGround, ToDeclare, Withheld},
            service,
        },
        pages::Answer,
        pool,
    },
    http::{PageRequest, Query},
    ids::{Id, PersonKey},
    web::{Form, Page, Visit},
};

/// A round's bids for whoever declares.
#[derive(Debug, Serialize)]
pub struct DeclarationsPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The reader.
    pub person: Option<Id<PersonKey>>,
    /// The bids.
    pub bids: Vec<Line>,
    /// What is withheld, because the reader has said so.
    pub withheld: Vec<Withheld>,
    /// Whether the reader can say which bids they would like to read.
    pub prefers: bool,
    /// The address of the next page.
    pub next: Option<String>,
}

impl Page for DeclarationsPage {
    const TEMPLATE: &'static str = "assessment/declarations.html";
}

/// A bid in the list.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The names of its organisations.
    pub organisations: Vec<String>,
    /// Why a conflict is possible, in words.
    pub possible: Vec<String>,
}

impl From<ToDeclare> for Line {
    fn from(bid: ToDeclare) -> Self {
        Self {
            reference: bid.reference,
            title: bid.title,
            organisations: bid.organisations.into_iter().map(|organisation| organisation.name).collect(),
            possible: bid.possible.iter().map(ConflictGround::words).collect(),
        }
    }
}

/// Where to go on.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Part {
    /// The cursor.
    #[serde(default)]
    cursor: String,
}

/// GET `/rounds/{slug}/declarations`
pub async fn declarations(visit: Visit, slug: Path<String>, from: Query<Part>) -> Answer {
    let slug = slug.into_inner();
    let cursor = Some(from.0.cursor).filter(|cursor| !cursor.is_empty());
    let page = PageRequest { cursor, limit: None };
    let found = service::declarations(&visit.app, &visit.call, slug.clone(), page).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    if found.without_names {
        return visit.page(&OrganisationsPage::of((slug, round.round.title), found, &Form::default())).await;
    }
    let next = found.bids.next.map(|cursor| format!("/rounds/{slug}/declarations?cursor={cursor}"));
    let page = DeclarationsPage {
        title: round.round.title,
        person: visit.call.actor.person(),
        bids: found.bids.items.into_iter().map(Line::from).collect(),
        withheld: found.withheld,
        prefers: pool::service::says(&visit.app, &visit.call, slug.clone()).await?,
        next,
        slug,
    };
    visit.page(&page).await
}
