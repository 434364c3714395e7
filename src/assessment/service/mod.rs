//! The use cases of assessment.

mod assign;
mod blind;
mod givable;
mod given;
mod ranking;
mod read;
mod read_once;
mod scores;
mod sift;
mod stand;
mod wanted;

pub use assign::{Panel, PanelBid, Reader, assessors, assign, assign_many, panel, round_of, unassign};
pub use blind::{must_not_read_round_blind, reads_blind};
pub use givable::{Refusal, refusals};
pub use ranking::{ScoreLine, ranked, ranking, scores_of_round};
pub use read::{ToScore, ToSift, to_score, to_sift};
pub use scores::{mine, my_scores, readers, save, scores_complete, scores_of, submit};
pub use sift::{Show, SiftFilter, SiftFound, SiftLine, SiftQueue, mark, queue, sift_of, sift_results};

pub use wanted::close as close_replacements;

pub(super) use assign::{give, take};
pub(super) use blind::{blind_bids, must_not_read_blind};
pub(super) use givable::must_be_for_assessment;
pub(super) use ranking::{Readings, in_the_running, is_in_the_running};
pub(super) use read::to_read;
pub(super) use read_once::ReadOnce;
pub(super) use scores::{add, hand_in, holds_bid, keep, must_be_passed, own, unscored};
pub(super) use stand::{Decided, for_assessment, known_for_assessment, open_for_scores};

use self::sift::result_of;
use super::{model::BidRow, store};
use crate::{
    actor::Actor,
    bids,
    db::Conn,
    error::Result,
    funds::{self, model::RoundInFull},
    http::Scene,
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// A bid on which policy has allowed something, with its round and the timetable that the bid goes by.
pub(super) struct Asked {
    pub(super) granted: Granted<BidKey>,
    pub(super) bid: BidRow,
    pub(super) round: RoundInFull,
}

/// Asks policy for an action on a bid and loads what the use case needs of it.
pub(super) fn ask(conn: &mut Conn, scene: &Scene, action: Action, reference: &str) -> Result<Asked> {
    let id = id_of(conn, scene, reference)?;
    let granted = policy::bid(conn, &scene.actor, action, id)?;
    loaded(conn, granted)
}

/// The same for whoever only reads what they have before them for the action, also after the round was called off.
pub(super) fn look(conn: &mut Conn, scene: &Scene, action: Action, reference: &str) -> Result<Asked> {
    let id = id_of(conn, scene, reference)?;
    let granted = policy::bid_to_read(conn, &scene.actor, action, id)?;
    loaded(conn, granted)
}

fn id_of(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Id<BidKey>> {
    bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))
}

fn loaded(conn: &mut Conn, granted: Granted<BidKey>) -> Result<Asked> {
    let bid = store::bid(conn, &granted)?;
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let round = funds::store::in_full_for(conn, round, bid.id)?;
    Ok(Asked { granted, bid, round })
}

/// Asks policy for an action on the bids of a round.
///
/// # Errors
/// As policy says; `NotFound` where there is no such round.
pub fn ask_round(
    conn: &mut Conn,
    scene: &Scene,
    action: Action,
    slug: &str,
) -> Result<(Granted<RoundKey>, RoundInFull)> {
    let round = funds::store::round_by_slug(conn, slug)?;
    let granted = policy::round(conn, &scene.actor, action, round.id)?;
    Ok((granted, funds::store::in_full(conn, round)?))
}

fn round_in_full(conn: &mut Conn, id: Id<RoundKey>) -> Result<RoundInFull> {
    let round = funds::store::round_by_id(conn, id)?;
    funds::store::in_full(conn, round)
}

/// Whether a conflict of interest hides a bid of the round from the actor. Any bid that was submitted counts, so that nobody
/// learns from this which of them were found eligible.
pub(super) fn is_barred(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>) -> Result<bool> {
    let all = policy::sight(conn, &Actor::System)?;
    let own = policy::sight(conn, &scene.actor)?;
    let bids = store::bids_of(conn, round, &all)?;
    Ok(bids.iter().any(|bid| own.hidden.contains(&bid.id)))
}

/// The person who acts: what is marked, given and scored here is a person's judgement.
pub(super) fn person_of(scene: &Scene) -> Result<Id<PersonKey>> {
    scene.person_or("Only a person can do this. An access token stands for a program.")
}
