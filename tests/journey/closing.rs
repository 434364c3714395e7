//! Before a closing everybody for whom something of a bid waits is reminded: on working days, once a day, of what is missing,
//! and never where nothing can or need be done.

use serde_json::{Value, json};

use super::{
    cancelling::cancel,
    holds::{hold, lift},
    with_borchester,
};
use crate::{
    bids::{together::shared, written},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
        letters::Letter,
    },
    pages::story::Story,
};

/// The round closes at 5pm on Wednesday 30 September 2026: 9am in London, five, two and one working days before.
const FIVE: &str = "2026-09-23T08:00:00Z";
const TWO: &str = "2026-09-28T08:00:00Z";
const ONE: &str = "2026-09-29T08:00:00Z";

fn reminders(app: &TestApp) -> Vec<Letter> {
    app.letters().into_iter().filter(|letter| letter.template == "closing-reminder").collect()
}

fn to(app: &TestApp, who: Who) -> Vec<String> {
    let letters = reminders(app).into_iter().filter(|letter| letter.recipient == who.email());
    letters.map(|letter| letter.text).collect()
}

fn submit(client: &Client, reference: &str) {
    client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
}

fn choose(app: &TestApp, version: i64, days: &[u8]) -> Answer {
    app.client(Who::Manager).put(&format!("/api/v1/rounds/{ROUND}/reminders"), version, json!({ "days": days }))
}

fn chosen(app: &TestApp) -> Value {
    app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/reminders")).expect(200).json()
}

/// An application that was invited and is being written.
fn in_full_draft(app: &TestApp) -> Story<'_> {
    let story = Story::invited(app);
    story.write_application();
    story
}

