//! Flags and questions to the fund team: who is told, who reads what, and what follows on an answer.

use std::collections::BTreeSet;

use roundtable::events::Chain;
use serde_json::{Value, json};

use super::{give, given_bid, rankings::pin, round_id};
use crate::{
    account::happened,
    harness::{
        app::{Answer, Client, TestApp, Who},
        databases::on_each_database,
    },
};

const OF_ROUND: &str = "/api/v1/rounds/test-round/queries";

fn path(bid: &str) -> String {
    format!("/api/v1/bids/{bid}/queries")
}

/// Flags a bid or asks about it.
pub fn ask(client: &Client, bid: &str, kind: &str, words: &str) -> Answer {
    client.post(&path(bid), json!({ "kind": kind, "words": words }))
}

/// Answers, follows up or closes what stands at a version.
pub fn step(client: &Client, bid: &str, (number, version): (i32, i64), step: &str, body: &Value) -> Answer {
    let path = format!("{}/{number}/{step}", path(bid));
    client.send("POST", &path, &[("If-Match", &format!("\"v{version}\""))], Some(body))
}

fn seen(app: &TestApp, who: Who, bid: &str) -> Value {
    app.client(who).get(&path(bid)).expect(200).json()
}

/// Who was written to with this template.
fn told(app: &TestApp, template: &str) -> Vec<(String, String)> {
    let letters = app.letters().into_iter().filter(|letter| letter.template == template);
    let mut told: Vec<_> =
        letters.map(|letter| (letter.recipient, letter.data["occasion"].as_str().unwrap().to_owned())).collect();
    told.sort();
    told
}

fn mails(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(who, occasion)| (format!("{who}@test.example"), (*occasion).to_owned())).collect()
}

