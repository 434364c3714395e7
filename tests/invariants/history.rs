//! History is only added to: whatever is changed behind the service's back, `verify` names it.

use std::{
    path::Path,
    process::{Command, Output},
};

use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::Text};
use roundtable::{
    actor::Actor,
    db::{Conn, Engine, schema},
    events::{
        self, Chain,
        checkpoint::{self, Checkpoint},
        verify::{self, Finding, Report},
    },
    ids::{FundKey, Id},
};
use serde_json::{Value, json};

use crate::harness::{app::TestApp, databases::on_each_database};

/// The chain of a fund of these tests' own, with five events.
fn chain_of_five(app: &TestApp) -> Id<FundKey> {
    let fund = app.app.ids.fresh(app.clock.now());
    let at = app.clock.now();
    for number in 1..=5 {
        let happened = move |conn: &mut Conn| {
            let detail = json!({ "number": number });
            let chain = Chain::Fund(fund);
            events::append(conn, events::Happened { chain, kind: "test.counted", at, actor: &Actor::System, detail })
        };
        app.block_on(|app| async move { app.db.write(happened).await.unwrap() });
    }
    fund
}

/// What `verify` finds, with checkpoints that were kept elsewhere.
pub fn report(app: &TestApp, outside: Vec<Checkpoint>) -> Report {
    app.block_on(|app| async move {
        let key = app.keys.checkpoints().verifying_key();
        app.db.read(move |conn| verify::verify(conn, &key, &outside)).await.unwrap()
    })
}

fn checkpoint(app: &TestApp) -> Checkpoint {
    let (id, now) = (app.app.ids.fresh(app.clock.now()), app.clock.now());
    app.block_on(|app| async move {
        let keys = app.keys.clone();
        app.db.write(move |conn| checkpoint::take(conn, id, now, keys.checkpoints())).await.unwrap()
    })
}

/// Changes the database as somebody would who has its password. `CHAIN` stands for the chain's id in the statement.
fn tamper(app: &TestApp, chain: Id<FundKey>, statement: &str) {
    let bare = chain.uuid().simple().to_string();
    let id = match app.app.db.engine() {
        Engine::Sqlite => format!("x'{bare}'"),
        Engine::Postgres => format!("'{bare}'::uuid"),
    };
    let statement = statement.replace("CHAIN", &id);
    let write = move |conn: &mut Conn| Ok(conn.batch_execute(&statement)?);
    app.block_on(|app| async move { app.db.write(write).await.unwrap() });
}

#[track_caller]
fn assert_found(app: &TestApp, chain: Id<FundKey>, seq: Option<i64>, words: &str) {
    let report = report(app, Vec::new());
    assert!(!report.verified);
    let named =
        |finding: &Finding| finding.chain == chain.to_string() && finding.seq == seq && finding.what.contains(words);
    assert!(report.findings.iter().any(named), "{:?}", report.findings);
    let elsewhere = report.findings.iter().find(|finding| finding.chain != chain.to_string());
    assert_eq!(elsewhere, None, "only the chain that was changed is accused");
}

