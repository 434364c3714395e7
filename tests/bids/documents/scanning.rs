//! Quarantine: nobody reads a document before the scanner has called it clean. The scanner here speaks clamd's INSTREAM.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::{prelude::*, update};
use roundtable::{config::Clamd, db::schema::files, files::FileState};
use serde_json::json;

use super::{PDF, ask_for_letters, content, fault, give, letters, list, names, path, stored, submit, upload};
use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who},
        chromium::{Visit, look_at},
        databases::{Engine, on_each_database},
    },
};

pub const VIRUS: &[u8] = b"%PDF-1.4 X5O!P%@AP EICAR";

/// A service whose uploads somebody looks at.
pub struct Scanned {
    pub app: TestApp,
    /// Whether the scanner answers.
    awake: Arc<AtomicBool>,
}

/// A service whose scanner takes every call and says nothing, until it is told to.
struct Hanging {
    app: TestApp,
    /// Whether the scanner answers.
    awake: Arc<AtomicBool>,
}

impl Hanging {
    fn start(engine: Engine) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let awake = Arc::new(AtomicBool::new(false));
        let answers = Arc::clone(&awake);
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                if answers.load(Ordering::SeqCst) {
                    answer(stream);
                } else {
                    held.push(stream);
                }
            }
        });
        let app = TestApp::start_with(engine, |config| {
            config.files.clamd = Some(Clamd::Address(address));
            config.files.longest_scan = Duration::from_millis(300);
        });
        Self { app: app.with_its_world(), awake }
    }
}

impl Scanned {
    pub fn start(engine: Engine) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let awake = Arc::new(AtomicBool::new(true));
        let answers = Arc::clone(&awake);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if answers.load(Ordering::SeqCst) {
                    answer(stream);
                }
            }
        });
        let app = TestApp::start_with(engine, |config| config.files.clamd = Some(Clamd::Address(address)));
        Self { app: app.with_its_world(), awake }
    }
}

/// Reads a file piece by piece, takes a moment, and says what it finds.
fn answer(mut stream: TcpStream) {
    let mut command = [0; 10];
    stream.read_exact(&mut command).unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).unwrap();
        let mut piece = vec![0; u32::from_be_bytes(length) as usize];
        if piece.is_empty() {
            break;
        }
        stream.read_exact(&mut piece).unwrap();
        file.extend(piece);
    }
    std::thread::sleep(Duration::from_millis(50));
    let found = file.windows(5).any(|five| five == b"EICAR");
    let said = if found { "stream: Eicar-Test-Signature FOUND\0" } else { "stream: OK\0" };
    stream.write_all(said.as_bytes()).unwrap();
}

