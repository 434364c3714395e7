//! What several people have to stand behind before it is done with a bid: asked for, approved, refused, void, and never seen
//! by those whom it does not concern.

use diesel::{prelude::*, update};
use roundtable::{
    db::{Conn, schema::workflows},
    ids::{Id, WorkflowKey},
};
use serde_json::{Value, json};

use super::with_borchester;
use crate::{
    awards::{ANNOUNCED, DECIDING, answer, approve, award, decide, outcome, post_seen, release, shortlisted},
    bids::{
        documents::{PDF, one, upload},
        written,
    },
    harness::{
        app::{Answer, TestApp, Who},
        databases::on_each_database,
    },
};

const ASK: i64 = 8_000_000;

/// Lets a transition of the test world's round take these approvals. How a fund manager does so is another matter.
pub fn takes(app: &TestApp, transition: &str, approvals: Value) {
    let transition = transition.to_owned();
    let change = move |conn: &mut Conn| {
        let columns = (workflows::id, workflows::data);
        let (id, data): (Id<WorkflowKey>, String) = workflows::table.select(columns).first(conn)?;
        let mut definition: Value = serde_json::from_str(&data)?;
        let all = definition["transitions"].as_array_mut().unwrap();
        let one = all.iter_mut().find(|one| one["id"] == transition.as_str()).unwrap();
        one["approvals"] = approvals.clone();
        update(workflows::table.find(id)).set(workflows::data.eq(definition.to_string())).execute(conn)?;
        Ok(())
    };
    app.block_on(|app| async move { app.db.write(change).await.unwrap() });
}

fn withdrawal_by_two(app: &TestApp) -> String {
    let roles = ["lead_member", "lead_signatory"];
    takes(app, "withdraw", json!({ "count": 2, "roles": roles, "voided_by": ["answers", "partners"] }));
    written(app, "Shared repairs").1
}

/// The same where documents matter alone.
fn withdrawal_by_documents(app: &TestApp) -> String {
    let roles = ["lead_member", "lead_signatory"];
    takes(app, "withdraw", json!({ "count": 2, "roles": roles, "voided_by": ["documents"] }));
    written(app, "Shared repairs").1
}

fn act(app: &TestApp, who: Who, reference: &str, action: &str) -> Answer {
    app.client(who).post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({}))
}

fn requests(app: &TestApp, who: Who, reference: &str) -> Vec<Value> {
    let list = app.client(who).get(&format!("/api/v1/bids/{reference}/requests")).expect(200).json();
    list.as_array().unwrap().clone()
}

fn refuse(app: &TestApp, who: Who, reference: &str, reason: &str) -> Answer {
    answer(&app.client(who), reference, "refuse", json!({ "reason": reason }))
}

fn state(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json()["state"].clone()
}

fn told(app: &TestApp, template: &str) -> Vec<String> {
    let letters = app.letters().into_iter().filter(|letter| letter.template == template);
    letters.map(|letter| letter.recipient).collect()
}

/// A bid in reserve after the announcement, which the manager wants to fund.
fn asked_to_fund(app: &TestApp) -> String {
    let bid = in_reserve(app);
    let fund =
        json!({ "transition": "fund_reserve", "amount_pence": ASK, "place": 1, "feedback": "Money became free." });
    decide(&app.client(Who::Manager), &bid, "reserve", fund).expect(202);
    bid
}

fn in_reserve(app: &TestApp) -> String {
    let (funded, bid) = (shortlisted(app, "Other", ASK), shortlisted(app, "Shared repairs", ASK));
    app.at(DECIDING);
    let manager = app.client(Who::Manager);
    decide(&manager, &funded, "award", award(ASK, 1)).expect(201);
    decide(&manager, &bid, "award", outcome("reserve_bid")).expect(201);
    release(app, "announcement").expect(200);
    app.at(ANNOUNCED);
    bid
}

