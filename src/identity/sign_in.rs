//! Signing in without a password: a message with a link and a six-digit code.
//!
//! Asking gives the same answer for every address. The link is followed by a button, never by a GET, because mail
//! scanners open links; the code may be entered only in the browser that asked. Link and code work once, for an hour;
//! the last three that a browser asked for stay good, because council mail is slow. "Last three" is counted per address
//! and browser, so that a stranger who asks in somebody's name pushes none of theirs out. Five wrong codes void a code.

use std::{net::IpAddr, time::Duration};

use diesel::{delete, insert_into, prelude::*, update};
use serde_json::json;

use super::{
    model::Person,
    rate,
    secrets::{self, Browser, Ticket},
    store::people,
};
use crate::{
    clock::Moment,
    db::{Conn, schema::sign_in_links},
    error::Result,
    ids::{Id, IdSource, PersonKey, RowKey},
    mail::{
        Address,
        outbox::{self, Letter},
    },
};

/// How long a link and its code are good.
pub const GOOD_FOR: Duration = Duration::from_secs(3_600);
/// How many that a browser asked for are good at once.
const LAST_GOOD: i64 = 3;
/// So many wrong entries void a code.
const MOST_WRONG: i32 = 5;

/// The row of a link and its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKey {}

/// Somebody asks to sign in.
#[derive(Debug, Clone)]
pub struct Asking {
    /// With this address, which may be anybody's or nobody's.
    pub email: Address,
    /// In this browser.
    pub browser: Browser,
    /// From here.
    pub from: IpAddr,
    /// To go to this path of ours afterwards, if they said so.
    pub return_to: Option<String>,
}

/// What came of following a good link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Whose it was.
    pub person: Id<PersonKey>,
    /// Where they wanted to go when they asked for it.
    pub return_to: Option<String>,
}

#[derive(Queryable)]
struct Link {
    id: Id<RowKey>,
    email: Address,
    person: Option<Id<PersonKey>>,
    code: Vec<u8>,
    wrong: i32,
}

/// What came of entering a code. Never an error, because the count of wrong tries must be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// It was right, and is used up now.
    Right(Id<PersonKey>),
    /// It was wrong; so many tries are left.
    Wrong {
        /// At least one.
        tries_left: i32,
    },
    /// No code is good any more, or never was: ask again.
    Void,
}

/// Sends a link and a code to whoever has the address, and nothing to nobody; the asker cannot tell.
///
/// # Errors
/// [`crate::error::AppError::RateLimited`], equally for known and unknown addresses.
pub fn request(conn: &mut Conn, ids: &IdSource, asking: &Asking, now: Moment) -> Result<()> {
    rate::admit(conn, &rate::bucket_of("sign-in", asking.email.as_str()), minutes(5), 6, now)?;
    rate::admit(conn, &rate::bucket_of_network("sign-in", asking.from), minutes(1), 30, now)?;
    let person = people::person_by_email(conn, &asking.email)?;
    let offer = offer(conn, ids, (&asking.email, person.as_ref()), &asking.browser, now)?;
    if let Some(path) = &asking.return_to {
        update(sign_in_links::table.find(offer.ticket.id)).set(sign_in_links::return_to.eq(path)).execute(conn)?;
    }
    match person {
        Some(person) => post(conn, "sign-in", &person, &offer, now),
        None => Ok(()),
    }
}

/// Sends a fresh code to somebody who has signed in and is about to sign, submit or release; no link, since the page
/// that waits for the code is open.
///
/// # Errors
/// [`crate::error::AppError::RateLimited`].
pub fn request_fresh(
    conn: &mut Conn,
    ids: &IdSource,
    person: Id<PersonKey>,
    browser: &Browser,
    now: Moment,
) -> Result<()> {
    rate::admit(conn, &rate::bucket_of("fresh-code", &person.to_string()), minutes(5), 6, now)?;
    let person = people::person(conn, person)?;
    let offer = offer(conn, ids, (&person.email, Some(&person)), browser, now)?;
    post(conn, "fresh-code", &person, &offer, now)
}

