//! The job that sends a message: takes it out of the outbox, renders it, hands it over and records its fate.
//!
//! What is recorded never reaches the log: a mail server's words often name the recipient.

use std::sync::Arc;

use lettre::message::Mailbox;
use serde::Deserialize;
use serde_json::Value;

use super::{
    compose::compose,
    outbox::{self, Fate, Message},
    texts::{self, Text},
    transport::Transport,
};
use crate::{
    clock::{Clock, Moment},
    config::{Config, Web},
    db::{Conn, Db},
    error::{AppError, Result},
    ids::{Id, IdSource, RowKey},
    jobs::{Handler, Job, Refusal},
};

/// The kind of the job that sends a message.
pub const KIND: &str = "send-mail";

/// Sends messages.
#[derive(Clone)]
pub struct Sender {
    db: Db,
    clock: Clock,
    ids: IdSource,
    transport: Transport,
    from: Mailbox,
    web: Web,
}

#[derive(Deserialize)]
struct Payload {
    message: Id<RowKey>,
}

impl Sender {
    /// A sender for the settings.
    ///
    /// # Errors
    /// In words that name the setting.
    pub fn new(db: Db, clock: Clock, ids: IdSource, config: &Config) -> Result<Self, String> {
        let from: Mailbox = config.mail.from.parse().map_err(|fault| format!("MAIL_FROM: {fault}"))?;
        let transport = Transport::of(config.mail.smtp.as_ref(), from.email.domain())
            .map_err(|fault| format!("SMTP_URL: {fault}"))?;
        Ok(Self { db, clock, ids, transport, from, web: config.web.clone() })
    }

    /// The handler of jobs of the kind [`KIND`].
    pub fn handler(self) -> Handler {
        let sender = Arc::new(self);
        Arc::new(move |job| {
            let sender = Arc::clone(&sender);
            Box::pin(async move { sender.work(job).await })
        })
    }

    async fn work(&self, job: Job) -> Result<(), Refusal> {
        let payload: Payload =
            serde_json::from_value(job.payload.0).map_err(|fault| Refusal::Never(fault.to_string()))?;
        let now = self.clock.now();
        let taken = self.db.write(move |conn| take(conn, payload.message, now)).await?;
        let Some((message, own)) = taken else { return Ok(()) };
        let fate = self.deliver(message.clone(), own).await?;
        self.record(message, fate).await.map_err(Refusal::from)
    }

    /// Composing and sending block, so they get a thread of their own.
    async fn deliver(&self, message: Message, own: Option<Text>) -> Result<Fate> {
        let sender = self.clone();
        let sending = tokio::task::spawn_blocking(move || sender.deliver_now(&message, own.as_ref()));
        sending.await.map_err(AppError::internal)
    }

    fn deliver_now(&self, message: &Message, own: Option<&Text>) -> Fate {
        let now = self.clock.now();
        if message.is_stale(now) {
            return Fate::Never("it could not be sent while its code was of use".into());
        }
        if matches!(self.transport, Transport::Hold) {
            return Fate::Held;
        }
        match self.compose(message, own) {
            Ok((composed, note)) => match self.transport.send(&composed) {
                Fate::Sent(_) => Fate::Sent(note),
                other => other,
            },
            Err(why) => Fate::Never(why),
        }
    }

    /// The message for its envelope, and why it is not in the round's own words if it should be.
    fn compose(&self, message: &Message, own: Option<&Text>) -> Result<(lettre::Message, Option<String>), String> {
        let said = texts::say(message, own, &self.web).map_err(|fault| fault.to_string())?;
        let about = (message.id, self.clock.now());
        Ok((compose(&self.from, &message.recipient, about, said.rendered)?, said.fell_back))
    }

    async fn record(&self, message: Message, fate: Fate) -> Result<()> {
        let (now, ids) = (self.clock.now(), self.ids.clone());
        let (id, template, outcome) = (message.id, message.template.clone(), word_of(&fate));
        self.db.write(move |conn| outbox::record(conn, &message, &fate, ids.fresh(now), now)).await?;
        tracing::info!(message = %id, template, outcome, "a message was handled");
        Ok(())
    }
}

/// Takes a message out of the outbox, with the words that it is written with.
fn take(conn: &mut Conn, id: Id<RowKey>, now: Moment) -> Result<Option<(Message, Option<Text>)>> {
    let Some(message) = outbox::take(conn, id, now)? else { return Ok(None) };
    let own = message.text.map(|text| texts::store::find(conn, text)).transpose()?.flatten();
    Ok(Some((message, own)))
}

/// The data of a message with what every template may say of the service: its address, for links, and its name.
pub fn with_service(mut data: Value, web: &Web) -> Value {
    if let Some(fields) = data.as_object_mut() {
        fields.insert("base_url".into(), web.base_url.clone().into());
        fields.insert("brand_name".into(), web.brand_name.clone().into());
    }
    data
}

const fn word_of(fate: &Fate) -> &'static str {
    match fate {
        Fate::Sent(_) => "sent",
        Fate::Later(_) => "later",
        Fate::Never(_) => "never",
        Fate::Unknown(_) => "unknown",
        Fate::Held => "held",
    }
}
