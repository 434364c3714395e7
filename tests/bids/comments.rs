//! Comments on an answer: the councils of the bid write, read and resolve them, and nobody else knows of them.

use serde_json::{Value, json};

use super::{journey::written, together::shared};
use crate::{
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
};

const WORDS: &str = "Our tenants’ figures are missing.";

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/answers/problem/comments")
}

fn comment(client: &Client, reference: &str) -> Answer {
    client.post(&path(reference), json!({ "words": format!(" {WORDS} ") }))
}

fn resolve(client: &Client, reference: &str, comment: &Value) -> Answer {
    client.post(&format!("{}/{}/resolve", path(reference), comment["id"].as_str().unwrap()), json!({}))
}

fn submit(app: &TestApp, reference: &str) {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
}

on_each_database! {
    fn a_partner_comments_and_the_lead_resolves(app: &TestApp) {
        let reference = shared(app);
        let (partner, officer) = (app.client(Who::Partner), app.client(Who::Officer));
        let said = comment(&partner, &reference).expect(201).json();
        assert_eq!((&said["words"], &said["by"], &said["organisation"]), (&json!(WORDS), &json!("Partner Person"), &json!("Borchester City Council")));
        let resolved = resolve(&officer, &reference, &said).expect(200).json();
        assert_eq!((&resolved["resolved_by"], resolved["resolved_at"].is_null()), (&json!("Officer Person"), false));
        let again = resolve(&partner, &reference, &said).expect(200).json();
        assert_eq!(again, resolved, "whoever comes second finds it so");
        assert_eq!(partner.get(&path(&reference)).expect(200).json(), json!([resolved]));
        let other = format!("/api/v1/bids/{reference}/answers/assets/comments");
        assert_eq!(officer.get(&other).expect(200).json(), json!([]));
        resolve(&officer, &reference, &json!({ "id": said["id"].as_str().unwrap().replace('0', "1") })).expect(404);
        officer.post(&format!("{other}/{}/resolve", said["id"].as_str().unwrap()), json!({})).expect(404);
    }

    fn those_who_wrote_an_answer_or_are_asked_to_hear_of_a_comment_once_an_hour(app: &TestApp) {
        let reference = shared(app);
        comment(&app.client(Who::Officer), &reference).expect(201);
        let told = || -> Vec<String> {
            let letters = app.letters().into_iter().filter(|letter| letter.template == "answer-commented");
            letters.map(|letter| letter.recipient).collect()
        };
        assert_eq!(told(), Vec::<String>::new(), "whoever comments on their own answer knows it");
        comment(&app.client(Who::Partner), &reference).expect(201);
        assert_eq!(told(), [Who::Officer.email()]);
        comment(&app.client(Who::Partner), &reference).expect(201);
        assert_eq!(told().len(), 1, "once an hour");
        let other = format!("/api/v1/bids/{reference}/answers/assets/comments");
        app.client(Who::Partner).post(&other, json!({ "words": "And of these?" })).expect(201);
        assert_eq!(told(), [Who::Officer.email(), Who::Officer.email()], "another answer is another matter");
        app.client(Who::Administrator).post(&other, json!({ "words": "All of them." })).expect(201);
        assert_eq!(told()[2..], [Who::Partner.email()], "whoever asked hears the reply");
        let asked = json!({ "assignments": [{ "question": "problem", "organisation": app.organisation("BOR") }] });
        app.client(Who::Officer).put(&format!("/api/v1/bids/{reference}/assignments"), 0, asked).expect(200);
        app.later(std::time::Duration::from_secs(3_600));
        comment(&app.client(Who::Administrator), &reference).expect(201);
        let mut now = told().split_off(3);
        now.sort();
        assert_eq!(now, [Who::Officer.email(), Who::Partner.email(), Who::PartnerSignatory.email()]);
        let letter = app.letters().into_iter().find(|letter| letter.template == "answer-commented").unwrap();
        assert!(letter.text.contains("Partner Person of Borchester City Council has commented"), "{}", letter.text);
        assert!(letter.text.contains("What is the common problem?") && !letter.text.contains("figures are missing"), "{}", letter.text);
    }

    fn nobody_but_the_partnership_reads_or_writes_them(app: &TestApp) {
        let reference = shared(app);
        let said = comment(&app.client(Who::Partner), &reference).expect(201).json();
        submit(app, &reference);
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            let client = app.client(who);
            assert_eq!(client.get(&path(&reference)).problem(), (403, "not_allowed".into()), "{who:?}");
            assert_eq!(comment(&client, &reference).problem(), (403, "not_allowed".into()), "{who:?}");
            assert_eq!(resolve(&client, &reference, &said).problem(), (403, "not_allowed".into()), "{who:?}");
        }
        for who in [Who::Assessor, Who::Stranger, Who::Admin, Who::Nobody] {
            app.client(who).get(&path(&reference)).expect(404);
            comment(&app.client(who), &reference).expect(404);
        }
        for (who, page) in [
            (Who::Manager, format!("/bids/{reference}")), (Who::Manager, format!("/bids/{reference}/history")),
            (Who::Manager, format!("/api/v1/bids/{reference}")), (Who::Manager, format!("/api/v1/bids/{reference}/history")),
            (Who::Manager, format!("/rounds/{ROUND}/bids.csv")), (Who::Officer, format!("/api/v1/bids/{reference}")),
        ] {
            let shown = app.client(who).get(&page).expect(200).text();
            assert!(!shown.contains("figures are missing") && !shown.contains("comment"), "{page}");
        }
    }

    fn a_council_that_has_not_answered_its_invitation_reads_none(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, false);
        comment(&app.client(Who::Officer), &reference).expect(201);
        let invited = app.client(Who::Partner);
        assert_eq!(invited.get(&path(&reference)).problem(), (403, "not_allowed".into()));
        assert_eq!(comment(&invited, &reference).problem(), (403, "not_allowed".into()));
        assert!(!app.browser(Who::Partner).open(&format!("/bids/{reference}")).has("open comment"));
    }

    fn a_comment_changes_nothing_of_the_bid(app: &TestApp) {
        let reference = shared(app);
        submit(app, &reference);
        let said = || {
            let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200);
            let plan = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json();
            (bid.json(), bid.header("etag").map(str::to_owned), plan)
        };
        let before = said();
        comment(&app.client(Who::Officer), &reference).expect(201);
        assert_eq!(said(), before);
    }

    fn what_is_wrong_with_a_comment_is_said_and_its_words_are_kept(app: &TestApp) {
        let reference = shared(app);
        let partner = app.client(Who::Partner);
        for (words, code) in [(" ".to_owned(), "missing"), ("x".repeat(2_001), "too_long")] {
            let refused = partner.post(&path(&reference), json!({ "words": words })).expect(422).json();
            assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/words"), &json!(code)));
        }
        partner.post(&format!("/api/v1/bids/{reference}/answers/nothing/comments"), json!({ "words": "x" })).expect(404);
        let mut browser = app.browser(Who::Partner);
        let long = "x".repeat(2_001);
        browser.open(&format!("/bids/{reference}/questions/problem")).fill("Add a comment", &long).press("Add comment");
        assert_eq!((browser.status(), browser.value("Add a comment")), (422, long));
        assert_eq!(browser.errors()[0].0, "#comment");
        let keyed = || partner.send("POST", &path(&reference), &[("Idempotency-Key", "k-1")], Some(&json!({ "words": "Once." }))).expect(201).json();
        assert_eq!(keyed(), keyed());
        assert_eq!(partner.get(&path(&reference)).json().as_array().unwrap().len(), 1);
    }

    fn on_pages_they_stand_below_the_question_and_are_counted_in_the_task_list(app: &TestApp) {
        let reference = shared(app);
        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}/questions/problem")).fill("Add a comment", WORDS).press("Add comment").sees(WORDS);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}")).sees("1 open comment").follow("What is the common problem?");
        officer.sees("Partner Person of Borchester City Council").press("Mark as resolved: comment of Partner Person at 10am on 2 September 2026");
        officer.sees("No comment is open.").sees("Marked as resolved by Officer Person");
        assert!(!officer.open(&format!("/bids/{reference}")).has("open comment"));
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/withdraw"), json!({})).expect(200);
        assert_eq!(comment(&app.client(Who::Partner), &reference).problem(), (403, "not_allowed".into()), "it is over");
    }
}
