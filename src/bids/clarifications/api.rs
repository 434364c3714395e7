//! Clarifications over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{ClarificationAnswer, ClarificationTime, ClarificationView, NewClarification, TakenBackBecause},
    service,
};
use crate::{
    http::{App, Call, IfMatch, Json, Refused, one_of, respond},
    ids::{Id, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// What the fund asked a bid's councils and what they answered, in the order in which it was asked.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/clarifications", tag = "bids",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<ClarificationView>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::of_bid(&app, &call, reference.into_inner()).await?))
}

/// Asks a bid's councils a question once its stage has closed; the people of its lead are told.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/clarifications", tag = "bids",
    params(("reference" = String, Path)), request_body = NewClarification,
    responses((status = 201, body = ClarificationView)))]
pub async fn ask(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewClarification>) -> Answer {
    let asked = service::ask(&app, &call, reference.clone(), body.0).await?;
    let location = format!("/api/v1/bids/{reference}/clarifications/{}", asked.id);
    Ok(respond::created(&location, asked.version, &asked))
}

/// One clarification of a bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/clarifications/{id}", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 200, body = ClarificationView)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = one_of(path.into_inner())?;
    let found = service::one(&app, &call, reference, id).await?;
    Ok(respond::versioned(found.version, &found))
}

/// Writes the answer of the lead authority as a draft, or submits it, after which nothing changes it.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/clarifications/{id}/answer", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path), ("If-Match" = String, Header)),
    request_body = ClarificationAnswer, responses((status = 200, body = ClarificationView)))]
pub async fn put_answer(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<ClarificationAnswer>,
) -> Answer {
    let (reference, id) = one_of(path.into_inner())?;
    let written = service::put_answer(&app, &call, reference, (id, version.0), body.0).await?;
    Ok(respond::versioned(written.version, &written))
}

/// Gives more time to answer, until somebody has answered.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/clarifications/{id}/until", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path), ("If-Match" = String, Header)),
    request_body = ClarificationTime, responses((status = 200, body = ClarificationView)))]
pub async fn put_until(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<ClarificationTime>,
) -> Answer {
    let (reference, id) = one_of(path.into_inner())?;
    let changed = service::give_time(&app, &call, reference, (id, version.0), body.0).await?;
    Ok(respond::versioned(changed.version, &changed))
}

/// Takes a question back before it is answered; the people of the lead read why.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/clarifications/{id}", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path), ("If-Match" = String, Header)),
    request_body = TakenBackBecause, responses((status = 204)))]
pub async fn take_back(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<TakenBackBecause>,
) -> Answer {
    let (reference, id) = one_of(path.into_inner())?;
    service::take_back(&app, &call, reference, (id, version.0), body.0).await?;
    Ok(respond::nothing())
}
