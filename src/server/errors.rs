//! What a request hears that went wrong: problem+json for programs, a page with a way on for people.

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::Next,
    web::Data,
};

use super::kept;
use crate::{
    error::AppError,
    http::{Refused, problem::Problem},
    web::{
        Layout, Renderer,
        errors::{Conflict, Forbidden, FormKept, NotFound, SignInNeeded, TooLarge, TooMany},
    },
};

/// Nothing stands at this path.
pub async fn nothing_here() -> Result<HttpResponse, Refused> {
    std::future::ready(Err(Refused(AppError::NotFound))).await
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

/// Turns the problem of a page's request into a page.
pub async fn as_pages<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let wants_page = wants_page(&request);
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let posted = request.method() == actix_web::http::Method::POST;
    let renderer = request.app_data::<Data<Renderer>>().cloned();
    let response = next.call(request).await?.map_into_boxed_body();
    let problem = response.response().extensions().get::<Problem>().cloned();
    let kept = response.response().extensions().get::<kept::FormKept>().is_some();
    let (Some(problem), Some(renderer), true) = (problem, renderer, wants_page) else { return Ok(response) };
    let html =
        render(&renderer, &problem, &path, (posted, kept)).map_err(|fault| Refused(AppError::internal(fault)))?;
    let (request, response) = response.into_parts();
    let mut page = HttpResponse::build(response.status());
    for (name, value) in response.headers() {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            page.append_header((name.clone(), value.clone()));
        }
    }
    Ok(ServiceResponse::new(request, page.content_type("text/html; charset=utf-8").body(html)))
}

/// Whether a person asks, rather than a program or a script of a page.
pub(super) fn wants_page(request: &ServiceRequest) -> bool {
    let path = request.path();
    let program = ["/api/", "/common-grants/", "/health/"].iter().any(|face| path.starts_with(face));
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !program && !accepts.starts_with("application/json")
}

fn render(
    renderer: &Renderer,
    problem: &Problem,
    path: &str,
    (posted, kept): (bool, bool),
) -> Result<String, crate::web::RenderError> {
    let layout = Layout::default();
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => renderer.html(&layout, &NotFound),
        StatusCode::UNAUTHORIZED => {
            let return_to = url::form_urlencoded::byte_serialize(if posted { b"/" } else { path.as_bytes() }).collect();
            renderer.html(&layout, &SignInNeeded { return_to, kept })
        }
        StatusCode::FORBIDDEN if kept => renderer.html(&layout, &FormKept),
        StatusCode::FORBIDDEN => renderer.html(&layout, &Forbidden { reason: problem.detail.clone() }),
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => {
            let page = Conflict { message: problem.detail.clone(), current: path.into(), written: Vec::new() };
            renderer.html(&layout, &page)
        }
        StatusCode::TOO_MANY_REQUESTS => renderer.html(&layout, &TooMany { minutes: 1 }),
        StatusCode::PAYLOAD_TOO_LARGE => renderer.html(&layout, &TooLarge { limit: "2MB".into() }),
        StatusCode::UNPROCESSABLE_ENTITY => {
            let page = Conflict { message: problem.detail.clone(), current: path.into(), written: Vec::new() };
            renderer.html(&layout, &page)
        }
        other => {
            let passing = other == StatusCode::SERVICE_UNAVAILABLE;
            renderer.html(&layout, &crate::web::errors::Problem { request_id: String::new(), passing })
        }
    }
}
