//! The outbox as staff see it: what waits, what failed, and what may or may not have been sent.

use crate::{
    error::{AppError, Result},
    http::{App, Call},
    identity::policy::{self, Action},
    ids::{Id, RowKey},
    mail::{
        outbox::{self, Message, State},
        texts,
    },
};

/// A message with its text.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The message.
    pub message: Message,
    /// Its subject and text; nothing where its data was forgotten, or is for its reader alone.
    pub text: Option<(String, String)>,
    /// Whether it is for its reader alone.
    pub sealed: bool,
}

/// The newest messages; those in one state, if one is named.
///
/// # Errors
/// As policy says.
pub async fn newest(app: &App, call: &Call, state: Option<State>, limit: i64) -> Result<Vec<Message>> {
    call.read(app, move |conn, scene| {
        policy::service(conn, &scene.actor, Action::ReadOutbox)?;
        outbox::newest(conn, state, limit)
    })
    .await
}

/// One message. That somebody read it is logged. A code is shown to staff only where there is no mail server, as then there is no
/// other way in: elsewhere whoever runs the service could sign in as everybody.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn show(app: &App, call: &Call, id: Id<RowKey>) -> Result<Letter> {
    let (message, own) = call
        .read(app, move |conn, scene| {
            policy::service(conn, &scene.actor, Action::ReadOutbox)?;
            let message = outbox::find(conn, id)?;
            let own = message.text.map(|text| texts::store::find(conn, text)).transpose()?.flatten();
            Ok((message, own))
        })
        .await?;
    tracing::info!(message = %id, reader = ?call.actor.person(), "a message of the outbox was read");
    if message.opens_a_door() && message.state != State::Held {
        return Ok(Letter { message, text: None, sealed: true });
    }
    let said = texts::say(&message, own.as_ref(), &app.config.web).ok();
    let text = said.map(|said| (said.rendered.subject, said.rendered.text));
    Ok(Letter { message, text, sealed: false })
}

/// Sends a message again that failed, was held, or may or may not have been sent: a person decides that.
///
/// # Errors
/// As policy says; `NotFound`; `Conflict` when it is on its way or was sent.
pub async fn send_again(app: &App, call: &Call, id: Id<RowKey>) -> Result<()> {
    call.write(app, move |conn, scene| {
        policy::service(conn, &scene.actor, Action::ReadOutbox)?;
        outbox::find(conn, id)?;
        if outbox::send_again(conn, id, scene.fresh(), scene.now)? {
            return Ok(());
        }
        let message = "This message is on its way, was sent, or is of no use any more, so it was not sent again.";
        Err(AppError::conflict("not_to_send", message))
    })
    .await
}
