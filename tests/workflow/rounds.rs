//! A round with each of the ready definitions: made, published and gone through over REST, from a draft to an award and to none.

use std::time::Duration;

use roundtable::{clock::Moment, funds::model::Milestone, workflow::definitions};
use serde_json::{Value, json};

use crate::{
    awards::{ANNOUNCED, DECIDING, award, decide, letters, release, shortlisted},
    harness::{
        app::{Answer, ROUND, TestApp, Who, new_round},
        databases::on_each_database,
    },
    pages::story::{Story, fill_register},
};

pub const DAY: Duration = Duration::from_secs(86_400);
pub const ASK: i64 = 8_000_000;

/// What makes a round with this workflow: its first milestone was yesterday, the others follow ten days apart.
pub fn round_of(app: &TestApp, workflow: &str) -> Value {
    let definition = definitions::read(workflow).unwrap();
    let first = app.clock.now().minus(DAY);
    let milestones = definition.milestones.iter().zip(0..);
    let milestones = milestones.map(|(name, index)| json!({ "name": name, "at": first.plus(DAY * 10 * index) }));
    let mut round = serde_json::to_value(new_round()).unwrap();
    round["slug"] = json!(workflow);
    round["prefix"] = json!("NEW");
    round["workflow"] = json!(workflow);
    // The money reaches one bid.
    round["budget_pence"] = json!(ASK + 2_000_000);
    round["milestones"] = milestones.collect();
    if !definition.milestones.contains(&"eoi_opens".to_owned()) {
        for part in ["eoi", "eoi_eligibility", "sift"] {
            round["rulebook"].as_object_mut().unwrap().remove(part);
        }
    }
    round
}

pub fn make(app: &TestApp, round: Value) -> Answer {
    app.client(Who::Manager).post("/api/v1/funds/test-fund/rounds", round)
}

/// A published round with this workflow.
fn open_round(app: &TestApp, workflow: &str) {
    publish(app, round_of(app, workflow));
}

/// Makes a round and publishes it.
pub fn publish(app: &TestApp, round: Value) {
    let path = format!("/api/v1/rounds/{}/publish", round["slug"].as_str().unwrap());
    let made = make(app, round).expect(201);
    let version = made.header("etag").unwrap().to_owned();
    app.client(Who::Manager).send("POST", &path, &[("If-Match", &version)], None).expect(200);
}

/// An hour after a milestone of the round.
pub fn after(app: &TestApp, round: &str, milestone: &str) {
    let round = app.public().get(&format!("/api/v1/rounds/{round}")).expect(200).json();
    let found = round["milestones"].as_array().unwrap().iter().find(|found| found["name"] == milestone).unwrap();
    let at: Moment = serde_json::from_value(found["at"].clone()).unwrap();
    app.clock.set(at.plus(Duration::from_secs(3_600)));
    app.work();
}

fn status(app: &TestApp, round: &str) -> Value {
    app.public().get(&format!("/api/v1/rounds/{round}")).expect(200).json()["status"].clone()
}

/// A bid of Ambridge with a partner and a signature, which has gone in.
pub fn submitted<'a>(app: &'a TestApp, round: &str) -> Story<'a> {
    let story = Story::begin_in(app, round);
    let invitation = story.write_at_once();
    story.ask_to_sign();
    story.submit_application(&invitation);
    assert_eq!(story.state(), "full_submitted");
    story
}

pub fn scored(app: &TestApp, story: &Story) {
    let reasons = || {
        let plan = app.client(Who::Manager).get(&format!("/api/v1{}", story.page("/actions"))).expect(200).json();
        let choices = plan["choices"].as_array().unwrap().clone();
        let close = choices.into_iter().find(|choice| choice["transition"] == "close_scoring").unwrap();
        close["reasons"].clone()
    };
    story.give_to_assessors();
    assert_eq!(reasons(), json!(["not every assessor has scored every criterion"]));
    [Who::Assessor, Who::SecondAssessor].into_iter().for_each(|who| story.score(who));
    assert_eq!(reasons(), json!([]), "the bid's page says what the desk says");
    story.decide("assessment", "close_scoring", None);
}

/// The titles of the grants that are published of a round.
fn grants(app: &TestApp, round: &str) -> Vec<Value> {
    let list = app.public().get(&format!("/api/v1/open/rounds/{round}/awards.json")).expect(200).json();
    list["grants"].as_array().unwrap().clone()
}

fn has_project(app: &TestApp, story: &Story) -> bool {
    app.public().get(&format!("/api/v1/projects/{}", story.reference)).status == 200
}

