//! A running service on a fresh database with a clock that stands, a small world in it, and a signed-in client for
//! each of its people. Tests talk to it over HTTP as programs and browsers do.

use std::{
    path::{Path, PathBuf},
    sync::{OnceLock, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use actix_web::rt::System;
use roundtable::{
    actor::{Actor, SignedIn},
    clock::{Clock, Moment},
    config::{self, Config},
    db::{Conn, migrate_url},
    funds,
    http::{App, Call, call::session_cookie},
    identity::{keys::Keys, model::FundRole, sessions, store},
    ids::{Id, IdSource, OrganisationKey, PersonKey},
    jobs::Worker,
    server::Server,
};
use serde_json::json;
use tokio::sync::oneshot;

use super::{
    browser::Browser,
    databases::{Engine, TestDatabase, fresh_database},
    letters::{self, Letter},
    world::build_world,
};
pub use super::{
    client::{Answer, Client},
    world::{ROUND, START, Who, new_round},
};

/// The running service.
pub struct TestApp {
    /// Where it answers, e.g. `http://127.0.0.1:40001`.
    pub base: String,
    /// Its insides, for what only the machine's owner could see.
    pub app: App,
    /// The clock, which stands until a test moves it.
    pub clock: Clock,
    worker: Worker,
    people: Vec<(Who, Id<PersonKey>)>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    // Dropped last: the database and the files must outlive the service.
    database: TestDatabase,
    files: tempfile::TempDir,
}

impl TestApp {
    /// Starts the service with the test world in it.
    pub fn start(engine: Engine) -> Self {
        Self::start_empty(engine).with_its_world()
    }

    /// The service with the test world in it.
    pub fn with_its_world(mut self) -> Self {
        self.people = self.block_on(|app| async move { build_world(&app).await });
        self
    }

    /// Starts the service with an empty database.
    pub fn start_empty(engine: Engine) -> Self {
        Self::start_with(engine, |_| {})
    }

    /// The same with other settings.
    pub fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let database = fresh_database(engine, |url| migrate_url(url).unwrap());
        let clock = Clock::standing(moment(START));
        let files = tempfile::tempdir().unwrap();
        let mut settings = settings(&database.url, files.path());
        change(&mut settings);
        let server = Server::new(settings, clock.clone(), IdSource::seeded(7)).unwrap();
        let (app, worker) = (server.app.clone(), server.worker.clone());
        let base = app.config.web.base_url.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, is_ready) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async move {
                let (server, handle) = server.start().unwrap();
                let serving = actix_web::rt::spawn(server);
                ready.send(()).unwrap();
                let _ = stopped.await;
                handle.stop(false).await;
                serving.await.unwrap().unwrap();
            });
        });
        is_ready.recv().unwrap();
        Self { base, app, clock, worker, people: Vec::new(), stop: Some(stop), thread: Some(thread), database, files }
    }

    /// The folder of uploaded files.
    pub fn files(&self) -> &Path {
        self.files.path()
    }

    /// The database's address, for tests of the command line.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// The person's id.
    pub fn person(&self, who: Who) -> Id<PersonKey> {
        self.people.iter().find(|(known, _)| *known == who).unwrap().1
    }

    /// Ends every session of somebody, as when they have been away for too long.
    pub fn end_sessions(&self, who: Who) {
        let (person, now) = (self.person(who), self.clock.now());
        self.block_on(|app| async move {
            let end_all = move |conn: &mut Conn| {
                let open = sessions::of_person(conn, person, now)?;
                open.into_iter().try_for_each(|session| sessions::end(conn, person, session.id, now))
            };
            app.db.write(end_all).await.unwrap();
        });
    }

    /// The id of a council of the test world, by its code.
    pub fn organisation(&self, code: &str) -> Id<OrganisationKey> {
        let code = code.to_owned();
        self.block_on(|app| async move {
            app.db.read(move |conn| Ok(store::organisations::find(conn, &code)?.unwrap().id)).await.unwrap()
        })
    }

    /// Somebody's call from within the house, as the service makes it for itself.
    pub fn call(&self, who: Who) -> Call {
        let session = self.app.ids.fresh(self.clock.now());
        let now = self.clock.now();
        Call::by(Actor::Person(SignedIn { person: self.person(who), session, fresh_at: now, at: now }), now)
    }

    /// The id of whoever has this address, also of somebody who came later than the test world.
    pub fn person_at(&self, email: &str) -> Id<PersonKey> {
        let email = email.parse().unwrap();
        let find = move |conn: &mut Conn| store::people::person_by_email(conn, &email);
        self.block_on(|app| async move { app.db.read(find).await.unwrap().unwrap().id })
    }

    /// A program's client with this person's session.
    pub fn client(&self, who: Who) -> Client {
        self.client_of(self.person(who))
    }

    /// The same for anybody.
    pub fn client_of(&self, person: Id<PersonKey>) -> Client {
        Client::signed_in(&self.base, self.session_of(person))
    }

    /// A second manager of the fund, whom the test world gets when a test first needs two.
    pub fn colleague(&self) -> Id<PersonKey> {
        let call = Call::by(Actor::System, self.clock.now());
        self.block_on(|app| async move {
            let register = call.write(&app, |conn, scene| {
                let email = "colleague@test.example".parse().unwrap();
                Ok(store::people::register(conn, scene.fresh(), &email, "Colleague Person", scene.now)?.id)
            });
            let person = register.await.unwrap();
            let role = FundRole::FundManager.word().to_owned();
            funds::service::grant_role(&app, &call, "test-fund".into(), person, role).await.unwrap();
            person
        })
    }

    /// A program's client of the public.
    pub fn public(&self) -> Client {
        Client::public(&self.base)
    }

    /// A browser without JavaScript in which this person has signed in.
    pub fn browser(&self, who: Who) -> Browser {
        self.browser_of(self.person(who))
    }

    /// The same for anybody.
    pub fn browser_of(&self, person: Id<PersonKey>) -> Browser {
        let mut browser = Browser::new(&self.base);
        browser.set_cookie(session_cookie(false), &self.session_of(person));
        browser
    }

    /// A fresh session's token.
    pub fn session(&self, who: Who) -> String {
        self.session_of(self.person(who))
    }

    fn session_of(&self, person: Id<PersonKey>) -> String {
        let now = self.clock.now();
        let ids = self.app.ids.clone();
        self.block_on(|app| async move {
            let opened =
                app.db.write(move |conn| sessions::open(conn, &ids, person, "a test", None, now)).await.unwrap();
            opened.token
        })
    }

    /// Moves the clock and does every job that is due then.
    pub fn at(&self, instant: &str) {
        self.clock.set(moment(instant));
        self.work();
    }

    /// Moves the clock by so much and does every job that is due then.
    pub fn later(&self, time: Duration) {
        self.clock.set(self.clock.now().plus(time));
        self.work();
    }

    /// Does every job that is due now.
    pub fn work(&self) {
        let worker = self.worker.clone();
        self.block_on(|_| async move { worker.drain().await.unwrap() });
    }

    /// What the outbox holds, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        letters::rendered(
            self.block_on(|app| async move { app.db.read(|conn| Ok(letters::rows(conn))).await }).unwrap(),
        )
    }

    /// Runs something against the service's insides.
    pub fn block_on<T, F, B>(&self, body: B) -> T
    where
        F: Future<Output = T>,
        B: FnOnce(App) -> F,
    {
        System::new().block_on(body(self.app.clone()))
    }
}

