//! Every submitted version and the draft can be had on paper, by those who may read them and by nobody else.

use serde_json::{Value, json};

use super::written;
use crate::harness::{
    app::{Answer, Client, TestApp, Who},
    databases::on_each_database,
    pdf,
};

const PDF: &str = "application/pdf";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A bid that was submitted twice and changed once more.
fn with_two_versions(app: &TestApp) -> (Client, String) {
    let (client, reference) = written(app, "Atgyweirio ar y cyd i’r ŵyl");
    act(&client, &reference, "submit_eoi");
    answer(&client, &reference, 1, "Second words.");
    act(&client, &reference, "resubmit_eoi");
    answer(&client, &reference, 2, "Words that nobody has submitted.");
    (client, reference)
}

fn act(client: &Client, reference: &str, action: &str) {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({})).expect(200);
}

fn answer(client: &Client, reference: &str, version: i64, words: &str) {
    let body = json!({ "value": words, "complete": true });
    client.put(&format!("/api/v1/bids/{reference}/answers/problem"), version, body).expect(200);
}

fn hash_of(client: &Client, reference: &str, number: usize) -> String {
    let versions = client.get(&format!("/api/v1/bids/{reference}/versions")).expect(200).json();
    versions[number - 1]["hash"].as_str().unwrap().to_owned()
}

/// What a Word file says, all of its text in one.
pub fn words_of(answer: &Answer) -> String {
    let said: Value = serde_json::from_str(&docx_rs::read_docx(&answer.body).unwrap().json()).unwrap();
    let mut words = String::new();
    collect(&said, &mut words);
    words
}

fn collect(said: &Value, words: &mut String) {
    match said {
        Value::Object(parts) => parts.iter().for_each(|(name, part)| match part {
            Value::String(text) if name == "text" => words.push_str(text),
            other => collect(other, words),
        }),
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, words)),
        _ => {}
    }
}

on_each_database! {
    fn each_version_says_what_was_submitted_then_on_the_page_and_in_both_files(app: &TestApp) {
        let (client, reference) = with_two_versions(app);
        let mut officer = app.browser(Who::Officer);
        for (number, words, others) in [(1, "Words of our own.", "Second words."), (2, "Second words.", "nobody")] {
            let version = format!("/bids/{reference}/versions/eoi/{number}");
            let hash = hash_of(&client, &reference, number);
            officer.open(&format!("/bids/{reference}")).follow(&format!("Expression of interest, version {number}"));
            assert_eq!((officer.status(), officer.path()), (200, version.clone()));
            officer.sees(words).sees(&hash).sees("10am on 2 September 2026").sees(&reference);
            assert!(!officer.has(others) && !officer.has("not submitted"), "{}", officer.text());
            let word = client.get(&format!("{version}/file.docx")).expect(200);
            assert_eq!(word.header("content-type"), Some(WORD));
            let said = words_of(&word);
            for part in [words, &hash, &reference, "Atgyweirio ar y cyd i’r ŵyl", &format!("version {number}, received")] {
                assert!(said.contains(part), "{part:?} is not in {said}");
            }
            assert!(!said.contains(others), "{said}");
            let pdf = client.get(&format!("{version}/file.pdf")).expect(200);
            assert_eq!(pdf.header("content-type"), Some(PDF));
            let drawn = pdf::squeezed(&pdf::words_of(&pdf.body));
            for part in [words, &hash, &reference, "Atgyweirio ar y cyd i’r ŵyl", &format!("version {number}, received"), "Page 1 of"] {
                assert!(drawn.contains(&pdf::squeezed(part)), "{part:?} is not in {drawn}");
            }
            assert!(!drawn.contains(&pdf::squeezed(others)), "{drawn}");
            let name = format!("{reference}%20Atgyweirio%20ar%20y%20cyd%20i%E2%80%99r%20%C5%B5yl%2C%20expression%20of%20interest%2C%20version%20{number}.pdf");
            assert!(pdf.header("content-disposition").unwrap().ends_with(&format!("filename*=UTF-8''{name}")));
        }
        let rest = client.get(&format!("/api/v1/bids/{reference}/versions/eoi/1")).expect(200).json();
        assert_eq!((&rest["number"], &rest["content"]["answers"]["problem"]), (&json!(1), &json!("Words of our own.")));
        assert_eq!(client.get(&format!("/bids/{reference}/versions/eoi/3")).status, 404);
        assert_eq!(client.get(&format!("/bids/{reference}/versions/full/1/file.pdf")).status, 404);
        assert_eq!(client.get(&format!("/api/v1/bids/{reference}/versions/other/1")).status, 404);
    }

    fn the_draft_says_on_every_sheet_that_it_was_not_submitted(app: &TestApp) {
        let (client, reference) = with_two_versions(app);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}/check")).follow("Print the draft, or download it as PDF or Word");
        officer.sees("Words that nobody has submitted.").sees("draft, not submitted").sees("Draft, not submitted");
        let said = words_of(&client.get(&format!("/bids/{reference}/draft/file.docx")).expect(200));
        assert!(said.contains("Words that nobody has submitted.") && said.contains("draft, not submitted"), "{said}");
        let pdf = client.get(&format!("/bids/{reference}/draft/file.pdf")).expect(200);
        assert!(pdf.header("content-disposition").unwrap().contains("draft.pdf"), "{:?}", pdf.headers);
        let drawn = pdf::squeezed(&pdf::words_of(&pdf.body));
        for part in ["Words that nobody has submitted.", "draft, not submitted"] {
            assert!(drawn.contains(&pdf::squeezed(part)), "{part:?} is not in {drawn}");
        }
    }

    fn nobody_reads_a_draft_but_its_councils_and_no_version_who_may_not_know_of_the_bid(app: &TestApp) {
        let (_, reference) = with_two_versions(app);
        for file in ["", "/file.pdf", "/file.docx"] {
            let status = |who: Who, what: &str| app.client(who).get(&format!("/bids/{reference}/{what}{file}")).status;
            assert_eq!(status(Who::Signatory, "draft"), 200);
            assert_eq!(status(Who::Manager, "draft"), 404);
            assert_eq!(status(Who::Manager, "versions/eoi/2"), 200);
            for who in [Who::Stranger, Who::Nobody] {
                assert_eq!((status(who, "draft"), status(who, "versions/eoi/1")), (404, 404), "{who:?}");
            }
            assert_eq!(app.public().get(&format!("/bids/{reference}/draft{file}")).status, 401);
        }
    }
}
