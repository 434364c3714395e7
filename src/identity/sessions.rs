//! Sessions of signed-in people: opaque, kept as hashes, listed and revocable.
//!
//! A session ends 14 days after it was last used, 20 hours for staff. Before signing, submitting and releasing a person
//! enters a fresh code ([`require_fresh`]).

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::{
    delete,
    dsl::{exists, select},
    insert_into,
    prelude::*,
    update,
};
use serde::{Deserialize, Serialize};

use super::{
    model::FundRole,
    secrets::{self, Ticket},
};
use crate::{
    actor::{Actor, SignedIn},
    clock::Moment,
    db::{
        Conn,
        schema::{fund_roles, people, sessions},
    },
    error::{AppError, Result},
    ids::{Id, IdSource, PersonKey, SessionKey},
};

/// How long a council's or an assessor's session lasts without use.
pub const IDLE: Duration = Duration::from_secs(14 * 86_400);
/// How long a session of staff lasts without use: a working day, so that no page need warn (WCAG 2.2.1).
pub const IDLE_OF_STAFF: Duration = Duration::from_secs(20 * 3_600);
/// How long an entered code counts as fresh.
pub const FRESH_FOR: Duration = Duration::from_secs(30 * 60);
/// A session's use is written down at most this often.
const WRITTEN_EVERY: Duration = Duration::from_secs(5 * 60);

/// A session as its owner sees it in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, utoipa::ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Id<SessionKey>,
    /// The browser and system that it was opened in.
    pub device: String,
    /// When it was opened.
    pub created_at: Moment,
    /// When it was last used, to five minutes.
    pub seen_at: Moment,
}

/// A session that was just opened, with the value for its cookie.
#[derive(Debug)]
pub struct Opened {
    /// Who acts from now on.
    pub signed_in: SignedIn,
    /// The cookie's value: shown to the browser alone.
    pub token: String,
}

#[derive(Queryable)]
struct Kept {
    person: Id<PersonKey>,
    token: Vec<u8>,
    seen_at: Moment,
    fresh_at: Moment,
    service_admin: bool,
}

/// Opens a session for a person who proved who they are, under a new token; the browser's earlier session ends.
///
/// # Errors
/// When the database fails.
pub fn open(
    conn: &mut Conn,
    ids: &IdSource,
    person: Id<PersonKey>,
    device: &str,
    earlier: Option<&str>,
    now: Moment,
) -> Result<Opened> {
    if let Some(earlier) = earlier.and_then(|token| token.parse::<Ticket<SessionKey>>().ok()) {
        end_ticket(conn, &earlier, now)?;
    }
    let ticket = Ticket::new(ids.fresh(now), ids);
    insert_into(sessions::table)
        .values((
            sessions::id.eq(ticket.id),
            sessions::person_id.eq(person),
            sessions::token.eq(ticket.hash()),
            sessions::device.eq(device),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::fresh_at.eq(now),
        ))
        .execute(conn)?;
    Ok(Opened { signed_in: SignedIn { person, session: ticket.id, fresh_at: now, at: now }, token: ticket.reveal() })
}

/// Who acts with a session's token; `None` when it is none of ours, ended, or idle for too long.
///
/// # Errors
/// When the database fails.
pub fn actor_of(conn: &mut Conn, token: &str, now: Moment) -> Result<Option<SignedIn>> {
    let Ok(ticket) = token.parse::<Ticket<SessionKey>>() else { return Ok(None) };
    let kept: Option<Kept> = sessions::table
        .inner_join(people::table)
        .filter(sessions::id.eq(ticket.id))
        .filter(sessions::ended_at.is_null())
        .select((sessions::person_id, sessions::token, sessions::seen_at, sessions::fresh_at, people::service_admin))
        .first(conn)
        .optional()?;
    let Some(kept) = kept.filter(|kept| ticket.fits(&kept.token)) else { return Ok(None) };
    let lasts = is_within_idle_time(conn, &kept, now)?;
    Ok(lasts.then_some(SignedIn { person: kept.person, session: ticket.id, fresh_at: kept.fresh_at, at: now }))
}

fn is_within_idle_time(conn: &mut Conn, kept: &Kept, now: Moment) -> Result<bool> {
    if now < kept.seen_at.plus(IDLE_OF_STAFF) {
        return Ok(true);
    }
    Ok(now < kept.seen_at.plus(IDLE) && !kept.service_admin && !manages_a_fund(conn, kept.person)?)
}

fn manages_a_fund(conn: &mut Conn, person: Id<PersonKey>) -> Result<bool> {
    let managed = fund_roles::table
        .filter(fund_roles::person_id.eq(person))
        .filter(fund_roles::role.eq(FundRole::FundManager))
        .filter(fund_roles::ended_at.is_null());
    Ok(select(exists(managed)).get_result(conn)?)
}

/// Whose session a token opened, even if it has ended since: what that browser still sends is theirs.
///
/// # Errors
/// When the database fails.
pub fn opened_by(conn: &mut Conn, token: &str) -> Result<Option<Id<PersonKey>>> {
    let Ok(ticket) = token.parse::<Ticket<SessionKey>>() else { return Ok(None) };
    let kept: Option<(Id<PersonKey>, Vec<u8>)> =
        sessions::table.find(ticket.id).select((sessions::person_id, sessions::token)).first(conn).optional()?;
    Ok(kept.filter(|(_, token)| ticket.fits(token)).map(|(person, _)| person))
}

/// Whether it is time to write down that a session is used. Cheap: most requests write nothing.
///
/// # Errors
/// When the database fails.
pub fn wants_touch(conn: &mut Conn, session: Id<SessionKey>, now: Moment) -> Result<bool> {
    let due = sessions::table.find(session).filter(sessions::seen_at.lt(now.minus(WRITTEN_EVERY)));
    Ok(select(exists(due)).get_result(conn)?)
}

