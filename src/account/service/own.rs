//! One's own account: who one is and where one is signed in.

use serde::{Deserialize, Serialize};

use super::sign_in::signed_in;
use crate::{
    actor::{Actor, Recorded},
    error::{AppError, Result},
    http::{App, Call},
    identity::{
        model::{Appointment, Membership, Person},
        sessions::{self, Session},
        store::people,
    },
    ids::{Id, SessionKey},
    mail::Language,
};

/// Who calls, and what they are to councils and funds.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// A person or a client.
    pub actor: Recorded,
    /// The person, if one calls.
    pub person: Option<Person>,
    /// Their roles in organisations.
    pub memberships: Vec<Membership>,
    /// Their roles for funds.
    pub appointments: Vec<Appointment>,
}

/// Who calls.
///
/// # Errors
/// `Unauthenticated`.
pub async fn me(app: &App, call: &Call) -> Result<Me> {
    call.read(app, |conn, scene| {
        let actor = scene.actor.recorded();
        match &scene.actor {
            Actor::Public => Err(AppError::Unauthenticated),
            Actor::Person(signed_in) => Ok(Me {
                actor,
                person: Some(people::person(conn, signed_in.person)?),
                memberships: people::memberships(conn, signed_in.person)?,
                appointments: people::appointments(conn, signed_in.person)?,
            }),
            Actor::Client(_) | Actor::System => {
                Ok(Me { actor, person: None, memberships: Vec::new(), appointments: Vec::new() })
            }
        }
    })
    .await
}

/// What one chooses for oneself.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLanguage {
    /// The language in which one wants to read mail.
    pub language: Language,
}

/// Says in which language the caller wants to read mail. They get a round's words in it where there are some, and the
/// English ones elsewhere.
///
/// # Errors
/// `Unauthenticated`.
pub async fn read_in(app: &App, call: &Call, language: Language) -> Result<()> {
    let person = signed_in(call)?.person;
    call.write(app, move |conn, _| people::read_in(conn, person, language)).await
}

/// The caller's open sessions, the last used first.
///
/// # Errors
/// `Unauthenticated`.
pub async fn sessions(app: &App, call: &Call) -> Result<Vec<Session>> {
    let person = signed_in(call)?.person;
    call.read(app, move |conn, scene| sessions::of_person(conn, person, scene.now)).await
}

/// Ends one of the caller's sessions.
///
/// # Errors
/// `Unauthenticated`; `NotFound` when it is not theirs.
pub async fn end_session(app: &App, call: &Call, session: Id<SessionKey>) -> Result<()> {
    let person = signed_in(call)?.person;
    call.write(app, move |conn, scene| sessions::end(conn, person, session, scene.now)).await
}
