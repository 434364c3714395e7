//! Whatever councils do in whatever order, and at once: a signature that stands is one of the terms as they are, and a bid
//! has one lead.

use std::collections::BTreeSet;

use diesel::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use roundtable::{
    bids::content::{Content, Sealed},
    db::{Conn, schema::sign_offs},
    ids::{Id, OrganisationKey},
};
use serde_json::{Value, json};

use super::{
    council,
    councils_sign::{ask_every_council, sign, view},
    events, full_application, invite_borchester,
};
use crate::harness::{
    app::{START, TestApp, Who, moment},
    databases::on_each_database,
};

const SEQUENCES: u64 = 8;
const STEPS: usize = 40;
const AT_ONCE: usize = 120;

/// One thing that somebody of the councils does, and the jobs that follow from it.
fn step(app: &TestApp, reference: &str, rng: &mut ChaCha8Rng) -> String {
    let (done, status) = act(app, reference, rng);
    assert!([200, 201, 403, 404, 409].contains(&status), "{done}");
    app.work();
    done
}

/// One thing that somebody of the councils does, and the status that answered it. Much of it is refused where the bid stands,
/// which is as good.
pub(super) fn act(app: &TestApp, reference: &str, rng: &mut ChaCha8Rng) -> (String, u16) {
    let bid = format!("/api/v1/bids/{reference}");
    let lead = app.client(Who::Officer);
    let code = if rng.random_bool(0.7) { "BOR" } else { "CAS" };
    let whom = if code == "BOR" { Who::Partner } else { Who::Stranger };
    let partners = lead.get(&format!("{bid}/partners")).expect(200).json();
    let partner = partners["partners"].as_array().unwrap().iter().find(|partner| partner["code"] == code).cloned();
    let at = partner.as_ref().map(|partner| format!("{bid}/partners/{}", partner["id"].as_str().unwrap()));
    let version = partner.as_ref().map_or(0, |partner| partner["version"].as_i64().unwrap());
    let heading = || lead.get(&bid).expect(200).json();
    let reason = json!({ "reason": "We have no people for it." });
    let pence = rng.random_range(1..4_i64) * 10_000;
    let other = if code == "BOR" { "CAS" } else { "BOR" };
    let kind = rng.random_range(0..22);
    let answer = match (kind, &at) {
        (0, _) => lead.post(&format!("{bid}/partners"), json!({ "organisation": code, "share_pence": pence })),
        (1 | 2, Some(at)) => app.client(whom).post(&format!("{at}/confirm"), json!({})),
        (3, Some(at)) => lead.patch(at, version, json!({ "share_pence": pence })),
        (4, Some(at)) => lead.patch(at, version, json!({ "role": format!("Part {pence}") })),
        (5, Some(at)) => lead.delete_at(at, version),
        (6, Some(at)) => app.client(whom).post(&format!("{at}/leave"), reason),
        (7, _) => {
            let now = heading();
            let version = now["answer_versions"]["problem"].as_i64().unwrap_or(0);
            lead.put(
                &format!("{bid}/answers/problem"),
                version,
                json!({ "value": format!("Words {pence}"), "complete": true }),
            )
        }
        (8, _) => {
            let line =
                json!({ "category": "lead", "organisation_id": null, "description": "Research", "pence": pence });
            lead.put(&format!("{bid}/costs"), heading()["version"].as_i64().unwrap(), json!({ "costs": [line] }))
        }
        (9, _) => {
            let who = if rng.random_bool(0.5) { Who::Signatory } else { Who::PartnerSignatory };
            app.client(who).post(&format!("{bid}/sign-off/changes"), json!({ "words": "Not yet." }))
        }
        (10 | 13 | 14, _) => sign(app, Who::PartnerSignatory, reference, Value::Null),
        (11 | 15 | 16, _) => sign(app, Who::Signatory, reference, Value::Null),
        (17, Some(at)) => {
            let kinds = [("partner_council", pence), ("delivery_partner", pence), ("supporter", 0)];
            let (kind, share) = kinds[rng.random_range(0..3)];
            lead.patch(at, version, json!({ "kind": kind, "share_pence": share, "part": { "cash_pence": pence } }))
        }
        (18, Some(at)) => {
            let body = json!({ "organisation": other, "reason": "It was reorganised." });
            lead.send("POST", &format!("{at}/replace"), &[("If-Match", &format!("\"v{version}\""))], Some(&body))
        }
        (19, _) => {
            let name = format!("Repairs {}", rng.random_range(0..1_000_000_000));
            let organisation = json!({
                "name": name, "kind": "other", "nation": "england", "about": "A charity.", "contact_name": "Alex",
                "contact_email": "alex@repairs.example",
            });
            lead.post(&format!("{bid}/unknown-partners"), json!({ "organisation": organisation }))
        }
        (20, _) => {
            let (manager, desk) = (app.client(Who::Manager), "/api/v1/funds/test-fund/organisation-requests");
            let requests = manager.get(desk).expect(200).json();
            let waiting = requests.as_array().unwrap().iter().find(|request| request["state"] == "waiting").cloned();
            let code = json!({ "code": format!("U{}", rng.random_range(0..1_000_000_000)) });
            match waiting {
                Some(request) => manager.post(&format!("{desk}/{}/accept", request["id"].as_str().unwrap()), code),
                None => manager.get(desk),
            }
        }
        _ => lead.post(&format!("{bid}/sign-off"), json!({})),
    };
    let said = answer.text();
    // A supporter has no share, so that a share of one is bad input; anything else of the kind is a fault.
    let refused = if kind == 3 && said.contains("supporter_has_no_share") { 409 } else { answer.status };
    (format!("{kind} {code} {} {}", answer.status, answer.problem().1), refused)
}

