//! The pages that belong to no room: home, licences, accessibility, privacy.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::{
    clock::Moment,
    funds::{
        model::{RoundInFull, Status},
        rulebook::Stage,
        service,
    },
    http::{PageRequest, Refused},
    web::{Page, Visit, pages},
};

/// The start page: what can be bid for now.
#[derive(Debug, Serialize)]
pub struct Home {
    /// Rounds that are open.
    pub open: Vec<RoundCard>,
    /// Rounds that are not.
    pub others: Vec<RoundCard>,
}

impl Page for Home {
    const TEMPLATE: &'static str = "home.html";
}

/// A round in a list.
#[derive(Debug, Serialize)]
pub struct RoundCard {
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its fund.
    pub fund: String,
    /// What it is for.
    pub summary: String,
    /// Where it stands.
    pub status: &'static str,
    /// When the stage that is open closes.
    pub closes: Option<Moment>,
}

impl RoundCard {
    /// The card at `now`.
    pub fn of(full: &RoundInFull, now: Moment) -> (bool, Self) {
        let status = full.timetable.status(full.round.state, now);
        let stage = match status {
            Status::EoiOpen => Some(Stage::Eoi),
            Status::FullOpen => Some(Stage::Full),
            _ => None,
        };
        let card = Self {
            slug: full.round.slug.clone(),
            title: full.round.title.clone(),
            fund: full.fund.name.clone(),
            summary: full.round.summary.clone(),
            status: status.title(),
            closes: stage.and_then(|stage| full.timetable.closes(stage)),
        };
        (stage.is_some(), card)
    }
}

/// The start page.
pub async fn home(visit: Visit) -> Result<HttpResponse, Refused> {
    let rounds = service::rounds(&visit.app, &visit.call, PageRequest::default()).await?;
    let now = visit.call.received;
    let (open, others): (Vec<_>, Vec<_>) =
        rounds.items.iter().map(|round| RoundCard::of(round, now)).partition(|(open, _)| *open);
    let cards = |list: Vec<(bool, RoundCard)>| list.into_iter().map(|(_, card)| card).collect();
    visit.page(&Home { open: cards(open), others: cards(others) }).await
}

/// What we use and under which licences.
pub async fn licences(visit: Visit) -> Result<HttpResponse, Refused> {
    visit.page(&pages::Licences).await
}

/// The accessibility statement.
pub async fn accessibility(visit: Visit) -> Result<HttpResponse, Refused> {
    let contact = visit.app.config.mail.from.clone();
    visit.page(&pages::Accessibility { contact }).await
}

/// The privacy notice.
pub async fn privacy(visit: Visit) -> Result<HttpResponse, Refused> {
    let contact = visit.app.config.mail.from.clone();
    visit.page(&pages::Privacy { contact }).await
}
