//! Slides of an interview: the bid's councils bring them until it begins, nobody reads them before they are called clean, and then its
//! panel and the fund's staff do.

use std::time::Duration;

use roundtable::{events::Chain, files, server::housekeeping::sweep};
use serde_json::{Value, json};

use super::interviews::{ROUND, choose, decided, first, make, release};
use crate::{
    account::happened,
    bids::documents::{
        PDF, archive, fault,
        pages::send_to,
        scanning::{Scanned, VIRUS},
        stored,
    },
    harness::{
        app::{Answer, Client, TestApp, Who},
        databases::on_each_database,
    },
    pages::story::Story,
};

const DAY: Duration = Duration::from_secs(86_400);
const INSTANT: Duration = Duration::from_micros(1);

fn path(bid: &Story, what: &str) -> String {
    format!("/api/v1/bids/{}/interview/slides{what}", bid.reference)
}

/// Brings slides, beside those that are there or in the place of some.
pub fn bring(client: &Client, bid: &Story, (name, bytes): (&str, &[u8]), replaces: Option<&Value>) -> Answer {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("name", name);
    if let Some(replaced) = replaces {
        query.append_pair("replaces", replaced["id"].as_str().unwrap());
    }
    let address = format!("{}?{}", path(bid, ""), query.finish());
    client.raw("POST", &address, &[("Content-Type", "application/octet-stream")], Some(bytes.to_vec()))
}

fn one(bid: &Story, slides: &Value) -> String {
    path(bid, &format!("/{}", slides["id"].as_str().unwrap()))
}

fn content(client: &Client, bid: &Story, slides: &Value) -> Answer {
    client.get(&format!("{}/content", one(bid, slides)))
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|slides| slides["name"].as_str().unwrap()).collect()
}

fn powerpoint() -> Vec<u8> {
    archive(&[("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<x/>")])
}

fn impress(words: &[u8]) -> Vec<u8> {
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.presentation"), ("content.xml", words)])
}

