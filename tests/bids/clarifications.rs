//! Clarifications: what the fund asks one bid's councils, until when they answer, once and for good, and who reads it.

use std::collections::BTreeSet;

use roundtable::{
    events::Chain,
    identity::policy::BidKind,
    ids::{BidKey, Id},
};
use serde_json::{Value, json};

use crate::{
    account::happened,
    awards::{DECIDING, SIFT, bring_to, decide, outcome, release, submitted},
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, moment},
        databases::on_each_database,
        letters::Letter,
    },
    journey::with_borchester,
};

const UNTIL: &str = "2026-10-08T16:00:00Z";
const TOO_LATE: &str = "2026-10-08T16:00:00.000001Z";
const QUESTION: &str = "How many tenants wait?";
const ANSWER: &str = "Four hundred and two tenants wait.";
/// The people of Ambridge, which leads.
const LEAD: [Who; 4] = [Who::Officer, Who::Signatory, Who::Administrator, Who::ConflictedAssessor];

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/clarifications")
}

fn ask_until(client: &Client, reference: &str, until: &str) -> Answer {
    client.post(&path(reference), json!({ "question": QUESTION, "until": until }))
}

/// A bid under sift about which the fund asks; gives the references of both.
fn asked(app: &TestApp) -> (String, String) {
    let reference = submitted(app, "Shared repairs");
    app.at(SIFT);
    let id = ask(app, &reference);
    (reference, id)
}

fn ask(app: &TestApp, reference: &str) -> String {
    let asked = ask_until(&app.client(Who::Manager), reference, UNTIL).expect(201);
    assert_eq!(asked.header("etag"), Some("\"v1\""));
    asked.json()["id"].as_str().unwrap().to_owned()
}

fn answer(client: &Client, (reference, id): &(String, String), version: i64, text: &str, submit: bool) -> Answer {
    client.put(&format!("{}/{id}/answer", path(reference)), version, json!({ "answer": text, "submit": submit }))
}

fn give_time(client: &Client, (reference, id): &(String, String), version: i64, until: &str) -> Answer {
    client.put(&format!("{}/{id}/until", path(reference)), version, json!({ "until": until }))
}

fn take_back(client: &Client, (reference, id): &(String, String), version: i64, reason: &str) -> Answer {
    let tag = format!("\"v{version}\"");
    let body = json!({ "reason": reason });
    client.send("DELETE", &format!("{}/{id}", path(reference)), &[("If-Match", &tag)], Some(&body))
}

fn seen(app: &TestApp, who: Who, reference: &str) -> Value {
    app.client(who).get(&path(reference)).expect(200).json()[0].clone()
}

/// The letters of one occasion to the people of the lead.
fn told(app: &TestApp, occasion: &str) -> Vec<Letter> {
    let letters = app.letters().into_iter().filter(|letter| letter.template == "clarification");
    letters.filter(|letter| letter.data["occasion"] == occasion).collect()
}

fn readers(letters: &[Letter]) -> BTreeSet<String> {
    letters.iter().map(|letter| letter.recipient.clone()).collect()
}

fn events(app: &TestApp, reference: &str) -> Vec<String> {
    let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let id: Id<BidKey> = bid["id"].as_str().unwrap().parse().unwrap();
    let kinds = happened(app, Chain::Bid(id)).into_iter().map(|(kind, _)| kind);
    kinds.filter(|kind| kind.starts_with("clarification")).collect()
}

/// Everything that a bid says, with its tag and the hashes of its versions.
fn said(app: &TestApp, reference: &str) -> (Value, Option<String>, Value) {
    let officer = app.client(Who::Officer);
    let bid = officer.get(&format!("/api/v1/bids/{reference}")).expect(200);
    let versions = officer.get(&format!("/api/v1/bids/{reference}/versions")).expect(200).json();
    (bid.json(), bid.header("etag").map(str::to_owned), versions)
}

