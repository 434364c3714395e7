//! What councils read in the service of what became of their bid: everybody of theirs, nobody else, and nothing early.

use std::collections::BTreeSet;

use roundtable::identity::policy::BidKind;
use serde_json::{Value, json};

use super::{
    ANNOUNCED, DECIDING, SIFT, award, bring_to, decide, decide_by_two, outcome, release, shortlisted, submitted,
};
use crate::{
    harness::{
        app::{Answer, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::with_borchester,
};

const OUT: &str = "2026-10-10T09:00:00Z";
const ASK: i64 = 8_000_000;
const FEEDBACK: &str = "Many councils <b>share</b> this & say so.\n\nSay more about the users.";

/// Who reads an outcome of a bid of Ambridge in which Borchester is a partner.
const READERS: [Who; 9] = [
    Who::Officer,
    Who::Signatory,
    Who::Administrator,
    Who::ConflictedAssessor,
    Who::Partner,
    Who::PartnerSignatory,
    Who::Manager,
    Who::Moderator,
    Who::Observer,
];

fn outcomes(app: &TestApp, who: Who, reference: &str) -> Answer {
    app.client(who).get(&format!("/api/v1/bids/{reference}/outcomes"))
}

fn page(app: &TestApp, who: Who, reference: &str) -> String {
    app.client(who).get(&format!("/bids/{reference}")).expect(200).text()
}

/// Decides on an expression of interest and approves the release.
fn sifted(app: &TestApp, reference: &str, transition: &str) {
    app.at(SIFT);
    let decision = json!({ "transition": transition, "feedback": FEEDBACK });
    decide(&app.client(Who::Manager), reference, "sift", decision).expect(201);
    release(app, "eoi_outcome").expect(200);
}

/// A bid of Ambridge to which Borchester was invited; it has confirmed or has not answered.
fn with_partner(app: &TestApp, confirms: bool) -> String {
    let reference = submitted(app, "Repairs");
    with_borchester(app, &reference, confirms);
    reference
}

/// Whether one's list of bids leads to an outcome.
fn leads_there(app: &TestApp, who: Who) -> bool {
    app.client(who).get("/dashboard").expect(200).text().contains("Read the outcome and feedback")
}

fn words<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|outcome| outcome[field].as_str().unwrap()).collect()
}

