//! Requests as a browser makes them, with its cookies and the headers by which a service knows a page of its own.

use ureq::http::{HeaderMap, Request};
use url::Url;

use super::{Browser, dom::Dom};

/// What one request was answered with.
#[derive(Debug, Default)]
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub dom: Dom,
}

impl Browser {
    pub(super) fn fetch(&self, url: &Url, body: Option<&str>, site: &str) -> Page {
        let mut request = Request::builder()
            .method(if body.is_some() { "POST" } else { "GET" })
            .uri(&url[..url::Position::AfterQuery])
            .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("sec-fetch-site", site)
            .header("sec-fetch-mode", "navigate");
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookies());
        }
        let response = match body {
            None => self.agent.run(request.body(()).expect("a well-formed request")),
            Some(body) => {
                let request = request
                    .header("origin", self.url.origin().ascii_serialization())
                    .header("content-type", "application/x-www-form-urlencoded");
                self.agent.run(request.body(body.to_owned()).expect("a well-formed request"))
            }
        };
        Page::of(response.unwrap_or_else(|fault| panic!("{url}: {fault}")))
    }

    pub(super) fn keep_cookies(&mut self) {
        for set in self.page.headers.get_all("set-cookie") {
            let mut parts = set.to_str().unwrap_or_default().split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let ended = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if ended {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
    }
}

impl Page {
    fn of(mut response: ureq::http::Response<ureq::Body>) -> Self {
        let body = response.body_mut().with_config().limit(100 << 20).read_to_vec().expect("a whole body");
        let (parts, _) = response.into_parts();
        let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let html = kind.starts_with("text/html").then(|| String::from_utf8(body.clone()).expect("a page in UTF-8"));
        let dom = html.map(|html| Dom::parse(&html)).unwrap_or_default();
        Self { status: parts.status.as_u16(), headers: parts.headers, body, dom }
    }
}
