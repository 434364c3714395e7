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
        let both = json!({ "category": "lead", "description": "Work", "pence": 1, "kind": "staff", "in_kind": true, "own_money": true });
        let refused = put(app, &reference, json!([both])).expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], "/costs/0/own_money", "{refused}");
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
        officer.sees("Organisation Staff Travel Asked for Own money In kind").sees("Ambridge Borough Council £600 £0 £600 £0 £150");
        officer.sees("Total £600 £0 £600 £0 £150");
        officer.open(&format!("/bids/{reference}/check")).sees("Rooms: £150 in kind (Ambridge Borough Council, travel)");
        officer.sees("£600 (staff £600); gives £150 in kind").sees("Given in kind, not asked for £150");
        officer.open(&format!("/bids/{reference}/costs"));
        officer.select_in("Line 3", "Who gets the money?", "Ambridge Borough Council (lead)").fill_in("Line 3", "What for?", "A manager");
        officer.fill_in("Line 3", "How much?", "250").select_in("Line 3", "What kind of cost is it?", "Staff");
        officer.choose_in("Line 3", "Paid from its own money: it comes beside what is asked for");
        officer.press("Save and continue");
        officer.open(&format!("/bids/{reference}/costs")).sees("The costs come to £600, which is your ask.");
        officer.sees("Ambridge Borough Council £600 £0 £600 £250 £150").sees("Total £600 £0 £600 £250 £150");
        officer.open(&format!("/bids/{reference}/check")).sees("A manager: £250 of own money (Ambridge Borough Council, staff)");
        officer.sees("Own money, beside the ask £250");
        let partners = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        assert_eq!(partners["share_faults"], json!([]));
    }

    fn everybody_who_reads_a_bid_reads_who_gets_what_with_every_total(app: &TestApp) {
        let reference = application(app);
        let (ours, theirs) = (app.organisation("AMB"), app.organisation("BOR"));
        let offered = json!({ "organisation": "BOR", "share_pence": 20_000, "part": { "cash_pence": 5_000, "in_kind_pence": 7_000, "in_kind": "Rooms" } });
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/partners"), offered).expect(201);
        let costs = |category: &str, whose: Value, pence: i64, kind: &str, in_kind: bool| {
            json!({ "category": category, "organisation_id": whose, "description": "Work", "pence": pence, "kind": kind, "in_kind": in_kind })
        };
        let body = json!([
            costs("lead", Value::Null, 30_000, "staff", false), costs("partner", json!(theirs), 20_000, "travel", false),
            costs("supplier", json!(ours), 10_000, "staff", false), costs("partner", json!(theirs), 1_000, "staff", true),
        ]);
        let version = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["version"].as_i64().unwrap();
        let path = format!("/api/v1/bids/{reference}/costs");
        app.client(Who::Officer).put(&path, version, json!({ "costs": body })).expect(200);
        let answer = app.client(Who::Officer).get(&path).expect(200);
        assert!(answer.header("etag").is_some());
        let read = answer.json();
        assert_eq!(read["costs"][0]["organisation_id"], json!(ours), "a line of the lead names it");
        let row = |who: &str, cells: [i64; 2], asked: i64, own: i64, in_kind: i64| {
            json!({ "who": who, "cells": cells, "asked": asked, "own_money": own, "in_kind": in_kind })
        };
        let rows = json!([
            row("Ambridge Borough Council", [30_000, 0], 30_000, 0, 0),
            row("Borchester City Council", [0, 20_000], 20_000, 5_000, 8_000),
            row("Suppliers", [10_000, 0], 10_000, 0, 0),
        ]);
        assert_eq!(read["table"], json!({ "kinds": ["Staff", "Travel"], "rows": rows, "total": row("Total", [40_000, 20_000], 60_000, 5_000, 8_000) }));
        for (who, status) in [(Who::Partner, 200), (Who::Stranger, 404), (Who::Manager, 404)] {
            assert_eq!(app.client(who).get(&path).status, status, "{who:?}");
        }
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}/costs")).press("Save and continue");
        assert_eq!(app.client(Who::Officer).get(&path).expect(200).json(), read, "the form loses nothing of it");
        officer.open(&format!("/bids/{reference}/check")).sees("Work: £100 (a supplier of Ambridge Borough Council, staff)");
        officer.sees("£200 (travel £200); puts in £50 of its own money and gives £80 in kind");
        officer.sees("Given in kind, not asked for £80").sees("Own money, beside the ask £50");
    }

    fn the_history_says_who_wrote_the_costs_once_for_all_that_one_writes_in_a_row(app: &TestApp) {
        let reference = application(app);
        put(app, &reference, json!([line(1, "travel")])).expect(200);
        let path = format!("/api/v1/bids/{reference}");
        let officer = app.client(Who::Officer);
        officer.put(&format!("{path}/costs"), 3, json!({ "costs": [line(2, "travel")] })).expect(200);
        officer.put(&format!("{path}/promises"), 4, json!({ "promises": [] })).expect(200);
        officer.put(&format!("{path}/costs"), 5, json!({ "costs": [] })).expect(200);
        let nobody = json!({ "category": "partner", "organisation_id": null, "description": "Work", "pence": 1, "kind": "staff" });
        let refused = officer.put(&format!("{path}/costs"), 6, json!({ "costs": [nobody] }));
        assert_eq!(refused.json()["errors"][0]["pointer"], "/costs/0/organisation_id");
        let events = officer.get(&format!("{path}/history")).expect(200).json();
        let kinds = events.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap());
        let written: Vec<&str> = kinds.filter(|kind| kind.ends_with("_written")).collect();
        assert_eq!(written, ["bid.heading_written", "bid.costs_written", "bid.promises_written", "bid.costs_written"]);
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("Costs written").sees("Promised outcomes written");
    }
}
