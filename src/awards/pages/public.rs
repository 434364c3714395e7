//! What everybody may read: the award list, and the expressions of interest of a round that has closed.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use crate::{
    awards::{
        draws,
        public::{AwardList, PublicBid, PublicRound},
        service,
    },
    clock::Moment,
    error::AppError,
    http::{Query, Refused},
    web::{Page, Visit},
};

/// How many expressions of interest, or pairs of councils, stand on a page.
const PER_PAGE: usize = 25;

/// The award list of a round, or when it comes.
#[derive(Debug, Serialize)]
pub struct AwardsPage {
    /// The round.
    pub round: PublicRound,
    /// The list, once it is announced.
    pub list: Option<AwardList>,
    /// When it is announced.
    pub announcement: Option<Moment>,
    /// Whether there is something to read of places drawn by lot.
    pub draws: bool,
}

impl Page for AwardsPage {
    const TEMPLATE: &'static str = "awards/list.html";
}

/// The award list of a round.
///
/// # Errors
/// `NotFound` when there is no such round.
pub async fn awards(visit: Visit, slug: Path<String>) -> Result<HttpResponse, Refused> {
    let slug = slug.into_inner();
    let (round, announcement) = service::announcement(&visit.app, &visit.call, slug.clone()).await?;
    let draws = match draws::service::told(&visit.app, &visit.call, slug.clone()).await {
        Ok(_) => true,
        Err(AppError::NotFound) => false,
        Err(fault) => return Err(fault.into()),
    };
    let list = match service::award_list(&visit.app, &visit.call, slug).await {
        Ok(list) => Some(list),
        Err(AppError::NotFound) => None,
        Err(fault) => return Err(fault.into()),
    };
    visit.page(&AwardsPage { round, list, announcement, draws }).await
}

/// How the list is narrowed; all of it stands in the address.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct EoiFilter {
    /// Words in title, reference, council or answers.
    #[serde(default)]
    pub q: String,
    /// The state of the released outcome.
    #[serde(default)]
    pub outcome: String,
    /// The phase.
    #[serde(default)]
    pub phase: String,
    /// The page, from 1.
    #[serde(default)]
    pub page: Option<usize>,
}

impl EoiFilter {
    fn fits(&self, bid: &PublicBid) -> bool {
        let outcome = bid.outcome().map(|outcome| outcome.state.as_str()).unwrap_or_default();
        let phase = bid.phase.as_deref().unwrap_or_default();
        (self.q.is_empty() || bid.contains(&self.q))
            && (self.outcome.is_empty() || self.outcome == outcome)
            && (self.phase.is_empty() || self.phase == phase)
    }

    /// The address of another page of the same list, without its path.
    fn address(&self, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("q", &self.q), ("outcome", &self.outcome), ("phase", &self.phase)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string()).finish()
    }
}

/// A choice of a filter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FilterChoice {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub text: String,
}

/// The expressions of interest of a round.
#[derive(Debug, Serialize)]
pub struct EoisPage {
    /// The round.
    pub round: PublicRound,
    /// How the list is narrowed.
    pub filter: EoiFilter,
    /// The outcomes that are released.
    pub outcomes: Vec<FilterChoice>,
    /// The phases that were bid for.
    pub phases: Vec<FilterChoice>,
    /// The bids of this page.
    pub bids: Vec<PublicBid>,
    /// How many fit.
    pub found: usize,
    /// How many there are.
    pub total: usize,
    /// The query of the page before.
    pub previous: Option<String>,
    /// The query of the next page.
    pub next: Option<String>,
}

impl Page for EoisPage {
    const TEMPLATE: &'static str = "awards/eois.html";
}

/// The expressions of interest of a round.
///
/// # Errors
/// `NotFound` before the closing time is over.
pub async fn eois(visit: Visit, slug: Path<String>, filter: Query<EoiFilter>) -> Result<HttpResponse, Refused> {
    let list = service::eoi_list(&visit.app, &visit.call, slug.into_inner()).await?;
    let filter = filter.0;
    let outcomes = choices(list.bids.iter().filter_map(|bid| {
        let outcome = bid.outcome()?;
        Some(FilterChoice { value: outcome.state.clone(), text: outcome.label.clone() })
    }));
    let phases = choices(list.bids.iter().filter_map(|bid| {
        let phase = bid.phase.clone()?;
        Some(FilterChoice { value: phase.clone(), text: phase })
    }));
    let total = list.bids.len();
    let fitting: Vec<PublicBid> = list.bids.into_iter().filter(|bid| filter.fits(bid)).collect();
    let found = fitting.len();
    let (bids, number, more) = window(fitting, filter.page);
    let previous = (number > 1).then(|| filter.address(number - 1));
    let next = more.then(|| filter.address(number + 1));
    let page = EoisPage { round: list.round, outcomes, phases, bids, found, total, previous, next, filter };
    visit.page(&page).await
}

/// What stands on a page of a list, which page that is, from 1, and whether another follows.
pub(super) fn window<T>(all: Vec<T>, page: Option<usize>) -> (Vec<T>, usize, bool) {
    let found = all.len();
    let number = page.unwrap_or(1).clamp(1, found.div_ceil(PER_PAGE).max(1));
    let shown = all.into_iter().skip((number - 1) * PER_PAGE).take(PER_PAGE).collect();
    (shown, number, number * PER_PAGE < found)
}

/// Each choice once, in the order of its words.
fn choices(all: impl Iterator<Item = FilterChoice>) -> Vec<FilterChoice> {
    let mut choices: Vec<FilterChoice> = all.collect();
    choices.sort_by(|one, other| (&one.text, &one.value).cmp(&(&other.text, &other.value)));
    choices.dedup();
    choices
}

/// One expression of interest.
#[derive(Debug, Serialize)]
pub struct EoiPage {
    /// The round.
    pub round: PublicRound,
    /// The bid.
    pub bid: PublicBid,
}

impl Page for EoiPage {
    const TEMPLATE: &'static str = "awards/eoi.html";
}

/// One expression of interest.
///
/// # Errors
/// `NotFound` before the closing time is over.
pub async fn eoi(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, Refused> {
    let (slug, reference) = path.into_inner();
    let (list, bid) = service::eoi(&visit.app, &visit.call, slug, reference).await?;
    visit.page(&EoiPage { round: list.round, bid }).await
}
