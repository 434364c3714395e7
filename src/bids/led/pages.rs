//! The page on which an organisation sees the bids that it leads in a round, and its administrator chooses among them.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{Choice, LedBids, page_of},
    service,
};
use crate::{
    error::{AppError, Fault},
    http::Refused,
    ids::{Id, OrganisationKey},
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The bids that an organisation leads in a round.
#[derive(Debug, Serialize)]
pub struct LedPage {
    /// The bids.
    pub led: LedBids,
    /// How many were submitted.
    pub submitted: usize,
    /// How many are being written.
    pub drafts: usize,
    /// How many more can be submitted, where the round sets a limit.
    pub places: Option<usize>,
    /// Tells what is chosen among from what it was before.
    pub seen: String,
    /// The references that are ticked.
    pub ticked: Vec<String>,
}

impl Page for LedPage {
    const TEMPLATE: &'static str = "bids/led.html";
}

impl LedPage {
    fn of(led: LedBids, ticked: Option<Vec<String>>) -> Self {
        let submitted = led.bids.iter().filter(|bid| bid.submitted).count();
        let forward = led.bids.iter().filter(|bid| bid.put_forward == Some(true));
        let ticked = ticked.unwrap_or_else(|| forward.map(|bid| bid.reference.clone()).collect());
        Self {
            submitted,
            drafts: led.bids.len() - submitted,
            places: led.held().map(|held| held.places()),
            seen: led.tag(),
            ticked,
            led,
        }
    }
}

/// How many bids an organisation leads in a round that limits them.
#[derive(Debug, Serialize)]
pub struct Counted {
    /// The organisation's name.
    pub council: String,
    /// The round's title.
    pub round: String,
    /// How many it can submit.
    pub most: u32,
    /// How many it has submitted.
    pub submitted: usize,
    /// How many it is writing.
    pub drafts: usize,
    /// Where they are listed.
    pub page: String,
}

impl Counted {
    /// Counts them, if the round sets a limit.
    pub fn of(led: &LedBids) -> Option<Self> {
        let held = led.held()?;
        Some(Self {
            council: led.organisation.name.clone(),
            round: led.round_title.clone(),
            most: held.most,
            submitted: held.submitted(),
            drafts: held.drafts(),
            page: page_of(&led.organisation.id.to_string(), &led.round),
        })
    }
}

/// The organisation and the round of the path.
fn read(path: Path<(String, String)>) -> Result<(Id<OrganisationKey>, String), AppError> {
    let (organisation, slug) = path.into_inner();
    Ok((organisation.parse().map_err(|_no_uuid| AppError::NotFound)?, slug))
}

/// GET `/organisations/{organisation}/rounds/{slug}/bids`
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (organisation, slug) = read(path)?;
    let led = service::led(&visit.app, &visit.call, organisation, slug).await?;
    visit.page(&LedPage::of(led, None)).await
}

/// POST `/organisations/{organisation}/rounds/{slug}/bids`
pub async fn choose(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (organisation, slug) = read(path)?;
    let (bids, seen) = (form.0.all("bids"), form.0.text("seen"));
    let choice = Choice { bids: bids.clone() };
    let faults = match service::choose(&visit.app, &visit.call, (organisation, slug.clone()), seen, choice).await {
        Ok(_) => {
            let text = if bids.is_empty() { "No choice is made now." } else { "Your choice is saved." };
            return Ok(visit.see_with_success(&page_of(&organisation.to_string(), &slug), text));
        }
        Err(AppError::Invalid(faults)) => faults,
        Err(AppError::Changed) => {
            let message = "The bids have changed since you opened this page. Look at them again, then choose.";
            vec![Fault::new("bids", "changed", message)]
        }
        Err(other) => return Err(other.into()),
    };
    let led = service::led(&visit.app, &visit.call, organisation, slug).await?;
    visit.page_with_faults(&LedPage::of(led, Some(bids)), &faults).await
}
