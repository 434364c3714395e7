//! The ranking over REST, and it and the scores as CSV.

use actix_web::web::{Data, Path};

use super::Answer;
use crate::{
    assessment::{
        model::Ranked,
        service::{self, ScoreLine},
    },
    http::{App, Call, csv, respond},
};

/// The bids of a round by their weighted means, best first, for the fund's staff.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/ranking", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Ranked>)))]
pub async fn show(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::ranked(&app, &call, slug.into_inner()).await?))
}

const RANKING: &[&str] =
    &["Place", "Reference", "Title", "Lead authority", "Mean", "Readers", "Tied", "Interview", "Combined"];

/// The ranking as CSV.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/ranking.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let ranked = service::ranked(&app, &call, slug.into_inner()).await?;
    let rows = ranked.into_iter().map(ranking_row);
    Ok(csv::attachment("ranking", csv::document(RANKING, rows)?))
}

fn ranking_row(row: Ranked) -> Vec<String> {
    vec![
        row.place.map(|place| place.to_string()).unwrap_or_default(),
        row.bid.reference,
        row.bid.title,
        row.bid.lead,
        row.mean.unwrap_or_default(),
        row.readers.to_string(),
        if row.tied { "Yes" } else { "No" }.into(),
        row.interview.map(|standing| standing.word().to_owned()).unwrap_or_default(),
        row.combined.unwrap_or_default(),
    ]
}

const SCORES: &[&str] = &[
    "Reference",
    "Title",
    "Lead authority",
    "Assessor",
    "Submitted",
    "Criterion",
    "Score",
    "Confidence",
    "Justification",
];

/// Every submitted score of a round as CSV.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/scores.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn scores_as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let lines = service::scores_of_round(&app, &call, slug.into_inner()).await?;
    let rows = lines.into_iter().map(score_row);
    Ok(csv::attachment("scores", csv::document(SCORES, rows)?))
}

fn score_row(line: ScoreLine) -> Vec<String> {
    vec![
        line.bid.reference,
        line.bid.title,
        line.bid.lead,
        line.assessor,
        line.submitted_at.map(|at| at.to_string()).unwrap_or_default(),
        line.score.criterion,
        line.score.value.to_string(),
        line.score.confidence.word().into(),
        line.score.justification,
    ]
}
