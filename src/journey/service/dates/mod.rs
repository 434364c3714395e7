//! Changes of a round's dates, more time for one bid, and reopening one for named questions: made by one manager, stood
//! behind by a second, told to everybody whom they concern. What one may do alone is for
//! [`funds::change`](crate::funds::change) to say.

mod bid;
mod letters;
mod reopen;
mod round;
mod shown;

pub use bid::{NewTime, TimeOfBid, answer_time, deadline_handler, give_time, time_of, to_give};
pub use letters::told_handler;
pub(super) use reopen::submitted_anew;
pub use reopen::{ToReopen, to_reopen};
pub use round::{DatesOfRound, NewDate, answer_change, change_date, changes, dates_of};
pub use shown::{TimesShown, times_shown};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    funds::{
        change::{Change, ChangeStanding, End, Ended, Ground, Reply, Said, reason_fault},
        deputies,
        model::{Milestone, Timetable},
        reopening::NamedPart,
        store,
    },
    http::Scene,
    identity::store::people,
    ids::{Id, PersonKey},
    journey::service::take,
};

/// The job that tells councils of a change that is in force.
pub const TOLD_JOB: &str = "date_changed";
/// The job that does for one bid what a milestone brings, where the bid alone has more time.
pub const DEADLINE_JOB: &str = "bid_deadline";

/// What a manager says to a change.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReply {
    /// Why; needed to refuse, to withdraw and to object.
    #[serde(default)]
    pub reason: String,
}

/// A change as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = MilestoneChange)]
pub struct ChangeView {
    /// Which milestone moved.
    pub milestone: Milestone,
    /// What it is called.
    pub title: String,
    /// The instant before.
    pub from: Moment,
    /// The instant that it brings.
    pub to: Moment,
    /// Why. Of one bid's time only people of its lead and the fund's managers read it.
    pub reason: Option<String>,
    /// When it was made.
    pub made_at: Moment,
    /// Since when it is in force.
    pub in_force_since: Option<Moment>,
    /// Of one bid's time: why it could be given, for whoever reads the reason.
    pub ground: Option<Ground>,
    /// Of a reopening: what may be changed.
    pub questions: Vec<NamedPart>,
    /// Of a reopening: when a newer version was submitted, which ended it.
    pub used_at: Option<Moment>,
    /// What the fund's managers know besides.
    pub staff: Option<StaffView>,
}

/// What the fund's managers know of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = MilestoneChangeForManagers)]
pub struct StaffView {
    /// Its number, by which it is answered.
    pub number: i32,
    /// How it stands.
    pub standing: ChangeStanding,
    /// Who made it.
    pub made_by: String,
    /// The second person behind it.
    pub confirmed_by: Option<String>,
    /// Who ended it, if it never came into force.
    pub ended_by: Option<String>,
    /// Why.
    pub ended_reason: Option<String>,
    /// Who objected to it.
    pub objected_by: Option<String>,
    /// Why.
    pub objection: Option<String>,
    /// What the reader can do about it.
    pub replies: Vec<Reply>,
}

/// How much of changes somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The instants that are in force.
    Instants,
    /// Why, besides.
    Reasons,
    /// Every change and what managers said to it.
    Managers,
}

impl ChangeView {
    /// As it is read by those for whom the reason is no matter. Why a bid is reopened says nothing of a person.
    fn of_instants(conn: &mut Conn, change: &Change) -> Result<Self> {
        let view = Self::of(conn, change)?;
        Ok(if change.reopens() { view } else { Self { reason: None, ground: None, ..view } })
    }

    /// As it is read with its reason.
    fn of(conn: &mut Conn, change: &Change) -> Result<Self> {
        Ok(Self {
            milestone: change.milestone,
            title: change.milestone.title().into(),
            from: change.from_at,
            to: change.to_at,
            reason: Some(change.reason.clone()),
            made_at: change.made_at,
            in_force_since: change.in_force_since(),
            ground: Some(change.ground).filter(|ground| *ground != Ground::Round),
            questions: reopen::named(conn, change)?,
            used_at: change.used_at(),
            staff: None,
        })
    }

    /// As a manager of the fund reads it.
    fn for_manager(conn: &mut Conn, scene: &Scene, change: &Change) -> Result<Self> {
        let replies = match scene.actor.person() {
            Some(reader) => replies(conn, scene, change, reader)?,
            None => Vec::new(),
        };
        let ended = change.against.ended.as_ref().map(|end| &end.0.said);
        let objection = change.against.objection.as_ref().map(|said| &said.0);
        let mut name = |person: Option<Id<PersonKey>>| person.map(|person| people::name_of(conn, person)).transpose();
        let staff = StaffView {
            number: change.number,
            standing: change.standing(),
            made_by: name(Some(change.made_by))?.unwrap_or_default(),
            confirmed_by: name(change.confirmed_by)?,
            ended_by: name(ended.map(|said| said.by))?,
            ended_reason: ended.map(|said| said.reason.clone()),
            objected_by: name(objection.map(|said| said.by))?,
            objection: objection.map(|said| said.reason.clone()),
            replies,
        };
        Ok(Self { staff: Some(staff), ..Self::of(conn, change)? })
    }
}

