//! Two bids become one: both leads see and agree, every council and both texts are kept, and the other bid ends.

use diesel::prelude::*;
use roundtable::db::schema::bids;
use serde_json::{Value, json};

use super::{
    events,
    leads::{agree, newest},
};
use crate::{
    bids::documents::{PDF, ask_for_letters, content, give, letters as letters_of, list, names, one, stored, upload},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

/// A bid with every answer of its expression of interest.
pub(super) fn written(app: &TestApp, (who, council): (Who, &str), title: &str) -> (Client, String) {
    let client = app.client(who);
    let start = json!({ "round": ROUND, "lead": app.organisation(council), "title": title });
    let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
    client.patch(&format!("/api/v1/bids/{reference}"), 1, json!({ "phase": "discovery" })).expect(200);
    for question in ["problem", "assets"] {
        let body = json!({ "value": format!("Words of {title}."), "complete": true });
        client.put(&format!("/api/v1/bids/{reference}/answers/{question}"), 0, body).expect(200);
    }
    (client, reference)
}

pub(super) fn act(client: &Client, reference: &str, action: &str) -> Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({}))
}

pub(super) fn partner(app: &TestApp, lead: &Client, reference: &str, (who, code): (Who, &str), share: i64) {
    let path = format!("/api/v1/bids/{reference}/partners");
    let invited = lead.post(&path, json!({ "organisation": code, "share_pence": share })).expect(201).json();
    app.client(who).post(&format!("{path}/{}/confirm", invited["id"].as_str().unwrap()), json!({})).expect(200);
}

pub(super) fn costs(lead: &Client, reference: &str, lines: &[(Value, i64)]) {
    let path = format!("/api/v1/bids/{reference}");
    let version = || lead.get(&path).expect(200).json()["version"].as_i64().unwrap();
    let ask: i64 = lines.iter().map(|(_, pence)| pence).sum();
    lead.patch(&path, version(), json!({ "ask_pence": ask })).expect(200);
    let line = |(whose, pence): &(Value, i64)| {
        let category = if whose.is_null() { "lead" } else { "partner" };
        json!({ "category": category, "organisation_id": whose, "description": "Work", "pence": pence })
    };
    let lines: Vec<Value> = lines.iter().map(line).collect();
    lead.put(&format!("{path}/costs"), version(), json!({ "costs": lines })).expect(200);
}

/// Puts bids where their full applications are written.
pub(super) fn in_full(app: &TestApp, references: &[&String]) {
    app.at("2026-10-12T09:00:00Z");
    let all: Vec<String> = references.iter().map(|reference| (*reference).clone()).collect();
    app.block_on(|app| async move {
        let put = app.db.write(move |conn| {
            let stands = (bids::state.eq("full_draft"), bids::kind.eq("waiting"));
            diesel::update(bids::table.filter(bids::reference.eq_any(&all))).set(stands).execute(conn)?;
            Ok(())
        });
        put.await.unwrap();
    });
}

/// A bid of Ambridge with Borchester, and one of Casterbridge with Borchester, both published and written in full.
pub(super) fn two(app: &TestApp) -> (String, String) {
    let (officer, ours) = written(app, (Who::Officer, "AMB"), "Repairs");
    let (stranger, theirs) = written(app, (Who::Stranger, "CAS"), "Leaks");
    partner(app, &officer, &ours, (Who::Partner, "BOR"), 20_000);
    partner(app, &stranger, &theirs, (Who::Partner, "BOR"), 5_000);
    act(&officer, &ours, "submit_eoi").expect(200);
    act(&stranger, &theirs, "submit_eoi").expect(200);
    in_full(app, &[&ours, &theirs]);
    let (officer, stranger, borchester) =
        (app.client(Who::Officer), app.client(Who::Stranger), json!(app.organisation("BOR")));
    costs(&officer, &ours, &[(Value::Null, 30_000), (borchester.clone(), 20_000)]);
    costs(&stranger, &theirs, &[(Value::Null, 40_000), (borchester, 5_000)]);
    (ours, theirs)
}

