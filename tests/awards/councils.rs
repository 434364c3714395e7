//! The bids of one council: all of them for its people, and what is published for everybody else.

use serde_json::{Value, json};

use super::{ANNOUNCED, DECIDING, JUST_BEFORE, SIFT, award, bring_to, decide, release, submitted};
use crate::{
    bids::written,
    harness::{
        app::{Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
    journey::with_borchester,
    partnerships::leads,
};
use roundtable::identity::policy::BidKind;

fn list(client: &Client, council: &str, query: &str) -> Vec<(String, String, Value)> {
    let rows = client.get(&format!("/api/v1/organisations/{council}/bids{query}")).expect(200).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["reference"]), text(&row["part"]), row["title"].clone()))
        .collect()
}

fn invitation(app: &TestApp, reference: &str) -> String {
    let path = format!("/api/v1/bids/{reference}/partners");
    let partners = app.client(Who::Officer).get(&path).expect(200).json();
    format!("{path}/{}", partners["partners"][0]["id"].as_str().unwrap())
}

on_each_database! {
    fn its_people_find_every_bid_that_it_leads_has_joined_has_left_or_declined(app: &TestApp) {
        let [led, joined, asked, declined, left, taken_out] =
            ["Led", "Joined", "Asked", "Declined", "Left", "Taken out"].map(|title| written(app, title).1);
        let (partner, officer) = (app.client(Who::Partner), app.client(Who::Officer));
        for (reference, confirms) in [(&joined, true), (&asked, false), (&declined, false), (&left, true), (&taken_out, true)] {
            with_borchester(app, reference, confirms);
        }
        let why = json!({ "reason": "We have no time." });
        partner.post(&format!("{}/decline", invitation(app, &declined)), why.clone()).expect(200);
        partner.post(&format!("{}/leave", invitation(app, &left)), why).expect(200);
        officer.delete_at(&invitation(app, &taken_out), 2).expect(200);
        let version = officer.get(&format!("/api/v1/bids/{left}")).expect(200).json()["version"].as_i64().unwrap();
        officer.patch(&format!("/api/v1/bids/{left}"), version, json!({ "title": "What they do now" })).expect(200);
        let none = Value::Null;
        let row = |reference: &String, part: &str, title: &Value| (reference.clone(), part.to_owned(), title.clone());
        assert_eq!(list(&partner, "BOR", ""), [
            row(&taken_out, "taken_out", &none),
            row(&left, "left", &none),
            row(&declined, "declined", &none),
            row(&asked, "invited", &json!("Asked")),
            row(&joined, "joined", &json!("Joined")),
        ]);
        assert_eq!(list(&officer, "AMB", "").len(), 6);
        assert_eq!(list(&officer, "AMB", "")[5], row(&led, "leads", &json!("Led")));
        assert_eq!(list(&partner, "BOR", "?role=left"), [row(&left, "left", &none)]);
        assert_eq!(list(&partner, "BOR", "?state=writing").len(), 2, "of what it has left it does not learn where that stands");
        assert_eq!(list(&partner, "BOR", "?round=another"), []);
        let first = partner.get("/api/v1/organisations/BOR/bids?limit=2").expect(200).json();
        let rest = list(&partner, "BOR", &format!("?cursor={}", first["next"].as_str().unwrap()));
        assert_eq!((first["items"].as_array().unwrap().len(), rest.len(), &rest[0].0), (2, 3, &declined));
        let mut browser = app.browser(Who::Partner);
        browser.open("/dashboard").follow("Bids of Borchester City Council").sees("Was taken out").sees("Has left");
        assert!(!browser.has("What they do now"));
        browser.select("Part of the council", "Has joined").press("Apply filters").sees("Joined");
        assert!(!browser.has(&declined));
        let csv = partner.get("/organisations/BOR/bids.csv?role=declined").expect(200).text();
        assert!(csv.contains(&format!("{declined},,Test round,,Declined,,,")), "{csv}");
        browser.open("/organisations/BOR/bids?role=leads").sees("Nothing fits.");
    }

    fn what_is_being_written_is_what_can_be_written_and_what_came_too_late_has_ended(app: &TestApp) {
        let late = written(app, "Too late").1;
        let reference = submitted(app, "Shared repairs");
        let found = |word: &str| -> Vec<String> {
            list(&app.client(Who::Officer), "AMB", &format!("?state={word}")).into_iter().map(|(reference, ..)| reference).collect()
        };
        assert_eq!((found("writing"), found("submitted")), (vec![late.clone()], vec![reference.clone()]));
        app.at(SIFT);
        app.work();
        assert_eq!((found("writing"), found("submitted"), found("ended")), (vec![], vec![reference.clone()], vec![late]));
        bring_to(app, &reference, ("invited", BidKind::Waiting), 8_000_000);
        assert_eq!((found("between"), found("submitted")), (vec![reference.clone()], vec![]));
        bring_to(app, &reference, ("full_draft", BidKind::Waiting), 8_000_000);
        assert_eq!((found("writing"), found("between")), (vec![reference], vec![]));
    }

    fn who_led_a_bid_and_left_it_finds_it_and_is_not_told_who_leads_it_now(app: &TestApp) {
        let reference = written(app, "Shared repairs").1;
        with_borchester(app, &reference, true);
        leads::propose(app, Who::Partner, &reference, &json!({ "leaves": true })).expect(201);
        leads::agree(app, Who::Officer, &leads::newest(app, Who::Officer, &reference)).expect(200);
        let row = |who: Who, council: &str| {
            let rows = app.client(who).get(&format!("/api/v1/organisations/{council}/bids")).expect(200).json();
            let row = rows["items"][0].clone();
            (row["reference"].clone(), row["part"].clone(), row["title"].clone(), row["lead"].clone())
        };
        assert_eq!(row(Who::Officer, "AMB"), (json!(reference), json!("left"), Value::Null, Value::Null));
        let theirs = (json!(reference), json!("leads"), json!("Shared repairs"), json!("Borchester City Council"));
        assert_eq!(row(Who::Partner, "BOR"), theirs);
        app.browser(Who::Officer).open("/organisations/AMB/bids").sees("Has left").sees("Not told");
    }

    fn nobody_else_finds_anything_before_it_is_published(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        with_borchester(app, &reference, true);
        app.client(Who::Officer).post(&format!("/api/v1/bids/{reference}/actions/resubmit_eoi"), json!({})).expect(200);
        let outside = [app.public(), app.client(Who::Stranger), app.client(Who::Manager), app.client(Who::Admin)];
        for client in &outside {
            assert_eq!((list(client, "AMB", ""), list(client, "BOR", "")), (vec![], vec![]));
        }
        app.at(SIFT);
        let expected = |part: &str| vec![(reference.clone(), part.to_owned(), json!("Shared repairs"))];
        for client in &outside {
            assert_eq!((list(client, "AMB", ""), list(client, "BOR", "")), (expected("leads"), expected("joined")));
        }
        let mut browser = app.browser(Who::Nobody);
        browser.open("/organisations/GB-LAE-AMB/bids").sees("as far as they are published").follow("Shared repairs").sees("Words of our own.");
        browser.follow("Ambridge Borough Council").sees("Bids of Ambridge Borough Council");
        app.public().get("/api/v1/organisations/nowhere/bids").expect(404);
        app.public().get("/organisations/nowhere/bids").expect(404);
        app.public().get("/api/v1/organisations/AMB/bids?role=owner").expect(422);
    }

    fn the_public_list_is_cut_into_pages_past_what_is_not_published(app: &TestApp) {
        let shown: Vec<String> = (0..4).map(|number| submitted(app, &format!("Shown {number}"))).collect();
        let drafts: Vec<String> = (0..12).map(|number| written(app, &format!("Draft {number}")).1).collect();
        let last = submitted(app, "Shown last");
        app.at(SIFT);
        let newest_first: Vec<&String> = [&last].into_iter().chain(shown.iter().rev()).collect();
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.public().get(&format!("/api/v1/organisations/AMB/bids?limit=2{cursor}")).expect(200).json();
            let items = page["items"].as_array().unwrap();
            found.extend(items.iter().map(|row| row["reference"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
            assert_eq!(items.len(), 2);
        }
        assert_eq!(found.iter().collect::<Vec<_>>(), newest_first);
        assert_eq!(list(&app.public(), "AMB", "?role=joined"), []);
        assert_eq!(list(&app.client(Who::Officer), "AMB", "").len(), 5 + drafts.len());
        let mut browser = app.browser(Who::Nobody);
        assert!(!browser.open("/organisations/AMB/bids?round=nowhere").has("Shown"));
        browser.open(&format!("/organisations/AMB/bids?round={ROUND}")).sees("Shown last");
        assert!(!browser.open("/organisations/CAS/bids").has("Test round"), "no round of which it has nothing published");
    }

    fn an_award_shows_to_everybody_with_its_announcement_and_to_nobody_before(app: &TestApp) {
        let reference = submitted(app, "Shared repairs");
        with_borchester(app, &reference, true);
        bring_to(app, &reference, ("shortlisted", BidKind::Review), 8_000_000);
        app.at(DECIDING);
        decide(&app.client(Who::Manager), &reference, "award", award(8_000_000, 1)).expect(201);
        release(app, "announcement").expect(200);
        let award = |client: &Client, council: &str| {
            let rows = client.get(&format!("/api/v1/organisations/{council}/bids")).expect(200).json();
            rows["items"][0]["awarded_pence"].clone()
        };
        let readers = || [app.public(), app.client(Who::Officer), app.client(Who::Partner)];
        app.at(JUST_BEFORE);
        assert!(readers().iter().all(|client| award(client, "AMB").is_null() && award(client, "BOR").is_null()));
        app.at(ANNOUNCED);
        assert!(readers().iter().all(|client| award(client, "AMB") == 8_000_000 && award(client, "BOR") == 8_000_000));
        app.browser(Who::Nobody).open(&format!("/rounds/{ROUND}/awards")).follow("Ambridge Borough Council").sees("£80,000").sees("Awarded");
        let pairs = app.public().get(&format!("/api/v1/open/rounds/{ROUND}/partnerships.json")).expect(200).json();
        assert_eq!(pairs["pairs"][0]["bids"], json!([reference]), "its partner joined after the expression of interest");
    }
}
