//! Conflicts of interest: a wall in the assessing capacity, everywhere and at once.

use diesel::prelude::*;
use roundtable::{
    actor::Actor,
    db::{
        Conn,
        schema::{assignments, bids},
    },
    error::Result,
    events::Chain,
    funds::{self, service::NewFund},
    http::Call,
    identity::model::FundRole,
};
use serde_json::{Value, json};

use super::{assess, find_eligible, full_application, give, given_bid, round_id, save, score};
use crate::{
    account::happened,
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

/// Every way in which an assessor reaches a bid.
fn routes(reference: &str) -> [String; 5] {
    [
        format!("/api/v1/bids/{reference}"),
        format!("/api/v1/bids/{reference}/scores/mine"),
        format!("/api/v1/bids/{reference}/scores"),
        format!("/bids/{reference}/score"),
        format!("/bids/{reference}/score/fit"),
    ]
}

fn declare(app: &TestApp, who: Who, body: Value) -> crate::harness::app::Answer {
    app.client(who).post("/api/v1/conflicts", body)
}

/// Another fund, for which each of these people works in a role.
fn other_fund(app: &TestApp, staff: &[(Who, FundRole)]) {
    let staff: Vec<_> = staff.iter().map(|(who, role)| (app.person(*who), role.word().to_owned())).collect();
    app.block_on(|app| async move {
        let call = Call::by(Actor::System, app.clock.now());
        let fund = NewFund {
            slug: "other-fund".into(),
            name: "Other Fund".into(),
            summary: "Money for something else.".into(),
            funder: "Department of Tests".into(),
            funder_org_id: None,
        };
        funds::service::create_fund(&app, &call, fund).await.unwrap();
        for (person, role) in staff {
            funds::service::grant_role(&app, &call, "other-fund".into(), person, role).await.unwrap();
        }
    });
}

/// A manager says that the assessor has a conflict; gives its id.
fn pinned(app: &TestApp, mut with: Value) -> String {
    with["person"] = json!(app.person(Who::Assessor));
    with["reason"] = json!("They share a house");
    declare(app, Who::Manager, with).expect(200).json()["id"].as_str().unwrap().to_owned()
}

fn lift(app: &TestApp, who: Who, id: &str) -> crate::harness::app::Answer {
    app.client(who).post(&format!("/api/v1/conflicts/{id}/lift"), json!({ "reason": "They moved" }))
}

/// The conflicts of the round that stand, as somebody reads them: each with its id and whether they can lift it.
fn standing(app: &TestApp, who: Who) -> Vec<(String, bool)> {
    let found = app.client(who).get(&format!("/api/v1/rounds/{ROUND}/conflicts")).expect(200).json();
    let line = |line: &Value| (line["id"].as_str().unwrap().to_owned(), line["can_lift"].as_bool().unwrap());
    found["standing"].as_array().unwrap().iter().map(line).collect()
}

fn is_given_anything(app: &TestApp, who: Who) -> bool {
    let person = app.person(who);
    let given = move |conn: &mut Conn| -> Result<i64> {
        let given = assignments::table.filter(assignments::person_id.eq(person));
        Ok(given.filter(assignments::ended_at.is_null()).count().get_result(conn)?)
    };
    app.block_on(|app| async move { app.db.read(given).await }).unwrap() > 0
}

on_each_database! {
    fn a_bid_is_never_given_to_somebody_who_works_for_one_of_its_councils(app: &TestApp) {
        let reference = full_application(app, "Shared repairs");
        find_eligible(app, &reference);
        let refused = give(app, &reference, Who::ConflictedAssessor);
        assert_eq!(refused.problem(), (409, "conflict_of_interest".into()));
        assert_eq!(refused.json()["detail"], "This assessor cannot be given this bid.");
        let not_one = give(app, &reference, Who::Stranger);
        assert_eq!(not_one.json()["errors"][0]["code"], "not_an_assessor");
        let own = app.client(Who::ConflictedAssessor).get(&format!("/api/v1/bids/{reference}/scores/mine"));
        assert_eq!(own.status, 404, "the council's own person sees the bid, and no sign of its assessment");
    }

    fn whoever_declares_a_conflict_loses_the_bid_at_once_and_cannot_be_given_it_again(app: &TestApp) {
        let reference = given_bid(app);
        save(app, Who::Assessor, &reference, 1, &[score("fit", 2)]).expect(200);
        for path in routes(&reference) {
            assert_ne!(app.client(Who::Assessor).get(&path).status, 404, "{path}");
        }
        let declared = declare(app, Who::Assessor, json!({ "bid": reference, "reason": "My sister wrote it" }));
        let id = declared.expect(200).json()["id"].as_str().unwrap().to_owned();
        for path in routes(&reference) {
            assert_eq!(app.client(Who::Assessor).get(&path).status, 404, "{path}");
        }
        assert_eq!(save(app, Who::Assessor, &reference, 2, &[score("fit", 3)]).status, 404);
        assert_eq!(app.client(Who::Assessor).get("/api/v1/assessments").expect(200).json(), json!([]));
        assert_eq!(give(app, &reference, Who::Assessor).problem(), (409, "conflict_of_interest".into()));
        app.client(Who::Assessor).post(&format!("/api/v1/conflicts/{id}/lift"), json!({})).expect(200);
        give(app, &reference, Who::Assessor).expect(200);
        let mine = app.client(Who::Assessor).get(&format!("/api/v1/bids/{reference}/scores/mine")).expect(200).json();
        assert_eq!(mine["scores"][0]["value"], 2, "what was written is still there");
    }

    fn a_conflict_with_a_council_hides_every_bid_that_it_leads(app: &TestApp) {
        let reference = given_bid(app);
        declare(app, Who::Assessor, json!({ "organisation": "AMB", "reason": "I advise it" })).expect(200);
        assert_eq!(app.client(Who::Assessor).get(&format!("/api/v1/bids/{reference}")).status, 404);
        assert_eq!(app.client(Who::Assessor).get("/api/v1/conflicts").expect(200).json().as_array().unwrap().len(), 1);
    }

    fn an_assessor_who_comes_to_a_bids_council_stands_out_on_the_panel_until_somebody_else_has_the_bid(app: &TestApp) {
        let reference = given_bid(app);
        assess(app, Who::Assessor, &reference, (3, 2));
        let path = format!("/api/v1/rounds/{ROUND}/assessors");
        let reader = || app.client(Who::Manager).get(&path).expect(200).json()["bids"][0]["readers"][0].clone();
        assert_eq!(reader()["conflicted"], false);
        let one = format!("/api/v1/bids/{reference}/assessors/{}", app.person(Who::Assessor));
        assert_eq!(app.client(Who::Manager).delete(&one).problem(), (409, "assessment_submitted".into()));

        let member = json!({ "email": Who::Assessor.email(), "name": "Assessor Person", "role": "member" });
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        app.client(Who::Administrator).post(&members, member).expect(201);
        assert_eq!((&reader()["conflicted"], reader()["name"].as_str()), (&json!(true), Some("Assessor Person")));
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/assessors")).sees("Assessor Person (submitted) Conflict of interest");
        manager.sees("Needs 2 more").follow(&format!("Choose readers for {reference}"));
        manager.sees("Has a conflict of interest with this bid: take it away and choose somebody else");
        manager.untick("Assessor Person").choose("SecondAssessor Person").press("Save").sees("Needs 1 more");
        assert!(!manager.has("Conflict of interest"));
        assert_eq!(reader()["name"], "SecondAssessor Person");
    }

    fn what_a_manager_has_pinned_only_a_manager_or_moderator_lifts(app: &TestApp) {
        let reference = given_bid(app);
        let body = json!({ "bid": reference, "person": app.person(Who::Assessor), "reason": "They share a house" });
        assert_eq!(declare(app, Who::SecondAssessor, body.clone()).status, 404);
        let pinned = declare(app, Who::Manager, body).expect(200).json();
        assert_eq!(pinned["origin"], "pinned");
        let why = json!({ "reason": "They moved" });
        let lift = |who| app.client(who).post(&format!("/api/v1/conflicts/{}/lift", pinned["id"].as_str().unwrap()), why.clone());
        assert_eq!(lift(Who::Assessor).status, 404, "of what others have said of them they hear nothing");
        assert_eq!(lift(Who::SecondAssessor).status, 404);
        lift(Who::Moderator).expect(200);
        assert_eq!(lift(Who::Moderator).problem(), (409, "lifted_already".into()));
    }

    fn whoever_leads_the_panel_of_another_fund_reads_and_lifts_nothing_of_this_one(app: &TestApp) {
        let reference = given_bid(app);
        let (moderator, assessor) = (FundRole::Moderator, FundRole::Assessor);
        other_fund(app, &[(Who::Nobody, moderator), (Who::Moderator, moderator), (Who::Assessor, assessor)]);
        let (bid, organisation) = (pinned(app, json!({ "bid": reference })), pinned(app, json!({ "organisation": "AMB" })));
        for id in [&bid, &organisation] {
            assert_eq!(lift(app, Who::Nobody, id).status, 404);
            assert_eq!(app.client(Who::Nobody).get(&format!("/conflicts/{id}")).status, 404);
        }
        assert_eq!(lift(app, Who::Manager, &organisation).status, 404, "it stands in the other fund as well");
        let mut lines = standing(app, Who::Manager);
        lines.sort_by_key(|(_, can_lift)| *can_lift);
        assert_eq!(lines, [(organisation.clone(), false), (bid.clone(), true)]);
        lift(app, Who::Manager, &bid).expect(200);
        assert_eq!(standing(app, Who::Moderator), [(organisation.clone(), true)]);
        lift(app, Who::Moderator, &organisation).expect(200);
    }

    fn whoever_has_a_conflict_with_an_organisation_hears_of_nobody_elses_with_it(app: &TestApp) {
        let theirs = pinned(app, json!({ "organisation": "AMB" }));
        let own = declare(app, Who::Moderator, json!({ "organisation": "AMB", "reason": "I advise it" })).expect(200).json();
        let own = own["id"].as_str().unwrap().to_owned();
        assert_eq!(standing(app, Who::Moderator), [(own.clone(), true)]);
        assert_eq!(lift(app, Who::Moderator, &theirs).status, 404);
        assert_eq!(standing(app, Who::Manager).len(), 2);
        lift(app, Who::Moderator, &own).expect(200);
        lift(app, Who::Moderator, &theirs).expect(200);
    }

    fn a_new_conflict_takes_back_no_bid_that_is_decided(app: &TestApp) {
        let reference = given_bid(app);
        assess(app, Who::Assessor, &reference, (3, 2));
        let decided = move |conn: &mut Conn| -> Result<()> {
            diesel::update(bids::table.filter(bids::reference.eq(&reference))).set(bids::kind.eq("decided")).execute(conn)?;
            Ok(())
        };
        app.block_on(|app| async move { app.db.write(decided).await }).unwrap();
        declare(app, Who::Assessor, json!({ "organisation": "AMB", "reason": "I advise it" })).expect(200);
        assert!(is_given_anything(app, Who::Assessor), "what the award rests on stays as it was");
        let told = happened(app, Chain::Round(round_id(app)));
        assert!(told.iter().all(|(kind, _)| kind != "assessor.unassigned"), "{told:?}");
    }

    fn a_manager_with_a_conflict_sees_no_trace_of_the_bid_in_the_ranking(app: &TestApp) {
        let reference = given_bid(app);
        let body = json!({ "organisation": "AMB", "reason": "I used to work there" });
        declare(app, Who::Manager, body).expect(200);
        let manager = app.client(Who::Manager);
        assert_eq!(manager.get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json(), json!([]));
        let panel = manager.get(&format!("/api/v1/rounds/{ROUND}/assessors")).expect(200).json();
        assert_eq!(panel["bids"], json!([]));
        assert!(panel["assessors"].as_array().unwrap().iter().all(|person| person["given"] == 0));
        assert_eq!(manager.get(&format!("/api/v1/bids/{reference}/scores")).status, 404);
        assert_eq!(manager.get(&format!("/api/v1/rounds/{ROUND}/scores.csv")).expect(200).text().lines().count(), 1);
    }

    fn wrong_declarations_are_refused(app: &TestApp) {
        let reference = given_bid(app);
        let cases = [
            (json!({ "reason": "Close" }), "/bid", "one_of_two"),
            (json!({ "bid": reference, "organisation": "AMB", "reason": "Close" }), "/bid", "one_of_two"),
            (json!({ "bid": reference, "reason": " " }), "/reason", "missing"),
            (json!({ "bid": reference, "reason": "word ".repeat(201) }), "/reason", "too_long"),
            (json!({ "bid": reference, "reason": "Close", "why": 1 }), "/why", "wrong_json"),
        ];
        for (body, pointer, code) in cases {
            let answer = declare(app, Who::Assessor, body);
            let error = &answer.json()["errors"][0];
            assert_eq!(answer.status, 422);
            assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)));
        }
        let close = |bid: &str| json!({ "bid": bid, "reason": "Close" });
        assert_eq!(declare(app, Who::Assessor, close("TEST-9999")).status, 404);
        assert_eq!(declare(app, Who::Stranger, close(&reference)).status, 404);
        assert_eq!(app.public().post("/api/v1/conflicts", close(&reference)).status, 401);
    }

    fn several_bids_are_given_at_once_and_each_wish_gets_its_answer(app: &TestApp) {
        let reference = full_application(app, "Shared repairs");
        find_eligible(app, &reference);
        let wish = |who| json!({ "bid": reference, "person": app.person(who) });
        let unknown = json!({ "bid": "TEST-9999", "person": app.person(Who::Assessor) });
        let wishes = [wish(Who::Assessor), wish(Who::ConflictedAssessor), wish(Who::Nobody), unknown];
        let path = format!("/api/v1/rounds/{ROUND}/assessors");
        let answers = app.client(Who::Moderator).post(&path, json!({ "assignments": wishes })).expect(200).json();
        let codes: Vec<&Value> = answers.as_array().unwrap().iter().map(|answer| &answer["code"]).collect();
        assert_eq!(codes, [&Value::Null, &json!("conflict_of_interest"), &json!("not_an_assessor"), &json!("not_found")]);
        let person = app.person(Who::Assessor);
        let one = format!("/api/v1/bids/{reference}/assessors/{person}");
        app.client(Who::Manager).delete(&one).expect(204);
        assert_eq!(app.client(Who::Manager).delete(&one).status, 404);
        assert_eq!(app.client(Who::Assessor).post(&path, json!({ "assignments": [] })).status, 403);
    }
}
