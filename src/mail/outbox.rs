//! The outbox: a row per message and recipient, written with the use case that wants it told, and its way out.
//!
//! `queued → sending → sent | failed | unknown`, or `held` where no mail server is configured. A message whose fate is
//! unknown (the connection was lost after DATA) is shown to staff and never sent again by itself.

use std::time::Duration;

use diesel::{insert_into, prelude::*, update};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Address, sending::KIND};
use crate::{
    clock::Moment,
    db::{Conn, Doc, schema::outbox},
    each,
    error::{AppError, Result},
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey},
    jobs::{self, Order},
    words,
};

/// Messages whose data opens a door. They are worthless after the hour, and their data is forgotten once they are sent.
const DOOR_OPENERS: [&str; 2] = ["sign-in", "fresh-code"];
/// How long such a message is of use.
pub const DOOR_OPEN_FOR: Duration = Duration::from_secs(3_600);
/// With the pauses of [`pause_after`] the last try comes about eight hours after the first.
const MOST_TRIES: i32 = 14;

words! {
    /// Where a message is on its way.
    pub enum State {
        /// It waits for its turn or its next try.
        Queued = "queued",
        /// It is being handed to the mail server.
        Sending = "sending",
        /// The mail server has taken it.
        Sent = "sent",
        /// The mail server refused it, or all tries are used up.
        Failed = "failed",
        /// It may or may not have been sent.
        Unknown = "unknown",
        /// No mail server is configured: staff can read it.
        Held = "held",
    }
}

/// What is told by mail, before it is made out to one of its readers.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The name of its template.
    pub template: &'static str,
    /// The bid that it is about.
    pub bid: Option<Id<BidKey>>,
    /// The round that it is about.
    pub round: Option<Id<RoundKey>>,
    /// What the template needs, but for its reader's name.
    pub data: Value,
}

/// Adds more to what a template needs.
pub fn extend(data: &mut Value, more: Value) {
    if let (Value::Object(data), Value::Object(more)) = (data, more) {
        data.extend(more);
    }
}

/// A message on its way into the outbox.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The id of its row, its job and its Message-ID.
    pub id: Id<RowKey>,
    /// The name of its template.
    pub template: &'static str,
    /// To whom: from the record it is about, never from a list beside it.
    pub recipient: Address,
    /// The person, if it is to a person.
    pub person: Option<Id<PersonKey>>,
    /// The bid that it is about.
    pub bid: Option<Id<BidKey>>,
    /// The round that it is about.
    pub round: Option<Id<RoundKey>>,
    /// What the template needs.
    pub data: Value,
    /// A second letter with the same key is not sent.
    pub unique_key: String,
}

/// A message as it lies in the outbox.
#[derive(Debug, Clone, Queryable, Serialize)]
pub struct Message {
    /// Its id.
    pub id: Id<RowKey>,
    /// The name of its template.
    pub template: String,
    /// To whom.
    pub recipient: Address,
    /// What the template needs.
    pub data: Doc<Value>,
    /// Where it is on its way.
    pub state: State,
    /// How often sending was begun.
    pub attempts: i32,
    /// When it was written.
    pub created_at: Moment,
    /// When the mail server took it.
    pub sent_at: Option<Moment>,
    /// What went wrong, for staff.
    pub error: Option<String>,
    /// The version of the round's own words that it is written with.
    pub text: Option<Id<RowKey>>,
}

impl Message {
    /// Whether it has lost its worth: a code that no longer signs anybody in.
    pub fn is_stale(&self, now: Moment) -> bool {
        self.opens_a_door() && now >= self.created_at.plus(DOOR_OPEN_FOR)
    }

    /// Whether it holds a code or a link that signs its reader in.
    pub fn opens_a_door(&self) -> bool {
        DOOR_OPENERS.contains(&self.template.as_str())
    }
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The mail server has taken it; with what staff should know of that.
    Sent(Option<String>),
    /// It may work later.
    Later(String),
    /// It never will.
    Never(String),
    /// The connection was lost after DATA.
    Unknown(String),
    /// There is nobody to hand it to.
    Held,
}

