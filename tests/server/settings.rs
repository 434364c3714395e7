//! Settings are checked before anything starts, and every one that is wrong is named.

use std::process::Command;

use serde_json::Value;

/// What the program says of these settings, a message for each that it logs, and how it ends.
fn told(arguments: &[&str], settings: &[(&str, &str)]) -> (Vec<String>, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    command.args(arguments).env_clear().envs(settings.iter().copied());
    let output = command.output().unwrap();
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    let log = String::from_utf8(output.stderr).unwrap();
    let message =
        |line: &str| serde_json::from_str::<Value>(line).unwrap()["fields"]["message"].as_str().unwrap().into();
    (log.lines().map(message).collect(), output.status.code())
}

#[test]
fn every_wrong_setting_is_named_with_what_to_do_and_nothing_starts() {
    let wrong = [
        ("DATABASE_URL", "mysql://localhost/rounds", "begin with sqlite:// or postgres://"),
        ("DATABASE_POOL", "0", "give a number from 1 to 200"),
        ("WRITE_QUEUE", "100001", "give a number from 1 to 100000"),
        ("BIND", "nowhere", "give an address and a port"),
        ("BASE_URL", "https://funding.example/rounds", "give the address without a path"),
        ("BRAND_COLOUR", "green", "six hexadecimal digits"),
        ("SMTP_URL", "http://mail.example", "begin with smtp://, smtps:// or smtp+starttls://"),
        ("GRANT_PREFIX", "two words", "letters, digits and hyphens"),
        ("MAIL_FROM", "nobody", "give a name and an address"),
        ("CONTACT_EMAIL", "Help desk", "give an address that is read"),
        ("FILES_URL", "https://bucket.example", "begin with s3:// and name a bucket"),
        ("CLAMD", "nowhere", "give the path of a socket or a host and a port"),
        ("LARGEST_FILE", "0", "a number from 1 to 100"),
        ("DOCUMENTS_PER_BID", "201", "give a number from 1 to 200"),
    ];
    let settings = wrong.map(|(name, value, _)| (name, value));
    let (messages, code) = told(&["serve"], &settings);
    assert_eq!(code, Some(2), "{messages:?}");
    assert_eq!(messages.len(), wrong.len(), "{messages:#?}");
    for ((name, _, advice), message) in wrong.iter().zip(&messages) {
        assert!(message.starts_with(&format!("{name}: ")) && message.contains(advice), "{name}: {message}");
    }
}

#[test]
fn replicas_on_postgresql_must_be_told_where_their_common_keys_and_files_are() {
    let (messages, code) = told(&["serve"], &[("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")]);
    assert_eq!(code, Some(2));
    assert!(messages.iter().any(|message| message.starts_with("KEYS_FILE: name the file")), "{messages:?}");
    assert!(messages.iter().any(|message| message.starts_with("FILES_DIR: name the folder")), "{messages:?}");
}

#[test]
fn an_address_that_is_taken_is_named() {
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("rounds.db").display());
    let address = holder.local_addr().unwrap().to_string();
    let (messages, code) = told(&["serve"], &[("DATABASE_URL", &database), ("BIND", &address)]);
    assert_eq!(code, Some(2), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("in use")), "{messages:?}");
}
