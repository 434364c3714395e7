//! What the caller's councils are asked to agree to about who leads a bid, joins it or becomes one with it, for their own list of
//! bids, and how much of it a bid's history tells. The room of partnerships keeps what is proposed.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use super::desk::signed_in;
use crate::{
    db::{
        Conn,
        schema::{bids, partnership_consents as consents, partnership_proposals as proposals},
    },
    error::Result,
    events::Data,
    http::{App, Call},
    identity::policy::{Capacity, Granted},
    ids::{BidKey, Id, OrganisationKey, RowKey},
};

/// A proposal that waits for one of the caller's councils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToAgree {
    /// The proposal.
    pub id: Id<RowKey>,
    /// The bid of theirs that it is about.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// `lead`, `join` or `merge`.
    pub kind: String,
}

/// A proposal, its two bids, what it is, and who is asked.
type Row = (Id<RowKey>, Id<BidKey>, Option<Id<BidKey>>, String, Option<Id<OrganisationKey>>);

/// What waits for the agreement of the caller's councils, oldest first.
///
/// # Errors
/// `Unauthenticated`.
pub async fn to_agree(app: &App, call: &Call) -> Result<Vec<ToAgree>> {
    call.read(app, move |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let rows: Vec<Row> = consents::table
            .inner_join(proposals::table)
            .filter(consents::organisation_id.eq_any(sight.organisations.iter().copied().map(Some)))
            .filter(consents::agreed_at.is_null())
            .filter(proposals::state.eq("open"))
            .order((consents::asked_at, proposals::id))
            .select((
                proposals::id,
                proposals::bid_id,
                proposals::other_bid_id,
                proposals::kind,
                consents::organisation_id,
            ))
            .load(conn)?;
        let mut waiting: Vec<ToAgree> = Vec::new();
        for (id, bid, other, kind, organisation) in rows {
            // Of two bids that become one each lead reads it among the pages of its own.
            let own = bids::table
                .filter(bids::id.eq_any([Some(bid), other].into_iter().flatten()))
                .filter(bids::lead_id.nullable().eq(organisation))
                .select((bids::reference, bids::title))
                .first(conn)
                .optional()?;
            let (reference, title) = match own {
                Some(own) => own,
                None => bids::table.find(bid).select((bids::reference, bids::title)).first(conn)?,
            };
            if !waiting.iter().any(|known| known.id == id) {
                waiting.push(ToAgree { id, reference, title, kind });
            }
        }
        Ok(waiting)
    })
    .await
}

/// A bid's history as somebody may read it who is none of its councils: without what these have proposed among themselves, unless
/// the fund was asked, and without what they have written since they last submitted.
///
/// # Errors
/// When the database fails.
pub fn as_may_be_read(conn: &mut Conn, bid: &Granted<BidKey>, happened: Vec<Data>) -> Result<Vec<Data>> {
    let of_its_councils = [Capacity::PartnerMember, Capacity::PartnerSignatory];
    if bid.standing().leads() || of_its_councils.into_iter().any(|capacity| bid.standing().is(capacity)) {
        return Ok(happened);
    }
    let asked = consents::table.filter(consents::side.eq("fund")).select(consents::proposal_id);
    let known: Vec<Id<RowKey>> = proposals::table
        .filter(proposals::bid_id.eq(bid.id()).or(proposals::other_bid_id.eq(Some(bid.id()))))
        .filter(proposals::state.eq("done").or(proposals::id.eq_any(asked)))
        .select(proposals::id)
        .load(conn)?;
    let known: BTreeSet<String> = known.iter().map(ToString::to_string).collect();
    let is_known =
        |event: &Data| event.detail.get("proposal").and_then(Value::as_str).is_some_and(|id| known.contains(id));
    let submitted =
        happened.iter().filter(|event| event.kind == "bid.submitted").map(|event| event.seq).max().unwrap_or(0);
    let is_written_since = |event: &Data| event.kind.ends_with("_written") && event.seq > submitted;
    let may_be_read = |event: &Data| !event.kind.starts_with("partnership.") || is_known(event);
    Ok(happened.into_iter().filter(|event| may_be_read(event) && !is_written_since(event)).collect())
}
