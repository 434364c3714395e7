//! Who works for a fund: who says so, who hears of it, and what follows at once.

use roundtable::{
    events::Chain,
    ids::{FundKey, Id},
};
use serde_json::{Value, json};

use crate::{
    account::happened,
    harness::{
        app::{Answer, Client, TestApp, Who},
        browser::Browser,
        databases::on_each_database,
    },
};

const ROLES: &str = "/api/v1/funds/test-fund/roles";
const JO: &str = "jo@fund.example";
const NOBODY: &str = "0197a000-0000-7000-8000-000000000000";

fn jo(role: &str) -> Value {
    json!({ "email": JO, "name": "Jo Bloggs", "role": role })
}

fn take(client: &Client, app: &TestApp, who: Who, role: &str) -> Answer {
    client.delete(&format!("{ROLES}/{}/{role}", app.person(who)))
}

fn roles_of(app: &TestApp, email: &str) -> Vec<String> {
    let list = app.client(Who::Admin).get(ROLES).expect(200).json();
    let theirs = list.as_array().unwrap().iter().filter(|holder| holder["email"] == email);
    theirs.map(|holder| holder["role"].as_str().unwrap().to_owned()).collect()
}

fn fund(app: &TestApp) -> Id<FundKey> {
    let fund = app.client(Who::Admin).get("/api/v1/funds/test-fund").expect(200).json();
    fund["id"].as_str().unwrap().parse().unwrap()
}

