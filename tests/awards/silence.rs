//! A release or a decision of which nobody is told by mail: said with a reason, stood behind by everybody who approves, kept, and
//! shown on pages all the same. And how many messages it would be, before it goes.

use roundtable::events::Chain;
use serde_json::{Value, json};

use super::{
    ANNOUNCED, DECIDING, approve, award, decide, letters, outcome, post_seen, release, shortlisted, stand_behind,
};
use crate::{
    account::happened,
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const ASK: i64 = 8_000_000;
const PATH: &str = "/api/v1/rounds/test-round/releases/announcement";
const WHY: &str = "The minister rings every council.";

fn decided(app: &TestApp) -> String {
    let bid = shortlisted(app, "Shared repairs", ASK);
    app.at(DECIDING);
    decide(&app.client(Who::Manager), &bid, "award", award(ASK, 1)).expect(201);
    bid
}

fn readiness(app: &TestApp) -> Value {
    app.client(Who::Manager).get(PATH).expect(200).json()
}

fn last_of(app: &TestApp, kind: &str) -> Value {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    let chain = Chain::Round(round["id"].as_str().unwrap().parse().unwrap());
    happened(app, chain).into_iter().rfind(|(known, _)| known == kind).unwrap().1
}

fn outcomes(app: &TestApp, bid: &str) -> usize {
    let path = format!("/api/v1/bids/{bid}/outcomes");
    app.client(Who::Officer).get(&path).expect(200).json().as_array().unwrap().len()
}

on_each_database! {
    fn whoever_approves_reads_how_many_messages_go_to_how_many_people_of_how_many_councils(app: &TestApp) {
        let second = shortlisted(app, "Shared bins", ASK);
        let first = decided(app);
        decide(&app.client(Who::Manager), &second, "award", outcome("not_fund")).expect(201);
        let ready = readiness(app);
        assert_eq!((&ready["messages"], &ready["recipients"], &ready["councils"]), (&json!(8), &json!(4), &json!(1)));
        app.browser(Who::Manager).open(&format!("/rounds/{ROUND}/decisions")).sees("This sends 8 messages to 4 people of 1 council");
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        assert_eq!(letters(app, "outcome-funded").len() + letters(app, "outcome-not-funded").len(), 8, "{first} {second}");
    }

    fn a_release_without_mail_is_stood_behind_by_everybody_and_still_shows(app: &TestApp) {
        let bid = decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        let unread = colleague.get(PATH).expect(200).json()["support"]["tag"].clone();
        let blank = manager.post(PATH, json!({ "no_mail": " " })).expect(422).json();
        assert_eq!(blank["errors"][0]["pointer"], "/no_mail");
        manager.post(PATH, json!({ "no_mail": WHY })).expect(202);
        let ready = readiness(app);
        assert_eq!((&ready["no_mail"], &ready["support"]["given"][0]["counts"]), (&json!(WHY), &json!(true)));
        assert_eq!(post_seen(&colleague, PATH, &unread, json!({})).problem(), (412, "changed_since".into()),
            "whoever has read the list alone has not read that nobody is told");
        let wanted = app.letters().into_iter().find(|letter| letter.template == "approval-wanted").unwrap();
        assert!(wanted.text.contains("1 bid, £80,000 awarded, and no email is sent"), "{}", wanted.text);
        let mut second = app.browser_of(app.colleague());
        second.open(&format!("/rounds/{ROUND}/decisions")).sees(&format!("Manager Person asks that no email is sent: {WHY}"));
        stand_behind(&colleague, PATH).expect(200);
        assert_eq!(last_of(app, "release.approved")["no_mail"], true);
        app.at(ANNOUNCED);
        assert_eq!(outcomes(app, &bid), 1);
        assert!(letters(app, "outcome-funded").is_empty());
        assert_eq!(readiness(app)["no_mail"], WHY);
    }

    fn what_is_asked_for_with_mail_cannot_be_approved_without(app: &TestApp) {
        decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        manager.post(PATH, json!({})).expect(202);
        let tag = colleague.get(PATH).expect(200).json()["support"]["tag"].clone();
        let refused = post_seen(&colleague, PATH, &tag, json!({ "no_mail": WHY }));
        assert_eq!(refused.problem(), (409, "requested_already".into()));
        post_seen(&colleague, PATH, &tag, json!({})).expect(200);
        assert_eq!(last_of(app, "release.approved")["no_mail"], false);
        app.at(ANNOUNCED);
        assert_eq!(letters(app, "outcome-funded").len(), 4);
    }

    fn a_release_taken_back_and_asked_for_again_sends_mail_again(app: &TestApp) {
        decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        manager.post(PATH, json!({ "no_mail": WHY })).expect(202);
        stand_behind(&colleague, PATH).expect(200);
        manager.delete(PATH).expect(204);
        assert_eq!(readiness(app)["no_mail"], Value::Null);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        assert_eq!(letters(app, "outcome-funded").len(), 4);
    }

    fn a_decision_from_outside_can_be_released_without_mail(app: &TestApp) {
        decided(app);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        let outside = json!({ "by": "The minister", "on": "2026-11-19", "paper": "MIN-1", "no_mail": WHY });
        manager.post(&format!("{PATH}/outside"), outside).expect(202);
        let ready = readiness(app);
        assert_eq!((&ready["outside"]["by"], &ready["no_mail"]), (&json!("The minister"), &json!(WHY)));
        assert_eq!(ready["support"]["given"][0]["counts"], true);
        stand_behind(&colleague, PATH).expect(200);
        app.at(ANNOUNCED);
        assert!(letters(app, "outcome-funded").is_empty());
    }

    fn a_decision_from_outside_is_recorded_without_mail_on_the_page(app: &TestApp) {
        decided(app);
        app.colleague();
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/decisions")).fill("Who decided", "The minister").fill("The signed paper", "MIN-1");
        manager.fill("Day", "19").fill("Month", "11").fill("Year", "2026");
        manager.choose("Send no email for this decision of somebody else. The outcomes still show on pages");
        manager.press("Record the decision of somebody else").sees("Say why no email is sent");
        assert_eq!(readiness(app)["no_mail"], Value::Null);
        manager.fill("Why is no email sent about their decision?", WHY).press("Record the decision of somebody else");
        manager.sees("The decision is recorded").sees(&format!("None are sent: {WHY}"));
        assert_eq!(readiness(app)["no_mail"], WHY);
    }

    fn a_manager_says_on_the_page_that_no_email_is_sent(app: &TestApp) {
        decided(app);
        app.colleague();
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/decisions")).choose("Send no email for this release. The outcomes still show on pages");
        manager.press("Approve the release").sees("Say why no email is sent");
        manager.fill("Why is no email sent?", WHY).press("Approve the release").sees("Your approval is recorded");
        manager.sees(&format!("None are sent: {WHY}"));
    }

    fn decisions_that_show_at_once_can_be_taken_without_mail_each_with_its_reason(app: &TestApp) {
        let bid = shortlisted(app, "Shared repairs", ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        let mut early = json!({ "transition": "reserve_bid", "place": 1, "feedback": "The money did not reach.", "no_mail": WHY });
        let refused = decide(&manager, &bid, "award", early.clone()).expect(422).json();
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/no_mail"), &json!("not_wanted")));
        early.as_object_mut().unwrap().remove("no_mail");
        decide(&manager, &bid, "award", early).expect(201);
        release(app, "announcement").expect(200);
        app.at("2027-01-11T10:00:00Z");
        app.colleague();
        let item = json!({ "reference": bid, "gate": "reserve", "transition": "fund_reserve", "amount_pence": ASK, "place": 1,
            "feedback": "Money became free.", "no_mail": WHY });
        let mut blank = item.clone();
        blank["no_mail"] = json!("");
        let many = format!("/api/v1/rounds/{ROUND}/decisions");
        let answers = app.client(Who::Manager).post(&many, json!([blank])).expect(200).json();
        assert_eq!((&answers[0]["status"], &answers[0]["errors"][0]["field"]), (&json!(422), &json!("no_mail")));
        let answers = app.client(Who::Manager).post(&many, json!([item])).expect(200).json();
        assert_eq!(answers[0]["status"], 202, "{answers}");
        let wanted = letters(app, "approval-wanted").pop().unwrap();
        assert!(wanted["what"].as_str().unwrap().ends_with(", and no email is sent"), "{wanted}");
        app.browser_of(app.colleague()).open(&format!("/bids/{bid}")).sees("Why no email is sent").sees(WHY);
        approve(&app.client_of(app.colleague()), &bid).expect(204);
        app.work();
        assert!(letters(app, "outcome-funded").is_empty());
        let stands = app.client(Who::Manager).get(&format!("/api/v1/bids/{bid}/decisions/reserve")).expect(200).json();
        assert_eq!(stands["no_mail"], WHY);
        assert_eq!(last_of(app, "decision.recorded")["no_mail"], true);
        assert_eq!(outcomes(app, &bid), 2, "it shows all the same");
        app.browser(Who::Officer).open(&format!("/bids/{bid}/history")).sees("Its councils got no email about this");
    }
}
