//! A whole service with a mail server, a clock that stands, and browsers without JavaScript.

use std::{sync::mpsc, time::Duration};

use diesel::prelude::*;
use roundtable::{
    actor::Actor,
    clock::{Clock, Moment},
    config::{self, Config},
    db::{Conn, Settings, migrate_url, schema::organisations as table},
    error::Result,
    http::App,
    identity::{
        import,
        model::{MemberRole, Person},
        policy::{self, Action},
        store::{organisations, people},
    },
    ids::IdSource,
    jobs::Worker,
    server::Server,
};

use crate::harness::{
    browser::Browser,
    databases::{Engine, TestDatabase, fresh_database},
    smtp::SmtpServer,
};

const NOON: i64 = 1_538_740_800_000_000;

pub struct Site {
    pub app: App,
    pub mail: SmtpServer,
    worker: Worker,
    runtime: tokio::runtime::Runtime,
    handle: actix_web::dev::ServerHandle,
    _kept: TestDatabase,
    _folder: tempfile::TempDir,
}

impl Site {
    pub fn start(engine: Engine) -> Self {
        let kept = fresh_database(engine, |url| migrate_url(url).expect("migrated"));
        let (mail, folder) = (SmtpServer::start(), tempfile::tempdir().expect("a folder"));
        let keys_file = folder.path().join("keys.json");
        if engine == Engine::Postgres {
            roundtable::identity::keys::Keys::load_or_create(&keys_file, true, &IdSource::system()).expect("keys");
        }
        let config = Config {
            database: Settings { url: kept.url.clone(), pool: 4, queue: 64 },
            web: config::Web {
                bind: "127.0.0.1:0".parse().expect("an address"),
                workers: 1,
                base_url: "http://127.0.0.1:0".into(),
                brand_name: "Roundtable".into(),
                brand_colour: "#0b5345".into(),
                trusted_proxies: Vec::new(),
                grant_prefix: "roundtable-test".into(),
                demo: false,
            },
            mail: config::Mail {
                smtp: Some(mail.url().parse().expect("a URL")),
                from: "Roundtable <no-reply@funding.example>".into(),
                contact: "help@funding.example".parse().expect("an address"),
            },
            files: config::Files {
                place: config::FilesPlace::Folder(folder.path().join("files")),
                clamd: None,
                longest_scan: Duration::from_secs(60),
                largest: 10_000_000,
                most: 20,
            },
            keeping: config::Keeping { keys_file, checkpoint_dir: None },
        };
        let clock = Clock::standing(Moment::from_micros(NOON));
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = Server::new(config, clock, IdSource::system()).expect("a server");
                let (app, worker) = (server.app.clone(), server.worker.clone());
                let (running, handle) = server.start().expect("started");
                sender.send((app, worker, handle)).expect("the test waits");
                running.await.expect("ended well");
            });
        });
        let (app, worker, handle) = receiver.recv_timeout(Duration::from_secs(20)).expect("started");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { app, mail, worker, runtime, handle, _kept: kept, _folder: folder }
    }

    pub fn base(&self) -> &str {
        &self.app.config.web.base_url
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.base())
    }

    /// Sends what waits in the outbox.
    pub fn deliver(&self) {
        self.runtime.block_on(self.worker.drain()).expect("delivered");
    }

    pub fn pass(&self, minutes: u64) {
        self.app.clock.set(self.app.clock.now().plus(Duration::from_secs(minutes * 60)));
    }

    pub fn write<T: Send + 'static>(&self, body: impl Fn(&mut Conn) -> Result<T> + Send + 'static) -> T {
        self.runtime.block_on(self.app.db.write(body)).expect("written")
    }

    pub fn person(&self, email: &str, name: &'static str) -> Person {
        let (id, email, now) =
            (self.app.ids.fresh(self.app.clock.now()), email.parse().expect("an address"), self.app.clock.now());
        self.write(move |conn| people::register(conn, id, &email, name, now))
    }

    /// A person who has a role in Ambridge Council.
    pub fn member(&self, email: &str, role: MemberRole) -> Person {
        let person = self.person(email, "Jo Bloggs");
        let (ids, now, id) = (self.app.ids.clone(), self.app.clock.now(), person.id);
        self.write(move |conn| {
            let file = b"code,name,kind,nation\nAMB,Ambridge Council,district,england\n";
            let granted = policy::service(conn, &Actor::System, Action::ManageOrganisations)?;
            import::apply(conn, &granted, &import::parse(file)?, (&ids, now))?;
            let council = organisations::find(conn, "AMB")?.expect("imported").id;
            let granted = policy::organisation(conn, &Actor::System, Action::ManageMembers, council)?;
            people::join(conn, &granted, (id, role), ids.fresh(now), now)
        });
        person
    }

    pub fn admin(&self, email: &str) -> Person {
        let person = self.person(email, "Kim Admin");
        let id = person.id;
        self.write(move |conn| {
            let granted = policy::service(conn, &Actor::System, Action::CreateFund)?;
            people::make_service_admin(conn, &granted, id)
        });
        person
    }

    pub fn council_id(&self) -> String {
        self.write(|conn| {
            let id: roundtable::ids::Id<roundtable::ids::OrganisationKey> =
                table::table.select(table::id).first(conn)?;
            Ok(id.to_string())
        })
    }

    /// A browser in which somebody has signed in with a code.
    pub fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.open("/sign-in").fill("Email address", email).press("Continue");
        self.deliver();
        let code = self.mail.newest_to(email).expect("a message").code();
        browser.fill("Code", &code).press("Sign in");
        browser
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
