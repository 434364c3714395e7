//! A round's mails under its managers: which go out, to how many, in which words, what they look like, and who may know.

use std::sync::Arc;

use diesel::{prelude::*, update};
use roundtable::{
    db::schema::mail_texts,
    events::Chain,
    jobs::{Handlers, Worker},
    mail::{KIND, Sender},
};
use serde_json::{Value, json};

use crate::{
    account::happened,
    awards::{DECIDING, SIFT, award, decide, outcome, release, shortlisted, submitted},
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
        letters::Letter,
        smtp::SmtpServer,
    },
    journey::{
        cancelling::cancel,
        holds::{hold, lift},
        with_borchester,
    },
};

fn rest(what: &str) -> String {
    format!("/api/v1/rounds/{ROUND}/mails{what}")
}

fn page(what: &str) -> String {
    format!("/rounds/{ROUND}/mails{what}")
}

const RECEIPT: &str = "/submitted-eoi/en";
const RECEIPT_IN_WELSH: &str = "/submitted-eoi/cy";

/// Words of a receipt that tell all that they must, and begin with these.
fn receipt(first: &str) -> Value {
    json!({ "subject": "{{ reference }} is here", "body": format!("# {first}\n\n{{{{ title }}}} at {{{{ at }}}}\n\n{{{{ hash }}}}") })
}

fn save(app: &TestApp, what: &str, version: i64, words: Value) -> Answer {
    app.client(Who::Manager).put(&rest(what), version, words)
}

fn to(app: &TestApp, template: &str, who: Who) -> Vec<Letter> {
    let letters = app.letters().into_iter();
    letters.filter(|letter| letter.template == template && letter.recipient == who.email()).collect()
}

fn of_step(mails: &Value, transition: &str) -> Value {
    let all = mails["mails"].as_array().unwrap();
    all.iter().find(|mail| mail["transition"] == transition).unwrap_or_else(|| panic!("{transition}: {mails}")).clone()
}

fn mails(client: &Client) -> Value {
    client.get(&rest("")).expect(200).json()
}

/// Sends what the outbox holds, through this mail server.
fn send_all(app: &TestApp, server: &SmtpServer) {
    let mut config = (*app.app.config).clone();
    config.mail.smtp = Some(server.url().parse().unwrap());
    let (db, clock) = (app.app.db.clone(), app.clock.clone());
    let sender = Sender::new(db.clone(), clock.clone(), app.app.ids.clone(), &config).unwrap();
    let handlers = Handlers::from([(KIND, sender.handler())]);
    let worker = Worker { db, clock, handlers: Arc::new(handlers) };
    app.block_on(|_| async move { worker.drain().await.unwrap() });
}

