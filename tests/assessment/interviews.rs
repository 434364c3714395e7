//! Interviews: times with a panel, of which the lead of an invited bid chooses one, scored blind and ranked with the reading.

use std::time::Duration;

use roundtable::clock::Moment;
use serde_json::{Value, json};

use super::{pool::say, suggestions::worked_for};
use crate::{
    account::happened,
    harness::{
        app::{Answer, Client, TestApp, Who},
        databases::on_each_database,
    },
    pages::story::Story,
    workflow::rounds::{DAY, after, publish, round_of, scored, submitted},
};

/// The round in which bids are interviewed.
pub const ROUND: &str = "single-stage-panel";
const HOUR: Duration = Duration::from_secs(3_600);

fn interview() -> Value {
    let grade = |value: i32| json!({ "value": value, "label": format!("Grade {value}"), "meaning": "So." });
    let scale: Vec<Value> = (1..=5).map(grade).collect();
    let criterion = |id: &str, title: &str, weight: i32| json!({ "id": id, "title": title, "guidance": "Listen.", "weight": weight, "scale": scale });
    json!({
        "weight": 5_000, "least_panel": 2, "minutes": 45,
        "criteria": [criterion("clarity", "Clarity", 7_500), criterion("team", "The team", 2_500)],
    })
}

/// Bids of a round with interviews: of the first `invited` the fund has decided that they are interviewed, of the others that they
/// are not. Nothing is released.
pub fn decided<'a>(app: &'a TestApp, invited: usize, others: usize) -> Vec<Story<'a>> {
    let mut round = round_of(app, ROUND);
    round["rulebook"]["assessment"] = json!({ "interview": interview() });
    publish(app, round);
    let bids: Vec<Story> = (0..invited + others).map(|_| submitted(app, ROUND)).collect();
    after(app, ROUND, "full_closes");
    for (index, bid) in bids.iter().enumerate() {
        bid.decide("eligibility", "find_eligible", None);
        scored(app, bid);
        let decision = if index < invited { "invite_to_interview" } else { "not_invite" };
        bid.decide("shortlist", decision, None);
    }
    bids
}

/// The invitations are out.
pub fn release(app: &TestApp, bids: &[Story]) {
    bids[0].release("interview_invitations");
    after(app, ROUND, "interview_invitations");
}

fn timetable() -> String {
    format!("/api/v1/rounds/{ROUND}/interviews")
}

fn slot(number: i64) -> String {
    format!("{}/{number}", timetable())
}

/// Fifteen days from now: past the beginning of the interviews.
pub fn first(app: &TestApp) -> Moment {
    app.clock.now().plus(DAY * 15)
}

pub fn make(app: &TestApp, client: &Client, (at, count): (Moment, u32), panel: &[Who]) -> Answer {
    let panel: Vec<String> = panel.iter().map(|who| app.person(*who).to_string()).collect();
    let body = json!({ "starts_at": at, "count": count, "break_minutes": 15, "place": "Town hall, room 2",
        "joining": "Ring twice.", "panel": panel });
    client.post(&timetable(), body)
}

fn rest(bid: &Story, what: &str) -> String {
    format!("/api/v1/bids/{}/interview{what}", bid.reference)
}

pub fn choose(app: &TestApp, bid: &Story, number: i64) -> Answer {
    app.client(Who::Officer).post(&rest(bid, ""), json!({ "number": number }))
}

/// Somebody of the panel gives both scores and submits, from the version at which theirs stand.
pub fn score(client: &Client, bid: &Story, version: i64, (clarity, team): (i32, i32)) -> Answer {
    let given = |criterion: &str, value: i32| json!({ "criterion": criterion, "value": value, "justification": "They said so.", "confidence": "high" });
    let scores = json!({ "scores": [given("clarity", clarity), given("team", team)] });
    client.put(&rest(bid, "/scores"), version, scores).expect(200);
    let tag = format!("\"v{}\"", version + 1);
    client.send("POST", &rest(bid, "/scores/submit"), &[("If-Match", &tag)], None)
}

