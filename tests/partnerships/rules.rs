//! What a round asks of the councils that bid together: said before anybody writes, while they write, and when they submit.

use diesel::prelude::*;
use roundtable::{
    db::schema::bids,
    funds::rulebook::{PartnershipRules, Rulebook},
};
use serde_json::{Value, json};

use super::council;
use crate::{
    bids::led::another_round,
    harness::{
        app::{Answer, TestApp, Who},
        databases::on_each_database,
    },
};

pub const ASKING: &str = "asking-round";

pub fn ask(app: &TestApp, rules: Value) {
    let rules: PartnershipRules = serde_json::from_value(rules).unwrap();
    another_round(app, ASKING, "ASK", |rulebook: &mut Rulebook| rulebook.partnership = rules);
}

pub fn start(app: &TestApp, round: &str, title: &str) -> String {
    let start = json!({ "round": round, "lead": council(app, "AMB"), "title": title });
    let started = app.client(Who::Officer).post("/api/v1/bids", start).expect(201).json();
    started["reference"].as_str().unwrap().to_owned()
}

/// Puts a bid where its full application is written, or where it is submitted.
pub fn put(app: &TestApp, reference: &str, state: &'static str) {
    let (reference, now) = (reference.to_owned(), app.clock.now());
    app.block_on(|app| async move {
        let put = app.db.write(move |conn| {
            let submitted_at = (state == "full_submitted").then_some(now);
            let stands = (bids::state.eq(state), bids::kind.eq("waiting"), bids::submitted_at.eq(submitted_at));
            diesel::update(bids::table.filter(bids::reference.eq(&reference))).set(stands).execute(conn)?;
            Ok(())
        });
        put.await.unwrap();
    });
}

pub fn invite(app: &TestApp, reference: &str, code: &str) -> String {
    let path = format!("/api/v1/bids/{reference}/partners");
    let partner = app.client(Who::Officer).post(&path, json!({ "organisation": code })).expect(201).json();
    format!("{path}/{}", partner["id"].as_str().unwrap())
}

pub fn confirm(app: &TestApp, who: Who, invitation: &str) -> Answer {
    app.client(who).post(&format!("{invitation}/confirm"), json!({}))
}

/// Why the full application cannot be submitted.
pub fn reasons(app: &TestApp, reference: &str) -> Vec<String> {
    let plan = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/actions")).expect(200).json();
    let choice = plan["choices"].as_array().unwrap().iter().find(|choice| choice["submits"] == true).unwrap().clone();
    choice["reasons"].as_array().unwrap().iter().map(|reason| reason.as_str().unwrap().to_owned()).collect()
}

