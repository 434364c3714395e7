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

use roundtable::config::Clamd;
use serde_json::json;

use super::{PDF, content, fault, list, names, path, stored, submit, upload};
use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who},
        databases::{Engine, on_each_database},
    },
};

const VIRUS: &[u8] = b"%PDF-1.4 X5O!P%@AP EICAR";

/// A service whose uploads somebody looks at.
struct Scanned {
    app: TestApp,
    /// Whether the scanner answers.
    awake: Arc<AtomicBool>,
}

impl Scanned {
    fn start(engine: Engine) -> Self {
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
