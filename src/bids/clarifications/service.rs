//! Asking one bid's councils, answering once, giving more time and taking a question back.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    letters,
    model::{
        Clarification, ClarificationAnswer, ClarificationTime, ClarificationView, NewClarification, TakenBackBecause,
    },
    reminder, store,
};
use crate::{
    bids::{
        self,
        model::{Bid, open_stage},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Capacity, Granted},
    ids::{BidKey, Id, RowKey},
};

/// The clarifications of a bid, and what the reader can do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Clarifications {
    /// In the order in which they were asked.
    pub list: Vec<ClarificationView>,
    /// Whether the reader can ask another now.
    pub asks: bool,
    /// Whether the reader can answer for the lead authority.
    pub answers: bool,
}

/// The clarifications of a bid for a page of it: none for whoever may not know of them.
///
/// # Errors
/// `NotFound` when one may not know of the bid.
pub async fn shown(app: &App, call: &Call, reference: String) -> Result<Clarifications> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::ReadBid, &reference)?;
        let standing = granted.standing();
        Ok(Clarifications {
            asks: standing.may(Action::AskClarification) && refuse_unless_read(conn, scene, &granted).is_ok(),
            answers: standing.may(Action::AnswerClarification),
            list: beside(conn, scene, &granted)?,
        })
    })
    .await
}

/// The same list for whoever holds the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn beside(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<Vec<ClarificationView>> {
    if !granted.standing().may(Action::ReadClarifications) {
        return Ok(Vec::new());
    }
    let rows = store::of_bid(conn, granted)?;
    Ok(rows.into_iter().map(|row| view(scene, granted, row)).collect())
}

fn view(scene: &Scene, granted: &Granted<BidKey>, row: Clarification) -> ClarificationView {
    let standing = granted.standing();
    row.view(scene.now, standing.takes_answers(), standing.leads())
}

/// The clarifications of a bid, in the order in which they were asked.
///
/// # Errors
/// As policy says.
pub async fn of_bid(app: &App, call: &Call, reference: String) -> Result<Vec<ClarificationView>> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::ReadClarifications, &reference)?;
        beside(conn, scene, &granted)
    })
    .await
}

/// One of them.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn one(app: &App, call: &Call, reference: String, id: Id<RowKey>) -> Result<ClarificationView> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::ReadClarifications, &reference)?;
        let row = store::one(conn, &granted, id)?;
        Ok(view(scene, &granted, row))
    })
    .await
}

/// A bid that is asked about, and one of its clarifications.
#[derive(Debug, Clone)]
pub struct OfBid {
    /// The bid.
    pub bid: BidHeading,
    /// The clarification.
    pub clarification: ClarificationView,
    /// Whether the reader can give more time and take the question back.
    pub asks: bool,
    /// Whether the reader works for the lead authority, which answers.
    pub leads: bool,
    /// Whether the reader manages the fund's rounds.
    pub manages: bool,
    /// Whether the reader assesses the bid without knowing whose it is.
    pub blind: bool,
}

/// What stands above the pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BidHeading {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
}

impl BidHeading {
    fn of(bid: Bid) -> Self {
        Self { reference: bid.reference, title: bid.title }
    }
}

/// One clarification by its number, for its page.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn numbered(app: &App, call: &Call, reference: String, number: i32) -> Result<OfBid> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::ReadClarifications, &reference)?;
        let found = beside(conn, scene, &granted)?.into_iter().find(|known| known.number == number);
        Ok(OfBid {
            clarification: found.ok_or(AppError::NotFound)?,
            bid: BidHeading::of(bids::store::load(conn, &granted)?),
            asks: granted.standing().may(Action::AskClarification),
            leads: granted.standing().leads(),
            manages: granted.standing().is(Capacity::FundManager),
            blind: granted.standing().reads_without_names(),
        })
    })
    .await
}

