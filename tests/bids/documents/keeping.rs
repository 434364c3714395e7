//! What becomes of the bytes: stored once, kept while anything refers to them, and swept away afterwards.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use roundtable::{files, server::housekeeping::sweep};

use super::{PDF, content, list, one, stored, submit, upload};
use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
};

const DAY: Duration = Duration::from_secs(86_400);

fn a_day_later(app: &TestApp) {
    app.clock.set(app.clock.now().plus(DAY + Duration::from_micros(1)));
    app.block_on(|app| async move { sweep(&app).await.unwrap() });
}

on_each_database! {
    fn the_same_bytes_are_stored_once_and_deleted_when_the_last_bid_lets_go_of_them(app: &TestApp) {
        let (client, one_bid) = written(app, "Shared repairs");
        let (_, other) = written(app, "Shared gardens");
        let first = upload(&client, &one_bid, "plan.pdf", PDF).expect(201).json();
        let second = upload(&client, &other, "the same.pdf", PDF).expect(201).json();
        assert_eq!((stored(app), &first["hash"]), (1, &second["hash"]));
        client.delete(&one(&one_bid, &first)).expect(204);
        a_day_later(app);
        assert_eq!(content(&client, &other, &second).expect(200).body, PDF);
        client.delete(&one(&other, &second)).expect(204);
        assert_eq!(stored(app), 1);
        a_day_later(app);
        assert_eq!(stored(app), 0);
        let again = upload(&app.client(Who::Officer), &other, "again.pdf", PDF).expect(201).json();
        assert_eq!(content(&client, &other, &again).expect(200).body, PDF);
    }

    fn a_document_that_was_just_taken_out_is_there_for_another_day(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        client.delete(&one(&reference, &added)).expect(204);
        app.clock.set(app.clock.now().plus(DAY));
        app.block_on(|app| async move { sweep(&app).await.unwrap() });
        assert_eq!(stored(app), 1);
        a_day_later(app);
        assert_eq!(stored(app), 0);
    }

    fn a_submitted_version_keeps_its_documents_for_good(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        client.delete(&one(&reference, &added)).expect(204);
        submit(&client, &reference, "resubmit_eoi").expect(200);
        a_day_later(app);
        a_day_later(app);
        assert_eq!((stored(app), list(&client, &reference).len()), (1, 0));
        assert_eq!(content(&app.client(Who::Manager), &reference, &added).expect(200).body, PDF);
    }

    fn an_upload_that_is_cut_off_leaves_nothing(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let mut stream = TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
        let session = app.session(Who::Officer);
        let head = format!(
            "POST /api/v1/bids/{reference}/documents?name=plan.pdf HTTP/1.1\r\nHost: x\r\nCookie: roundtable-session={session}\r\n\
             X-CSRF-Token: {}\r\nContent-Length: 100000\r\n\r\n",
            roundtable::identity::sessions::csrf_of(&session)
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(PDF).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(!answer.contains("201"), "{answer}");
        assert_eq!((list(&client, &reference).len(), stored(app)), (0, 0));
    }

    fn bytes_whose_upload_stopped_before_anything_referred_to_them_are_swept_away(app: &TestApp) {
        let hash = files::hash_of(PDF);
        let (begun, now) = (hash.clone(), app.clock.now());
        app.block_on(|app| async move {
            assert!(app.db.write(move |conn| files::begin(conn, &begun, 5, now)).await.unwrap(), "nobody has stored it");
            app.files.put(&hash, PDF.to_vec().into()).await.unwrap();
        });
        assert_eq!(stored(app), 1);
        a_day_later(app);
        assert_eq!(stored(app), 0);
    }

    fn a_stranger_sends_no_large_file(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let answer = upload(&app.public(), &reference, "plan.pdf", &vec![b'a'; 3_000_000]);
        assert_eq!(answer.problem(), (401, "unauthenticated".into()));
    }
}