on_each_database! {
    fn an_untouched_history_is_verified(app: &TestApp) {
        chain_of_five(app);
        let report = report(app, vec![checkpoint(app)]);
        assert!(report.verified, "{:?}", report.findings);
        assert!(report.events > 5 && report.uncovered == 0);
    }

    fn an_event_with_one_byte_changed_is_named(app: &TestApp) {
        let chain = chain_of_five(app);
        tamper(app, chain, "UPDATE events SET data = replace(data, '\"number\":3', '\"number\":4') WHERE chain = CHAIN AND seq = 3");
        assert_found(app, chain, Some(3), "hash does not fit");
    }

    fn an_event_whose_hash_was_made_anew_betrays_itself_by_the_next(app: &TestApp) {
        let chain = chain_of_five(app);
        let forge = move |conn: &mut Conn| {
            let all = events::of_chain(conn, id_of(chain))?;
            let data = all[2].1.replace("\"number\":3", "\"number\":9");
            let hash = link(&all[1].2, &data);
            let row = schema::events::table.find((id_of(chain), 3_i64));
            diesel::update(row).set((schema::events::data.eq(data), schema::events::hash.eq(hash))).execute(conn)?;
            Ok(())
        };
        app.block_on(|app| async move { app.db.write(forge).await.unwrap() });
        assert_found(app, chain, Some(4), "an event before it was changed");
    }

    fn a_deleted_event_is_missed(app: &TestApp) {
        let chain = chain_of_five(app);
        tamper(app, chain, "DELETE FROM events WHERE chain = CHAIN AND seq = 2");
        assert_found(app, chain, Some(3), "hash does not fit");
    }

    fn two_events_in_each_others_place_are_found(app: &TestApp) {
        let chain = chain_of_five(app);
        tamper(app, chain, "UPDATE events SET seq = -2 WHERE chain = CHAIN AND seq = 2;
            UPDATE events SET seq = 2 WHERE chain = CHAIN AND seq = 3;
            UPDATE events SET seq = 3 WHERE chain = CHAIN AND seq = -2");
        assert_found(app, chain, Some(2), "hash does not fit");
    }

    fn a_cut_tail_is_found_by_the_chains_head(app: &TestApp) {
        let chain = chain_of_five(app);
        tamper(app, chain, "DELETE FROM events WHERE chain = CHAIN AND seq > 3");
        assert_found(app, chain, None, "its tail was cut");
    }

    fn a_tail_cut_with_its_head_is_found_by_the_checkpoint(app: &TestApp) {
        let chain = chain_of_five(app);
        checkpoint(app);
        cut_cleanly(app, chain);
        assert_found(app, chain, Some(5), "knows another event at this place");
    }

    fn a_chain_that_is_gone_altogether_is_found_by_a_checkpoint_kept_outside(app: &TestApp) {
        let chain = chain_of_five(app);
        let kept = checkpoint(app);
        tamper(app, chain, "DELETE FROM events WHERE chain = CHAIN; DELETE FROM chains WHERE subject = CHAIN;
            DELETE FROM checkpoints");
        assert!(report(app, Vec::new()).verified, "nothing inside the database can know");
        let findings = report(app, vec![kept]).findings;
        assert_eq!((findings.len(), findings[0].seq), (1, Some(5)), "{findings:?}");
    }

    fn what_no_checkpoint_covers_is_counted(app: &TestApp) {
        checkpoint(app);
        chain_of_five(app);
        assert_eq!(report(app, Vec::new()).uncovered, 5);
    }

    fn a_checkpoint_that_was_changed_is_no_longer_ours(app: &TestApp) {
        let chain = chain_of_five(app);
        checkpoint(app);
        tamper(app, chain, "UPDATE checkpoints SET data = replace(data, '\"length\":5', '\"length\":4')");
        let findings = report(app, Vec::new()).findings;
        assert_eq!(findings[0].what, "a checkpoint is not signed by our key");
    }

    fn the_columns_beside_the_data_are_held_against_it(app: &TestApp) {
        let chain = chain_of_five(app);
        tamper(app, chain, "UPDATE events SET kind = 'test.changed' WHERE chain = CHAIN AND seq = 2");
        assert_found(app, chain, Some(2), "the columns beside");
        let later = match app.app.db.engine() {
            Engine::Sqlite => "at + 1000000",
            Engine::Postgres => "at + interval '1 second'",
        };
        tamper(app, chain, &format!("UPDATE events SET at = {later} WHERE chain = CHAIN AND seq = 4"));
        assert_found(app, chain, Some(4), "the columns beside");
    }

    fn the_command_line_ends_with_one_and_names_the_event(app: &TestApp) {
        let chain = chain_of_five(app);
        assert_eq!(run_verify(app, app.database_url()).status.code(), Some(0));
        tamper(app, chain, "UPDATE events SET data = replace(data, 'counted', 'cuonted') WHERE chain = CHAIN AND seq = 1");
        assert_named(&run_verify(app, app.database_url()), chain, 1);
    }
}

/// Cuts the last two events and sets the chain's head back as whoever knows the program would.
fn cut_cleanly(app: &TestApp, chain: Id<FundKey>) {
    tamper(app, chain, "DELETE FROM events WHERE chain = CHAIN AND seq > 3");
    tamper(
        app,
        chain,
        "UPDATE chains SET length = 3, head = (SELECT hash FROM events WHERE chain = CHAIN AND seq = 3) WHERE subject = CHAIN",
    );
}

fn id_of(chain: Id<FundKey>) -> Id<events::ChainKey> {
    chain.cast()
}

fn link(previous: &[u8], data: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::new().chain_update(previous).chain_update(data.as_bytes()).finalize().to_vec()
}

fn run_verify(app: &TestApp, url: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_roundtable"))
        .args(["verify", "--json"])
        .env("DATABASE_URL", url)
        .env("KEYS_FILE", &app.app.config.keeping.keys_file)
        .env("FILES_DIR", app.files())
        .output()
        .unwrap()
}

#[track_caller]
fn assert_named(output: &Output, chain: Id<FundKey>, seq: i64) {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verified"], false);
    assert_eq!(
        (&report["findings"][0]["chain"], &report["findings"][0]["seq"]),
        (&json!(chain), &json!(seq)),
        "{report}"
    );
}

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[test]
fn one_byte_changed_in_the_database_file_is_found_though_sqlite_sees_nothing() {
    let app = TestApp::start(crate::harness::databases::Engine::Sqlite);
    let chain = chain_of_five(&app);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let (file, url) = (copy.display().to_string(), format!("sqlite://{}", copy.display()));
    let mut conn = SqliteConnection::establish(app.database_url().trim_start_matches("sqlite://")).unwrap();
    conn.batch_execute(&format!("VACUUM INTO '{file}'")).unwrap();
    assert_eq!(run_verify(&app, &url).status.code(), Some(0));

    change_one_byte(&copy, b"\"number\":4", b'7');
    let mut conn = SqliteConnection::establish(&file).unwrap();
    let checked: Checked = sql_query("PRAGMA integrity_check").get_result(&mut conn).unwrap();
    assert_eq!(checked.integrity_check, "ok");
    assert_named(&run_verify(&app, &url), chain, 4);
}

/// Writes `byte` over the last byte of the one place in the file that reads so.
fn change_one_byte(file: &Path, text: &[u8], byte: u8) {
    let mut bytes = std::fs::read(file).unwrap();
    let places: Vec<usize> = (0..bytes.len() - text.len()).filter(|at| bytes[*at..].starts_with(text)).collect();
    assert_eq!(places.len(), 1);
    bytes[places[0] + text.len() - 1] = byte;
    std::fs::write(file, bytes).unwrap();
}
