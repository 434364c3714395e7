//! Searching: the same answers on both databases, nothing that a person types is an operator, and no bid before its
//! time.

use super::{FILE, bid, import, titles};
use crate::harness::{
    app::{TestApp, Who},
    databases::on_each_database,
};
use roundtable::{
    bids,
    identity::policy::{self, Action},
    register::search::{self, Kind},
};

on_each_database! {
    fn a_search_finds_entries_that_have_every_word_in_any_form(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let cases: [(&str, &[&str]); 7] = [
            ("repair", &["Reporting housing repairs online", "Scheduling of repairs"]),
            ("tenants%20leaks", &["Reporting housing repairs online", "Scheduling of repairs"]),
            ("boiler%20leak", &["Reporting housing repairs online"]),
            ("boiler%20chatbot", &[]),
            ("leak%20OR%20chatbots", &[]),
            ("%22leak%20NEAR(boiler*%20%26%20!%3A", &[]),
            ("%2B-%2F", &[]),
        ];
        for (words, expected) in cases {
            let found = app.public().get(&format!("/api/v1/register?q={words}")).expect(200).json();
            assert_eq!(titles(&found["items"]), expected, "{words}");
        }
    }

    fn pages_of_the_register_follow_one_another(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let mut seen = Vec::new();
        let mut path = "/api/v1/register?limit=3".to_owned();
        loop {
            let page = app.public().get(&path).expect(200).json();
            seen.extend(titles(&page["items"]));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/api/v1/register?limit=3&cursor={next}");
        }
        assert_eq!(seen.len(), 4);
        assert_eq!(app.public().get("/api/v1/register?limit=0").status, 422);
        assert_eq!(app.public().get("/api/v1/register?cursor=x").status, 422);
    }

    fn entries_that_share_the_rarest_words_stand_beside_a_draft(app: &TestApp) {
        import(app, Who::Manager, FILE).expect(200);
        let problem = "Tenants wait weeks for a leak to be mended, and nobody tells them when the plumber comes.";
        let reference = bid(app, "Better repairs", problem);
        let similar = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/similar")).expect(200).json();
        assert_eq!(titles(&similar), ["Scheduling of repairs", "Reporting housing repairs online"]);
        assert_eq!((&similar[0]["kind"], &similar[0]["key"]), (&"entry".into(), &"repairs-2".into()));
        assert_eq!(app.client(Who::Stranger).get(&format!("/api/v1/bids/{reference}/similar")).status, 404);
    }

    fn a_bid_is_found_only_after_its_round_has_closed_and_as_it_was_submitted(app: &TestApp) {
        let earlier = bid(app, "Chatbots for bins", "Residents ask about bins and tax at night.");
        submit(app, &earlier);
        let title = serde_json::json!({ "title": "A secret new title" });
        let version = app.client(Who::Officer).get(&format!("/api/v1/bids/{earlier}")).json()["version"].as_i64().unwrap();
        app.client(Who::Officer).patch(&format!("/api/v1/bids/{earlier}"), version, title).expect(200);
        let mine = bid(app, "A chatbot about bins", "Residents ask about bins.");
        let similar = || app.client(Who::Officer).get(&format!("/api/v1/bids/{mine}/similar")).expect(200).json();
        assert_eq!(titles(&similar()), Vec::<String>::new());
        app.clock.set(crate::harness::app::moment("2026-09-30T16:00:00Z"));
        assert_eq!(titles(&similar()), Vec::<String>::new(), "what arrives at the closing time is still in time");
        app.clock.set(crate::harness::app::moment("2026-09-30T16:00:01Z"));
        assert_eq!(titles(&similar()), ["Chatbots for bins"]);
        let id = earlier.clone();
        app.block_on(|app| async move {
            app.db.write(move |conn| bids::store::id_of(conn, &id).and_then(|bid| search::forget(conn, bid))).await
        })
        .unwrap();
        assert_eq!(titles(&similar()), Vec::<String>::new(), "a withdrawn bid is forgotten");
    }
}

/// Keeps a version of the expression of interest and puts it into the index, as submitting does.
fn submit(app: &TestApp, reference: &str) {
    use roundtable::{actor::Actor, bids::content, funds::rulebook::Stage, http::Call};
    let (reference, by) = (reference.to_owned(), app.person(Who::Officer));
    let call = Call::by(Actor::System, app.clock.now());
    app.block_on(|app| async move {
        call.write(&app, move |conn, scene| {
            let id = bids::store::id_of(conn, &reference)?;
            let bid = policy::bid(conn, &scene.actor, Action::SubmitBid, id)?;
            let sealed = content::sealed(conn, &bid, Stage::Eoi)?;
            let version = (Stage::Eoi, sealed.text.as_str(), sealed.hash.as_slice());
            bids::store::keep_version(conn, &bid, scene.fresh(), version, (scene.now, by))?;
            let problem = sealed.content.answers["problem"].as_str().unwrap();
            search::index(conn, id, Kind::Bid, &sealed.content.title, problem)
        })
        .await
    })
    .unwrap();
}
