//! What a partner is and is in for: its kind, its days, what it puts in, and its people.

use diesel::prelude::*;
use roundtable::{
    actor::Actor,
    bids::partner::PartnerKind,
    db::schema::{bid_versions, events, partners},
    identity::{
        model::{Nation, Organisation, OrganisationKind},
        policy::{self, Action},
        store::organisations,
    },
    ids::{Id, OrganisationKey},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    bid,
    councils_sign::{ask_every_council, sign, view},
    full_application, invite_borchester,
    rules::{ASKING, ask, confirm, put, reasons, start},
};
use crate::harness::{
    app::{TestApp, Who},
    chromium::{Visit, look_at},
    databases::{Engine, on_each_database},
};

/// A charity, which is no council.
pub const CHARITY: &str = "REPAIRS";

pub fn charity(app: &TestApp) {
    let organisation = Organisation {
        id: Id::<OrganisationKey>::of(Uuid::from_u128(0x0197_a000_0000_7000_8000_0000_0000_0001)),
        code: CHARITY.into(),
        name: "Repairs Together".into(),
        kind: OrganisationKind::Other,
        nation: Nation::England,
        ons_code: None,
        org_id: None,
        mail_domain: None,
        starts_on: None,
        ends_on: None,
        replaced_by: None,
        signed_declaration: false,
        version: 1,
    };
    let add = app.block_on(|app| async move {
        app.db
            .write(move |conn| {
                let granted = policy::service(conn, &Actor::System, Action::ManageOrganisations)?;
                organisations::add(conn, &granted, &organisation)?;
                organisations::set_names(conn, &granted, organisation.id, std::slice::from_ref(&organisation.name))
                    .map(drop)
            })
            .await
    });
    add.unwrap();
}

fn part() -> Value {
    json!({
        "from_on": "2027-04-01", "to_on": "2028-03-31", "cash_pence": 50_000, "in_kind_pence": 90_000,
        "in_kind": "Two officers for a month",
    })
}

fn people() -> Value {
    json!({ "sponsor_name": "Sasha Sponsor", "contact_name": "Kim Contact", "contact_email": "kim@borchester.example" })
}

/// Invites Borchester with everything that can be said of it; gives the path of the invitation.
pub fn invite_with_everything(app: &TestApp, reference: &str) -> String {
    let invitation = json!({
        "organisation": "BOR", "share_pence": 20_000, "sponsor": "Director of Housing", "role": "Tests with tenants",
        "part": part(), "people": people(),
    });
    let path = format!("/api/v1/bids/{reference}/partners");
    let partner = app.client(Who::Officer).post(&path, invitation).expect(201).json();
    format!("{path}/{}", partner["id"].as_str().unwrap())
}

fn text_of_last(app: &TestApp, template: &str) -> String {
    app.letters().into_iter().rfind(|letter| letter.template == template).unwrap().text
}

