//! The page of a council's bids, narrowed by what stands in the address, and the same bids as CSV.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

use super::{
    api::CouncilQuery,
    model::{CouncilBid, HowFar, Part},
    service::{self, BidsOf},
};
use crate::{
    http::{Query, Refused, csv},
    web::{Page, Visit},
};

/// What the address says of which bids are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Wanted {
    /// Only where the council is or was this.
    #[serde(default)]
    pub role: String,
    /// Only what has come so far.
    #[serde(default)]
    pub state: String,
    /// Only of this round.
    #[serde(default)]
    pub round: String,
    /// Where to go on.
    #[serde(default)]
    pub cursor: String,
}

impl Wanted {
    fn query(&self) -> CouncilQuery {
        let Self { role, state, round, cursor } = self.clone();
        CouncilQuery { role: Some(role), state: Some(state), round: Some(round), cursor: Some(cursor), limit: None }
    }

    /// The address of these bids at `path`.
    fn at(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        let fields = [("role", &self.role), ("state", &self.state), ("round", &self.round), ("cursor", &self.cursor)];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { path.into() } else { [path, &query].join("?") }
    }
}

/// The bids of a council.
#[derive(Debug, Serialize)]
pub struct CouncilBidsPage {
    /// The council.
    pub council: String,
    /// The address of this page without what narrows it.
    pub at: String,
    /// Whether whoever looks works for it.
    pub own: bool,
    /// Which bids are wanted.
    pub wanted: Wanted,
    /// The parts that can be asked for: word and title.
    pub roles: Vec<(&'static str, &'static str)>,
    /// How far they can have come: word and title.
    pub states: Vec<(&'static str, &'static str)>,
    /// The rounds that can be asked for: place in addresses and title.
    pub rounds: Vec<(String, String)>,
    /// The bids of this page.
    pub bids: Vec<Line>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of all of them as CSV.
    pub csv: String,
    /// The address of the same over REST.
    pub json: String,
}

impl Page for CouncilBidsPage {
    const TEMPLATE: &'static str = "awards/council-bids.html";
}

/// A bid in the list.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The bid.
    pub bid: CouncilBid,
    /// What the council is or was to it, in words.
    pub part: &'static str,
    /// Where it is read.
    pub page: Option<String>,
}

impl From<CouncilBid> for Line {
    fn from(bid: CouncilBid) -> Self {
        Self { part: bid.part.title(), page: bid.page.clone(), bid }
    }
}

impl CouncilBidsPage {
    fn of(found: BidsOf, wanted: Wanted) -> Self {
        let at = format!("/organisations/{}/bids", found.organisation.code);
        let first = Wanted { cursor: String::new(), ..wanted.clone() };
        let parts = Part::ALL.iter().filter(|part| found.own || matches!(part, Part::Leads | Part::Joined));
        Self {
            council: found.organisation.name,
            own: found.own,
            roles: parts.map(|part| (part.word(), part.title())).collect(),
            states: HowFar::ALL.iter().map(|progress| (progress.word(), progress.title())).collect(),
            rounds: found.rounds,
            bids: found.bids.items.into_iter().map(Line::from).collect(),
            next: found.bids.next.map(|cursor| Wanted { cursor, ..wanted.clone() }.at(&at)),
            csv: first.at(&format!("{at}.csv")),
            json: first.at(&format!("/api/v1{at}")),
            at,
            wanted,
        }
    }
}

/// GET `/organisations/{organisation}/bids`
pub async fn show(visit: Visit, organisation: Path<String>, wanted: Query<Wanted>) -> Result<HttpResponse, Refused> {
    let (narrowed, page) = wanted.0.query().split()?;
    let found = service::bids_of(&visit.app, &visit.call, organisation.into_inner(), narrowed, page).await?;
    visit.page(&CouncilBidsPage::of(found, wanted.0)).await
}

const COLUMNS: [&str; 8] =
    ["Reference", "Title", "Round", "Lead authority", "Part", "State", "Submitted at", "Award in pounds"];

/// GET `/organisations/{organisation}/bids.csv`: the same bids, all of them.
pub async fn as_csv(visit: Visit, organisation: Path<String>, wanted: Query<Wanted>) -> Result<HttpResponse, Refused> {
    let (narrowed, _) = wanted.0.query().split()?;
    let found = service::all_bids_of(&visit.app, &visit.call, organisation.into_inner(), narrowed).await?;
    let rows = found.bids.items.into_iter().map(cells);
    Ok(csv::attachment("bids", csv::document(&COLUMNS, rows)?))
}

fn cells(bid: CouncilBid) -> [String; 8] {
    [
        bid.reference,
        bid.title.unwrap_or_default(),
        bid.round_title,
        bid.lead.unwrap_or_default(),
        bid.part.title().into(),
        bid.state.unwrap_or_default(),
        bid.submitted_at.map(|at| at.to_string()).unwrap_or_default(),
        bid.awarded_pence.map(|pence| pence.to_string().replace(['£', ','], "")).unwrap_or_default(),
    ]
}
