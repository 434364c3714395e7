//! How bids are decided, as everybody may read it, and where bids are, as only the fund's people may.

use roundtable::workflow::{Definition, definitions};
use serde_json::json;

use crate::{
    awards::{SIFT, decide, outcome, submitted},
    bids::written,
    harness::{
        app::{ROUND, TestApp, Who, new_round},
        databases::on_each_database,
    },
};

fn rest(what: &str) -> String {
    format!("/api/v1/rounds/{ROUND}/workflow{what}")
}

on_each_database! {
    fn everybody_reads_the_workflow_of_a_round_and_its_pictures(app: &TestApp) {
        let public = app.public();
        let read = public.get(&rest("")).expect(200);
        assert_eq!(read.header("etag"), Some("\"v1\""));
        assert_eq!(Definition::from_json(&read.text()).unwrap(), definitions::read("local-digital-fund-1").unwrap());
        let text = public.get(&rest(".mmd")).expect(200);
        assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
        assert!(text.text().starts_with("stateDiagram-v2\n    state \"Expression of interest  draft\" as eoi_draft"));
        let picture = public.get(&rest(".svg")).expect(200);
        assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
        assert!(picture.text().starts_with("<svg ") && picture.text().contains("data-state=\"eoi_draft\""));
        assert_eq!(public.get("/api/v1/rounds/none/workflow").status, 404);
    }

    fn the_workflow_of_a_round_that_is_prepared_is_for_its_staff(app: &TestApp) {
        let mut round = serde_json::to_value(new_round()).unwrap();
        round["slug"] = "prepared".into();
        round["prefix"] = "PREP".into();
        app.client(Who::Manager).post("/api/v1/funds/test-fund/rounds", round).expect(201);
        let path = "/api/v1/rounds/prepared/workflow";
        assert_eq!((app.public().get(path).status, app.client(Who::Manager).get(path).status), (404, 200));
    }

    fn only_the_funds_people_see_how_many_bids_are_where(app: &TestApp) {
        let (first, _) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        let (officer, never_sent) = written(app, "Never sent");
        officer.post(&format!("/api/v1/bids/{never_sent}/actions/withdraw"), json!({})).expect(200);
        app.at(SIFT);
        let counted = |who: Who, words: &str| app.client(who).get(&rest(".mmd")).expect(200).text().contains(words);
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            assert!(counted(who, "EOI submitted (2)"), "{who:?}");
        }
        decide(&app.client(Who::Manager), &first, "sift", outcome("invite")).expect(201);
        assert!(counted(Who::Manager, "EOI submitted (1)") && counted(Who::Manager, "Invited to apply (1)"));
        assert!(counted(Who::Manager, "EOI in draft (0)") && counted(Who::Manager, "Withdrawn (0)"), "nobody counts drafts");
        let page = format!("/rounds/{ROUND}");
        app.browser(Who::Manager).open(&page).sees("Bids that were submitted are counted").sees("Invited to apply");
        let public = app.public().get(&page).expect(200).text();
        for others in [Who::Officer, Who::Partner, Who::Assessor, Who::Nobody] {
            assert_eq!(app.client(others).get(&rest(".svg")).body, app.public().get(&rest(".svg")).body, "{others:?}");
        }
        assert!(public.contains("How bids are decided") && public.contains("The same as tables"), "{public}");
        assert!(public.contains("Not before: Expressions of interest open; Until: Expressions of interest close"));
        assert!(!public.contains("Bids that were submitted are counted"));
    }

    fn a_bids_page_shows_the_way_that_it_has_come_as_far_as_the_reader_may_know(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        app.at(SIFT);
        let page = format!("/bids/{reference}");
        let here = |who: Who| {
            let page = app.client(who).get(&page).expect(200).text();
            let way = page.split("is in “").nth(1).map(|rest| rest.split('”').next().unwrap().to_owned());
            (page.matches(">The bid is here</text>").count(), way.unwrap())
        };
        assert_eq!(here(Who::Officer), (1, "Expression of interest: submitted".into()));
        assert_eq!(here(Who::Manager), (1, "EOI submitted".into()));
        decide(&app.client(Who::Manager), &reference, "sift", outcome("not_invite")).expect(201);
        assert_eq!(here(Who::Officer), (1, "Expression of interest: submitted".into()));
        assert_eq!(here(Who::Manager), (1, "Not invited".into()));
        let officers = app.client(Who::Officer).get(&page).expect(200).text();
        assert!(officers.contains("This bid came through “Expression of interest: draft” and is in"), "{officers}");
    }
}
