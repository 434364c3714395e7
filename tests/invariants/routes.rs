//! The route tables are the whole of the service's faces: documented, closed to other methods, and open to exactly the
//! people that the golden table names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use roundtable::server::routes::{API, Access, PAGES, Route};
use serde_json::{Value, json};

use super::golden;
use crate::{
    bids::journey::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, new_round},
        databases::on_each_database,
    },
};

/// What everybody may ask for, by name: a route that is missing here must ask who is there.
const PUBLIC: [&str; 40] = [
    "GET /health/live",
    "GET /health/ready",
    "POST /api/v1/token",
    "GET /api/v1/organisations",
    "GET /api/v1/organisations/{organisation}/bids",
    "GET /api/v1/rounds",
    "GET /api/v1/rounds/{slug}",
    "GET /api/v1/rounds/{slug}/amendments",
    "GET /api/v1/rounds/{slug}/milestones/changes",
    "GET /api/v1/rounds/{slug}/questions",
    "GET /api/v1/rounds/{slug}/workflow",
    "GET /api/v1/rounds/{slug}/workflow.mmd",
    "GET /api/v1/rounds/{slug}/workflow.svg",
    "GET /api/v1/rounds/{slug}/workflow/versions",
    "GET /api/v1/rounds/{slug}/workflow/versions/{number}",
    "GET /api/v1/rounds/{slug}/workflow/diff",
    "GET /api/v1/workflows",
    "GET /api/v1/workflows/{id}",
    "GET /api/v1/workflows/schema",
    "GET /api/v1/register",
    "GET /api/v1/register/{key}",
    "GET /api/v1/projects",
    "GET /api/v1/projects/{reference}",
    "GET /api/v1/open/rounds/{slug}/awards.json",
    "GET /api/v1/open/rounds/{slug}/awards.csv",
    "GET /api/v1/open/rounds/{slug}/eois.json",
    "GET /api/v1/open/rounds/{slug}/eois.csv",
    "GET /api/v1/open/rounds/{slug}/partnerships.json",
    "GET /api/v1/open/rounds/{slug}/partnerships.csv",
    "GET /api/v1/open/rounds/{slug}/draws.json",
    "GET /api/v1/open/rounds/{slug}/draws/{number}/drawn.json",
    "GET /api/v1/open/rounds/{slug}/hours.json",
    "GET /api/v1/open/rounds/{slug}/hours.csv",
    "GET /api/v1/open/rounds/{slug}/scores.json",
    "GET /api/v1/open/rounds/{slug}/scores.csv",
    "GET /common-grants/opportunities",
    "GET /common-grants/opportunities/{id}",
    "POST /common-grants/opportunities/search",
    "GET /rounds.atom",
    "GET /rounds.ics",
];

/// Longer than anybody works on one thing: nothing stands at this version, so nothing is changed.
const STALE: &str = "\"v999\"";
const NOTHING: &str = "0197a000-0000-7000-8000-000000000000";

