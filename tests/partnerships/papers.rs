//! What was signed can be had on paper for ever after, and every paper says who has signed, when, and whether that covers it.

use serde_json::{Value, json};

use super::{
    councils_sign::{sign, view},
    full_application, invite_borchester,
};
use crate::{
    bids::paper::words_of,
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
        pdf,
    },
    journey::fresh_code::{program, program_of_a_stranger},
    pages::story::Story,
};

fn ask(app: &TestApp, reference: &str) {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
}

fn answer(app: &TestApp, reference: &str, version: i64, words: &str) {
    let path = format!("/api/v1/bids/{reference}/answers/problem");
    app.client(Who::Officer).put(&path, version, json!({ "value": words, "complete": true })).expect(200);
    app.work();
}

/// The id and the hash of the lead's request or signature that counts.
fn signature(app: &TestApp, reference: &str) -> (String, String) {
    let sign_off = view(app, reference)["signatures"][0]["sign_off"].clone();
    (sign_off["id"].as_str().unwrap().to_owned(), sign_off["hash"].as_str().unwrap().to_owned())
}

/// An application that Ambridge's officer has signed; gives its reference with the id and the hash of the signature.
fn signed(app: &TestApp) -> (String, String, String) {
    let reference = full_application(app);
    answer(app, &reference, 0, "Words that were signed.");
    ask(app, &reference);
    sign(app, Who::Signatory, &reference, Value::Null).expect(200);
    let (id, hash) = signature(app, &reference);
    (reference, id, hash)
}

/// A paper's three faces below a path: the page, the Word file and the PDF, as text.
fn faces(app: &TestApp, who: Who, path: &str) -> [String; 3] {
    let client = app.client(who);
    let page = app.browser(who).open(path).text();
    let word = words_of(&client.get(&format!("{path}/file.docx")).expect(200));
    let pdf = pdf::words_of(&client.get(&format!("{path}/file.pdf")).expect(200).body);
    [page, word, pdf]
}

fn say(faces: &[String; 3], words: &str) {
    for (face, name) in faces.iter().zip(["page", "Word file", "PDF"]) {
        assert!(pdf::squeezed(face).contains(&pdf::squeezed(words)), "{words:?} is not in the {name}: {face}");
    }
}

fn say_nothing_of(faces: &[String; 3], words: &str) {
    assert!(faces.iter().all(|face| !pdf::squeezed(face).contains(&pdf::squeezed(words))), "{words:?} is in {faces:?}");
}