/// Writes down that a session is used, unless that was done within five minutes.
///
/// # Errors
/// When the database fails.
pub fn touch(conn: &mut Conn, session: Id<SessionKey>, now: Moment) -> Result<()> {
    update(
        sessions::table
            .find(session)
            .filter(sessions::ended_at.is_null())
            .filter(sessions::seen_at.lt(now.minus(WRITTEN_EVERY))),
    )
    .set(sessions::seen_at.eq(now))
    .execute(conn)?;
    Ok(())
}

/// Records that a fresh code was entered. The token changes with what it opens; the old one ends.
///
/// # Errors
/// [`AppError::Unauthenticated`] when the session has ended meanwhile.
pub fn freshen(conn: &mut Conn, ids: &IdSource, session: Id<SessionKey>, now: Moment) -> Result<String> {
    let ticket = Ticket::new(session, ids);
    let changed = update(sessions::table.find(session).filter(sessions::ended_at.is_null()))
        .set((sessions::token.eq(ticket.hash()), sessions::fresh_at.eq(now), sessions::seen_at.eq(now)))
        .execute(conn)?;
    if changed == 1 { Ok(ticket.reveal()) } else { Err(AppError::Unauthenticated) }
}

/// Demands that a code was entered within half an hour: before signing, submitting and releasing.
///
/// # Errors
/// [`AppError::Forbidden`] with the code `fresh_code_needed`.
pub fn require_fresh(signed_in: &SignedIn, now: Moment) -> Result<()> {
    if now < signed_in.fresh_at.plus(FRESH_FOR) {
        return Ok(());
    }
    Err(stale())
}

/// Until when the code counts that the actor entered last, if one is a person whose code counts now.
pub fn fresh_until(actor: &Actor, now: Moment) -> Option<Moment> {
    let Actor::Person(signed_in) = actor else { return None };
    require_fresh(signed_in, now).is_ok().then(|| signed_in.fresh_at.plus(FRESH_FOR))
}

/// What somebody hears whose code is not fresh.
pub fn stale() -> AppError {
    AppError::forbidden("fresh_code_needed", "Enter a fresh code to confirm that it is you, then do this again")
}

/// A person's open sessions, the last used first.
///
/// # Errors
/// When the database fails.
pub fn of_person(conn: &mut Conn, person: Id<PersonKey>, now: Moment) -> Result<Vec<Session>> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::seen_at.gt(now.minus(IDLE)))
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select((sessions::id, sessions::device, sessions::created_at, sessions::seen_at))
        .load(conn)?)
}

/// Ends one of a person's own sessions. Ending one that has ended changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] when the person has no such session.
pub fn end(conn: &mut Conn, person: Id<PersonKey>, session: Id<SessionKey>, now: Moment) -> Result<()> {
    let own = sessions::table.find(session).filter(sessions::person_id.eq(person));
    let known: bool = select(exists(own)).get_result(conn)?;
    if !known {
        return Err(AppError::NotFound);
    }
    update(own.filter(sessions::ended_at.is_null())).set(sessions::ended_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Forgets at most so many sessions that were not used since an instant, and says how many.
///
/// # Errors
/// When the database fails.
pub fn forget_old(conn: &mut Conn, before: Moment, most: i64) -> Result<usize> {
    let old: Vec<Id<SessionKey>> =
        sessions::table.filter(sessions::seen_at.lt(before)).limit(most).select(sessions::id).load(conn)?;
    Ok(delete(sessions::table.filter(sessions::id.eq_any(old))).execute(conn)?)
}

fn end_ticket(conn: &mut Conn, ticket: &Ticket<SessionKey>, now: Moment) -> Result<()> {
    let open =
        sessions::table.find(ticket.id).filter(sessions::token.eq(ticket.hash())).filter(sessions::ended_at.is_null());
    update(open).set(sessions::ended_at.eq(now)).execute(conn)?;
    Ok(())
}

/// The token that every form of a session carries. It follows from the cookie's value, which no other site can read; it
/// also serves a browser that has not signed in, from the value of its `asked` cookie.
pub fn csrf_of(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(secrets::hash(b"csrf\0", token.as_bytes()))
}

/// Whether a form came from a page of this session.
pub fn is_csrf_of(token: &str, sent: &str) -> bool {
    secrets::same(csrf_of(token).as_bytes(), sent.as_bytes())
}

/// The browser and system of a User-Agent header in a few words of our own, for the list of sessions.
pub fn device_of(user_agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) => "Unknown browser".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_one_session() {
        assert!(is_csrf_of("one", &csrf_of("one")));
        assert!(!is_csrf_of("one", &csrf_of("two")));
        assert!(!is_csrf_of("one", ""));
    }

    #[test]
    fn a_code_is_fresh_for_half_an_hour() {
        let now = Moment::from_micros(0);
        let signed_in =
            SignedIn { person: Id::of(uuid::Uuid::nil()), session: Id::of(uuid::Uuid::nil()), fresh_at: now, at: now };
        assert!(require_fresh(&signed_in, now.plus(FRESH_FOR).minus(Duration::from_micros(1))).is_ok());
        let refusal = require_fresh(&signed_in, now.plus(FRESH_FOR)).expect_err("too old");
        assert!(matches!(refusal, AppError::Forbidden { code: "fresh_code_needed", .. }));
    }

    #[test]
    fn devices_are_named_in_words_of_ours() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(device_of(firefox), "Firefox on Linux");
        assert_eq!(device_of(edge), "Edge on Windows");
        assert_eq!(device_of("<script>"), "Unknown browser");
    }
}
