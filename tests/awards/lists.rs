//! The list under a budget: the best choice within the rules beside the plain line, what somebody tries, the list of record, and
//! decisions that follow it.

use std::process::Command;

use diesel::prelude::*;
use roundtable::{
    db::schema::{rounds, rulebooks},
    events::Chain,
    funds::rulebook::Rulebook,
    identity::policy::BidKind,
};
use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, award, bring_to, decide, outcome, release, submitted};
use crate::{
    account::happened,
    assessment::rankings::{SCORES, pin, scored, scored_saying},
    harness::{
        app::{Answer, ROUND, TestApp, Who, new_round},
        databases::on_each_database,
    },
};

const PATH: &str = "/api/v1/rounds/test-round";
const WHY: &str = "Two housing bids would solve one problem twice.";

/// The round assesses like this, and is otherwise as it was.
pub fn assessing(app: &TestApp, assessment: Value) {
    let mut rules = serde_json::to_value(new_round().rulebook).unwrap();
    rules["assessment"] = assessment;
    put(app, rules);
}

/// The round asks bids for their theme and rules the list like this, from before anybody bids.
pub fn ruled(app: &TestApp, assessment: Value) {
    let mut rules = serde_json::to_value(new_round().rulebook).unwrap();
    let options = json!([{ "value": "housing", "text": "Housing" }, { "value": "waste", "text": "Waste" }]);
    let answer = json!({ "type": "choice", "options": options });
    let theme = json!({ "id": "theme", "title": "Which theme?", "answer": answer, "required": false, "public": false });
    rules["eoi"]["sections"][0]["questions"].as_array_mut().unwrap().push(theme);
    rules["assessment"] = assessment;
    put(app, rules);
}

/// The round has these rules, from before anybody bids.
pub fn put(app: &TestApp, rules: Value) {
    let rules: Rulebook = serde_json::from_value(rules).unwrap();
    let (text, hash) = rules.sealed().unwrap();
    app.block_on(|app| async move {
        let write = app.db.write(move |conn| {
            let round = rounds::table.filter(rounds::slug.eq(ROUND)).select(rounds::id);
            let of_round = rulebooks::table.filter(rulebooks::round_id.eq_any(round));
            diesel::update(of_round).set((rulebooks::data.eq(&text), rulebooks::hash.eq(&hash))).execute(conn)?;
            Ok(())
        });
        write.await.unwrap();
    });
}

/// At most one bid for each theme, and two awards at most.
pub fn one_of_each_theme() -> Value {
    json!({
        "attributes": [{ "name": "theme", "from": { "answer": "theme" } }, { "name": "lead", "from": "lead" }],
        "most_awards": 2,
        "portfolio": [{ "rule": "each", "of": "theme", "awards": 1 }],
    })
}

/// Four bids, ranked: the first two are about housing, the third about waste, and the last does not say.
fn ranked(app: &TestApp) -> Vec<String> {
    let themes = ["housing", "housing", "waste"].map(|theme| ("theme", theme));
    let bids = scored_saying(app, &SCORES, &themes);
    app.client(Who::Moderator).post(&format!("{PATH}/rankings"), json!({})).expect(201);
    bids
}

fn list(app: &TestApp, query: &str) -> Answer {
    app.client(Who::Observer).get(&format!("{PATH}/list{query}"))
}

fn make(app: &TestApp, who: Who, body: Value) -> Answer {
    app.client(who).post(&format!("{PATH}/lists"), body)
}

/// The bids of a list, each with where it has them.
fn standing(list: &Value) -> Vec<(&str, &str)> {
    let bids = list["bids"].as_array().unwrap().iter();
    bids.map(|bid| (bid["bid"].as_str().unwrap(), bid["list"].as_str().unwrap())).collect()
}

fn chosen(list: &Value) -> Vec<&str> {
    standing(list).into_iter().filter(|(_, on)| *on == "fund").map(|(bid, _)| bid).collect()
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 422, "{}", answer.text());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

