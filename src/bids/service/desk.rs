//! What somebody needs who writes a bid: the open form with who wrote what, what is missing, and one's own list of bids.
//!
//! Each is read in one snapshot, so that a page never shows two states of a bid.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use serde_json::Value;

use super::{
    Together,
    late::too_late,
    look::{BidView, Seen, completeness, granted_view, is_applicant},
    signing,
    write::reopening_of,
};
use crate::{
    bids::{
        answers::{self, model::Author},
        carried::{model::CarriedView, service::since_interest},
        clarifications,
        content::Party,
        holds,
        model::{Bid, open_stage},
        store::{self, Row},
    },
    clock::Moment,
    db::{
        Conn,
        schema::{decisions, organisations, partners},
    },
    error::{AppError, Fault, Result},
    funds::{
        self,
        model::RoundInFull,
        reopening::{Part as Written, Reopening},
        rulebook::Stage,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id},
    workflow::Definition,
};

/// More bids than one council has in hand.
const MOST_OWN: i64 = 200;

/// A bid on the desk of somebody who may read it.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The bid.
    pub view: BidView,
    /// Its round, with the timetable that the bid goes by.
    pub round: RoundInFull,
    /// The answers of the stage, by question.
    pub notes: BTreeMap<String, Note>,
    /// What is missing before it can be submitted.
    pub missing: Vec<Fault>,
    /// Whether one of the bid's own councils looks.
    pub applicant: bool,
    /// Whether whoever looks may change it, but for its answers.
    pub may_edit: bool,
    /// Whether whoever looks may write its answers.
    pub may_write: bool,
    /// Whether whoever looks may read how it is written.
    pub may_read_writing: bool,
    /// Whether whoever looks may read what happened to it.
    pub may_read_history: bool,
    /// Whether whoever looks may read what became of it.
    pub may_read_outcomes: bool,
    /// Whether whoever looks sifts expressions of interest.
    pub may_sift: bool,
    /// Whether whoever looks marks the gateway checks of the bid's round.
    pub may_check: bool,
    /// Whether whoever looks was given the bid to score.
    pub may_score: bool,
    /// Whether the viewer may say that they have a conflict of interest with it.
    pub may_declare: bool,
    /// Whether whoever looks works for a council that was invited and has not answered.
    pub invited: bool,
    /// What alone can be written where the bid is reopened, for its councils.
    pub reopened: Option<Reopening>,
    /// How its councils write it.
    pub together: Together,
    /// What the answers of a full application said in its expression of interest, by question.
    pub carried: BTreeMap<String, CarriedView>,
    /// The stage whose form is open to its councils.
    pub written: Option<Stage>,
    /// Whether that stage has closed, so that what is written cannot be submitted.
    pub late: bool,
    /// Whether somebody has signed what is written, for its councils.
    pub signed: bool,
    /// Whether whoever looks works for the lead authority.
    pub leads: bool,
}

/// How an answer stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What was answered.
    pub value: Value,
    /// Whether its writers called it finished.
    pub complete: bool,
    /// Counts changes of this answer.
    pub version: i32,
    /// Who wrote it last, with the council.
    pub by: String,
    /// When.
    pub at: Moment,
}

impl Desk {
    /// When the stage closes whose form is open.
    pub fn closes(&self) -> Option<Moment> {
        let open = self.written.filter(|_| self.round.round.cancelled_at.is_none());
        open.and_then(|stage| self.round.timetable.closes(stage))
    }

    /// Whether this part is not locked by a reopening for others.
    pub fn opens(&self, part: Written<'_>) -> bool {
        self.reopened.as_ref().is_none_or(|reopened| reopened.opens(part))
    }

    /// Whether this part is for whoever looks to write, and not locked.
    pub fn writes(&self, part: Written<'_>) -> bool {
        let theirs = if is_of_all(part) { self.may_write } else { self.may_edit };
        theirs && self.opens(part)
    }

    /// The desk of somebody who may write this part at it.
    ///
    /// # Errors
    /// `Conflict` when no form is open, the bid is reopened for other parts or the round was called off; `Forbidden` when it
    /// is not for them to fill in.
    pub fn to_write(self, part: Written<'_>) -> Result<Self> {
        self.round.round.require_running()?;
        if !self.view.writable {
            let message = "The bid has no form to fill in where it stands now.";
            return Err(AppError::conflict("nothing_to_write", message));
        }
        if let Some(reopened) = &self.reopened {
            reopened.require(part)?;
        }
        if self.writes(part) {
            return Ok(self);
        }
        let answer = is_of_all(part);
        // Whoever wrote until the closing time and saves after it is told so, and not that they are somebody else.
        if let Some(stage) = self.written.filter(|_| self.late && (self.leads || (answer && self.may_read_writing))) {
            return Err(too_late(&self.round, stage));
        }
        let action = if answer { Action::WriteAnswers } else { Action::EditBid };
        let accept_first = "Accept the invitation first: partners can do this.";
        let refusal = if self.invited && answer { accept_first.into() } else { action.refusal(None) };
        Err(AppError::forbidden("not_allowed", refusal))
    }
}

