//! A manager who assesses a bid of the round, and decides on the others without being told where they stand.

use roundtable::identity::policy::BidKind;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{KNOWN, PATH, VALUE, answer, commit, enter, new_draw, ranked, rules};
use crate::{
    awards::{award, bring_to, change, decide, outcome},
    harness::{
        app::{Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

/// A value by which the first of two bids is drawn.
fn drawing(lucky: &str, other: &str) -> String {
    let digest = |value: &str, bid: &str| hex::encode(Sha256::digest(format!("{value}|{bid}")));
    let mut values = (0..).map(|number| format!("{VALUE}{number}"));
    values.find(|value| digest(value, lucky) < digest(value, other)).unwrap()
}

/// The manager assesses the bid from now on.
fn assesses(app: &TestApp, colleague: &Client, bid: &str) {
    let role = json!({ "email": Who::Manager.email(), "name": "Manager Person", "role": "assessor" });
    app.client(Who::Admin).post("/api/v1/funds/test-fund/roles", role).expect(201);
    let reader = json!({ "person": app.person(Who::Manager) });
    colleague.post(&format!("/api/v1/bids/{bid}/assessors"), reader).expect(200);
}

fn place_of(client: &Client, bid: &str) -> Value {
    client.get(&format!("/api/v1/bids/{bid}/decisions/award")).expect(200).json()["place"].clone()
}

on_each_database! {
    fn whoever_assesses_a_bid_of_the_round_decides_on_the_others_without_hearing_of_place_list_or_draw(app: &TestApp) {
        let mut assessment = rules(true);
        assessment["most_awards"] = json!(2);
        let bids = ranked(app, assessment);
        let [first, second, third, fourth] = [&bids[0], &bids[1], &bids[2], &bids[3]].map(String::as_str);
        commit(app, Who::Manager, new_draw()).expect(201);
        app.at(KNOWN);
        let (manager, colleague) = (app.client(Who::Manager), app.client_of(app.colleague()));
        enter(&manager, &drawing(third, second)).expect(202);
        answer(&colleague, "confirm", json!({})).expect(200);
        let lists = format!("{PATH}/lists");
        colleague.post(&lists, json!({})).expect(201);
        assesses(app, &colleague, fourth);
        for bid in &bids[..3] {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        assert_eq!(manager.post(&lists, json!({})).problem(), (409, "blind".into()));

        // The list and the draw have a reason for the third: taken over, it would tell of them.
        let drawn = decide(&manager, third, "award", award(8_000_000, 3)).expect(201).json();
        assert_eq!(drawn["reason"], Value::Null);
        // List and draw say otherwise of the second, and the ranking of the first.
        decide(&manager, second, "award", award(8_000_000, 2)).expect(201);
        let mut declined = outcome("not_fund");
        declined["place"] = json!(1);
        decide(&manager, first, "award", declined.clone()).expect(201);
        let ready = |client: &Client| client.get(&format!("{PATH}/releases/announcement")).expect(200).json();
        assert_eq!(ready(&colleague)["unexplained"], json!(&bids[..3]));
        assert_eq!(ready(&manager)["unexplained"], json!([]));
        let queue = format!("/rounds/{ROUND}/decisions");
        assert!(!app.browser(Who::Manager).open(&queue).has("Give a reason for departing"));
        let against = change(&colleague, second, "award", 1, award(8_000_000, 2));
        assert!(against.status == 422 && against.text().contains("list of record 1 says otherwise"), "{}", against.text());
        assert_eq!(change(&colleague, first, "award", 1, declined).status, 422);
        let drawn = change(&colleague, third, "award", 1, award(8_000_000, 3)).expect(200).json();
        assert_eq!(drawn["reason"], "Drawn by lot in draw 1.");

        assert_eq!((place_of(&manager, third), place_of(&colleague, third)), (Value::Null, json!(3)));
        let mut unplaced = award(7_000_000, 3);
        unplaced["place"] = Value::Null;
        unplaced["reason"] = json!("Drawn by lot in draw 1.");
        let changed = change(&manager, third, "award", 2, unplaced.clone()).expect(200).json();
        assert_eq!((&changed["place"], &changed["amount_pence"]), (&Value::Null, &json!(7_000_000)));
        assert_eq!(place_of(&colleague, third), json!(3), "nobody erases what they are not shown");
        change(&colleague, third, "award", 3, unplaced).expect(200);
        assert_eq!(place_of(&colleague, third), Value::Null, "whoever is shown it can take it out");
    }
}
