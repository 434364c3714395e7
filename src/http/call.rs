//! Who calls, when the call had arrived, and the way into a use case's one transaction.

use std::{future::Future, net::IpAddr, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::Method, http::header, web::Data};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    App, Refused,
    idempotency::{self, Key},
    middleware::Received,
};
use crate::{
    actor::Actor,
    clock::Moment,
    config::Config,
    db::Conn,
    error::{AppError, Result},
    events::{self, Chain, Happened},
    identity::{keys::Keys, model::Person, sessions, tokens},
    ids::{Id, IdSource, PersonKey},
    mail::outbox::{self, Letter, Notice},
};

/// The name of the session's cookie; over HTTPS with the prefix that binds it to this host.
pub const fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-roundtable-session" } else { "roundtable-session" }
}

/// One call of a use case.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub actor: Actor,
    /// When the last byte of the request had arrived: deadlines are held against this.
    pub received: Moment,
    /// The caller's Idempotency-Key with what it was sent for.
    pub key: Option<Key>,
    /// The token that forms of this session carry.
    pub csrf: Option<String>,
    /// Where the call comes from, for limits.
    pub ip: Option<IpAddr>,
}

/// What a use case has in its transaction beside the connection.
#[derive(Clone)]
pub struct Scene {
    /// Who acts.
    pub actor: Actor,
    /// When: the call's [`Call::received`].
    pub now: Moment,
    /// New ids.
    pub ids: IdSource,
    /// The settings.
    pub config: Arc<Config>,
    /// The keys that sign receipts.
    pub keys: Arc<Keys>,
}

impl Scene {
    /// A new id, made now.
    pub fn fresh<T>(&self) -> Id<T> {
        self.ids.fresh(self.now)
    }

    /// The same for what the service does by itself on the way, so that history names no person for it.
    #[must_use]
    pub fn by_itself(&self) -> Self {
        Self { actor: Actor::System, ..self.clone() }
    }

    /// The person who acts, where what is said has to be said by somebody.
    ///
    /// # Errors
    /// `Unauthenticated`; `Forbidden` for a program.
    pub fn person(&self) -> Result<Id<PersonKey>> {
        self.person_or("Only a person can do this. Sign in.")
    }

    /// The same; `refusal` says to a program why it takes a person.
    ///
    /// # Errors
    /// `Unauthenticated`; `Forbidden` for a program.
    pub fn person_or(&self, refusal: &'static str) -> Result<Id<PersonKey>> {
        match &self.actor {
            Actor::Person(signed_in) => Ok(signed_in.person),
            Actor::Public => Err(AppError::Unauthenticated),
            Actor::Client(_) | Actor::System => Err(AppError::forbidden("person_needed", refusal)),
        }
    }

    /// A salt to keep beside words, and the hash of both for a history: so that nobody guesses at erased words by their hash,
    /// and whoever has the words and the salt can show that they are the same.
    pub fn salted(&self, words: &[u8]) -> (String, String) {
        let mut salt = [0; 16];
        self.ids.fill(&mut salt);
        let salt = hex::encode(salt);
        let hash = Sha256::new().chain_update(&salt).chain_update(words).finalize();
        (salt, hex::encode(hash))
    }

    /// Tells a history that the actor did something now. `kind` is a stable word, e.g. `bid.started`; `detail` holds ids,
    /// states and hashes, never a name or an address.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tell(&self, conn: &mut Conn, chain: Chain, kind: &'static str, detail: Value) -> Result<()> {
        events::append(conn, Happened { chain, kind, at: self.now, actor: &self.actor, detail }).map(drop)
    }

    /// Makes out to one reader, by name, what is told by mail. `occasion` tells it from the others with its template: one that
    /// was posted already is not sent again.
    pub fn letter(&self, reader: &Person, told: &Notice, occasion: &str) -> Letter {
        let mut data = told.data.clone();
        outbox::extend(&mut data, json!({ "name": reader.name }));
        Letter {
            id: self.fresh(),
            template: told.template,
            recipient: reader.email.clone(),
            person: Some(reader.id),
            bid: told.bid,
            round: told.round,
            data,
            unique_key: format!("{} {occasion}", told.template),
        }
    }

    /// Posts a [`letter`](Self::letter).
    ///
    /// # Errors
    /// When the database fails.
    pub fn write_to(&self, conn: &mut Conn, reader: &Person, told: &Notice, occasion: &str) -> Result<()> {
        outbox::post(conn, self.letter(reader, told, occasion), self.now)
    }
}

impl Call {
    /// A call from within the house: timers, the command line, the replay.
    pub const fn by(actor: Actor, received: Moment) -> Self {
        Self { actor, received, key: None, csrf: None, ip: None }
    }

