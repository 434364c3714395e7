//! Flags and questions to the fund team over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{FundQuery, NewAnswer, NewClosing, NewFollowUp, NewQuery, ReaderQuery, RoundQueries},
    service,
};
use crate::{
    assessment::api::Answer,
    http::{App, Call, IfMatch, Json, one_of, respond},
};

/// What one has flagged and asked of a bid that one reads, and what the fund team shares of others', without names.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/queries", tag = "assessment", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<ReaderQuery>)))]
pub async fn mine(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::mine(&app, &call, reference.into_inner()).await?))
}

/// Flags a bid that one reads, or asks the fund team about it. The fund's managers are told.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/queries", tag = "assessment", params(("reference" = String, Path)),
    request_body = NewQuery, responses((status = 201, body = Vec<ReaderQuery>)))]
pub async fn ask(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewQuery>) -> Answer {
    let reference = reference.into_inner();
    service::ask(&app, &call, reference.clone(), body.0).await?;
    let location = format!("/api/v1/bids/{reference}/queries");
    Ok(respond::listed(&location, &service::mine(&app, &call, reference).await?))
}

/// Asks beyond an answer of the fund team. Its managers are told.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/queries/{number}/follow-up", tag = "assessment",
    params(("reference" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)),
    request_body = NewFollowUp, responses((status = 200, body = Vec<ReaderQuery>)))]
pub async fn follow_up(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<NewFollowUp>,
) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    service::follow_up(&app, &call, reference.clone(), (number, version.0), body.0).await?;
    Ok(respond::ok(&service::mine(&app, &call, reference).await?))
}

/// The flags and questions of a round for its fund managers, those that wait first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/queries", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = RoundQueries)))]
pub async fn waiting(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::waiting(&app, &call, slug.into_inner()).await?))
}

/// A flag or question with everything that followed, for fund managers.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/queries/{number}", tag = "assessment",
    params(("reference" = String, Path), ("number" = i32, Path)), responses((status = 200, body = FundQuery)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    let query = service::one(&app, &call, reference, number).await?;
    Ok(respond::versioned(query.version, &query))
}

/// Answers a flag or question, to whoever asked or to all who read the bid. They are told.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/queries/{number}/answer", tag = "assessment",
    params(("reference" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)),
    request_body = NewAnswer, responses((status = 200, body = FundQuery)))]
pub async fn answer(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<NewAnswer>,
) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    service::answer(&app, &call, reference.clone(), (number, version.0), body.0).await?;
    let query = service::one(&app, &call, reference, number).await?;
    Ok(respond::versioned(query.version, &query))
}

/// Closes a flag or question with what was done. Whoever asked is told.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/queries/{number}/close", tag = "assessment",
    params(("reference" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)),
    request_body = NewClosing, responses((status = 200, body = FundQuery)))]
pub async fn close(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<NewClosing>,
) -> Answer {
    let (reference, number) = one_of(path.into_inner())?;
    service::close(&app, &call, reference.clone(), (number, version.0), body.0).await?;
    let query = service::one(&app, &call, reference, number).await?;
    Ok(respond::versioned(query.version, &query))
}
