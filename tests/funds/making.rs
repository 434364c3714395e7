//! A round is begun with little, written while it is a draft, and published once nothing is missing.

use serde_json::{Value, json};

use crate::{
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::cancelling::cancel,
};

const DRAFTS: &str = "/api/v1/funds/test-fund/drafts";
const AGAIN: &str = "/api/v1/rounds/again";

fn copy() -> Value {
    json!({ "slug": "again", "title": "Test round again", "prefix": "AGAIN", "copy_of": ROUND })
}

fn change(client: &Client, change: &Value) -> Answer {
    let version = client.get(AGAIN).expect(200).json()["version"].as_i64().unwrap();
    client.patch(AGAIN, version, change.clone())
}

fn publish(client: &Client) -> Answer {
    let version = client.get(AGAIN).expect(200).json()["version"].as_i64().unwrap();
    client.send("POST", &format!("{AGAIN}/publish"), &[("If-Match", &format!("\"v{version}\""))], None)
}

/// The dates of the test world's round, a year later.
pub fn dates(app: &TestApp) -> Value {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    let later = |milestone: &Value| {
        let at = milestone["at"].as_str().unwrap().replace("2027-", "2028-").replace("2026-", "2027-");
        json!({ "name": milestone["name"], "at": at })
    };
    round["milestones"].as_array().unwrap().iter().map(later).collect()
}

fn messages(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].clone();
    errors.as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap().to_owned()).collect()
}

