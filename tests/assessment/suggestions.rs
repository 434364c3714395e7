//! Possible conflicts of interest: found from who people are and whom bids name, and answered before a bid is given.

use diesel::prelude::*;
use roundtable::{
    db::{
        Conn,
        schema::{bid_versions, bids, memberships, organisations, partner_people, partners},
    },
    error::Result,
    events::Chain,
    ids::{BidKey, Id, RowKey},
    money::Pence,
};
use serde_json::{Value, json};

use super::{find_eligible, full_application, give, round_id};
use crate::{
    account::happened,
    harness::{
        app::{Answer, ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
};

fn write(app: &TestApp, body: impl Fn(&mut Conn) -> Result<()> + Send + 'static) {
    app.block_on(|app| async move { app.db.write(body).await }).unwrap();
}

/// The address of everybody in the test world is at this domain, which is that of Ambridge from now on.
fn domain_of_ambridge(app: &TestApp) {
    write(app, |conn| {
        diesel::update(organisations::table.filter(organisations::code.eq("AMB")))
            .set(organisations::mail_domain.eq(Some("test.example")))
            .execute(conn)?;
        Ok(())
    });
}

/// Somebody worked for an organisation and no longer does.
pub fn worked_for(app: &TestApp, who: Who, code: &str) {
    let (id, person, organisation) =
        (app.app.ids.fresh::<RowKey>(app.clock.now()), app.person(who), app.organisation(code));
    write(app, move |conn| {
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(id),
                memberships::person_id.eq(person),
                memberships::organisation_id.eq(organisation),
                memberships::role.eq("member"),
                memberships::created_at.eq(moment("2020-01-01T00:00:00Z")),
                memberships::ended_at.eq(Some(moment("2021-01-01T00:00:00Z"))),
            ))
            .execute(conn)?;
        Ok(())
    });
}

/// A version of the full application that pays a supplier for something.
fn pays_for(app: &TestApp, reference: &str, what: &'static str) {
    let (id, reference): (Id<RowKey>, _) = (app.app.ids.fresh(app.clock.now()), reference.to_owned());
    let (by, now) = (app.person(Who::Officer), app.clock.now());
    let line = json!({ "category": "supplier", "organisation_id": null, "description": what, "pence": 100 });
    write(app, move |conn| {
        let bid: Id<BidKey> = bids::table.filter(bids::reference.eq(&reference)).select(bids::id).first(conn)?;
        let before: i64 = bid_versions::table.filter(bid_versions::bid_id.eq(bid)).count().get_result(conn)?;
        let text = json!({ "costs": [line] }).to_string();
        diesel::insert_into(bid_versions::table)
            .values((
                bid_versions::id.eq(id),
                bid_versions::bid_id.eq(bid),
                bid_versions::stage.eq("full"),
                bid_versions::number.eq(i32::try_from(before).unwrap() + 1),
                bid_versions::data.eq(&text),
                bid_versions::hash.eq(text.as_bytes()),
                bid_versions::submitted_at.eq(now),
                bid_versions::submitted_by.eq(by),
            ))
            .execute(conn)?;
        Ok(())
    });
}

/// Borchester takes part, and the bid names somebody as its contact.
fn names_a_contact(app: &TestApp, reference: &str, (name, mail): (&'static str, &'static str)) {
    let id: Id<RowKey> = app.app.ids.fresh(app.clock.now());
    let (by, borchester, reference) = (app.person(Who::Officer), app.organisation("BOR"), reference.to_owned());
    let now = app.clock.now();
    write(app, move |conn| {
        let bid: Id<BidKey> = bids::table.filter(bids::reference.eq(&reference)).select(bids::id).first(conn)?;
        diesel::insert_into(partners::table)
            .values((
                partners::id.eq(id),
                partners::bid_id.eq(bid),
                partners::organisation_id.eq(borchester),
                partners::role.eq("Design"),
                partners::state.eq("confirmed"),
                partners::share_pence.eq(Pence(0)),
                partners::sponsor.eq(""),
                partners::invited_by.eq(by),
                partners::invited_at.eq(now),
                partners::version.eq(1),
            ))
            .execute(conn)?;
        diesel::insert_into(partner_people::table)
            .values((
                partner_people::partner_id.eq(id),
                partner_people::sponsor_name.eq(""),
                partner_people::contact_name.eq(name),
                partner_people::contact_email.eq(mail),
            ))
            .execute(conn)?;
        Ok(())
    });
}

fn eligible(app: &TestApp) -> String {
    let reference = full_application(app, "Shared repairs");
    find_eligible(app, &reference);
    reference
}

fn declarations(app: &TestApp, who: Who) -> Value {
    app.client(who).get(&format!("/api/v1/rounds/{ROUND}/declarations")).expect(200).json()
}