pub fn name(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

#[test]
fn the_public_routes_are_these_and_no_others() {
    let public: BTreeSet<String> = API.iter().filter(|route| route.access == Access::Public).map(name).collect();
    assert_eq!(public, PUBLIC.iter().map(ToString::to_string).collect());
}

/// The things that stand in the places of the paths' names.
pub struct World {
    /// A submitted bid of Ambridge, to which Borchester was invited; Ambridge has asked a question too.
    pub submitted: String,
    /// A draft of Casterbridge.
    draft: String,
    partner: String,
    ambridge: String,
    client: String,
}

impl World {
    pub fn of(app: &TestApp) -> Self {
        let (officer, submitted) = written(app, "Shared repairs");
        let invitation = json!({ "organisation": "BOR", "share_pence": 20_000 });
        let partner = officer.post(&format!("/api/v1/bids/{submitted}/partners"), invitation).expect(201).json();
        officer.post(&format!("/api/v1/bids/{submitted}/actions/submit_eoi"), json!({})).expect(200);
        let start = json!({ "round": ROUND, "lead": app.organisation("CAS"), "title": "Their own" });
        let draft = app.client(Who::Stranger).post("/api/v1/bids", start).expect(201).json();
        let ambridge = app.organisation("AMB").to_string();
        let clients = format!("/api/v1/organisations/{ambridge}/clients");
        let made = app.client(Who::Administrator).post(&clients, json!({ "name": "A program" })).expect(201).json();
        let question = json!({ "question": "Can parishes be partners?" });
        officer.post(&format!("/api/v1/rounds/{ROUND}/questions"), question).expect(201);
        let draft_of_workflow = format!("/api/v1/rounds/{ROUND}/workflow/draft");
        app.client(Who::Manager).post(&draft_of_workflow, json!({})).expect(201);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            submitted,
            draft: text(&draft["reference"]),
            partner: text(&partner["id"]),
            ambridge,
            client: text(&made["client"]["id"]),
        }
    }

    fn path(&self, route: &Route, reference: &str) -> String {
        let slug = if route.path.contains("/funds/") { "test-fund" } else { ROUND };
        let places = [
            ("{reference}", reference),
            ("{slug}", slug),
            ("{id}", &self.partner),
            ("{organisation}", &self.ambridge),
            ("{client}", &self.client),
            ("{network}", "local-digital-declaration"),
            ("{question}", "problem"),
            ("{gate}", "sift"),
            ("{milestone}", "eoi_outcome"),
            ("{action}", "submit_eoi"),
            ("{number}", "1"),
            ("{place}", "0"),
            ("{template}", "submitted-eoi"),
            ("{language}", "en"),
            ("{kind}", "budget"),
            ("{stage}", "eoi"),
        ];
        // Whoever may take a partner out would take out the one that the other routes are about.
        let kept = if route.method == "DELETE" { "{id}" } else { "" };
        let mut path = route.path.to_owned();
        for (place, word) in places.into_iter().filter(|(place, _)| *place != kept) {
            path = path.replace(place, word);
        }
        while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            path.replace_range(from..=to, NOTHING);
        }
        path
    }

    /// A body that can be read and that changes nothing: a fault, or a version at which nothing stands, stops it after
    /// policy was asked.
    fn body(&self, route: &Route) -> Value {
        let path = route.path;
        let decision = json!({ "transition": "no_such_transition", "feedback": "" });
        match name(route).as_str() {
            "POST /api/v1/token" => json!({ "grant_type": "password", "client_id": NOTHING, "client_secret": "x" }),
            "POST /api/v1/funds" => json!({ "slug": "", "name": "", "summary": "", "funder": "" }),
            "POST /api/v1/funds/{slug}/deputies" => {
                json!({ "deputy": NOTHING, "from": "2026-09-02", "until": "2026-09-01", "reason": "" })
            }
            "POST /api/v1/funds/{slug}/rounds" => {
                let mut round = serde_json::to_value(new_round()).unwrap();
                round["slug"] = json!("");
                round
            }
            "PUT /api/v1/networks/{network}" => json!({ "name": "" }),
            "PUT /api/v1/networks/{network}/members/{organisation}" => {
                json!({ "state": "member", "from": "2999-01-01" })
            }
            "PUT /api/v1/organisations/{organisation}/rounds/{slug}/led-bids" => json!({ "bids": [] }),
            "PUT /api/v1/rounds/{slug}/cancellation" => json!({ "reason": "" }),
            "PUT /api/v1/rounds/{slug}/rules" => json!({ "rulebook": new_round().rulebook, "reason": "" }),
            "PUT /api/v1/rounds/{slug}/reminders" => json!({ "days": [0] }),
            "PUT /api/v1/rounds/{slug}/budget" => json!({ "budget_pence": 0, "reason": "" }),
            "POST /api/v1/funds/{slug}/drafts" => json!({ "slug": "", "title": "", "prefix": "" }),
            "POST /api/v1/organisations/{organisation}/deputies" => {
                json!({ "deputy": NOTHING, "from": "2026-09-10", "until": "2026-09-11", "reason": "" })
            }
            "POST /api/v1/bids" => json!({ "round": ROUND, "lead": self.ambridge, "title": "" }),
            "PUT /api/v1/bids/{reference}/answers/{question}" => json!({ "value": "Words." }),
            "PUT /api/v1/bids/{reference}/decisions/{gate}" => decision,
            "POST /api/v1/rounds/{slug}/decisions" => json!([]),
            "PUT /api/v1/me/language" => json!({ "language": "en" }),
            "POST /api/v1/bids/{reference}/milestones/changes" => {
                json!({ "milestone": "eoi_closes", "at": "2026-10-01T16:00:00Z", "ground": "outage", "reason": "" })
            }
            "POST /api/v1/rounds/{slug}/extensions" | "POST /api/v1/rounds/{slug}/milestones/changes" => {
                json!({ "milestone": "eoi_closes", "at": "2026-10-01T16:00:00Z", "reason": "" })
            }
            "POST /api/v1/rounds/{slug}/questions" => json!({ "question": "" }),
            "PUT /api/v1/rounds/{slug}/questions/{number}" => json!({ "question": "", "answer": "" }),
            "POST /api/v1/bids/{reference}/clarifications" => {
                json!({ "question": "", "until": "2026-10-01T16:00:00Z" })
            }
            "DELETE /api/v1/bids/{reference}/clarifications/{id}" => json!({ "reason": "" }),
            "PUT /api/v1/bids/{reference}/clarifications/{id}/answer" => json!({ "answer": "" }),
            "PUT /api/v1/bids/{reference}/clarifications/{id}/until" => json!({ "until": "2026-10-01T16:00:00Z" }),
            "POST /api/v1/bids/{reference}/assessors" => json!({ "person": NOTHING }),
            "POST /api/v1/rounds/{slug}/assessors" => json!({ "assignments": [] }),
            "POST /api/v1/rounds/{slug}/plans" => json!({ "change_price": 1_000_000 }),
            "PATCH /api/v1/rounds/{slug}/preferences" => json!({ "preferences": [] }),
            "POST /api/v1/rounds/{slug}/pins" => json!({ "bid": "", "person": NOTHING, "kind": "pin", "reason": "" }),
            "PUT /api/v1/rounds/{slug}/pool" => json!({ "reminder_days": [0] }),
            "PUT /api/v1/rounds/{slug}/progress/wanted" => json!({ "wanted_by": null, "reminder_days": [0] }),
            "POST /api/v1/rounds/{slug}/progress/reminders" => json!({ "people": [] }),
            "POST /api/v1/rounds/{slug}/pool/invitations" => {
                json!({ "people": [], "answer_by": "2026-10-01T16:00:00Z" })
            }
            "DELETE /api/v1/rounds/{slug}/pool/places/{id}" => json!({ "reason": "" }),
            "PUT /api/v1/rounds/{slug}/pool/mine" => {
                json!({ "least": 0, "most": 0, "from": "2026-11-16", "until": "2026-11-16" })
            }
            "POST /api/v1/rounds/{slug}/pool/mine/terms" => json!({ "terms": "" }),
            _ if path.contains("/pool/mine/") => json!({ "reason": "other" }),
            "POST /api/v1/bids/{reference}/queries" => json!({ "kind": "other", "words": "" }),
            "POST /api/v1/bids/{reference}/queries/{number}/follow-up" => json!({ "words": "" }),
            "POST /api/v1/bids/{reference}/queries/{number}/answer" => json!({ "words": "", "to": "asker" }),
            "POST /api/v1/bids/{reference}/queries/{number}/close" => json!({ "words": "" }),
            "POST /api/v1/bids/{reference}/gateway" => json!({ "about": 0, "marks": [] }),
            _ if path.contains("/interview") => Self::of_interviews(&name(route)),
            "POST /api/v1/bids/{reference}/moderation" => json!({ "step": "asked", "reason": "" }),
            "POST /api/v1/conflicts" => json!({ "bid": self.submitted, "reason": "" }),
            "POST /api/v1/bids/{reference}/possible-conflicts/{person}" => json!({ "verdict": "set_aside" }),
            "POST /api/v1/bids/{reference}/recuse" => json!({ "reason": "" }),
            "PUT /api/v1/bids/{reference}/scores/mine" => json!({ "scores": [] }),
            "PUT /api/v1/bids/{reference}/sift" => json!({ "marks": [] }),
            "POST /api/v1/bids/{reference}/partnership-changes" => json!({ "kind": "lead", "words": "" }),
            _ if path.ends_with("/agree") => json!({ "seen": "" }),
            _ if path.ends_with("/roles") || path.ends_with("/members") => {
                json!({ "email": "", "name": "", "role": "" })
            }
            "DELETE /api/v1/bids/{reference}/hold" => json!({ "note": "" }),
            _ if path.ends_with("/adopt") => json!({ "reason": "" }),
            "PUT /api/v1/rounds/{slug}/mails/{template}/{language}" => json!({ "subject": "", "body": "" }),
            _ if path.ends_with("/moves") => json!({ "from": 1, "to": 1 }),
            _ if path.ends_with("/hours") => json!({ "hours": -1 }),
            _ if path.ends_with("/comments") => json!({ "words": "" }),
            _ if path.ends_with("/assignments") => json!({ "assignments": [] }),
            _ if path.ends_with("/clients") => json!({ "name": "" }),
            _ if path.ends_with("/partners") => json!({ "organisation": "" }),
            _ if path.ends_with("/replace") => json!({ "organisation": "", "reason": "" }),
            "POST /api/v1/bids/{reference}/unknown-partners" => json!({ "organisation": {
                "name": "", "kind": "other", "nation": "england", "about": "", "contact_name": "", "contact_email": ""
            } }),
            _ if path.ends_with("/accept") => json!({ "code": "" }),
            _ if path.ends_with("/known") => json!({ "organisation": "" }),
            _ if path.ends_with("/outside") => json!({ "by": "", "on": "2026-09-01", "paper": "" }),
            _ if path.ends_with("/bulk") => json!({ "action": "", "bids": [] }),
            _ if path.ends_with("/hold") => json!({ "reason": "" }),
            "POST /api/v1/rounds/{slug}/draws" => json!({ "exactly": "", "known_from": "2026-11-16T09:00:00Z" }),
            _ if path.ends_with("/withdraw") => json!({ "reason": "" }),
            _ if path.ends_with("/value") => json!({ "value": "", "looked_up": "" }),
            _ if path.ends_with("/refuse") => json!({ "reason": "" }),
            _ if path.ends_with("/decline") || path.ends_with("/leave") => json!({ "reason": "" }),
            _ if path.ends_with("/sign") => json!({ "hash": "" }),
            _ if path.ends_with("/changes") => json!({ "words": "" }),
            _ if path.ends_with("/prior-work") => json!({ "entries": [{ "entry_key": "", "why": "" }] }),
            _ if path.ends_with("/costs") => json!({ "costs": [] }),
            _ if path.ends_with("/promises") => json!({ "promises": [] }),
            _ if path.ends_with("/deliveries") => json!({ "value": 1.0, "note": "" }),
            _ => json!({}),
        }
    }

    fn of_interviews(name: &str) -> Value {
        match name {
            "POST /api/v1/rounds/{slug}/interviews" | "PUT /api/v1/rounds/{slug}/interviews/{number}" => {
                json!({ "starts_at": "2026-10-01T16:00:00Z", "place": "" })
            }
            "DELETE /api/v1/rounds/{slug}/interviews/{number}" => json!({ "reason": "" }),
            "POST /api/v1/rounds/{slug}/interviews/{number}/absences" => json!({ "person": NOTHING, "reason": "" }),
            "POST /api/v1/bids/{reference}/interview" => json!({ "number": 1 }),
            "PUT /api/v1/bids/{reference}/interview/scores" => json!({ "scores": [] }),
            _ => json!({}),
        }
    }

    pub fn ask(&self, client: &Client, route: &Route, reference: &str) -> Answer {
        let path = self.path(route, reference);
        if route.method == "GET" {
            return client.get(&path);
        }
        if path.ends_with("/import") {
            return client.raw("POST", &path, &[("Content-Type", "text/csv")], Some(b"nothing,known\n".to_vec()));
        }
        if !path.starts_with("/api/") {
            let form = [("Content-Type", "application/x-www-form-urlencoded")];
            return client.raw(route.method.as_str(), &path, &form, Some(Vec::new()));
        }
        client.send(route.method.as_str(), &path, &[("If-Match", STALE)], Some(&self.body(route)))
    }
}

