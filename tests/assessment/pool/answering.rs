//! Answering an invitation: what one reads before, what one says, and until when.

use serde_json::{Value, json};

use super::{
    KIM, UNTIL, acceptance, codes, invitations, invite, join, letters, mine, place, pool, round_with_terms, say, told,
    turn_down,
};
use crate::{
    assessment::{find_eligible, full_application, give, submitted_eoi},
    harness::{
        app::{ROUND, START, TestApp, Who, moment},
        databases::on_each_database,
    },
};

fn workload(app: &TestApp, who: Who) -> Value {
    app.client(who).get(&mine(ROUND)).expect(200).json()["workload"].clone()
}

on_each_database! {
    fn whoever_is_invited_reads_the_work_before_they_answer(app: &TestApp) {
        invite(app, &[&Who::Nobody.email()]).expect(200);
        let expected = json!({
            "bids": 0, "known": "so_far", "submitted": 0, "readers": 2, "readings": 0,
            "opens": "2026-11-15T17:00:00Z", "closes": "2026-12-07T09:30:00Z", "questions": 2, "most_words": 100,
            "most_documents": 0, "criteria": ["Strategic fit (60%)", "Deliverability (40%)"], "hours_per_bid": null,
        });
        assert_eq!(workload(app, Who::Nobody), expected);
        submitted_eoi(app, "An idea");
        assert_eq!(workload(app, Who::Nobody)["bids"], 0, "an idea is no full application");
        let new = json!({ "expected_bids": 40, "reminder_days": [] });
        app.client(Who::Manager).put(&pool(ROUND), 1, new).expect(200);
        let seen = workload(app, Who::Nobody);
        assert_eq!((&seen["bids"], &seen["known"], &seen["readings"]), (&json!(40), &json!("expected"), &json!(80)));
        full_application(app, "Shared repairs");
        let seen = workload(app, Who::Nobody);
        assert_eq!((&seen["bids"], &seen["known"], &seen["readings"]), (&json!(1), &json!("submitted"), &json!(2)));
    }

    fn the_work_that_an_invited_person_reads_tells_nothing_of_decisions_or_of_their_own_councils_bids(app: &TestApp) {
        invite(app, &[&Who::Nobody.email(), &Who::Partner.email(), &Who::Officer.email()]).expect(200);
        let bid = full_application(app, "Shared repairs");
        app.clock.set(moment(START));
        let other = full_application(app, "Shared bins");
        let seen = || [Who::Nobody, Who::Partner].map(|who| app.client(who).get(&mine(ROUND)).expect(200).text());
        let before = seen();
        assert!(before[0].contains(r#""bids":2"#), "{}", before[0]);
        find_eligible(app, &bid);
        let path = format!("/api/v1/bids/{other}/decisions/eligibility");
        let refusal = json!({ "transition": "find_ineligible", "feedback": "Nobody has confirmed." });
        app.client(Who::Manager).send("PUT", &path, &[], Some(&refusal)).expect(201);
        assert_eq!(seen(), before, "one found eligible and one not, and nothing of it shows");
        assert_eq!(workload(app, Who::Officer)["bids"], 0, "the bids of one's own council do not count");
        let managers = app.client(Who::Manager).get(&pool(ROUND)).expect(200).json();
        assert_eq!(managers["workload"]["bids"], 1, "managers know what they have decided");
    }

    fn whoever_accepts_says_what_they_can_do_and_is_an_assessor_of_the_fund_from_then_on(app: &TestApp) {
        let settings = json!({ "areas": ["Housing", "Planning"], "terms": "Tell nobody.", "reminder_days": [3] });
        app.client(Who::Manager).put(&pool(ROUND), 0, settings).expect(200);
        invite(app, &[&Who::Nobody.email()]).expect(200);
        let nobody = app.client(Who::Nobody);
        nobody.get("/api/v1/funds/test-fund").expect(404);
        let terms = nobody.get(&mine(ROUND)).expect(200).json()["terms"]["sha256"].clone();
        let mut answer = acceptance(8);
        let found = codes(&say(&nobody, ROUND, answer.clone()).expect(422));
        assert_eq!(found, [("/expertise".into(), "missing".into()), ("/terms".into(), "missing".into())]);
        answer["expertise"] = json!(["Planning"]);
        answer["terms"] = json!("0".repeat(64));
        assert_eq!(say(&nobody, ROUND, answer.clone()).problem(), (409, "terms_changed".into()));
        answer["terms"] = terms.clone();
        let said = say(&nobody, ROUND, answer).expect(200).json()["place"].clone();
        for (what, is) in [("state", json!("accepted")), ("expertise", json!(["Planning"])), ("least", json!(1)), ("most", json!(8)),
            ("from", json!("2026-11-16")), ("until", json!("2026-12-04")), ("away", json!(["2026-11-20"])), ("terms", json!(1)),
            ("agreed_at", json!(START)), ("answered_at", json!(START))] {
            assert_eq!(said[what], is, "{what}");
        }
        nobody.get("/api/v1/funds/test-fund").expect(200);
        let letters = letters(app, "pool-answered");
        assert_eq!(letters.iter().map(|letter| letter.recipient.clone()).collect::<Vec<_>>(), [Who::Manager.email()]);
        assert_eq!(letters[0].subject, "Nobody Person will assess bids to Test round");
        assert!(letters[0].text.contains("at least 1 and at most 8 bids"), "{}", letters[0].text);
        let (kind, detail) = told(app).pop().unwrap();
        assert_eq!((kind.as_str(), detail), ("pool.accepted", json!({ "place": said["id"], "terms": terms })));
    }

    fn what_is_agreed_to_is_what_the_rules_of_the_round_say(app: &TestApp) {
        let round = round_with_terms(app);
        let mut invitation = invitations(&[&Who::Assessor.email()]);
        invitation["areas"] = json!(["training:agile"]);
        app.client(Who::Manager).post(&format!("{}/invitations", pool(round)), invitation).expect(200);
        let assessor = app.client(Who::Assessor);
        let own = assessor.get(&mine(round)).expect(200).json();
        assert_eq!((&own["terms"]["words"], &own["workload"]["hours_per_bid"]), (&json!("Tell nobody what you read."), &json!(2)));
        let mut answer = acceptance(8);
        answer["expertise"] = json!(["training:design", "training:agile"]);
        answer["terms"] = own["terms"]["sha256"].clone();
        say(&assessor, round, answer.clone()).expect(200);
        answer["expertise"] = json!(["training:knitting"]);
        assert_eq!(codes(&say(&assessor, round, answer).expect(422)), [("/expertise".into(), "unknown_area".into())]);
    }

    fn an_answer_at_the_very_instant_is_in_time_and_one_after_it_changes_nothing(app: &TestApp) {
        invite(app, &[KIM, &Who::Nobody.email()]).expect(200);
        app.clock.set(moment(UNTIL));
        say(&app.client(Who::Nobody), ROUND, acceptance(8)).expect(200);
        app.clock.set(moment("2026-11-09T17:00:00.000001Z"));
        let kim = app.client_of(app.person_at(KIM));
        assert_eq!(say(&kim, ROUND, acceptance(8)).problem(), (409, "deadline_passed".into()));
        assert_eq!(turn_down(&kim, "decline", json!({ "reason": "no_time" })).problem(), (409, "deadline_passed".into()));
        let own = kim.get(&mine(ROUND)).expect(200).json();
        assert_eq!((&own["place"]["lapsed"], &own["open"]), (&json!(true), &json!(false)));
        invite_later(app, KIM);
        say(&kim, ROUND, acceptance(8)).expect(200);
    }

    fn a_reason_is_one_of_four_and_another_needs_words(app: &TestApp) {
        invite(app, &[&Who::Nobody.email()]).expect(200);
        let nobody = app.client(Who::Nobody);
        let refused = turn_down(&nobody, "decline", json!({ "reason": "other", "words": " " })).expect(422);
        assert_eq!(codes(&refused), [("/words".into(), "missing".into())]);
        assert_eq!(codes(&turn_down(&nobody, "decline", json!({ "reason": "bored" })).expect(422))[0].0, "/reason");
        assert_eq!(turn_down(&nobody, "withdraw", json!({ "reason": "no_time" })).problem(), (409, "not_accepted".into()));
        turn_down(&nobody, "decline", json!({ "reason": "other", "words": "I move house." })).expect(200);
        let place = place(app, Who::Nobody);
        assert_eq!((&place["state"], &place["reason"], &place["words"]), (&json!("declined"), &json!("other"), &json!("I move house.")));
        let letter = letters(app, "pool-answered").pop().unwrap();
        assert_eq!(letter.subject, "Nobody Person cannot assess bids to Test round");
        assert!(letter.text.contains("I move house."), "{}", letter.text);
        assert_eq!(say(&nobody, ROUND, acceptance(8)).problem(), (409, "not_invited".into()));
        nobody.get("/api/v1/funds/test-fund").expect(404);
    }

    fn what_was_said_can_be_changed_until_every_bid_has_its_readers(app: &TestApp) {
        for who in [Who::Assessor, Who::SecondAssessor] {
            join(app, who, 8);
        }
        let bid = full_application(app, "Shared repairs");
        find_eligible(app, &bid);
        give(app, &bid, Who::Assessor).expect(200);
        let assessor = app.client(Who::Assessor);
        say(&assessor, ROUND, acceptance(5)).expect(200);
        assert_eq!(place(app, Who::Assessor)["most"], 5);
        assert_eq!(letters(app, "pool-answered").pop().unwrap().subject, "Assessor Person has changed what they can do for Test round");
        assert_eq!(told(app).pop().unwrap().0, "pool.answer_changed");
        let stale = assessor.put(&mine(ROUND), 2, acceptance(6));
        assert_eq!(stale.problem(), (412, "stale_version".into()));
        give(app, &bid, Who::SecondAssessor).expect(200);
        assert_eq!(say(&assessor, ROUND, acceptance(6)).problem(), (409, "assigned_already".into()));
        assert_eq!(assessor.get(&mine(ROUND)).expect(200).json()["open"], json!(false));
    }

    fn whether_what_was_said_can_be_changed_tells_nothing_of_a_bid_behind_the_wall(app: &TestApp) {
        let people = [Who::Assessor, Who::SecondAssessor];
        people.into_iter().for_each(|who| join(app, who, 8));
        let bids = ["Shared repairs", "Shared bins"].map(|title| {
            app.clock.set(moment(START));
            let bid = full_application(app, title);
            find_eligible(app, &bid);
            bid
        });
        let conflict = json!({ "bid": bids[1], "person": app.person(Who::Assessor), "reason": "They share a house." });
        app.client(Who::Manager).post("/api/v1/conflicts", conflict).expect(200);
        for who in people {
            give(app, &bids[0], who).expect(200);
        }
        let open = |who| app.client(who).get(&mine(ROUND)).expect(200).json()["open"].clone();
        assert_eq!((open(Who::Assessor), open(Who::SecondAssessor)), (json!(false), json!(true)), "a bid needs readers");
        give(app, &bids[1], Who::SecondAssessor).expect(200);
        assert_eq!(open(Who::Assessor), json!(false));
        assert_eq!(say(&app.client(Who::Assessor), ROUND, acceptance(6)).problem(), (409, "assigned_already".into()));
    }

    fn nobody_can_read_fewer_bids_than_they_have(app: &TestApp) {
        join(app, Who::Assessor, 8);
        for title in ["Shared repairs", "Shared bins"] {
            app.clock.set(moment(START));
            let bid = full_application(app, title);
            find_eligible(app, &bid);
            give(app, &bid, Who::Assessor).expect(200);
        }
        let fewer = say(&app.client(Who::Assessor), ROUND, acceptance(1)).expect(422);
        assert_eq!(codes(&fewer), [("/most".into(), "below_given".into())]);
        say(&app.client(Who::Assessor), ROUND, acceptance(2)).expect(200);
    }
}

fn invite_later(app: &TestApp, email: &str) {
    let mut invitation = invitations(&[email]);
    invitation["answer_by"] = json!("2026-11-20T17:00:00Z");
    app.client(Who::Manager).post(&format!("{}/invitations", pool(ROUND)), invitation).expect(200);
}