/// What the program chooses from the problem that can be downloaded.
fn chosen_anew(app: &TestApp) -> Value {
    let problem = app.client(Who::Observer).get(&format!("{PATH}/list/problem.json")).expect(200).text();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problem.json");
    std::fs::write(&file, problem).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    let output = program.arg("portfolio").arg(&file).args(["--costs", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What the round's history has of lists.
fn told(app: &TestApp) -> Vec<Value> {
    let round = app.public().get(PATH).expect(200).json();
    let all = happened(app, Chain::Round(round["id"].as_str().unwrap().parse().unwrap()));
    all.into_iter().filter(|(kind, _)| kind == "list.made").map(|(_, detail)| detail).collect()
}

on_each_database! {
    fn the_best_list_within_the_rules_stands_beside_the_plain_line_with_what_each_rule_costs(app: &TestApp) {
        ruled(app, one_of_each_theme());
        assert_eq!(list(app, "").status, 404, "there is no ranking of record yet");
        let bids = ranked(app);
        let best = list(app, "").expect(200).json();
        let [first, second, third, fourth] = [&bids[0], &bids[1], &bids[2], &bids[3]].map(String::as_str);
        assert_eq!(standing(&best), [(first, "fund"), (second, "reserve"), (third, "fund"), (fourth, "decline")]);
        let plain: Vec<&Value> = best["bids"].as_array().unwrap().iter().map(|bid| &bid["plain"]).collect();
        assert_eq!(plain, ["fund", "fund", "reserve", "decline"]);
        assert_eq!(best["plain"], json!({ "awards": 2, "worth": 4.9, "amount_pence": 16_000_000 }));
        assert_eq!(best["list"], json!({ "awards": 2, "worth": 4.5, "amount_pence": 16_000_000 }));
        assert_eq!((&best["bound"], &best["gap"], &best["time_limit_hit"]), (&json!(4.5), &json!(0.0), &json!(false)));
        let (most, each) = (&best["rules"][0], &best["rules"][1]);
        assert_eq!((&most["rule"], &most["cost"]), (&json!("most_awards"), &json!(0.0)));
        assert_eq!((&each["rule"], &each["cost"], &each["cost_at_most"]), (&json!("1"), &json!(0.4), &json!(0.4)));
        assert_eq!((&each["brings_in"], &each["keeps_out"]), (&json!([third]), &json!([second])));
        let of = &best["bids"][1];
        assert_eq!((&of["departs"], &of["because"], &of["next"]), (&json!(true), &json!(["1"]), &json!(1)));
        assert_eq!(of["attributes"], json!({ "theme": "housing", "lead": "AMB" }));
        assert!(best["notes"][0].as_str().unwrap().contains(fourth), "it does not say its theme: {best}");
        let anew = chosen_anew(app);
        assert_eq!((&anew["chosen"], &anew["value"]), (&json!([first, third]), &best["list"]["worth"]));
        assert_eq!(anew["rules"][0]["keeps_out"], each["keeps_out"]);

        let without = list(app, "?without=1").expect(200).json();
        assert_eq!(chosen(&without), [first, second]);
        assert_eq!(without["changes"]["comes_in"], json!([second]));
        assert_eq!((&without["changes"]["goes_out"], &without["changes"]["worth"]), (&json!([third]), &json!(0.4)));
        assert_eq!((&without["rules"][1]["holds"], &without["rules"][1]["cost"]), (&json!(false), &Value::Null));
        assert_eq!(chosen(&list(app, "?budget_pence=8000000").expect(200).json()), [first]);
        assert_eq!(chosen(&list(app, "?budget_pence=0").expect(200).json()), [] as [&str; 0]);
        assert_eq!(chosen(&list(app, "?most_awards=1").expect(200).json()), [first]);
        let more = list(app, "?without=most_awards&budget_pence=1000000000000").expect(200).json();
        assert_eq!(chosen(&more), [first, third, fourth]);
        let wrong = list(app, "?without=1,2,x&budget_pence=-1");
        let expected = [("/budget_pence", "out_of_range"), ("/without", "unknown_rule")];
        assert_eq!(faults(&wrong), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
        assert_eq!(list(app, "").expect(200).json(), best, "nothing of what was tried is kept");
        assert_eq!((list(app, "s").expect(200).json(), told(app)), (json!([]), Vec::new()));
    }

    fn the_list_of_record_has_a_reason_for_whatever_departs_and_decisions_follow_it(app: &TestApp) {
        ruled(app, one_of_each_theme());
        scored(app, &[]);
        assert_eq!(make(app, Who::Manager, json!({})).problem(), (409, "no_ranking".into()));
        let bids = ranked(app);
        let [first, second, third, fourth] = [&bids[0], &bids[1], &bids[2], &bids[3]].map(String::as_str);
        assert_eq!(make(app, Who::Observer, json!({})).status, 403);
        assert_eq!(make(app, Who::Moderator, json!({})).status, 403, "a fund manager makes it");
        let missing = |bid: &str| (format!("/reasons/{bid}"), "missing".to_owned());
        assert_eq!(faults(&make(app, Who::Manager, json!({}))), [missing(second), missing(third)]);
        let own = json!({ "reasons": { second: WHY } });
        assert_eq!(faults(&make(app, Who::Manager, own)), [missing(third)]);
        let broken = make(app, Who::Manager, json!({ "put_in": [second], "take_out": [third], "reason": WHY }));
        assert_eq!(faults(&broken), [("/put_in".to_owned(), "rules_broken".to_owned())]);
        assert!(broken.text().contains("at most 1 award for each theme"), "{}", broken.text());
        let stale = json!({ "seen": "something else", "reason": WHY });
        assert_eq!(make(app, Who::Manager, stale).problem(), (409, "inputs_changed".into()));

        let best = list(app, "").expect(200).json();
        let seen = best["inputs_sha256"].clone();
        let once = json!({ "seen": seen, "seen_list": best["list_sha256"], "reason": WHY });
        let keyed = || app.client(Who::Manager).send("POST", &format!("{PATH}/lists"), &[("Idempotency-Key", "list")], Some(&once)).expect(201);
        let made = keyed();
        assert_eq!(made.header("location"), Some(&*format!("{PATH}/lists/1")));
        assert_eq!(make(app, Who::Manager, json!({ "reason": WHY })).expect(200).json(), json!({ "number": 1, "new": false }));
        let by_hand = json!({ "take_out": [third], "put_in": [fourth], "reserves": 2, "reason": WHY });
        assert_eq!(make(app, Who::Manager, by_hand).expect(201).json()["number"], 2);
        assert_eq!(keyed().json(), made.json(), "the same request is answered the same, whatever came since");
        let record = app.client(Who::Observer).get(&format!("{PATH}/lists/2")).expect(200).json();
        assert_eq!((&record["current"], &record["made_by"]), (&json!(true), &json!("Manager Person")));
        assert_eq!(standing(&record), [(first, "fund"), (second, "reserve"), (third, "reserve"), (fourth, "fund")]);
        let by_hand: Vec<&Value> = record["bids"].as_array().unwrap().iter().map(|bid| &bid["by_hand"]).collect();
        assert_eq!(by_hand, [&json!(false), &json!(false), &json!(true), &json!(true)]);
        assert_eq!((&record["list"]["worth"], &record["bound"]), (&json!(3.3), &json!(4.5)));
        app.browser(Who::Observer).open(&format!("/rounds/{ROUND}/list?number=2"))
            .sees("It was changed by hand: the best list within the rules is worth 4.50.");
        let first_list = app.client(Who::Observer).get(&format!("{PATH}/lists/1")).expect(200).json();
        assert_eq!((chosen(&first_list), &first_list["bids"][2]["reason"]), (vec![first, third], &json!(WHY)));
        assert_eq!(first_list.get("list_sha256"), None, "the hash is of what is looked at before");
        let told = told(app);
        assert_eq!((told.len(), &told[1]["inputs"], &told[1]["ranking"]), (2, &seen, &json!(1)));
        assert!(told.iter().all(|detail| !detail.to_string().contains("housing")), "ids and hashes alone: {told:?}");

        for bid in &bids {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        app.at(DECIDING);
        let queue = format!("/rounds/{ROUND}/decisions");
        app.browser(Who::Manager).open(&queue).sees("follows list of record 2").sees("1 £80,000 Fund")
            .sees("2 £80,000 Reserve").sees("3 £80,000 Reserve").sees("4 £80,000 Fund");
        app.browser(Who::Manager).open(&format!("/bids/{fourth}/decision")).sees("List of record 2 says: Fund.").sees(WHY);
        let manager = app.client(Who::Manager);
        decide(&manager, first, "award", award(8_000_000, 1)).expect(201);
        let mut explained = award(8_000_000, 2);
        explained["reason"] = json!("We like it.");
        let beyond = decide(&manager, second, "award", explained);
        assert_eq!(beyond.problem(), (409, "rules_broken".into()), "{}", beyond.text());
        let against = decide(&manager, third, "award", award(8_000_000, 3));
        assert!(against.text().contains("list of record 2 says otherwise"), "{}", against.text());
        assert_eq!(faults(&against), [("/reason".to_owned(), "missing".to_owned())]);
        let follows = decide(&manager, fourth, "award", award(4_000_000, 4)).expect(201).json();
        assert_eq!(follows["reason"], WHY, "the reason of the list is taken over");
        let mut full = award(1, 3);
        full["reason"] = json!("A third.");
        assert_eq!(decide(&manager, third, "award", full).problem(), (409, "rules_broken".into()), "two at most");
        for (bid, place) in [(second, 2), (third, 3)] {
            let mut reserve = outcome("reserve_bid");
            reserve["place"] = json!(place);
            assert_eq!(decide(&manager, bid, "award", reserve).expect(201).json()["reason"], WHY);
        }
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}/awards")).sees(&format!("Out of the order of the ranking: {WHY}"))
            .sees("Bids passed over").sees(&format!("Place 2: {WHY}")).sees(&format!("Place 3: {WHY}"));
    }

    fn a_list_that_comes_out_otherwise_than_it_was_read_is_not_kept_and_nothing_typed_is_lost(app: &TestApp) {
        ruled(app, one_of_each_theme());
        let bids = ranked(app);
        let (best, other) = (list(app, "").expect(200).json(), list(app, "?without=1").expect(200).json());
        assert_eq!((&best["inputs_sha256"], list(app, "").expect(200).json()), (&other["inputs_sha256"], best.clone()));
        assert_ne!(best["list_sha256"], other["list_sha256"], "other bids are on the list that somebody tries");
        let refused = make(app, Who::Manager, json!({ "seen": best["inputs_sha256"], "seen_list": other["list_sha256"], "reason": WHY }));
        assert_eq!(refused.problem(), (409, "list_differs".into()));
        assert!(refused.text().contains("Read the list again"), "{}", refused.text());

        let manager = app.client(Who::Manager);
        let (seen, csrf, own) = (best["inputs_sha256"].as_str().unwrap(), manager.csrf(), format!("reason-of-{}", bids[0]));
        let send = |seen_list: &Value, reserves: &str| {
            let seen_list = seen_list.as_str().unwrap();
            let typed = [("reason", WHY), (&*own, "Words on the first."), ("reason-of-GONE-1", "Words on a bid that is gone."), ("reserves", reserves)];
            let fields = [("csrf", &*csrf), ("seen", seen), ("seen_list", seen_list)].into_iter().chain(typed);
            let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let kind = [("Content-Type", "application/x-www-form-urlencoded")];
            let page = manager.raw("POST", &format!("/rounds/{ROUND}/list"), &kind, Some(form.into_bytes())).expect(422).text();
            let reserved = format!("value=\"{reserves}\"");
            let kept = [WHY, "Words on the first.", "Words on a bid that is gone.", &*reserved];
            assert!(kept.iter().all(|typed| page.contains(typed)), "{page}");
            assert!(page.contains(best["list_sha256"].as_str().unwrap()), "the page is about the list that it shows: {page}");
            page
        };
        let differs = "The list came out differently this time";
        assert!(send(&other["list_sha256"], "2").contains(differs));
        let both = send(&other["list_sha256"], "few");
        assert!(both.contains(differs) && both.contains("as a whole number"), "{both}");
        let neither = send(&best["list_sha256"], "2");
        assert!(!neither.contains(differs) && neither.contains("No bid GONE-1 can be on the list"), "{neither}");
        assert_eq!((list(app, "s").expect(200).json(), told(app)), (json!([]), Vec::new()));
    }

    fn what_was_decided_before_there_was_a_list_is_held_against_it_before_the_release(app: &TestApp) {
        ruled(app, json!({ "most_awards": 1 }));
        // Withdrawn before anything was decided about it, it is no part of the release.
        let gone = submitted(app, "Withdrawn");
        app.client(Who::Officer).post(&format!("/api/v1/bids/{gone}/actions/withdraw"), json!({})).expect(200);
        let bids = scored(app, &SCORES[..2]);
        app.client(Who::Moderator).post(&format!("{PATH}/rankings"), json!({})).expect(201);
        for bid in &bids {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        app.at(DECIDING);
        let queue = format!("/rounds/{ROUND}/decisions");
        app.browser(Who::Manager).open(&queue).sees("Nothing is suggested until its list of record is made");
        let manager = app.client(Who::Manager);
        let mut unplaced = award(8_000_000, 1);
        unplaced["place"] = Value::Null;
        decide(&manager, &bids[1], "award", unplaced).expect(201);
        decide(&manager, &bids[0], "award", outcome("not_fund")).expect(201);
        make(app, Who::Manager, json!({})).expect(201);
        let ready = manager.get(&format!("{PATH}/releases/announcement")).expect(200).json();
        assert_eq!(ready["unexplained"], json!([bids[0], bids[1]]));
        app.browser(Who::Manager).open(&queue).sees("Give a reason for departing from the ranking or the list");
        // Whoever does not see every bid of the round hears of no list, and approves nothing that is against it.
        manager.post("/api/v1/conflicts", json!({ "bid": gone, "reason": "I live next to it." })).expect(200);
        let seen = manager.get(&format!("{PATH}/releases/announcement")).expect(200).json();
        assert_eq!((&seen["unexplained"], &seen["hidden"]), (&json!([]), &json!(false)));
        let refused = manager.post(&format!("{PATH}/releases/announcement"), json!({})).expect(422).json();
        assert_eq!(refused["errors"][0]["code"], "not_ready", "{refused}");
        assert!(bids.iter().all(|bid| !refused.to_string().contains(bid)), "{refused}");
    }

    fn rules_that_cannot_be_kept_are_named_and_a_round_without_rules_has_no_list_of_record(app: &TestApp) {
        let floor = |is: &str| json!({ "rule": "floor", "of": "theme", "is": is, "amount_pence": 16_000_000 });
        ruled(app, json!({
            "attributes": [{ "name": "theme", "from": { "answer": "theme" } }],
            "portfolio": [floor("housing"), { "rule": "cap", "of": "theme", "is": "waste", "awards": 1 }, floor("waste")],
        }));
        ranked(app);
        let trouble = list(app, "").expect(200).json();
        let why = trouble["trouble"].as_str().unwrap();
        assert!(why.contains("3. the list has at least £160,000 where theme is waste") && !why.contains("2."), "{why}");
        assert_eq!((&trouble["list"], &trouble["bids"][0]["list"]), (&Value::Null, &Value::Null));
        assert_eq!(make(app, Who::Manager, json!({})).problem(), (409, "no_list".into()));
        ruled(app, json!({}));
        assert_eq!(make(app, Who::Manager, json!({})).problem(), (409, "no_rules".into()));
        app.browser(Who::Manager).open(&format!("/rounds/{ROUND}/list")).sees("This round has no rules of the list");
    }

    fn whoever_has_a_conflict_makes_and_reads_no_list(app: &TestApp) {
        ruled(app, one_of_each_theme());
        let bids = ranked(app);
        make(app, Who::Manager, json!({ "reason": WHY })).expect(201);
        pin(app, Who::Manager, &bids[3]);
        let barred = (403, "conflict_of_interest".to_owned());
        let manager = app.client(Who::Manager);
        for path in ["list", "list/problem.json", "lists", "lists/1"] {
            assert_eq!(manager.get(&format!("{PATH}/{path}")).problem(), barred, "{path}");
        }
        assert_eq!(make(app, Who::Manager, json!({ "reason": WHY })).problem(), barred);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/list")).sees("colleagues make it and read it");
        assert!(bids.iter().all(|bid| !browser.has(bid)), "{}", browser.text());
        assert!(!browser.open(&format!("/bids/{}/decision", bids[0])).has("List of record"));
        for bid in &bids {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        // Whether a rule allows it would tell what is decided on the bid that is hidden.
        assert_eq!(decide(&manager, &bids[0], "award", award(8_000_000, 1)).problem(), (409, "conflict_of_interest".into()));
        decide(&manager, &bids[1], "award", outcome("not_fund")).expect(201);
        let mut colleague = app.browser_of(app.colleague());
        colleague.open(&format!("/rounds/{ROUND}/list")).sees(&bids[3]).sees("list of record 1");
    }

    fn a_manager_tries_something_else_and_makes_the_list_on_its_page(app: &TestApp) {
        ruled(app, one_of_each_theme());
        let bids = ranked(app);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/ranking")).follow("The list of awards under the budget and the rules");
        browser.sees("There is no list of record yet").sees("Proven: no list within the rules is worth more.");
        browser.fill("Budget", "eighty").fill("Awards at most", "few").press("Show what would change");
        browser.sees("Enter the budget in pounds").sees("as a whole number");
        browser.fill("Budget", "80,000").fill("Awards at most", "").choose("The list has at most 1 award for each theme.");
        browser.press("Show what would change").sees("Nothing of it is kept").sees("is worth 1.70 less and asks for £80,000 less");
        browser.sees(&format!("Goes off the list: {}", bids[2])).follow("Back to the rules in force");
        assert_eq!(browser.value("Why does the list depart from the ranking?"), "The rules of the round: the list has at most 1 award for each theme.");
        browser.fill("Why does the list depart from the ranking?", "").fill("Bids to put on the list by hand", &bids[1]);
        browser.press("Make the list of record").sees("The list would not keep what is fixed");
        browser.fill("Bids to put on the list by hand", "").press("Make the list of record");
        browser.sees(&format!("Say why {}, {} are not where the ranking has them", bids[1], bids[2]));
        browser.fill("Why does the list depart from the ranking?", WHY).press("Make the list of record");
        browser.sees("List of record 1 is made. Decisions follow it.").follow("List 1");
        assert_eq!(browser.h1(), "List of record 1");
        browser.sees(WHY).sees(&format!("3 {} Bid 3", bids[2]));
    }
}
