//! Plans of who reads what: the best one with its proof, what pins cost, planning anew, applying, and the wall.

use std::process::Command;

use roundtable::{
    events::Chain,
    ids::{Id, RoundKey},
};
use serde_json::{Value, json};

use super::{
    find_eligible, full_application_to, give,
    pool::{PEOPLED, UNTIL, round_with_terms, say},
    save, score,
};
use crate::{
    account::happened,
    harness::{
        app::{Answer, START, TestApp, Who, moment},
        databases::on_each_database,
    },
};

pub(super) const PLANS: &str = "/api/v1/rounds/terms-round/plans";
const PINS: &str = "/api/v1/rounds/terms-round/pins";

/// Somebody says how many bids they read and what they know of, of the round whose bids say what they are about.
fn reads(app: &TestApp, who: Who, (least, most): (u32, u32), knows: &[&str]) {
    let knows: Vec<String> = knows.iter().map(|area| format!("training:{area}")).collect();
    let client = app.client(who);
    let terms = client.get(&format!("/api/v1/rounds/{PEOPLED}/pool/mine")).expect(200).json();
    let said = json!({
        "least": least, "most": most, "from": "2026-11-16", "until": "2026-12-04", "away": ["2026-11-20"],
        "expertise": knows, "terms": terms["terms"]["sha256"],
    });
    say(&client, PEOPLED, said).expect(200);
}

/// Three bids: about agile, about design and about both; and three assessors who were invited and have not answered.
fn invited(app: &TestApp) -> [String; 3] {
    round_with_terms(app);
    let people: Vec<Value> = READERS.iter().map(|who| json!({ "email": who.email() })).collect();
    let invitation = json!({ "people": people, "answer_by": UNTIL });
    app.client(Who::Manager).post(&format!("/api/v1/rounds/{PEOPLED}/pool/invitations"), invitation).expect(200);
    let bid = |title: &str, about: &[&str]| {
        app.clock.set(moment(START));
        let bid = full_application_to(app, PEOPLED, title, &[("training", json!(about))]);
        find_eligible(app, &bid);
        bid
    };
    let bids = [bid("Shared teams", &["agile"]), bid("Shared forms", &["design"]), bid("Both", &["agile", "design"])];
    app.clock.set(moment(START));
    bids
}

pub(super) const READERS: [Who; 3] = [Who::Assessor, Who::SecondAssessor, Who::Nobody];

/// The same, once the first knows of agile, the second of design and the third of both, and assessing has begun.
pub fn ready(app: &TestApp) -> [String; 3] {
    let bids = invited(app);
    for (who, knows) in READERS.into_iter().zip([&["agile"][..], &["design"], &["agile", "design"]]) {
        reads(app, who, (1, 3), knows);
    }
    app.clock.set(moment("2026-11-16T09:00:00Z"));
    bids
}

pub(super) fn make(app: &TestApp, what: Value) -> Answer {
    app.client(Who::Manager).post(PLANS, what)
}

pub(super) fn plan(app: &TestApp, who: Who, number: i32) -> Value {
    app.client(who).get(&format!("{PLANS}/{number}")).expect(200).json()
}

pub(super) fn apply(app: &TestApp, number: i32) -> Answer {
    app.client(Who::Manager).post(&format!("{PLANS}/{number}/apply"), json!({}))
}

/// Whom a plan gives, leaves or takes a bid, by name.
pub(super) fn who<'a>(plan: &'a Value, bid: &str, step: &str) -> Vec<&'a str> {
    let bids = plan["bids"].as_array().unwrap();
    let readers = bids.iter().find(|other| other["bid"] == bid).unwrap()["readers"].as_array().unwrap();
    readers.iter().filter(|one| one["step"] == step).map(|one| one["name"].as_str().unwrap()).collect()
}

fn counts(plan: &Value) -> [u64; 3] {
    ["added", "kept", "removed"].map(|what| plan[what].as_u64().unwrap())
}

fn pin(app: &TestApp, who: Who, (bid, person, kind): (&str, Who, &str)) -> Answer {
    let body = json!({ "bid": bid, "person": app.person(person), "kind": kind, "reason": "The panel agreed." });
    app.client(who).post(PINS, body)
}

