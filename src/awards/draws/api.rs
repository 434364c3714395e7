//! Draws over REST.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{Entered, NewDraw, Offered, Record, Withdrawal},
    public::PublicDraws,
    service::{self, Confirmed},
};
use crate::{
    approvals::model::{RefusalBody, Support},
    awards::open_data::answer::Published,
    error::AppError,
    http::{App, Call, Json, Refused, Seen, respond},
};

type Answer = Result<HttpResponse, Refused>;

/// What would be committed to now: the bids whose interval crosses the funding line, and how many of them are drawn; or why nothing
/// can be.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/draw", tag = "awards", params(("slug" = String, Path)),
    responses((status = 200, body = Offered)))]
pub async fn offer(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::offered(&app, &call, slug.into_inner()).await?))
}

/// The draws of a round, the newest first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/draws", tag = "awards", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Record>)))]
pub async fn records(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::records(&app, &call, slug.into_inner()).await?))
}

/// Commits to a draw before its public value exists. Nothing of it can be changed afterwards.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/draws", tag = "awards", params(("slug" = String, Path)),
    request_body = NewDraw, responses((status = 201, body = Record)))]
pub async fn commit(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewDraw>) -> Answer {
    let slug = slug.into_inner();
    let record = service::commit(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/rounds/{slug}/draws/{}", record.number), &record))
}

/// A draw. While its value waits for somebody to confirm it, the ETag names that.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/draws/{number}", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = Record)))]
pub async fn record(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let (slug, number) = path.into_inner();
    let record = service::record(&app, &call, slug, number).await?;
    Ok(match &record.support {
        Some(support) => respond::tagged(&support.tag, &record),
        None => respond::ok(&record),
    })
}

/// Withdraws a commitment that is not drawn yet and for which no value waits. It stays on record, with the reason, which is published.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/draws/{number}/withdraw", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path)), request_body = Withdrawal,
    responses((status = 200, body = Record)))]
pub async fn withdraw(app: Data<App>, call: Call, path: Path<(String, i32)>, body: Json<Withdrawal>) -> Answer {
    let (slug, number) = path.into_inner();
    Ok(respond::ok(&service::withdraw(&app, &call, slug, number, body.0).await?))
}

/// Enters the public value as it was published, once it can be known. Another manager confirms it, and is asked by mail.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/draws/{number}/value", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path)), request_body = Entered,
    responses((status = 202, body = Support)))]
pub async fn enter(app: Data<App>, call: Call, path: Path<(String, i32)>, body: Json<Entered>) -> Answer {
    let (slug, number) = path.into_inner();
    Ok(respond::accepted(&service::enter(&app, &call, slug, number, body.0).await?))
}

/// Confirms the value that a colleague has entered; then the draw is made. If-Match carries the ETag with which it was read.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/draws/{number}/value/confirm", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Record), (status = 202, body = Support)))]
pub async fn confirm(app: Data<App>, call: Call, path: Path<(String, i32)>, seen: Seen) -> Answer {
    let (slug, number) = path.into_inner();
    Ok(match service::confirm(&app, &call, slug, number, seen.0).await? {
        Confirmed::Drawn(record) => respond::ok(&record),
        Confirmed::Waiting(support) => respond::accepted(&support),
    })
}

/// Refuses to confirm the value that a colleague has entered; they read the reason. If-Match carries the ETag with which it was read.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/draws/{number}/value/refuse", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path), ("If-Match" = Option<String>, Header)),
    request_body = RefusalBody, responses((status = 200, body = Record)))]
pub async fn refuse(
    app: Data<App>,
    call: Call,
    path: Path<(String, i32)>,
    seen: Seen,
    body: Json<RefusalBody>,
) -> Answer {
    let (slug, number) = path.into_inner();
    Ok(respond::ok(&service::refuse(&app, &call, slug, number, (body.0.reason, seen.0)).await?))
}

/// Takes back the value that waits for somebody to confirm it, so that another can be entered.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/draws/{number}/value", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 204)))]
pub async fn take_back(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let (slug, number) = path.into_inner();
    service::take_back(&app, &call, slug, number).await?;
    Ok(respond::nothing())
}

/// The draws of a round as everybody may read them: what was committed to at once, where the rules say so, and which bids were in
/// them and what was drawn once the awards are out.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/draws.json", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, body = PublicDraws), (status = 304)))]
pub async fn told(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let draws = service::told(&app, &call, slug.into_inner()).await?;
    let bytes = serde_json::to_vec_pretty(&draws).map_err(AppError::from)?;
    Ok(Published { media: "application/json", file: None, bytes, changed: draws.changed_at }.answer(&request))
}

/// A draw as a file that `roundtable draw verify` takes as it is, once the awards are out.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/draws/{number}/drawn.json", tag = "open data",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = Object), (status = 304)))]
pub async fn file(app: Data<App>, call: Call, path: Path<(String, i32)>, request: HttpRequest) -> Answer {
    let (slug, number) = path.into_inner();
    let (drawn, changed) = service::file(&app, &call, slug.clone(), number).await?;
    let mut bytes = serde_json::to_vec_pretty(&drawn).map_err(AppError::from)?;
    bytes.push(b'\n');
    let file = Some(format!("{slug}-draw-{number}.json"));
    Ok(Published { media: "application/json", file, bytes, changed }.answer(&request))
}
