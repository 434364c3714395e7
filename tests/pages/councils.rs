//! What a council keeps for all of its bids: its profile, what its bids took, and the list of them.

use std::collections::BTreeSet;

use roundtable::{actor::Actor, http::Call, partnerships};
use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::{
    account::profiles,
    bids::led,
    harness::app::{TestApp, Who},
};

/// The profile as it is read and written, and a statement on its way into an answer.
pub fn a_profile(tour: &mut Tour, app: &TestApp, story: &Story) {
    profiles::put(app, Who::Administrator, 0, profiles::of_ambridge()).expect(200);
    let page = format!("/organisations/{}/profile", app.organisation("AMB"));
    tour.look("1-profile", &[(Who::Officer, &[&page]), (Who::Administrator, &[&page])]);
    let mut administrator = app.browser(Who::Administrator);
    administrator.open(&page).fill("Email address", "nobody").press("Save the profile");
    tour.look_over_the_shoulder("1-profile-fault", &administrator);
    let mut officer = app.browser(Who::Officer);
    officer.open(&story.page("/questions/problem")).select("Standard statement", "Equality duty");
    officer.press("Put it into my answer");
    tour.look_over_the_shoulder("1-profile-statement", &officer);
}

/// How many hours the bid took, and the list in which it stands.
pub fn bids(tour: &mut Tour, app: &TestApp, story: &Story) {
    let hours = story.page("/hours");
    let said = json!({ "hours": 40 });
    app.client(Who::Officer).put(&format!("/api/v1{hours}"), 0, said).expect(200);
    let list = "/organisations/AMB/bids";
    tour.look("1-councils", &[(Who::Officer, &[&hours, &story.page("/submitted"), list, "/dashboard"])]);
    tour.look_from_outside("1-councils", &[list]);
}

const TOGETHER: &str = "together-round";
const PLACES: [&str; 20] = [
    "Royal Borough of Kingsmere and Maidenbridge",
    "Ashby",
    "Barton and Thorne",
    "Castle Hedley",
    "Dunmore",
    "East Wold",
    "Fenwick",
    "Great Marsh",
    "Hartwell",
    "Isle of Sand",
    "Kirkby Vale",
    "Langley",
    "Mid Moor",
    "North Haven",
    "Oakley",
    "Penrose",
    "Quarry Hill",
    "Redford",
    "South Downs Edge",
    "Thornbury and the Lowlands",
];

/// Six bids of a round of their own, each with some of twenty councils more.
pub fn many_together(app: &TestApp) {
    let lines =
        PLACES.iter().enumerate().map(|(number, name)| format!("P{number:02},{name} Council,district,england\n"));
    let file = format!("code,name,kind,nation\n{}", lines.collect::<String>());
    let headers = [("Content-Type", "text/csv")];
    app.client(Who::Admin).raw("POST", "/api/v1/organisations/import", &headers, Some(file.into_bytes())).expect(200);
    led::another_round(app, TOGETHER, "TOG", |_| {});
    for first in 0..6 {
        let story = Story::begin_in(app, TOGETHER);
        let places = (0..5).map(|step| (first * 3 + step * (first + 1)) % PLACES.len()).collect::<BTreeSet<_>>();
        for place in places {
            let invitation = json!({ "organisation": format!("P{place:02}") });
            let path = format!("/api/v1{}", story.page("/partners"));
            let partner = app.client(Who::Officer).post(&path, invitation).expect(201).json();
            let id = partner["id"].as_str().unwrap().parse().unwrap();
            let (call, reference) = (Call::by(Actor::System, app.clock.now()), story.reference.clone());
            app.block_on(
                |app| async move { partnerships::service::confirm(&app, &call, reference, id).await.unwrap() },
            );
        }
        story.submit_interest();
    }
}

/// Who works with whom, once the round has closed.
pub fn together(tour: &mut Tour) {
    let page = format!("/rounds/{TOGETHER}/partnerships");
    tour.look_from_outside("3-together", &[&page, "/organisations/P03/bids"]);
}
