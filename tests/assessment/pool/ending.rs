//! The end of a place: bids that were not assessed go back, what was submitted stays, and so does no role that came with it.

use diesel::prelude::*;
use roundtable::{
    db::{Conn, schema::bids},
    error::Result,
};
use serde_json::json;

use super::{
    acceptance, codes, invitations, invite, join, letters, mine, place, pool, round_with_terms, say, told, turn_down,
};
use crate::{
    assessment::{assess, find_eligible, full_application, give},
    harness::{
        app::{Answer, ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::cancelling::cancel,
};

fn end(app: &TestApp, who: Who, reason: &str) -> Answer {
    let place = place(app, who);
    let path = format!("{}/places/{}", pool(ROUND), place["id"].as_str().unwrap());
    let tag = format!("\"v{}\"", place["version"]);
    app.client(Who::Manager).send("DELETE", &path, &[("If-Match", &tag)], Some(&json!({ "reason": reason })))
}

/// Two bids that somebody has, of which they have assessed the first.
fn half_read(app: &TestApp, who: Who) -> [String; 2] {
    let bids = ["Shared repairs", "Shared bins"].map(|title| {
        app.clock.set(moment(START));
        let bid = full_application(app, title);
        find_eligible(app, &bid);
        give(app, &bid, who).expect(200);
        bid
    });
    assess(app, who, &bids[0], (3, 2));
    bids
}

fn readers(app: &TestApp, bid: &str) -> usize {
    app.client(Who::Manager).get(&format!("/api/v1/bids/{bid}/assessors")).expect(200).json().as_array().unwrap().len()
}

/// The bid is one of another round from now on.
fn move_to(app: &TestApp, round: &str, bid: &str) {
    let (round, bid) = (round.to_owned(), bid.to_owned());
    let moved = move |conn: &mut Conn| -> Result<()> {
        let round = roundtable::funds::store::round_by_slug(conn, &round)?.id;
        diesel::update(bids::table.filter(bids::reference.eq(&bid))).set(bids::round_id.eq(round)).execute(conn)?;
        Ok(())
    };
    app.block_on(|app| async move { app.db.write(moved).await }).unwrap();
}

on_each_database! {
    fn whoever_stops_leaves_what_they_have_not_assessed_to_others_and_loses_the_role_that_came_with_it(app: &TestApp) {
        join(app, Who::Nobody, 8);
        let bids = half_read(app, Who::Nobody);
        let nobody = app.client(Who::Nobody);
        let refused = turn_down(&nobody, "withdraw", json!({ "reason": "other" })).expect(422);
        assert_eq!(codes(&refused), [("/words".into(), "missing".into())]);
        let stopped = turn_down(&nobody, "withdraw", json!({ "reason": "conflict_of_interest" })).expect(200).json();
        assert_eq!((&stopped["place"]["state"], &stopped["place"]["most"]), (&json!("withdrawn"), &json!(8)));
        assert_eq!(bids.each_ref().map(|bid| readers(app, bid)), [1, 0], "what was submitted stays");
        nobody.get("/api/v1/funds/test-fund").expect(404);
        nobody.get(&format!("/api/v1/bids/{}", bids[1])).expect(404);
        assert_eq!(give(app, &bids[1], Who::Nobody).status, 422);
        let letter = letters(app, "pool-answered").pop().unwrap();
        assert_eq!(letter.subject, "Nobody Person no longer assesses bids to Test round");
        assert!(letter.text.contains("Conflict of interest") && letter.text.contains("1 bid"), "{}", letter.text);
        assert_eq!(told(app).pop().unwrap(), ("pool.withdrawn".to_owned(), json!({ "place": stopped["place"]["id"] })));
        assert_eq!(turn_down(&nobody, "withdraw", json!({ "reason": "no_time" })).problem(), (409, "not_accepted".into()));
    }

    fn no_manager_is_written_a_count_with_a_bid_in_it_with_which_they_have_a_conflict(app: &TestApp) {
        join(app, Who::Nobody, 8);
        let bids = half_read(app, Who::Nobody);
        let boss = app.client_of(app.colleague());
        let conflict = json!({ "bid": bids[1], "person": app.person(Who::Manager), "reason": "They share a house." });
        boss.post("/api/v1/conflicts", conflict).expect(200);
        turn_down(&app.client(Who::Nobody), "withdraw", json!({ "reason": "no_time" })).expect(200);
        let mut sent = letters(app, "pool-answered");
        sent.retain(|letter| letter.data["answer"] == "withdrawn");
        let counts = |who: &str| sent.iter().find(|letter| letter.recipient == who).unwrap().text.contains("1 bid");
        assert_eq!((sent.len(), counts("colleague@test.example"), counts(&Who::Manager.email())), (2, true, false));
    }

    fn whoever_has_come_to_a_bids_council_is_written_no_count_of_its_bids(app: &TestApp) {
        join(app, Who::Nobody, 8);
        half_read(app, Who::Nobody);
        let member = json!({ "email": Who::Nobody.email(), "name": "Nobody Person", "role": "member" });
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        app.client(Who::Administrator).post(&members, member).expect(201);
        end(app, Who::Nobody, "You have moved to a bidder.").expect(200);
        let sent = letters(app, "pool-ended");
        assert!(sent[0].text.contains("You have moved to a bidder."), "{}", sent[0].text);
        assert!(!sent[0].text.contains("You need not read"), "{}", sent[0].text);
    }

    fn a_role_that_somebody_had_before_stays_with_them(app: &TestApp) {
        join(app, Who::Assessor, 8);
        turn_down(&app.client(Who::Assessor), "withdraw", json!({ "reason": "no_time" })).expect(200);
        app.client(Who::Assessor).get("/api/v1/funds/test-fund").expect(200);
    }

    fn a_role_that_came_with_one_place_is_held_by_another_in_the_same_fund(app: &TestApp) {
        join(app, Who::Nobody, 8);
        let other = round_with_terms(app);
        let email = Who::Nobody.email();
        app.client(Who::Manager).post(&format!("{}/invitations", pool(other)), invitations(&[&email])).expect(200);
        let nobody = app.client(Who::Nobody);
        let mut answer = acceptance(4);
        answer["expertise"] = json!(["training:agile"]);
        answer["terms"] = nobody.get(&mine(other)).expect(200).json()["terms"]["sha256"].clone();
        say(&nobody, other, answer).expect(200);
        turn_down(&nobody, "withdraw", json!({ "reason": "no_time" })).expect(200);
        nobody.get("/api/v1/funds/test-fund").expect(200);
        let version = nobody.get(&mine(other)).expect(200).json()["place"]["version"].to_string();
        let path = format!("{}/withdraw", mine(other));
        nobody.send("POST", &path, &[("If-Match", &format!("\"v{version}\""))], Some(&json!({ "reason": "no_time" }))).expect(200);
        nobody.get("/api/v1/funds/test-fund").expect(404);
    }

    fn a_role_that_came_with_a_place_stays_while_there_are_bids_to_read_in_another_round(app: &TestApp) {
        let other = round_with_terms(app);
        join(app, Who::Nobody, 8);
        let bids = half_read(app, Who::Nobody);
        move_to(app, other, &bids[1]);
        let nobody = app.client(Who::Nobody);
        turn_down(&nobody, "withdraw", json!({ "reason": "no_time" })).expect(200);
        nobody.get("/api/v1/funds/test-fund").expect(200);
        assert_eq!(readers(app, &bids[1]), 1, "they still read it");
    }

    fn a_place_in_a_round_that_was_called_off_holds_no_role(app: &TestApp) {
        let other = round_with_terms(app);
        let email = Who::Nobody.email();
        let nobody = app.client(Who::Nobody);
        app.client(Who::Manager).post(&format!("{}/invitations", pool(other)), invitations(&[&email])).expect(200);
        let mut answer = acceptance(4);
        answer["expertise"] = json!(["training:agile"]);
        answer["terms"] = nobody.get(&mine(other)).expect(200).json()["terms"]["sha256"].clone();
        say(&nobody, other, answer).expect(200);
        join(app, Who::Nobody, 8);
        cancel(app);
        let version = nobody.get(&mine(other)).expect(200).json()["place"]["version"].to_string();
        let path = format!("{}/withdraw", mine(other));
        nobody.send("POST", &path, &[("If-Match", &format!("\"v{version}\""))], Some(&json!({ "reason": "no_time" }))).expect(200);
        nobody.get("/api/v1/funds/test-fund").expect(404);
    }

    fn a_manager_ends_a_place_and_whoever_had_it_hears_why(app: &TestApp) {
        join(app, Who::Nobody, 8);
        let bids = half_read(app, Who::Nobody);
        assert_eq!(codes(&end(app, Who::Nobody, " ").expect(422)), [("/reason".into(), "missing".into())]);
        let ended = end(app, Who::Nobody, "You have moved to a bidder.").expect(200).json();
        assert_eq!((&ended["state"], &ended["words"]), (&json!("ended"), &json!("You have moved to a bidder.")));
        assert_eq!(bids.each_ref().map(|bid| readers(app, bid)), [1, 0]);
        let sent = letters(app, "pool-ended");
        assert_eq!(sent.iter().map(|letter| letter.recipient.clone()).collect::<Vec<_>>(), [Who::Nobody.email()]);
        assert_eq!(sent[0].subject, "Test Fund needs no assessment from you for Test round any more");
        for words in ["You have moved to a bidder.", "1 bid", "Manager Person"] {
            assert!(sent[0].text.contains(words), "{words}: {}", sent[0].text);
        }
        let history = format!("{:?}", told(app));
        assert!(history.contains("pool.ended") && !history.contains("moved"), "{history}");
        app.client(Who::Nobody).get("/api/v1/funds/test-fund").expect(404);
        assert_eq!(end(app, Who::Nobody, "Again.").problem(), (409, "ended_already".into()));
        assert_eq!(app.client(Who::Nobody).get(&mine(ROUND)).expect(200).json()["open"], json!(false));
    }

    fn an_invitation_that_nobody_has_answered_can_be_ended_too(app: &TestApp) {
        invite(app, &[&Who::Nobody.email()]).expect(200);
        let id = place(app, Who::Nobody)["id"].as_str().unwrap().to_owned();
        let path = format!("{}/places/{id}", pool(ROUND));
        let stale = app.client(Who::Manager).send("DELETE", &path, &[("If-Match", "\"v7\"")], Some(&json!({ "reason": "Enough." })));
        assert_eq!(stale.problem(), (412, "stale_version".into()));
        let moderator = app.client(Who::Moderator).send("DELETE", &path, &[("If-Match", "\"v1\"")], Some(&json!({ "reason": "Enough." })));
        assert_eq!(moderator.problem(), (403, "not_allowed".into()));
        end(app, Who::Nobody, "We have enough people.").expect(200);
        assert_eq!(say(&app.client(Who::Nobody), ROUND, acceptance(8)).problem(), (409, "not_invited".into()));
    }
}