/// No test ends well whose acts have written a message that nobody could ever read.
impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.letters();
        }
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The instant of an RFC 3339 text.
pub fn moment(text: &str) -> Moment {
    serde_json::from_value(json!(text)).unwrap()
}

fn settings(url: &str, files: &Path) -> Config {
    let settings = config::Settings {
        database_url: Some(url.into()),
        database_pool: 4,
        write_queue: 256,
        bind: "127.0.0.1:0".into(),
        // Each builds its own table of routes, and a test's few readers need no more.
        workers: Some(1),
        base_url: None,
        brand_name: "Roundtable".into(),
        brand_colour: "#0b5345".into(),
        trusted_proxies: Vec::new(),
        smtp_url: None,
        mail_from: "Roundtable <no-reply@roundtable.example>".into(),
        contact_email: Some("help@roundtable.example".into()),
        keys_file: Some(keys_file()),
        grant_prefix: "roundtable-test".into(),
        checkpoint_dir: None,
        files: config::FileSettings {
            files_dir: Some(files.into()),
            files_url: None,
            clamd: None,
            largest_file: 10,
            documents_per_bid: 20,
        },
    };
    Config::check(settings, url).unwrap()
}

/// The keys of this run. On PostgreSQL the service finds keys and never makes them, so they are made first.
fn keys_file() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let file = std::env::temp_dir().join(format!("rt-keys-{}.json", std::process::id()));
        Keys::load_or_create(&file, true, &IdSource::system()).unwrap();
        file
    };
    MADE.get_or_init(make).clone()
}
