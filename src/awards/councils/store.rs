//! The SQL of the bids that a council leads, has led or was ever invited to.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::model::Part;
use crate::{
    bids::model::Bid,
    db::{
        Conn,
        schema::{bid_versions, bids, organisations, partners, partnership_consents, partnership_proposals},
    },
    error::Result,
    funds::rulebook::Stage,
    ids::{BidKey, Id, OrganisationKey, RoundKey},
    partnerships::{
        model::PartnerState,
        proposals::model::{ProposalKind, ProposalState, Side},
    },
};

/// A bid with the name of its lead and what the council is to it.
#[derive(Debug)]
pub struct Row {
    /// The bid.
    pub bid: Bid,
    /// The name of its lead.
    pub lead: String,
    /// What the council is to it.
    pub part: Part,
}

/// Where a page of a council's bids begins and ends.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Only of this round.
    pub round: Option<Id<RoundKey>>,
    /// Only those that were begun before this one.
    pub after: Option<Id<BidKey>>,
    /// So many at most.
    pub limit: i64,
}

/// The bids that a council leads, has led or was ever invited to, newest first, as far as `cut` goes. What of them may be read is
/// the caller's to say.
pub fn some(conn: &mut Conn, council: Id<OrganisationKey>, cut: Cut) -> Result<Vec<Row>> {
    let invited: BTreeMap<Id<BidKey>, PartnerState> = partners::table
        .filter(partners::organisation_id.eq(council))
        .select((partners::bid_id, partners::state))
        .load::<(Id<BidKey>, PartnerState)>(conn)?
        .into_iter()
        .collect();
    let led = led_once(conn, council)?;
    let ids: Vec<Id<BidKey>> = invited.keys().chain(&led).copied().collect();
    let mut query = bids::table
        .inner_join(organisations::table)
        .filter(bids::lead_id.eq(council).or(bids::id.eq_any(ids)))
        .order(bids::id.desc())
        .limit(cut.limit)
        .select((Bid::as_select(), organisations::name))
        .into_boxed();
    if let Some(round) = cut.round {
        query = query.filter(bids::round_id.eq(round));
    }
    if let Some(after) = cut.after {
        query = query.filter(bids::id.lt(after));
    }
    let rows: Vec<(Bid, String)> = query.load(conn)?;
    let row = |(bid, lead): (Bid, String)| {
        let part = if bid.lead_id == council {
            Part::Leads
        } else {
            // Whoever led it and did not stay as a partner has left it.
            invited.get(&bid.id).copied().map_or(Part::Left, Part::from)
        };
        Row { bid, lead, part }
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The rounds of those bids, the newest bid's first.
pub fn rounds(conn: &mut Conn, council: Id<OrganisationKey>) -> Result<Vec<Id<RoundKey>>> {
    let invited = partners::table.filter(partners::organisation_id.eq(council)).select(partners::bid_id);
    let invited: Vec<Id<BidKey>> = invited.load(conn)?;
    let ids: Vec<Id<BidKey>> = invited.into_iter().chain(led_once(conn, council)?).collect();
    let found: Vec<Id<RoundKey>> = bids::table
        .filter(bids::lead_id.eq(council).or(bids::id.eq_any(ids)))
        .order(bids::id.desc())
        .select(bids::round_id)
        .load(conn)?;
    let mut seen = BTreeSet::new();
    Ok(found.into_iter().filter(|round| seen.insert(*round)).collect())
}

/// The bids that a council led until another one took that over, to which it agreed.
fn led_once(conn: &mut Conn, council: Id<OrganisationKey>) -> Result<BTreeSet<Id<BidKey>>> {
    let bids: Vec<Id<BidKey>> = partnership_consents::table
        .inner_join(partnership_proposals::table)
        .filter(partnership_consents::organisation_id.eq(Some(council)))
        .filter(partnership_consents::side.eq(Side::Lead))
        .filter(partnership_proposals::kind.eq(ProposalKind::Lead))
        .filter(partnership_proposals::state.eq(ProposalState::Done))
        .select(partnership_proposals::bid_id)
        .load(conn)?;
    Ok(bids.into_iter().collect())
}

/// Which stages of these bids were submitted, each as often as it was.
pub fn submitted(conn: &mut Conn, bids: &[Id<BidKey>]) -> Result<BTreeMap<Id<BidKey>, Vec<Stage>>> {
    let rows: Vec<(Id<BidKey>, Stage)> = bid_versions::table
        .filter(bid_versions::bid_id.eq_any(bids))
        .select((bid_versions::bid_id, bid_versions::stage))
        .load(conn)?;
    let mut stages: BTreeMap<Id<BidKey>, Vec<Stage>> = BTreeMap::new();
    for (bid, stage) in rows {
        stages.entry(bid).or_default().push(stage);
    }
    Ok(stages)
}
