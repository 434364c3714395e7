//! Who writes what: the lead asks councils, they hear of it once, see how far each answer is, and nothing is locked.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::together::{answer, shared};
use crate::harness::{
    app::{Answer, Client, TestApp, Who, moment},
    databases::on_each_database,
    letters::Letter,
};

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/assignments")
}

fn ask(app: &TestApp, client: &Client, reference: &str, version: i64, asked: &[(&str, &str, Option<&str>)]) -> Answer {
    let asking = |(question, council, due): &(&str, &str, Option<&str>)| json!({ "question": question, "organisation": app.organisation(council), "due_on": due });
    let assignments: Vec<Value> = asked.iter().map(asking).collect();
    client.put(&path(reference), version, json!({ "assignments": assignments }))
}

fn told(app: &TestApp) -> Vec<Letter> {
    app.letters().into_iter().filter(|letter| letter.template == "answers-assigned").collect()
}

/// The reminders of what is owed by a day.
fn due(app: &TestApp) -> Vec<Letter> {
    app.letters().into_iter().filter(|letter| letter.template == "answers-due").collect()
}

fn readers(letters: &[Letter]) -> BTreeSet<String> {
    letters.iter().map(|letter| letter.recipient.clone()).collect()
}

on_each_database! {
    fn the_lead_asks_and_the_people_of_each_council_get_one_mail_for_one_saving(app: &TestApp) {
        let reference = shared(app);
        let officer = app.client(Who::Officer);
        let asked = [("problem", "BOR", Some("2026-09-20")), ("assets", "BOR", None), ("training", "AMB", None)];
        let view = ask(app, &officer, &reference, 0, &asked).expect(200);
        assert_eq!(view.header("etag"), Some("\"v1\""));
        let view = view.json();
        assert_eq!(view["councils"].as_array().unwrap().len(), 2);
        let row = |index: usize| json!([view["questions"][index]["question"], view["questions"][index]["due_on"], view["questions"][index]["progress"]]);
        assert_eq!([row(0), row(2)], [json!(["problem", "2026-09-20", "done"]), json!(["training", null, "not_started"])]);
        let letters = told(app);
        let theirs: Vec<&Letter> = letters.iter().filter(|letter| letter.text.contains("Borchester City Council")).collect();
        assert_eq!((theirs.len(), letters.len()), (2, 5), "Borchester’s two, and Ambridge’s but for the officer who asks");
        assert!(!readers(&letters).contains(&Who::Officer.email()));
        for words in ["What is the common problem?, by 20 September 2026", "What will others be able to use again?"] {
            assert!(theirs.iter().all(|letter| letter.text.contains(words)), "{}", theirs[0].text);
        }
        let again = ask(app, &officer, &reference, 1, &asked).expect(200);
        assert_eq!((again.header("etag"), told(app).len()), (Some("\"v1\""), 5), "nothing has changed");
        ask(app, &officer, &reference, 1, &asked[..1]).expect(200);
        assert_eq!(told(app).len(), 5, "nobody is mailed that less is asked");
        let shown = app.client(Who::Partner).get(&path(&reference)).expect(200).json();
        assert_eq!((&shown["version"], &shown["questions"][1]["organisation"]), (&json!(2), &Value::Null));
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("Councils asked to write answers");
    }

    fn asking_locks_nothing_and_changes_nothing_of_the_bid(app: &TestApp) {
        let reference = shared(app);
        let said = || {
            let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200);
            (bid.header("etag").map(str::to_owned), bid.json())
        };
        let before = said();
        ask(app, &app.client(Who::Officer), &reference, 0, &[("problem", "BOR", None)]).expect(200);
        assert_eq!(said(), before);
        answer(&app.client(Who::Officer), &reference, "problem", 1, "The lead writes all the same.").expect(200);
    }

    fn assigning_is_the_lead_s_and_reading_the_partnership_s(app: &TestApp) {
        let reference = shared(app);
        let partner = app.client(Who::Partner);
        assert_eq!(ask(app, &partner, &reference, 0, &[("problem", "AMB", None)]).problem(), (403, "not_allowed".into()));
        partner.get(&path(&reference)).expect(200);
        let mut page = app.browser(Who::Partner);
        assert!(!page.open(&format!("/bids/{reference}/who-writes-what")).has("Ask councils to write"));
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        for who in [Who::Manager, Who::Observer] {
            assert_eq!(app.client(who).get(&path(&reference)).problem(), (403, "not_allowed".into()), "{who:?}");
        }
        for who in [Who::Stranger, Who::Assessor, Who::Nobody] {
            app.client(who).get(&path(&reference)).expect(404);
            app.client(who).get(&format!("/bids/{reference}/who-writes-what")).expect(404);
        }
    }

    fn everything_wrong_is_said_and_a_stale_version_changes_nothing(app: &TestApp) {
        let reference = shared(app);
        let officer = app.client(Who::Officer);
        let wrong = ask(app, &officer, &reference, 0, &[("nothing", "BOR", None), ("problem", "CAS", Some("2026-09-01"))]);
        let faults = wrong.expect(422).json();
        let pointers: Vec<&Value> = faults["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
        assert_eq!(pointers, ["/assignments/0/question", "/assignments/1/organisation", "/assignments/1/due_on"]);
        ask(app, &officer, &reference, 0, &[("problem", "BOR", None)]).expect(200);
        let stale = ask(app, &officer, &reference, 0, &[("problem", "AMB", None)]);
        assert_eq!(stale.problem(), (412, "stale_version".into()));
        let bare = officer.send("PUT", &path(&reference), &[], Some(&json!({ "assignments": [] })));
        assert_eq!(bare.problem(), (428, "version_needed".into()));
        assert_eq!(officer.get(&path(&reference)).json()["version"], 1);
    }

    fn a_council_that_has_left_is_asked_for_nothing(app: &TestApp) {
        let reference = shared(app);
        let officer = app.client(Who::Officer);
        ask(app, &officer, &reference, 0, &[("problem", "BOR", None)]).expect(200);
        let partners = format!("/api/v1/bids/{reference}/partners");
        let partner = officer.get(&partners).expect(200).json()["partners"][0].clone();
        officer.delete_at(&format!("{partners}/{}", partner["id"].as_str().unwrap()), partner["version"].as_i64().unwrap()).expect(200);
        let view = officer.get(&path(&reference)).expect(200).json();
        assert_eq!((&view["questions"][0]["organisation"], view["councils"].as_array().unwrap().len()), (&Value::Null, 1));
        app.client(Who::Partner).get(&path(&reference)).expect(404);
    }

    fn the_matrix_shows_who_still_owes_what_and_the_task_list_what_is_ours(app: &TestApp) {
        let reference = shared(app);
        let page = format!("/bids/{reference}/who-writes-what");
        let (mut officer, mut late) = (app.browser(Who::Officer), app.browser(Who::Administrator));
        late.open(&page);
        officer.open(&format!("/bids/{reference}")).follow("Who writes what");
        officer.select("Who writes it? Which training would help you?", "Borchester City Council");
        let due = "By when? (optional) Which training would help you?";
        officer.fill_in(due, "Day", "31").fill_in(due, "Month", "9").fill_in(due, "Year", "2026");
        officer.press("Save who writes what").sees("enter a real date");
        officer.fill_in(due, "Day", "20").press("Save who writes what").sees("get an email");
        officer.sees("Borchester City Council: 1 answer").sees("Writes it, by 20 September 2026").sees("Not yet started");
        late.select("Who writes it? What is the common problem?", "Ambridge Borough Council").press("Save who writes what");
        assert_eq!(late.status(), 412);
        late.sees("Somebody else changed who writes what.").sees("Writes it, by 20 September 2026");
        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}")).sees("Yours, by 20 September 2026, optional");
        partner.follow("Which training would help you?").sees("Your council is asked to write this by 20 September 2026.");
        partner.choose("Agile for teams").press("Save and continue").open(&page);
        assert!(!partner.has("Still to be finished"), "nobody owes anything any more");
        assert!(!app.browser(Who::Officer).open(&format!("/bids/{reference}")).has("Yours"));
    }

    fn a_day_that_has_passed_can_stay_and_not_be_given_anew(app: &TestApp) {
        let reference = shared(app);
        ask(app, &app.client(Who::Officer), &reference, 0, &[("problem", "BOR", Some("2026-09-02"))]).expect(200);
        app.clock.set(moment("2026-09-03T09:00:00Z"));
        let officer = app.client(Who::Officer);
        let both = [("problem", "BOR", Some("2026-09-02")), ("assets", "BOR", None)];
        ask(app, &officer, &reference, 1, &both).expect(200);
        let new = ask(app, &officer, &reference, 2, &[("assets", "BOR", Some("2026-09-02"))]);
        assert_eq!(new.expect(422).json()["errors"][0]["code"], "in_the_past");
    }
    fn a_council_is_reminded_once_of_what_it_owes_the_working_day_before(app: &TestApp) {
        let reference = shared(app);
        let officer = app.client(Who::Officer);
        // Monday 21 September; "problem" is finished already.
        let asked = [("problem", "BOR", Some("2026-09-21")), ("training", "BOR", Some("2026-09-21")), ("assets", "AMB", Some("2026-09-22"))];
        ask(app, &officer, &reference, 0, &asked).expect(200);
        app.at("2026-09-18T07:59:59Z");
        assert!(due(app).is_empty());
        app.at("2026-09-18T08:00:00Z");
        let letters = due(app);
        assert_eq!(readers(&letters), BTreeSet::from([Who::Partner.email(), Who::PartnerSignatory.email()]));
        assert_eq!(letters.len(), 2, "each once");
        for said in ["Borchester City Council is asked to write these answers by 21 September 2026", "* Which training would help you?"] {
            assert!(letters.iter().all(|letter| letter.text.contains(said)), "{said:?} is not in {}", letters[0].text);
        }
        assert!(!letters[0].text.contains("What is the common problem?"), "it is finished: {}", letters[0].text);
        app.at("2026-09-25T08:00:00Z");
        assert_eq!(due(app).len(), 2, "Ambridge has finished what it was asked for, and nobody hears of it twice");
    }

    fn who_is_asked_the_day_before_is_reminded_on_the_day_and_nobody_once_the_bid_is_gone(app: &TestApp) {
        let (reference, gone) = (shared(app), shared(app));
        app.at("2026-09-17T10:00:00Z");
        let officer = app.client(Who::Officer);
        for bid in [&reference, &gone] {
            ask(app, &officer, bid, 0, &[("training", "BOR", Some("2026-09-18"))]).expect(200);
        }
        officer.post(&format!("/api/v1/bids/{gone}/actions/withdraw"), json!({})).expect(200);
        app.at("2026-09-18T08:00:00Z");
        let letters = due(app);
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().all(|letter| letter.text.contains(&reference)), "{}", letters[0].text);
    }

    fn a_day_that_is_changed_moves_the_reminder_with_it(app: &TestApp) {
        let reference = shared(app);
        let officer = app.client(Who::Officer);
        ask(app, &officer, &reference, 0, &[("training", "BOR", Some("2026-09-21"))]).expect(200);
        ask(app, &officer, &reference, 1, &[("training", "BOR", Some("2026-09-24"))]).expect(200);
        app.at("2026-09-21T08:00:00Z");
        assert!(due(app).is_empty(), "that day is asked for no more");
        app.at("2026-09-23T08:00:00Z");
        assert_eq!(due(app).len(), 2);
    }
}
