//! Places at the funding line drawn by lot: committed to before the public value exists, drawn by two managers, followed by decisions,
//! and drawn again by anybody once the awards are out.

use std::process::{Command, Output};

use diesel::prelude::*;
use roundtable::{db::schema::milestones, events::Chain, identity::policy::BidKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ANNOUNCED, DECIDING, award, bring_to, decide, lists, outcome, post_seen, release};
use crate::{
    account::happened,
    assessment::rankings::{SCORES, pin, scored},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, new_round},
        databases::on_each_database,
    },
};

const PATH: &str = "/api/v1/rounds/test-round";
const TOLD: &str = "/api/v1/open/rounds/test-round/draws.json";
const FILE: &str = "/api/v1/open/rounds/test-round/draws/1/drawn.json";
const KNOWN: &str = "2026-11-18T12:00:00Z";
const VALUE: &str = "8a1f44";
/// The first bid lies above the line and the last below it; the money left pays for one of the two between.
const NEAR: [[(i32, i32); 2]; 4] = [SCORES[0], [(2, 1), (2, 2)], [(2, 2), (1, 2)], SCORES[3]];

fn rules(told_before: bool) -> Value {
    json!({ "draw": { "source": "A round of the League of Entropy’s beacon", "told_before": told_before } })
}

fn ranked(app: &TestApp, assessment: Value) -> Vec<String> {
    lists::ruled(app, assessment);
    let bids = scored(app, &NEAR);
    app.client(Who::Moderator).post(&format!("{PATH}/rankings"), json!({})).expect(201);
    bids
}

fn new_draw() -> Value {
    json!({ "exactly": "Round 14,220,000", "known_from": KNOWN })
}

fn commit(app: &TestApp, who: Who, body: Value) -> Answer {
    app.client(who).post(&format!("{PATH}/draws"), body)
}

fn enter(client: &Client, value: &str) -> Answer {
    let body = json!({ "value": value, "looked_up": "https://beacon.example/14220000" });
    client.post(&format!("{PATH}/draws/1/value"), body)
}

fn record(client: &Client, number: i32) -> Value {
    client.get(&format!("{PATH}/draws/{number}")).expect(200).json()
}

/// Answers the value that waits, as it stands.
fn answer(client: &Client, how: &str, body: Value) -> Answer {
    let tag = record(client, 1)["support"]["tag"].clone();
    post_seen(client, &format!("{PATH}/draws/1/value/{how}"), &tag, body)
}

/// The manager enters the value, and the colleague confirms it.
fn drawn(app: &TestApp) -> Value {
    enter(&app.client(Who::Manager), VALUE).expect(202);
    answer(&app.client_of(app.colleague()), "confirm", json!({})).expect(200).json()
}

/// Who is drawn by hand: the first by the hash of value and reference; and who is not.
fn by_hand<'a>(bids: &[&'a str]) -> (&'a str, &'a str) {
    let digest = |bid: &&str| hex::encode(Sha256::digest(format!("{VALUE}|{bid}")));
    let mut order = bids.to_vec();
    order.sort_by_key(digest);
    (order[0], order[1])
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 422, "{}", answer.text());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

