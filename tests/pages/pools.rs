//! The pool of a round's assessors: as its managers read it, and as those who were invited do, before and after they answer.

use super::tour::Tour;
use crate::{
    assessment::pool::{PEOPLED, peopled},
    harness::app::{TestApp, Who},
};

/// A round has a pool in which somebody has accepted, somebody has declined and others have not answered.
pub fn of_a_round(tour: &mut Tour, app: &TestApp) {
    let page = |what: &str| format!("/rounds/{PEOPLED}/{what}");
    let [pool, settings, invite] = ["pool", "pool/settings", "pool/invite"].map(page);
    let [invitation, decline] = ["invitation", "invitation/decline"].map(page);
    let none = format!("/rounds/{}/pool", crate::harness::app::ROUND);
    tour.look("1-pool", &[(Who::Manager, &[&none, &none.replace("pool", "pool/settings")])]);
    let places = peopled(app);
    let places: Vec<String> = places.iter().map(|id| format!("{pool}/{id}")).collect();
    let mut of_managers: Vec<&str> = vec![&pool, &settings, &invite];
    of_managers.extend(places.iter().map(String::as_str));
    tour.look(
        "1-pool",
        &[
            (Who::Manager, &of_managers),
            (Who::Assessor, &["/assess", &invitation, &decline]),
            (Who::SecondAssessor, &["/assess", &invitation, &decline]),
            (Who::Nobody, &[&invitation]),
        ],
    );
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&invite).fill("Whom do you invite?", "jo\nkim").press("Send the invitations");
    tour.look_over_the_shoulder("1-pool-wrong", &wrong);
    let mut unsure = app.browser(Who::SecondAssessor);
    unsure.open(&invitation).press("Accept");
    tour.look_over_the_shoulder("1-pool-unsure", &unsure);
}
