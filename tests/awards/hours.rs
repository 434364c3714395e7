//! What bidding in a round took is published with its awards, and only of five councils or more.

use diesel::{insert_into, prelude::*};
use roundtable::{
    bids::store::id_of,
    db::schema::bid_hours,
    identity::{policy::BidKind, store::organisations},
};
use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, JUST_BEFORE, award, bring_to, decide, release, submitted};
use crate::{
    harness::{
        app::{ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::with_borchester,
};

/// Councils beside those of the test world.
const OTHERS: [&str; 4] = ["P00", "P01", "P02", "P03"];

fn give(app: &TestApp, who: Who, reference: &str, hours: i64) {
    app.client(who).put(&format!("/api/v1/bids/{reference}/hours"), 0, json!({ "hours": hours })).expect(200);
}

fn open(app: &TestApp, format: &str) -> crate::harness::app::Answer {
    app.public().get(&format!("/api/v1/open/rounds/{ROUND}/hours.{format}"))
}

/// The same for a council of which nobody has an account: that each says it for itself is tested elsewhere.
fn said(app: &TestApp, code: &str, reference: &str, version: i32, hours: Option<i32>) {
    let (code, reference, now) = (code.to_owned(), reference.to_owned(), app.clock.now());
    app.block_on(|app| async move {
        let write = app.db.write(move |conn| {
            let council = organisations::find(conn, &code)?.unwrap().id;
            let key = (bid_hours::bid_id.eq(id_of(conn, &reference)?), bid_hours::organisation_id.eq(council));
            let said = (bid_hours::hours.eq(hours), bid_hours::version.eq(version), bid_hours::given_at.eq(now));
            Ok(insert_into(bid_hours::table).values((key, said)).execute(conn)?)
        });
        write.await.unwrap();
    });
}

fn figures(app: &TestApp) -> Value {
    open(app, "json").expect(200).json()["figures"].clone()
}

/// Two bids that Borchester has joined, of which the first is awarded at the announcement.
fn bids(app: &TestApp) -> [String; 2] {
    let lines: String = OTHERS.iter().map(|code| format!("{code},{code} Council,district,england\n")).collect();
    let (headers, file) = ([("Content-Type", "text/csv")], format!("code,name,kind,nation\n{lines}"));
    app.client(Who::Admin).raw("POST", "/api/v1/organisations/import", &headers, Some(file.into_bytes())).expect(200);
    let bids = ["Repairs", "Bins"].map(|title| submitted(app, title));
    bids.iter().for_each(|reference| with_borchester(app, reference, true));
    bids
}

fn awarded(app: &TestApp, reference: &str) {
    bring_to(app, reference, ("shortlisted", BidKind::Review), 8_000_000);
    app.at(DECIDING);
    decide(&app.client(Who::Manager), reference, "award", award(8_000_000, 1)).expect(201);
    release(app, "announcement").expect(200);
}

on_each_database! {
    fn figures_of_five_councils_are_public_from_the_announcement_on(app: &TestApp) {
        let [first, second] = bids(app);
        for (who, reference, hours) in [
            (Who::Officer, &first, 10), (Who::Officer, &second, 20), (Who::Partner, &first, 30), (Who::Partner, &second, 40),
        ] {
            give(app, who, reference, hours);
        }
        said(app, "P00", &first, 1, Some(50));
        said(app, "P01", &first, 1, Some(60));
        awarded(app, &first);
        app.at(JUST_BEFORE);
        assert_eq!((open(app, "json").status, open(app, "csv").status), (404, 404));
        assert!(!app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).has("How many hours bidding took"));
        app.at(ANNOUNCED);
        let few = open(app, "json").expect(200).json();
        assert_eq!((&few["figures"], &few["least_councils"]), (&Value::Null, &json!(5)), "six answers, of four councils");
        assert_eq!(open(app, "csv").expect(200).text().lines().count(), 1, "the head alone");
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("at least 5 councils or other bodies").sees("Fewer have said so yet.");
        app.clock.set(moment("2026-12-08T09:00:00Z"));
        said(app, "P02", &first, 1, Some(70));
        let enough = open(app, "json").expect(200);
        assert_eq!(enough.json()["figures"], json!({
            "councils": 5, "answers": 7, "bids": 2, "lower_quartile_hours": 25.0, "median_hours": 40.0, "upper_quartile_hours": 55.0
        }), "and no sum from which whoever knows the others could subtract them");
        assert_eq!(enough.header("last-modified"), Some("Tue, 08 Dec 2026 09:00:00 GMT"));
        assert!(open(app, "csv").expect(200).text().contains("Test round,5,7,2,25,40,55"));
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("5 have: there are 7 answers, about 2 bids.")
            .sees("The median is 40 hours.").sees("between 25 and 55 hours").sees("no figures of fewer than 5 councils");
    }

    fn figures_that_are_public_change_only_with_five_councils_at_once_and_never_go_back(app: &TestApp) {
        let [first, second] = bids(app);
        give(app, Who::Officer, &first, 10);
        give(app, Who::Partner, &first, 20);
        for (code, hours) in OTHERS.into_iter().zip([30, 40, 50, 60]) {
            said(app, code, &first, 1, Some(hours));
        }
        awarded(app, &first);
        app.at(ANNOUNCED);
        let announced = figures(app);
        assert_eq!((&announced["councils"], &announced["median_hours"]), (&json!(6), &json!(35.0)));
        app.clock.set(moment("2026-12-08T09:00:00Z"));
        give(app, Who::Partner, &second, 900);
        app.client(Who::Officer).put(&format!("/api/v1/bids/{first}/hours"), 1, json!({ "hours": null })).expect(200);
        said(app, "P00", &first, 2, Some(900));
        said(app, "P01", &first, 2, Some(900));
        assert_eq!(figures(app), announced, "four councils, whose answers anybody could tell by comparing");
        assert_eq!(open(app, "json").expect(200).header("last-modified"), Some("Mon, 07 Dec 2026 09:30:00 GMT"));
        app.clock.set(moment("2026-12-09T09:00:00Z"));
        said(app, "P02", &first, 2, None);
        let without = open(app, "json").expect(200);
        let since = without.header("last-modified").map(str::to_owned);
        assert_eq!((&without.json()["figures"], since.as_deref()), (&Value::Null, Some("Wed, 09 Dec 2026 09:00:00 GMT")), "four councils are left");
        let headers = [("If-Modified-Since", "Mon, 07 Dec 2026 09:30:00 GMT")];
        let again = app.public().send("GET", &format!("/api/v1/open/rounds/{ROUND}/hours.json"), &headers, None);
        assert_eq!(again.status, 200, "nobody keeps figures that are withdrawn");
    }
}
