//! Drafts of rounds over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{DraftChange, NewDraft},
    service,
};
use crate::{
    error::Fault,
    funds::api::RoundView,
    http::{App, Call, IfMatch, Json, Refused, respond},
};

type Answer = Result<HttpResponse, Refused>;

/// Begins a round as a draft, with a ready workflow or as a copy of an earlier round: its dates are set later. A copy of a
/// cancelled round of the same fund is run in its place, and the two are linked.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/drafts", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewDraft, responses((status = 201, body = RoundView)))]
pub async fn begin(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewDraft>) -> Answer {
    let round = service::begin(&app, &call, slug.into_inner(), body.0).await?;
    let location = format!("/api/v1/rounds/{}", round.round.slug);
    Ok(respond::created(&location, round.round.version, &RoundView::of(round, call.received)))
}

/// Changes a draft; what is left out stays. A published round is changed with a reason and a second manager instead.
#[utoipa::path(patch, path = "/api/v1/rounds/{slug}", tag = "rounds",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = DraftChange,
    responses((status = 200, body = RoundView)))]
pub async fn change(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<DraftChange>,
) -> Answer {
    let round = service::change(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(round.round.version, &RoundView::of(round, call.received)))
}

/// Everything that keeps a draft from being published, field by field.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/missing", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Fault>), (status = 409)))]
pub async fn missing(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::draft(&app, &call, slug.into_inner()).await?.missing))
}
