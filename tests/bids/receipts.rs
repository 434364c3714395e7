//! A receipt proves by itself what was received and when: on its page, on the public page and on the command line.

use std::process::{Command, Output};

use diesel::prelude::*;
use roundtable::{bids::receipts::SignedReceipt, db::schema::bid_versions};
use serde_json::json;

use super::written;
use crate::harness::{
    app::{TestApp, Who},
    browser::Browser,
    databases::on_each_database,
};

fn submitted(app: &TestApp) -> String {
    let (client, reference) = written(app, "Shared repairs");
    client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
    reference
}

fn text_of(app: &TestApp, reference: &str) -> String {
    let path = format!("/api/v1/bids/{reference}/versions/eoi/1/receipt");
    app.client(Who::Officer).get(&path).expect(200).json()["text"].as_str().unwrap().to_owned()
}

/// What the public page says of a text, to somebody who is not signed in.
fn asked(app: &TestApp, text: &str) -> String {
    let mut public = Browser::new(&app.base);
    public.open("/receipts/verify").fill("Receipt", text).press("Check the receipt");
    assert_eq!(public.status(), 200);
    ["Yes.", "No."].into_iter().find(|word| public.has(word)).unwrap().to_owned()
}

fn on_the_command_line(app: &TestApp, text: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receipt.txt");
    std::fs::write(&file, text).unwrap();
    Command::new(env!("CARGO_BIN_EXE_roundtable"))
        .args(["verify", "receipt"])
        .arg(&file)
        .env("DATABASE_URL", app.database_url())
        .env("KEYS_FILE", &app.app.config.keeping.keys_file)
        .env("FILES_DIR", app.files())
        .output()
        .unwrap()
}

#[track_caller]
fn ends(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(code), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with(words), "{said}");
}

on_each_database! {
    fn each_version_has_its_own_receipt_whose_text_anybody_can_check(app: &TestApp) {
        let reference = submitted(app);
        let first = text_of(app, &reference);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/resubmit_eoi"), json!({})).expect(200);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}")).follow("receipt of expression of interest, version 1");
        assert_eq!(officer.h1(), "Receipt of version 1");
        officer.sees(&first).sees("10am on 2 September 2026");
        officer.open(&format!("/bids/{reference}/submitted"));
        let newest = SignedReceipt::find(&officer.text()).unwrap();
        assert_eq!(newest.receipt.number, 2);
        assert_eq!(asked(app, &first), "Yes.");
        assert_eq!(asked(app, &format!("Hello Sam,\n> {}\nRegards", newest.text)), "Yes.");
        assert_eq!(asked(app, &first.replace(" eoi 1 ", " eoi 2 ")), "No.");
        assert_eq!(asked(app, "Please believe us."), "No.");
        let mut public = Browser::new(&app.base);
        public.open("/receipts/verify").press("Check the receipt");
        assert_eq!((public.status(), public.errors().len()), (422, 1));
    }

    fn only_those_who_may_read_what_happened_to_a_bid_get_its_receipts(app: &TestApp) {
        let reference = submitted(app);
        for path in ["/bids", "/api/v1/bids"].map(|root| format!("{root}/{reference}/versions/eoi/1/receipt")) {
            assert_eq!(app.client(Who::Manager).get(&path).status, 200);
            assert_eq!(app.client(Who::Stranger).get(&path).status, 404);
            assert_eq!(app.public().get(&path).status, 401);
            assert_eq!(app.client(Who::Officer).get(&path.replace("/1/", "/2/")).status, 404);
        }
    }

    fn the_command_line_says_whether_a_receipt_is_genuine_and_whether_it_still_stands(app: &TestApp) {
        let reference = submitted(app);
        let text = text_of(app, &reference);
        ends(&on_the_command_line(app, &text), 0, &format!("genuine: {reference}, expression of interest, version 1"));
        ends(&on_the_command_line(app, "nothing"), 1, "not genuine: there is no receipt");
        let forged = text.replacen("2026-09-02", "2026-09-01", 1);
        assert_ne!(forged, text);
        ends(&on_the_command_line(app, &forged), 1, "not genuine: this service did not sign it");
        let tamper = |conn: &mut roundtable::db::Conn| {
            Ok(diesel::update(bid_versions::table).set(bid_versions::hash.eq(vec![0_u8; 32])).execute(conn)?)
        };
        app.block_on(|app| async move { app.db.write(tamper).await }).unwrap();
        ends(&on_the_command_line(app, &text), 1, "signed by this service, but its database does not hold it");
    }
}
