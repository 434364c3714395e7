//! The pages of conflicts of interest in a real browser: for whoever declares and recuses, and for whoever leads the panel.

use diesel::prelude::*;
use roundtable::{
    db::{Conn, schema::people},
    error::Result,
};
use serde_json::json;

use super::{story::Story, tour::Tour};
use crate::harness::app::{ROUND, TestApp, Who};

/// The moderator is called as somebody who has signed the bid.
fn namesake(app: &TestApp) {
    let (moderator, signatory) = (app.person(Who::Moderator), app.person(Who::Signatory));
    let rename = move |conn: &mut Conn| -> Result<()> {
        let name: String = people::table.find(signatory).select(people::name).first(conn)?;
        diesel::update(people::table.find(moderator)).set(people::name.eq(name)).execute(conn)?;
        Ok(())
    };
    app.block_on(|app| async move { app.db.write(rename).await }).unwrap();
}

pub fn of_a_round(tour: &mut Tour, app: &TestApp, story: &Story) {
    namesake(app);
    let [declarations, conflicts] = ["declarations", "conflicts"].map(|what| format!("/rounds/{ROUND}/{what}"));
    let possible = story.page(&format!("/possible-conflicts/{}", app.person(Who::Moderator)));
    tour.look(
        "5-conflicts",
        &[
            (Who::Moderator, &[&declarations, &possible]),
            (Who::Manager, &[&conflicts, &possible]),
            (Who::Assessor, &[&declarations, &story.page("/recuse")]),
        ],
    );
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&conflicts).press("Pin it");
    tour.look_over_the_shoulder("5-conflicts-wrong", &wrong);
    let recusal = json!({ "reason": "I know who wrote it." });
    let reference = &story.reference;
    let rest = format!("/api/v1/bids/{reference}/recuse");
    let recused = app.client(Who::SecondAssessor).post(&rest, recusal).expect(200).json();
    let one = format!("/conflicts/{}", recused["id"].as_str().unwrap());
    let panel = format!("/rounds/{ROUND}/assessors");
    let organisation = json!({ "organisation": "CAS", "reason": "I advise it.", "until": "2026-12-24T12:00:00Z" });
    app.client(Who::Assessor).post("/api/v1/conflicts", organisation).expect(200);
    tour.look(
        "5-recused",
        &[(Who::SecondAssessor, &["/assess"]), (Who::Manager, &[&one, &conflicts, &panel, &story.page("/scores")])],
    );
    let mut sealed = app.browser(Who::Manager);
    sealed.open(&story.page("/scores")).press("Open what is sealed").sees("Sealed scores");
    // What the story goes on with is read by both again.
    app.client(Who::Manager).post(&format!("/api/v1{one}/lift"), json!({ "reason": "Another person." })).expect(200);
    let person = json!({ "person": app.person(Who::SecondAssessor) });
    app.client(Who::Manager).post(&format!("/api/v1/bids/{reference}/assessors"), person).expect(200);
}
