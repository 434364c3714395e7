//! One act on many bids: each is answered by itself, nothing is done twice, and what was cut off is finished.

use roundtable::{
    events::Chain,
    identity::policy::BidKind,
    ids::{BidKey, Id},
};
use serde_json::{Value, json};

use super::{
    holds::{CLOSED, applying, hold},
    requests::takes,
};
use crate::{
    account::happened,
    awards::{
        ANNOUNCED, DECIDING, approve, award, bring_to, decide, letters, outcome, release, shortlisted, submitted,
    },
    bids::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const ASK: i64 = 8_000_000;

fn path() -> String {
    format!("/api/v1/rounds/{ROUND}/bulk")
}

fn holding(bids: &[&String]) -> Value {
    json!({ "action": "hold", "bids": bids, "reason": "The auditor asks." })
}

fn keyed(client: &Client, key: &str, body: &Value) -> Answer {
    client.send("POST", &path(), &[("Idempotency-Key", key)], Some(body))
}

/// What became of each bid: the result, and the code if it was refused.
fn results(answer: &Value) -> Vec<(&str, Option<&str>)> {
    let items = answer.as_array().unwrap().iter();
    items.map(|item| (item["result"].as_str().unwrap(), item["code"].as_str())).collect()
}

fn events(app: &TestApp, reference: &str) -> Vec<(String, Value)> {
    let bid = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let id: Id<BidKey> = bid["id"].as_str().unwrap().parse().unwrap();
    happened(app, Chain::Bid(id))
}

/// Two bids that are funded, and one that is not.
fn announced(app: &TestApp) -> [String; 3] {
    let bids = ["First", "Second", "Third"].map(|title| shortlisted(app, title, ASK));
    app.at(DECIDING);
    let manager = app.client(Who::Manager);
    decide(&manager, &bids[0], "award", award(ASK, 1)).expect(201);
    decide(&manager, &bids[1], "award", award(ASK, 2)).expect(201);
    decide(&manager, &bids[2], "award", outcome("not_fund")).expect(201);
    release(app, "announcement").expect(200);
    app.at(ANNOUNCED);
    bids
}

on_each_database! {
    fn each_bid_is_answered_by_itself_and_a_look_beforehand_says_the_same_and_does_nothing(app: &TestApp) {
        let ([plain, held, gone], (_, draft)) = (["Plain", "Held", "Gone"].map(|title| submitted(app, title)), written(app, "Draft"));
        let manager = app.client(Who::Manager);
        hold(&manager, &held).expect(201);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{gone}/actions/withdraw"), json!({})).expect(200);
        let unknown = "TEST-9999".to_owned();
        let mut body = holding(&[&held, &gone, &draft, &unknown, &plain]);
        body["dry_run"] = json!(true);
        let foreseen = manager.post(&path(), body.clone()).expect(200).json();
        let expected = [
            ("refused", Some("on_hold_already")),
            ("refused", Some("not_allowed")),
            ("not_found", Some("not_found")),
            ("not_found", Some("not_found")),
            ("done", None),
        ];
        assert_eq!(results(&foreseen), expected);
        assert_eq!((&foreseen[4]["messages"], &foreseen[4]["title"]), (&json!(4), &json!("Plain")));
        assert_eq!(foreseen[2]["title"], Value::Null, "nobody of the fund knows of a draft");
        assert_eq!(letters(app, "on-hold").len(), 4, "nothing is done yet");
        body["dry_run"] = json!(false);
        assert_eq!(manager.post(&path(), body).expect(200).json(), foreseen);
        assert_eq!(letters(app, "on-hold").len(), 8);
        let lifted = manager.post(&path(), json!({ "action": "lift", "bids": [plain, gone, held] })).expect(200).json();
        assert_eq!(results(&lifted), [("done", None), ("refused", Some("not_allowed")), ("done", None)]);
        let again = manager.post(&path(), json!({ "action": "lift", "bids": [plain] })).expect(200).json();
        assert_eq!(results(&again), [("refused", Some("not_on_hold"))]);
    }

    fn the_same_key_answers_the_same_and_changes_nothing(app: &TestApp) {
        let [one, other] = ["One", "Other"].map(|title| submitted(app, title));
        let manager = app.client(Who::Manager);
        let body = holding(&[&one, &other]);
        let first = keyed(&manager, "k-1", &body).expect(200).json();
        assert_eq!(keyed(&manager, "k-1", &body).expect(200).json(), first);
        assert_eq!(letters(app, "on-hold").len(), 8);
        let refused = keyed(&manager, "k-2", &body).expect(200).json();
        assert_eq!(results(&refused), [("refused", Some("on_hold_already")); 2]);
        manager.post(&path(), json!({ "action": "lift", "bids": [one, other] })).expect(200);
        assert_eq!(keyed(&manager, "k-2", &body).expect(200).json(), refused, "a refusal is an answer too");
        assert_eq!(keyed(&manager, "k-1", &body).expect(200).json(), first, "and it is not done anew");
        let reused = keyed(&manager, "k-1", &holding(&[&one]));
        assert_eq!((reused.status, &reused.json()["errors"][0]["code"]), (422, &json!("key_reused")));
        assert_eq!(letters(app, "on-hold").len(), 8);
    }

    fn what_was_cut_off_in_the_middle_is_finished_by_sending_it_again(app: &TestApp) {
        let [one, broken, last] = ["One", "Broken", "Last"].map(|title| submitted(app, title));
        bring_to(app, &broken, ("nowhere", BidKind::Review), ASK);
        let manager = app.client(Who::Manager);
        let body = holding(&[&one, &broken, &last]);
        assert_eq!(keyed(&manager, "k-1", &body).status, 500);
        assert_eq!(letters(app, "on-hold").len(), 4, "the first bid is done, the last is not");
        mend(app, &broken);
        let done = keyed(&manager, "k-1", &body).expect(200).json();
        assert_eq!(results(&done), [("done", None); 3]);
        assert_eq!(letters(app, "on-hold").len(), 12, "each once");
    }

    fn an_action_of_the_workflow_is_taken_with_or_without_its_messages_and_history_tells_which(app: &TestApp) {
        let [first, second, third] = announced(app);
        let manager = app.client(Who::Manager);
        let body = json!({ "action": "start_delivery", "bids": [first, third], "mail": false });
        let done = manager.post(&path(), body).expect(200).json();
        assert_eq!(results(&done), [("done", None), ("refused", Some("not_from_here"))]);
        assert!(letters(app, "project-started").is_empty());
        let (kind, detail) = events(app, &first).pop().unwrap();
        assert_eq!((kind.as_str(), &detail["mail"]), ("bid.moved", &json!(false)));
        app.browser(Who::Officer).open(&format!("/bids/{first}/history")).sees("Its councils got no email about this");
        let told = manager.post(&path(), json!({ "action": "start_delivery", "bids": [second] })).expect(200).json();
        assert_eq!((told[0]["messages"].as_u64(), letters(app, "project-started").len()), (Some(4), 4));
        assert_eq!(events(app, &second).pop().unwrap().1["mail"], Value::Null);
        let decision = manager.post(&path(), json!({ "action": "fund_reserve", "bids": [third] })).expect(200).json();
        assert_eq!(results(&decision), [("refused", Some("not_from_here"))]);
    }

    fn a_lift_says_beforehand_what_it_sets_off_and_the_messages_of_that_go_all_the_same(app: &TestApp) {
        let reference = applying(app);
        hold(&app.client(Who::Manager), &reference).expect(201);
        app.at(CLOSED);
        let manager = app.client(Who::Manager);
        let mut body = json!({ "action": "lift", "bids": [reference], "mail": false, "dry_run": true });
        let before = manager.post(&path(), body.clone()).expect(200).json();
        assert_eq!(before[0]["sets_off"], json!(["It lapses: “Full applications close” is over for it."]));
        body["dry_run"] = json!(false);
        let done = manager.post(&path(), body).expect(200).json();
        assert_eq!(done[0]["messages"], before[0]["messages"]);
        assert_eq!(json!(letters(app, "lapsed").len()), done[0]["messages"]);
        assert!(letters(app, "hold-lifted").is_empty());
    }

    fn what_needs_two_people_waits_for_the_second_and_keeps_its_messages_left_out(app: &TestApp) {
        let [first, ..] = announced(app);
        takes(app, "start_delivery", json!({ "count": 2, "roles": ["fund_manager"] }));
        let (manager, colleague) = (app.client(Who::Manager), app.colleague());
        let body = json!({ "action": "start_delivery", "bids": [first], "mail": false });
        let waiting = manager.post(&path(), body).expect(200).json();
        assert_eq!((results(&waiting), &waiting[0]["messages"]), (vec![("waiting", None)], &json!(0)));
        let wanted = letters(app, "approval-wanted").pop().unwrap();
        assert!(wanted["what"].as_str().unwrap().ends_with(", and no email is sent"), "{wanted}");
        app.browser_of(colleague).open(&format!("/bids/{first}")).sees("The bid’s councils get no email about it.");
        approve(&app.client_of(colleague), &first).expect(200);
        assert!(letters(app, "project-started").is_empty());
        assert_eq!(events(app, &first).pop().unwrap().1["mail"], false);
    }

    fn what_cannot_be_read_is_refused_whole_with_every_fault(app: &TestApp) {
        let bid = submitted(app, "Repairs");
        let manager = app.client(Who::Manager);
        let faults = |body: Value| {
            let refused = manager.post(&path(), body).expect(422).json();
            let all = refused["errors"].as_array().unwrap().iter();
            all.map(|fault| (fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())).collect::<Vec<_>>()
        };
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            faults(json!({ "action": "fly", "bids": [], "reason": "x" })),
            [fault("/action", "unknown_action"), fault("/bids", "missing"), fault("/reason", "not_wanted")]
        );
        let many: Vec<String> = (0..501).map(|number| format!("TEST-{number:04}")).collect();
        assert_eq!(faults(json!({ "action": "lift", "bids": many })), [fault("/bids", "too_many")]);
        assert_eq!(
            faults(json!({ "action": "hold", "bids": [bid, bid], "reason": " " })),
            [fault("/bids/1", "twice"), fault("/reason", "missing")]
        );
        assert_eq!(faults(json!({ "action": "lift", "bids": [bid], "reason": "x".repeat(2_001) })), [fault("/reason", "too_long")]);
        assert_eq!(manager.post(&path(), json!({ "action": "hold", "bids": [bid], "force": true })).status, 422);
        assert!(letters(app, "on-hold").is_empty());
    }

    fn only_managers_act_on_many_bids_and_on_none_with_which_they_have_a_conflict(app: &TestApp) {
        let bid = submitted(app, "Repairs");
        for (who, status) in [(Who::Observer, 403), (Who::Officer, 404), (Who::Nobody, 404)] {
            app.client(who).post(&path(), holding(&[&bid])).expect(status);
        }
        let members = format!("/api/v1/organisations/{}/members", app.organisation("AMB"));
        let member = json!({ "email": Who::Manager.email(), "name": "x", "role": "member" });
        app.client(Who::Administrator).post(&members, member).expect(201);
        for (action, reason) in [("hold", "The auditor asks."), ("withdraw", ""), ("lift", "")] {
            let body = json!({ "action": action, "bids": [bid], "reason": reason });
            let hidden = app.client(Who::Manager).post(&path(), body).expect(200).json();
            assert_eq!(results(&hidden), [("not_found", Some("not_found"))], "{action}");
        }
        assert!(letters(app, "on-hold").is_empty());
        let desk = app.client(Who::Manager).get(&format!("/rounds/{ROUND}/bulk?bid={bid}")).expect(200).text();
        assert!(!desk.contains("Repairs"), "whoever works for one of its councils does not see it as the fund does: {desk}");
    }

    fn a_manager_chooses_bids_in_the_list_sees_what_would_happen_and_does_it(app: &TestApp) {
        let [one, other, third] = ["One", "Other", "Third"].map(|title| submitted(app, title));
        hold(&app.client(Who::Manager), &other).expect(201);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/bids")).sees("On hold");
        manager.press("Do something with the chosen bids").sees("You have chosen no bid.");
        manager.open(&format!("/rounds/{ROUND}/bids"));
        manager.choose(&format!("Choose One ({one})")).choose(&format!("Choose Other ({other})"));
        manager.press("Do something with the chosen bids").sees("Do something with 2 bids").press("Continue");
        manager.sees("Choose hold, lift, or an action of the round’s workflow.");
        manager.choose("Put on hold").press("Continue").sees("Say why the bid is on hold");
        manager.fill("Why?", "The auditor asks.").press("Continue");
        manager.sees("This can be done with 1 bid. It cannot be done with 1 bid. 4 emails would go to councils.");
        assert_eq!(letters(app, "on-hold").len(), 4, "nothing is done yet");
        manager.press("Put on hold").sees("This is done with 1 bid. It cannot be done with 1 bid. 4 emails went to councils.");
        assert_eq!(letters(app, "on-hold").len(), 8);
        assert!(!app.browser(Who::Observer).open(&format!("/rounds/{ROUND}/bids")).has("Choose"));
        app.client(Who::Manager).get(&format!("/bids/{third}/hold")).expect(200);
    }
}

/// The bid that was broken is what it was.
fn mend(app: &TestApp, reference: &str) {
    bring_to(app, reference, ("eoi_submitted", BidKind::Waiting), ASK);
}