on_each_database! {
    fn an_assessor_flags_a_bid_and_the_fund_team_answers_them_alone_or_all_its_readers(app: &TestApp) {
        let bid = given_bid(app);
        give(app, &bid, Who::SecondAssessor).expect(200);
        let (assessor, manager) = (app.client(Who::Assessor), app.client(Who::Manager));
        let wrong = ask(&assessor, &bid, "figures", " ").expect(422).json();
        assert_eq!(wrong["errors"][0]["pointer"], "/words");
        for (who, status) in [(Who::Manager, 403), (Who::Officer, 403), (Who::Observer, 403), (Who::Stranger, 404), (Who::ConflictedAssessor, 404)] {
            assert_eq!(ask(&app.client(who), &bid, "figures", "Page 4.").status, status, "{who:?}");
        }
        ask(&assessor, &bid, "figures", "The costs on page 4 do not add up.").expect(201);
        ask(&assessor, &bid, "question", "Is the match funding agreed?").expect(201);
        assert_eq!(told(app, "query-asked"), mails(&[("manager", "flag"), ("manager", "question")]));
        let letters = app.letters();
        let letter = letters.iter().find(|letter| letter.template == "query-asked").unwrap();
        assert!(letter.text.contains(&bid) && !letter.text.contains("page 4"), "{}", letter.text);

        let round = manager.get(OF_ROUND).expect(200).json();
        assert_eq!((&round["open"], &round["queries"][0]["kind"], &round["queries"][0]["by"]), (&json!(2), &json!("figures"), &json!("Assessor Person")));
        let heard = [Who::Moderator, Who::Observer, Who::Assessor, Who::Officer].map(|who| app.client(who).get(OF_ROUND).status);
        assert_eq!(heard, [403, 403, 403, 404]);
        let early = step(&assessor, &bid, (1, 0), "follow-up", &json!({ "words": "And page 5?" }));
        assert_eq!(early.problem(), (409, "not_answered".into()));
        // Two managers answer at once: both answers are kept, the second once its writer has read the first.
        let colleague = app.client_of(app.colleague());
        let answer = |to: &str| json!({ "words": "We asked the council: a row was left out.", "to": to });
        let statuses = std::thread::scope(|scope| {
            let both = [&manager, &colleague].map(|client| scope.spawn(|| step(client, &bid, (1, 0), "answer", &answer("asker")).status));
            both.map(|one| one.join().unwrap())
        });
        assert_eq!(statuses.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from([200, 412]));
        assert_eq!(seen(app, Who::SecondAssessor, &bid), json!([]), "it is for the asker alone");
        let mine = seen(app, Who::Assessor, &bid);
        assert_eq!((&mine[0]["state"], &mine[0]["steps"][0]["words"], mine[0]["steps"][0].get("by")), (&json!("answered"), &answer("asker")["words"], None));
        assert_eq!(told(app, "query-answered"), mails(&[("assessor", "answered")]));

        step(&assessor, &bid, (1, 1), "follow-up", &json!({ "words": "And on page 5?" })).expect(200);
        assert_eq!(step(&app.client(Who::SecondAssessor), &bid, (1, 2), "follow-up", &json!({ "words": "Mine too." })).status, 404);
        step(&manager, &bid, (1, 2), "answer", &json!({ "words": "Page 5 is right.", "to": "readers" })).expect(200);
        let theirs = seen(app, Who::SecondAssessor, &bid);
        let steps: Vec<&Value> = theirs[0]["steps"].as_array().unwrap().iter().map(|step| &step["words"]).collect();
        assert_eq!((&theirs[0]["mine"], steps), (&json!(false), vec![&json!("And on page 5?"), &json!("Page 5 is right.")]));
        assert!(!theirs.to_string().contains("Assessor Person") && theirs.as_array().unwrap().len() == 1, "{theirs}");
        assert_eq!(told(app, "query-answered"), mails(&[("assessor", "answered"), ("assessor", "answered"), ("secondassessor", "shared")]));

        let done = json!({ "words": "The council has sent the missing row." });
        let closed = step(&manager, &bid, (1, 3), "close", &done).expect(200);
        assert_eq!((closed.json()["state"].clone(), closed.header("etag")), (json!("closed"), Some("\"v4\"")));
        assert_eq!(step(&manager, &bid, (1, 4), "answer", &answer("asker")).problem(), (409, "closed_already".into()));
        assert!(told(app, "query-answered").contains(&mails(&[("assessor", "closed")])[0]));
        let round = manager.get(OF_ROUND).expect(200).json();
        let order: Vec<(&Value, &Value)> = round["queries"].as_array().unwrap().iter().map(|line| (&line["number"], &line["state"])).collect();
        assert_eq!(order, [(&json!(2), &json!("open")), (&json!(1), &json!("closed"))], "what waits comes first");
        let events = happened(app, Chain::Round(round_id(app)));
        let kinds: Vec<&str> = events.iter().map(|(kind, _)| kind.as_str()).filter(|kind| kind.starts_with("query.")).collect();
        assert_eq!(kinds, ["query.asked", "query.asked", "query.answered", "query.followed_up", "query.answered", "query.closed"]);
        let said = ["page", "row", "figures"];
        let told = events.iter().filter(|(kind, _)| kind.starts_with("query."));
        assert!(told.clone().count() == 6 && told.clone().all(|(_, detail)| said.iter().all(|word| !detail.to_string().contains(word))), "no words stand in the history");
    }

    fn a_conflict_of_interest_hides_flags_and_questions_from_lists_counts_and_mails(app: &TestApp) {
        let bid = given_bid(app);
        give(app, &bid, Who::SecondAssessor).expect(200);
        let colleague = app.client_of(app.colleague());
        pin(app, Who::Manager, &bid);
        ask(&app.client(Who::Assessor), &bid, "conduct", "The same letter stands under two names.").expect(201);
        let heard: Vec<(String, String)> = told(app, "query-asked");
        assert!(heard.len() == 1 && heard[0].0 != Who::Manager.email(), "the colleague alone is told: {heard:?}");
        let manager = app.client(Who::Manager);
        assert_eq!(manager.get(OF_ROUND).expect(200).json(), json!({ "open": 0, "queries": [] }));
        assert_eq!(manager.get(&format!("{}/1", path(&bid))).status, 404);
        let answer = json!({ "words": "We look into it.", "to": "readers" });
        assert_eq!(step(&manager, &bid, (1, 0), "answer", &answer).status, 404);
        pin(app, Who::SecondAssessor, &bid);
        step(&colleague, &bid, (1, 0), "answer", &answer).expect(200);
        assert_eq!(told(app, "query-answered"), mails(&[("assessor", "answered")]), "who has a conflict hears nothing");
        assert_eq!(app.client(Who::SecondAssessor).get(&path(&bid)).status, 404);
    }

    fn flags_and_questions_are_written_and_answered_on_pages_and_nothing_that_is_written_is_lost(app: &TestApp) {
        let bid = given_bid(app);
        let mut assessor = app.browser(Who::Assessor);
        assessor.open(&format!("/bids/{bid}/score/fit")).follow("Flag this bid or ask the fund team");
        assessor.fill("In your words", "It was paid for before.").press("Send to the fund team");
        assert_eq!(assessor.errors()[0].1, "Choose what it is.");
        assert_eq!(assessor.value("In your words"), "It was paid for before.");
        assessor.choose("It may duplicate other work").press("Send to the fund team").sees("The fund team is told").sees("Waits");
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Flags and questions of Test round").sees("1 of 1 waits for an answer").sees("It was paid for before.");
        manager.follow(&format!("{bid}, flag or question 1"));
        let mut late = app.browser_of(app.colleague());
        late.open(&manager.path()).fill("Your answer", "It is new.").choose("All who read this bid");
        manager.press("Send the answer");
        let said: Vec<String> = manager.errors().into_iter().map(|(_, message)| message).collect();
        assert_eq!(said, ["Write the answer.", "Say who reads the answer."]);
        manager.fill("Your answer", "The other one was a discovery.").choose("This assessor alone").press("Send the answer").sees("The answer is sent.");
        late.press("Send the answer").sees("Somebody wrote something meanwhile.").sees("The other one was a discovery.");
        assert_eq!((late.status(), late.value("Your answer")), (422, "It is new.".into()));
        assessor.open(&format!("/bids/{bid}/queries")).sees("The other one was a discovery.").press("Follow up");
        assert_eq!(assessor.errors()[0].1, "Write what you want to know beyond the answer.");
        assessor.fill("What else do you want to know? (It may duplicate other work)", "And the alpha?").press("Follow up").sees("And the alpha?");
        manager.open(&format!("/bids/{bid}/queries/1")).press("Close it");
        assert_eq!(manager.errors()[0].1, "Say what was done. Whoever asked reads it.");
        manager.fill("What was done?", "The alpha is theirs.").press("Close it").sees("It is closed.");
        assert!(!manager.has("Send the answer"));
        manager.open(&format!("/bids/{bid}/assessors")).sees("It may duplicate other work");
        assessor.open(&format!("/bids/{bid}/queries")).sees("Closed by the fund team").sees("The alpha is theirs.");
        // A question is called otherwise by whoever asks it, by who answers it, and by others who read the answer.
        assessor.choose("I have a question").fill("In your words", "Is it new?").press("Send to the fund team").sees("Your question");
        manager.open(&format!("/bids/{bid}/queries/2")).sees("An assessor’s question");
        assert!(!manager.has("I have a question"), "{}", manager.text());
        manager.fill("Your answer", "It is.").choose("All who read this bid").press("Send the answer");
        give(app, &bid, Who::SecondAssessor).expect(200);
        app.browser(Who::SecondAssessor).open(&format!("/bids/{bid}/queries")).sees("Another reader’s question").sees("It is.");
    }
}
