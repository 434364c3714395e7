//! Questions about a round: who may ask until when, what everybody reads, and that nobody learns who asked.

use roundtable::events::Chain;
use serde_json::{Value, json};

use crate::{
    account::happened,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
};

const PATH: &str = "/api/v1/rounds/test-round/questions";
/// The closing of the last stage, and a microsecond later.
const CLOSES: &str = "2026-11-15T17:00:00Z";
const TOO_LATE: &str = "2026-11-15T17:00:00.000001Z";

fn ask(client: &Client, question: &str) -> Answer {
    client.post(PATH, json!({ "question": question }))
}

fn answer(client: &Client, number: i64, version: i64, (question, answer): (&str, &str)) -> Answer {
    client.put(&format!("{PATH}/{number}"), version, json!({ "question": question, "answer": answer }))
}

fn refuse(client: &Client, number: i64, version: i64, reason: &str) -> Answer {
    let tag = format!("\"v{version}\"");
    client.send("POST", &format!("{PATH}/{number}/refuse"), &[("If-Match", &tag)], Some(&json!({ "reason": reason })))
}

fn published(app: &TestApp) -> Value {
    app.public().get(PATH).expect(200).json()
}

fn events(app: &TestApp) -> Vec<(String, Value)> {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    happened(app, Chain::Round(round["id"].as_str().unwrap().parse().unwrap()))
}

