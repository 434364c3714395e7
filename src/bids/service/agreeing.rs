//! What the caller's councils are asked to agree to about who leads a bid, joins it or becomes one with it, for their own list of
//! bids. The room of partnerships keeps what is proposed.

use diesel::prelude::*;

use super::desk::signed_in;
use crate::{
    db::schema::{bids, partnership_consents as consents, partnership_proposals as proposals},
    error::Result,
    http::{App, Call},
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
