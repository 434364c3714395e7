//! What a request hears that went wrong: problem+json for programs, a page with a way on for people, and CommonGrants' own
//! form for those who speak that.

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
    middleware::Next,
    web::{Data, PathConfig},
};

use super::kept;
use crate::{
    awards::open_data::commongrants::Failure,
    error::AppError,
    files,
    http::{
        App, Refused,
        call::session_cookie,
        middleware::{self, Received},
        problem::Problem,
    },
    identity::{kept_forms, sessions},
    web::{
        Form, Layout, RenderError, Renderer, Written,
        errors::{Conflict, Forbidden, FormKept, NotFound, SignInNeeded, TooLarge, TooMany},
    },
};

/// Nothing stands at this path.
pub async fn nothing_here() -> Result<HttpResponse, Refused> {
    std::future::ready(Err(Refused(AppError::NotFound))).await
}

/// A path whose names cannot be read names nothing.
pub fn for_paths() -> PathConfig {
    PathConfig::default().error_handler(|_, _| Refused(AppError::NotFound).into())
}

/// Something stands at this path, but takes only the methods in `allowed`.
pub async fn wrong_method(allowed: String) -> HttpResponse {
    let problem = Problem {
        kind: "/problems/wrong_method".into(),
        title: "Method Not Allowed".into(),
        status: 405,
        code: "wrong_method".into(),
        detail: "This address does not take this method.".into(),
        errors: Vec::new(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = HttpResponse::MethodNotAllowed();
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::ALLOW, allowed));
    let mut response = response.body(body);
    response.extensions_mut().insert(problem);
    std::future::ready(response).await
}

/// Who reads an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A person, in a browser.
    Person,
    /// A program, which reads problem+json.
    Program,
    /// A program that knows CommonGrants, whose problems have a form of their own.
    CommonGrants,
}

impl Reader {
    /// Who will read the answer to a request.
    pub(super) fn of(request: &ServiceRequest) -> Self {
        let path = request.path();
        if path.starts_with("/common-grants/") {
            return Self::CommonGrants;
        }
        let program = ["/api/", "/health/", "/rounds.atom", "/rounds.ics"].iter().any(|face| path.starts_with(face));
        let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if program || accepts.starts_with("application/json") { Self::Program } else { Self::Person }
    }
}

/// Turns a problem into what its reader understands: a page, or CommonGrants' own form.
pub async fn as_read<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let reader = Reader::of(&request);
    let renderer = request.app_data::<Data<Renderer>>().cloned();
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().extensions().get::<Problem>().cloned();
    let Some(problem) = problem else { return Ok(response) };
    match (reader, renderer) {
        (Reader::CommonGrants, _) => {
            let body = serde_json::to_vec(&Failure::from(problem)).map_err(|fault| Refused(fault.into()))?;
            let mut failure = in_form(response, "application/json", body);
            let everywhere = header::HeaderValue::from_static("*");
            failure.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, everywhere);
            Ok(failure)
        }
        (Reader::Person, Some(renderer)) => {
            let html = render(&renderer, &problem, Sent::before(&response))
                .map_err(|fault| Refused(AppError::internal(fault)))?;
            Ok(in_form(response, "text/html; charset=utf-8", html.into_bytes()))
        }
        _ => Ok(response),
    }
}

/// The same answer with another body.
fn in_form(response: ServiceResponse<BoxBody>, media_type: &str, body: Vec<u8>) -> ServiceResponse<BoxBody> {
    let (request, response) = response.into_parts();
    let mut formed = HttpResponse::build(response.status());
    for (name, value) in response.headers() {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            formed.append_header((name.clone(), value.clone()));
        }
    }
    ServiceResponse::new(request, formed.content_type(media_type).body(body))
}

/// What was asked for, as far as the page says it that refuses it.
struct Sent {
    path: String,
    address: String,
    posted: bool,
    kept: bool,
    written: Vec<Written>,
    csrf: Option<String>,
    /// How much could have been sent, in words.
    limit: String,
}

