//! The staff's list of a round's bids: every filter in the address, and the same bids as CSV.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;

use crate::{
    bids::{
        service::{self, Board},
        store::{Filter, Row},
    },
    clock::Moment,
    funds::{pages::RoundCard, rulebook::Phase},
    http::{PageRequest, Query, Refused, csv},
    money::Pence,
    web::{Page, Visit},
};

/// What the address says of which bids are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Wanted {
    /// Only in this state.
    #[serde(default)]
    pub state: String,
    /// Only for this phase.
    #[serde(default)]
    pub phase: String,
    /// Only with these words in title, reference or lead.
    #[serde(default)]
    pub q: String,
    /// Where to go on.
    #[serde(default)]
    pub cursor: String,
}

impl Wanted {
    fn filter(&self) -> Filter {
        let some = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter { state: some(&self.state), phase: some(&self.phase), words: some(&self.q) }
    }

    fn page(&self) -> PageRequest {
        PageRequest { cursor: Some(self.cursor.clone()).filter(|cursor| !cursor.is_empty()), limit: None }
    }

    /// The address of these bids at `path`.
    fn at(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        let fields = [("q", &self.q), ("state", &self.state), ("phase", &self.phase), ("cursor", &self.cursor)];
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { path.into() } else { [path, &query].join("?") }
    }
}

/// The list.
#[derive(Debug, Serialize)]
pub struct BidsPage {
    /// The round.
    pub round: RoundCard,
    /// Which bids are wanted.
    pub wanted: Wanted,
    /// The states that can be asked for: id and the staff's words.
    pub states: Vec<(String, String)>,
    /// The phases that can be asked for.
    pub phases: Vec<Phase>,
    /// The filters that are set, each with the address without it.
    pub selected: Vec<Selected>,
    /// The bids of this page.
    pub bids: Vec<Line>,
    /// What is withheld because the reader has said that they have a conflict of interest: references, and names of organisations.
    pub withheld: (Vec<String>, Vec<String>),
    /// Whether whoever looks can choose some and do something with them.
    pub may_act: bool,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of all of them as CSV.
    pub csv: String,
}

impl Page for BidsPage {
    const TEMPLATE: &'static str = "bids/list.html";
}

/// A filter that is set.
#[derive(Debug, Serialize)]
pub struct Selected {
    /// What it says.
    pub text: String,
    /// The address without it.
    pub without: String,
}

/// A bid in the list.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The lead authority.
    pub lead: String,
    /// Its state, in the staff's words.
    pub state: String,
    /// The phase it bids for.
    pub phase: String,
    /// How much it asks for.
    pub ask: Option<Pence>,
    /// When it was last submitted.
    pub submitted_at: Option<Moment>,
    /// Whether parts of it are illustrative.
    pub illustrative: bool,
    /// Whether it is on hold.
    pub on_hold: bool,
}

impl Line {
    fn of(board: &Board, row: &Row) -> Self {
        let phase = row.bid.phase.as_deref().and_then(|phase| board.round.rulebook.phase(phase));
        Self {
            reference: row.bid.reference.clone(),
            title: row.bid.title.clone(),
            lead: row.lead.clone(),
            state: board.label(&row.bid.state),
            phase: phase.map(|phase| phase.name.clone()).unwrap_or_default(),
            ask: row.bid.ask_pence,
            submitted_at: row.bid.submitted_at,
            illustrative: row.bid.known.0.illustrative,
            on_hold: board.on_hold.contains(&row.bid.id),
        }
    }

    fn cells(self) -> [String; 8] {
        let pounds = |pence: Pence| pence.to_string().replace(['£', ','], "");
        [
            self.reference,
            self.title,
            self.lead,
            self.state,
            self.phase,
            self.ask.map(pounds).unwrap_or_default(),
            self.submitted_at.map(|at| at.to_string()).unwrap_or_default(),
            if self.illustrative { "yes" } else { "no" }.into(),
        ]
    }
}

const COLUMNS: [&str; 8] =
    ["Reference", "Title", "Lead authority", "State", "Phase", "Ask in pounds", "Submitted at", "Illustrative"];

impl BidsPage {
    fn of(board: &Board, wanted: Wanted, now: Moment) -> Self {
        let path = format!("/rounds/{}/bids", board.round.round.slug);
        let first_page = Wanted { cursor: String::new(), ..wanted.clone() };
        let next = board.bids.next.clone().map(|cursor| Wanted { cursor, ..wanted.clone() }.at(&path));
        Self {
            round: RoundCard::of(&board.round, now),
            states: board.states.clone(),
            phases: board.round.rulebook.phases.clone(),
            selected: selected(board, &first_page, &path),
            bids: board.bids.items.iter().map(|row| Line::of(board, row)).collect(),
            withheld: board.withheld.clone(),
            may_act: board.may_act,
            next,
            csv: first_page.at(&format!("{path}.csv")),
            wanted,
        }
    }
}

fn selected(board: &Board, wanted: &Wanted, path: &str) -> Vec<Selected> {
    let mut selected = Vec::new();
    let mut offer = |text: String, without: Wanted| selected.push(Selected { text, without: without.at(path) });
    if !wanted.q.is_empty() {
        offer(format!("Words: {}", wanted.q), Wanted { q: String::new(), ..wanted.clone() });
    }
    if !wanted.state.is_empty() {
        offer(board.label(&wanted.state), Wanted { state: String::new(), ..wanted.clone() });
    }
    if !wanted.phase.is_empty() {
        let phase = board.round.rulebook.phase(&wanted.phase).map_or(&wanted.phase, |phase| &phase.name);
        offer(phase.clone(), Wanted { phase: String::new(), ..wanted.clone() });
    }
    selected
}

/// The list.
pub async fn show(visit: Visit, slug: Path<String>, wanted: Query<Wanted>) -> Result<HttpResponse, Refused> {
    let wanted = wanted.0;
    let board = service::board(&visit.app, &visit.call, slug.into_inner(), wanted.filter(), wanted.page()).await?;
    visit.page(&BidsPage::of(&board, wanted, visit.call.received)).await
}

/// The same bids, all of them, as CSV.
pub async fn as_csv(visit: Visit, slug: Path<String>, wanted: Query<Wanted>) -> Result<HttpResponse, Refused> {
    let board = service::export(&visit.app, &visit.call, slug.into_inner(), wanted.filter()).await?;
    let rows = board.bids.items.iter().map(|row| Line::of(&board, row).cells());
    Ok(csv::attachment("bids", csv::document(&COLUMNS, rows)?))
}
