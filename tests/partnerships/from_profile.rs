//! Whoever confirms that a council takes part need not write who answers for it and whom to ask: its profile says so, unless
//! somebody was named for this bid.

use roundtable::{
    actor::Actor,
    identity::{
        policy::{self, Action},
        profiles::{
            self,
            model::{Contact, Profile},
        },
    },
};
use serde_json::{Value, json};

use super::{
    bid,
    leads::{agree, newest},
};
use crate::{
    awards::{SIFT, submitted},
    harness::{
        app::{TestApp, Who},
        databases::on_each_database,
    },
};

/// What a council says in each of its bids, as its administrator would have written it.
fn profile(app: &TestApp, code: &str) {
    let (council, now) = (app.organisation(code), app.clock.now());
    let contact = Contact { name: "Ann Lee".into(), email: "ann.lee@borchester.gov.uk".into(), ..Contact::default() };
    let said = Profile { contact, sponsor: "Director of Housing".into(), statements: Vec::new() };
    app.block_on(|app| async move {
        let put = app.db.write(move |conn| {
            let granted = policy::organisation(conn, &Actor::System, Action::EditProfile, council)?;
            profiles::store::put(conn, &granted, 0, &said, (None, now))
        });
        assert!(put.await.unwrap());
    });
}

fn invite(app: &TestApp, reference: &str, more: Value) -> String {
    let path = format!("/api/v1/bids/{reference}/partners");
    let mut body = json!({ "organisation": "BOR" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let partner = app.client(Who::Officer).post(&path, body).expect(201).json();
    format!("{path}/{}", partner["id"].as_str().unwrap())
}

/// Sponsor, contact's name and contact's address.
fn named(partner: &Value) -> [String; 3] {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let people = &partner["people"];
    [text(&partner["sponsor"]), text(&people["contact_name"]), text(&people["contact_email"])]
}

on_each_database! {
    fn whoever_confirms_takes_sponsor_and_contact_from_the_profile_where_none_was_named(app: &TestApp) {
        profile(app, "BOR");
        let reference = bid(app);
        let invitation = invite(app, &reference, json!({}));
        let mut partner = app.browser(Who::Partner);
        partner.open(&format!("/bids/{reference}/invitation")).sees("Director of Housing, from your council’s profile");
        partner.sees("Ann Lee, ann.lee@borchester.gov.uk, from your council’s profile").press("Confirm that we take part");
        let now = app.client(Who::Officer).get(&invitation).expect(200).json();
        assert_eq!(named(&now), ["Director of Housing", "Ann Lee", "ann.lee@borchester.gov.uk"]);
        assert_eq!((&now["state"], &now["version"]), (&json!("confirmed"), &json!(2)));
    }

    fn whoever_was_named_for_the_bid_stays_named(app: &TestApp) {
        profile(app, "BOR");
        let reference = bid(app);
        let people = json!({ "contact_name": "Jo Low" });
        let invitation = invite(app, &reference, json!({ "sponsor": "Chief Executive", "people": people }));
        let now = app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200).json();
        assert_eq!(named(&now), ["Chief Executive", "Jo Low", ""]);
    }

    fn whoever_declines_leaves_nobody_named(app: &TestApp) {
        profile(app, "BOR");
        let reference = bid(app);
        let invitation = invite(app, &reference, json!({}));
        let no = json!({ "reason": "We have no people for it." });
        let now = app.client(Who::Partner).post(&format!("{invitation}/decline"), no).expect(200).json();
        assert_eq!(named(&now), ["", "", ""]);
    }

    fn a_council_that_joins_brings_them_too_and_the_lead_reads_the_sponsor_before(app: &TestApp) {
        profile(app, "CAS");
        let reference = submitted(app, "Shared repairs");
        app.at(SIFT);
        let ask = json!({ "kind": "join", "organisation": "CAS", "words": "We have the same tenants." });
        app.client(Who::Stranger).post(&format!("/api/v1/bids/{reference}/partnership-changes"), ask).expect(201);
        let path = newest(app, Who::Officer, &reference);
        let read = app.client(Who::Officer).get(&path).expect(200).json();
        assert_eq!(read["terms"]["sponsor"], "Director of Housing");
        agree(app, Who::Officer, &path).expect(200);
        let partners = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/partners")).expect(200).json();
        assert_eq!(named(&partners["partners"][0]), ["Director of Housing", "Ann Lee", "ann.lee@borchester.gov.uk"]);
    }
}