on_each_database! {
    fn a_copy_takes_over_everything_but_the_dates_and_is_published_when_it_has_them(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let original = manager.get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        let made = manager.post(DRAFTS, copy()).expect(201).json();
        for same in ["summary", "budget_pence", "rulebook", "rules_hash"] {
            assert_eq!(made[same], original[same], "{same}");
        }
        assert_eq!((&made["status"], &made["milestones"], &made["replaces"]), (&json!("draft"), &json!([]), &Value::Null));
        assert_eq!(app.public().get(AGAIN).status, 404);
        let missing = publish(&manager);
        assert_eq!(missing.status, 422);
        let lacks = manager.get(&format!("{AGAIN}/missing")).expect(200).json();
        assert_eq!(lacks.as_array().unwrap().len(), 7, "{lacks}");
        assert_eq!(lacks[0]["message"], "Give a date for Expressions of interest open.");
        assert_eq!(manager.get(AGAIN).expect(200).json()["status"], "draft", "nothing of it stays");
        change(&manager, &json!({ "milestones": dates(app), "budget_pence": 30_000_000 })).expect(200);
        assert_eq!(manager.get(&format!("{AGAIN}/missing")).expect(200).json(), json!([]));
        publish(&manager).expect(200);
        assert_eq!(app.public().get(AGAIN).expect(200).json()["budget_pence"], 30_000_000);
        assert_eq!(change(&manager, &json!({ "title": "Other" })).problem(), (409, "published_already".into()));
        // A bid can be started in it, and its way is that of the copied workflow.
        let start = json!({ "round": "again", "lead": app.organisation("AMB"), "title": "Early" });
        let started = app.client(Who::Officer).post("/api/v1/bids", start).expect(201).json();
        assert_eq!(started["reference"], "AGAIN-0001");
    }

    fn a_cancelled_round_is_run_again_and_each_says_so_of_the_other(app: &TestApp) {
        cancel(app);
        let manager = app.client(Who::Manager);
        manager.post(DRAFTS, copy()).expect(201);
        let cancelled = || app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        assert_eq!(cancelled()["replaced_by"], Value::Null, "nobody outside knows of a draft");
        change(&manager, &json!({ "milestones": dates(app) })).expect(200);
        publish(&manager).expect(200);
        assert_eq!(cancelled()["replaced_by"], json!({ "slug": "again", "title": "Test round again" }));
        let again = app.public().get(AGAIN).expect(200).json();
        assert_eq!(again["replaces"], json!({ "slug": ROUND, "title": "Test round" }));
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).follow("Test round again").sees("It replaces Test round, which was cancelled.");
    }

    fn a_round_begins_with_a_ready_workflow_and_nothing_else(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let begin = json!({ "slug": "again", "title": "New", "prefix": "AGAIN", "workflow": "local-digital-fund-1" });
        manager.post(DRAFTS, begin).expect(201);
        let lacks = manager.get(&format!("{AGAIN}/missing")).expect(200).json();
        let fields: Vec<&str> = lacks.as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect();
        for wanted in ["summary", "budget_pence", "milestones", "rulebook/criteria", "rulebook/phases", "rulebook/eoi"] {
            assert!(fields.contains(&wanted), "{wanted}: {lacks}");
        }
        let rulebook = manager.get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json()["rulebook"].clone();
        let all = json!({ "summary": "For tests.", "budget_pence": 1_000, "milestones": dates(app), "rulebook": rulebook });
        let changed = change(&manager, &all).expect(200).json();
        assert_eq!(changed["rulebook"], rulebook);
        publish(&manager).expect(200);
    }

    fn what_cannot_be_is_refused_field_by_field(app: &TestApp) {
        let manager = app.client(Who::Manager);
        let refused = manager.post(DRAFTS, json!({ "slug": "A b", "title": " ", "prefix": "x" }));
        assert_eq!((refused.status, messages(&refused).len()), (422, 4), "{}", refused.text());
        let unknown = |name: &str, value: &str| {
            let mut new = json!({ "slug": "again", "title": "New", "prefix": "AGAIN" });
            new[name] = json!(value);
            manager.post(DRAFTS, new).problem()
        };
        assert_eq!(unknown("workflow", "no-such"), (422, "invalid".into()));
        assert_eq!(unknown("copy_of", "no-such"), (422, "invalid".into()));
        let mut taken = copy();
        taken["prefix"] = json!("TEST");
        assert_eq!(manager.post(DRAFTS, taken).problem(), (409, "prefix_taken".into()));
        taken = copy();
        taken["slug"] = json!(ROUND);
        assert_eq!(manager.post(DRAFTS, taken).problem(), (409, "slug_taken".into()));
        for who in [Who::Observer, Who::Assessor] {
            assert_eq!(app.client(who).post(DRAFTS, copy()).status, 403, "{who:?}");
        }
        assert_eq!(app.client(Who::Officer).post(DRAFTS, copy()).status, 404);
        manager.post(DRAFTS, copy()).expect(201);
        assert_eq!(change(&manager, &json!({ "prefix": "TEST" })).problem(), (409, "prefix_taken".into()));
        let wrong = change(&manager, &json!({ "budget_pence": 0, "milestones": [
            { "name": "eoi_closes", "at": "2027-09-30T16:00:00Z" },
            { "name": "eoi_opens", "at": "2027-09-01T16:00:00Z" },
            { "name": "interviews_open", "at": "2027-12-01T16:00:00Z" },
        ] }));
        assert_eq!((wrong.status, messages(&wrong).len()), (422, 3), "{}", wrong.text());
        assert_eq!(manager.patch(AGAIN, 7, json!({ "title": "x" })).problem(), (412, "stale_version".into()));
        assert_eq!(app.client(Who::Officer).patch(AGAIN, 1, json!({ "title": "x" })).status, 404);
    }

    fn a_stage_that_is_over_already_cannot_be_published(app: &TestApp) {
        let manager = app.client(Who::Manager);
        manager.post(DRAFTS, copy()).expect(201);
        let original = manager.get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        let date = |milestone: &Value| json!({ "name": milestone["name"], "at": milestone["at"] });
        let dates: Value = original["milestones"].as_array().unwrap().iter().map(date).collect();
        change(&manager, &json!({ "milestones": dates })).expect(200);
        let lacks = || app.client(Who::Manager).get(&format!("{AGAIN}/missing")).expect(200).json();
        app.at("2026-09-30T16:00:00Z");
        assert_eq!(lacks(), json!([]), "equal is in time");
        app.at("2026-09-30T16:00:00.000001Z");
        assert_eq!((&lacks()[0]["field"], &lacks()[0]["code"]), (&json!("milestones"), &json!("over")));
        let refused = publish(&app.client(Who::Manager));
        assert_eq!(messages(&refused), ["Give a later date for Expressions of interest close: 5pm on 30 September 2026 is over."]);
        app.at("2027-01-01T09:00:00Z");
        assert_eq!(lacks().as_array().unwrap().len(), 2, "{}", lacks());
    }

    fn rules_that_decide_nothing_cannot_be_published(app: &TestApp) {
        let manager = app.client(Who::Manager);
        manager.post(DRAFTS, copy()).expect(201);
        let mut rulebook = manager.get(AGAIN).expect(200).json()["rulebook"].clone();
        for list in ["criteria", "phases"] {
            rulebook[list][1]["id"] = rulebook[list][0]["id"].clone();
        }
        for criterion in rulebook["criteria"].as_array_mut().unwrap() {
            criterion["weight"] = json!(u32::MAX);
        }
        change(&manager, &json!({ "rulebook": rulebook, "milestones": dates(app) })).expect(200);
        let expected = [
            "The weights of the criteria must add up to 10,000 basis points.",
            "Give every criterion its own id.",
            "Give every phase its own id.",
        ];
        assert_eq!(messages(&publish(&manager)), expected);
        let mut browser = app.browser(Who::Manager);
        browser.open("/rounds/again/draft");
        for words in expected {
            browser.sees(words);
        }
        browser.open("/rounds/again/publish").sees("Give every criterion its own id.");
        browser.open("/rounds/again").sees("Test round again");
    }

    fn two_managers_who_write_one_draft_at_once_see_what_the_other_saved(app: &TestApp) {
        app.client(Who::Manager).post(DRAFTS, copy()).expect(201);
        let (mut first, mut second) = (app.browser(Who::Manager), app.browser_of(app.colleague()));
        first.open("/rounds/again/draft").fill("What is it for?", "Repairs.").fill("How much can be awarded?", "lots");
        second.open("/rounds/again/draft").fill("Title", "Together again").fill_in("Expressions of interest open", "Day", "1")
            .fill_in("Expressions of interest open", "Month", "9").fill_in("Expressions of interest open", "Year", "2027")
            .fill("Time of “Expressions of interest open”", "9am").press("Save the draft").sees("The draft is saved.");
        first.press("Save the draft").sees("Enter the amount in pounds");
        first.fill("How much can be awarded?", "").press("Save the draft").sees("Enter how much can be awarded");
        first.fill("How much can be awarded?", "200,000").press("Save the draft");
        assert_eq!(first.status(), 412, "mending a fault does not make what was read any newer");
        first.sees("Somebody else changed this draft").sees("Title: Together again").sees("Expressions of interest open: 1/9/2027 09:00");
        assert_eq!((first.value("Title"), first.value("What is it for?")), ("Test round again".into(), "Repairs.".into()));
        first.fill("Title", "Together again").press("Save the draft").sees("The draft is saved.");
        let round = app.client(Who::Manager).get(AGAIN).expect(200).json();
        assert_eq!((&round["title"], &round["summary"]), (&json!("Together again"), &json!("Repairs.")));
        first.fill("What references of bids begin with", "TEST").press("Save the draft").sees("begin with this already");
        assert_eq!(first.errors()[0].0, "#prefix");
    }

    fn two_managers_who_write_the_rules_of_a_draft_at_once_see_what_the_other_saved(app: &TestApp) {
        app.client(Who::Manager).post(DRAFTS, copy()).expect(201);
        let (mut first, mut second) = (app.browser(Who::Manager), app.browser_of(app.colleague()));
        first.open("/rounds/again/draft/rules");
        second.open("/rounds/again/draft/rules");
        let rules = second.value("Questions and rules").replace("Strategic fit", "Fit");
        second.fill("Questions and rules", &rules).press("Save").sees("The questions and rules are saved.");
        first.press("Save").sees("Title of a criterion: from “Fit” to “Strategic fit”");
        assert_eq!(first.status(), 412);
        assert!(first.value("Questions and rules as they stand now").contains("\"Fit\""));
        let kept = || app.client(Who::Manager).get(AGAIN).expect(200).json()["rulebook"]["criteria"][0]["title"].clone();
        assert_eq!(kept(), "Fit");
        first.press("Save").sees("The questions and rules are saved.");
        assert_eq!(kept(), "Strategic fit");
    }

    fn a_manager_runs_a_cancelled_round_again_from_page_to_page(app: &TestApp) {
        cancel(app);
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/amendments")).follow("Run it again as a new round");
        browser.fill("Short name in addresses", "again").fill("What references of bids begin with", "AGAIN").press("Begin the round");
        browser.sees("Fill this in.").fill("Title", "Test round again").press("Begin the round");
        browser.sees("The round is begun as a draft.").sees("Give a date for Awards announced.");
        browser.fill("How much can be awarded?", "lots").press("Save the draft").sees("Enter the amount in pounds");
        browser.fill("How much can be awarded?", "300,000.50");
        browser.fill_in("Expressions of interest open", "Day", "31").fill_in("Expressions of interest open", "Month", "2")
            .fill_in("Expressions of interest open", "Year", "2027").press("Save the draft").sees("Enter a real date");
        browser.fill_in("Expressions of interest open", "Day", "1").fill_in("Expressions of interest open", "Month", "9")
            .fill("Time of “Expressions of interest open”", "9am").press("Save the draft").sees("The draft is saved.");
        let round = app.client(Who::Manager).get(AGAIN).expect(200).json();
        assert_eq!((&round["budget_pence"], &round["milestones"][0]["at"]), (&json!(30_000_050), &json!("2027-09-01T08:00:00Z")));
        browser.follow("Publish the round").sees("The round cannot be published yet");
        change(&app.client(Who::Manager), &json!({ "milestones": dates(app) })).expect(200);
        browser.open("/rounds/again/draft").sees("Nothing is missing.").follow("Questions and rules");
        browser.fill("Questions and rules", "{}").press("Save").sees("This cannot be read");
        let mut rules = round["rulebook"].clone();
        rules["assessment"] = json!({ "anonymous": true, "publish_scores": true, "draw": { "source": "Lottery of 1 May" } });
        let rules = rules.to_string().replace("Strategic fit", "Fit");
        browser.fill("Questions and rules", &rules).press("Save").sees("The questions and rules are saved.");
        // Of a new draw everybody reads when it is committed to, unless its rules say otherwise.
        let kept = || app.client(Who::Manager).get(AGAIN).expect(200).json()["rulebook"].clone();
        let with = |told: bool| json!({ "source": "Lottery of 1 May", "told_before": told });
        assert_eq!(kept()["assessment"]["draw"], with(true));
        let nobody = "Nobody outside can see then that the fund committed to it before the public value was known.";
        assert!(!browser.has(nobody), "{}", browser.text());
        let mut after = kept();
        after["assessment"]["draw"] = with(false);
        browser.follow("Questions and rules").sees("What told_before means in a draw");
        browser.fill("Questions and rules", &after.to_string()).press("Save").sees(nobody);
        assert_eq!(kept()["assessment"]["draw"], with(false));
        browser.sees("a number is as good as a name").sees("Where anonymity matters").follow("Publish the round");
        browser.sees("a number is as good as a name").sees("are warned of those that they left in").press("Publish the round").sees("The round is published.").sees("Fit, 60%");
        browser.open("/staff").sees("Test round again");
    }
}
