//! The SQL of releases: when outcomes begin to show, and what remains to be recorded then.

use diesel::{
    delete,
    dsl::{exists, select},
    prelude::*,
    update,
};

use crate::{
    added,
    awards::model::{Decision, Release},
    bids::holds::{
        self,
        model::{Hold, Span, shows_from},
    },
    clock::Moment,
    db::{
        Conn,
        schema::{bids, decisions, milestones, releases, rounds},
    },
    error::Result,
    funds::{self, model::Milestone},
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    workflow::{self, Place, State},
};

/// The release of a milestone's outcomes, if it has been approved and the round has a date for the milestone. What did not
/// show yet when the round was called off is never released.
pub fn release_of(conn: &mut Conn, round: Id<RoundKey>, milestone: Milestone) -> Result<Option<Release>> {
    let found: Option<(Moment, Moment, Option<Moment>)> = releases::table
        .inner_join(rounds::table)
        .inner_join(milestones::table.on(milestones::round_id.eq(releases::round_id)))
        .filter(releases::round_id.eq(round))
        .filter(releases::milestone.eq(milestone))
        .filter(milestones::name.eq(milestone))
        .select((releases::approved_at, milestones::at, rounds::cancelled_at))
        .first(conn)
        .optional()?;
    let Some((approved_at, at, cancelled_at)) = found else { return Ok(None) };
    let release = Release { milestone, approved_at, shown_from: approved_at.max(at) };
    Ok(Some(release).filter(|release| cancelled_at.is_none_or(|cancelled_at| release.shown_from <= cancelled_at)))
}

/// Whether the outcomes of a milestone show: their release is approved and the instant has come.
pub fn is_released(conn: &mut Conn, round: Id<RoundKey>, milestone: Milestone, now: Moment) -> Result<bool> {
    Ok(release_of(conn, round, milestone)?.is_some_and(|release| release.shown_from <= now))
}

/// The round's releases as the workflow's engine wants them: a milestone whose outcomes are held back has no instant.
pub fn shown_timetable(conn: &mut Conn, round: Id<RoundKey>, now: Moment) -> Result<workflow::Timetable> {
    let mut shown = Vec::new();
    for milestone in Milestone::ALL {
        if let Some(release) = release_of(conn, round, *milestone)? {
            shown.push((milestone.word().to_owned(), release.shown_from));
        }
    }
    Ok(workflow::Timetable::new(now, shown))
}

/// The same for one bid: what comes while it is on hold has no instant until that ends, and never shows if the round is
/// called off before.
pub fn shown_timetable_of(
    conn: &mut Conn,
    round: Id<RoundKey>,
    bid: &Granted<BidKey>,
    now: Moment,
) -> Result<workflow::Timetable> {
    let spans = spans_of(conn, bid)?;
    let instant = funds::store::round_by_id(conn, round)?.instant(now);
    let round = shown_timetable(conn, round, now)?;
    let shown = |milestone: &Milestone| {
        let at = shows_from(&spans, round.instant(milestone.word())?)?;
        Some((milestone.word().to_owned(), at))
    };
    Ok(workflow::Timetable::new(instant, Milestone::ALL.iter().filter_map(shown)))
}

fn spans_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Span>> {
    Ok(holds::store::of_bid(conn, bid)?.iter().map(Hold::span).collect())
}

/// Whether somebody has said that nobody is told of a decision by mail: of itself, or of its release.
pub fn is_silent(conn: &mut Conn, round: Id<RoundKey>, decision: &Decision) -> Result<bool> {
    let Some(milestone) = decision.release else { return Ok(decision.no_mail.is_some()) };
    let silent = releases::table
        .filter(releases::round_id.eq(round))
        .filter(releases::milestone.eq(milestone))
        .filter(releases::no_mail.is_not_null());
    Ok(select(exists(silent)).get_result(conn)?)
}