pub fn people(app: &TestApp) -> Vec<(String, Client)> {
    let signed_in = Who::ALL.into_iter().map(|who| (format!("{who:?}"), app.client(who)));
    std::iter::once(("Public".to_owned(), app.public())).chain(signed_in).collect()
}

/// Asks for a route as everybody; gives the people by the status that they hear.
#[track_caller]
pub fn heard(world: &World, people: &[(String, Client)], route: &Route, reference: &str) -> BTreeMap<u16, Vec<String>> {
    let mut heard: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (who, client) in people {
        let answer = world.ask(client, route, reference);
        assert!(answer.status < 500, "{} as {who}: {}", name(route), answer.text());
        heard.entry(answer.status).or_default().push(who.clone());
    }
    heard
}

fn write_line(table: &mut String, title: &str, heard: &BTreeMap<u16, Vec<String>>) {
    let _ = writeln!(table, "{title}");
    for (status, people) in heard {
        let _ = writeln!(table, "    {status} {}", people.join(" "));
    }
}

/// Who hears what of which route; `known` is told every answer.
fn table_of(
    app: &TestApp,
    routes: impl Iterator<Item = &'static Route>,
    known: impl Fn(&Route, &BTreeMap<u16, Vec<String>>),
) -> String {
    let (world, people) = (World::of(app), people(app));
    let mut table = String::new();
    let mut ask = |title: &str, route: &Route, reference: &str| {
        let heard = heard(&world, &people, route, reference);
        known(route, &heard);
        write_line(&mut table, title, &heard);
    };
    for route in routes {
        let title = name(route);
        if !route.path.contains("{reference}") {
            ask(&title, route, "");
            continue;
        }
        for (what, reference) in
            [("submitted by Ambridge", &world.submitted), ("a draft of Casterbridge", &world.draft)]
        {
            ask(&format!("{title} ({what})"), route, reference);
        }
    }
    table
}

