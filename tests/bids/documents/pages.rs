//! The page of documents, as a browser without JavaScript uses it.

use super::{PDF, list, names, stored, submit, upload};
use crate::{
    bids::{together::shared, written},
    harness::{
        app::{Answer, Client, TestApp, Who},
        databases::on_each_database,
    },
};

const BOUNDARY: &str = "----WebKitFormBoundaryx7";

/// Sends the form as a browser does; a name with quotes has them written as in addresses.
fn send(client: &Client, reference: &str, csrf: &str, file: Option<(&str, &[u8])>) -> Answer {
    send_to(client, &format!("/bids/{reference}/documents"), &[("csrf", csrf)], file)
}

/// Sends a form with these fields and a file to a page.
pub fn send_to(client: &Client, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let (name, bytes) = file.unwrap_or(("", b""));
    let name = name.replace('"', "%22");
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend(bytes);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("Content-Type", kind.as_str()), ("Accept", "text/html")];
    client.raw("POST", path, &headers, Some(body))
}

on_each_database! {
    fn a_council_uploads_downloads_and_takes_out_on_a_page(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}")).follow("Documents");
        browser.sees("There are no documents yet.").sees("A bid can have 20 documents at this stage.");
        let sent = send(&client, &reference, &client.csrf(), Some(("Cynllun \"ŵyl\" 🎉.pdf", PDF)));
        assert_eq!((sent.status, sent.header("location")), (303, Some(format!("/bids/{reference}/documents").as_str())), "{}", sent.text());
        browser.open(&format!("/bids/{reference}")).sees("1 document, optional").follow("Documents of this bid");
        browser.sees("Uploaded by Officer Person of Ambridge Borough Council").follow("Cynllun \"ŵyl\" 🎉.pdf");
        assert_eq!((browser.status(), browser.body()), (200, PDF));
        browser.open(&format!("/bids/{reference}/check")).sees("Cynllun \"ŵyl\" 🎉.pdf").sees("PDF, 29 bytes (SHA-256 ");
        browser.open(&format!("/bids/{reference}/draft")).sees("PDF, 29 bytes");
        browser.open(&format!("/bids/{reference}/documents")).press("Take out Cynllun \"ŵyl\" 🎉.pdf").sees("The document is taken out.");
        browser.sees("There are no documents yet.");
        assert_eq!(list(&client, &reference).len(), 0);
    }

    fn what_is_wrong_with_a_file_is_said_beside_its_field(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let cases = [
            (None, "Select a file."),
            (Some(("plan.exe", PDF)), "The selected file must be a PDF, Word (.docx)"),
            (Some(("plan.pdf", b"MZ\x90\0".as_slice())), "The selected file is called a PDF and is none."),
            (Some(("plan.txt", b"".as_slice())), "The selected file is empty."),
        ];
        for (file, words) in cases {
            let refused = send(&client, &reference, &client.csrf(), file).expect(422).text();
            assert!(refused.contains(words) && refused.contains("href=\"#file\""), "{words}: {refused}");
        }
        let large = vec![b'a'; 11_000_000];
        let refused = send(&client, &reference, &client.csrf(), Some(("plan.txt", &large))).expect(413).text();
        assert!(refused.contains("It must be smaller than 10MB."), "{refused}");
        assert_eq!(stored(app), 0);
    }

    fn a_form_of_another_session_uploads_nothing(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let refused = send(&client, &reference, "forged", Some(("plan.pdf", PDF)));
        assert_eq!(refused.status, 403, "{}", refused.text());
        assert!(!refused.text().contains("kept"), "a file is chosen again: {}", refused.text());
        assert_eq!(send(&app.public(), &reference, "", Some(("plan.pdf", PDF))).status, 401);
        let broken = client.raw(
            "POST",
            &format!("/bids/{reference}/documents"),
            &[("Content-Type", "multipart/form-data; boundary=x")],
            Some(b"--x\r\nno part".to_vec()),
        );
        assert_eq!(broken.status, 422, "{}", broken.text());
        assert_eq!((names(&client, &reference).len(), stored(app)), (0, 0));
    }

    fn a_partner_finds_them_in_its_task_list_and_the_fund_on_the_page_of_the_bid(app: &TestApp) {
        let reference = shared(app);
        let partner = app.client(Who::Partner);
        send(&partner, &reference, &partner.csrf(), Some(("letter.pdf", PDF))).expect(303);
        app.browser(Who::Partner).open(&format!("/bids/{reference}")).sees("1 document, optional");
        let officer = app.client(Who::Officer);
        upload(&officer, &reference, "plan.txt", b"words").expect(201);
        submit(&officer, &reference, "submit_eoi").expect(200);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}")).sees("letter.pdf").follow("Documents of this bid");
        manager.sees("Not checked for viruses").sees("Uploaded by Borchester City Council");
        assert!(!manager.has("Partner Person") && !manager.has("Upload a document"));
        manager.follow("plan.txt");
        assert_eq!(manager.body(), b"words");
    }
}