/// The milestones whose release is approved without mail.
pub fn silent_releases(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Milestone>> {
    Ok(releases::table
        .filter(releases::round_id.eq(round.id()))
        .filter(releases::no_mail.is_not_null())
        .select(releases::milestone)
        .load(conn)?)
}

/// Approves the release of a milestone's outcomes, with why nobody is told by mail if nobody is to be; says whether this call was the one that did.
pub fn approve(
    conn: &mut Conn,
    id: Id<RowKey>,
    round: &Granted<RoundKey>,
    milestone: Milestone,
    no_mail: Option<&str>,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (
        releases::id.eq(id),
        releases::round_id.eq(round.id()),
        releases::milestone.eq(milestone),
        releases::approved_by.eq(person),
        releases::approved_at.eq(now),
        releases::no_mail.eq(no_mail),
    );
    Ok(added!(conn, releases(round_id, milestone), row)?)
}

/// Takes an approval back, which is possible until it shows.
pub fn recall(conn: &mut Conn, round: &Granted<RoundKey>, milestone: Milestone) -> Result<bool> {
    let standing = releases::table
        .filter(releases::round_id.eq(round.id()))
        .filter(releases::milestone.eq(milestone))
        .filter(releases::recorded_at.is_null());
    Ok(delete(standing).execute(conn)? == 1)
}

/// The bids with decisions of a milestone that are released by now and not recorded. For the timer; a bid withdrawn
/// meanwhile has none.
pub fn due(conn: &mut Conn, round: Id<RoundKey>, milestone: Milestone, now: Moment) -> Result<Vec<Id<BidKey>>> {
    if !is_released(conn, round, milestone, now)? {
        return Ok(Vec::new());
    }
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::release.eq(milestone))
        .filter(decisions::recorded_at.is_null())
        .select(bids::id)
        .distinct()
        .order(bids::id)
        .load(conn)?)
}

/// The decisions on a bid that have not moved it yet, gate by gate.
pub fn unrecorded(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Decision>> {
    let mut rows: Vec<Decision> = decisions::table
        .filter(decisions::bid_id.eq(bid.id()))
        .filter(decisions::recorded_at.is_null())
        .select(Decision::as_select())
        .load(conn)?;
    rows.sort_by_key(|decision| decision.gate);
    Ok(rows)
}

/// The decisions on a bid that show where it stands, each with the instant since when it does, oldest first. What was
/// recorded before shows for good, whatever became of the bid.
pub fn shown_on(conn: &mut Conn, bid: &Granted<BidKey>, place: &Place, now: Moment) -> Result<Vec<(Decision, Moment)>> {
    let round: Id<RoundKey> = bids::table.find(bid.id()).select(bids::round_id).first(conn)?;
    let rows: Vec<Decision> =
        decisions::table.filter(decisions::bid_id.eq(bid.id())).select(Decision::as_select()).load(conn)?;
    let spans = spans_of(conn, bid)?;
    let mut shown = Vec::new();
    let shows = |decision: &Decision| decision.recorded_at.is_some() || place.shows(&decision.transition);
    for decision in rows.into_iter().filter(shows) {
        let since = match decision.release {
            // A hold that was placed in the moment in which the timer came takes nothing back that was told.
            Some(milestone) => release_of(conn, round, milestone)?.and_then(|release| {
                shows_from(&spans, release.shown_from).or(decision.recorded_at.map(|_| release.shown_from))
            }),
            None => Some(decision.decided_at),
        };
        shown.extend(since.filter(|since| *since <= now).map(|since| (since, decision)));
    }
    shown.sort_by_key(|(at, decision)| (*at, decision.gate));
    Ok(shown.into_iter().map(|(at, decision)| (decision, at)).collect())
}

/// Notes that a decision has moved its bid; says whether this call was the first to note it.
pub fn mark_recorded(conn: &mut Conn, decision: Id<RowKey>, now: Moment) -> Result<bool> {
    let changed = update(decisions::table.find(decision).filter(decisions::recorded_at.is_null()))
        .set(decisions::recorded_at.eq(Some(now)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Notes that all decisions of a release have moved their bids.
pub fn mark_release_recorded(conn: &mut Conn, round: Id<RoundKey>, milestone: Milestone, now: Moment) -> Result<bool> {
    let standing = releases::table
        .filter(releases::round_id.eq(round))
        .filter(releases::milestone.eq(milestone))
        .filter(releases::recorded_at.is_null());
    Ok(update(standing).set(releases::recorded_at.eq(Some(now))).execute(conn)? == 1)
}
