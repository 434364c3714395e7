//! Idempotency-Key: a request that is repeated gets the same answer and changes nothing.

use serde_json::{Value, json};

use crate::{
    bids::journey::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who},
        databases::on_each_database,
    },
};

fn keyed(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    client.send("POST", path, &[("Idempotency-Key", key)], Some(body))
}

fn bids_of(client: &Client) -> usize {
    client.get("/api/v1/bids").expect(200).json()["items"].as_array().unwrap().len()
}

on_each_database! {
    fn a_repeated_start_answers_the_same_and_starts_one_bid(app: &TestApp) {
        let client = app.client(Who::Officer);
        let body = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Once" });
        let first = keyed(&client, "/api/v1/bids", "k-1", &body).expect(201);
        for _ in 0..3 {
            let again = keyed(&client, "/api/v1/bids", "k-1", &body).expect(201);
            assert_eq!((again.json(), again.header("location")), (first.json(), first.header("location")));
        }
        assert_eq!(bids_of(&client), 1);
    }

    fn the_same_key_for_something_else_is_refused(app: &TestApp) {
        let client = app.client(Who::Officer);
        let mut body = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Once" });
        keyed(&client, "/api/v1/bids", "k-1", &body).expect(201);
        body["title"] = json!("Another");
        let refused = keyed(&client, "/api/v1/bids", "k-1", &body);
        assert_eq!(refused.problem(), (422, "invalid".into()));
        assert_eq!(refused.json()["errors"][0]["code"], "key_reused");
        assert_eq!(bids_of(&client), 1);
    }

    fn a_key_belongs_to_the_person_who_sent_it(app: &TestApp) {
        let body = |code: &str| json!({ "round": ROUND, "lead": app.organisation(code), "title": "Ours" });
        let ours = keyed(&app.client(Who::Officer), "/api/v1/bids", "k-1", &body("AMB")).expect(201);
        let theirs = keyed(&app.client(Who::Stranger), "/api/v1/bids", "k-1", &body("CAS")).expect(201);
        assert_ne!(ours.json(), theirs.json());
    }

    fn a_key_that_is_too_long_or_empty_or_not_to_be_seen_is_refused(app: &TestApp) {
        let client = app.client(Who::Officer);
        let body = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Ours" });
        for key in [String::new(), "x".repeat(129), "a\tb".into()] {
            let refused = keyed(&client, "/api/v1/bids", &key, &body);
            assert_eq!(refused.json()["errors"][0]["code"], "wrong_key", "{}", refused.text());
        }
        assert_eq!(bids_of(&client), 0);
    }

    fn a_refusal_is_not_kept_so_that_the_key_can_be_used_again(app: &TestApp) {
        let client = app.client(Who::Officer);
        let lead = app.organisation("AMB");
        let start = json!({ "round": ROUND, "lead": lead, "title": "Empty" });
        let reference = client.post("/api/v1/bids", start).expect(201).json()["reference"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/bids/{reference}/actions/submit_eoi");
        assert_eq!(keyed(&client, &path, "k-1", &json!({})).status, 409);
        assert_eq!(keyed(&client, &path, "k-1", &json!({})).status, 409);
    }

    fn a_repeated_submit_gives_the_first_receipt_and_keeps_one_version(app: &TestApp) {
        let (client, reference) = written(app, "Once");
        let path = format!("/api/v1/bids/{reference}/actions/submit_eoi");
        let first = keyed(&client, &path, "k-1", &json!({})).expect(200).json();
        app.clock.set(app.clock.now().plus(std::time::Duration::from_secs(60)));
        assert_eq!(keyed(&client, &path, "k-1", &json!({})).expect(200).json(), first);
        let versions = client.get(&format!("/api/v1/bids/{reference}/versions")).json();
        assert_eq!(versions.as_array().unwrap().len(), 1);
        let letters = app.client(Who::Officer).get(&format!("/api/v1/bids/{reference}/history")).json();
        assert_eq!(letters.as_array().unwrap().len(), 3);
    }

    fn requests_with_one_key_at_once_do_it_once(app: &TestApp) {
        let client = app.client(Who::Officer);
        let body = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Once" });
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let running: Vec<_> =
                (0..8).map(|_| scope.spawn(|| keyed(&client, "/api/v1/bids", "k-1", &body))).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for answer in &answers {
            assert_eq!((answer.status, answer.json()), (201, answers[0].json()), "{}", answer.text());
        }
        assert_eq!(bids_of(&client), 1);
    }
}