impl Sent {
    fn before(response: &ServiceResponse<BoxBody>) -> Self {
        let request = response.request();
        let posted = request.method() == Method::POST;
        let body = request.extensions().get::<Received>().map(|received| received.body.clone()).unwrap_or_default();
        let file = middleware::takes_a_file(request.method(), request.path());
        let shows = posted && !file && !kept_forms::carries_a_secret(request.path());
        let form = if shows { Form::parse(&body).unwrap_or_default() } else { Form::default() };
        let app = request.app_data::<Data<App>>();
        let secure = app.is_some_and(|app| app.config.web.secure());
        let largest = app.filter(|_| file).map(|app| i64::try_from(app.config.files.largest).unwrap_or(i64::MAX));
        let session = request.cookie(session_cookie(secure));
        Self {
            path: request.path().to_owned(),
            address: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            posted,
            kept: response.response().extensions().get::<kept::FormKept>().is_some(),
            written: Written::of(&form),
            csrf: session.map(|cookie| sessions::csrf_of(cookie.value())),
            limit: largest.map_or_else(|| "2MB".into(), files::in_words),
        }
    }

    /// The page on which one sees how it stands: of a bid its own, since the form may be closed.
    fn current(&self) -> String {
        let bid = self.path.strip_prefix("/bids/").and_then(|rest| rest.split_once('/'));
        bid.map_or_else(|| self.path.clone(), |(reference, _)| format!("/bids/{reference}"))
    }
}

fn render(renderer: &Renderer, problem: &Problem, sent: Sent) -> Result<String, RenderError> {
    let layout = Layout::default();
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => renderer.html(&layout, &NotFound),
        StatusCode::UNAUTHORIZED => {
            let back = if sent.posted { "/" } else { &sent.address };
            let return_to = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
            renderer.html(&layout, &SignInNeeded { return_to, kept: sent.kept })
        }
        StatusCode::FORBIDDEN if sent.kept => renderer.html(&layout, &FormKept),
        StatusCode::FORBIDDEN => renderer.html(&layout, &Forbidden { reason: problem.detail.clone() }),
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED | StatusCode::UNPROCESSABLE_ENTITY => {
            let layout = Layout { csrf: sent.csrf.clone(), ..layout };
            renderer.html(&layout, &not_done(problem, sent))
        }
        StatusCode::TOO_MANY_REQUESTS => renderer.html(&layout, &TooMany { minutes: 1 }),
        StatusCode::PAYLOAD_TOO_LARGE => renderer.html(&layout, &TooLarge { limit: sent.limit }),
        other => {
            let passing = other == StatusCode::SERVICE_UNAVAILABLE;
            renderer.html(&layout, &crate::web::errors::Problem { request_id: String::new(), passing })
        }
    }
}

/// Says why it was not done and shows what was written, which is kept nowhere else.
fn not_done(problem: &Problem, sent: Sent) -> Conflict {
    let title = match (problem.status, problem.code.as_ref()) {
        (409, "deadline_passed") => "The deadline has passed",
        (412, _) => "Someone else changed this",
        _ => "This was not done",
    };
    let current = sent.current();
    let too_late = problem.code == "deadline_passed" && writes_a_draft(&sent.path);
    let draft = too_late.then(|| format!("{current}/draft"));
    Conflict { title, draft, message: problem.detail.clone(), path: sent.path, current, written: sent.written }
}

/// Whether a page of a bid writes or submits its draft: only then is what came too late a part of it.
fn writes_a_draft(path: &str) -> bool {
    let below = path.strip_prefix("/bids/").and_then(|rest| rest.split_once('/')).map(|(_, below)| below);
    let page = below.and_then(|below| below.split('/').next()).unwrap_or_default();
    ["about", "actions", "check", "copy", "costs", "promises", "questions"].contains(&page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draft_is_offered_where_it_is_written_and_nowhere_else() {
        for page in ["about", "costs", "promises", "questions/plan", "check", "actions/submit_eoi", "copy"] {
            assert!(writes_a_draft(&format!("/bids/TEST-0001/{page}")), "{page}");
        }
        for path in ["/bids/TEST-0001/clarifications/1", "/bids/TEST-0001", "/rounds/test/questions", "/bids/costs"] {
            assert!(!writes_a_draft(path), "{path}");
        }
    }
}
