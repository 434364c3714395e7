//! The pages of a partnership, without JavaScript.

use std::time::Duration;

use serde_json::json;

use super::{full_application, invite_borchester, letters};
use crate::{
    account::kept_forms::{confirm, send_it_now},
    harness::{
        app::{TestApp, Who},
        chromium::{Visit, look_at},
        databases::{Engine, on_each_database},
    },
};

on_each_database! {
    fn a_lead_invites_a_council_confirms_and_the_section_151_officer_signs(app: &TestApp) {
        let reference = full_application(app);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}/partners")).select("Council", "Borchester City Council");
        lead.fill("Its share of the grant", "a lot").press("Invite council");
        assert_eq!(lead.errors()[0].0, "#share_pence");
        lead.fill("Its share of the grant", "12,500").fill("Who answers for it (optional)", "Director of Housing");
        lead.press("Invite council").sees("Borchester City Council is invited").sees("£12,500");

        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}/invitation")).sees("Ambridge Borough Council invites");
        partner.press("Decline the invitation");
        assert_eq!(partner.errors()[0].0, "#reason");
        partner.press("Confirm that we take part").sees("has confirmed that it takes part");
        lead.open(&format!("/bids/{reference}/partners")).sees("Confirmed on 12 October 2026");

        lead.open(&format!("/bids/{reference}/sign-off")).press("Ask for the signature").sees("Asked at");
        let mut signatory = app.browser(Who::Signatory);
        signatory.open(&format!("/bids/{reference}/sign-off")).press("Ask for changes");
        assert_eq!(signatory.errors()[0].0, "#words");
        signatory.press("Sign this version").sees("What stands now is signed");
        let templates: Vec<_> = letters(app).into_iter().map(|(template, _)| template).collect();
        for template in ["invitation", "confirmed", "sign-off-wanted", "signed"] {
            assert!(templates.iter().any(|sent| sent == template), "{template}");
        }
    }

    fn a_lead_changes_a_partner_and_takes_it_out(app: &TestApp) {
        let reference = full_application(app);
        invite_borchester(app, &reference);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}/partners")).follow("Change Borchester City Council");
        lead.fill("Its share of the grant", "-5").press("Save changes");
        assert_eq!(lead.errors()[0].0, "#share_pence");
        lead.fill("Its share of the grant", "300").press("Save changes").sees("£300");
        lead.follow("Change Borchester City Council").press("Take out Borchester City Council").sees("Taken out");
    }

    fn a_council_is_found_by_its_code_and_a_declined_invitation_is_gone(app: &TestApp) {
        let reference = full_application(app);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}/partners")).fill("Find a council", "atlantis").press("Find");
        lead.sees("No council that you can invite").fill("Find a council", "BOR").press("Find");
        lead.select("Council", "Borchester City Council").press("Invite council");
        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}/invitation"));
        partner.fill("Why your council does not take part", "No people to spare").press("Decline the invitation");
        partner.open(&format!("/bids/{reference}/invitation"));
        assert_eq!(partner.status(), 404);
        lead.open(&format!("/bids/{reference}/partners")).sees("Declined: No people to spare");
    }

    fn signing_asks_for_a_fresh_code_first(app: &TestApp) {
        let reference = full_application(app);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        let mut signatory = app.browser(Who::Signatory);
        app.clock.set(app.clock.now().plus(Duration::from_secs(3_600)));
        signatory.open(&format!("/bids/{reference}/sign-off")).press("Sign this version");
        assert_eq!(signatory.path(), format!("/account/fresh?return_to=%2Fbids%2F{reference}%2Fsign-off"));
    }

    fn the_changes_that_a_signatory_wants_are_kept_while_a_fresh_code_is_asked_for(app: &TestApp) {
        let reference = full_application(app);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        let mut signatory = app.browser(Who::Signatory);
        app.clock.set(app.clock.now().plus(Duration::from_secs(3_600)));
        signatory.open(&format!("/bids/{reference}/sign-off"));
        signatory.fill("Which changes you want before you sign", "Less travel & more testing.").press("Ask for changes");
        confirm(app, &mut signatory, Who::Signatory);
        assert_eq!(signatory.path(), "/kept-forms");
        signatory.sees("Less travel & more testing.");
        send_it_now(&mut signatory).sees("The people who write the bid are told which changes you want.");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/sign-off")).sees("Less travel & more testing.");
        signatory.open("/kept-forms").sees("Nothing is kept");
    }
}

#[test]
fn the_pages_are_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let reference = full_application(&app);
    let invitation = invite_borchester(&app, &reference);
    app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
    let id = invitation.rsplit('/').next().unwrap();
    let (lead, partner, signatory) = (
        app.browser(Who::Officer).cookies(),
        app.browser(Who::Partner).cookies(),
        app.browser(Who::Signatory).cookies(),
    );
    let bid = format!("/bids/{reference}");
    let pages = [
        Visit::signed_in(&format!("{bid}/partners"), &lead, "lead"),
        Visit::signed_in(&format!("{bid}/partners/{id}"), &lead, "lead"),
        Visit::signed_in(&format!("{bid}/prior-work"), &lead, "lead"),
        Visit::signed_in(&format!("{bid}/invitation"), &partner, "partner"),
        Visit::signed_in(&format!("{bid}/sign-off"), &signatory, "signatory"),
        Visit::public("/register"),
    ];
    look_at(&app.base, &pages);
}
