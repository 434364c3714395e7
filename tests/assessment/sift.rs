//! The sift over REST: marks, the suggestion, the queue, and who may see it.

use serde_json::{Value, json};

use super::submitted_eoi;
use crate::harness::{
    app::{Answer, ROUND, TestApp, Who, moment},
    databases::on_each_database,
};

const AFTER_CLOSING: &str = "2026-10-01T09:00:00Z";

fn mark(app: &TestApp, reference: &str, marks: Value) -> Answer {
    let path = format!("/api/v1/bids/{reference}/sift");
    app.client(Who::Manager).send("PUT", &path, &[], Some(&json!({ "marks": marks })))
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
