//! The section 151 officer signs exactly one version.

use std::time::Duration;

use serde_json::{Value, json};

use super::{bid, events, full_application, invite_borchester, letters};
use crate::harness::{
    app::{Answer, TestApp, Who},
    databases::on_each_database,
};

fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/sign-off")
}

fn view(app: &TestApp, reference: &str) -> Value {
    app.client(Who::Signatory).get(&path(reference)).expect(200).json()
}

fn request(app: &TestApp, reference: &str) -> Answer {
    app.client(Who::Officer).post(&path(reference), json!({}))
}

fn sign(app: &TestApp, who: Who, reference: &str, hash: &Value) -> Answer {
    app.client(who).post(&format!("{}/sign", path(reference)), json!({ "hash": hash }))
}

/// Changes the ask.
fn edit(app: &TestApp, reference: &str, ask: i64) {
    let bid = format!("/api/v1/bids/{reference}");
    let lead = app.client(Who::Officer);
    let version = lead.get(&bid).json()["version"].as_i64().unwrap();
    lead.patch(&bid, version, json!({ "ask_pence": ask })).expect(200);
    app.work();
}

on_each_database! {
    fn the_section_151_officer_signs_the_version_that_stands(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        assert_eq!(letters(app), [("sign-off-wanted".to_owned(), "signatory@test.example".to_owned())]);
        let hash = view(app, &reference)["hash"].clone();
        let signed = sign(app, Who::Signatory, &reference, &hash).expect(200).json();
        assert_eq!((&signed["current"], &signed["sign_off"]["state"]), (&true.into(), &"signed".into()));
        assert_eq!(signed["sign_off"]["hash"], hash);
        assert!(letters(app).contains(&("signed".into(), "officer@test.example".into())));
        assert_eq!(events(app, &reference)[1..], ["sign_off.requested", "sign_off.signed"]);
        assert_eq!(sign(app, Who::Signatory, &reference, &hash).problem(), (409, "signed_already".into()));
    }

    fn a_change_makes_the_signature_void_and_asks_again_once(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        sign(app, Who::Signatory, &reference, &hash).expect(200);
        for ask in [60_000, 70_000, 80_000] {
            edit(app, &reference, ask);
        }
        let now = view(app, &reference);
        assert_eq!((&now["current"], &now["sign_off"]["state"]), (&false.into(), &"requested".into()));
        assert_eq!(now["sign_off"]["hash"], now["hash"], "the request follows what stands");
        assert_eq!(letters(app).iter().filter(|(template, _)| template == "sign-off-void").count(), 1);
        assert_eq!(events(app, &reference).iter().filter(|kind| *kind == "sign_off.void").count(), 1);
        let stale = sign(app, Who::Signatory, &reference, &hash);
        assert_eq!(stale.problem(), (409, "version_changed".into()));
        let (old, new) = (hash.as_str().unwrap(), now["hash"].as_str().unwrap());
        assert!(stale.text().contains(old) && stale.text().contains(new), "{}", stale.text());
        sign(app, Who::Signatory, &reference, &now["hash"]).expect(200);
    }

    fn a_partner_that_confirms_changes_what_was_signed(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        request(app, &reference).expect(200);
        sign(app, Who::Signatory, &reference, &view(app, &reference)["hash"]).expect(200);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        assert_eq!(view(app, &reference)["current"], false);
    }

    fn the_signatory_asks_for_changes_in_words(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        let changes = |words: &str| {
            app.client(Who::Signatory).post(&format!("{}/changes", path(&reference)), json!({ "words": words }))
        };
        assert_eq!(changes("").json()["errors"][0]["pointer"], "/words");
        changes("Take the contingency out").expect(200);
        assert!(letters(app).contains(&("changes-wanted".into(), "officer@test.example".into())));
        let hash = view(app, &reference)["hash"].clone();
        assert_eq!(sign(app, Who::Signatory, &reference, &hash).problem(), (409, "not_requested".into()));
        request(app, &reference).expect(200);
        sign(app, Who::Signatory, &reference, &hash).expect(200);
    }

    fn nobody_else_signs(app: &TestApp) {
        let reference = full_application(app);
        invite_borchester(app, &reference);
        request(app, &reference).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        let cases = [
            (Who::Officer, (403, "not_allowed")),
            (Who::Administrator, (403, "not_allowed")),
            (Who::PartnerSignatory, (403, "not_allowed")),
            (Who::Stranger, (404, "not_found")),
            (Who::Nobody, (404, "not_found")),
        ];
        for (who, (status, code)) in cases {
            assert_eq!(sign(app, who, &reference, &hash).problem(), (status, code.into()), "{who:?}");
        }
        assert_eq!(app.public().get(&path(&reference)).problem(), (401, "unauthenticated".into()));
        for who in [Who::Manager, Who::Assessor, Who::Stranger] {
            assert_eq!(app.client(who).get(&path(&reference)).status, 404, "{who:?} reads no draft");
        }
    }

    fn whoever_asked_does_not_sign(app: &TestApp) {
        let reference = full_application(app);
        app.client(Who::Signatory).post(&path(&reference), json!({})).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        assert_eq!(sign(app, Who::Signatory, &reference, &hash).problem(), (403, "second_person_needed".into()));
    }

    fn signing_wants_a_fresh_code(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        let signatory = app.client(Who::Signatory);
        app.clock.set(app.clock.now().plus(Duration::from_secs(3_600)));
        let late = signatory.post(&format!("{}/sign", path(&reference)), json!({ "hash": hash }));
        assert_eq!(late.problem(), (403, "fresh_code_needed".into()));
        assert_eq!(view(app, &reference)["current"], false);
    }

    fn requests_that_make_no_sense_are_refused(app: &TestApp) {
        let early = bid(app);
        assert_eq!(request(app, &early).problem(), (409, "not_to_be_signed".into()));
        let reference = full_application(app);
        let hash = view(app, &reference)["hash"].clone();
        assert_eq!(sign(app, Who::Signatory, &reference, &hash).problem(), (409, "not_requested".into()));
        request(app, &reference).expect(200);
        assert_eq!(request(app, &reference).problem(), (409, "requested_already".into()));
        for wrong in ["", "abc", &"g".repeat(64)] {
            let answer = sign(app, Who::Signatory, &reference, &json!(wrong));
            assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (422, &"wrong_hash".into()));
        }
        let other = json!("0".repeat(64));
        assert_eq!(sign(app, Who::Signatory, &reference, &other).problem(), (409, "version_changed".into()));
        sign(app, Who::Signatory, &reference, &hash).expect(200);
        assert_eq!(request(app, &reference).problem(), (409, "signed_already".into()));
    }
}
