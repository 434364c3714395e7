//! Flags and questions as they look: before anything is asked, with a fault in the form, answered to all, and waiting.

use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::{
    assessment::queries::{ask, step},
    harness::app::{ROUND, TestApp, Who},
};

pub fn of_a_round(tour: &mut Tour, app: &TestApp, story: &Story) {
    let (round, mine) = (format!("/rounds/{ROUND}/queries"), story.page("/queries"));
    tour.look("5-queries", &[(Who::Manager, &[&round]), (Who::Assessor, &[&mine])]);
    let (assessor, manager) = (app.client(Who::Assessor), app.client(Who::Manager));
    ask(&assessor, &story.reference, "figures", "The costs on page 4 do not add up.").expect(201);
    ask(&assessor, &story.reference, "question", "Is the match funding agreed?").expect(201);
    let answer = json!({ "words": "A row was left out. The council has sent it.", "to": "readers" });
    step(&manager, &story.reference, (1, 0), "answer", &answer).expect(200);
    let one = story.page("/queries/2");
    let mut asking = app.browser(Who::SecondAssessor);
    asking.open(&mine).press("Send to the fund team");
    tour.look_over_the_shoulder("5-queries-asking-wrong", &asking);
    let visits: [&str; 4] = [&round, &one, &story.page("/queries/1"), &story.page("/assessors")];
    tour.look("5-queried", &[(Who::Manager, &visits), (Who::Assessor, &[&mine]), (Who::SecondAssessor, &[&mine])]);
    step(&manager, &story.reference, (2, 0), "close", &json!({ "words": "It is agreed." })).expect(200);
}
