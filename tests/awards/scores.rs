//! Where a round says so, its scores are published with its awards: without names and reasons, never before, and so that anybody
//! gets the figures of the ranking of record from them.

use diesel::prelude::*;
use roundtable::db::schema::bids;
use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, JUST_BEFORE, award, decide, lists::ruled, outcome, release};
use crate::{
    assessment::{
        moderation::{agreed, open, record},
        rankings::{self, SCORES, scored},
    },
    harness::{
        app::{Answer, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::holds::{hold, lift},
};

/// Four bids are read, one of them talked over, and ranked; two are to be awarded money.
pub fn decided(app: &TestApp) -> Vec<String> {
    let bids = scored(app, &SCORES);
    let client = app.client(Who::Moderator);
    open(app, Who::Moderator, "All of them are read.").expect(200);
    record(&client, &bids[1], 0, &agreed(app, (3, 3), &[Who::Assessor])).expect(200);
    client.post(rankings::PATH, json!({})).expect(201);
    app.at(DECIDING);
    let manager = app.client(Who::Manager);
    for (bid, place) in bids.iter().zip(1..) {
        decide(&manager, bid, "assessment", json!({ "transition": "close_scoring" })).expect(201);
        decide(&manager, bid, "shortlist", json!({ "transition": "shortlist" })).expect(201);
        let decision = if place < 3 { award(8_000_000, place) } else { outcome("not_fund") };
        decide(&manager, bid, "award", decision).expect(201);
    }
    bids
}

fn public(app: &TestApp, format: &str) -> Answer {
    app.public().get(&format!("/api/v1/open/rounds/{ROUND}/scores.{format}"))
}

fn rename(app: &TestApp, reference: &str, title: &'static str) {
    let reference = reference.to_owned();
    app.block_on(|app| async move {
        let write = app.db.write(move |conn| {
            Ok(diesel::update(bids::table.filter(bids::reference.eq(&reference)))
                .set(bids::title.eq(title))
                .execute(conn)?)
        });
        write.await.unwrap();
    });
}

on_each_database! {
    fn published_scores_come_with_the_awards_and_give_anybody_the_figures_of_the_record(app: &TestApp) {
        ruled(app, json!({ "publish_scores": true }));
        let bids = decided(app);
        release(app, "announcement").expect(200);
        let page = format!("/rounds/{ROUND}/scores");
        app.at(JUST_BEFORE);
        assert_eq!([public(app, "json").status, public(app, "csv").status, app.public().get(&page).status], [404; 3]);
        assert!(!app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).has("Scores of this round"));
        app.at(ANNOUNCED);
        rename(app, &bids[0], "=HYPERLINK(\"x\")");
        let told = public(app, "json").expect(200);
        let scores = told.json();
        assert_eq!(told.header("last-modified"), Some("Mon, 07 Dec 2026 09:30:00 GMT"));
        let places: Vec<&Value> = scores["bids"].as_array().unwrap().iter().map(|bid| &bid["place"]).collect();
        assert_eq!(places, [2, 1, 3, 4], "what was agreed has brought the second before the first");
        let talked = &scores["bids"][1];
        assert_eq!((&talked["reference"], &talked["title"], &talked["organisations"]), (&json!(bids[1]), &json!("Bid 2"), &json!(["Ambridge Borough Council"])));
        let readings = talked["readings"].as_array().unwrap();
        let mut given: Vec<_> = readings.iter().map(|of| (of["score"].as_str().unwrap(), of["moderated"].as_str().unwrap())).collect();
        given.sort_unstable();
        assert_eq!(given, [("2", "3"), ("2.2", "3")]);
        let fit = json!({ "criterion": "fit", "score": 3, "confidence": "high", "agreed": 3 });
        assert!(readings.iter().any(|of| of["criteria"][0] == fit), "{talked}");
        assert_eq!(scores["bids"][0]["readings"][0]["moderated"], Value::Null);

        let file = public(app, "csv").expect(200).text();
        let head = "bid,assessor,score,confidence,section,moderated,place,title,organisations,fit score,fit confidence,fit agreed,";
        assert!(file.starts_with(head) && file.lines().count() == 9, "{file}");
        assert!(file.contains("\"'=HYPERLINK(\"\"x\"\")\""), "no cell is a formula: {file}");
        let record = app.client(Who::Observer).get(&format!("{}/1", rankings::PATH)).expect(200).json();
        for what in ["line", "seed", "scale"] {
            assert_eq!(scores["replay"][what], record[what], "{what}");
        }
        rankings::agree(&record, &rankings::computed_from(&file, &record));
        let numbers = |text: &str| -> Vec<String> { text.lines().skip(1).map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect() };
        let of_staff = app.client(Who::Observer).get(&format!("{}/1/scores.csv", rankings::PATH)).expect(200).text();
        assert_eq!(numbers(&file), numbers(&of_staff), "everybody has the number that the record gave");
        let mut browser = app.browser(Who::Nobody);
        browser.open(&format!("/rounds/{ROUND}")).follow("Scores of this round, without names").sees("Place 1: Bid 2").sees("Agreed: 3");
        browser.sees(&format!("--seed {}", record["seed"])).sees("Place 4: Bid 4");
        browser.open(&format!("/rounds/{ROUND}/awards")).sees("Scores of this round, without names");
        let page = app.public().get(&page).expect(200).text();
        for text in [&told.text(), &file, &page] {
            assert!(!text.contains("It is shown.") && !text.contains("Person") && !text.contains("We read it again."), "{text}");
            assert!(!text.contains(&app.person(Who::Assessor).to_string()), "{text}");
        }
    }

    fn scores_of_a_bid_whose_outcome_waits_are_left_out_and_without_the_rule_there_are_none(app: &TestApp) {
        ruled(app, json!({ "publish_scores": true }));
        let bids = decided(app);
        hold(&app.client(Who::Manager), &bids[1]).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let scores = public(app, "json").expect(200).json();
        let shown: Vec<&Value> = scores["bids"].as_array().unwrap().iter().map(|bid| &bid["reference"]).collect();
        assert_eq!(shown, [&bids[0], &bids[2], &bids[3]]);
        assert_eq!((&scores["replay"], &scores["bids"][0]["place"]), (&Value::Null, &json!(2)));
        assert!(!public(app, "csv").expect(200).text().contains(&bids[1]));
        assert!(!app.public().get(&format!("/rounds/{ROUND}/scores")).expect(200).text().contains(&bids[1]));
        app.at("2026-12-09T10:00:00Z");
        lift(&app.client(Who::Manager), &bids[1]).expect(204);
        let whole = public(app, "json").expect(200);
        assert!(whole.json()["replay"].is_object() && whole.text().contains(&bids[1]));
        assert_eq!(whole.header("last-modified"), Some("Wed, 09 Dec 2026 10:00:00 GMT"));
        let assessors = |of: &Value| of["readings"].as_array().unwrap().iter().map(|read| read["assessor"].clone()).collect::<Vec<_>>();
        assert_eq!(assessors(&whole.json()["bids"][0]), assessors(&scores["bids"][0]), "numbers stay");
        ruled(app, json!({}));
        for path in [format!("/rounds/{ROUND}/scores"), format!("/api/v1/open/rounds/{ROUND}/scores.csv")] {
            assert_eq!(app.public().get(&path).status, 404);
        }
        assert!(!app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}/awards")).has("without names"));
    }
}
