//! The pages that belong to no room: home, licences, accessibility, privacy.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    funds::{pages::RoundCard, service},
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

/// The start page.
pub async fn home(visit: Visit) -> Result<HttpResponse, Refused> {
    let rounds = service::rounds(&visit.app, &visit.call, PageRequest::default()).await?;
    let now = visit.call.received;
    let cards = rounds.items.iter().map(|round| RoundCard::of(round, now));
    let (open, others) = cards.partition(|card| card.closes.is_some());
    visit.page(&Home { open, others }).await
}

/// What we use and under which licences.
pub async fn licences(visit: Visit) -> Result<HttpResponse, Refused> {
    visit.page(&pages::Licences).await
}

/// The accessibility statement.
pub async fn accessibility(visit: Visit) -> Result<HttpResponse, Refused> {
    let contact = visit.app.config.mail.contact.to_string();
    visit.page(&pages::Accessibility { contact }).await
}

/// The privacy notice.
pub async fn privacy(visit: Visit) -> Result<HttpResponse, Refused> {
    let contact = visit.app.config.mail.contact.to_string();
    visit.page(&pages::Privacy { contact }).await
}

/// Where programs read what rounds publish.
#[derive(Debug, Serialize)]
pub struct OpenData {
    /// What can be read, and where.
    pub rows: Vec<Value>,
}

impl Page for OpenData {
    const TEMPLATE: &'static str = "open-data.html";
}

impl OpenData {
    /// The addresses, as the route table has them.
    pub fn listed() -> Self {
        let row = |(what, address): (&str, &str)| json!({ "key": { "text": what }, "value": { "text": address } });
        let rows = [
            ("Awards, 360Giving JSON", "/api/v1/open/rounds/{round}/awards.json"),
            ("Awards, 360Giving CSV", "/api/v1/open/rounds/{round}/awards.csv"),
            ("Expressions of interest, JSON", "/api/v1/open/rounds/{round}/eois.json"),
            ("Expressions of interest, CSV", "/api/v1/open/rounds/{round}/eois.csv"),
            ("Who works with whom, JSON", "/api/v1/open/rounds/{round}/partnerships.json"),
            ("Who works with whom, CSV", "/api/v1/open/rounds/{round}/partnerships.csv"),
            ("Draws by lot, JSON", "/api/v1/open/rounds/{round}/draws.json"),
            ("A draw, for “roundtable draw verify”", "/api/v1/open/rounds/{round}/draws/{number}/drawn.json"),
            ("Hours that bidding took, JSON", "/api/v1/open/rounds/{round}/hours.json"),
            ("Hours that bidding took, CSV", "/api/v1/open/rounds/{round}/hours.csv"),
            ("Questions and answers, JSON", "/api/v1/rounds/{round}/questions"),
            ("Rounds, CommonGrants", "/common-grants/opportunities"),
            ("Rounds and answers to questions, Atom feed", "/rounds.atom"),
            ("Dates of rounds, iCalendar", "/rounds.ics"),
        ];
        Self { rows: rows.into_iter().map(row).collect() }
    }
}

/// Where programs read what rounds publish.
pub async fn open_data(visit: Visit) -> Result<HttpResponse, Refused> {
    visit.page(&OpenData::listed()).await
}
