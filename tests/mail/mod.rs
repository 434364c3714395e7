//! Mail on its way: a real conversation with a mail server that takes, refuses, is busy or hangs up.

mod words;

use std::{sync::Arc, time::Duration};

use diesel::prelude::*;
use roundtable::{
    clock::{Clock, Moment},
    config::{self, Config},
    db::{Db, Doc, Settings, migrate_url, schema::outbox},
    ids::{Id, IdSource, RowKey},
    jobs::{Handlers, Worker},
    mail::{
        KIND, Sender,
        outbox::{Letter, State, post},
        render::render,
    },
};
use serde_json::json;

use crate::harness::{
    databases::{Engine, TestDatabase, fresh_database, on_each_database},
    smtp::{Mood, SmtpServer},
};

const NOON: i64 = 1_538_740_800_000_000;

struct World {
    db: Db,
    clock: Clock,
    ids: IdSource,
    server: SmtpServer,
    runtime: tokio::runtime::Runtime,
    url: String,
    _kept: TestDatabase,
}

impl World {
    fn start(engine: Engine) -> Self {
        let kept = fresh_database(engine, |url| migrate_url(url).expect("migrated"));
        let db = Db::open(&Settings { url: kept.url.clone(), pool: 4, queue: 64 }).expect("opened");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self {
            db,
            clock: Clock::standing(Moment::from_micros(NOON)),
            ids: IdSource::system(),
            server: SmtpServer::start(),
            runtime,
            url: kept.url.clone(),
            _kept: kept,
        }
    }

    fn config(&self, smtp: bool) -> Config {
        Config {
            database: Settings { url: self.url.clone(), pool: 4, queue: 64 },
            web: config::Web {
                bind: "127.0.0.1:0".parse().expect("an address"),
                workers: 1,
                base_url: "https://funding.example".into(),
                brand_name: "Roundtable".into(),
                brand_colour: "#0b5345".into(),
                trusted_proxies: Vec::new(),
                grant_prefix: "roundtable-test".into(),
                demo: false,
            },
            mail: config::Mail {
                smtp: smtp.then(|| self.server.url().parse().expect("a URL")),
                from: "Roundtable <no-reply@funding.example>".into(),
                contact: "help@funding.example".parse().expect("an address"),
            },
            files: config::Files {
                place: config::FilesPlace::Folder("files".into()),
                clamd: None,
                longest_scan: Duration::from_secs(60),
                largest: 10_000_000,
                most: 20,
            },
            keeping: config::Keeping { keys_file: "keys.json".into(), checkpoint_dir: None },
        }
    }

    fn post(&self, unique_key: &str) -> Id<RowKey> {
        let now = self.clock.now();
        let letter = Letter {
            id: self.ids.fresh(now),
            template: "sign-in",
            recipient: "jo@ambridge.gov.uk".parse().expect("an address"),
            person: None,
            bid: None,
            round: None,
            data: json!({"name": "Jo", "code": "123456", "link": "/sign-in/link/x", "until": "1pm on 5 October 2018"}),
            unique_key: unique_key.into(),
        };
        let id = letter.id;
        self.runtime.block_on(self.db.write(move |conn| post(conn, letter.clone(), now))).expect("posted");
        id
    }

    fn work(&self, smtp: bool) {
        let sender = Sender::new(self.db.clone(), self.clock.clone(), self.ids.clone(), &self.config(smtp));
        let handlers = Handlers::from([(KIND, sender.expect("a sender").handler())]);
        let worker = Worker { db: self.db.clone(), clock: self.clock.clone(), handlers: Arc::new(handlers) };
        self.runtime.block_on(worker.drain()).expect("worked");
    }

    fn pass(&self, minutes: u64) {
        self.clock.set(self.clock.now().plus(Duration::from_secs(minutes * 60)));
    }

    fn state(&self, id: Id<RowKey>) -> (State, i32, Option<String>) {
        self.runtime
            .block_on(self.db.read(move |conn| {
                Ok(outbox::table.find(id).select((outbox::state, outbox::attempts, outbox::error)).first(conn)?)
            }))
            .expect("read")
    }

    fn data(&self, id: Id<RowKey>) -> serde_json::Value {
        let data: Doc<serde_json::Value> = self
            .runtime
            .block_on(self.db.read(move |conn| Ok(outbox::table.find(id).select(outbox::data).first(conn)?)))
            .expect("read");
        data.0
    }
}