on_each_database! {
    fn a_manager_gives_a_role_to_somebody_who_hears_of_it_and_has_it_at_once(app: &TestApp) {
        let given = app.client(Who::Manager).post(ROLES, jo("observer")).expect(201).json();
        assert_eq!((&given["name"], &given["role"]), (&json!("Jo Bloggs"), &json!("observer")));
        let letters = app.letters();
        let [letter] = letters.as_slice() else { panic!("one letter: {letters:?}") };
        assert_eq!((letter.template.as_str(), letter.recipient.as_str()), ("staff-added", JO));
        assert_eq!(letter.subject, "Manager Person added you to the staff of Test Fund");
        assert!(letter.text.contains("With it you can read submitted bids and their scores"), "{}", letter.text);
        assert!(letter.text.contains("https://roundtable.example/sign-in"), "{}", letter.text);
        app.client_of(app.person_at(JO)).get("/api/v1/rounds/test-round/bids").expect(200);
    }

    fn whoever_loses_a_role_loses_its_sight_at_once(app: &TestApp) {
        let (manager, observer) = (app.client(Who::Manager), app.client(Who::Observer));
        observer.get("/api/v1/rounds/test-round/bids").expect(200);
        take(&manager, app, Who::Observer, "observer").expect(204);
        observer.get("/api/v1/rounds/test-round/bids").expect(404);
        observer.get("/api/v1/me").expect(200);
        let detail = json!({ "person": app.person(Who::Observer), "role": "observer" });
        assert_eq!(happened(app, Chain::Fund(fund(app))).last(), Some(&("fund.role_taken".to_owned(), detail)));
        manager.post(ROLES, json!({ "email": Who::Observer.email(), "name": "x", "role": "observer" })).expect(201);
        observer.get("/api/v1/rounds/test-round/bids").expect(200);
    }

    fn the_last_manager_is_only_taken_away_from_above(app: &TestApp) {
        let manager = app.client(Who::Manager);
        assert_eq!(take(&manager, app, Who::Manager, "fund_manager").problem(), (409, "last_manager".into()));
        manager.post(ROLES, jo("fund_manager")).expect(201);
        take(&manager, app, Who::Manager, "fund_manager").expect(204);
        manager.get(ROLES).expect(404);
        let last = format!("{ROLES}/{}/fund_manager", app.person_at(JO));
        app.client_of(app.person_at(JO)).delete(&last).expect(409);
        app.client(Who::Admin).delete(&last).expect(204);
        assert_eq!(roles_of(app, JO), [""; 0]);
    }

    fn every_other_manager_hears_who_else_can_approve(app: &TestApp) {
        app.colleague();
        let manager = app.client(Who::Manager);
        manager.post(ROLES, jo("observer")).expect(201);
        let heard = || app.letters().into_iter().filter(|letter| letter.template == "approver-named").collect::<Vec<_>>();
        assert!(heard().is_empty(), "an observer approves nothing");
        manager.post(ROLES, jo("fund_manager")).expect(201);
        let letters = heard();
        let [letter] = letters.as_slice() else { panic!("one letter: {letters:?}") };
        assert_eq!(letter.recipient, "colleague@test.example");
        assert!(letter.text.contains(JO) && letter.text.contains("Fund manager"), "{}", letter.text);
    }

    fn a_role_is_not_given_twice_and_a_person_can_have_several(app: &TestApp) {
        let manager = app.client(Who::Manager);
        manager.post(ROLES, jo("assessor")).expect(201);
        assert_eq!(manager.post(ROLES, jo("assessor")).problem(), (409, "role_held_already".into()));
        manager.post(ROLES, jo("moderator")).expect(201);
        assert_eq!(roles_of(app, JO), ["assessor", "moderator"]);
        assert_eq!(app.letters().len(), 2);
    }

    fn everything_wrong_with_new_staff_is_said_at_once_and_nothing_is_written(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let before = happened(app, Chain::Fund(fund(app)));
        let refused = manager.post(ROLES, json!({ "email": "jo", "name": "", "role": "king" })).expect(422).json();
        let pointers: Vec<&str> =
            refused["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/email", "/name", "/role"]);
        let roles = refused["errors"][2]["message"].as_str().unwrap();
        assert!(roles.contains("fund manager, assessor, moderator or observer"), "{roles}");
        manager.post(ROLES, json!({ "person": app.person(Who::Nobody), "role": "observer" })).expect(422);
        manager.post(ROLES, json!({ "email": JO, "name": "Jo", "role": "member" })).expect(422);
        assert_eq!((happened(app, Chain::Fund(fund(app))), app.letters().len()), (before, 0));
    }

    fn nobody_else_knows_or_changes_who_works_for_a_fund(app: &TestApp) {
        for who in [Who::Moderator, Who::Observer, Who::Assessor] {
            let client = app.client(who);
            client.get(ROLES).expect(403);
            assert_eq!(client.post(ROLES, jo("observer")).problem(), (403, "not_allowed".into()), "{who:?}");
            take(&client, app, Who::Manager, "fund_manager").expect(403);
            client.get("/api/v1/funds/test-fund").expect(200);
        }
        for who in [Who::Officer, Who::Administrator, Who::Nobody] {
            let client = app.client(who);
            client.get(ROLES).expect(404);
            client.post(ROLES, jo("observer")).expect(404);
            take(&client, app, Who::Manager, "fund_manager").expect(404);
            client.get("/api/v1/funds").expect(404);
            client.get("/api/v1/funds/test-fund").expect(404);
        }
        app.public().post(ROLES, jo("observer")).expect(401);
        app.public().get("/api/v1/funds/no-such-fund").expect(401);
        let manager = app.client(Who::Manager);
        for path in [format!("{ROLES}/{NOBODY}/observer"), format!("{ROLES}/none/observer"),
            format!("{ROLES}/{}/king", app.person(Who::Observer)), format!("{ROLES}/{}/assessor", app.person(Who::Observer))] {
            assert_eq!(manager.delete(&path).problem(), (404, "not_found".into()), "{path}");
        }
        app.client(Who::Admin).get("/api/v1/funds/no-such-fund/roles").expect(404);
    }

    fn staff_see_their_funds_and_whoever_runs_the_service_sees_every_one(app: &TestApp) {
        let other = json!({ "slug": "other", "name": "Another Fund", "summary": "More.", "funder": "Somebody" });
        let made = app.client(Who::Admin).post("/api/v1/funds", other).expect(201);
        app.client(Who::Admin).get(made.header("location").unwrap()).expect(200);
        let slugs = |who: Who| -> Vec<String> {
            let list = app.client(who).get("/api/v1/funds").expect(200).json();
            list.as_array().unwrap().iter().map(|fund| fund["slug"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(slugs(Who::Admin), ["other", "test-fund"]);
        assert_eq!(slugs(Who::Moderator), ["test-fund"]);
        app.client(Who::Manager).get("/api/v1/funds/other").expect(404);
    }

    fn a_manager_adds_and_removes_staff_on_a_page_that_says_what_happened(app: &TestApp) {
        let mut browser = app.browser(Who::Manager);
        browser.open("/staff").follow("Staff of Test Fund");
        assert_eq!(browser.h1(), "Staff");
        browser.press("Add");
        let fields: Vec<String> = browser.errors().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["#email", "#name", "#role"]);
        browser.fill("Email address", JO).fill("Full name", "Jo Bloggs").choose("Moderator").press("Add");
        browser.sees("Jo Bloggs is added, and gets an email that says so.").sees("Role of moderator given to Jo Bloggs");
        browser.press("Remove Jo Bloggs as moderator").sees("Jo Bloggs no longer has the role of moderator.");
        browser.press("Remove Manager Person as fund manager");
        assert!(browser.errors()[0].1.contains("the only manager"), "{:?}", browser.errors());
        let mut moderator = app.browser(Who::Moderator);
        moderator.open("/staff");
        assert!(!moderator.links().contains(&"Staff of Test Fund".to_owned()), "it would lead to a refusal");
        assert_eq!(moderator.open("/funds/test-fund/staff").status(), 403);
    }

    fn what_is_told_of_a_funds_staff_leaves_conflicts_of_interest_out(app: &TestApp) {
        let conflict = json!({ "organisation": "BOR", "reason": "My sister works there." });
        app.client(Who::Assessor).post("/api/v1/conflicts", conflict).expect(200);
        let kinds: Vec<String> = happened(app, Chain::Fund(fund(app))).into_iter().map(|(kind, _)| kind).collect();
        assert!(kinds.last().unwrap().starts_with("conflict."), "the fund's chain has it: {kinds:?}");
        let mut browser = app.browser(Who::Manager);
        browser.open("/funds/test-fund/staff").sees("Fund made").sees("Role of assessor given to Assessor Person");
        assert!(!browser.has("Borchester") && !browser.has("declared"));
    }

    fn a_fund_is_made_on_a_page_by_whoever_runs_the_service_alone(app: &TestApp) {
        let mut browser = app.browser(Who::Admin);
        browser.open("/").follow("Manage rounds").follow("Make a fund").press("Make the fund");
        assert_eq!(browser.errors().len(), 4, "{:?}", browser.errors());
        browser.fill("Short name in addresses", "test-fund").fill("Name", "Second Fund").fill("What is it for?", "More.");
        browser.fill("Who gives the money?", "Department of Tests").press("Make the fund");
        assert_eq!(browser.errors()[0].0, "#slug", "it is taken");
        browser.fill("Short name in addresses", "second").press("Make the fund");
        browser.sees("The fund is made. Add its first manager.").sees("Second Fund").sees("Nobody has a role here yet.");
        for who in [Who::Manager, Who::Officer] {
            assert_eq!(app.browser(who).open("/funds/new").status(), 404, "{who:?}");
        }
        assert_eq!(Browser::new(&app.base).open("/funds/new").status(), 401);
    }
}
