//! What happens to every request before a handler sees it: the whole body is read, up to a limit, and the instant of its
//! last byte is noted; an address with NUL, which PostgreSQL cannot store, and what another site's page sends are refused.

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::{Bytes, BytesMut, Data},
};
use futures_util::StreamExt;

use super::{App, Refused};
use crate::{clock::Moment, error::AppError};

/// The largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// A request's body and the instant at which its last byte had arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// When.
    pub at: Moment,
    /// The whole body.
    pub body: Bytes,
}

/// Reads the body and notes when it had arrived.
pub async fn receive<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Ok(refuse(request, AppError::internal("no app")));
    };
    if request.uri().path_and_query().is_some_and(|address| address.as_str().contains("%00")) {
        let message = "Leave the NUL character out of the address.";
        return Ok(refuse(request, AppError::invalid("", "nul", message)));
    }
    let body = match read_whole(&mut request).await {
        Ok(body) => body,
        Err(error) => return Ok(refuse(request, error)),
    };
    let received = Received { at: app.clock.now(), body: body.clone() };
    request.extensions_mut().insert(received);
    request.set_payload(Payload::from(body));
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

/// An answer rather than an error, so that outer middleware can make a page of it.
fn refuse<B>(request: ServiceRequest, error: AppError) -> ServiceResponse<EitherBody<B>> {
    request.into_response(Refused(error).error_response()).map_into_right_body()
}

async fn read_whole(request: &mut ServiceRequest) -> Result<Bytes, AppError> {
    let too_large = || AppError::TooLarge { limit: LARGEST_BODY };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > LARGEST_BODY) {
        return Err(too_large());
    }
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_cut_off| AppError::invalid("", "cut_off", "The request ended early. Send it again."))?;
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Refuses unsafe requests that a browser says come from another site.
pub async fn same_origin<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if comes_from_elsewhere(&request) {
        let message = "This request came from another site. Open the page here and try again.";
        return Ok(refuse(request, AppError::forbidden("cross_site", message)));
    }
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

fn comes_from_elsewhere(request: &ServiceRequest) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("Sec-Fetch-Site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("Origin") else { return false };
    let base = request.app_data::<Data<App>>().map(|app| app.config.web.base_url.clone()).unwrap_or_default();
    let host = text("Host").unwrap_or_default();
    origin != base && origin.split_once("://").is_none_or(|(_, from)| from != host)
}