on_each_database! {
    fn so_many_councils_must_have_confirmed_before_a_full_application_goes_in(app: &TestApp) {
        ask(app, json!({ "least_councils": { "count": 3, "with_lead": true } }));
        let asked = "At least 3 councils have confirmed, the lead authority included.";
        app.browser(Who::Nobody).open(&format!("/rounds/{ASKING}")).sees(asked);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/rounds/{ASKING}/start")).sees(asked);
        let reference = start(app, ASKING, "Shared repairs");
        // An expression of interest looks for partners: nothing is asked of it.
        assert!(reasons(app, &reference).iter().all(|reason| !reason.contains("councils")));
        put(app, &reference, "full_draft");
        let borchester = invite(app, &reference, "BOR");
        let casterbridge = invite(app, &reference, "CAS");
        let words = "1 of 3 councils has confirmed, the lead authority included";
        assert!(reasons(app, &reference).contains(&words.to_owned()));
        officer.open(&format!("/bids/{reference}")).sees(words);
        officer.follow("Partners and their shares").sees(words).sees("Missing");
        confirm(app, Who::Partner, &borchester).expect(200);
        officer.open(&format!("/bids/{reference}/partners")).sees("2 of 3 councils have confirmed");
        let refused = app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/submit_full"), json!({}));
        assert_eq!(refused.problem(), (409, "not_yet".into()));
        assert!(refused.text().contains("2 of 3 councils have confirmed"), "{}", refused.text());
        confirm(app, Who::Stranger, &casterbridge).expect(200);
        assert!(reasons(app, &reference).iter().all(|reason| !reason.contains("councils")));
        officer.open(&format!("/bids/{reference}/partners")).sees("3 councils have confirmed").sees("Done");
        let view = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        assert_eq!(view["asked"][0], json!({
            "rule": "least_councils", "holds": true, "words": "3 councils have confirmed, the lead authority included"
        }));
    }

    fn a_council_is_a_partner_in_no_more_submitted_bids_than_it_can_be(app: &TestApp) {
        ask(app, json!({ "most_joined": 1 }));
        let [first, second, third] = ["One", "Two", "Three"].map(|title| start(app, ASKING, title));
        for reference in [&first, &second] {
            put(app, reference, "full_draft");
            confirm(app, Who::Partner, &invite(app, reference, "BOR")).expect(200);
        }
        let too_many = "Borchester City Council is a partner in 1 other submitted bid of this round, and can be in 1";
        assert!(!reasons(app, &second).contains(&too_many.to_owned()));
        put(app, &first, "full_submitted");
        assert!(reasons(app, &second).contains(&too_many.to_owned()));
        // Whoever joins a bid that is in already would pass the limit in that moment.
        put(app, &third, "full_draft");
        let late = invite(app, &third, "BOR");
        put(app, &third, "full_submitted");
        assert_eq!(confirm(app, Who::Partner, &late).problem(), (409, "joined_enough".into()));
        app.client(Who::Officer).post(&format!("/api/v1/bids/{first}/actions/withdraw"), json!({})).expect(200);
        assert!(!reasons(app, &second).contains(&too_many.to_owned()));
        confirm(app, Who::Partner, &late).expect(200);
    }

    fn councils_that_bid_together_in_an_excluded_round_cannot_do_so_again(app: &TestApp) {
        another_round(app, "first-round", "ONE", |_| {});
        ask(app, json!({ "excludes": [{ "round": "first-round", "name": "First round" }] }));
        let before = start(app, "first-round", "Shared repairs");
        put(app, &before, "full_draft");
        confirm(app, Who::Partner, &invite(app, &before, "BOR")).expect(200);
        let again = start(app, ASKING, "Shared repairs");
        put(app, &again, "full_draft");
        confirm(app, Who::Partner, &invite(app, &again, "BOR")).expect(200);
        confirm(app, Who::Stranger, &invite(app, &again, "CAS")).expect(200);
        let about = |reasons: Vec<String>| reasons.into_iter().filter(|reason| reason.contains("First round")).collect::<Vec<_>>();
        assert_eq!(about(reasons(app, &again)), [] as [&str; 0]);
        put(app, &before, "full_submitted");
        let why = format!(
            "your council and Borchester City Council have bid together in “First round” ({before}), and cannot bid together \
             here as well"
        );
        assert_eq!(about(reasons(app, &again)), [why]);
    }

    fn a_manager_proposes_how_many_councils_must_have_confirmed_on_the_page_of_the_rules(app: &TestApp) {
        let mut manager = app.browser(Who::Manager);
        manager.open("/rounds/test-round/rules").fill("Councils that must have confirmed", "0").fill("Why?", "Together.");
        manager.press("Propose these rules").sees("Ask for at least one council, or leave the rule out.");
        manager.fill("Councils that must have confirmed", "2").choose("The lead authority is one of them");
        manager.fill("Bids in which one organisation can be a partner", "5").press("Propose these rules").sees("It is proposed.");
        manager.sees("Now asked of partnerships: at least 2 councils have confirmed, the lead authority included");
        manager.sees("Now asked of partnerships: an organisation is a partner in at most 5 submitted bids of this round");
    }
}
