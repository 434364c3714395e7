//! Reading and scoring away from the network: the pack, the form, and the form on its way back.

use std::io::{Cursor, Read};

use serde_json::{Value, json};
use zip::ZipArchive;

use super::{
    assess, find_eligible, full_application, give, given_bid,
    queries::{ask, step},
    save, score,
};
use crate::{
    bids::documents::{PDF, pages::send_to, upload},
    harness::{
        app::{Answer, Client, ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
        pdf,
    },
    pages::story::Story,
};

const FORM: &str = "/api/v1/rounds/test-round/score-form";
const PACK: &str = "/api/v1/rounds/test-round/reading-pack";
const TEXT: [(&str, &str); 1] = [("Content-Type", "text/plain")];

fn form(app: &TestApp) -> String {
    app.client(Who::Assessor).get(FORM).expect(200).text()
}

fn send(app: &TestApp, form: &str) -> Answer {
    app.client(Who::Assessor).raw("POST", FORM, &TEXT, Some(form.as_bytes().to_vec()))
}

/// What stands in a form of one bid, filled in.
fn filled(reference: &str, version: i64, fit: &str, submit: &str) -> String {
    format!(
        "== bid {reference} (version {version})\n== criterion fit\nScore: {fit}\nSure: High\nWhy: Two lines,\nand this one.\n\
         == criterion delivery\nScore: 2\nSure: low\nWhy:\nSo.\n== end\nSubmit: {submit}\n"
    )
}

fn outcomes(answer: &Answer) -> Vec<(String, String)> {
    let items = answer.json();
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items.as_array().unwrap().iter().map(|item| (text(item, "bid"), text(item, "outcome"))).collect()
}

fn mine(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Assessor).get(&format!("/api/v1/bids/{reference}/scores/mine")).expect(200).json()
}

fn second_bid(app: &TestApp) -> String {
    app.clock.set(moment(START));
    let reference = full_application(app, "Shared savings");
    find_eligible(app, &reference);
    give(app, &reference, Who::Assessor).expect(200);
    reference
}

/// What the PDF of a bid in somebody's pack says.
fn paper_of(reader: &Client, reference: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(reader.get(PACK).expect(200).body)).unwrap();
    let begins = format!("{reference}/{reference} ");
    let name = archive.file_names().find(|name| name.starts_with(&begins)).unwrap().to_owned();
    let mut bytes = Vec::new();
    archive.by_name(&name).unwrap().read_to_end(&mut bytes).unwrap();
    pdf::words_of(&bytes)
}

