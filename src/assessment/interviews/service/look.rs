//! Reading interviews: the round's timetable, one time with what was scored, and one's own.

use std::collections::BTreeMap;

use super::{Invited, Seats, by_name, nameable, panel_people};
use crate::{
    assessment::{
        self,
        interviews::{
            model::{Appointment, InterviewInFull, MyInterview, Seat, SeatRow, Slot, SlotRow, Timetable},
            store,
        },
        model::{BidLine, BidRow, InterviewOf, Mean, Reading, Score, newest, weighted},
        service::{ask_round, is_barred, person_of},
    },
    bids::documents::slides,
    db::Conn,
    error::{AppError, Result},
    funds::{self, assessing::InterviewRules, model::RoundInFull},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, PersonKey, RoundKey},
};

/// What is read of a round to show its times.
struct Read {
    granted: Granted<RoundKey>,
    round: RoundInFull,
    rules: InterviewRules,
    barred: bool,
    bids: BTreeMap<Id<BidKey>, BidRow>,
    slots: Vec<SlotRow>,
    seats: Seats,
}

impl Read {
    /// Whoever has a conflict of interest in the round reads those times alone that bids have chosen which they may see: of one
    /// that is free or called off nobody could tell them whose it was to be.
    fn of(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Self> {
        let (granted, round) = ask_round(conn, scene, Action::ReadScores, slug)?;
        let rules = round.rulebook.assessment.interview.clone().ok_or(AppError::NotFound)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let barred = is_barred(conn, scene, &granted)?;
        let bids = assessment::store::bids_of(conn, &granted, &sight)?;
        let bids: BTreeMap<_, _> = bids.into_iter().map(|bid| (bid.id, bid)).collect();
        let mut slots = store::of_round(conn, &granted, granted.id())?;
        slots.retain(|slot| match slot.bid_id {
            Some(bid) => bids.contains_key(&bid) && !(barred && slot.cancelled_at.is_some()),
            None => !barred,
        });
        let seats = Seats::of(conn, &granted, granted.id())?;
        Ok(Self { granted, round, rules, barred, bids, slots, seats })
    }

    fn may_arrange(&self) -> bool {
        let running = self.round.round.cancelled_at.is_none();
        running && !self.barred && self.granted.standing().may(Action::ArrangeInterviews)
    }

    fn slot(&self, conn: &mut Conn, scene: &Scene, row: &SlotRow) -> Result<Slot> {
        let bid = row.bid_id.and_then(|bid| self.bids.get(&bid));
        let mut panel = Vec::new();
        for (seat, name) in self.seats.at(row) {
            let conflicted = match bid.filter(|_| seat.sits()) {
                Some(bid) => policy::has_conflict(conn, seat.person_id, bid.id, scene.now)?,
                None => false,
            };
            panel.push(Seat {
                person: seat.person_id,
                name: name.clone(),
                submitted_at: seat.submitted_at,
                ended_at: seat.ended_at,
                absent: seat.absent.clone(),
                conflicted,
            });
        }
        let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
        let able = count(panel.iter().filter(|seat| seat.ended_at.is_none() && !seat.conflicted).count());
        let submitted = self.seats.sitting(row).filter(|seat| seat.submitted_at.is_some()).count();
        Ok(Slot {
            number: row.number,
            state: self.seats.state(row, &self.rules, scene),
            at: row.into(),
            bid: bid.cloned().map(BidLine::from),
            wanted: if row.cancelled_at.is_some() { 0 } else { self.rules.least_panel.saturating_sub(able) },
            submitted: count(submitted),
            panel,
            reason: row.reason.clone(),
            version: row.version,
        })
    }

    /// What those who sit at a time have submitted, by name.
    fn scores(&self, conn: &mut Conn, row: &SlotRow) -> Result<Vec<Reading>> {
        let Some(bid) = row.bid_id else { return Ok(Vec::new()) };
        let mut given: BTreeMap<Id<PersonKey>, Vec<Score>> = BTreeMap::new();
        for (of, person, score) in assessment::store::scores::scores_of_round(conn, &self.granted)? {
            if of == bid {
                given.entry(person).or_default().push(score);
            }
        }
        Ok(submitted(&self.seats, row, given, &self.rules))
    }
}

/// What those who sit at a time have submitted.
pub(super) fn submitted(
    seats: &Seats,
    row: &SlotRow,
    mut given: BTreeMap<Id<PersonKey>, Vec<Score>>,
    rules: &InterviewRules,
) -> Vec<Reading> {
    let sitting = seats.at(row).iter().filter(|(seat, _)| seat.sits() && seat.submitted_at.is_some());
    let reading = |(seat, name): &(SeatRow, String)| {
        let scores = newest(given.remove(&seat.person_id).unwrap_or_default(), &rules.criteria);
        Reading {
            person: seat.person_id,
            name: name.clone(),
            weighted: weighted(&scores, &rules.criteria),
            scores,
            submitted_at: seat.submitted_at,
        }
    };
    sitting.map(reading).collect()
}

/// The interviews of a round.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others who are not of the fund's staff, and where the round has none.
pub async fn timetable(app: &App, call: &Call, slug: String) -> Result<Timetable> {
    call.read(app, move |conn, scene| {
        let read = Read::of(conn, scene, &slug)?;
        let mut slots = Vec::new();
        for row in &read.slots {
            slots.push(read.slot(conn, scene, row)?);
        }
        let invited = Invited::of(conn, &read.granted, read.granted.id())?;
        let has_time =
            |bid: &BidRow| read.slots.iter().any(|slot| slot.bid_id == Some(bid.id) && slot.cancelled_at.is_none());
        let waiting = read.bids.values().filter(|bid| invited.waits(bid) && !has_time(bid));
        let may_arrange = read.may_arrange();
        let people = if may_arrange { by_name(panel_people(conn, &read.granted, &read.round)?) } else { Vec::new() };
        Ok(Timetable {
            minutes: read.rules.minutes,
            least_panel: read.rules.least_panel,
            waiting: waiting.cloned().map(BidLine::from).collect(),
            slots,
            may_arrange,
            people,
        })
    })
    .await
}

/// A time with what was scored in it.
///
/// # Errors
/// As [`timetable`]; `NotFound` for a time that one may not see.
pub async fn one(app: &App, call: &Call, slug: String, number: i32) -> Result<InterviewInFull> {
    call.read(app, move |conn, scene| {
        let read = Read::of(conn, scene, &slug)?;
        let row = read.slots.iter().find(|row| row.number == number).ok_or(AppError::NotFound)?;
        let slot = read.slot(conn, scene, row)?;
        // One person can have both parts, and scores blind all the same.
        let reader = person_of(scene).ok();
        let blind = read.seats.sitting(row).any(|seat| Some(seat.person_id) == reader && seat.submitted_at.is_none());
        let scores = if blind { Vec::new() } else { read.scores(conn, row)? };
        let bid = row.bid_id.filter(|_| row.cancelled_at.is_none()).and_then(|bid| read.bids.get(&bid)).cloned();
        let result = match &bid {
            Some(bid) if !blind => {
                let results = super::results(conn, &read.granted, &read.round, std::slice::from_ref(bid))?;
                results.into_values().next()
            }
            Some(_) | None => None,
        };
        let slides = match &bid {
            Some(bid) => {
                let granted = policy::bid_to_read(conn, &scene.actor, Action::ReadSlides, bid.id)?;
                slides::service::current(conn, &granted)?
            }
            None => Vec::new(),
        };
        let may_arrange = read.may_arrange() && row.cancelled_at.is_none();
        let people = if may_arrange {
            by_name(nameable(conn, scene, (&read.granted, &read.round), (&read.seats, row))?)
        } else {
            Vec::new()
        };
        Ok(InterviewInFull {
            standing: result.as_ref().map(InterviewOf::standing),
            mean: result.and_then(|of| of.mean()).map(Mean::in_words),
            slot,
            scores,
            slides,
            may_arrange,
            people,
        })
    })
    .await
}

/// The columns of the timetable as a table.
pub const COLUMNS: [&str; 10] =
    ["Number", "Begins", "Ends", "Place", "State", "Reference", "Title", "Panel", "Submitted", "Reason"];

/// The timetable as a table.
///
/// # Errors
/// As [`timetable`].
pub async fn table(app: &App, call: &Call, slug: String) -> Result<Vec<[String; 10]>> {
    let timetable = timetable(app, call, slug).await?;
    let row = |slot: Slot| {
        let sits = slot.panel.iter().filter(|seat| seat.ended_at.is_none());
        let (reference, title) = slot.bid.map(|bid| (bid.reference, bid.title)).unwrap_or_default();
        [
            slot.number.to_string(),
            slot.at.starts_at.to_string(),
            slot.at.ends_at.to_string(),
            slot.at.place,
            slot.state.word().to_owned(),
            reference,
            title,
            sits.map(|seat| seat.name.as_str()).collect::<Vec<_>>().join("; "),
            slot.submitted.to_string(),
            slot.reason,
        ]
    };
    Ok(timetable.slots.into_iter().map(row).collect())
}

/// The interviews in which one sits on the panel.
///
/// # Errors
/// When the database fails.
pub async fn mine(app: &App, call: &Call) -> Result<Vec<MyInterview>> {
    call.read(app, move |conn, scene| {
        person_of(scene)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let mut list = Vec::new();
        for (seat, slot) in store::mine(conn, &sight)? {
            // Whoever no longer works for the fund may not know of the bid any more.
            let bid = match slot.bid_id {
                Some(bid) => match policy::bid_to_read(conn, &scene.actor, Action::InterviewBid, bid) {
                    Ok(granted) => Some(assessment::store::bid(conn, &granted)?),
                    Err(AppError::NotFound | AppError::Forbidden { .. }) => continue,
                    Err(fault) => return Err(fault),
                },
                None => None,
            };
            list.push(MyInterview {
                round: funds::store::round_by_id(conn, slot.round_id)?.title,
                at: Appointment::from(&slot),
                bid: bid.map(BidLine::from),
                submitted_at: seat.submitted_at,
            });
        }
        Ok(list)
    })
    .await
}
