//! Which bids assessors would like to read: who can say so and of what, how plans go by it, and the wall.

use roundtable::{
    events::Chain,
    ids::{Id, RoundKey},
};
use serde_json::{Value, json};

use super::{
    find_eligible, full_application,
    plans::{PLANS, READERS, apply, computed_anew, conflict, make, plan, ready, who},
    pool::{PEOPLED, invite, say},
};
use crate::{
    account::happened,
    awards::lists::assessing,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

const PREFERENCES: &str = "/api/v1/rounds/terms-round/preferences";

/// Somebody says of these bids whether they would like to read them.
fn prefer(client: &Client, said: &[(&str, &str)]) -> Answer {
    let said: Vec<Value> = said.iter().map(|(bid, what)| json!({ "bid": bid, "preference": what })).collect();
    client.send("PATCH", PREFERENCES, &[], Some(&json!({ "preferences": said })))
}

/// What happened to preferences in the round, oldest first.
fn told(app: &TestApp) -> Vec<Value> {
    let round = app.public().get(&format!("/api/v1/rounds/{PEOPLED}")).expect(200).json();
    let round: Id<RoundKey> = round["id"].as_str().unwrap().parse().unwrap();
    let all = happened(app, Chain::Round(round)).into_iter();
    all.filter(|(kind, _)| kind == "preferences.said").map(|(_, detail)| detail).collect()
}

fn listed(client: &Client) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let found = client.get(PREFERENCES).expect(200).json();
    let items = found["items"].as_array().unwrap().clone();
    items.iter().map(|bid| (text(&bid["reference"]), text(&bid["preference"]))).collect()
}

