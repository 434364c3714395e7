//! Invariant 8: before the instant of release nothing tells a decision. Every route that councils and the public can
//! reach answers byte for byte and header for header the same, whatever has been decided.

use std::collections::BTreeMap;

use roundtable::server::routes::{API, PAGES};
use serde_json::json;

use super::{SIFT, change, decide, lists, outcome, release, submitted};
use crate::{
    assessment::{gateway, give, moderation, queries, rankings},
    harness::{
        app::{Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
};

/// Status, headers and body by reader and path.
type Seen = BTreeMap<String, (u16, Vec<(String, String)>, String)>;

/// Councils with and without a part in the bid, and the public.
fn readers(app: &TestApp) -> Vec<(String, Client)> {
    let people = [Who::Officer, Who::Partner, Who::Nobody];
    let mut readers: Vec<_> = people.map(|who| (format!("{who:?}"), app.client(who))).into();
    readers.push(("Public".into(), app.public()));
    readers
}

/// Where a fresh secret of the browser's is made on every visit, so that no two answers are the same.
const SECRETS: &str = "/sign-in";

/// The paths of every GET route, with the names in braces filled.
fn paths(references: &[&str]) -> Vec<String> {
    let routes = API.iter().chain(PAGES).filter(|route| route.method == "GET" && !route.path.starts_with(SECRETS));
    let mut paths = Vec::new();
    for route in routes {
        for reference in references {
            let path = route.path.replace("{reference}", reference).replace("{slug}", ROUND);
            let path = path.replace("{organisation}", "AMB");
            let path = path.replace("{gate}", "sift").replace("{milestone}", "eoi_outcome");
            let path = path.replace("{question}", "problem").replace("{stage}", "eoi").replace("{number}", "1");
            paths.push(
                path.split('/')
                    .map(|part| if part.starts_with('{') { "x" } else { part })
                    .collect::<Vec<_>>()
                    .join("/"),
            );
        }
    }
    paths.sort();
    paths.dedup();
    paths
}

fn look(readers: &[(String, Client)], references: &[&str]) -> Seen {
    let mut seen = Seen::new();
    for (who, client) in readers {
        for path in paths(references) {
            let answer = client.get(&path);
            seen.insert(format!("{who} GET {path}"), told(answer));
        }
        for reference in references {
            let path = format!("/api/v1/bids/{reference}/actions/start_full");
            seen.insert(format!("{who} POST {path}"), told(client.post(&path, json!({}))));
        }
    }
    seen
}

fn told(answer: crate::harness::app::Answer) -> (u16, Vec<(String, String)>, String) {
    let text = answer.text();
    let free = |(name, _): &(String, String)| !matches!(name.as_str(), "date" | "x-request-id");
    let mut headers: Vec<_> = answer.headers.into_iter().filter(free).collect();
    headers.sort();
    (answer.status, headers, text)
}

#[track_caller]
fn same(before: &Seen, after: &Seen, when: &str) {
    for (what, answer) in before {
        let now = &after[what];
        assert_eq!((answer.0, &answer.1), (now.0, &now.1), "{what} tells {when} by status or headers");
        let lines = answer.2.lines().zip(now.2.lines()).find(|(one, other)| one != other);
        assert!(answer.2 == now.2, "{what} tells {when}: {lines:?}");
    }
}

on_each_database! {
    fn no_route_tells_that_bids_were_talked_over_and_ranked_or_a_list_was_made(app: &TestApp) {
        lists::ruled(app, lists::one_of_each_theme());
        let bids = rankings::scored(app, &rankings::SCORES[..2]);
        // What is due at this hour has happened before anybody looks.
        app.work();
        let (readers, references) = (readers(app), [bids[0].as_str(), bids[1].as_str()]);
        let before = look(&readers, &references);
        let moderator = app.client(Who::Moderator);
        moderator.post(&format!("/api/v1/rounds/{ROUND}/rankings"), json!({})).expect(201);
        moderator.post(&format!("/api/v1/rounds/{ROUND}/moderation"), json!({})).expect(200);
        let step = moderation::agreed(app, (3, 3), &[Who::Assessor]);
        moderation::record(&moderator, &bids[0], 0, &step).expect(200);
        app.work();
        app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/lists"), json!({})).expect(201);
        app.work();
        same(&before, &look(&readers, &references), "that bids were talked over and ranked and a list was made");
    }

    fn no_route_tells_that_a_bid_was_flagged_or_has_failed_a_gateway_check(app: &TestApp) {
        gateway::checked(app);
        let bids = ["Repairs", "Savings"].map(|title| rankings::open_bid(app, title, &[]));
        app.work();
        let (readers, references) = (readers(app), [bids[0].as_str()]);
        let before = look(&readers, &references);
        gateway::pass(app, &bids[1]);
        give(app, &bids[0], Who::Assessor).expect(200);
        queries::ask(&app.client(Who::Assessor), &bids[0], "conduct", "Two names share a letter.").expect(201);
        let answer = json!({ "words": "We look into it.", "to": "readers" });
        queries::step(&app.client(Who::Manager), &bids[0], (1, 0), "answer", &answer).expect(200);
        let fail = gateway::marks(&[("need", "fail", "One council alone has it."), ("users", "pass", "")]);
        gateway::mark(&app.client(Who::Manager), &bids[0], 0, fail).expect(200);
        app.work();
        same(&before, &look(&readers, &references), "that a bid was flagged or has failed a gateway check");
    }

    fn no_route_tells_a_decision_before_the_instant(app: &TestApp) {
        let (first, second) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        app.at(SIFT);
        let (readers, references) = (readers(app), [first.as_str(), second.as_str()]);
        let undecided = look(&readers, &references);
        assert!(undecided.values().filter(|(status, ..)| *status == 200).count() > 20, "the routes are reached");

        let manager = app.client(Who::Manager);
        decide(&manager, &first, "sift", outcome("invite")).expect(201);
        decide(&manager, &second, "sift", outcome("invite_to_merge")).expect(201);
        app.work();
        same(&undecided, &look(&readers, &references), "that something was decided");

        change(&manager, &first, "sift", 1, outcome("not_invite")).expect(200);
        same(&undecided, &look(&readers, &references), "that a decision was changed");

        release(app, "eoi_outcome").expect(200);
        app.at("2026-10-10T08:59:59.999999Z");
        let approved = look(&readers, &references);
        manager_recalls(app);
        change(&app.client(Who::Manager), &first, "sift", 2, outcome("invite")).expect(200);
        release(app, "eoi_outcome").expect(200);
        app.work();
        same(&approved, &look(&readers, &references), "an outcome a microsecond before its instant");

        // The clock alone, no timer: what shows must not wait for a job.
        app.clock.set(crate::harness::app::moment("2026-10-10T09:00:00Z"));
        let shown = look(&readers, &references);
        let path = format!("Public GET /api/v1/open/rounds/{ROUND}/eois.json");
        assert_ne!(approved.get(&path), shown.get(&path), "at the instant the public reads the outcomes");
        assert!(shown[&path].2.contains("Invited to apply"), "{}", shown[&path].2);
    }

    fn no_role_reads_a_decision_early_where_its_outcome_will_stand(app: &TestApp) {
        let (joined, asked) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        with_borchester(app, &joined, true);
        with_borchester(app, &asked, false);
        app.at("2026-10-10T08:59:59.999999Z");
        let everybody = everybody(app);
        let look = || [&joined, &asked].map(|reference| look_where_outcomes_stand(&everybody, reference));
        let same = |before: &[Seen; 2], after: &[Seen; 2], when: &str| {
            before.iter().zip(after).for_each(|(before, after)| same(before, after, when));
        };
        let undecided = look();
        for reference in [&joined, &asked] {
            decide(&app.client(Who::Manager), reference, "sift", outcome("invite")).expect(201);
        }
        same(&undecided, &look(), "that something was decided");
        release(app, "eoi_outcome").expect(200);
        app.work();
        same(&undecided, &look(), "an outcome a microsecond before its instant");
        for who in STAFF {
            let page = app.client(who).get(&format!("/bids/{joined}")).expect(200).text();
            assert!(!page.contains("Outcome and feedback"), "{who:?}: {page}");
        }
        app.clock.set(crate::harness::app::moment("2026-10-10T09:00:00Z"));
        let shown = look_where_outcomes_stand(&everybody, &joined);
        let told = |who: Who| shown[&format!("{:?} GET /api/v1/bids/{joined}/outcomes", Some(who))].2.contains("users");
        let readers: Vec<Who> = Who::ALL.into_iter().filter(|who| told(*who)).collect();
        assert_eq!(readers.len(), 9, "the councils of the bid and the fund's staff: {readers:?}");
    }
}

/// Everybody, the public too.
fn everybody(app: &TestApp) -> Vec<(Option<Who>, Client)> {
    let signed_in = Who::ALL.map(|who| (Some(who), app.client(who)));
    std::iter::once((None, app.public())).chain(signed_in).collect()
}

/// Those who read decisions on other pages before they are out.
const STAFF: [Who; 3] = [Who::Manager, Who::Moderator, Who::Observer];

/// What everybody sees where the outcome of a bid will stand: its own route, and the pages of all but the fund's staff.
fn look_where_outcomes_stand(everybody: &[(Option<Who>, Client)], reference: &str) -> Seen {
    let mut seen = Seen::new();
    for (who, client) in everybody {
        let staff = who.is_some_and(|who| STAFF.contains(&who));
        let pages = [format!("/bids/{reference}"), "/dashboard".into()].into_iter().filter(|_| !staff);
        for path in pages.chain([format!("/api/v1/bids/{reference}/outcomes")]) {
            seen.insert(format!("{who:?} GET {path}"), told(client.get(&path)));
        }
    }
    seen
}

fn manager_recalls(app: &TestApp) {
    app.client(Who::Manager).delete(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome")).expect(204);
}
