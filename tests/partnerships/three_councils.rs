//! Three councils, two people each, from a full application that was begun to one that is submitted: they write, disagree, bring
//! their texts together, sign, change the lead, sign again. The journey stands in web/e2e/three-councils.test.mjs and is played
//! in a real browser, with JavaScript and without.

use roundtable::{
    actor::Actor,
    http::Call,
    identity::{
        model::MemberRole,
        policy::{self, Action},
        store,
    },
    ids::{Id, PersonKey},
};
use serde_json::json;

use super::{councils_sign::ask_every_council, events};
use crate::{
    harness::{
        app::{START, TestApp, Who, moment},
        chromium::play,
        databases::on_each_database,
    },
    pages::story::Story,
};

/// The section 151 officer of Casterbridge, whom the test world lacks.
fn casterbridge_signs(app: &TestApp) -> Id<PersonKey> {
    let (council, call) = (app.organisation("CAS"), Call::by(Actor::System, app.clock.now()));
    app.block_on(|app| async move {
        let register = call.write(&app, move |conn, scene| {
            let email = "casterbridge@test.example".parse().unwrap();
            let person = store::people::register(conn, scene.fresh(), &email, "Casterbridge Signatory", scene.now)?.id;
            let granted = policy::organisation(conn, &scene.actor, Action::ManageMembers, council)?;
            store::people::join(conn, &granted, (person, MemberRole::Signatory), scene.fresh(), scene.now)?;
            Ok(person)
        });
        register.await.unwrap()
    })
}

/// Plays the journey from a full application of Ambridge that was begun, and looks at what is left of it.
fn plays(app: &TestApp, scripts: &str) {
    app.clock.set(moment(START));
    ask_every_council(app);
    let story = Story::begin(app);
    story.submit_interest();
    app.at("2026-10-01T09:00:00Z");
    story.sift();
    story.decide("sift", "invite", None);
    story.release("eoi_outcome");
    app.at("2026-10-12T09:00:00Z");
    story.act(Who::Officer, "start_full");
    let people = json!({
        "ambridge": app.browser(Who::Officer).cookies(),
        "ambridgeSigns": app.browser(Who::Signatory).cookies(),
        "borchester": app.browser(Who::Partner).cookies(),
        "borchesterSigns": app.browser(Who::PartnerSignatory).cookies(),
        "casterbridge": app.browser(Who::Stranger).cookies(),
        "casterbridgeSigns": app.browser_of(casterbridge_signs(app)).cookies(),
    });
    let told = [("REFERENCE", story.reference.as_str()), ("PEOPLE", &people.to_string()), ("SCRIPTS", scripts)];
    if !play(&app.base, "three-councils.test.mjs", &told) {
        return;
    }
    let bid = app.client(Who::Partner).get(&format!("/api/v1/bids/{}", story.reference)).expect(200).json();
    assert_eq!((&bid["content"]["lead"]["code"], &bid["state"]), (&json!("BOR"), &json!("full_submitted")), "{bid}");
    let kinds = events(app, &story.reference);
    let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
    assert_eq!((count("sign_off.signed"), count("sign_off.void")), (6, 3), "{kinds:?}");
    assert_eq!(count("bid.submitted"), 2, "{kinds:?}");
}

on_each_database! {
    fn three_councils_write_and_sign_one_bid_in_a_browser(app: &TestApp) {
        plays(app, "on");
    }

    fn three_councils_write_and_sign_one_bid_without_javascript(app: &TestApp) {
        plays(app, "off");
    }
}
