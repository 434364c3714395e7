//! Moderation: before it is open, its queue, a bid that is talked over with faults in the form, and what an assessor reads by then.

use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::{
    assessment::{
        moderation::{agreed, open, record, rule},
        rankings::{SCORES, scored},
    },
    harness::{
        app::{ROUND, TestApp, Who},
        chromium::{Visit, look_at},
        databases::Engine,
    },
};

/// The bid of the story is talked over because the chair asks.
pub fn of_a_round(tour: &mut Tour, app: &TestApp, story: &Story) {
    let queue = format!("/rounds/{ROUND}/moderation");
    let bid = format!("{queue}/{}", story.reference);
    tour.look("5-moderation", &[(Who::Manager, &[&queue]), (Who::Observer, &[&queue])]);
    let manager = app.client(Who::Manager);
    manager.post(&format!("/api/v1{queue}"), json!({})).expect(200);
    let asking = json!({ "step": "asked", "reason": "It is near to another bid." });
    record(&manager, &story.reference, 0, &asking).expect(200);
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&bid).press("Record what was agreed");
    tour.look_over_the_shoulder("5-moderation-wrong", &wrong);
    let here = [Who::Assessor, Who::SecondAssessor, Who::Manager];
    record(&manager, &story.reference, 1, &agreed(app, (2, 3), &here)).expect(200);
    tour.look("5-moderated", &[(Who::Manager, &[&queue, &bid]), (Who::Assessor, &[&story.page("/score")])]);
}

#[test]
fn a_panels_moderation_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    rule(&app, &json!({ "spread": 2_000, "criterion_spread": 20_000 }));
    let bids = scored(&app, &SCORES);
    open(&app, Who::Moderator, "").expect(200);
    let manager = app.client(Who::Manager);
    record(&manager, &bids[3], 0, &agreed(&app, (3, 3), &[Who::Assessor, Who::Manager])).expect(200);
    record(&manager, &bids[0], 0, &json!({ "step": "passed_over", "reason": "Both say the same in words." }))
        .expect(200);
    manager.post(&format!("/api/v1/rounds/{ROUND}/rankings"), json!({})).expect(201);
    let cookies = app.browser(Who::Manager).cookies();
    let [queue, ranking] = ["moderation", "ranking"].map(|what| format!("/rounds/{ROUND}/{what}"));
    let pages = [format!("{queue}/{}", bids[2]), format!("{queue}/{}", bids[3]), format!("{ranking}/{}", bids[3])];
    let pages = pages.iter().chain([&queue, &ranking]);
    let visits: Vec<Visit> = pages.map(|page| Visit::signed_in(page, &cookies, "moderation")).collect();
    look_at(&app.base, &visits);
}