on_each_database! {
    fn a_message_has_the_words_of_the_time_at_which_it_was_written(app: &TestApp) {
        let saved = save(app, RECEIPT, 0, receipt("First words")).expect(200);
        assert_eq!(saved.header("ETag"), Some("\"v1\""));
        submitted(app, "Shared repairs");
        save(app, RECEIPT, 1, receipt("Second words")).expect(200);
        submitted(app, "Shared bins");
        app.client(Who::Manager).delete_at(&rest(RECEIPT), 2).expect(204);
        submitted(app, "Shared roads");
        let texts: Vec<String> = to(app, "submitted-eoi", Who::Officer).into_iter().map(|letter| letter.text).collect();
        assert!(texts[0].starts_with("First words\n\nShared repairs at "), "{}", texts[0]);
        assert!(texts[1].starts_with("Second words\n\nShared bins at "), "{}", texts[1]);
        assert!(texts[2].starts_with("Expression of interest submitted\n"), "{}", texts[2]);
        let stands = app.client(Who::Manager).get(&rest(RECEIPT)).expect(200).json();
        assert_eq!((&stands["version"], &stands["words"]), (&json!(3), &Value::Null));
        let numbers: Vec<&Value> = stands["versions"].as_array().unwrap().iter().map(|version| &version["number"]).collect();
        assert_eq!(numbers, [&json!(3), &json!(2), &json!(1)]);
        assert_eq!(stands["versions"][2]["made_by"], "Manager Person");
    }

    fn the_words_go_over_the_wire_and_where_they_fail_the_standard_ones_do_and_staff_see_it(app: &TestApp) {
        let server = SmtpServer::start();
        save(app, RECEIPT, 0, receipt("Our own words")).expect(200);
        let reference = submitted(app, "Shared repairs");
        send_all(app, &server);
        let sent = server.newest_to(&Who::Officer.email()).unwrap();
        assert_eq!(sent.header("Subject"), Some(format!("{reference} is here")));
        assert!(sent.text().contains("Our own words"), "{}", sent.text());
        let list = mails(&app.client(Who::Manager));
        assert_eq!(of_step(&list, "submit_eoi")["fallen_back"], 0);
        app.block_on(|app| async move {
            let spoil = app.db.write(|conn| {
                update(mail_texts::table).set(mail_texts::body.eq("{{ nothing }}")).execute(conn)?;
                Ok(())
            });
            spoil.await.unwrap();
        });
        let (client, reference) = written(app, "Shared bins");
        client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        send_all(app, &server);
        let sent = server.newest_to(&Who::Officer.email()).unwrap();
        assert!(sent.text().contains("Expression of interest submitted"), "{}", sent.text());
        let mut manager = app.browser(Who::Manager);
        manager.open(&page("")).sees("4 messages went out in the standard words, because your own could not be used");
        manager.open(&page("/submitted-eoi/preview")).sees("This bid does not fit").sees("With the data of");
        app.block_on(|app| async move {
            let mend = app.db.write(|conn| {
                update(mail_texts::table).set(mail_texts::body.eq("{{ reference }}")).execute(conn)?;
                Ok(())
            });
            mend.await.unwrap();
        });
    }

    fn whoever_chooses_welsh_gets_the_welsh_words_where_there_are_some(app: &TestApp) {
        let mut officer = app.browser(Who::Officer);
        officer.open("/account").choose("Cymraeg (Welsh)").press("Save the language").sees("Your choice of language is saved");
        assert_eq!(app.client(Who::Officer).get("/api/v1/me").expect(200).json()["person"]["language"], "cy");
        submitted(app, "Shared repairs");
        save(app, RECEIPT_IN_WELSH, 0, receipt("Diolch yn fawr")).expect(200);
        submitted(app, "Shared bins");
        save(app, RECEIPT, 0, receipt("Thank you")).expect(200);
        app.client(Who::Manager).delete_at(&rest(RECEIPT_IN_WELSH), 1).expect(204);
        submitted(app, "Shared roads");
        let letters = to(app, "submitted-eoi", Who::Officer);
        let said = |letter: &Letter| letter.text.lines().next().unwrap().to_owned();
        assert_eq!(letters.iter().map(said).collect::<Vec<_>>(), ["Expression of interest submitted", "Diolch yn fawr", "Thank you"]);
        assert!(letters[1].html.contains("<html lang=\"cy\">") && letters[2].html.contains("<html lang=\"en-GB\">"));
        let english = to(app, "submitted-eoi", Who::Signatory);
        assert_eq!(english.iter().map(said).collect::<Vec<_>>(), ["Expression of interest submitted", "Expression of interest submitted", "Thank you"]);
        app.client(Who::Officer).send("PUT", "/api/v1/me/language", &[], Some(&json!({ "language": "en" }))).expect(204);
        let unknown = app.client(Who::Officer).send("PUT", "/api/v1/me/language", &[], Some(&json!({ "language": "fr" })));
        assert_eq!(unknown.status, 422);
    }

    fn words_that_could_not_be_sent_are_refused_with_place_and_reason(app: &TestApp) {
        let refused = |body: &str| {
            let words = json!({ "subject": "{{ reference }}", "body": body });
            let problem = save(app, RECEIPT, 0, words).expect(422).json();
            let fault = &problem["errors"][0];
            assert_eq!(fault["pointer"], "/body", "{problem}");
            (fault["code"].as_str().unwrap().to_owned(), fault["message"].as_str().unwrap().to_owned())
        };
        let (code, said) = refused("{{ hash }} {{ at }} {{ feedback }}");
        assert!(code == "unknown_name" && said.contains("“feedback”") && said.contains("reference"), "{said}");
        let (code, said) = refused("One\n{% for x in name %}x{% endfor %}");
        assert!(code == "not_allowed" && said.starts_with("Line 2:"), "{said}");
        assert_eq!(refused("{{ hash }} {{ at }} {{ 'x' * 99999999 }}").0, "not_allowed");
        assert_eq!(refused("Thank you.").0, "leaves_out");
        assert_eq!(refused(&"x".repeat(20_001)).0, "too_long");
        let nul = json!({ "subject": "{{ reference }}", "body": "\u{0}" });
        assert_eq!(save(app, RECEIPT, 0, nul).status, 422);
        assert_eq!(save(app, "/sign-in/en", 0, receipt("Mine")).status, 404, "what keeps accounts safe has our words");
        assert_eq!(save(app, "/submitted-eoi/fr", 0, receipt("Mine")).status, 404);
        let stands = app.client(Who::Manager).get(&rest(RECEIPT)).expect(200).json();
        assert_eq!(stands["version"], 0, "nothing was kept");
        let mut manager = app.browser(Who::Manager);
        manager.open(&page(RECEIPT)).fill("Message", "{{ nothing }}").press("Preview").sees("This mail has no “nothing”");
        manager.press("Save the words").sees("This mail has no “nothing”");
    }

    fn two_managers_at_once_see_both_words_and_lose_none(app: &TestApp) {
        let colleague = app.client_of(app.colleague());
        let mut manager = app.browser(Who::Manager);
        manager.open(&page(RECEIPT)).fill("Subject", "{{ reference }}: mine").fill("Message", "Mine {{ at }} {{ hash }}");
        colleague.put(&rest(RECEIPT), 0, receipt("Theirs")).expect(200);
        manager.press("Preview").sees("Mine").press("Save the words");
        manager.sees("Colleague Person changed these words at").sees("Theirs").sees("Nothing that you wrote is lost");
        manager.press("Save the words").sees("The words are saved");
        let stands = app.client(Who::Manager).get(&rest(RECEIPT)).expect(200).json();
        assert_eq!((&stands["version"], &stands["words"]["subject"]), (&json!(2), &json!("{{ reference }}: mine")));
        assert_eq!(colleague.put(&rest(RECEIPT), 1, receipt("Late")).problem(), (412, "stale_version".into()));
        let unread = colleague.send("PUT", &rest(RECEIPT), &[], Some(&receipt("Unread")));
        assert_eq!(unread.problem(), (428, "version_needed".into()));
        assert_eq!(colleague.delete_at(&rest(RECEIPT), 1).problem(), (412, "stale_version".into()));
    }

    fn what_the_list_counts_is_what_goes_out(app: &TestApp) {
        let (first, second) = (submitted(app, "Shared repairs"), submitted(app, "Shared bins"));
        with_borchester(app, &first, true);
        written(app, "Still a draft");
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        let none = of_step(&mails(&manager), "invite");
        assert_eq!(none["readers"], json!({ "messages": 0, "people": 0, "councils": 0 }));
        for bid in [&first, &second] {
            decide(&manager, bid, "sift", outcome("invite")).expect(201);
        }
        let listed = of_step(&mails(&manager), "invite");
        assert_eq!(listed["template"], "outcome-invited");
        assert_eq!(listed["readers"], json!({ "messages": 10, "people": 6, "councils": 2 }));
        assert!(listed["when"].as_str().unwrap().contains("are released"), "{listed}");
        assert_eq!(of_step(&mails(&manager), "submit_eoi")["readers"], Value::Null, "drafts are private");
        hold(&manager, &second).expect(201);
        assert_eq!(of_step(&mails(&manager), "invite")["readers"]["messages"], 6, "of what is on hold nobody hears");
        lift(&manager, &second).expect(204);
        release(app, "eoi_outcome").expect(200);
        assert_eq!(of_step(&mails(&manager), "invite")["readers"]["messages"], 10);
        app.at("2026-10-10T09:00:00Z");
        let sent = app.letters().into_iter().filter(|letter| letter.template == "outcome-invited").count();
        assert_eq!(sent, 10);
    }

    fn nobody_is_counted_who_gets_nothing_and_a_cancelled_round_keeps_its_words(app: &TestApp) {
        let bid = submitted(app, "Shared repairs");
        app.at(SIFT);
        decide(&app.client(Who::Manager), &bid, "sift", outcome("invite")).expect(201);
        let silent = json!({ "no_mail": "The minister rings every council." });
        app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/releases/eoi_outcome"), silent).expect(200);
        let none = json!({ "messages": 0, "people": 0, "councils": 0 });
        let listed = mails(&app.client(Who::Manager));
        assert_eq!(of_step(&listed, "invite")["readers"], none, "its release sends no mail");
        assert_eq!(of_step(&listed, "withdraw")["readers"]["people"], 4);
        let mut manager = app.browser(Who::Manager);
        manager.open(&page(RECEIPT)).fill("Message", "Words of mine\n\n{{ reference }} {{ at }} {{ hash }}");
        cancel(app);
        manager.press("Save the words").sees("The round is cancelled").sees("Words of mine");
        let listed = mails(&app.client(Who::Manager));
        assert_eq!((&listed["cancelled"], &of_step(&listed, "withdraw")["readers"]), (&json!(true), &none));
        manager.open(&page("")).sees("This round was cancelled, so none of these emails goes out any more");
        assert!(!manager.links().iter().any(|link| link.starts_with("Change")), "{:?}", manager.links());
    }

    fn a_preview_shows_a_real_bid_and_nothing_to_whoever_has_a_conflict_with_it(app: &TestApp) {
        let reference = shortlisted(app, "Shared repairs", 8_000_000);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &reference, "award", award(8_000_000, 1)).expect(201);
        let path = rest("/outcome-funded/en/preview");
        let shown = app.client(Who::Manager).post(&path, json!({})).expect(200).json();
        assert_eq!((&shown["bid"], &shown["own"]), (&json!(reference), &json!(false)));
        let text = shown["text"].as_str().unwrap();
        for said in ["Shared repairs", "It awards £80,000.", "Strong on every criterion.", "Your partners have had this message too"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let partner = app.client(Who::Manager).post(&path, json!({ "bid": reference, "partner": true })).expect(200).json();
        assert!(partner["text"].as_str().unwrap().contains("which leads this bid"), "{partner}");
        let draft = json!({ "words": { "subject": "{{ reference }}", "body": "Da iawn {{ feedback }} {{ next }}" } });
        let welsh = app.client(Who::Manager).post(&rest("/outcome-funded/cy/preview"), draft).expect(200).json();
        assert!(welsh["html"].as_str().unwrap().contains("lang=\"cy\"") && welsh["text"].as_str().unwrap().starts_with("Da iawn"));
        let mut manager = app.browser(Who::Manager);
        manager.open(&page("/outcome-funded/preview?step=fund")).sees("Nothing has been sent").sees("It awards £80,000.");
        manager.choose("a partner").press("Show").sees("which leads this bid");
        assert!(app.letters().iter().all(|letter| letter.template != "outcome-funded"));
        // The colleague works for the lead authority now, may read the bid as such, and learns of no decision.
        let colleague = app.colleague();
        let ambridge = app.organisation("AMB");
        let joined = json!({ "email": "colleague@test.example", "name": "Colleague Person", "role": "member" });
        app.client(Who::Administrator).post(&format!("/api/v1/organisations/{ambridge}/members"), joined).expect(201);
        let conflicted = app.client_of(colleague);
        conflicted.get(&format!("/api/v1/bids/{reference}")).expect(200);
        assert_eq!(conflicted.post(&path, json!({ "bid": reference })).status, 404);
        let made_up = conflicted.post(&path, json!({})).expect(200).json();
        assert_eq!(made_up["bid"], Value::Null);
        assert!(!made_up["text"].as_str().unwrap().contains("Strong on every criterion"), "{made_up}");
        let counted = of_step(&mails(&conflicted), "fund");
        assert_eq!(counted["readers"]["people"], 0, "what is hidden is not counted");
    }

    fn only_managers_know_of_a_rounds_mails_and_history_tells_what_they_change(app: &TestApp) {
        for (who, status) in [(Who::Manager, 200), (Who::Observer, 403), (Who::Moderator, 403), (Who::Officer, 404)] {
            for path in [rest(""), rest(RECEIPT), page(""), page(RECEIPT), page("/submitted-eoi/preview")] {
                assert_eq!(app.client(who).get(&path).status, status, "{who:?} {path}");
            }
        }
        assert_eq!(app.client(Who::Observer).put(&rest(RECEIPT), 0, receipt("Mine")).status, 403);
        save(app, RECEIPT, 0, receipt("Ours")).expect(200);
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Emails of Test round").sees("Your own words").sees("At once, when it is done");
        manager.open(&page(RECEIPT)).sees("Version 1, Manager Person").press("Send the standard words again");
        manager.sees("The standard words are sent again from now on");
        let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        let chain = Chain::Round(round["id"].as_str().unwrap().parse().unwrap());
        let told: Vec<(String, Value)> =
            happened(app, chain).into_iter().filter(|(kind, _)| kind.starts_with("round.mail_text")).collect();
        assert_eq!(told[0].0, "round.mail_text_changed");
        assert_eq!((&told[0].1["template"], &told[0].1["number"]), (&json!("submitted-eoi"), &json!(1)));
        assert_eq!((told[1].0.as_str(), &told[1].1["hash"]), ("round.mail_text_removed", &Value::Null));
    }
}
