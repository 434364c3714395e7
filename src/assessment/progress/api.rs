//! How far the reading of a round is, over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{NewReminder, NewScoresWanted, Progress, ReaderProgress, Reminded, ScoresWanted},
    service,
};
use crate::{
    assessment::api::Answer,
    http::{App, Call, IfMatch, Json, csv, respond},
};

/// How far the reading of a round is: by when its scores are wanted, its readers and its bids.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/progress", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Progress)))]
pub async fn show(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let (_, progress, _) = service::progress(&app, &call, slug.into_inner()).await?;
    Ok(respond::ok(&progress))
}

/// The readers of it as a table.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/progress.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let (_, progress, _) = service::progress(&app, &call, slug.into_inner()).await?;
    let rows = progress.people.iter().map(ReaderProgress::row);
    Ok(csv::attachment("readers", csv::document(&ReaderProgress::COLUMNS, rows)?))
}

/// By when the scores of a round are wanted, for those who choose it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/progress/wanted", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = ScoresWanted)))]
pub async fn wanted(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let (_, wanted) = service::wanted(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(wanted.version, &wanted))
}

/// Chooses by when the scores of a round are wanted; If-Match is `"v0"` where nobody has before. It is a wish and no deadline.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/progress/wanted", tag = "assessment",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = NewScoresWanted,
    responses((status = 200, body = ScoresWanted)))]
pub async fn choose(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<NewScoresWanted>,
) -> Answer {
    let chosen = service::choose(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(chosen.version, &chosen))
}

/// Reminds people of what they can submit and have not, and says of each what became of it: nobody is reminded twice on one day.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/progress/reminders", tag = "assessment",
    params(("slug" = String, Path)), request_body = NewReminder, responses((status = 200, body = Vec<Reminded>)))]
pub async fn remind(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewReminder>) -> Answer {
    Ok(respond::ok(&service::remind(&app, &call, slug.into_inner(), body.0).await?))
}