on_each_database! {
    fn a_message_is_sent_once_to_one_recipient_and_its_secrets_are_forgotten(world: &World) {
        let id = world.post("sign-in/1");
        world.post("sign-in/1");
        world.work(true);
        let messages = world.server.messages();
        assert_eq!(messages.len(), 1, "the same key is one message");
        assert_eq!(messages[0].recipients, ["jo@ambridge.gov.uk"]);
        assert_eq!(messages[0].header("Message-ID"), Some(format!("<{id}@funding.example>")));
        assert_eq!(messages[0].code(), "123456");
        assert_eq!(messages[0].link(), "https://funding.example/sign-in/link/x");
        assert_eq!(world.state(id), (State::Sent, 1, None));
        assert_eq!(world.data(id), json!({}));
    }

    fn a_busy_server_is_tried_again_with_a_growing_pause(world: &World) {
        world.server.be(Mood::Busy);
        let id = world.post("sign-in/1");
        world.work(true);
        world.work(true);
        assert_eq!(world.server.conversations(), 1, "not before its time");
        let (state, tries, error) = world.state(id);
        assert_eq!((state, tries), (State::Queued, 1));
        assert!(error.expect("why").contains("451"));
        world.server.be(Mood::Accepts);
        world.pass(1);
        world.work(true);
        assert_eq!(world.state(id), (State::Sent, 2, None));
    }

    fn a_refused_recipient_is_never_tried_again(world: &World) {
        world.server.be(Mood::Refuses);
        let id = world.post("sign-in/1");
        world.work(true);
        world.pass(600);
        world.work(true);
        assert_eq!(world.state(id).0, State::Failed);
        assert_eq!(world.server.conversations(), 1);
    }

    fn a_connection_lost_after_the_message_is_never_tried_again_by_itself(world: &World) {
        world.server.be(Mood::HangsUpAfterData);
        let id = world.post("sign-in/1");
        world.work(true);
        world.server.be(Mood::Accepts);
        world.pass(600);
        world.work(true);
        assert_eq!(world.state(id).0, State::Unknown);
        assert_eq!(world.server.messages().len(), 1);
    }

    fn a_connection_lost_before_the_message_is_tried_again(world: &World) {
        world.server.be(Mood::HangsUpBeforeData);
        let id = world.post("sign-in/1");
        world.work(true);
        assert_eq!(world.state(id).0, State::Queued);
        world.server.be(Mood::Accepts);
        world.pass(1);
        world.work(true);
        assert_eq!(world.state(id).0, State::Sent);
    }

    fn a_code_that_is_of_no_use_any_more_is_not_sent(world: &World) {
        world.server.be(Mood::Busy);
        let id = world.post("sign-in/1");
        world.work(true);
        world.server.be(Mood::Accepts);
        world.pass(60);
        world.work(true);
        assert_eq!(world.state(id).0, State::Failed);
        assert!(world.server.messages().is_empty());
        assert_eq!(world.data(id), json!({}));
    }

    fn a_message_whose_sending_was_cut_short_is_not_sent_again(world: &World) {
        let id = world.post("sign-in/1");
        world
            .runtime
            .block_on(world.db.write(move |conn| {
                diesel::update(outbox::table.find(id)).set(outbox::state.eq(State::Sending)).execute(conn)?;
                Ok(())
            }))
            .expect("cut short");
        world.work(true);
        assert_eq!(world.state(id).0, State::Unknown);
        assert!(world.server.messages().is_empty());
    }

    fn without_a_mail_server_messages_stay_to_be_read(world: &World) {
        let id = world.post("sign-in/1");
        world.work(false);
        assert_eq!(world.state(id), (State::Held, 1, None));
        assert_eq!(world.data(id)["code"], "123456");
    }
}

#[test]
fn what_was_queued_before_its_letter_learnt_to_say_more_is_written_all_the_same() {
    let row = json!({ "base_url": "https://funding.example", "brand_name": "Roundtable", "name": "Jo", "link": "/here",
        "title": "Shared repairs", "reference": "TEST-0001", "round": "Test round", "when": "1 December 2026 at 9am", "who": "Kim",
        "document": "Plan.pdf", "submitted": false });
    let text = |template: &str| render(template, &row).unwrap().text;
    assert!(text("interviewer-wanted").contains("because of a conflict of interest"));
    assert!(text("document-infected").contains("It is no longer part of the bid."));
}
