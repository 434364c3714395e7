//! Starting a bid: which council leads, a working title, and from which earlier bid of one's own to begin.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::bid_path;
use crate::{
    bids::{
        copying::{model::Earlier, service::earlier},
        led::{pages::Counted, service::led_by_own},
        service::{self, StartBid},
    },
    error::{AppError, Fault},
    funds::{
        self,
        form::Form,
        pages::{RoundCard, sentence},
    },
    http::Refused,
    identity::profiles::model::ProfilePart,
    ids::{Id, OrganisationKey},
    web::{Page, Posted, Visit},
};

const COPIED: &str = "The answers that fit are copied. Read each one before you call it completed.";

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
    /// What of the lead's profile begins an answer, in words, where it says something.
    pub fills: String,
    /// The title that was entered.
    pub title: String,
    /// The earlier bids to copy from.
    pub earlier: Vec<Earlier>,
    /// The one that is chosen.
    pub copy_from: String,
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

/// What was entered.
#[derive(Debug, Default)]
struct Written {
    lead: String,
    title: String,
    copy_from: String,
}

/// Asks for the lead and a title, and from which earlier bid to begin.
pub async fn ask(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    visit.page(&page(&visit, slug.into_inner(), Written::default()).await?).await
}

/// Starts the bid.
pub async fn start(visit: Visit, slug: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let slug = slug.into_inner();
    let text = |field: &str| form.0.text(field);
    let written = Written { lead: text("lead"), title: text("title"), copy_from: text("copy_from") };
    let Ok(lead) = written.lead.parse::<Id<OrganisationKey>>() else {
        let fault = Fault::new("lead", "missing", "Choose the council that leads the bid.");
        return visit.page_with_faults(&page(&visit, slug, written).await?, &[fault]).await;
    };
    let start = StartBid {
        round: slug.clone(),
        lead,
        title: written.title.clone(),
        copy_from: Some(written.copy_from.clone()).filter(|from| !from.is_empty()),
        known: Default::default(),
    };
    let copies = start.copy_from.is_some();
    match service::start(&visit.app, &visit.call, start).await {
        Ok(reference) if copies => Ok(visit.see_with_success(&bid_path(&reference), COPIED)),
        Ok(reference) => Ok(visit.see(&bid_path(&reference))),
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page(&visit, slug, written).await?, &faults).await,
        Err(other) => Err(other.into()),
    }
}

async fn page(visit: &Visit, slug: String, written: Written) -> Result<StartPage, Refused> {
    let leads = service::possible_leads(&visit.app, &visit.call).await?;
    let earlier = earlier(&visit.app, &visit.call).await?;
    let led = led_by_own(&visit.app, &visit.call, slug.clone()).await?;
    let round = funds::service::round(&visit.app, &visit.call, slug).await?;
    let only = leads.len() == 1;
    let leads = leads.into_iter().map(|party| {
        let id = party.id.to_string();
        Lead { chosen: only || id == written.lead, id, name: party.name }
    });
    Ok(StartPage {
        round: RoundCard::of(&round, visit.call.received),
        leads: leads.collect(),
        asked: round.rulebook.partnership.in_words().iter().map(|rule| sentence(rule)).collect(),
        full: led.iter().filter(|led| led.is_full()).filter_map(Counted::of).collect(),
        fills: fills(round.rulebook.form(round.first_stage())),
        title: written.title,
        earlier,
        copy_from: written.copy_from,
    })
}

/// What of the lead's profile begins an answer of the form, in words and each once, in the form's order.
fn fills(form: &Form) -> String {
    let mut words: Vec<&str> = Vec::new();
    for part in form.questions().filter_map(|(_, question)| question.profile) {
        let word = match part {
            ProfilePart::Contact => "its contact for bids",
            ProfilePart::Sponsor => "its senior sponsor",
            ProfilePart::FinanceOfficer => "the officer who signs for its money",
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    match words.split_last() {
        Some((last, [])) => (*last).into(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
