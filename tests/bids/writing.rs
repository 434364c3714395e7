//! A council writes an expression of interest over REST.

use serde_json::json;

use crate::harness::{
    app::{ROUND, TestApp, Who},
    databases::on_each_database,
};

on_each_database! {
    fn the_rounds_are_public(app: &TestApp) {
        let rounds = app.public().get("/api/v1/rounds").expect(200).json();
        assert_eq!(rounds["items"][0]["slug"], ROUND);
        assert_eq!(rounds["items"][0]["status"], "eoi_open");
    }

    fn a_page_that_does_not_exist_says_so_with_a_way_on(app: &TestApp) {
        let page = app.public().get("/nothing/here");
        assert_eq!(page.status, 404);
        assert!(page.header("content-type").unwrap().starts_with("text/html"), "{:?}", page.headers);
    }

    fn a_stranger_is_told_nothing_of_a_bid(app: &TestApp) {
        assert_eq!(app.client(Who::Stranger).get("/api/v1/bids/TEST-0001").problem(), (404, "not_found".into()));
        assert_eq!(app.public().get("/api/v1/bids/TEST-0001").problem(), (401, "unauthenticated".into()));
        let start = json!({ "round": ROUND, "lead": "0197a000-0000-7000-8000-000000000000", "title": "Ours" });
        assert_eq!(app.client(Who::Stranger).post("/api/v1/bids", start).status, 404);
    }
}
