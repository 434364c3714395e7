//! The pool of a round: who was invited and what they said.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    assessment::{
        pages::Answer,
        pool::{
            model::{Capacity, PlaceState, PlaceView, Pool, Terms, texts_of},
            service,
        },
    },
    ids::{Id, RowKey},
    web::{Page, Visit},
};

/// The pool of a round.
#[derive(Debug, Serialize)]
pub struct PoolPage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// Whether it has a pool.
    pub open: bool,
    /// Whether the reader can invite and end places.
    pub manages: bool,
    /// How many bids there are.
    pub bids: String,
    /// Whether those who have accepted can read them.
    pub told: String,
    /// What those who were invited have said.
    pub capacity: Capacity,
    /// What assessors agree to, if anything.
    pub terms: Option<Terms>,
    /// How many of those who have accepted have still to agree to it.
    pub unagreed: usize,
    /// Everybody who was invited, by name.
    pub rows: Vec<Row>,
}

impl Page for PoolPage {
    const TEMPLATE: &'static str = "assessment/pool.html";
}

/// A place in words.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its id.
    pub id: Id<RowKey>,
    /// Who has it.
    pub name: String,
    /// How it stands.
    pub standing: &'static str,
    /// The colour of the tag that says so.
    pub colour: &'static str,
    /// Which terms they have agreed to, by number and fingerprint.
    pub agreed: Option<(i32, String)>,
    /// Whether they have to agree to the terms as they are now.
    pub must_agree: bool,
    /// What they know of.
    pub expertise: String,
    /// How many bids they can read.
    pub capacity: String,
    /// How many they have.
    pub given: u32,
    /// Whether these are more than they can read.
    pub over: bool,
    /// How many assessments they have submitted.
    pub submitted: u32,
}

impl Row {
    fn of(place: PlaceView, pool: &Pool) -> Self {
        Self {
            id: place.id,
            standing: place.standing(),
            colour: colour_of(&place),
            agreed: place.terms.zip(place.terms_sha256.clone()),
            must_agree: place.must_agree,
            expertise: texts_of(&place.expertise, &pool.areas).join(", "),
            capacity: place.least.zip(place.most).map(|(least, most)| format!("{least} to {most}")).unwrap_or_default(),
            given: place.given,
            over: place.most.is_some_and(|most| place.given > most),
            submitted: place.submitted,
            name: place.name,
        }
    }
}

/// The colour of the tag that says how a place stands.
pub(super) const fn colour_of(place: &PlaceView) -> &'static str {
    match place.state {
        PlaceState::Accepted => "green",
        PlaceState::Invited if !place.lapsed => "blue",
        _ => "grey",
    }
}

/// GET `/rounds/{slug}/pool`
pub async fn pool(visit: Visit, slug: Path<String>) -> Answer {
    let (round, mut pool, manages) = service::pool(&visit.app, &visit.call, slug.into_inner()).await?;
    let places = std::mem::take(&mut pool.places);
    visit
        .page(&PoolPage {
            title: round.round.title,
            slug: round.round.slug,
            open: pool.open,
            manages,
            bids: pool.workload.bids_in_words(),
            told: pool.told.clone(),
            capacity: pool.capacity,
            terms: pool.terms.clone(),
            unagreed: places.iter().filter(|place| place.must_agree).count(),
            rows: places.into_iter().map(|place| Row::of(place, &pool)).collect(),
        })
        .await
}