on_each_database! {
    fn the_lead_hears_what_is_missing_five_two_and_one_working_days_before(app: &TestApp) {
        let client = app.client(Who::Officer);
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Shared repairs" });
        let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        app.at("2026-09-23T07:59:59Z");
        assert!(reminders(app).is_empty());
        for (at, so_far, left) in [(FIVE, 1, "5 working days left"), (TWO, 2, "2 working days left"), (ONE, 3, "1 working day left")] {
            app.at(at);
            let letters = to(app, Who::Officer);
            assert_eq!(letters.len(), so_far, "{at}");
            for said in [left, "5pm on 30 September 2026", "Choose the phase", "What is the common problem?", &reference] {
                assert!(letters[so_far - 1].contains(said), "{said:?} is not in {}", letters[so_far - 1]);
            }
        }
        app.work();
        app.at("2026-09-30T15:00:00Z");
        assert_eq!(to(app, Who::Officer).len(), 3, "nobody is reminded twice on a day, or on the last");
        assert!(to(app, Who::Stranger).is_empty() && to(app, Who::Partner).is_empty());
    }

    fn a_council_that_has_not_answered_is_reminded_and_one_that_has_is_not(app: &TestApp) {
        let (_, open) = written(app, "Open");
        with_borchester(app, &open, false);
        app.at(TWO);
        let invited = to(app, Who::Partner);
        assert_eq!(invited.len(), 1, "what was due on two days is said once");
        for said in ["Accept or decline", &format!("/bids/{open}/invitation")] {
            assert!(invited[0].contains(said), "{said:?} is not in {}", invited[0]);
        }
        assert!(!invited[0].contains("What is missing"), "what the lead has to do is not for them: {}", invited[0]);
        let partners = app.client(Who::Officer).get(&format!("/api/v1/bids/{open}/partners")).expect(200).json();
        let id = partners["partners"][0]["id"].as_str().unwrap().to_owned();
        app.client(Who::Partner).post(&format!("/api/v1/bids/{open}/partners/{id}/confirm"), json!({})).expect(200);
        app.at(ONE);
        assert_eq!(to(app, Who::Partner).len(), 1);
    }

    fn a_section_151_officer_who_was_asked_gets_one_message_that_says_so(app: &TestApp) {
        let story = in_full_draft(app);
        story.ask_to_sign();
        for (at, letters) in [("2026-11-09T08:59:59Z", 0), ("2026-11-09T09:00:00Z", 1), ("2026-11-13T09:00:00Z", 2)] {
            app.at(at);
            assert_eq!(to(app, Who::Signatory).len(), letters, "{at}: applications close on Sunday 15 November");
        }
        for letter in to(app, Who::Signatory) {
            assert!(letter.contains("You are asked to sign") && letter.contains("full application"), "{letter}");
        }
        assert!(to(app, Who::Officer).iter().all(|letter| !letter.contains("You are asked to sign")));
        story.sign();
        app.at("2026-11-14T09:00:00Z");
        assert_eq!(to(app, Who::Signatory).len(), 2);
    }

    fn a_lead_hears_that_the_newer_text_is_not_signed_when_nobody_is_asked_for_it_any_more(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        let officer = app.client(Who::Officer);
        let path = format!("/api/v1{}", story.page(""));
        let version = officer.get(&path).expect(200).json()["version"].as_i64().unwrap();
        officer.patch(&path, version, json!({ "ask_pence": 7_900_000 })).expect(200);
        app.work();
        let changes = json!({ "words": "Say first where the £1,000 went." });
        app.client(Who::Signatory).post(&format!("{path}/sign-off/changes"), changes).expect(200);
        app.at("2026-11-09T09:00:00Z");
        let lead = to(app, Who::Officer);
        assert_eq!(lead.len(), 1);
        assert!(lead[0].contains("Who has not signed the newer text") && lead[0].contains("* Ambridge Borough Council"), "{}", lead[0]);
        assert!(to(app, Who::Signatory).iter().all(|letter| !letter.contains("You are asked to sign")), "nobody is asked");
    }

    fn who_has_not_signed_the_newer_text_of_a_submitted_bid_is_reminded_and_its_lead_told_what_counts(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        app.at("2026-11-09T09:00:00Z");
        assert!(reminders(app).is_empty(), "what is submitted as it is signed needs nothing");
        let officer = app.client(Who::Officer);
        let path = format!("/api/v1{}", story.page(""));
        let version = officer.get(&path).expect(200).json()["version"].as_i64().unwrap();
        officer.patch(&path, version, json!({ "ask_pence": 7_900_000 })).expect(200);
        app.at("2026-11-12T09:00:00Z");
        let signatory = to(app, Who::Signatory);
        assert_eq!(signatory.len(), 1, "the void signature is asked for again and chased");
        let lead = to(app, Who::Officer);
        assert_eq!(lead.len(), 1);
        for said in ["the newer text is not signed", "The version that was submitted counts unless"] {
            assert!(signatory[0].contains(said) && lead[0].contains(said), "{said:?} is not in {}", lead[0]);
        }
        assert!(signatory[0].contains("You are asked to sign"), "{}", signatory[0]);
        assert!(lead[0].contains("Who has not signed the newer text") && lead[0].contains("* Ambridge Borough Council"), "{}", lead[0]);
        assert!(!lead[0].contains("You are asked to sign") && !lead[0].contains("has not been submitted"), "{}", lead[0]);
        assert!(to(app, Who::Partner).is_empty(), "nothing waits for them");
        let so_far = reminders(app).len();
        story.sign();
        app.at("2026-11-13T09:00:00Z");
        assert_eq!(reminders(app).len(), so_far, "nobody is reminded of what is signed");
    }

    fn a_partner_that_owes_answers_is_reminded_of_them_until_they_are_finished(app: &TestApp) {
        let reference = shared(app);
        let asked = json!({ "question": "training", "organisation": app.organisation("BOR"), "due_on": "2026-09-29" });
        let path = format!("/api/v1/bids/{reference}/assignments");
        app.client(Who::Officer).put(&path, 0, json!({ "assignments": [asked] })).expect(200);
        app.at(FIVE);
        let partner = to(app, Who::Partner);
        assert_eq!(partner.len(), 1);
        let page = format!("/bids/{reference}/who-writes-what");
        for said in ["Borchester City Council still has to write", "Which training would help you?, by 29 September 2026", &page] {
            assert!(partner[0].contains(said), "{said:?} is not in {}", partner[0]);
        }
        assert!(!partner[0].contains("What is missing"), "what the lead has to do is not for them: {}", partner[0]);
        assert!(!to(app, Who::Officer)[0].contains("still has to write"), "their own council owes nothing");
        let done = json!({ "value": ["agile"], "complete": true });
        app.client(Who::Partner).put(&format!("/api/v1/bids/{reference}/answers/training"), 0, done).expect(200);
        app.at(TWO);
        assert_eq!((to(app, Who::Partner).len(), to(app, Who::Officer).len()), (1, 2));
    }

    fn what_is_submitted_withdrawn_or_called_off_reminds_nobody(app: &TestApp) {
        let (client, submitted) = written(app, "Submitted");
        submit(&client, &submitted);
        let (client, withdrawn) = written(app, "Withdrawn");
        client.post(&format!("/api/v1/bids/{withdrawn}/actions/withdraw"), json!({})).expect(200);
        app.at(FIVE);
        assert!(reminders(app).is_empty());
        written(app, "Open");
        cancel(app);
        app.at(ONE);
        assert!(reminders(app).is_empty());
    }

    fn a_bid_on_hold_reminds_nobody_until_the_hold_is_lifted(app: &TestApp) {
        let story = in_full_draft(app);
        hold(&app.client(Who::Manager), &story.reference).expect(201);
        app.at("2026-11-09T09:00:00Z");
        assert!(reminders(app).is_empty());
        lift(&app.client(Who::Manager), &story.reference).expect(204);
        app.at("2026-11-12T09:00:00Z");
        assert_eq!(to(app, Who::Officer).len(), 1);
    }

    fn reminders_go_by_the_date_that_is_in_force(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let new = json!({ "milestone": "eoi_closes", "at": "2026-10-02T16:00:00Z", "reason": "The portal was slow." });
        app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/milestones/changes"), new).expect(201);
        app.at(FIVE);
        assert!(to(app, Who::Officer).is_empty(), "five working days before the old closing");
        app.at("2026-09-25T08:00:00Z");
        let letters = to(app, Who::Officer);
        assert_eq!(letters.len(), 1);
        assert!(letters[0].contains("5pm on 2 October 2026") && letters[0].contains(&reference), "{}", letters[0]);
    }

    fn a_bid_with_more_time_is_reminded_by_its_own_closing(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        app.at("2026-09-22T09:00:00Z");
        let new = json!({
            "milestone": "eoi_closes", "at": "2026-10-02T16:00:00Z", "ground": "outage", "reason": "Nobody could save.",
        });
        let made = app.client(Who::Manager).post(&format!("/api/v1/bids/{reference}/milestones/changes"), new).expect(201).json();
        if made["in_force_since"].is_null() {
            let number = made["staff"]["number"].as_i64().unwrap();
            let confirm = format!("/api/v1/bids/{reference}/milestones/changes/{number}/confirm");
            app.client_of(app.colleague()).post(&confirm, json!({})).expect(200);
        }
        app.at(FIVE);
        assert!(to(app, Who::Officer).is_empty(), "that was for the others");
        app.at("2026-09-25T08:00:00Z");
        assert_eq!(to(app, Who::Officer).len(), 1);
    }

    fn a_manager_chooses_the_days_and_two_do_not_overwrite_each_other(app: &TestApp) {
        written(app, "Shared repairs");
        assert_eq!(chosen(app), json!({ "days": [5, 2, 1], "version": 0 }));
        assert_eq!(choose(app, 0, &[1, 3]).expect(200).json(), json!({ "days": [3, 1], "version": 1 }));
        assert_eq!(choose(app, 0, &[4]).problem(), (412, "stale_version".into()));
        assert_eq!(choose(app, 1, &[0]).problem(), (422, "invalid".into()));
        assert_eq!(app.client(Who::Observer).get(&format!("/api/v1/rounds/{ROUND}/reminders")).status, 403);
        app.at(FIVE);
        assert!(reminders(app).is_empty());
        app.at("2026-09-25T08:00:00Z");
        assert_eq!(to(app, Who::Officer).len(), 1, "three working days before");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/dates")).follow("Change when people are reminded before a closing");
        assert_eq!(manager.value("How many working days before each closing?"), "3, 1");
        manager.fill("How many working days before each closing?", "soon").press("Save the reminders");
        assert_eq!(manager.status(), 422);
        manager.fill("How many working days before each closing?", "").press("Save the reminders");
        manager.sees("The reminders are changed.");
        app.at(ONE);
        assert_eq!(to(app, Who::Officer).len(), 1, "none any more");
    }
}
