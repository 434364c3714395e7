//! A program that talks REST with the service, as tests read its answers.

use roundtable::{http::call::session_cookie, identity::sessions};
use serde_json::Value;

/// A program that talks REST.
#[derive(Clone)]
pub struct Client {
    base: String,
    cookie: Option<String>,
    token: Option<String>,
}

/// What the service answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The status and the stable code of a problem.
    pub fn problem(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    /// The answer itself, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Client {
    /// A program of somebody who has signed in, with their session's token.
    pub fn signed_in(base: &str, token: String) -> Self {
        let cookie = Some(format!("{}={token}", session_cookie(false)));
        Self { base: base.to_owned(), cookie, token: Some(token) }
    }

    /// A program of the public.
    pub fn public(base: &str) -> Self {
        Self { base: base.to_owned(), cookie: None, token: None }
    }

    /// The token that forms of this session carry.
    pub fn csrf(&self) -> String {
        self.token.as_deref().map(sessions::csrf_of).unwrap_or_default()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], Some(&body))
    }

    pub fn put(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send("PUT", path, &[("If-Match", &format!("\"v{version}\""))], Some(&body))
    }

    pub fn patch(&self, path: &str, version: i64, body: Value) -> Answer {
        self.send("PATCH", path, &[("If-Match", &format!("\"v{version}\""))], Some(&body))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    pub fn delete_at(&self, path: &str, version: i64) -> Answer {
        self.send("DELETE", path, &[("If-Match", &format!("\"v{version}\""))], None)
    }

    /// Any request with a JSON body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let bytes = body.map(|body| serde_json::to_vec(body).unwrap());
        let mut all = vec![("Content-Type", "application/json")];
        all.extend_from_slice(headers);
        self.raw(method, path, if bytes.is_some() { &all } else { headers }, bytes)
    }

    /// Any request at all.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let (Some(cookie), Some(token)) = (&self.cookie, &self.token) {
            request = request.header("Cookie", cookie).header("X-CSRF-Token", sessions::csrf_of(token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = agent.run(request.body(body.unwrap_or_default()).unwrap()).unwrap();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(50_000_000).read_to_vec().unwrap();
        Answer { status, headers, body }
    }
}
