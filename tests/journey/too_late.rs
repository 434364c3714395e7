//! What is sent after the closing time is refused, and nothing of what was typed is lost: the page shows it and gives it as
//! a file, without JavaScript, and it is stored nowhere.

use serde_json::json;

use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who},
        browser::Browser,
        databases::on_each_database,
    },
};

const OPEN: &str = "2026-09-30T15:59:00Z";
const CLOSED: &str = "2026-09-30T16:00:00.000001Z";
const QUESTION: &str = "What is the common problem?";
const WORDS: &str = "Tenants wait three weeks & more.\nŵ, “quotes” and <b>.";

/// A submitted expression of interest.
fn submitted(app: &TestApp) -> String {
    let (client, reference) = written(app, "Shared repairs");
    client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
    reference
}

/// The officer opens a page of the bid just before the closing time.
fn opened(app: &TestApp, reference: &str, page: &str) -> Browser {
    app.at(OPEN);
    let mut officer = app.browser(Who::Officer);
    officer.open(&format!("/bids/{reference}/{page}"));
    officer
}

on_each_database! {
    fn an_answer_sent_too_late_is_shown_and_can_be_downloaded(app: &TestApp) {
        let reference = submitted(app);
        let mut officer = opened(app, &reference, "questions/problem");
        officer.fill(QUESTION, WORDS);
        app.at(CLOSED);
        officer.press("Save and continue");
        assert_eq!((officer.status(), officer.h1()), (409, "The deadline has passed".into()));
        officer.sees("closed at 5pm on 30 September 2026").sees("Tenants wait three weeks & more.");
        officer.press("Download what you wrote");
        assert_eq!(officer.status(), 200);
        assert_eq!(officer.header("content-disposition"), Some("attachment; filename=\"what-you-wrote.txt\""));
        assert_eq!(officer.header("content-type"), Some("text/plain; charset=utf-8"));
        let file = String::from_utf8(officer.body().to_vec()).unwrap();
        assert!(file.contains(&format!("\r\nAnswer\r\n{}\r\n", WORDS.replace('\n', "\r\n"))), "{file}");
        assert!(file.contains(&format!("/bids/{reference}/questions/problem")), "{file}");
        let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        assert_eq!(bid["content"]["answers"]["problem"], "Words of our own.", "what was submitted stands");
    }

    fn title_and_ask_sent_too_late_are_shown_and_the_way_leads_to_the_bid(app: &TestApp) {
        let reference = submitted(app);
        let mut officer = opened(app, &reference, "about");
        officer.fill("How much do you ask for?", "61,500");
        app.at(CLOSED);
        officer.press("Save and continue");
        assert_eq!((officer.status(), officer.h1()), (409, "The deadline has passed".into()));
        officer.sees("61,500").sees("Shared repairs").follow("See how it stands now");
        assert_eq!((officer.status(), officer.path()), (200, format!("/bids/{reference}")));
    }

    fn only_a_page_of_ours_gets_a_file_back(app: &TestApp) {
        let client = app.client(Who::Officer);
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let send = |body: String| client.raw("POST", "/written", &form, Some(body.into_bytes())).status;
        assert_eq!(send("csrf=guessed&page=%2F&label=Answer&text=Run+me".into()), 403);
        assert_eq!(send(format!("csrf={}&page=%2F&label=Answer&text=", client.csrf())), 422);
        assert_eq!(send(format!("csrf={}&page=%2F&label=Answer&text=Words", client.csrf())), 200);
        assert_eq!(app.public().raw("POST", "/written", &form, Some(b"text=Words".to_vec())).status, 401);
    }
}