/// What stands above the page of whoever asks, also when nothing can be asked any more; and whether they manage the fund's
/// rounds.
///
/// # Errors
/// As policy says.
pub async fn heading(app: &App, call: &Call, reference: String) -> Result<(BidHeading, bool)> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::ReadClarifications, &reference)?;
        Ok((BidHeading::of(bids::store::load(conn, &granted)?), granted.standing().is(Capacity::FundManager)))
    })
    .await
}

/// The bid that is asked about, for whoever asks.
///
/// # Errors
/// As policy says; `Conflict` while the bid is not read.
pub async fn to_ask(app: &App, call: &Call, reference: String) -> Result<BidHeading> {
    call.read(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::AskClarification, &reference)?;
        refuse_unless_read(conn, scene, &granted)?;
        Ok(BidHeading::of(bids::store::load(conn, &granted)?))
    })
    .await
}

fn asked(conn: &mut Conn, scene: &Scene, action: Action, reference: &str) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, action, id)
}

/// A bid is read once nothing newer can be sent in the place of the version that stands. What was decided about it changes
/// nothing here, so that whether a question can be asked tells nobody an outcome.
fn refuse_unless_read(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<()> {
    let bid = bids::store::load(conn, granted)?;
    let round = funds::store::round_by_id(conn, bid.round_id)?;
    let timetable = funds::store::timetable_of(conn, round.id, bid.id)?;
    let definition = funds::store::workflow(conn, bid.workflow_id)?;
    let versions = bids::store::versions(conn, granted)?;
    let standing = versions.last().map(|version| version.stage);
    let written = open_stage(&definition, &bid.state).filter(|open| Some(*open) != standing);
    let Some(stage) = standing.filter(|_| written.is_none()) else {
        let message = "The councils have not submitted what is to be read next. Ask once the stage has closed.";
        return Err(AppError::conflict("not_submitted", message));
    };
    if timetable.is_readable(stage, scene.now) {
        return Ok(());
    }
    let closes = timetable.closes(stage).map(|at| at.in_words()).unwrap_or_default();
    let message = format!("The councils can still send a newer version until {closes}. Ask after that.");
    Err(AppError::conflict("not_closed", message))
}

/// Asks a bid's councils a question; the people of its lead are told.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Conflict` while the bid is not read.
pub async fn ask(app: &App, call: &Call, reference: String, new: NewClarification) -> Result<ClarificationView> {
    call.write(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::AskClarification, &reference)?;
        let person = scene.person()?;
        AppError::unless_empty(new.faults(scene.now))?;
        refuse_unless_read(conn, scene, &granted)?;
        let before = store::of_bid(conn, &granted)?;
        let row = Clarification {
            id: scene.fresh(),
            bid_id: granted.id(),
            number: before.last().map_or(1, |last| last.number + 1),
            question: new.question.trim().into(),
            asked_by: person,
            asked_at: scene.now,
            until_at: new.until,
            answer: String::new(),
            answered_by: None,
            answered_at: None,
            taken_back_at: None,
            taken_back_because: None,
            version: 1,
            drafts: 0,
            salt: None,
        };
        store::insert(conn, &granted, &row)?;
        tell(conn, scene, &row, ("clarification.asked", json!({ "until": row.until_at })))?;
        reminder::order(conn, scene, &granted, &row)?;
        letters::to_lead(conn, scene, &granted, (&row, "asked", None))?;
        Ok(view(scene, &granted, row))
    })
    .await
}

