//! A form whose session has ended is kept over signing in, as one is that waits for a fresh code: for its browser and its
//! person alone, and for a day.

use std::time::Duration;

use diesel::prelude::*;
use roundtable::{db::schema::kept_forms, http::call::session_cookie};
use serde_json::json;

use crate::{
    bids::written,
    harness::{
        app::{TestApp, Who},
        browser::Browser,
        databases::on_each_database,
    },
};

const QUESTION: &str = "What is the common problem?";
const WORDS: &str = "Tenants wait three weeks & more.\nNobody tells them why.";

fn page(reference: &str) -> String {
    format!("/bids/{reference}/questions/problem")
}

/// The officer has written an answer and saves it after the session has ended.
fn saved_too_late(app: &TestApp, reference: &str) -> Browser {
    let mut officer = app.browser(Who::Officer);
    officer.open(&page(reference)).fill(QUESTION, WORDS);
    app.end_sessions(Who::Officer);
    officer.press("Save and continue");
    assert_eq!(officer.status(), 401);
    officer
}

/// Signs in with a code from the page on which the browser stands.
fn sign_in(app: &TestApp, browser: &mut Browser, who: Who) {
    browser.fill("Email address", &who.email()).press("Continue");
    let letter = app.letters().into_iter().rfind(|letter| letter.template == "sign-in").unwrap();
    assert_eq!(letter.recipient, who.email());
    browser.fill("Code", letter.data["code"].as_str().unwrap()).press("Sign in");
}

fn kept(app: &TestApp) -> i64 {
    let count =
        app.block_on(|app| async move { app.db.read(|conn| Ok(kept_forms::table.count().get_result(conn)?)).await });
    count.unwrap()
}

/// Gets a fresh code on the page that asks for one, and enters it.
pub fn confirm(app: &TestApp, browser: &mut Browser, who: Who) {
    assert_eq!(browser.h1(), "Confirm that it is you");
    browser.press("Email me a code");
    let letter = app.letters().into_iter().rfind(|letter| letter.template == "fresh-code").expect("a code was sent");
    assert_eq!(letter.recipient, who.email());
    browser.fill("Code", letter.data["code"].as_str().unwrap()).press("Continue");
}

pub fn send_it_now(browser: &mut Browser) -> &mut Browser {
    let button = browser.buttons().into_iter().find(|words| words.starts_with("Send it now")).expect("a button");
    browser.press(&button)
}

fn answer(app: &TestApp, reference: &str) -> serde_json::Value {
    let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    bid["content"]["answers"]["problem"].clone()
}

