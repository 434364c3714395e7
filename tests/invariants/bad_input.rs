//! Bad input over REST: each gets its status, its stable code and the place of what is wrong, and nothing is lost.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    bids::journey::written,
    harness::{
        app::{Answer, Client, ROUND, TestApp, Who, moment},
        databases::on_each_database,
    },
};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const NOBODY: &str = "0197a000-0000-7000-8000-000000000000";

/// What the service says of a bid, and how much has happened to it.
fn state_of(client: &Client, reference: &str) -> (Value, usize) {
    let bid = client.get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let history = client.get(&format!("/api/v1/bids/{reference}/history")).expect(200).json();
    (bid, history.as_array().unwrap().len())
}

/// The pointer and the code of the first fault.
fn first_fault(answer: &Answer) -> (String, String) {
    let fault = &answer.json()["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&fault["pointer"]), text(&fault["code"]))
}

#[track_caller]
fn assert_invalid(answer: &Answer, pointer: &str, code: &str, what: &str) {
    assert_eq!(answer.problem(), (422, "invalid".into()), "{what}: {}", answer.text());
    assert_eq!(first_fault(answer), (pointer.into(), code.into()), "{what}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
    let message = answer.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.ends_with('.') || message.contains(':'), "{what}: {message}");
}

on_each_database! {
    fn bodies_that_cannot_be_read_name_the_place(app: &TestApp) {
        let client = app.client(Who::Officer);
        let start = |field: &str, value: Value| {
            let mut body = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Ours" });
            body[field] = value;
            body.to_string().into_bytes()
        };
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let cases: [(&str, Vec<u8>, &str, &str); 15] = [
            ("an unknown field", start("colour", json!("red")), "/colour", "wrong_json"),
            ("a wrong type", start("title", json!(7)), "/title", "wrong_json"),
            ("a wrong id", start("lead", json!("nonsense")), "/lead", "wrong_json"),
            ("an empty text", start("title", json!("  ")), "/title", "missing"),
            ("a text that is too long", start("title", json!("x".repeat(201))), "/title", "too_long"),
            ("NUL as an escape", start("title", json!("a\u{0}b")), "", "nul"),
            ("NUL as a byte", b"{\"title\":\"a\0b\"}".to_vec(), "", "nul"),
            ("a missing field", b"{\"round\":\"test-round\"}".to_vec(), "", "wrong_json"),
            ("half an object", b"{\"round\":".to_vec(), "/round", "wrong_json"),
            ("nothing", Vec::new(), "", "wrong_json"),
            ("two bodies", b"{} {}".to_vec(), "", "wrong_json"),
            ("a list", b"[]".to_vec(), "", "wrong_json"),
            ("a field twice", b"{\"title\":\"a\",\"title\":\"b\"}".to_vec(), "/title", "wrong_json"),
            ("what is no UTF-8", b"{\"title\":\"\xff\"}".to_vec(), "/title", "wrong_json"),
            ("deep nesting", deep.into_bytes(), "", "too_deep"),
        ];
        for (what, body, pointer, code) in cases {
            let answer = client.raw("POST", "/api/v1/bids", &[JSON], Some(body));
            assert_eq!(answer.status, 422, "{what}: {}", answer.text());
            let (found, found_code) = first_fault(&answer);
            assert_eq!(found_code, code, "{what}: {}", answer.text());
            assert!(found == pointer || (found.is_empty() && code == "wrong_json"), "{what}: {}", answer.text());
        }
        let in_order = json!([ROUND, app.organisation("AMB"), "Ours"]).to_string().into_bytes();
        let list = client.raw("POST", "/api/v1/bids", &[JSON], Some(in_order));
        assert_invalid(&list, "", "wrong_json", "the fields' values in a list");
        let form = client.raw("POST", "/api/v1/bids", &[("Content-Type", "text/plain")], Some(b"{}".to_vec()));
        assert_invalid(&form, "", "not_json", "another media type");
        assert_eq!(client.get("/api/v1/bids").json()["items"], json!([]), "nothing was started");
    }

    fn wrong_amounts_and_texts_of_a_bid_are_refused_and_nothing_is_lost(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let before = state_of(&client, &reference);
        let bid = format!("/api/v1/bids/{reference}");
        let version = before.0["version"].as_i64().unwrap();
        let line = |pence: Value| json!({ "costs": [{ "category": "lead", "organisation_id": app.organisation("AMB"), "description": "People", "pence": pence }] });
        let promise = |target: Value| json!({ "promises": [{ "measure": "Hours saved", "unit": "hours", "baseline": null, "target": target, "due_on": null }] });
        let too_large = json!(i128::from(i64::MAX) + 1);
        let words = json!({ "value": "word ".repeat(51) });
        let letters = json!({ "value": "x".repeat(100_000) });
        let cases = [
            ("PATCH", "", json!({ "ask_pence": -1 }), "/ask_pence", "out_of_range"),
            ("PATCH", "", json!({ "ask_pence": i64::MAX }), "/ask_pence", "out_of_range"),
            ("PATCH", "", json!({ "ask_pence": 1.5 }), "/ask_pence", "wrong_json"),
            ("PATCH", "", json!({ "ask_pence": "80000" }), "/ask_pence", "wrong_json"),
            ("PATCH", "", json!({ "phase": "zeta" }), "/phase", "unknown_phase"),
            ("PATCH", "", json!({ "state": "funded" }), "/state", "wrong_json"),
            ("PUT", "/costs", line(json!(-5)), "/costs/0/pence", "out_of_range"),
            ("PUT", "/costs", line(json!(0)), "/costs/0/pence", "out_of_range"),
            ("PUT", "/costs", line(json!(i64::MAX)), "/costs/0/pence", "out_of_range"),
            ("PUT", "/costs", line(too_large), "/costs/0/pence", "wrong_json"),
            ("PUT", "/promises", promise(json!("many")), "/promises/0/target", "wrong_json"),
            ("PUT", "/answers/problem", words, "/value", "too_long"),
            ("PUT", "/answers/problem", letters, "/value", "too_long"),
            ("PUT", "/answers/problem", json!({ "value": 7 }), "/value", "wrong_type"),
            ("PUT", "/answers/training", json!({ "value": ["knitting"] }), "/value", "unknown_choice"),
        ];
        for (method, part, body, pointer, code) in cases {
            let version = if part.starts_with("/answers") { 1 } else { version };
            let tag = format!("\"v{version}\"");
            let answer = client.send(method, &format!("{bid}{part}"), &[("If-Match", &tag)], Some(&body));
            assert_invalid(&answer, pointer, code, &format!("{method} {part} {body:.80}"));
        }
        assert_eq!(state_of(&client, &reference), before);
    }

    fn a_change_says_which_version_it_changes(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let before = state_of(&client, &reference);
        let bid = format!("/api/v1/bids/{reference}");
        let parts = [
            ("PATCH", "", json!({ "title": "Lost" })),
            ("PUT", "/answers/problem", json!({ "value": "Lost." })),
            ("PUT", "/costs", json!({ "costs": [] })),
            ("PUT", "/promises", json!({ "promises": [] })),
        ];
        for (method, part, body) in parts {
            let path = format!("{bid}{part}");
            let send = |tags: &[(&str, &str)]| client.send(method, &path, tags, Some(&body)).problem();
            assert_eq!(send(&[]), (428, "version_needed".into()), "{path}");
            for tag in ["\"v999\"", "\"v-1\"", "v1", "\"1\"", "*", "W/\"v1\"", "\"v99999999999\""] {
                assert_eq!(send(&[("If-Match", tag)]), (412, "stale_version".into()), "{path} {tag}");
            }
        }
        assert_eq!(state_of(&client, &reference), before);
    }

    fn ids_that_name_nothing_are_not_found(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let start = json!({ "round": ROUND, "lead": NOBODY, "title": "Ours" });
        assert_eq!(client.post("/api/v1/bids", start).problem(), (404, "not_found".into()));
        let start = json!({ "round": "no-such-round", "lead": app.organisation("AMB"), "title": "Ours" });
        assert_eq!(client.post("/api/v1/bids", start).problem(), (404, "not_found".into()));
        let answer = client.put(&format!("/api/v1/bids/{reference}/answers/colour"), 0, json!({ "value": "red" }));
        assert_eq!(answer.problem(), (404, "not_found".into()));
        for path in ["/api/v1/bids/TEST-9999", "/api/v1/bids/test-0001x", "/api/v1/rounds/none", "/api/v1/register/none",
            "/api/v1/projects/TEST-0001", "/api/v1/nothing"] {
            assert_eq!(client.get(path).problem(), (404, "not_found".into()), "{path}");
        }
        for (method, path) in [
            ("POST", "/api/v1/conflicts/none/lift".to_owned()),
            ("DELETE", format!("/api/v1/bids/{reference}/assessors/none")),
        ] {
            assert_eq!(client.send(method, &path, &[], None).problem(), (404, "not_found".into()), "{path}");
        }
        let action = client.post(&format!("/api/v1/bids/{reference}/actions/fly"), json!({}));
        assert!([404, 409].contains(&action.status), "{}", action.text());
    }

    fn lists_refuse_cursors_and_limits_that_are_none(app: &TestApp) {
        let client = app.client(Who::Manager);
        let lists = ["/api/v1/rounds", "/api/v1/bids", "/api/v1/organisations", "/api/v1/register", "/api/v1/projects",
            "/api/v1/rounds/test-round/bids"];
        for list in lists {
            for cursor in ["x", "AAAA", "%FE", "0197a000-0000-7000-8000-000000000000", "'--"] {
                assert_invalid(&client.get(&format!("{list}?cursor={cursor}")), "/cursor", "wrong_cursor", list);
            }
            for limit in ["0", "-1", "101", "9223372036854775807"] {
                assert_invalid(&client.get(&format!("{list}?limit={limit}")), "/limit", "out_of_range", list);
            }
            assert_invalid(&client.get(&format!("{list}?limit=many")), "", "wrong_query", list);
        }
    }

    fn a_body_of_twenty_megabytes_is_refused_unread(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let before = state_of(&client, &reference);
        let title = "x".repeat(20 * 1024 * 1024);
        let body = json!({ "title": title }).to_string().into_bytes();
        let headers = [JSON, ("If-Match", "\"v2\"")];
        let answer = client.raw("PATCH", &format!("/api/v1/bids/{reference}"), &headers, Some(body));
        assert_eq!(answer.problem(), (413, "too_large".into()));
        assert_eq!(state_of(&client, &reference), before);
    }

    fn a_second_submit_and_a_late_one_change_nothing(app: &TestApp) {
        let (client, first) = written(app, "In time");
        let (_, second) = written(app, "Too late");
        let submit = |reference: &str| client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({}));
        submit(&first).expect(200);
        let before = state_of(&client, &first);
        assert_eq!(submit(&first).problem(), (409, "not_from_here".into()));
        assert_eq!(state_of(&client, &first), before);
        assert_eq!(client.get(&format!("/api/v1/bids/{first}/versions")).json().as_array().unwrap().len(), 1);
        let before = state_of(&client, &second);
        app.clock.set(moment("2026-09-30T16:00:00.001Z"));
        let client = app.client(Who::Officer);
        let late = client.post(&format!("/api/v1/bids/{second}/actions/submit_eoi"), json!({}));
        assert_eq!(late.problem(), (409, "deadline_passed".into()));
        assert!(late.json()["detail"].as_str().unwrap().contains("5pm on 30 September 2026"), "{}", late.text());
        assert_eq!(state_of(&client, &second).1, before.1);
    }

    fn a_session_that_has_expired_or_is_none_opens_nothing(app: &TestApp) {
        let client = app.client(Who::Officer);
        client.get("/api/v1/me").expect(200);
        app.clock.set(app.clock.now().plus(Duration::from_secs(14 * 86_400 + 1)));
        assert_eq!(client.get("/api/v1/me").problem(), (401, "unauthenticated".into()));
        for token in ["", "x", "' OR 1=1 --", "%00", &"A".repeat(4_000)] {
            let cookie = format!("roundtable-session={token}");
            let answer = app.public().raw("GET", "/api/v1/me", &[("Cookie", &cookie)], None);
            assert_eq!(answer.problem(), (401, "unauthenticated".into()), "{token:.20}");
        }
    }

    fn forged_expired_and_revoked_tokens_open_nothing(app: &TestApp) {
        let clients = format!("/api/v1/organisations/{}/clients", app.organisation("AMB"));
        let owner = app.client(Who::Administrator);
        let made = owner.post(&clients, json!({ "name": "A program" })).expect(201).json();
        let id = made["client"]["id"].as_str().unwrap();
        let ask = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": made["secret"] });
        let answer = app.public().post("/api/v1/token", ask.clone()).expect(200).json();
        let token = answer["access_token"].as_str().unwrap();
        let me = |token: &str| {
            let bearer = format!("Bearer {token}");
            app.public().raw("GET", "/api/v1/me", &[("Authorization", &bearer)], None)
        };
        me(token).expect(200);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
        let forged = [
            format!("{signed}.{}", signature.chars().rev().collect::<String>()),
            format!("{header}.{claims}."),
            format!("{unsigned}.{claims}."),
            format!("{unsigned}.{claims}.{signature}"),
            "x.y.z".into(),
            "x".repeat(10_000),
        ];
        for forged in &forged {
            assert_eq!(me(forged).problem(), (401, "unauthenticated".into()), "{forged:.60}");
        }
        let one = format!("{clients}/{id}");
        let tag = owner.get(&one).header("etag").unwrap().to_owned();
        owner.send("DELETE", &one, &[("If-Match", &tag)], None).expect(200);
        assert_eq!(me(token).problem(), (401, "unauthenticated".into()), "revoked");
        let wrong = app.public().post("/api/v1/token", ask);
        assert_eq!(wrong.status, 401, "{}", wrong.text());
    }

    fn an_access_token_is_good_for_ten_minutes(app: &TestApp) {
        let clients = format!("/api/v1/organisations/{}/clients", app.organisation("AMB"));
        let made = app.client(Who::Administrator).post(&clients, json!({ "name": "A program" })).expect(201).json();
        let ask = json!({ "grant_type": "client_credentials", "client_id": made["client"]["id"], "client_secret": made["secret"] });
        let token = app.public().post("/api/v1/token", ask).expect(200).json()["access_token"].as_str().unwrap().to_owned();
        let bearer = format!("Bearer {token}");
        let me = || app.public().raw("GET", "/api/v1/me", &[("Authorization", &bearer)], None);
        me().expect(200);
        app.clock.set(app.clock.now().plus(Duration::from_secs(601)));
        assert_eq!(me().problem(), (401, "unauthenticated".into()));
    }

    fn a_cookie_alone_changes_nothing(app: &TestApp) {
        let cookie = format!("roundtable-session={}", app.session(Who::Officer));
        let body = json!({ "round": ROUND, "lead": app.organisation("AMB"), "title": "Forged" }).to_string().into_bytes();
        let send = |headers: &[(&str, &str)]| app.public().raw("POST", "/api/v1/bids", headers, Some(body.clone()));
        let cookie = ("Cookie", cookie.as_str());
        assert_eq!(send(&[JSON, cookie]).problem(), (403, "csrf".into()));
        assert_eq!(send(&[JSON, cookie, ("X-CSRF-Token", "x")]).problem(), (403, "csrf".into()));
        let elsewhere = send(&[JSON, cookie, ("Origin", "https://elsewhere.example")]);
        assert_eq!(elsewhere.problem(), (403, "cross_site".into()));
        let elsewhere = send(&[JSON, cookie, ("Sec-Fetch-Site", "same-site")]);
        assert_eq!(elsewhere.problem(), (403, "cross_site".into()));
        assert_eq!(app.client(Who::Officer).get("/api/v1/bids").json()["items"], json!([]));
    }
}
