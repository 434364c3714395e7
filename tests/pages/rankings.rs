//! The ranking of record: of the one bid of the story, where scores tell little, and of a panel with everything on it.

use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::{
    awards::{draws, lists},
    harness::{
        app::{ROUND, TestApp, Who},
        chromium::{Visit, look_at},
        databases::Engine,
    },
};

/// The round of the story is ranked, its bid says why it stands where it stands, and there is a list.
pub fn of_a_round(tour: &mut Tour, story: &Story) {
    story.rank();
    let ranking = format!("/rounds/{ROUND}/ranking");
    let why = format!("{ranking}/{}", story.reference);
    let [list, draw] = ["list", "draw"].map(|page| format!("/rounds/{ROUND}/{page}"));
    tour.look("5-ranked", &[(Who::Manager, &[&ranking, &why, &list, &draw])]);
    // Nothing is drawn in this round: the page of draws is looked at in a round of its own, below.
    tour.visit(&[Visit::signed_in(&format!("/rounds/{ROUND}/draws"), "", "5-public").answering(404)]);
}

#[test]
fn a_list_within_rules_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    lists::ruled(&app, lists::one_of_each_theme());
    let themes = ["housing", "housing", "waste"].map(|theme| ("theme", theme));
    crate::assessment::rankings::scored_saying(&app, &crate::assessment::rankings::SCORES, &themes);
    app.client(Who::Moderator).post(&format!("/api/v1/rounds/{ROUND}/rankings"), json!({})).expect(201);
    let reason = json!({ "reason": "Two housing bids would solve one problem twice." });
    app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/lists"), reason).expect(201);
    let cookies = app.browser(Who::Manager).cookies();
    let list = format!("/rounds/{ROUND}/list");
    let pages = [list.clone(), format!("{list}?without=1&budget=80%2C000"), format!("{list}?number=1")];
    let visits: Vec<Visit> = pages.iter().map(|page| Visit::signed_in(page, &cookies, "list-manager")).collect();
    look_at(&app.base, &visits);
}

#[test]
fn a_draw_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let cookies = draws::told_of(&app);
    let round = format!("/rounds/{ROUND}");
    let [desk, why, list] = ["draw", "ranking", "list"].map(|page| format!("{round}/{page}"));
    let mut visits: Vec<Visit> =
        [desk, why, list].iter().map(|page| Visit::signed_in(page, &cookies, "draw-manager")).collect();
    visits
        .extend([round.clone(), format!("{round}/draws")].iter().map(|page| Visit::signed_in(page, "", "draw-public")));
    look_at(&app.base, &visits);
    draws::announced(&app);
    let public = [format!("{round}/draws"), format!("{round}/awards")];
    look_at(&app.base, &public.iter().map(|page| Visit::signed_in(page, "", "drawn-public")).collect::<Vec<_>>());
}

#[test]
fn a_ranking_of_several_bids_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let bids = crate::assessment::rankings::scored(&app, &crate::assessment::rankings::SCORES);
    app.client(Who::Moderator).post(&format!("/api/v1/rounds/{ROUND}/rankings"), json!({})).expect(201);
    let cookies = app.browser(Who::Manager).cookies();
    let ranking = format!("/rounds/{ROUND}/ranking");
    let pages = [ranking.clone(), format!("{ranking}/{}", bids[1])];
    let visits: Vec<Visit> = pages.iter().map(|page| Visit::signed_in(page, &cookies, "panel-manager")).collect();
    look_at(&app.base, &visits);
}
