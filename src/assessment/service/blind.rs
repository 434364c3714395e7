//! Who reads blind: whoever assesses for a round and works for the fund besides reads no scores of others, and nothing that is made of
//! them, until moderation is open and their own are submitted.

use std::collections::BTreeSet;

use super::{Asked, Decided, person_of};
use crate::{
    assessment::{gateway, model::BidRow, moderation::service::opened_in, store},
    db::Conn,
    error::{AppError, Result},
    http::Scene,
    identity::policy::{self, Granted, Sight},
    ids::{BidKey, Id, RoundKey},
};

/// Refuses the scores of a bid to whoever assesses it too, until moderation is open and their own are submitted: one person can have
/// both parts, and reads blind all the same.
///
/// # Errors
/// `Conflict` for such a person.
pub(in crate::assessment) fn must_not_read_blind(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<()> {
    let Ok(person) = person_of(scene) else { return Ok(()) };
    let given = store::assignments::of_bid(conn, &asked.granted)?;
    let Some(own) = given.into_iter().find(|assignment| assignment.person == person) else { return Ok(()) };
    let open = opened_in(conn, &asked.granted, asked.bid.round_id)?.is_some();
    if open && own.submitted_at.is_some() {
        return Ok(());
    }
    let message = "You assess this bid yourself. You read what others gave once moderation is open and your own assessment is submitted.";
    Err(AppError::conflict("blind", message))
}

/// The bids of a round that somebody is to assess and reads blind still: moderation is not open, or their own scores are not
/// submitted. What takes no scores any more, nobody reads blind, and neither what a conflict of interest hides from them, which
/// they cannot score: one that comes with a new employer ends no assignment.
fn read_blind(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<BidRow>> {
    let Some(person) = sight.person else { return Ok(Vec::new()) };
    let open = opened_in(conn, round, round.id())?.is_some();
    let given = store::assignments::of_round(conn, round)?.into_iter();
    let own = given.filter(|(_, reader, _, submitted)| *reader == person && !(open && submitted.is_some()));
    let own: BTreeSet<Id<BidKey>> = own.map(|(bid, ..)| bid).filter(|bid| !sight.hidden.contains(bid)).collect();
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let (decided, failed) = (Decided::of_round(conn, round)?, gateway::service::failed(conn, round)?);
    let mut bids = store::bids_of(conn, round, sight)?;
    bids.retain(|bid| own.contains(&bid.id) && !failed.contains(&bid.id) && decided.may_take_scores(bid));
    Ok(bids)
}

/// The same by their ids.
///
/// # Errors
/// When the database fails.
pub(in crate::assessment) fn blind_bids(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    sight: &Sight,
) -> Result<BTreeSet<Id<BidKey>>> {
    Ok(read_blind(conn, round, sight)?.into_iter().map(|bid| bid.id).collect())
}

/// Whether somebody reads a bid of the round blind, so that nothing is shown to them that follows from the scores of all.
///
/// # Errors
/// When the database fails.
pub fn reads_blind(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<bool> {
    Ok(!read_blind(conn, round, sight)?.is_empty())
}

/// Refuses what follows from the scores of all bids of a round to whoever reads one of them blind.
///
/// # Errors
/// `Conflict` for such a person, which names the bids.
pub fn must_not_read_round_blind(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>) -> Result<()> {
    let sight = policy::sight(conn, &scene.actor)?;
    let blind: Vec<String> = read_blind(conn, round, &sight)?.into_iter().map(|bid| bid.reference).collect();
    if blind.is_empty() {
        return Ok(());
    }
    let message = format!(
        "You assess bids of this round yourself. You read what is made of all scores once moderation is open and your own assessments are \
         submitted: {}. If you can no longer submit one, ask a colleague to take the bid from you.",
        blind.join(", ")
    );
    Err(AppError::conflict("blind", message))
}
