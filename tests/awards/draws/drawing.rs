//! A draw from its commitment to the file that anybody draws again from, over REST and on its page.

use std::process::{Command, Output};

use roundtable::{events::Chain, identity::policy::BidKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    FILE, KNOWN, PATH, TOLD, VALUE, answer, by_hand, commit, enter, fault, faults, new_draw, ranked, record, rules,
    seen_outside,
};
use crate::{
    account::happened,
    awards::{ANNOUNCED, award, bring_to, decide, outcome, post_seen, release},
    harness::{
        app::{ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

/// What the round's history has of draws.
fn history(app: &TestApp) -> Vec<(String, Value)> {
    let round = app.public().get(PATH).expect(200).json();
    let all = happened(app, Chain::Round(round["id"].as_str().unwrap().parse().unwrap()));
    all.into_iter().filter(|(kind, _)| kind.starts_with("draw.")).collect()
}

/// What `roundtable draw verify` says of a file.
fn verified(file: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draw.json");
    std::fs::write(&path, file).unwrap();
    Command::new(env!("CARGO_BIN_EXE_roundtable")).args(["draw", "verify"]).arg(&path).output().unwrap()
}

on_each_database! {
    fn a_draw_is_committed_to_made_by_two_followed_and_drawn_again_by_anybody(app: &TestApp) {
        let bids = ranked(app, rules(true));
        let [first, second, third, fourth] = [&bids[0], &bids[1], &bids[2], &bids[3]].map(String::as_str);
        let observer = app.client(Who::Observer);
        assert_eq!(app.public().get(TOLD).status, 404);
        let offer = observer.get(&format!("{PATH}/draw")).expect(200).json()["offer"].clone();
        let candidates: Vec<&Value> = offer["candidates"].as_array().unwrap().iter().map(|bid| &bid["bid"]).collect();
        assert_eq!((candidates, &offer["places"], &offer["above"]), (vec![&json!(second), &json!(third)], &json!(1), &json!(1)));
        assert!(offer["why"][0].as_str().unwrap().contains("leaves £120,000 of £200,000"), "{offer}");

        let mut body = new_draw();
        body["seen"] = offer["inputs_sha256"].clone();
        let once = || app.client(Who::Manager).send("POST", &format!("{PATH}/draws"), &[("Idempotency-Key", "draw")], Some(&body));
        let made = once().expect(201);
        assert_eq!((made.header("location"), once().expect(201).json()), (Some(&*format!("{PATH}/draws/1")), made.json()));
        let committed = made.json();
        let list = format!("{second},0.5\n{third},0.5\n");
        assert_eq!((&committed["list"], &committed["places"]), (&json!(list), &json!(1)));
        assert_eq!(committed["list_sha256"], json!(hex::encode(Sha256::digest(&list))));
        let source = "A round of the League of Entropy’s beacon: Round 14,220,000";
        let whole = format!("sha256\n1\n{source}\n{}\n{}\n", committed["list_sha256"].as_str().unwrap(), committed["salt"].as_str().unwrap());
        assert_eq!(committed["commitment"], json!(hex::encode(Sha256::digest(whole))), "anybody can compute it once the salt is out");

        let told = app.public().get(TOLD).expect(200);
        let draw = &told.json()["draws"][0];
        assert_eq!((&draw["commitment"], &draw["source"], &draw["known_from"]), (&committed["commitment"], &json!(source), &json!(KNOWN)));
        assert_eq!((&draw["places"], &draw["result"]), (&json!(1), &Value::Null));
        let page = app.public().get(&format!("/rounds/{ROUND}/draws")).expect(200).text();
        for secret in [second, third, committed["salt"].as_str().unwrap(), committed["list_sha256"].as_str().unwrap()] {
            assert!(!told.text().contains(secret) && !page.contains(secret), "{secret} is told");
        }
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}")).sees("Places drawn by lot")
            .sees(committed["commitment"].as_str().unwrap()).follow("All about the draws of this round").sees("Round 14,220,000");

        let manager = app.client(Who::Manager);
        let early = enter(&manager, VALUE);
        assert_eq!(early.problem(), (409, "not_yet".into()));
        assert!(early.text().contains("can be known from midday on 18 November 2026 on, and it is"), "{}", early.text());
        app.at(KNOWN);
        let before = seen_outside(app);
        let manager = app.client(Who::Manager);
        let missing = manager.post(&format!("{PATH}/draws/1/value"), json!({ "value": " ", "looked_up": "" }));
        assert_eq!(faults(&missing), [fault("/value", "missing"), fault("/looked_up", "missing")]);
        assert_eq!(answer(&manager, "confirm", json!({})).problem(), (409, "not_requested".into()));
        let colleague = app.client_of(app.colleague());
        enter(&manager, "wrong").expect(202);
        let withdraw = || manager.post(&format!("{PATH}/draws/1/withdraw"), json!({ "reason": "Again." }));
        assert_eq!(withdraw().problem(), (409, "value_waits".into()), "nobody withdraws since a value displeases them");
        let wanted: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "approval-wanted").collect();
        assert_eq!((wanted.len(), wanted[0].recipient.as_str()), (1, "colleague@test.example"));
        assert!(wanted[0].text.contains("“wrong”") && !wanted[0].text.contains(second), "{}", wanted[0].text);
        assert_eq!(enter(&colleague, VALUE).problem(), (409, "requested_already".into()));
        assert_eq!(answer(&manager, "confirm", json!({})).problem(), (409, "approved_already".into()));
        assert_eq!(colleague.post(&format!("{PATH}/draws/1/value/confirm"), json!({})).problem(), (428, "version_needed".into()));
        answer(&colleague, "refuse", json!({ "reason": "The page says otherwise." })).expect(200);
        assert_eq!(record(&manager, 1)["support"]["refused"]["reason"], "The page says otherwise.");
        enter(&manager, "wrong").expect(202);
        let stale = record(&colleague, 1)["support"]["tag"].clone();
        manager.delete(&format!("{PATH}/draws/1/value")).expect(204);
        enter(&manager, "8A1F44.").expect(202);
        assert_eq!(record(&manager, 1)["entered"]["value"], VALUE, "a value has one writing");
        let confirm = format!("{PATH}/draws/1/value/confirm");
        assert_eq!(post_seen(&colleague, &confirm, &stale, json!({})).problem(), (412, "changed_since".into()));
        let made = answer(&colleague, "confirm", json!({})).expect(200).json();
        let (chosen, left) = by_hand(&[second, third]);
        let outcome_of = &made["outcome"];
        assert_eq!((&outcome_of["chosen"], &outcome_of["order"]), (&json!([chosen]), &json!([chosen, left])));
        assert_eq!((&outcome_of["entered_by"], &outcome_of["confirmed_by"]), (&json!("Manager Person"), &json!("Colleague Person")));
        assert_eq!(enter(&manager, VALUE).problem(), (409, "drawn_already".into()));
        assert_eq!(withdraw().problem(), (409, "drawn_already".into()), "nobody draws until they like it");
        assert_eq!(commit(app, Who::Manager, new_draw()).problem(), (409, "draw_stands".into()));

        for bid in &bids {
            bring_to(app, bid, ("shortlisted", BidKind::Review), 8_000_000);
        }
        let mut browser = app.browser(Who::Manager);
        browser.open(&format!("/rounds/{ROUND}/decisions")).sees("Fund Drawn by lot in draw 1.").sees("Not drawn by lot in draw 1.");
        browser.open(&format!("/rounds/{ROUND}/ranking")).sees("Drawn by lot in draw 1.");
        browser.open(&format!("/rounds/{ROUND}/ranking/{left}")).sees("Not drawn by lot in draw 1.");
        browser.open(&format!("/bids/{chosen}/decision")).sees("Drawn by lot in draw 1.");
        browser.open(&format!("/rounds/{ROUND}/list")).sees(&format!("Drawn by lot: {chosen}. Not drawn"));
        let place = |bid: &str| if bid == second { 2 } else { 3 };
        let against = decide(&manager, left, "award", award(8_000_000, place(left)));
        assert!(against.text().contains("Draw 1 says otherwise"), "{}", against.text());
        decide(&manager, first, "award", award(8_000_000, 1)).expect(201);
        let lucky = decide(&manager, chosen, "award", award(8_000_000, place(chosen))).expect(201).json();
        for (bid, number) in [(left, place(left)), (fourth, 4)] {
            let mut declined = outcome("not_fund");
            declined["place"] = json!(number);
            let declined = decide(&manager, bid, "award", declined).expect(201).json();
            let by_lot = bid == left && left == second;
            assert_eq!(declined["reason"], if by_lot { json!("Not drawn by lot in draw 1.") } else { Value::Null });
        }
        let out_of_order = if chosen == third { json!("Drawn by lot in draw 1.") } else { Value::Null };
        assert_eq!(lucky["reason"], out_of_order, "the lot is the reason where the ranking says otherwise");
        release(app, "announcement").expect(200);
        assert_eq!(seen_outside(app), before, "nothing outside tells that it was drawn, or who was");

        app.at(ANNOUNCED);
        let result = app.public().get(TOLD).expect(200).json()["draws"][0]["result"].clone();
        assert_eq!((&result["list"], &result["salt"], &result["value"]), (&json!(list), &committed["salt"], &json!(VALUE)));
        assert_eq!(result["chosen"], json!([chosen]));
        let file = app.public().get(FILE).expect(200);
        assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"test-round-draw-1.json\""));
        let output = verified(&file.text());
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains(&format!("verified: the seed draws {chosen}")), "{said}");
        assert!(said.contains(committed["commitment"].as_str().unwrap()), "{said}");
        for (what, instead) in [(VALUE, "8a1f45"), (committed["salt"].as_str().unwrap(), "00"), ("0.5\\n", "0.4\\n"), ("14,220,000", "14,220,001")] {
            let changed = file.text().replacen(what, instead, 1);
            let output = verified(&changed);
            // Another value may draw the same bids in the same order: then it is the published value that tells.
            let same = what == VALUE && output.status.success();
            assert!(changed != file.text() && (same || !output.status.success()), "{what}");
        }
        let reordered = file.text().replacen(&format!("\"{chosen}\""), &format!("\"{left}\""), 1);
        assert!(!verified(&reordered).status.success(), "another bid in the place of the one that is drawn");
        let mut everybody = app.browser(Who::Nobody);
        everybody.open(&format!("/rounds/{ROUND}/awards")).follow("How places at the funding line were drawn by lot, and how to draw again");
        everybody.sees(&format!("Drawn {chosen}")).sees("roundtable draw verify test-round-draw-1.json").sees(VALUE);
        let kinds: Vec<String> = history(app).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["draw.committed", "draw.made"]);
        assert!(history(app).iter().all(|(_, detail)| !detail.to_string().contains(second)), "hashes alone");
    }

    fn two_managers_commit_and_draw_on_the_page_without_javascript(app: &TestApp) {
        ranked(app, rules(true));
        let page = format!("/rounds/{ROUND}/draw");
        let mut first = app.browser(Who::Manager);
        first.open(&format!("/rounds/{ROUND}/ranking")).follow("Places at the funding line drawn by lot");
        first.sees("So 1 place is drawn.").press("Commit to the draw").sees("Say which public value it is exactly").sees("Enter a real date");
        first.fill("Which public value is it exactly?", "Round 14,220,000");
        for (part, value) in [("Day", "1"), ("Month", "11"), ("Year", "2026")] {
            first.fill_in("On which day?", part, value);
        }
        first.fill("At what time?", "midday").press("Commit to the draw").sees("nobody may know the value");
        first.fill_in("On which day?", "Day", "18").fill("How many places?", "2").press("Commit to the draw").sees("Draw 1 place");
        first.fill("How many places?", "").press("Commit to the draw").sees("Draw 1 is committed to.");
        first.sees("The value can be entered from midday on 18 November 2026 on.");
        app.at(KNOWN);
        let (mut first, mut again) = (app.browser(Who::Manager), app.browser(Who::Manager));
        let mut second = app.browser_of(app.colleague());
        again.open(&page);
        first.open(&page).press("Enter the value").sees("Enter the value exactly as it was published.");
        first.fill("The value", VALUE).fill("Where everybody can look it up", "https://beacon.example/14220000");
        first.press("Enter the value").sees("Another manager has to confirm it").sees("Asked by email, and not answered yet: Colleague Person.");
        second.open(&page).press("Refuse the value").sees("Say why you refuse");
        second.press("Confirm the value and draw").sees("the draw is made").sees("entered by Manager Person and confirmed by Colleague Person");
        again.fill("Why is it withdrawn?", "I do not like it.").press("Withdraw the commitment").sees("Draw 1 is made, and it stands.");
    }
}
