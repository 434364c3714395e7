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
    render,
    transport::Transport,
};
use crate::{
    clock::Clock,
    config::{Config, Web},
    db::Db,
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
        let taken = self.db.write(move |conn| outbox::take(conn, payload.message, now)).await?;
        let Some(message) = taken else { return Ok(()) };
        let fate = self.deliver(message.clone()).await?;
        self.record(message, fate).await.map_err(Refusal::from)
    }

    /// Composing and sending block, so they get a thread of their own.
    async fn deliver(&self, message: Message) -> Result<Fate> {
        let sender = self.clone();
        tokio::task::spawn_blocking(move || sender.deliver_now(&message)).await.map_err(AppError::internal)
    }

    fn deliver_now(&self, message: &Message) -> Fate {
        let now = self.clock.now();
        if message.is_stale(now) {
            return Fate::Never("it could not be sent while its code was of use".into());
        }
        if matches!(self.transport, Transport::Hold) {
            return Fate::Held;
        }
        match self.compose(message) {
            Ok(composed) => self.transport.send(&composed),
            Err(why) => Fate::Never(why),
        }
    }

    fn compose(&self, message: &Message) -> Result<lettre::Message, String> {
        let data = with_service(message.data.0.clone(), &self.web);
        let rendered = render::render(&message.template, &data).map_err(|fault| fault.to_string())?;
        compose(&self.from, &message.recipient, (message.id, self.clock.now()), rendered)
    }

    async fn record(&self, message: Message, fate: Fate) -> Result<()> {
        let (now, ids) = (self.clock.now(), self.ids.clone());
        let (id, template, outcome) = (message.id, message.template.clone(), word_of(&fate));
        self.db.write(move |conn| outbox::record(conn, &message, &fate, ids.fresh(now), now)).await?;
        tracing::info!(message = %id, template, outcome, "a message was handled");
        Ok(())
    }
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
        Fate::Sent => "sent",
        Fate::Later(_) => "later",
        Fate::Never(_) => "never",
        Fate::Unknown(_) => "unknown",
        Fate::Held => "held",
    }
}