/// Puts a message into the outbox, with the job that sends it, in the transaction of the use case.
///
/// # Errors
/// When the database fails. A letter whose key is known already is dropped in silence.
pub fn post(conn: &mut Conn, letter: Letter, now: Moment) -> Result<()> {
    post_new(conn, letter, now).map(drop)
}

/// The same for a message that is written with a version of a round's own words, if there is one.
///
/// # Errors
/// When the database fails.
pub fn post_in_words(conn: &mut Conn, letter: Letter, text: Option<Id<RowKey>>, now: Moment) -> Result<()> {
    insert(conn, letter, text, now).map(drop)
}

/// The same; says whether the letter is new.
///
/// # Errors
/// When the database fails.
pub fn post_new(conn: &mut Conn, letter: Letter, now: Moment) -> Result<bool> {
    insert(conn, letter, None, now)
}

fn insert(conn: &mut Conn, letter: Letter, text: Option<Id<RowKey>>, now: Moment) -> Result<bool> {
    let row = (
        outbox::id.eq(letter.id),
        outbox::template.eq(letter.template),
        outbox::recipient.eq(letter.recipient),
        outbox::person_id.eq(letter.person),
        outbox::bid_id.eq(letter.bid),
        outbox::round_id.eq(letter.round),
        outbox::data.eq(Doc(letter.data)),
        outbox::unique_key.eq(letter.unique_key),
        outbox::state.eq(State::Queued),
        outbox::attempts.eq(0),
        outbox::next_at.eq(now),
        outbox::created_at.eq(now),
        outbox::text_id.eq(text),
    );
    let added = each!(conn, |conn| insert_into(outbox::table).values(&row).on_conflict_do_nothing().execute(conn))?;
    if added == 1 {
        order_sending(conn, letter.id, letter.id, now, now)?;
    }
    Ok(added == 1)
}

fn order_sending(conn: &mut Conn, job: Id<RowKey>, message: Id<RowKey>, run_at: Moment, now: Moment) -> Result<()> {
    let order = Order { id: job, kind: KIND, payload: json!({ "message": message }), run_at, unique_key: None };
    jobs::enqueue(conn, order, now)
}

type Columns = (
    outbox::id,
    outbox::template,
    outbox::recipient,
    outbox::data,
    outbox::state,
    outbox::attempts,
    outbox::created_at,
    outbox::sent_at,
    outbox::error,
    outbox::text_id,
);
const COLUMNS: Columns = (
    outbox::id,
    outbox::template,
    outbox::recipient,
    outbox::data,
    outbox::state,
    outbox::attempts,
    outbox::created_at,
    outbox::sent_at,
    outbox::error,
    outbox::text_id,
);

/// One message: for the sender, and for a room that has policy's yes.
///
/// # Errors
/// [`AppError::NotFound`].
pub fn find(conn: &mut Conn, id: Id<RowKey>) -> Result<Message> {
    outbox::table.find(id).select(COLUMNS).first(conn).optional()?.ok_or(AppError::NotFound)
}

/// Takes a message out to send it. `None` when it is not waiting: one that somebody began to send and never finished
/// may have gone out, so its fate is unknown from now on.
pub(super) fn take(conn: &mut Conn, id: Id<RowKey>, now: Moment) -> Result<Option<Message>> {
    let taken = update(outbox::table.find(id).filter(outbox::state.eq(State::Queued)))
        .set((outbox::state.eq(State::Sending), outbox::attempts.eq(outbox::attempts + 1), outbox::next_at.eq(now)))
        .execute(conn)?;
    if taken == 1 {
        return find(conn, id).map(Some);
    }
    update(outbox::table.find(id).filter(outbox::state.eq(State::Sending)))
        .set((outbox::state.eq(State::Unknown), outbox::error.eq("sending was begun and its end was not recorded")))
        .execute(conn)?;
    Ok(None)
}

