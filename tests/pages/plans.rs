//! Plans of who reads what: of the one bid of the story, which two have been given already, and of several with everything on it.

use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::{
    assessment::{plans::ready, pool},
    harness::{
        app::{ROUND, TestApp, Who},
        chromium::{Visit, look_at},
        databases::Engine,
    },
};

/// The round of the story has a pool from now on, and who reads its bid is planned.
pub fn of_a_round(tour: &mut Tour, app: &TestApp, story: &Story) {
    let [plans, pins] = ["plans", "pins"].map(|what| format!("/rounds/{ROUND}/{what}"));
    tour.look("5-unplanned", &[(Who::Manager, &[&plans])]);
    let readers = [Who::Assessor, Who::SecondAssessor];
    let people: Vec<_> = readers.iter().map(|who| json!({ "email": who.email() })).collect();
    let invitation = json!({ "people": people, "answer_by": "2026-11-20T17:00:00Z" });
    app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/pool/invitations"), invitation).expect(200);
    for who in readers {
        let said = json!({ "least": 1, "most": 4, "from": "2026-11-16", "until": "2026-12-04" });
        pool::say(&app.client(who), ROUND, said).expect(200);
    }
    let reason = json!({ "bid": story.reference, "person": app.person(Who::Assessor), "kind": "pin", "reason": "She knows it." });
    app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/pins"), reason).expect(201);
    app.client(Who::Moderator).post(&format!("/api/v1/rounds/{ROUND}/plans"), json!({})).expect(201);
    let priced = format!("{pins}?bid={}&person={}&kind=pin", story.reference, app.person(Who::SecondAssessor));
    tour.look("5-planned", &[(Who::Manager, &[&plans, &format!("{plans}/1"), &pins, &priced])]);
    tour.look("5-planned", &[(Who::Assessor, &[&format!("/rounds/{ROUND}/preferences"), "/assess"])]);
}

#[test]
fn a_plan_of_several_bids_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let bids = ready(&app);
    app.client(Who::Manager).post("/api/v1/rounds/terms-round/plans", json!({})).expect(201);
    let cookies = app.browser(Who::Manager).cookies();
    let pin = format!("/rounds/terms-round/pins?bid={}&person={}", bids[0], app.person(Who::SecondAssessor));
    let pages = ["/rounds/terms-round/plans/1".to_owned(), pin, "/rounds/terms-round/plans".into()];
    let mut visits: Vec<Visit> = pages.iter().map(|page| Visit::signed_in(page, &cookies, "plans-manager")).collect();
    let cookies = app.browser(Who::Assessor).cookies();
    let of_assessor = ["preferences", "declarations", "invitation"].map(|page| format!("/rounds/terms-round/{page}"));
    visits.extend(of_assessor.iter().map(|page| Visit::signed_in(page, &cookies, "plans-assessor")));
    look_at(&app.base, &visits);
}
