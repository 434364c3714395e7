//! Moderation: opened for a round, bids on which the panel differs talked over, and what is agreed kept beside what was given.

use serde_json::{Value, json};

use super::{
    assess, find_eligible, full_application, give,
    rankings::{SCORES, scored},
    round_id, save, score, submit,
};
use crate::{
    account::happened,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
    journey::{
        amendments::{PATH, approve, propose},
        dates::second,
    },
};

const QUEUE: &str = "/api/v1/rounds/test-round/moderation";
/// A minute after the bids were given and scored.
const OPENING: &str = "2026-11-16T09:01:00Z";

/// Lets the round rule when bids are talked over.
pub fn rule(app: &TestApp, moderation: &Value) {
    let mut rulebook = app.public().get(PATH).expect(200).json()["rulebook"].clone();
    rulebook["assessment"] = json!({ "moderation": moderation });
    let body = json!({ "rulebook": rulebook, "reason": "We had left it open." });
    propose(&app.client(Who::Manager), "rules", &body).expect(202);
    approve(&second(app)).expect(200);
}

/// Opens the moderation of the round.
pub fn open(app: &TestApp, who: Who, reason: &str) -> Answer {
    app.clock.set(moment(OPENING));
    app.client(who).post(QUEUE, json!({ "reason": reason }))
}

/// Records something about a bid whose moderation stands at a version.
pub fn record(client: &Client, bid: &str, version: i64, step: &Value) -> Answer {
    let path = format!("/api/v1/bids/{bid}/moderation");
    client.send("POST", &path, &[("If-Match", &format!("\"v{version}\""))], Some(step))
}

/// An agreement on both criteria, with these people in the room.
pub fn agreed(app: &TestApp, (fit, delivery): (i32, i32), present: &[Who]) -> Value {
    let on =
        |criterion: &str, value: i32| json!({ "criterion": criterion, "value": value, "reason": "We read it again." });
    let present: Vec<String> = present.iter().map(|who| app.person(*who).to_string()).collect();
    json!({ "step": "agreed", "scores": [on("fit", fit), on("delivery", delivery)], "present": present })
}

/// The references of the queue's bids in one state, in order.
fn those<'a>(queue: &'a Value, state: &str) -> Vec<&'a str> {
    let bids = queue["bids"].as_array().unwrap().iter().filter(|bid| bid["state"] == state);
    bids.map(|bid| bid["reference"].as_str().unwrap()).collect()
}

fn grounds<'a>(queue: &'a Value, bid: &str) -> Vec<&'a str> {
    let found = queue["bids"].as_array().unwrap().iter().find(|of| of["reference"] == bid).unwrap();
    found["grounds"].as_array().unwrap().iter().map(|ground| ground["words"].as_str().unwrap()).collect()
}

fn pin(app: &TestApp, who: Who, bid: &str) {
    let conflict = json!({ "bid": bid, "person": app.person(who), "reason": "They share a house." });
    app.client(Who::Moderator).post("/api/v1/conflicts", conflict).expect(200);
}

