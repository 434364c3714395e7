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
    ids::{BidKey, Id, OrganisationKey},
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

/// Every bid that a council leads, has led or was ever invited to, newest first. What of it may be read is the caller's to say.
pub fn every(conn: &mut Conn, council: Id<OrganisationKey>) -> Result<Vec<Row>> {
    let invited: BTreeMap<Id<BidKey>, PartnerState> = partners::table
        .filter(partners::organisation_id.eq(council))
        .select((partners::bid_id, partners::state))
        .load::<(Id<BidKey>, PartnerState)>(conn)?
        .into_iter()
        .collect();
    let led = led_once(conn, council)?;
    let ids: Vec<Id<BidKey>> = invited.keys().chain(&led).copied().collect();
    let rows: Vec<(Bid, String)> = bids::table
        .inner_join(organisations::table)
        .filter(bids::lead_id.eq(council).or(bids::id.eq_any(ids)))
        .order(bids::id.desc())
        .select((Bid::as_select(), organisations::name))
        .load(conn)?;
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