/// One bid has its award and becomes a project that ends, the other has none.
#[track_caller]
fn ends(app: &TestApp, round: &str, funded: &Story, refused: &Story) {
    assert_eq!((funded.state(), refused.state()), ("funded".into(), "not_funded".into()));
    let grants = grants(app, round);
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0]["id"], format!("360G-roundtable-test-{}", funded.reference));
    assert!(has_project(app, funded) && !has_project(app, refused));
    funded.act(Who::Manager, "start_delivery");
    funded.act(Who::Manager, "complete");
    assert_eq!(funded.state(), "completed");
}

on_each_database! {
    fn two_stages_go_from_draft_to_an_award_and_to_none(app: &TestApp) {
        let round = "local-digital-fund-1";
        open_round(app, round);
        fill_register(app);
        let [funded, refused] = [(); 2].map(|()| Story::begin_in(app, round));
        [&funded, &refused].into_iter().for_each(Story::submit_interest);
        after(app, round, "eoi_closes");
        [&funded, &refused].into_iter().for_each(|story| story.decide("sift", "invite", None));
        funded.release("eoi_outcome");
        after(app, round, "full_opens");
        for story in [&funded, &refused] {
            assert_eq!(story.state(), "invited");
            let invitation = story.write_application();
            story.ask_to_sign();
            story.submit_application(&invitation);
        }
        after(app, round, "full_closes");
        for story in [&funded, &refused] {
            story.decide("eligibility", "find_eligible", None);
            scored(app, story);
        }
        funded.decide("shortlist", "shortlist", None);
        funded.decide("award", "fund", Some(ASK));
        refused.decide("award", "not_fund", None);
        funded.release("announcement");
        after(app, round, "announcement");
        ends(app, round, &funded, &refused);
    }

    fn a_panel_interviews_between_two_releases(app: &TestApp) {
        let round = "single-stage-panel";
        open_round(app, round);
        let late = Story::begin_in(app, round);
        let (funded, refused) = (submitted(app, round), submitted(app, round));
        after(app, round, "full_closes");
        assert_eq!((late.state(), status(app, round)), ("full_lapsed".into(), json!("assessment")));
        assert!(letters(app, "lapsed").iter().all(|letter| letter["reference"] == late.reference.as_str()));
        assert_eq!(letters(app, "lapsed").len(), 4, "the four people of the lead authority");
        for story in [&funded, &refused] {
            story.decide("eligibility", "find_eligible", None);
            scored(app, story);
            story.decide("shortlist", "invite_to_interview", None);
            assert_eq!(story.state(), "full_submitted", "nothing shows before its release");
        }
        let queue = |milestone: &str| format!("/rounds/{round}/decisions?release={milestone}");
        let text = app.browser(Who::Manager).open(&queue("interview_invitations")).sees("Place").text();
        assert!(!text.contains("Suggested") && !text.contains("of £100,000"), "whom to interview is no question of money: {text}");
        funded.release("interview_invitations");
        after(app, round, "interview_invitations");
        assert_eq!(funded.state(), "to_interview");
        after(app, round, "interviews_open");
        assert_eq!(status(app, round), "interviews");
        funded.act(Who::Manager, "record_interview");
        assert_eq!(funded.state(), "interviewed");
        let text = app.browser(Who::Manager).open(&queue("announcement")).sees("Suggested").text();
        assert!(text.contains("Not fund") && !text.contains("Reserve"), "there is no reserve list: {text}");
        funded.decide("award", "fund", Some(ASK));
        refused.decide("award", "not_fund", None);
        funded.release("announcement");
        assert_eq!((funded.state(), refused.state()), ("interviewed".into(), "to_interview".into()));
        after(app, round, "announcement");
        ends(app, round, &funded, &refused);
    }

    fn a_follow_on_is_for_councils_with_an_earlier_project(app: &TestApp) {
        let earlier = shortlisted(app, "The first round", ASK);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &earlier, "award", award(ASK, 1)).expect(201);
        release(app, "announcement").expect(200);
        app.at(ANNOUNCED);
        let round = "closed-follow-on";
        open_round(app, round);
        let start = json!({ "round": round, "lead": app.organisation("CAS"), "title": "Without a project" });
        let stranger = app.client(Who::Stranger);
        let started = stranger.post("/api/v1/bids", start).expect(201).json();
        let plan = format!("/api/v1/bids/{}/actions", started["reference"].as_str().unwrap());
        let reasons = stranger.get(&plan).expect(200).json()["choices"][0]["reasons"].clone();
        assert_eq!(reasons[0], "0 projects of earlier rounds of this fund are led by this authority, at least 1 is needed");

        let (funded, refused) = (submitted(app, round), submitted(app, round));
        after(app, round, "full_closes");
        [&funded, &refused].into_iter().for_each(|story| story.decide("eligibility", "invite_to_interview", None));
        funded.release("interview_invitations");
        after(app, round, "interviews_open");
        let invited = letters(app, "outcome-interview");
        assert!(invited.iter().all(|letter| letter["interviews"].is_string()) && invited.len() >= 2, "{invited:?}");
        for story in [&funded, &refused] {
            story.act(Who::Manager, "record_interview");
            scored(app, story);
        }
        funded.decide("award", "fund", Some(ASK));
        refused.decide("award", "not_fund", None);
        funded.release("announcement");
        after(app, round, "announcement");
        ends(app, round, &funded, &refused);
    }

    fn a_continuous_round_never_closes_and_decides_one_by_one(app: &TestApp) {
        let round = "continuous";
        open_round(app, round);
        let path = format!("/api/v1/open/rounds/{round}/awards.json");
        let refused = submitted(app, round);
        app.later(DAY * 400);
        assert_eq!(status(app, round), "full_open");
        let funded = submitted(app, round);
        let eligible = app.browser(Who::Manager).open(&refused.page("/decision")).text();
        assert_eq!(eligible.matches("Shows at once, councils get an email").count(), 1, "“Find eligible” tells nobody");
        for story in [&refused, &funded] {
            story.decide("eligibility", "find_eligible", None);
            assert_eq!(story.state(), "eligible", "what is decided shows at once, before any job");
            app.work();
            scored(app, story);
            app.work();
        }
        let mut desk = app.browser(Who::Manager);
        let text = desk.open(&refused.page("/decision")).sees("Shows at once, councils get an email").text();
        assert!(!text.contains("Reason for departing"), "there is no ranking: {text}");
        refused.decide("award", "not_fund", None);
        app.work();
        assert_eq!(app.public().get(&path).status, 404, "there is no award yet");
        let cancel = || {
            let manager = app.client(Who::Manager);
            let version = manager.get(&format!("/api/v1/rounds/{round}")).expect(200).json()["version"].as_i64().unwrap();
            manager.put(&format!("/api/v1/rounds/{round}/cancellation"), version, json!({ "reason": "The money is gone." }))
        };
        cancel().expect(202);
        app.client(Who::Manager).delete(&format!("/api/v1/rounds/{round}/proposals/cancellation")).expect(204);
        funded.decide("award", "fund", Some(ASK));
        assert_eq!((grants(app, round).len(), has_project(app, &funded)), (1, false));
        assert_eq!(cancel().problem(), (409, "awards_announced".into()), "a refusal is no award, and this is one");
        app.work();
        assert_eq!(cancel().problem(), (409, "awards_announced".into()));
        ends(app, round, &funded, &refused);
        let queue = format!("/rounds/{round}/decisions");
        app.browser(Who::Manager).open(&queue).sees("decided on one by one").sees("No bid waits for a decision");
        let again = json!({ "transition": "not_fund", "feedback": "We have thought again." });
        let changed = app.client(Who::Manager).put(&format!("/api/v1/bids/{}/decisions/award", refused.reference), 1, again);
        assert_eq!(changed.status, 409, "{}", changed.text());
    }

    fn a_round_wants_the_milestones_of_its_workflow_and_no_others(app: &TestApp) {
        let mut round = round_of(app, "single-stage-panel");
        let interviews = round["milestones"].as_array_mut().unwrap().remove(3);
        let errors = make(app, round).expect(422).json()["errors"].clone();
        assert_eq!(errors[0]["message"], "Give a date for Interviews begin.", "{errors}");
        let mut round = round_of(app, "continuous");
        round["workflow"] = json!("perpetual");
        let errors = make(app, round).expect(422).json()["errors"].clone();
        let told = "Name one of the workflows local-digital-fund-1, single-stage-panel, closed-follow-on, continuous.";
        assert!(errors.as_array().unwrap().iter().any(|fault| fault["message"] == told), "{errors}");
        let mut round = round_of(app, "continuous");
        round["milestones"].as_array_mut().unwrap().push(interviews);
        let errors = make(app, round).expect(422).json()["errors"].clone();
        let told = errors[0]["message"].as_str().unwrap();
        assert!(told.starts_with("Leave out Interviews begin: the workflow “Continuous funding"), "{errors}");
    }

    fn a_round_without_expressions_of_interest_speaks_of_none(app: &TestApp) {
        open_round(app, "continuous");
        let page = app.public().get("/rounds/continuous").expect(200).text();
        assert!(page.contains("Questions of the full application") && !page.contains("expression of interest"), "{page}");
        assert!(page.contains("/rounds/continuous/awards"), "{page}");
        let other = app.public().get(&format!("/rounds/{ROUND}")).expect(200).text();
        assert!(other.contains("Questions of the expression of interest"));
    }
}

#[test]
fn every_milestone_of_a_ready_definition_is_one_of_rounds() {
    for (id, _) in definitions::all() {
        let milestones = definitions::read(id).unwrap().milestones;
        let known: Vec<Milestone> = milestones.iter().filter_map(|name| Milestone::from_word(name)).collect();
        assert_eq!(known.len(), milestones.len(), "{id}");
        assert!(known.is_sorted(), "{id} names its milestones in their order");
    }
}
