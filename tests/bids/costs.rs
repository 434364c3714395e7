//! The costs of a full application: kinds of cost that a round tells apart, and what is given in kind.

use diesel::prelude::*;
use roundtable::{db::schema::bids, funds::rulebook::CostKind};
use serde_json::{Value, json};

use super::led::another_round;
use crate::harness::{
    app::{Answer, TestApp, Who},
    databases::on_each_database,
};

const COSTED: &str = "costed-round";

/// A full application of Ambridge that asks for £600, in a round that tells staff and travel apart.
fn application(app: &TestApp) -> String {
    let kind = |id: &str, name: &str| CostKind { id: id.into(), name: name.into() };
    another_round(app, COSTED, "COST", |rules| {
        rules.cost_kinds = vec![kind("staff", "Staff"), kind("travel", "Travel")]
    });
    let client = app.client(Who::Officer);
    let start = json!({ "round": COSTED, "lead": app.organisation("AMB"), "title": "Shared repairs" });
    let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
    client
        .patch(&format!("/api/v1/bids/{reference}"), 1, json!({ "phase": "discovery", "ask_pence": 60_000 }))
        .expect(200);
    let id = reference.clone();
    app.block_on(|app| async move {
        let put = app.db.write(move |conn| {
            let stands = (bids::state.eq("full_draft"), bids::kind.eq("waiting"));
            diesel::update(bids::table.filter(bids::reference.eq(&id))).set(stands).execute(conn)?;
            Ok(())
        });
        put.await.unwrap();
    });
    reference
}

fn put(app: &TestApp, reference: &str, costs: Value) -> Answer {
    app.client(Who::Officer).put(&format!("/api/v1/bids/{reference}/costs"), 2, json!({ "costs": costs }))
}

fn line(pence: i64, kind: &str) -> Value {
    json!({ "category": "supplier", "organisation_id": null, "description": "Work", "pence": pence, "kind": kind })
}

on_each_database! {
    fn every_cost_is_of_a_kind_that_the_round_names(app: &TestApp) {
        let reference = application(app);
        let bare = json!({ "category": "supplier", "organisation_id": null, "description": "Work", "pence": 1 });
        let refused = put(app, &reference, json!([bare, line(1, "software"), line(1, "staff")]));
        assert_eq!(refused.problem(), (422, "invalid".into()));
        let pointers: Vec<Value> = refused.json()["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
        assert_eq!(pointers, ["/costs/0/kind", "/costs/1/kind"]);
        put(app, &reference, json!([line(1, "travel")])).expect(200);
        let plain = crate::bids::written(app, "In a round without kinds").1;
        let body = json!({ "costs": [line(1, "staff")] });
        let version = app.client(Who::Officer).get(&format!("/api/v1/bids/{plain}")).expect(200).json()["version"].as_i64().unwrap();
        let refused = app.client(Who::Officer).put(&format!("/api/v1/bids/{plain}/costs"), version, body);
        assert_eq!(refused.problem(), (422, "invalid".into()));
    }

    fn costs_are_totalled_by_the_program_and_what_is_given_in_kind_is_no_part_of_the_ask(app: &TestApp) {
        let reference = application(app);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}/costs")).sees("The limit for discovery is £80,000.");
        officer.select("Who gets the money?", "Ambridge Borough Council (lead)").fill("What for?", "A researcher").fill("How much?", "600");
        officer.press("Save and continue").sees("Line 1: say what kind of cost it is: Staff, Travel.");
        officer.select_in("Line 1", "What kind of cost is it?", "Staff").press("Save and continue");
        officer.open(&format!("/bids/{reference}/costs"));
        officer.select_in("Line 2", "Who gets the money?", "Ambridge Borough Council (lead)").fill_in("Line 2", "What for?", "Rooms");
        officer.fill_in("Line 2", "How much?", "150").select_in("Line 2", "What kind of cost is it?", "Travel");
        officer.choose_in("Line 2", "Given in kind: no money is asked for it").press("Save and continue");
        officer.open(&format!("/bids/{reference}/costs")).sees("The costs come to £600, which is your ask.");
        officer.sees("Organisation Staff Travel Asked for In kind").sees("Ambridge Borough Council £600 £0 £600 £150");
        officer.sees("Total £600 £0 £600 £150");
        officer.open(&format!("/bids/{reference}/check")).sees("Rooms: £150 in kind (lead, travel)").sees("Given in kind, not asked for £150");
        let partners = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        assert_eq!(partners["share_faults"], json!([]));
    }
}
