//! Comments over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{CommentView, NewComment},
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, Json, Refused, respond},
    ids::RowKey,
};

type Answer = Result<HttpResponse, Refused>;

/// The comments on an answer, oldest first, for the lead and the partners that have confirmed.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/answers/{question}/comments", tag = "bids",
    params(("reference" = String, Path), ("question" = String, Path)),
    responses((status = 200, body = Vec<CommentView>)))]
pub async fn list(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    Ok(respond::ok(&service::list(&app, &call, path.into_inner()).await?))
}

/// Comments on an answer.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/answers/{question}/comments", tag = "bids",
    params(("reference" = String, Path), ("question" = String, Path)), request_body = NewComment,
    responses((status = 201, body = CommentView)))]
pub async fn write(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<NewComment>) -> Answer {
    let (reference, question) = path.into_inner();
    let location = format!("/api/v1/bids/{reference}/answers/{question}/comments");
    Ok(respond::listed(&location, &service::write(&app, &call, (reference, question), body.0).await?))
}

/// Calls a comment resolved; one that is so already stays as it is.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/answers/{question}/comments/{id}/resolve", tag = "bids",
    params(("reference" = String, Path), ("question" = String, Path), ("id" = crate::ids::Id<RowKey>, Path)),
    responses((status = 200, body = CommentView)))]
pub async fn resolve(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let (reference, question, id) = path.into_inner();
    let id = id.parse().map_err(|_no_uuid| AppError::NotFound)?;
    Ok(respond::ok(&service::resolve(&app, &call, (reference, question), id).await?))
}