pub(super) fn propose(app: &TestApp, who: Who, reference: &str, other: &str, other_stays: bool) -> Answer {
    let body =
        json!({ "kind": "merge", "other_bid": other, "other_stays": other_stays, "words": "It is one problem." });
    app.client(who).post(&format!("/api/v1/bids/{reference}/partnership-changes"), body)
}

pub(super) fn bid(app: &TestApp, who: Who, reference: &str) -> Value {
    app.client(who).get(&format!("/api/v1/bids/{reference}")).expect(200).json()
}

on_each_database! {
    fn two_bids_become_one_once_both_leads_have_seen_it_and_agreed(app: &TestApp) {
        let (ours, theirs) = two(app);
        let proposed = propose(app, Who::Officer, &ours, &theirs, false).expect(201).json();
        assert_eq!((&proposed["seen"], &proposed["changes"]), (&Value::Null, &json!([])), "neither sees the other's costs yet");
        assert_eq!(proposed["awaited"], json!(["Casterbridge District Council"]));
        let path = newest(app, Who::Officer, &ours);
        assert_eq!(agree(app, Who::Officer, &path).problem(), (409, "not_your_turn".into()));
        let mut stranger = app.browser(Who::Stranger);
        stranger.open("/dashboard").follow("Two bids to become one: “Leaks”").sees("The share of Borchester City Council is £250 now.");
        stranger.sees("both costs together are £950").press("Agree to this").sees("Those whose turn it is are asked by email.");
        let half = app.client(Who::Officer).get(&path).expect(200).json();
        assert!(half["seen"].is_string(), "{half}");
        let before = app.letters().len();
        assert_eq!(agree(app, Who::Officer, &path).expect(200).json()["state"], "done");
        let one = bid(app, Who::Officer, &ours);
        let partners: Vec<Value> = one["content"]["partners"].as_array().unwrap().iter()
            .map(|it| json!([it["organisation"]["code"], it["share_pence"], it["confirmed"]])).collect();
        assert_eq!(partners, [json!(["BOR", 25_000, false]), json!(["CAS", 40_000, true])]);
        assert_eq!((&one["content"]["lead"]["code"], &one["content"]["ask_pence"]), (&json!("AMB"), &json!(50_000)));
        let total: i64 = one["content"]["costs"].as_array().unwrap().iter().map(|line| line["pence"].as_i64().unwrap()).sum();
        assert_eq!(total, 95_000);
        let ended = bid(app, Who::Stranger, &theirs);
        assert_eq!((&ended["state"], &ended["content"]["lead"]["code"]), (&json!("withdrawn"), &json!("CAS")));
        app.browser(Who::Stranger).open(&format!("/bids/{theirs}")).sees("This bid became part of").follow("Repairs");
        app.browser(Who::Officer).open(&format!("/bids/{ours}")).sees(&format!("({theirs}) became part of this bid"));
        assert!(events(app, &ours).contains(&"bid.merged".to_owned()));
        app.browser(Who::Stranger).open(&format!("/bids/{theirs}/history")).sees(&format!("Became part of {ours}"));
        let told: Vec<_> = app.letters().into_iter().skip(before).map(|it| (it.template, it.recipient)).collect();
        for (template, who) in [("change-done", Who::Stranger), ("change-done", Who::Officer), ("invitation", Who::Partner)] {
            assert!(told.contains(&(template.to_owned(), who.email())), "{template} {who:?}: {told:?}");
        }
        assert!(!told.iter().any(|(template, _)| template == "withdrawn"), "one message says it all: {told:?}");
    }

    fn the_answers_of_the_bid_that_ended_stand_beside_the_questions_and_are_taken_over_one_by_one(app: &TestApp) {
        let (ours, theirs) = two(app);
        for (who, reference, words) in [(Who::Officer, &ours, "Ours."), (Who::Stranger, &theirs, "Theirs.")] {
            let body = json!({ "value": words, "complete": true });
            app.client(who).put(&format!("/api/v1/bids/{reference}/answers/problem"), 0, body).expect(200);
        }
        propose(app, Who::Officer, &ours, &theirs, false).expect(201);
        let path = newest(app, Who::Officer, &ours);
        agree(app, Who::Stranger, &path).expect(200);
        agree(app, Who::Officer, &path).expect(200);
        let merged = app.client(Who::Officer).get(&format!("/api/v1/bids/{ours}/merged-answers")).expect(200).json();
        assert_eq!((&merged[0]["reference"], &merged[0]["value"]), (&json!(theirs), &json!("Theirs.")));
        let mut writer = app.browser(Who::Stranger);
        writer.open(&format!("/bids/{ours}/questions/problem")).sees(&format!("What {theirs} said here")).sees("Theirs.");
        writer.press(&format!("Use the text of {theirs}")).sees("The text is taken over.");
        assert_eq!(bid(app, Who::Officer, &ours)["content"]["answers"]["problem"], "Theirs.");
        let history = app.client(Who::Officer).get(&format!("/api/v1/bids/{ours}/answers/problem/versions")).expect(200).json();
        assert!(history.to_string().contains("Ours."), "what stood there before is kept: {history}");
        assert_eq!(bid(app, Who::Stranger, &theirs)["content"]["answers"]["problem"], "Theirs.");
    }

    fn the_documents_of_both_bids_are_those_of_the_one_that_stays(app: &TestApp) {
        let (ours, theirs) = two(app);
        ask_for_letters(app, false);
        let (officer, stranger) = (app.client(Who::Officer), app.client(Who::Stranger));
        let (same, other) = (b"%PDF-1.4 both have it".as_slice(), b"%PDF-1.4 only one has it".as_slice());
        upload(&officer, &ours, "plan.pdf", PDF).expect(201);
        upload(&officer, &ours, "map.pdf", same).expect(201);
        upload(&stranger, &theirs, "Plan.pdf", other).expect(201);
        upload(&stranger, &theirs, "our map.pdf", same).expect(201);
        let gone = upload(&stranger, &theirs, "taken out.pdf", b"%PDF-1.4 no more").expect(201).json();
        stranger.delete(&one(&theirs, &gone)).expect(204);
        let of_ours = give(&officer, &ours, "letter.pdf", b"%PDF-1.4 of ours").expect(201).json();
        let of_theirs = give(&stranger, &theirs, "letter.pdf", b"%PDF-1.4 of theirs").expect(201).json();
        let before = stored(app);
        propose(app, Who::Officer, &ours, &theirs, false).expect(201);
        let path = newest(app, Who::Officer, &ours);
        let mut stranger_reads = app.browser(Who::Stranger);
        stranger_reads.open("/dashboard").follow("Two bids to become one: “Leaks”").sees(&format!("{ours} has the documents of both"));
        agree(app, Who::Stranger, &path).expect(200);
        agree(app, Who::Officer, &path).expect(200);
        let marked = [format!("Plan ({theirs}).pdf"), format!("letter ({theirs}).pdf")];
        let [plan, letter] = marked.each_ref().map(String::as_str);
        assert_eq!(names(&officer, &ours), [plan, letter, "letter.pdf", "map.pdf", "plan.pdf"]);
        assert_eq!(stored(app), before, "nothing is stored twice");
        let theirs_here = list(&officer, &ours).into_iter().find(|it| it["name"] == plan).unwrap();
        assert_eq!(content(&officer, &ours, &theirs_here).expect(200).body, other);
        assert_eq!(content(&stranger, &theirs, &of_theirs).expect(200).body, b"%PDF-1.4 of theirs", "and the bid that ended keeps its own");
        let brought = events(app, &ours).iter().filter(|kind| *kind == "document.brought").count();
        assert_eq!(brought, 2);
        app.browser(Who::Officer).open(&format!("/bids/{ours}/history")).sees(&format!("Document of {theirs} taken over"));
        assert_eq!(letters_of(&officer, &ours).0, json!([of_ours["hash"]]), "answers are taken over one by one");
        let mut writer = app.browser(Who::Stranger);
        writer.open(&format!("/bids/{ours}/questions/letters")).sees(&format!("letter ({theirs}).pdf"));
        writer.press(&format!("Use the documents of {theirs}")).sees("The documents are taken over, beside those that stood there.");
        assert_eq!(letters_of(&officer, &ours).0, json!([of_ours["hash"], of_theirs["hash"]]));
    }

    fn neither_of_two_bids_changes_before_both_have_agreed_and_either_can_say_no(app: &TestApp) {
        let (_, draft) = written(app, (Who::Partner, "BOR"), "Nobody knows of it");
        let (ours, theirs) = two(app);
        propose(app, Who::Officer, &ours, &theirs, true).expect(201);
        assert_eq!(propose(app, Who::Stranger, &theirs, &ours, false).problem(), (409, "proposed_already".into()));
        let path = newest(app, Who::Stranger, &theirs);
        agree(app, Who::Stranger, &path).expect(200);
        let back = app.client(Who::Stranger).post(&format!("{path}/take-back"), json!({})).expect(200).json();
        assert_eq!((&back["state"], &back["awaited"]), (&json!("open"), &json!(["Casterbridge District Council"])));
        let no = app.client(Who::Stranger).post(&format!("{path}/refuse"), json!({ "reason": "Ours is another problem." }));
        assert_eq!(no.expect(200).json()["state"], "refused");
        assert_eq!((bid(app, Who::Officer, &ours)["state"].clone(), bid(app, Who::Stranger, &theirs)["state"].clone()), (json!("full_draft"), json!("full_draft")));
        let unknown = propose(app, Who::Officer, &ours, "TEST-9999", false);
        assert_eq!(unknown.json()["errors"][0]["code"], "unknown_bid");
        assert_eq!(propose(app, Who::Officer, &ours, &draft, false).json(), unknown.json(), "a draft is as good as none");
    }

    fn whatever_was_proposed_about_a_bid_that_ends_is_over_and_nobody_signs_it(app: &TestApp) {
        let (ours, theirs) = two(app);
        app.client(Who::Stranger).post(&format!("/api/v1/bids/{theirs}/partnership-changes"),
            json!({ "kind": "lead", "organisation": "BOR", "words": "They lead better." })).expect(201);
        let lead = newest(app, Who::Stranger, &theirs);
        propose(app, Who::Officer, &ours, &theirs, false).expect(201);
        let path = newest(app, Who::Officer, &ours);
        agree(app, Who::Stranger, &path).expect(200);
        agree(app, Who::Officer, &path).expect(200);
        assert_eq!(app.client(Who::Stranger).get(&lead).expect(200).json()["state"], "lapsed");
        assert_eq!(act(&app.client(Who::Stranger), &theirs, "submit_full").status, 409);
    }

    fn whoever_agreed_first_is_asked_again_when_the_costs_change_before_the_last_agrees(app: &TestApp) {
        let (ours, theirs) = two(app);
        propose(app, Who::Officer, &ours, &theirs, false).expect(201);
        let path = newest(app, Who::Officer, &ours);
        agree(app, Who::Stranger, &path).expect(200);
        costs(&app.client(Who::Officer), &ours, &[(Value::Null, 31_000), (json!(app.organisation("BOR")), 20_000)]);
        app.at("2026-10-12T10:00:00Z");
        let before = app.letters().len();
        let asked = agree(app, Who::Officer, &path).expect(200).json();
        assert_eq!((&asked["state"], &asked["awaited"]), (&json!("open"), &json!(["Casterbridge District Council"])));
        let letters = app.letters();
        let again = letters.iter().skip(before).find(|letter| letter.recipient == Who::Stranger.email()).unwrap();
        assert!(again.text.contains("has changed since you agreed"), "{}", again.text);
        app.browser(Who::Stranger).open("/dashboard").sees("Two bids to become one: “Leaks”");
        assert_eq!(agree(app, Who::Officer, &path).problem(), (409, "not_your_turn".into()), "it is asked once");
        agree(app, Who::Stranger, &path).expect(200);
        assert_eq!(agree(app, Who::Officer, &path).expect(200).json()["state"], "done");
    }

}
