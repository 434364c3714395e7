//! A round whose assessors read without names, and the scores that it publishes, in a real browser.

use serde_json::json;

use crate::{
    awards::{ANNOUNCED, lists::assessing, release, scores::decided},
    bids::written,
    harness::{
        app::{ROUND, TestApp, Who},
        chromium::{Visit, look_at},
        databases::Engine,
    },
    invariants::anonymity::read_by_two,
};

#[test]
fn a_bid_that_is_read_without_names_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let story = read_by_two(&app);
    let cookies = app.browser(Who::Assessor).cookies();
    let pages =
        ["/assess".into(), story.page("/score/fit"), story.page("/recuse"), format!("/rounds/{ROUND}/declarations")];
    let visits: Vec<Visit> = pages.iter().map(|page| Visit::signed_in(page, &cookies, "unnamed-assessor")).collect();
    look_at(&app.base, &visits);
}

#[test]
fn what_councils_are_told_of_names_and_the_scores_of_a_panel_are_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    assessing(&app, json!({ "anonymous": true, "publish_scores": true }));
    let (_, reference) = written(&app, "Repairs in Ambridge");
    let cookies = app.browser(Who::Officer).cookies();
    let pages = [format!("/bids/{reference}/questions/problem"), format!("/bids/{reference}/check")];
    let visits: Vec<Visit> = pages.iter().map(|page| Visit::signed_in(page, &cookies, "unnamed-council")).collect();
    look_at(&app.base, &visits);
    decided(&app);
    release(&app, "announcement").expect(200);
    app.at(ANNOUNCED);
    look_at(&app.base, &[Visit::signed_in(&format!("/rounds/{ROUND}/scores"), "", "scores-public")]);
}
