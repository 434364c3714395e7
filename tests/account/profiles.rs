//! What a council says in each of its bids: its administrators keep it, its people read it, and its bids begin with it.

use roundtable::{
    events::Chain,
    funds::rulebook::Rulebook,
    identity::profiles::model::ProfilePart::{Contact, FinanceOfficer, Sponsor},
};
use serde_json::{Value, json};

use super::happened;
use crate::{
    bids::{led::another_round, written},
    harness::{
        app::{Answer, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
    pages::story::Story,
};

const ASKING: &str = "profile-round";

fn path(app: &TestApp, code: &str) -> String {
    format!("/api/v1/organisations/{}/profile", app.organisation(code))
}

fn page(app: &TestApp, code: &str) -> String {
    format!("/organisations/{}/profile", app.organisation(code))
}

/// What Ambridge says in each of its bids.
pub fn of_ambridge() -> Value {
    json!({
        "contact": { "name": " Ann Lee ", "job_title": "Head of Digital", "email": "ann.lee@ambridge.gov.uk", "telephone": "01234 567890" },
        "sponsor": "Director of Housing",
        "statements": [
            { "title": "Equality duty", "words": "We look at how each change falls on people with a protected characteristic." },
            { "title": "Data protection", "words": "Our data protection officer reads every plan." }
        ]
    })
}

pub fn put(app: &TestApp, who: Who, version: i64, profile: Value) -> Answer {
    app.client(who).put(&path(app, "AMB"), version, profile)
}

/// A round whose form begins with the lead's profile; its plain question is `assets`.
fn asking(app: &TestApp) {
    another_round(app, ASKING, "PRO", |rules: &mut Rulebook| {
        let questions = &mut rules.eoi.sections[0].questions;
        let [text, plain] = [questions[0].clone(), questions[1].clone()];
        let asked = [("contact", Contact), ("sponsor", Sponsor), ("officer", FinanceOfficer)];
        *questions = asked
            .into_iter()
            .map(|(id, part)| {
                let mut question = text.clone();
                (question.id, question.title, question.profile) = (id.into(), format!("Who is the {id}?"), Some(part));
                question.public = part == Sponsor;
                question
            })
            .collect();
        questions.push(plain);
    });
}

fn start(app: &TestApp, round: &str, copy_from: Option<&str>) -> Value {
    let start = json!({ "round": round, "lead": app.organisation("AMB"), "title": "Repairs", "copy_from": copy_from });
    let officer = app.client(Who::Officer);
    let started = officer.post("/api/v1/bids", start).expect(201).json();
    officer.get(&format!("/api/v1/bids/{}", started["reference"].as_str().unwrap())).expect(200).json()
}

on_each_database! {
    fn administrators_keep_the_profile_and_the_council_s_people_read_it(app: &TestApp) {
        let empty = app.client(Who::Officer).get(&path(app, "AMB")).expect(200);
        assert_eq!(empty.header("etag"), Some("\"v0\""));
        let kept = put(app, Who::Administrator, 0, of_ambridge()).expect(200).json();
        assert_eq!((&kept["profile"]["contact"]["name"], &kept["version"], &kept["changed_by"]), (&"Ann Lee".into(), &1.into(), &"Administrator Person".into()));
        assert_eq!((&kept["finance_officer"], &kept["finance_officers"]), (&"section 151 officer".into(), &json!(["Signatory Person"])));
        let read = app.client(Who::Officer).get(&path(app, "AMB")).expect(200).json();
        assert_eq!((&read["profile"], &read["may_change"]), (&kept["profile"], &false.into()));
        assert_eq!(put(app, Who::Officer, 1, of_ambridge()).problem(), (403, "not_allowed".into()));
        assert_eq!(put(app, Who::Admin, 1, of_ambridge()).problem(), (403, "not_allowed".into()), "it is the council's own");
        for who in [Who::Stranger, Who::Partner, Who::Manager, Who::Nobody] {
            app.client(who).get(&path(app, "AMB")).expect(404);
            put(app, who, 1, of_ambridge()).expect(404);
        }
        assert_eq!(put(app, Who::Administrator, 0, of_ambridge()).problem(), (412, "stale_version".into()));
        let history = happened(app, Chain::Organisation(app.organisation("AMB")));
        assert_eq!(history.last().unwrap(), &("organisation.profile_changed".to_owned(), json!({ "version": 1 })), "no name of a person");
        app.browser(Who::Administrator).open(&format!("/organisations/{}/members", app.organisation("AMB"))).sees("Profile for bids changed");
    }

    fn every_fault_of_a_profile_is_named(app: &TestApp) {
        let wrong = json!({ "contact": { "email": "nobody" }, "statements": [{ "title": "", "words": "x".repeat(10_001) }] });
        let refused = put(app, Who::Administrator, 0, wrong).expect(422).json();
        let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
        assert_eq!(pointers, ["/contact/email", "/statements/0/title", "/statements/0/words"]);
        put(app, Who::Administrator, 0, json!({ "phone": "1" })).expect(422);
    }

    fn a_bid_begins_with_what_its_form_asks_of_the_profile(app: &TestApp) {
        asking(app);
        let before = start(app, ASKING, None);
        assert_eq!(before["content"]["answers"], json!({ "officer": "Signatory Person, section 151 officer" }), "nothing else is known yet");
        put(app, Who::Administrator, 0, of_ambridge()).expect(200);
        let earlier = before["content"]["reference"].as_str().unwrap();
        let officer = app.client(Who::Officer);
        for (question, words) in [("sponsor", "An old sponsor"), ("assets", "A guide.")] {
            let body = json!({ "value": words, "complete": true });
            officer.put(&format!("/api/v1/bids/{earlier}/answers/{question}"), 0, body).expect(200);
        }
        let begun = start(app, ASKING, Some(earlier));
        let expected = json!({ "assets": "A guide.", "contact": "Ann Lee, Head of Digital, ann.lee@ambridge.gov.uk, 01234 567890",
            "officer": "Signatory Person, section 151 officer", "sponsor": "Director of Housing" });
        assert_eq!(begun["content"]["answers"], expected, "the profile is newer than what is copied");
        let mut browser = app.browser(Who::Officer);
        browser.open(&format!("/rounds/{ASKING}/start")).sees("its contact for bids, its senior sponsor and the officer who signs for its money");
        browser.follow("Profile of Ambridge Borough Council").sees("what a bid takes from it becomes part of the bid");
        let reference = begun["content"]["reference"].as_str().unwrap();
        browser.open(&format!("/bids/{reference}/questions/contact")).sees("Last written by Officer Person of Ambridge Borough Council");
        assert!(!browser.is_chosen("Yes"), "nobody has called it completed");
        assert!(!app.browser(Who::Officer).open(&format!("/rounds/{ROUND}/start")).has("the bid begins with"));
    }

    fn a_full_application_begins_with_the_profile_where_its_form_asks_for_it(app: &TestApp) {
        put(app, Who::Administrator, 0, of_ambridge()).expect(200);
        another_round(app, ASKING, "PRO", |rules: &mut Rulebook| {
            for question in &mut rules.full.sections[0].questions {
                question.profile = Some(Sponsor);
            }
        });
        let story = Story::begin_in(app, ASKING);
        crate::pages::story::fill_register(app);
        story.submit_interest();
        app.at("2026-10-01T09:00:00Z");
        story.sift();
        story.decide("sift", "invite", None);
        story.release("eoi_outcome");
        app.at("2026-10-12T09:00:00Z");
        story.act(Who::Officer, "start_full");
        let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{}", story.reference)).expect(200).json();
        assert_eq!(bid["content"]["answers"]["plan"], "Director of Housing");
        assert!(bid["content"]["answers"]["problem"].as_str().unwrap().starts_with("Tenants ring"), "what was said in the expression of interest stands");
        app.browser(Who::Officer).open(&format!("/bids/{}/questions/plan", story.reference)).sees("Last written by Roundtable");
    }

    fn only_a_text_can_begin_with_a_profile(app: &TestApp) {
        let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        let (mut rules, version) = (round["rulebook"].clone(), round["version"].as_i64().unwrap());
        rules["eoi"]["sections"][0]["questions"][2]["profile"] = json!("contact");
        let changed = json!({ "rulebook": rules, "reason": "We ask for a contact." });
        let refused = app.client(Who::Manager).put(&format!("/api/v1/rounds/{ROUND}/rules"), version, changed).expect(422).json();
        assert!(refused.to_string().contains("only a text can begin with a part of a profile"), "{refused}");
    }

    fn an_answer_that_begins_with_the_name_of_a_person_is_never_published(app: &TestApp) {
        let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
        for part in ["contact", "finance_officer"] {
            let mut rules = round["rulebook"].clone();
            rules["eoi"]["sections"][0]["questions"][1]["profile"] = json!(part);
            let changed = json!({ "rulebook": rules, "reason": "We ask for a contact." });
            let version = round["version"].as_i64().unwrap();
            let path = format!("/api/v1/rounds/{ROUND}/rules");
            let refused = app.client(Who::Manager).put(&path, version, changed).expect(422).text();
            assert!(refused.contains(r#"Say \"public\": false."#), "{part}: {refused}");
        }
    }

    fn a_standard_statement_comes_after_what_is_written_and_is_saved_by_its_writer(app: &TestApp) {
        put(app, Who::Administrator, 0, of_ambridge()).expect(200);
        let (officer, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, true);
        let question = format!("/bids/{reference}/questions/problem");
        let mut browser = app.browser(Who::Officer);
        browser.open(&question).fill("What is the common problem?", "Words that are not saved yet.");
        browser.press("Put it into my answer").sees("Choose the statement that you want to use.");
        assert_eq!(browser.value("What is the common problem?"), "Words that are not saved yet.");
        browser.select("Standard statement", "Equality duty").press("Put it into my answer").sees("It is not saved yet");
        let both = "Words that are not saved yet.\n\nWe look at how each change falls on people with a protected characteristic.";
        assert_eq!(browser.value("What is the common problem?").replace("\r\n", "\n"), both);
        let said = || officer.get(&format!("/api/v1/bids/{reference}")).expect(200).json()["content"]["answers"]["problem"].clone();
        assert_eq!(said(), "Words of our own.");
        browser.press("Save and come back later");
        assert_eq!(said(), both);
        let mut partner = app.browser(Who::Partner);
        assert!(!partner.open(&question).has("Use one of your standard statements"), "those of Ambridge are none of Borchester's");
        assert!(!browser.open(&format!("/bids/{reference}/questions/training")).has("Use one of your standard statements"), "a choice is no text");
    }

    fn a_partner_puts_in_its_own_statements(app: &TestApp) {
        let (_, reference) = written(app, "Shared repairs");
        with_borchester(app, &reference, true);
        let administrator = json!({ "email": Who::Partner.email(), "name": "Partner Person", "role": "administrator" });
        app.client(Who::Admin).post(&format!("/api/v1/organisations/{}/members", app.organisation("BOR")), administrator).expect(201);
        let mut partner = app.browser(Who::Partner);
        partner.open("/account").follow("What Borchester City Council says in each bid").press("Add another statement");
        partner.fill_in("Statement 1", "Title", "About us").fill_in("Statement 1", "What it says", "We are a city.");
        partner.press("Save the profile").sees("The profile is saved.").open(&format!("/bids/{reference}/questions/assets"));
        partner.select("Standard statement", "About us").press("Put it into my answer");
        let said = partner.value("What will others be able to use again?");
        assert_eq!(said.replace("\r\n", "\n"), "Words of our own.\n\nWe are a city.");
    }

    fn two_administrators_at_once_see_what_the_other_wrote(app: &TestApp) {
        let mut browser = app.browser(Who::Administrator);
        browser.open(&page(app, "AMB")).fill("Job title of the senior sponsor", "Chief executive");
        put(app, Who::Administrator, 0, of_ambridge()).expect(200);
        browser.press("Save the profile").sees("Somebody else changed this profile.").sees("Director of Housing");
        assert_eq!((browser.status(), browser.value("Job title of the senior sponsor")), (412, "Chief executive".into()));
        browser.press("Save the profile").sees("The profile is saved.");
        let read = app.client(Who::Officer).get(&path(app, "AMB")).expect(200).json();
        assert_eq!((&read["profile"]["sponsor"], &read["version"]), (&"Chief executive".into(), &2.into()));
        app.browser(Who::Officer).open(&page(app, "AMB")).sees("Chief executive").sees("An administrator of Ambridge Borough Council can change this page.");
    }
}
