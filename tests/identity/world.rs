//! A database with a standing clock, and the few people and councils of these tests.

use std::{net::IpAddr, time::Duration};

use roundtable::{
    actor::{Actor, SignedIn},
    clock::Moment,
    db::{Conn, Db, Settings, migrate_url},
    error::Result,
    identity::{
        Browser,
        import::{self, Imported},
        model::{Organisation, Person},
        policy::{self, Action},
        sessions::{self, Opened},
        sign_in::{self, Asking},
        store::{organisations, people},
    },
    ids::{Id, IdSource},
};

use crate::harness::databases::{Engine, TestDatabase, fresh_database};

pub const NOON: i64 = 1_538_740_800_000_000;

pub struct World {
    pub db: Db,
    pub ids: IdSource,
    pub runtime: tokio::runtime::Runtime,
    _kept: TestDatabase,
}

impl World {
    pub fn start(engine: Engine) -> Self {
        let kept = fresh_database(engine, |url| migrate_url(url).expect("migrated"));
        let db = Db::open(&Settings { url: kept.url.clone(), pool: 4, queue: 64 }).expect("opened");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { db, ids: IdSource::system(), runtime, _kept: kept }
    }

    /// So many minutes after noon.
    pub fn at(&self, minutes: u64) -> Moment {
        Moment::from_micros(NOON).plus(Duration::from_secs(minutes * 60))
    }

    pub fn write<T: Send + 'static>(&self, body: impl Fn(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        self.runtime.block_on(self.db.write(body))
    }

    pub fn read<T: Send + 'static>(&self, body: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        self.runtime.block_on(self.db.read(body))
    }

    pub fn person(&self, email: &str) -> Person {
        let (id, email, now) = (self.ids.fresh(self.at(0)), email.parse().expect("an address"), self.at(0));
        self.write(move |conn| people::register(conn, id, &email, "Jo Bloggs", now)).expect("registered")
    }

    pub fn import(&self, file: &str) -> Result<Imported> {
        let (lines, ids, now) = (import::parse(file.as_bytes())?, self.ids.clone(), self.at(0));
        self.write(move |conn| {
            let granted = policy::service(conn, &Actor::System, Action::ManageOrganisations)?;
            import::apply(conn, &granted, &lines, (&ids, now))
        })
    }

    pub fn council(&self, text: &str) -> Option<Organisation> {
        let text = text.to_owned();
        self.read(move |conn| organisations::find(conn, &text)).expect("read")
    }

    pub fn ask(&self, email: &str, browser: &Browser, minutes: u64) -> Result<()> {
        let asking = Asking {
            email: email.parse().expect("an address"),
            browser: browser.clone(),
            from: IpAddr::from([192, 0, 2, 1]),
            return_to: None,
        };
        let (ids, now) = (self.ids.clone(), self.at(minutes));
        self.write(move |conn| sign_in::request(conn, &ids, &asking, now))
    }

    /// The data of all messages, oldest first.
    pub fn letters(&self) -> Vec<serde_json::Value> {
        use diesel::prelude::*;
        use roundtable::db::{Doc, schema::outbox};
        let load = |conn: &mut Conn| -> Result<Vec<Doc<serde_json::Value>>> {
            Ok(outbox::table.order((outbox::created_at, outbox::id)).select(outbox::data).load(conn)?)
        };
        self.read(load).expect("read").into_iter().map(|data| data.0).collect()
    }

    pub fn last_code(&self) -> String {
        self.letters().last().expect("a letter")["code"].as_str().expect("a code").to_owned()
    }

    pub fn open_session(&self, person: &Person, minutes: u64) -> Opened {
        let (ids, person, now) = (self.ids.clone(), person.id, self.at(minutes));
        self.write(move |conn| sessions::open(conn, &ids, person, "Firefox on Linux", None, now)).expect("opened")
    }

    pub fn who(&self, token: &str, minutes: u64) -> Option<SignedIn> {
        let (token, now) = (token.to_owned(), self.at(minutes));
        self.read(move |conn| sessions::actor_of(conn, &token, now)).expect("read")
    }

    pub fn fresh<T: 'static>(&self) -> Id<T> {
        self.ids.fresh(self.at(0))
    }
}
