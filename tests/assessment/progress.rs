//! How far the reading of a round is: what those who see to it read, by when scores are wanted, and who is reminded of what.

use serde_json::{Value, json};

use super::{assess, find_eligible, full_application, give, moderation::open, round_id, save, score};
use crate::{
    account::happened,
    harness::{
        app::{ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
        letters::Letter,
    },
};

const PROGRESS: &str = "/api/v1/rounds/test-round/progress";
/// A Friday.
const WANTED: &str = "2026-11-27T17:00:00Z";

fn letters(app: &TestApp, template: &str) -> Vec<Letter> {
    app.letters().into_iter().filter(|letter| letter.template == template).collect()
}

fn want(app: &TestApp, version: i64, by: Value, days: &[u8]) -> crate::harness::app::Answer {
    let body = json!({ "wanted_by": by, "reminder_days": days });
    app.client(Who::Manager).put(&format!("{PROGRESS}/wanted"), version, body)
}

/// Two bids: one assessor has both, the other the first.
fn two_bids(app: &TestApp) -> [String; 2] {
    let bids = ["Shared repairs", "Shared bins"].map(|title| {
        app.clock.set(moment(START));
        let bid = full_application(app, title);
        find_eligible(app, &bid);
        give(app, &bid, Who::Assessor).expect(200);
        bid
    });
    give(app, &bids[0], Who::SecondAssessor).expect(200);
    bids
}

fn person<'a>(progress: &'a Value, name: &str) -> Option<&'a Value> {
    progress["people"].as_array().unwrap().iter().find(|person| person["name"] == name)
}

fn remind(app: &TestApp, who: Who, whom: &[Who]) -> crate::harness::app::Answer {
    let people: Vec<String> = whom.iter().map(|who| app.person(*who).to_string()).collect();
    app.client(who).post(&format!("{PROGRESS}/reminders"), json!({ "people": people, "words": "We meet on Monday." }))
}

fn codes(answered: &Value) -> Vec<&str> {
    answered.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap_or("done")).collect()
}

