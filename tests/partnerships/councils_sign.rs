//! A round asks for the signature of every council that takes part: one for each, and only from its own officer.

use diesel::prelude::*;
use roundtable::{
    db::{
        Conn,
        schema::{rounds, rulebooks},
    },
    funds::rulebook::{Rulebook, Signs},
};
use serde_json::{Value, json};

use super::{council, events, full_application, invite_borchester, letters};
use crate::harness::{
    app::{Answer, ROUND, TestApp, Who},
    databases::on_each_database,
};

/// Lets the round ask for the signatures of partners too.
pub(super) fn ask_every_council(app: &TestApp) {
    let ask = |conn: &mut Conn| {
        let round: roundtable::ids::Id<roundtable::ids::RoundKey> =
            rounds::table.filter(rounds::slug.eq(ROUND)).select(rounds::id).first(conn)?;
        let of_round = rulebooks::table.filter(rulebooks::round_id.eq(round));
        let text: String = of_round.select(rulebooks::data).first(conn)?;
        let mut rules: Rulebook = serde_json::from_str(&text)?;
        rules.partnership.signs = Signs::LeadAndPartners;
        let (text, hash) = rules.sealed()?;
        let row = diesel::update(rulebooks::table.filter(rulebooks::round_id.eq(round)));
        row.set((rulebooks::data.eq(text), rulebooks::hash.eq(hash))).execute(conn)?;
        Ok(())
    };
    app.block_on(|app| async move { app.db.write(ask).await.unwrap() });
}

pub(super) fn view(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json()
}

fn request(app: &TestApp, reference: &str) -> Answer {
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({}))
}

pub(super) fn sign(app: &TestApp, who: Who, reference: &str, organisation: Value) -> Answer {
    let body = json!({ "hash": view(app, reference)["hash"], "organisation": organisation });
    app.client(who).post(&format!("/api/v1/bids/{reference}/sign-off/sign"), body)
}

/// By council, whether its signature stands.
fn standing(view: &Value) -> Vec<(&str, bool)> {
    let signatures = view["signatures"].as_array().unwrap().iter();
    signatures.map(|one| (one["organisation"]["code"].as_str().unwrap(), one["stands"].as_bool().unwrap())).collect()
}

/// A full application with Borchester confirmed, in a round that asks every council to sign.
fn together(app: &TestApp) -> (String, String) {
    ask_every_council(app);
    let reference = full_application(app);
    let invitation = invite_borchester(app, &reference);
    app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
    (reference, invitation)
}

on_each_database! {
    fn every_council_signs_for_itself_and_only_then_is_the_bid_signed(app: &TestApp) {
        let (reference, _) = together(app);
        request(app, &reference).expect(200);
        let asked: Vec<_> = letters(app).into_iter().filter(|(template, _)| template == "sign-off-wanted").map(|(_, to)| to).collect();
        assert_eq!(asked, ["signatory@test.example", "partnersignatory@test.example"]);
        assert_eq!(request(app, &reference).problem(), (409, "requested_already".into()));
        assert_eq!(sign(app, Who::PartnerSignatory, &reference, council(app, "AMB")).problem(), (403, "not_allowed".into()));
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        let half = view(app, &reference);
        assert_eq!((standing(&half), &half["current"]), (vec![("AMB", true), ("BOR", false)], &false.into()));
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}")).sees("Not signed: Borchester City Council");
        let mut partner = app.browser(Who::PartnerSignatory);
        partner.open("/dashboard").follow("Sign “Better repairs”").sees("Sign for Borchester City Council");
        partner.press("Sign this version").sees("What stands now is signed.");
        let signed = view(app, &reference);
        assert_eq!((standing(&signed), &signed["current"]), (vec![("AMB", true), ("BOR", true)], &true.into()));
        assert_eq!(request(app, &reference).problem(), (409, "signed_already".into()));
        lead.open(&format!("/bids/{reference}/history")).sees("Signed by the section 151 officer of Borchester City Council");
    }

    fn another_share_voids_both_signatures_and_asks_both_again(app: &TestApp) {
        let (reference, invitation) = together(app);
        request(app, &reference).expect(200);
        for who in [Who::Signatory, Who::PartnerSignatory] {
            sign(app, who, &reference, Value::Null).expect(200);
        }
        app.client(Who::Officer).patch(&invitation, 2, json!({ "share_pence": 30_000 })).expect(200);
        let now = view(app, &reference);
        assert_eq!(standing(&now), [("AMB", false), ("BOR", false)]);
        let told = app.letters().into_iter().filter(|letter| letter.template == "sign-off-void");
        let mut told: Vec<_> = told.map(|letter| (letter.recipient, letter.text)).collect();
        told.sort();
        assert_eq!(told.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["partnersignatory@test.example", "signatory@test.example"]);
        assert!(told.iter().all(|(_, text)| text.contains("The share of Borchester City Council is £300 now. It was £200.")), "{told:?}");
        let early = sign(app, Who::PartnerSignatory, &reference, Value::Null);
        assert_eq!(early.problem(), (403, "not_allowed".into()), "it has not confirmed the new share");
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        sign(app, Who::PartnerSignatory, &reference, Value::Null).expect(200);
    }

    fn a_council_that_has_not_confirmed_is_not_asked_and_one_that_is_taken_out_signs_no_more(app: &TestApp) {
        ask_every_council(app);
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        request(app, &reference).expect(200);
        assert_eq!(letters(app).iter().filter(|(template, _)| template == "sign-off-wanted").count(), 1);
        assert_eq!(request(app, &reference).problem(), (409, "not_confirmed".into()));
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        request(app, &reference).expect(200);
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        sign(app, Who::PartnerSignatory, &reference, Value::Null).expect(200);
        app.client(Who::Officer).delete_at(&invitation, 2).expect(200);
        let now = view(app, &reference);
        assert_eq!(standing(&now), [("AMB", false)]);
        assert_eq!(events(app, &reference).iter().filter(|kind| *kind == "sign_off.void").count(), 2);
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        assert_eq!(view(app, &reference)["current"], true);
    }

    fn a_round_that_does_not_ask_partners_to_sign_lets_none(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        request(app, &reference).expect(200);
        assert_eq!(standing(&view(app, &reference)), [("AMB", false)]);
        assert_eq!(sign(app, Who::PartnerSignatory, &reference, council(app, "BOR")).problem(), (403, "not_allowed".into()));
    }
}
