//! The use cases of pools.

mod answer;
mod close;
mod invite;
mod look;
mod reminders;
mod role;
mod settings;
mod terms;

use answer::must_have_read;
pub use answer::{accept, decline};
pub use close::{end, withdraw};
pub use invite::invite;
pub(in crate::assessment) use look::says;
pub use look::{ToInvite, mine, my_places, one, pool, table, to_invite};
pub(in crate::assessment) use reminders::calendar_of;
pub use reminders::{REMINDER_JOB, reminder_handler};
pub use settings::settle;
pub use terms::{agree, ask_again, unagreed};
use terms::{asked_for, terms_of};

use std::collections::BTreeMap;

use super::{
    model::{PlaceRow, PlaceState, PoolRow},
    store,
};
use crate::{
    actor::Actor,
    assessment::service::{ask_round, known_for_assessment, person_of},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::{
        self,
        model::{RoundInFull, RoundState, Status},
    },
    http::Scene,
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
};

/// Who has accepted to assess in a round, with how many bids each can read at most; none where the round has no pool, so that
/// the fund's roles say who assesses.
///
/// # Errors
/// When the database fails.
pub fn accepted<T>(
    conn: &mut Conn,
    granted: &Granted<T>,
    round: Id<RoundKey>,
) -> Result<Option<BTreeMap<Id<PersonKey>, Option<u32>>>> {
    if store::pool(conn, round)?.is_none() {
        return Ok(None);
    }
    let accepted = store::accepted(conn, granted, round)?.into_iter();
    Ok(Some(accepted.map(|(person, said)| (person, said.most)).collect()))
}

pub use store::given;

/// The places of a round that stand as accepted; none where the round has no pool.
///
/// # Errors
/// When the database fails.
pub fn accepted_places(conn: &mut Conn, granted: &Granted<RoundKey>) -> Result<Vec<PlaceRow>> {
    let held = store::places(conn, granted)?.into_iter().map(|(place, ..)| place);
    Ok(held.filter(|place| place.state == PlaceState::Accepted).collect())
}

/// A round with what is settled for its pool.
struct Asked {
    granted: Granted<RoundKey>,
    round: RoundInFull,
    pool: PoolRow,
    open: bool,
}

/// Asks policy for an action on the pool of a round.
fn ask(conn: &mut Conn, scene: &Scene, action: Action, slug: &str) -> Result<Asked> {
    let (granted, round) = ask_round(conn, scene, action, slug)?;
    let found = store::pool(conn, round.round.id)?;
    let open = found.is_some();
    Ok(Asked { granted, pool: found.unwrap_or_else(|| PoolRow::usual(round.round.id)), open, round })
}

/// The same to change something, which takes a person and a round in which bids are still to be read.
fn ask_to_change(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Asked, Id<PersonKey>)> {
    let asked = ask(conn, scene, Action::ManagePool, slug)?;
    let person = person_of(scene)?;
    must_be_running(&asked.round, scene.now)?;
    Ok((asked, person))
}

/// Assessors are asked from when a round is published until its awards are announced.
///
/// # Errors
/// `Conflict` before and after.
pub(in crate::assessment) fn must_be_running(round: &RoundInFull, now: Moment) -> Result<()> {
    round.round.require_running()?;
    if round.round.state != RoundState::Published {
        return Err(AppError::conflict(
            "not_published",
            "Publish the round first: its rules say what there is to read.",
        ));
    }
    if matches!(round.status(now), Status::Announced | Status::Ended) {
        return Err(AppError::conflict("round_over", "The awards are announced, so that nothing is left to assess."));
    }
    Ok(())
}

/// Somebody's own place in the pool of a round.
struct Own {
    round: RoundInFull,
    pool: PoolRow,
    person: Id<PersonKey>,
    held: store::Held,
}

impl Own {
    /// Whoever was never invited hears nothing of the pool.
    fn find(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Self> {
        let person = person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let round = funds::store::round_by_slug(conn, slug)?;
        let held = store::own(conn, &sight, round.id)?.ok_or(AppError::NotFound)?;
        let pool = store::pool(conn, round.id)?.ok_or(AppError::NotFound)?;
        Ok(Self { round: funds::store::in_full(conn, round)?, pool, person, held })
    }

    const fn place(&self) -> &PlaceRow {
        &self.held.0
    }

    /// Nothing unless the place stands at another version.
    fn must_be_at(&self, version: i32) -> Result<()> {
        must_be_at(self.place(), version)
    }

    /// What the service itself may know of the round, to count for whoever has the place.
    fn of_the_house(&self, conn: &mut Conn) -> Result<Granted<RoundKey>> {
        policy::round(conn, &Actor::System, Action::AssignAssessors, self.round.round.id)
    }

    /// How many bids of the round they have, and how many assessments of these they have submitted; what a conflict of interest
    /// hides from them by now does not count.
    fn load(&self, conn: &mut Conn, now: Moment) -> Result<(u32, u32)> {
        let house = self.of_the_house(conn)?;
        let hidden = policy::conflicted_bids(conn, self.person, now)?;
        load_of(conn, &house, self.person, &hidden)
    }

    /// Whether every bid, as everybody may know of it, has its readers: from then on what was said stays. What a conflict of
    /// interest hides from whoever has the place changes nothing.
    fn has_been_assigned(&self, conn: &mut Conn, now: Moment) -> Result<bool> {
        if !self.round.timetable.is_readable(funds::rulebook::Stage::Full, now) {
            return Ok(false);
        }
        let house = self.of_the_house(conn)?;
        let all: Sight = policy::sight(conn, &Actor::System)?;
        let mut bids = known_for_assessment(conn, &house, &all)?;
        let hidden = policy::conflicted_bids(conn, self.person, now)?;
        bids.retain(|bid| !hidden.contains(&bid.id));
        let read = crate::assessment::store::assignments::of_round(conn, &house)?;
        let least = usize::try_from(self.round.rulebook.least_readers).unwrap_or(usize::MAX);
        let readers = |id: Id<BidKey>| read.iter().filter(|(bid, ..)| *bid == id).count();
        Ok(!bids.is_empty() && bids.iter().all(|bid| readers(bid.id) >= least))
    }
}

/// Somebody's own place in the pool of a round, which they have accepted.
pub(in crate::assessment) struct OwnPlace {
    pub place: Id<RowKey>,
    pub person: Id<PersonKey>,
    pub round: RoundInFull,
    /// Whether what they have said can still be changed: until every bid has its readers, and while there is something to assess.
    pub open: bool,
}

/// One's own place in the pool of a round, for whoever has accepted and has not stopped since.
///
/// # Errors
/// `NotFound` for everybody else.
pub(in crate::assessment) fn own_accepted(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<OwnPlace> {
    let own = Own::find(conn, scene, slug)?;
    if own.place().state != PlaceState::Accepted {
        return Err(AppError::NotFound);
    }
    let open = look::is_open(conn, scene, &own)?;
    Ok(OwnPlace { place: own.place().id, person: own.person, open, round: own.round })
}

fn must_be_at(place: &PlaceRow, version: i32) -> Result<()> {
    if place.version == version { Ok(()) } else { Err(AppError::Stale { current: place.version }) }
}

/// How many bids of a round a person has, and how many assessments they have submitted, without what is hidden.
fn load_of(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    person: Id<PersonKey>,
    hidden: &[Id<BidKey>],
) -> Result<(u32, u32)> {
    let mut given = store::given(conn, round, (round.id(), person))?;
    given.retain(|(bid, _)| !hidden.contains(bid));
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    Ok((count(given.len()), count(given.iter().filter(|(_, submitted)| submitted.is_some()).count())))
}