/// Records what became of a try; a message that may work later is ordered again under the id `again`.
pub(super) fn record(conn: &mut Conn, message: &Message, fate: &Fate, again: Id<RowKey>, now: Moment) -> Result<()> {
    let row = outbox::table.find(message.id);
    match fate {
        Fate::Sent(note) => {
            update(row)
                .set((outbox::state.eq(State::Sent), outbox::sent_at.eq(now), outbox::error.eq(note)))
                .execute(conn)?;
            forget_secrets(conn, message)
        }
        Fate::Held => close(conn, message.id, State::Held, None),
        Fate::Unknown(why) => close(conn, message.id, State::Unknown, Some(why)),
        Fate::Never(why) => {
            close(conn, message.id, State::Failed, Some(why))?;
            forget_secrets(conn, message)
        }
        Fate::Later(why) if message.attempts >= MOST_TRIES => close(conn, message.id, State::Failed, Some(why)),
        Fate::Later(why) => {
            let at = now.plus(pause_after(message.attempts));
            update(row)
                .set((outbox::state.eq(State::Queued), outbox::next_at.eq(at), outbox::error.eq(why)))
                .execute(conn)?;
            order_sending(conn, again, message.id, at, now)
        }
    }
}

/// The newest messages, in one state if one is named: for a room that has policy's yes.
///
/// # Errors
/// When the database fails.
pub fn newest(conn: &mut Conn, state: Option<State>, limit: i64) -> Result<Vec<Message>> {
    let mut query =
        outbox::table.order((outbox::created_at.desc(), outbox::id.desc())).select(COLUMNS).limit(limit).into_boxed();
    if let Some(state) = state {
        query = query.filter(outbox::state.eq(state));
    }
    Ok(query.load(conn)?)
}

/// Orders a message again that failed, was held, or may or may not have been sent; says whether it did. One whose code
/// is of no use any more stays where it is.
///
/// # Errors
/// When the database fails.
pub fn send_again(conn: &mut Conn, id: Id<RowKey>, job: Id<RowKey>, now: Moment) -> Result<bool> {
    if find(conn, id)?.is_stale(now) {
        return Ok(false);
    }
    let stopped = [State::Failed, State::Held, State::Unknown].map(State::word);
    let ordered = update(outbox::table.find(id).filter(outbox::state.eq_any(stopped)))
        .set((outbox::state.eq(State::Queued), outbox::attempts.eq(0), outbox::next_at.eq(now)))
        .execute(conn)?;
    if ordered == 1 {
        order_sending(conn, job, id, now, now)?;
    }
    Ok(ordered == 1)
}

fn close(conn: &mut Conn, id: Id<RowKey>, state: State, why: Option<&str>) -> Result<()> {
    update(outbox::table.find(id)).set((outbox::state.eq(state), outbox::error.eq(why))).execute(conn)?;
    Ok(())
}

fn forget_secrets(conn: &mut Conn, message: &Message) -> Result<()> {
    if message.opens_a_door() {
        update(outbox::table.find(message.id)).set(outbox::data.eq(Doc(json!({})))).execute(conn)?;
    }
    Ok(())
}

/// Forgets the data of at most so many messages that were written before an instant and hold a code or a link, whatever
/// became of them, and says how many. Such a message is of no use after [`DOOR_OPEN_FOR`].
///
/// # Errors
/// When the database fails.
pub fn forget_codes(conn: &mut Conn, before: Moment, most: i64) -> Result<usize> {
    let held: Vec<Id<RowKey>> = outbox::table
        .filter(outbox::template.eq_any(DOOR_OPENERS))
        .filter(outbox::created_at.lt(before))
        .filter(outbox::data.ne(Doc(json!({}))))
        .limit(most)
        .select(outbox::id)
        .load(conn)?;
    Ok(update(outbox::table.filter(outbox::id.eq_any(held))).set(outbox::data.eq(Doc(json!({})))).execute(conn)?)
}

/// Half a minute after the first try, then twice as long each time, up to an hour.
fn pause_after(tries: i32) -> Duration {
    let doubled = 30_u64.saturating_mul(1 << tries.saturating_sub(1).clamp(0, 7));
    Duration::from_secs(doubled.min(3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let pauses: Vec<u64> = (1..=9).map(|tries| pause_after(tries).as_secs()).collect();
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    }
}
