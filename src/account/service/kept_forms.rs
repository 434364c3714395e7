//! Forms that were sent when the session had ended or before a fresh code was entered: kept, given back and forgotten.

use super::sign_in::signed_in;
use crate::{
    clock::Moment,
    error::Result,
    http::{App, Call},
    identity::{
        Browser,
        kept_forms::{self, KeptForm},
        sessions,
    },
    ids::{Id, RowKey},
};

/// A form on its way to be kept.
#[derive(Clone)]
pub struct Sent {
    /// The token of the session that the browser still names.
    pub token: String,
    /// The browser.
    pub browser: Browser,
    /// The path that it was sent to.
    pub path: String,
    /// What was written, without the session's token.
    pub body: String,
    /// When.
    pub at: Moment,
}

/// Keeps a form for the person whose session it was; says whether it did. From anybody else nothing is kept.
///
/// # Errors
/// When the database fails.
pub async fn keep(app: &App, sent: Sent) -> Result<bool> {
    let ids = app.ids.clone();
    let body = move |conn: &mut _| {
        let Some(person) = sessions::opened_by(conn, &sent.token)? else { return Ok(false) };
        let whose = (person, &sent.browser);
        kept_forms::keep(conn, &ids, whose, (&sent.path, &sent.body), sent.at).map(|()| true)
    };
    app.db.write(body).await
}

/// What the caller sent in this browser and can send again, the newest first.
///
/// # Errors
/// `Unauthenticated`.
pub async fn list(app: &App, call: &Call, browser: Browser) -> Result<Vec<KeptForm>> {
    let person = signed_in(call)?.person;
    call.read(app, move |conn, scene| kept_forms::of(conn, person, &browser, scene.now)).await
}

/// Forgets one of the caller's forms, which was sent again or is not wanted.
///
/// # Errors
/// `Unauthenticated`.
pub async fn forget(app: &App, call: &Call, browser: Browser, form: Id<RowKey>) -> Result<()> {
    let person = signed_in(call)?.person;
    call.write(app, move |conn, _| kept_forms::forget(conn, person, &browser, form)).await
}
