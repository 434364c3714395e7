//! The use cases of how far reading is.

mod due;
mod look;
mod remind;

pub use due::{REMINDER_JOB, choose, reminder_handler, wanted, wanted_by};
pub use look::progress;
pub use remind::remind;

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::store;
use crate::{
    assessment::{
        model::BidRow,
        moderation::service::opened_in,
        service::{for_assessment, open_for_scores},
    },
    clock::Moment,
    db::Conn,
    error::Result,
    funds::{model::RoundInFull, rulebook::Stage},
    identity::policy::{self, Granted, Sight},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// A bid that somebody was given, with how far they are.
struct Reading {
    bid: BidRow,
    person: Id<PersonKey>,
    name: String,
    submitted_at: Option<Moment>,
    /// How many criteria they have scored.
    scored: usize,
    /// When they last did.
    last_at: Option<Moment>,
    /// Whether it can be submitted now and is not.
    waits: bool,
}

/// What is given out of the bids of a round that are for assessment and in sight, without what a conflict of interest hides from
/// its readers by now.
fn readings(
    conn: &mut Conn,
    (granted, round): (&Granted<RoundKey>, &RoundInFull),
    (sight, now): (&Sight, Moment),
) -> Result<Vec<Reading>> {
    let bids = for_assessment(conn, granted, sight)?;
    let takes_scores = match round.round.cancelled_at.is_none() && round.timetable.is_readable(Stage::Full, now) {
        true => open_for_scores(conn, granted, &bids)?,
        false => BTreeSet::new(),
    };
    let bids: BTreeMap<Id<BidKey>, BidRow> = bids.into_iter().map(|bid| (bid.id, bid)).collect();
    let opened = opened_in(conn, granted, granted.id())?;
    let mut scored = scored(conn, granted)?;
    let mut hidden = Hidden::default();
    let mut readings = Vec::new();
    for given in store::given(conn, granted)? {
        let Some(bid) = bids.get(&given.bid) else { continue };
        if hidden.hides(conn, (given.person, given.bid), now)? {
            continue;
        }
        let locked = opened.is_some_and(|opened| given.assigned_at <= opened);
        let (criteria, last_at) = scored.remove(&(given.bid, given.person)).unwrap_or_default();
        readings.push(Reading {
            waits: given.submitted_at.is_none() && !locked && takes_scores.contains(&given.bid),
            bid: bid.clone(),
            person: given.person,
            name: given.name,
            submitted_at: given.submitted_at,
            scored: criteria.len(),
            last_at,
        });
    }
    readings.sort_by(|one, other| {
        (&one.name, one.person, &one.bid.reference).cmp(&(&other.name, other.person, &other.bid.reference))
    });
    Ok(readings)
}

type Scored = BTreeMap<(Id<BidKey>, Id<PersonKey>), (BTreeSet<String>, Option<Moment>)>;

fn scored(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Scored> {
    let mut found = Scored::new();
    for (bid, person, criterion, at) in store::scored(conn, round)? {
        let (criteria, last) = found.entry((bid, person)).or_default();
        criteria.insert(criterion);
        *last = (*last).max(Some(at));
    }
    Ok(found)
}

/// The bids that conflicts of interest hide from people, as far as somebody has asked.
#[derive(Default)]
struct Hidden(BTreeMap<Id<PersonKey>, Vec<Id<BidKey>>>);

impl Hidden {
    fn hides(&mut self, conn: &mut Conn, (person, bid): (Id<PersonKey>, Id<BidKey>), now: Moment) -> Result<bool> {
        let hidden = match self.0.entry(person) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(policy::conflicted_bids(conn, person, now)?),
        };
        Ok(hidden.contains(&bid))
    }
}
