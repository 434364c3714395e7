//! The page on which an assessor says which bids they would like to read.

use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use super::{
    model::{NewPreference, NewPreferences, Preference, Preferences, PreferredBid},
    service,
};
use crate::{
    account::pages::roles::faults_of,
    assessment::{
        conflicts::model::Withheld,
        pages::{Answer, Choice},
    },
    error::{AppError, Fault},
    http::{PageRequest, Query, Refused},
    web::{Form, Page, Posted, Visit},
};

/// Which bids would you like to read?
#[derive(Debug, Serialize)]
pub struct PreferencesPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The address that this page has and its form is sent to.
    pub here: String,
    /// The address of the next page.
    pub next: Option<String>,
    /// The bids.
    pub bids: Vec<PreferenceLine>,
    /// Whether the reader is not to know whose bids they are, so that none is listed.
    pub without_names: bool,
    /// Whether something can be said.
    pub open: bool,
    /// How many bids the reader would like to read.
    pub wanted: u32,
    /// How many they would rather not.
    pub rather_not: u32,
    /// What is withheld, because the reader has said that they have a conflict of interest.
    pub withheld: Vec<Withheld>,
}

impl Page for PreferencesPage {
    const TEMPLATE: &'static str = "assessment/preferences.html";
}

/// A bid in the list.
#[derive(Debug, Serialize)]
pub struct PreferenceLine {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The names of its organisations.
    pub organisations: Vec<String>,
    /// What the reader chooses from.
    pub choices: Vec<Choice>,
    /// What stands, in words.
    pub said: &'static str,
}

impl PreferenceLine {
    fn of(bid: PreferredBid, form: &Form) -> Self {
        let chosen = written(form, &bid.reference).unwrap_or(bid.preference);
        let choice = |preference: &Preference| Choice {
            value: preference.word().into(),
            text: preference.title().into(),
            hint: String::new(),
            chosen: *preference == chosen,
        };
        Self {
            choices: Preference::ALL.iter().map(choice).collect(),
            said: bid.preference.title(),
            organisations: bid.organisations.into_iter().map(|organisation| organisation.name).collect(),
            reference: bid.reference,
            title: bid.title,
        }
    }
}

/// What a form says of a bid.
fn written(form: &Form, reference: &str) -> Option<Preference> {
    Preference::from_word(&form.text(&format!("preference-{reference}")))
}

/// Where to go on.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Part {
    /// The cursor.
    #[serde(default)]
    cursor: String,
}

fn address(slug: &str, cursor: &str) -> String {
    if cursor.is_empty() {
        format!("/rounds/{slug}/preferences")
    } else {
        format!("/rounds/{slug}/preferences?cursor={cursor}")
    }
}

async fn found(visit: &Visit, slug: &str, part: &Part) -> Result<Preferences, AppError> {
    let cursor = Some(part.cursor.clone()).filter(|cursor| !cursor.is_empty());
    service::preferences(&visit.app, &visit.call, slug.to_owned(), PageRequest { cursor, limit: None }).await
}

/// The page with what is written in its form.
async fn page(visit: &Visit, (slug, part): (&str, &Part), form: &Form) -> Result<PreferencesPage, Refused> {
    let found = found(visit, slug, part).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(PreferencesPage {
        here: address(slug, &part.cursor),
        next: found.bids.next.map(|cursor| address(slug, &cursor)),
        bids: found.bids.items.into_iter().map(|bid| PreferenceLine::of(bid, form)).collect(),
        without_names: found.without_names,
        open: found.open,
        wanted: found.wanted,
        rather_not: found.rather_not,
        withheld: found.withheld,
        slug: round.round.slug,
        title: round.round.title,
    })
}

/// GET `/rounds/{slug}/preferences`
pub async fn preferences(visit: Visit, slug: Path<String>, part: Query<Part>) -> Answer {
    visit.page(&page(&visit, (&slug, &part.0), &Form::default()).await?).await
}

/// POST `/rounds/{slug}/preferences`: keeps what is said of the bids of one page, and goes on to the next.
pub async fn prefer(visit: Visit, slug: Path<String>, part: Query<Part>, form: Posted) -> Answer {
    let shown = found(&visit, &slug, &part.0).await?;
    let said = |bid: &PreferredBid| {
        let preference = written(&form.0, &bid.reference)?;
        Some(NewPreference { bid: bid.reference.clone(), preference })
    };
    let preferences = shown.bids.items.iter().filter_map(said).collect();
    match service::prefer(&visit.app, &visit.call, slug.clone(), NewPreferences { preferences }).await {
        Ok(_) => {
            let next = shown.bids.next.unwrap_or_else(|| part.0.cursor.clone());
            Ok(visit
                .see_with_success(&address(&slug, &next), "Saved. You can change it until every bid has its readers."))
        }
        Err(refusal) => {
            let here = |fault: Fault| Fault { field: "preferences".into(), ..fault };
            let faults: Vec<Fault> = faults_of(refusal, "preferences")?.into_iter().map(here).collect();
            visit.page_with_faults(&page(&visit, (&slug, &part.0), &form.0).await?, &faults).await
        }
    }
}
