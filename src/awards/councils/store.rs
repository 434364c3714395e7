//! The SQL of the bids that a council leads or was ever invited to.

use diesel::prelude::*;

use super::model::Part;
use crate::{
    bids::model::Bid,
    db::{
        Conn,
        schema::{bids, organisations, partners},
    },
    error::Result,
    ids::{BidKey, Id, OrganisationKey},
    partnerships::model::PartnerState,
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

/// Every bid that a council leads or was ever invited to, newest first. What of it may be read is the caller's to say.
pub fn every(conn: &mut Conn, council: Id<OrganisationKey>) -> Result<Vec<Row>> {
    let invited: Vec<(Id<BidKey>, PartnerState)> = partners::table
        .filter(partners::organisation_id.eq(council))
        .select((partners::bid_id, partners::state))
        .load(conn)?;
    let ids: Vec<Id<BidKey>> = invited.iter().map(|(bid, _)| *bid).collect();
    let rows: Vec<(Bid, String)> = bids::table
        .inner_join(organisations::table)
        .filter(bids::lead_id.eq(council).or(bids::id.eq_any(ids)))
        .order(bids::id.desc())
        .select((Bid::as_select(), organisations::name))
        .load(conn)?;
    let row = |(bid, lead): (Bid, String)| {
        let state = invited.iter().find(|(id, _)| *id == bid.id).map(|(_, state)| *state);
        let part = if bid.lead_id == council { Some(Part::Leads) } else { state.map(Part::from) };
        part.map(|part| Row { bid, lead, part })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}