on_each_database! {
    fn a_form_that_is_filled_in_is_kept_bid_by_bid_and_sending_it_again_changes_nothing(app: &TestApp) {
        let (first, second) = (given_bid(app), second_bid(app));
        save(app, Who::Assessor, &second, 1, &[score("fit", 1)]).expect(200);
        let empty = form(app);
        assert!(empty.contains(&format!("== bid {first} (version 1)")) && empty.contains("Sure: high\nWhy:\nIt is shown."), "{empty}");
        assert_eq!(outcomes(&send(app, &empty).expect(200)), [(first.clone(), "unchanged".into()), (second.clone(), "unchanged".into())]);
        assert_eq!(mine(app, &first)["version"], 1, "nothing was filled in");

        let sent = filled(&first, 1, "3", "yes") + &filled(&second, 2, "9", "yes");
        let answer = send(app, &sent).expect(200);
        assert_eq!(outcomes(&answer), [(first.clone(), "submitted".into()), (second.clone(), "refused".into())]);
        let fault = &answer.json()[1]["faults"][0];
        assert_eq!(fault["line"], 15, "{fault}");
        let kept = mine(app, &first);
        assert_eq!((&kept["scores"][0]["value"], &kept["scores"][0]["confidence"]), (&json!(3), &json!("high")));
        assert_eq!(kept["scores"][0]["justification"], "Two lines,\nand this one.");
        assert!(kept["submitted_at"].is_string());
        assert_eq!(mine(app, &second)["version"], 2, "of a bid with a fault nothing is kept");

        let mended = filled(&first, 1, "3", "yes") + &filled(&second, 2, "2", "no");
        let saved = [(first.clone(), "unchanged".into()), (second.clone(), "saved".into())];
        assert_eq!(outcomes(&send(app, &mended).expect(200)), saved);
        assert_eq!(outcomes(&send(app, &mended).expect(200))[1].1, "unchanged");
        assert_eq!(mine(app, &second)["version"], 3);
        // Scores that were given elsewhere since are not replaced unseen, and what is submitted stays so.
        let stale = filled(&first, 1, "1", "no") + &filled(&second, 2, "1", "no");
        let answer = send(app, &stale).expect(200);
        assert_eq!(outcomes(&answer), [(first.clone(), "refused".into()), (second.clone(), "refused".into())]);
        assert!(answer.json()[1]["faults"][0]["message"].as_str().unwrap().contains("since you downloaded the form"), "{}", answer.text());
        assert_eq!(mine(app, &second)["scores"][0]["value"], 2);
        let version = mine(app, &first)["version"].as_i64().unwrap();
        let changed = send(app, &filled(&first, version, "1", "no")).expect(200);
        assert_eq!(outcomes(&changed), [(first.clone(), "submitted".into())], "it counts at once");
        assert_eq!(mine(app, &first)["scores"][0]["value"], 1);
        let half = format!("== bid {second} (version 3)\nSubmit: yes\n");
        assert_eq!(outcomes(&send(app, &half).expect(200)), [(second.clone(), "submitted".into())], "what is kept is submitted");
    }

    fn a_bid_that_is_not_scored_whole_is_kept_and_not_submitted(app: &TestApp) {
        let reference = given_bid(app);
        let half = format!("== bid {reference} (version 1)\n== criterion fit\nScore: 1\nSure: low\nWhy: So.\n== end\nSubmit: yes\n");
        let answer = send(app, &half).expect(200);
        assert_eq!(outcomes(&answer), [(reference.clone(), "saved".into())]);
        assert_eq!(answer.json()[0]["faults"][0]["message"], "Not submitted yet: ‘Deliverability’ is not scored.");
        assert_eq!(outcomes(&send(app, &half).expect(200)), [(reference.clone(), "refused".into())]);
        assert_eq!(mine(app, &reference)["submitted_at"], Value::Null);
        let key = [TEXT[0], ("Idempotency-Key", "train")];
        let client = app.client(Who::Assessor);
        let again = |form: String| client.raw("POST", FORM, &key, Some(form.into_bytes()));
        let (one, other) = (again(filled(&reference, 2, "2", "yes")).expect(200), again(filled(&reference, 2, "2", "yes")).expect(200));
        assert_eq!(one.text(), other.text());
        assert_eq!(outcomes(&other), [(reference.clone(), "submitted".into())]);
        assert_eq!(again(filled(&reference, 2, "3", "yes")).status, 422, "the same key with another form");
        assert_eq!(mine(app, &reference)["scores"][0]["number"], 2);
    }

    fn what_is_no_form_is_refused_and_nobody_learns_of_bids_that_are_not_theirs(app: &TestApp) {
        let reference = given_bid(app);
        assess(app, Who::Assessor, &reference, (1, 1));
        assert_eq!(send(app, "Dear fund team").problem(), (422, "invalid".into()));
        let wrong = app.client(Who::Assessor).raw("POST", FORM, &[("Content-Type", "application/pdf")], Some(Vec::new()));
        assert_eq!(wrong.json()["errors"][0]["code"], "not_text");
        for path in [FORM, PACK, "/rounds/test-round/offline"] {
            for who in [Who::SecondAssessor, Who::Manager, Who::Officer] {
                assert_eq!(app.client(who).get(path).status, 404, "{path} {who:?}");
            }
        }
        assert_eq!(app.client(Who::SecondAssessor).raw("POST", FORM, &TEXT, Some(filled(&reference, 1, "1", "no").into_bytes())).status, 404);
        let other = second_bid(app);
        let conflict = json!({ "bid": other, "reason": "I work with them." });
        app.client(Who::Assessor).post("/api/v1/conflicts", conflict).expect(200);
        assert!(!form(app).contains(&other));
        let answer = send(app, &(filled(&other, 1, "1", "no") + &filled("TEST-9999", 1, "1", "no"))).expect(200).json();
        assert_eq!(answer[0]["faults"][0]["message"], answer[1]["faults"][0]["message"], "a conflict is as good as no bid");
        app.client(Who::Moderator).post(&format!("/api/v1/rounds/{ROUND}/moderation"), json!({})).expect(200);
        let page = app.client(Who::Assessor).get(&format!("/rounds/{ROUND}/offline")).expect(200).text();
        assert!(page.contains("None of your bids can be scored at the moment."), "{page}");
        assert!(form(app).contains(&format!("cannot be scored now: {reference}.")));
        let late = send(app, &filled(&reference, 3, "2", "no")).expect(200);
        assert_eq!(outcomes(&late), [(reference, "refused".into())], "once moderation is open nothing changes");
    }

    fn the_page_takes_the_form_and_says_what_became_of_each_bid(app: &TestApp) {
        let (first, second) = (given_bid(app), second_bid(app));
        let mut browser = app.browser(Who::Assessor);
        browser.open("/assess").follow("Read and score offline").sees("You have 2 bids to read in this round.");
        browser.follow("Download the form alone (plain text)");
        assert_eq!(String::from_utf8_lossy(browser.body()), form(app));
        let client = app.client(Who::Assessor);
        let post = |file| send_to(&client, "/rounds/test-round/offline", &[("csrf", &client.csrf())], file);
        let refused = post(None).expect(422).text();
        assert!(refused.contains("Select the form that you filled in.") && refused.contains("href=\"#file\""), "{refused}");
        let sent = filled(&first, 1, "3", "yes") + &filled(&second, 1, "many", "no");
        let page = post(Some(("scores.txt", sent.as_bytes()))).expect(200).text();
        assert!(page.contains("Submitted") && page.contains("Not saved"), "{page}");
        assert!(page.contains("Line 15: fit: give a whole number of the scale after Score."), "{page}");
    }

    fn a_pack_has_every_bid_with_what_stands_beside_it_its_documents_and_the_form(app: &TestApp) {
        let story = Story::invited(app);
        let invitation = story.write_application();
        let reference = story.reference.clone();
        upload(&app.client(Who::Officer), &reference, "Plan ŵ.pdf", PDF).expect(201);
        story.ask_to_sign();
        story.submit_application(&invitation);
        app.at("2026-11-16T09:00:00Z");
        story.decide("eligibility", "find_eligible", None);
        story.give_to_assessors();
        let (manager, other, assessor) = (app.client(Who::Manager), app.client(Who::SecondAssessor), app.client(Who::Assessor));
        let clarifications = format!("/api/v1{}", story.page("/clarifications"));
        for question in ["How many tenants wait?", "Who keeps it running?"] {
            let until = json!({ "question": question, "until": "2026-11-20T17:00:00Z" });
            manager.post(&clarifications, until).expect(201);
        }
        let first = manager.get(&clarifications).expect(200).json()[0]["id"].as_str().unwrap().to_owned();
        let answers = |version: i64, text: &str, submit: bool| {
            let answer = json!({ "answer": text, "submit": submit });
            app.client(Who::Officer).put(&format!("{clarifications}/{first}/answer"), version, answer).expect(200);
        };
        answers(1, "A draft of few words.", false);
        let waiting = pdf::squeezed(&paper_of(&assessor, &reference));
        assert!(waiting.contains("Noneyet.Itcanbeanswereduntil5pmon20November2026.") && !waiting.contains("Adraft"), "{waiting}");
        answers(2, "Four hundred tenants wait.", true);
        for (who, words) in [(&other, "Is page 4 right?"), (&other, "May I ask a colleague?"), (&assessor, "Is it new?")] {
            ask(who, &reference, "question", words).expect(201);
        }
        for (number, said, to) in [(1, "Page 4 is right.", "readers"), (2, "Better not.", "asker")] {
            step(&manager, &reference, (number, 0), "answer", &json!({ "words": said, "to": to })).expect(200);
        }
        let said = pdf::squeezed(&paper_of(&assessor, &reference));
        let beside = ["Question 1 from the fund", "How many tenants wait?", "Four hundred tenants wait.", "Who keeps it running?",
            "Another reader: I have a question", "Is page 4 right?", "Page 4 is right.", "Is it new?"];
        for words in beside {
            assert!(said.contains(&pdf::squeezed(words)), "{words} is not in {said}");
        }
        for words in ["May I ask a colleague?", "Better not.", "SecondAssessor", "A draft of"] {
            assert!(!said.contains(&pdf::squeezed(words)), "{words} is in {said}");
        }
        let theirs = pdf::squeezed(&paper_of(&other, &reference));
        assert!(theirs.contains("Betternot.") && !theirs.contains("Isitnew?"), "what was answered to them alone is theirs: {theirs}");

        let (pack, again) = (assessor.get(PACK).expect(200), assessor.get(PACK).expect(200));
        assert_eq!(pack.body, again.body, "it says nothing of the hour");
        let mut archive = ZipArchive::new(Cursor::new(pack.body)).unwrap();
        let names: Vec<String> = archive.file_names().map(ToOwned::to_owned).collect();
        let paper = names.iter().find(|name| name.starts_with(&format!("{reference}/{reference} "))).unwrap().clone();
        let mut read = |name: &str| {
            let mut bytes = Vec::new();
            archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(read(&format!("{reference}/documents/Plan ŵ.pdf")), PDF);
        assert!(pdf::words_of(&read(&paper)).contains(&reference), "{paper}");
        assert_eq!(String::from_utf8(read("scores.txt")).unwrap(), form(app));
        assert!(String::from_utf8(read("contents.txt")).unwrap().contains(&paper));
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