/// Makes a link for a person without sending it: for the operator who starts an instance or the demo.
///
/// # Errors
/// When the database fails.
pub fn hand_out(
    conn: &mut Conn,
    ids: &IdSource,
    person: &Person,
    good_for: Duration,
    now: Moment,
) -> Result<Ticket<LinkKey>> {
    let ticket = Ticket::new(ids.fresh(now), ids);
    let code = secrets::six_digits(ids);
    keep(conn, (&ticket, &code), (&person.email, Some(person.id)), &Browser::new(ids), (now, now.plus(good_for)))?;
    Ok(ticket)
}

struct Offer {
    ticket: Ticket<LinkKey>,
    code: String,
}

fn offer(
    conn: &mut Conn,
    ids: &IdSource,
    (email, person): (&Address, Option<&Person>),
    browser: &Browser,
    now: Moment,
) -> Result<Offer> {
    let offer = Offer { ticket: Ticket::new(ids.fresh(now), ids), code: secrets::six_digits(ids) };
    let whom = (email, person.map(|person| person.id));
    keep(conn, (&offer.ticket, &offer.code), whom, browser, (now, now.plus(GOOD_FOR)))?;
    Ok(offer)
}

fn keep(
    conn: &mut Conn,
    (ticket, code): (&Ticket<LinkKey>, &str),
    (email, person): (&Address, Option<Id<PersonKey>>),
    browser: &Browser,
    (now, expires_at): (Moment, Moment),
) -> Result<()> {
    insert_into(sign_in_links::table)
        .values((
            sign_in_links::id.eq(ticket.id),
            sign_in_links::email.eq(email),
            sign_in_links::person_id.eq(person),
            sign_in_links::browser.eq(browser.hash()),
            sign_in_links::link.eq(ticket.hash()),
            sign_in_links::code.eq(secrets::hash(ticket.id.uuid().as_bytes(), code.as_bytes())),
            sign_in_links::created_at.eq(now),
            sign_in_links::expires_at.eq(expires_at),
            sign_in_links::wrong.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

fn post(conn: &mut Conn, template: &'static str, person: &Person, offer: &Offer, now: Moment) -> Result<()> {
    let link = link_path(&offer.ticket);
    let letter = Letter {
        id: offer.ticket.id.cast(),
        template,
        recipient: person.email.clone(),
        person: Some(person.id),
        bid: None,
        round: None,
        data: json!({
            "name": person.name,
            "code": offer.code,
            "link": link,
            "until": now.plus(GOOD_FOR).in_words(),
        }),
        unique_key: format!("{template}/{}", offer.ticket.id),
    };
    outbox::post(conn, letter, now)
}

/// The path of the page with the one button.
pub fn link_path(ticket: &Ticket<LinkKey>) -> String {
    format!("/sign-in/link/{}", ticket.reveal())
}

/// Tries a code in a browser. Right uses it up, together with all else that the browser asked for; wrong counts against
/// every code that is still good there.
///
/// # Errors
/// [`crate::error::AppError::RateLimited`] after many tries for one address, so that asking for ever new codes does not
/// give a guesser ever more tries.
pub fn enter_code(conn: &mut Conn, browser: &Browser, typed: &str, now: Moment) -> Result<Entered> {
    let good = good_codes(conn, browser, now)?;
    if let Some(newest) = good.first() {
        // Whoever is held up here can still follow the link.
        rate::admit(conn, &rate::bucket_of("code", newest.email.as_str()), minutes(30), 20, now)?;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let right = good.iter().filter(|link| link.is_for(&digits)).filter_map(|link| link.person).next_back();
    if let Some(person) = right {
        return Ok(if use_up(conn, browser, now)? { Entered::Right(person) } else { Entered::Void });
    }
    let wrong: Vec<Id<RowKey>> = good.iter().map(|link| link.id).collect();
    update(sign_in_links::table.filter(sign_in_links::id.eq_any(wrong)))
        .set(sign_in_links::wrong.eq(sign_in_links::wrong + 1))
        .execute(conn)?;
    let left = good.iter().map(|link| MOST_WRONG - link.wrong - 1).max().unwrap_or(0);
    Ok(if left > 0 { Entered::Wrong { tries_left: left } } else { Entered::Void })
}

impl Link {
    fn is_for(&self, digits: &str) -> bool {
        secrets::same(&secrets::hash(self.id.uuid().as_bytes(), digits.as_bytes()), &self.code)
    }
}

fn good_codes(conn: &mut Conn, browser: &Browser, now: Moment) -> Result<Vec<Link>> {
    let mut last: Vec<Link> = sign_in_links::table
        .filter(sign_in_links::browser.eq(browser.hash()))
        .filter(sign_in_links::used_at.is_null())
        .filter(sign_in_links::expires_at.gt(now))
        .order((sign_in_links::created_at.desc(), sign_in_links::id.desc()))
        .limit(LAST_GOOD)
        .select((
            sign_in_links::id,
            sign_in_links::email,
            sign_in_links::person_id,
            sign_in_links::code,
            sign_in_links::wrong,
        ))
        .load(conn)?;
    last.retain(|link| link.wrong < MOST_WRONG);
    Ok(last)
}

/// Whether there was something to use up.
fn use_up(conn: &mut Conn, browser: &Browser, now: Moment) -> Result<bool> {
    let used = update(
        sign_in_links::table.filter(sign_in_links::browser.eq(browser.hash())).filter(sign_in_links::used_at.is_null()),
    )
    .set(sign_in_links::used_at.eq(now))
    .execute(conn)?;
    Ok(used > 0)
}

/// Whose link it is, if it is good. Changes nothing: a GET may ask.
///
/// # Errors
/// When the database fails.
pub fn owner_of(conn: &mut Conn, ticket: &Ticket<LinkKey>, now: Moment) -> Result<Option<Id<PersonKey>>> {
    type Row = (Vec<u8>, Vec<u8>, Option<Id<PersonKey>>);
    let kept: Option<Row> = sign_in_links::table
        .find(ticket.id)
        .filter(sign_in_links::used_at.is_null())
        .filter(sign_in_links::expires_at.gt(now))
        .select((sign_in_links::link, sign_in_links::browser, sign_in_links::person_id))
        .first(conn)
        .optional()?;
    let Some((link, browser, person)) = kept else { return Ok(None) };
    let good = ticket.fits(&link) && is_among_last(conn, ticket.id.cast(), &browser)?;
    Ok(person.filter(|_| good))
}

fn is_among_last(conn: &mut Conn, id: Id<RowKey>, browser: &[u8]) -> Result<bool> {
    let last: Vec<Id<RowKey>> = sign_in_links::table
        .filter(sign_in_links::browser.eq(browser))
        .order((sign_in_links::created_at.desc(), sign_in_links::id.desc()))
        .limit(LAST_GOOD)
        .select(sign_in_links::id)
        .load(conn)?;
    Ok(last.contains(&id))
}

/// Uses a link up and says whose it was; `None` when it is used, old or none of ours.
///
/// # Errors
/// When the database fails.
pub fn follow(conn: &mut Conn, ticket: &Ticket<LinkKey>, now: Moment) -> Result<Option<Followed>> {
    let Some(person) = owner_of(conn, ticket, now)? else { return Ok(None) };
    let used = update(sign_in_links::table.find(ticket.id).filter(sign_in_links::used_at.is_null()))
        .set(sign_in_links::used_at.eq(now))
        .execute(conn)?;
    if used != 1 {
        return Ok(None);
    }
    let return_to = sign_in_links::table.find(ticket.id).select(sign_in_links::return_to).first(conn)?;
    Ok(Some(Followed { person, return_to }))
}

/// Forgets at most so many links and codes whose time was over before an instant, and says how many.
///
/// # Errors
/// When the database fails.
pub fn forget_old(conn: &mut Conn, before: Moment, most: i64) -> Result<usize> {
    let old: Vec<Id<RowKey>> = sign_in_links::table
        .filter(sign_in_links::expires_at.lt(before))
        .limit(most)
        .select(sign_in_links::id)
        .load(conn)?;
    Ok(delete(sign_in_links::table.filter(sign_in_links::id.eq_any(old))).execute(conn)?)
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}
