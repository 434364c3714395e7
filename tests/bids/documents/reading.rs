//! Who reads the documents of a bid: whoever reads the bid, as they read it.

use serde_json::{Value, json};

use super::{PDF, content, list, names, one, path, submit, upload};
use crate::{
    bids::{together::shared, written},
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
    pages::story::Story,
};

/// Two managers reopen an expression of interest that has closed, for this part alone.
fn reopen(app: &TestApp, reference: &str, part: &str) {
    let changes = format!("/api/v1/bids/{reference}/milestones/changes");
    let new = json!({
        "milestone": "eoi_closes", "at": "2026-10-02T16:00:00Z", "ground": "reopening", "reason": "A mix-up.", "questions": [part]
    });
    app.client(Who::Manager).post(&changes, new).expect(201);
    app.client_of(app.colleague()).post(&format!("{changes}/1/confirm"), json!({})).expect(200);
}

on_each_database! {
    fn nobody_outside_the_bid_learns_of_a_document_on_any_route(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        let theirs = app.client(Who::Stranger);
        let start = json!({ "round": "test-round", "lead": app.organisation("CAS"), "title": "Their own" });
        let own = theirs.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let pages = [format!("/bids/{reference}/documents"), format!("/bids/{reference}/documents/{}/file", added["id"].as_str().unwrap())];
        let paths = [path(&reference), one(&reference, &added), format!("{}/content", one(&reference, &added)), pages[0].clone(), pages[1].clone()];
        for who in [Who::Stranger, Who::Assessor, Who::Admin, Who::Nobody] {
            let client = app.client(who);
            for path in &paths {
                assert_eq!(client.get(path).status, 404, "{who:?} {path}");
            }
            assert_eq!(client.delete(&one(&reference, &added)).status, 404, "{who:?}");
            assert_eq!(upload(&client, &reference, "x.pdf", PDF).status, 404, "{who:?}");
        }
        for path in &paths {
            assert_eq!(app.public().get(path).status, 401, "{path}");
        }
        // The id of another's document opens nothing below one's own bid.
        assert_eq!([theirs.get(&one(&own, &added)).status, content(&theirs, &own, &added).status], [404, 404]);
        assert_eq!(theirs.delete(&one(&own, &added)).status, 404);
        let taken = format!("/bids/{own}/documents/{}/take-out", added["id"].as_str().unwrap());
        let form = format!("csrf={}", theirs.csrf()).into_bytes();
        let taken = theirs.raw("POST", &taken, &[("Content-Type", "application/x-www-form-urlencoded")], Some(form));
        assert_eq!(taken.status, 404);
        assert_eq!(names(&client, &reference), ["plan.pdf"]);
    }

    fn partners_upload_with_the_lead_and_whoever_was_only_invited_reads(app: &TestApp) {
        let reference = shared(app);
        let (partner, officer) = (app.client(Who::Partner), app.client(Who::Officer));
        let added = upload(&partner, &reference, "letter.pdf", PDF).expect(201).json();
        assert_eq!((&added["by"], &added["organisation"]), (&json!("Partner Person"), &json!("Borchester City Council")));
        assert_eq!(content(&officer, &reference, &added).expect(200).body, PDF);
        officer.delete(&one(&reference, &added)).expect(204);
        let (_, other) = written(app, "Another");
        with_borchester(app, &other, false);
        let added = upload(&officer, &other, "plan.pdf", PDF).expect(201).json();
        assert_eq!(content(&partner, &other, &added).expect(200).body, PDF);
        for refused in [upload(&partner, &other, "x.pdf", PDF), partner.delete(&one(&other, &added))] {
            assert_eq!(refused.problem(), (403, "not_allowed".into()));
        }
    }

    fn the_fund_reads_what_was_submitted_and_never_the_draft(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let first = upload(&client, &reference, "first.pdf", PDF).expect(201).json();
        let manager = app.client(Who::Manager);
        assert_eq!(manager.get(&path(&reference)).status, 404, "a draft");
        submit(&client, &reference, "submit_eoi").expect(200);
        let second = upload(&client, &reference, "second.pdf", b"%PDF-1.4 second").expect(201).json();
        client.delete(&one(&reference, &first)).expect(204);
        let read = list(&manager, &reference);
        assert_eq!((read.len(), &read[0]["name"], &read[0]["by"]), (1, &json!("first.pdf"), &Value::Null));
        assert_eq!(content(&manager, &reference, &first).expect(200).body, PDF);
        assert_eq!(content(&manager, &reference, &second).status, 404, "it is not submitted");
        assert_eq!(upload(&manager, &reference, "x.pdf", PDF).problem(), (403, "not_allowed".into()));
        submit(&client, &reference, "resubmit_eoi").expect(200);
        assert_eq!(names(&manager, &reference), ["second.pdf"]);
        // The older version names the first, so that whoever reads that version can still read it.
        let version = |number: i32| client.get(&format!("/api/v1/bids/{reference}/versions/eoi/{number}")).expect(200).json();
        assert_eq!(version(1)["content"]["documents"][0]["hash"], first["hash"]);
        assert_eq!(version(2)["content"]["documents"][0]["id"], second["id"]);
        assert_eq!(content(&manager, &reference, &first).expect(200).body, PDF);
        assert_eq!(content(&client, &reference, &first).expect(200).body, PDF);
    }

    fn an_assessor_reads_the_documents_of_the_bids_that_were_given_to_them(app: &TestApp) {
        let story = Story::invited(app);
        let invitation = story.write_application();
        let reference = story.reference.clone();
        let added = upload(&app.client(Who::Officer), &reference, "plan.pdf", PDF).expect(201).json();
        story.ask_to_sign();
        story.submit_application(&invitation);
        app.at("2026-11-16T09:00:00Z");
        story.decide("eligibility", "find_eligible", None);
        let assessor = app.client(Who::Assessor);
        assert_eq!(content(&assessor, &reference, &added).status, 404);
        story.give_to_assessors();
        assert_eq!(content(&assessor, &reference, &added).expect(200).body, PDF);
        let conflict = json!({ "bid": reference, "reason": "I work with them." });
        assessor.post("/api/v1/conflicts", conflict).expect(200);
        assert_eq!([content(&assessor, &reference, &added).status, assessor.get(&path(&reference)).status], [404, 404]);
    }

    fn a_bid_without_documents_says_nothing_of_them(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let hash = |action: &str| submit(&client, &reference, action).expect(200).json()["hash"].clone();
        let before = hash("submit_eoi");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        assert_ne!(hash("resubmit_eoi"), before);
        client.delete(&one(&reference, &added)).expect(204);
        assert_eq!(hash("resubmit_eoi"), before, "as if there had never been any");
    }

    fn a_reopening_puts_documents_back_and_sets_aside_what_was_not_submitted(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let first = upload(&client, &reference, "first.pdf", PDF).expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        let second = upload(&client, &reference, "second.pdf", b"%PDF-1.4 second").expect(201).json();
        client.delete(&one(&reference, &first)).expect(204);
        app.at("2026-10-01T09:00:00Z");
        reopen(app, &reference, "problem");
        let client = app.client(Who::Officer);
        assert_eq!(names(&client, &reference), ["first.pdf"]);
        assert_eq!(upload(&client, &reference, "third.pdf", b"%PDF-1.4 third").problem(), (409, "not_reopened".into()));
        assert_eq!(client.delete(&one(&reference, &first)).problem(), (409, "not_reopened".into()));
        assert_eq!(content(&client, &reference, &second).expect(200).body, b"%PDF-1.4 second");
        assert_eq!(content(&app.client(Who::Manager), &reference, &second).status, 404);
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}")).sees("What you had written and not submitted").sees("second.pdf");
        browser.open(&format!("/bids/{reference}/documents")).sees("No longer part of the draft").sees("second.pdf");
        assert!(!browser.has("Upload a document"));
    }

    fn a_bid_can_be_reopened_for_its_documents_alone(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        submit(&client, &reference, "submit_eoi").expect(200);
        app.at("2026-10-01T09:00:00Z");
        reopen(app, &reference, "documents");
        let client = app.client(Who::Officer);
        upload(&client, &reference, "letter.pdf", PDF).expect(201);
        let words = json!({ "value": "Other words.", "complete": true });
        let refused = client.put(&format!("/api/v1/bids/{reference}/answers/problem"), 1, words);
        assert_eq!(refused.problem(), (409, "not_reopened".into()));
        submit(&client, &reference, "resubmit_eoi").expect(200);
        assert_eq!(names(&app.client(Who::Manager), &reference), ["letter.pdf"]);
    }
}
