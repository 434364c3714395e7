//! How bids are ranked and chosen stands on the round's page before anybody bids, and changes only where everybody is told.

use serde_json::{Value, json};

use crate::{
    harness::{
        app::{Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::{
        amendments::{PATH, approve, propose},
        dates::second,
    },
};

/// Proposes the round's rules with another way of assessing.
fn assessing(client: &Client, assessment: &Value) -> crate::harness::app::Answer {
    let mut rulebook = client.get(PATH).expect(200).json()["rulebook"].clone();
    rulebook["assessment"] = assessment.clone();
    rulebook["criteria"][0]["least"] = json!(1);
    propose(client, "rules", &json!({ "rulebook": rulebook, "reason": "We had left it open." }))
}

on_each_database! {
    fn a_round_says_how_its_bids_are_ranked_and_chosen_and_a_change_of_it_is_told(app: &TestApp) {
        let before = app.public().get(PATH).expect(200).json();
        assert_eq!(before["rulebook"]["assessment"], Value::Null, "what is as usual is not written");
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("How bids are ranked and chosen")
            .sees("Bids stand in the order of their weighted mean scores")
            .sees("The money is awarded down this order");

        let assessment = json!({
            "attributes": [{ "name": "phase", "from": "phase" }],
            "gateway": [{ "id": "need", "title": "The need is shared", "guidance": "By three councils." }],
            "ranking": { "by": "calibrated" },
            "most_awards": 16,
            "portfolio": [{ "rule": "cap", "of": "phase", "is": "alpha", "awards": 6 }],
        });
        assessing(&app.client(Who::Manager), &assessment).expect(202);
        approve(&second(app)).expect(200);
        let after = app.public().get(PATH).expect(200).json();
        assert_eq!(after["rulebook"]["assessment"], assessment);
        assert_ne!(after["rules_hash"], before["rules_hash"]);
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}"))
            .sees("A bid with a mean score below 1 cannot be funded.")
            .sees("Before a bid is scored, this is checked: The need is shared (By three councils.)")
            .sees("Bids stand in the order of their calibrated scores")
            .sees("Money goes to at most 16 bids")
            .sees("The list has at most 6 awards where phase is alpha")
            .sees("Minimum of Strategic fit: from none to 1");
    }

    fn rules_of_choosing_that_name_what_the_round_does_not_have_are_refused(app: &TestApp) {
        let rule = json!({ "rule": "each", "of": "theme", "awards": 1 });
        let refused = assessing(&app.client(Who::Manager), &json!({ "portfolio": [rule], "ranking": { "interval": 75 } }));
        let pointers: Vec<Value> =
            refused.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
        assert_eq!(refused.status, 422);
        assert_eq!(pointers, ["/rulebook/assessment/ranking", "/rulebook/assessment/portfolio"]);
    }

    fn interviews_are_promised_only_by_a_round_whose_workflow_invites_to_them(app: &TestApp) {
        let grade = |value: i32| json!({ "value": value, "label": "So", "meaning": "So." });
        let criterion = json!({ "id": "talk", "title": "Talk", "guidance": "Listen.", "weight": 10_000, "scale": [grade(0), grade(5)] });
        let interview = json!({ "weight": 3_000, "criteria": [criterion], "least_panel": 2, "minutes": 45 });
        let wrong = json!({ "interview": interview, "ranking": { "by": "calibrated" }, "anonymous": true, "draw": { "source": "A lottery" } });
        let refused = assessing(&app.client(Who::Manager), &wrong).expect(422).json();
        let pointers: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        let expected = ["ranking", "anonymous", "draw", "interview"].map(|field| json!(format!("/rulebook/assessment/{field}")));
        assert_eq!(pointers, expected.iter().collect::<Vec<_>>());
    }
}
