//! What is sent after the closing time is refused, and nothing of what was typed is lost: the page shows it and gives it as
//! a file, without JavaScript, and it is stored nowhere. A draft that was never submitted goes on being kept, and says so.

use serde_json::json;

use crate::{
    bids::{paper::words_of, written},
    harness::{
        app::{Client, TestApp, Who, moment},
        browser::Browser,
        databases::on_each_database,
        pdf,
    },
    pages::story::Story,
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

/// A full application of Ambridge that is being written, some days before it closes at 5pm on 15 November 2026.
fn in_full_draft(app: &TestApp) -> (Story<'_>, String) {
    let story = Story::begin(app);
    story.submit_interest();
    app.at("2026-10-01T09:00:00Z");
    story.sift();
    story.decide("sift", "invite", None);
    story.release("eoi_outcome");
    app.at("2026-10-12T09:00:00Z");
    let invitation = story.write_application();
    (story, invitation)
}

const FULL_OPEN: &str = "2026-11-15T16:59:00Z";
const FULL_CLOSED: &str = "2026-11-15T17:00:00.000001Z";

/// The files of the draft say this.
fn files_say(client: &Client, reference: &str, words: &str) {
    for below in ["", "/api/v1"] {
        let word = words_of(&client.get(&format!("{below}/bids/{reference}/draft/file.docx")).expect(200));
        assert!(word.contains(words), "{words:?} is not in {word}");
        let drawn = pdf::words_of(&client.get(&format!("{below}/bids/{reference}/draft/file.pdf")).expect(200).body);
        assert!(pdf::squeezed(&drawn).contains(&pdf::squeezed(words)), "{words:?} is not in {drawn}");
    }
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

    fn a_draft_that_was_never_submitted_is_kept_says_that_it_is_too_late_and_can_be_taken_along(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = opened(app, &reference, "questions/problem");
        let mut submits = opened(app, &reference, "check");
        officer.fill(QUESTION, "Written a moment too late.");
        // Before and after the timer has closed the draft it is the same.
        app.clock.set(moment(CLOSED));
        officer.press("Save and continue");
        officer.sees("It is kept, but it comes too late: the expression of interest closed at 5pm on 30 September 2026");
        submits.press("Submit expression of interest");
        assert_eq!(submits.status(), 409);
        submits.sees("This closed at 5pm on 30 September 2026. Nothing was submitted by then.").sees("Written a moment too late.");
        submits.follow("Print the draft");
        assert_eq!((submits.status(), submits.path()), (200, format!("/bids/{reference}/draft")));
        submits.sees("Written a moment too late.").sees("Draft, not submitted");
        app.at(CLOSED);
        officer.open(&format!("/bids/{reference}/questions/problem"));
        officer.sees("closed at 5pm on 30 September 2026. What you save is kept, but it cannot be submitted.");
        officer.fill(QUESTION, "Written later still.").press("Save and continue").sees("It is kept, but it comes too late");
        files_say(&app.client(Who::Officer), &reference, "Written later still.");
    }

    fn over_rest_a_late_save_and_a_late_submission_say_where_the_draft_is(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let bid = format!("/api/v1/bids/{reference}");
        let in_time = client.put(&format!("{bid}/answers/problem"), 1, json!({ "value": "In time." })).expect(200).json();
        assert_eq!(in_time, json!({ "version": 2 }));
        app.at(CLOSED);
        let client = app.client(Who::Officer);
        let late = client.put(&format!("{bid}/answers/problem"), 2, json!({ "value": "Too late.", "complete": true }));
        let late = late.expect(200).json();
        assert_eq!((&late["version"], &late["late"]["closed_at"]), (&json!(3), &json!("2026-09-30T16:00:00Z")));
        assert!(late["late"]["detail"].as_str().unwrap().starts_with("It is kept, but it comes too late"), "{late}");
        for place in ["page", "pdf", "word"] {
            client.get(late["late"][place].as_str().unwrap()).expect(200);
        }
        let version = client.get(&bid).expect(200).json()["version"].as_i64().unwrap();
        let heading = client.patch(&bid, version, json!({ "title": "Later repairs" })).expect(200).json();
        assert_eq!(heading["late"]["page"], format!("/bids/{reference}/draft"));
        let refused = client.post(&format!("{bid}/actions/submit_eoi"), json!({}));
        assert_eq!(refused.problem(), (409, "deadline_passed".into()));
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        for said in ["Nothing was submitted by then.", &format!("{bid}/draft/file.pdf"), &format!("{bid}/draft/file.docx")] {
            assert!(detail.contains(said), "{said:?} is not in {detail}");
        }
        files_say(&client, &reference, "Too late.");
    }

    fn costs_and_promises_of_a_draft_that_was_never_submitted_are_not_lost(app: &TestApp) {
        let (story, _) = in_full_draft(app);
        app.at(FULL_OPEN);
        let (mut costs, mut promises) = (app.browser(Who::Officer), app.browser(Who::Officer));
        costs.open(&story.page("/costs")).fill_in("Line 1", "What for?", "Researchers by night");
        promises.open(&story.page("/promises")).fill_in("Outcome 1", "What is measured?", "Nights until repair");
        app.clock.set(moment(FULL_CLOSED));
        costs.press("Save and continue").sees("It is kept, but it comes too late: the full application closed at 5pm on 15 November 2026");
        files_say(&app.client(Who::Officer), &story.reference, "Researchers by night");
        // Once the timer has closed it, nothing is changed any more, and what was typed is given back.
        let version = app.client(Who::Officer).get(&format!("/api/v1{}", story.page(""))).json()["version"].as_i64().unwrap();
        app.work();
        promises.press("Save and continue");
        assert_eq!((promises.status(), promises.h1()), (409, "The deadline has passed".into()));
        promises.sees("nothing was submitted by then. The draft is kept as it stood.").sees("Nights until repair");
        promises.follow("print it").sees("Researchers by night");
        let officer = app.client(Who::Officer);
        let late = officer.put(&format!("/api/v1{}", story.page("/promises")), version, json!({ "promises": [] }));
        assert_eq!(late.problem(), (409, "deadline_passed".into()));
        let late = app.client(Who::Officer).put(&format!("/api/v1{}", story.page("/answers/plan")), 1, json!({ "value": "Late." }));
        assert_eq!(late.problem(), (409, "deadline_passed".into()));
        let from = json!({ "copy_from": story.reference });
        let late = app.client(Who::Officer).post(&format!("/api/v1{}", story.page("/copy")), from);
        assert_eq!(late.problem(), (409, "deadline_passed".into()));
        let answer = json!({ "value": "Not theirs." });
        app.client(Who::Stranger).put(&format!("/api/v1{}", story.page("/answers/plan")), 1, answer).expect(404);
    }

    fn costs_and_promises_sent_too_late_for_a_submitted_application_are_given_back(app: &TestApp) {
        let (story, invitation) = in_full_draft(app);
        story.ask_to_sign();
        story.submit_application(&invitation);
        app.at(FULL_OPEN);
        let (mut costs, mut promises) = (app.browser(Who::Officer), app.browser(Who::Officer));
        costs.open(&story.page("/costs")).fill_in("Line 1", "What for?", "Researchers by night");
        promises.open(&story.page("/promises")).fill_in("Outcome 1", "What is measured?", "Nights until repair");
        app.at(FULL_CLOSED);
        for (browser, words) in [(&mut costs, "Researchers by night"), (&mut promises, "Nights until repair")] {
            browser.press("Save and continue");
            assert_eq!((browser.status(), browser.h1()), (409, "The deadline has passed".into()));
            browser.sees("The version that you submitted stands.").sees(words).press("Download what you wrote");
            assert!(String::from_utf8(browser.body().to_vec()).unwrap().contains(words));
        }
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
