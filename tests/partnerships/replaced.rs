//! Another organisation takes the place of a partner.

use serde_json::{Value, json};

use super::{
    council, events, full_application, invite_borchester, leads, letters,
    parts::{CHARITY, charity, invite_with_everything},
};
use crate::harness::{
    app::{Answer, TestApp, Who},
    databases::on_each_database,
};

const ROUNDS: usize = 12;

fn replace(app: &TestApp, invitation: &str, version: &str, body: &Value) -> Answer {
    app.client(Who::Officer).send("POST", &format!("{invitation}/replace"), &[("If-Match", version)], Some(body))
}

fn casterbridge() -> Value {
    json!({ "organisation": "CAS", "reason": "It was reorganised.", "people": { "contact_name": "Robin" } })
}

on_each_database! {
    fn a_partner_is_replaced_in_one_act_and_both_are_told(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_with_everything(app, &reference);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        let lead = app.client(Who::Officer);
        let path = format!("/api/v1/bids/{reference}");
        let version = || lead.get(&path).json()["version"].as_i64().unwrap();
        lead.patch(&path, version(), json!({ "ask_pence": 20_000 })).expect(200);
        let line = json!({ "category": "partner", "organisation_id": council(app, "BOR"), "description": "Tests", "pence": 20_000 });
        lead.put(&format!("{path}/costs"), version(), json!({ "costs": [line] })).expect(200);
        let before = version();
        let happened = events(app, &reference).len();
        let comes = replace(app, &invitation, "\"v2\"", &casterbridge()).expect(201);
        assert!(comes.header("location").unwrap().starts_with(&format!("{path}/partners/")));
        let comes = comes.json();
        let gone = lead.get(&invitation).expect(200).json();
        assert_eq!((&gone["state"], &gone["replaced_by"], &gone["reason"]), (&"withdrawn".into(), &comes["id"], &"It was reorganised.".into()));
        for same in ["share_pence", "role", "sponsor", "part", "kind"] {
            assert_eq!(comes[same], gone[same], "{same}");
        }
        assert_eq!((&comes["state"], &comes["people"]["contact_name"]), (&"invited".into(), &"Robin".into()));
        assert_eq!(gone["people"]["contact_name"], "", "nobody needs to know whom to ask there any more");
        let partners = lead.get(&format!("{path}/partners")).expect(200).json();
        assert_eq!(partners["share_faults"], json!([]), "the costs are those of the other now");
        assert!(version() > before, "whoever writes the costs hears that they changed");
        let sent = letters(app);
        assert!(sent.contains(&("partner-replaced".into(), Who::Partner.email())), "{sent:?}");
        assert!(sent.contains(&("invitation".into(), Who::Stranger.email())), "{sent:?}");
        assert_eq!(events(app, &reference)[happened..], ["partner.replaced"], "one event says all of it");
        let words = "Another partner takes the place of Borchester City Council: Casterbridge District Council";
        app.browser(Who::Officer).open(&format!("/bids/{reference}/history")).sees(words);
        app.browser(Who::Officer).open(&format!("/bids/{reference}/partners")).sees("Replaced by Casterbridge District Council: It was reorganised.");
        assert_eq!(app.client(Who::Partner).get(&path).status, 404);
        assert_eq!(invite_borchester(app, &reference), invitation, "it can be invited again");
        assert_eq!(lead.get(&invitation).expect(200).json()["replaced_by"], Value::Null);
    }

    fn a_partner_is_replaced_on_the_page(app: &TestApp) {
        let reference = full_application(app);
        invite_borchester(app, &reference);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}/partners")).follow("Change Borchester City Council").follow("Replace Borchester City Council");
        lead.sees("as a partner council with a share of £200").press("Replace Borchester City Council");
        assert_eq!(lead.errors().into_iter().map(|error| error.0).collect::<Vec<_>>(), ["#organisation", "#reason"]);
        lead.fill("Find an organisation", "CAS").press("Find").select("Who takes its place", "Casterbridge District Council");
        lead.fill("Why", "It steps out.").press("Replace Borchester City Council");
        lead.sees("Casterbridge District Council is invited in the place of Borchester City Council. Both are told.");
        lead.sees("Replaced by Casterbridge District Council: It steps out.");
    }

    fn wrong_replacements_are_refused_and_change_nothing(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        let lead = app.client(Who::Officer);
        let with = |organisation: &str, reason: &str| json!({ "organisation": organisation, "reason": reason });
        assert_eq!(lead.post(&format!("{invitation}/replace"), casterbridge()).problem(), (428, "version_needed".into()));
        let pointers = |answer: Answer| answer.json()["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect::<Vec<_>>();
        assert_eq!(pointers(replace(app, &invitation, "\"v1\"", &with(" ", " "))), ["/organisation", "/reason"]);
        assert_eq!(pointers(replace(app, &invitation, "\"v1\"", &with("Atlantis", "Why"))), ["/organisation"]);
        assert_eq!(replace(app, &invitation, "\"v1\"", &with("AMB", "Why")).problem(), (409, "is_lead".into()));
        assert_eq!(replace(app, &invitation, "\"v1\"", &with("BOR", "Why")).problem(), (409, "invited_already".into()));
        assert_eq!(replace(app, &invitation, "\"v9\"", &casterbridge()).problem(), (412, "stale_version".into()));
        for (who, status) in [(Who::Partner, 403), (Who::Stranger, 404), (Who::Manager, 403)] {
            let answer = app.client(who).send("POST", &format!("{invitation}/replace"), &[("If-Match", "\"v1\"")], Some(&casterbridge()));
            assert_eq!(answer.status, status, "{who:?}");
        }
        let partners = lead.get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        assert_eq!(partners["partners"].as_array().unwrap().len(), 1);
        assert_eq!(partners["partners"][0]["state"], "invited");
        lead.delete_at(&invitation, 1).expect(200);
        assert_eq!(replace(app, &invitation, "\"v2\"", &casterbridge()).problem(), (409, "no_partner".into()));
    }

    fn a_body_that_is_no_council_takes_a_councils_place_as_a_delivery_partner(app: &TestApp) {
        charity(app);
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        let comes = replace(app, &invitation, "\"v1\"", &json!({ "organisation": CHARITY, "reason": "It does the work." })).expect(201).json();
        assert_eq!((&comes["kind"], &comes["share_pence"]), (&"delivery_partner".into(), &20_000.into()));
    }

    fn two_people_who_replace_a_partner_at_once_bring_in_one(app: &TestApp) {
        charity(app);
        let reference = full_application(app);
        for turn in 0..ROUNDS {
            let invitation = invite_borchester(app, &reference);
            let list = format!("/api/v1/bids/{reference}/partners");
            let stands = app.client(Who::Officer).get(&invitation).expect(200);
            let version = stands.header("etag").unwrap().to_owned();
            let bodies = [casterbridge(), json!({ "organisation": CHARITY, "reason": "It does the work." })];
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let both = bodies.each_ref().map(|body| scope.spawn(|| replace(app, &invitation, &version, body).status));
                both.into_iter().map(|one| one.join().unwrap()).collect()
            });
            assert!(statuses.contains(&201) && statuses.iter().any(|status| [409, 412].contains(status)), "{turn}: {statuses:?}");
            let partners = app.client(Who::Officer).get(&list).expect(200).json();
            let standing: Vec<_> = partners["partners"].as_array().unwrap().iter().filter(|one| one["state"] == "invited").cloned().collect();
            assert_eq!(standing.len(), 1, "{turn}: {partners}");
            let comes = &standing[0];
            let at = format!("{list}/{}", comes["id"].as_str().unwrap());
            app.client(Who::Officer).delete_at(&at, comes["version"].as_i64().unwrap()).expect(200);
        }
    }

    fn the_page_of_partners_names_whoever_took_a_place_and_leads_by_now(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        let comes = replace(app, &invitation, "\"v1\"", &casterbridge()).expect(201).json();
        let confirm = format!("/api/v1/bids/{reference}/partners/{}/confirm", comes["id"].as_str().unwrap());
        app.client(Who::Stranger).post(&confirm, json!({})).expect(200);
        let lead = json!({ "kind": "lead", "organisation": "CAS", "words": "They have the people.", "terms": {} });
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/partnership-changes"), lead).expect(201);
        let path = leads::newest(app, Who::Stranger, &reference);
        assert_eq!(leads::agree(app, Who::Stranger, &path).expect(200).json()["state"], "done");
        app.browser(Who::Stranger).open(&format!("/bids/{reference}/partners")).sees("Replaced by Casterbridge District Council");
    }

}
