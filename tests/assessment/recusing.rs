//! Finding a conflict of interest while reading: access ends at once, what was written is sealed, and somebody else is asked for.

use roundtable::events::Chain;
use serde_json::{Value, json};

use super::{assess, give, given_bid, round_id, save, score};
use crate::{
    account::happened,
    harness::{
        app::{ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
};

fn panel(app: &TestApp) -> Value {
    let panel = app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/assessors")).expect(200).json();
    panel["bids"][0].clone()
}

fn letters(app: &TestApp) -> Vec<String> {
    let wanted = app.letters().into_iter().filter(|letter| letter.template == "reader-wanted");
    let mut readers: Vec<String> = wanted.map(|letter| letter.recipient).collect();
    readers.sort();
    readers
}

on_each_database! {
    fn whoever_finds_a_conflict_while_scoring_loses_the_bid_and_the_fund_is_asked_for_somebody_else(app: &TestApp) {
        let reference = given_bid(app);
        save(app, Who::Assessor, &reference, 1, &[score("fit", 2)]).expect(200);
        app.clock.set(moment("2026-11-17T09:00:00Z"));
        let mut assessor = app.browser(Who::Assessor);
        assessor.open(&format!("/bids/{reference}/score/fit")).press("Stop reading this bid");
        assert_eq!(assessor.errors()[0].1, "Say what the conflict of interest is.");
        assessor.fill("What is the conflict of interest?", "I know who wrote it.").press("Stop reading this bid");
        assessor.sees("What you wrote is sealed").sees("Withheld: you declared it").sees(&reference);
        for path in ["score", "score/fit", "recuse", "conflict"] {
            assert_eq!(assessor.open(&format!("/bids/{reference}/{path}")).status(), 404, "{path}");
        }
        for path in ["", "/scores/mine"] {
            assert_eq!(app.client(Who::Assessor).get(&format!("/api/v1/bids/{reference}{path}")).status, 404, "{path}");
        }
        assert_eq!(letters(app), ["manager@test.example"]);
        assert_eq!((&panel(app)["replacements"], &panel(app)["readers"]), (&json!(1), &json!([])));
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/assessors")).sees("Needs another assessor");
        app.clock.set(moment("2026-11-17T10:00:00Z"));
        give(app, &reference, Who::SecondAssessor).expect(200);
        assert_eq!(panel(app)["replacements"], 0);
        let close = format!("/api/v1/bids/{reference}/replacement-readers");
        assert_eq!(app.client(Who::Manager).delete(&close).problem(), (409, "nobody_wanted".into()), "somebody has the bid in their place");
        let told = happened(app, Chain::Round(round_id(app)));
        assert!(told.iter().all(|(kind, _)| kind != "assessor.not_replaced"), "{told:?}");
        let declared = told.iter().find(|(kind, _)| kind == "conflict.declared").unwrap();
        assert_eq!((&declared.1["origin"], declared.1.get("reason")), (&json!("recused"), None));
    }

    fn somebody_stays_wanted_when_the_conflict_expires_until_whoever_leads_the_panel_closes_it(app: &TestApp) {
        let reference = given_bid(app);
        give(app, &reference, Who::SecondAssessor).expect(200);
        app.clock.set(moment("2026-11-17T09:00:00Z"));
        let conflict = json!({ "bid": reference, "reason": "I advise them until Friday.", "until": "2026-11-20T17:00:00Z" });
        app.client(Who::Assessor).post("/api/v1/conflicts", conflict).expect(200);
        assert_eq!(panel(app)["replacements"], 1);
        app.clock.set(moment("2026-11-21T09:00:00Z"));
        assert_eq!(panel(app)["replacements"], 1, "the conflict has expired, and nobody was given the bid");
        let close = format!("/api/v1/bids/{reference}/replacement-readers");
        for (who, status) in [(Who::Observer, 403), (Who::SecondAssessor, 403), (Who::Stranger, 404)] {
            assert_eq!(app.client(who).delete(&close).status, status, "{who:?}");
        }
        let (mut manager, mut late) = (app.browser(Who::Manager), app.browser(Who::Moderator));
        late.open(&format!("/bids/{reference}/assessors"));
        manager.open(&format!("/rounds/{ROUND}/assessors")).sees("Needs another assessor").follow(&format!("Choose readers for {reference}"));
        manager.sees("1 reader has lost this bid").press("Nobody is needed in their place").sees("Nobody is wanted any more");
        assert!(!manager.has("Needs another assessor"), "{}", manager.text());
        assert_eq!(panel(app)["replacements"], 0);
        late.press("Nobody is needed in their place").sees("Nobody is wanted in the place of a reader of this bid.");
        assert_eq!(app.client(Who::Manager).delete(&close).problem(), (409, "nobody_wanted".into()));
        let told = happened(app, Chain::Round(round_id(app)));
        assert_eq!(told.iter().filter(|(kind, _)| kind == "assessor.not_replaced").count(), 1);
        // Another who is lost after that is wanted anew.
        app.client(Who::SecondAssessor).post(&format!("/api/v1/bids/{reference}/recuse"), json!({ "reason": "Close" })).expect(200);
        assert_eq!(panel(app)["replacements"], 1);
        app.client(Who::Moderator).delete(&close).expect(204);
        assert_eq!(panel(app)["replacements"], 0);
    }

    fn what_was_written_counts_no_more_and_is_read_by_nobody_until_a_manager_opens_it(app: &TestApp) {
        let reference = given_bid(app);
        assess(app, Who::Assessor, &reference, (3, 2));
        let recuse = format!("/api/v1/bids/{reference}/recuse");
        assert_eq!(app.client(Who::SecondAssessor).post(&recuse, json!({ "reason": "Close" })).status, 404, "not given to them");
        let missing = app.client(Who::Assessor).post(&recuse, json!({ "reason": " " }));
        assert_eq!((missing.status, &missing.json()["errors"][0]["code"]), (422, &json!("missing")));
        app.client(Who::Assessor).post(&recuse, json!({ "reason": "Close" })).expect(200);
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            let scores = app.client(who).get(&format!("/api/v1/bids/{reference}/scores")).expect(200).json();
            assert_eq!(scores, json!([]), "{who:?}");
        }
        let manager = app.client(Who::Manager);
        assert_eq!(manager.get(&format!("/api/v1/rounds/{ROUND}/scores.csv")).expect(200).text().lines().count(), 1);
        let ranking = manager.get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        assert_eq!((&ranking[0]["mean"], &ranking[0]["readers"]), (&Value::Null, &json!(0)), "{ranking}");
        let sealed = format!("/api/v1/bids/{reference}/scores/sealed");
        for (who, status) in [(Who::Moderator, 403), (Who::Observer, 403), (Who::Assessor, 404), (Who::Stranger, 404)] {
            assert_eq!(app.client(who).post(&sealed, json!({})).status, status, "{who:?}");
        }
        let opened = manager.post(&sealed, json!({})).expect(200).json();
        assert_eq!((&opened[0]["name"], &opened[0]["scores"][0]["value"]), (&json!("Assessor Person"), &json!(3)));
        let told = happened(app, Chain::Round(round_id(app)));
        assert_eq!(told.last().unwrap().0, "scores.unsealed");
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/bids/{reference}/scores")).sees("1 person who no longer reads this bid has written");
        browser.press("Open what is sealed").sees("Sealed scores").sees("It is shown.");
        let of_moderator = app.client(Who::Moderator).get(&format!("/bids/{reference}/scores")).expect(200).text();
        assert!(!of_moderator.contains("Sealed"), "only a manager hears of it");
    }

    fn a_manager_with_a_conflict_hears_nothing_of_the_reader_who_is_wanted(app: &TestApp) {
        let reference = given_bid(app);
        app.colleague();
        app.client(Who::Manager).post("/api/v1/conflicts", json!({ "bid": reference, "reason": "Close" })).expect(200);
        let recuse = format!("/api/v1/bids/{reference}/recuse");
        app.client(Who::Assessor).post(&recuse, json!({ "reason": "Close" })).expect(200);
        assert_eq!(letters(app), ["colleague@test.example"]);
        assert_eq!(app.client(Who::Manager).post(&format!("/api/v1/bids/{reference}/scores/sealed"), json!({})).status, 404);
    }

    fn only_a_manager_takes_back_what_was_found_while_reading(app: &TestApp) {
        let reference = given_bid(app);
        save(app, Who::Assessor, &reference, 1, &[score("fit", 2)]).expect(200);
        let recuse = format!("/api/v1/bids/{reference}/recuse");
        let id = app.client(Who::Assessor).post(&recuse, json!({ "reason": "Close" })).expect(200).json()["id"].clone();
        let lift = format!("/api/v1/conflicts/{}/lift", id.as_str().unwrap());
        assert_eq!(app.client(Who::Assessor).post(&lift, json!({})).problem(), (403, "ask_manager".into()));
        let bare = app.client(Who::Manager).post(&lift, json!({}));
        assert_eq!((bare.status, &bare.json()["errors"][0]["pointer"]), (422, &json!("/reason")));
        let lifted = app.client(Who::Manager).post(&lift, json!({ "reason": "Another person" })).expect(200).json();
        assert_eq!(lifted["lifted_because"], "Another person");
        assert_eq!(panel(app)["replacements"], 1, "somebody is wanted still, though the conflict is lifted");
        app.clock.set(moment("2026-11-17T09:00:00Z"));
        give(app, &reference, Who::Assessor).expect(200);
        assert_eq!(panel(app)["replacements"], 0, "who comes back stands for themselves");
        let mine = app.client(Who::Assessor).get(&format!("/api/v1/bids/{reference}/scores/mine")).expect(200).json();
        assert_eq!(mine["scores"][0]["value"], 2, "what was written is still there");
    }
}
