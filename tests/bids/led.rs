//! A round that limits how many bids a council leads: exact whoever submits at once, and a choice for the council's administrator.

use std::thread;

use diesel::prelude::*;
use roundtable::{
    actor::Actor,
    db::schema::bids,
    funds::{self, model::RoundState, rulebook::Rulebook, service::NewRound},
    http::Call,
};
use serde_json::{Value, json};

use crate::harness::{
    app::{Answer, Client, TestApp, Who},
    databases::on_each_database,
    world::new_round,
};

/// The round in which a council can lead two bids.
pub const CAPPED: &str = "capped-round";

/// Publishes a second round of the fund, whose rules are these.
pub fn another_round(app: &TestApp, slug: &str, prefix: &str, change: impl FnOnce(&mut Rulebook)) {
    let mut round = NewRound { slug: slug.into(), prefix: prefix.into(), title: "Another round".into(), ..new_round() };
    change(&mut round.rulebook);
    let call = Call::by(Actor::System, app.clock.now());
    app.block_on(|app| async move {
        let made = funds::service::create_round(&app, &call, "test-fund".into(), round).await.unwrap();
        assert_eq!(made.round.state, RoundState::Draft);
        funds::service::publish(&app, &call, made.round.slug, made.round.version).await.unwrap();
    });
}

pub fn capped(app: &TestApp) {
    another_round(app, CAPPED, "CAP", |rules| rules.most_led = Some(2));
}

/// A bid of a council with every answer of its expression of interest.
pub fn written(app: &TestApp, who: Who, council: &str, title: &str) -> String {
    let client = app.client(who);
    let start = json!({ "round": CAPPED, "lead": app.organisation(council), "title": title });
    let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
    client.patch(&format!("/api/v1/bids/{reference}"), 1, json!({ "phase": "discovery" })).expect(200);
    for question in ["problem", "assets"] {
        let body = json!({ "value": "Words of our own.", "complete": true });
        client.put(&format!("/api/v1/bids/{reference}/answers/{question}"), 0, body).expect(200);
    }
    reference
}

fn act(client: &Client, reference: &str, action: &str) -> Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), json!({}))
}

/// Submits it; whoever is told that too much goes on at once tries again.
fn submit_at_last(client: &Client, reference: &str) -> u16 {
    loop {
        match act(client, reference, "submit_eoi").status {
            503 => thread::yield_now(),
            status => return status,
        }
    }
}

fn refusal(answer: &Answer) -> String {
    assert_eq!(answer.problem(), (409, "not_yet".into()), "{}", answer.text());
    answer.json()["detail"].as_str().unwrap().to_owned()
}

fn rest(app: &TestApp) -> String {
    format!("/api/v1/organisations/{}/rounds/{CAPPED}/led-bids", app.organisation("AMB"))
}

pub fn page(app: &TestApp) -> String {
    format!("/organisations/{}/rounds/{CAPPED}/bids", app.organisation("AMB"))
}

/// The administrator chooses these, as they stand now.
fn choose(app: &TestApp, chosen: &[&String]) -> Answer {
    let administrator = app.client(Who::Administrator);
    let tag = administrator.get(&rest(app)).expect(200).header("etag").unwrap().to_owned();
    administrator.send("PUT", &rest(app), &[("If-Match", &tag)], Some(&json!({ "bids": chosen })))
}

fn submitted(app: &TestApp, council: &str) -> i64 {
    let lead = app.organisation(council);
    let count = move |conn: &mut roundtable::db::Conn| {
        let of_lead = bids::table.filter(bids::lead_id.eq(lead)).filter(bids::submitted_at.is_not_null());
        Ok(of_lead.count().get_result(conn)?)
    };
    app.block_on(|app| async move { app.db.read(count).await.unwrap() })
}