on_each_database! {
    fn a_document_is_in_quarantine_until_it_is_called_clean(scanned: &Scanned) {
        let app = &scanned.app;
        let (client, reference) = written(app, "Shared repairs");
        let long = [PDF, &vec![b'a'; 300_000]].concat();
        let added = upload(&client, &reference, "plan.pdf", &long).expect(201).json();
        assert_eq!((&added["state"], &added["scanned"]), (&json!("being_checked"), &json!(true)));
        // The scanner is ours, and must cost no council its bid.
        submit(&client, &reference, "submit_eoi").expect(200);
        let manager = app.client(Who::Manager);
        for client in [&client, &manager] {
            assert_eq!(content(client, &reference, &added).problem(), (409, "being_checked".into()));
        }
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/documents")).sees("It can be downloaded once it is checked for viruses");
        assert!(!browser.links().iter().any(|link| link.contains("plan.pdf")), "{:?}", browser.links());
        app.work();
        assert_eq!((&list(&client, &reference)[0]["state"], &list(&manager, &reference)[0]["scanned"]), (&json!("ready"), &json!(true)));
        assert_eq!(content(&manager, &reference, &added).expect(200).body, long);
    }

    fn what_was_uploaded_before_there_was_a_scanner_is_scanned_when_it_is_uploaded_again(scanned: &Scanned) {
        let app = &scanned.app;
        let (client, reference) = written(app, "Shared repairs");
        upload(&client, &reference, "plan.pdf", PDF).expect(201);
        app.work();
        app.block_on(|app| async move {
            let unscanned = files::state.eq(FileState::Unscanned);
            app.db.write(move |conn| Ok(update(files::table).set(unscanned).execute(conn)?)).await.unwrap()
        });
        let (client, reference) = written(app, "Shared cleaning");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        assert_eq!(content(&client, &reference, &added).problem(), (409, "being_checked".into()));
        app.work();
        assert_eq!(content(&client, &reference, &added).expect(200).body, PDF);
    }

    fn an_infected_document_is_deleted_and_its_uploader_hears_of_it(scanned: &Scanned) {
        let app = &scanned.app;
        let (client, reference) = written(app, "Shared repairs");
        let added = upload(&client, &reference, "letter.pdf", VIRUS).expect(201).json();
        upload(&client, &reference, "plan.pdf", PDF).expect(201);
        submit(&client, &reference, "submit_eoi").expect(200);
        app.work();
        assert_eq!((names(&client, &reference), stored(app)), (vec!["plan.pdf".to_owned()], 1));
        let told: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "document-infected").collect();
        let [letter] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(letter.recipient, Who::Officer.email());
        assert!(letter.text.contains("letter.pdf") && letter.text.contains("which the fund now reads without it"), "{}", letter.text);
        assert!(letter.text.contains(&format!("/bids/{reference}/documents")), "{}", letter.text);
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/documents")).sees("A virus was found in:").sees("letter.pdf");
        browser.open(&format!("/bids/{reference}/history")).sees("Virus found in a document, which was deleted");
        let manager = app.client(Who::Manager);
        let infected = list(&manager, &reference).into_iter().find(|document| document["id"] == added["id"]).unwrap();
        assert_eq!(infected["state"], "infected", "the version names it");
        app.browser(Who::Manager).open(&format!("/bids/{reference}/documents")).sees("Virus found");
        for client in [&client, &manager] {
            assert_eq!(content(client, &reference, &added).problem(), (409, "infected".into()));
        }
        assert_eq!(fault(&upload(&client, &reference, "again.pdf", VIRUS)), (422, "infected".into()));
        assert_eq!(stored(app), 1);
    }

    fn a_scanner_that_is_out_of_order_keeps_a_document_in_quarantine_until_it_answers(scanned: &Scanned) {
        let app = &scanned.app;
        let (client, reference) = written(app, "Shared repairs");
        scanned.awake.store(false, Ordering::SeqCst);
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        for _ in 0..15 {
            app.later(Duration::from_secs(301));
            assert_eq!(content(&client, &reference, &added).problem(), (409, "being_checked".into()));
        }
        scanned.awake.store(true, Ordering::SeqCst);
        app.later(Duration::from_secs(301));
        assert_eq!(content(&client, &reference, &added).expect(200).body, PDF);
    }

    fn a_scanner_that_takes_the_call_and_never_answers_is_asked_again(hanging: &Hanging) {
        let app = &hanging.app;
        let (client, reference) = written(app, "Shared repairs");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        for pause in [0, 5, 10] {
            app.later(Duration::from_secs(pause));
            assert_eq!(list(&client, &reference)[0]["state"], "being_checked");
            let refused = content(&client, &reference, &added);
            assert_eq!(refused.problem(), (409, "being_checked".into()));
            assert!(refused.text().contains("being checked for viruses. Try again in a few minutes."), "{}", refused.text());
        }
        hanging.awake.store(true, Ordering::SeqCst);
        app.later(Duration::from_secs(20));
        assert_eq!(content(&client, &reference, &added).expect(200).body, PDF);
    }

    fn a_document_that_a_question_demands_is_submitted_once_it_is_called_clean(scanned: &Scanned) {
        let app = &scanned.app;
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let (check, question) = (format!("/bids/{reference}/check"), format!("/bids/{reference}/questions/letters"));
        let mut browser = app.browser(Who::Officer);
        browser.open(&check).sees("Upload a document for “Letters of support”");
        assert_eq!(submit(&client, &reference, "submit_eoi").problem(), (409, "not_yet".into()));
        give(&client, &reference, "letter.pdf", PDF).expect(201);
        browser.open(&check).sees("Wait until “letter.pdf” is checked for viruses, which answers “Letters of support”");
        browser.open(&question).sees("Being checked").sees("The bid can be submitted from then on.");
        assert_eq!(submit(&client, &reference, "submit_eoi").problem(), (409, "not_yet".into()));
        app.work();
        browser.open(&question).sees("No virus found");
        assert!(!browser.open(&check).has("You cannot submit yet"));
        submit(&client, &reference, "submit_eoi").expect(200);
    }

    fn an_infected_document_answers_nothing_and_another_takes_its_place(scanned: &Scanned) {
        let app = &scanned.app;
        ask_for_letters(app, true);
        let (client, reference) = written(app, "Shared repairs");
        let added = give(&client, &reference, "letter.pdf", VIRUS).expect(201).json();
        app.work();
        assert_eq!(letters(&client, &reference).0, json!([added["hash"]]), "its writers read which it was");
        let mut browser = app.browser(Who::Officer);
        let question = format!("/bids/{reference}/questions/letters");
        browser.open(&format!("/bids/{reference}/check"));
        browser.sees("Upload another document for “Letters of support”: a virus was found in “letter.pdf”");
        browser.open(&question).sees("Virus found").sees("Clean the computer that it comes from");
        let versions = client.get(&format!("/api/v1/bids/{reference}/answers/letters/versions")).expect(200).json();
        let newest = (&versions["items"][0]["complete"], &versions["items"][0]["by"], &versions["items"][1]["complete"]);
        assert_eq!(newest, (&json!(false), &json!(null), &json!(true)), "it is not called finished any more");
        assert_eq!(submit(&client, &reference, "submit_eoi").problem(), (409, "not_yet".into()));
        let clean = give(&client, &reference, "letter.pdf", PDF).expect(201).json();
        app.work();
        assert_eq!(letters(&client, &reference).0, json!([clean["hash"]]));
        submit(&client, &reference, "submit_eoi").expect(200);
    }

    fn a_document_that_may_be_left_out_waits_for_no_scanner_and_an_infected_one_is_named(scanned: &Scanned) {
        let app = &scanned.app;
        ask_for_letters(app, false);
        let (client, reference) = written(app, "Shared repairs");
        let added = give(&client, &reference, "letter.pdf", VIRUS).expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        app.work();
        assert_eq!(submit(&client, &reference, "resubmit_eoi").problem(), (409, "not_yet".into()));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}/questions/letters")).press("Take out letter.pdf").sees("The document is taken out.");
        assert_eq!(letters(&client, &reference).0, json!([]));
        submit(&client, &reference, "resubmit_eoi").expect(200);
        let first = client.get(&format!("/api/v1/bids/{reference}/versions/eoi/1")).expect(200).json();
        assert_eq!(first["content"]["answers"]["letters"], json!([added["hash"]]), "a version says what was submitted");
    }

    fn an_infected_document_does_not_come_along_into_a_later_bid_and_neither_does_the_answer_that_names_it(scanned: &Scanned) {
        let app = &scanned.app;
        ask_for_letters(app, false);
        let (client, earlier) = written(app, "Shared repairs");
        give(&client, &earlier, "letter.pdf", VIRUS).expect(201);
        app.work();
        let start = json!({ "round": "test-round", "lead": app.organisation("AMB"), "title": "Once more", "copy_from": earlier });
        let new = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let bid = client.get(&format!("/api/v1/bids/{new}")).expect(200).json();
        assert_eq!(bid["content"]["answers"]["problem"], "Words of our own.", "the rest is copied");
        assert_eq!((letters(&client, &new).0, list(&client, &new).len()), (json!(null), 0));
    }

    fn a_virus_in_two_bids_is_told_in_both(scanned: &Scanned) {
        let app = &scanned.app;
        let (client, one) = written(app, "Shared repairs");
        let stranger = app.client(Who::Stranger);
        let start = json!({ "round": "test-round", "lead": app.organisation("CAS"), "title": "Their own" });
        let other = stranger.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        upload(&client, &one, "letter.pdf", VIRUS).expect(201);
        upload(&stranger, &other, "letter.pdf", VIRUS).expect(201);
        app.work();
        let told = app.letters().into_iter().filter(|letter| letter.template == "document-infected");
        let mut told: Vec<_> = told.map(|letter| letter.recipient).collect();
        told.sort();
        assert_eq!(told, [Who::Officer.email(), Who::Stranger.email()]);
        assert_eq!([client.get(&path(&one)).json(), stranger.get(&path(&other)).json()], [json!([]), json!([])]);
        assert_eq!(stored(app), 0);
    }
}