/// What happened stands in the bid's own chain, which its councils read too.
fn tell(conn: &mut Conn, scene: &Scene, row: &Clarification, (kind, mut detail): (&'static str, Value)) -> Result<()> {
    if let Value::Object(detail) = &mut detail {
        detail.insert("clarification".into(), json!(row.id));
    }
    scene.tell(conn, Chain::Bid(row.bid_id), kind, detail)
}

/// Writes an answer, or submits it for good; then the fund's managers and the bid's assessors are told.
///
/// # Errors
/// As policy says; `Invalid`; `Stale` when somebody else wrote it meanwhile; `Conflict` when it is too late, answered or
/// taken back.
pub async fn put_answer(
    app: &App,
    call: &Call,
    reference: String,
    (id, version): (Id<RowKey>, i32),
    new: ClarificationAnswer,
) -> Result<ClarificationView> {
    call.write(app, move |conn, scene| {
        let granted = asked(conn, scene, Action::AnswerClarification, &reference)?;
        let person = scene.person()?;
        let row = store::one(conn, &granted, id)?;
        row.must_take_answers(scene.now)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let answer = new.answer.trim();
        if row.version_for(true) != version {
            return Err(AppError::Stale { current: row.version_for(true) });
        }
        let salted = new.submit.then(|| scene.salted(answer.as_bytes()));
        let written = match &salted {
            Some((salt, _)) => store::submit(conn, &granted, &row, (answer, salt), (person, scene.now))?,
            None => store::write_draft(conn, &granted, &row, answer)?,
        };
        if !written {
            return Err(AppError::Stale { current: row.version_for(true) });
        }
        let row = store::one(conn, &granted, id)?;
        if let Some((_, hash)) = salted {
            // The history can show later that the answer is the one that was submitted.
            tell(conn, scene, &row, ("clarification.answered", json!({ "answer": hash })))?;
            letters::of_answer(conn, scene, &granted, &row)?;
        }
        Ok(view(scene, &granted, row))
    })
    .await
}

/// A question that is neither answered nor taken back, for somebody who may ask and changes it.
fn waiting(
    conn: &mut Conn,
    scene: &Scene,
    reference: &str,
    id: Id<RowKey>,
) -> Result<(Granted<BidKey>, Clarification)> {
    let granted = asked(conn, scene, Action::AskClarification, reference)?;
    scene.person()?;
    let row = store::one(conn, &granted, id)?;
    row.must_wait()?;
    Ok((granted, row))
}

/// Gives more time to answer, also once the time is over; the people of the lead are told.
///
/// # Errors
/// As policy says; `Invalid`; `Stale`; `Conflict` when it is answered or taken back.
pub async fn give_time(
    app: &App,
    call: &Call,
    reference: String,
    (id, version): (Id<RowKey>, i32),
    new: ClarificationTime,
) -> Result<ClarificationView> {
    call.write(app, move |conn, scene| {
        let (granted, before) = waiting(conn, scene, &reference, id)?;
        AppError::unless_empty(new.fault(before.until_at, scene.now).into_iter().collect())?;
        if !store::give_time(conn, &granted, (id, version), new.until)? {
            return Err(AppError::Stale { current: before.version });
        }
        let row = store::one(conn, &granted, id)?;
        let detail = json!({ "from": before.until_at, "until": row.until_at });
        tell(conn, scene, &row, ("clarification.more_time", detail))?;
        reminder::order(conn, scene, &granted, &row)?;
        letters::to_lead(conn, scene, &granted, (&row, "more_time", None))?;
        Ok(view(scene, &granted, row))
    })
    .await
}

/// Takes a question back before it is answered; the people of the lead are told why.
///
/// # Errors
/// As policy says; `Invalid`; `Stale`; `Conflict` when it is answered or taken back already.
pub async fn take_back(
    app: &App,
    call: &Call,
    reference: String,
    (id, version): (Id<RowKey>, i32),
    because: TakenBackBecause,
) -> Result<ClarificationView> {
    call.write(app, move |conn, scene| {
        let (granted, before) = waiting(conn, scene, &reference, id)?;
        AppError::unless_empty(because.fault().into_iter().collect())?;
        let reason = because.reason.trim();
        if !store::take_back(conn, &granted, (id, version), (reason, scene.now))? {
            return Err(AppError::Stale { current: before.version });
        }
        let row = store::one(conn, &granted, id)?;
        tell(conn, scene, &row, ("clarification.taken_back", json!({})))?;
        letters::to_lead(conn, scene, &granted, (&row, "taken_back", Some(reason)))?;
        Ok(view(scene, &granted, row))
    })
    .await
}