on_each_database! {
    fn slides_come_and_go_until_the_interview_begins_and_its_panel_and_the_fund_read_them(scanned: &Scanned) {
        let app = &scanned.app;
        let bids = decided(app, 2, 1);
        let (at, deck, before) = (first(app), powerpoint(), stored(app));
        let manager = app.client(Who::Manager);
        make(app, &manager, (at, 1), &[Who::Assessor, Who::Manager]).expect(200);
        make(app, &manager, (at.plus(DAY), 1), &[Who::Assessor, Who::SecondAssessor]).expect(200);
        // Nothing of it is there before the invitation is.
        for who in [Who::Officer, Who::Partner, Who::Observer] {
            assert_eq!(app.client(who).get(&path(&bids[0], "")).status, 404, "{who:?}");
        }
        assert_eq!(bring(&app.client(Who::Officer), &bids[0], ("deck.pptx", &deck), None).status, 404);
        release(app, &bids);
        let [officer, partner, manager, assessor] =
            [Who::Officer, Who::Partner, Who::Manager, Who::Assessor].map(|who| app.client(who));
        assert_eq!(officer.get(&path(&bids[2], "")).status, 404, "it was not invited");
        assert_eq!(bring(&officer, &bids[2], ("deck.pptx", &deck), None).status, 403, "its outcome stands");
        assert_eq!(bring(&officer, &bids[0], ("deck.pptx", &deck), None).problem(), (409, "no_time".into()));
        let calendar = format!("/api/v1/bids/{}/interview.ics", bids[0].reference);
        assert_eq!(officer.get(&calendar).status, 404, "no time is chosen");
        choose(app, &bids[0], 1).expect(200);
        choose(app, &bids[1], 2).expect(200);
        for (who, page) in [(Who::Partner, "interview"), (Who::Observer, "interview"), (Who::Assessor, "interview/score")] {
            let lines = app.client(who).get(&calendar).expect(200).text().replace("\r\n ", "");
            let when = at.utc().format("DTSTART:%Y%m%dT%H%M%SZ\r\n").to_string();
            for line in [when.as_str(), "LOCATION:Town hall\\, room 2\r\n", "DESCRIPTION:Ring twice.\r\n", "SEQUENCE:2\r\n"] {
                assert!(lines.contains(line), "{who:?}: {line} in {lines}");
            }
            assert!(lines.contains(&format!("/bids/{}/{page}\r\n", bids[0].reference)), "{who:?}: {lines}");
        }
        for (who, status) in [(Who::SecondAssessor, 403), (Who::Stranger, 404), (Who::Nobody, 404)] {
            assert_eq!(app.client(who).get(&calendar).status, status, "{who:?}");
        }

        let word = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")]);
        let large = [PDF, &vec![b'a'; 10_000_000]].concat();
        let wrong: [(&str, &[u8], &str); 6] = [
            ("plan.docx", &word, "wrong_type"),
            ("deck.pptx", &word, "wrong_type"),
            ("deck.pdf", &deck, "wrong_type"),
            ("deck.exe", PDF, "wrong_type"),
            ("..", PDF, "missing"),
            ("deck.pdf", &large, "too_large"),
        ];
        for (name, bytes, code) in wrong {
            let refused = bring(&officer, &bids[0], (name, bytes), None);
            assert_eq!(fault(&refused), (422, code.into()), "{name}: {}", refused.text());
        }
        for (client, status) in [(&manager, 403), (&assessor, 403), (&app.client(Who::Stranger), 404)] {
            assert_eq!(bring(client, &bids[0], ("deck.pptx", &deck), None).status, status);
        }
        assert_eq!(stored(app), before, "nothing of it is kept");

        let answer = bring(&officer, &bids[0], ("计划 \"ŵyl\".pptx", &deck), None).expect(201);
        let first = answer.json();
        assert_eq!((&first["state"], &first["by"]), (&json!("being_checked"), &json!("Officer Person")));
        assert_eq!(answer.header("location"), Some(format!("{}/content", one(&bids[0], &first)).as_str()));
        for client in [&officer, &manager, &assessor] {
            assert_eq!(content(client, &bids[0], &first).problem(), (409, "being_checked".into()));
        }
        app.work();
        for who in [Who::Officer, Who::Partner, Who::Assessor, Who::Manager, Who::Moderator, Who::Observer] {
            let file = content(&app.client(who), &bids[0], &first).expect(200);
            let disposition = file.header("content-disposition").unwrap();
            assert!(disposition.starts_with("attachment; ") && disposition.ends_with("''%E8%AE%A1%E5%88%92%20%22%C5%B5yl%22.pptx"), "{disposition}");
            assert_eq!((&file.body, file.header("content-security-policy")), (&deck, Some("sandbox; default-src 'none'")), "{who:?}");
        }
        for (who, status) in [(Who::SecondAssessor, 403), (Who::Stranger, 404), (Who::Admin, 404), (Who::Nobody, 404)] {
            let client = app.client(who);
            assert_eq!(content(&client, &bids[0], &first).status, status, "{who:?} does not sit on its panel");
            assert_eq!(client.get(&path(&bids[0], "")).status, status, "{who:?}");
        }
        assert_eq!(content(&officer, &bids[1], &first).status, 404, "they are another bid’s");

        let second = bring(&partner, &bids[0], ("Two.odp", &impress(b"<x/>")), Some(&first)).expect(201).json();
        let same = bring(&officer, &bids[0], ("Two.odp", &impress(b"<x/>")), None).expect(201).json();
        assert_eq!(same["id"], second["id"], "the same file is there once");
        assert_eq!(fault(&bring(&officer, &bids[0], ("TWO.odp", &impress(b"<y/>")), None)), (422, "name_taken".into()));
        assert_eq!(fault(&bring(&officer, &bids[0], ("three.odp", &impress(b"<y/>")), Some(&first))), (422, "not_there".into()));
        assert_eq!(content(&assessor, &bids[0], &first).status, 404, "they were replaced");
        let ours = officer.get(&path(&bids[0], "")).expect(200).json();
        assert_eq!((names(&ours["current"]), &ours["may_change"], &ours["until"]), (vec!["Two.odp"], &json!(true), &json!(at)));
        let gone = &ours["earlier"][0];
        assert_eq!((&gone["id"], &gone["hash"], &gone["by"]), (&first["id"], &json!(files::hash_of(&deck)), &json!("Officer Person")));
        assert_eq!((&gone["replaced_by"], &gone["taken_out_by"]), (&second["id"], &json!("Partner Person")));
        let theirs = manager.get(&path(&bids[0], "")).expect(200).json();
        assert_eq!((&theirs["current"][0]["by"], &theirs["earlier"], &theirs["may_change"]), (&Value::Null, &json!([]), &json!(false)));
        for client in [&manager, &assessor] {
            assert_eq!(client.delete(&one(&bids[0], &second)).status, 403);
        }
        officer.delete(&one(&bids[0], &second)).expect(204);
        assert_eq!(officer.delete(&one(&bids[0], &second)).status, 404);

        let bad = bring(&partner, &bids[0], ("bad.pdf", VIRUS), None).expect(201).json();
        app.work();
        assert_eq!(content(&partner, &bids[0], &bad).status, 404);
        let ours = officer.get(&path(&bids[0], "")).expect(200).json();
        let earlier = ours["earlier"].as_array().unwrap();
        let infected = earlier.iter().find(|gone| gone["id"] == bad["id"]).unwrap();
        assert_eq!((&ours["current"], &infected["state"], &infected["taken_out_by"], earlier.len()), (&json!([]), &json!("infected"), &Value::Null, 3));
        let told: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "document-infected").collect();
        let [letter] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(letter.recipient, Who::Partner.email());
        assert!(letter.text.contains("no longer among the slides") && letter.text.contains(&bids[0].page("/interview")), "{}", letter.text);
        assert_eq!(fault(&bring(&officer, &bids[0], ("again.pdf", VIRUS), None)), (422, "infected".into()));

        let last = bring(&officer, &bids[0], ("last.pdf", PDF), None).expect(201).json();
        app.clock.set(at.minus(INSTANT));
        let late = bring(&app.client(Who::Partner), &bids[0], ("late.pdf", b"%PDF-1.4 late"), None).expect(201).json();
        app.clock.set(at);
        app.work();
        let [officer, manager, assessor] = [Who::Officer, Who::Manager, Who::Assessor].map(|who| app.client(who));
        assert_eq!(bring(&officer, &bids[0], ("later.pdf", PDF), None).problem(), (409, "begun".into()));
        assert_eq!(bring(&officer, &bids[0], ("later.pdf", PDF), Some(&last)).problem(), (409, "begun".into()));
        assert_eq!(officer.delete(&one(&bids[0], &late)).problem(), (409, "begun".into()));
        let form = assessor.get(&format!("/api/v1/bids/{}/interview/scores", bids[0].reference)).expect(200).json();
        let slot = manager.get(&format!("/api/v1/rounds/{ROUND}/interviews/1")).expect(200).json();
        for slides in [&form["slides"], &slot["slides"]] {
            assert_eq!(names(slides), ["last.pdf", "late.pdf"]);
        }
        let other = manager.get(&format!("/api/v1/rounds/{ROUND}/interviews/2")).expect(200).json();
        assert_eq!(other["slides"], json!([]));
        app.clock.set(at.plus(DAY * 2));
        app.block_on(|app| async move { sweep(&app).await.unwrap() });
        assert_eq!(stored(app), before + 2, "the bytes of what was taken out go, those of what was shown stay");
        assert_eq!(content(&app.client(Who::Assessor), &bids[0], &last).expect(200).body, PDF);

        let id = app.client(Who::Officer).get(&format!("/api/v1/bids/{}", bids[0].reference)).expect(200).json()["id"].as_str().unwrap().parse().unwrap();
        let events: Vec<(String, Value)> = happened(app, Chain::Bid(id)).into_iter().filter(|(kind, _)| kind.starts_with("slides.")).collect();
        let kinds: Vec<&str> = events.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["slides.added", "slides.added", "slides.taken_out", "slides.added", "slides.infected", "slides.added", "slides.added"]);
        assert_eq!((&events[0].1["hash"], &events[1].1["in_place_of"]), (&first["hash"], &first["id"]));
        assert!(events.iter().all(|(_, detail)| !detail.to_string().contains("Two")), "no name stands in a history");

        // A conflict of interest is a wall before the slides too.
        let boss = app.client_of(app.colleague());
        for who in [Who::Assessor, Who::Manager] {
            let conflict = json!({ "bid": bids[0].reference, "person": app.person(who), "reason": "They share a house." });
            boss.post("/api/v1/conflicts", conflict).expect(200);
            let walled = app.client(who);
            assert_eq!((content(&walled, &bids[0], &last).status, walled.get(&path(&bids[0], "")).status), (404, 404), "{who:?}");
        }
        assert_eq!(content(&boss, &bids[0], &last).expect(200).body, PDF);
    }

    fn slides_are_uploaded_replaced_and_downloaded_on_pages(app: &TestApp) {
        let bids = decided(app, 1, 0);
        release(app, &bids);
        make(app, &app.client(Who::Manager), (first(app), 1), &[Who::Assessor, Who::SecondAssessor]).expect(200);
        choose(app, &bids[0], 1).expect(200);
        let (client, page) = (app.client(Who::Officer), bids[0].page("/interview"));
        let send = |replaces: &str, file: Option<(&str, &[u8])>| {
            send_to(&client, &format!("{page}/slides"), &[("csrf", &client.csrf()), ("replaces", replaces)], file)
        };
        let mut officer = app.browser(Who::Officer);
        officer.open(&page).follow("Add it to your calendar");
        assert_eq!(officer.status(), 200);
        officer.open(&page).sees("There are no slides yet.").sees("An interview can have 20 files of slides.");
        let none = send("", None);
        assert_eq!(none.status, 422);
        assert!(none.text().contains("Select a file."), "{}", none.text());
        let wrong = send("", Some(("plan.txt", b"words".as_slice())));
        assert!(wrong.status == 422 && wrong.text().contains("must be a PDF, PowerPoint presentation or OpenDocument presentation."), "{}", wrong.text());
        let sent = send("", Some(("Ein ŵyl.pdf", PDF)));
        assert_eq!((sent.status, sent.header("location")), (303, Some(page.as_str())), "{}", sent.text());
        officer.open(&page).sees("Uploaded by Officer Person of Ambridge Borough Council").follow("Ein ŵyl.pdf");
        assert_eq!((officer.status(), officer.body()), (200, PDF));
        let ours = client.get(&path(&bids[0], "")).expect(200).json();
        let new = b"%PDF-1.4 another".as_slice();
        assert_eq!(send(ours["current"][0]["id"].as_str().unwrap(), Some(("New.pdf", new))).status, 303);
        officer.open(&page).sees("Replaced or taken out").sees("replaced by Officer Person").sees("New.pdf");
        officer.open(&bids[0].page("/history")).sees("Slides of the interview uploaded").sees("Slides of the interview replaced");

        let (form, time) = (bids[0].page("/interview/score"), format!("/rounds/{ROUND}/interviews/1"));
        for (who, page) in [(Who::Assessor, &form), (Who::Observer, &time)] {
            let mut reader = app.browser(who);
            reader.open(page).sees("Slides").sees("Uploaded by Ambridge Borough Council").follow("New.pdf");
            assert_eq!((reader.status(), reader.body()), (200, new), "{who:?}");
        }
        officer.open(&page).press("Take out New.pdf").sees("The slides are taken out.").sees("There are no slides yet.");
        let keyed = |name: &str| {
            let headers = [("Content-Type", "application/octet-stream"), ("Idempotency-Key", "k-1")];
            client.raw("POST", &path(&bids[0], &format!("?name={name}")), &headers, Some(new.to_vec()))
        };
        let added = keyed("again.pdf").expect(201).json();
        client.delete(&one(&bids[0], &added)).expect(204);
        assert_eq!(keyed("again.pdf").expect(201).json(), added, "its answer is known");
        assert_eq!(fault(&keyed("other.pdf")), (422, "key_reused".into()));
        let mut reader = app.browser(Who::Observer);
        assert!(!reader.open(&time).has("New.pdf"));
    }
}