fn fault(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

/// What the round's history has of draws.
fn history(app: &TestApp) -> Vec<(String, Value)> {
    let round = app.public().get(PATH).expect(200).json();
    let all = happened(app, Chain::Round(round["id"].as_str().unwrap().parse().unwrap()));
    all.into_iter().filter(|(kind, _)| kind.starts_with("draw.")).collect()
}

/// Where the public and a council could read something of a draw.
fn seen_outside(app: &TestApp) -> Vec<(u16, Option<String>, String)> {
    let page = format!("/rounds/{ROUND}");
    let paths =
        [TOLD.into(), FILE.into(), page.clone(), format!("{page}/draws"), format!("{page}/awards"), PATH.into()];
    let officer = app.client(Who::Officer);
    let look = |path: &String| [app.public().get(path), officer.get(path)];
    let told = |answer: Answer| {
        // A form's token is of its session.
        let text = answer.text().lines().filter(|line| !line.contains("csrf")).collect();
        (answer.status, answer.header("etag").map(str::to_owned), text)
    };
    paths.iter().flat_map(look).map(told).collect()
}

/// What `roundtable draw verify` says of a file.
fn verified(file: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draw.json");
    std::fs::write(&path, file).unwrap();
    Command::new(env!("CARGO_BIN_EXE_roundtable")).args(["draw", "verify"]).arg(&path).output().unwrap()
}

/// A draw that was withdrawn and one whose value waits for the colleague, whose browser's cookies these are.
pub fn told_of(app: &TestApp) -> String {
    ranked(app, rules(true));
    commit(app, Who::Manager, new_draw()).expect(201);
    let why = json!({ "reason": "We named the wrong round of the beacon." });
    app.client(Who::Manager).post(&format!("{PATH}/draws/1/withdraw"), why).expect(200);
    let mut another = new_draw();
    another["again_reason"] = json!("The first named the wrong round of the beacon.");
    commit(app, Who::Manager, another).expect(201);
    app.at(KNOWN);
    let value = json!({ "value": VALUE, "looked_up": "https://beacon.example/public/14220000/with/a/long/address" });
    app.client(Who::Manager).post(&format!("{PATH}/draws/2/value"), value).expect(202);
    app.browser_of(app.colleague()).cookies()
}

/// The second of them is drawn, and the awards are out.
pub fn announced(app: &TestApp) {
    let colleague = app.client_of(app.colleague());
    let tag = record(&colleague, 2)["support"]["tag"].clone();
    post_seen(&colleague, &format!("{PATH}/draws/2/value/confirm"), &tag, json!({})).expect(200);
    let bids = colleague.get(&format!("{PATH}/rankings/1")).expect(200).json()["bids"].clone();
    let bids: Vec<&str> = bids.as_array().unwrap().iter().map(|bid| bid["bid"].as_str().unwrap()).collect();
    for (bid, place) in bids.iter().zip(1..) {
        bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        let mut declined = outcome("not_fund");
        declined["place"] = json!(place);
        let body = if place == 1 { award(8_000_000, 1) } else { declined };
        let decided = decide(&colleague, bid, "award", body);
        if decided.status == 422 {
            decide(&colleague, bid, "award", award(8_000_000, place)).expect(201);
        }
    }
    release(app, "announcement").expect(200);
    app.at(ANNOUNCED);
}

on_each_database! {
    fn a_draw_is_committed_to_made_by_two_followed_and_drawn_again_by_anybody(app: &TestApp) {
        let bids = ranked(app, rules(true));
        let [first, second, third, fourth] = [&bids[0], &bids[1], &bids[2], &bids[3]].map(String::as_str);
        let observer = app.client(Who::Observer);
        assert_eq!(app.public().get(TOLD).status, 404);
        let offer = observer.get(&format!("{PATH}/draw")).expect(200).json()["offer"].clone();
        let candidates: Vec<&Value> = offer["candidates"].as_array().unwrap().iter().map(|bid| &bid["bid"]).collect();
        assert_eq!((candidates, &offer["places"], &offer["above"]), (vec![&json!(second), &json!(third)], &json!(1), &json!(1)));
        assert!(offer["why"][0].as_str().unwrap().contains("leaves £120,000 of £200,000"), "{offer}");

        let mut body = new_draw();
        body["seen"] = offer["inputs_sha256"].clone();
        let once = || app.client(Who::Manager).send("POST", &format!("{PATH}/draws"), &[("Idempotency-Key", "draw")], Some(&body));
        let made = once().expect(201);
        assert_eq!((made.header("location"), once().expect(201).json()), (Some(&*format!("{PATH}/draws/1")), made.json()));
        let committed = made.json();
        let list = format!("{second},0.5\n{third},0.5\n");
        assert_eq!((&committed["list"], &committed["places"]), (&json!(list), &json!(1)));
        assert_eq!(committed["list_sha256"], json!(hex::encode(Sha256::digest(&list))));
        let source = "A round of the League of Entropy’s beacon: Round 14,220,000";
        let whole = format!("sha256\n1\n{source}\n{}\n{}\n", committed["list_sha256"].as_str().unwrap(), committed["salt"].as_str().unwrap());
        assert_eq!(committed["commitment"], json!(hex::encode(Sha256::digest(whole))), "anybody can compute it once the salt is out");

        let told = app.public().get(TOLD).expect(200);
        let draw = &told.json()["draws"][0];
        assert_eq!((&draw["commitment"], &draw["source"], &draw["known_from"]), (&committed["commitment"], &json!(source), &json!(KNOWN)));
        assert_eq!((&draw["places"], &draw["result"]), (&json!(1), &Value::Null));
        let page = app.public().get(&format!("/rounds/{ROUND}/draws")).expect(200).text();
        for secret in [second, third, committed["salt"].as_str().unwrap(), committed["list_sha256"].as_str().unwrap()] {
            assert!(!told.text().contains(secret) && !page.contains(secret), "{secret} is told");
        }
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("Places drawn by lot")
            .sees(committed["commitment"].as_str().unwrap()).follow("All about the draws of this round").sees("Round 14,220,000");

        let manager = app.client(Who::Manager);
        let early = enter(&manager, VALUE);
        assert_eq!(early.problem(), (409, "not_yet".into()));
        assert!(early.text().contains("can be known from midday on 18 November 2026 on, and it is"), "{}", early.text());
        app.at(KNOWN);
        let before = seen_outside(app);
        let manager = app.client(Who::Manager);
        let missing = manager.post(&format!("{PATH}/draws/1/value"), json!({ "value": " ", "looked_up": "" }));
        assert_eq!(faults(&missing), [fault("/value", "missing"), fault("/looked_up", "missing")]);
        assert_eq!(answer(&manager, "confirm", json!({})).problem(), (409, "not_requested".into()));
        let colleague = app.client_of(app.colleague());
        enter(&manager, "wrong").expect(202);
        let withdraw = || manager.post(&format!("{PATH}/draws/1/withdraw"), json!({ "reason": "Again." }));
        assert_eq!(withdraw().problem(), (409, "value_waits".into()), "nobody withdraws since a value displeases them");
        let wanted: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "approval-wanted").collect();
        assert_eq!((wanted.len(), wanted[0].recipient.as_str()), (1, "colleague@test.example"));
        assert!(wanted[0].text.contains("“wrong”") && !wanted[0].text.contains(second), "{}", wanted[0].text);
        assert_eq!(enter(&colleague, VALUE).problem(), (409, "requested_already".into()));
        assert_eq!(answer(&manager, "confirm", json!({})).problem(), (409, "approved_already".into()));
        assert_eq!(colleague.post(&format!("{PATH}/draws/1/value/confirm"), json!({})).problem(), (428, "version_needed".into()));
        answer(&colleague, "refuse", json!({ "reason": "The page says otherwise." })).expect(200);
        assert_eq!(record(&manager, 1)["support"]["refused"]["reason"], "The page says otherwise.");
        enter(&manager, "wrong").expect(202);
        let stale = record(&colleague, 1)["support"]["tag"].clone();
        manager.delete(&format!("{PATH}/draws/1/value")).expect(204);
        enter(&manager, "8A1F44.").expect(202);
        assert_eq!(record(&manager, 1)["entered"]["value"], VALUE, "a value has one writing");
        let confirm = format!("{PATH}/draws/1/value/confirm");
        assert_eq!(post_seen(&colleague, &confirm, &stale, json!({})).problem(), (412, "changed_since".into()));
        let made = answer(&colleague, "confirm", json!({})).expect(200).json();
        let (chosen, left) = by_hand(&[second, third]);
        let outcome_of = &made["outcome"];
        assert_eq!((&outcome_of["chosen"], &outcome_of["order"]), (&json!([chosen]), &json!([chosen, left])));
        assert_eq!((&outcome_of["entered_by"], &outcome_of["confirmed_by"]), (&json!("Manager Person"), &json!("Colleague Person")));
        assert_eq!(enter(&manager, VALUE).problem(), (409, "drawn_already".into()));
        assert_eq!(withdraw().problem(), (409, "drawn_already".into()), "nobody draws until they like it");
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "draw_stands".into()));

        for bid in &bids {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/decisions")).sees("Fund Drawn by lot in draw 1.").sees("Not drawn by lot in draw 1.");
        browser.open(&format!("/rounds/{ROUND}/ranking")).sees("Drawn by lot in draw 1.");
        browser.open(&format!("/rounds/{ROUND}/ranking/{left}")).sees("Not drawn by lot in draw 1.");
        browser.open(&format!("/bids/{chosen}/decision")).sees("Drawn by lot in draw 1.");
        browser.open(&format!("/rounds/{ROUND}/list")).sees(&format!("Drawn by lot: {chosen}. Not drawn"));
        let place = |bid: &str| if bid == second { 2 } else { 3 };
        let against = decide(&manager, left, "award", award(8_000_000, place(left)));
        assert!(against.text().contains("Draw 1 says otherwise"), "{}", against.text());
        decide(&manager, first, "award", award(8_000_000, 1)).expect(201);
        let lucky = decide(&manager, chosen, "award", award(8_000_000, place(chosen))).expect(201).json();
        for (bid, number) in [(left, place(left)), (fourth, 4)] {
            let mut declined = outcome("not_fund");
            declined["place"] = json!(number);
            let declined = decide(&manager, bid, "award", declined).expect(201).json();
            let by_lot = bid == left && left == second;
            assert_eq!(declined["reason"], if by_lot { json!("Not drawn by lot in draw 1.") } else { Value::Null });
        }
        let out_of_order = if chosen == third { json!("Drawn by lot in draw 1.") } else { Value::Null };
        assert_eq!(lucky["reason"], out_of_order, "the lot is the reason where the ranking says otherwise");
        release(app, "announcement").expect(200);
        assert_eq!(seen_outside(app), before, "nothing outside tells that it was drawn, or who was");

        app.at(ANNOUNCED);
        let result = app.public().get(TOLD).expect(200).json()["draws"][0]["result"].clone();
        assert_eq!((&result["list"], &result["salt"], &result["value"]), (&json!(list), &committed["salt"], &json!(VALUE)));
        assert_eq!(result["chosen"], json!([chosen]));
        let file = app.public().get(FILE).expect(200);
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"test-round-draw-1.json\""));
        let output = verified(&file.text());
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains(&format!("verified: the seed draws {chosen}")), "{said}");
        assert!(said.contains(committed["commitment"].as_str().unwrap()), "{said}");
        for (what, instead) in [(VALUE, "8a1f45"), (committed["salt"].as_str().unwrap(), "00"), ("0.5\\n", "0.4\\n"), ("14,220,000", "14,220,001")] {
            let changed = file.text().replacen(what, instead, 1);
            let output = verified(&changed);
            // Another value may draw the same bids in the same order: then it is the published value that tells.
            let same = what == VALUE && output.status.success();
            assert!(changed != file.text() && (same || !output.status.success()), "{what}");
        }
        let reordered = file.text().replacen(&format!("\"{chosen}\""), &format!("\"{left}\""), 1);
        assert!(!verified(&reordered).status.success(), "another bid in the place of the one that is drawn");
        let mut everybody = app.browser(Who::Nobody);
        everybody.open(&format!("/rounds/{ROUND}/awards")).follow("How places at the funding line were drawn by lot, and how to draw again");
        everybody.sees(&format!("Drawn {chosen}")).sees("roundtable draw verify test-round-draw-1.json").sees(VALUE);
        let kinds: Vec<String> = history(app).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["draw.committed", "draw.made"]);
        assert!(history(app).iter().all(|(_, detail)| !detail.to_string().contains(second)), "hashes alone");
    }

    fn a_bid_below_a_minimum_lies_near_the_line_and_stands_in_the_way_of_no_draw(app: &TestApp) {
        let mut all = serde_json::to_value(new_round().rulebook).unwrap();
        all["assessment"] = rules(true);
        all["criteria"][1]["least"] = json!(1);
        lists::put(app, all);
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
        lists::ruled(app, json!({}));
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "no_draw".into()));
        lists::ruled(app, rules(true));
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
        lists::ruled(app, json!({}));
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

    fn where_the_rules_tell_nothing_before_nothing_outside_changes_until_the_awards(app: &TestApp) {
        let bids = ranked(app, rules(false));
        app.work();
        let before = seen_outside(app);
        commit(app, Who::Manager, new_draw()).expect(201);
        assert_eq!(seen_outside(app), before, "that there is a commitment");
        app.at(KNOWN);
        let before = seen_outside(app);
        drawn(app);
        assert_eq!(seen_outside(app), before, "that it is drawn");
        pin(app, Who::Manager, &bids[3]);
        let manager = app.client(Who::Manager);
        let barred = (403, "conflict_of_interest".to_owned());
        for path in ["draw", "draws", "draws/1"] {
            assert_eq!(manager.get(&format!("{PATH}/{path}")).problem(), barred, "{path}");
        }
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), barred);
        assert_eq!(enter(&manager, VALUE).problem(), barred);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/draw")).sees("colleagues make it and read it");
        assert!(bids.iter().all(|bid| !browser.has(bid)), "{}", browser.text());
        for page in ["ranking", "decisions"] {
            assert!(!browser.open(&format!("/rounds/{ROUND}/{page}")).has("by lot in draw"), "{page}");
        }
        assert!(!browser.open(&format!("/bids/{}/decision", bids[0])).has("by lot in draw"));
    }

    fn the_list_under_a_budget_takes_over_the_draw_and_departs_from_it_with_a_reason_alone(app: &TestApp) {
        let mut assessment = rules(true);
        assessment["most_awards"] = json!(2);
        let bids = ranked(app, assessment);
        let make = |body: Value| app.client(Who::Manager).post(&format!("{PATH}/lists"), body);
        make(json!({})).expect(201);
        commit(app, Who::Manager, new_draw()).expect(201);
        app.at(KNOWN);
        drawn(app);
        let (chosen, left) = by_hand(&[&bids[1], &bids[2]]);
        let by_hand = json!({ "take_out": [chosen], "put_in": [left] });
        let missing: Vec<String> = faults(&make(by_hand.clone())).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(missing, [format!("/reasons/{chosen}"), format!("/reasons/{left}")]);
        make(json!({})).expect(201);
        let list = app.client(Who::Observer).get(&format!("{PATH}/lists/2")).expect(200).json();
        let lines = list["bids"].as_array().unwrap();
        let of = |bid: &str| lines.iter().find(|line| line["bid"] == *bid).unwrap();
        assert_eq!((&of(chosen)["list"], &of(chosen)["plain"], &of(chosen)["drawn"]), (&json!("fund"), &json!("fund"), &json!(true)));
        assert_eq!((&of(left)["list"], &of(left)["plain"], &of(left)["next"]), (&json!("reserve"), &json!("reserve"), &json!(1)));
        let expected = if chosen == bids[2] { json!("Drawn by lot in draw 1.") } else { Value::Null };
        assert_eq!(of(chosen)["reason"], expected);
        let mut explained = by_hand;
        explained["reason"] = json!("The councils of the first have merged.");
        make(explained).expect(201);
        app.at(DECIDING);
        app.block_on(|app| async move {
            let write = app.db.write(|conn| {
                let date = milestones::table.filter(milestones::name.eq("announcement"));
                diesel::delete(date).execute(conn)?;
                Ok(())
            });
            write.await.unwrap();
        });
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "no_announcement".into()));
    }

    fn two_managers_commit_and_draw_on_the_page_without_javascript(app: &TestApp) {
        ranked(app, rules(true));
        let page = format!("/rounds/{ROUND}/draw");
        let mut first = app.browser(Who::Manager);
        first.open(&format!("/rounds/{ROUND}/ranking")).follow("Places at the funding line drawn by lot");
        first.sees("So 1 place is drawn.").press("Commit to the draw").sees("Say which public value it is exactly").sees("Enter a real date");
        first.fill("Which public value is it exactly?", "Round 14,220,000");
        for (part, value) in [("Day", "1"), ("Month", "11"), ("Year", "2026")] {
            first.fill_in("On which day?", part, value);
        }
        first.fill("At what time?", "midday").press("Commit to the draw").sees("nobody may know the value");
        first.fill_in("On which day?", "Day", "18").fill("How many places?", "2").press("Commit to the draw").sees("Draw 1 place");
        first.fill("How many places?", "").press("Commit to the draw").sees("Draw 1 is committed to.");
        first.sees("The value can be entered from midday on 18 November 2026 on.");
        app.at(KNOWN);
        let (mut first, mut again) = (app.browser(Who::Manager), app.browser(Who::Manager));
        let mut second = app.browser_of(app.colleague());
        again.open(&page);
        first.open(&page).press("Enter the value").sees("Enter the value exactly as it was published.");
        first.fill("The value", VALUE).fill("Where everybody can look it up", "https://beacon.example/14220000");
        first.press("Enter the value").sees("Another manager has to confirm it").sees("Asked by email, and not answered yet: Colleague Person.");
        second.open(&page).press("Refuse the value").sees("Say why you refuse");
        second.press("Confirm the value and draw").sees("the draw is made").sees("entered by Manager Person and confirmed by Colleague Person");
        again.fill("Why is it withdrawn?", "I do not like it.").press("Withdraw the commitment").sees("Draw 1 is made, and it stands.");
    }
}
