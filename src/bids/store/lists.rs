//! The SQL of lists of bids: one's own, and those of a round.

use diesel::prelude::*;

use crate::{
    bids::model::Bid,
    db::{
        Conn,
        schema::{bids, organisations, partners},
    },
    error::Result,
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, Id, RoundKey},
};

/// What a list of bids shows of one.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    /// The bid.
    pub bid: Bid,
    /// The name of the lead authority.
    pub lead: String,
}

/// How a list of bids is narrowed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<String>,
    /// Only for this phase.
    pub phase: Option<String>,
    /// Only with these words in title, reference or the lead's name.
    pub words: Option<String>,
}

/// Bids that the viewer's own organisations lead or take part in, newest first.
pub fn own(conn: &mut Conn, sight: &Sight, after: Option<Id<BidKey>>, limit: i64) -> Result<Vec<Row>> {
    let joined: Vec<Id<BidKey>> = partners::table
        .filter(partners::organisation_id.eq_any(&sight.organisations))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .select(partners::bid_id)
        .load(conn)?;
    let mut query = bids::table
        .inner_join(organisations::table)
        .filter(bids::lead_id.eq_any(sight.organisations.clone()).or(bids::id.eq_any(joined)))
        .order(bids::id.desc())
        .limit(limit)
        .select((Bid::as_select(), organisations::name))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(bids::id.lt(after));
    }
    Ok(query.load(conn)?)
}

/// Bids that the viewer's own organisations lead or have confirmed to take part in, newest first.
pub fn joined(conn: &mut Conn, sight: &Sight, limit: i64) -> Result<Vec<Row>> {
    let joined: Vec<Id<BidKey>> = partners::table
        .filter(partners::organisation_id.eq_any(&sight.organisations))
        .filter(partners::state.eq("confirmed"))
        .select(partners::bid_id)
        .load(conn)?;
    Ok(bids::table
        .inner_join(organisations::table)
        .filter(bids::lead_id.eq_any(sight.organisations.clone()).or(bids::id.eq_any(joined)))
        .order(bids::id.desc())
        .limit(limit)
        .select((Bid::as_select(), organisations::name))
        .load(conn)?)
}

/// The submitted bids of a round as its staff see them, by reference; what a conflict of interest hides is left out.
pub fn of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    sight: &Sight,
    filter: &Filter,
    (after, limit): (Option<Id<BidKey>>, i64),
) -> Result<Vec<Row>> {
    let mut query = bids::table
        .inner_join(organisations::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::kind.ne(BidKind::Draft))
        .filter(bids::submitted_at.is_not_null())
        .order(bids::id)
        .select((Bid::as_select(), organisations::name))
        .into_boxed();
    if !sight.hidden.is_empty() {
        query = query.filter(bids::id.ne_all(sight.hidden.clone()));
    }
    if let Some(state) = &filter.state {
        query = query.filter(bids::state.eq(state.clone()));
    }
    if let Some(phase) = &filter.phase {
        query = query.filter(bids::phase.eq(phase.clone()));
    }
    if let Some(after) = after {
        query = query.filter(bids::id.gt(after));
    }
    let Some(words) = &filter.words else { return Ok(query.limit(limit).load(conn)?) };
    let mut rows: Vec<Row> = query.load(conn)?;
    rows.retain(|row| row.contains(words));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

/// The references of the bids of a round, and the names of the organisations, of which the reader has said that they have a conflict
/// of interest with them: lists say that these are withheld.
pub fn withheld(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<(Vec<String>, Vec<String>)> {
    let references = bids::table
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::id.eq_any(&sight.withheld))
        .order(bids::reference)
        .select(bids::reference)
        .load(conn)?;
    let mut names: Vec<String> = organisations::table
        .filter(organisations::id.eq_any(&sight.withheld_with))
        .select(organisations::name)
        .load(conn)?;
    names.sort();
    Ok((references, names))
}

impl Row {
    /// Case is folded here because the databases fold it differently.
    fn contains(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        [&self.bid.title, &self.bid.reference, &self.lead].iter().any(|text| text.to_lowercase().contains(&words))
    }
}
