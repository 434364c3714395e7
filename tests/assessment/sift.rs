//! The sift over REST: marks, the suggestion, the queue, and who may see it.

use roundtable::{actor::Actor, funds, http::Call};
use serde_json::{Value, json};

use super::{submitted_eoi, submitted_to};
use crate::harness::{
    app::{Answer, ROUND, TestApp, Who, moment, new_round},
    databases::on_each_database,
};

const AFTER_CLOSING: &str = "2026-10-01T09:00:00Z";

fn mark(app: &TestApp, reference: &str, marks: Value) -> Answer {
    let path = format!("/api/v1/bids/{reference}/sift");
    app.client(Who::Manager).send("PUT", &path, &[], Some(&json!({ "marks": marks })))
}

/// A round whose sift marks the question on training too, which may be left open.
fn round_that_sifts_training(app: &TestApp) -> String {
    let mut round = new_round();
    (round.slug, round.prefix) = ("training-round".into(), "TRAIN".into());
    round.rulebook.eoi.sections[0].questions[2].sifted = true;
    let slug = round.slug.clone();
    app.block_on(|app| async move {
        let call = Call::by(Actor::System, app.clock.now());
        let made = funds::service::create_round(&app, &call, "test-fund".into(), round).await.unwrap();
        funds::service::publish(&app, &call, made.round.slug, made.round.version).await.unwrap();
    });
    slug
}

