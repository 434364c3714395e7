//! What cannot be drawn, and a commitment that is withdrawn and stays on record.

use roundtable::identity::policy::BidKind;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{FILE, KNOWN, NEAR, PATH, TOLD, commit, fault, faults, new_draw, ranked, rules};
use crate::{
    assessment::rankings::{SCORES, scored},
    awards::{
        ANNOUNCED, DECIDING, award, bring_to, decide,
        lists::{put, ruled},
        outcome, release,
    },
    harness::{
        app::{ROUND, TestApp, Who, new_round},
        databases::on_each_database,
    },
};

on_each_database! {
    fn a_bid_below_a_minimum_lies_near_the_line_and_stands_in_the_way_of_no_draw(app: &TestApp) {
        let mut all = serde_json::to_value(new_round().rulebook).unwrap();
        all["assessment"] = rules(true);
        all["criteria"][1]["least"] = json!(1);
        put(app, all);
        // The last has the second best mean, and its delivery stays below the minimum.
        let bids = scored(app, &[NEAR[0], NEAR[1], NEAR[2], NEAR[3], [(3, 0), (3, 1)]]);
        app.client(Who::Moderator).post(&format!("{PATH}/rankings"), json!({})).expect(201);
        let observer = app.client(Who::Observer);
        let ranking = observer.get(&format!("{PATH}/rankings/1")).expect(200).json();
        let last = ranking["bids"].as_array().unwrap().iter().find(|bid| bid["bid"] == bids[4]).unwrap().clone();
        assert!(last["place"].is_null() && (last["group"] == "fund" || last["group"] == "draw"), "{last}");
        let offered = observer.get(&format!("{PATH}/draw")).expect(200).text();
        assert!(!offered.contains(&bids[4]) && !offered.contains("cannot be awarded money"), "{offered}");
    }

    fn what_cannot_be_drawn_is_refused_and_what_is_withdrawn_stays_on_record(app: &TestApp) {
        ruled(app, json!({}));
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "no_draw".into()));
        ruled(app, rules(true));
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "no_ranking".into()));
        let bids = ranked(app, rules(true));
        let more = scored(app, &SCORES[..1]);
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "ranking_outdated".into()));
        app.client(Who::Officer).post(&format!("/api/v1/bids/{}/actions/withdraw", more[0]), json!({})).expect(200);
        app.client(Who::Moderator).post(&format!("{PATH}/rankings"), json!({}));
        for who in [Who::Observer, Who::Moderator] {
            assert_eq!(commit(app, who, new_draw()).status, 403, "{who:?}");
        }
        let wrong = json!({ "exactly": " ", "known_from": "2026-11-01T00:00:00Z", "places": 2, "again_reason": "x" });
        let expected = [
            fault("/exactly", "missing"), fault("/known_from", "too_early"), fault("/places", "out_of_range"),
            fault("/places_reason", "missing"), fault("/again_reason", "not_wanted"),
        ];
        assert_eq!(faults(&commit(app, Who::Manager, wrong)), expected);
        let mut stale = new_draw();
        stale["seen"] = json!("something else");
        assert_eq!(commit(app, Who::Manager, stale).problem(), (409, "inputs_changed".into()));
        let mut needless = new_draw();
        needless["places_reason"] = json!("Because.");
        assert_eq!(faults(&commit(app, Who::Manager, needless)), [fault("/places_reason", "not_wanted")]);
        commit(app, Who::Manager, new_draw()).expect(201);
        let manager = app.client(Who::Manager);
        let withdraw = |reason: &str| manager.post(&format!("{PATH}/draws/1/withdraw"), json!({ "reason": reason }));
        assert_eq!(faults(&withdraw(" ")), [fault("/reason", "missing")]);
        withdraw("The beacon stops that week.").expect(200);
        assert_eq!(withdraw("Again.").problem(), (409, "withdrawn_already".into()));
        let told = app.public().get(TOLD).expect(200).json()["draws"][0].clone();
        assert_eq!(told["withdrawn_reason"], "The beacon stops that week.");
        assert_eq!(faults(&commit(app, Who::Manager, new_draw())), [fault("/again_reason", "missing")]);
        app.at(KNOWN);
        let mut later = new_draw();
        later["known_from"] = json!("2026-11-19T12:00:00Z");
        later["again_reason"] = json!("The value of the first was never published.");
        commit(app, Who::Manager, later).expect(201);
        let told = app.public().get(TOLD).expect(200).json();
        assert_eq!(told["draws"][0]["again_reason"], "The value of the first was never published.");
        let numbers: Vec<&Value> = told["draws"].as_array().unwrap().iter().map(|draw| &draw["number"]).collect();
        assert_eq!(numbers, [2, 1]);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        for (bid, place) in bids.iter().zip(1..) {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
            let mut declined = outcome("not_fund");
            declined["place"] = json!(place);
            decide(&manager, bid, "award", if place == 1 { award(8_000_000, 1) } else { declined }).expect(201);
        }
        let refused = manager.post(&format!("{PATH}/releases/announcement"), json!({}));
        assert_eq!(faults(&refused), [fault("/open_draw", "draw_open")], "awards wait for a draw that is committed to");
        manager.post(&format!("{PATH}/draws/2/withdraw"), json!({ "reason": "All bids but one are declined." })).expect(200);
        let refused = manager.post(&format!("{PATH}/releases/announcement"), json!({}));
        assert_eq!(faults(&refused), [fault("/undrawn", "undrawn")], "awards wait for a draw that was promised");
        assert!(bids.iter().all(|bid| !app.public().get(TOLD).text().contains(bid)));
        // The rules of the round say no more that anything is drawn.
        ruled(app, json!({}));
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        assert_eq!(app.public().get(FILE).status, 404, "what is not drawn has no file");
        let told = app.public().get(TOLD).expect(200).json()["draws"][1].clone();
        let list = format!("{},0.5\n{},0.5\n", bids[1], bids[2]);
        let opened = &told["opened"];
        assert_eq!((&opened["list"], &opened["list_sha256"]), (&json!(list), &json!(hex::encode(Sha256::digest(&list)))));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let parts = [&told["source"], &opened["list_sha256"], &opened["salt"]].map(text).join("\n");
        let whole = hex::encode(Sha256::digest(format!("sha256\n1\n{parts}\n")));
        assert_eq!(told["commitment"], whole, "anybody can compute what it would have drawn");
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}/draws")).sees("Which bids were in commitment 1");
    }
}