/// The kinds of the grounds on which somebody may have a conflict with the only bid.
fn kinds(app: &TestApp, who: Who) -> Vec<String> {
    let grounds = declarations(app, who)["items"][0]["possible"].as_array().unwrap().clone();
    grounds.iter().map(|ground| ground["kind"].as_str().unwrap().to_owned()).collect()
}

fn answer(app: &TestApp, by: Who, (reference, of): (&str, Who), body: Value) -> Answer {
    let path = format!("/api/v1/bids/{reference}/possible-conflicts/{}", app.person(of));
    app.client(by).post(&path, body)
}

on_each_database! {
    fn title_and_organisations_are_all_that_an_assessor_sees_in_order_to_declare(app: &TestApp) {
        let reference = eligible(app);
        let ambridge = json!([{ "code": "AMB", "name": "Ambridge Borough Council" }]);
        let line = json!({ "reference": reference, "title": "Shared repairs", "organisations": ambridge, "possible": [] });
        for who in [Who::Assessor, Who::Moderator, Who::Observer, Who::Manager] {
            assert_eq!(declarations(app, who), json!({ "items": [line], "next": null, "without_names": false, "withheld": [] }), "{who:?}");
        }
        assert_eq!(declarations(app, Who::ConflictedAssessor)["items"], json!([]), "their own council's bid is not there");
        for who in [Who::Officer, Who::Nobody] {
            assert_eq!(app.client(who).get(&format!("/api/v1/rounds/{ROUND}/declarations")).status, 404, "{who:?}");
        }
        assert_eq!(app.client(Who::Assessor).get(&format!("/api/v1/bids/{reference}")).status, 404, "nothing more");
        let mut assessor = app.browser(Who::Assessor);
        assessor.open("/assess").follow("Declare conflicts of interest in Test round").sees("Ambridge Borough Council");
        assessor.follow(&format!("Declare a conflict of interest with {reference}")).choose("This bid only");
        assessor.fill("What is the conflict of interest?", "My sister wrote it.").press("Declare the conflict");
        assessor.sees("Withheld: you declared it").sees(&reference).open(&format!("/rounds/{ROUND}/declarations"));
        assessor.sees("Withheld: you declared it").sees(&reference);
        assert!(!assessor.has("Shared repairs"));
        let withheld = declarations(app, Who::Assessor)["withheld"][0].clone();
        assert_eq!((&withheld["bid"], &withheld["origin"]), (&json!(reference), &json!("declared")));
    }

    fn whoever_worked_for_what_a_bid_pays_a_supplier_for_is_asked_before_they_are_given_it(app: &TestApp) {
        let reference = eligible(app);
        worked_for(app, Who::Assessor, "CAS");
        pays_for(app, &reference, "Workshops in Casterbridge");
        assert_eq!(kinds(app, Who::Assessor), Vec::<String>::new(), "a place is no supplier");
        pays_for(app, &reference, "Workshops by Casterbridge District Council, and travel");
        assert_eq!(kinds(app, Who::Assessor), ["supplier"]);
        let refused = give(app, &reference, Who::Assessor);
        assert_eq!(refused.problem(), (409, "possible_conflict".into()));
        assert!(refused.text().contains("works or worked for Casterbridge District Council, which the bid’s costs name"), "{}", refused.text());
        give(app, &reference, Who::SecondAssessor).expect(200);
    }

    fn what_others_have_said_of_somebody_leaves_no_line_on_their_lists(app: &TestApp) {
        let reference = eligible(app);
        let pin = json!({ "bid": reference, "person": app.person(Who::Assessor), "reason": "They share a house" });
        app.client(Who::Manager).post("/api/v1/conflicts", pin).expect(200);
        assert_eq!(declarations(app, Who::Assessor), json!({ "items": [], "next": null, "without_names": false, "withheld": [] }));
        assert_eq!(app.client(Who::Assessor).get("/api/v1/conflicts").expect(200).json(), json!([]));
        let mut assessor = app.browser(Who::Assessor);
        assert!(!assessor.open("/assess").has(&reference));
    }

    fn each_sign_of_a_conflict_is_suggested_and_keeps_the_bid_from_being_given(app: &TestApp) {
        let reference = eligible(app);
        assert_eq!(kinds(app, Who::Assessor), [""; 0]);
        worked_for(app, Who::Assessor, "AMB");
        assert_eq!(kinds(app, Who::Assessor), ["former_organisation"]);
        names_a_contact(app, &reference, ("secondassessor  PERSON", "kim@borchester.example"));
        assert_eq!(kinds(app, Who::SecondAssessor), ["name"]);
        domain_of_ambridge(app);
        assert_eq!(kinds(app, Who::Assessor), ["former_organisation", "mail_domain"]);
        let refused = give(app, &reference, Who::Assessor);
        assert_eq!(refused.problem(), (409, "possible_conflict".into()));
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("This assessor worked for Ambridge Borough Council, and has an email address"), "{detail}");
        let panel = app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/assessors")).expect(200).json();
        assert_eq!(panel["bids"][0]["possible"].as_array().unwrap().len(), 2, "the third works for Ambridge: a wall, no question");
        let of_round = app.client(Who::Moderator).get(&format!("/api/v1/rounds/{ROUND}/conflicts")).expect(200).json();
        let names: Vec<&str> = of_round["possible"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"Assessor Person") && names.contains(&"Manager Person"), "{names:?}");
    }

    fn what_is_confirmed_is_a_conflict_and_what_is_set_aside_can_be_given(app: &TestApp) {
        let reference = eligible(app);
        worked_for(app, Who::Assessor, "AMB");
        worked_for(app, Who::SecondAssessor, "AMB");
        let set_aside = |reason: &str| json!({ "verdict": "set_aside", "reason": reason });
        let wrong = answer(app, Who::Assessor, (&reference, Who::Assessor), set_aside(" "));
        assert_eq!((wrong.status, &wrong.json()["errors"][0]["pointer"]), (422, &json!("/reason")));
        assert_eq!(answer(app, Who::SecondAssessor, (&reference, Who::Assessor), set_aside("No")).status, 404);
        assert_eq!(answer(app, Who::Stranger, (&reference, Who::Assessor), set_aside("No")).status, 404);
        let none = answer(app, Who::Manager, (&reference, Who::Moderator), set_aside("No"));
        assert_eq!(none.problem(), (409, "nothing_suggested".into()));

        answer(app, Who::Manager, (&reference, Who::Assessor), set_aside("Twenty years ago")).expect(200);
        give(app, &reference, Who::Assessor).expect(200);
        let told = happened(app, Chain::Round(round_id(app)));
        let (_, detail) = told.iter().find(|(kind, _)| kind == "conflict.set_aside").unwrap();
        assert_eq!(detail["grounds"], json!([format!("former_organisation {}", app.organisation("AMB"))]));
        domain_of_ambridge(app);
        assert_eq!(kinds(app, Who::SecondAssessor).len(), 2);
        let again = declarations(app, Who::Assessor);
        assert_eq!(again["items"][0]["possible"][0]["kind"], "mail_domain", "a new sign is a new question");

        let confirmed = answer(app, Who::SecondAssessor, (&reference, Who::SecondAssessor), json!({ "verdict": "confirm" }));
        let confirmed = confirmed.expect(200).json();
        assert_eq!(confirmed["origin"], "suggested");
        assert_eq!(give(app, &reference, Who::SecondAssessor).problem(), (409, "conflict_of_interest".into()));
        assert_eq!(declarations(app, Who::SecondAssessor)["withheld"][0]["bid"], json!(reference));
        let lift = format!("/api/v1/conflicts/{}/lift", confirmed["id"].as_str().unwrap());
        let own = app.client(Who::SecondAssessor).post(&lift, json!({}));
        assert_eq!(own.problem(), (403, "ask_manager".into()));
        app.client(Who::Manager).post(&lift, json!({ "reason": "Another Ambridge" })).expect(200);
        give(app, &reference, Who::SecondAssessor).expect(200);
    }

    fn the_person_and_the_manager_answer_on_their_own_pages(app: &TestApp) {
        let reference = eligible(app);
        worked_for(app, Who::Assessor, "AMB");
        let mut assessor = app.browser(Who::Assessor);
        assessor.open(&format!("/rounds/{ROUND}/declarations")).sees("Possible conflict");
        assessor.follow(&format!("Say whether you have one with {reference}")).sees("worked for Ambridge Borough Council");
        assessor.press("Save").choose("It is none").press("Save");
        assert_eq!(assessor.errors()[0].1, "Say why there is no conflict of interest.");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{reference}/assessors")).sees("that has to be answered first");
        manager.open(&format!("/rounds/{ROUND}/assessors")).follow("Conflicts of interest");
        manager.follow(&format!("Answer for Assessor Person and {reference}")).choose("It is a conflict of interest").press("Save");
        manager.sees("is recorded").sees("Suggested and confirmed");
        assert_eq!(assessor.open(&format!("/bids/{reference}/conflict")).status(), 404);
    }

    fn what_somebody_has_set_aside_about_themself_is_read_by_those_who_lead_the_panel_and_pinned_all_the_same(app: &TestApp) {
        let reference = eligible(app);
        worked_for(app, Who::Assessor, "AMB");
        let verdict = json!({ "verdict": "set_aside", "reason": "Twenty years ago" });
        answer(app, Who::Assessor, (&reference, Who::Assessor), verdict).expect(200);
        let set_aside = |who| {
            let found = app.client(who).get(&format!("/api/v1/rounds/{ROUND}/conflicts")).expect(200).json();
            found["set_aside"].clone()
        };
        let assessor = app.person(Who::Assessor);
        let expected = json!([{
            "person": assessor, "name": "Assessor Person", "bid": reference, "title": "Shared repairs",
            "grounds": [{ "kind": "former_organisation", "organisation": "Ambridge Borough Council" }],
            "reason": "Twenty years ago", "by": assessor, "by_name": "Assessor Person", "at": app.clock.now(),
        }]);
        assert_eq!(set_aside(Who::Moderator), expected);
        let pin = json!({ "bid": reference, "person": app.person(Who::Moderator), "reason": "They share a house" });
        app.client(Who::Manager).post("/api/v1/conflicts", pin).expect(200);
        assert_eq!(set_aside(Who::Moderator), json!([]), "nothing of a bid behind the wall");

        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/conflicts")).sees("Twenty years ago").sees("worked for Ambridge Borough Council");
        manager.follow(&format!("Pin it all the same: Assessor Person and {reference}"));
        manager.fill("Why?", "They still advise it.").press("Pin it").sees("The conflict of interest is pinned.");
        assert!(manager.has("Twenty years ago") && !manager.has("Pin it all the same"));
        assert_eq!(give(app, &reference, Who::Assessor).problem(), (409, "conflict_of_interest".into()));
    }

    fn a_code_with_a_hyphen_is_an_organisations_where_no_bid_has_it(app: &TestApp) {
        write(app, |conn| {
            let borchester = organisations::table.filter(organisations::code.eq("BOR"));
            diesel::update(borchester).set(organisations::code.eq("BOR-2")).execute(conn)?;
            Ok(())
        });
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/conflicts")).select("Whose conflict is it?", "Assessor Person");
        manager.fill("With what?", "bor-2").fill("Why?", "They advise it.").press("Pin it");
        manager.sees("The conflict of interest is pinned.").sees("leads or joins");
    }

    fn a_conflict_ends_at_its_instant_and_not_before(app: &TestApp) {
        let reference = eligible(app);
        let past = json!({ "bid": reference, "reason": "Close", "until": "2026-11-16T09:00:00Z" });
        let refused = app.client(Who::Assessor).post("/api/v1/conflicts", past);
        assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!("/until")));
        let until = json!({ "bid": reference, "reason": "Close", "until": "2026-11-17T09:00:00Z" });
        app.client(Who::Manager).post("/api/v1/conflicts", until.clone()).expect(200);
        app.client(Who::Assessor).post("/api/v1/conflicts", until).expect(200);
        let read = || app.client(Who::Manager).get(&format!("/api/v1/bids/{reference}/scores")).status;
        app.clock.set(moment("2026-11-17T09:00:00Z"));
        assert_eq!((read(), declarations(app, Who::Assessor)["items"].as_array().unwrap().len()), (404, 0));
        app.clock.set(moment("2026-11-17T09:00:00.000001Z"));
        assert_eq!((read(), declarations(app, Who::Assessor)["withheld"].as_array().unwrap().len()), (200, 0));
        give(app, &reference, Who::Assessor).expect(200);
    }

    fn a_manager_pins_a_conflict_and_takes_it_back_with_a_reason(app: &TestApp) {
        let reference = eligible(app);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/conflicts")).press("Pin it");
        assert_eq!(manager.errors().len(), 2, "{:?}", manager.errors());
        manager.select("Whose conflict is it?", "Assessor Person").fill("With what?", "nowhere-1").fill("Why?", "They share a house.");
        manager.press("Pin it").sees("Check the reference or the code.");
        manager.fill("With what?", &reference.to_lowercase()).fill_in("On which day?", "Day", "17");
        manager.fill_in("On which day?", "Month", "11").fill_in("On which day?", "Year", "2026").fill("At what time?", "5pm");
        manager.press("Pin it").sees("The conflict of interest is pinned.").sees("Until 5pm on 17 November 2026");
        assert_eq!(give(app, &reference, Who::Assessor).problem(), (409, "conflict_of_interest".into()));
        manager.follow(&format!("Take it back: Assessor Person and {reference}")).press("Take it back");
        assert_eq!(manager.errors()[0].1, "Say why there is no conflict of interest any more.");
        manager.fill("Why is there none any more?", "They moved.").press("Take it back").sees("is taken back");
        give(app, &reference, Who::Assessor).expect(200);
    }
}