on_each_database! {
    fn a_hundred_submissions_at_once_leave_exactly_as_many_as_each_council_may_lead(app: &TestApp) {
        capped(app);
        let (ours, theirs) = (app.client(Who::Officer), app.client(Who::Partner));
        let mut drafts: Vec<(Client, String)> =
            (0..100).map(|n| (ours.clone(), written(app, Who::Officer, "AMB", &format!("Idea {n}")))).collect();
        for n in 0..10 {
            drafts.insert(n * 9, (theirs.clone(), written(app, Who::Partner, "BOR", &format!("Plan {n}"))));
        }
        let statuses: Vec<u16> = thread::scope(|scope| {
            let submit = |(client, reference)| scope.spawn(move || submit_at_last(client, reference));
            let running: Vec<_> = drafts.iter().map(|(client, reference)| submit((client, reference))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 4);
        assert_eq!((submitted(app, "AMB"), submitted(app, "BOR")), (2, 2));
    }

    fn a_bid_holds_its_place_whatever_became_of_it_until_it_is_withdrawn(app: &TestApp) {
        capped(app);
        let officer = app.client(Who::Officer);
        let [first, second, third] = ["One", "Two", "Three"].map(|title| written(app, Who::Officer, "AMB", title));
        act(&officer, &first, "submit_eoi").expect(200);
        act(&officer, &second, "submit_eoi").expect(200);
        let over = first.clone();
        app.block_on(|app| async move {
            let end = app.db.write(move |conn| {
                let ended = (bids::state.eq("completed"), bids::kind.eq("closed"));
                diesel::update(bids::table.filter(bids::reference.eq(&over))).set(ended).execute(conn)?;
                Ok(())
            });
            end.await.unwrap();
        });
        let said = refusal(&act(&officer, &third, "submit_eoi"));
        assert!(said.contains("your council has submitted 2 bids as lead authority in this round"), "{said}");
        act(&officer, &second, "resubmit_eoi").expect(200);
        act(&officer, &second, "withdraw").expect(200);
        act(&officer, &third, "submit_eoi").expect(200);
    }

    fn a_council_that_writes_one_too_many_is_warned_once_and_whoever_starts_it_before(app: &TestApp) {
        capped(app);
        let start = format!("/rounds/{CAPPED}/start");
        let mut officer = app.browser(Who::Officer);
        assert!(!officer.open(&start).has("one more is too many"));
        written(app, Who::Officer, "AMB", "One");
        written(app, Who::Officer, "AMB", "Two");
        officer.open(&start).sees("It has submitted 0 and is writing 2, so one more is too many.");
        assert!(!officer.open("/dashboard").has("See which bids go forward"));
        let warned = || app.letters().into_iter().filter(|letter| letter.template == "too-many-led").collect::<Vec<_>>();
        assert!(warned().is_empty());
        officer.open(&start).fill("What is the working title?", "Three").press("Start");
        written(app, Who::Officer, "AMB", "Four");
        let letters = warned();
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert_eq!(letters[0].recipient, Who::Administrator.email());
        assert!(letters[0].text.contains("at most 2 bids as lead authority"), "{}", letters[0].text);
        assert!(letters[0].text.contains(&page(app)));
        officer.open("/dashboard").sees("is writing 4").follow("See which bids go forward in Another round");
        officer.sees("only 2 more bids can go in").sees("An administrator of your council can choose");
        assert_eq!(officer.buttons().iter().filter(|words| words.contains("choice")).count(), 0);
    }

    fn the_administrator_chooses_which_drafts_go_forward_while_there_are_too_many(app: &TestApp) {
        capped(app);
        let officer = app.client(Who::Officer);
        let [first, second, third] = ["One", "Two", "Three"].map(|title| written(app, Who::Officer, "AMB", title));
        let mut administrator = app.browser(Who::Administrator);
        administrator.open(&page(app)).choose("One").choose("Two").choose("Three").press("Save the choice");
        assert_eq!(administrator.errors()[0].1, "Choose at most 2 bids: that is what your council can still submit.");
        administrator.untick("One").press("Save the choice").sees("Your choice is saved.").sees("Does not go forward");
        let said = refusal(&act(&officer, &first, "submit_eoi"));
        assert!(said.contains("its administrator has put others forward") && said.contains(&page(app)), "{said}");
        app.browser(Who::Officer).open(&format!("/bids/{first}")).sees("has put others forward").follow("Bids that your council leads in this round");
        let told: Vec<_> = app.letters().into_iter().filter(|letter| letter.template == "put-forward").collect();
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|letter| letter.recipient == Who::Officer.email()));
        assert!(told[0].subject.contains("does not go forward"), "{}", told[0].subject);
        app.browser(Who::Officer).open(&format!("/bids/{first}/history")).sees("Other drafts of the lead authority were chosen to go forward");
        act(&officer, &second, "submit_eoi").expect(200);
        refusal(&act(&officer, &first, "submit_eoi"));
        // As soon as there are no more drafts than places, nobody has to choose.
        act(&officer, &third, "withdraw").expect(200);
        act(&officer, &first, "submit_eoi").expect(200);
    }

    fn nobody_but_its_administrator_chooses_for_a_council_and_only_among_what_they_have_read(app: &TestApp) {
        capped(app);
        let [first, second, third] = ["One", "Two", "Three"].map(|title| written(app, Who::Officer, "AMB", title));
        let administrator = app.client(Who::Administrator);
        let read = administrator.get(&rest(app)).expect(200);
        let tag = read.header("etag").unwrap().to_owned();
        let list = read.json();
        assert_eq!((&list["most_led"], &list["too_many"], &list["may_choose"]), (&json!(2), &json!(true), &json!(true)));
        let forward = |list: &Value| list["bids"].as_array().unwrap().iter().map(|bid| bid["put_forward"].clone()).collect::<Vec<_>>();
        let body = json!({ "bids": [first] });
        let put = |client: &Client| client.send("PUT", &rest(app), &[("If-Match", &tag)], Some(&body));
        assert_eq!(put(&app.client(Who::Officer)).problem(), (403, "not_allowed".into()));
        for who in [Who::Partner, Who::Stranger, Who::Manager, Who::Nobody] {
            assert_eq!(app.client(who).get(&rest(app)).status, 404, "{who:?}");
            assert_eq!(put(&app.client(who)).status, 404, "{who:?}");
        }
        assert_eq!(administrator.send("PUT", &rest(app), &[], Some(&body)).status, 428);
        written(app, Who::Officer, "AMB", "Four");
        assert_eq!(put(&administrator).status, 412);
        assert_eq!(choose(app, &[&first, &second, &third]).problem(), (422, "invalid".into()));
        assert_eq!(choose(app, &[&"CAP-9999".to_owned()]).problem(), (422, "invalid".into()));
        let chosen = choose(app, &[&first, &third]).expect(200).json();
        assert_eq!(forward(&chosen), [json!(true), json!(false), json!(true), json!(false)]);
        assert_eq!(forward(&choose(app, &[]).expect(200).json()), [json!(null), json!(null), json!(null), json!(null)]);
        act(&app.client(Who::Officer), &second, "submit_eoi").expect(200);
    }

    fn a_round_says_how_many_bids_an_authority_can_lead(app: &TestApp) {
        capped(app);
        app.browser(Who::Nobody).open(&format!("/rounds/{CAPPED}")).sees("One authority can lead at most 2 bids in this round.");
    }
}
