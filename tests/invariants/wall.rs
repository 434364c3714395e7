//! Invariant 5: whoever has a conflict of interest with a bid meets a wall before it. Whatever is done to that bid, everything that
//! such a person can reach in the assessing or deciding capacity answers as before, byte for byte and header for header.

use std::collections::BTreeMap;

use roundtable::server::routes::{API, PAGES};
use serde_json::{Value, json};

use crate::{
    assessment::{gateway, give, moderation, queries, rankings},
    awards::{SIFT, award, change, decide, lists, outcome, submitted},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

/// Status, headers and body by reader and path.
type Seen = BTreeMap<String, (u16, Vec<(String, String)>, String)>;

/// Those who decide, lead the panel and look on.
const STAFF: [Who; 3] = [Who::Manager, Who::Moderator, Who::Observer];
/// The same and somebody who assesses.
const EVERYBODY: [Who; 4] = [Who::Manager, Who::Moderator, Who::Observer, Who::Assessor];

/// Somebody without a conflict says that each of them has one with the bid.
fn wall_off(app: &TestApp, boss: &Client, people: &[Who], reference: &str) {
    for who in people {
        let body = json!({ "bid": reference, "person": app.person(*who), "reason": "They share a house." });
        boss.post("/api/v1/conflicts", body).expect(200);
    }
}

/// The address of every GET route with the names in braces filled, with each bid where one is named; and lists that are narrowed.
pub fn paths(references: &[&str]) -> Vec<String> {
    // A fresh secret of the browser's is made on every visit of the first, so that no two answers are the same.
    let routes = API.iter().chain(PAGES).filter(|route| route.method == "GET" && !route.path.starts_with("/sign-in"));
    let mut paths = Vec::new();
    for route in routes {
        for reference in references {
            for milestone in ["eoi_outcome", "announcement"] {
                let slug = if route.path.contains("/funds/") { "test-fund" } else { ROUND };
                let path = route.path.replace("{reference}", reference).replace("{slug}", slug);
                let path = path.replace("{organisation}", "AMB").replace("{milestone}", milestone);
                let path = path.replace("{gate}", if milestone == "announcement" { "award" } else { "sift" });
                let path = path.replace("{question}", "problem").replace("{stage}", "eoi").replace("{number}", "1");
                let path = path.replace("{criterion}", "fit").replace("{template}", "submitted-eoi");
                let path = path.replace("{language}", "en").replace("{kind}", "budget");
                let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
                paths.push(parts.collect::<Vec<_>>().join("/"));
            }
        }
    }
    for query in
        ["bids?q=Hidden", "bids.csv?q=Hidden", "decisions?release=announcement", "decisions?release=eoi_outcome"]
    {
        paths.push(format!("/rounds/{ROUND}/{query}"));
    }
    paths.push(format!("/api/v1/rounds/{ROUND}/bids?words=Hidden"));
    paths.push(format!("/rounds/{ROUND}/workflow/moves?from=1&to=1"));
    paths.sort();
    paths.dedup();
    paths
}

fn walled(app: &TestApp, people: &[Who]) -> Vec<(Who, Client)> {
    people.iter().map(|who| (*who, app.client(*who))).collect()
}

fn look(readers: &[(Who, Client)], references: &[&str]) -> Seen {
    let mut seen = Seen::new();
    let hidden = references[0];
    for (who, client) in readers {
        for path in paths(references) {
            seen.insert(format!("{who:?} GET {path}"), told(client.get(&path)));
        }
        let hold = json!({ "action": "hold", "bids": [hidden], "reason": "To check." });
        let fund = json!([{ "bid": hidden, "gate": "award", "transition": "fund", "feedback": "Well made." }]);
        for (path, body) in [("bulk", hold), ("decisions", fund)] {
            let path = format!("/api/v1/rounds/{ROUND}/{path}");
            seen.insert(format!("{who:?} POST {path}"), told(client.post(&path, body)));
        }
    }
    seen
}

fn told(answer: Answer) -> (u16, Vec<(String, String)>, String) {
    let free = |(name, _): &(String, String)| !matches!(name.as_str(), "date" | "x-request-id");
    let text = answer.text();
    let mut headers: Vec<_> = answer.headers.into_iter().filter(free).collect();
    headers.sort();
    (answer.status, headers, text)
}

#[track_caller]
fn same(before: &Seen, after: &Seen, what: &str) {
    for (route, answer) in before {
        let now = &after[route];
        assert_eq!((answer.0, &answer.1), (now.0, &now.1), "{route} tells {what} by status or headers");
        let lines = answer.2.lines().zip(now.2.lines()).find(|(one, other)| one != other);
        assert!(answer.2 == now.2, "{route} tells {what}: {lines:?}");
    }
}

/// What these people were written.
fn mail(app: &TestApp, people: &[Who]) -> Vec<(String, String, String, String)> {
    let readers: Vec<String> = people.iter().map(|who| who.email()).collect();
    let letters = app.letters().into_iter().filter(|letter| readers.contains(&letter.recipient));
    letters.map(|letter| (letter.recipient, letter.template, letter.subject, letter.text)).collect()
}

/// No message to them followed from what was done to the bid.
#[track_caller]
fn no_mail(app: &TestApp, people: &[Who], before: &[(String, String, String, String)]) {
    assert_eq!(mail(app, people), before, "the mail of those behind the wall is as it was");
}

fn marks(mark: &str) -> Value {
    let caveat = (mark == "fail").then_some("Say who is affected.");
    let on = |question: &str| json!({ "question": question, "mark": mark, "caveat": caveat });
    json!({ "marks": [on("problem"), on("assets")] })
}

on_each_database! {
    fn nothing_of_an_expression_of_interest_passes_the_wall(app: &TestApp) {
        let (hidden, seen) = (submitted(app, "Hidden work"), submitted(app, "Seen work"));
        app.at(SIFT);
        let boss = app.client_of(app.colleague());
        wall_off(app, &boss, &EVERYBODY, &hidden);
        boss.send("PUT", &format!("/api/v1/bids/{seen}/sift"), &[], Some(&marks("pass"))).expect(200);
        decide(&boss, &seen, "sift", outcome("invite")).expect(201);
        app.work();
        let (readers, references, letters) = (walled(app, &EVERYBODY), [hidden.as_str(), seen.as_str()], mail(app, &EVERYBODY));
        let before = look(&readers, &references);
        assert!(before.values().filter(|(status, ..)| *status == 200).count() > 60, "the routes are reached");
        let public = app.public();
        // The public reads that it was submitted, and what was asked for stands in the answer.
        let is_open = |route: &str| route.split_once(" GET ").is_none_or(|(_, path)| public.get(path).status == 200);
        let naming = before.iter().filter(|(route, (_, _, text))| text.contains(&hidden) && !route.contains(&hidden));
        let named: Vec<&String> = naming.map(|(route, _)| route).filter(|route| !is_open(route)).collect();
        assert_eq!(named, [] as [&String; 0], "nothing names it");
        assert!(before.values().any(|(_, _, text)| text.contains(&seen)));

        let sift = format!("/api/v1/bids/{hidden}/sift");
        boss.send("PUT", &sift, &[], Some(&marks("fail"))).expect(200);
        decide(&boss, &hidden, "sift", outcome("not_invite")).expect(201);
        let asked = json!({ "question": "How many tenants?", "until": "2026-10-05T09:00:00Z" });
        boss.post(&format!("/api/v1/bids/{hidden}/clarifications"), asked).expect(201);
        let hold = format!("/api/v1/bids/{hidden}/hold");
        boss.send("PUT", &hold, &[], Some(&json!({ "reason": "We check who leads." }))).expect(201);
        app.work();
        same(&before, &look(&readers, &references), "that it was marked, decided on, asked about or put on hold");
        no_mail(app, &EVERYBODY, &letters);
    }

    fn nothing_of_a_bid_that_is_scored_and_ranked_passes_the_wall(app: &TestApp) {
        lists::ruled(app, lists::one_of_each_theme());
        let bids = rankings::scored(app, &rankings::SCORES[..3]);
        let (hidden, boss) = (bids[1].clone(), app.client_of(app.colleague()));
        boss.post(&format!("/api/v1/rounds/{ROUND}/rankings"), json!({})).expect(201);
        boss.post(&format!("/api/v1/rounds/{ROUND}/moderation"), json!({})).expect(200);
        wall_off(app, &boss, &STAFF, &hidden);
        for (bid, gates) in [(&bids[0], ["close_scoring", "shortlist"]), (&bids[2], ["close_scoring", "shortlist"])] {
            decide(&boss, bid, "assessment", json!({ "transition": gates[0] })).expect(201);
            decide(&boss, bid, "shortlist", json!({ "transition": gates[1] })).expect(201);
        }
        decide(&boss, &bids[0], "award", award(8_000_000, 1)).expect(201);
        decide(&boss, &bids[2], "award", outcome("not_fund")).expect(201);
        app.work();
        let references: Vec<&str> = [&hidden, &bids[0], &bids[2]].map(String::as_str).into();
        let readers = walled(app, &STAFF);
        let (before, letters) = (look(&readers, &references), mail(app, &STAFF));
        let places = &before[&format!("Moderator GET /api/v1/rounds/{ROUND}/rankings/1")].2;
        let places: Value = serde_json::from_str(places).unwrap();
        let places: Vec<&Value> = places["bids"].as_array().unwrap().iter().map(|bid| &bid["place"]).collect();
        assert_eq!(places, [&json!(1), &json!(2)], "the places are counted without it");
        let decision = &before[&format!("Manager GET /api/v1/bids/{}/decisions/award", bids[0])].2;
        assert_eq!(serde_json::from_str::<Value>(decision).unwrap()["place"], Value::Null, "{decision}");

        boss.post(&format!("/api/v1/rounds/{ROUND}/lists"), json!({})).expect(201);
        for (version, step) in [(0, json!({ "step": "asked", "reason": "It is odd." })), (1, moderation::agreed(app, (3, 3), &[Who::Assessor]))] {
            moderation::record(&boss, &hidden, version, &step).expect(200);
        }
        decide(&boss, &hidden, "assessment", json!({ "transition": "close_scoring" })).expect(201);
        decide(&boss, &hidden, "shortlist", json!({ "transition": "shortlist" })).expect(201);
        decide(&boss, &hidden, "award", award(8_000_000, 2)).expect(201);
        app.work();
        let recusal = json!({ "reason": "I know who wrote it." });
        app.client(Who::SecondAssessor).post(&format!("/api/v1/bids/{hidden}/recuse"), recusal).expect(200);
        app.work();
        same(&before, &look(&readers, &references), "that its scoring is closed, that it is awarded money or that it lost a reader");
        no_mail(app, &STAFF, &letters);
    }

    fn nothing_of_a_bid_at_the_gateway_passes_the_wall(app: &TestApp) {
        gateway::checked(app);
        let bids = ["Hidden work", "Seen work"].map(|title| rankings::open_bid(app, title, &[]));
        let boss = app.client_of(app.colleague());
        gateway::pass(app, &bids[1]);
        give(app, &bids[0], Who::Assessor).expect(200);
        wall_off(app, &boss, &STAFF, &bids[0]);
        app.work();
        let (readers, references, letters) = (walled(app, &STAFF), [bids[0].as_str()], mail(app, &STAFF));
        let before = look(&readers, &references);
        let list = &before[&format!("Observer GET /api/v1/rounds/{ROUND}/gateway")].2;
        assert!(list.contains(&bids[1]) && !list.contains(&bids[0]), "{list}");
        let fail = gateway::marks(&[("need", "fail", "One council alone has it.")]);
        gateway::mark(&boss, &bids[0], 0, fail).expect(200);
        queries::ask(&app.client(Who::Assessor), &bids[0], "conduct", "Two names share a letter.").expect(201);
        let answer = json!({ "words": "We look into it.", "to": "readers" });
        queries::step(&boss, &bids[0], (1, 0), "answer", &answer).expect(200);
        app.work();
        same(&before, &look(&readers, &references), "that it has failed a gateway check or was flagged");
        no_mail(app, &STAFF, &letters);
    }

    fn a_manager_behind_the_wall_who_changes_a_decision_leaves_the_place_that_is_withheld_from_them(app: &TestApp) {
        let bids = rankings::scored(app, &rankings::SCORES[..3]);
        let boss = app.client_of(app.colleague());
        for bid in &bids {
            decide(&boss, bid, "assessment", json!({ "transition": "close_scoring" })).expect(201);
            decide(&boss, bid, "shortlist", json!({ "transition": "shortlist" })).expect(201);
        }
        decide(&boss, &bids[0], "award", award(8_000_000, 1)).expect(201);
        wall_off(app, &boss, &[Who::Manager], &bids[1]);
        let manager = app.client(Who::Manager);
        let path = format!("/api/v1/bids/{}/decisions/award", bids[0]);
        let mut body = award(8_000_000, 1);
        body["place"] = manager.get(&path).expect(200).json()["place"].clone();
        assert_eq!(body["place"], Value::Null);
        body["feedback"] = json!("Well argued.");
        let changed = change(&manager, &bids[0], "award", 1, body).expect(200).json();
        assert_eq!((&changed["place"], &changed["feedback"]), (&Value::Null, &json!("Well argued.")));
        let whole = boss.get(&path).expect(200).json();
        assert_eq!((&whole["place"], &whole["feedback"]), (&json!(1), &json!("Well argued.")));
    }

    fn a_manager_behind_the_wall_hears_of_no_sum_and_approves_no_list(app: &TestApp) {
        let bids = rankings::scored(app, &rankings::SCORES[..3]);
        let (hidden, boss) = (bids[1].clone(), app.client_of(app.colleague()));
        wall_off(app, &boss, &STAFF, &hidden);
        let manager = app.client(Who::Manager);
        let path = format!("/api/v1/rounds/{ROUND}/releases/announcement");
        let ready = manager.get(&path).expect(200).json();
        assert_eq!((&ready["hidden"], &ready["support"]["wanted"]), (&json!(true), &json!([])));
        let approve = || manager.post(&path, json!({})).problem();
        assert_eq!(approve(), (403, "not_allowed".into()), "before it is on the list");
        for bid in &bids {
            decide(&boss, bid, "assessment", json!({ "transition": "close_scoring" })).expect(201);
            decide(&boss, bid, "shortlist", json!({ "transition": "shortlist" })).expect(201);
        }
        decide(&boss, &hidden, "award", award(8_000_000, 2)).expect(201);
        assert_eq!(approve(), (403, "not_allowed".into()), "and when it is");
        decide(&boss, &bids[2], "award", award(8_000_000, 3)).expect(201);
        let refused = decide(&manager, &bids[0], "award", award(8_000_000, 1));
        assert_eq!(refused.problem(), (409, "over_budget".into()));
        let told = "The money of the round does not reach for £80,000. Ask a colleague how much is left.";
        assert_eq!(refused.json()["detail"], told);
    }
}