on_each_database! {
    fn an_answer_stands_beside_the_bid_and_changes_nothing_of_it(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        with_borchester(app, &reference, true);
        app.at(SIFT);
        let before = said(app, &reference);
        let asked = (reference.clone(), ask(app, &reference));
        assert_eq!(readers(&told(app, "asked")), LEAD.map(Who::email).into());
        let letter = told(app, "asked").remove(0);
        assert!(letter.text.contains(QUESTION) && letter.text.contains("until 5pm on 8 October 2026"), "{}", letter.text);
        let officer = app.client(Who::Officer);
        let draft = answer(&officer, &asked, 1, "Four hundred", false).expect(200).json();
        assert_eq!((&draft["draft"], &draft["answer"]), (&json!("Four hundred"), &Value::Null));
        for who in [Who::Manager, Who::Observer, Who::Partner] {
            let seen = seen(app, who, &reference);
            assert_eq!((&seen["draft"], &seen["answer"], &seen["state"]), (&Value::Null, &Value::Null, &json!("open")), "{who:?}");
        }
        answer(&app.client(Who::Administrator), &asked, 2, &format!(" {ANSWER} "), true).expect(200);
        for who in [Who::Officer, Who::Partner, Who::Manager, Who::Moderator, Who::Observer] {
            let seen = seen(app, who, &reference);
            assert_eq!((&seen["answer"], &seen["state"]), (&json!(ANSWER), &json!("answered")), "{who:?}");
            app.browser(who).open(&format!("/bids/{reference}")).sees(QUESTION).sees(ANSWER);
        }
        assert_eq!(said(app, &reference), before);
        assert_eq!(events(app, &reference), ["clarification.asked", "clarification.answered"]);
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("The fund’s question was answered");
        for public in [format!("/rounds/{ROUND}/eois/{reference}"), format!("/api/v1/open/rounds/{ROUND}/eois.json")] {
            let shown = app.public().get(&public).expect(200).text();
            assert!(!shown.contains(ANSWER) && !shown.contains(QUESTION), "{public}");
        }
    }

    fn the_bid_s_assessors_read_it_where_they_score_and_hear_that_it_is_answered(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        app.at(DECIDING);
        bring_to(app, &reference, ("eligible", BidKind::Review), 8_000_000);
        let reader = json!({ "person": app.person(Who::Assessor) });
        app.client(Who::Manager).post(&format!("/api/v1/bids/{reference}/assessors"), reader).expect(200);
        let question = ask_until(&app.client(Who::Manager), &reference, "2026-11-24T17:00:00Z").expect(201).json();
        let asked = (reference.clone(), question["id"].as_str().unwrap().to_owned());
        let page = format!("/bids/{reference}/score/fit");
        app.browser(Who::Assessor).open(&page).sees(QUESTION).sees("It can be answered until 5pm on 24 November 2026");
        answer(&app.client(Who::Officer), &asked, 1, ANSWER, true).expect(200);
        app.browser(Who::Assessor).open(&page).sees(ANSWER);
        assert_eq!(seen(app, Who::Assessor, &reference)["answer"], ANSWER);
        let letters: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "clarification-answered").collect();
        assert_eq!(readers(&letters), [Who::Manager, Who::Assessor].map(Who::email).into());
        app.client(Who::SecondAssessor).get(&path(&reference)).expect(404);
    }

    fn the_fund_asks_only_once_the_stage_has_closed_and_while_the_bid_is_read(app: &TestApp) {
        let (reference, (_, draft)) = (submitted(app, "Shared repairs"), written(app, "A draft"));
        app.clock.set(moment("2026-09-30T16:00:00Z"));
        let manager = app.client(Who::Manager);
        assert_eq!(ask_until(&manager, &reference, UNTIL).problem(), (409, "not_closed".into()), "it is still in time to send");
        manager.get(&format!("/bids/{reference}/clarifications/ask")).expect(409);
        app.clock.set(moment("2026-09-30T16:00:00.000001Z"));
        ask_until(&manager, &reference, UNTIL).expect(201);
        ask_until(&manager, &draft, UNTIL).expect(404);
        bring_to(app, &reference, ("full_draft", BidKind::Waiting), 8_000_000);
        assert_eq!(ask_until(&manager, &reference, UNTIL).problem(), (409, "not_submitted".into()));
        bring_to(app, &reference, ("withdrawn", BidKind::Closed), 8_000_000);
        assert_eq!(ask_until(&manager, &reference, UNTIL).problem(), (403, "not_allowed".into()));
    }

    fn a_decision_that_is_not_released_changes_nothing_of_what_can_be_asked_and_answered(app: &TestApp) {
        let (decided, other) = (submitted(app, "Decided"), submitted(app, "Undecided"));
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        decide(&manager, &decided, "sift", outcome("not_invite")).expect(201);
        for reference in [&decided, &other] {
            let asked = (reference.clone(), ask(app, reference));
            let officer = app.client(Who::Officer);
            let written = answer(&officer, &asked, 1, ANSWER, true).expect(200).json();
            assert_eq!((&written["version"], &written["state"]), (&json!(2), &json!("answered")));
        }
        decide(&manager, &other, "sift", outcome("invite")).expect(201);
        release(app, "eoi_outcome").expect(200);
        app.at("2026-10-10T09:00:00Z");
        let refused = ask_until(&app.client(Who::Manager), &decided, "2026-10-20T09:00:00Z");
        assert_eq!(refused.problem(), (403, "not_allowed".into()), "its final outcome shows");
        assert_eq!(seen(app, Who::Officer, &decided)["answer"], ANSWER, "what was answered stays");
    }

    fn the_instant_itself_is_in_time_and_a_microsecond_later_is_not_and_the_text_is_kept(app: &TestApp) {
        let asked = asked(app);
        let (reference, _) = &asked;
        app.clock.set(moment("2026-10-08T15:00:00Z"));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/bids/{reference}")).follow("Answer question 1 of the fund by 5pm on 8 October 2026");
        app.clock.set(moment(UNTIL));
        answer(&app.client(Who::Officer), &asked, 1, "A draft in time", false).expect(200);
        app.clock.set(moment(TOO_LATE));
        for submit in [false, true] {
            let late = answer(&app.client(Who::Officer), &asked, 2, "Late", submit);
            assert_eq!(late.problem(), (409, "deadline_passed".into()));
        }
        browser.fill("What do you answer?", "Words that took an hour").press("Submit the answer");
        browser.sees("This question could be answered until 5pm on 8 October 2026").sees("Words that took an hour").sees("A draft in time");
        assert!(!browser.has("download it as PDF"), "the draft of the bid has nothing to do with it");
        assert_eq!(seen(app, Who::Officer, reference)["draft"], "A draft in time");
        browser.open(&format!("/bids/{reference}/clarifications/1")).sees("A draft in time");
        assert_eq!(seen(app, Who::Manager, reference)["state"], "over");
        assert!(!app.browser(Who::Officer).open("/dashboard").has("Answer by"));
    }

    fn what_is_typed_while_the_bid_goes_on_is_kept_and_so_is_the_draft(app: &TestApp) {
        let asked = asked(app);
        let page = format!("/bids/{}/clarifications/1", asked.0);
        answer(&app.client(Who::Officer), &asked, 1, "A draft", false).expect(200);
        let (mut officer, mut manager) = (app.browser(Who::Officer), app.browser(Who::Manager));
        officer.open(&page);
        manager.open(&format!("/bids/{}/clarifications/ask", asked.0));
        let mut other = app.browser(Who::Manager);
        other.open(&page);
        bring_to(app, &asked.0, ("withdrawn", BidKind::Closed), 8_000_000);
        officer.fill("What do you answer?", "Words that took an hour").press("Submit the answer");
        officer.sees("this is no longer needed and was not sent").sees("Words that took an hour").sees("A draft");
        officer.open(&page).sees("no answer is needed any more").sees("A draft");
        manager.fill("What do you ask?", "A long question").fill("Day", "8").fill("Month", "10").fill("Year", "2026");
        manager.fill("At what time?", "5pm").press("Send the question").sees("this is no longer needed").sees("A long question");
        other.fill("Why do you need no answer?", "The bid says so.").press("Take it back").sees("this is no longer needed").sees("The bid says so.");
        assert!(!manager.open(&page).has("A draft"));
        let seen = seen(app, Who::Manager, &asked.0);
        assert_eq!((&seen["state"], &seen["answer"]), (&json!("not_needed"), &Value::Null));
        assert_eq!(answer(&app.client(Who::Officer), &asked, 2, ANSWER, true).problem(), (403, "not_allowed".into()));
    }

    fn a_draft_moves_nothing_for_whoever_asked(app: &TestApp) {
        let asked = asked(app);
        let one = format!("{}/{}", path(&asked.0), asked.1);
        let read = |who| app.client(who).get(&one).expect(200);
        let before = read(Who::Manager);
        let (officer, manager) = (app.client(Who::Officer), app.client(Who::Manager));
        answer(&officer, &asked, 1, "Four hundred", false).expect(200);
        let after = read(Who::Manager);
        assert_eq!((after.header("etag"), after.json()), (before.header("etag"), before.json()));
        assert_eq!(read(Who::Officer).header("etag"), Some("\"v2\""));
        give_time(&manager, &asked, 1, "2026-10-09T16:00:00Z").expect(200);
        assert_eq!(answer(&officer, &asked, 2, ANSWER, true).problem(), (412, "stale_version".into()));
        answer(&officer, &asked, 3, ANSWER, true).expect(200);
        assert_eq!(read(Who::Manager).header("etag"), Some("\"v3\""));
    }

    fn councils_have_an_hour_at_least_and_sixty_days_at_most(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        app.at(SIFT);
        let manager = app.client(Who::Manager);
        for (until, code) in [
            ("2026-10-01T09:59:59.999999Z", "too_early"), ("2026-11-30T09:00:00.000001Z", "too_late"),
        ] {
            let fault = ask_until(&manager, &reference, until).expect(422).json()["errors"][0].clone();
            assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/until"), &json!(code)));
        }
        ask_until(&manager, &reference, "2026-10-01T10:00:00Z").expect(201);
        ask_until(&manager, &reference, "2026-11-30T09:00:00Z").expect(201);
        let numbers = manager.get(&path(&reference)).expect(200).json();
        assert_eq!((&numbers[0]["number"], &numbers[1]["number"]), (&json!(1), &json!(2)));
    }

    fn nothing_changes_an_answer_that_is_submitted(app: &TestApp) {
        let asked = asked(app);
        let (officer, manager) = (app.client(Who::Officer), app.client(Who::Manager));
        answer(&officer, &asked, 1, ANSWER, true).expect(200);
        let before = seen(app, Who::Manager, &asked.0);
        for submit in [false, true] {
            assert_eq!(answer(&officer, &asked, 2, "Other words", submit).problem(), (409, "answered_already".into()));
        }
        assert_eq!(give_time(&manager, &asked, 2, "2026-10-09T16:00:00Z").problem(), (409, "answered_already".into()));
        assert_eq!(take_back(&manager, &asked, 2, "No need.").problem(), (409, "answered_already".into()));
        assert_eq!(seen(app, Who::Manager, &asked.0), before);
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{}/clarifications/1", asked.0)).has("Submit the answer"));
    }

    fn a_manager_gives_more_time_also_once_the_time_is_over(app: &TestApp) {
        let asked = asked(app);
        let manager = app.client(Who::Manager);
        assert_eq!(give_time(&manager, &asked, 1, UNTIL).json()["errors"][0]["code"], "not_later");
        app.at(TOO_LATE);
        let manager = app.client(Who::Manager);
        give_time(&manager, &asked, 1, "2026-10-09T16:00:00Z").expect(200);
        let letters = told(app, "more_time");
        assert_eq!(readers(&letters), LEAD.map(Who::email).into());
        assert!(letters[0].subject.contains("until 5pm on 9 October 2026"), "{}", letters[0].subject);
        app.at("2026-10-09T16:00:00Z");
        answer(&app.client(Who::Officer), &asked, 2, ANSWER, true).expect(200);
        assert_eq!(events(app, &asked.0), ["clarification.asked", "clarification.more_time", "clarification.answered"]);
    }

    fn a_question_is_taken_back_with_a_reason_that_the_councils_read(app: &TestApp) {
        let asked = asked(app);
        let manager = app.client(Who::Manager);
        assert_eq!(take_back(&manager, &asked, 1, " ").json()["errors"][0]["pointer"], "/reason");
        assert_eq!(take_back(&manager, &asked, 9, "No need.").problem(), (412, "stale_version".into()));
        take_back(&manager, &asked, 1, "The bid says so already.").expect(204);
        assert!(told(app, "taken_back")[0].text.contains("The bid says so already."));
        let refused = answer(&app.client(Who::Officer), &asked, 2, ANSWER, true);
        assert_eq!(refused.problem(), (409, "taken_back".into()));
        assert_eq!(take_back(&manager, &asked, 2, "Again.").problem(), (409, "taken_back".into()));
        app.browser(Who::Officer).open(&format!("/bids/{}", asked.0)).sees("The bid says so already.");
        assert!(!app.browser(Who::Officer).open("/dashboard").has("Answer by"));
        app.at("2026-10-07T16:00:00Z");
        assert!(told(app, "reminder").is_empty());
    }

    fn the_lead_is_reminded_once_a_working_day_before_the_end(app: &TestApp) {
        let (open, done) = (submitted(app, "Open"), submitted(app, "Done"));
        app.at(SIFT);
        let (open, done) = ((open.clone(), ask(app, &open)), (done.clone(), ask(app, &done)));
        answer(&app.client(Who::Officer), &done, 1, ANSWER, true).expect(200);
        app.at("2026-10-07T15:59:59Z");
        assert!(told(app, "reminder").is_empty());
        app.at("2026-10-07T16:00:00Z");
        let letters = told(app, "reminder");
        assert_eq!((letters.len(), readers(&letters)), (4, LEAD.map(Who::email).into()));
        assert!(letters.iter().all(|letter| letter.subject.contains(&open.0)), "the other is answered");
        give_time(&app.client(Who::Manager), &open, 1, "2026-10-12T16:00:00Z").expect(200);
        app.at("2026-10-08T16:00:00Z");
        assert_eq!(told(app, "reminder").len(), 4);
        app.at("2026-10-09T16:00:00Z");
        assert_eq!(told(app, "reminder").len(), 8, "on the Friday before the new end, which is a Monday");
    }

    fn each_does_only_what_is_theirs(app: &TestApp) {
        let (reference, other) = (submitted(app, "Shared repairs"), submitted(app, "Another of the same lead"));
        with_borchester(app, &reference, false);
        app.at(SIFT);
        let asked = (reference.clone(), ask(app, &reference));
        for who in [Who::Moderator, Who::Observer] {
            assert_eq!(ask_until(&app.client(who), &reference, UNTIL).problem(), (403, "not_allowed".into()), "{who:?}");
        }
        assert_eq!(answer(&app.client(Who::Manager), &asked, 1, ANSWER, true).problem(), (403, "not_allowed".into()));
        let invited = app.client(Who::Partner);
        let refused = invited.get(&path(&reference));
        assert_eq!(refused.problem(), (403, "not_allowed".into()), "it has not answered its invitation");
        assert!(refused.text().contains("Accept the invitation first"), "{}", refused.text());
        assert_eq!(answer(&invited, &asked, 1, ANSWER, true).problem(), (403, "not_allowed".into()));
        assert!(!app.browser(Who::Partner).open(&format!("/bids/{reference}")).has(QUESTION));
        for who in [Who::Stranger, Who::Nobody, Who::Assessor, Who::Admin] {
            app.client(who).get(&path(&reference)).expect(404);
            answer(&app.client(who), &asked, 1, ANSWER, true).expect(404);
            ask_until(&app.client(who), &reference, UNTIL).expect(404);
        }
        assert_eq!(app.public().get(&path(&reference)).status, 401);
        answer(&app.client(Who::Officer), &(other, asked.1), 1, ANSWER, true).expect(404);
    }

    fn whoever_has_a_conflict_asks_and_reads_and_hears_nothing(app: &TestApp) {
        let asked = asked(app);
        let conflicted = app.client_of(app.colleague());
        conflicted.get(&path(&asked.0)).expect(200);
        let conflict = json!({ "organisation": "AMB", "reason": "My sister works there." });
        conflicted.post("/api/v1/conflicts", conflict).expect(200);
        conflicted.get(&path(&asked.0)).expect(404);
        ask_until(&conflicted, &asked.0, UNTIL).expect(404);
        give_time(&conflicted, &asked, 1, "2026-10-09T16:00:00Z").expect(404);
        take_back(&conflicted, &asked, 1, "No need.").expect(404);
        answer(&app.client(Who::Officer), &asked, 1, ANSWER, true).expect(200);
        let letters: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "clarification-answered").collect();
        assert_eq!(readers(&letters), [Who::Manager.email()].into());
    }

    fn everything_wrong_with_a_question_and_an_answer_is_said(app: &TestApp) {
        let asked = asked(app);
        let (manager, officer) = (app.client(Who::Manager), app.client(Who::Officer));
        let wrong = json!({ "question": " ", "until": "2026-10-01T09:00:00Z" });
        let refused = manager.post(&path(&asked.0), wrong).expect(422).json();
        let pointers: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
        assert_eq!(pointers, ["/question", "/until"]);
        manager.post(&path(&asked.0), json!({ "question": QUESTION, "until": "tomorrow" })).expect(422);
        let code = |answer: Answer| answer.expect(422).json()["errors"][0]["code"].clone();
        assert_eq!(code(answer(&officer, &asked, 1, " ", true)), "missing");
        assert_eq!(code(answer(&officer, &asked, 1, &"x".repeat(10_001), false)), "too_long");
        answer(&officer, &asked, 1, &"é".repeat(10_000), false).expect(200);
        answer(&officer, &asked, 2, "", false).expect(200);
        assert_eq!(answer(&officer, &asked, 1, ANSWER, false).problem(), (412, "stale_version".into()));
        let bare = officer.send("PUT", &format!("{}/{}/answer", path(&asked.0), asked.1), &[], Some(&json!({ "answer": "x" })));
        assert_eq!(bare.problem(), (428, "version_needed".into()));
        officer.get(&format!("{}/no-id", path(&asked.0))).expect(404);
        let body = json!({ "question": "Once?", "until": UNTIL });
        let send = || manager.send("POST", &path(&asked.0), &[("Idempotency-Key", "k-1")], Some(&body)).expect(201).json();
        assert_eq!(send(), send());
        assert_eq!(manager.get(&path(&asked.0)).json().as_array().unwrap().len(), 2);
    }

    fn the_fund_asks_and_the_lead_answers_on_pages(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        app.at(SIFT);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}")).follow("Ask the councils of this bid").press("Send the question");
        manager.sees("Write what you ask.").sees("Enter a real date");
        manager.fill("What do you ask?", QUESTION).fill("Day", "1").fill("Month", "10").fill("Year", "2026");
        manager.fill("At what time?", "10:30").press("Send the question").sees("Leave the councils at least an hour.");
        manager.fill("Day", "8").fill("At what time?", "5pm").press("Send the question").sees("The lead authority is asked");
        let mut officer = app.browser(Who::Officer);
        officer.open("/dashboard").follow("Answer by 5pm on 8 October 2026").press("Submit the answer").sees("Write the answer.");
        officer.fill("What do you answer?", "Four hundred").press("Save as a draft").sees("Your answer is saved as a draft.");
        let mut colleague = app.browser(Who::Administrator);
        colleague.open(&format!("/bids/{reference}/clarifications/1")).fill("What do you answer?", "Four hundred and one");
        colleague.press("Save as a draft");
        officer.fill("What do you answer?", ANSWER).press("Submit the answer").sees("Somebody else changed this meanwhile.");
        officer.sees("Four hundred and one").sees(ANSWER).press("Submit the answer").sees("Your answer is submitted.");
        manager.open(&format!("/bids/{reference}/sift")).sees(ANSWER);
        manager.open(&format!("/bids/{reference}/clarifications/1")).sees(ANSWER);
        assert!(!manager.has("Give more time"));
    }

    fn a_manager_gives_time_and_takes_back_on_pages(app: &TestApp) {
        let asked = asked(app);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{}/clarifications/1", asked.0)).press("Give more time").sees("Give a later time than 5pm on 8 October 2026");
        manager.fill("Day", "9").press("Give more time").sees("It can be answered until 5pm on 9 October 2026.");
        manager.press("Take it back").sees("Say why.");
        manager.fill("Why do you need no answer?", "The bid says so.").press("Take it back").sees("The question is taken back.");
        assert!(!manager.has("Give more time"));
    }
}
