//! The section 151 officer signs for the terms of an application, as one version says them.

use std::time::Duration;

use diesel::prelude::*;
use roundtable::{
    bids::content::{Content, Sealed},
    db::{
        Conn,
        schema::{organisations, sign_offs},
    },
    identity::model::OrganisationKind,
};
use serde_json::{Value, json};

use super::{bid, events, full_application, invite_borchester, letters};
use crate::{
    bids::documents::{PDF, ask_for_letters, give, upload},
    harness::{
        app::{Answer, TestApp, Who, moment},
        databases::on_each_database,
    },
    pages::story::Story,
};

const CLOSES: &str = "2026-11-15T17:00:00Z";

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

/// The lead's request or signature.
fn sign_off(view: &Value) -> &Value {
    &view["signatures"][0]["sign_off"]
}

/// Writes an answer, which is no part of what is signed for.
fn answer(app: &TestApp, reference: &str, words: &str) {
    let lead = app.client(Who::Officer);
    let bid = lead.get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let version = bid["answer_versions"]["problem"].as_i64().unwrap_or(0);
    let path = format!("/api/v1/bids/{reference}/answers/problem");
    lead.put(&path, version, json!({ "value": words, "complete": true })).expect(200);
    app.work();
}

/// What the last message of a template says.
fn text_of_last(app: &TestApp, template: &str) -> String {
    app.letters().into_iter().rfind(|letter| letter.template == template).unwrap().text
}

/// Changes the ask.
fn edit(app: &TestApp, reference: &str, ask: i64) {
    let bid = format!("/api/v1/bids/{reference}");
    let lead = app.client(Who::Officer);
    let version = lead.get(&bid).json()["version"].as_i64().unwrap();
    lead.patch(&bid, version, json!({ "ask_pence": ask })).expect(200);
    app.work();
}

/// Makes the signature one of before the terms and the signed text were kept, and a partner's role was part of a version.
fn as_before_terms_were_kept(app: &TestApp, reference: &str) {
    let mut content: Content = serde_json::from_value(view(app, reference)["content"].clone()).unwrap();
    content.partners.iter_mut().for_each(|partner| partner.role.clear());
    let hash = Sealed::of(content).unwrap().hash;
    app.block_on(|app| async move {
        let age = move |conn: &mut Conn| {
            let nothing = (sign_offs::terms_hash.eq(None::<Vec<u8>>), sign_offs::signed_text.eq(None::<String>));
            diesel::update(sign_offs::table).set((sign_offs::hash.eq(hash.clone()), nothing)).execute(conn)?;
            Ok(())
        };
        app.db.write(age).await.unwrap();
    });
}

