//! Terms that change after somebody has accepted: they are asked once, keep what they read, and are given nothing until they agree.

use diesel::prelude::*;
use roundtable::db::{Conn, schema::assessor_pools};
use serde_json::{Value, json};

use super::{acceptance, codes, invite, join, letters, mine, place, pool, say, told};
use crate::{
    assessment::{find_eligible, full_application, give},
    harness::{
        app::{Answer, ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::{
        amendments::{PATH, approve, propose},
        dates::second,
    },
};

fn settle(app: &TestApp, version: i64, terms: &str) {
    let settings = json!({ "terms": terms, "reminder_days": [] });
    app.client(Who::Manager).put(&pool(ROUND), version, settings).expect(200);
}

/// Somebody accepts under the terms as they are.
fn accept(app: &TestApp, who: Who) -> Value {
    let client = app.client(who);
    let mut answer = acceptance(8);
    answer["terms"] = client.get(&mine(ROUND)).expect(200).json()["terms"]["sha256"].clone();
    say(&client, ROUND, answer.clone()).expect(200);
    answer["terms"].clone()
}

fn agree(app: &TestApp, who: Who, terms: &Value) -> Answer {
    let client = app.client(who);
    let version = client.get(&mine(ROUND)).expect(200).json()["place"]["version"].as_i64().unwrap();
    let body = json!({ "terms": terms });
    client.send("POST", &format!("{}/terms", mine(ROUND)), &[("If-Match", &format!("\"v{version}\""))], Some(&body))
}

/// The terms become others without anybody being asked, as before the service asked by itself.
fn changed_before(app: &TestApp, terms: &'static str) {
    let change = move |conn: &mut Conn| {
        diesel::update(assessor_pools::table).set(assessor_pools::terms.eq(terms)).execute(conn)?;
        Ok(())
    };
    app.block_on(|app| async move { app.db.write(change).await }).unwrap();
}

fn eligible(app: &TestApp, title: &str) -> String {
    app.clock.set(moment(START));
    let bid = full_application(app, title);
    find_eligible(app, &bid);
    bid
}

/// Who was asked to agree anew, in the order of their addresses.
fn asked(app: &TestApp) -> Vec<String> {
    let mut asked: Vec<String> = letters(app, "pool-terms").into_iter().map(|letter| letter.recipient).collect();
    asked.sort_unstable();
    asked
}

on_each_database! {
    fn whoever_accepted_other_terms_is_asked_once_and_is_given_nothing_more_until_they_agree(app: &TestApp) {
        settle(app, 0, "Tell nobody.");
        let both = [Who::Assessor, Who::SecondAssessor];
        invite(app, &[&both[0].email(), &both[1].email()]).expect(200);
        let first = both.map(|who| accept(app, who))[0].clone();
        let bids = ["Shared repairs", "Shared bins"].map(|title| eligible(app, title));
        give(app, &bids[0], Who::Assessor).expect(200);
        settle(app, 1, "Tell nobody.");
        assert_eq!(asked(app), [""; 0], "the terms are the same");
        settle(app, 2, "Tell nobody, ever.");
        settle(app, 3, "Tell nobody, ever.");
        assert_eq!(asked(app), both.map(Who::email), "each is asked once");
        let letter = letters(app, "pool-terms").pop().unwrap();
        assert!(letter.text.contains(&format!("/rounds/{ROUND}/invitation")), "{}", letter.text);

        let stands = place(app, Who::Assessor);
        assert_eq!((&stands["terms"], &stands["terms_sha256"], &stands["must_agree"]), (&json!(1), &first, &json!(true)));
        app.client(Who::Assessor).get(&format!("/api/v1/bids/{}/scores/mine", bids[0])).expect(200);
        give(app, &bids[0], Who::Assessor).expect(200);
        assert_eq!(give(app, &bids[1], Who::Assessor).problem(), (409, "terms_open".into()));
        let pin = json!({ "bid": bids[1], "person": app.person(Who::Assessor), "kind": "pin", "reason": "They know it." });
        let refused = app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/pins"), pin);
        assert_eq!(refused.problem(), (409, "cannot_be_pinned".into()));
        assert!(refused.text().contains("has not agreed to the changed terms yet"), "{}", refused.text());

        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/bids/{}/assessors", bids[1])).sees("Cannot be given this bid: has not agreed to the changed terms yet.");

        let now = app.client(Who::Assessor).get(&mine(ROUND)).expect(200).json()["terms"]["sha256"].clone();
        assert_eq!(codes(&agree(app, Who::Assessor, &json!(""))), [("/terms".into(), "missing".into())]);
        assert_eq!(agree(app, Who::Assessor, &first).problem(), (409, "terms_changed".into()));
        let body = json!({ "terms": now });
        let stale = app.client(Who::Assessor).send("POST", &format!("{}/terms", mine(ROUND)), &[("If-Match", "\"v1\"")], Some(&body));
        assert_eq!(stale.status, 412);
        let stranger = app.client(Who::Nobody).send("POST", &format!("{}/terms", mine(ROUND)), &[("If-Match", "\"v1\"")], Some(&body));
        assert_eq!(stranger.status, 404);
        let agreed = agree(app, Who::Assessor, &now).expect(200).json()["place"].clone();
        assert_eq!((&agreed["terms"], &agreed["terms_sha256"], &agreed["must_agree"]), (&json!(2), &now, &json!(false)));
        assert_eq!((&agreed["most"], &agreed["answered_at"]), (&stands["most"], &stands["answered_at"]), "nothing else is said anew");
        assert_eq!(told(app).pop().unwrap(), ("pool.agreed".to_owned(), json!({ "place": stands["id"], "terms": now })));
        agree(app, Who::Assessor, &now).expect(200);
        assert_eq!(told(app).iter().filter(|(kind, _)| kind == "pool.agreed").count(), 1, "agreeing again changes nothing");
        give(app, &bids[1], Who::Assessor).expect(200);
        assert_eq!(give(app, &bids[1], Who::SecondAssessor).problem(), (409, "terms_open".into()));

        settle(app, 4, "Tell nobody.");
        assert_eq!(place(app, Who::SecondAssessor)["must_agree"], false, "they have agreed to these words");
        assert_eq!(asked(app).iter().filter(|recipient| **recipient == Who::Assessor.email()).count(), 2);
        give(app, &bids[1], Who::SecondAssessor).expect(200);
    }

    fn whoever_was_not_asked_when_the_terms_changed_is_asked_when_a_plan_is_made_or_the_settings_are_saved(app: &TestApp) {
        settle(app, 0, "");
        let all = [Who::Assessor, Who::SecondAssessor, Who::Nobody];
        invite(app, &all.map(Who::email).each_ref().map(String::as_str)).expect(200);
        say(&app.client(Who::Assessor), ROUND, acceptance(8)).expect(200);
        changed_before(app, "Tell nobody.");
        for who in [Who::SecondAssessor, Who::Nobody] {
            accept(app, who);
        }
        let bid = eligible(app, "Shared repairs");
        let refused = give(app, &bid, Who::Assessor);
        assert_eq!(refused.problem(), (409, "terms_open".into()));
        assert!(refused.text().contains("Whoever was not asked by mail yet is asked when a plan is made"), "{}", refused.text());
        assert_eq!(asked(app), [""; 0], "a refusal keeps nothing");
        let plan = || app.client(Who::Manager).post(&format!("/api/v1/rounds/{ROUND}/plans"), json!({}));
        plan().expect(201);
        plan().expect(200);
        assert_eq!(asked(app), [Who::Assessor.email()], "once, and nobody else");
        let letter = letters(app, "pool-terms").pop().unwrap();
        assert!(letter.subject.starts_with("Please agree to the terms for assessing bids to"), "{}", letter.subject);
        assert!(letter.text.contains("they have changed since, or there were none yet"), "they accepted when there were none: {}", letter.text);
        settle(app, 1, "Tell nobody.");
        assert_eq!(asked(app).len(), 1, "they were asked about these");

        // Where nobody has agreed there is no plan, and all are asked nevertheless.
        changed_before(app, "Tell nobody, ever.");
        assert_eq!(plan().status, 409);
        let mut again: Vec<String> = all.map(Who::email).into_iter().chain([Who::Assessor.email()]).collect();
        again.sort_unstable();
        assert_eq!(asked(app), again);

        changed_before(app, "Tell nobody, now and ever.");
        settle(app, 2, "Tell nobody, now and ever.");
        assert_eq!(asked(app).len(), again.len() + all.len(), "the settings are the same, and nobody had been asked");
    }

    fn terms_that_come_with_other_rules_are_agreed_to_on_the_page_and_managers_see_who_has(app: &TestApp) {
        join(app, Who::Assessor, 8);
        let mut rulebook = app.public().get(PATH).expect(200).json()["rulebook"].clone();
        rulebook["assessment"] = json!({ "terms": "Tell nobody what you read." });
        let body = json!({ "rulebook": rulebook, "reason": "We had left it open." });
        propose(&app.client(Who::Manager), "rules", &body).expect(202);
        assert_eq!(asked(app), [""; 0], "others have to approve it first");
        approve(&second(app)).expect(200);
        assert_eq!(asked(app), [Who::Assessor.email()]);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/pool")).sees("Has not agreed to the terms as they are now");
        manager.sees("1 person has accepted and not agreed to these");
        manager.follow("Assessor Person").sees("no more bids can be given to them");
        let mut assessor = app.browser(Who::Assessor);
        assessor.open("/assess").sees("The terms have changed: read them and agree");
        assessor.open(&format!("/rounds/{ROUND}/invitation")).sees("The terms have changed").sees("Tell nobody what you read.");
        assessor.press("I agree to the changed terms").sees("You have agreed to the terms as they are now.").sees("To version 1 of the terms");
        assert!(!assessor.has("The terms have changed"), "{}", assessor.text());
        let sha256 = place(app, Who::Assessor)["terms_sha256"].as_str().unwrap().to_owned();
        manager.open(&format!("/rounds/{ROUND}/pool")).sees(&sha256[..12]).follow("Assessor Person").sees(&sha256);
        let csv = app.client(Who::Manager).get(&format!("{}.csv", pool(ROUND))).expect(200).text();
        assert!(csv.lines().next().unwrap().ends_with(",terms_sha256,must_agree") && csv.contains(&sha256), "{csv}");
    }
}