/// What a manager can do about a change: nobody confirms what was made by a person with whom they are one.
fn replies(conn: &mut Conn, scene: &Scene, change: &Change, person: Id<PersonKey>) -> Result<Vec<Reply>> {
    let mut replies = change.replies(person);
    if replies.contains(&Reply::Confirm) && are_one(conn, scene, change, person)? {
        replies.retain(|reply| *reply != Reply::Confirm);
    }
    Ok(replies)
}

/// Whether somebody counts as one person with whoever made a change: one of them acts for the other today, or both act for
/// the same third.
fn are_one(conn: &mut Conn, scene: &Scene, change: &Change, person: Id<PersonKey>) -> Result<bool> {
    let fund = store::round_by_id(conn, change.round_id)?.fund_id;
    let in_force = deputies::in_force(conn, fund, scene.now.london_date())?;
    let seats = |person: Id<PersonKey>| {
        let acts_for = in_force.iter().filter(move |(_, deputy)| *deputy == person).map(|(principal, _)| *principal);
        acts_for.chain([person]).collect::<BTreeSet<_>>()
    };
    Ok(!seats(person).is_disjoint(&seats(change.made_by)))
}

/// A change that is read: in force for those outside, every one for the fund's managers; newest first.
fn views(conn: &mut Conn, scene: &Scene, changes: &[Change], depth: Depth) -> Result<Vec<ChangeView>> {
    let newest_first = changes.iter().rev();
    let in_force = newest_first.clone().filter(|change| change.in_force_since().is_some());
    match depth {
        Depth::Instants => in_force.map(|change| ChangeView::of_instants(conn, change)).collect(),
        Depth::Reasons => in_force.map(|change| ChangeView::of(conn, change)).collect(),
        Depth::Managers => newest_first.map(|change| ChangeView::for_manager(conn, scene, change)).collect(),
    }
}

/// The manager who acts: two people stand behind a date, and a program is none.
fn person_of(scene: &Scene) -> Result<Id<PersonKey>> {
    scene.person_or("Dates are changed by a person, not by a program. Sign in to change one.")
}

/// The change of this number, which may have come from an address.
fn numbered(changes: Vec<Change>, number: &str) -> Result<Change> {
    let number: Option<i32> = number.parse().ok();
    changes.into_iter().find(|change| Some(change.number) == number).ok_or(AppError::NotFound)
}

/// What a manager says, read from an address and a body.
fn read_reply(word: &str, body: &NewReply) -> Result<Reply> {
    let reply = Reply::from_word(word).ok_or(AppError::NotFound)?;
    let fault: Option<Fault> = if reply == Reply::Confirm { None } else { reason_fault("reason", &body.reason) };
    AppError::unless_empty(fault.into_iter().collect())?;
    Ok(reply)
}

/// Writes down what a manager says to a change; two who say something at once do not both.
fn note(conn: &mut Conn, scene: &Scene, change: &Change, (reply, body): (Reply, &NewReply)) -> Result<()> {
    let person = person_of(scene)?;
    change.must_allow(reply, person)?;
    if reply == Reply::Confirm && are_one(conn, scene, change, person)? {
        let message =
            "A deputy and whom they act for count as one person. Another manager of the fund has to confirm it.";
        return Err(AppError::forbidden("own_change", message));
    }
    take::require_fresh(scene)?;
    let said = Said { by: person, at: scene.now, reason: body.reason.trim().into() };
    let noted = match reply {
        Reply::Confirm => store::agree(conn, change.id, (person, scene.now))?,
        Reply::Refuse => store::end(conn, change.id, End { how: Ended::Refused, said })?,
        Reply::Withdraw => store::end(conn, change.id, End { how: Ended::Withdrawn, said })?,
        Reply::Object => store::object(conn, change.id, said)?,
    };
    let answered = || AppError::conflict("not_open", "Somebody has answered this change meanwhile.");
    if noted { Ok(()) } else { Err(answered()) }
}

/// A proposal says what it moves: it falls when the date has been moved otherwise meanwhile.
fn must_still_fit(change: &Change, timetable: &Timetable) -> Result<()> {
    let at = timetable.at(change.milestone).ok_or(AppError::NotFound)?;
    if at == change.from_at {
        return Ok(());
    }
    let message = format!(
        "The date has been moved to {} since this was proposed. Refuse it, and propose the date that you want now.",
        at.in_words()
    );
    Err(AppError::conflict("overtaken", message))
}