on_each_database! {
    fn the_section_151_officer_signs_the_version_that_stands(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        assert_eq!(letters(app), [("sign-off-wanted".to_owned(), "signatory@test.example".to_owned())]);
        let hash = view(app, &reference)["hash"].clone();
        let signed = sign(app, Who::Signatory, &reference, &hash).expect(200).json();
        assert_eq!((&signed["current"], &sign_off(&signed)["state"]), (&true.into(), &"signed".into()));
        assert_eq!(sign_off(&signed)["hash"], hash);
        assert!(letters(app).contains(&("signed".into(), "officer@test.example".into())));
        assert_eq!(events(app, &reference)[1..], ["sign_off.requested", "sign_off.signed"]);
        assert_eq!(sign(app, Who::Signatory, &reference, &hash).problem(), (409, "signed_already".into()));
    }

    fn a_change_of_the_terms_makes_the_signature_void_and_asks_again_once(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        sign(app, Who::Signatory, &reference, &hash).expect(200);
        for ask in [60_000, 70_000, 80_000] {
            edit(app, &reference, ask);
        }
        let now = view(app, &reference);
        assert_eq!((&now["current"], &sign_off(&now)["state"]), (&false.into(), &"requested".into()));
        assert_eq!(sign_off(&now)["hash"], now["hash"], "the request follows what stands");
        assert_eq!(letters(app).iter().filter(|(template, _)| template == "sign-off-void").count(), 1);
        let said = text_of_last(app, "sign-off-void");
        assert!(said.contains("The ask is £600 now. It was not given."), "{said}");
        assert_eq!(events(app, &reference).iter().filter(|kind| *kind == "sign_off.void").count(), 1);
        let stale = sign(app, Who::Signatory, &reference, &hash);
        assert_eq!(stale.problem(), (409, "version_changed".into()));
        let (old, new) = (hash.as_str().unwrap(), now["hash"].as_str().unwrap());
        assert!(stale.text().contains(old) && stale.text().contains(new), "{}", stale.text());
        sign(app, Who::Signatory, &reference, &now["hash"]).expect(200);
    }

    fn another_change_lets_the_signature_stand_and_shows_on_its_page(app: &TestApp) {
        let reference = full_application(app);
        answer(app, &reference, "Slow repairs.");
        request(app, &reference).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        sign(app, Who::Signatory, &reference, &hash).expect(200);
        answer(app, &reference, "Slow and dear repairs.");
        let now = view(app, &reference);
        assert_eq!((&now["current"], &sign_off(&now)["hash"]), (&true.into(), &hash));
        assert_ne!(now["hash"], hash, "the version is another");
        let changed = json!([{ "title": "What is the common problem?", "before": "Slow repairs.", "now": "Slow and dear repairs." }]);
        assert_eq!(now["signatures"][0]["changed"], changed);
        assert_eq!(request(app, &reference).problem(), (409, "signed_already".into()));
        let mut page = app.browser(Who::Officer);
        page.open(&format!("/bids/{reference}/sign-off")).sees("None of this is what was signed for");
        page.sees("Slow repairs.").sees("Slow and dear repairs.");
        assert!(!letters(app).iter().any(|(template, _)| template == "sign-off-void"));
    }

    fn a_partner_that_confirms_keeps_to_what_was_signed_and_one_with_another_part_does_not(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        request(app, &reference).expect(200);
        sign(app, Who::Signatory, &reference, &view(app, &reference)["hash"]).expect(200);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        let confirmed = view(app, &reference);
        assert_eq!((&confirmed["current"], &confirmed["signatures"][0]["changed"][0]["title"]), (&true.into(), &"Borchester City Council".into()));
        app.client(Who::Officer).patch(&invitation, 2, json!({ "role": "User research" })).expect(200);
        assert_eq!(view(app, &reference)["current"], false);
        let said = text_of_last(app, "sign-off-void");
        assert!(said.contains("What Borchester City Council does is “User research” now. It was not said."), "{said}");
    }

    fn a_signature_of_before_terms_were_kept_goes_by_everything_that_was_said(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        app.client(Who::Officer).patch(&invitation, 1, json!({ "role": "User research" })).expect(200);
        request(app, &reference).expect(200);
        sign(app, Who::Signatory, &reference, &view(app, &reference)["hash"]).expect(200);
        as_before_terms_were_kept(app, &reference);
        assert_eq!(view(app, &reference)["current"], true, "though the partner's role was no part of the version then");
        answer(app, &reference, "Slow repairs.");
        let now = view(app, &reference);
        assert_eq!((&now["current"], &sign_off(&now)["state"]), (&false.into(), &"requested".into()));
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

    fn a_body_without_a_section_151_officer_has_a_chief_finance_officer_wherever_it_signs(app: &TestApp) {
        let kind = |kind: OrganisationKind| {
            app.block_on(|app| async move {
                let ambridge = organisations::table.filter(organisations::code.eq("AMB"));
                let change = move |conn: &mut Conn| {
                    diesel::update(ambridge).set(organisations::kind.eq(kind.word())).execute(conn)?;
                    Ok(())
                };
                app.db.write(change).await.unwrap();
            });
        };
        let reference = full_application(app);
        request(app, &reference).expect(200);
        let mut lead = app.browser(Who::Officer);
        for (of, officer, task) in [
            (OrganisationKind::County, "section 151 officer", "Section 151 officer’s sign-off"),
            (OrganisationKind::FireAuthority, "chief finance officer", "Chief finance officer’s sign-off"),
        ] {
            kind(of);
            lead.open(&format!("/bids/{reference}")).sees(task).sees(&format!("Ambridge Borough Council, {officer}"));
            lead.open(&format!("/bids/{reference}/history")).sees(&format!("Sign-off by the {officer} of Ambridge"));
            lead.open("/dashboard").sees(&format!("Not signed by the {officer} of Ambridge Borough Council (asked)"));
        }
        sign(app, Who::Signatory, &reference, &view(app, &reference)["hash"]).expect(200);
        let said = text_of_last(app, "signed");
        assert!(said.contains("The chief finance officer of Ambridge Borough Council has signed"), "{said}");
        assert!(!app.browser(Who::Officer).open("/dashboard").has("Not signed by"));
    }

    fn who_has_signed_is_seen_by_the_councils_and_once_it_is_submitted_by_staff(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        let path = format!("/api/v1/bids/{reference}/signatures");
        assert_eq!(app.client(Who::Partner).get(&path).problem(), (403, "not_allowed".into()), "it has not confirmed");
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        let stands = |who| app.client(who).get(&path).expect(200).json()[0]["stands"].clone();
        request(app, &reference).expect(200);
        assert_eq!((stands(Who::Officer), stands(Who::Partner)), (false.into(), false.into()));
        sign(app, Who::Signatory, &reference, &view(app, &reference)["hash"]).expect(200);
        assert_eq!((stands(Who::Officer), stands(Who::Partner)), (true.into(), true.into()));
        app.browser(Who::Partner).open(&format!("/bids/{reference}")).sees("Who signs").sees("Signatory Person, at");
        assert_eq!(app.client(Who::Manager).get(&path).expect(200).json(), json!([]), "nothing stands that staff read");
    }

    fn a_signature_stands_after_an_upload_because_documents_are_not_what_is_signed_for(app: &TestApp) {
        let reference = full_application(app);
        ask_for_letters(app, false);
        request(app, &reference).expect(200);
        let hash = view(app, &reference)["hash"].clone();
        sign(app, Who::Signatory, &reference, &hash).expect(200);
        let officer = app.client(Who::Officer);
        upload(&officer, &reference, "plan.pdf", PDF).expect(201);
        give(&officer, &reference, "letter.pdf", b"%PDF-1.4 a letter").expect(201);
        app.work();
        let now = view(app, &reference);
        assert_eq!((&now["current"], &sign_off(&now)["state"]), (&true.into(), &"signed".into()));
        assert_ne!(now["hash"], hash, "what the bid says is another");
        assert!(!letters(app).iter().any(|(template, _)| template == "sign-off-void"));
        assert!(!events(app, &reference).contains(&"sign_off.void".to_owned()));
        app.browser(Who::Signatory).open(&format!("/bids/{reference}/sign-off")).sees("letter.pdf").sees("plan.pdf");
        edit(app, &reference, 60_000);
        assert_eq!(sign_off(&view(app, &reference))["state"], "requested", "another ask is what was signed for");
    }

    fn a_newer_version_with_the_same_terms_needs_no_other_signature_and_staff_see_who_signed_what_stands(app: &TestApp) {
        let story = Story::submitted_in_full(app);
        let reference = story.reference.clone();
        answer(app, &reference, "Slow and dear repairs.");
        let again = format!("/api/v1/bids/{reference}/actions/resubmit_full");
        app.client(Who::Officer).post(&again, json!({})).expect(200);
        edit(app, &reference, 7_000_000);
        let path = format!("/api/v1/bids/{reference}/signatures");
        let stands = |who| app.client(who).get(&path).expect(200).json()[0]["stands"].clone();
        assert_eq!((stands(Who::Officer), stands(Who::Manager)), (false.into(), true.into()), "each of what they read");
        app.browser(Who::Manager).open(&format!("/bids/{reference}")).sees("Who signs").sees("Signatory Person, at");
        assert_eq!(app.client(Who::Officer).post(&again, json!({})).problem(), (409, "not_yet".into()), "other terms");
    }

    fn nothing_is_signed_or_waits_to_be_signed_once_full_applications_have_closed(app: &TestApp) {
        let reference = full_application(app);
        request(app, &reference).expect(200);
        app.clock.set(moment(CLOSES));
        let hash = view(app, &reference)["hash"].clone();
        app.browser(Who::Signatory).open("/dashboard").sees("Sign “Better repairs”");
        app.clock.set(moment(CLOSES).plus(Duration::from_micros(1)));
        let refused = sign(app, Who::Signatory, &reference, &hash);
        assert_eq!(refused.problem(), (409, "deadline_passed".into()));
        assert!(refused.text().contains("Full applications closed at"), "{}", refused.text());
        let mut dashboard = app.browser(Who::Signatory);
        assert!(!dashboard.open("/dashboard").has("Sign “Better repairs”"));
        assert!(!app.browser(Who::Officer).open("/dashboard").has("Not signed by"));
        assert_eq!(sign_off(&view(app, &reference))["state"], "requested", "it stays, for the bid may get more time");
    }

    fn what_was_written_in_full_is_read_by_its_councils_after_the_bid_was_taken_back(app: &TestApp) {
        let reference = full_application(app);
        let officer = app.client(Who::Officer);
        let path = format!("/api/v1/bids/{reference}");
        officer.put(&format!("{path}/answers/plan"), 0, json!({ "value": "We build it together.", "complete": true })).expect(200);
        officer.post(&format!("{path}/actions/withdraw"), json!({})).expect(200);
        let read = officer.get(&path).expect(200).json();
        assert_eq!((&read["state"], &read["stage"]), (&json!("withdrawn"), &json!("full")));
        assert_eq!(read["content"]["answers"]["plan"], "We build it together.");
        app.browser(Who::Officer).open(&format!("/bids/{reference}")).sees("We build it together.");
        assert!(officer.get(&format!("/bids/{reference}/draft")).text().contains("We build it together."));
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
