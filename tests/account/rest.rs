use roundtable::identity::{model::MemberRole, sessions};
use serde_json::{Value, json};

use super::site::Site;
use crate::harness::databases::on_each_database;

const JO: &str = "jo@ambridge.gov.uk";
const KIM: &str = "kim@fund.example";

/// One request, with a session's cookie and its token or with an access token.
struct Ask<'a> {
    site: &'a Site,
    headers: Vec<(String, String)>,
}

impl<'a> Ask<'a> {
    fn anyone(site: &'a Site) -> Self {
        Self { site, headers: Vec::new() }
    }

    fn person(site: &'a Site, email: &str) -> Self {
        let cookie = site.signed_in(email).cookies();
        let token = cookie.split("roundtable-session=").nth(1).expect("a session").split(';').next().expect("a token");
        let csrf = sessions::csrf_of(token);
        Self { site, headers: vec![("Cookie".into(), cookie.clone()), ("X-CSRF-Token".into(), csrf)] }
    }

    fn bearer(site: &'a Site, token: &str) -> Self {
        Self { site, headers: vec![("Authorization".into(), format!("Bearer {token}"))] }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> (u16, Value, Option<String>) {
        let config = ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.site.base()));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !kind.is_empty() {
            request = request.header("Content-Type", kind);
        }
        let request = request.body(body.to_owned()).expect("a request");
        let mut answer = config.build().new_agent().run(request).expect("an answer");
        let text = answer.body_mut().read_to_string().expect("text");
        let tag = answer.headers().get("etag").map(|tag| tag.to_str().expect("text").to_owned());
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null), tag)
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let (status, body, _) = self.send("GET", path, "", "");
        (status, body)
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, body, _) = self.send("POST", path, "application/json", &body.to_string());
        (status, body)
    }
}

fn make_client(site: &Site) -> (String, Value) {
    site.member(JO, MemberRole::Administrator);
    let path = format!("/api/v1/organisations/{}/clients", site.council_id());
    let (status, made) = Ask::person(site, JO).post(&path, &json!({"name": "Grants register"}));
    assert_eq!(status, 201, "{made}");
    (path, made)
}

fn credentials(made: &Value) -> Value {
    json!({"grant_type": "client_credentials", "client_id": made["client"]["id"], "client_secret": made["secret"]})
}

