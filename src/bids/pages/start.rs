//! Starting a bid: which council leads, and a working title.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::bid_path;
use crate::{
    bids::{
        led::{pages::Counted, service::led_by_own},
        service::{self, StartBid},
    },
    error::{AppError, Fault},
    funds::{
        self,
        pages::{RoundCard, sentence},
    },
    http::Refused,
    ids::{Id, OrganisationKey},
    web::{Page, Posted, Visit},
};

/// Which council leads, and a working title.
#[derive(Debug, Serialize)]
pub struct StartPage {
    /// The round.
    pub round: RoundCard,
    /// The organisations that can lead.
    pub leads: Vec<Lead>,
    /// Those of them that lead as many bids as they can submit, so that one more is too many.
    pub full: Vec<Counted>,
    /// What the round asks of the councils that bid together, in words.
    pub asked: Vec<String>,
    /// The title that was entered.
    pub title: String,
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "bids/start.html";
}

/// An organisation that can lead.
#[derive(Debug, Serialize)]
pub struct Lead {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Asks for the lead and a title.
pub async fn ask(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    visit.page(&page(&visit, slug.into_inner(), String::new(), String::new()).await?).await
}

/// Starts the bid.
pub async fn start(visit: Visit, slug: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let slug = slug.into_inner();
    let (lead, title) = (form.0.text("lead"), form.0.text("title"));
    let Ok(id) = lead.parse::<Id<OrganisationKey>>() else {
        let fault = Fault::new("lead", "missing", "Choose the council that leads the bid.");
        return again(&visit, slug, lead, title, vec![fault]).await;
    };
    let start = StartBid { round: slug.clone(), lead: id, title: title.clone(), known: Default::default() };
    match service::start(&visit.app, &visit.call, start).await {
        Ok(reference) => Ok(visit.see(&bid_path(&reference))),
        Err(AppError::Invalid(faults)) => again(&visit, slug, lead, title, faults).await,
        Err(other) => Err(other.into()),
    }
}

async fn again(
    visit: &Visit,
    slug: String,
    lead: String,
    title: String,
    faults: Vec<Fault>,
) -> Result<HttpResponse, Refused> {
    visit.page_with_faults(&page(visit, slug, lead, title).await?, &faults).await
}

async fn page(visit: &Visit, slug: String, lead: String, title: String) -> Result<StartPage, Refused> {
    let leads = service::possible_leads(&visit.app, &visit.call).await?;
    let led = led_by_own(&visit.app, &visit.call, slug.clone()).await?;
    let round = funds::service::round(&visit.app, &visit.call, slug).await?;
    let only = leads.len() == 1;
    let leads = leads.into_iter().map(|party| {
        let id = party.id.to_string();
        Lead { chosen: only || id == lead, id, name: party.name }
    });
    Ok(StartPage {
        round: RoundCard::of(&round, visit.call.received),
        leads: leads.collect(),
        asked: round.rulebook.partnership.in_words().iter().map(|rule| sentence(rule)).collect(),
        full: led.iter().filter(|led| led.is_full()).filter_map(Counted::of).collect(),
        title,
    })
}
