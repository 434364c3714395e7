//! Forms that somebody sent whose session had ended or whose code was too old, kept for a day so that nothing is lost over
//! signing in.
//!
//! Only the browser that sent a form gets it back, and in it only the person whose session it was. What carries a secret
//! is never kept ([`may_be_kept`]).

use std::time::Duration;

use diesel::{delete, insert_into, prelude::*};

use super::secrets::Browser;
use crate::{
    clock::Moment,
    db::{Conn, schema::kept_forms},
    error::Result,
    ids::{Id, IdSource, PersonKey, RowKey},
};

/// How long a form is kept.
pub const KEPT_FOR: Duration = Duration::from_secs(86_400);
/// The longest form that is kept, in bytes as it was sent: many times the longest answer.
const LONGEST: usize = 256 * 1024;
/// So many forms of one person are kept: the newest.
const MOST: i64 = 5;
/// Where codes and secrets are sent, or nothing is written.
const NEVER: [&str; 4] = ["/sign-in", "/sign-out", "/account", "/kept-forms"];

/// A form that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct KeptForm {
    /// Its id.
    pub id: Id<RowKey>,
    /// The path that it was sent to.
    pub path: String,
    /// What was written, as forms are encoded; without the session's token.
    pub body: String,
    /// When it was sent.
    pub kept_at: Moment,
}

/// Whether a form that was sent to `path` may be kept.
pub fn may_be_kept(path: &str, body: &str) -> bool {
    !body.is_empty() && body.len() <= LONGEST && !carries_a_secret(path)
}

/// Whether what is sent to `path` may hold a code or a secret, which is never shown again.
pub fn carries_a_secret(path: &str) -> bool {
    let below = |never: &str| path.strip_prefix(never).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    NEVER.into_iter().any(below)
}

/// Keeps a form in the place of what the person sent to the same path before.
///
/// # Errors
/// When the database fails.
pub fn keep(
    conn: &mut Conn,
    ids: &IdSource,
    (person, browser): (Id<PersonKey>, &Browser),
    (path, body): (&str, &str),
    now: Moment,
) -> Result<()> {
    let earlier = kept_forms::table
        .filter(kept_forms::person_id.eq(person))
        .filter(kept_forms::browser.eq(browser.hash()))
        .filter(kept_forms::path.eq(path));
    delete(earlier).execute(conn)?;
    let row = (
        kept_forms::id.eq(ids.fresh::<RowKey>(now)),
        kept_forms::person_id.eq(person),
        kept_forms::browser.eq(browser.hash()),
        kept_forms::path.eq(path),
        kept_forms::body.eq(body),
        kept_forms::kept_at.eq(now),
    );
    insert_into(kept_forms::table).values(row).execute(conn)?;
    let beyond: Vec<Id<RowKey>> = kept_forms::table
        .filter(kept_forms::person_id.eq(person))
        .order((kept_forms::kept_at.desc(), kept_forms::id.desc()))
        .offset(MOST)
        .limit(i64::MAX)
        .select(kept_forms::id)
        .load(conn)?;
    delete(kept_forms::table.filter(kept_forms::id.eq_any(beyond))).execute(conn)?;
    Ok(())
}

/// What a person sent in this browser and can send again, the newest first.
///
/// # Errors
/// When the database fails.
pub fn of(conn: &mut Conn, person: Id<PersonKey>, browser: &Browser, now: Moment) -> Result<Vec<KeptForm>> {
    Ok(kept_forms::table
        .filter(kept_forms::person_id.eq(person))
        .filter(kept_forms::browser.eq(browser.hash()))
        .filter(kept_forms::kept_at.gt(now.minus(KEPT_FOR)))
        .order((kept_forms::kept_at.desc(), kept_forms::id.desc()))
        .select((kept_forms::id, kept_forms::path, kept_forms::body, kept_forms::kept_at))
        .load(conn)?)
}

/// Forgets a form that was sent again or is not wanted. One that is not there, or not this person's, changes nothing.
///
/// # Errors
/// When the database fails.
pub fn forget(conn: &mut Conn, person: Id<PersonKey>, browser: &Browser, form: Id<RowKey>) -> Result<()> {
    let own = kept_forms::table
        .find(form)
        .filter(kept_forms::person_id.eq(person))
        .filter(kept_forms::browser.eq(browser.hash()));
    delete(own).execute(conn)?;
    Ok(())
}

/// Forgets at most so many forms that were kept before an instant, and says how many.
///
/// # Errors
/// When the database fails.
pub fn forget_old(conn: &mut Conn, before: Moment, most: i64) -> Result<usize> {
    let old: Vec<Id<RowKey>> =
        kept_forms::table.filter(kept_forms::kept_at.lt(before)).limit(most).select(kept_forms::id).load(conn)?;
    Ok(delete(kept_forms::table.filter(kept_forms::id.eq_any(old))).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_carries_a_secret_is_too_long_or_says_nothing_is_not_kept() {
        assert!(may_be_kept("/bids/TEST-0001/questions/problem", "answer=Words"));
        for path in ["/sign-in", "/sign-in/check-email", "/sign-in/link/x", "/account/fresh", "/account", "/sign-out"] {
            assert!(!may_be_kept(path, "code=123456"), "{path}");
        }
        assert!(may_be_kept("/accounts-of-a-round", "answer=Words"), "another word that begins alike");
        assert!(!may_be_kept("/bids/TEST-0001/check", ""));
        assert!(!may_be_kept("/bids/TEST-0001/check", &"x".repeat(LONGEST + 1)));
    }
}
