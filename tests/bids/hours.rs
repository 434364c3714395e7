//! How many hours a bid took: said by its councils if they want to, each for itself, and read by nobody else.

use serde_json::{Value, json};

use super::{journey::written, together::shared};
use crate::harness::{
    app::{Answer, TestApp, Who},
    databases::on_each_database,
};

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/hours")
}

pub fn give(app: &TestApp, who: Who, reference: &str, version: i64, hours: Value) -> Answer {
    app.client(who).put(&path(reference), version, json!({ "hours": hours }))
}

fn submit(app: &TestApp, reference: &str) {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
}

on_each_database! {
    fn each_council_says_it_for_itself_once_the_bid_is_submitted(app: &TestApp) {
        let reference = shared(app);
        assert_eq!(give(app, Who::Officer, &reference, 0, json!(40)).problem(), (409, "not_submitted".into()));
        submit(app, &reference);
        assert_eq!(app.client(Who::Officer).get(&path(&reference)).expect(200).header("etag"), Some("\"v0\""));
        let said = give(app, Who::Officer, &reference, 0, json!(40)).expect(200).json();
        assert_eq!(said, json!({ "organisation": "Ambridge Borough Council", "hours": 40, "version": 1 }));
        let theirs = app.client(Who::Partner).get(&path(&reference)).expect(200).json();
        assert_eq!(theirs, json!({ "organisation": "Borchester City Council", "hours": null, "version": 0 }));
        give(app, Who::Partner, &reference, 0, json!(12)).expect(200);
        assert_eq!(give(app, Who::Signatory, &reference, 0, json!(50)).problem(), (412, "stale_version".into()));
        give(app, Who::Signatory, &reference, 1, json!(50)).expect(200);
        let own = app.client(Who::Officer).get(&path(&reference)).expect(200).json();
        assert_eq!((&own["hours"], &own["version"]), (&json!(50), &json!(2)), "it is the council's, and not one person's");
        give(app, Who::Officer, &reference, 2, Value::Null).expect(200);
        assert_eq!(app.client(Who::Officer).get(&path(&reference)).expect(200).json()["hours"], Value::Null);
        for wrong in [json!(-1), json!(10_001), json!(1.5), json!("40")] {
            give(app, Who::Officer, &reference, 3, wrong).expect(422);
        }
    }

    fn nobody_but_the_council_reads_the_number(app: &TestApp) {
        let reference = shared(app);
        submit(app, &reference);
        let before = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}")).expect(200);
        give(app, Who::Officer, &reference, 0, json!(4_711)).expect(200);
        let after = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}")).expect(200);
        assert_eq!((before.json(), before.header("etag")), (after.json(), after.header("etag")), "it is no part of the bid");
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            assert_eq!(app.client(who).get(&path(&reference)).problem(), (403, "not_allowed".into()), "{who:?}");
            assert_eq!(give(app, who, &reference, 0, json!(1)).problem(), (403, "not_allowed".into()), "{who:?}");
        }
        for who in [Who::Assessor, Who::Stranger, Who::Admin, Who::Nobody] {
            app.client(who).get(&path(&reference)).expect(404);
        }
        for who in [Who::Manager, Who::Officer, Who::Partner] {
            for page in ["", "/history", "/check", "/submitted", "/versions/eoi/1"] {
                let shown = app.client(who).get(&format!("/bids/{reference}{page}")).expect(200).text();
                let own = who == Who::Officer && page == "/submitted";
                assert_eq!(shown.contains("4711"), own, "{who:?} {page}");
            }
            let history = app.client(who).get(&format!("/api/v1/bids/{reference}/history")).expect(200).text();
            assert!(!history.contains("hours"), "nor that anybody said something: {history}");
        }
    }

    fn it_is_asked_on_the_receipt_and_can_be_said_and_taken_back_later(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        submit(app, &reference);
        let mut browser = app.browser(Who::Officer);
        let field = "Hours that people of Ambridge Borough Council worked on it";
        browser.open(&format!("/bids/{reference}/submitted")).sees("This is optional").fill(field, "many").press("Save the hours");
        assert_eq!((browser.status(), browser.value(field)), (422, "many".into()));
        browser.sees("Enter whole hours from 0 to 10,000").fill(field, "1,250").press("Save the hours").sees("Thank you.");
        browser.follow("Say how many hours this bid took");
        assert_eq!(browser.value(field), "1250");
        give(app, Who::Signatory, &reference, 1, json!(900)).expect(200);
        browser.fill(field, "").press("Save the hours").sees("it says 900 now");
        browser.press("Save the hours").sees("The hours are taken back.");
        assert!(!app.browser(Who::Manager).open(&format!("/bids/{reference}/submitted")).has("How many hours"));
    }
}
