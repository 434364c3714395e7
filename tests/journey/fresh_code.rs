//! A person submits with a fresh code, which does not stop the clock; a program needs none.

use std::time::Duration;

use serde_json::{Value, json};

use super::with_borchester;
use crate::{
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, moment},
        browser::Browser,
        databases::on_each_database,
    },
};

const SUBMIT: &str = "Submit expression of interest";
const TOO_LONG: Duration = Duration::from_secs(31 * 60);

fn submit(client: &Client, reference: &str) -> Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({}))
}

/// The newest code that somebody was sent before something weighty.
fn code(app: &TestApp, who: Who) -> String {
    let sent = app.letters().into_iter().rfind(|letter| letter.template == "fresh-code");
    let letter = sent.expect("a code was sent");
    assert_eq!(letter.recipient, who.email());
    letter.data["code"].as_str().unwrap().to_owned()
}

/// Gets a code on the page on which the browser stands and enters it.
fn confirm(app: &TestApp, officer: &mut Browser) {
    officer.press("Email me a code").fill("Code", &code(app, Who::Officer)).press("Continue");
}

fn check_page(reference: &str) -> String {
    format!("/bids/{reference}/check")
}

fn fresh_page(reference: &str) -> String {
    format!("/account/fresh?return_to=%2Fbids%2F{reference}%2Fcheck")
}

on_each_database! {
    fn a_code_that_is_too_old_submits_nothing_and_loses_nothing(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        app.later(TOO_LONG);
        assert_eq!(submit(&client, &reference).problem(), (403, "fresh_code_needed".into()));
        let kept = client.get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        assert_eq!((&kept["state"], &kept["content"]["answers"]["problem"]), (&json!("eoi_draft"), &json!("Words of our own.")));
        assert_eq!(client.get(&format!("/api/v1/bids/{reference}/versions")).json(), json!([]));
        submit(&app.client(Who::Officer), &reference).expect(200);
        client.post(&format!("/api/v1/bids/{reference}/actions/withdraw"), json!({})).expect(200);
    }

    fn the_check_page_asks_for_the_code_before_the_button_is_there(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = app.browser(Who::Officer);
        app.later(TOO_LONG);
        officer.open(&check_page(&reference)).sees("Get your code now; it counts for 30 minutes.");
        assert!(!officer.buttons().contains(&SUBMIT.to_owned()), "{:?}", officer.buttons());
        confirm(app, &mut officer);
        assert_eq!(officer.path(), check_page(&reference));
        officer.sees("counts until 11:01am").press(SUBMIT).sees("Fingerprint");
        assert_eq!(officer.path(), format!("/bids/{reference}/submitted"));
    }

    fn whoever_presses_submit_with_an_old_code_is_led_to_a_new_one_and_back(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = app.browser(Who::Officer);
        for page in [check_page(&reference), format!("/bids/{reference}/actions/submit_eoi")] {
            officer.open(&page);
            app.later(TOO_LONG);
            officer.press(SUBMIT);
            assert_eq!(officer.path(), fresh_page(&reference), "{page}");
            confirm(app, &mut officer);
            assert_eq!(officer.path(), check_page(&reference), "{page}");
        }
        officer.press(SUBMIT).sees("Fingerprint");
    }

    fn what_counts_for_the_deadline_is_the_submitting_after_the_code(app: &TestApp) {
        let (_, in_time) = written(app, "In time");
        let (_, too_late) = written(app, "Too late");
        app.clock.set(moment("2026-09-30T15:20:00Z"));
        let mut officer = app.browser(Who::Officer);
        app.clock.set(moment("2026-09-30T15:55:00Z"));
        officer.open(&check_page(&in_time)).sees("closes at 5pm on 30 September 2026").sees("Get your code now");
        confirm(app, &mut officer);
        app.clock.set(moment("2026-09-30T16:00:00Z"));
        officer.press(SUBMIT).sees("Fingerprint");

        app.clock.set(moment("2026-09-30T15:30:00Z"));
        let (stale, mut administrator) = (app.client(Who::Officer), app.browser(Who::Administrator));
        administrator.open(&check_page(&too_late));
        app.clock.set(moment("2026-09-30T16:00:00Z"));
        assert_eq!(submit(&stale, &too_late).problem(), (403, "fresh_code_needed".into()), "it would have been in time");
        app.clock.set(moment("2026-09-30T16:00:00.000001Z"));
        administrator.press(SUBMIT);
        assert_eq!(administrator.status(), 409, "the deadline is told first: no code helps any more");
        administrator.sees("This closed at 5pm on 30 September 2026. Nothing was submitted by then.");
        administrator.sees("Download the draft as PDF").sees("Download the draft as a Word file");
        assert_eq!(submit(&app.client(Who::Officer), &too_late).problem(), (409, "deadline_passed".into()));
    }

    fn a_bid_that_lacks_something_says_in_good_time_that_a_code_will_be_needed(app: &TestApp) {
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Shared repairs" });
        let started = app.client(Who::Officer).post("/api/v1/bids", start).expect(201).json();
        let reference = started["reference"].as_str().unwrap().to_owned();
        app.browser(Who::Officer).open(&check_page(&reference)).sees("You cannot submit yet").sees("you will need a code");
        with_borchester(app, &reference, true);
        let mut partner = app.browser(Who::Partner);
        partner.open(&check_page(&reference)).sees("Ambridge Borough Council");
        assert!(!partner.has("need a code"), "it is not theirs to submit");
    }

    fn a_program_submits_without_a_code_and_only_for_its_own_council(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        app.later(Duration::from_secs(2 * 3_600));
        let (ours, theirs) = (program(app, "AMB", Who::Administrator), program_of_a_stranger(app));
        let path = format!("/api/v1/bids/{reference}/actions/submit_eoi");
        let send = |token: &str| {
            let authorization = format!("Bearer {token}");
            app.public().send("POST", &path, &[("Authorization", &authorization)], Some(&json!({})))
        };
        assert_eq!(send(&theirs).problem(), (404, "not_found".into()));
        assert_eq!(send(&ours).expect(200).json()["state"], "eoi_submitted");
        let history = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/history")).json();
        assert_eq!(history[2]["actor"]["kind"], "client", "{history}");
    }
}

/// The access token of a new program of a council.
pub fn program(app: &TestApp, code: &str, owner: Who) -> String {
    let path = format!("/api/v1/organisations/{}/clients", app.organisation(code));
    let made: Value = app.client(owner).post(&path, json!({ "name": "Grants register" })).expect(201).json();
    let credentials = json!({
        "grant_type": "client_credentials", "client_id": made["client"]["id"], "client_secret": made["secret"]
    });
    let token = app.public().post("/api/v1/token", credentials).expect(200).json();
    token["access_token"].as_str().unwrap().to_owned()
}

/// The same of a council that has nothing to do with the others, whose member becomes its administrator first.
pub fn program_of_a_stranger(app: &TestApp) -> String {
    use roundtable::{
        actor::Actor,
        identity::{
            model::MemberRole,
            policy::{self, Action},
            store::people,
        },
    };
    let (council, person, now) = (app.organisation("CAS"), app.person(Who::Stranger), app.clock.now());
    app.block_on(|app| async move {
        let ids = app.ids.clone();
        let joined = app.db.write(move |conn| {
            let granted = policy::organisation(conn, &Actor::System, Action::ManageMembers, council)?;
            people::join(conn, &granted, (person, MemberRole::Administrator), ids.fresh(now), now)
        });
        joined.await.unwrap();
    });
    program(app, "CAS", Who::Stranger)
}
