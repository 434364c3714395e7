//! Rankings of record over REST.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};

use super::{
    model::{Made, Record, RecordLine},
    pictures,
    service::{self, Seen},
};
use crate::{
    assessment::api::Answer,
    error::{AppError, Result},
    http::{App, Call, csv, respond},
};

/// The rankings of record of a round, the newest first, for the fund's staff.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/rankings", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<RecordLine>)))]
pub async fn list(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::list(&app, &call, slug.into_inner()).await?))
}

/// Has a round's bids ranked for the record. Where nothing has changed since the newest ranking, that one is answered.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/rankings", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 201, body = Made), (status = 200, body = Made)))]
pub async fn make(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let made = service::make(&app, &call, slug.clone()).await?;
    let here = format!("/api/v1/rounds/{slug}/rankings/{}", made.number);
    Ok(if made.new { respond::listed(&here, &made) } else { respond::ok(&made) })
}

/// A ranking of record. With its seed, line and scale, `roundtable rank` makes the same figures of its scores.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/rankings/{number}", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = Record)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(respond::ok(&found(&app, &call, path).await?.record))
}

/// The scores of a ranking without names, as CSV that `roundtable rank` reads.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/rankings/{number}/scores.csv", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "text/csv")))]
pub async fn scores(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(csv::attachment("scores", found(&app, &call, path).await?.scores.into_bytes()))
}

/// The intervals of the bids' ranks against the funding line, as a picture.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/rankings/{number}/intervals.svg", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "image/svg+xml")))]
pub async fn intervals(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(picture(pictures::intervals(&found(&app, &call, path).await?.record.figures)))
}

/// How the assessors lean, as a picture.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/rankings/{number}/leanings.svg", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "image/svg+xml")))]
pub async fn leanings(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(picture(pictures::leanings(&found(&app, &call, path).await?.record.figures)))
}

/// The scores of each bid beside its mean, as a picture.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/rankings/{number}/spread.svg", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "image/svg+xml")))]
pub async fn spread(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let seen = found(&app, &call, path).await?;
    Ok(picture(pictures::spread(&seen.basis, &seen.record.figures)))
}

async fn found(app: &App, call: &Call, path: Path<(String, i32)>) -> Result<Seen> {
    let (slug, number) = path.into_inner();
    service::seen(app, call, slug, Some(number)).await?.ok_or(AppError::NotFound)
}

fn picture(svg: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("image/svg+xml; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(svg)
}
