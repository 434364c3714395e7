//! How far the reading of a round is, for those who see to it.

use std::collections::BTreeMap;

use super::{Reading, readings};
use crate::{
    assessment::{
        progress::{
            model::{BidProgress, Progress, ReaderProgress},
            store,
        },
        service::ask_round,
    },
    clock::Moment,
    error::Result,
    funds::model::RoundInFull,
    http::{App, Call},
    identity::policy::{self, Action},
    ids::{Id, PersonKey},
};

/// How far the reading of a round is, with the round, whether the reader can choose by when scores are wanted, and whether they
/// can remind.
///
/// # Errors
/// `Forbidden` for other staff; `NotFound` for whoever may not know of the round.
pub async fn progress(app: &App, call: &Call, slug: String) -> Result<(RoundInFull, Progress, bool)> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &slug)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let readings = readings(conn, (&granted, &round), (&sight, scene.now))?;
        let reminded: BTreeMap<Id<PersonKey>, Moment> = store::reminded(conn, &granted)?.into_iter().collect();
        let wanted = store::wanted(conn, round.round.id)?;
        let progress = Progress {
            wanted: wanted.into(),
            least_readers: round.rulebook.least_readers,
            given: count(&readings, |_| true),
            begun: count(&readings, has_begun),
            submitted: count(&readings, has_submitted),
            people: people_of(&readings, &reminded),
            bids: bids_of(&readings),
        };
        let manages = granted.standing().may(Action::ManagePool);
        Ok((round, progress, manages))
    })
    .await
}

fn count<'a>(readings: impl IntoIterator<Item = &'a Reading>, those: impl Fn(&Reading) -> bool) -> u32 {
    let found = readings.into_iter().filter(|reading| those(reading)).count();
    u32::try_from(found).unwrap_or(u32::MAX)
}

const fn has_submitted(reading: &Reading) -> bool {
    reading.submitted_at.is_some()
}

const fn has_begun(reading: &Reading) -> bool {
    reading.submitted_at.is_none() && reading.scored > 0
}

/// They stand together by name already.
fn people_of(readings: &[Reading], reminded: &BTreeMap<Id<PersonKey>, Moment>) -> Vec<ReaderProgress> {
    let of_person = |own: &[Reading]| {
        let first = own.first()?;
        let waiting = count(own, |reading| reading.waits);
        Some(ReaderProgress {
            person: first.person,
            name: first.name.clone(),
            given: count(own, |_| true),
            begun: count(own, has_begun),
            submitted: count(own, has_submitted),
            waiting,
            last_at: own.iter().filter_map(|reading| reading.last_at).max(),
            reminded_at: reminded.get(&first.person).copied().filter(|_| waiting > 0),
        })
    };
    readings.chunk_by(|one, other| one.person == other.person).filter_map(of_person).collect()
}

fn bids_of(readings: &[Reading]) -> Vec<BidProgress> {
    let mut of_bid: BTreeMap<&str, Vec<&Reading>> = BTreeMap::new();
    for reading in readings {
        of_bid.entry(&reading.bid.reference).or_default().push(reading);
    }
    let progress = |own: Vec<&Reading>| {
        let bid = own.first()?.bid.clone();
        let own = || own.iter().copied();
        Some(BidProgress {
            given: count(own(), |_| true),
            begun: count(own(), has_begun),
            submitted: count(own(), has_submitted),
            bid: bid.into(),
        })
    };
    of_bid.into_values().filter_map(progress).collect()
}