on_each_database! {
    fn an_assessor_says_which_bids_they_would_like_to_read_and_plans_go_by_it(app: &TestApp) {
        let bids = ready(app);
        let assessor = app.client(Who::Assessor);
        let found = assessor.get(PREFERENCES).expect(200).json();
        let organisations = json!([{ "code": "AMB", "name": "Ambridge Borough Council" }]);
        let line = json!({ "reference": bids[0], "title": "Shared teams", "organisations": organisations, "preference": "neutral" });
        let items = found["items"].as_array().unwrap();
        assert_eq!(items.iter().find(|bid| bid["reference"] == bids[0]), Some(&line), "{found}");
        assert_eq!((items.len(), &found["open"], &found["next"]), (3, &json!(true), &Value::Null), "{found}");
        for who in Who::ALL {
            let client = app.client(who);
            let expected = if READERS.contains(&who) { [200, 200] } else { [404, 404] };
            let answers = [client.get(PREFERENCES), prefer(&client, &[(&bids[0], "neutral")])];
            assert_eq!(answers.map(|answer| answer.status), expected, "{who:?}: only whoever is in the pool");
        }
        assert!(told(app).is_empty(), "nobody has said anything yet: {:?}", told(app));
        let faults = prefer(&assessor, &[(&bids[0], "wanted"), ("TEST-9999", "wanted"), (&bids[0], "neutral")]);
        let fields: Vec<Value> = faults.json()["errors"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
        assert_eq!((faults.status, fields), (422, vec![json!("/preferences/1/bid"), json!("/preferences/2/bid")]));
        assert_eq!(prefer(&assessor, &[]).json()["errors"][0]["pointer"], "/preferences");

        // Of the bid about both, two know one half: without a wish they are worth the same.
        make(app, json!({})).expect(201);
        for _ in 0..2 {
            let said = prefer(&assessor, &[(&bids[2], "wanted"), (&bids[0], "neutral")]).expect(200).json();
            assert_eq!(said, json!({ "wanted": 1, "rather_not": 0 }));
        }
        assert_eq!(told(app).len(), 1, "saying the same again changes nothing");
        let refused = apply(app, 1);
        assert_eq!(refused.problem(), (409, "inputs_changed".into()));
        assert!(refused.text().contains("Assessor Person has changed what they would like to read."), "{}", refused.text());
        assert!(!refused.text().contains(&bids[2]), "of which bid is theirs to know");
        make(app, json!({})).expect(201);
        let wanted = plan(app, Who::Moderator, 2);
        assert_eq!(who(&wanted, &bids[2], "added"), ["Assessor Person", "Nobody Person"]);
        assert_eq!(wanted["preferences"], json!({ "said_wanted": 1, "said_rather_not": 0, "wanted": 1, "rather_not": 0 }));
        // Five readings at 715, and one at 577: three quarters of 437, and a quarter of 1000.
        assert_eq!((&wanted["figures"]["value"], &computed_anew(app, 2)["value"]), (&json!(4_152), &json!(4_152)));
        let matrix = app.client(Who::Manager).get(&format!("{PLANS}/2/matrix.csv")).expect(200).text();
        assert!(matrix.lines().any(|row| row.split(',').any(|worth| worth == "577")), "{matrix}");

        let mut page = app.browser(Who::Assessor);
        page.open("/assess").follow("Say which bids you would like to read in Round with terms");
        page.sees("You would like to read 1 bid, and would rather not read 0.").sees("Ambridge Borough Council");
        page.choose_in(&format!("{}: Both", bids[2]), "I would rather not").press("Save");
        page.sees("Saved.").sees("You would like to read 0 bids, and would rather not read 1.");
        make(app, json!({})).expect(201);
        assert_eq!(who(&plan(app, Who::Manager, 3), &bids[2], "added"), ["Nobody Person", "SecondAssessor Person"]);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{PEOPLED}/plans")).sees("1 of 3 assessors has said which bids").follow("Plan 3");
        manager.sees("Of 1 reading that they would rather not have, it has 0.");
        assert_eq!(listed(&app.client(Who::SecondAssessor)).iter().filter(|(_, said)| said != "neutral").count(), 0);
        let history = json!(told(app)).to_string();
        assert!(history.contains("rather_not") && !history.contains("Person") && !history.contains("Both"), "{history}");
    }

    fn a_conflict_is_stronger_than_any_wish_and_what_was_said_stays_once_every_bid_has_its_readers(app: &TestApp) {
        let bids = ready(app);
        let assessor = app.client(Who::Assessor);
        let said = bids.each_ref().map(|bid| (bid.as_str(), "wanted"));
        prefer(&assessor, &said).expect(200);
        conflict(app, &bids[0], Who::Assessor);
        let own = json!({ "bid": bids[1], "reason": "I wrote a part of it." });
        assessor.post("/api/v1/conflicts", own).expect(200);
        let found = assessor.get(PREFERENCES).expect(200);
        assert_eq!(listed(&assessor), [(bids[2].clone(), "wanted".to_owned())]);
        let withheld = found.json()["withheld"].as_array().unwrap().clone();
        assert_eq!(withheld.iter().map(|line| &line["bid"]).collect::<Vec<_>>(), [&json!(bids[1])], "what they said themself");
        assert!(!found.text().contains(&bids[0]), "{}", found.text());
        assert_eq!((&found.json()["wanted"], prefer(&assessor, &[(&bids[0], "neutral")]).status), (&json!(1), 422));
        make(app, json!({})).expect(201);
        let made = plan(app, Who::Manager, 1);
        assert_eq!(made["preferences"], json!({ "said_wanted": 1, "said_rather_not": 0, "wanted": 1, "rather_not": 0 }));
        for bid in &bids[..2] {
            assert_eq!(who(&made, bid, "added"), ["Nobody Person", "SecondAssessor Person"], "{bid}");
        }
        let matrix = app.client(Who::Moderator).get(&format!("{PLANS}/1/matrix.csv")).expect(200).text();
        assert_eq!(matrix.split(['\n', ',']).filter(|worth| *worth == "-1").count(), 2, "{matrix}");
        assert_eq!(computed_anew(app, 1)["value"], made["figures"]["value"]);

        let mut late = app.browser(Who::Assessor);
        late.open(&format!("/rounds/{PEOPLED}/preferences")).sees("Withheld: you declared it").sees(&bids[1]);
        apply(app, 1).expect(200);
        assert_eq!(prefer(&assessor, &[(&bids[2], "neutral")]).problem(), (409, "assigned_already".into()));
        late.choose("I would rather not").press("Save").sees("Every bid has its readers by now");
        late.sees("this can no longer be changed").sees("I would like to read it");
        assert_eq!(assessor.get(PREFERENCES).expect(200).json()["open"], false);
    }

    fn who_reads_without_names_is_shown_no_bid_to_prefer_and_who_has_not_accepted_nothing_at_all(app: &TestApp) {
        assessing(app, json!({ "anonymous": true }));
        let path = format!("/api/v1/rounds/{ROUND}/preferences");
        let assessor = app.client(Who::Assessor);
        invite(app, &[&Who::Assessor.email()]).expect(200);
        assert_eq!(assessor.get(&path).status, 404, "invited, and has not answered");
        let answer = json!({ "least": 1, "most": 4, "from": "2026-11-16", "until": "2026-12-04", "away": [] });
        say(&assessor, ROUND, answer).expect(200);
        let bid = full_application(app, "Shared repairs");
        find_eligible(app, &bid);
        let assessor = app.client(Who::Assessor);
        let found = assessor.get(&path).expect(200);
        let seen = found.json();
        assert_eq!((&seen["items"], &seen["without_names"], &seen["open"]), (&json!([]), &json!(true), &json!(false)));
        assert!(!found.text().contains(&bid) && !found.text().contains("Ambridge"), "{}", found.text());
        let body = json!({ "preferences": [{ "bid": bid, "preference": "wanted" }] });
        assert_eq!(assessor.send("PATCH", &path, &[], Some(&body)).problem(), (409, "without_names".into()));
        let mut page = app.browser(Who::Assessor);
        page.open(&format!("/rounds/{ROUND}/preferences")).sees("None is listed for you before it is given to you");
        assert!(!page.has(&bid));
    }
}
