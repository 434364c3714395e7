//! The pool of assessors: inviting, answering, who can be given bids, and how it is read.

mod answering;
mod assigning;
mod ending;
mod inviting;
pub mod journeys;
mod terms;

use roundtable::{
    actor::Actor,
    events::Chain,
    funds,
    http::Call,
    ids::{Id, RoundKey},
};
use serde_json::{Value, json};

use crate::{
    account::happened,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, new_round},
        letters::Letter,
    },
};

/// Until when people can answer, unless a test says otherwise: a Monday.
pub const UNTIL: &str = "2026-11-09T17:00:00Z";
const KIM: &str = "kim@new.example";

fn pool(round: &str) -> String {
    format!("/api/v1/rounds/{round}/pool")
}

fn mine(round: &str) -> String {
    format!("/api/v1/rounds/{round}/pool/mine")
}

fn invitations(emails: &[&str]) -> Value {
    let people: Vec<Value> = emails.iter().map(|email| json!({ "email": email })).collect();
    json!({ "people": people, "least": 2, "most": 8, "answer_by": UNTIL, "message": "Please help." })
}

/// A manager invites these addresses to the round of the world.
pub fn invite(app: &TestApp, emails: &[&str]) -> Answer {
    app.client(Who::Manager).post(&format!("{}/invitations", pool(ROUND)), invitations(emails))
}

fn acceptance(most: u32) -> Value {
    json!({ "least": 1, "most": most, "from": "2026-11-16", "until": "2026-12-04", "away": ["2026-11-20"] })
}

/// Somebody accepts, or changes what they have said, at the version that stands.
pub fn say(client: &Client, round: &str, what: Value) -> Answer {
    let stands = client.get(&mine(round)).expect(200).json();
    client.put(&mine(round), stands["place"]["version"].as_i64().unwrap(), what)
}

/// Somebody is invited to the round of the world and accepts to read so many bids at most.
pub fn join(app: &TestApp, who: Who, most: u32) {
    invite(app, &[&who.email()]).expect(200);
    say(&app.client(who), ROUND, acceptance(most)).expect(200);
}

/// Somebody turns down: `decline` or `withdraw`.
fn turn_down(client: &Client, how: &str, reason: Value) -> Answer {
    let version = client.get(&mine(ROUND)).expect(200).json()["place"]["version"].as_i64().unwrap();
    client.send("POST", &format!("{}/{how}", mine(ROUND)), &[("If-Match", &format!("\"v{version}\""))], Some(&reason))
}

fn places(app: &TestApp, who: Who) -> Vec<Value> {
    app.client(who).get(&pool(ROUND)).expect(200).json()["places"].as_array().unwrap().clone()
}

fn place(app: &TestApp, who: Who) -> Value {
    let email = who.email();
    places(app, Who::Manager).into_iter().find(|place| place["email"] == email.as_str()).unwrap()
}

fn letters(app: &TestApp, template: &str) -> Vec<Letter> {
    app.letters().into_iter().filter(|letter| letter.template == template).collect()
}

/// What happened in the round of the world that is about its pool, oldest first.
fn told(app: &TestApp) -> Vec<(String, Value)> {
    let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json();
    let round: Id<RoundKey> = round["id"].as_str().unwrap().parse().unwrap();
    happened(app, Chain::Round(round)).into_iter().filter(|(kind, _)| kind.starts_with("pool.")).collect()
}

fn codes(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

/// The round that [`peopled`] fills.
pub const PEOPLED: &str = "terms-round";

/// A round whose rules say what assessors know of and agree to, with somebody in its pool who has accepted, somebody who has
/// declined, and others who have not answered; gives the ids of their places.
pub fn peopled(app: &TestApp) -> Vec<String> {
    let round = round_with_terms(app);
    let emails = [Who::Assessor, Who::SecondAssessor, Who::Nobody].map(Who::email);
    let mut emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    emails.push(KIM);
    let mut invitation = invitations(&emails);
    invitation["areas"] = json!(["training:agile"]);
    let settings = json!({ "expected_bids": 384, "reminder_days": [3, 1] });
    app.client(Who::Manager).put(&pool(round), 0, settings).expect(200);
    app.client(Who::Manager).post(&format!("{}/invitations", pool(round)), invitation).expect(200);
    let assessor = app.client(Who::Assessor);
    let mut answer = acceptance(8);
    answer["expertise"] = json!(["training:agile", "training:design"]);
    answer["terms"] = assessor.get(&mine(round)).expect(200).json()["terms"]["sha256"].clone();
    say(&assessor, round, answer).expect(200);
    let why = json!({ "reason": "other", "words": "I move house." });
    let path = format!("{}/decline", mine(round));
    app.client(Who::Nobody).send("POST", &path, &[("If-Match", "\"v1\"")], Some(&why)).expect(200);
    let whole = app.client(Who::Manager).get(&pool(round)).expect(200).json();
    whole["places"].as_array().unwrap().iter().map(|place| place["id"].as_str().unwrap().to_owned()).collect()
}

/// A round of the fund whose rules say what bids are about and what assessors agree to.
pub fn round_with_terms(app: &TestApp) -> &'static str {
    let mut round = new_round();
    (round.slug, round.prefix) = (PEOPLED.into(), "TERMS".into());
    round.title = "Round with terms".into();
    round.rulebook.assessment.terms = "Tell nobody what you read.".into();
    round.rulebook.assessment.tags = vec!["training".into()];
    round.rulebook.assessment.hours_per_bid = Some(2);
    app.block_on(|app| async move {
        let call = Call::by(Actor::System, app.clock.now());
        let made = funds::service::create_round(&app, &call, "test-fund".into(), round).await.unwrap();
        funds::service::publish(&app, &call, made.round.slug, made.round.version).await.unwrap();
    });
    PEOPLED
}
