//! The page from which one takes bids and form along, and to which the form comes back.

use actix_web::web::Path;
use serde::Serialize;

use super::{
    model::{Item, OfflineOutcome},
    service::{self, nothing_chosen},
};
use crate::{
    assessment::pages::Answer,
    error::AppError,
    http::respond,
    web::{Page, PostedFile, Visit},
};

/// What can be taken along, and what became of a form that came back.
#[derive(Debug, Serialize)]
pub struct OfflinePage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub round: String,
    /// How many bids one was given.
    pub given: usize,
    /// How many of them can be scored now.
    pub open: usize,
    /// What became of the form, bid by bid.
    pub items: Vec<Line>,
}

/// What became of one bid.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What became of it, in words.
    pub words: String,
    /// Whether its assessment can be looked at.
    pub linked: bool,
    /// What it is.
    #[serde(flatten)]
    pub item: Item,
}

impl From<Item> for Line {
    fn from(item: Item) -> Self {
        let scored = match item.scored {
            Some(1) => "1 criterion scored".into(),
            Some(count) => format!("{count} criteria scored"),
            None => String::new(),
        };
        let words = match item.outcome {
            OfflineOutcome::Saved => format!("Saved as a draft, {scored}"),
            OfflineOutcome::Submitted => "Submitted".into(),
            OfflineOutcome::Unchanged => format!("Nothing new, {scored}"),
            OfflineOutcome::Refused => "Not saved".into(),
        };
        Self { words, linked: item.scored.is_some(), item }
    }
}

impl Page for OfflinePage {
    const TEMPLATE: &'static str = "assessment/offline.html";
}

async fn page(visit: &Visit, slug: String, items: Vec<Item>) -> Result<OfflinePage, AppError> {
    let given = service::given(&visit.app, &visit.call, slug.clone()).await?;
    Ok(OfflinePage {
        slug,
        round: given.round,
        given: given.bids.len(),
        open: given.bids.iter().filter(|bid| bid.open).count(),
        items: items.into_iter().map(Line::from).collect(),
    })
}

/// GET `/rounds/{slug}/offline`
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    let page = page(&visit, slug.into_inner(), Vec::new()).await?;
    visit.page(&page).await
}

/// GET `/rounds/{slug}/offline/pack.zip`
pub async fn pack(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let pack = service::pack(&visit.app, &visit.call, slug.clone()).await?;
    Ok(respond::file(&format!("{slug} to read.zip"), "application/zip", pack))
}

/// GET `/rounds/{slug}/offline/scores.txt`
pub async fn form(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let form = service::form(&visit.app, &visit.call, slug.clone()).await?;
    Ok(respond::file(&format!("{slug} scores.txt"), "text/plain; charset=utf-8", form.into_bytes()))
}

/// POST `/rounds/{slug}/offline`: what became of each bid is said on the page, with the lines that are wrong.
pub async fn take(visit: Visit, slug: Path<String>, posted: PostedFile) -> Answer {
    let slug = slug.into_inner();
    let form = posted.file.map(|file| file.bytes.to_vec()).ok_or_else(nothing_chosen);
    match service::take(&visit.app, &visit.call, slug.clone(), form).await {
        Ok(items) => visit.page(&page(&visit, slug, items).await?).await,
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page(&visit, slug, Vec::new()).await?, &faults).await,
        Err(other) => Err(other.into()),
    }
}
