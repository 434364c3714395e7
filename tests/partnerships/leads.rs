//! Another council leads a bid: both leads agree to the same terms, and the fund too once the bid is submitted.

use std::thread;

use diesel::prelude::*;
use roundtable::db::schema::{bids, organisations};
use serde_json::{Value, json};

use super::{
    bid, council,
    councils_sign::{ask_every_council, sign},
    events, full_application, invite_borchester,
    parts::invite_with_everything,
    rules,
};
use crate::{
    bids::{journey::written, led},
    harness::{
        app::{Answer, START, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::with_borchester,
};

/// Proposes that Borchester leads a bid of Ambridge.
pub fn propose(app: &TestApp, who: Who, reference: &str, terms: &Value) -> Answer {
    let body = json!({ "kind": "lead", "organisation": "BOR", "words": "They have the people.", "terms": terms });
    app.client(who).post(&format!("/api/v1/bids/{reference}/partnership-changes"), body)
}

/// The path of the proposal that is open, or was last.
pub fn newest(app: &TestApp, who: Who, reference: &str) -> String {
    let all = app.client(who).get(&format!("/api/v1/bids/{reference}/partnership-changes")).expect(200).json();
    format!("/api/v1/bids/{reference}/partnership-changes/{}", all[0]["id"].as_str().unwrap())
}

/// Somebody agrees to what stands there now.
pub fn agree(app: &TestApp, who: Who, path: &str) -> Answer {
    let client = app.client(who);
    let view = client.get(path).expect(200).json();
    let seen = view["seen"].as_str().unwrap_or_default();
    client.post(&format!("{path}/agree"), json!({ "seen": seen }))
}

/// A full application of Ambridge with £300, and Borchester with £200.
fn with_costs(app: &TestApp) -> String {
    let reference = full_application(app);
    let invitation = invite_borchester(app, &reference);
    app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
    let (lead, path) = (app.client(Who::Officer), format!("/api/v1/bids/{reference}"));
    let version = || lead.get(&path).expect(200).json()["version"].as_i64().unwrap();
    lead.patch(&path, version(), json!({ "ask_pence": 50_000 })).expect(200);
    let costs = json!({ "costs": [
        { "category": "lead", "organisation_id": null, "description": "Research", "pence": 30_000 },
        { "category": "partner", "organisation_id": council(app, "BOR"), "description": "Tests", "pence": 20_000 },
    ] });
    lead.put(&format!("{path}/costs"), version(), costs).expect(200);
    reference
}

/// Templates of what was written to somebody since there were so many letters.
fn told(app: &TestApp, who: Who, since: usize) -> Vec<String> {
    let letters = app.letters().into_iter().skip(since).filter(|letter| letter.recipient == who.email());
    letters.map(|letter| letter.template).collect()
}

fn share_faults(app: &TestApp, who: Who, reference: &str) -> Value {
    app.client(who).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json()["share_faults"].clone()
}

on_each_database! {
    fn a_partner_leads_once_both_leads_have_agreed_and_the_shares_add_up_as_before(app: &TestApp) {
        let reference = with_costs(app);
        assert_eq!(share_faults(app, Who::Officer, &reference), json!([]));
        let before = app.letters().len();
        let proposed = propose(app, Who::Officer, &reference, &json!({ "role": "Research" })).expect(201).json();
        assert_eq!(proposed["awaited"], json!(["Borchester City Council"]));
        assert_eq!(told(app, Who::Partner, before), ["change-wanted"]);
        let path = newest(app, Who::Partner, &reference);
        let seen = app.client(Who::Partner).get(&path).expect(200).json();
        let changes: Vec<&str> = seen["changes"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert!(changes.contains(&"The lead authority is Borchester City Council now. It was Ambridge Borough Council."), "{changes:?}");
        assert!(changes.contains(&"Ambridge Borough Council is a partner now, with a share of £300."), "{changes:?}");
        let bid = format!("/api/v1/bids/{reference}");
        assert_eq!(app.client(Who::Officer).get(&bid).expect(200).json()["content"]["lead"]["code"], "AMB", "nothing yet");
        assert_eq!(agree(app, Who::Partner, &path).expect(200).json()["state"], "done");
        let now = app.client(Who::Partner).get(&bid).expect(200).json();
        assert_eq!((&now["reference"], &now["content"]["lead"]["code"]), (&json!(reference), &json!("BOR")));
        let partner = &now["content"]["partners"][0];
        let is = (&partner["organisation"]["code"], &partner["confirmed"], &partner["share_pence"], &partner["role"]);
        assert_eq!(is, (&json!("AMB"), &json!(true), &json!(30_000), &json!("Research")));
        assert_eq!(share_faults(app, Who::Partner, &reference), json!([]));
        assert_eq!(app.client(Who::Officer).patch(&bid, now["version"].as_i64().unwrap(), json!({ "title": "Ours" })).status, 403);
        app.client(Who::Partner).patch(&bid, now["version"].as_i64().unwrap(), json!({ "title": "Theirs" })).expect(200);
        for who in [Who::Officer, Who::Partner] {
            assert_eq!(told(app, who, before).last().unwrap(), "change-done", "{who:?}");
        }
        assert!(events(app, &reference).contains(&"lead.changed".to_owned()));
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees("Led from now on by Borchester City Council");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/partners")).sees("Ambridge Borough Council");
    }

    fn saving_the_costs_as_they_are_after_a_change_of_lead_changes_nothing(app: &TestApp) {
        for leaves in [false, true] {
            app.clock.set(moment(START));
            let reference = with_costs(app);
            propose(app, Who::Officer, &reference, &json!({ "leaves": leaves })).expect(201);
            agree(app, Who::Partner, &newest(app, Who::Partner, &reference)).expect(200);
            let (lead, path) = (app.client(Who::Partner), format!("/api/v1/bids/{reference}"));
            let costs = || lead.get(&format!("{path}/costs")).expect(200).json();
            let terms = || lead.get(&format!("{path}/sign-off")).expect(200).json()["terms"].clone();
            let before = (costs(), terms());
            let rows = &before.0["table"]["rows"];
            let (new, old) = if leaves { (50_000, Value::Null) } else { (20_000, json!(30_000)) };
            assert_eq!((&rows[0]["who"], &rows[0]["asked"]), (&json!("Borchester City Council"), &json!(new)), "{rows}");
            assert_eq!(rows[1]["asked"], old, "{rows}");
            let mut page = app.browser(Who::Partner);
            page.open(&format!("/bids/{reference}/costs")).sees("The costs come to £500, which is your ask.");
            assert!(!page.has("Suppliers"), "no cost of a council is a supplier’s");
            page.press("Save and continue");
            assert_eq!((costs(), terms()), before);
        }
    }

    fn a_lead_that_leaves_leaves_its_costs_to_the_new_one_and_reads_no_more(app: &TestApp) {
        let reference = with_costs(app);
        propose(app, Who::Partner, &reference, &json!({ "leaves": true })).expect(201);
        let path = newest(app, Who::Officer, &reference);
        agree(app, Who::Officer, &path).expect(200);
        let bid = format!("/api/v1/bids/{reference}");
        assert_eq!(app.client(Who::Officer).get(&bid).status, 404);
        let now = app.client(Who::Partner).get(&bid).expect(200).json();
        assert_eq!((&now["content"]["partners"], &now["content"]["ask_pence"]), (&json!([]), &json!(50_000)));
        assert!(now["content"]["costs"].as_array().unwrap().iter().all(|line| line["category"] == "lead"));
        assert_eq!(share_faults(app, Who::Partner, &reference), json!([]));
    }

    fn until_the_last_has_agreed_everything_can_be_refused_and_taken_back(app: &TestApp) {
        let reference = with_costs(app);
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        assert_eq!(propose(app, Who::Partner, &reference, &json!({})).problem(), (409, "proposed_already".into()));
        let path = newest(app, Who::Partner, &reference);
        let partner = app.client(Who::Partner);
        let refuse = |reason: &str| partner.post(&format!("{path}/refuse"), json!({ "reason": reason }));
        assert_eq!(refuse(" ").json()["errors"][0]["pointer"], "/reason");
        let before = app.letters().len();
        assert_eq!(refuse("We have nobody to lead.").expect(200).json()["state"], "refused");
        let letters = app.letters();
        let letter = letters.iter().skip(before).find(|letter| letter.recipient == Who::Officer.email()).unwrap();
        assert!(letter.text.contains("We have nobody to lead."), "{}", letter.text);
        assert_eq!(agree(app, Who::Partner, &path).problem(), (409, "not_open".into()));
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let path = newest(app, Who::Officer, &reference);
        assert_eq!(partner.post(&format!("{path}/take-back"), json!({})).problem(), (409, "not_agreed".into()));
        let own = app.client(Who::Officer).post(&format!("{path}/refuse"), json!({ "reason": "No." }));
        assert_eq!(own.problem(), (403, "not_allowed".into()), "whoever proposed it takes it back");
        assert_eq!(app.client(Who::Officer).post(&format!("{path}/take-back"), json!({})).expect(200).json()["state"], "taken_back");
        for who in [Who::Stranger, Who::Nobody, Who::Manager] {
            assert_eq!(app.client(who).get(&path).status, 404, "{who:?}");
        }
        assert_eq!(app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).json()["content"]["lead"]["code"], "AMB");
    }

    fn whoever_agreed_before_the_terms_changed_is_asked_again_and_nobody_agrees_unseen(app: &TestApp) {
        let reference = with_costs(app);
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let path = newest(app, Who::Partner, &reference);
        let partner = app.client(Who::Partner);
        let seen = partner.get(&path).expect(200).json()["seen"].clone();
        let (lead, bid) = (app.client(Who::Officer), format!("/api/v1/bids/{reference}"));
        let version = lead.get(&bid).expect(200).json()["version"].as_i64().unwrap();
        lead.patch(&bid, version, json!({ "ask_pence": 60_000 })).expect(200);
        assert_eq!(partner.post(&format!("{path}/agree"), json!({ "seen": seen })).problem(), (412, "changed_since".into()));
        let before = app.letters().len();
        let half = agree(app, Who::Partner, &path).expect(200).json();
        assert_eq!((&half["state"], &half["awaited"]), (&json!("open"), &json!(["Ambridge Borough Council"])));
        let again = app.letters().into_iter().skip(before).find(|letter| letter.recipient == Who::Officer.email()).unwrap();
        assert!(again.text.contains("has changed since you agreed"), "{}", again.text);
        app.browser(Who::Officer).open("/dashboard").sees("Another lead for “Better repairs”");
        assert_eq!(agree(app, Who::Officer, &path).expect(200).json()["state"], "done");
    }

    fn signatures_become_void_and_the_new_terms_are_asked_for_again(app: &TestApp) {
        ask_every_council(app);
        let reference = with_costs(app);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        sign(app, Who::PartnerSignatory, &reference, Value::Null).expect(200);
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let path = newest(app, Who::Partner, &reference);
        let effects = app.client(Who::Partner).get(&path).expect(200).json()["effects"].to_string();
        assert!(effects.contains("The signature of Ambridge Borough Council becomes void"), "{effects}");
        let before = app.letters().len();
        agree(app, Who::Partner, &path).expect(200);
        assert_eq!(events(app, &reference).iter().filter(|kind| *kind == "sign_off.void").count(), 2);
        for who in [Who::Signatory, Who::PartnerSignatory] {
            let told = told(app, who, before);
            assert!(told.contains(&"sign-off-void".to_owned()) && told.contains(&"change-done".to_owned()), "{told:?}");
        }
        let view = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json();
        assert_eq!(view["signatures"][0]["organisation"]["code"], "BOR");
        assert!(view["signatures"].as_array().unwrap().iter().all(|one| one["sign_off"]["state"] == "requested"), "{view}");
    }

    fn where_the_lead_alone_signs_the_new_lead_is_asked_in_the_place_of_the_old(app: &TestApp) {
        let reference = with_costs(app);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        agree(app, Who::Partner, &newest(app, Who::Partner, &reference)).expect(200);
        let kinds = events(app, &reference);
        assert!(kinds.contains(&"sign_off.ended".to_owned()), "{kinds:?}");
        assert!(told(app, Who::PartnerSignatory, 0).contains(&"sign-off-wanted".to_owned()));
        sign(app, Who::PartnerSignatory, &reference, Value::Null).expect(200);
        assert_eq!(sign(app, Who::Signatory, &reference, Value::Null).status, 403);
    }

    fn once_it_is_submitted_a_manager_agrees_as_well_and_the_version_stands_as_it_was(app: &TestApp) {
        let (officer, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, true);
        officer.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        app.at("2026-10-01T09:00:00Z");
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let path = newest(app, Who::Officer, &reference);
        assert_eq!(app.client(Who::Manager).get(&path).status, 404, "what councils have not agreed is nothing for the fund");
        let history = format!("/bids/{reference}/history");
        let read = |who| app.client(who).get(&format!("/api/v1{history}")).expect(200).text().contains("partnership.proposed");
        assert!(read(Who::Officer) && !read(Who::Manager), "and not in the history that it reads");
        assert!(!app.browser(Who::Manager).open(&history).has("Proposed: another lead"));
        let before = app.letters().len();
        let half = agree(app, Who::Partner, &path).expect(200).json();
        assert_eq!((&half["state"], &half["awaited"]), (&json!("open"), &json!(["the fund"])));
        assert_eq!(told(app, Who::Manager, before), ["change-wanted"]);
        assert_eq!(agree(app, Who::Observer, &path).problem(), (403, "not_allowed".into()));
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}")).follow("1 change of its councils waits for an answer");
        let says = format!("Borchester City Council leads {reference} instead of Ambridge Borough Council, which stays as a partner.");
        manager.follow(&says).press("Agree to this").sees("It is done.");
        manager.open(&format!("/bids/{reference}")).sees("The version that was submitted names Ambridge Borough Council. Borchester City Council leads this bid since");
        let standing = app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        assert_eq!(standing["content"]["lead"]["code"], "AMB", "what was submitted stands");
        assert_eq!(app.client(Who::Partner).get(&format!("/api/v1/bids/{reference}")).json()["content"]["lead"]["code"], "BOR");
        let versions = app.client(Who::Partner).get(&format!("/api/v1/bids/{reference}/versions")).expect(200).json();
        assert_eq!(versions.as_array().unwrap().len(), 1);
    }

    fn whom_the_round_does_not_let_lead_does_not_lead(app: &TestApp) {
        let reference = bid(app);
        with_borchester(app, &reference, true);
        app.block_on(|app| async move {
            let abroad = app.db.write(|conn| {
                let row = organisations::table.filter(organisations::code.eq("BOR"));
                diesel::update(row).set(organisations::nation.eq("wales")).execute(conn)?;
                Ok(())
            });
            abroad.await.unwrap();
        });
        let refused = propose(app, Who::Officer, &reference, &json!({}));
        assert_eq!(refused.problem(), (409, "cannot_be_done".into()));
        assert!(refused.text().contains("Borchester City Council cannot lead"), "{}", refused.text());
        let body = json!({ "kind": "lead", "organisation": "CAS", "words": "They have the people." });
        let stranger = app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/partnership-changes"), body);
        assert_eq!(stranger.json()["errors"][0]["code"], "not_a_partner");
    }

    fn two_bids_handed_over_at_once_never_pass_what_the_new_lead_can_lead(app: &TestApp) {
        led::capped(app);
        let theirs = led::written(app, Who::Partner, "BOR", "Their own");
        let submit = |who, reference: &str| {
            app.client(who).post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        };
        submit(Who::Partner, &theirs);
        let paths: Vec<String> = ["One", "Two"].into_iter().map(|title| {
            let reference = led::written(app, Who::Officer, "AMB", title);
            with_borchester(app, &reference, true);
            submit(Who::Officer, &reference);
            propose(app, Who::Officer, &reference, &json!({})).expect(201);
            let path = newest(app, Who::Partner, &reference);
            agree(app, Who::Partner, &path).expect(200);
            path
        }).collect();
        let agreed: Vec<u16> = thread::scope(|scope| {
            let running: Vec<_> = paths.iter().map(|path| scope.spawn(|| loop {
                match agree(app, Who::Manager, path).status {
                    503 => thread::yield_now(),
                    status => return status,
                }
            })).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(agreed.iter().filter(|status| **status == 200).count(), 1, "{agreed:?}");
        assert!(agreed.contains(&409), "{agreed:?}");
        let lead = app.organisation("BOR");
        let count = move |conn: &mut roundtable::db::Conn| {
            let led = bids::table.filter(bids::lead_id.eq(lead)).filter(bids::submitted_at.is_not_null());
            Ok(led.count().get_result::<i64>(conn)?)
        };
        assert_eq!(app.block_on(|app| async move { app.db.read(count).await.unwrap() }), 2);
    }

    fn a_proposal_lapses_when_the_draft_does_and_both_sides_are_told(app: &TestApp) {
        let reference = bid(app);
        with_borchester(app, &reference, true);
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let path = newest(app, Who::Partner, &reference);
        app.clock.set(moment("2026-09-30T16:00:00.001Z"));
        let late = agree(app, Who::Partner, &path);
        assert_eq!(late.problem(), (409, "cannot_be_done".into()));
        assert!(late.text().contains("closed at"), "{}", late.text());
        app.at("2026-10-01T09:00:00Z");
        let before = app.client(Who::Partner).get(&path).expect(200).json();
        assert_eq!(before["state"], "lapsed", "{before}");
        for who in [Who::Officer, Who::Partner] {
            assert!(told(app, who, 0).contains(&"change-ended".to_owned()), "{who:?}");
        }
    }

    fn the_pages_lead_from_a_proposal_to_a_new_lead(app: &TestApp) {
        let reference = with_costs(app);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}")).follow("Who leads, joins and bids together").follow("Propose another lead authority");
        lead.press("Propose this");
        assert_eq!(lead.errors()[0].0, "#stays");
        lead.choose("Borchester City Council").choose("It stays as a partner").fill("Why?", "They have the people.");
        lead.press("Propose this").sees("Waits for").sees("Borchester City Council").sees("Take the proposal back");
        let mut partner = app.browser(Who::Partner);
        partner.open("/dashboard").follow("Another lead for “Better repairs”").sees("They have the people.");
        partner.sees("Ambridge Borough Council is a partner now, with a share of £300.").press("Agree to this");
        partner.sees("It is done.").open(&format!("/bids/{reference}")).sees("Led by Borchester City Council");
    }

    fn whoever_is_to_agree_reads_that_the_new_lead_brings_nothing_as_a_partner_any_more(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_with_everything(app, &reference);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        propose(app, Who::Officer, &reference, &json!({})).expect(201);
        let effects = app.client(Who::Partner).get(&newest(app, Who::Partner, &reference)).expect(200).json()["effects"].to_string();
        let lost = "Borchester City Council leads the bid, so that what it was to bring as a partner is no part of what is signed any more";
        assert!(effects.contains(lost) && effects.contains("of its own money"), "{effects}");
    }

    fn what_invited_councils_answer_is_told_to_whoever_leads_by_then(app: &TestApp) {
        let reference = with_costs(app);
        let path = format!("/api/v1/bids/{reference}/partners");
        let invited = app.client(Who::Officer).post(&path, json!({ "organisation": "CAS" })).expect(201).json();
        propose(app, Who::Officer, &reference, &json!({ "leaves": true })).expect(201);
        agree(app, Who::Partner, &newest(app, Who::Partner, &reference)).expect(200);
        let before = app.letters().len();
        let decline = format!("{path}/{}/decline", invited["id"].as_str().unwrap());
        app.client(Who::Stranger).post(&decline, json!({ "reason": "We have nobody for it." })).expect(200);
        assert!(told(app, Who::Officer, before).is_empty(), "Ambridge reads no more of the bid");
        assert_eq!(told(app, Who::Partner, before), ["declined"]);
    }

    fn after_submission_no_change_of_lead_leaves_fewer_councils_than_the_round_asks_for(app: &TestApp) {
        rules::ask(app, json!({ "least_councils": { "count": 2, "with_lead": true } }));
        let reference = rules::start(app, rules::ASKING, "Shared repairs");
        let invitation = rules::invite(app, &reference, "BOR");
        rules::confirm(app, Who::Partner, &invitation).expect(200);
        rules::put(app, &reference, "full_submitted");
        propose(app, Who::Officer, &reference, &json!({ "leaves": true })).expect(201);
        let path = newest(app, Who::Officer, &reference);
        agree(app, Who::Partner, &path).expect(200);
        let refused = agree(app, Who::Manager, &path);
        assert_eq!(refused.problem(), (409, "cannot_be_done".into()));
        assert!(refused.text().contains("1 of 2 councils has confirmed"), "{}", refused.text());
        assert_eq!(app.client(Who::Officer).get(&path).expect(200).json()["state"], "open", "nothing was done");
    }

}