pub(super) fn conflict(app: &TestApp, bid: &str, person: Who) {
    let body = json!({ "bid": bid, "person": app.person(person), "reason": "They share a house." });
    app.client(Who::Moderator).post("/api/v1/conflicts", body).expect(200);
}

fn told(app: &TestApp) -> Vec<(String, Value)> {
    let round = app.public().get(&format!("/api/v1/rounds/{PEOPLED}")).expect(200).json();
    let round: Id<RoundKey> = round["id"].as_str().unwrap().parse().unwrap();
    happened(app, Chain::Round(round)).into_iter().filter(|(kind, _)| kind.starts_with("assignment_")).collect()
}

/// The program's answer to the files of a plan.
pub(super) fn computed_anew(app: &TestApp, number: i32) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let text = app.client(Who::Moderator).get(&format!("{PLANS}/{number}/{name}")).expect(200).text();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut program = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    program.arg("assign").arg(file("matrix.csv")).args(["--per-bid", "2", "--json"]);
    let output = program.arg("--limits").arg(file("limits.csv")).arg("--wish").arg(file("wish.json")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Who can be given a bid and from whom it can be taken: name, worth, how much less than the best, and whether they can take it.
fn candidates(app: &TestApp, who: Who, bid: &str) -> Vec<(String, u64, Option<u64>, bool)> {
    let found = app.client(who).get(&format!("/api/v1/bids/{bid}/assessors/candidates")).expect(200).json();
    let line = |one: &Value| {
        let name = one["name"].as_str().unwrap().trim_end_matches(" Person").to_owned();
        (name, one["worth"].as_u64().unwrap(), one["less"].as_u64(), one["can_take"].as_bool().unwrap())
    };
    found.as_array().unwrap().iter().map(line).collect()
}

on_each_database! {
    fn whoever_gives_and_takes_bids_by_hand_reads_what_each_reading_is_worth(app: &TestApp) {
        let bids = invited(app);
        for (who, most, knows) in [(READERS[0], 3, &["agile"][..]), (READERS[1], 3, &["design"]), (READERS[2], 1, &["agile", "design"])] {
            reads(app, who, (1, most), knows);
        }
        app.clock.set(moment("2026-11-16T09:00:00Z"));
        let of = |name: &str, worth, less, can| (name.to_owned(), worth, less, can);
        // Fit for 787 who knows all that the bid is about, and for 87 by the days alone; nobody has said what they would like to read.
        let expected = [of("Assessor", 715, Some(0), true), of("Nobody", 715, Some(0), true), of("SecondAssessor", 190, Some(525), true)];
        assert_eq!(candidates(app, Who::Manager, &bids[0]), expected);
        let page = |bid: &str| format!("/bids/{bid}/assessors");
        let mut manager = app.browser(Who::Manager);
        manager.open(&page(&bids[0])).sees("Has 0 bids and can read 3 at most. Worth 715 points, as much as the best who can still take it");
        manager.sees("Worth 190 points, 525 points less than the best who can still take it").sees("goes from 0 to 1,000 points");

        // Whoever has no room and whoever has a conflict is not the best who can still take it.
        give(app, &bids[2], READERS[2]).expect(200);
        conflict(app, &bids[0], READERS[0]);
        let expected = [of("Assessor", 715, Some(0), false), of("Nobody", 715, Some(0), false), of("SecondAssessor", 190, Some(0), true)];
        assert_eq!(candidates(app, Who::Moderator, &bids[0]), expected);
        give(app, &bids[0], READERS[1]).expect(200);
        let left = candidates(app, Who::Manager, &bids[0]);
        assert!(left.iter().all(|(.., less, can)| less.is_none() && !can), "nobody can take it any more: {left:?}");
        manager.open(&page(&bids[0])).sees("Has 1 bid and can read 3 at most. That they read it is worth 190 points, which is lost if it is taken away");
        manager.sees("Has 1 bid and can read 1 at most. Worth 715 points");

        // Whoever cannot be given it is named with the reason and not to be chosen; whoever only has no room can be.
        manager.sees("Cannot be given this bid: has a conflict of interest with it. Has 0 bids and can read 3 at most. Worth 715 points");
        let found = app.client(Who::Manager).get(&format!("/api/v1/bids/{}/assessors/candidates", bids[0])).expect(200).json();
        assert_eq!((&found[0]["against"], found[1].get("against")), (&json!("has a conflict of interest with it"), None), "{found}");
        manager.choose("Nobody Person").press("Save").sees("are saved.");
        let readers = app.client(Who::Manager).get(&format!("/api/v1/bids/{}/assessors", bids[0])).expect(200).json();
        let names: Vec<&str> = readers.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Nobody Person", "SecondAssessor Person"], "only who cannot be given it has no box");
        manager.open(&page(&bids[0])).untick("Nobody Person").press("Save").sees("are saved.");

        // A bid that is hidden from the reader fills nobody's room.
        conflict(app, &bids[2], Who::Manager);
        assert_eq!(candidates(app, Who::Moderator, &bids[1])[0], of("Nobody", 715, Some(0), false));
        assert_eq!(candidates(app, Who::Manager, &bids[1])[0], of("Nobody", 715, Some(0), true));
        assert_eq!(app.client(Who::Manager).get(&format!("/api/v1{}/candidates", page(&bids[2]))).status, 404);
        assert_eq!(app.client(Who::Observer).get(&format!("/api/v1{}/candidates", page(&bids[1]))).status, 403);
    }

    fn the_best_plan_is_proven_replayed_applied_once_and_told_to_each_assessor_once(app: &TestApp) {
        let bids = ready(app);
        assert_eq!(make(app, json!({})).expect(201).json(), json!({ "number": 1, "new": true }));
        assert_eq!(make(app, json!({ "change_price": 100 })).expect(200).json(), json!({ "number": 1, "new": false }));
        let found = plan(app, Who::Moderator, 1);
        // Who knows all that a bid is about is fit for 787, who knows half of it for 437: 14 of 16 working days are 87 per cent. Where
        // nobody has said what they would like to read, these readings are worth 715 and 452.
        assert_eq!((&found["figures"]["value"], &found["figures"]["bound"]), (&json!(4_027), &json!(4_027)), "{found}");
        assert_eq!((&found["figures"]["optimal"], &found["whole"], &found["current"]), (&json!(true), &json!(true), &json!(true)));
        assert_eq!(who(&found, &bids[0], "added"), ["Assessor Person", "Nobody Person"]);
        assert_eq!(who(&found, &bids[1], "added"), ["Nobody Person", "SecondAssessor Person"]);
        assert_eq!((counts(&found), &found["figures"]["parts"]), ([6, 0, 0], &json!(1)));
        let anew = computed_anew(app, 1);
        assert_eq!((&anew["value"], &anew["certificate"]["optimal"]), (&json!(4_027), &json!(true)));
        let csv = app.client(Who::Manager).get(&format!("{PLANS}/1/readers.csv")).expect(200).text();
        assert!(csv.starts_with("bid,title,assessor,name,worth,step\r\n") && csv.lines().count() == 7, "{csv}");
        assert!(app.letters().iter().all(|letter| letter.template != "bids-given"), "nothing is given yet");

        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{PEOPLED}/assessors")).follow("Plan who reads what").follow("Plan 1");
        manager.sees("No other assignment is worth more: proven.").sees("it gives 6 readings");
        manager.press("Apply this plan").sees("Plan 1 is applied: 6 readings given, 0 readings taken away.");
        assert_eq!(apply(app, 1).expect(200).json(), json!({ "number": 1, "given": 6, "taken": 0 }), "again");
        let panel = app.client(Who::Manager).get(&format!("/api/v1/rounds/{PEOPLED}/assessors")).expect(200).json();
        assert!(panel["bids"].as_array().unwrap().iter().all(|bid| bid["readers"].as_array().unwrap().len() == 2));
        let letters: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "bids-given").collect();
        assert_eq!(letters.len(), 3, "one to each");
        let third = letters.iter().find(|letter| letter.recipient == Who::Nobody.email()).unwrap();
        assert_eq!(third.subject, "Test Fund asks you to assess 3 bids for Round with terms");
        assert!(bids.iter().all(|bid| third.text.contains(bid)), "{}", third.text);
        let kinds: Vec<String> = told(app).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["assignment_plan.made", "assignment_plan.applied"]);
        assert!(!json!(told(app)).to_string().contains("Person"), "ids and hashes only");
    }

    fn where_no_plan_exists_the_bids_and_limits_that_make_it_so_are_named_and_nothing_is_kept(app: &TestApp) {
        invited(app);
        assert_eq!(make(app, json!({})).problem(), (409, "not_closed_yet".into()));
        reads(app, Who::Assessor, (1, 2), &["agile"]);
        reads(app, Who::SecondAssessor, (1, 2), &["design"]);
        app.clock.set(moment("2026-11-16T09:00:00Z"));
        let refused = make(app, json!({}));
        assert_eq!(refused.problem(), (409, "no_assignment".into()));
        let words = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(words.contains("need 6 readings") && words.contains("can give 4 readings"), "{words}");
        assert!(words.contains("Assessor Person (at most 2)"), "{words}");
        let mut page = app.browser(Who::Manager);
        page.open(&format!("/rounds/{PEOPLED}/plans")).fill("What does it cost to take a bid from somebody who has it?", "50");
        page.press("Make a plan").sees("Why there is no plan").sees("who reads 1 to 2 bids");
        page.follow("SecondAssessor Person").sees("Can read");
        page.open(&format!("/rounds/{PEOPLED}/plans")).fill("What does it cost to take a bid from somebody who has it?", "much");
        page.press("Make a plan").sees("Write a whole number, such as 100.");
        let far = make(app, json!({ "change_price": 10_001 }));
        assert_eq!(far.json()["errors"][0]["pointer"], "/change_price", "{}", far.text());
        app.clock.set(moment(START));
        reads(app, Who::Nobody, (4, 4), &["agile"]);
        app.clock.set(moment("2026-11-16T09:00:00Z"));
        let words = make(app, json!({})).json()["detail"].as_str().unwrap().to_owned();
        assert!(words.contains("Nobody Person (at least 4)"), "{words}");
        assert_eq!(app.client(Who::Manager).get(PLANS).expect(200).json(), json!([]));
        make(app, json!({ "keep_least": false })).expect(201);
        assert_eq!(plan(app, Who::Manager, 1)["keep_least"], false);
    }

    fn a_pin_says_what_it_costs_before_it_is_made_and_counts_until_it_is_taken_back(app: &TestApp) {
        let bids = ready(app);
        let mut moderator = app.browser(Who::Moderator);
        moderator.open(&format!("/rounds/{PEOPLED}/plans")).follow("Pin an assessor to a bid, or ban them from it");
        moderator.select("Bid", &format!("{} Shared teams", bids[0])).select("Assessor", "SecondAssessor Person");
        moderator.press("See what it costs").sees("It costs 525 points").sees("4,027 points without this pin and 3,502 points with it");
        moderator.press("Pin them").sees("Say why this assessor has to read this bid.");
        moderator.fill("Why?", "She knows the service.").press("Pin them");
        moderator.sees("SecondAssessor Person is pinned to").sees("She knows the service.");
        let stands = app.client(Who::Manager).get(PINS).expect(200).json();
        assert_eq!((&stands[0]["cost"], &stands[0]["kind"]), (&json!(525), &json!("pin")));
        assert_eq!(pin(app, Who::Manager, (&bids[0], Who::SecondAssessor, "pin")).problem(), (409, "stands_already".into()));
        assert_eq!(pin(app, Who::Manager, (&bids[0], Who::SecondAssessor, "ban")).problem(), (409, "contradicts".into()));
        make(app, json!({})).expect(201);
        let found = plan(app, Who::Manager, 1);
        assert_eq!(found["figures"]["value"], 3_502);
        assert!(who(&found, &bids[0], "added").contains(&"SecondAssessor Person"));
        assert_eq!(computed_anew(app, 1)["value"], 3_502);

        moderator.press(&format!("Take back: SecondAssessor Person and {}", bids[0])).sees("Plans no longer go by it.");
        let price = format!("/api/v1/rounds/{PEOPLED}/pin-price?bid={}&person={}&kind=ban", bids[2], app.person(Who::Nobody));
        assert_eq!(app.client(Who::Manager).get(&price).expect(200).json()["cost"], 263);
        let ban = json!({ "bid": bids[2], "person": app.person(Who::Nobody), "kind": "ban", "reason": "He wrote it." });
        let keyed = || app.client(Who::Manager).send("POST", PINS, &[("Idempotency-Key", "ban")], Some(&ban)).expect(201).json();
        let (ban, again) = (keyed(), keyed());
        assert_eq!(ban, again, "a lost answer is asked for again");
        let by_hand = json!({ "person": app.person(Who::Nobody) });
        let by_hand = app.client(Who::Manager).post(&format!("/api/v1/bids/{}/assessors", bids[2]), by_hand);
        assert_eq!(by_hand.problem(), (409, "banned".into()));
        make(app, json!({})).expect(201);
        assert_eq!(who(&plan(app, Who::Manager, 2), &bids[2], "added"), ["Assessor Person", "SecondAssessor Person"]);
        let impossible = pin(app, Who::Manager, (&bids[2], Who::Assessor, "ban"));
        assert_eq!(impossible.problem(), (409, "no_assignment".into()), "one reader is left");
        let faults = app.client(Who::Manager).post(PINS, json!({ "bid": "X", "person": app.person(Who::Officer), "kind": "pin", "reason": "" }));
        let fields: Vec<Value> = faults.json()["errors"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
        assert_eq!(fields, ["/bid", "/person", "/reason"]);
        let one = format!("{PINS}/{}", ban["id"].as_str().unwrap());
        app.client(Who::Manager).send("DELETE", &one, &[], None).expect(204);
        assert_eq!(app.client(Who::Manager).send("DELETE", &one, &[], None).status, 404);
        let kinds: Vec<String> = told(app).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds.iter().filter(|kind| *kind == "assignment_pin.taken_back").count(), 2);
        conflict(app, &bids[1], Who::Nobody);
        assert_eq!(pin(app, Who::Manager, (&bids[1], Who::Nobody, "pin")).problem(), (409, "cannot_be_pinned".into()));
    }

    fn a_new_plan_moves_only_what_has_to_be_moved_and_never_what_has_begun(app: &TestApp) {
        let bids = ready(app);
        make(app, json!({})).expect(201);
        apply(app, 1).expect(200);
        // Nobody begins the second bid, cannot read the first any more and is not to read the third.
        save(app, Who::Nobody, &bids[1], 1, &[score("fit", 2)]).expect(200);
        assert_eq!(pin(app, Who::Manager, (&bids[1], Who::Nobody, "ban")).problem(), (409, "reading_begun".into()));
        conflict(app, &bids[0], Who::Nobody);
        pin(app, Who::Manager, (&bids[2], Who::Nobody, "ban")).expect(201);
        make(app, json!({})).expect(201);
        let second = plan(app, Who::Manager, 2);
        assert_eq!(counts(&second), [2, 4, 1], "{second}");
        assert_eq!((who(&second, &bids[0], "added"), who(&second, &bids[2], "removed")), (vec!["SecondAssessor Person"], vec!["Nobody Person"]));
        let begun = second["bids"][1]["readers"].as_array().unwrap().iter().filter(|one| one["begun"] == true).count();
        assert_eq!((begun, second["figures"]["moved"].as_u64()), (1, Some(0)), "nothing was moved for a price");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{PEOPLED}/plans/2")).sees("Nobody Person: is banned from it");

        // What a plan keeps may begin meanwhile; anything else ends it.
        save(app, Who::Assessor, &bids[0], 1, &[score("fit", 2)]).expect(200);
        assert_eq!(plan(app, Who::Manager, 2)["current"], true);
        reads(app, Who::Assessor, (1, 2), &["agile"]);
        let refused = apply(app, 2);
        assert_eq!(refused.problem(), (409, "inputs_changed".into()));
        assert!(refused.text().contains("Assessor Person has changed what they can read, know of or when."), "{}", refused.text());
        manager.press("Apply this plan").sees("Nothing was given. Make a new plan.");
        make(app, json!({ "change_price": 1_000 })).expect(201);
        assert_eq!(apply(app, 2).problem(), (409, "not_newest".into()));
        assert_eq!(apply(app, 3).expect(200).json(), json!({ "number": 3, "given": 2, "taken": 1 }));
        let letters = app.letters().into_iter().filter(|letter| letter.template == "bids-given");
        let letters: Vec<_> = letters.filter(|letter| letter.recipient == Who::Nobody.email()).collect();
        assert_eq!(letters.len(), 2, "one for each plan that was applied");
        assert!(letters[1].text.contains("Others read what you had not begun: 1 bid."), "the conflict is not told: {}", letters[1].text);
        // A bid that as many have begun as the round asks for is left as it is: what is left to plan is the others.
        save(app, Who::SecondAssessor, &bids[0], 1, &[score("fit", 1)]).expect(200);
        make(app, json!({})).expect(201);
        let matrix = app.client(Who::Manager).get(&format!("{PLANS}/4/matrix.csv")).expect(200).text();
        assert_eq!(matrix.lines().count(), 2, "{matrix}");
        assert_eq!(computed_anew(app, 4)["objective"], plan(app, Who::Manager, 4)["figures"]["objective"]);
    }

    fn whoever_has_a_conflict_plans_nothing_and_reads_a_plan_without_the_bid(app: &TestApp) {
        let bids = ready(app);
        let boss = app.client_of(app.colleague());
        make(app, json!({})).expect(201);
        pin(app, Who::Manager, (&bids[0], Who::Assessor, "pin")).expect(201);
        conflict(app, &bids[0], Who::Manager);
        let manager = app.client(Who::Manager);
        for (method, path, body) in [
            ("POST", PLANS.to_owned(), json!({})),
            ("POST", format!("{PLANS}/1/apply"), json!({})),
            ("POST", PINS.to_owned(), json!({ "bid": bids[1], "person": app.person(Who::Nobody), "kind": "pin", "reason": "So." })),
            ("GET", format!("{PLANS}/1/matrix.csv"), Value::Null),
            ("GET", format!("{PLANS}/1/limits.csv"), Value::Null),
            ("GET", format!("{PLANS}/1/wish.json"), Value::Null),
            ("GET", format!("/api/v1/rounds/{PEOPLED}/pin-price?bid={}&person={}", bids[1], app.person(Who::Nobody)), Value::Null),
        ] {
            let body = Some(&body).filter(|body| !body.is_null());
            assert_eq!(manager.send(method, &path, &[], body).problem(), (403, "conflict_of_interest".into()), "{path}");
        }
        let seen = plan(app, Who::Manager, 1);
        assert_eq!((&seen["whole"], &seen["figures"], counts(&seen)), (&json!(false), &Value::Null, [4, 0, 0]));
        let look = || {
            let paths = [PLANS.to_owned(), format!("{PLANS}/1"), format!("{PLANS}/1/readers.csv"), PINS.to_owned()];
            paths.map(|path| manager.get(&path).expect(200).text())
        };
        let before = look();
        assert!(before.iter().all(|text| !text.contains(&bids[0])), "{before:?}");
        boss.post(&format!("/api/v1/bids/{}/assessors", bids[0]), json!({ "person": app.person(Who::Nobody) })).expect(200);
        let ban = json!({ "bid": bids[0], "person": app.person(Who::SecondAssessor), "kind": "ban", "reason": "So." });
        boss.post(PINS, ban).expect(201);
        assert_eq!(look(), before, "whatever is done to it");
        let mut page = app.browser(Who::Manager);
        page.open(&format!("/rounds/{PEOPLED}/plans/1")).sees("You read the bids that you may see.");
        page.open(&format!("/rounds/{PEOPLED}/plans")).sees("You cannot make or apply plans here");
        assert!(!page.has(&bids[0]));
        for (who, status) in [(Who::Moderator, 200), (Who::Observer, 403), (Who::Assessor, 403), (Who::Officer, 404)] {
            assert_eq!(app.client(who).get(&format!("{PLANS}/1")).status, status, "{who:?}");
        }
    }

    fn more_than_a_thousand_bids_are_not_given_at_once_by_hand(app: &TestApp) {
        let wish = json!({ "bid": "TEST-9999", "person": app.person(Who::Assessor) });
        let all = json!({ "assignments": vec![wish; 1_001] });
        let refused = app.client(Who::Manager).post("/api/v1/rounds/test-round/assessors", all);
        assert_eq!(refused.json()["errors"][0]["pointer"], "/assignments", "{}", refused.text());
        assert!(refused.text().contains("Give at most 1000 bids at once, you sent 1001."), "{}", refused.text());
    }
}
