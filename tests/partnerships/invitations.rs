//! Inviting, confirming, declining, changing and taking out.

use serde_json::json;

use super::{bad_input::abolish, bid, council, events, full_application, invite_borchester, letters};
use crate::harness::{
    app::{TestApp, Who, moment},
    databases::on_each_database,
};

on_each_database! {
    fn a_council_is_invited_and_confirms_in_its_own_account(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let to = ["partner@test.example", "partnersignatory@test.example"];
        assert_eq!(letters(app), to.map(|to| ("invitation".to_owned(), to.to_owned())));
        let confirmed = app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200).json();
        assert_eq!((&confirmed["state"], &confirmed["share_pence"]), (&"confirmed".into(), &20_000.into()));
        assert!(letters(app).contains(&("confirmed".into(), "officer@test.example".into())));
        assert_eq!(events(app, &reference)[1..], ["partner.invited", "partner.confirmed"]);
    }

    fn a_partner_that_confirms_twice_is_told_so_and_nothing_changes(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let confirm = |who| app.client(who).post(&format!("{invitation}/confirm"), json!({}));
        let first = confirm(Who::Partner).expect(200).json();
        assert_eq!(confirm(Who::PartnerSignatory).problem(), (409, "answered_already".into()));
        let decline = json!({ "reason": "We changed our mind" });
        let declined = app.client(Who::Partner).post(&format!("{invitation}/decline"), decline);
        assert_eq!(declined.problem(), (409, "answered_already".into()));
        assert_eq!(app.client(Who::Officer).get(&invitation).expect(200).json(), first);
        assert_eq!(events(app, &reference).iter().filter(|kind| *kind == "partner.confirmed").count(), 1);
    }

    fn a_confirmation_repeated_with_its_key_gets_its_first_answer_again(app: &TestApp) {
        let invitation = invite_borchester(app, &bid(app));
        let partner = app.client(Who::Partner);
        let confirm = || partner.send("POST", &format!("{invitation}/confirm"), &[("Idempotency-Key", "k1")], None);
        let first = confirm().expect(200).json();
        assert_eq!(confirm().expect(200).json(), first);
    }

    fn a_council_declines_with_a_reason_and_can_be_invited_again(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let decline = |reason: &str| {
            app.client(Who::Partner).post(&format!("{invitation}/decline"), json!({ "reason": reason }))
        };
        assert_eq!(decline(" ").json()["errors"][0]["pointer"], "/reason");
        assert_eq!(decline("No people to spare").expect(200).json()["state"], "declined");
        assert!(letters(app).contains(&("declined".into(), "officer@test.example".into())));
        assert_eq!(app.client(Who::Partner).get(&invitation).status, 404, "it no longer sees the bid");
        assert_eq!(invite_borchester(app, &reference), invitation);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
    }

    fn councils_are_found_by_names_that_they_had_and_by_their_ons_code_and_of_one_that_is_gone_the_successor(app: &TestApp) {
        use roundtable::{actor::Actor, identity::{policy::{self, Action}, store::organisations}};
        let page = format!("/bids/{}/partners", bid(app));
        app.block_on(|app| async move {
            let write = app.db.write(|conn| {
                let granted = policy::service(conn, &Actor::System, Action::ManageOrganisations)?;
                let mut found = organisations::find(conn, "BOR")?.unwrap();
                found.ons_code = Some("E07000999".into());
                organisations::change(conn, &granted, &found)?;
                let names = [found.name, "Borsetshire Rural".into()];
                organisations::set_names(conn, &granted, found.id, &names)?;
                let other = organisations::find(conn, "CAS")?.unwrap();
                organisations::set_names(conn, &granted, other.id, std::slice::from_ref(&other.name)).map(drop)
            });
            write.await.unwrap();
        });
        let offered = |q: &str| {
            let text = app.client(Who::Officer).get(&format!("{page}?q={q}")).expect(200).text();
            ["BOR", "CAS"].map(|code| text.contains(&format!("value=\"{code}\"")))
        };
        assert_eq!(offered("rural"), [true, false], "by a name that it had");
        assert_eq!(offered("e07000999"), [true, false], "by its ONS code");
        assert_eq!(offered("casterbridge"), [false, true]);
        abolish(app, "CAS", "BOR");
        assert_eq!(offered("casterbridge"), [true, false], "whoever does its work now");
    }

    fn only_the_invited_council_answers_and_only_the_lead_invites(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let confirm = |who| app.client(who).post(&format!("{invitation}/confirm"), json!({})).problem();
        assert_eq!(confirm(Who::Officer), (403, "not_allowed".into()));
        for who in [Who::Stranger, Who::Manager, Who::Assessor, Who::Nobody] {
            assert_eq!(confirm(who), (404, "not_found".into()), "{who:?}");
        }
        let list = format!("/api/v1/bids/{reference}/partners");
        let casterbridge = json!({ "organisation": "CAS" });
        app.client(Who::Officer).post(&list, casterbridge.clone()).expect(201);
        assert_eq!(confirm(Who::Stranger), (403, "not_allowed".into()), "invited too, but not by this invitation");
        assert_eq!(app.client(Who::Partner).post(&list, casterbridge).problem(), (403, "not_allowed".into()));
        assert_eq!(app.client(Who::Manager).get(&list).status, 404, "staff do not read a draft");
    }

    fn another_share_must_be_confirmed_again_and_another_sponsor_need_not(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        let change = |version, body| app.client(Who::Officer).patch(&invitation, version, body);
        let sponsor = change(2, json!({ "sponsor": "Head of Digital" })).expect(200);
        assert_eq!((sponsor.json()["state"].clone(), sponsor.header("etag")), ("confirmed".into(), Some("\"v3\"")));
        assert_eq!(change(2, json!({ "share_pence": 1 })).problem(), (412, "stale_version".into()));
        let share = change(3, json!({ "share_pence": 30_000 })).expect(200).json();
        assert_eq!((&share["state"], &share["sponsor"]), (&"invited".into(), &"Head of Digital".into()));
        let sent = |name: &str| letters(app).iter().filter(|(template, _)| template == name).count();
        assert_eq!((sent("invitation"), sent("part-changed")), (2, 2), "asked once, and asked again");
    }

    fn a_partner_is_taken_out_as_it_was_read_and_not_otherwise(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let lead = app.client(Who::Officer);
        assert_eq!(lead.delete(&invitation).problem(), (428, "version_needed".into()));
        let mut browser = app.browser(Who::Officer);
        browser.open(&invitation.replace("/api/v1", "")).sees("The invitation is taken back.");
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        assert_eq!(lead.delete_at(&invitation, 1).problem(), (412, "stale_version".into()));
        browser.press("Take out Borchester City Council");
        assert_eq!(browser.status(), 412);
        let stands = lead.get(&invitation).expect(200);
        assert_eq!((&stands.json()["state"], stands.header("etag")), (&"confirmed".into(), Some("\"v2\"")));
        assert_eq!(lead.delete_at(&invitation, 2).expect(200).header("etag"), Some("\"v3\""));
    }

    fn a_partner_that_is_taken_out_sees_nothing_more(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let lead = app.client(Who::Officer);
        assert_eq!(lead.delete_at(&invitation, 1).expect(200).json()["state"], "withdrawn");
        assert_eq!(lead.delete_at(&invitation, 2).problem(), (409, "no_partner".into()));
        assert_eq!(app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).status, 404);
        let told = app.letters().into_iter().filter(|letter| letter.template == "partner-taken-out");
        let told: Vec<_> = told.map(|letter| (letter.recipient, letter.text)).collect();
        assert_eq!(told.len(), 2, "everybody of Borchester: {told:?}");
        assert!(told[0].1.contains("has taken back its invitation to Borchester City Council"), "{}", told[0].1);
        assert_eq!(events(app, &reference)[1..], ["partner.invited", "partner.withdrawn"]);
    }

    fn a_partner_leaves_with_a_reason_and_the_lead_reads_what_is_missing(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        let leave = |who, reason: &str| app.client(who).post(&format!("{invitation}/leave"), json!({ "reason": reason }));
        assert_eq!(leave(Who::Partner, "No people").problem(), (409, "no_partner".into()), "it has not confirmed: it declines");
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
        let lead = app.client(Who::Officer);
        let path = format!("/api/v1/bids/{reference}");
        let version = || lead.get(&path).json()["version"].as_i64().unwrap();
        lead.patch(&path, version(), json!({ "ask_pence": 20_000 })).expect(200);
        let line = json!({ "category": "partner", "organisation_id": council(app, "BOR"), "description": "Tests", "pence": 20_000 });
        lead.put(&format!("{path}/costs"), version(), json!({ "costs": [line] })).expect(200);
        assert_eq!(leave(Who::Officer, "Go").problem(), (403, "not_allowed".into()), "a lead takes a partner out");
        assert_eq!(leave(Who::Partner, " ").json()["errors"][0]["pointer"], "/reason");
        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}/invitation")).press("Leave this bid");
        assert_eq!(partner.errors()[0].0, "#reason");
        partner.fill("Why your council leaves", "No people to spare").press("Leave this bid").sees("Your council has left the bid");
        assert_eq!(app.client(Who::Partner).get(&path).status, 404);
        let left = lead.get(&invitation).expect(200).json();
        assert_eq!((&left["state"], &left["reason"]), (&"left".into(), &"No people to spare".into()));
        let letter = app.letters().into_iter().rfind(|letter| letter.template == "partner-left").unwrap();
        assert!(letter.text.contains("No people to spare"), "{}", letter.text);
        assert!(letter.text.contains("A cost of a partner names no partner of the bid."), "{}", letter.text);
        assert_eq!(events(app, &reference).last().unwrap(), "partner.left");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/partners")).sees("Left: No people to spare");
        assert_eq!(invite_borchester(app, &reference), invitation, "it can be invited again");
    }

    fn nobody_joins_or_leaves_after_full_applications_have_closed(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        app.clock.set(moment("2026-11-15T17:00:00.001Z"));
        let late = (409, "deadline_passed".to_owned());
        assert_eq!(app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).problem(), late);
        assert_eq!(app.client(Who::Officer).delete_at(&invitation, 1).problem(), late);
        app.clock.set(moment("2026-11-15T17:00:00Z"));
        app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
    }

    fn shares_that_do_not_add_up_are_named(app: &TestApp) {
        let reference = full_application(app);
        invite_borchester(app, &reference);
        let lead = app.client(Who::Officer);
        let path = format!("/api/v1/bids/{reference}");
        let version = || lead.get(&path).json()["version"].as_i64().unwrap();
        lead.patch(&path, version(), json!({ "ask_pence": 50_000 })).expect(200);
        let costs = |partner: i64| {
            json!({ "costs": [
                { "category": "lead", "organisation_id": null, "description": "Research", "pence": 30_000 },
                { "category": "partner", "organisation_id": council(app, "BOR"), "description": "Tests", "pence": partner },
            ] })
        };
        let faults = || lead.get(&format!("{path}/partners")).expect(200).json()["share_faults"].clone();
        lead.put(&format!("{path}/costs"), version(), costs(10_000)).expect(200);
        let found: Vec<_> = faults().as_array().unwrap().iter().map(|fault| fault["field"].clone()).collect();
        assert_eq!(found, ["costs", "partners/BOR/share_pence"]);
        lead.put(&format!("{path}/costs"), version(), costs(20_000)).expect(200);
        assert_eq!(faults(), json!([]));
    }
}