/// Whether a part is for every council of the bid to write, and not for the lead alone.
const fn is_of_all(part: Written<'_>) -> bool {
    matches!(part, Written::Answer(_) | Written::Documents)
}

/// A bid with the form of its stage.
///
/// # Errors
/// `NotFound` when one may not know of it.
pub async fn desk(app: &App, call: &Call, reference: String) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let (granted, Seen { view, round, written }) = granted_view(conn, scene, &reference)?;
        let applicant = is_applicant(&granted);
        // The service itself may read everything, and writes with nobody.
        let reads_writing = applicant && granted.standing().may(Action::ReadWriting);
        let reopened =
            if applicant && view.writable { reopening_of(conn, scene, (view.id, &round), view.stage)? } else { None };
        Ok(Desk {
            notes: if applicant { notes(conn, &granted, &view)? } else { BTreeMap::new() },
            missing: completeness(conn, &granted, &round, view.stage)?.missing,
            applicant,
            may_edit: view.writable && granted.standing().may(Action::EditBid),
            may_write: view.writable && granted.standing().may(Action::WriteAnswers),
            may_read_writing: reads_writing,
            may_read_history: granted.standing().may(Action::ReadHistory),
            may_read_outcomes: granted.standing().may(Action::ReadOutcomes),
            may_sift: granted.standing().may(Action::SiftBid) && written.unwrap_or(view.stage) == Stage::Eoi,
            may_check: granted.standing().may(Action::CheckGateway)
                && !round.rulebook.assessment.gateway.is_empty()
                && view.stage == Stage::Full,
            may_declare: granted.standing().may(Action::DeclareConflict),
            may_score: granted.standing().may(Action::ScoreBid) && view.stage == Stage::Full,
            invited: granted.standing().is(policy::Capacity::InvitedMember),
            reopened,
            together: if reads_writing { Together::of(conn, scene, &granted)? } else { Together::default() },
            carried: since_interest(conn, &granted, &view.content, &round.rulebook)?,
            late: written.is_some_and(|stage| round.timetable.is_late(stage, scene.now)),
            signed: applicant && written == Some(Stage::Full) && signing::is_signed(conn, &granted)?,
            leads: granted.standing().leads(),
            written,
            view,
            round,
        })
    })
    .await
}

fn notes(conn: &mut Conn, granted: &Granted<BidKey>, view: &BidView) -> Result<BTreeMap<String, Note>> {
    let rows = store::answers(conn, granted, view.stage)?;
    let authors = answers::store::authors(conn, granted, view.stage)?;
    let names = answers::store::names(conn, &authors.values().copied().collect::<Vec<_>>())?;
    let note = |answer: crate::bids::model::Answer| {
        let by = names.of(authors.get(&answer.question).copied().unwrap_or(Author::SERVICE));
        let (complete, version, at) = (answer.complete, answer.version, answer.updated_at);
        (answer.question, Note { value: answer.value.0, complete, version, by, at })
    };
    Ok(rows.into_iter().map(note).collect())
}

/// The organisations as whose lead authority the caller may start a bid, by name.
///
/// # Errors
/// `Unauthenticated`.
pub async fn possible_leads(app: &App, call: &Call) -> Result<Vec<Party>> {
    call.read(app, move |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let mut leads = Vec::new();
        for id in sight.organisations {
            if policy::organisation(conn, &scene.actor, Action::StartBid, id).is_ok() {
                let columns = (organisations::code, organisations::name);
                let (code, name) = organisations::table.find(id).select(columns).first(conn)?;
                leads.push(Party { id, code, name });
            }
        }
        leads.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(leads)
    })
    .await
}

/// A bid in the list of those who work on it.
#[derive(Debug, Clone)]
pub struct Own {
    /// The bid and its lead.
    pub row: Row,
    /// Its state in words.
    pub label: String,
    /// What happens next, in words.
    pub next: String,
    /// Whether an outcome was told that the caller may read.
    pub outcome: bool,
    /// Its round's title.
    pub round: String,
    /// When the stage closes whose form is open.
    pub closes: Option<Moment>,
    /// What the caller's organisations are to it.
    pub part: Part,
    /// Whether its round was called off, so that an invitation waits for nobody any more.
    pub cancelled: bool,
    /// Whether the caller is asked to sign it.
    pub to_sign: bool,
    /// Who must sign what is being written and has not, in words.
    pub unsigned: Vec<String>,
    /// Since when it is on hold, if the caller may know that.
    pub on_hold: Option<Moment>,
    /// What the fund asks and the caller can answer, by its number, and until when.
    pub to_answer: Option<(i32, Moment)>,
}