on_each_database! {
    fn marks_make_a_suggestion_and_the_feedback_and_the_newest_on_an_answer_counts(app: &TestApp) {
        let reference = submitted_eoi(app, "Shared repairs");
        app.clock.set(moment(AFTER_CLOSING));
        let half = mark(app, &reference, json!([{ "question": "assets", "mark": "pass" }])).expect(200).json();
        assert_eq!((&half["complete"], &half["suggested"]), (&false.into(), &Value::Null));
        let fail = json!([{ "question": "problem", "mark": "fail", "caveat": "Say who is affected." }]);
        let failed = mark(app, &reference, fail).expect(200).json();
        assert_eq!(failed["suggested"], "not_invite");
        let caveat = json!([{ "question": "problem", "mark": "pass_with_caveats", "caveat": "Say how many." }]);
        let passed = mark(app, &reference, caveat).expect(200).json();
        assert_eq!((&passed["suggested"], &passed["marks"][0]["number"]), (&"invite".into(), &2.into()));
        assert_eq!(
            passed["feedback"],
            "These answers passed, with something to deal with:\n\n* What is the common problem?: Say how many.\n\n\
             These answers passed:\n\n* What will others be able to use again?"
        );
    }

    fn a_question_that_was_left_open_keeps_no_bid_from_a_suggestion(app: &TestApp) {
        let round = round_that_sifts_training(app);
        let open = submitted_to(app, &round, "Left open", &[]);
        let answered = submitted_to(app, &round, "Answered", &[("training", json!(["agile"]))]);
        app.clock.set(moment(AFTER_CLOSING));
        let both = json!([{ "question": "problem", "mark": "pass" }, { "question": "assets", "mark": "pass" }]);
        let marked = |reference: &str| {
            let result = mark(app, reference, both.clone()).expect(200).json();
            (result["answers"].clone(), result["complete"].clone(), result["suggested"].clone())
        };
        assert_eq!(marked(&open), (2.into(), true.into(), "invite".into()));
        assert_eq!(marked(&answered), (3.into(), false.into(), Value::Null));
        let training = json!([{ "question": "training", "mark": "fail", "caveat": "Say for whom." }]);
        assert_eq!(mark(app, &open, training.clone()).status, 422, "there is nothing to mark");
        assert_eq!(mark(app, &answered, training).expect(200).json()["suggested"], "not_invite");
        let queue = app.client(Who::Manager).get(&format!("/api/v1/rounds/{round}/sift")).expect(200).json();
        assert_eq!((&queue["marked"], &queue["up_next"]), (&2.into(), &Value::Null));
    }

    fn once_its_outcomes_are_out_the_queue_says_what_the_sift_found(app: &TestApp) {
        let bids = ["Passed", "With caveats", "Failed", "Not marked"].map(|title| submitted_eoi(app, title));
        app.clock.set(moment(AFTER_CLOSING));
        let marks = |problem: Value| json!([{ "question": "assets", "mark": "pass" }, problem]);
        let caveat = |mark: &str| json!({ "question": "problem", "mark": mark, "caveat": "Say who is affected." });
        mark(app, &bids[0], marks(json!({ "question": "problem", "mark": "pass" }))).expect(200);
        mark(app, &bids[1], marks(caveat("pass_with_caveats"))).expect(200);
        mark(app, &bids[2], marks(caveat("fail"))).expect(200);
        let manager = app.client(Who::Manager);
        for bid in &bids {
            let decision = json!({ "transition": "invite", "feedback": "Come to the next stage." });
            manager.send("PUT", &format!("/api/v1/bids/{bid}/decisions/sift"), &[], Some(&decision)).expect(201);
        }
        manager.post(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome"), json!({})).expect(200);
        let queue =
            || app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/sift")).expect(200).json();
        assert_eq!((&queue()["total"], &queue()["found"]), (&4.into(), &Value::Null));
        app.at("2026-10-10T09:00:00Z");
        let over = queue();
        let found = json!({ "bids": 4, "passed": 1, "with_caveats": 1, "failed": 1, "unmarked": 1 });
        assert_eq!((&over["total"], &over["found"]), (&0.into(), &found));
        app.client(Who::Officer).post(&format!("/api/v1/bids/{}/actions/start_full", bids[0]), json!({})).expect(200);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/sift")).sees("The sift is over: 4 expressions of interest sifted");
        browser.sees("Decided without all marks").follow("See what was decided").sees("Caveats").sees("Invited to apply");
        assert!(!browser.has("Full application in draft"), "what was decided stays, wherever the bid has come since");
    }

    fn the_decisions_after_the_sift_go_by_its_marks_for_those_alone_who_may_see_them(app: &TestApp) {
        let reference = submitted_eoi(app, "Shared repairs");
        app.clock.set(moment(AFTER_CLOSING));
        let fail = json!({ "question": "problem", "mark": "fail", "caveat": "Say who is affected." });
        mark(app, &reference, json!([{ "question": "assets", "mark": "pass" }, fail])).expect(200);
        let page = format!("/rounds/{ROUND}/decisions?release=eoi_outcome");
        let mut manager = app.browser(Who::Manager);
        manager.open(&page).sees("Fails").sees("Caveats").sees("Do not invite");
        assert!(!manager.has("Place") && !manager.has("Ask") && !manager.has("Awards £"));
        let mut observer = app.browser(Who::Observer);
        observer.open(&page).sees("Shared repairs").sees("Not decided yet");
        assert!(!observer.has("Fails") && !observer.has("Do not invite"));
        manager.follow("Shared repairs").choose("Do not invite").fill("Feedback to the councils", "Say who it concerns.");
        manager.press("Record the decision").sees("Not invited");
        assert_eq!(manager.path(), page);
    }

    fn the_queue_says_how_far_the_sift_is_and_what_comes_next(app: &TestApp) {
        let (first, second) = (submitted_eoi(app, "First"), submitted_eoi(app, "Second"));
        app.clock.set(moment(AFTER_CLOSING));
        let all = json!([{ "question": "problem", "mark": "pass" }, { "question": "assets", "mark": "pass" }]);
        mark(app, &first, all).expect(200);
        let queue = |query: &str| {
            app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/sift{query}")).expect(200).json()
        };
        let whole = queue("");
        assert_eq!((&whole["total"], &whole["marked"], &whole["up_next"]), (&2.into(), &1.into(), &json!(second)));
        let shown = |queue: &Value| {
            let items = queue["items"].as_array().unwrap();
            items.iter().map(|bid| bid["reference"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(shown(&queue("?show=unmarked")), std::slice::from_ref(&second));
        assert_eq!(shown(&queue("?suggested=invite")), std::slice::from_ref(&first));
        let page = queue("?limit=1");
        assert_eq!(shown(&page), [first]);
        assert_eq!(shown(&queue(&format!("?limit=1&cursor={}", page["next"].as_str().unwrap()))), [second]);
    }

    fn nothing_is_marked_while_a_newer_version_can_still_come(app: &TestApp) {
        let reference = submitted_eoi(app, "Shared repairs");
        let pass = json!([{ "question": "problem", "mark": "pass" }]);
        app.clock.set(moment("2026-09-30T16:00:00Z"));
        assert_eq!(mark(app, &reference, pass.clone()).problem(), (409, "not_closed_yet".into()));
        app.clock.set(moment("2026-09-30T16:00:00.001Z"));
        mark(app, &reference, pass).expect(200);
    }

    fn wrong_marks_are_refused_with_the_place_and_nothing_is_kept(app: &TestApp) {
        let reference = submitted_eoi(app, "Shared repairs");
        app.clock.set(moment(AFTER_CLOSING));
        let good = json!({ "question": "assets", "mark": "pass" });
        let cases = [
            (json!([]), "/marks", "missing"),
            (json!([good, { "question": "training", "mark": "pass" }]), "/marks/1/question", "unknown_question"),
            (json!([good, good]), "/marks/1/question", "repeated"),
            (json!([good, { "question": "problem", "mark": "fail" }]), "/marks/1/caveat", "missing"),
            (json!([{ "question": "problem", "mark": "superb" }]), "/marks/0/mark", "wrong_json"),
            (json!([{ "question": "problem", "mark": "pass", "stars": 5 }]), "/marks/0/stars", "wrong_json"),
        ];
        for (marks, pointer, code) in cases {
            let answer = mark(app, &reference, marks.clone());
            let error = &answer.json()["errors"][0];
            assert_eq!(answer.problem(), (422, "invalid".into()), "{marks}");
            assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{marks}");
        }
        let kept = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}/sift")).expect(200).json();
        assert_eq!(kept["marks"], json!([]));
    }

    fn only_fund_managers_see_the_sift_and_the_councils_history_does_not_tell_of_it(app: &TestApp) {
        let reference = submitted_eoi(app, "Shared repairs");
        app.clock.set(moment(AFTER_CLOSING));
        let history = || app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/history")).body;
        let before = history();
        mark(app, &reference, json!([{ "question": "problem", "mark": "pass" }])).expect(200);
        assert_eq!(history(), before);
        let path = format!("/api/v1/bids/{reference}/sift");
        let cases = [
            (Who::Officer, 403), (Who::Observer, 403), (Who::Moderator, 403), (Who::Assessor, 404), (Who::Stranger, 404),
        ];
        for (who, status) in cases {
            assert_eq!(app.client(who).get(&path).status, status, "{who:?}");
        }
        assert_eq!(app.public().get(&path).status, 401);
        assert_eq!(app.client(Who::Stranger).get(&format!("/api/v1/rounds/{ROUND}/sift")).status, 404);
    }
}
