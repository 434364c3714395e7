//! Projects: what was promised beside what was delivered.

use roundtable::{
    actor::Actor,
    bids::{
        model::Promise,
        store::{id_of, put_promises},
    },
    http::Call,
    identity::policy::{self, Action},
    money::Pence,
    projects::service::create_from,
};
use serde_json::{Value, json};

use crate::{
    awards::shortlisted,
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
};

/// The project of a bid that promised to bring calls down from 100 to 60 a week.
fn project(app: &TestApp) -> String {
    let reference = shortlisted(app, "Shared repairs", 8_000_000);
    let bid = reference.clone();
    let call = Call::by(Actor::System, app.clock.now());
    app.block_on(|app| async move {
        let make = call.write(&app, move |conn, scene| {
            let id = id_of(conn, &bid)?;
            let granted = policy::bid(conn, &scene.actor, Action::DecideBid, id)?;
            let promise = Promise {
                measure: "Calls about repairs".into(),
                unit: "per week".into(),
                baseline: Some(100.0),
                target: 60.0,
                due_on: chrono::NaiveDate::from_ymd_opt(2027, 3, 29),
            };
            put_promises(conn, &granted, &[(scene.fresh(), promise)])?;
            create_from(conn, scene, &granted, Pence(8_000_000))?;
            create_from(conn, scene, &granted, Pence(8_000_000)).map(drop)
        });
        make.await.unwrap();
    });
    super::awards::bring_to(app, &reference, ("in_delivery", policy::BidKind::Delivery), 8_000_000);
    reference
}

fn outcome(project: &Value) -> String {
    project["outcomes"][0]["id"].as_str().unwrap().to_owned()
}

on_each_database! {
    fn the_lead_reports_and_everybody_reads_promise_and_delivery_side_by_side(app: &TestApp) {
        let reference = project(app);
        let path = format!("/api/v1/projects/{reference}");
        let promised = app.public().get(&path).expect(200).json();
        assert_eq!(promised["outcomes"][0]["standing"], "awaited");
        let report = format!("{path}/outcomes/{}/deliveries", outcome(&promised));
        let body = |value: f64| json!({ "value": value, "note": "Counted in the telephone system." });
        let officer = app.client(Who::Officer);
        officer.post(&report, body(75.5)).expect(201);
        let met = officer.post(&report, body(58.0)).expect(201).json();
        assert_eq!(met["outcomes"][0]["standing"], "met");
        let read = app.public().get(&path).expect(200).json();
        let values: Vec<_> = read["outcomes"][0]["deliveries"].as_array().unwrap().iter().map(|it| &it["value"]).collect();
        assert_eq!(values, [&json!(75.5), &json!(58.0)], "reports are only added to");
        assert_eq!(app.public().get("/api/v1/projects").expect(200).json()["items"].as_array().unwrap().len(), 1);
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/projects/{reference}")).sees("Calls about repairs").sees("Met");
        browser.choose("Calls about repairs").fill("The figure reached", "many").press("Publish the report");
        browser.sees("Give the figure reached as a number");
    }

    fn others_do_not_report_and_wrong_reports_name_their_field(app: &TestApp) {
        let reference = project(app);
        let promised = app.public().get(&format!("/api/v1/projects/{reference}")).expect(200).json();
        let report = format!("/api/v1/projects/{reference}/outcomes/{}/deliveries", outcome(&promised));
        let body = json!({ "value": 1.0, "note": "Counted." });
        for (who, status) in [(Who::Stranger, 404), (Who::Manager, 403), (Who::Nobody, 404)] {
            assert_eq!(app.client(who).post(&report, body.clone()).status, status, "{who:?}");
        }
        assert_eq!(app.public().post(&report, body.clone()).status, 401);
        let officer = app.client(Who::Officer);
        let wrong = officer.post(&report, json!({ "value": 1e300, "note": " " })).expect(422).json();
        let pointers: Vec<_> = wrong["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
        assert_eq!(pointers, ["/value", "/note"]);
        let elsewhere = format!("/api/v1/projects/{reference}/outcomes/{}/deliveries", uuid::Uuid::nil());
        assert_eq!(officer.post(&elsewhere, body).status, 404);
    }
}
