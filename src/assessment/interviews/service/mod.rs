//! The use cases of interviews.

mod absent;
mod arrange;
mod calendar;
mod choose;
mod look;
mod reminder;
mod results;
mod score;
mod seats;
mod slides;
mod withdrawn;

pub use absent::absent;
pub use arrange::{call_off, change, make};
pub use calendar::calendar;
pub use choose::{bid, choose, has_been_invited};
pub use look::{COLUMNS, mine, one, table, timetable};
pub use reminder::{REMINDER_JOB, reminder_handler};
pub(in crate::assessment) use results::results;
pub use score::{ToInterview, own, save, submit, to_interview};
pub(in crate::assessment) use seats::{leave_panels, take_seats};
pub use slides::{add_slides, download, shown, take_out_slides};
pub use withdrawn::let_go;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    model::{Interviewer, SeatRow, SlotRow, SlotState},
    store,
};
use crate::{
    actor::Actor,
    assessment::{
        conflicts,
        model::BidRow,
        pool,
        service::{ask_round, is_barred, person_of},
        store::assignments,
    },
    db::Conn,
    error::{AppError, Result},
    funds::{self, assessing::InterviewRules, model::RoundInFull},
    http::Scene,
    identity::{
        model::FundRole,
        policy::{self, Action, BidKind, Granted},
        store::readers,
    },
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey, WorkflowKey},
    workflow::Definition,
};

/// Those of a fund's staff who read what a panel has submitted.
const READ_SCORES: [FundRole; 3] = [FundRole::FundManager, FundRole::Moderator, FundRole::Observer];

/// A round in which somebody makes or changes times.
struct Arranging {
    granted: Granted<RoundKey>,
    round: RoundInFull,
    rules: InterviewRules,
    by: Id<PersonKey>,
}

