//! Inviting to a pool: people known here and new, reminders, and what a manager settles.

use serde_json::json;

use super::{
    KIM, acceptance, codes, invitations, invite, letters, mine, place, places, pool, round_with_terms, say, told,
    turn_down,
};
use crate::{
    harness::{
        app::{ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::cancelling::cancel,
};

on_each_database! {
    fn people_known_and_new_are_invited_at_once_and_sign_in_with_the_address_that_was_written_to(app: &TestApp) {
        let emails = [Who::Nobody.email(), KIM.into()];
        let answers = invite(app, &[&emails[0], &emails[1]]).expect(200).json();
        let names: Vec<_> = answers.as_array().unwrap().iter().map(|one| (one["name"].clone(), one["done"].clone())).collect();
        assert_eq!(names, [(json!("Nobody Person"), json!(true)), (json!("kim"), json!(true))]);
        let letters = letters(app, "pool-invitation");
        assert_eq!(letters.iter().map(|letter| letter.recipient.as_str()).collect::<Vec<_>>(), emails);
        assert_eq!(letters[1].subject, "Manager Person asks you to assess bids to Test round");
        for words in ["2 to 8 bids", "Please help.", "5pm on 9 November 2026", "You need no password",
            "https://roundtable.example/rounds/test-round/invitation"] {
            assert!(letters[1].text.contains(words), "{words}: {}", letters[1].text);
        }
        let kim = app.client_of(app.person_at(KIM));
        let own = kim.get(&mine(ROUND)).expect(200).json();
        assert_eq!((&own["open"], &own["place"]["state"]), (&json!(true), &json!("invited")));
        assert_eq!(kim.get("/api/v1/pool-places").expect(200).json(), json!([own]));
        kim.get(&pool(ROUND)).expect(404);
        assert_eq!(app.client(Who::Stranger).get(&mine(ROUND)).status, 404, "nobody else hears of it");
        let told = told(app);
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["pool.opened", "pool.invited", "pool.invited"]);
        let all = format!("{told:?}");
        assert!(!all.contains('@') && !all.contains("Nobody") && !all.contains("help"), "{all}");
    }

    fn what_is_wrong_with_invitations_is_said_line_by_line_and_nobody_is_invited(app: &TestApp) {
        let path = format!("{}/invitations", pool(ROUND));
        let send = |body| app.client(Who::Manager).post(&path, body);
        let mut body = invitations(&[KIM, "kim", "KIM@new.example"]);
        body["areas"] = json!(["fishing"]);
        (body["least"], body["most"]) = (json!(9), json!(8));
        body["answer_by"] = json!("2026-09-02T09:00:00Z");
        body["message"] = json!("x".repeat(2_001));
        let found = codes(&send(body).expect(422));
        let expected = [("/people/1/email", "wrong_email"), ("/people/2/email", "twice"), ("/areas", "unknown_area"),
            ("/most", "below_least"), ("/answer_by", "in_the_past"), ("/message", "too_long")];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(codes(&send(invitations(&[])).expect(422)), [("/people".into(), "missing".into())]);
        let many: Vec<String> = (0..201).map(|number| format!("p{number}@new.example")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(codes(&send(invitations(&many)).expect(422)), [("/people".into(), "too_many".into())]);
        assert_eq!((places(app, Who::Manager).len(), app.letters().len(), told(app).len()), (0, 0, 0));
        let state = app.client(Who::Manager).get(&pool(ROUND)).expect(200).json();
        assert_eq!((&state["open"], &state["settings"]["version"]), (&json!(false), &json!(0)));
    }

    fn whoever_has_accepted_is_left_alone_and_whoever_has_not_is_invited_anew(app: &TestApp) {
        let emails = [Who::Assessor.email(), Who::Nobody.email(), Who::Stranger.email()];
        let emails = emails.each_ref().map(String::as_str);
        invite(app, &emails).expect(200);
        say(&app.client(Who::Assessor), ROUND, acceptance(8)).expect(200);
        turn_down(&app.client(Who::Nobody), "decline", json!({ "reason": "no_time" })).expect(200);
        let answers = invite(app, &emails).expect(200).json();
        let codes: Vec<_> = answers.as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
        assert_eq!(codes, [json!("accepted_already"), json!(null), json!(null)]);
        assert_eq!(place(app, Who::Assessor)["state"], "accepted");
        let again = place(app, Who::Nobody);
        assert_eq!((&again["state"], &again["reason"], &again["version"]), (&json!("invited"), &json!(null), &json!(3)));
        assert_eq!(letters(app, "pool-invitation").len(), 5);
    }

    fn reminders_go_on_working_days_to_those_who_have_not_answered(app: &TestApp) {
        invite(app, &[KIM, &Who::Nobody.email(), &Who::Stranger.email()]).expect(200);
        say(&app.client(Who::Nobody), ROUND, acceptance(8)).expect(200);
        let reminded = || letters(app, "pool-invitation").into_iter().filter(|letter| letter.data["occasion"] == "reminder")
            .map(|letter| letter.recipient).collect::<Vec<_>>();
        app.at("2026-11-04T08:59:59Z");
        assert!(reminded().is_empty());
        app.at("2026-11-04T09:00:00Z");
        assert_eq!(reminded(), [KIM.to_owned(), Who::Stranger.email()], "three working days before a Monday");
        turn_down(&app.client(Who::Stranger), "decline", json!({ "reason": "outside_my_field" })).expect(200);
        app.at("2026-11-06T09:00:00Z");
        assert_eq!(reminded().len(), 3, "the Friday before");
        assert_eq!(reminded()[2], KIM);
        let last = letters(app, "pool-invitation").pop().unwrap();
        assert_eq!(last.subject, "Reminder: answer by 5pm on 9 November 2026 whether you can assess bids to Test round");
        app.at("2026-11-12T09:00:00Z");
        assert_eq!(reminded().len(), 3);
    }

    fn an_invitation_anew_has_reminders_of_its_own_and_the_old_ones_find_nothing_to_do(app: &TestApp) {
        invite(app, &[KIM]).expect(200);
        let mut later = invitations(&[KIM]);
        later["answer_by"] = json!("2026-11-13T17:00:00Z");
        app.client(Who::Manager).post(&format!("{}/invitations", pool(ROUND)), later).expect(200);
        app.at("2026-11-09T09:00:00Z");
        let reminded = || letters(app, "pool-invitation").iter().filter(|letter| letter.data["occasion"] == "reminder").count();
        assert_eq!(reminded(), 0);
        app.at("2026-11-10T09:00:00Z");
        assert_eq!(reminded(), 1);
        app.at("2026-11-12T09:00:00Z");
        assert_eq!(reminded(), 2);
    }

    fn a_manager_settles_areas_terms_and_reminders_and_nothing_is_overwritten_unseen(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let new = json!({ "areas": [" Housing ", "Planning"], "terms": "Tell nobody.", "expected_bids": 384, "reminder_days": [1, 5] });
        let settled = manager.put(&pool(ROUND), 0, new.clone()).expect(200).json();
        let expected = json!({ "areas": ["Housing", "Planning"], "terms": "Tell nobody.", "expected_bids": 384,
            "reminder_days": [5, 1], "version": 1 });
        assert_eq!(settled, expected);
        assert_eq!(manager.put(&pool(ROUND), 0, new.clone()).problem(), (412, "stale_version".into()));
        let pool_now = manager.get(&pool(ROUND)).expect(200).json();
        assert_eq!((&pool_now["open"], &pool_now["settings"]), (&json!(true), &expected));
        assert_eq!((&pool_now["terms"]["number"], &pool_now["areas"][1]["id"]), (&json!(1), &json!("Planning")));
        let wrong = json!({ "areas": ["A", "a"], "terms": "x".repeat(20_001), "expected_bids": 0, "reminder_days": [0] });
        let found = codes(&manager.put(&pool(ROUND), 1, wrong).expect(422));
        let expected = [("/areas", "twice"), ("/terms", "too_long"), ("/expected_bids", "out_of_range"), ("/reminder_days", "out_of_range")];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let hash = pool_now["terms"]["sha256"].clone();
        assert_eq!(told(app), [("pool.opened".to_owned(), json!({ "version": 1, "terms": hash }))]);
        for who in [Who::Moderator, Who::Observer, Who::Assessor] {
            assert_eq!(app.client(who).put(&pool(ROUND), 1, new.clone()).status, 403, "{who:?}");
        }
        app.client(Who::Moderator).get(&pool(ROUND)).expect(200);
    }

    fn what_a_rounds_rules_say_of_areas_and_terms_nobody_settles_otherwise(app: &TestApp) {
        let round = round_with_terms(app);
        let manager = app.client(Who::Manager);
        let other = json!({ "areas": ["Housing"], "terms": "Tell everybody.", "reminder_days": [] });
        let found = codes(&manager.put(&pool(round), 0, other).expect(422));
        assert_eq!(found, [("/areas".into(), "fixed_by_rules".into()), ("/terms".into(), "fixed_by_rules".into())]);
        manager.put(&pool(round), 0, json!({ "reminder_days": [] })).expect(200);
        let settled = manager.get(&pool(round)).expect(200).json();
        assert_eq!(settled["terms"]["words"], "Tell nobody what you read.");
        let areas = json!([
            { "id": "training:agile", "text": "Agile for teams", "of": "Which training would help you?" },
            { "id": "training:design", "text": "Introduction to service design", "of": "Which training would help you?" },
        ]);
        assert_eq!(settled["areas"], areas);
    }

    fn nobody_is_invited_to_a_round_that_is_over_or_was_called_off(app: &TestApp) {
        app.clock.set(moment("2026-12-07T09:30:00Z"));
        let mut late = invitations(&[KIM]);
        late["answer_by"] = json!("2026-12-24T17:00:00Z");
        let send = || app.client(Who::Manager).post(&format!("{}/invitations", pool(ROUND)), late.clone()).problem();
        assert_eq!(send(), (409, "round_over".into()));
        app.clock.set(moment("2026-09-02T09:00:00Z"));
        invite(app, &[KIM]).expect(200);
        cancel(app);
        assert_eq!(send(), (409, "round_cancelled".into()));
        let kim = app.client_of(app.person_at(KIM));
        assert_eq!(kim.get(&mine(ROUND)).expect(200).json()["open"], json!(false));
        assert_eq!(say(&kim, ROUND, acceptance(8)).problem(), (409, "round_cancelled".into()));
        app.at("2026-11-04T09:00:00Z");
        let reminded = letters(app, "pool-invitation").iter().any(|letter| letter.data["occasion"] == "reminder");
        assert!(!reminded, "nobody is reminded of what was called off");
    }
}