on_each_database! {
    fn bids_on_which_the_panel_differs_are_talked_over_and_what_is_agreed_stands_beside_what_was_given(app: &TestApp) {
        rule(app, &json!({ "spread": 4_000, "criterion_spread": 20_000 }));
        let bids = scored(app, &SCORES);
        let (manager, moderator) = (app.client(Who::Manager), app.client(Who::Moderator));
        let asking = json!({ "step": "asked", "reason": "It is the only one about repairs." });
        assert_eq!(record(&manager, &bids[1], 0, &asking).problem(), (409, "moderation_not_open".into()));
        let others = format!("/api/v1/bids/{}/scores/others", bids[0]);
        assert_eq!(app.client(Who::Assessor).get(&others).problem(), (409, "blind".into()));
        assert_eq!(manager.get(QUEUE).expect(200).json()["opened"], Value::Null);

        for who in [Who::Observer, Who::Assessor] {
            assert_eq!(open(app, who, "").status, 403, "{who:?}");
        }
        let queue = open(app, Who::Manager, "").expect(200).json();
        assert_eq!(open(app, Who::Moderator, "").problem(), (409, "already_open".into()));
        assert_eq!((&queue["opened"]["opened_by"], &queue["of"], &queue["settled"]), (&json!("Manager Person"), &json!(2), &json!(0)));
        assert_eq!((those(&queue, "waiting"), those(&queue, "quiet")), (vec![&*bids[0], &*bids[2]], vec![&*bids[1], &*bids[3]]));
        let said = "The weighted scores differ by 0.4, from 2.6 to 3. By the round’s rules that is talked over from 0.4 on.";
        assert_eq!(grounds(&queue, &bids[0]), [said]);
        let said = "The scores on “Deliverability” differ by 2, from 1 to 3. By the round’s rules that is talked over from 2 on.";
        assert_eq!(grounds(&queue, &bids[2]), [said]);

        let read = app.client(Who::Assessor).get(&others).expect(200).json();
        let values: Vec<&Value> = read["readings"][0]["scores"].as_array().unwrap().iter().map(|score| &score["value"]).collect();
        assert_eq!((values, read["readings"].as_array().unwrap().len()), (vec![&json!(3), &json!(2)], 1));
        assert_eq!(app.client(Who::ConflictedAssessor).get(&others).status, 404);
        assert_eq!(app.client(Who::Observer).get(&others).status, 403);
        let late = save(app, Who::Assessor, &bids[0], 3, &[score("fit", 1)]);
        assert_eq!(late.problem(), (409, "moderation_open".into()));
        let told: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "moderation-opened").collect();
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|letter| bids.iter().all(|bid| letter.text.contains(bid))), "{}", told[0].text);

        assert_eq!(record(&app.client(Who::Observer), &bids[1], 0, &asking).status, 403);
        record(&moderator, &bids[1], 0, &asking).expect(200);
        let passing = json!({ "step": "passed_over", "reason": "Both say the same in words." });
        record(&moderator, &bids[0], 0, &passing).expect(200);
        let here = [Who::Assessor, Who::Manager];
        let wrong = record(&manager, &bids[2], 0, &agreed(app, (9, 3), &[Who::ConflictedAssessor])).expect(422).json();
        let at: Vec<&Value> = wrong["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(at, ["/scores/0/value", "/present/0"]);
        // Two chairs record at once: one is first, and the other sends theirs again once they have read it.
        let steps = [(&manager, agreed(app, (3, 3), &here)), (&moderator, agreed(app, (2, 2), &here))];
        let statuses = std::thread::scope(|scope| {
            let both = steps.each_ref().map(|(client, step)| scope.spawn(|| record(client, &bids[2], 0, step).status));
            both.map(|one| one.join().unwrap())
        });
        let mut sorted = statuses;
        sorted.sort_unstable();
        assert_eq!(sorted, [200, 412]);
        let (client, step) = if statuses[0] == 412 { &steps[0] } else { &steps[1] };
        record(client, &bids[2], 1, step).expect(200);
        let counts = record(&manager, &bids[2], 2, &agreed(app, (3, 3), &here)).expect(200);
        assert_eq!(counts.header("etag"), Some("\"v3\""));
        let bid = counts.json();
        assert_eq!((&bid["mean"], &bid["moderated"], &bid["state"]), (&json!("1.70"), &json!("3.00"), &json!("agreed")));
        assert_eq!((&bid["criteria"][1]["spread"], &bid["criteria"][1]["differs"]), (&json!("2"), &json!(true)));
        let kept: Vec<(&Value, &Value)> = bid["steps"].as_array().unwrap().iter().map(|step| (&step["number"], &step["counts"])).collect();
        assert_eq!(kept, [(&json!(3), &json!(true)), (&json!(2), &json!(false)), (&json!(1), &json!(false))]);
        assert_eq!(bid["steps"][0]["present"], json!(["Assessor Person", "Manager Person"]));
        let people: Vec<&Value> = bid["people"].as_array().unwrap().iter().map(|person| &person["name"]).collect();
        assert_eq!(people[..2], ["Assessor Person", "SecondAssessor Person"]);
        assert!(!people.contains(&&json!("ConflictedAssessor Person")), "{people:?}");

        let queue = manager.get(QUEUE).expect(200).json();
        assert_eq!((&queue["of"], &queue["settled"]), (&json!(3), &json!(2)));
        assert_eq!((those(&queue, "waiting"), those(&queue, "passed_over")), (vec![&*bids[1]], vec![&*bids[0]]));
        assert_eq!(grounds(&queue, &bids[1]), ["The chair asks for it: It is the only one about repairs."]);
        let ranking = manager.get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        assert_eq!((&ranking[0]["reference"], &ranking[0]["mean"]), (&json!(bids[2]), &json!("3.00")));
        let mine = app.client(Who::Assessor).get(&format!("/api/v1/bids/{}/scores/mine", bids[2])).expect(200).json();
        assert_eq!((&mine["scores"][1]["value"], &mine["open"]), (&json!(1), &json!(false)), "what they gave stays");
        let csv = moderator.get(&format!("{QUEUE}.csv")).expect(200).text();
        assert!(csv.starts_with("Reference,Title,Step,What,At,Recorded by,Criterion,Agreed score,Reason,In the room\r\n"), "{csv}");
        assert!(csv.contains(",agreed,") && csv.contains(",Deliverability,3,We read it again.,Assessor Person; Manager Person\r\n"), "{csv}");
        assert_eq!(csv.lines().count(), 1 + 1 + 1 + 6);
        let events = happened(app, roundtable::events::Chain::Round(round_id(app)));
        let steps: Vec<&Value> = events.iter().filter(|(kind, _)| kind == "moderation.recorded").map(|(_, detail)| detail).collect();
        assert_eq!((steps.len(), &steps[0]["step"]), (5, &json!("asked")));
        assert!(steps.iter().all(|detail| !detail.to_string().contains("repairs")), "no words stand in the history");
        assert!(events.iter().any(|(kind, _)| kind == "moderation.opened"));
    }

    fn whoever_assesses_a_bid_and_works_for_the_fund_besides_reads_it_blind_all_the_same(app: &TestApp) {
        let bid = full_application(app, "Shared repairs");
        find_eligible(app, &bid);
        let role = json!({ "email": Who::Moderator.email(), "name": "Moderator Person", "role": "assessor" });
        app.client(Who::Admin).post("/api/v1/funds/test-fund/roles", role).expect(201);
        for who in [Who::Assessor, Who::Moderator] {
            give(app, &bid, who).expect(200);
        }
        assess(app, Who::Assessor, &bid, (3, 2));
        let paths = ["scores", "moderation"].map(|what| format!("/api/v1/bids/{bid}/{what}"));
        let heard = |who: Who| paths.each_ref().map(|path| app.client(who).get(path).status);
        assert_eq!((heard(Who::Moderator), heard(Who::Manager)), ([409; 2], [200; 2]));
        assess(app, Who::Moderator, &bid, (1, 1));
        assert_eq!(app.client(Who::Moderator).get(&paths[0]).problem(), (409, "blind".into()), "their own can be changed still");
        open(app, Who::Manager, "").expect(200);
        assert_eq!(heard(Who::Moderator), [200; 2]);
    }

    fn the_queue_says_how_many_bids_it_leaves_out_for_whoever_assesses_them_blind(app: &TestApp) {
        rule(app, &json!({ "spread": 1, "crossing": true }));
        let role = json!({ "email": Who::Moderator.email(), "name": "Moderator Person", "role": "assessor" });
        app.client(Who::Admin).post("/api/v1/funds/test-fund/roles", role).expect(201);
        let bids = scored(app, &SCORES[..2]);
        open(app, Who::Manager, "").expect(200);
        let counts = |who: Who| {
            let queue = app.client(who).get(QUEUE).expect(200).json();
            let listed = queue["bids"].as_array().unwrap().len();
            (listed, queue["of"].clone(), queue["blind"].clone(), queue["at_line"]["withheld"].clone())
        };
        assert_eq!(counts(Who::Moderator), (2, json!(2), json!(0), json!(false)));
        app.later(std::time::Duration::from_secs(60));
        give(app, &bids[0], Who::Moderator).expect(200);
        assert_eq!(counts(Who::Moderator), (1, json!(1), json!(1), json!(true)));
        assert_eq!(counts(Who::Manager), (2, json!(2), json!(0), json!(false)), "others hear of all");
        let mut chair = app.browser(Who::Moderator);
        let desk = format!("/rounds/{ROUND}/moderation");
        chair.open(&desk).sees("0 of 1 bid settled").sees("Left out here, and not counted: 1 bid that you assess yourself");
        chair.sees("You are told which bids are near the funding line once your own assessments are submitted.");
        assert!(!chair.has("is made yet") && !chair.has("Make the ranking of record"), "{}", chair.text());
        chair.open(&format!("{desk}/{}", bids[1])).sees("0 of 1 bid settled. Not counted: 1 bid that you read blind");
        give(app, &bids[1], Who::Moderator).expect(200);
        chair.open(&desk).sees("2 bids that you assess yourself").sees("Nothing that you are told of asks for a bid to be talked over.");
        assert!(!chair.has("Nothing asks for"), "{}", chair.text());
        let mut manager = app.browser(Who::Manager);
        assert!(!manager.open(&desk).sees("0 of 2 bids settled").has("Left out here"), "{}", manager.text());
    }

    fn moderation_opens_with_a_reason_while_assessments_are_missing_and_only_who_is_given_a_bid_later_still_scores(app: &TestApp) {
        let bid = full_application(app, "Shared repairs");
        find_eligible(app, &bid);
        give(app, &bid, Who::Assessor).expect(200);
        give(app, &bid, Who::SecondAssessor).expect(200);
        assert_eq!(open(app, Who::Manager, "It is time.").problem(), (409, "nothing_scored".into()));
        app.clock.set(moment("2026-11-16T09:00:00Z"));
        assess(app, Who::Assessor, &bid, (3, 2));
        // Until moderation opens a submitted assessment can be changed.
        save(app, Who::Assessor, &bid, 3, &[score("fit", 2)]).expect(200);
        let mut late = app.browser(Who::SecondAssessor);
        late.open(&format!("/bids/{bid}/score/fit")).choose("2 – Good").fill("Why?", "Written on the train.");
        late.choose("High: I know this field well");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/moderation")).sees(&format!("{bid} by SecondAssessor Person")).press("Open moderation");
        let said = format!("Say why moderation opens although assessments are missing: {bid} by SecondAssessor Person.");
        manager.sees(&said).fill("Why open it although assessments are missing?", "They are ill.");
        app.clock.set(moment(OPENING));
        manager.press("Open moderation").sees("Moderation is open.").sees("They are ill.");
        late.press("Save draft").sees("Moderation of this round is open, so that the scores");
        assert_eq!((late.status(), late.value("Why?")), (422, "Written on the train.".into()));
        assert_eq!(save(app, Who::SecondAssessor, &bid, 1, &[score("fit", 2)]).problem(), (409, "moderation_open".into()));
        let missing = app.letters().into_iter().find(|letter| letter.recipient == Who::SecondAssessor.email() && letter.template == "moderation-opened");
        assert!(missing.unwrap().text.contains("It can no longer be submitted"));

        app.later(std::time::Duration::from_secs(60));
        let path = format!("/api/v1/bids/{bid}/assessors");
        app.client(Who::Manager).delete(&format!("{path}/{}", app.person(Who::SecondAssessor))).expect(204);
        give(app, &bid, Who::SecondAssessor).expect(200);
        let others = format!("/api/v1/bids/{bid}/scores/others");
        let reader = app.client(Who::SecondAssessor);
        assert_eq!(reader.get(&others).problem(), (409, "blind".into()), "they read blind as the others did");
        let version = reader.get(&format!("/api/v1/bids/{bid}/scores/mine")).expect(200).json()["version"].as_i64().unwrap();
        save(app, Who::SecondAssessor, &bid, version, &[score("fit", 1), score("delivery", 1)]).expect(200);
        submit(app, Who::SecondAssessor, &bid, version + 1).expect(200);
        assert_eq!(reader.get(&others).expect(200).json()["readings"][0]["scores"][0]["value"], 2);
        assert_eq!(save(app, Who::SecondAssessor, &bid, version + 2, &[score("fit", 3)]).problem(), (409, "moderation_open".into()));
    }

    fn whoever_has_a_conflict_neither_opens_moderation_nor_meets_the_bid_in_it(app: &TestApp) {
        rule(app, &json!({ "spread": 1 }));
        let bids = scored(app, &SCORES[..2]);
        pin(app, Who::Manager, &bids[0]);
        assert_eq!(open(app, Who::Manager, "").problem(), (403, "conflict_of_interest".into()));
        let whole = open(app, Who::Moderator, "").expect(200).json();
        assert_eq!(whole["of"], 2);
        let manager = app.client(Who::Manager);
        let queue = manager.get(QUEUE).expect(200).json();
        assert_eq!((&queue["of"], those(&queue, "waiting")), (&json!(1), vec![&*bids[1]]));
        assert_eq!(queue["bids"][0]["place"], 1, "places are counted without it");
        let hidden = format!("/api/v1/bids/{}/moderation", bids[0]);
        assert_eq!(manager.get(&hidden).status, 404);
        assert_eq!(record(&manager, &bids[0], 0, &agreed(app, (1, 1), &[Who::Assessor])).status, 404);
        let moderator = app.client(Who::Moderator);
        let present = record(&moderator, &bids[0], 0, &agreed(app, (1, 1), &[Who::Moderator, Who::Manager])).expect(422).json();
        assert_eq!((&present["errors"][0]["pointer"], present["errors"].as_array().unwrap().len()), (&json!("/present/1"), 1));
        record(&moderator, &bids[0], 0, &agreed(app, (1, 1), &[Who::Moderator])).expect(200);
        let csv = manager.get(&format!("{QUEUE}.csv")).expect(200).text();
        assert_eq!(csv.lines().count(), 1, "{csv}");
    }

    fn the_chair_puts_a_bid_that_waits_at_the_head_of_the_queue(app: &TestApp) {
        rule(app, &json!({ "spread": 1 }));
        let bids = scored(app, &SCORES[..2]);
        open(app, Who::Moderator, "").expect(200);
        let manager = app.client(Who::Manager);
        let next = json!({ "step": "next" });
        assert_eq!(record(&app.client(Who::Observer), &bids[1], 0, &next).status, 403);
        assert_eq!(those(&manager.get(QUEUE).expect(200).json(), "waiting"), [&*bids[0], &*bids[1]]);
        let mut chair = app.browser(Who::Moderator);
        chair.open(&format!("/rounds/{ROUND}/moderation/{}", bids[1])).press("Talk about this next");
        chair.sees(&format!("{} is talked over next.", bids[1])).sees("To be talked over next");
        let queue = manager.get(QUEUE).expect(200).json();
        assert_eq!((those(&queue, "waiting"), &queue["bids"][0]["place"]), (vec![&*bids[1], &*bids[0]], &json!(2)), "its place stays");
        let mut meeting = app.browser(Who::Manager);
        meeting.open(&format!("/rounds/{ROUND}/moderation")).follow("Talk over the next bid");
        assert_eq!(meeting.path(), format!("/rounds/{ROUND}/moderation/{}", bids[1]));
        meeting.follow(&format!("Next bid to be talked over: {}", bids[0])).follow(&format!("Next bid to be talked over: {}", bids[1]));
        let passing = json!({ "step": "passed_over", "reason": "Both say the same in words." });
        record(&manager, &bids[1], 1, &passing).expect(200);
        assert_eq!(record(&manager, &bids[1], 2, &next).problem(), (409, "not_waiting".into()));
        assert_eq!(those(&manager.get(QUEUE).expect(200).json(), "waiting"), [&*bids[0]]);
        let events = happened(app, roundtable::events::Chain::Round(round_id(app)));
        let steps: Vec<&Value> = events.iter().filter(|(kind, _)| kind == "moderation.recorded").map(|(_, detail)| &detail["step"]).collect();
        assert_eq!(steps, [&json!("next"), &json!("passed_over")]);
    }

    fn a_meeting_talks_over_one_bid_after_the_other_on_the_projected_page(app: &TestApp) {
        rule(app, &json!({ "spread": 1 }));
        let bids = scored(app, &SCORES[..2]);
        open(app, Who::Moderator, "").expect(200);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/moderation")).sees("0 of 2 bids settled").follow("Talk over the next bid");
        manager.sees("Bid 1").sees("Assessor 1").sees("Mean of what they gave: 2.80.");
        let mut other = app.browser(Who::Moderator);
        other.open(&format!("/rounds/{ROUND}/moderation/{}", bids[0]));
        manager.select_in("Strategic fit", "Agreed score", "3 – Strong").fill_in("Deliverability", "Why was this score agreed?", "It has dates.");
        manager.press("Record what was agreed");
        let said: Vec<String> = manager.errors().into_iter().map(|(_, message)| message).collect();
        assert_eq!(said, ["Choose the agreed score on “Deliverability”, or take out the reason for it."]);
        manager.select_in("Deliverability", "Agreed score", "3 – Strong").press("Record what was agreed");
        let said: Vec<String> = manager.errors().into_iter().map(|(_, message)| message).collect();
        assert_eq!(said, ["Say why this score was agreed.", "Say who was in the room."]);
        manager.fill_in("Strategic fit", "Why was this score agreed?", "All of us read it so.");
        manager.choose("Assessor Person").choose("Manager Person").press("Record and go to the next bid");
        assert_eq!(manager.path(), format!("/rounds/{ROUND}/moderation/{}", bids[1]));
        manager.sees(&format!("What was agreed of {} is recorded.", bids[0])).sees("1 of 2 bids settled");

        other.fill("Why is it passed over?", "It is clear.").press("Pass it over");
        other.sees("Somebody recorded something about this bid meanwhile.").sees("All of us read it so.");
        other.fill("Why is it to be talked over?", "It is not clear.").press("Have it talked over").sees("is to be talked over.");
        manager.fill("Why is it passed over?", "").press("Pass it over");
        assert_eq!(manager.errors().len(), 1, "{:?}", manager.errors());
        manager.fill("Why is it passed over?", "They say the same.").press("Pass it over").sees("is passed over.");
        manager.open(&format!("/rounds/{ROUND}/moderation")).sees("1 of 2 bids settled").sees("They say the same.");
        let mut assessor = app.browser(Who::Assessor);
        assessor.open(&format!("/bids/{}/score", bids[0])).sees("What the others gave").sees("Agreed in moderation").sees("It has dates.");
        assert_eq!(manager.open(&format!("/rounds/other/moderation/{}", bids[0])).status(), 404);
    }
}
