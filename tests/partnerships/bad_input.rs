//! Bad input about partners and signatures: each gets its status, its code and the field, and nothing is lost.

use serde_json::{Value, json};

use super::{bid, council, invite_borchester};
use crate::harness::{
    app::{TestApp, Who},
    databases::on_each_database,
};

on_each_database! {
    fn wrong_invitations_are_refused(app: &TestApp) {
        let path = format!("/api/v1/bids/{}/partners", bid(app));
        let long = "x".repeat(201);
        let cases: [(Value, &str, &str); 11] = [
            (json!({ "organisation": "" }), "/organisation", "missing"),
            (json!({ "organisation": "Atlantis" }), "/organisation", "unknown_organisation"),
            (json!({ "organisation": "0197a000-0000-7000-8000-000000000000" }), "/organisation", "unknown_organisation"),
            (json!({ "organisation": 7 }), "/organisation", "wrong_json"),
            (json!({ "organisation": "BOR", "share_pence": -1 }), "/share_pence", "out_of_range"),
            (json!({ "organisation": "BOR", "share_pence": i64::MAX }), "/share_pence", "out_of_range"),
            (json!({ "organisation": "BOR", "share_pence": 1e30 }), "/share_pence", "wrong_json"),
            (json!({ "organisation": "BOR", "share_pence": 1.5 }), "/share_pence", "wrong_json"),
            (json!({ "organisation": "BOR", "sponsor": long }), "/sponsor", "too_long"),
            (json!({ "organisation": "BOR", "role": long }), "/role", "too_long"),
            (json!({ "organisation": "BOR", "colour": "red" }), "/colour", "wrong_json"),
        ];
        for (body, pointer, code) in cases {
            let answer = app.client(Who::Officer).post(&path, body.clone());
            let problem = answer.json();
            assert_eq!(answer.problem(), (422, "invalid".into()), "{body}: {problem}");
            assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&pointer.into(), &code.into()));
        }
        let malformed = app.client(Who::Officer).raw("POST", &path, &[("Content-Type", "application/json")], Some(b"{".to_vec()));
        assert_eq!(malformed.problem(), (422, "invalid".into()));
        assert_eq!(app.client(Who::Officer).get(&path).json()["partners"], json!([]));
    }

    fn councils_that_cannot_be_invited_are_refused_with_the_reason(app: &TestApp) {
        let reference = bid(app);
        let path = format!("/api/v1/bids/{reference}/partners");
        invite_borchester(app, &reference);
        let invite = |organisation: Value| app.client(Who::Officer).post(&path, json!({ "organisation": organisation }));
        assert_eq!(invite("BOR".into()).problem(), (409, "invited_already".into()));
        assert_eq!(invite(council(app, "BOR")).problem(), (409, "invited_already".into()));
        assert_eq!(invite("amb".into()).problem(), (409, "is_lead".into()));
        abolish(app, "CAS", "BOR");
        let gone = invite("CAS".into()).json();
        assert_eq!(gone["errors"][0]["code"], "organisation_abolished");
        let expected = "Casterbridge District Council no longer exists. Invite its successor, Borchester City Council (BOR).";
        assert_eq!(gone["detail"], expected);
    }

    fn wrong_ids_and_versions_are_refused(app: &TestApp) {
        let reference = bid(app);
        let invitation = invite_borchester(app, &reference);
        let lead = app.client(Who::Officer);
        let share = json!({ "share_pence": 5 });
        let unknown = format!("/api/v1/bids/{reference}/partners/0197a000-0000-7000-8000-000000000000");
        assert_eq!(lead.patch(&unknown, 1, share.clone()).problem(), (404, "not_found".into()));
        assert_eq!(lead.patch(&format!("{unknown}x"), 1, share.clone()).problem(), (404, "not_found".into()));
        assert_eq!(lead.send("PATCH", &invitation, &[], Some(&share)).problem(), (428, "version_needed".into()));
        assert_eq!(lead.patch(&invitation, 9, share.clone()).problem(), (412, "stale_version".into()));
        assert_eq!(lead.patch("/api/v1/bids/TEST-9999/partners/x", 1, share).status, 404);
        assert_eq!(lead.get(&invitation).json()["share_pence"], 20_000);
    }
}

/// One council gives way to another, yesterday.
pub fn abolish(app: &TestApp, gone: &'static str, successor: &'static str) {
    use roundtable::{
        actor::Actor,
        identity::{
            policy::{self, Action},
            store::organisations,
        },
    };
    let yesterday = app.clock.now().london_date().pred_opt().unwrap();
    app.block_on(|app| async move {
        app.db
            .write(move |conn| {
                let granted = policy::service(conn, &Actor::System, Action::ManageOrganisations)?;
                let successor = organisations::find(conn, successor)?.unwrap();
                let mut gone = organisations::find(conn, gone)?.unwrap();
                gone.ends_on = Some(yesterday);
                gone.replaced_by = Some(successor.id);
                organisations::change(conn, &granted, &gone)
            })
            .await
    })
    .unwrap();
}
