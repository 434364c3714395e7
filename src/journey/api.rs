//! A bid's way over REST: what may happen next, and making it happen.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};

use super::service::{self, MadeMove, MovedBids, Plan, Taken, WorkflowMove};
use crate::{
    error::AppError,
    http::{App, Call, Json, Refused, respond},
    ids::{Id, RowKey},
    workflow::picture,
};

type Answer = Result<HttpResponse, Refused>;

/// What the caller can do with a bid, and why something cannot be done.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/actions", tag = "journey", params(("reference" = String, Path)),
    responses((status = 200, body = Plan)))]
pub async fn actions(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::plan(&app, &call, reference.into_inner()).await?))
}

/// Takes an action: submits, starts the full application, withdraws. A person submits with a fresh code
/// (`fresh_code_needed`); a program does not need one.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/actions/{action}", tag = "journey",
    params(("reference" = String, Path), ("action" = String, Path)), responses((status = 200, body = Taken)))]
pub async fn take(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, action) = path.into_inner();
    Ok(respond::ok(&service::take(&app, &call, reference, action).await?))
}

/// How a round decides on its bids: its workflow, as `roundtable check-workflow --schema` describes it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Object, headers(("ETag" = String)))))]
pub async fn workflow(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let way = service::way_of_round(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(way.number, &way.definition))
}

/// The same as the text of a Mermaid state diagram; for the fund's staff with the number of bids in each state.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow.mmd", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/plain", body = String)))]
pub async fn workflow_mermaid(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let way = service::way_of_round(&app, &call, slug.into_inner()).await?;
    Ok(drawn("text/plain; charset=utf-8", picture::mermaid(&way.definition, &way.shown())))
}

/// The same as a picture; for the fund's staff with the number of bids in each state.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow.svg", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, content_type = "image/svg+xml", body = String)))]
pub async fn workflow_svg(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let way = service::way_of_round(&app, &call, slug.into_inner()).await?;
    Ok(drawn("image/svg+xml", picture::svg(&way.definition, &way.shown())))
}

/// The moves of a round's bids from one version of its workflow to another, newest first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow/moves", tag = "workflows", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<MadeMove>)))]
pub async fn moves(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::moves(&app, &call, slug.into_inner()).await?))
}

/// Moves the submitted bids of one version of the workflow to another, all of them or none (`cannot_move`, with the
/// reasons for each bid); with `dry_run` it only says where each would land and what stands in the way.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/workflow/moves", tag = "workflows", params(("slug" = String, Path)),
    request_body = WorkflowMove,
    responses((status = 200, description = "Looked at", body = MovedBids), (status = 201, body = MovedBids)))]
pub async fn move_bids(app: Data<App>, call: Call, slug: Path<String>, body: Json<WorkflowMove>) -> Answer {
    let moved = service::move_bids(&app, &call, slug.clone(), body.0).await?;
    if moved.id.is_none() {
        return Ok(respond::ok(&moved));
    }
    Ok(respond::listed(&format!("/api/v1/rounds/{slug}/workflow/moves"), &moved))
}

/// Takes the bids of a move back, while nothing has happened to any of them since (`cannot_undo`).
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/workflow/moves/{id}", tag = "workflows",
    params(("slug" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 204)))]
pub async fn undo_move(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, id) = path.into_inner();
    let id = id.parse().map_err(|_no_uuid| AppError::NotFound)?;
    service::undo_move(&app, &call, slug, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn drawn(media: &str, text: String) -> HttpResponse {
    HttpResponse::Ok().content_type(media).insert_header((header::CACHE_CONTROL, "no-store")).body(text)
}
