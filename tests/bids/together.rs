//! Several councils write one draft: who may write what of it, who wrote what, and what two see who wrote the same.

use serde_json::{Value, json};

use super::journey::written;
use crate::{
    harness::{
        app::{Answer, Client, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::with_borchester,
};

/// A draft of Ambridge with both answers, which Borchester has joined.
pub fn shared(app: &TestApp) -> String {
    let (_, reference) = written(app, "Shared repairs");
    with_borchester(app, &reference, true);
    reference
}

pub fn answer(client: &Client, reference: &str, question: &str, version: i64, words: &str) -> Answer {
    let body = json!({ "value": words, "complete": true });
    client.put(&format!("/api/v1/bids/{reference}/answers/{question}"), version, body)
}

fn versions(app: &TestApp, who: Who, reference: &str, query: &str) -> Value {
    let path = format!("/api/v1/bids/{reference}/answers/problem/versions{query}");
    app.client(who).get(&path).expect(200).json()
}

fn bid(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()
}

on_each_database! {
    fn a_partner_that_has_confirmed_writes_the_answers_and_nothing_else(app: &TestApp) {
        let reference = shared(app);
        let bid = format!("/api/v1/bids/{reference}");
        for (who, version) in [(Who::Partner, 1), (Who::PartnerSignatory, 2)] {
            answer(&app.client(who), &reference, "problem", version, &format!("{who:?} knows better.")).expect(200);
        }
        let partner = app.client(Who::Partner);
        let refused = [
            partner.patch(&bid, 2, json!({ "title": "Theirs" })),
            partner.put(&format!("{bid}/costs"), 2, json!({ "costs": [] })),
            partner.put(&format!("{bid}/promises"), 2, json!({ "promises": [] })),
            partner.post(&format!("{bid}/partners"), json!({ "organisation": "CAS" })),
        ];
        for answer in refused {
            assert_eq!(answer.problem(), (403, "not_allowed".into()), "{}", answer.text());
        }
        // Submitting is an action of the workflow, which says by whom.
        assert_eq!(partner.post(&format!("{bid}/actions/submit_eoi"), json!({})).status, 403);
        app.client(Who::Stranger).get(&format!("/bids/{reference}/questions/problem")).expect(404);
    }

    fn a_council_that_was_asked_and_has_not_answered_writes_nothing(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, false);
        let invited = app.client(Who::Partner);
        let refused = answer(&invited, &reference, "problem", 1, "Too early.");
        assert_eq!(refused.problem(), (403, "not_allowed".into()));
        assert!(refused.text().contains("Accept the invitation first"), "{}", refused.text());
        invited.get(&format!("/bids/{reference}/questions/problem")).expect(403);
        invited.get(&format!("/api/v1/bids/{reference}/answers/problem/versions")).expect(403);
        assert!(!app.browser(Who::Partner).open(&format!("/bids/{reference}")).has("What you can write"));
    }

    fn partners_write_until_the_instant_and_not_after_it_where_a_version_stands(app: &TestApp) {
        let reference = shared(app);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        app.clock.set(moment("2026-09-30T16:00:00Z"));
        answer(&app.client(Who::Partner), &reference, "problem", 1, "In time.").expect(200);
        app.clock.set(moment("2026-09-30T16:00:00.000001Z"));
        let late = answer(&app.client(Who::Partner), &reference, "problem", 2, "Too late.");
        assert_eq!(late.problem(), (409, "deadline_passed".into()));
    }

    fn the_bid_s_page_leads_a_partner_to_the_answers_and_reads_as_before_otherwise(app: &TestApp) {
        let reference = shared(app);
        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}")).sees("What you can write").sees("together with Ambridge Borough Council");
        partner.sees("2 of 2 answers that are needed are complete").sees("What the bid says");
        for lead_s in ["Title, phase and ask", "Check your answers and submit", "You cannot submit yet"] {
            assert!(!partner.has(lead_s), "{lead_s}");
        }
        partner.follow("What is the common problem?").fill("What is the common problem?", "Two councils’ words.");
        partner.press("Save and come back later").open(&format!("/bids/{reference}/questions/problem"));
        partner.sees("Last written by Partner Person of Borchester City Council at 10am on 2 September 2026");
        partner.open(&format!("/bids/{reference}/check")).sees("Two councils’ words.");
        assert_eq!(partner.links().iter().filter(|link| link.starts_with("Change")).count(), 3, "one for each question");
    }

    fn an_answer_does_not_stand_in_the_way_of_whoever_writes_another_part(app: &TestApp) {
        let reference = shared(app);
        let before = bid(app, &reference)["version"].clone();
        let mut about = app.browser(Who::Officer);
        about.open(&format!("/bids/{reference}/about"));
        let mut other = app.browser(Who::Administrator);
        other.open(&format!("/bids/{reference}/questions/assets"));
        answer(&app.client(Who::Partner), &reference, "problem", 1, "Meanwhile.").expect(200);
        assert_eq!(bid(app, &reference)["version"], before);
        other.fill("What will others be able to use again?", "A guide.").press("Save and continue");
        about.fill("How much do you ask for?", "60,000").press("Save and continue");
        assert_eq!((other.status(), about.status()), (200, 200));
        let now = bid(app, &reference);
        assert_eq!((&now["content"]["ask_pence"], &now["content"]["answers"]["assets"]), (&json!(6_000_000), &json!("A guide.")));
    }

    fn every_save_is_a_version_that_says_who_wrote_it_for_which_council(app: &TestApp) {
        let reference = shared(app);
        answer(&app.client(Who::Partner), &reference, "problem", 1, "Second.").expect(200);
        answer(&app.client(Who::Signatory), &reference, "problem", 2, "Third.").expect(200);
        let unchanged = answer(&app.client(Who::Partner), &reference, "problem", 3, "Third.").expect(200);
        assert_eq!(unchanged.header("etag"), Some("\"v3\""), "whoever saves what stands has written nothing");
        let all = versions(app, Who::Partner, &reference, "");
        let said = |version: &Value| {
            json!([version["number"], version["value"], version["by"], version["organisation"]])
        };
        let said: Vec<Value> = all["items"].as_array().unwrap().iter().map(said).collect();
        assert_eq!(said, [
            json!([3, "Third.", "Signatory Person", "Ambridge Borough Council"]),
            json!([2, "Second.", "Partner Person", "Borchester City Council"]),
            json!([1, "Words of our own.", "Officer Person", "Ambridge Borough Council"]),
        ]);
        let first = versions(app, Who::Officer, &reference, "?limit=2");
        let next = versions(app, Who::Officer, &reference, &format!("?limit=2&cursor={}", first["next"].as_str().unwrap()));
        assert_eq!((&next["items"], &next["next"]), (&json!([all["items"][2]]), &Value::Null));
        app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/answers/nothing/versions")).expect(404);
    }

    fn how_an_answer_came_to_be_is_for_its_councils_alone(app: &TestApp) {
        let reference = shared(app);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        for path in [format!("/api/v1/bids/{reference}/answers/problem/versions"), format!("/bids/{reference}/questions/problem/history")] {
            for who in [Who::Manager, Who::Moderator, Who::Observer] {
                assert_eq!(app.client(who).get(&path).status, 403, "{who:?} {path}");
            }
            for who in [Who::Assessor, Who::Stranger, Who::Admin, Who::Nobody] {
                assert_eq!(app.client(who).get(&path).status, 404, "{who:?} {path}");
            }
        }
    }

    fn the_history_gathers_the_saves_of_one_person_and_marks_what_is_different(app: &TestApp) {
        let reference = shared(app);
        let partner = app.client(Who::Partner);
        app.clock.set(moment("2026-09-02T10:00:00Z"));
        answer(&partner, &reference, "problem", 1, "Words of").expect(200);
        answer(&partner, &reference, "problem", 2, "Words of two councils.").expect(200);
        app.clock.set(moment("2026-09-02T10:10:01Z"));
        answer(&partner, &reference, "problem", 3, "Words of two councils. And more.").expect(200);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}/questions/problem")).follow("See how this answer came to be");
        officer.sees("Words of (taken out: our own.)(added: two councils.)").sees("2 words added, 2 taken out");
        officer.sees("Saved at 11:10am on 2 September 2026").sees("2 words added, 0 taken out");
        assert_eq!(officer.text().matches("Partner Person of Borchester City Council").count(), 2, "{}", officer.text());
        officer.sees("Officer Person of Ambridge Borough Council").sees("as completed");
        officer.follow("Back to the question");
        assert_eq!(officer.path(), format!("/bids/{reference}/questions/problem"));
    }

    fn a_long_history_goes_on_on_further_pages(app: &TestApp) {
        let reference = shared(app);
        for version in 1..13 {
            let who = if version % 2 == 0 { Who::Officer } else { Who::Partner };
            answer(&app.client(who), &reference, "problem", version, &format!("Text{version}")).expect(200);
        }
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/questions/problem/history")).sees("(added: Text12)").follow("Earlier changes");
        browser.sees("(added: Words of our own.)").sees("(added: Text2)");
        assert!(!browser.has("Text3") && !browser.has("Earlier changes"));
    }

    fn two_people_who_write_the_same_see_where_they_started_and_what_each_has_changed(app: &TestApp) {
        let reference = shared(app);
        let path = format!("/bids/{reference}/questions/problem");
        let (mut ours, mut theirs) = (app.browser(Who::Officer), app.browser(Who::Partner));
        ours.open(&path);
        theirs.open(&path).fill("What is the common problem?", "Words of two councils.").press("Save and continue");
        answer(&app.client(Who::PartnerSignatory), &reference, "problem", 2, "Words of two councils, agreed.").expect(200);
        ours.fill("What is the common problem?", "Better words of our own.").press("Save and continue");
        assert_eq!(ours.status(), 412);
        ours.sees("PartnerSignatory Person of Borchester City Council changed this at 10am on 2 September 2026");
        ours.sees("Words of two councils, agreed.").sees("What you both started from").sees("Words of our own.");
        ours.sees("(added: two councils, agreed.)").sees("What you changed").sees("(added: Better words");
        assert_eq!(ours.value("What is the common problem?"), "Better words of our own.");
        ours.fill("What is the common problem?", "Better words of two councils.").press("Save and continue");
        assert_eq!(ours.status(), 200);
        let kept: Vec<Value> = versions(app, Who::Partner, &reference, "")["items"].as_array().unwrap().iter().map(|version| version["value"].clone()).collect();
        assert_eq!(kept, ["Better words of two councils.", "Words of two councils, agreed.", "Words of two councils.", "Words of our own."]);
    }

    fn an_answer_that_is_too_long_does_not_hide_that_another_was_saved_meanwhile(app: &TestApp) {
        let reference = shared(app);
        let mut ours = app.browser(Who::Officer);
        ours.open(&format!("/bids/{reference}/questions/problem"));
        answer(&app.client(Who::Partner), &reference, "problem", 1, "Theirs.").expect(200);
        ours.fill("What is the common problem?", &"word ".repeat(51)).press("Save and continue");
        assert_eq!(ours.status(), 422);
        ours.fill("What is the common problem?", "Ours.").press("Save and continue").sees("Theirs.");
        assert_eq!(ours.status(), 412);
    }

    fn a_choice_that_two_made_is_compared_by_its_words(app: &TestApp) {
        let reference = shared(app);
        let path = format!("/bids/{reference}/questions/training");
        let (mut ours, mut theirs) = (app.browser(Who::Officer), app.browser(Who::Partner));
        ours.open(&path);
        theirs.open(&path).choose("Introduction to service design").press("Save and continue");
        ours.choose("Agile for teams").press("Save and continue");
        ours.sees("It was empty.").sees("(added: Introduction to service design)").sees("(added: Agile for teams)");
        assert!(ours.is_chosen("Agile for teams") && !ours.is_chosen("Introduction to service design"));
    }
}
