//! Which files are taken, and what they are called then.

use serde_json::json;

use super::{PDF, archive, content, fault, list, names, one, path, stored, submit, upload, upload_keyed};
use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who, moment},
        databases::{Engine, on_each_database},
    },
};

/// A service in which a bid can have three documents.
struct Few(TestApp);

impl Few {
    fn start(engine: Engine) -> Self {
        Self(TestApp::start_with(engine, |config| config.files.most = 3).with_its_world())
    }
}

/// The head of a picture of so many pixels.
fn png(side: u32) -> Vec<u8> {
    let size = side.to_be_bytes();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, &size, &[8, 2, 0, 0, 0, 0, 0, 0, 0]].concat()
}

on_each_database! {
    fn a_document_is_uploaded_downloaded_and_taken_out(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let answer = upload(&client, &reference, "Plan.pdf", PDF).expect(201);
        let added = answer.json();
        assert_eq!((&added["name"], &added["media_type"], &added["bytes"]), (&json!("Plan.pdf"), &json!("application/pdf"), &json!(PDF.len())));
        assert_eq!((&added["state"], &added["scanned"], &added["by"]), (&json!("ready"), &json!(false), &json!("Officer Person")));
        assert_eq!(answer.header("location"), Some(one(&reference, &added).as_str()));
        assert_eq!(list(&client, &reference), std::slice::from_ref(&added));
        assert_eq!(client.get(&one(&reference, &added)).expect(200).json(), added);
        let file = content(&client, &reference, &added).expect(200);
        assert_eq!((file.body.as_slice(), file.header("content-type")), (PDF, Some("application/pdf")));
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"Plan.pdf\"; filename*=UTF-8''Plan.pdf"));
        assert_eq!(file.header("content-security-policy"), Some("sandbox; default-src 'none'"));
        assert_eq!((file.header("x-content-type-options"), file.header("cache-control")), (Some("nosniff"), Some("private, no-store")));
        client.delete(&one(&reference, &added)).expect(204);
        assert_eq!(client.delete(&one(&reference, &added)).status, 404);
        assert_eq!((list(&client, &reference).len(), content(&client, &reference, &added).status), (0, 404));
        let history = client.get(&format!("/api/v1/bids/{reference}/history")).expect(200).json();
        let kinds: Vec<&str> = history.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["bid.started", "bid.heading_written", "document.added", "document.taken_out"]);
        assert!(!history.to_string().contains("Plan"), "no name stands in a history");
    }

    fn what_a_file_holds_says_what_it_is(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let page = b"<!DOCTYPE html><script>alert(1)</script>";
        let office = |part: &str| archive(&[("[Content_Types].xml", b"<Types/>"), (part, b"<x/>")]);
        let open = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")]);
        let files: [(&str, Vec<u8>, &str); 8] = [
            ("Letter.PDF", PDF.to_vec(), "application/pdf"),
            ("a.docx", office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("b.xlsx", office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("c.odt", open, "application/vnd.oasis.opendocument.text"),
            ("d.csv", b"council,\xa3\nAmbridge,5\n".to_vec(), "text/csv"),
            ("e.txt", page.to_vec(), "text/plain"),
            ("f.png", png(1_000), "image/png"),
            ("Cynllun ŵyl.txt", "Ynys Môn".as_bytes().to_vec(), "text/plain"),
        ];
        for (name, bytes, media_type) in &files {
            let added = upload(&client, &reference, name, bytes).expect(201).json();
            let file = content(&client, &reference, &added).expect(200);
            assert_eq!((file.header("content-type"), &file.body), (Some(*media_type), bytes), "{name}");
            assert!(file.header("content-disposition").unwrap().starts_with("attachment; "), "{name}");
        }
        assert_eq!(list(&client, &reference).len(), files.len());
    }

    fn what_is_not_what_it_says_is_refused_and_nothing_of_it_is_kept(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let word = ("word/document.xml", b"<w/>".as_slice());
        let zeros = vec![0_u8; 20_000_000];
        let cases: [(&str, Vec<u8>, &str); 12] = [
            ("plan.pdf", b"MZ\x90\0\x03\0\0\0 a program".to_vec(), "wrong_type"),
            ("plan.exe", b"MZ\x90\0\x03\0\0\0 a program".to_vec(), "wrong_type"),
            ("plan.pdf.exe", PDF.to_vec(), "wrong_type"),
            ("plan.docx", PDF.to_vec(), "wrong_type"),
            ("plan.docx", archive(&[("xl/workbook.xml", b"<x/>")]), "wrong_type"),
            ("bomb.docx", archive(&[word, ("word/media/image1.png", &zeros)]), "too_large_inside"),
            ("macros.docx", archive(&[word, ("word/vbaProject.bin", b"x")]), "macros"),
            ("slip.docx", archive(&[word, ("../../etc/passwd", b"x")]), "too_large_inside"),
            ("flood.png", png(50_000), "too_many_pixels"),
            ("empty.txt", Vec::new(), "empty"),
            ("large.txt", vec![b'a'; 10_000_001], "too_large"),
            ("..", PDF.to_vec(), "missing"),
        ];
        for (name, bytes, code) in cases {
            let refused = upload(&client, &reference, name, &bytes);
            assert_eq!(fault(&refused), (422, code.into()), "{name}: {}", refused.text());
        }
        let far_too_large = upload(&client, &reference, "large.txt", &vec![b'a'; 11_000_000]);
        assert_eq!(far_too_large.problem(), (413, "too_large".into()));
        assert_eq!((list(&client, &reference).len(), stored(app)), (0, 0));
    }

    fn a_name_is_shown_as_it_is_meant_and_never_leads_anywhere(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let emojis = format!("{}.pdf", "🎉".repeat(300));
        let sent = [
            ("../../etc/passwd.pdf", "passwd.pdf", "passwd.pdf"),
            ("C:\\temp\\CON.pdf", "CON_.pdf", "CON_.pdf"),
            ("annual\u{202e}fdp.pdf", "annualfdp.pdf", "annualfdp.pdf"),
            ("ab\r\nSet-Cookie: x=1.pdf", "abSet-Cookie: x=1.pdf", "abSet-Cookie%3A%20x%3D1.pdf"),
            ("say \"plan\"; x.pdf", "say \"plan\"; x.pdf", "say%20%22plan%22%3B%20x.pdf"),
            ("计划.pdf", "计划.pdf", "%E8%AE%A1%E5%88%92.pdf"),
        ];
        for (place, (name, kept, in_header)) in sent.into_iter().enumerate() {
            let bytes = [PDF, place.to_string().as_bytes()].concat();
            let added = upload(&client, &reference, name, &bytes).expect(201).json();
            assert_eq!(added["name"], kept);
            let file = content(&client, &reference, &added).expect(200);
            let disposition = file.header("content-disposition").unwrap();
            assert!(disposition.ends_with(&format!("; filename*=UTF-8''{in_header}")), "{disposition}");
            assert_eq!(file.header("set-cookie"), None);
        }
        assert_eq!(fault(&upload(&client, &reference, "a\0b.pdf", PDF)), (422, "nul".into()));
        let added = upload(&client, &reference, &emojis, PDF).expect(201).json();
        let name = added["name"].as_str().unwrap();
        assert!(name.starts_with('🎉') && name.ends_with("🎉.pdf") && name.chars().count() == 80, "{name}");
        assert_eq!(content(&client, &reference, &added).expect(200).body, PDF);
    }

    fn the_same_file_is_there_once_and_its_name_is_taken(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let first = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        assert_eq!(upload(&client, &reference, "plan.pdf", PDF).expect(201).json(), first);
        let other = upload(&client, &reference, "PLAN.pdf", b"%PDF-1.4 another");
        assert_eq!(fault(&other), (422, "name_taken".into()));
        let keyed = |name: &str| upload_keyed(&client, &reference, (name, b"%PDF-1.4 another"), &[("Idempotency-Key", "k-1")]);
        let added = keyed("other.pdf").expect(201).json();
        client.delete(&one(&reference, &added)).expect(204);
        assert_eq!(keyed("other.pdf").expect(201).json(), added, "its answer is known");
        assert_eq!(fault(&keyed("another.pdf")), (422, "key_reused".into()));
        assert_eq!(names(&client, &reference), ["plan.pdf"]);
    }

    fn a_bid_has_as_many_documents_as_it_can_have_whoever_uploads_at_once(few: &Few) {
        let (client, reference) = written(&few.0, "Shared repairs");
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..9)
                .map(|number| {
                    let (client, reference) = (client.clone(), reference.as_str());
                    scope.spawn(move || loop {
                        let status = upload(&client, reference, &format!("{number}.txt"), format!("No. {number}").as_bytes()).status;
                        if status != 503 {
                            return status;
                        }
                    })
                })
                .collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let taken = statuses.iter().filter(|status| **status == 201).count();
        assert_eq!((taken, list(&client, &reference).len()), (3, 3), "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 422].contains(status)), "{statuses:?}");
        let refused = upload(&client, &reference, "more.txt", b"more");
        assert_eq!(fault(&refused), (422, "too_many".into()));
        let first = list(&client, &reference).remove(0);
        client.delete(&one(&reference, &first)).expect(204);
        upload(&client, &reference, "more.txt", b"more").expect(201);
    }

    fn once_the_stage_has_closed_nothing_comes_or_goes(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let added = upload(&client, &reference, "plan.pdf", PDF).expect(201).json();
        submit(&client, &reference, "submit_eoi").expect(200);
        app.clock.set(moment("2026-09-30T16:00:00Z"));
        let client = app.client(Who::Officer);
        upload(&client, &reference, "in time.pdf", PDF).expect(201);
        app.clock.set(moment("2026-09-30T16:00:00.000001Z"));
        let late = upload(&client, &reference, "late.pdf", PDF);
        assert_eq!(late.problem(), (409, "deadline_passed".into()));
        assert!(late.text().contains("5pm on 30 September 2026"), "{}", late.text());
        assert_eq!(client.delete(&one(&reference, &added)).problem(), (409, "deadline_passed".into()));
        assert_eq!(client.post(&path(&reference), json!({})).status, 409);
        assert_eq!(content(&client, &reference, &added).expect(200).body, PDF);
    }
}
