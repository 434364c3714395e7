//! A service that is told to stop accepts no more and finishes what has begun; its log tells each request apart and
//! holds nothing of people.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::{
    demo::place::Place,
    harness::{browser::Browser, databases::on_each_database},
};

/// How long a step of the process may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, serving, with its log.
struct Serving {
    process: Child,
    log: BufReader<std::process::ChildStderr>,
    base: String,
}

impl Serving {
    fn start(place: &Place) -> Self {
        let mut command = place.program(&["serve"]);
        command.env("BIND", "127.0.0.1:0").env("LOG", "debug").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let base = loop {
            let mut line = String::new();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "the service ended before it served");
            let said: Value = serde_json::from_str(&line).unwrap();
            if said["fields"]["message"] == "serving" {
                break said["fields"]["address"].as_str().unwrap().to_owned();
            }
        };
        Self { process, log, base }
    }

    fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Asks it to stop, as an operator or a new version does.
    fn tell_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits for its end; gives how it ended and the rest of its log.
    fn end(mut self) -> (ExitStatus, String) {
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        (self.process.wait().unwrap(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Until the service takes no more connections.
fn wait_until_closed(address: &str) {
    for _ in 0..PATIENCE.as_millis() / 20 {
        if TcpStream::connect(address).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{address} still takes connections");
}

on_each_database! {
    fn a_service_that_is_told_to_stop_accepts_no_more_and_finishes_what_has_begun(place: &Place) {
        let serving = Serving::start(place);
        let body = r#"{"pagination":{"page":1,"pageSize":10}}"#;
        let (begun, rest) = body.split_at(12);
        let mut stream = TcpStream::connect(serving.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "POST /common-grants/opportunities/search HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{begun}",
            serving.address(),
            body.len(),
        );
        stream.write_all(head.as_bytes()).unwrap();
        // An answer on another connection shows that the service had time to take the first one.
        ureq::get(format!("{}/health/ready", serving.base)).call().unwrap();
        serving.tell_to_stop();
        wait_until_closed(serving.address());
        stream.write_all(rest.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let (status, log) = serving.end();
        assert_eq!(status.code(), Some(0), "{log}");
    }

    fn the_log_tells_requests_apart_and_holds_nothing_of_people(place: &Place) {
        let serving = Serving::start(place);
        let mut browser = Browser::new(&serving.base);
        browser.open("/sign-in").fill("Email address", "jane.doe@council.example").press("Continue");
        browser.fill("Code", "424242").press("Sign in");
        browser.open("/sign-in/link/very-secret-ticket");
        browser.open("/register?q=jane+doe");
        serving.tell_to_stop();
        let (_, log) = serving.end();
        for private in ["jane", "doe", "council.example", "424242", "very-secret-ticket"] {
            assert!(!log.contains(private), "{private} stands in the log:\n{log}");
        }
        let spans: Vec<Value> = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|line| line["fields"]["message"] == "answered")
            .map(|line| line["span"].clone())
            .collect();
        let answered = |method: &str, route: &str, status: u16| {
            spans.iter().any(|span| span["method"] == method && span["route"] == route && span["status"] == status)
        };
        assert!(answered("POST", "/sign-in", 303), "{log}");
        assert!(answered("POST", "/sign-in/check-email", 422), "{log}");
        assert!(answered("GET", "/sign-in/link/{ticket}", 200), "{log}");
        let ids: BTreeSet<&str> = spans.iter().filter_map(|span| span["request_id"].as_str()).collect();
        assert_eq!(ids.len(), spans.len(), "each request has an id of its own: {log}");
    }
}