/// Asks policy to make or change times, which takes a person without a conflict of interest in the round.
fn ask_to_arrange(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Arranging> {
    let (granted, round) = ask_round(conn, scene, Action::ArrangeInterviews, slug)?;
    let by = person_of(scene)?;
    round.round.require_running()?;
    if is_barred(conn, scene, &granted)? {
        let message =
            "You have a conflict of interest with a bid of this round. Ask a colleague to arrange its interviews.";
        return Err(AppError::forbidden("conflict_of_interest", message));
    }
    let rules = rules_of(&round)?;
    Ok(Arranging { granted, round, rules, by })
}

/// What the round's rules say of interviews.
fn rules_of(round: &RoundInFull) -> Result<InterviewRules> {
    round.rulebook.assessment.interview.clone().ok_or_else(|| {
        AppError::conflict(
            "no_interviews",
            "The rules of this round have no interviews, so that there is nothing here.",
        )
    })
}

/// A time that stands, by its number.
fn standing(conn: &mut Conn, of: &Arranging, number: i32) -> Result<SlotRow> {
    let all = store::of_round(conn, &of.granted, of.round.round.id)?;
    let slot = all.into_iter().find(|slot| slot.number == number).ok_or(AppError::NotFound)?;
    if slot.cancelled_at.is_some() {
        return Err(AppError::conflict("called_off", "This interview was called off. Make another time."));
    }
    Ok(slot)
}

/// Who can sit on a panel: the managers of the fund, and those who assess in the round.
fn panel_people(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    of: &RoundInFull,
) -> Result<BTreeMap<Id<PersonKey>, String>> {
    let pool = pool::service::accepted(conn, round, of.round.id)?;
    let mut assessors = assignments::pool(conn, round, of.fund.id)?;
    assessors.retain(|(person, _)| pool.as_ref().is_none_or(|pool| pool.contains_key(person)));
    let managers = readers::managers(conn, of.fund.id)?.into_iter().map(|person| (person.id, person.name));
    Ok(assessors.into_iter().chain(managers).collect())
}

/// Who can be named for a time: nobody who has a conflict of interest with its bid and, once somebody has submitted there, nobody
/// else who reads what is submitted. Whoever has submitted stays in any case.
fn nameable(
    conn: &mut Conn,
    scene: &Scene,
    (round, of): (&Granted<RoundKey>, &RoundInFull),
    (seats, slot): (&Seats, &SlotRow),
) -> Result<BTreeMap<Id<PersonKey>, String>> {
    let mut people = panel_people(conn, round, of)?;
    if let Some(bid) = slot.bid_id {
        let all: Vec<Id<PersonKey>> = people.keys().copied().collect();
        for person in all {
            if policy::has_conflict(conn, person, bid, scene.now)? {
                people.remove(&person);
            }
        }
    }
    if seats.at(slot).iter().any(|(seat, _)| seat.submitted_at.is_some()) {
        let sitting = seats.people(slot);
        for reader in readers::of_fund(conn, of.fund.id, &READ_SCORES)? {
            if !sitting.contains(&reader.id) {
                people.remove(&reader.id);
            }
        }
    }
    let stay = seats.at(slot).iter().filter(|(seat, _)| seat.sits() && seat.submitted_at.is_some());
    people.extend(stay.map(|(seat, name)| (seat.person_id, name.clone())));
    Ok(people)
}

/// People by name.
fn by_name(people: BTreeMap<Id<PersonKey>, String>) -> Vec<Interviewer> {
    let mut people: Vec<Interviewer> = people.into_iter().map(|(person, name)| Interviewer { person, name }).collect();
    people.sort_by(|one, other| (&one.name, one.person).cmp(&(&other.name, other.person)));
    people
}

/// The suggestions that some of these people have a conflict of interest with a bid, as long as they wait for an answer.
fn suggested(
    conn: &mut Conn,
    scene: &Scene,
    people: &[Id<PersonKey>],
    bid: Id<BidKey>,
) -> Result<conflicts::service::Open> {
    let all = policy::sight(conn, &Actor::System)?;
    conflicts::service::open(conn, scene, &all, (people, &[bid]))
}

/// The seats of a round's times, by time.
struct Seats(BTreeMap<Id<RowKey>, Vec<(SeatRow, String)>>);

impl Seats {
    fn of<T>(conn: &mut Conn, granted: &Granted<T>, round: Id<RoundKey>) -> Result<Self> {
        let mut seats: BTreeMap<Id<RowKey>, Vec<(SeatRow, String)>> = BTreeMap::new();
        for (seat, name) in store::seats(conn, granted, round)? {
            seats.entry(seat.slot_id).or_default().push((seat, name));
        }
        Ok(Self(seats))
    }

    /// Everybody who sits or sat at a time.
    fn at(&self, slot: &SlotRow) -> &[(SeatRow, String)] {
        self.0.get(&slot.id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those who sit there.
    fn sitting(&self, slot: &SlotRow) -> impl Iterator<Item = &SeatRow> {
        self.at(slot).iter().map(|(seat, _)| seat).filter(|seat| seat.sits())
    }

    fn people(&self, slot: &SlotRow) -> Vec<Id<PersonKey>> {
        self.sitting(slot).map(|seat| seat.person_id).collect()
    }

    fn state(&self, slot: &SlotRow, rules: &InterviewRules, scene: &Scene) -> SlotState {
        slot.state((self.sitting(slot).count(), rules.least_panel), scene.now)
    }
}

/// The times that a bid can choose: free, with a whole panel of which nobody has a conflict of interest with it, or may have one.
fn free_for<T>(
    conn: &mut Conn,
    scene: &Scene,
    (granted, rules): (&Granted<T>, &InterviewRules),
    bid: &BidRow,
) -> Result<Vec<SlotRow>> {
    let seats = Seats::of(conn, granted, bid.round_id)?;
    let mut free = store::of_round(conn, granted, bid.round_id)?;
    free.retain(|slot| seats.state(slot, rules, scene) == SlotState::Free);
    let people: BTreeSet<Id<PersonKey>> = free.iter().flat_map(|slot| seats.people(slot)).collect();
    let people: Vec<Id<PersonKey>> = people.into_iter().collect();
    let mut barred: BTreeSet<Id<PersonKey>> =
        suggested(conn, scene, &people, bid.id)?.into_keys().map(|(person, _)| person).collect();
    for person in people {
        if policy::has_conflict(conn, person, bid.id, scene.now)? {
            barred.insert(person);
        }
    }
    free.retain(|slot| !seats.people(slot).iter().any(|person| barred.contains(person)));
    Ok(free)
}

/// The bids whose councils know by now that they are invited to an interview: the decision was released and has moved the bid.
struct Invited {
    known: Vec<(Id<BidKey>, String)>,
    definitions: BTreeMap<Id<WorkflowKey>, Definition>,
}

impl Invited {
    fn of<T>(conn: &mut Conn, granted: &Granted<T>, round: Id<RoundKey>) -> Result<Self> {
        let known = store::known_decisions(conn, granted, round)?;
        Ok(Self { known, definitions: funds::store::workflows_of_round(conn, round)?.into_iter().collect() })
    }

    fn has(&self, bid: &BidRow) -> bool {
        let Some(definition) = self.definitions.get(&bid.workflow_id) else { return false };
        let invites = |id: &str| {
            let transition = definition.transition(id);
            transition.is_some_and(|transition| definition.invites_to_interview(transition))
        };
        self.known.iter().any(|(of, transition)| *of == bid.id && invites(transition))
    }

    /// Whether it is still to be interviewed: nothing more has become of it.
    fn waits(&self, bid: &BidRow) -> bool {
        self.has(bid) && matches!(bid.kind, BidKind::Waiting | BidKind::Review)
    }
}
