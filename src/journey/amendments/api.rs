//! Changes of a published round over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{Amendment, AmendmentKind, Cancellation, NewBudget, NewRules, Proposal, Proposed},
    service::{self, Approved},
};
use crate::{
    approvals::model::RefusalBody,
    error::AppError,
    http::{App, Call, IfMatch, Json, Refused, Seen, respond},
};

type Answer = Result<HttpResponse, Refused>;

fn kind(word: &str) -> Result<AmendmentKind, Refused> {
    AmendmentKind::from_word(word).ok_or(Refused(AppError::NotFound))
}

/// What was changed about a round since it was published, newest first, with the reasons: its rules, its budget, or that it
/// was called off.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/amendments", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Amendment>)))]
pub async fn list(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::amendments(&app, &call, slug.into_inner()).await?))
}

async fn propose(app: &App, call: &Call, slug: String, version: IfMatch, proposed: Proposed) -> Answer {
    Ok(respond::accepted(&service::propose(app, call, slug, version.0, proposed).await?))
}

/// Proposes to call a published round off, which a second manager has to approve. From then on nothing moves in it. It is
/// refused once awards have been announced (`awards_announced`). If-Match carries the round's ETag.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/cancellation", tag = "rounds",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = Cancellation,
    responses((status = 202, body = Proposal)))]
pub async fn cancel(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<Cancellation>,
) -> Answer {
    propose(&app, &call, slug.into_inner(), version, Proposed::Cancellation(body.0)).await
}

/// Proposes other rules for a published round, which a second manager has to approve. Everything but the questions can
/// change until the first full application is in, and nothing from then on (`rules_locked`). If-Match carries the round's
/// ETag.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/rules", tag = "rounds",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = NewRules,
    responses((status = 202, body = Proposal)))]
pub async fn change_rules(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<NewRules>,
) -> Answer {
    propose(&app, &call, slug.into_inner(), version, Proposed::Rules(Box::new(body.0))).await
}

/// Proposes another budget for a published round, which a second manager has to approve; never less than is awarded
/// (`below_awards`). If-Match carries the round's ETag.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/budget", tag = "rounds",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = NewBudget,
    responses((status = 202, body = Proposal)))]
pub async fn change_budget(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<NewBudget>,
) -> Answer {
    propose(&app, &call, slug.into_inner(), version, Proposed::Budget(body.0)).await
}

/// What is proposed and waits for a second manager, for the fund's staff.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/proposals", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Proposal>)))]
pub async fn proposals(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::desk(&app, &call, slug.into_inner()).await?.proposals))
}

/// Stands behind what another manager proposes, with which it is in force. If-Match carries the tag of the support that was
/// read.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/proposals/{kind}/approve", tag = "rounds",
    params(("slug" = String, Path), ("kind" = AmendmentKind, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Amendment), (status = 202, body = Proposal)))]
pub async fn approve(app: Data<App>, call: Call, path: Path<(String, String)>, seen: Seen) -> Answer {
    let (slug, word) = path.into_inner();
    Ok(match service::approve(&app, &call, slug, kind(&word)?, seen.0).await? {
        Approved::InForce(amendment) => respond::ok(&amendment),
        Approved::Waiting(proposal) => respond::accepted(&proposal),
    })
}

/// Refuses what another manager proposes; they read the reason. If-Match carries the tag of the support that was read.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/proposals/{kind}/refuse", tag = "rounds",
    params(("slug" = String, Path), ("kind" = AmendmentKind, Path), ("If-Match" = String, Header)),
    request_body = RefusalBody, responses((status = 204)))]
pub async fn refuse(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    seen: Seen,
    body: Json<RefusalBody>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let said = (body.0.reason, seen.0);
    service::refuse(&app, &call, slug, kind(&word)?, said).await?;
    Ok(respond::nothing())
}

/// Takes back what one has proposed.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/proposals/{kind}", tag = "rounds",
    params(("slug" = String, Path), ("kind" = AmendmentKind, Path)), responses((status = 204)))]
pub async fn take_back(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, word) = path.into_inner();
    service::take_back(&app, &call, slug, kind(&word)?).await?;
    Ok(respond::nothing())
}