/// Of every sign-off of the bid: its council, its state, the hash of its terms, and the text that was signed.
pub(super) fn kept(
    app: &TestApp,
    reference: &str,
) -> Vec<(Id<OrganisationKey>, String, Option<Vec<u8>>, Option<String>)> {
    let reference = reference.to_owned();
    let read = move |conn: &mut Conn| {
        let bid = roundtable::bids::store::id_of(conn, &reference)?;
        let of_bid = sign_offs::table.filter(sign_offs::bid_id.eq(bid)).order(sign_offs::id);
        Ok(of_bid
            .select((sign_offs::organisation_id, sign_offs::state, sign_offs::terms_hash, sign_offs::signed_text))
            .load(conn)?)
    };
    app.block_on(|app| async move { app.db.read(read).await.unwrap() })
}

/// What must hold of a bid at any time once the jobs are done; gives how many signatures stand.
pub(super) fn holds(app: &TestApp, reference: &str, done: &[String]) -> usize {
    let view = view(app, reference);
    let content: Content = serde_json::from_value(view["content"].clone()).unwrap();
    let now = Sealed::of(content.clone()).unwrap();
    assert_eq!(view["terms"], hex::encode(&now.terms), "{done:?}");
    assert_eq!(content.lead.code, "AMB", "{done:?}");
    let mut councils: BTreeSet<_> = [content.lead.id].into();
    for partner in &content.partners {
        assert!(
            councils.insert(partner.organisation.id),
            "a council takes part once, and the lead is no partner: {done:?}"
        );
        assert!(!partner.only_supports() || partner.share_pence.0 == 0, "a supporter has no share: {done:?}");
    }
    for supporter in content.partners.iter().filter(|partner| partner.only_supports()) {
        councils.remove(&supporter.organisation.id);
    }
    linked(app, reference, done);
    let (mut open, mut standing) = (BTreeSet::new(), 0);
    for (organisation, state, terms, text) in kept(app, reference) {
        if state == "requested" || state == "signed" {
            assert!(councils.contains(&organisation), "it takes part: {done:?}");
            assert!(open.insert(organisation), "one for each council: {done:?}");
        }
        if state == "signed" {
            standing += 1;
            assert_eq!(terms.as_ref(), Some(&now.terms), "a signature stands for the terms that stand: {done:?}");
            let signed: Content = serde_json::from_str(&text.unwrap()).unwrap();
            assert_eq!(Sealed::of(signed).unwrap().terms, now.terms, "{done:?}");
        }
    }
    let said = view["signatures"].as_array().unwrap().iter().filter(|one| one["stands"] == true).count();
    assert_eq!(said, standing, "the page says what is kept: {done:?}");
    assert_eq!(view["current"].as_bool().unwrap(), standing == councils.len(), "{done:?}");
    standing
}

