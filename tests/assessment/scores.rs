//! Scores over REST: given blind, saved as often as wanted, submitted once, and ranked.

use serde_json::{Value, json};

use super::{assess, find_eligible, full_application, give, given_bid, save, score, submit};
use crate::harness::{
    app::{ROUND, TestApp, Who},
    databases::on_each_database,
};

on_each_database! {
    fn an_assessor_saves_drafts_submits_once_and_changes_what_counts_until_moderation(app: &TestApp) {
        let reference = given_bid(app);
        let draft = save(app, Who::Assessor, &reference, 1, &[score("fit", 1)]).expect(200).json();
        assert_eq!((&draft["missing"], &draft["version"]), (&json!(["delivery"]), &2.into()));
        let early = submit(app, Who::Assessor, &reference, 2);
        assert_eq!(early.json()["errors"][0]["pointer"], "/scores/delivery");
        save(app, Who::Assessor, &reference, 2, &[score("fit", 3), score("delivery", 2)]).expect(200);
        let submitted = submit(app, Who::Assessor, &reference, 3).expect(200).json();
        assert_eq!(submitted["scores"][0]["value"], 3);
        assert_eq!(submitted["scores"][0]["number"], 2, "the draft stays in the history");
        assert_eq!(submit(app, Who::Assessor, &reference, 4).problem(), (409, "assessment_submitted".into()));
        let changed = save(app, Who::Assessor, &reference, 4, &[score("fit", 0)]).expect(200).json();
        assert_eq!((&changed["scores"][0]["value"], &changed["scores"][0]["number"]), (&json!(0), &json!(3)));
        assert_eq!(changed["submitted_at"], submitted["submitted_at"]);
        let ranking = app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        assert_eq!(ranking[0]["mean"], "0.80", "what is changed counts at once");
    }

    fn an_assessor_never_sees_anothers_scores_and_staff_see_all(app: &TestApp) {
        let reference = given_bid(app);
        give(app, &reference, Who::SecondAssessor).expect(200);
        assess(app, Who::Assessor, &reference, (3, 3));
        let mine = app.client(Who::SecondAssessor).get(&format!("/api/v1/bids/{reference}/scores/mine")).expect(200).json();
        assert_eq!(mine["scores"], json!([]));
        let path = format!("/api/v1/bids/{reference}/scores");
        for who in [Who::Assessor, Who::SecondAssessor, Who::Officer] {
            assert_eq!(app.client(who).get(&path).status, 403, "{who:?}");
        }
        assert_eq!(app.client(Who::Stranger).get(&path).status, 404);
        for who in [Who::Manager, Who::Moderator, Who::Observer] {
            assert_eq!(app.client(who).get(&path).expect(200).json().as_array().unwrap().len(), 2);
        }
    }

    fn wrong_scores_are_refused_with_the_place_and_nothing_is_kept(app: &TestApp) {
        let reference = given_bid(app);
        let long = "word ".repeat(501);
        let with = |field: &str, value: Value| {
            let mut score = score("fit", 2);
            score[field] = value;
            json!([score])
        };
        let cases = [
            (json!([]), "/scores", "missing"),
            (with("criterion", json!("charm")), "/scores/0/criterion", "unknown_criterion"),
            (with("value", json!(4)), "/scores/0/value", "off_the_scale"),
            (with("value", json!(-1)), "/scores/0/value", "off_the_scale"),
            (with("value", json!(2.5)), "/scores/0/value", "wrong_json"),
            (with("value", json!(99_999_999_999_i64)), "/scores/0/value", "wrong_json"),
            (with("justification", json!(" ")), "/scores/0/justification", "missing"),
            (with("justification", json!(long)), "/scores/0/justification", "too_long"),
            (with("confidence", json!("total")), "/scores/0/confidence", "wrong_json"),
            (with("mood", json!("good")), "/scores/0/mood", "wrong_json"),
            (json!([score("fit", 1), score("fit", 2)]), "/scores/1/criterion", "repeated"),
        ];
        let path = format!("/api/v1/bids/{reference}/scores/mine");
        for (scores, pointer, code) in cases {
            let answer = app.client(Who::Assessor).put(&path, 1, json!({ "scores": scores }));
            let error = &answer.json()["errors"][0];
            assert_eq!(answer.problem(), (422, "invalid".into()), "{pointer} {code}");
            assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)));
        }
        let body = json!({ "scores": [score("fit", 2)] });
        let without = app.client(Who::Assessor).send("PUT", &path, &[], Some(&body));
        assert_eq!(without.problem(), (428, "version_needed".into()));
        assert_eq!(app.client(Who::Assessor).put(&path, 9, body).problem(), (412, "stale_version".into()));
        assert_eq!(app.client(Who::Assessor).get(&path).expect(200).json()["scores"], json!([]));
    }

    fn a_bid_takes_scores_from_the_decision_that_it_is_eligible_to_the_one_that_closes_scoring(app: &TestApp) {
        let reference = full_application(app, "Shared repairs");
        give(app, &reference, Who::Assessor).expect(200);
        give(app, &reference, Who::SecondAssessor).expect(200);
        let early = save(app, Who::Assessor, &reference, 1, &[score("fit", 2)]);
        assert_eq!(early.problem(), (409, "scoring_closed".into()));
        find_eligible(app, &reference);
        assess(app, Who::Assessor, &reference, (2, 2));
        let close = json!({ "transition": "close_scoring" });
        let path = format!("/api/v1/bids/{reference}/decisions/assessment");
        let too_early = app.client(Who::Manager).send("PUT", &path, &[], Some(&close));
        assert_eq!(too_early.status, 409, "{}", too_early.text());
        assess(app, Who::SecondAssessor, &reference, (2, 2));
        app.client(Who::Manager).send("PUT", &path, &[], Some(&close)).expect(201);
        let ranking = app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        assert_eq!(ranking[0]["mean_micros"], 2_000_000);
    }

    fn the_ranking_is_by_exact_weighted_means_and_shows_ties(app: &TestApp) {
        let (first, second) = (given_bid(app), full_application_again(app));
        give(app, &first, Who::SecondAssessor).expect(200);
        give(app, &second, Who::Assessor).expect(200);
        assess(app, Who::Assessor, &first, (3, 2));
        assess(app, Who::SecondAssessor, &first, (1, 2));
        assess(app, Who::Assessor, &second, (2, 2));
        let ranking = app.client(Who::Moderator).get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        for (index, (reference, readers)) in [(&first, 2), (&second, 1)].into_iter().enumerate() {
            let row = &ranking[index];
            assert_eq!((&row["reference"], &row["readers"]), (&json!(reference), &json!(readers)));
            assert_eq!((&row["place"], &row["mean"], &row["tied"]), (&json!(1), &json!("2.00"), &json!(true)));
        }
        let csv = app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/ranking.csv")).expect(200).text();
        assert!(csv.starts_with("Place,Reference,Title,Lead authority,Mean,Readers,Tied,Interview,Combined\r\n1,"), "{csv}");
        assert!(csv.contains("'=Shared savings"), "{csv}");
        let scores = app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/scores.csv")).expect(200).text();
        assert_eq!(scores.lines().count(), 7, "{scores}");
        assert_eq!(app.client(Who::Assessor).get(&format!("/api/v1/rounds/{ROUND}/ranking")).status, 403);
    }

    fn ones_own_list_says_how_far_one_is(app: &TestApp) {
        let reference = given_bid(app);
        save(app, Who::Assessor, &reference, 1, &[score("fit", 1)]).expect(200);
        let list = app.client(Who::Assessor).get("/api/v1/assessments").expect(200).json();
        let row = &list[0];
        assert_eq!((&row["reference"], &row["scored"], &row["criteria"]), (&json!(reference), &1.into(), &2.into()));
        assert_eq!((&row["submitted_at"], &row["open"]), (&Value::Null, &true.into()));
        assert_eq!(app.client(Who::SecondAssessor).get("/api/v1/assessments").expect(200).json(), json!([]));
    }
}

/// A second bid of the round, open for scores, whose title a spreadsheet would take for a formula. The clock goes back
/// for it, since expressions of interest have closed by now.
fn full_application_again(app: &TestApp) -> String {
    app.clock.set(crate::harness::app::moment(crate::harness::app::START));
    let reference = full_application(app, "=Shared savings");
    find_eligible(app, &reference);
    reference
}