on_each_database! {
    fn what_was_written_is_kept_over_signing_in_and_sent_by_a_button(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = saved_too_late(app, &reference);
        officer.sees("We have kept what you wrote").follow("Sign in to continue");
        sign_in(app, &mut officer, Who::Officer);
        assert_eq!((officer.path(), officer.h1()), ("/kept-forms".into(), "We kept what you wrote".into()));
        officer.sees("Tenants wait three weeks & more. Nobody tells them why.").sees(&page(&reference));
        assert_eq!(answer(app, &reference), "Words of our own.", "nothing is sent by itself");
        send_it_now(&mut officer);
        assert_eq!((officer.status(), answer(app, &reference)), (200, json!(WORDS)));
        assert_eq!(kept(app), 0, "what was sent is forgotten");
        officer.open("/kept-forms").sees("Nothing is kept");
    }

    fn a_version_that_is_stale_by_then_meets_the_page_with_both_texts(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = saved_too_late(app, &reference);
        let theirs = json!({ "value": "A colleague's words.", "complete": true });
        app.client(Who::Administrator).put(&format!("/api/v1/bids/{reference}/answers/problem"), 1, theirs).expect(200);
        officer.follow("Sign in to continue");
        sign_in(app, &mut officer, Who::Officer);
        send_it_now(&mut officer);
        assert_eq!(officer.status(), 412);
        officer.sees("A colleague's words.");
        assert_eq!(officer.value(QUESTION).replace('\r', ""), WORDS);
        officer.press("Save and continue");
        assert_eq!((answer(app, &reference), kept(app)), (json!(WORDS), 0));
    }

    fn what_cannot_be_done_any_more_stays_kept(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let mut officer = saved_too_late(app, &reference);
        app.client(Who::Administrator).post(&format!("/api/v1/bids/{reference}/actions/withdraw"), json!({})).expect(200);
        assert_eq!(client.get("/api/v1/me").status, 401);
        officer.follow("Sign in to continue");
        sign_in(app, &mut officer, Who::Officer);
        send_it_now(&mut officer);
        assert_eq!(officer.status(), 409);
        officer.sees("This was not done").sees("Tenants wait three weeks & more.");
        officer.open("/kept-forms").sees("Tenants wait three weeks & more.");
    }

    fn another_browser_and_another_person_see_nothing_of_it(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut here = saved_too_late(app, &reference);
        let mut elsewhere = Browser::new(&app.base);
        elsewhere.open("/sign-in");
        sign_in(app, &mut elsewhere, Who::Officer);
        assert_eq!(elsewhere.path(), "/dashboard");
        elsewhere.open("/kept-forms").sees("Nothing is kept");
        here.open("/sign-in");
        sign_in(app, &mut here, Who::Signatory);
        assert_eq!(here.path(), "/dashboard", "the same browser, another person");
        here.open("/kept-forms").sees("Nothing is kept");
        here.press("Sign out").open("/sign-in");
        sign_in(app, &mut here, Who::Officer);
        here.sees("We kept what you wrote");
    }

    fn it_can_be_discarded_and_is_gone_after_a_day(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = saved_too_late(app, &reference);
        officer.follow("Sign in to continue");
        sign_in(app, &mut officer, Who::Officer);
        app.clock.set(app.clock.now().plus(Duration::from_secs(86_400)));
        officer.open("/kept-forms").sees("Nothing is kept");
        let mut officer = saved_too_late(app, &reference);
        officer.follow("Sign in to continue");
        sign_in(app, &mut officer, Who::Officer);
        let button = officer.buttons().into_iter().find(|words| words.starts_with("Discard it")).unwrap();
        officer.press(&button).sees("discarded").sees("Nothing is kept");
        assert_eq!(answer(app, &reference), "Words of our own.");
    }

    fn a_form_that_was_opened_before_the_session_was_renewed_is_kept_too(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let mut officer = app.browser(Who::Officer);
        officer.open(&page(&reference)).fill(QUESTION, WORDS);
        // In another tab of the same browser the officer has signed in again.
        officer.set_cookie(session_cookie(false), &app.session(Who::Officer)).press("Save and continue");
        assert_eq!(officer.status(), 403);
        officer.sees("Send it once more").follow("See what we kept");
        send_it_now(&mut officer);
        assert_eq!((answer(app, &reference), kept(app)), (json!(WORDS), 0));
    }

    fn codes_strangers_and_whoever_has_signed_out_leave_nothing_behind(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let send = |client: &crate::harness::app::Client, path: &str, body: &str| {
            client.raw("POST", path, &form, Some(body.as_bytes().to_vec()))
        };
        let officer = app.client(Who::Officer);
        app.end_sessions(Who::Officer);
        for path in ["/account/fresh", "/sign-out", "/account/programs/x"] {
            assert!(!send(&officer, path, "csrf=x&code=123456").expect(401).text().contains("We have kept"), "{path}");
        }
        for body in ["csrf=x", ""] {
            assert!(!send(&officer, &page(&reference), body).expect(401).text().contains("We have kept"), "nothing was written");
        }
        let long = format!("csrf=x&answer={}", "x".repeat(256 * 1024));
        assert!(!send(&officer, &page(&reference), &long).expect(401).text().contains("We have kept"), "too long");
        send(&app.public(), &page(&reference), "csrf=x&answer=Words").expect(401);
        let mut browser = app.browser(Who::Officer);
        browser.open(&page(&reference)).fill(QUESTION, WORDS);
        let gone = browser.cookies();
        browser.set_cookie(session_cookie(false), "").press("Save and continue");
        assert_eq!(browser.status(), 401, "after signing out in another tab: {gone}");
        assert_eq!(kept(app), 0);
        assert!(send(&officer, &page(&reference), "csrf=x&answer=Words").expect(401).text().contains("We have kept"));
        assert_eq!(kept(app), 1);
    }

    fn so_many_forms_of_one_person_are_kept_and_the_newest_of_each_page(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        let officer = app.client(Who::Officer);
        app.end_sessions(Who::Officer);
        let send = |path: &str, words: &str| {
            let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", BROWSER)];
            officer.raw("POST", path, &form, Some(format!("answer={words}").into_bytes())).expect(401);
        };
        for number in 0..8 {
            send(&page(&reference), &format!("Words+{number}"));
            send(&format!("/bids/{reference}/questions/other-{number}"), "Words");
        }
        let read = app.block_on(|app| async move {
            app.db.read(|conn| Ok(kept_forms::table.select((kept_forms::path, kept_forms::body)).load(conn)?)).await
        });
        let forms: Vec<(String, String)> = read.unwrap();
        let of_page: Vec<&str> = forms.iter().filter(|(path, _)| *path == page(&reference)).map(|(_, body)| &**body).collect();
        assert_eq!((forms.len(), of_page), (5, vec!["answer=Words+7"]));
    }
}

/// A browser that is known from one request to the next.
const BROWSER: &str = "roundtable-asked=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