    /// The same call under a name: done once, however often it is made, and with the same ids where they are seeded.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.key = Some(Key::named(name));
        self
    }

    /// The same call for one part of what it is about, under a key of its own where the whole has one.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        Self { key: self.key.as_ref().map(|key| key.part(name)), ..self.clone() }
    }

    /// The same call under the key that a form carries, so that sending the form twice does once what it says.
    #[must_use]
    pub fn keyed(&self, key: &str, form: &str) -> Self {
        Self { key: Key::of_form(key, form), ..self.clone() }
    }

    fn scene(&self, app: &App) -> Scene {
        let work = self.key.as_ref().and_then(Key::work);
        let ids = work.map_or_else(|| app.ids.clone(), |name| app.ids.for_work(name));
        let (config, keys) = (Arc::clone(&app.config), Arc::clone(&app.keys));
        Scene { actor: self.actor.clone(), now: self.received, ids, config, keys }
    }

    /// Reads in one snapshot.
    ///
    /// # Errors
    /// What `body` answers.
    pub async fn read<T, F>(&self, app: &App, body: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn, &Scene) -> Result<T> + Send + 'static,
    {
        let scene = self.scene(app);
        app.db.read(move |conn| body(conn, &scene)).await
    }

    /// The answer that a call with this Idempotency-Key got already: asked first by what reads and computes before it
    /// [writes](Self::write), because what it read then may be otherwise now.
    ///
    /// # Errors
    /// `Invalid` when the key was used for something else.
    pub async fn answered<T>(&self, app: &App) -> Result<Option<T>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let Some(key) = self.key.clone() else { return Ok(None) };
        self.read(app, move |conn, scene| idempotency::answered(conn, scene, &key)).await
    }

    /// Writes in one transaction, once: a call repeated with the same Idempotency-Key gets the first answer again.
    ///
    /// # Errors
    /// What `body` answers, and then nothing of it stays; `Invalid` when the key was used for something else.
    pub async fn write<T, F>(&self, app: &App, body: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: Fn(&mut Conn, &Scene) -> Result<T> + Send + 'static,
    {
        let scene = self.scene(app);
        let key = self.key.clone();
        app.db
            .write(move |conn| match &key {
                Some(key) => idempotency::once(conn, &scene, key, |conn| body(conn, &scene)),
                None => body(conn, &scene),
            })
            .await
    }
}

impl FromRequest for Call {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { of_request(&request).await.map_err(Refused::from) })
    }
}

async fn of_request(request: &HttpRequest) -> Result<Call> {
    let app = request.app_data::<Data<App>>().ok_or_else(|| AppError::internal("no app"))?;
    let received = request.extensions().get::<Received>().cloned();
    let Received { at, body } = received.unwrap_or_else(|| Received { at: app.clock.now(), body: Default::default() });
    let mut call = Call::by(Actor::Public, at);
    call.ip = address_of(request, &app.config.web.trusted_proxies);
    call.key = Key::of_request(request, &body)?;
    if let Some(token) = bearer(request) {
        call.actor = tokens::client_of(&app.keys, &app.db, &app.config.web.base_url, token, at).await?;
    } else if let Some(cookie) = request.cookie(session_cookie(app.config.web.secure())) {
        let token = cookie.value().to_owned();
        call.csrf = Some(sessions::csrf_of(&token));
        call.actor = signed_in(app, token, at).await?;
        if call.actor == Actor::Public {
            call.csrf = None;
        } else {
            refuse_forgery(request, &call)?;
        }
    }
    Ok(call)
}

/// Whether a request comes from somebody known here, as it says in its headers: asked before much of it is read.
///
/// # Errors
/// When the database fails.
pub async fn is_known(request: &HttpRequest) -> Result<bool> {
    let Some(app) = request.app_data::<Data<App>>() else { return Ok(false) };
    let at = app.clock.now();
    if let Some(token) = bearer(request) {
        return Ok(tokens::client_of(&app.keys, &app.db, &app.config.web.base_url, token, at).await.is_ok());
    }
    let Some(cookie) = request.cookie(session_cookie(app.config.web.secure())) else { return Ok(false) };
    let token = cookie.value().to_owned();
    app.db.read(move |conn| Ok(sessions::actor_of(conn, &token, at)?.is_some())).await
}

/// Who is signed in; writes down now and then that the session is used.
async fn signed_in(app: &App, token: String, at: Moment) -> Result<Actor> {
    let found = app.db.read(move |conn| {
        let Some(signed_in) = sessions::actor_of(conn, &token, at)? else { return Ok(None) };
        let wants_touch = sessions::wants_touch(conn, signed_in.session, at)?;
        Ok(Some((signed_in, wants_touch)))
    });
    let Some((signed_in, wants_touch)) = found.await? else { return Ok(Actor::Public) };
    if wants_touch {
        let session = signed_in.session;
        app.db.write(move |conn| sessions::touch(conn, session, at)).await?;
    }
    Ok(Actor::Person(signed_in))
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// A browser's cookie alone does not change anything over REST: a script of ours sends the session's token beside it.
/// Forms of the pages carry the token as a field, which the form's extractor checks.
fn refuse_forgery(request: &HttpRequest, call: &Call) -> Result<()> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || !request.path().starts_with("/api/") {
        return Ok(());
    }
    let sent = request.headers().get("X-CSRF-Token").and_then(|value| value.to_str().ok());
    if call.csrf.is_some() && sent == call.csrf.as_deref() {
        return Ok(());
    }
    Err(AppError::forbidden("csrf", "Send the session's token in X-CSRF-Token, or use an access token."))
}

/// The nearest address that no trusted proxy of ours vouches for.
fn address_of(request: &HttpRequest, trusted: &[IpAddr]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded = request.headers().get("X-Forwarded-For").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let hops = forwarded.rsplit(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
    hops.into_iter().find(|hop| !trusted.contains(hop)).or(Some(peer))
}