on_each_database! {
    fn everybody_of_the_lead_and_of_confirmed_partners_reads_an_outcome_with_its_feedback_once_it_is_out(app: &TestApp) {
        let reference = with_partner(app, true);
        sifted(app, &reference, "invite");
        app.clock.set(moment("2026-10-10T08:59:59.999999Z"));
        for who in READERS {
            assert_eq!(outcomes(app, who, &reference).expect(200).json(), json!([]), "{who:?} before");
        }
        app.clock.set(moment(OUT));
        for who in READERS {
            let told = json!([{
                "gate": "sift", "outcome": true, "state": "invited", "label": "Invited to make a full application",
                "amount_pence": null, "feedback": FEEDBACK, "announced_at": OUT,
            }]);
            assert_eq!(outcomes(app, who, &reference).expect(200).json(), told, "{who:?}, before any timer has run");
        }
        for who in [Who::Stranger, Who::Assessor, Who::Admin, Who::Nobody] {
            assert_eq!(outcomes(app, who, &reference).status, 404, "{who:?}");
        }
        assert_eq!(app.public().get(&format!("/api/v1/bids/{reference}/outcomes")).status, 401);
    }

    fn a_council_that_has_not_answered_reads_no_outcome(app: &TestApp) {
        let reference = with_partner(app, false);
        sifted(app, &reference, "not_invite");
        let before = outcomes(app, Who::Partner, &reference).problem();
        app.at(OUT);
        assert_eq!((before.0, outcomes(app, Who::Partner, &reference).problem()), (403, before));
        let theirs = page(app, Who::Partner, &reference);
        assert!(!theirs.contains("Outcome and feedback") && !theirs.contains("Say more"), "{theirs}");
        assert!(page(app, Who::Officer, &reference).contains("Outcome and feedback"));
        assert!(!leads_there(app, Who::Partner) && leads_there(app, Who::Officer));
    }

    fn an_assessor_reads_no_feedback_and_with_a_conflict_knows_of_no_bid(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        bring_to(app, &reference, ("full_submitted", BidKind::Waiting), ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        let reader = json!({ "person": app.person(Who::Assessor) });
        manager.post(&format!("/api/v1/bids/{reference}/assessors"), reader).expect(200);
        decide(&manager, &reference, "eligibility", outcome("find_ineligible")).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        assert_eq!(outcomes(app, Who::Assessor, &reference).problem(), (403, "not_allowed".into()));
        assert!(!page(app, Who::Assessor, &reference).contains("Outcome and feedback"));
        let conflict = json!({ "bid": reference, "reason": "My brother works there." });
        app.client(Who::Assessor).post("/api/v1/conflicts", conflict).expect(200);
        assert_eq!(outcomes(app, Who::Assessor, &reference).status, 404);
        assert_eq!(app.client(Who::Assessor).get(&format!("/bids/{reference}")).status, 404);
    }

    fn every_outcome_stays_with_its_date_oldest_first_over_rest_and_newest_first_on_the_page(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        sifted(app, &reference, "invite");
        app.at(OUT);
        bring_to(app, &reference, ("shortlisted", BidKind::Review), ASK);
        assert!(leads_there(app, Who::Officer), "wherever the bid has come since");
        app.at(DECIDING);
        let reserve = json!({ "transition": "reserve_bid", "place": 1, "feedback": "The money did not reach this far." });
        decide(&app.client(Who::Manager), &reference, "award", reserve).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        app.at("2027-01-11T10:00:00Z");
        let fund = json!({ "transition": "fund_reserve", "amount_pence": ASK, "place": 1, "feedback": "Money came free." });
        decide_by_two(app, &reference, "reserve", fund).expect(204);
        let told = outcomes(app, Who::Officer, &reference).expect(200).json();
        assert_eq!(words(&told, "gate"), ["sift", "award", "reserve"]);
        assert_eq!(words(&told, "announced_at"), [OUT, ANNOUNCED, "2027-01-11T10:00:00Z"]);
        assert_eq!(words(&told, "state"), ["invited", "reserve", "funded"]);
        assert_eq!((&told[1]["amount_pence"], &told[2]["amount_pence"]), (&Value::Null, &json!(ASK)));
        app.work();

        let mut browser = app.browser(Who::Officer);
        browser.open("/dashboard").follow("Read the outcome and feedback on Repairs");
        browser.sees("The fund awards £80,000.").sees("Announced at 10am on 11 January 2027");
        let text = page(app, Who::Officer, &reference);
        let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words:?} is not in {text}"));
        assert!(at("id=\"outcome\"") < at("Money came free."), "{text}");
        assert!(at("Money came free.") < at("The money did not reach") && at("The money did not") < at("Say more about"));
        assert!(page(app, Who::Manager, &reference).contains("Money came free."), "the fund's staff read it too");
    }

    fn steps_on_the_way_are_told_as_such_and_shown_only_where_they_say_something(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        bring_to(app, &reference, ("full_submitted", BidKind::Waiting), ASK);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &reference, "eligibility", json!({ "transition": "find_eligible" })).expect(201);
        bring_to(app, &reference, ("shortlisted", BidKind::Review), ASK);
        decide(&manager, &reference, "award", outcome("not_fund")).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let told = outcomes(app, Who::Officer, &reference).expect(200).json();
        assert_eq!(words(&told, "gate"), ["eligibility", "award"]);
        assert_eq!((&told[0]["outcome"], &told[1]["outcome"]), (&json!(false), &json!(true)));
        let text = page(app, Who::Officer, &reference);
        // Further down the picture of the bid's way names every state.
        let (_, told) = text.split_once("id=\"outcome\"").unwrap();
        let (told, _) = told.split_once("id=\"way\"").unwrap();
        assert!(told.contains("Not funded") && !told.contains("Full application: eligible"), "{told}");
    }

    fn feedback_stands_on_the_page_as_it_was_written_and_never_as_markup(app: &TestApp) {
        let reference = submitted(app, "Repairs");
        sifted(app, &reference, "not_invite");
        app.at(OUT);
        let text = page(app, Who::Officer, &reference);
        assert!(!text.contains("<b>share") && text.contains("Many councils &lt;b&gt;share&lt;"), "{text}");
        assert!(text.contains("say so.\n\nSay more about the users."), "line ends are kept: {text}");
    }

    fn a_bid_withdrawn_keeps_what_it_was_told_and_hears_nothing_more(app: &TestApp) {
        let (told, untold) = (submitted(app, "Repairs"), submitted(app, "Chatbots"));
        let withdraw = |reference: &str| {
            app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/withdraw"), json!({})).expect(200);
        };
        app.at(SIFT);
        for reference in [&told, &untold] {
            decide(&app.client(Who::Manager), reference, "sift", outcome("invite")).expect(201);
        }
        release(app, "eoi_outcome").expect(200);
        withdraw(&untold);
        app.at(OUT);
        withdraw(&told);
        assert_eq!(words(&outcomes(app, Who::Officer, &told).expect(200).json(), "state"), ["invited"]);
        assert_eq!(outcomes(app, Who::Officer, &untold).expect(200).json(), json!([]));
    }

    fn every_mail_of_an_outcome_leads_to_the_feedback(app: &TestApp) {
        let sift = ["invite", "invite_to_merge", "not_invite"].map(|transition| (submitted(app, "Early"), transition));
        let late = submitted(app, "Late");
        bring_to(app, &late, ("full_submitted", BidKind::Waiting), ASK);
        let awards = ["fund", "reserve_bid", "not_fund"].map(|transition| (shortlisted(app, "Late", ASK), transition));
        app.at(SIFT);
        for (reference, transition) in &sift {
            decide(&app.client(Who::Manager), reference, "sift", outcome(transition)).expect(201);
        }
        release(app, "eoi_outcome").expect(200);
        app.at(DECIDING);
        let manager = app.client(Who::Manager);
        decide(&manager, &late, "eligibility", outcome("find_ineligible")).expect(201);
        for (reference, transition) in &awards {
            let terms = if *transition == "fund" { award(ASK, 1) } else { outcome(transition) };
            decide(&manager, reference, "award", terms).expect(201);
        }
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let letters: Vec<_> = app.letters().into_iter().filter(|it| it.template.starts_with("outcome")).collect();
        let templates: BTreeSet<_> = letters.iter().map(|letter| &letter.template).collect();
        assert_eq!(templates.len(), 7, "{templates:?}");
        for letter in &letters {
            let reference = letter.data["reference"].as_str().unwrap();
            let link = format!("https://roundtable.example/bids/{reference}#outcome");
            assert!(letter.text.contains(&link), "{}: {}", letter.template, letter.text);
        }
    }
}
