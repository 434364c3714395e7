//! What happens to every request before a handler sees it: the whole body is read, up to a limit, and the instant of its
//! last byte is noted; an address with NUL, which PostgreSQL cannot store, and what another site's page sends are refused.

use actix_web::{
    Error, HttpMessage, HttpRequest, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::{Bytes, BytesMut, Data},
};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;

use super::{App, Refused, call};
use crate::{clock::Moment, error::AppError, files::Files};

/// The largest body that is read, in bytes, unless it carries a file.
pub const LARGEST_BODY: usize = 2 * 1024 * 1024;
/// What a form says around the file in it.
const AROUND_A_FILE: usize = 64 * 1024;
/// A browser shows no answer before it has sent everything, so that a file too large is read to its end and dropped; one
/// that is far too large is not.
const DROPPED_UP_TO: usize = 10;

/// How much of a body is read.
#[derive(Debug, Clone, Copy)]
enum Limit {
    /// What any request may say.
    Words,
    /// A file of at most so many bytes, from somebody known.
    File(usize),
    /// A file from a stranger, who is asked to sign in first.
    Unknown,
}

impl Limit {
    async fn of(request: &ServiceRequest, app: &App) -> Result<Self, AppError> {
        if !takes_a_file(request.method(), request.path()) {
            return Ok(Self::Words);
        }
        let known = call::is_known(request.request()).await?;
        Ok(if known { Self::File(app.config.files.largest) } else { Self::Unknown })
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Words | Self::Unknown => LARGEST_BODY,
            Self::File(largest) => largest + AROUND_A_FILE,
        }
    }

    /// What whoever sent more hears.
    fn refusal(self) -> AppError {
        match self {
            Self::Words => AppError::TooLarge { limit: LARGEST_BODY },
            Self::File(limit) => AppError::TooLarge { limit },
            Self::Unknown => AppError::Unauthenticated,
        }
    }

    /// How much is read at most of what is refused in the end.
    const fn dropped(self) -> usize {
        match self {
            Self::Words | Self::Unknown => self.bytes(),
            Self::File(_) => self.bytes() * DROPPED_UP_TO,
        }
    }
}

/// Whether what is sent there may be a whole file.
pub fn takes_a_file(method: &Method, path: &str) -> bool {
    let of_bids = path.starts_with("/bids/") || path.starts_with("/api/v1/bids/");
    *method == Method::POST && of_bids && (path.ends_with("/documents") || path.ends_with("/interview/slides"))
}

/// Keeps the room in memory that the body of a request takes, until its answer is made.
struct Room(#[expect(dead_code, reason = "it is held, not read")] Option<OwnedSemaphorePermit>);

/// A request's body and the instant at which its last byte had arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// When.
    pub at: Moment,
    /// The whole body.
    pub body: Bytes,
}

/// What a request carries, for handlers that read it as a whole.
pub fn body_of(request: &HttpRequest) -> Vec<u8> {
    request.extensions().get::<Received>().map(|received| received.body.to_vec()).unwrap_or_default()
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
    let limit = match Limit::of(&request, &app).await {
        Ok(limit) => limit,
        Err(error) => return Ok(refuse(request, error)),
    };
    let (body, room) = match read_whole(&mut request, limit, &app.files).await {
        Ok(read) => read,
        Err(error) => return Ok(refuse(request, error)),
    };
    request.extensions_mut().insert(room);
    let received = Received { at: app.clock.now(), body: body.clone() };
    request.extensions_mut().insert(received);
    request.set_payload(Payload::from(body));
    next.call(request).await.map(ServiceResponse::map_into_left_body)
}

/// An answer rather than an error, so that outer middleware can make a page of it.
fn refuse<B>(request: ServiceRequest, error: AppError) -> ServiceResponse<EitherBody<B>> {
    request.into_response(Refused(error).error_response()).map_into_right_body()
}

async fn read_whole(request: &mut ServiceRequest, limit: Limit, files: &Files) -> Result<(Bytes, Room), AppError> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > limit.dropped()) {
        return Err(limit.refusal());
    }
    let mut payload = request.take_payload();
    let (mut body, mut read, mut room) = (BytesMut::new(), 0_usize, None);
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_cut_off| AppError::invalid("", "cut_off", "The request ended early. Send it again."))?;
        read = read.saturating_add(chunk.len());
        if read > limit.dropped() {
            return Err(limit.refusal());
        }
        if read > limit.bytes() {
            body = BytesMut::new();
            room = None;
            continue;
        }
        if matches!(limit, Limit::File(_)) {
            let more = files.room(chunk.len())?;
            match &mut room {
                Some(held) => OwnedSemaphorePermit::merge(held, more),
                None => room = Some(more),
            }
        }
        body.extend_from_slice(&chunk);
    }
    if read > limit.bytes() { Err(limit.refusal()) } else { Ok((body.freeze(), Room(room))) }
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
