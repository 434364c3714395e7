//! What councils are told by mail of their bids: by whom, when, and never too early.

use std::collections::BTreeSet;

use diesel::prelude::*;
use roundtable::{
    bids::receipts::SignedReceipt, db::schema::workflows, mail::render::templates, workflow::check::MAILS,
};
use serde_json::json;

use super::with_borchester;
use crate::{
    bids::written,
    harness::{
        app::{ROUND, TestApp, Who, moment},
        databases::on_each_database,
        letters::Letter,
    },
    pages::story::Story,
};

/// Everybody of Ambridge, which leads.
const LEAD: [Who; 4] = [Who::Officer, Who::Signatory, Who::Administrator, Who::ConflictedAssessor];
/// Everybody of Borchester, which is a partner once it has confirmed.
const PARTNER: [Who; 2] = [Who::Partner, Who::PartnerSignatory];

fn of_template(app: &TestApp, template: &str) -> Vec<Letter> {
    app.letters().into_iter().filter(|letter| letter.template == template).collect()
}

/// Who was told, each once.
fn told(app: &TestApp, template: &str) -> BTreeSet<String> {
    let letters = of_template(app, template);
    let told: BTreeSet<String> = letters.iter().map(|letter| letter.recipient.clone()).collect();
    assert_eq!(told.len(), letters.len(), "{template} is told to everybody once");
    told
}

fn addresses(people: &[&[Who]]) -> BTreeSet<String> {
    people.concat().into_iter().map(Who::email).collect()
}

fn to(app: &TestApp, template: &str, who: Who) -> String {
    let letter = of_template(app, template).into_iter().find(|letter| letter.recipient == who.email());
    letter.unwrap_or_else(|| panic!("no {template} to {who:?}")).text
}

fn act(app: &TestApp, who: Who, reference: &str, action: &str) {
    app.client(who).post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({})).expect(200);
}

#[test]
fn every_mail_that_a_workflow_may_send_has_its_template() {
    let known = templates();
    for mail in MAILS {
        assert!(known.iter().any(|template| template == mail), "{mail}");
    }
}

on_each_database! {
    fn a_whole_round_tells_the_lead_and_its_confirmed_partners_of_every_step(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        app.at("2026-11-16T09:00:00Z");
        story.decide("eligibility", "find_eligible", None);
        story.give_to_assessors();
        [Who::Assessor, Who::SecondAssessor].into_iter().for_each(|who| story.score(who));
        story.decide("assessment", "close_scoring", None);
        story.decide("shortlist", "shortlist", None);
        story.decide("award", "fund", Some(8_000_000));
        let path = format!("/api/v1/rounds/{ROUND}/releases/announcement");
        assert_eq!(app.client(Who::Manager).get(&path).expect(200).json()["recipients"], 6);
        story.release("announcement");
        app.at("2026-12-07T09:29:59.999999Z");
        assert!(told(app, "outcome-funded").is_empty(), "nothing is written before the instant");
        app.at("2026-12-08T09:00:00Z");
        story.deliver();
        for (template, people) in [
            ("submitted-eoi", addresses(&[&LEAD])),
            ("outcome-invited", addresses(&[&LEAD])),
            ("invitation", addresses(&[&PARTNER])),
            ("submitted-full", addresses(&[&LEAD, &PARTNER])),
            ("outcome-funded", addresses(&[&LEAD, &PARTNER])),
            ("project-started", addresses(&[&LEAD, &PARTNER])),
        ] {
            assert_eq!(told(app, template), people, "{template}");
        }
        let partner = to(app, "outcome-funded", Who::Partner);
        assert!(partner.contains("The fund will send the agreement to Ambridge Borough Council"), "{partner}");
        assert!(partner.contains(&format!("https://roundtable.example/projects/{}", story.reference)), "{partner}");
    }

    fn the_receipt_names_reference_title_round_instant_and_fingerprint(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, true);
        app.clock.set(moment("2026-09-30T15:59:59.123456Z"));
        act(app, Who::Officer, &reference, "submit_eoi");
        let versions = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/versions")).expect(200).json();
        let receipt = to(app, "submitted-eoi", Who::Officer);
        for said in [
            "We have received your council’s expression of interest in Test round:",
            &format!("Shared repairs ({reference})"),
            "Received at 4:59pm on 30 September 2026",
            "Exact time (UTC): 2026-09-30T15:59:59.123456Z",
            versions[0]["hash"].as_str().unwrap(),
            "submit a newer version before 5pm on 30 September 2026",
            &format!("https://roundtable.example/bids/{reference}"),
            &format!("Roundtable receipt: {reference} eoi 1 2026-09-30T15:59:59.123456Z"),
            "https://roundtable.example/receipts/verify",
        ] {
            assert!(receipt.contains(said), "{said:?} is not in: {receipt}");
        }
        let signed = SignedReceipt::find(&receipt).expect("a receipt");
        assert!(signed.is_genuine(&app.app.keys.checkpoints().verifying_key()), "the mail proves it by itself");
        let partners = to(app, "submitted-eoi", Who::Partner);
        assert!(partners.contains("Ambridge Borough Council has submitted an expression of interest"), "{partners}");
        assert!(!partners.contains("newer version before"), "only the lead submits: {partners}");
    }

    fn a_council_that_was_invited_and_has_not_answered_is_told_nothing_of_the_bid(app: &TestApp) {
        let (_, withdrawn) = written(app, "Given up");
        with_borchester(app, &withdrawn, false);
        act(app, Who::Officer, &withdrawn, "submit_eoi");
        act(app, Who::Officer, &withdrawn, "withdraw");
        for template in ["submitted-eoi", "withdrawn"] {
            assert_eq!(told(app, template), addresses(&[&LEAD]), "{template}");
        }
    }

    fn confirmed_partners_hear_that_a_bid_is_withdrawn_or_was_not_submitted_in_time(app: &TestApp) {
        let (_, withdrawn) = written(app, "Given up");
        let (_, late) = written(app, "Too late");
        [&withdrawn, &late].into_iter().for_each(|reference| with_borchester(app, reference, true));
        act(app, Who::Administrator, &withdrawn, "withdraw");
        app.at("2026-09-30T16:00:01Z");
        for (template, reference) in [("withdrawn", &withdrawn), ("lapsed", &late)] {
            assert_eq!(told(app, template), addresses(&[&LEAD, &PARTNER]), "{template}");
            assert!(to(app, template, Who::Partner).contains(reference.as_str()), "{template}");
        }
    }

    fn an_outcome_is_told_by_what_its_state_means_whatever_its_name(app: &TestApp) {
        app.block_on(|app| async move {
            let renamed = app.db.write(|conn| {
                let text: String = workflows::table.select(workflows::data).first(conn)?;
                let text = text.replace("\"not_invited\"", "\"turned_down\"");
                diesel::update(workflows::table).set(workflows::data.eq(text)).execute(conn)?;
                Ok(())
            });
            renamed.await.unwrap();
        });
        let story = Story::begin(app);
        story.submit_interest();
        app.at("2026-10-01T09:00:00Z");
        story.sift();
        story.decide("sift", "not_invite", None);
        story.release("eoi_outcome");
        app.at("2026-10-10T09:00:00Z");
        let told = to(app, "outcome-not-invited", Who::Officer);
        assert!(told.starts_with("You are not invited to make a full application\n"), "{told}");
        assert!(told.contains("Say more about how others would use what you make."), "{told}");
    }
}
