//! Where the tests of the replay run the program: a database and a folder of their own, with a view from outside.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Output, Stdio},
};

use diesel::prelude::*;
use roundtable::{
    db::{
        Conn,
        conn::{Opener, Use},
        migrate_url,
        schema::{bid_versions, bids},
    },
    identity::keys::Keys,
    ids::{BidKey, Id, IdSource},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{
    browser::Browser,
    databases::{Engine, TestDatabase, fresh_database},
};

/// A database and the keys of whoever runs a replay in it.
pub struct Place {
    folder: TempDir,
    database: TestDatabase,
}

/// A submitted version: its bid, stage and number, and the hash of what was submitted.
pub type Version = (Id<BidKey>, String, i32, Vec<u8>);

impl Place {
    pub fn start(engine: Engine) -> Self {
        let database = fresh_database(engine, |url| migrate_url(url).unwrap());
        let place = Self { folder: tempfile::tempdir().unwrap(), database };
        // On PostgreSQL the operator makes the keys, so that every replica has the same.
        if engine == Engine::Postgres {
            Keys::load_or_create(&place.keys(), true, &IdSource::system()).unwrap();
        }
        place
    }

    pub fn keys(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    /// The program with the settings of this place.
    pub fn program(&self, arguments: &[&str]) -> Command {
        program(&self.database.url, &self.keys(), arguments)
    }

    /// Replays a scenario to its end and gives its figures, less the time that it took.
    pub fn replay(&self, scenario: &str, more: &[&str]) -> Value {
        let arguments = [&["demo", "--once", "--json", "--scenario", scenario][..], more].concat();
        let Output { status, stdout, stderr } = self.program(&arguments).output().unwrap();
        assert!(status.success(), "{status}: {}", String::from_utf8_lossy(&stderr));
        let mut figures: Value = serde_json::from_slice(&stdout).unwrap();
        let seconds = figures.as_object_mut().unwrap().remove("seconds");
        assert!(seconds.is_some_and(|seconds| seconds.is_f64()));
        figures
    }

    /// Starts a replay and kills it, as `kill -9` does, as soon as this is seen from outside.
    pub fn replay_until(&self, scenario: &str, seen: impl Fn(&mut Conn) -> bool) {
        let mut view = self.view();
        let arguments = ["demo", "--once", "--json", "--scenario", scenario];
        let mut running = Running(self.program(&arguments).stdout(Stdio::null()).spawn().unwrap());
        while !seen(&mut view) {
            assert_eq!(running.0.try_wait().unwrap(), None, "the replay ended before it could be killed");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    /// Serves what the database holds.
    pub fn serve(&self) -> Service {
        let mut command = self.program(&["serve"]);
        command.env("BIND", "127.0.0.1:0").env("LOG", "info").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut running = Running(command.spawn().unwrap());
        let mut log = BufReader::new(running.0.stderr.take().unwrap());
        loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the service ended before it served");
            let said: Value = serde_json::from_str(&line).unwrap();
            if said["fields"]["message"] == "serving" {
                let base = said["fields"]["address"].as_str().unwrap().to_owned();
                return Service { base, _running: running, _log: log };
            }
        }
    }

    /// Runs the demo of a scenario until it serves, and takes down what it prints.
    pub fn demo(&self, scenario: &str) -> Demo {
        let mut command = self.program(&["demo", "--scenario", scenario]);
        let mut running = Running(command.env("BIND", "127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap());
        let printed = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut printed: Vec<String> = printed.take(6).collect();
        assert_eq!(printed.len(), 6, "an address and five links: {printed:?}");
        let base = printed.remove(0).strip_prefix("Roundtable is at ").unwrap().to_owned();
        Demo { base, links: printed, _running: running }
    }

    /// A connection that only reads.
    pub fn view(&self) -> Conn {
        Opener { url: self.database.url.clone(), purpose: Use::Read }.open().unwrap()
    }

    /// Every submitted version, in order.
    pub fn versions(&self) -> Vec<Version> {
        bid_versions::table
            .order((bid_versions::bid_id, bid_versions::stage, bid_versions::number))
            .select((bid_versions::bid_id, bid_versions::stage, bid_versions::number, bid_versions::hash))
            .load(&mut self.view())
            .unwrap()
    }

    /// The bids by their references.
    pub fn bids(&self) -> Vec<(String, Id<BidKey>)> {
        bids::table.order(bids::reference).select((bids::reference, bids::id)).load(&mut self.view()).unwrap()
    }
}

/// The program with a database and a file of keys.
pub fn program(database: &str, keys: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    command.args(arguments).env("DATABASE_URL", database).env("KEYS_FILE", keys).env("LOG", "error");
    command.env("FILES_DIR", keys.with_extension("files"));
    command
}

/// A process that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, serving.
pub struct Service {
    base: String,
    _running: Running,
    // Held open, so that the service can go on writing to it.
    _log: BufReader<ChildStderr>,
}

impl Service {
    /// What the public reads at an address.
    pub fn get(&self, path: &str) -> Value {
        let mut answer = ureq::get(format!("{}{path}", self.base)).call().unwrap();
        answer.body_mut().read_json().unwrap()
    }
}

/// The demo, serving.
pub struct Demo {
    base: String,
    links: Vec<String>,
    _running: Running,
}

impl Demo {
    /// A browser in which a visitor of this kind has followed the printed link and signed in.
    pub fn visitor(&self, kind: &str) -> Browser {
        let prefix = format!("Sign-in link for the {kind}: {}", self.base);
        let path = self.links.iter().find_map(|line| line.strip_prefix(&prefix)).unwrap();
        let mut browser = Browser::new(&self.base);
        browser.open(path).press("Sign in");
        browser
    }
}