fn rank(app: &TestApp) -> Value {
    let path = format!("/api/v1/rounds/{ROUND}/rankings");
    let made = app.client(Who::Moderator).post(&path, json!({})).json();
    app.client(Who::Manager).get(&format!("{path}/{}", made["number"])).expect(200).json()
}

fn ranked<'a>(record: &'a Value, bid: &Story) -> &'a Value {
    record["bids"].as_array().unwrap().iter().find(|of| of["bid"] == bid.reference.as_str()).unwrap()
}

/// Template and occasion of what the outbox holds for somebody of interviews.
fn told(app: &TestApp, who: &str) -> Vec<String> {
    let letters =
        app.letters().into_iter().filter(|letter| letter.recipient == who && letter.template.starts_with("interview"));
    letters.map(|letter| letter.data["occasion"].as_str().unwrap_or(&letter.template).to_owned()).collect()
}

fn pointers(answer: Answer) -> Vec<String> {
    let problem = answer.expect(422).json();
    problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

on_each_database! {
    fn an_invited_bid_chooses_a_time_its_panel_scores_blind_and_the_order_follows_both(app: &TestApp) {
        let bids = decided(app, 2, 1);
        let manager = app.client(Who::Manager);
        let at = first(app);
        for who in [Who::Observer, Who::Moderator] {
            assert_eq!(make(app, &app.client(who), (at, 1), &[]).status, 403, "{who:?}");
        }
        let before = app.letters().len();
        make(app, &manager, (at, 2), &[Who::Assessor, Who::SecondAssessor]).expect(200);
        make(app, &manager, (at, 1), &[Who::ConflictedAssessor, Who::Manager]).expect(200);
        let short = make(app, &manager, (at.plus(DAY), 1), &[Who::Manager]).expect(200).json();
        let states: Vec<&Value> = short["slots"].as_array().unwrap().iter().map(|slot| &slot["state"]).collect();
        assert_eq!(states, ["free", "free", "free", "incomplete"]);
        assert_eq!(short["waiting"], json!([]));
        let busy = make(app, &manager, (at.plus(HOUR / 2), 1), &[Who::Observer, Who::Assessor, Who::Assessor]);
        assert_eq!(pointers(busy), ["/panel/0", "/panel/2"]);
        assert_eq!(pointers(make(app, &manager, (at.plus(HOUR / 2), 1), &[Who::Manager, Who::Assessor])), ["/panel/0", "/panel/1"]);
        // Nothing of it reaches the councils before their invitation does.
        for (bid, who) in bids.iter().flat_map(|bid| [(bid, Who::Officer), (bid, Who::Partner), (bid, Who::Observer)]) {
            assert_eq!(app.client(who).get(&rest(bid, "")).status, 404, "{who:?}");
        }
        assert_eq!(choose(app, &bids[0], 1).status, 404);
        let new: Vec<_> = app.letters().into_iter().skip(before).map(|letter| (letter.template, letter.recipient)).collect();
        assert!(new.iter().all(|(template, _)| template == "interview-panel") && new.len() == 5, "{new:?}");

        release(app, &bids);
        let (manager, officer) = (app.client(Who::Manager), app.client(Who::Officer));
        let free = officer.get(&rest(&bids[0], "")).expect(200).json();
        let numbers: Vec<&Value> = free["free"].as_array().unwrap().iter().map(|time| &time["number"]).collect();
        assert_eq!(numbers, [1, 2], "the one whose panel has a conflict, and the one without a whole panel, are not offered");
        assert_eq!((&free["may_choose"], &free["minutes"], &free["chosen"]), (&json!(true), &json!(45), &Value::Null));
        assert_eq!(officer.get(&rest(&bids[2], "")).status, 404, "it was not invited");
        let partner = app.client(Who::Partner);
        assert_eq!(partner.get(&rest(&bids[0], "")).expect(200).json()["may_choose"], false);
        assert_eq!(partner.post(&rest(&bids[0], ""), json!({ "number": 1 })).status, 403);
        for number in [3, 4, 99] {
            assert_eq!(choose(app, &bids[0], number).problem(), (409, "time_taken".into()));
        }
        // Two bids wish for one time at once: one has it.
        let wishes = [&bids[0], &bids[1]].map(|bid| (app.client(Who::Officer), rest(bid, ""), bid.reference.clone()));
        let mut statuses = std::thread::scope(|scope| {
            let wish = |(client, path, bid): &(Client, String, String)| (client.post(path, json!({ "number": 1 })).status, bid.clone());
            let both = wishes.each_ref().map(|one| scope.spawn(move || wish(one)));
            both.map(|one| one.join().unwrap())
        });
        statuses.sort_unstable();
        assert_eq!(statuses.each_ref().map(|(status, _)| *status), [200, 409]);
        let (one, other) = if bids[0].reference == statuses[0].1 { (&bids[0], &bids[1]) } else { (&bids[1], &bids[0]) };
        assert_eq!(choose(app, one, 2).problem(), (409, "already_chosen".into()));
        assert_eq!(manager.get(&timetable()).expect(200).json()["waiting"].as_array().unwrap().len(), 1);
        choose(app, other, 2).expect(200);
        assert_eq!(told(app, &Who::Partner.email()), ["chosen", "chosen"]);
        assert_eq!(told(app, &Who::Assessor.email()), ["named", "chosen", "chosen"]);
        assert_eq!(officer.get(&rest(one, "")).expect(200).json()["chosen"]["joining"], "Ring twice.");

        let people = [Who::Assessor, Who::SecondAssessor].map(|who| app.person(who).to_string());
        let mut change = json!({ "starts_at": at.plus(DAY * 4), "place": "Online", "panel": people });
        assert_eq!(pointers(manager.put(&slot(2), 2, change.clone())), ["/reason"]);
        change["reason"] = json!("The hall is flooded.");
        assert_eq!(manager.put(&slot(2), 1, change.clone()).status, 412);
        manager.put(&slot(2), 2, change.clone()).expect(200);
        assert_eq!(told(app, &Who::SecondAssessor.email()).pop().unwrap(), "changed");
        let letter = app.letters().into_iter().rfind(|letter| letter.recipient == Who::Officer.email()).unwrap();
        assert!(letter.text.contains("The hall is flooded.") && letter.text.contains("Online"), "{}", letter.text);
        let mine = app.client(Who::Assessor).get("/api/v1/interviews").expect(200).json();
        assert_eq!((mine.as_array().unwrap().len(), &mine[1]["place"], &mine[1]["bid"]["reference"]), (2, &json!("Online"), &json!(other.reference)));

        app.clock.set(at.plus(HOUR).minus(DAY * 3));
        app.work();
        assert!(!told(app, &Who::Officer.email()).contains(&"reminder".to_owned()));
        app.clock.set(at.minus(HOUR));
        app.work();
        for who in [Who::Officer, Who::Partner, Who::Assessor] {
            assert_eq!(told(app, &who.email()).iter().filter(|occasion| *occasion == "reminder").count(), 1, "{who:?}");
        }
        let again = || [Who::Manager, Who::Assessor, Who::SecondAssessor].map(|who| app.client(who));
        let [manager, assessor, second] = again();
        assert_eq!(assessor.put(&rest(one, "/scores"), 1, json!({ "scores": [] })).problem(), (409, "not_begun".into()));
        app.clock.set(at);
        for who in [Who::Manager, Who::Observer, Who::Officer] {
            assert_eq!(app.client(who).get(&rest(one, "/scores")).status, 403, "{who:?}");
        }
        assert_eq!(app.client(Who::ConflictedAssessor).get(&rest(one, "/scores")).status, 404);
        assert_eq!(pointers(assessor.put(&rest(one, "/scores"), 1, json!({ "scores": [
            { "criterion": "fit", "value": 3, "justification": "It is.", "confidence": "high" },
            { "criterion": "team", "value": 0, "justification": "", "confidence": "high" },
        ] }))), ["/scores/0/criterion", "/scores/1/value", "/scores/1/justification"]);
        let draft = json!({ "scores": [{ "criterion": "team", "value": 2, "justification": "One spoke.", "confidence": "low" }] });
        assert_eq!(assessor.put(&rest(one, "/scores"), 1, draft).expect(200).json()["missing"], json!(["clarity"]));
        let early = assessor.send("POST", &rest(one, "/scores/submit"), &[("If-Match", "\"v2\"")], None);
        assert_eq!(pointers(early), ["/scores/clarity"]);
        score(&second, one, 1, (5, 5)).expect(200);
        assert_eq!(assessor.get(&rest(one, "/scores")).expect(200).json()["others"], json!([]), "they score blind");
        let own = score(&assessor, one, 2, (4, 4)).expect(200).json();
        assert_eq!((own["others"].as_array().unwrap().len(), &own["others"][0]["weighted"]), (1, &json!(50_000)));
        // Whoever has seen what the others gave changes nothing any more.
        let better = json!({ "scores": [{ "criterion": "team", "value": 5, "justification": "As the others say.", "confidence": "high" }] });
        for scores in [json!({ "scores": [] }), better] {
            assert_eq!(assessor.put(&rest(one, "/scores"), 4, scores).problem(), (409, "scores_submitted".into()));
        }
        let twice = assessor.send("POST", &rest(one, "/scores/submit"), &[("If-Match", "\"v4\"")], None);
        assert_eq!(twice.problem(), (409, "scores_submitted".into()));
        assert_eq!(manager.send("DELETE", &slot(1), &[("If-Match", "\"v2\"")], Some(&json!({ "reason": "No." }))).problem(), (409, "scores_submitted".into()));
        let seen = app.client(Who::Observer).get(&slot(1)).expect(200).json();
        assert_eq!((&seen["mean"], &seen["standing"], seen["scores"].as_array().unwrap().len()), (&json!("4.50"), &json!("scored"), 2));

        // The reading is 2.60 on a scale from 0 to 3, the interview 4.50 on one from 1 to 5, and both count for half.
        let record = rank(app);
        let first = ranked(&record, one);
        assert_eq!((&first["place"], &first["mean"], &first["interview"]["mean"]), (&json!(1), &json!("2.60"), &json!("4.50")));
        assert_eq!((&first["interview"]["on_the_reading"], &first["interview"]["combined"]), (&json!("2.63"), &json!("2.61")));
        assert_eq!((&ranked(&record, other)["place"], &ranked(&record, other)["interview"]["standing"]), (&Value::Null, &json!("not_complete")));
        assert_eq!((&ranked(&record, &bids[2])["place"], &ranked(&record, &bids[2])["interview"]["standing"]), (&Value::Null, &json!("not_invited")));
        let live = manager.get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        let places: Vec<(&Value, &Value)> = live.as_array().unwrap().iter().map(|bid| (&bid["place"], &bid["interview"])).collect();
        assert_eq!(places[0], (&json!(1), &json!("scored")));
        assert!(places[1..].iter().all(|(place, _)| place.is_null()));
        let csv = manager.get(&format!("/api/v1/rounds/{ROUND}/rankings/1/scores.csv")).expect(200).text();
        assert!(csv.starts_with("bid,assessor,score,confidence,section,interview,combined\r\n"), "{csv}");
        assert!(csv.contains(&format!("{},A1,2.6,high,,4;5,2.6125\r\n", one.reference)), "{csv}");
        let mut why = app.browser(Who::Observer);
        why.open(&format!("/rounds/{ROUND}/ranking/{}", one.reference));
        why.sees("In its interview 2 people gave it a weighted mean of 4.50. On the scale of the reading that is 2.63.");
        why.sees("The reading counts for 50% and the interview for 50%: together 2.61.");
        why.open(&format!("/rounds/{ROUND}/ranking/{}", other.reference));
        why.sees("It has no place, because its interview is not complete: 0 of 2 on its panel have submitted their scores.");

        // Somebody does not attend, and somebody else is named.
        let absence = json!({ "person": people[1], "reason": "Their train stood still." });
        assert_eq!(manager.post(&format!("{}/absences", slot(2)), absence.clone()).problem(), (409, "not_begun".into()));
        app.clock.set(at.plus(DAY * 4));
        let [manager, assessor, second] = again();
        score(&assessor, other, 1, (5, 5)).expect(200);
        let short = manager.post(&format!("{}/absences", slot(2)), absence).expect(200).json();
        assert_eq!((&short["wanted"], &short["standing"], &short["version"]), (&json!(1), &json!("not_complete"), &json!(4)));
        assert_eq!(second.get(&rest(other, "/scores")).status, 403, "the seat is somebody else’s");
        assert_eq!(ranked(&rank(app), other)["place"], Value::Null);
        let mut stands = json!({ "starts_at": at.plus(DAY * 4), "place": "Online", "panel": [people[1]] });
        assert_eq!(pointers(manager.put(&slot(2), 4, stands.clone())), ["/panel"], "whoever has submitted stays");
        stands["panel"] = json!([people[0], app.person(Who::Manager)]);
        assert_eq!(pointers(manager.put(&slot(2), 4, stands.clone())), ["/panel/1"], "whoever could read what is submitted is not named");
        assert!(!short["people"].to_string().contains("Manager Person"), "{}", short["people"]);
        stands["panel"] = json!(people);
        assert_eq!(manager.put(&slot(2), 3, stands.clone()).status, 412, "the absence was a change");
        manager.put(&slot(2), 4, stands).expect(200);
        let kept = manager.get(&slot(2)).expect(200).json();
        let back = kept["panel"].as_array().unwrap().iter().find(|seat| seat["person"] == people[1].as_str()).unwrap();
        assert_eq!((&back["absent"], &back["ended_at"]), (&json!("Their train stood still."), &Value::Null));
        score(&second, other, 3, (5, 4)).expect(200);
        let whole = rank(app);
        assert_eq!((&ranked(&whole, other)["place"], &ranked(&whole, one)["place"]), (&json!(1), &json!(2)));

        let table = app.client(Who::Observer).get(&format!("{}.csv", timetable())).expect(200).text();
        assert!(table.starts_with("Number,Begins,Ends,Place,State,Reference,Title,Panel,Submitted,Reason\r\n"), "{table}");
        assert!(table.contains("Assessor Person; SecondAssessor Person,2,The hall is flooded.\r\n"), "{table}");
        let round = app.public().get(&format!("/api/v1/rounds/{ROUND}")).expect(200).json()["id"].as_str().unwrap().parse().unwrap();
        let events = happened(app, roundtable::events::Chain::Round(round));
        for kind in ["interviews.made", "interview.chosen", "interview.changed", "interview.scored", "interviewer.absent"] {
            assert!(events.iter().any(|(known, _)| known == kind), "{kind}");
        }
        assert!(events.iter().all(|(_, detail)| !detail.to_string().contains("flooded") && !detail.to_string().contains("train")));
        let absent = events.iter().find(|(kind, _)| kind == "interviewer.absent").unwrap();
        assert_eq!(absent.1["said"].as_str().map(str::len), Some(64), "the hash of why");
    }

    fn whoever_has_a_conflict_neither_arranges_interviews_nor_meets_the_bid_in_them(app: &TestApp) {
        let bids = decided(app, 2, 0);
        let at = first(app);
        release(app, &bids);
        let invited = app.letters().into_iter().find(|letter| letter.template == "outcome-interview").unwrap();
        assert!(bids.iter().any(|bid| invited.text.contains(&format!("/bids/{}/interview", bid.reference))), "{}", invited.text);
        let boss = app.client_of(app.colleague());
        make(app, &boss, (at, 3), &[Who::Assessor, Who::SecondAssessor]).expect(200);
        assert_eq!(told(app, &Who::Officer.email()), ["times", "times"], "each bid hears that there are times");
        choose(app, &bids[0], 1).expect(200);
        choose(app, &bids[1], 2).expect(200);
        let manager = app.client(Who::Manager);
        let pin = |boss: &Client, who: Who| {
            let conflict = json!({ "bid": bids[0].reference, "person": app.person(who), "reason": "They share a house." });
            boss.post("/api/v1/conflicts", conflict).expect(200);
        };
        pin(&boss, Who::Manager);
        let seen = manager.get(&timetable()).expect(200).json();
        let numbers: Vec<&Value> = seen["slots"].as_array().unwrap().iter().map(|slot| &slot["number"]).collect();
        assert_eq!((numbers, &seen["may_arrange"]), (vec![&json!(2)], &json!(false)), "neither the bid nor what is free");
        assert_eq!((manager.get(&slot(1)).status, manager.get(&slot(3)).status), (404, 404));
        assert_eq!(make(app, &manager, (at.plus(DAY), 1), &[]).problem(), (403, "conflict_of_interest".into()));
        let reason = json!({ "reason": "It rains." });
        let off = |client: &Client, number: i64, version: i64| {
            client.send("DELETE", &slot(number), &[("If-Match", &format!("\"v{version}\""))], Some(&reason))
        };
        assert_eq!(off(&manager, 2, 2).status, 403);
        assert!(!manager.get(&format!("{}.csv", timetable())).expect(200).text().contains(&bids[0].reference));

        app.clock.set(at);
        let (boss, manager) = (app.client_of(app.colleague()), app.client(Who::Manager));
        score(&app.client(Who::Assessor), &bids[0], 1, (5, 5)).expect(200);
        score(&app.client(Who::SecondAssessor), &bids[0], 1, (3, 3)).expect(200);
        pin(&boss, Who::Assessor);
        assert_eq!(app.client(Who::Assessor).get(&rest(&bids[0], "/scores")).status, 404);
        let mine = app.client(Who::Assessor).get("/api/v1/interviews").expect(200).json();
        assert!(mine.as_array().unwrap().iter().all(|mine| mine["bid"]["reference"] != bids[0].reference.as_str()));
        let left = boss.get(&slot(1)).expect(200).json();
        assert_eq!((&left["wanted"], &left["submitted"], &left["standing"]), (&json!(1), &json!(1), &json!("not_complete")));
        let wanted = app.letters().into_iter().filter(|letter| letter.template == "interviewer-wanted");
        assert_eq!(wanted.map(|letter| letter.recipient).collect::<Vec<_>>(), ["colleague@test.example"]);
        let people = [Who::Assessor, Who::SecondAssessor].map(|who| app.person(who).to_string());
        let again = json!({ "starts_at": at, "place": "Town hall, room 2", "joining": "Ring twice.", "panel": people });
        assert_eq!(pointers(boss.put(&slot(1), 2, again)), ["/panel/0"]);

        off(&boss, 2, 2).expect(200);
        assert_eq!(told(app, &Who::Partner.email()).pop().unwrap(), "cancelled");
        assert_eq!(off(&boss, 2, 3).problem(), (409, "called_off".into()));
        assert_eq!(choose(app, &bids[1], 2).problem(), (409, "time_taken".into()));
        choose(app, &bids[1], 3).expect(200);
        assert_eq!(manager.get(&timetable()).expect(200).json()["slots"].as_array().unwrap().len(), 1);

        // A bid that is taken back lets its time go: the panel hears of it, and its own councils know.
        let act = format!("/api/v1/bids/{}/actions/withdraw", bids[1].reference);
        app.client(Who::Officer).post(&act, json!({})).expect(200);
        let gone = boss.get(&slot(3)).expect(200).json();
        assert_eq!((&gone["state"], &gone["reason"]), (&json!("cancelled"), &json!("The application was withdrawn.")));
        assert_eq!(told(app, &Who::SecondAssessor.email()).pop().unwrap(), "cancelled");
        assert_eq!(told(app, &Who::Officer.email()).pop().unwrap(), "chosen");
    }

    fn whoever_leaves_the_pool_leaves_the_panels_that_have_not_met(app: &TestApp) {
        let bids = decided(app, 1, 0);
        let at = first(app);
        release(app, &bids);
        let [manager, assessor] = [Who::Manager, Who::Assessor].map(|who| app.client(who));
        let pool = format!("/api/v1/rounds/{ROUND}/pool");
        let invitation = json!({ "people": [{ "email": Who::Assessor.email() }, { "email": Who::Manager.email() }], "least": 1, "most": 8,
            "answer_by": app.clock.now().plus(DAY * 7), "message": "" });
        manager.post(&format!("{pool}/invitations"), invitation).expect(200);
        let [from, until] = [1, 30].map(|days| app.clock.now().plus(DAY * days).utc().format("%Y-%m-%d").to_string());
        for client in [&assessor, &manager] {
            let answer = json!({ "least": 1, "most": 8, "from": from, "until": until, "away": [] });
            say(client, ROUND, answer).expect(200);
        }
        make(app, &app.client_of(app.colleague()), (at, 2), &[Who::Assessor, Who::Manager]).expect(200);
        choose(app, &bids[0], 1).expect(200);
        assert_eq!(manager.get(&slot(1)).expect(200).json()["state"], "chosen");
        for client in [&assessor, &manager] {
            let version = client.get(&format!("{pool}/mine")).expect(200).json()["place"]["version"].as_i64().unwrap();
            let reason = json!({ "reason": "no_time" });
            client.send("POST", &format!("{pool}/mine/withdraw"), &[("If-Match", &format!("\"v{version}\""))], Some(&reason)).expect(200);
        }
        for number in [1, 2] {
            let left = manager.get(&slot(number)).expect(200).json();
            let sitting: Vec<&Value> = left["panel"].as_array().unwrap().iter().filter(|seat| seat["ended_at"].is_null()).map(|seat| &seat["person"]).collect();
            assert_eq!((sitting, &left["wanted"]), (vec![&json!(app.person(Who::Manager))], &json!(1)), "managers sit without a place");
        }
        assert_eq!(told(app, &Who::Assessor.email()).last().unwrap(), "released");
        let wanted = app.letters().into_iter().filter(|letter| letter.template == "interviewer-wanted");
        let wanted: Vec<_> = wanted.map(|letter| (letter.recipient, letter.text)).collect();
        assert_eq!(wanted.len(), 2, "of the time that is chosen, each manager: {wanted:?}");
        assert!(wanted.iter().all(|(_, text)| text.contains("because their place in the pool of assessors has ended")), "{wanted:?}");
    }

    fn whoever_may_have_a_conflict_is_asked_before_they_sit_before_the_bid(app: &TestApp) {
        let bids = decided(app, 1, 0);
        release(app, &bids);
        worked_for(app, Who::SecondAssessor, "AMB");
        let (at, manager) = (first(app), app.client(Who::Manager));
        make(app, &manager, (at, 1), &[Who::Assessor, Who::SecondAssessor]).expect(200);
        assert_eq!(told(app, &Who::Officer.email()), [""; 0], "nothing is offered while that is open");
        assert_eq!(choose(app, &bids[0], 1).problem(), (409, "time_taken".into()));
        let people = [Who::Assessor, Who::Manager, Who::SecondAssessor].map(|who| app.person(who).to_string());
        let mut change = json!({ "starts_at": at, "place": "Online", "panel": people[..2], "reason": "The hall is let." });
        let changed = manager.put(&slot(1), 1, change.clone()).expect(200).json();
        assert_eq!((&changed["state"], &changed["reason"]), (&json!("free"), &json!("The hall is let.")));
        assert_eq!(told(app, &Who::Officer.email()), ["times"], "it was free before, and is one for the bid since then");
        choose(app, &bids[0], 1).expect(200);
        change["panel"] = json!(people);
        assert_eq!(manager.put(&slot(1), 3, change.clone()).problem(), (409, "possible_conflict".into()));
        change["panel"] = json!(people[..2]);
        change["reason"] = json!("");
        let same = manager.put(&slot(1), 3, change).expect(200).json();
        assert_eq!(same["reason"], "The hall is let.", "nothing of the time has changed");
    }

    fn times_are_made_chosen_and_scored_on_pages_that_say_what_is_missing(app: &TestApp) {
        let bids = decided(app, 1, 0);
        release(app, &bids);
        let (at, page) = (first(app), format!("/rounds/{ROUND}/interviews"));
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").sees("Interviews of").open(&page).sees("1 bid has chosen no time").fill("How many, one after the other?", "many").press("Make the times");
        assert_eq!(manager.errors().len(), 3, "{:?}", manager.errors());
        let day = at.london_date();
        for (part, value) in [("Day", day.format("%-d")), ("Month", day.format("%-m")), ("Year", day.format("%Y"))] {
            manager.fill(part, &value.to_string());
        }
        manager.fill("At what time?", "10am").fill("How many, one after the other?", "2").press("Make the times");
        assert_eq!(manager.errors().into_iter().map(|(_, message)| message).collect::<Vec<_>>(), ["Say where it is: an address, or a video link."]);
        manager.fill("Where?", "Town hall").choose("Assessor Person").choose("Manager Person").press("Make the times");
        manager.sees("The times are made.").sees("Free");

        let mut officer = app.browser(Who::Officer);
        officer.open(&bids[0].page("")).follow("Interview with the panel").press("Choose this time");
        assert_eq!(officer.errors().len(), 1);
        let first_time = format!("10am on {}", at.date_in_words());
        officer.choose(&format!("{first_time}, until 10:45am")).press("Choose this time").sees("The time is chosen.").sees("Town hall");

        let ten = Moment::from_london(day.and_hms_opt(10, 0, 0).unwrap()).unwrap();
        app.clock.set(ten.minus(HOUR));
        let mut assessor = app.browser(Who::Assessor);
        assessor.open("/assess").sees("Interviews").open(&bids[0].page("/interview/score")).sees("You can score the interview from when it begins.");
        app.clock.set(ten);
        assessor.open(&bids[0].page("/interview/score")).choose_in("Clarity: your score", "4 – Grade 4").press("Save draft");
        assert_eq!(assessor.errors().len(), 2, "{:?}", assessor.errors());
        assessor.fill_in("Clarity", "Why?", "It was clear.").choose_in("Clarity: how sure are you?", "High: I know this field well").press("Save draft");
        assessor.sees("Your scores are saved as a draft.").press("Submit your scores");
        assert_eq!(assessor.errors().len(), 3, "{:?}", assessor.errors());
        assessor.choose_in("The team: your score", "2 – Grade 2").fill_in("The team", "Why?", "One spoke.").choose_in("The team: how sure are you?", "Low: this is not my field");
        assessor.press("Submit your scores").sees("Your scores are submitted.").sees("They stay as they are.");

        let mut manager = app.browser(Who::Manager);
        manager.open(&page).sees("1 scored").follow(&first_time);
        assert!(!manager.text().contains("One spoke."), "a manager on the panel scores blind too");
        manager.press("Record the absence");
        assert_eq!(manager.errors().len(), 1);
        manager.choose_in("Who did not attend?", "Manager Person").press("Record the absence").sees("Say why they did not attend.");
        manager.fill("Why did they not attend?", "They were ill.").press("Record the absence").sees("did not attend: They were ill.");
        manager.sees("1 more person is wanted on the panel.").sees("One spoke.").press("Call it off").sees("Say why it is called off");
        manager.choose_in("Who is on the panel?", "SecondAssessor Person").press("Change the interview").sees("The interview is changed.");
        manager.sees("SecondAssessor Person");
    }
}