on_each_database! {
    fn a_question_is_answered_to_everybody_and_whoever_asked_is_told(app: &TestApp) {
        let (officer, manager) = (app.client(Who::Officer), app.client(Who::Manager));
        let asked = ask(&officer, " Can Ambridge lead two bids? ").expect(201);
        assert_eq!(asked.header("location"), Some("/api/v1/rounds/test-round/questions/1"));
        assert_eq!(asked.header("etag"), Some("\"v1\""));
        assert_eq!(published(app), json!([]), "nothing is public before it is answered");
        answer(&manager, 1, 1, ("Can a council lead two bids?", "Yes, up to three.")).expect(200);
        app.at("2026-09-02T10:00:00Z");
        ask(&app.client(Who::Stranger), "Do you pay for licences?").expect(201);
        answer(&manager, 2, 1, ("Do you pay for licences?", "No.")).expect(200);
        let all = published(app);
        assert_eq!((&all[0]["number"], &all[1]["number"]), (&json!(2), &json!(1)), "the newest answer first");
        assert_eq!(all[1]["question"], "Can a council lead two bids?");
        let letters = app.letters();
        let told = |template: &str| letters.iter().filter(|letter| letter.template == template).collect::<Vec<_>>();
        let (to_managers, to_askers) = (told("question-asked"), told("question-answered"));
        assert_eq!(to_managers[0].recipient, Who::Manager.email());
        assert!(to_managers[0].text.contains("Can Ambridge lead two bids?"), "{}", to_managers[0].text);
        assert_eq!(to_askers.iter().map(|letter| letter.recipient.clone()).collect::<Vec<_>>(), [Who::Officer.email(), Who::Stranger.email()]);
        assert!(to_askers[0].text.contains("Yes, up to three."), "{}", to_askers[0].text);
        let kinds: Vec<String> = events(app).into_iter().map(|(kind, _)| kind).filter(|kind| kind.starts_with("question")).collect();
        assert_eq!(kinds, ["question.asked", "question.answered", "question.asked", "question.answered"]);
    }

    fn nobody_but_the_fund_s_staff_learns_who_asked(app: &TestApp) {
        let manager = app.client(Who::Manager);
        ask(&app.client(Who::Officer), "Words of Ambridge's own").expect(201);
        ask(&app.client(Who::Officer), "What waits").expect(201);
        answer(&manager, 1, 1, ("In other words", "An answer.")).expect(200);
        let telling = ["Ambridge", "AMB", "Officer", "officer@", &app.person(Who::Officer).to_string(), "What waits", "own"];
        for path in [PATH.to_owned(), format!("/rounds/{ROUND}"), "/rounds.atom".into()] {
            for client in [app.public(), app.client(Who::Stranger), app.client(Who::Partner)] {
                let shown = client.get(&path).expect(200).text();
                // The page's own words speak of councils, and its navigation of whoever looks.
                let answers = shown.split("Questions and answers").last().unwrap().split("Who has bid").next().unwrap();
                assert!(answers.contains("In other words"), "{path}");
                for word in telling.iter().filter(|word| **word != "own" || path == PATH) {
                    assert!(!answers.contains(word), "{path} tells {word}: {answers}");
                }
            }
        }
        let colleague = app.client(Who::Administrator);
        let theirs = colleague.get(&format!("{PATH}/asked")).expect(200);
        assert_eq!((&theirs.json()[0]["asked"], &theirs.json()[0]["organisation"]), (&json!("What waits"), &Value::Null));
        assert!(!theirs.text().contains("Officer"), "colleagues read what was asked, and not by whom: {}", theirs.text());
        colleague.get(&format!("{PATH}/1")).expect(200);
        app.browser(Who::Administrator).open(&format!("/rounds/{ROUND}/ask")).sees("What you and your colleagues have asked").sees("What waits");
        for who in [Who::Stranger, Who::Nobody, Who::Partner] {
            let client = app.client(who);
            assert_eq!(client.get(&format!("{PATH}/asked")).expect(200).json(), json!([]), "{who:?}");
            client.get(&format!("{PATH}/1")).expect(404);
            client.get(&format!("{PATH}/9")).expect(404);
        }
        let assessor = app.client(Who::Assessor);
        assert_eq!(assessor.get(&format!("{PATH}/1")).problem(), assessor.get(&format!("{PATH}/9")).problem());
        let own = app.client(Who::Officer).get(&format!("{PATH}/asked")).expect(200).json();
        assert_eq!((&own[0]["asked"], &own[0]["organisation"]), (&json!("What waits"), &Value::Null));
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            let all = app.client(who).get(&format!("{PATH}/asked")).expect(200).json();
            assert_eq!((&all[0]["state"], &all[0]["number"]), (&json!("open"), &json!(2)), "what waits comes first");
            assert_eq!(all[1]["asked"], "Words of Ambridge's own");
            assert_eq!(all[1]["organisation"], "Ambridge Borough Council");
        }
        for letter in app.letters() {
            assert!(!letter.text.contains("Ambridge Borough") && !letter.data.to_string().contains("Ambridge Borough"), "{}", letter.text);
        }
    }

    fn the_closing_instant_is_in_time_and_a_microsecond_later_is_not_and_the_text_is_kept(app: &TestApp) {
        app.clock.set(moment("2026-11-15T16:00:00Z"));
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/rounds/{ROUND}")).follow("Ask a question").sees("You can ask until 5pm on 15 November 2026.");
        browser.sees("The page never says who asked.");
        app.clock.set(moment(CLOSES));
        ask(&app.client(Who::Officer), "Just in time").expect(201);
        app.clock.set(moment(TOO_LATE));
        assert_eq!(ask(&app.client(Who::Officer), "Too late").problem(), (409, "deadline_passed".into()));
        browser.fill("What do you want to know?", "Words that took an hour").press("Send the question");
        browser.sees("Questions could be asked until 5pm on 15 November 2026.").sees("Words that took an hour");
        assert_eq!(app.client(Who::Officer).get(&format!("{PATH}/asked")).json().as_array().unwrap().len(), 1);
        assert!(!app.browser(Who::Officer).open(&format!("/rounds/{ROUND}")).has("Ask a question"));
        answer(&app.client(Who::Manager), 1, 1, ("Just in time", "It is answered all the same.")).expect(200);
    }

    fn a_later_closing_keeps_the_round_open_for_questions(app: &TestApp) {
        app.at("2026-11-15T09:00:00Z");
        let later = json!({ "milestone": "full_closes", "at": "2026-11-16T17:00:00Z", "reason": "An outage." });
        app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/milestones/changes"), later).expect(201);
        app.at("2026-11-16T17:00:00Z");
        ask(&app.client(Who::Officer), "Still in time").expect(201);
    }

    fn a_correction_stands_beside_what_it_said_before(app: &TestApp) {
        let manager = app.client(Who::Manager);
        ask(&app.client(Who::Officer), "How many?").expect(201);
        answer(&manager, 1, 1, ("How many?", "Three.")).expect(200);
        app.at("2026-09-03T09:00:00Z");
        let manager = app.client(Who::Manager);
        assert_eq!(answer(&manager, 1, 1, ("How many?", "Five.")).problem(), (412, "stale_version".into()));
        answer(&manager, 1, 2, ("How many bids?", "Four.")).expect(200);
        let question = published(app)[0].clone();
        assert_eq!((&question["answer"], &question["answered_at"]), (&json!("Four."), &json!("2026-09-03T09:00:00Z")));
        let before = json!([{ "question": "How many?", "answer": "Three.", "answered_at": "2026-09-02T09:00:00Z" }]);
        assert_eq!(question["earlier"], before);
        let mut page = app.browser(Who::Stranger);
        page.open(&format!("/rounds/{ROUND}")).sees("Corrected at 10am on 3 September 2026").sees("Three.").sees("Four.");
        let letters = app.letters();
        let corrected = letters.iter().filter(|letter| letter.subject.starts_with("Corrected: ")).count();
        assert_eq!(corrected, 1);
        let feed = app.public().get("/rounds.atom").expect(200);
        assert_eq!(feed.header("last-modified"), Some("Thu, 03 Sep 2026 09:00:00 GMT"));
        assert!(feed.text().contains("<updated>2026-09-03T09:00:00Z</updated>") && feed.text().contains("#question-1"));
    }

    fn a_question_is_refused_with_a_reason_that_whoever_asked_reads(app: &TestApp) {
        let manager = app.client(Who::Manager);
        ask(&app.client(Who::Officer), "What does Borchester bid for?").expect(201);
        assert_eq!(refuse(&manager, 1, 1, " ").json()["errors"][0]["pointer"], "/reason");
        assert_eq!(refuse(&manager, 1, 9, "It names a council.").problem(), (412, "stale_version".into()));
        refuse(&manager, 1, 1, "It names a council.").expect(200);
        assert_eq!(published(app), json!([]));
        assert_eq!(answer(&manager, 1, 2, ("x", "y")).problem(), (409, "refused_already".into()));
        assert_eq!(refuse(&manager, 1, 2, "Again.").problem(), (409, "refused_already".into()));
        app.browser(Who::Officer).open(&format!("/rounds/{ROUND}/ask")).sees("Not published").sees("It names a council.");
        let letter = app.letters().pop().unwrap();
        assert_eq!((letter.template.as_str(), letter.recipient.clone()), ("question-refused", Who::Officer.email()));
        assert!(letter.text.contains("It names a council."), "{}", letter.text);
        ask(&app.client(Who::Officer), "Another").expect(201);
        answer(&manager, 2, 1, ("Another", "Answered.")).expect(200);
        assert_eq!(refuse(&manager, 2, 2, "Late.").problem(), (409, "answered_already".into()));
    }

    fn what_a_manager_typed_is_kept_when_a_colleague_was_quicker(app: &TestApp) {
        ask(&app.client(Who::Officer), "What does Borchester bid for?").expect(201);
        ask(&app.client(Who::Officer), "Can parishes join?").expect(201);
        let colleague = app.client_of(app.colleague());
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/questions/1")).fill("The answer", "Words that took an hour");
        refuse(&colleague, 1, 1, "It names a council.").expect(200);
        manager.press("Publish the answer").sees("What you wrote was not sent").sees("Words that took an hour");
        manager.sees("It names a council.");
        manager.open(&format!("/rounds/{ROUND}/questions/2")).fill("Why?", "It is about something else.");
        answer(&colleague, 2, 1, ("Can parishes join?", "Yes.")).expect(200);
        manager.press("Refuse the question").sees("What you wrote was not sent").sees("It is about something else.");
        manager.sees("Yes.");
        let mut observer = app.browser(Who::Observer);
        observer.open(&format!("/rounds/{ROUND}/questions")).sees("Question 1, refused").sees("It names a council.");
    }

    fn at_most_twenty_questions_of_an_organisation_wait(app: &TestApp) {
        let (officer, colleague, manager) = (app.client(Who::Officer), app.client(Who::Signatory), app.client(Who::Manager));
        for number in 1..=20 {
            ask(if number % 2 == 0 { &officer } else { &colleague }, &format!("Question {number}?")).expect(201);
        }
        let refused = ask(&officer, "One more?");
        assert_eq!(refused.problem(), (409, "too_many_questions".into()));
        assert!(refused.json()["detail"].as_str().unwrap().contains("20 questions of your organisation"), "{}", refused.text());
        ask(&app.client(Who::Stranger), "Another council's?").expect(201);
        answer(&manager, 1, 1, ("Question 1?", "Yes.")).expect(200);
        ask(&officer, "One more?").expect(201);
    }

    fn only_people_of_an_organisation_ask_and_only_managers_answer(app: &TestApp) {
        assert_eq!(ask(&app.public(), "Who am I?").problem(), (401, "unauthenticated".into()));
        for who in [Who::Nobody, Who::Manager, Who::Admin] {
            assert_eq!(ask(&app.client(who), "May I?").problem(), (403, "no_organisation".into()), "{who:?}");
        }
        let theirs = json!({ "question": "For whom?", "organisation": app.organisation("CAS") });
        app.client(Who::Officer).post(PATH, theirs.clone()).expect(404);
        app.client(Who::Stranger).post(PATH, theirs).expect(201);
        for who in [Who::Moderator, Who::Observer, Who::Assessor] {
            assert_eq!(answer(&app.client(who), 1, 1, ("x", "y")).problem(), (403, "not_allowed".into()), "{who:?}");
        }
        answer(&app.client(Who::Stranger), 1, 1, ("x", "y")).expect(404);
        refuse(&app.client(Who::Officer), 1, 1, "x").expect(404);
    }

    fn everything_wrong_with_a_question_and_an_answer_is_said(app: &TestApp) {
        let (officer, manager) = (app.client(Who::Officer), app.client(Who::Manager));
        for (question, code) in [("", "missing"), (" \n ", "missing"), (&*"x".repeat(2_001), "too_long")] {
            let refused = ask(&officer, question).expect(422).json();
            assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!("/question"), &json!(code)));
        }
        ask(&officer, &"é".repeat(2_000)).expect(201);
        let refused = answer(&manager, 1, 1, (" ", &"x".repeat(5_001))).expect(422).json();
        let pointers: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
        assert_eq!(pointers, ["/question", "/answer"]);
        let body = json!({ "question": "x", "answer": "y" });
        assert_eq!(manager.send("PUT", &format!("{PATH}/1"), &[], Some(&body)).problem(), (428, "version_needed".into()));
        answer(&manager, 7, 1, ("x", "y")).expect(404);
        officer.post("/api/v1/rounds/no-such-round/questions", json!({ "question": "x" })).expect(404);
        assert_eq!(published(app), json!([]));
    }

    fn a_repeated_question_is_asked_once(app: &TestApp) {
        let officer = app.client(Who::Officer);
        let body = json!({ "question": "Once?" });
        let send = || officer.send("POST", PATH, &[("Idempotency-Key", "k-1")], Some(&body)).expect(201).json();
        assert_eq!(send(), send());
        assert_eq!(officer.get(&format!("{PATH}/asked")).json().as_array().unwrap().len(), 1);
    }

    fn a_manager_answers_on_pages_and_loses_nothing_to_a_colleague(app: &TestApp) {
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/rounds/{ROUND}/ask")).press("Send the question").sees("Write your question.");
        officer.fill("What do you want to know?", "Can parishes join?").press("Send the question").sees("Your question is with the fund.");
        officer.sees("Waits for an answer");
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("1 question waits for an answer in Test round").sees("Ambridge Borough Council");
        manager.follow("Question 1").fill("The answer", "Yes, as partners.");
        answer(&app.client_of(app.colleague()), 1, 1, ("Can parishes join?", "Yes.")).expect(200);
        manager.press("Publish the answer").sees("Somebody else has answered meanwhile.").sees("Yes, as partners.");
        manager.press("Publish the correction").sees("The answer to question 1 is published.");
        officer.open(&format!("/rounds/{ROUND}")).sees("1 question is answered").sees("Yes, as partners.");
        assert!(!manager.open("/staff").has("waits for an answer"));
        let mut observer = app.browser(Who::Observer);
        observer.open(&format!("/rounds/{ROUND}/questions")).sees("Question 1, answered");
        assert!(!observer.links().iter().any(|link| link == "Question 1"), "it leads to a page for managers");
        officer.open(&format!("/rounds/{ROUND}/ask")).follow("Read the answer to question 1").sees("Can parishes join?");
    }
}
