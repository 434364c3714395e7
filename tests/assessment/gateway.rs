//! Gateway checks: marked before a bid is scored, and what follows from them for scores, readers, ranking and money.

use diesel::prelude::*;
use roundtable::{
    db::schema::{bid_versions, bids},
    events::Chain,
    funds::rulebook::Stage,
    ids::{BidKey, Id, PersonKey, RowKey},
};
use serde_json::{Value, json};

use super::{
    assess, find_eligible, full_application, give,
    rankings::{open_bid, pin},
    round_id, save, score, submit,
};
use crate::{
    account::happened,
    awards::{award, change, decide, lists, outcome},
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const GATEWAY: &str = "/api/v1/rounds/test-round/gateway";

/// The round asks for two gateway checks, from before anybody bids.
pub fn checked(app: &TestApp) {
    let check = |id: &str, title: &str, guidance: &str| json!({ "id": id, "title": title, "guidance": guidance });
    let need = check("need", "The need is shared", "Three councils or more say so.");
    lists::ruled(app, json!({ "gateway": [need, check("users", "Users were asked", "")] }));
}

/// Marks, each with its check and reason, of a bid of which no full version was submitted here.
pub fn marks(marks: &[(&str, &str, &str)]) -> Value {
    about(0, marks)
}

fn about(version: i32, marks: &[(&str, &str, &str)]) -> Value {
    let mark = |(check, mark, reason): &(&str, &str, &str)| json!({ "check": check, "mark": mark, "reason": reason });
    json!({ "about": version, "marks": marks.iter().map(mark).collect::<Vec<_>>() })
}

/// Marks a bid whose marks stand at a version.
pub fn mark(client: &Client, bid: &str, version: i64, marks: Value) -> Answer {
    let path = format!("/api/v1/bids/{bid}/gateway");
    client.send("POST", &path, &[("If-Match", &format!("\"v{version}\""))], Some(&marks))
}

/// A bid passes both checks.
pub fn pass(app: &TestApp, bid: &str) {
    mark(&app.client(Who::Manager), bid, 0, marks(&[("need", "pass", ""), ("users", "pass", "")])).expect(200);
}

fn gateway(app: &TestApp, who: Who, bid: &str) -> Answer {
    app.client(who).get(&format!("/api/v1/bids/{bid}/gateway"))
}

/// A full version of the bid comes in, which says what its expression of interest said.
fn submitted_in_full(app: &TestApp, bid: &str) {
    let (bid, now) = (bid.to_owned(), app.clock.now());
    app.block_on(|app| async move {
        let write = app.db.write(move |conn| {
            let id: Id<RowKey> = app.ids.fresh(now);
            let of: Id<BidKey> = bids::table.filter(bids::reference.eq(&bid)).select(bids::id).first(conn)?;
            let versions = bid_versions::table.filter(bid_versions::bid_id.eq(of));
            let (text, hash, by): (String, Vec<u8>, Id<PersonKey>) = versions
                .filter(bid_versions::stage.eq(Stage::Eoi))
                .select((bid_versions::data, bid_versions::hash, bid_versions::submitted_by))
                .first(conn)?;
            let before: i64 = versions.filter(bid_versions::stage.eq(Stage::Full)).count().get_result(conn)?;
            diesel::insert_into(bid_versions::table)
                .values((
                    bid_versions::id.eq(id),
                    bid_versions::bid_id.eq(of),
                    bid_versions::stage.eq(Stage::Full),
                    bid_versions::number.eq(i32::try_from(before).unwrap() + 1),
                    bid_versions::data.eq(text.replace("\"stage\":\"eoi\"", "\"stage\":\"full\"")),
                    bid_versions::hash.eq(&hash),
                    bid_versions::submitted_at.eq(now),
                    bid_versions::submitted_by.eq(by),
                ))
                .execute(conn)?;
            Ok(())
        });
        write.await.unwrap();
    });
}

fn states(gateway: &Value) -> Vec<&Value> {
    gateway["checks"].as_array().unwrap().iter().map(|check| &check["state"]).collect()
}

on_each_database! {
    fn a_bid_takes_no_assessment_before_every_gateway_check_is_marked_as_passed_and_drafts_are_kept(app: &TestApp) {
        checked(app);
        let bid = full_application(app, "Shared repairs");
        find_eligible(app, &bid);
        let given = give(app, &bid, Who::Assessor).expect(200).json();
        let open = "Gateway checks still open: “The need is shared”, “Users were asked”.";
        assert!(given["warning"].as_str().unwrap().starts_with(open), "{given}");
        let mine = save(app, Who::Assessor, &bid, 1, &[score("fit", 3), score("delivery", 2)]).expect(200).json();
        assert_eq!((&mine["gateway"]["state"], &mine["open"]), (&json!("open"), &json!(true)));
        let waiting = || app.client(Who::Manager).get(&format!("/api/v1/rounds/{ROUND}/progress")).expect(200).json()["people"][0]["waiting"].clone();
        assert_eq!(waiting(), 0, "nobody is reminded of what cannot be submitted");
        let early = submit(app, Who::Assessor, &bid, 2);
        assert_eq!(early.problem(), (409, "gateway_open".into()));
        assert!(early.json()["detail"].as_str().unwrap().starts_with(open), "{}", early.text());
        let form = "/api/v1/rounds/test-round/score-form";
        let filled = app.client(Who::Assessor).get(form).expect(200).text();
        let filled = filled.replace("Score: 2", "Score: 1").replace("Submit: no", "Submit: yes");
        let offline = app.client(Who::Assessor).raw("POST", form, &[("Content-Type", "text/plain")], Some(filled.into_bytes()));
        let offline = offline.expect(200).json();
        assert_eq!(offline[0]["outcome"], "saved", "{offline}");
        assert!(offline[0]["faults"][0]["message"].as_str().unwrap().contains(open), "{offline}");

        let heard = [Who::Observer, Who::Moderator, Who::Officer, Who::Assessor, Who::Stranger].map(|who| gateway(app, who, &bid).status);
        assert_eq!(heard, [200, 200, 403, 403, 404]);
        let both = marks(&[("need", "pass", "Four say so."), ("users", "pass", "")]);
        assert_eq!(mark(&app.client(Who::Moderator), &bid, 0, both.clone()).status, 403);
        let manager = app.client(Who::Manager);
        let wrong = marks(&[("need", "fail", " "), ("need", "pass", ""), ("charm", "pass", "")]);
        let wrong = mark(&manager, &bid, 0, wrong).expect(422).json();
        let at: Vec<&Value> = wrong["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(at, ["/marks/0/reason", "/marks/1/check", "/marks/2/check"]);
        // Two managers mark at once: one is first, and the other marks again once they have read it.
        let colleague = app.client_of(app.colleague());
        let fail = marks(&[("need", "fail", "Two councils alone.")]);
        let steps = [(&manager, both.clone()), (&colleague, fail)];
        let statuses = std::thread::scope(|scope| {
            let each = steps.each_ref().map(|(client, new)| scope.spawn(|| mark(client, &bid, 0, new.clone()).status));
            each.map(|one| one.join().unwrap())
        });
        let mut sorted = statuses;
        sorted.sort_unstable();
        assert_eq!(sorted, [200, 412]);
        let (second, theirs) = if statuses[0] == 412 { &steps[0] } else { &steps[1] };
        let stands = gateway(app, Who::Manager, &bid).json()["version"].as_i64().unwrap();
        let after = mark(second, &bid, stands, theirs.clone()).expect(200).json();
        assert_eq!((after["version"].as_i64(), &after["checks"][0]["marks"][0]["number"]), (Some(3), &json!(if stands == 1 { 2 } else { 3 })));
        let passed = mark(&manager, &bid, 3, both.clone()).expect(200);
        let version = passed.json()["version"].as_i64().unwrap();
        assert_eq!((passed.json()["standing"]["state"].clone(), states(&passed.json())), (json!("passed"), vec![&json!("passed"); 2]));
        assert_eq!(mark(&manager, &bid, version, both).expect(200).json()["version"], version, "what says the same is not added");
        let kept = passed.json()["checks"][0]["marks"].as_array().unwrap().len();
        assert!(kept >= 2, "every mark can be read: {kept}");

        let mine = app.client(Who::Assessor).get(&format!("/api/v1/bids/{bid}/scores/mine")).expect(200).json();
        assert_eq!((&mine["gateway"]["state"], &mine["scores"][1]["value"]), (&json!("passed"), &json!(1)));
        assert_eq!(waiting(), 1);
        app.browser(Who::Assessor).open(&format!("/bids/{bid}/score")).sees("Passed the gateway checks.").press("Submit your assessment");
        let told: Vec<Value> = happened(app, Chain::Round(round_id(app))).into_iter().filter(|(kind, _)| kind == "gateway.marked").map(|(_, detail)| detail).collect();
        assert!(told.len() >= 2 && told.iter().all(|detail| !detail.to_string().contains("councils")), "no words stand in the history: {told:?}");
    }

    fn a_bid_that_has_failed_is_neither_given_out_nor_ranked_nor_funded_and_is_declined_with_the_reason(app: &TestApp) {
        checked(app);
        let bids = ["Bid 1", "Bid 2", "Bid 3"].map(|title| open_bid(app, title, &[]));
        let manager = app.client(Who::Manager);
        for bid in &bids[..2] {
            pass(app, bid);
            for who in [Who::Assessor, Who::SecondAssessor] {
                give(app, bid, who).expect(200);
                assess(app, who, bid, (3, 2));
            }
        }
        manager.post(&format!("/api/v1/rounds/{ROUND}/rankings"), json!({})).expect(201);
        let why = "The letter of one council is missing.";
        mark(&manager, &bids[1], 2, marks(&[("need", "fail", why)])).expect(200);
        mark(&manager, &bids[2], 0, marks(&[("users", "fail", "Nobody was asked.")])).expect(200);
        assert_eq!(give(app, &bids[2], Who::Assessor).problem(), (409, "gateway_failed".into()));
        let changed = save(app, Who::Assessor, &bids[1], 3, &[score("fit", 1)]);
        assert_eq!(changed.problem(), (409, "gateway_failed".into()), "what changes in a submitted assessment counts at once");
        let wish = json!({ "assignments": [{ "bid": bids[2], "person": app.person(Who::Assessor) }] });
        let many = manager.post(&format!("/api/v1/rounds/{ROUND}/assessors"), wish).expect(200).json();
        assert_eq!((&many[0]["done"], &many[0]["code"]), (&json!(false), &json!("gateway_failed")));
        let ranking = manager.get(&format!("/api/v1/rounds/{ROUND}/ranking")).expect(200).json();
        let ranked: Vec<&Value> = ranking.as_array().unwrap().iter().map(|row| &row["reference"]).collect();
        assert_eq!(ranked, [&json!(bids[0])]);
        let record = manager.get(&format!("/api/v1/rounds/{ROUND}/rankings/1")).expect(200).json();
        assert_eq!(record["current"], false, "the ranking of record says that it is overtaken");
        let round = app.client(Who::Observer).get(GATEWAY).expect(200).json();
        assert_eq!((&round["passed"], &round["failed"], &round["open"]), (&json!(1), &json!(2), &json!(0)));
        let csv = app.client(Who::Observer).get(&format!("{GATEWAY}.csv")).expect(200).text();
        assert!(csv.starts_with("Reference,Title,Check,State,Number,Mark,Reason,Version,At,Marked by\r\n"), "{csv}");
        assert_eq!(csv.lines().count(), 1 + 2 + 3 + 2, "a line for each mark and each check without one: {csv}");
        assert!(csv.contains(&format!("The need is shared,failed,3,fail,{why},0,")) && csv.contains("The need is shared,open,,,,,,"), "{csv}");

        // Nothing more is to be scored on it, so that it can be declined, and it comes no nearer to money.
        for bid in &bids {
            decide(&manager, bid, "assessment", json!({ "transition": "close_scoring" })).expect(201);
        }
        let refused = decide(&manager, &bids[1], "shortlist", json!({ "transition": "shortlist" }));
        assert_eq!(refused.problem(), (409, "gateway_failed".into()));
        let said = format!("Failed the gateway checks: “The need is shared”, because: {}. It can be declined", why.trim_end_matches('.'));
        assert!(refused.text().contains(&said), "{}", refused.text());
        let mine = app.client(Who::Assessor).get(&format!("/api/v1/bids/{}/scores/mine", bids[1])).expect(200).text();
        assert!(mine.contains("gateway") && !mine.contains(why), "whoever reads it is not told the reason: {mine}");
        let mut desk = app.browser(Who::Manager);
        desk.open(&format!("/rounds/{ROUND}/decisions")).sees("Failed the gateway checks: “The need is shared”");
        desk.open(&format!("/bids/{}/decision", bids[1])).sees("Failed the gateway checks: “The need is shared”.");
        assert!(desk.value("Feedback to the councils").ends_with(why), "{}", desk.value("Feedback to the councils"));
        desk.choose("Shortlist").press("Record the decision").sees("It can be declined");
        assert!(desk.value("Feedback to the councils").ends_with(why), "nothing is lost");
        desk.choose("Do not fund").press("Record the decision").sees("is recorded");
        decide(&manager, &bids[2], "award", outcome("not_fund")).expect(201);

        // One that fails after its award is decided on is held back at the release.
        decide(&manager, &bids[0], "shortlist", json!({ "transition": "shortlist" })).expect(201);
        decide(&manager, &bids[0], "award", award(8_000_000, 1)).expect(201);
        let release = format!("/api/v1/rounds/{ROUND}/releases/announcement");
        assert_eq!(manager.get(&release).expect(200).json()["not_passed"], json!([]));
        mark(&manager, &bids[0], 2, marks(&[("users", "fail", "It came out that nobody was.")])).expect(200);
        assert_eq!(manager.get(&release).expect(200).json()["not_passed"], json!([bids[0]]));
        let held = manager.post(&release, json!({}));
        assert!(held.status == 422 && held.text().contains("gateway_not_passed"), "{}", held.text());
        assert_eq!(change(&manager, &bids[0], "award", 1, award(7_000_000, 1)).problem(), (409, "gateway_failed".into()));
        mark(&manager, &bids[0], 3, marks(&[("users", "pass", "They were, by letter.")])).expect(200);
        assert_eq!(manager.get(&release).expect(200).json()["not_passed"], json!([]));

        // A conflict of interest hides a bid here too, also from the counts.
        pin(app, Who::Manager, &bids[1]);
        let round = manager.get(GATEWAY).expect(200).json();
        assert_eq!((round["bids"].as_array().unwrap().len(), &round["failed"]), (2, &json!(1)));
        assert_eq!(gateway(app, Who::Manager, &bids[1]).status, 404);
        assert_eq!(mark(&manager, &bids[1], 3, marks(&[("need", "pass", "")])).status, 404);
        assert!(!manager.get(&format!("{GATEWAY}.csv")).expect(200).text().contains(&bids[1]));
    }

    fn marks_for_an_earlier_version_of_a_bid_count_for_nothing_until_they_are_confirmed(app: &TestApp) {
        checked(app);
        let bid = full_application(app, "Shared repairs");
        submitted_in_full(app, &bid);
        find_eligible(app, &bid);
        give(app, &bid, Who::Assessor).expect(200);
        let manager = app.client(Who::Manager);
        let new = [("need", "pass", ""), ("users", "fail", "Nobody was asked.")];
        assert_eq!(mark(&manager, &bid, 0, marks(&new)).problem(), (409, "newer_version".into()), "another version stands");
        let first = mark(&manager, &bid, 0, about(1, &new)).expect(200).json();
        assert_eq!(states(&first), ["passed", "failed"]);
        let mut page = app.browser(Who::Manager);
        page.open(&format!("/bids/{bid}/gateway")).sees("Full application, version 1");

        submitted_in_full(app, &bid);
        let newer = gateway(app, Who::Manager, &bid).expect(200).json();
        assert_eq!((states(&newer), &newer["standing"]["state"]), (vec![&json!("outdated"); 2], &json!("open")));
        assert_eq!(newer["checks"][0]["marks"][0]["outdated"], true);
        save(app, Who::Assessor, &bid, 1, &[score("fit", 3), score("delivery", 2)]).expect(200);
        assert_eq!(submit(app, Who::Assessor, &bid, 2).problem(), (409, "gateway_open".into()));
        // What was chosen on the page that showed the earlier version stays, beside the one that stands.
        page.choose_in("Does it pass “Users were asked”?", "Passes").press("Save");
        page.sees("Another version of this application stands").sees("Full application, version 2").sees("marked for an earlier version");
        assert_eq!(page.status(), 422);
        page.press("Save").sees("Passed the gateway checks");
        assert_eq!(states(&gateway(app, Who::Manager, &bid).json()), ["passed"; 2]);
        submit(app, Who::Assessor, &bid, 2).expect(200);
    }

    fn managers_check_one_bid_after_the_other_with_the_bid_beside_the_form(app: &TestApp) {
        checked(app);
        for title in ["Shared repairs", "Shared savings"] {
            open_bid(app, title, &[]);
        }
        let listed = app.client(Who::Manager).get(GATEWAY).expect(200).json();
        let bids = [0, 1].map(|index| listed["bids"][index]["reference"].as_str().unwrap().to_owned());
        submitted_in_full(app, &bids[0]);
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Gateway checks of Test round").sees("0 passed, 0 failed, 2 still open").follow("Check the next bid");
        manager.sees("Words of our own.").sees("Three councils or more say so.");
        let mut other = app.browser_of(app.colleague());
        other.open(&manager.path()).choose_in("Does it pass “The need is shared”?", "Passes");
        other.fill("Why, of “The need is shared”", "Four say so.").press("Save").sees("are saved.");
        manager.press("Save");
        let said: Vec<String> = manager.errors().into_iter().map(|(_, message)| message).collect();
        assert_eq!(said, ["Mark at least one check."]);
        let here = manager.path();
        manager.open(&here).choose_in("Does it pass “Users were asked”?", "Fails").press("Save and next bid");
        let said: Vec<String> = manager.errors().into_iter().map(|(_, message)| message).collect();
        assert_eq!(said, ["Say why “Users were asked” fails."]);
        other.choose_in("Does it pass “Users were asked”?", "Passes").press("Save").sees("Passed the gateway checks");
        manager.fill("Why, of “Users were asked”", "Nobody was asked.").press("Save and next bid");
        assert_eq!(manager.status(), 422);
        manager.sees("Somebody marked checks of this bid meanwhile.");
        assert_eq!(manager.value("Why, of “Users were asked”"), "Nobody was asked.");
        manager.press("Save and next bid").sees("are saved.");
        assert_eq!(manager.path(), format!("/bids/{}/gateway", bids[1]));
        manager.open(&format!("/rounds/{ROUND}/gateway")).sees("0 passed, 1 failed, 1 still open");
        let mut observer = app.browser(Who::Observer);
        observer.open(&format!("/bids/{}/gateway", bids[0])).sees("You cannot mark these checks now.").sees("Nobody was asked.");
        manager.open(&format!("/bids/{}/assessors", bids[0])).sees("Failed the gateway checks: “Users were asked”");
        manager.open(&format!("/rounds/{ROUND}/assessors")).sees("Failed the gateway checks").sees("Gateway checks open");
    }
}
