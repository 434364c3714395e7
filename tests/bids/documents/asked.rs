//! A question of the form that asks for documents: uploaded right at the question, named by their hashes in its answer.

use roundtable::files::hash_of;
use serde_json::json;

use super::{
    PDF, archive, ask_for_letters, content, fault, give, letters, list, names, one, pages::send_to, stored, submit,
    upload,
};
use crate::{
    awards::SIFT,
    bids::{paper::words_of, together::shared, written},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const ANOTHER: &[u8] = b"%PDF-1.4 another letter";

/// Answers the question with these hashes.
fn put(client: &Client, reference: &str, hashes: serde_json::Value) -> Answer {
    let version = letters(client, reference).1;
    let body = json!({ "value": hashes, "complete": true });
    client.put(&format!("/api/v1/bids/{reference}/answers/letters"), version, body)
}

on_each_database! {
    fn a_document_is_uploaded_at_its_question_and_its_answer_names_it(app: &TestApp) {
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let refused = submit(&client, &reference, "submit_eoi");
        assert_eq!(refused.problem(), (409, "not_yet".into()));
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.ends_with("Missing: Upload a document for “Letters of support”."), "{detail}");
        let answer = give(&client, &reference, "letter.pdf", PDF).expect(201);
        let added = answer.json();
        assert_eq!(answer.header("location"), Some(one(&reference, &added).as_str()));
        assert_eq!((&added["hash"], &added["state"]), (&json!(hash_of(PDF)), &json!("ready")));
        assert_eq!(letters(&client, &reference), (json!([hash_of(PDF)]), 1));
        assert_eq!(list(&client, &reference), std::slice::from_ref(&added));
        give(&client, &reference, "the same.pdf", PDF).expect(201);
        assert_eq!((letters(&client, &reference).1, list(&client, &reference).len()), (1, 1), "it is there already");
        submit(&client, &reference, "submit_eoi").expect(200);
        let manager = app.client(Who::Manager);
        assert_eq!(letters(&manager, &reference).0, json!([hash_of(PDF)]));
        assert_eq!(content(&manager, &reference, &added).expect(200).body, PDF);
        client.delete(&one(&reference, &added)).expect(204);
        assert_eq!(letters(&client, &reference), (json!([]), 2), "it goes out of the answer too");
        assert_eq!(submit(&client, &reference, "resubmit_eoi").problem(), (409, "not_yet".into()));
        assert_eq!(content(&manager, &reference, &added).expect(200).body, PDF, "the version keeps it");
    }

    fn a_question_takes_what_it_asks_for_and_nothing_else(app: &TestApp) {
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let zeros = vec![0_u8; 20_000_000];
        let word = ("word/document.xml", b"<w/>".as_slice());
        let cases: [(&str, Vec<u8>, &str); 7] = [
            ("costs.csv", b"council,5\n".to_vec(), "wrong_type"),
            ("letter.pdf", b"MZ\x90\0\x03\0\0\0 a program".to_vec(), "wrong_type"),
            ("letter.pdf.exe", PDF.to_vec(), "wrong_type"),
            ("letter.docx", archive(&[("xl/workbook.xml", b"<x/>")]), "wrong_type"),
            ("bomb.docx", archive(&[word, ("word/media/image1.png", &zeros)]), "too_large_inside"),
            ("macros.docx", archive(&[word, ("word/vbaProject.bin", b"x")]), "macros"),
            ("annual\u{202e}fdp.exe", PDF.to_vec(), "wrong_type"),
        ];
        for (name, bytes, code) in cases {
            let refused = give(&client, &reference, name, &bytes);
            assert_eq!(fault(&refused), (422, code.into()), "{name}: {}", refused.text());
        }
        let refused = give(&client, &reference, "costs.csv", b"council,5\n").text();
        assert!(refused.contains("must be a PDF or Word document"), "{refused}");
        assert_eq!((list(&client, &reference).len(), stored(app)), (0, 0));
        let tricks = [("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\temp\\CON.pdf", "CON_.pdf")];
        for (place, (sent, kept)) in tricks.into_iter().enumerate() {
            let bytes = [PDF, place.to_string().as_bytes()].concat();
            assert_eq!(give(&client, &reference, sent, &bytes).expect(201).json()["name"], kept);
        }
        assert_eq!(fault(&give(&client, &reference, "third.pdf", PDF)), (422, "too_many".into()));
        assert_eq!(list(&client, &reference).len(), 2, "and nothing of it is kept");
        for (question, status) in [("problem", 409), ("no-such-question", 404)] {
            let elsewhere = format!("/api/v1/bids/{reference}/answers/{question}/documents?name=a.pdf");
            let octets = [("Content-Type", "application/octet-stream")];
            assert_eq!(client.raw("POST", &elsewhere, &octets, Some(PDF.to_vec())).status, status, "{question}");
        }
    }

    fn an_answer_names_documents_of_the_bid_and_of_no_other(app: &TestApp) {
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let stranger = app.client(Who::Stranger);
        let start = json!({ "round": ROUND, "lead": app.organisation("CAS"), "title": "Their own" });
        let theirs = stranger.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let added = give(&client, &reference, "letter.pdf", PDF).expect(201).json();
        for who in [Who::Stranger, Who::Nobody, Who::Manager] {
            let other = app.client(who);
            assert_eq!(content(&other, &reference, &added).status, 404, "{who:?}");
            assert_eq!(give(&other, &reference, "letter.pdf", ANOTHER).status, 404, "{who:?}");
            assert_eq!(other.delete(&one(&reference, &added)).status, 404, "{who:?}");
        }
        assert_eq!(give(&app.public(), &reference, "letter.pdf", ANOTHER).status, 401);
        let refused = put(&stranger, &theirs, json!([added["hash"]]));
        assert_eq!(fault(&refused), (422, "unknown_document".into()));
        assert_eq!(refused.json()["errors"][0]["pointer"], "/value");
        let csv = upload(&client, &reference, "costs.csv", b"council,5\n").expect(201).json();
        assert_eq!(fault(&put(&client, &reference, json!([csv["hash"]]))), (422, "wrong_type".into()));
        assert_eq!(fault(&put(&client, &reference, json!([added["hash"], added["hash"]]))), (422, "unknown_document".into()));
        assert_eq!(fault(&put(&client, &reference, json!("letter.pdf"))), (422, "wrong_type".into()));
        put(&client, &reference, json!([])).expect(200);
        assert_eq!(names(&client, &reference), ["costs.csv", "letter.pdf"], "it is still one of the documents");
        put(&client, &reference, json!([added["hash"]])).expect(200);
        assert_eq!((list(&stranger, &theirs).len(), stored(app)), (0, 2));
    }

    fn a_council_answers_with_documents_on_a_page_without_javascript(app: &TestApp) {
        ask_for_letters(app, true);
        let reference = shared(app);
        let (question, client) = (format!("/bids/{reference}/questions/letters"), app.client(Who::Partner));
        let send = |then: &str, file: Option<(&str, &[u8])>| {
            let csrf = client.csrf();
            send_to(&client, &format!("{question}/documents"), &[("csrf", &csrf), ("then", then)], file)
        };
        let mut browser = app.browser(Who::Partner);
        browser.open(&format!("/bids/{reference}")).follow("Letters of support");
        browser.sees("Upload a document").sees("PDF or Word document, smaller than 10MB").sees("Up to 2 documents, one at a time.");
        let wrong = send("upload", Some(("costs.csv", b"council,5\n"))).expect(422).text();
        assert!(wrong.contains("The selected file must be a PDF or Word document.") && wrong.contains("href=\"#answers-letters\""), "{wrong}");
        assert!(send("upload", None).expect(422).text().contains("Select a file."));
        assert_eq!(send("upload", Some(("Llythyr ŵyl.pdf", PDF))).header("location"), Some(question.as_str()));
        browser.open(&question).sees("PDF, 29 bytes").sees("Uploaded by Partner Person of Borchester City Council").sees("Not checked for viruses");
        browser.sees("Upload another document").follow("Llythyr ŵyl.pdf");
        assert_eq!(browser.body(), PDF);
        let onwards = send("continue", Some(("letter.pdf", ANOTHER)));
        assert_eq!(onwards.header("location"), Some(format!("/bids/{reference}").as_str()), "what was chosen is uploaded all the same");
        browser.open(&question).sees("There are as many as this question takes.");
        assert_eq!(send("continue", None).header("location"), Some(format!("/bids/{reference}").as_str()));
        browser.open(&format!("/bids/{reference}/documents")).sees("Answers “Letters of support”");
        browser.open(&format!("/bids/{reference}/check")).sees(&format!("Llythyr ŵyl.pdf (PDF, 29 bytes, SHA-256 {})", hash_of(PDF)));
        browser.open(&question).press("Take out Llythyr ŵyl.pdf").sees("The document is taken out.");
        browser.open(&format!("{question}/history")).sees("added: letter.pdf (PDF, 23 bytes");
        assert_eq!((letters(&client, &reference).0, names(&client, &reference)), (json!([hash_of(ANOTHER)]), vec!["letter.pdf".to_owned()]));
    }

    fn a_document_that_answers_is_listed_on_paper_and_published_by_name_alone(app: &TestApp) {
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let added = give(&client, &reference, "letter.pdf", PDF).expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        let line = format!("letter.pdf (PDF, 29 bytes, SHA-256 {})", hash_of(PDF));
        let version = format!("/bids/{reference}/versions/eoi/1");
        assert!(client.get(&version).expect(200).text().contains(&line));
        assert!(words_of(&client.get(&format!("{version}/file.docx")).expect(200)).contains(&line));
        assert!(client.get(&format!("{version}/file.pdf")).expect(200).body.starts_with(b"%PDF-"));
        app.at(SIFT);
        let path = format!("/api/v1/open/rounds/{ROUND}/eois");
        let open = app.public().get(&format!("{path}.json")).expect(200).json();
        let answers = open["bids"][0]["answers"].as_array().unwrap();
        assert_eq!(answers.last().unwrap()["answer"], json!(line), "{open}");
        assert!(app.public().get(&format!("{path}.csv")).expect(200).text().contains(&line));
        assert_eq!(content(&app.public(), &reference, &added).status, 401);
        assert_eq!(content(&app.client(Who::Nobody), &reference, &added).status, 404);
        app.browser(Who::Manager).open(&format!("/bids/{reference}")).sees(&line);
    }

    fn a_bid_that_is_reopened_for_such_a_question_takes_its_documents_and_no_others(app: &TestApp) {
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let first = give(&client, &reference, "letter.pdf", PDF).expect(201).json();
        let plan = upload(&client, &reference, "plan.txt", b"the plan").expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        let second = give(&client, &reference, "second.pdf", ANOTHER).expect(201).json();
        upload(&client, &reference, "late plan.txt", b"a later plan").expect(201);
        client.delete(&one(&reference, &plan)).expect(204);
        app.at("2026-10-01T09:00:00Z");
        let changes = format!("/api/v1/bids/{reference}/milestones/changes");
        let new = json!({ "milestone": "eoi_closes", "at": "2026-10-02T16:00:00Z", "ground": "reopening",
            "reason": "A letter is of another bid.", "questions": ["letters"] });
        app.client(Who::Manager).post(&changes, new).expect(201);
        app.client_of(app.colleague()).post(&format!("{changes}/1/confirm"), json!({})).expect(200);
        let client = app.client(Who::Officer);
        assert_eq!(names(&client, &reference), ["letter.pdf", "plan.txt", "second.pdf"], "the documents are those that stand");
        assert_eq!(letters(&client, &reference).0, json!([first["hash"], second["hash"]]), "the answer stays as it is being written");
        assert_eq!(upload(&client, &reference, "more.txt", b"more").problem(), (409, "not_reopened".into()));
        assert_eq!(client.delete(&one(&reference, &plan)).problem(), (409, "not_reopened".into()));
        client.delete(&one(&reference, &first)).expect(204);
        give(&client, &reference, "third.pdf", b"%PDF-1.4 a third").expect(201);
        submit(&client, &reference, "resubmit_eoi").expect(200);
        assert_eq!(names(&app.client(Who::Manager), &reference), ["plan.txt", "second.pdf", "third.pdf"]);
    }

    fn two_people_who_upload_at_once_lose_nothing(app: &TestApp) {
        ask_for_letters(app, true);
        let reference = shared(app);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let running: Vec<_> = [Who::Officer, Who::Partner, Who::Administrator, Who::PartnerSignatory]
                .map(|who| {
                    let (client, reference) = (app.client(who), reference.as_str());
                    let bytes = format!("%PDF-1.4 of {who:?}");
                    scope.spawn(move || loop {
                        let status = give(&client, reference, &format!("{who:?}.pdf"), bytes.as_bytes()).status;
                        if status != 503 {
                            return status;
                        }
                    })
                })
                .into_iter()
                .collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let client = app.client(Who::Officer);
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 2, "{statuses:?}");
        let (answer, version) = letters(&client, &reference);
        assert_eq!((answer.as_array().unwrap().len(), version, list(&client, &reference).len()), (2, 2, 2));
    }
}
