//! Whatever two councils do with the lead of their bid in whatever order: it has one lead, its shares add up, and a signature that
//! stands is one of the terms as they are.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use roundtable::bids::content::{Content, Sealed};
use serde_json::{Value, json};

use super::{
    any_order::kept,
    councils_sign::{ask_every_council, sign, view},
    full_application, invite_borchester,
};
use crate::harness::{
    app::{START, TestApp, Who, moment},
    databases::on_each_database,
};

const SEQUENCES: u64 = 6;
const STEPS: usize = 40;
const ASK: i64 = 50_000;

/// Who writes for a council of the two, and who signs for it.
fn people(code: &str) -> (Who, Who) {
    if code == "AMB" { (Who::Officer, Who::Signatory) } else { (Who::Partner, Who::PartnerSignatory) }
}

fn lead(app: &TestApp, reference: &str) -> String {
    let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    bid["content"]["lead"]["code"].as_str().unwrap().to_owned()
}

/// The lead gives the other council another share, and writes the costs that go with it.
fn share(app: &TestApp, reference: &str, share: i64) {
    let code = lead(app, reference);
    let (client, path) = (app.client(people(&code).0), format!("/api/v1/bids/{reference}"));
    let partners = client.get(&format!("{path}/partners")).expect(200).json();
    let stands = |partner: &&Value| ["invited", "confirmed"].contains(&partner["state"].as_str().unwrap());
    let partner = partners["partners"].as_array().unwrap().iter().find(stands).unwrap().clone();
    let at = format!("{path}/partners/{}", partner["id"].as_str().unwrap());
    client.patch(&at, partner["version"].as_i64().unwrap(), json!({ "share_pence": share })).expect(200);
    let version = client.get(&path).expect(200).json()["version"].as_i64().unwrap();
    let costs = json!({ "costs": [
        { "category": "lead", "organisation_id": null, "description": "Research", "pence": ASK - share },
        { "category": "partner", "organisation_id": partner["organisation_id"], "description": "Tests", "pence": share },
    ] });
    client.put(&format!("{path}/costs"), version, costs).expect(200);
}

/// One thing that somebody of the two councils does. Much of it is refused where the bid stands, which is as good.
fn step(app: &TestApp, reference: &str, rng: &mut ChaCha8Rng) -> String {
    let path = format!("/api/v1/bids/{reference}");
    let who = people(if rng.random_bool(0.5) { "AMB" } else { "BOR" });
    let client = app.client(who.0);
    let changes = client.get(&format!("{path}/partnership-changes"));
    let open = (changes.status == 200).then(|| changes.json()[0].clone()).filter(|one| one["state"] == "open");
    let at = open.as_ref().map(|one| format!("{path}/partnership-changes/{}", one["id"].as_str().unwrap()));
    let kind = rng.random_range(0..14);
    let answer = match (kind, at) {
        (0..=2, None) => {
            let new = if lead(app, reference) == "AMB" { "BOR" } else { "AMB" };
            let body = json!({ "kind": "lead", "organisation": new, "words": "They have the people." });
            client.post(&format!("{path}/partnership-changes"), body)
        }
        (0..=4, Some(at)) => client.post(&format!("{at}/agree"), json!({ "seen": open.unwrap()["seen"] })),
        (5, Some(at)) => client.post(&format!("{at}/take-back"), json!({})),
        (6, Some(at)) => client.post(&format!("{at}/refuse"), json!({ "reason": "Not now." })),
        (7, _) => {
            share(app, reference, rng.random_range(1..4_i64) * 10_000);
            return "share".into();
        }
        (8 | 9, _) => {
            let partners = client.get(&format!("{path}/partners"));
            let invited = partners.json()["partners"].as_array().and_then(|all| {
                let found = all.iter().find(|partner| partner["state"] == "invited")?;
                Some(found["id"].as_str().unwrap().to_owned())
            });
            client.post(&format!("{path}/partners/{}/confirm", invited.unwrap_or_else(|| "none".into())), json!({}))
        }
        (10 | 11, _) => sign(app, who.1, reference, Value::Null),
        _ => client.post(&format!("{path}/sign-off"), json!({})),
    };
    assert!([200, 201, 403, 404, 409, 412, 422].contains(&answer.status), "{kind}: {}", answer.text());
    app.work();
    format!("{kind} {:?} {}", who.0, answer.status)
}

fn holds(app: &TestApp, reference: &str, done: &[String]) -> usize {
    let view = view(app, reference);
    let content: Content = serde_json::from_value(view["content"].clone()).unwrap();
    let now = Sealed::of(content.clone()).unwrap();
    assert_eq!(content.partners.len(), 1, "the other of the two: {done:?}");
    let councils: BTreeSet<&str> = [content.lead.code.as_str(), content.partners[0].organisation.code.as_str()].into();
    assert_eq!(councils, ["AMB", "BOR"].into(), "{done:?}");
    let faults =
        app.client(people(&content.lead.code).0).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
    assert_eq!(faults["share_faults"], json!([]), "{done:?}");
    let mut signed = 0;
    let mut open = BTreeSet::new();
    for (organisation, state, terms, _) in kept(app, reference) {
        if state == "signed" || state == "requested" {
            assert!(open.insert(organisation), "one for each council: {done:?}");
        }
        if state == "signed" {
            signed += 1;
            assert_eq!(terms.as_ref(), Some(&now.terms), "a signature stands for the terms that stand: {done:?}");
        }
    }
    signed
}

on_each_database! {
    fn after_any_sequence_of_changes_of_lead_shares_add_up_and_signatures_are_of_the_terms_that_stand(app: &TestApp) {
        ask_every_council(app);
        let (mut signed, mut changed) = (0, 0);
        for seed in 0..SEQUENCES {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            app.clock.set(moment(START));
            let reference = full_application(app);
            let invitation = invite_borchester(app, &reference);
            app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
            let path = format!("/api/v1/bids/{reference}");
            let version = app.client(Who::Officer).get(&path).expect(200).json()["version"].as_i64().unwrap();
            app.client(Who::Officer).patch(&path, version, json!({ "ask_pence": ASK })).expect(200);
            share(app, &reference, 20_000);
            let mut done = Vec::new();
            for _ in 0..STEPS {
                let before = lead(app, &reference);
                done.push(step(app, &reference, &mut rng));
                signed = signed.max(holds(app, &reference, &done));
                changed += usize::from(lead(app, &reference) != before);
            }
        }
        assert!(signed == 2 && changed >= 3, "some sequences bring both signatures, and other leads: {signed}, {changed}");
    }
}