on_each_database! {
    fn a_partner_reads_what_it_is_in_for_and_so_does_everybody_of_the_bid(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_with_everything(app, &reference);
        let kept = app.client(Who::Officer).get(&invitation).expect(200).json();
        assert_eq!((&kept["kind"], &kept["part"], &kept["people"]), (&"partner_council".into(), &part(), &people()));
        let letter = text_of_last(app, "invitation");
        for words in ["partner council", "from 1 April 2027 to 31 March 2028", "£500", "Two officers for a month, worth £900"] {
            assert!(letter.contains(words), "{words}: {letter}");
        }
        app.browser(Who::Partner).open(&format!("/bids/{reference}/invitation"))
            .sees("Partner council").sees("From 1 April 2027 to 31 March 2028").sees("£500").sees("Two officers for a month, worth £900");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/partners"))
            .sees("Partner council").sees("Own money £500").sees("Sasha Sponsor").sees("kim@borchester.example");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/costs")).sees("What the partners are in for").sees("Two officers for a month");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/check"))
            .sees("Puts in £500 of its own money").sees("Own money, beside the ask").sees("Tests with tenants");
        app.browser(Who::Officer).open(&format!("/bids/{reference}/draft")).sees("From 1 April 2027 to 31 March 2028");
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        app.browser(Who::Signatory).open(&format!("/bids/{reference}/sign-off"))
            .sees("Partner council").sees("From 1 April 2027").sees("Puts in £500 of its own money").sees("Two officers for a month, worth £900");
    }

    fn a_lead_writes_all_of_it_on_the_page_and_what_cannot_be_is_named(app: &TestApp) {
        let reference = full_application(app);
        let mut lead = app.browser(Who::Officer);
        lead.open(&format!("/bids/{reference}/partners")).select("Council", "Borchester City Council").choose("Supporter");
        lead.fill("Its share of the grant", "300").fill_in("First day (optional)", "Day", "31").fill_in("First day (optional)", "Month", "2");
        lead.fill_in("First day (optional)", "Year", "2027").fill("What that is worth (optional)", "lots").press("Invite council");
        let fields = |lead: &crate::harness::browser::Browser| lead.errors().into_iter().map(|error| error.0).collect::<Vec<_>>();
        assert_eq!(fields(&lead), ["#part-from_on", "#part-in_kind_pence"]);
        lead.fill_in("First day (optional)", "Day", "1").fill_in("First day (optional)", "Month", "4");
        lead.fill_in("Last day (optional)", "Day", "31").fill_in("Last day (optional)", "Month", "3").fill_in("Last day (optional)", "Year", "2027");
        lead.fill("What that is worth (optional)", "900").fill("Email address of the contact (optional)", "kim").press("Invite council");
        assert_eq!(fields(&lead), ["#part-to_on", "#part-in_kind", "#people-contact_email"]);
        lead.fill_in("Last day (optional)", "Year", "2028").fill("What it gives in kind (optional)", "Two officers");
        lead.fill("Email address of the contact (optional)", "kim@borchester.example").press("Invite council");
        assert_eq!(fields(&lead), ["#share_pence"], "a supporter has no share");
        lead.fill("Its share of the grant", "").press("Invite council").sees("Borchester City Council is invited").sees("Supporter").sees("No share");
        lead.follow("Change Borchester City Council").choose("Partner council").fill("Its share of the grant", "300").press("Save changes");
        lead.sees("Partner council").sees("Share £300").sees("In kind: Two officers, worth £900").sees("Until 31 March 2028");
    }

    fn what_a_partner_cannot_be_is_refused(app: &TestApp) {
        charity(app);
        let path = format!("/api/v1/bids/{}/partners", bid(app));
        let cases = [
            (json!({ "organisation": CHARITY, "kind": "partner_council" }), "/kind", "not_a_council"),
            (json!({ "organisation": "BOR", "kind": "supporter", "share_pence": 1 }), "/share_pence", "supporter_has_no_share"),
            (json!({ "organisation": "BOR", "kind": "supplier" }), "/kind", "wrong_json"),
            (json!({ "organisation": "BOR", "part": { "from_on": "2027-04-02", "to_on": "2027-04-01" } }), "/part/to_on", "ends_before_it_begins"),
            (json!({ "organisation": "BOR", "part": { "cash_pence": -1 } }), "/part/cash_pence", "out_of_range"),
            (json!({ "organisation": "BOR", "part": { "in_kind_pence": 5 } }), "/part/in_kind", "missing"),
            (json!({ "organisation": "BOR", "people": { "contact_email": "kim" } }), "/people/contact_email", "wrong_email"),
            (json!({ "organisation": "BOR", "people": { "phone": "1" } }), "/people/phone", "wrong_json"),
        ];
        for (body, pointer, code) in cases {
            let answer = app.client(Who::Officer).post(&path, body.clone());
            let problem = answer.json();
            assert_eq!(answer.problem(), (422, "invalid".into()), "{body}: {problem}");
            assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&pointer.into(), &code.into()));
        }
        let invited = app.client(Who::Officer).post(&path, json!({ "organisation": CHARITY })).expect(201);
        assert_eq!(invited.json()["kind"], "delivery_partner", "what it is by itself");
        let change = format!("{path}/{}", invited.json()["id"].as_str().unwrap());
        let refused = app.client(Who::Officer).patch(&change, 1, json!({ "kind": "partner_council" }));
        assert_eq!(refused.json()["errors"][0]["code"], "not_a_council");
    }

    fn another_kind_other_days_or_contributions_must_be_confirmed_again_and_other_people_need_not(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_with_everything(app, &reference);
        let lead = app.client(Who::Officer);
        let confirm = || app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200).json();
        let version = || lead.get(&invitation).expect(200).json()["version"].as_i64().unwrap();
        confirm();
        let other = lead.patch(&invitation, version(), json!({ "people": { "contact_name": "Lee" }, "role": "Design" })).expect(200).json();
        assert_eq!((&other["state"], &other["people"]["contact_name"]), (&"confirmed".into(), &"Lee".into()));
        let mut later = part();
        later["to_on"] = "2028-06-30".into();
        let mut less = later.clone();
        less["cash_pence"] = 0.into();
        let mut other_kind = less.clone();
        other_kind["in_kind"] = "One officer".into();
        let cases = [
            (json!({ "part": later }), "When Borchester City Council takes part is from 1 April 2027 to 30 June 2028 now."),
            (json!({ "part": less }), "What Borchester City Council puts in of its own money is £0 now. It was £500."),
            (json!({ "part": other_kind }), "What Borchester City Council gives in kind is One officer, worth £900 now."),
            (json!({ "kind": "delivery_partner" }), "Borchester City Council is a delivery partner now. It was a partner council."),
        ];
        for (change, words) in cases {
            let changed = lead.patch(&invitation, version(), change).expect(200).json();
            assert_eq!(changed["state"], "invited", "{words}");
            let letter = text_of_last(app, "part-changed");
            assert!(letter.contains(words), "{words}: {letter}");
            confirm();
        }
        assert_eq!(app.letters().into_iter().filter(|letter| letter.template == "part-changed").count(), 8, "two people, four times");
    }

    fn whoever_only_supports_a_bid_counts_for_nothing_and_signs_nothing(app: &TestApp) {
        ask(app, json!({ "least_councils": { "count": 1 } }));
        let reference = start(app, ASKING, "Shared repairs");
        put(app, &reference, "full_draft");
        let path = format!("/api/v1/bids/{reference}/partners");
        let lead = app.client(Who::Officer);
        let supporter = lead.post(&path, json!({ "organisation": "BOR", "kind": "supporter" })).expect(201).json();
        let invitation = format!("{path}/{}", supporter["id"].as_str().unwrap());
        confirm(app, Who::Partner, &invitation).expect(200);
        let missing = "0 of 1 councils have confirmed beside the lead authority".to_owned();
        assert!(reasons(app, &reference).contains(&missing));
        let delivers = lead.patch(&invitation, 2, json!({ "kind": "delivery_partner" })).expect(200).json();
        assert_eq!(delivers["state"], "invited");
        confirm(app, Who::Partner, &invitation).expect(200);
        assert!(reasons(app, &reference).contains(&missing), "it does part of the work, and takes part as no council");
        lead.patch(&invitation, 4, json!({ "kind": "partner_council" })).expect(200);
        confirm(app, Who::Partner, &invitation).expect(200);
        assert!(!reasons(app, &reference).contains(&missing));
    }

    fn a_supporter_is_not_asked_to_sign_where_partners_are(app: &TestApp) {
        ask_every_council(app);
        let reference = full_application(app);
        let path = format!("/api/v1/bids/{reference}/partners");
        let lead = app.client(Who::Officer);
        let supporter = lead.post(&path, json!({ "organisation": "BOR", "kind": "supporter" })).expect(201).json();
        let invitation = format!("{path}/{}", supporter["id"].as_str().unwrap());
        confirm(app, Who::Partner, &invitation).expect(200);
        lead.post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        let codes = |view: &Value| view["signatures"].as_array().unwrap().iter().map(|one| one["organisation"]["code"].clone()).collect::<Vec<_>>();
        assert_eq!(codes(&view(app, &reference)), ["AMB"]);
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        assert_eq!(view(app, &reference)["current"], true);
        // As a partner with another part it signs, and what was signed for is another partnership.
        lead.patch(&invitation, 2, json!({ "kind": "partner_council" })).expect(200);
        let now = view(app, &reference);
        assert_eq!((codes(&now), &now["current"]), (vec![json!("AMB"), json!("BOR")], &json!(false)));
    }

    fn whom_to_ask_stands_in_nothing_that_is_signed_kept_or_told_and_goes_with_the_partner(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_with_everything(app, &reference);
        let lead = app.client(Who::Officer);
        let content = view(app, &reference)["content"].to_string();
        assert!(content.contains("Two officers") && content.contains("Director of Housing"), "{content}");
        for private in ["Sasha", "Kim", "kim@"] {
            assert!(!content.contains(private), "{private}: {content}");
        }
        assert!(app.letters().iter().all(|letter| !letter.text.contains("Kim Contact") && !letter.text.contains("kim@")));
        let told = app.block_on(|app| async move {
            app.db.read(|conn| Ok(events::table.select(events::data).load::<String>(conn)?)).await.unwrap()
        });
        assert!(told.iter().all(|data| !data.contains("Kim") && !data.contains("kim@") && !data.contains("Sasha")));
        let ends: [fn(&TestApp, &str); 3] = [
            |app, invitation| drop(app.client(Who::Partner).post(&format!("{invitation}/decline"), json!({ "reason": "No people" })).expect(200)),
            |app, invitation| {
                app.client(Who::Partner).post(&format!("{invitation}/confirm"), json!({})).expect(200);
                app.client(Who::Partner).post(&format!("{invitation}/leave"), json!({ "reason": "No people" })).expect(200);
            },
            |app, invitation| {
                let version = app.client(Who::Officer).get(invitation).json()["version"].as_i64().unwrap();
                app.client(Who::Officer).delete_at(invitation, version).expect(200);
            },
        ];
        let nobody = json!({ "sponsor_name": "", "contact_name": "", "contact_email": "" });
        for end in ends {
            assert_eq!(lead.get(&invitation).expect(200).json()["people"], people());
            end(app, &invitation);
            assert_eq!(lead.get(&invitation).expect(200).json()["people"], nobody);
            assert_eq!(invite_with_everything(app, &reference), invitation);
        }
        let versions: i64 = app.block_on(|app| async move {
            app.db.read(|conn| Ok(bid_versions::table.count().get_result(conn)?)).await.unwrap()
        });
        assert_eq!(versions, 0, "nothing of it went into a version");
    }

    fn a_signature_of_before_there_were_kinds_stands_whatever_kind_the_partner_is(app: &TestApp) {
        let reference = full_application(app);
        let invitation = invite_borchester(app, &reference);
        confirm(app, Who::Partner, &invitation).expect(200);
        // As the row was before the upgrade.
        app.block_on(|app| async move {
            let none: Option<PartnerKind> = None;
            app.db.write(move |conn| Ok(diesel::update(partners::table).set(partners::kind.eq(none)).execute(conn)?)).await.unwrap()
        });
        assert!(!view(app, &reference)["content"]["partners"].to_string().contains("kind"), "its hash is as it was");
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        sign(app, Who::Signatory, &reference, Value::Null).expect(200);
        let kept = app.client(Who::Officer).get(&invitation).expect(200).json();
        assert_eq!(kept["kind"], "partner_council", "what it is by itself");
        let change = json!({ "kind": "partner_council", "people": people() });
        let same = app.client(Who::Officer).patch(&invitation, 2, change).expect(200).json();
        assert_eq!((&same["state"], &view(app, &reference)["current"]), (&"confirmed".into(), &json!(true)));
    }
}

#[test]
fn the_pages_of_a_part_are_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let reference = full_application(&app);
    let invitation = invite_with_everything(&app, &reference);
    let id = invitation.rsplit('/').next().unwrap();
    let (lead, partner) = (app.browser(Who::Officer).cookies(), app.browser(Who::Partner).cookies());
    let bid = format!("/bids/{reference}");
    let pages = [
        Visit::signed_in(&format!("{bid}/partners"), &lead, "parts"),
        Visit::signed_in(&format!("{bid}/partners/{id}"), &lead, "parts"),
        Visit::signed_in(&format!("{bid}/partners/{id}/replace"), &lead, "parts"),
        Visit::signed_in(&format!("{bid}/costs"), &lead, "parts"),
        Visit::signed_in(&format!("{bid}/invitation"), &partner, "parts"),
    ];
    look_at(&app.base, &pages);
}