on_each_database! {
    fn a_manager_reads_who_has_begun_and_submitted_without_what_they_gave(app: &TestApp) {
        let [first, _] = two_bids(app);
        save(app, Who::Assessor, &first, 1, &[score("fit", 3)]).expect(200);
        assess(app, Who::SecondAssessor, &first, (1, 2));
        let progress = app.client(Who::Manager).get(PROGRESS).expect(200).json();
        assert_eq!([&progress["given"], &progress["begun"], &progress["submitted"]], [3, 1, 1]);
        let reader = person(&progress, "Assessor Person").unwrap();
        assert_eq!(["given", "begun", "submitted", "waiting"].map(|what| &reader[what]), [2, 1, 0, 2]);
        assert_eq!(person(&progress, "SecondAssessor Person").unwrap()["waiting"], 0);
        let bid = &progress["bids"][0];
        assert_eq!([&bid["reference"], &bid["given"], &bid["submitted"]], [&json!(first), &json!(2), &json!(1)]);
        assert!(!progress.to_string().contains("It is shown"), "{progress}");
        let csv = app.client(Who::Moderator).get(&format!("{PROGRESS}.csv")).expect(200).text();
        assert!(csv.starts_with("Name,Given,Begun,Submitted,Waiting,Last score at,Reminded at\r\nAssessor Person,2,1,0,2,"), "{csv}");
        for who in [Who::Assessor, Who::Observer] {
            app.client(who).get(PROGRESS).expect(403);
        }
        app.client(Who::Officer).get(PROGRESS).expect(404);
    }

    fn readers_are_told_by_when_scores_are_wanted_and_reminded_on_working_days_until_they_submit(app: &TestApp) {
        let [first, second] = two_bids(app);
        want(app, 0, json!(WANTED), &[1, 5]).expect(200);
        let told = letters(app, "scores-wanted");
        assert_eq!(told.iter().map(|letter| letter.recipient.clone()).collect::<Vec<_>>(), [Who::Assessor.email(), Who::SecondAssessor.email()]);
        assert_eq!(told[0].subject, "Test Fund wants your scores by 5pm on 27 November 2026");
        assert!(told[0].text.contains(&first) && told[0].text.contains("0 of 2 scored"), "{}", told[0].text);
        let own = app.client(Who::Assessor).get("/api/v1/assessments").expect(200).json();
        assert_eq!(own[0]["wanted_by"], WANTED);
        app.browser(Who::Assessor).open("/assess").sees("Scores are wanted by");
        let reminded = || letters(app, "scores-wanted").into_iter().filter(|letter| letter.data["occasion"] == "due").collect::<Vec<_>>();
        app.at("2026-11-20T08:59:59Z");
        assert_eq!(reminded().len(), 0);
        assess(app, Who::SecondAssessor, &first, (1, 2));
        app.at("2026-11-20T09:00:00Z");
        let five = reminded();
        assert_eq!(five.len(), 1, "five working days before, to whoever has not submitted");
        assert!([&first, &second].iter().all(|bid| five[0].text.contains(bid.as_str())), "{}", five[0].text);
        assess(app, Who::Assessor, &first, (2, 2));
        assess(app, Who::Assessor, &second, (2, 2));
        app.at("2026-11-26T09:00:00Z");
        assert_eq!(reminded().len(), 1, "nothing waits any more");
        let kinds: Vec<String> = happened(app, roundtable::events::Chain::Round(round_id(app))).into_iter()
            .map(|(kind, _)| kind).filter(|kind| kind.starts_with("reading.")).collect();
        assert_eq!(kinds, ["reading.scores_wanted", "reading.reminded"]);
    }

    fn another_time_has_reminders_of_its_own_and_a_wrong_one_is_refused_by_name(app: &TestApp) {
        two_bids(app);
        for (by, days) in [("2026-11-16T09:00:00Z", 1), ("2026-11-13T17:00:00Z", 1), ("2026-12-08T09:30:00Z", 1), (WANTED, 0)] {
            let refused = want(app, 0, json!(by), &[days]);
            assert_eq!(refused.problem(), (422, "invalid".into()), "{by} {days}");
        }
        want(app, 0, json!(WANTED), &[1]).expect(200);
        assert_eq!(want(app, 0, json!(WANTED), &[1]).problem(), (412, "stale_version".into()));
        want(app, 1, json!("2026-12-01T17:00:00Z"), &[1]).expect(200);
        app.at("2026-11-26T09:00:00Z");
        let due = || letters(app, "scores-wanted").into_iter().filter(|letter| letter.data["occasion"] == "due").count();
        assert_eq!(due(), 0);
        app.at("2026-11-30T09:00:00Z");
        assert_eq!(due(), 2);
        want(app, 2, Value::Null, &[]).expect(200);
        assert_eq!(app.client(Who::Manager).get(PROGRESS).expect(200).json()["wanted"]["wanted_by"], Value::Null);
        for who in [Who::Moderator, Who::Assessor] {
            let body = json!({ "wanted_by": WANTED, "reminder_days": [] });
            app.client(who).put(&format!("{PROGRESS}/wanted"), 3, body).expect(403);
        }
    }

    fn whoever_is_reminded_by_hand_hears_it_once_a_day_and_only_of_what_waits(app: &TestApp) {
        let [first, second] = two_bids(app);
        assess(app, Who::SecondAssessor, &first, (1, 2));
        assert_eq!(remind(app, Who::Manager, &[]).problem(), (422, "invalid".into()));
        let both = [Who::Assessor, Who::SecondAssessor];
        let mut answered = codes(&remind(app, Who::Moderator, &both).expect(200).json()).into_iter().map(str::to_owned).collect::<Vec<_>>();
        answered.sort();
        assert_eq!(answered, ["done", "nothing_waits"]);
        let letter = letters(app, "scores-wanted").pop().unwrap();
        assert_eq!((letter.recipient, letter.subject), (Who::Assessor.email(), "2 bids of Test round wait for your scores".to_owned()));
        assert!(letter.text.contains("Moderator Person asks you for them.") && letter.text.contains("We meet on Monday."), "{}", letter.text);
        assert_eq!(codes(&remind(app, Who::Manager, &[Who::Assessor]).expect(200).json()), ["reminded_today"]);
        app.at("2026-11-17T09:00:00Z");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/assessors")).follow("How far the reading is, and reminders");
        manager.press("Send the reminders").sees("Choose at least one person to remind.");
        manager.choose("Assessor Person").press("Send the reminders").sees("1 person is reminded.");
        assert_eq!(letters(app, "scores-wanted").len(), 2);
        assess(app, Who::Assessor, &first, (2, 2));
        open(app, Who::Manager, "Time is up.").expect(200);
        app.at("2026-11-18T09:00:00Z");
        assert_eq!(codes(&remind(app, Who::Manager, &[Who::Assessor]).expect(200).json()), ["nothing_waits"], "{second} takes no scores any more");
    }

    fn a_conflict_of_interest_keeps_a_bid_out_of_reminders_and_of_what_a_manager_counts(app: &TestApp) {
        let [first, second] = two_bids(app);
        let pin = |who: Who, bid: &str| {
            let conflict = json!({ "bid": bid, "person": app.person(who), "reason": "They share a house." });
            app.client(Who::Moderator).post("/api/v1/conflicts", conflict).expect(200);
        };
        pin(Who::Assessor, &first);
        pin(Who::Manager, &second);
        let seen = app.client(Who::Manager).get(PROGRESS).expect(200).json();
        assert_eq!(seen["given"], 1, "{seen}");
        assert!(person(&seen, "Assessor Person").is_none() && !seen.to_string().contains(&second), "{seen}");
        assert_eq!(codes(&remind(app, Who::Manager, &[Who::Assessor]).expect(200).json()), ["nothing_waits"]);
        assert_eq!(codes(&remind(app, Who::Moderator, &[Who::Assessor]).expect(200).json()), ["done"]);
        let letter = letters(app, "scores-wanted").pop().unwrap();
        assert!(letter.text.contains(&second) && !letter.text.contains(&first), "{}", letter.text);
    }

    fn whoever_is_given_bids_by_hand_is_written_to_once_for_all_of_them(app: &TestApp) {
        let [first, second] = two_bids(app);
        let manager = app.client(Who::Manager);
        for bid in [&first, &second] {
            let path = format!("/api/v1/bids/{bid}/assessors/{}", app.person(Who::Assessor));
            manager.send("DELETE", &path, &[], None).expect(204);
        }
        app.at("2026-11-16T10:00:00Z");
        let before = letters(app, "bids-given").len();
        let wish = |bid: &str| json!({ "bid": bid, "person": app.person(Who::Assessor) });
        let wishes = json!({ "assignments": [wish(&first), wish(&second)] });
        manager.post(&format!("/api/v1/rounds/{ROUND}/assessors"), wishes.clone()).expect(200);
        let told = letters(app, "bids-given");
        assert_eq!(told.len(), before + 1);
        let letter = told.last().unwrap();
        assert_eq!((letter.recipient.clone(), letter.subject.as_str()), (Who::Assessor.email(), "Test Fund asks you to assess 2 bids for Test round"));
        manager.post(&format!("/api/v1/rounds/{ROUND}/assessors"), wishes).expect(200);
        assert_eq!(letters(app, "bids-given").len(), before + 1, "again changes nothing");
    }
}
