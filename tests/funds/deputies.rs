//! Deputies: who names them, who hears of it, on which days they act, and that the two count as one person.

use roundtable::events::Chain;
use serde_json::{Value, json};

use crate::{
    account::happened,
    awards::{DECIDING, award, decide, post_seen, shortlisted, stand_behind},
    harness::{
        app::{Answer, TestApp, Who},
        databases::on_each_database,
    },
};

const PATH: &str = "/api/v1/funds/test-fund/deputies";
const RELEASE: &str = "/api/v1/rounds/test-round/releases/announcement";

/// The moderator acts for the manager in the week in which is decided.
fn moderator(app: &TestApp) -> Value {
    json!({ "principal": app.person(Who::Manager), "deputy": app.person(Who::Moderator),
        "from": "2026-11-16", "until": "2026-11-22", "reason": "On leave" })
}

fn approve(app: &TestApp, who: Who) -> Answer {
    stand_behind(&app.client(who), RELEASE)
}

on_each_database! {
    fn a_deputy_is_named_for_some_days_and_hears_of_it(app: &TestApp) {
        let named = app.client(Who::Manager).post(PATH, moderator(app)).expect(201).json();
        assert_eq!((&named["deputy_name"], &named["principal_name"]), (&json!("Moderator Person"), &json!("Manager Person")));
        let letters = app.letters();
        let [letter, own] = letters.as_slice() else { panic!("two letters: {letters:?}") };
        assert_eq!((letter.template.as_str(), letter.recipient.clone()), ("deputy-named", Who::Moderator.email()));
        assert_eq!((own.template.as_str(), own.recipient.clone()), ("approver-named", Who::Manager.email()));
        assert!(letter.text.contains("from 16 November 2026 to 22 November 2026"), "{}", letter.text);
        assert_eq!(app.client(Who::Assessor).get(PATH).expect(200).json().as_array().unwrap().len(), 1);
        let fund = app.client(Who::Admin).get("/api/v1/funds/test-fund").expect(200).json();
        let chain = Chain::Fund(fund["id"].as_str().unwrap().parse().unwrap());
        assert_eq!(happened(app, chain).last().unwrap().0, "deputy.named");
        let end = format!("{PATH}/{}", named["id"].as_str().unwrap());
        assert_eq!(app.client(Who::Observer).delete(&end).problem(), (403, "not_allowed".into()));
        app.client(Who::Manager).delete(&end).expect(204);
        app.client(Who::Manager).delete(&end).expect(404);
    }

    fn the_deputy_approves_in_place_of_the_principal_and_both_are_one(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", 8_000_000);
        app.colleague();
        app.client(Who::Manager).post(PATH, moderator(app)).expect(201);
        assert_eq!(approve(app, Who::Moderator).problem(), (403, "not_allowed".into()), "it is September");
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bid, "award", award(8_000_000, 1)).expect(201);
        let waiting = approve(app, Who::Moderator).expect(202).json();
        assert_eq!(waiting["given"][0]["in_place_of"]["name"], "Manager Person");
        assert_eq!(approve(app, Who::Manager).problem(), (409, "approved_already".into()), "they are one person");
        assert_eq!(waiting["wanted"].as_array().unwrap().len(), 1, "{waiting}");
        stand_behind(&app.client_of(app.colleague()), RELEASE).expect(200);
    }

    fn what_a_deputy_approved_counts_no_more_once_they_may_not_read_it(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", 8_000_000);
        app.client(Who::Manager).post(PATH, moderator(app)).expect(201);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bid, "award", award(8_000_000, 1)).expect(201);
        approve(app, Who::Moderator).expect(202);
        let counts = || app.client(Who::Manager).get(RELEASE).expect(200).json()["support"]["given"][0]["counts"].clone();
        assert_eq!(counts(), true);
        let role = format!("/api/v1/funds/test-fund/roles/{}/moderator", app.person(Who::Moderator));
        app.client(Who::Manager).delete(&role).expect(204);
        assert_eq!(counts(), false, "the principal still has the role, and did not approve");
        approve(app, Who::Manager).expect(202);
        stand_behind(&app.client_of(app.colleague()), RELEASE).expect(200);
    }

    fn whoever_manages_and_acts_for_another_is_still_one_person(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", 8_000_000);
        let mut colleague = moderator(app);
        colleague["deputy"] = json!(app.colleague());
        app.client(Who::Manager).post(PATH, colleague).expect(201);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bid, "award", award(8_000_000, 1)).expect(201);
        approve(app, Who::Manager).expect(202);
        let client = app.client_of(app.colleague());
        assert_eq!(stand_behind(&client, RELEASE).problem(), (409, "approved_already".into()));
        let tag = client.get(RELEASE).expect(200).json()["support"]["tag"].clone();
        let refused = post_seen(&client, &format!("{RELEASE}/refuse"), &tag, json!({ "reason": "No." }));
        assert_eq!(refused.problem(), (409, "own_request".into()), "nobody refuses what they asked for");
        app.at("2026-11-23T09:00:00Z");
        stand_behind(&app.client_of(app.colleague()), RELEASE).expect(200);
    }

    fn whoever_is_named_deputy_by_somebody_who_cannot_approve_counts_as_themselves(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", 8_000_000);
        let deputy = |who, deputy| {
            let named = json!({ "deputy": deputy, "from": "2026-11-16", "until": "2026-11-22", "reason": "On leave" });
            app.client(who).post(PATH, named)
        };
        let refused = deputy(Who::Observer, json!(app.colleague())).expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], "/principal", "an observer approves nothing");
        let page = app.client(Who::Observer).get("/funds/test-fund/deputies").expect(200).text();
        assert!(!page.contains("Name the deputy"), "{page}");
        deputy(Who::Moderator, json!(app.colleague())).expect(201);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bid, "award", award(8_000_000, 1)).expect(201);
        let waiting = stand_behind(&app.client_of(app.colleague()), RELEASE).expect(202).json();
        assert_eq!((&waiting["given"][0]["in_place_of"], &waiting["given"][0]["counts"]), (&Value::Null, &json!(true)));
        approve(app, Who::Manager).expect(200);
    }

    fn every_manager_hears_of_a_deputy_and_so_does_the_one_who_is_away(app: &TestApp) {
        let mut named = moderator(app);
        named["principal"] = json!(app.person(Who::Moderator));
        named["deputy"] = json!(app.person(Who::Observer));
        app.client_of(app.colleague()).post(PATH, named).expect(201);
        let mut read: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "approver-named").collect();
        read.sort_by(|one, other| one.recipient.cmp(&other.recipient));
        let readers: Vec<_> = read.iter().map(|letter| letter.recipient.clone()).collect();
        assert_eq!(readers, [Who::Manager.email(), Who::Moderator.email()], "not whoever named them");
        for said in ["Colleague Person has named Observer Person", &Who::Observer.email(), "In the place of Moderator Person"] {
            assert!(read[0].text.contains(said), "{}", read[0].text);
        }
    }

    fn everything_wrong_with_a_deputy_is_said_at_once(app: &TestApp) {
        let wrong = json!({ "deputy": app.person(Who::Officer), "from": "2026-11-16", "until": "2026-11-15", "reason": " " });
        let refused = app.client(Who::Manager).post(PATH, wrong).expect(422).json();
        let pointers: Vec<&str> =
            refused["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/until", "/reason", "/deputy"]);
        app.client(Who::Manager).post(PATH, moderator(app)).expect(201);
        let chain = json!({ "principal": app.person(Who::Moderator), "deputy": app.person(Who::Observer),
            "from": "2026-11-22", "until": "2026-11-30", "reason": "On leave" });
        assert_eq!(app.client(Who::Manager).post(PATH, chain.clone()).problem(), (409, "deputy_already".into()));
        assert_eq!(app.client(Who::Observer).post(PATH, chain).problem(), (403, "not_allowed".into()));
        app.client(Who::Officer).get(PATH).expect(404);
    }

    fn a_moderator_names_their_own_deputy_on_a_page(app: &TestApp) {
        let mut browser = app.browser(Who::Moderator);
        browser.open("/funds/test-fund/deputies").press("Name the deputy").sees("Choose who acts").sees("Enter the first day");
        browser.select("Who acts in your place", "Observer Person");
        for (name, day) in [("First day", "20"), ("Last day", "21")] {
            browser.fill_in(name, "Day", day).fill_in(name, "Month", "11").fill_in(name, "Year", "2026");
        }
        browser.fill("Why", "On leave").press("Name the deputy").sees("Observer Person acts for Moderator Person");
        let mut manager = app.browser(Who::Manager);
        manager.open("/funds/test-fund/staff").sees("Observer Person acts for Moderator Person from 20 November 2026");
        manager.sees("Observer Person was named to act for Moderator Person").follow("Name a deputy");
        manager.press("End Observer Person for Moderator Person").sees("Observer Person no longer acts for Moderator Person.");
    }
}
