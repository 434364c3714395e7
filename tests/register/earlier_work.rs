//! What exists already, and why is it not enough? A bid answers with entries of the register.

use serde_json::json;

use super::{FILE, bid, import, titles};
use crate::harness::{
    app::{Client, TestApp, Who},
    databases::on_each_database,
};

/// The version at which the earlier work of a bid stands.
fn standing(client: &Client, path: &str) -> i64 {
    let answer = client.get(path).expect(200);
    answer.header("etag").unwrap().trim_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap()
}

on_each_database! {
    fn a_bid_names_entries_with_the_reason_why_they_are_not_enough(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let reference = bid(app, "Better repairs", "Tenants wait for a leak to be mended.");
        let (lead, path) = (app.client(Who::Officer), format!("/api/v1/bids/{reference}/prior-work"));
        let put = |entries| lead.put(&path, standing(&lead, &path), json!({ "entries": entries }));
        let two = json!([
            { "entry_key": "repairs-2", "why": "Only a discovery" },
            { "entry_key": "repairs-1", "why": "Not for leaseholders" }
        ]);
        put(two.clone()).expect(200);
        let named = put(two).expect(200).json();
        assert_eq!(named.as_array().unwrap().len(), 2);
        let one = put(json!([{ "entry_key": "repairs-1", "why": "Not for tenants of others" }])).expect(200).json();
        assert_eq!((&one[0]["entry"]["entry_key"], &one[0]["why"]), (&"repairs-1".into(), &"Not for tenants of others".into()));
        assert_eq!(lead.get(&path).expect(200).json(), one);
        assert_eq!(put(json!([])).expect(200).json(), json!([]));
    }

    fn wrong_picks_are_refused_and_change_nothing(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let reference = bid(app, "Better repairs", "Tenants wait for a leak to be mended.");
        let path = format!("/api/v1/bids/{reference}/prior-work");
        let version = standing(&app.client(Who::Officer), &path);
        let put = |who, entries| app.client(who).put(&path, version, json!({ "entries": entries }));
        put(Who::Officer, json!([{ "entry_key": "bots-1", "why": "Too old" }])).expect(200);
        let cases = [
            (json!([{ "entry_key": "nothing", "why": "x" }]), "/entries/0/entry_key", "unknown_entry"),
            (json!([{ "entry_key": "bots-1", "why": " " }]), "/entries/0/why", "missing"),
            (json!([{ "entry_key": "bots-1", "why": "x".repeat(1_001) }]), "/entries/0/why", "too_long"),
            (json!([{ "entry_key": "bots-1", "why": "x" }, { "entry_key": "bots-1", "why": "x" }]), "/entries/1/entry_key", "twice"),
            (json!([{ "entry_key": "bots-1", "why": "x", "colour": "red" }]), "/entries/0/colour", "wrong_json"),
            (json!([{ "entry_key": 7, "why": "x" }]), "/entries/0/entry_key", "wrong_json"),
        ];
        for (entries, pointer, code) in cases {
            let answer = put(Who::Officer, entries);
            let problem = answer.json();
            assert_eq!(answer.status, 422, "{problem}");
            assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&pointer.into(), &code.into()));
        }
        assert_eq!(put(Who::Stranger, json!([])).problem(), (404, "not_found".into()));
        let named = app.client(Who::Officer).get(&path).json();
        assert_eq!(named[0]["why"], "Too old");
    }

    fn what_a_bid_names_is_changed_as_it_was_read_and_nothing_is_lost(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let reference = bid(app, "Better repairs", "Tenants wait for a leak to be mended.");
        let (lead, path) = (app.client(Who::Officer), format!("/api/v1/bids/{reference}/prior-work"));
        let named = json!({ "entries": [{ "entry_key": "repairs-1", "why": "Not for leaseholders" }] });
        assert_eq!(lead.send("PUT", &path, &[], Some(&named)).problem(), (428, "version_needed".into()));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/prior-work"));
        let before = standing(&lead, &path);
        let saved = lead.put(&path, before, named.clone()).expect(200);
        assert_eq!(saved.header("etag"), Some(format!("\"v{}\"", before + 1).as_str()));
        assert_eq!(lead.put(&path, before, named.clone()).problem(), (412, "stale_version".into()));
        browser.choose("Scheduling of repairs");
        browser.fill("Why is “Scheduling of repairs” not enough?", "Only a discovery").press("Save and continue");
        assert_eq!(browser.status(), 412);
        browser.sees("Somebody changed this bid meanwhile.").press("Save and continue");
        let both = lead.get(&path).expect(200).json();
        let mut keys: Vec<_> = both.as_array().unwrap().iter().map(|work| work["entry"]["entry_key"].clone()).collect();
        keys.sort_by_key(ToString::to_string);
        assert_eq!(keys, ["repairs-1", "repairs-2"]);
    }

    fn the_step_works_without_javascript(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let reference = bid(app, "Better repairs", "Tenants wait for a leak to be mended.");
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/prior-work"));
        browser.choose("Scheduling of repairs").press("Save and continue");
        assert!(browser.text().contains("Say why this work is not enough"), "{}", browser.text());
        browser.fill("Look for other entries", "chatbots").press("Search");
        browser.choose("Chatbots for council services");
        browser.fill("Why is “Chatbots for council services” not enough?", "It answers no questions about repairs");
        browser.press("Save and continue");
        let path = format!("/api/v1/bids/{reference}/prior-work");
        let named = app.client(Who::Officer).get(&path).json();
        assert_eq!(named[0]["entry"]["entry_key"], "bots-1");
    }

    fn everybody_reads_the_register_page_by_page(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let mut browser = crate::harness::browser::Browser::new(&app.base);
        browser.open("/register").fill("Search the register", "boiler").press("Search");
        browser.follow("Reporting housing repairs online");
        assert!(browser.text().contains("Lincoln and Greenwich"), "{}", browser.text());
        browser.follow("Register of work");
        let list = app.public().get("/api/v1/register").json();
        assert_eq!(titles(&list["items"]).len(), 4);
    }
}
