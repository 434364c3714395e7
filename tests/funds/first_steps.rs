//! From an empty database to the first bid, as README tells it.

use roundtable::{clock::Clock, command};
use serde_json::json;

use crate::harness::{
    app::{TestApp, new_round},
    browser::Browser,
    databases::{Engine, on_each_database},
};

/// An instance as `serve` makes it, at today's date.
struct Empty(TestApp);

impl Empty {
    fn start(engine: Engine) -> Self {
        let app = TestApp::start_empty(engine);
        app.clock.set(Clock::System.now());
        Self(app)
    }
}

/// The link that `roundtable admin` prints.
fn admin_link(app: &TestApp) -> String {
    let mut printed = Vec::new();
    let config = app.app.config.as_ref().clone();
    command::admin(config, "kim@service.example", "Kim Admin", &mut printed).unwrap();
    String::from_utf8(printed).unwrap().trim().to_owned()
}

fn add(browser: &mut Browser, email: &str, name: &str, role: &str) {
    browser.fill("Email address", email).fill("Full name", name).choose(role).press("Add");
    browser.sees(&format!("{name} is added, and gets an email that says so."));
}

on_each_database! {
    fn an_instance_goes_from_its_first_administrator_to_the_first_bid_by_its_pages(empty: &Empty) {
        let app = &empty.0;
        let mut kim = Browser::new(&app.base);
        kim.open(&admin_link(app)).press("Sign in").sees("There are no organisations yet.");
        assert_eq!(kim.path(), "/organisations", "where the work of a new instance begins");
        let councils = "code,name,kind,nation,mail_domain\nAMB,Ambridge Borough Council,district,england,ambridge.example";
        kim.fill("Headings and lines", councils).press("Add or change").follow("People of Ambridge Borough Council");
        add(&mut kim, "governance@ambridge.example", "Gil Governance", "Administrator");
        kim.follow("Manage rounds").sees("There are no funds yet.").follow("Make a fund");
        kim.fill("Short name in addresses", "first-fund").fill("Name", "First Fund").fill("What is it for?", "Working together.");
        kim.fill("Who gives the money?", "Department of Tests").press("Make the fund");
        add(&mut kim, "mo@fund.example", "Mo Manager", "Fund manager");

        let manager = app.client_of(app.person_at("mo@fund.example"));
        let mut round = new_round();
        let (now, opened) = (app.clock.now(), round.milestones[0].at);
        for milestone in &mut round.milestones {
            let after = u64::try_from(milestone.at.micros() - opened.micros()).unwrap();
            milestone.at = now.plus(std::time::Duration::from_micros(after));
        }
        manager.post("/api/v1/funds/first-fund/rounds", serde_json::to_value(&round).unwrap()).expect(201);
        let publish = format!("/api/v1/rounds/{}/publish", round.slug);
        manager.send("POST", &publish, &[("If-Match", "\"v1\"")], Some(&json!({}))).expect(200);

        let mut gil = app.browser_of(app.person_at("governance@ambridge.example"));
        gil.open("/account").follow("People of Ambridge Borough Council");
        add(&mut gil, "digital@ambridge.example", "Dee Digital", "Member");

        let mut dee = app.browser_of(app.person_at("digital@ambridge.example"));
        dee.open("/rounds").follow("Test round").follow("Start an expression of interest");
        dee.fill("What is the working title?", "Our first").press("Start").sees("Our first");
    }
}