on_each_database! {
    fn a_program_gets_a_token_for_its_secret_and_loses_it_at_once_when_revoked(site: &Site) {
        let (path, made) = make_client(site);
        let (status, token) = Ask::anyone(site).post("/api/v1/token", &credentials(&made));
        assert_eq!((status, &token["token_type"], &token["expires_in"]), (200, &json!("Bearer"), &json!(600)));
        let program = Ask::bearer(site, token["access_token"].as_str().expect("a token"));
        let (status, me) = program.get("/api/v1/me");
        assert_eq!((status, &me["actor"]["kind"]), (200, &json!("client")));
        let one = format!("{path}/{}", made["client"]["id"].as_str().expect("an id"));
        let owner = Ask::person(site, JO);
        assert_eq!(owner.send("DELETE", &one, "", "").0, 428);
        let stale = Ask::person(site, JO).with("If-Match", "\"v9\"");
        assert_eq!(stale.send("DELETE", &one, "", "").0, 412);
        let (_, _, tag) = owner.send("GET", &one, "", "");
        let current = Ask::person(site, JO).with("If-Match", &tag.expect("a tag"));
        assert_eq!(current.send("DELETE", &one, "", "").0, 200);
        assert_eq!(program.get("/api/v1/me").0, 401);
        assert_eq!(Ask::anyone(site).post("/api/v1/token", &credentials(&made)).0, 401);
    }

    fn a_token_ends_after_ten_minutes_of_the_services_own_clock(site: &Site) {
        let (_, made) = make_client(site);
        let (_, token) = Ask::anyone(site).post("/api/v1/token", &credentials(&made));
        let program = Ask::bearer(site, token["access_token"].as_str().expect("a token"));
        site.pass(9);
        assert_eq!(program.get("/api/v1/me").0, 200);
        site.pass(1);
        assert_eq!(program.get("/api/v1/me").0, 401);
    }

    fn making_a_client_again_with_the_same_key_changes_nothing_and_shows_no_secret(site: &Site) {
        site.member(JO, MemberRole::Administrator);
        let path = format!("/api/v1/organisations/{}/clients", site.council_id());
        let owner = Ask::person(site, JO).with("Idempotency-Key", "one");
        let (_, first) = owner.post(&path, &json!({"name": "Grants register"}));
        let (status, again) = owner.post(&path, &json!({"name": "Grants register"}));
        assert_eq!((status, &again["client"]["id"]), (201, &first["client"]["id"]));
        assert!(first["secret"].is_string() && again["secret"].is_null());
        assert_eq!(owner.get(&path).1.as_array().map(Vec::len), Some(1));
        assert_eq!(owner.post(&path, &json!({"name": "Another"})).0, 422);
    }

    fn bad_requests_for_a_token_say_which_field_is_wrong(site: &Site) {
        let (_, made) = make_client(site);
        let anyone = Ask::anyone(site);
        let form = "grant_type=client_credentials&client_id=x";
        let (status, problem, _) = anyone.send("POST", "/api/v1/token", "application/x-www-form-urlencoded", form);
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/client_secret")));
        let mut wrong = credentials(&made);
        wrong["client_secret"] = json!("rt_wrong");
        assert_eq!(anyone.post("/api/v1/token", &wrong).0, 401);
        wrong["grant_type"] = json!("password");
        let (status, problem) = anyone.post("/api/v1/token", &wrong);
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/grant_type")));
        wrong["scope"] = json!("everything");
        assert_eq!(anyone.post("/api/v1/token", &wrong).0, 422, "an unknown field");
    }

    fn sessions_are_listed_and_ended_over_rest_too(site: &Site) {
        site.person(JO, "Jo Bloggs");
        let person = Ask::person(site, JO);
        let (_, list) = person.get("/api/v1/me/sessions");
        let one = format!("/api/v1/me/sessions/{}", list[0]["id"].as_str().expect("an id"));
        let without_token = Ask { site, headers: vec![person.headers[0].clone()] };
        assert_eq!(without_token.send("DELETE", &one, "", "").0, 403);
        assert_eq!(person.send("DELETE", "/api/v1/me/sessions/none", "", "").0, 404);
        assert_eq!(person.send("DELETE", &one, "", "").0, 204);
        assert_eq!(person.get("/api/v1/me").0, 401);
    }

    fn organisations_are_imported_by_the_service_administrator_and_searched_by_anyone(site: &Site) {
        site.admin(KIM);
        let file = "code,name,kind,nation\nAMB,Ambridge Council,district,england\nBOR,Borchester,district,england\n";
        let import = |ask: &Ask<'_>, file: &str| ask.send("POST", "/api/v1/organisations/import", "text/csv", file);
        assert_eq!(import(&Ask::anyone(site), file).0, 401);
        let admin = Ask::person(site, KIM);
        let (status, imported, _) = import(&admin, file);
        assert_eq!((status, &imported["added"]), (200, &json!(2)));
        let (status, problem, _) = import(&admin, &file.replace("BOR,Borchester,district", "BOR,,parish"));
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/lines/3/kind")));
        let (_, page) = Ask::anyone(site).get("/api/v1/organisations?limit=1");
        assert_eq!(page["items"][0]["code"], "AMB");
        let next = format!("/api/v1/organisations?limit=1&cursor={}", page["next"].as_str().expect("more"));
        let (_, page) = Ask::anyone(site).get(&next);
        assert_eq!((&page["items"][0]["code"], &page["next"]), (&json!("BOR"), &Value::Null));
        let (_, found) = Ask::anyone(site).get("/api/v1/organisations?q=ambridge");
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(Ask::anyone(site).get("/api/v1/organisations?cursor=x").0, 422);
    }

    fn a_member_who_is_no_administrator_may_not_make_clients(site: &Site) {
        site.member(JO, MemberRole::Member);
        let path = format!("/api/v1/organisations/{}/clients", site.council_id());
        let (status, problem) = Ask::person(site, JO).post(&path, &json!({"name": "Mine"}));
        assert_eq!((status, &problem["code"]), (403, &json!("not_allowed")));
        site.person("eve@borchester.gov.uk", "Eve");
        assert_eq!(Ask::person(site, "eve@borchester.gov.uk").get(&path).0, 404);
        assert_eq!(Ask::anyone(site).get(&path).0, 401);
    }
}
