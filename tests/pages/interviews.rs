//! The pages of interviews: the timetable, one time, a panel's form and a council's choice, each with faults too.

use super::tour::Tour;
use crate::{
    assessment::{
        interviews::{ROUND, choose, decided, first, make, release, score},
        slides::bring,
    },
    bids::documents::PDF,
    harness::app::{TestApp, Who},
};

/// In a round of its own, once the story is told.
pub fn of_a_round(tour: &mut Tour, app: &TestApp) {
    let bids = decided(app, 2, 0);
    release(app, &bids);
    let at = first(app);
    let manager = app.client(Who::Manager);
    make(app, &manager, (at, 3), &[Who::Assessor, Who::SecondAssessor]).expect(200);
    make(app, &manager, (at, 1), &[Who::Manager]).expect(200);
    choose(app, &bids[0], 1).expect(200);
    let council = app.client(Who::Officer);
    let first = bring(&council, &bids[0], ("What we do with one repair after the other.pdf", PDF), None).expect(201);
    bring(&council, &bids[0], ("Repairs.pdf", b"%PDF-1.4 once more"), Some(&first.json())).expect(201);
    let [timetable, time] = ["", "/1"].map(|what| format!("/rounds/{ROUND}/interviews{what}"));
    let [chosen, choice] = [0, 1].map(|index: usize| bids[index].page("/interview"));
    let form = bids[0].page("/interview/score");
    let officer = (Who::Officer, [chosen.as_str(), &choice]);
    tour.look("8-interviews", &[(officer.0, &officer.1), (Who::Assessor, &[&form, "/assess"])]);
    app.clock.set(at);
    score(&app.client(Who::SecondAssessor), &bids[0], 1, (4, 3)).expect(200);
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&timetable).press("Make the times");
    tour.look_over_the_shoulder("8-interviews-wrong", &wrong);
    let ranking = format!("/rounds/{ROUND}/ranking");
    tour.look(
        "8-scored",
        &[(Who::Manager, &[&timetable, &time, &ranking]), (Who::Assessor, &[&form]), (Who::SecondAssessor, &[&form])],
    );
}