on_each_database! {
    fn two_people_of_a_council_withdraw_its_bid_together(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        let plan = app.client(Who::Officer).get(&format!("/api/v1/bids/{bid}/actions")).expect(200).json();
        let choice = plan["choices"].as_array().unwrap().iter().find(|choice| choice["transition"] == "withdraw").unwrap();
        assert_eq!((&choice["allowed"], &choice["asks"]), (&json!(false), &json!(true)));
        assert_eq!(choice["reasons"], json!(["2 different people must approve it (people of the lead authority), nobody has so far"]));
        let waiting = act(app, Who::Officer, &bid, "withdraw").expect(202).json();
        assert_eq!((waiting["needed"].as_u64(), waiting["given"].as_array().unwrap().len()), (Some(2), 1));
        let mut asked = told(app, "approval-wanted");
        asked.sort();
        assert_eq!(asked, [Who::ConflictedAssessor.email(), Who::Signatory.email()], "everybody else of the two roles");
        assert_eq!(state(app, &bid), "eoi_draft");
        assert_eq!(act(app, Who::Officer, &bid, "withdraw").problem(), (409, "requested_already".into()));
        assert_eq!(approve(&app.client(Who::Officer), &bid).problem(), (409, "approved_already".into()));
        assert_eq!(approve(&app.client(Who::Administrator), &bid).problem(), (403, "not_allowed".into()));
        let taken = approve(&app.client(Who::Signatory), &bid).expect(200).json();
        assert_eq!(taken["state"], "withdrawn");
        assert_eq!(told(app, "approval-given"), [Who::Officer.email()]);
        let history = app.client(Who::Officer).get(&format!("/bids/{bid}/history")).expect(200).text();
        assert!(history.contains("Approval asked for: Withdraw this bid"), "{history}");
        assert!(requests(app, Who::Officer, &bid).is_empty());
    }

    fn a_change_of_what_matters_makes_approvals_void_and_of_nothing_else(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        let officer = app.client(Who::Officer);
        let version = officer.get(&format!("/api/v1/bids/{bid}")).expect(200).json()["version"].as_i64().unwrap();
        officer.patch(&format!("/api/v1/bids/{bid}"), version, json!({ "ask_pence": 5_000_000 })).expect(200);
        assert_eq!(requests(app, Who::Officer, &bid)[0]["support"]["given"][0]["counts"], true, "costs do not matter here");
        let other = json!({ "value": "Other words.", "complete": true });
        officer.put(&format!("/api/v1/bids/{bid}/answers/problem"), 1, other).expect(200);
        assert_eq!(requests(app, Who::Officer, &bid)[0]["support"]["given"][0]["counts"], false);
        app.work();
        assert_eq!(told(app, "approval-void"), [Who::Officer.email()], "the giver is asked again");
        let mut signatory = app.browser(Who::Signatory);
        signatory.open(&format!("/bids/{bid}")).sees("Officer Person").sees("This no longer counts");
        let asked = requests(app, Who::Signatory, &bid)[0]["support"]["wanted"].to_string();
        assert!(asked.contains("Officer Person"), "{asked}");
        let history = officer.get(&format!("/bids/{bid}/history")).expect(200).text();
        assert!(history.contains("No longer approved, because it changed: Withdraw this bid"), "{history}");
        approve(&app.client(Who::Signatory), &bid).expect(202);
        assert_eq!(state(app, &bid), "eoi_draft");
        approve(&officer, &bid).expect(200);
        assert_eq!(state(app, &bid), "withdrawn");
    }

    fn another_part_of_a_partner_makes_approvals_void_where_partners_matter(app: &TestApp) {
        let changes = [
            json!({ "role": "Design" }),
            json!({ "kind": "delivery_partner" }),
            json!({ "part": { "to_on": "2028-03-31" } }),
            json!({ "part": { "in_kind": "Rooms" } }),
            json!({ "sponsor": "Director of Housing" }),
        ];
        let bid = withdrawal_by_two(app);
        let officer = app.client(Who::Officer);
        let list = format!("/api/v1/bids/{bid}/partners");
        let partner = officer.post(&list, json!({ "organisation": "BOR" })).expect(201).json();
        let at = format!("{list}/{}", partner["id"].as_str().unwrap());
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        let counts = || requests(app, Who::Officer, &bid)[0]["support"]["given"][0]["counts"].clone();
        for change in changes {
            assert_eq!(counts(), true, "{change}");
            let version = officer.get(&at).expect(200).json()["version"].as_i64().unwrap();
            officer.patch(&at, version, change.clone()).expect(200);
            assert_eq!(counts(), false, "{change}");
            app.work();
            approve(&officer, &bid).expect(202);
        }
        let version = officer.get(&at).expect(200).json()["version"].as_i64().unwrap();
        officer.patch(&at, version, json!({ "people": { "contact_name": "Kim" } })).expect(200);
        assert_eq!(counts(), true, "whom to ask there matters to nobody who agreed");
    }

    fn a_document_that_comes_or_goes_makes_approvals_void_where_documents_matter(app: &TestApp) {
        let bid = withdrawal_by_documents(app);
        let officer = app.client(Who::Officer);
        let counts = || requests(app, Who::Officer, &bid)[0]["support"]["given"][0]["counts"].clone();
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        let other = json!({ "value": "Other words.", "complete": true });
        officer.put(&format!("/api/v1/bids/{bid}/answers/problem"), 1, other).expect(200);
        app.work();
        assert_eq!((counts(), told(app, "approval-void").len()), (json!(true), 0), "answers do not matter here");
        let added = upload(&officer, &bid, "plan.pdf", PDF).expect(201).json();
        assert_eq!(counts(), false);
        app.work();
        assert_eq!(told(app, "approval-void"), [Who::Officer.email()], "the giver is asked again");
        approve(&officer, &bid).expect(202);
        assert_eq!(counts(), true);
        upload(&officer, &bid, "plan.pdf", PDF).expect(201);
        assert_eq!(counts(), true, "the same document once more changes nothing");
        officer.delete(&one(&bid, &added)).expect(204);
        assert_eq!(counts(), false, "one that goes is a change too");
    }

    fn a_document_leaves_approvals_standing_where_documents_do_not_matter(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        upload(&app.client(Who::Officer), &bid, "plan.pdf", PDF).expect(201);
        app.work();
        assert_eq!(requests(app, Who::Officer, &bid)[0]["support"]["given"][0]["counts"], true);
        assert!(told(app, "approval-void").is_empty());
        let taken = approve(&app.client(Who::Signatory), &bid).expect(200).json();
        assert_eq!(taken["state"], "withdrawn");
    }

    fn nobody_approves_or_refuses_a_bid_as_it_was_before(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        let mut signatory = app.browser(Who::Signatory);
        signatory.open(&format!("/bids/{bid}"));
        let read = requests(app, Who::Signatory, &bid)[0].clone();
        let path = format!("/api/v1/bids/{bid}/requests/{}", read["id"].as_str().unwrap());
        let other = json!({ "value": "Other words.", "complete": true });
        app.client(Who::Officer).put(&format!("/api/v1/bids/{bid}/answers/problem"), 1, other).expect(200);
        let client = app.client(Who::Signatory);
        for (what, body) in [("approve", json!({})), ("refuse", json!({ "reason": "No." }))] {
            let path = format!("{path}/{what}");
            assert_eq!(client.post(&path, body.clone()).problem(), (428, "version_needed".into()));
            assert_eq!(post_seen(&client, &path, &read["support"]["tag"], body).problem(), (412, "changed_since".into()));
        }
        signatory.press("Approve").sees("The bid has changed since you opened this page").press("Approve");
        assert_eq!(requests(app, Who::Officer, &bid)[0]["support"]["given"].as_array().unwrap().len(), 2);
    }

    fn a_partner_that_joins_makes_void_what_was_approved_without_it(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        with_borchester(app, &bid, false);
        app.work();
        assert_eq!(told(app, "approval-void"), [Who::Officer.email()]);
    }

    fn a_refusal_ends_the_request_and_whoever_asked_reads_why(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        assert_eq!(refuse(app, Who::Signatory, &bid, "").expect(422).json()["errors"][0]["pointer"], "/reason");
        assert_eq!(refuse(app, Who::Officer, &bid, "No.").problem(), (409, "own_request".into()));
        refuse(app, Who::Signatory, &bid, "We still want it.").expect(204);
        let letter = app.letters().into_iter().find(|letter| letter.template == "approval-refused").unwrap();
        assert_eq!(letter.recipient, Who::Officer.email());
        assert!(letter.text.contains("We still want it.") && letter.text.contains(&format!("/bids/{bid}")), "{}", letter.text);
        assert!(requests(app, Who::Officer, &bid).is_empty());
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        let id = requests(app, Who::Officer, &bid)[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/bids/{bid}/requests/{id}");
        assert_eq!(app.client(Who::Signatory).delete(&path).problem(), (403, "not_allowed".into()));
        app.client(Who::Officer).delete(&path).expect(204);
        let history = app.client(Who::Officer).get(&format!("/bids/{bid}/history")).expect(200).text();
        assert!(history.contains("Approval no longer asked for: Withdraw this bid"), "{history}");
        assert!(requests(app, Who::Signatory, &bid).is_empty());
    }

    fn a_bid_that_goes_on_leaves_behind_what_was_asked(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        act(app, Who::Officer, &bid, "withdraw").expect(202);
        act(app, Who::Signatory, &bid, "submit_eoi").expect(200);
        assert!(requests(app, Who::Officer, &bid).is_empty());
        assert_eq!(told(app, "approval-overtaken"), [Who::Officer.email()]);
        let history = app.client(Who::Officer).get(&format!("/bids/{bid}/history")).expect(200).text();
        assert!(history.contains("Approval no longer needed: Withdraw this bid"), "{history}");
    }

    fn nobody_whom_it_does_not_concern_learns_of_a_decision_that_waits(app: &TestApp) {
        let bid = in_reserve(app);
        let readers = [Who::Officer, Who::Signatory, Who::Observer].map(|who| app.client(who));
        let paths = ["", "/actions", "/requests", "/history", "/decisions/reserve"].map(|what| format!("/api/v1/bids/{bid}{what}"));
        let look = || -> Vec<(u16, String)> {
            let asked = readers.iter().flat_map(|reader| paths.iter().map(|path| reader.get(path)));
            asked.map(|answer| (answer.status, answer.text())).collect()
        };
        let before = look();
        let fund = json!({ "transition": "fund_reserve", "amount_pence": ASK, "place": 1, "feedback": "Money became free." });
        decide(&app.client(Who::Manager), &bid, "reserve", fund).expect(202);
        assert_eq!(look(), before);
        let id = requests(app, Who::Manager, &bid)[0]["id"].as_str().unwrap().to_owned();
        app.client(Who::Officer).post(&format!("/api/v1/bids/{bid}/requests/{id}/approve"), json!({})).expect(404);
    }

    fn whoever_asked_must_still_be_allowed_to_do_it(app: &TestApp) {
        let bid = asked_to_fund(app);
        let manager = app.person(Who::Manager);
        let colleague = app.client_of(app.colleague());
        colleague.delete(&format!("/api/v1/funds/test-fund/roles/{manager}/fund_manager")).expect(204);
        let another = json!({ "email": "third@test.example", "name": "Third Person", "role": "fund_manager" });
        colleague.post("/api/v1/funds/test-fund/roles", another).expect(201);
        approve(&colleague, &bid).expect(202);
        let third = app.client_of(app.person_at("third@test.example"));
        assert_eq!(approve(&third, &bid).problem(), (409, "asker_may_not".into()));
        assert_eq!(state(app, &bid), "reserve");
    }

    fn whoever_works_for_a_council_of_the_bid_is_not_asked_for_the_fund(app: &TestApp) {
        let bid = in_reserve(app);
        let colleague = app.client_of(app.colleague());
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        let colleagues = json!({ "email": "colleague@test.example", "name": "x", "role": "member" });
        app.client(Who::Administrator).post(&members, colleagues).expect(201);
        let fund = json!({ "transition": "fund_reserve", "amount_pence": ASK, "place": 1, "feedback": "Money became free." });
        let waiting = decide(&app.client(Who::Manager), &bid, "reserve", fund).expect(202).json();
        assert!(waiting["wanted"].as_array().unwrap().is_empty(), "{waiting}");
        let seen = colleague.get(&format!("/api/v1/bids/{bid}/requests")).expect(200).json();
        assert_eq!(seen, json!([]), "who works for the council sees the bid, and nothing that its fund's people ask");
    }

    fn a_council_approves_on_the_bids_page_without_javascript(app: &TestApp) {
        let bid = withdrawal_by_two(app);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{bid}")).follow("Withdraw this bid").sees("Others have to approve it before it is done");
        officer.press("Withdraw this bid").sees("This waits for approval").press("Take it back").sees("It is taken back");
        officer.follow("Withdraw this bid").press("Withdraw this bid");
        let mut signatory = app.browser(Who::Signatory);
        signatory.open(&format!("/bids/{bid}")).sees("Waiting for approval: Withdraw this bid").sees("Officer Person asks for it");
        signatory.press("Approve").sees("Withdrawn");
    }
}
