//! The ranking of record: made once of what was scored, kept word for word, computed anew by anybody, and closed to conflicts.

use std::process::Command;

use diesel::prelude::*;
use roundtable::{
    actor::Actor,
    db::schema::bids,
    events::Chain,
    http::Call,
    identity::{
        model::MemberRole,
        policy::{self, Action, BidKind},
        store,
    },
    money::Pence,
};
use serde_json::{Value, json};

use super::{
    assess, find_eligible, full_application_to, give,
    moderation::{self, agreed, open, rule},
};
use crate::{
    account::happened,
    harness::{
        app::{Answer, ROUND, START, TestApp, Who, moment, new_round},
        databases::on_each_database,
    },
};

pub const PATH: &str = "/api/v1/rounds/test-round/rankings";

/// What the assessor and the second assessor gave four bids on both criteria, best first.
pub const SCORES: [[(i32, i32); 2]; 4] = [[(3, 3), (3, 2)], [(3, 1), (2, 2)], [(2, 1), (1, 3)], [(0, 1), (1, 0)]];

/// A bid that asks for £80,000, open for scores.
pub fn open_bid(app: &TestApp, title: &str, more: &[(&str, Value)]) -> String {
    app.clock.set(moment(START));
    let reference = full_application_to(app, ROUND, title, more);
    let id = reference.clone();
    app.block_on(|app| async move {
        let ask = app.db.write(move |conn| {
            let bid = bids::table.filter(bids::reference.eq(&id));
            diesel::update(bid).set(bids::ask_pence.eq(Some(Pence(8_000_000)))).execute(conn)?;
            Ok(())
        });
        ask.await.unwrap();
    });
    find_eligible(app, &reference);
    reference
}

/// Bids that both assessors have scored, by their references.
pub fn scored(app: &TestApp, scores: &[[(i32, i32); 2]]) -> Vec<String> {
    scored_saying(app, scores, &[])
}

/// The same, of which the first ones give these answers too.
pub fn scored_saying(app: &TestApp, scores: &[[(i32, i32); 2]], answers: &[(&str, &str)]) -> Vec<String> {
    let titles = (1..).map(|number| format!("Bid {number}"));
    let more = answers.iter().map(|(question, said)| vec![(*question, json!(said))]);
    let more = more.chain(std::iter::repeat(Vec::new()));
    let open = |((_, title), more): ((_, String), Vec<_>)| open_bid(app, &title, &more);
    let bids: Vec<String> = scores.iter().zip(titles).zip(more).map(open).collect();
    for (bid, given) in bids.iter().zip(scores) {
        for (who, scores) in [Who::Assessor, Who::SecondAssessor].into_iter().zip(given) {
            give(app, bid, who).expect(200);
            assess(app, who, bid, *scores);
        }
    }
    bids
}

fn make(app: &TestApp, who: Who) -> Answer {
    app.client(who).post(PATH, json!({}))
}

fn record(app: &TestApp, who: Who, number: i32) -> Value {
    app.client(who).get(&format!("{PATH}/{number}")).expect(200).json()
}

fn places(record: &Value) -> Vec<(&str, Option<u64>)> {
    let bids = record["bids"].as_array().unwrap().iter();
    bids.map(|bid| (bid["bid"].as_str().unwrap(), bid["place"].as_u64())).collect()
}

/// A moderator says that somebody has a conflict of interest with a bid.
pub fn pin(app: &TestApp, who: Who, bid: &str) {
    let conflict = json!({ "bid": bid, "person": app.person(who), "reason": "They share a house." });
    app.client(Who::Moderator).post("/api/v1/conflicts", conflict).expect(200);
}

/// Casterbridge leads a bid, and somebody comes to work there, of which the fund hears nothing.
fn comes_to_work_for_the_lead_of(app: &TestApp, who: Who, bid: &str) {
    let (council, person, bid) = (app.organisation("CAS"), app.person(who), bid.to_owned());
    let call = Call::by(Actor::System, app.clock.now());
    app.block_on(|app| async move {
        let join = call.write(&app, move |conn, scene| {
            let led = bids::table.filter(bids::reference.eq(&bid));
            diesel::update(led).set(bids::lead_id.eq(council)).execute(conn)?;
            let granted = policy::organisation(conn, &scene.actor, Action::ManageMembers, council)?;
            store::people::join(conn, &granted, (person, MemberRole::Member), scene.fresh(), scene.now)
        });
        assert!(join.await.unwrap());
    });
}