on_each_database! {
    fn what_was_signed_is_printed_as_it_was_after_the_draft_has_moved_on(app: &TestApp) {
        let (reference, id, hash) = signed(app);
        answer(app, &reference, 1, "Newer words.");
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}/sign-off")).follow("Print what was signed for Ambridge Borough Council");
        assert_eq!((officer.status(), officer.path()), (200, format!("/bids/{reference}/sign-offs/{id}")));
        let paper = faces(app, Who::Officer, &officer.path());
        for words in [
            "Words that were signed.",
            &hash,
            "as signed for Ambridge Borough Council at 10am on 12 October 2026",
            "Signed by Signatory Person at 10am on 12 October 2026",
            "Asked at 10am on 12 October 2026",
            "This is exactly the text that was signed.",
            "It holds",
        ] {
            say(&paper, words);
        }
        say_nothing_of(&paper, "Newer words.");
        let name = app.client(Who::Officer).get(&format!("/bids/{reference}/sign-offs/{id}/file.pdf")).expect(200);
        assert!(name.header("content-disposition").unwrap().contains("signed%20for%20Ambridge%20Borough%20Council.pdf"));
        let draft = faces(app, Who::Officer, &format!("/bids/{reference}/draft"));
        say(&draft, "Newer words.");
        say(&draft, &hash);
        say(&draft, "It covers this text: what was signed for is the same, and other words are different.");
    }

    fn a_signature_that_is_void_is_printed_as_one_that_holds_no_longer(app: &TestApp) {
        let (reference, id, hash) = signed(app);
        let officer = app.client(Who::Officer);
        let version = officer.get(&format!("/api/v1/bids/{reference}")).json()["version"].as_i64().unwrap();
        officer.patch(&format!("/api/v1/bids/{reference}"), version, json!({ "ask_pence": 6_150_000 })).expect(200);
        let at_once = faces(app, Who::Signatory, &format!("/bids/{reference}/sign-offs/{id}"));
        say(&at_once, "It holds no longer: what was signed for has changed since");
        app.work();
        let paper = faces(app, Who::Signatory, &format!("/bids/{reference}/sign-offs/{id}"));
        say(&paper, "It holds no longer: what was signed for has changed since");
        say(&paper, &hash);
        say_nothing_of(&paper, "£61,500");
        let draft = faces(app, Who::Signatory, &format!("/bids/{reference}/draft"));
        say(&draft, "Not signed yet.");
        let (asked, _) = signature(app, &reference);
        assert_ne!(asked, id, "the officer is asked again");
        officer.get(&format!("/bids/{reference}/sign-offs/{asked}")).expect(404);
    }

    fn a_submitted_version_names_who_signed_it_for_staff_too(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        let paper = faces(app, Who::Manager, &story.page("/versions/full/1"));
        say(&paper, "Ambridge Borough Council, section 151 officer");
        say(&paper, "Signed by Signatory Person");
        say(&paper, "This is exactly the text that was signed.");
        let interest = faces(app, Who::Manager, &story.page("/versions/eoi/1"));
        say_nothing_of(&interest, "Who signs");
    }

    fn a_version_names_no_signature_that_was_given_after_it_was_submitted(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        let change_ask = |pence: i64| {
            let officer = app.client(Who::Officer);
            let path = format!("/api/v1{}", story.page(""));
            let version = officer.get(&path).expect(200).json()["version"].as_i64().unwrap();
            officer.patch(&path, version, json!({ "ask_pence": pence })).expect(200);
            app.work();
        };
        app.at("2026-10-20T09:00:00Z");
        change_ask(7_900_000);
        change_ask(8_000_000);
        story.sign();
        let paper = faces(app, Who::Manager, &story.page("/versions/full/1"));
        say(&paper, "Signed by Signatory Person at 10am on 12 October 2026");
        say_nothing_of(&paper, "20 October 2026");
        let signatures = app.client(Who::Manager).get(&format!("/api/v1{}", story.page("/signatures"))).expect(200).text();
        assert!(signatures.contains("2026-10-12") && !signatures.contains("2026-10-20"), "{signatures}");
    }

    fn a_council_that_has_not_accepted_its_invitation_reads_nothing_that_was_signed(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        answer(app, &reference, 0, "Words that were signed.");
        ask(app, &reference);
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        let (id, _) = signature(app, &reference);
        let below = format!("bids/{reference}/sign-offs/{id}");
        let papers = [
            format!("/{below}"),
            format!("/{below}/file.pdf"),
            format!("/{below}/file.docx"),
            format!("/api/v1/{below}/file.pdf"),
            format!("/api/v1/{below}/file.docx"),
        ];
        let statuses = |who: Who| papers.each_ref().map(|paper| app.client(who).get(paper).status);
        let page = |who: Who| app.browser(who).open(&format!("/bids/{reference}/sign-off")).text();
        assert_eq!((statuses(Who::Officer), statuses(Who::Partner)), ([200; 5], [403; 5]));
        assert!(page(Who::Officer).contains("Print what was signed") && !page(Who::Partner).contains("Print what was signed"));
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        assert_eq!(statuses(Who::Partner), [200; 5]);
        assert!(page(Who::Partner).contains("Print what was signed"));
    }

    fn what_was_signed_is_for_the_councils_of_the_bid_alone(app: &TestApp) {
        let (reference, id, _) = signed(app);
        let unknown = "0197a000-0000-7000-8000-000000000000";
        for below in ["", "/api/v1"] {
            for file in ["", "/file.pdf", "/file.docx"].into_iter().filter(|file| below.is_empty() || !file.is_empty()) {
                let status = |who: Who, id: &str| app.client(who).get(&format!("{below}/bids/{reference}/sign-offs/{id}{file}")).status;
                assert_eq!((status(Who::Officer, &id), status(Who::Signatory, &id)), (200, 200), "{below} {file}");
                assert_eq!((status(Who::Officer, unknown), status(Who::Officer, "word")), (404, 404), "{below} {file}");
                for who in [Who::Stranger, Who::Partner, Who::Manager, Who::Assessor, Who::Nobody] {
                    assert_eq!(status(who, &id), 404, "{who:?} {below} {file}");
                }
                assert_eq!(app.public().get(&format!("{below}/bids/{reference}/sign-offs/{id}{file}")).status, 401);
            }
        }
    }

    fn programs_get_the_same_files_as_people(app: &TestApp) {
        let (reference, id, hash) = signed(app);
        let officer = app.client(Who::Officer);
        let (ours, theirs) = (program(app, "AMB", Who::Administrator), program_of_a_stranger(app));
        for paper in [format!("bids/{reference}/draft"), format!("bids/{reference}/sign-offs/{id}")] {
            for (file, media_type) in [
                ("file.pdf", "application/pdf"),
                ("file.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ] {
                let (page, rest) = (format!("/{paper}/{file}"), format!("/api/v1/{paper}/{file}"));
                let answer = officer.get(&rest).expect(200);
                assert_eq!(answer.header("content-type"), Some(media_type));
                assert_eq!(answer.body, officer.get(&page).expect(200).body, "{rest}");
                let with_token = |token: &str| app.public().send("GET", &rest, &[("Authorization", &format!("Bearer {token}"))], None);
                assert_eq!(with_token(&ours).expect(200).body, answer.body, "{rest} with a program's token");
                assert_eq!(with_token(&theirs).status, 404, "{rest} with the token of another council's program");
            }
        }
        let document = app.public().get("/api/v1/openapi.json").expect(200).json();
        let paths = document["paths"].as_object().unwrap();
        for paper in ["draft", "versions/{stage}/{number}", "sign-offs/{id}"] {
            let content = |file: &str| paths[&format!("/api/v1/bids/{{reference}}/{paper}/{file}")]["get"]["responses"]["200"]["content"].clone();
            assert!(content("file.pdf")["application/pdf"].is_object(), "{paper}");
            assert_eq!(content("file.docx").as_object().unwrap().len(), 1, "{paper}");
        }
        let said = words_of(&officer.get(&format!("/api/v1/bids/{reference}/sign-offs/{id}/file.docx")).expect(200));
        assert!(said.contains(&hash), "{said}");
    }
}