/// Whoever was replaced is out, and its place was taken by a partner of the same bid. What is not checked is no partner.
fn linked(app: &TestApp, reference: &str, done: &[String]) {
    let partners = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
    let unchecked: Vec<&Value> = partners["unchecked"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    let partners = partners["partners"].as_array().unwrap();
    assert!(partners.iter().all(|partner| !unchecked.contains(&&partner["name"])), "nobody is one unchecked: {done:?}");
    for gone in partners.iter().filter(|partner| !partner["replaced_by"].is_null()) {
        assert_eq!(gone["state"], "withdrawn", "{done:?}");
        let other = |one: &&Value| one["id"] == gone["replaced_by"] && one["id"] != gone["id"];
        assert!(partners.iter().any(|one| other(&one)), "{done:?}");
    }
}

on_each_database! {
    fn after_any_sequence_of_actions_signatures_are_of_the_terms_that_stand(app: &TestApp) {
        ask_every_council(app);
        let mut most = 0;
        for seed in 0..SEQUENCES {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            app.clock.set(moment(START));
            let reference = full_application(app);
            let mut done = Vec::new();
            for _ in 0..STEPS {
                done.push(step(app, &reference, &mut rng));
                most = most.max(holds(app, &reference, &done));
            }
            let kinds = events(app, &reference);
            let count = |kind: &str| kinds.iter().filter(|other| *other == kind).count();
            assert!(count("sign_off.void") <= count("sign_off.signed"), "{kinds:?}");
        }
        assert!(most >= 2, "some sequences bring the signatures of both councils: {most}");
    }

    fn signing_and_another_share_or_taking_out_at_once_leave_no_signature_of_other_terms(app: &TestApp) {
        ask_every_council(app);
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        let [lead, signatory, partner] = [Who::Officer, Who::Signatory, Who::Partner].map(|who| app.client(who));
        partner.post(&format!("{invitation}/confirm"), json!({})).expect(200);
        let path = format!("/api/v1/bids/{reference}/sign-off");
        let (mut signed_first, mut refused) = (0, 0);
        for turn in 0..AT_ONCE {
            lead.post(&path, json!({}));
            let hash = lead.get(&path).expect(200).json()["hash"].clone();
            let stands = lead.get(&invitation).expect(200).json();
            let version = stands["version"].as_i64().unwrap();
            let (one, other) = std::thread::scope(|scope| {
                let sign = scope.spawn(|| signatory.post(&format!("{path}/sign"), json!({ "hash": hash })));
                let change = scope.spawn(|| match turn % 3 {
                    0 => lead.delete_at(&invitation, version),
                    1 => lead.patch(&invitation, version, json!({ "share_pence": turn + 1 })),
                    _ => partner.post(&format!("{invitation}/leave"), json!({ "reason": "We have no people for it." })),
                });
                (sign.join().unwrap(), change.join().unwrap())
            });
            other.expect(200);
            match one.status {
                200 => signed_first += 1,
                _ => {
                    assert_eq!(one.problem(), (409, "version_changed".into()));
                    refused += 1;
                }
            }
            app.work();
            assert_eq!(holds(app, &reference, &[turn.to_string()]), 0, "the terms are others now");
            if turn % 3 != 1 {
                lead.post(&format!("/api/v1/bids/{reference}/partners"), json!({ "organisation": council(app, "BOR") })).expect(201);
            }
            partner.post(&format!("{invitation}/confirm"), json!({})).expect(200);
        }
        assert_eq!(signed_first + refused, AT_ONCE, "each came to one of the two ends");
        let voided = events(app, &reference).iter().filter(|kind| *kind == "sign_off.void").count();
        assert_eq!(voided, signed_first, "whoever had signed was told");
    }
}