/// What the program makes of the scores that can be downloaded.
fn computed_anew(app: &TestApp, who: Who, record: &Value) -> Value {
    let scores = app.client(who).get(&format!("{PATH}/{}/scores.csv", record["number"])).expect(200).text();
    computed_from(&scores, record)
}

/// What the program makes of a file of scores with this line, seed and scale.
pub fn computed_from(scores: &str, record: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scores.csv");
    std::fs::write(&file, scores).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    program.arg("rank").arg(&file).args([
        "--line",
        &record["line_position"].to_string(),
        "--seed",
        &record["seed"].to_string(),
    ]);
    let output = program.args(["--scale", record["scale"].as_str().unwrap(), "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn same(one: &Value, other: &Value, what: &str) {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => assert!((one - other).abs() < 1e-12, "{what}: {one} {other}"),
        _ => assert_eq!(one, other, "{what}"),
    }
}

/// Holds every figure of a record against what the program says.
#[track_caller]
pub fn agree(record: &Value, anew: &Value) {
    for what in ["icc1", "icc3", "alpha", "components", "line_rank", "mean", "draws", "notes"] {
        same(&record[what], &anew[what], what);
    }
    for what in ["bid", "assessor", "error"] {
        same(&record["variances"][what], &anew["variances"][what], what);
    }
    let anew = anew["bids"].as_array().unwrap();
    assert_eq!(anew.len(), record["bids"].as_array().unwrap().len());
    for bid in record["bids"].as_array().unwrap() {
        let other = anew.iter().find(|other| other["bid"] == bid["bid"]).unwrap();
        for what in ["raw_mean", "calibrated", "se", "expected_rank", "r5", "r25", "r75", "r95", "sucra", "group"] {
            same(&bid[what], &other[what], what);
        }
        for what in ["raw_mean", "confidence", "leaning", "shrinkage"] {
            same(&bid["breakdown"][what], &other["breakdown"][what], what);
        }
    }
}

/// Lets the round fund no bid whose mean on the strategic fit stays below 2, from before anybody bids.
fn set_a_minimum(app: &TestApp) {
    let mut rules = serde_json::to_value(new_round().rulebook).unwrap();
    rules["criteria"][0]["least"] = json!(2);
    crate::awards::lists::put(app, rules);
}

on_each_database! {
    fn a_bid_below_a_minimum_is_passed_over_at_the_line_and_the_command_line_draws_it_alike(app: &TestApp) {
        set_a_minimum(app);
        // The last has the second best mean and cannot be funded: its fit stays below the minimum.
        let bids = scored(app, &[[(3, 3), (3, 2)], [(2, 1), (2, 2)], [(2, 1), (2, 1)], [(2, 3), (1, 3)]]);
        make(app, Who::Moderator).expect(201);
        let seen = record(app, Who::Observer, 1);
        let of = |bid: &str| seen["bids"].as_array().unwrap().iter().find(|ranked| ranked["bid"] == bid).unwrap().clone();
        assert_eq!((&of(&bids[3])["place"], &of(&bids[3])["below"]), (&Value::Null, &json!(["Strategic fit"])));
        let mut ranked: Vec<Value> = seen["bids"].as_array().unwrap().clone();
        ranked.sort_by(|one, other| one["expected_rank"].as_f64().unwrap().total_cmp(&other["expected_rank"].as_f64().unwrap()));
        let placed: Vec<usize> = (0..4).filter(|at| !ranked[*at]["place"].is_null()).collect();
        assert_eq!((&seen["line"], &seen["line_position"]), (&json!(2), &json!(placed[1] + 1)), "{ranked:?}");
        assert_eq!((&seen["line_rank"], &seen["line_position"]), (&ranked[placed[1]]["expected_rank"], &json!(3)), "the one below is before it");
        agree(&seen, &computed_anew(app, Who::Observer, &seen));
        let mut page = app.browser(Who::Manager);
        page.open(&format!("/rounds/{ROUND}/ranking")).sees("--line 3 --seed").sees("Bids without a place cannot be funded");
        page.open(&format!("/rounds/{ROUND}/ranking/{}", bids[3])).sees("and this one has none, so that it cannot be funded.");
    }

    fn whoever_assesses_for_the_round_besides_reads_no_ranking_while_they_read_blind(app: &TestApp) {
        let role = json!({ "email": Who::Moderator.email(), "name": "Moderator Person", "role": "assessor" });
        app.client(Who::Admin).post("/api/v1/funds/test-fund/roles", role).expect(201);
        let bids = scored(app, &SCORES);
        make(app, Who::Manager).expect(201);
        give(app, &bids[3], Who::Moderator).expect(200);
        let round = format!("/api/v1/rounds/{ROUND}");
        let rest = ["ranking", "ranking.csv", "scores.csv", "rankings/1", "rankings/1/scores.csv", "rankings/1/spread.svg", "list",
            "list/problem.json", "lists", "draw", "draws"].map(|what| format!("{round}/{what}"));
        let pages = ["ranking".to_owned(), format!("ranking/{}", bids[0]), "list".into(), "draw".into()].map(|what| format!("/rounds/{ROUND}/{what}"));
        let open = |who: Who| rest.iter().chain(&pages).filter(|path| app.client(who).get(path).status == 200).count();
        for path in &rest {
            let refused = app.client(Who::Moderator).get(path);
            assert_eq!(refused.problem(), (409, "blind".into()), "{path}");
            assert!(refused.text().contains(&bids[3]) && !refused.text().contains(&bids[0]), "{path}: {}", refused.text());
        }
        assert_eq!(open(Who::Moderator), 0);
        assert_eq!(open(Who::Manager), rest.len() + pages.len(), "others are not kept from anything");
        app.client(Who::Moderator).get(&format!("{round}/rankings")).expect(200);

        assess(app, Who::Moderator, &bids[3], (1, 1));
        assert_eq!(open(Who::Moderator), 0, "their own can be changed still");
        moderation::open(app, Who::Manager, "").expect(200);
        assert_eq!(open(Who::Moderator), rest.len() + pages.len());
        // Whoever is given one more after that reads that one blind, and with it nothing that is made of all.
        app.later(std::time::Duration::from_secs(60));
        give(app, &bids[0], Who::Moderator).expect(200);
        assert_eq!(open(Who::Moderator), 0);
        let queue = app.client(Who::Moderator).get(&format!("{round}/moderation")).expect(200).json();
        let seen: Vec<&Value> = queue["bids"].as_array().unwrap().iter().map(|bid| &bid["reference"]).collect();
        assert!(seen.len() == 3 && !seen.contains(&&json!(bids[0])), "{seen:?}");
        let give_back = |bid: &str| {
            let path = format!("/api/v1/bids/{bid}/assessors/{}", app.person(Who::Moderator));
            app.client(Who::Manager).delete(&path).expect(204);
        };
        give_back(&bids[0]);
        assert_eq!(open(Who::Moderator), rest.len() + pages.len(), "whoever gives it back reads on");
        // A bid of whoever employs them now is hidden from them: it is named to them no more, and locks them out of nothing.
        for bid in [&bids[0], &bids[2]] {
            give(app, bid, Who::Moderator).expect(200);
        }
        comes_to_work_for_the_lead_of(app, Who::Moderator, &bids[0]);
        let refused = app.client(Who::Moderator).get(&rest[0]);
        assert_eq!(refused.problem(), (409, "blind".into()));
        assert!(refused.text().contains(&bids[2]) && !refused.text().contains(&bids[0]), "{}", refused.text());
        give_back(&bids[2]);
        let ranking = app.client(Who::Moderator).get(&rest[0]).expect(200).text();
        assert!(ranking.contains(&bids[2]) && !ranking.contains(&bids[0]), "{ranking}");
    }

    fn the_scores_without_names_give_the_figures_of_the_record_on_the_command_line(app: &TestApp) {
        let bids = scored(app, &SCORES);
        make(app, Who::Moderator).expect(201);
        let record = record(app, Who::Observer, 1);
        let expected: Vec<_> = bids.iter().map(String::as_str).zip((1..).map(Some)).collect();
        assert_eq!(places(&record), expected);
        assert_eq!((&record["line"], &record["scale"], &record["whole"]), (&json!(2), &json!("0:3"), &json!(true)));
        assert!(record["bids"][0]["calibrated"].is_number() && record["bids"][0]["group"] == "fund", "{record}");
        let scores = app.client(Who::Observer).get(&format!("{PATH}/1/scores.csv")).expect(200).text();
        assert!(scores.starts_with("bid,assessor,score,confidence,section\r\n"), "{scores}");
        assert!(scores.contains(&format!("{},A1,", bids[0])) && scores.lines().count() == 9, "{scores}");
        assert!(!scores.contains("Person") && !scores.contains('\''), "{scores}");
        agree(&record, &computed_anew(app, Who::Observer, &record));
    }

    fn a_record_stands_until_something_changes_and_stays_as_it_was_after_that(app: &TestApp) {
        let bids = scored(app, &SCORES[1..]);
        assert_eq!(app.client(Who::Manager).get(&format!("{PATH}/1")).status, 404);
        let made = make(app, Who::Manager).expect(201);
        assert_eq!(made.header("location"), Some(&*format!("{PATH}/1")));
        assert_eq!(make(app, Who::Moderator).expect(200).json(), json!({ "number": 1, "new": false }));
        let first = record(app, Who::Manager, 1);
        assert_eq!((&first["current"], &first["made_by"]), (&json!(true), &json!("Manager Person")));
        let better = scored(app, &SCORES[..1]);
        let outdated = record(app, Who::Manager, 1);
        assert_eq!((&outdated["current"], &outdated["bids"]), (&json!(false), &first["bids"]));
        assert_eq!(make(app, Who::Manager).expect(201).json()["number"], 2);
        let second = record(app, Who::Manager, 2);
        assert_eq!(places(&second)[..2], [(better[0].as_str(), Some(1)), (bids[0].as_str(), Some(2))]);
        assert_ne!((&first["seed"], &first["scores_sha256"]), (&second["seed"], &second["scores_sha256"]));
        let all = app.client(Who::Manager).get(PATH).expect(200).json();
        let numbers: Vec<&Value> = all.as_array().unwrap().iter().map(|one| &one["number"]).collect();
        assert_eq!(numbers, [2, 1]);
        let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        let told = happened(app, Chain::Round(round["id"].as_str().unwrap().parse().unwrap()));
        let told: Vec<&Value> = told.iter().filter(|(kind, _)| kind == "ranking.made").map(|(_, detail)| detail).collect();
        assert_eq!((told.len(), &told[0]["rules"]), (2, &first["rules_hash"]));
        assert!(told.iter().all(|detail| detail["scores"] != first["scores_sha256"]), "salted: {told:?}");
    }

    fn a_record_follows_what_was_agreed_and_its_files_still_give_every_figure(app: &TestApp) {
        rule(app, &json!({ "crossing": true }));
        // The second and the third are near to each other, where the money ends.
        let bids = scored(app, &[SCORES[0], [(2, 1), (2, 2)], [(2, 2), (1, 2)], SCORES[3]]);
        let desk = format!("/rounds/{ROUND}/moderation");
        let known = |app: &TestApp| app.client(Who::Manager).get(&format!("/api/v1{desk}")).expect(200).json()["at_line"].clone();
        assert_eq!(known(app), Value::Null, "moderation is not open");
        // Before a ranking is of record nobody knows what is near the line, and nothing reads as if no bid were.
        let queue = open(app, Who::Moderator, "").expect(200).json();
        assert_eq!((&queue["at_line"]["ranking"], &queue["of"]), (&Value::Null, &json!(0)));
        let projected = app.client(Who::Manager).get(&format!("/api/v1/bids/{}/moderation", bids[0])).expect(200).json();
        assert_eq!(projected["at_line"], queue["at_line"]);
        for page in [desk.clone(), format!("{desk}/{}", bids[1])] {
            let mut observer = app.browser(Who::Observer);
            observer.open(&page).sees("No ranking of record is made yet, so that it is not known which bids are near the funding line.");
            assert!(!observer.has("Nothing asks for") && !observer.has("Make the ranking of record"), "{}", observer.text());
            app.browser(Who::Moderator).open(&page).follow("Make the ranking of record").sees("Bids by the mean of their weighted scores");
        }
        make(app, Who::Moderator).expect(201);
        let first = record(app, Who::Manager, 1);
        assert_eq!((&known(app)["ranking"], &known(app)["current"], &known(app)["words"]), (&json!(1), &json!(true), &Value::Null));
        assert!(!app.browser(Who::Manager).open(&desk).has("ranking of record is made yet"));
        let queue = app.client(Who::Moderator).get(&format!("/api/v1{desk}")).expect(200).json();
        let of = |bid: &Value| first["bids"].as_array().unwrap().iter().find(|ranked| ranked["bid"] == bid["reference"]).unwrap()["group"] == "draw";
        let queue = queue["bids"].as_array().unwrap();
        assert!(queue.iter().any(of) && !queue.iter().all(of), "some are sure and some are not");
        for bid in queue {
            let kinds: Vec<&Value> = bid["grounds"].as_array().unwrap().iter().map(|ground| &ground["kind"]).collect();
            assert_eq!(kinds == ["crossing"], of(bid), "{bid}");
        }
        let manager = app.client(Who::Manager);
        let step = agreed(app, (3, 3), &[Who::Assessor, Who::SecondAssessor, Who::Manager]);
        moderation::record(&manager, &bids[3], 0, &step).expect(200);
        assert_eq!(record(app, Who::Manager, 1)["current"], false);
        let outdated = "follows from ranking of record 1, made at 9:01am on 16 November 2026. Bids, scores or rules have changed since";
        assert!(known(app)["words"].as_str().unwrap().contains(outdated) && known(app)["current"] == false, "{}", known(app));
        app.browser(Who::Manager).open(&format!("{desk}/{}", bids[1])).sees(outdated).follow("Make a new ranking of record");
        make(app, Who::Moderator).expect(201);
        assert_eq!((&known(app)["ranking"], &known(app)["words"]), (&json!(2), &Value::Null));
        let second = record(app, Who::Manager, 2);
        assert_eq!(places(&second)[..2], [(bids[3].as_str(), Some(1)), (bids[0].as_str(), Some(2))]);
        let best = &second["bids"][0];
        assert_eq!((&best["mean"], &best["moderated"], &best["raw_mean"]), (&json!("0.50"), &json!("3.00"), &json!(0.5)));
        assert_eq!((&best["funded"], &best["group"]), (&json!(true), &json!("decline")), "how sure it is follows from what was given");
        agree(&second, &computed_anew(app, Who::Manager, &second));
        let scores = app.client(Who::Manager).get(&format!("{PATH}/2/scores.csv")).expect(200).text();
        assert!(scores.starts_with("bid,assessor,score,confidence,section,moderated\r\n"), "{scores}");
        let mut why = app.browser(Who::Manager);
        why.open(&format!("/rounds/{ROUND}/ranking")).sees("The order follows the moderated mean.").follow(&format!("Why it stands here: {}", bids[3]));
        why.sees("With what was agreed in moderation its mean is 3.00, and its place follows from that.");
        why.sees("By the scores that assessors gave by themselves it would have place 4.");
        why.follow(&format!("What was done about {} in moderation", bids[3])).sees("We read it again.");
        moderation::record(&manager, &bids[3], 1, &step).expect(200);
        assert_eq!(record(app, Who::Manager, 2)["current"], false, "what was agreed once more is something new");
    }

    fn whoever_has_a_conflict_makes_no_record_and_reads_one_without_a_trace_of_the_bid(app: &TestApp) {
        let bids = scored(app, &SCORES);
        make(app, Who::Moderator).expect(201);
        let whole = record(app, Who::Manager, 1);
        let live = format!("/api/v1/rounds/{ROUND}/ranking");
        pin(app, Who::Manager, &bids[1]);
        assert_eq!(make(app, Who::Manager).problem(), (403, "conflict_of_interest".into()));
        let seen = record(app, Who::Manager, 1);
        assert_eq!((&seen["whole"], &seen["current"]), (&json!(false), &json!(true)));
        let others: Vec<&str> = [&bids[0], &bids[2], &bids[3]].map(String::as_str).to_vec();
        let expected: Vec<_> = others.iter().copied().zip((1..).map(Some)).collect();
        assert_eq!(places(&seen), expected, "no place stays empty");
        let now = app.client(Who::Manager).get(&live).expect(200).json();
        let now: Vec<_> = now.as_array().unwrap().iter().map(|bid| (bid["reference"].as_str().unwrap(), bid["place"].as_u64())).collect();
        assert_eq!(now, expected, "both views number alike");
        assert_ne!(whole["scores_sha256"], seen["scores_sha256"]);
        agree(&seen, &computed_anew(app, Who::Manager, &seen));
        let rest = ["", "/scores.csv", "/intervals.svg", "/leanings.svg", "/spread.svg"].map(|what| format!("{PATH}/1{what}"));
        let pages = ["", &format!("/{}", bids[0]), &format!("/{}", bids[2])].map(|what| format!("/rounds/{ROUND}/ranking{what}"));
        for path in rest.iter().chain(&pages) {
            let (hidden, open) = (app.client(Who::Manager).get(path).expect(200).text(), app.client(Who::Observer).get(path));
            assert!(!hidden.contains(&bids[1]) && !hidden.contains("Bid 2"), "{path}: {hidden}");
            assert!(open.expect(200).text() != hidden || path.ends_with("leanings.svg"), "{path}");
        }
        let hidden = format!("/rounds/{ROUND}/ranking/{}", bids[1]);
        assert_eq!(app.client(Who::Manager).get(&hidden).status, 404);
        app.client(Who::Observer).get(&hidden).expect(200);
    }

    fn decisions_go_by_the_record_and_show_each_reader_the_places_of_what_they_may_see(app: &TestApp) {
        let bids = scored(app, &SCORES[1..]);
        make(app, Who::Moderator).expect(201);
        scored(app, &SCORES[..1]);
        let page = format!("/bids/{}/decision", bids[1]);
        app.browser(Who::Manager).open(&page).sees("has place 2 in the ranking");
        pin(app, Who::Manager, &bids[0]);
        app.browser(Who::Manager).open(&page).sees("has place 1 in the ranking");
        app.browser_of(app.colleague()).open(&page).sees("has place 2 in the ranking");
        let queue = format!("/rounds/{ROUND}/decisions?release=announcement");
        app.browser(Who::Manager).open(&queue).sees("nothing is suggested to you");
        assert!(!app.browser_of(app.colleague()).open(&queue).has("nothing is suggested to you"));
    }

    fn a_bid_withdrawn_after_the_record_was_made_keeps_its_place_there_and_frees_its_money(app: &TestApp) {
        let bids = scored(app, &SCORES);
        make(app, Who::Moderator).expect(201);
        for bid in &bids {
            crate::awards::bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        app.at(crate::awards::DECIDING);
        let queue = format!("/rounds/{ROUND}/decisions");
        app.browser(Who::Manager).open(&queue).sees("2 £80,000 Fund").sees("3 £80,000 Reserve").sees("4 £80,000 Not fund");
        app.client(Who::Officer).post(&format!("/api/v1/bids/{}/actions/withdraw", bids[0]), json!({})).expect(200);
        app.browser(Who::Manager).open(&queue).sees("2 £80,000 Fund").sees("3 £80,000 Fund").sees("4 £80,000 Reserve");
        let record = record(app, Who::Manager, 1);
        assert_eq!((places(&record)[0], &record["current"]), ((bids[0].as_str(), Some(1)), &json!(false)));
    }

    fn nothing_is_ranked_before_something_is_scored_and_what_scores_do_not_tell_is_said(app: &TestApp) {
        let bid = open_bid(app, "Shared repairs", &[]);
        assert_eq!(make(app, Who::Manager).problem(), (409, "nothing_scored".into()));
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/ranking")).press("Make the ranking of record");
        assert!(manager.has("No assessment of this round is submitted yet"));
        give(app, &bid, Who::Assessor).expect(200);
        assess(app, Who::Assessor, &bid, (3, 2));
        manager.press("Make the ranking of record").sees("Ranking of record 1").sees("There is one assessor");
        manager.sees("No calibrated scores: every score is the same.");
        agree(&record(app, Who::Manager, 1), &computed_anew(app, Who::Manager, &record(app, Who::Manager, 1)));
    }

    fn each_bid_answers_why_it_stands_where_it_stands(app: &TestApp) {
        let bids = scored(app, &SCORES);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/ranking")).press("Make the ranking of record");
        manager.sees("The bids are ranked for the record.").sees("The money reaches 2 bids in this order.");
        manager.sees("--line 2 --seed").follow(&format!("Why it stands here: {}", bids[1]));
        assert_eq!(manager.h1(), "Why is this second?");
        manager.sees("Its weighted mean over 2 assessments is 2.10.");
        manager.sees("It has place 2 of 4: one bid has a higher weighted mean.");
        manager.sees(&format!("The next bid above it is {} with 2.80", bids[0]));
        manager.sees("this is one of them.").sees("It is advice: the order does not follow it.");
        manager.follow(&format!("The bid below it: {}", bids[2])).sees("Why is this third?");
        manager.follow(&format!("Read every score of {} with its reason", bids[2])).sees("It is shown.");
        assert_eq!(manager.open(&format!("/rounds/{ROUND}/ranking/TEST-9999")).status(), 404);
    }
}
