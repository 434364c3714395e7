//! Gateway checks as they look: a round with bids that have passed, failed and wait, one bid with a fault in the form, and what its
//! reader is told.

use crate::{
    assessment::gateway::{checked, mark, marks},
    assessment::{give, rankings::open_bid},
    harness::{
        app::{ROUND, TestApp, Who},
        chromium::{Visit, look_at},
        databases::Engine,
    },
};

#[test]
fn gateway_checks_are_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    checked(&app);
    let bids = ["Shared repairs", "Shared savings", "Shared forms"].map(|title| open_bid(&app, title, &[]));
    for bid in &bids {
        give(&app, bid, Who::Assessor).expect(200);
    }
    let manager = app.client(Who::Manager);
    mark(&manager, &bids[0], 0, marks(&[("need", "pass", ""), ("users", "pass", "They were asked.")])).expect(200);
    mark(&manager, &bids[1], 0, marks(&[("need", "fail", "One council alone has it.")])).expect(200);
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&format!("/bids/{}/gateway", bids[2])).press("Save");
    let [round, panel] = ["gateway", "assessors"].map(|what| format!("/rounds/{ROUND}/{what}"));
    let [gateway, decision] = ["gateway", "decision"].map(|what| format!("/bids/{}/{what}", bids[1]));
    let cookies = app.browser(Who::Manager).cookies();
    let mut visits: Vec<Visit> =
        [round, panel, gateway, decision].iter().map(|page| Visit::signed_in(page, &cookies, "gateway")).collect();
    let readers = app.browser(Who::Assessor).cookies();
    let pages = [format!("/bids/{}/score", bids[2]), format!("/bids/{}/score/fit", bids[1])];
    visits.extend(pages.iter().map(|page| Visit::signed_in(page, &readers, "gateway-reader")));
    visits.push(Visit::signed_in(&wrong.path(), &wrong.cookies(), "gateway-wrong"));
    look_at(&app.base, &visits);
}
