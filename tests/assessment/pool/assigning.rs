//! Who can be given bids in a round that has a pool, and how much they can read.

use serde_json::{Value, json};

use super::{acceptance, invite, join, place, pool, say};
use crate::{
    assessment::{assess, find_eligible, full_application, give},
    harness::{
        app::{ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
    },
};

fn eligible(app: &TestApp, title: &str) -> String {
    app.clock.set(moment(START));
    let bid = full_application(app, title);
    find_eligible(app, &bid);
    bid
}

fn panel(app: &TestApp, who: Who) -> Value {
    app.client(who).get(&format!("/api/v1/rounds/{ROUND}/assessors")).expect(200).json()
}

fn assessors(panel: &Value) -> Vec<&str> {
    panel["assessors"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

on_each_database! {
    fn a_round_without_a_pool_goes_by_the_funds_roles_and_one_with_a_pool_by_who_has_accepted(app: &TestApp) {
        let bid = eligible(app, "Shared repairs");
        give(app, &bid, Who::Assessor).expect(200);
        assert_eq!(assessors(&panel(app, Who::Manager)), ["Assessor Person", "ConflictedAssessor Person", "SecondAssessor Person"]);
        let until = json!({ "people": [{ "email": Who::SecondAssessor.email() }], "answer_by": "2026-11-20T17:00:00Z" });
        app.client(Who::Manager).post(&format!("{}/invitations", pool(ROUND)), until).expect(200);
        assert_eq!(assessors(&panel(app, Who::Manager)), ["Assessor Person"], "what is given already stays");
        give(app, &bid, Who::Assessor).expect(200);
        let refused = give(app, &bid, Who::SecondAssessor);
        assert_eq!(refused.problem(), (409, "not_in_pool".into()));
        let wish = json!({ "assignments": [{ "bid": bid, "person": app.person(Who::SecondAssessor) }] });
        let many = app.client(Who::Moderator).post(&format!("/api/v1/rounds/{ROUND}/assessors"), wish).expect(200).json();
        assert_eq!((&many[0]["done"], &many[0]["code"]), (&json!(false), &json!("not_in_pool")));
        say(&app.client(Who::SecondAssessor), ROUND, acceptance(8)).expect(200);
        let given = give(app, &bid, Who::SecondAssessor).expect(200).json();
        assert_eq!(given.get("warning"), None);
        let now = panel(app, Who::Manager);
        assert_eq!(assessors(&now), ["Assessor Person", "SecondAssessor Person"]);
        assert_eq!((&now["assessors"][1]["given"], &now["assessors"][1]["most"]), (&json!(1), &json!(8)));
    }

    fn more_bids_than_somebody_can_read_are_given_with_a_warning(app: &TestApp) {
        join(app, Who::Assessor, 1);
        let bids = ["Shared repairs", "Shared bins", "Shared maps"].map(|title| eligible(app, title));
        assert_eq!(give(app, &bids[0], Who::Assessor).expect(200).json().get("warning"), None);
        let second = give(app, &bids[1], Who::Assessor).expect(200).json();
        assert_eq!(second["warning"], "They have 2 bids now, and said that they can read 1 at most.");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{}/assessors", bids[2])).sees("Has 2 bids, more than the 1 that they can read at most");
        manager.choose("Assessor Person").press("Save");
        manager.sees("Assessor Person: They have 3 bids now, and said that they can read 1 at most.");
        manager.sees("More than they can read");
        assert_eq!(place(app, Who::Assessor)["given"], 3);
    }

    fn the_pool_says_whether_those_who_accepted_can_read_what_there_is_to_read(app: &TestApp) {
        let told = || app.client(Who::Moderator).get(&pool(ROUND)).expect(200).json()["told"].as_str().unwrap().to_owned();
        invite(app, &[&Who::SecondAssessor.email()]).expect(200);
        let bids = ["Shared repairs", "Shared bins"].map(|title| eligible(app, title));
        assert_eq!(told(), "2 bids × 2 readings = 4 readings; nobody has accepted yet.");
        app.clock.set(moment(START));
        join(app, Who::Assessor, 3);
        app.clock.set(moment("2026-11-16T09:00:00Z"));
        assert_eq!(told(), "2 bids × 2 readings = 4 readings; the one who accepted can read at most 3: 1 short.");
        give(app, &bids[0], Who::Assessor).expect(200);
        assess(app, Who::Assessor, &bids[0], (3, 2));
        let whole = app.client(Who::Manager).get(&pool(ROUND)).expect(200).json();
        let expected = json!({ "accepted": 1, "unanswered": 1, "out": 0, "least": 1, "most": 3 });
        assert_eq!(whole["capacity"], expected);
        let place = place(app, Who::Assessor);
        assert_eq!((&place["given"], &place["submitted"]), (&json!(1), &json!(1)));
    }

    fn a_table_of_the_pool_can_be_downloaded_by_those_who_may_read_it(app: &TestApp) {
        invite(app, &["=cmd@new.example", &Who::Nobody.email()]).expect(200);
        say(&app.client(Who::Nobody), ROUND, acceptance(8)).expect(200);
        let csv = app.client(Who::Manager).get(&format!("{}.csv", pool(ROUND))).expect(200).text();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("name,email,state,asked_for,asked_least,asked_most,answer_by"), "{csv}");
        assert!(csv.contains("Nobody Person,nobody@test.example,accepted,,2,8,2026-11-09T17:00:00Z,2026-09-02T09:00:00Z,,1,8,0,0,2026-11-16,2026-12-04,2026-11-20,,"), "{csv}");
        assert!(csv.contains("'=cmd,'=cmd@new.example,invited"), "no cell is a formula: {csv}");
        for (who, status) in [(Who::Moderator, 200), (Who::Observer, 403), (Who::Assessor, 403), (Who::Nobody, 403), (Who::Officer, 404)] {
            assert_eq!(app.client(who).get(&format!("{}.csv", pool(ROUND))).status, status, "{who:?}");
        }
        assert_eq!(app.public().get(&format!("{}.csv", pool(ROUND))).status, 401);
    }

    fn a_manager_with_a_conflict_reads_no_count_with_the_bid_in_it(app: &TestApp) {
        join(app, Who::Assessor, 1);
        let bids = ["Shared repairs", "Shared bins"].map(|title| eligible(app, title));
        give(app, &bids[0], Who::Assessor).expect(200);
        let conflict = json!({ "bid": bids[0], "person": app.person(Who::Manager), "reason": "They share a house." });
        app.client(Who::Moderator).post("/api/v1/conflicts", conflict).expect(200);
        let hidden = app.client(Who::Manager).get(&pool(ROUND)).expect(200).json();
        assert_eq!((&hidden["workload"]["bids"], &hidden["places"][0]["given"]), (&json!(1), &json!(0)));
        let open = app.client(Who::Moderator).get(&pool(ROUND)).expect(200).json();
        assert_eq!((&open["workload"]["bids"], &open["places"][0]["given"]), (&json!(2), &json!(1)));
        let id = open["places"][0]["id"].as_str().unwrap();
        let one = format!("{}/places/{id}", pool(ROUND));
        assert_eq!(app.client(Who::Manager).get(&one).expect(200).json()["given"], 0);
        assert!(app.client(Who::Manager).get(&format!("{}.csv", pool(ROUND))).expect(200).text().contains(",1,1,0,0,"));
        assert_eq!(give(app, &bids[1], Who::Assessor).expect(200).json().get("warning"), None, "of two they see one");
    }
}