/// What an organisation is to a bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The lead authority.
    Leads,
    /// A partner that has confirmed.
    Joined,
    /// A partner that was asked and has not answered.
    Invited,
}

/// The bids that the caller's organisations lead, have joined or were asked to join, newest first.
///
/// # Errors
/// `Unauthenticated`.
pub async fn own_desk(app: &App, call: &Call) -> Result<Vec<Own>> {
    call.read(app, move |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let rows = store::own(conn, &sight, None, MOST_OWN)?;
        let asked = asked(conn, &sight)?;
        let ids: Vec<Id<BidKey>> = rows.iter().map(|row| row.bid.id).filter(|bid| !asked.contains(bid)).collect();
        let on_hold = holds::store::standing_among(conn, &sight, &ids)?;
        let to_answer = clarifications::to_answer(conn, &sight, scene.now)?;
        let own = |row: Row| {
            let (on_hold, to_answer) = (on_hold.get(&row.bid.id).copied(), to_answer.get(&row.bid.id).copied());
            Ok(Own { on_hold, to_answer, ..described(conn, scene, &sight, &asked, row)? })
        };
        rows.into_iter().map(own).collect()
    })
    .await
}

pub(in crate::bids) fn signed_in(conn: &mut Conn, scene: &Scene) -> Result<Sight> {
    let sight = policy::sight(conn, &scene.actor)?;
    if sight.person.is_none() { Err(AppError::Unauthenticated) } else { Ok(sight) }
}

/// The bids that one's organisations were asked to join and have not answered.
fn asked(conn: &mut Conn, sight: &Sight) -> Result<BTreeSet<Id<BidKey>>> {
    let bids: Vec<Id<BidKey>> = partners::table
        .filter(partners::organisation_id.eq_any(&sight.organisations))
        .filter(partners::state.eq("invited"))
        .select(partners::bid_id)
        .load(conn)?;
    Ok(bids.into_iter().collect())
}

fn described(conn: &mut Conn, scene: &Scene, sight: &Sight, asked: &BTreeSet<Id<BidKey>>, row: Row) -> Result<Own> {
    let definition = funds::store::workflow(conn, row.bid.workflow_id)?;
    let labels = definition.state(&row.bid.state).map(|state| state.labels.clone());
    let round = funds::store::round_by_id(conn, row.bid.round_id)?;
    let timetable = funds::store::timetable_of(conn, round.id, row.bid.id)?;
    let stage = open_stage(&definition, &row.bid.state);
    let open = stage.and_then(|stage| timetable.closes(stage));
    let part = part(sight, asked, &row.bid);
    // Once it has closed, nothing waits any more for a signature that was asked for before.
    let closed = timetable.closes(Stage::Full).filter(|closes| scene.now > *closes);
    let to_be_signed = round.cancelled_at.is_none() && closed.is_none();
    let signed = stage == Some(Stage::Full) && part != Part::Invited && to_be_signed;
    let unsigned = if signed { signing::unsigned(conn, scene, row.bid.id, &round)? } else { Vec::new() };
    Ok(Own {
        label: labels.as_ref().map(|labels| labels.applicant.clone()).unwrap_or_default(),
        next: round.cancelled_next().or(labels.map(|labels| labels.next)).unwrap_or_default(),
        outcome: part != Part::Invited && told_outcome(conn, &definition, row.bid.id)?,
        round: round.title,
        closes: open.filter(|closes| scene.now <= *closes && round.cancelled_at.is_none()),
        cancelled: round.cancelled_at.is_some(),
        part,
        to_sign: signing::is_to_sign(conn, scene, row.bid.id, closed)?,
        unsigned,
        on_hold: None,
        to_answer: None,
        row,
    })
}

/// Whether a decision that tells an outcome has moved the bid.
fn told_outcome(conn: &mut Conn, definition: &Definition, bid: Id<BidKey>) -> Result<bool> {
    let taken: Vec<String> = decisions::table
        .filter(decisions::bid_id.eq(bid))
        .filter(decisions::recorded_at.is_not_null())
        .select(decisions::transition)
        .load(conn)?;
    Ok(taken.iter().filter_map(|id| definition.transition(id)).any(|transition| transition.outcome))
}

fn part(sight: &Sight, asked: &BTreeSet<Id<BidKey>>, bid: &Bid) -> Part {
    if sight.organisations.contains(&bid.lead_id) {
        Part::Leads
    } else if asked.contains(&bid.id) {
        Part::Invited
    } else {
        Part::Joined
    }
}
