//! One place of a pool, as its managers read it, and its end.

use actix_web::web::Path;
use serde::Serialize;

use super::{faults_beside, pool::colour_of};
use crate::{
    assessment::{
        pages::Answer,
        pool::{
            model::{Ending, LONGEST_WORDS, PlaceView, WhyNot, texts_of},
            service,
        },
    },
    error::AppError,
    http::{Refused, in_address},
    ids::{Id, RowKey},
    web::{Page, Posted, Visit},
};

/// A place.
#[derive(Debug, Serialize)]
pub struct PlacePage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// The place.
    pub place: PlaceView,
    /// How it stands.
    pub standing: &'static str,
    /// The colour of the tag that says so.
    pub colour: &'static str,
    /// For what they are asked, in words.
    pub asked_for: Vec<String>,
    /// What they know of, in words.
    pub expertise: Vec<String>,
    /// Why they do not assess, in words.
    pub why: &'static str,
    /// Whether the reader can end it.
    pub ends: bool,
    /// Why it is ended.
    pub reason: String,
    /// The most characters of that.
    pub longest: usize,
}

impl Page for PlacePage {
    const TEMPLATE: &'static str = "assessment/pool-place.html";
}

async fn page(visit: &Visit, (slug, id): (&str, Id<RowKey>)) -> Result<PlacePage, Refused> {
    let (round, place, areas, ends) = service::one(&visit.app, &visit.call, (slug.to_owned(), id)).await?;
    Ok(PlacePage {
        title: round.round.title,
        slug: round.round.slug,
        standing: place.standing(),
        colour: colour_of(&place),
        asked_for: texts_of(&place.areas, &areas),
        expertise: texts_of(&place.expertise, &areas),
        why: place.reason.map(WhyNot::title).unwrap_or_default(),
        place,
        ends,
        reason: String::new(),
        longest: LONGEST_WORDS,
    })
}

fn read((slug, id): (String, String)) -> Result<(String, Id<RowKey>), AppError> {
    Ok((slug, in_address(&id)?))
}

/// GET `/rounds/{slug}/pool/{id}`
pub async fn place(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, id) = read(path.into_inner())?;
    visit.page(&page(&visit, (&slug, id)).await?).await
}

/// POST `/rounds/{slug}/pool/{id}`
pub async fn end(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, id) = read(path.into_inner())?;
    let ending = Ending { reason: form.0.text("reason") };
    match service::end(&visit.app, &visit.call, (slug.clone(), id), form.0.version(), ending.clone()).await {
        Ok(ended) => {
            let text = format!("The place of {} is ended. They get an email with your reason.", ended.name);
            Ok(visit.see_with_success(&format!("/rounds/{slug}/pool"), &text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, "reason")?;
            let page = PlacePage { reason: ending.reason, ..page(&visit, (&slug, id)).await? };
            visit.page_with_faults(&page, &faults).await
        }
    }
}
