//! Documents are wanted elsewhere too: in the full application after the expression of interest, and in a bid that begins with an
//! earlier one. Nobody uploads them a second time.

use serde_json::{Value, json};

use super::{PDF, ask_for_letters, content, give, letters, list, names, one, stored, upload};
use crate::{
    bids::written,
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
    pages::story::Story,
};

/// A bid that is invited to write its full application, with a letter and a plan in its expression of interest.
fn invited(app: &TestApp) -> Story<'_> {
    ask_for_letters(app, true);
    let story = Story::begin(app);
    let officer = app.client(Who::Officer);
    story.write_interest();
    give(&officer, &story.reference, "letter.pdf", PDF).expect(201);
    upload(&officer, &story.reference, "plan.txt", b"The plan").expect(201);
    story.act(Who::Officer, "submit_eoi");
    app.at("2026-10-01T09:00:00Z");
    story.sift();
    story.decide("sift", "invite", None);
    story.release("eoi_outcome");
    app.at("2026-10-12T09:00:00Z");
    story
}

fn carried(app: &TestApp, reference: &str) -> Vec<(Value, Value)> {
    let list = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/carried-over")).expect(200).json();
    list.as_array().unwrap().iter().map(|view| (view["question"].clone(), view["same"].clone())).collect()
}

on_each_database! {
    fn a_full_application_begins_with_the_documents_of_the_expression_of_interest(app: &TestApp) {
        let story = invited(app);
        let (officer, reference) = (app.client(Who::Officer), story.reference.as_str());
        let before = list(&officer, reference);
        story.act(Who::Officer, "start_full");
        let after = list(&officer, reference);
        let told = |all: &[Value]| -> Vec<Value> {
            all.iter().map(|it| json!([it["name"], it["hash"], it["by"], it["at"]])).collect()
        };
        assert_eq!((told(&after), stored(app)), (told(&before), 2), "the same, and nothing is stored twice");
        assert_eq!(letters(&officer, reference).0, json!([after[0]["hash"]]));
        assert_eq!(content(&officer, reference, &after[0]).expect(200).body, PDF);
        let same = [("problem", true), ("letters", true), ("documents", true)];
        assert_eq!(carried(app, reference), same.map(|(question, same)| (json!(question), json!(same))));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/questions/letters")).sees("letter.pdf").sees("As in the expression of interest");
        let finished = || {
            let versions = officer.get(&format!("/api/v1/bids/{reference}/answers/letters/versions")).expect(200).json();
            versions["items"][0]["complete"].clone()
        };
        assert_eq!(finished(), false, "somebody looks at it again");
        browser.press("Save and continue");
        assert_eq!((finished(), letters(&officer, reference).1), (json!(true), 2));
        browser.open(&format!("/bids/{reference}/questions/letters")).press("Save and continue");
        assert_eq!(letters(&officer, reference).1, 2, "whoever says so again has written nothing");
        browser.open(&format!("/bids/{reference}/documents")).sees("plan.txt").sees("As in the expression of interest");
        browser.open(&format!("/bids/{reference}/history")).sees("Document of the expression of interest taken over");
    }

    fn what_is_changed_in_the_full_application_shows_and_the_expression_of_interest_keeps_its_own(app: &TestApp) {
        let story = invited(app);
        let (officer, reference) = (app.client(Who::Officer), story.reference.as_str());
        story.act(Who::Officer, "start_full");
        let begun = list(&officer, reference);
        officer.delete(&one(reference, &begun[0])).expect(204);
        give(&officer, reference, "new letter.pdf", b"%PDF-1.4 a newer one").expect(201);
        let same = [("problem", true), ("letters", false), ("documents", false)];
        assert_eq!(carried(app, reference), same.map(|(question, same)| (json!(question), json!(same))));
        let mut browser = app.browser(Who::Officer);
        for page in ["questions/letters", "documents", "check"] {
            browser.open(&format!("/bids/{reference}/{page}")).sees("Changed since the expression of interest").sees("letter.pdf");
        }
        let manager = app.client(Who::Manager);
        assert_eq!(names(&manager, reference), ["letter.pdf", "plan.txt"], "the fund reads what was submitted");
        let submitted = list(&manager, reference).remove(0);
        assert_eq!(content(&manager, reference, &submitted).expect(200).body, PDF);
    }

    fn a_bid_that_begins_with_an_earlier_one_has_the_documents_that_its_answers_name(app: &TestApp) {
        ask_for_letters(app, false);
        let (officer, earlier) = written(app, "Shared repairs");
        give(&officer, &earlier, "letter.pdf", PDF).expect(201);
        upload(&officer, &earlier, "plan.txt", b"The plan").expect(201);
        let start = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Once more", "copy_from": earlier });
        let new = officer.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let [only]: [Value; 1] = list(&officer, &new).try_into().unwrap();
        assert_eq!((letters(&officer, &new).0, &only["name"]), (json!([only["hash"]]), &json!("letter.pdf")));
        assert_eq!(content(&officer, &new, &only).expect(200).body, PDF);
        officer.delete(&one(&new, &only)).expect(204);
        assert_eq!(names(&officer, &earlier), ["letter.pdf", "plan.txt"], "the earlier bid stays as it is");
    }
}
