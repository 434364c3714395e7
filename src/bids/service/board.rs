//! The bids of a round as its staff read them: filtered, with the words of their states, and whole for export.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    bids::{
        holds::{self, model::Span},
        store::{self, Filter, Row},
    },
    db::Conn,
    error::Result,
    funds::{self, model::RoundInFull},
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action},
    ids::{BidKey, Id, RoundKey},
};

/// An export holds at most so many bids; no round has had a tenth of it.
const MOST_EXPORTED: i64 = 100_000;

/// Bids of a round.
#[derive(Debug, Clone)]
pub struct Board {
    /// The round.
    pub round: RoundInFull,
    /// The bids on this page.
    pub bids: Listing<Row>,
    /// Those bids of the round that are on hold.
    pub on_hold: BTreeSet<Id<BidKey>>,
    /// What is withheld from whoever looks because they have said that they have a conflict of interest: the references of bids,
    /// and the names of organisations.
    pub withheld: (Vec<String>, Vec<String>),
    /// Whether whoever looks acts on the bids of the round.
    pub may_act: bool,
    /// The states of the round's workflow, with the staff's words for them, in the order of a bid's way.
    pub states: Vec<(String, String)>,
}

impl Board {
    /// The staff's word for a state.
    pub fn label(&self, state: &str) -> String {
        let known: BTreeMap<&str, &str> = self.states.iter().map(|(id, label)| (id.as_str(), label.as_str())).collect();
        known.get(state).copied().unwrap_or(state).to_owned()
    }
}

/// One page of the submitted bids of a round.
///
/// # Errors
/// As policy says; `Invalid` for a wrong cursor or limit.
pub async fn board(app: &App, call: &Call, slug: String, filter: Filter, page: PageRequest) -> Result<Board> {
    let (limit, after) = (page.limit()?, page.after()?);
    call.read(app, move |conn, scene| look(conn, scene, &slug, &filter, (after, limit))).await
}

/// All submitted bids of a round that the filter lets through.
///
/// # Errors
/// As policy says.
pub async fn export(app: &App, call: &Call, slug: String, filter: Filter) -> Result<Board> {
    call.read(app, move |conn, scene| look(conn, scene, &slug, &filter, (None, MOST_EXPORTED))).await
}

type Part = (Option<Id<BidKey>>, i64);

fn look(conn: &mut Conn, scene: &Scene, slug: &str, filter: &Filter, (after, limit): Part) -> Result<Board> {
    let round = funds::service::visible_round(conn, scene, slug)?;
    let granted = policy::round(conn, &scene.actor, Action::ListBids, round.round.id)?;
    let sight = policy::sight(conn, &scene.actor)?;
    let rows = store::of_round(conn, &granted, &sight, filter, (after, limit + 1))?;
    let withheld = store::withheld(conn, &granted, &sight)?;
    let states = states(conn, round.round.id)?;
    let spans = holds::store::spans_of_round(conn, round.round.id)?.into_iter();
    let on_hold = spans.filter(|(_, spans)| spans.iter().any(Span::stands)).map(|(bid, _)| bid).collect();
    let may_act = granted.standing().may(Action::EditRound);
    Ok(Board { on_hold, withheld, may_act, round, bids: Listing::of(rows, limit, |row| row.bid.id), states })
}

/// The states of every version to which bids may be pinned, as the newest calls them.
fn states(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<(String, String)>> {
    let mut states: Vec<(String, String)> = Vec::new();
    for (_, definition) in funds::store::workflows_of_round(conn, round)? {
        let submitted = definition.states.into_iter().filter(|state| state.kind.word() != "draft");
        let new = submitted.filter(|state| states.iter().all(|(id, _)| *id != state.id));
        let new: Vec<_> = new.map(|state| (state.id, state.labels.staff)).collect();
        states.extend(new);
    }
    Ok(states)
}