/// The page of a question that asks for documents, in every state that one of them can have.
#[test]
fn the_page_of_a_question_that_asks_for_documents_is_sound_in_a_real_browser() {
    let scanned = Scanned::start(Engine::Sqlite);
    let app = &scanned.app;
    ask_for_letters(app, true);
    let (client, reference) = written(app, "Shared repairs");
    let officer = app.browser(Who::Officer).cookies();
    let [question, check, all] =
        ["questions/letters", "check", "documents"].map(|page| format!("/bids/{reference}/{page}"));
    look_at(&app.base, &[Visit::signed_in(&question, &officer, "letters-none")]);
    give(&client, &reference, "Letter of support from Ambridge Borough Council and its neighbours.pdf", PDF)
        .expect(201);
    app.work();
    look_at(&app.base, &[Visit::signed_in(&question, &officer, "letters-one")]);
    give(&client, &reference, "letter.pdf", VIRUS).expect(201);
    let pages = [&question, &check, &all].map(|page| Visit::signed_in(page, &officer, "letters-checking"));
    look_at(&app.base, &pages);
    app.work();
    let pages = [&question, &check, &all].map(|page| Visit::signed_in(page, &officer, "letters-infected"));
    look_at(&app.base, &pages);
    let (client, other) = written(app, "Shared cleaning");
    give(&client, &other, "letter.pdf", PDF).expect(201);
    upload(&client, &other, "plan.pdf", b"%PDF-1.4 another EICAR").expect(201);
    submit(&client, &other, "submit_eoi").expect(200);
    app.work();
    let manager = app.browser(Who::Manager).cookies();
    look_at(&app.base, &[Visit::signed_in(&format!("/bids/{other}/documents"), &manager, "letters-infected")]);
}
