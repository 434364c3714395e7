//! A round is called off: two managers stand behind it, everybody reads why, and nothing in it moves any more.

use std::thread;

use serde_json::{Value, json};

use super::{
    amendments::{PATH, approve, concerned, propose, told},
    dates::second,
    holds::hold,
    with_borchester,
};
use crate::{
    assessment::given_bid,
    awards::{ANNOUNCED, DECIDING, SIFT, award, decide, outcome, release, shortlisted, submitted},
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const WHY: &str = "The money is needed elsewhere.";
const ASK: i64 = 8_000_000;

fn cancellation() -> Value {
    json!({ "reason": WHY })
}

/// Two managers call the round off.
pub fn cancel(app: &TestApp) {
    let second = app.colleague();
    propose(&app.client(Who::Manager), "cancellation", &cancellation()).expect(202);
    approve(&app.client_of(second)).expect(200);
}

fn act(client: &Client, reference: &str, action: &str) -> Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({}))
}

fn state(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json()["state"].clone()
}

on_each_database! {
    fn two_managers_call_a_round_off_and_everybody_hears_why(app: &TestApp) {
        let (manager, second) = (app.client(Who::Manager), second(app));
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, false);
        assert_eq!(propose(&manager, "cancellation", &json!({ "reason": "" })).problem(), (422, "invalid".into()));
        propose(&manager, "cancellation", &cancellation()).expect(202);
        assert_eq!(app.public().get(PATH).expect(200).json()["status"], "eoi_open", "one manager is not enough");
        assert_eq!(approve(&manager).problem(), (409, "approved_already".into()));
        approve(&second).expect(200);
        let round = app.public().get(PATH).expect(200).json();
        assert_eq!((&round["status"], &round["cancelled_because"]), (&json!("cancelled"), &json!(WHY)));
        let listed = app.public().get(&format!("{PATH}/amendments")).expect(200).json();
        assert_eq!((&listed[0]["kind"], &listed[0]["reason"]), (&json!("cancellation"), &json!(WHY)));
        let words = "This round was cancelled at 10am on 2 September 2026: The money is needed elsewhere.";
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees(words);
        let open = app.public().get("/common-grants/opportunities").expect(200).json()["items"][0]["status"].clone();
        assert_eq!(open, json!({ "value": "custom", "customValue": "cancelled", "description": words }));
        let feed = app.public().get("/rounds.atom").expect(200).text();
        assert!(feed.contains("<title>Cancelled: Test round</title>") && feed.contains(words), "{feed}");
        let calendar = app.public().get("/rounds.ics").expect(200).text();
        assert_eq!(calendar.matches("STATUS:CANCELLED").count(), 6, "what was still to come: {calendar}");
        app.work();
        let mut expected = concerned();
        expected.insert("second@fund.example".into());
        assert_eq!(told(app, "round-cancelled"), expected);
        assert_eq!(propose(&manager, "cancellation", &cancellation()).problem(), (409, "round_cancelled".into()));
        assert_eq!(propose(&manager, "budget", &json!({ "budget_pence": 1, "reason": "x" })).problem(), (409, "round_cancelled".into()));
    }

    fn no_bid_moves_in_it_any_more_but_out(app: &TestApp) {
        let (officer, draft) = written(app, "A draft");
        let sent = submitted(app, "Shared repairs");
        let invited = format!("/api/v1/bids/{sent}/partners");
        cancel(app);
        let officer_path = format!("/api/v1/bids/{draft}");
        let plan = officer.get(&format!("{officer_path}/actions")).expect(200).json();
        let why = "this round was cancelled at 10am on 2 September 2026: The money is needed elsewhere";
        let submit = plan["choices"].as_array().unwrap().iter().find(|choice| choice["transition"] == "submit_eoi").unwrap();
        assert_eq!((&submit["allowed"], &submit["reasons"]), (&json!(false), &json!([why])));
        for refused in [
            act(&officer, &draft, "submit_eoi"),
            act(&officer, &sent, "resubmit_eoi"),
            officer.put(&format!("{officer_path}/answers/problem"), 1, json!({ "value": "New.", "complete": true })),
            officer.patch(&officer_path, 2, json!({ "title": "New" })),
            officer.post(&invited, json!({ "organisation": "BOR", "share_pence": 20_000 })),
        ] {
            assert_eq!(refused.problem(), (409, "round_cancelled".into()));
        }
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Another" });
        assert_eq!(officer.post("/api/v1/bids", start).problem(), (409, "round_closed".into()));
        // What was written is still there to read.
        app.browser(Who::Officer).open(&format!("/bids/{draft}")).sees("Words of our own.").sees("What you wrote stays here");
        app.browser(Who::Officer).open("/dashboard").sees("this round was cancelled");
        assert_eq!(app.client(Who::Officer).get(&format!("/bids/{draft}/about")).status, 409);
        act(&officer, &sent, "withdraw").expect(200);
        assert_eq!(state(app, &sent), "withdrawn");
    }

    fn deadlines_bring_nothing_in_it_and_no_outcome_is_released(app: &TestApp) {
        let (_, draft) = written(app, "A draft");
        let sent = submitted(app, "Shared repairs");
        app.at(SIFT);
        app.work();
        let lapsed = state(app, &draft);
        let manager = app.client(Who::Manager);
        decide(&manager, &sent, "sift", outcome("not_invite")).expect(201);
        release(app, "eoi_outcome").expect(200);
        app.at("2026-10-10T08:59:59Z");
        let before = state(app, &sent);
        cancel(app);
        let written_down = app.letters().len();
        for instant in ["2026-10-10T09:00:00Z", "2026-11-16T09:00:00Z", ANNOUNCED, "2027-04-01T09:00:00Z"] {
            app.at(instant);
            app.work();
            assert_eq!((state(app, &sent), state(app, &draft)), (before.clone(), lapsed.clone()), "{instant}");
            let outcomes = app.client(Who::Officer).get(&format!("/api/v1/bids/{sent}/outcomes")).expect(200).json();
            assert_eq!(outcomes, json!([]), "{instant}");
            let list = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/eois.json")).expect(200).json();
            assert_eq!(list["bids"][0]["outcomes"], json!([]), "{instant}");
            assert_eq!(app.public().get(PATH).expect(200).json()["status"], "cancelled");
        }
        assert!(app.letters()[written_down..].iter().all(|letter| letter.template == "round-cancelled"));
        let path = format!("{PATH}/releases/announcement");
        assert_eq!(app.client(Who::Manager).post(&path, json!({})).problem(), (409, "round_cancelled".into()));
        let late = decide(&app.client(Who::Manager), &sent, "sift", outcome("invite"));
        assert_eq!(late.problem(), (409, "round_cancelled".into()));
        app.browser(Who::Manager).open(&format!("/rounds/{ROUND}/decisions")).sees("this round was cancelled");
    }

    fn what_was_marked_and_decided_in_it_stays_to_read_and_as_it_is(app: &TestApp) {
        let sent = submitted(app, "Shared repairs");
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        let marks = json!({ "marks": [{ "question": "problem", "mark": "pass" }] });
        let mark = || app.client(Who::Manager).send("PUT", &format!("/api/v1/bids/{sent}/sift"), &[], Some(&marks));
        mark().expect(200);
        decide(&manager, &sent, "sift", outcome("not_invite")).expect(201);
        cancel(app);
        let decided = manager.get(&format!("/api/v1/bids/{sent}/decisions/sift")).expect(200).json();
        assert_eq!(decided["transition"], "not_invite");
        let marked = manager.get(&format!("/api/v1/bids/{sent}/sift")).expect(200).json();
        assert_eq!(marked["marks"][0]["mark"], "pass");
        assert_eq!(mark().problem(), (409, "round_cancelled".into()));
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/bids/{sent}/sift")).sees("nothing is marked in it any more");
        assert!(!browser.buttons().iter().any(|button| button.starts_with("Save")), "{:?}", browser.buttons());
        browser.open(&format!("/bids/{sent}/decision")).sees("Nothing can be decided on this bid now: this round was cancelled");
        assert!(!browser.has("Take the decision back"));
    }

    fn assessors_read_their_scores_in_it_and_give_none(app: &TestApp) {
        let bid = given_bid(app);
        cancel(app);
        let assessor = app.client(Who::Assessor);
        let path = format!("/api/v1/bids/{bid}/scores/mine");
        assert_eq!(assessor.get(&path).expect(200).json()["open"], false);
        assert_eq!(assessor.put(&path, 1, json!({ "scores": [] })).problem(), (409, "round_cancelled".into()));
        let mut browser = app.browser(Who::Assessor);
        browser.open("/assess").sees("cannot be scored at the moment");
        browser.open(&format!("/bids/{bid}/score")).sees("This bid cannot be scored at the moment.");
        assert!(!browser.buttons().contains(&"Submit your assessment".to_owned()));
        let readers = format!("/api/v1/bids/{bid}/assessors");
        let manager = app.client(Who::Manager);
        assert_eq!(manager.get(&readers).expect(200).json().as_array().unwrap().len(), 1);
        let another = json!({ "person": app.person(Who::SecondAssessor) });
        assert_eq!(manager.post(&readers, another).problem(), (409, "round_cancelled".into()));
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/bids/{bid}/assessors")).sees("nobody is given its bids any more");
        assert!(!browser.buttons().contains(&"Save".to_owned()));
        assert_eq!(app.client(Who::ConflictedAssessor).get(&path).status, 404, "a conflict hides it as before");
    }

    fn an_invitation_in_it_waits_for_nobody_and_says_why(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, false);
        app.browser(Who::Partner).open("/dashboard").sees("Waiting for you");
        cancel(app);
        let mut browser = app.browser(Who::Partner);
        browser.open("/dashboard").sees("Shared repairs").sees("Nothing more happens: this round was cancelled");
        assert!(!browser.has("Waiting for you"));
        browser.open(&format!("/bids/{reference}/invitation")).sees("Nobody answers this invitation any more: this round was cancelled");
        assert!(!browser.buttons().iter().any(|button| button.contains("invitation") || button.contains("take part")));
    }

    fn what_was_due_before_it_is_done_after_it(app: &TestApp) {
        let (_, draft) = written(app, "A draft");
        let (_, other) = written(app, "In a round that goes on");
        let writing = state(app, &draft);
        app.at("2026-09-30T16:00:01Z");
        // The timer of the closing comes only after the round was called off.
        cancel(app);
        app.work();
        assert_ne!(state(app, &draft), writing, "the draft lapsed, as it would have");
        assert_eq!(state(app, &draft), state(app, &other));
    }

    fn once_awards_are_announced_it_is_too_late(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bid, "award", award(ASK, 1)).expect(201);
        release(app, "announcement").expect(200);
        let manager = app.client(Who::Manager);
        propose(&manager, "cancellation", &cancellation()).expect(202);
        app.at(ANNOUNCED);
        let second = app.client_of(app.colleague());
        assert_eq!(approve(&second).problem(), (409, "awards_announced".into()));
        app.client(Who::Manager).delete(&format!("{PATH}/proposals/cancellation")).expect(204);
        let refused = propose(&app.client(Who::Manager), "cancellation", &cancellation());
        assert_eq!(refused.problem(), (409, "awards_announced".into()));
    }

    fn a_release_that_is_approved_shows_nothing_after_the_round_was_called_off(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &bid, "award", award(ASK, 1)).expect(201);
        release(app, "announcement").expect(200);
        cancel(app);
        app.at("2026-12-08T09:00:00Z");
        app.work();
        assert_eq!(app.public().get(&format!("/api/v1/open/rounds/{ROUND}/awards.json")).status, 404);
        assert_eq!(app.public().get(&format!("/api/v1/projects/{bid}")).status, 404);
        assert!(told(app, "outcome-funded").is_empty());
        app.browser(Who::Officer).open(&format!("/bids/{bid}")).sees("Nothing more happens");
    }

    fn what_the_fund_asked_about_a_bid_needs_no_answer_any_more(app: &TestApp) {
        let sent = submitted(app, "Shared repairs");
        app.at(SIFT);
        let path = format!("/api/v1/bids/{sent}/clarifications");
        let question = json!({ "question": "How many?", "until": "2026-10-08T16:00:00Z" });
        let asked = app.client(Who::Manager).post(&path, question.clone()).expect(201).json();
        let one = format!("{path}/{}", asked["id"].as_str().unwrap());
        let draft = json!({ "answer": "Four hundred" });
        app.client(Who::Officer).put(&format!("{one}/answer"), 1, draft.clone()).expect(200);
        let (page, dashboard) = (format!("/bids/{sent}/clarifications/1"), "Answer by");
        let mut officer = app.browser(Who::Officer);
        officer.open("/dashboard").sees(dashboard).open(&page);
        cancel(app);
        let manager = app.client(Who::Manager);
        for refused in [
            manager.post(&path, question),
            manager.put(&format!("{one}/until"), 1, json!({ "until": "2026-10-09T16:00:00Z" })),
            app.client(Who::Officer).put(&format!("{one}/answer"), 2, draft),
            hold(&manager, &sent),
        ] {
            assert_eq!(refused.problem(), (409, "round_cancelled".into()));
        }
        officer.fill("What do you answer?", "Words that took an hour").press("Submit the answer");
        officer.sees("This round was cancelled").sees("Words that took an hour").sees("Four hundred");
        officer.open(&page).sees("no answer is needed any more").sees("Four hundred");
        assert!(!officer.has("Submit the answer"));
        officer.open(&format!("/bids/{sent}")).sees("no answer is needed any more");
        assert!(!officer.open("/dashboard").has(dashboard));
        assert_eq!(app.client(Who::Manager).get(&one).expect(200).json()["state"], "not_needed");
        app.at("2026-10-07T16:00:00Z");
        assert!(app.letters().iter().all(|letter| letter.data["occasion"] != "reminder"));
        app.browser(Who::Officer).open(&format!("/rounds/{ROUND}/ask")).sees("this round was cancelled at 10am on 1 October 2026");
    }

    fn a_submission_and_a_cancellation_at_once_come_one_after_the_other(app: &TestApp) {
        let (officer, reference) = written(app, "Shared repairs");
        let (manager, second) = (app.client(Who::Manager), second(app));
        propose(&manager, "cancellation", &cancellation()).expect(202);
        let sent = reference.clone();
        let submits = thread::spawn(move || act(&officer, &sent, "submit_eoi").problem());
        let cancels = thread::spawn(move || approve(&second).problem());
        let (submitted, cancelled) = (submits.join().unwrap(), cancels.join().unwrap());
        assert_eq!(cancelled.0, 200);
        let stands = state(app, &reference) == "eoi_submitted";
        assert_eq!(submitted.0 == 200, stands, "{submitted:?}");
        assert!(stands || submitted.1 == "round_cancelled", "{submitted:?}");
    }

    fn what_was_asked_in_it_is_asked_no_more(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let second = app.client_of(app.colleague());
        propose(&manager, "budget", &json!({ "budget_pence": 30_000_000, "reason": "More." })).expect(202);
        propose(&manager, "cancellation", &cancellation()).expect(202);
        let waiting = second.get(&format!("{PATH}/proposals")).expect(200).json();
        let tag = waiting[1]["support"]["tag"].clone();
        crate::awards::post_seen(&second, &format!("{PATH}/proposals/cancellation/approve"), &tag, json!({})).expect(200);
        assert_eq!(second.get(&format!("{PATH}/proposals")).expect(200).json(), json!([]));
        assert_eq!(app.public().get(PATH).expect(200).json()["budget_pence"], 20_000_000);
    }

    fn a_manager_calls_it_off_on_a_page_and_a_second_approves_it(app: &TestApp) {
        second(app);
        let mut browser = app.browser(Who::Manager);
        browser.open("/staff").follow("Change or cancel Test round").follow("Cancel the round");
        browser.press("Propose to cancel the round").sees("Say why: everybody reads it.");
        browser.fill("Why?", WHY).press("Propose to cancel the round").sees("It is proposed.").sees(WHY);
        let mut other = app.browser_of(app.person_at("second@fund.example"));
        other.open(&format!("/rounds/{ROUND}/amendments")).press("Approve").sees("This round is cancelled.");
        browser.open("/staff").sees("Cancelled.");
    }
}
