//! Signing in, signing out, and the fresh code before something weighty.

use crate::{
    actor::{Actor, SignedIn},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    http::{App, Call},
    identity::{
        Browser, Ticket, kept_forms,
        model::FundRole,
        sessions::{self, Opened},
        sign_in::{self, Asking, Entered, LinkKey},
        store::people,
    },
    ids::{Id, PersonKey},
};

/// Where somebody signs in.
#[derive(Debug, Clone)]
pub struct Place {
    /// The browser and system, in our words.
    pub device: String,
    /// The token of the session that the browser has already.
    pub earlier: Option<String>,
}

/// A session that was opened, and where its owner's work is.
#[derive(Debug)]
pub struct Welcome {
    /// The session.
    pub opened: Opened,
    /// The path of the page to go to.
    pub home: &'static str,
    /// Where they wanted to go when they asked for the link.
    pub return_to: Option<String>,
    /// Whether a form of theirs is kept that this browser sent.
    pub kept: bool,
}

/// Sends a link and a code, if somebody has the address. The link leads to `return_to`, a path of ours.
///
/// # Errors
/// `Invalid` when it is no address; `RateLimited`.
pub async fn ask(app: &App, call: &Call, email: &str, browser: Browser, return_to: Option<String>) -> Result<()> {
    let email = email
        .parse()
        .map_err(|fault: crate::mail::NotAnAddress| AppError::invalid("email", "wrong_email", fault.to_string()))?;
    let from = call.ip.ok_or_else(|| AppError::internal("a sign-in without a network address"))?;
    let asking = Asking { email, browser, from, return_to };
    let (ids, now) = (app.ids.clone(), call.received);
    app.db.write(move |conn| sign_in::request(conn, &ids, &asking, now)).await
}

/// Signs in with a code, in the browser that asked.
///
/// # Errors
/// `Invalid` for a wrong code and for one that is no good any more.
pub async fn enter_code(app: &App, call: &Call, browser: Browser, code: String, place: Place) -> Result<Welcome> {
    let (ids, now) = (app.ids.clone(), call.received);
    let entered = app
        .db
        .write(move |conn| match sign_in::enter_code(conn, &browser, &code, now)? {
            Entered::Right(person) => {
                let opened = sessions::open(conn, &ids, person, &place.device, place.earlier.as_deref(), now)?;
                welcome(conn, opened, (&browser, None), now).map(Ok)
            }
            refused => Ok(Err(refused)),
        })
        .await?;
    entered.map_err(wrong_code)
}

fn welcome(
    conn: &mut Conn,
    opened: Opened,
    (browser, return_to): (&Browser, Option<String>),
    now: Moment,
) -> Result<Welcome> {
    let person = opened.signed_in.person;
    let kept = !kept_forms::of(conn, person, browser, now)?.is_empty();
    Ok(Welcome { home: home_of(conn, person)?, opened, return_to, kept })
}

/// Whether a link is still good: a GET asks, and changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn is_link_good(app: &App, call: &Call, ticket: Ticket<LinkKey>) -> Result<bool> {
    let now = call.received;
    app.db.read(move |conn| Ok(sign_in::owner_of(conn, &ticket, now)?.is_some())).await
}

/// Signs in with a link; `None` when it is used up, old or none of ours.
///
/// # Errors
/// When the database fails.
pub async fn follow(
    app: &App,
    call: &Call,
    ticket: Ticket<LinkKey>,
    browser: Browser,
    place: Place,
) -> Result<Option<Welcome>> {
    let (ids, now) = (app.ids.clone(), call.received);
    app.db
        .write(move |conn| {
            let Some(followed) = sign_in::follow(conn, &ticket, now)? else { return Ok(None) };
            let earlier = place.earlier.as_deref();
            let opened = sessions::open(conn, &ids, followed.person, &place.device, earlier, now)?;
            welcome(conn, opened, (&browser, followed.return_to), now).map(Some)
        })
        .await
}

/// Ends the session of the call, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(app: &App, call: &Call) -> Result<()> {
    let Actor::Person(SignedIn { person, session, .. }) = call.actor else { return Ok(()) };
    let now = call.received;
    app.db.write(move |conn| sessions::end(conn, person, session, now)).await
}

/// Sends a fresh code to whoever is signed in.
///
/// # Errors
/// `Unauthenticated`; `RateLimited`.
pub async fn ask_fresh(app: &App, call: &Call, token: &str) -> Result<()> {
    let (person, browser) = (signed_in(call)?.person, Browser::of_session(token));
    let (ids, now) = (app.ids.clone(), call.received);
    app.db.write(move |conn| sign_in::request_fresh(conn, &ids, person, &browser, now)).await
}

/// Takes a fresh code and gives the session's new token.
///
/// # Errors
/// `Unauthenticated`; `Invalid` for a wrong code and for one that is no good any more.
pub async fn enter_fresh(app: &App, call: &Call, token: &str, code: String) -> Result<String> {
    let (signed_in, browser) = (signed_in(call)?.clone(), Browser::of_session(token));
    let (ids, now) = (app.ids.clone(), call.received);
    let entered = app
        .db
        .write(move |conn| match sign_in::enter_code(conn, &browser, &code, now)? {
            Entered::Right(person) if person == signed_in.person => {
                sessions::freshen(conn, &ids, signed_in.session, now).map(Ok)
            }
            Entered::Right(_) => Ok(Err(Entered::Void)),
            refused => Ok(Err(refused)),
        })
        .await?;
    entered.map_err(wrong_code)
}

/// The person who calls.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub fn signed_in(call: &Call) -> Result<&SignedIn> {
    match &call.actor {
        Actor::Person(signed_in) => Ok(signed_in),
        _ => Err(AppError::Unauthenticated),
    }
}

fn wrong_code(entered: Entered) -> AppError {
    let message = match entered {
        Entered::Wrong { tries_left: 1 } => "This code is wrong. You have 1 more try.".into(),
        Entered::Wrong { tries_left } => format!("This code is wrong. You have {tries_left} more tries."),
        _ => "This code is no good any more. Ask for a new one.".to_owned(),
    };
    AppError::invalid("code", "wrong_code", message)
}

/// Where a person's work is.
fn home_of(conn: &mut Conn, person: Id<PersonKey>) -> Result<&'static str> {
    let roles = people::appointments(conn, person)?;
    let is = |role: FundRole| roles.iter().any(|appointment| appointment.role == role);
    if is(FundRole::FundManager) || is(FundRole::Moderator) || is(FundRole::Observer) {
        return Ok("/staff");
    }
    if is(FundRole::Assessor) {
        return Ok("/assess");
    }
    if !people::memberships(conn, person)?.is_empty() {
        return Ok("/dashboard");
    }
    let runs_the_instance = people::service_admins(conn)?.iter().any(|admin| admin.id == person);
    Ok(if runs_the_instance { "/organisations" } else { "/account" })
}
