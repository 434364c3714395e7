//! A bid's way over REST: what may happen next, and making it happen.

pub mod bulk;
pub mod holds;
pub mod proposals;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};

use crate::{
    approvals::model::{RefusalBody, Support},
    error::AppError,
    http::{App, Call, Json, Refused, Seen, in_address, respond},
    ids::{Id, RowKey},
    journey::service::{
        self, Awaited, Done, MadeMove, MovedBids, Plan, Taken, WorkflowMove,
        dates::{self, ChangeView, NewDate, NewReply, NewTime, TimeOfBid},
    },
    workflow::picture,
};

type Answer = Result<HttpResponse, Refused>;

/// What the caller can do with a bid, and why something cannot be done.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/actions", tag = "journey", params(("reference" = String, Path)),
    responses((status = 200, body = Plan)))]
pub async fn actions(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::plan(&app, &call, reference.into_inner()).await?))
}

/// Takes an action, or asks those for their approval who have to stand behind it, who are told by mail: submits, starts the full application, withdraws. A person submits with a fresh code
/// (`fresh_code_needed`); a program does not need one.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/actions/{action}", tag = "journey",
    params(("reference" = String, Path), ("action" = String, Path)),
    responses((status = 200, body = Taken), (status = 202, body = Support)))]
pub async fn take(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, action) = path.into_inner();
    let taken = service::take(&app, &call, reference.clone(), action).await;
    Ok(done(&taken.map_err(|refusal| with_papers(refusal, &reference))?))
}

/// Says where the draft is that came too late.
fn with_papers(refusal: AppError, reference: &str) -> AppError {
    match refusal {
        AppError::Conflict { code: "deadline_passed", message } if message.ends_with(service::DRAFT_IS_KEPT) => {
            let files = format!("/api/v1/bids/{reference}/draft/file.pdf and /api/v1/bids/{reference}/draft/file.docx");
            AppError::conflict("deadline_passed", format!("{message} They are at {files}."))
        }
        other => other,
    }
}

fn done(done: &Done) -> HttpResponse {
    match done {
        Done::Taken(taken) => respond::ok(taken),
        Done::Waiting(support) => respond::accepted(support),
        Done::Decided => respond::nothing(),
    }
}

/// What waits on a bid for approvals, for those who can take it or approve it.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/requests", tag = "journey", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<Awaited>)))]
pub async fn requests(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::requests(&app, &call, reference.into_inner()).await?))
}

/// Approves what somebody asked for. With the last approval it is done; a decision stands then, and is read where
/// decisions are. If-Match carries the tag of the support that was read.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/requests/{request}/approve", tag = "journey",
    params(("reference" = String, Path), ("request" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Taken), (status = 202, body = Support), (status = 204)))]
pub async fn approve(app: Data<App>, call: Call, path: Path<(String, String)>, seen: Seen) -> Answer {
    let (reference, request) = path.into_inner();
    Ok(done(&service::approve(&app, &call, reference, in_address(&request)?, seen.0).await?))
}

/// Refuses what somebody asked for; they read the reason. If-Match carries the tag of the support that was read.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/requests/{request}/refuse", tag = "journey",
    params(("reference" = String, Path), ("request" = String, Path), ("If-Match" = String, Header)),
    request_body = RefusalBody, responses((status = 204)))]
pub async fn refuse(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    seen: Seen,
    body: Json<RefusalBody>,
) -> Answer {
    let (reference, request) = path.into_inner();
    service::refuse(&app, &call, reference, in_address(&request)?, body.0.reason, seen.0).await?;
    Ok(respond::nothing())
}

/// Takes back what one has asked for.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/requests/{request}", tag = "journey",
    params(("reference" = String, Path), ("request" = String, Path)), responses((status = 204)))]
pub async fn take_back(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, request) = path.into_inner();
    service::take_back(&app, &call, reference, in_address(&request)?).await?;
    Ok(respond::nothing())
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
    let id = in_address(&id)?;
    service::undo_move(&app, &call, slug, id).await?;
    Ok(respond::nothing())
}

fn drawn(media: &str, text: String) -> HttpResponse {
    HttpResponse::Ok().content_type(media).insert_header((header::CACHE_CONTROL, "no-store")).body(text)
}

/// The changes of a round's dates that are in force, newest first; for the fund's managers proposals too.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/milestones/changes", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<ChangeView>)))]
pub async fn changes(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&dates::changes(&app, &call, slug.into_inner()).await?))
}

/// Moves a milestone of a round, with a reason that is published. One that comes at most 48 hours later than the last
/// instant that two managers stand behind moves at once; any other move is a proposal until a second manager confirms it.
/// Like every answer to a change, it needs a fresh code (403 `fresh_code_needed`).
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/milestones/changes", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewDate, responses((status = 201, body = ChangeView)))]
pub async fn change_date(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewDate>) -> Answer {
    let change = dates::change_date(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/rounds/{slug}/milestones/changes"), &change))
}

/// The same under its older address, which tells nothing of whether the move waits for a second manager.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/extensions", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewDate, responses((status = 204)))]
pub async fn extend(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewDate>) -> Answer {
    dates::change_date(&app, &call, slug.into_inner(), body.0).await?;
    Ok(respond::nothing())
}

/// Answers a change: `confirm`, `refuse`, `withdraw` or `object`. Nobody confirms, refuses or objects to their own.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/milestones/changes/{number}/{reply}", tag = "rounds",
    params(("slug" = String, Path), ("number" = i32, Path), ("reply" = String, Path)),
    request_body = NewReply, responses((status = 200, body = ChangeView)))]
pub async fn answer_change(
    app: Data<App>,
    call: Call,
    path: Path<(String, String, String)>,
    body: Json<NewReply>,
) -> Answer {
    let (slug, number, reply) = path.into_inner();
    Ok(respond::ok(&dates::answer_change(&app, &call, slug, (number, reply), body.0).await?))
}

/// When a bid closes, later than others if it does: for its councils and the fund's staff. Why is told to people of its lead
/// and to the fund's managers alone.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/milestones/changes", tag = "bids",
    params(("reference" = String, Path)), responses((status = 200, body = TimeOfBid)))]
pub async fn time_of(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&dates::time_of(&app, &call, reference.into_inner()).await?))
}

/// Gives one bid more time, because this service was out of order or as a reasonable adjustment. The same 48 hours and the
/// same second person and fresh code as for a whole round. A draft that has lapsed is open again until then. With the ground
/// `reopening` it proposes to reopen a bid that has closed for the named questions alone, and is in force only once a second
/// manager confirms it; while it is, writing anything else is answered with `not_reopened`.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/milestones/changes", tag = "bids",
    params(("reference" = String, Path)), request_body = NewTime, responses((status = 201, body = ChangeView)))]
pub async fn give_time(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewTime>) -> Answer {
    let change = dates::give_time(&app, &call, reference.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/bids/{reference}/milestones/changes"), &change))
}

/// Answers more time for a bid: `confirm`, `refuse`, `withdraw` or `object`.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/milestones/changes/{number}/{reply}", tag = "bids",
    params(("reference" = String, Path), ("number" = i32, Path), ("reply" = String, Path)),
    request_body = NewReply, responses((status = 200, body = ChangeView)))]
pub async fn answer_time(
    app: Data<App>,
    call: Call,
    path: Path<(String, String, String)>,
    body: Json<NewReply>,
) -> Answer {
    let (reference, number, reply) = path.into_inner();
    Ok(respond::ok(&dates::answer_time(&app, &call, reference, (number, reply), body.0).await?))
}
