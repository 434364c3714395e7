//! Scores over REST: one's own, and everybody's for the fund's staff.

use actix_web::web::{Data, Path};

use super::Answer;
use crate::{
    assessment::{
        model::{MyAssessment, MyScores, NewScores, Reading},
        service,
    },
    http::{App, Call, IfMatch, Json, respond},
};

/// The bids that one was given, with how far one is.
#[utoipa::path(get, path = "/api/v1/assessments", tag = "assessment",
    responses((status = 200, body = Vec<MyAssessment>)))]
pub async fn given(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&service::mine(&app, &call).await?))
}

/// One's own scores of a bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/scores/mine", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = MyScores)))]
pub async fn mine(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let scores = service::my_scores(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(scores.version, &scores))
}

/// Gives scores on one or more criteria; the others stay as they are.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/scores/mine", tag = "assessment",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = NewScores,
    responses((status = 200, body = MyScores)))]
pub async fn save(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<NewScores>,
) -> Answer {
    let scores = service::save(&app, &call, reference.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(scores.version, &scores))
}

/// Submits one's assessment, from when on it counts. It can be changed until moderation is open.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/scores/submit", tag = "assessment",
    params(("reference" = String, Path), ("If-Match" = String, Header)), responses((status = 200, body = MyScores)))]
pub async fn submit(app: Data<App>, call: Call, reference: Path<String>, version: IfMatch) -> Answer {
    let scores = service::submit(&app, &call, reference.into_inner(), version.0).await?;
    Ok(respond::versioned(scores.version, &scores))
}

/// Everybody's scores of a bid, for the fund's staff.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/scores", tag = "assessment", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<Reading>)))]
pub async fn of_bid(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::scores_of(&app, &call, reference.into_inner()).await?))
}