on_each_database! {
    fn every_rest_route_answers_every_role_as_its_golden_table_and_the_openapi_document_say(app: &TestApp) {
        let document = app.public().get("/api/v1/openapi.json").expect(200).json();
        let is_documented = |route: &Route, heard: &BTreeMap<u16, Vec<String>>| {
            let documented = &document["paths"][route.path][route.method.as_str().to_lowercase()]["responses"];
            for status in heard.keys() {
                assert!(documented.get(status.to_string()).is_some(), "{}: {status} is not documented", name(route));
            }
        };
        golden::compare("permissions.txt", &table_of(app, API.iter(), is_documented));
    }

    fn every_page_answers_every_role_as_its_golden_table_says(app: &TestApp) {
        golden::compare("pages.txt", &table_of(app, PAGES.iter().filter(|route| route.method == "GET"), |_, _| ()));
    }

    fn no_page_takes_a_form_without_the_sessions_token(app: &TestApp) {
        let world = World::of(app);
        let people = [("Public".to_owned(), app.public()), ("Officer".into(), app.client(Who::Officer))];
        // It changes nothing and says the same to everybody.
        let asks_only = |route: &&Route| route.path == "/receipts/verify";
        for route in PAGES.iter().filter(|route| route.method == "POST" && !asks_only(route)) {
            let statuses: Vec<u16> = heard(&world, &people, route, &world.submitted).into_keys().collect();
            assert!(statuses.iter().all(|status| [401, 403].contains(status)), "{}: {statuses:?}", name(route));
        }
    }

    fn whatever_is_not_public_asks_who_is_there(app: &TestApp) {
        let (world, public) = (World::of(app), app.public());
        // Everybody may know which projects there are, and there is none here.
        let closed = |route: &&Route| route.access != Access::Public && !route.path.contains("/projects/");
        for route in API.iter().filter(closed) {
            for reference in [&world.submitted, &world.draft, "TEST-9999"] {
                let answer = world.ask(&public, route, reference);
                assert_eq!(answer.problem(), (401, "unauthenticated".into()), "{}", name(route));
            }
        }
    }

    fn a_bid_that_is_not_there_is_as_good_as_one_that_may_not_be_seen(app: &TestApp) {
        let (world, stranger) = (World::of(app), app.client(Who::Nobody));
        for route in API.iter().filter(|route| route.path.contains("/bids/{reference}")) {
            let [theirs, none] = [&world.submitted, "TEST-9999"].map(|reference| world.ask(&stranger, route, reference));
            assert_eq!((theirs.status, theirs.body), (none.status, none.body), "{}", name(route));
        }
    }

    fn every_route_is_in_the_openapi_document_and_the_other_way_round(app: &TestApp) {
        let document = app.public().get("/api/v1/openapi.json").expect(200).json();
        let mut documented = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            let methods = methods.as_object().unwrap().keys().filter(|key| *key != "parameters" && *key != "summary");
            documented.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
        }
        assert_eq!(documented, API.iter().map(name).collect());
    }

    fn a_method_that_a_path_does_not_take_is_405_and_hears_which_it_takes(app: &TestApp) {
        let (world, public) = (World::of(app), app.public());
        for route in API {
            let taken: Vec<&str> =
                API.iter().filter(|other| other.path == route.path).map(|other| other.method.as_str()).collect();
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !taken.contains(method)) {
                let answer = public.raw(method, &world.path(route, &world.submitted), &[], None);
                assert_eq!(answer.status, 405, "{method} {}", route.path);
                assert!(!route.path.starts_with("/api/") || answer.problem().1 == "wrong_method", "{}", answer.text());
                assert_eq!(answer.header("allow"), Some(taken.join(", ").as_str()));
            }
        }
    }

    fn an_import_with_nul_is_refused_and_imports_nothing(app: &TestApp) {
        let admin = app.client(Who::Admin);
        let before = admin.get("/api/v1/organisations").json();
        for route in API.iter().filter(|route| route.path.ends_with("/import")) {
            let header = include_str!("../../scenarios/councils.csv").lines().next().unwrap();
            for file in [format!("{header}\n\0"), "\0".repeat(9), header.replace(',', "\0,"), header.replace(',', ",\0,")] {
                let answer = admin.raw("POST", route.path, &[("Content-Type", "text/csv")], Some(file.into_bytes()));
                assert_eq!(answer.status, 422, "{}: {}", route.path, answer.text());
            }
        }
        assert_eq!(admin.get("/api/v1/organisations").json(), before);
    }

    fn what_a_path_cannot_hold_is_never_our_fault(app: &TestApp) {
        let (world, people) = (World::of(app), people(app));
        for (who, client) in people.iter().filter(|(who, _)| ["Public", "Officer", "Manager"].contains(&who.as_str())) {
            for route in API.iter().chain(PAGES).filter(|route| route.method == "GET" && route.path.contains('{')) {
                let (before, _) = route.path.rsplit_once('{').unwrap();
                let before = before.replace("{reference}", &world.submitted).replace("{slug}", ROUND);
                for odd in ["%00", "%FF", "..%2f..%2f", "%F0%9F%8F%9B", "'%20OR%201=1--", &"x".repeat(3_000)] {
                    let answer = client.get(&format!("{}{odd}", before.replace("{organisation}", &world.ambridge)));
                    assert!(answer.status < 500, "{before}{odd:.20} as {who}: {} {}", answer.status, answer.text());
                }
            }
            for route in API.iter().chain(PAGES).filter(|route| route.method == "GET") {
                for query in ["?words=%00", "?q=%00", "?cursor=%00&limit=-1", "?q=%FF", "?state=%00&phase=%00", "?find=%00"] {
                    let path = world.path(route, &world.submitted);
                    let answer = client.get(&format!("{path}{query}"));
                    assert!(answer.status < 500, "{path}{query} as {who}: {} {}", answer.status, answer.text());
                }
            }
        }
    }
}
