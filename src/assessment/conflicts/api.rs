//! Conflicts of interest over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{Conflict, Declarations, Lifting, NewConflict, NewVerdict, Recusal, RoundConflicts},
    sealed::{self, SealedReading},
    service,
};
use crate::{
    assessment::api::Answer,
    http::{App, Call, Json, PageRequest, Query, in_address, respond},
    ids::{Id, PersonKey, RowKey},
};

/// What one has said of oneself, newest first.
#[utoipa::path(get, path = "/api/v1/conflicts", tag = "assessment", responses((status = 200, body = Vec<Conflict>)))]
pub async fn own(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&service::own(&app, &call).await?))
}

/// Declares a conflict of interest, or pins somebody else's.
#[utoipa::path(post, path = "/api/v1/conflicts", tag = "assessment", request_body = NewConflict,
    responses((status = 200, body = Conflict)))]
pub async fn declare(app: Data<App>, call: Call, body: Json<NewConflict>) -> Answer {
    Ok(respond::ok(&service::declare(&app, &call, body.0).await?))
}

/// Lifts a conflict of interest; somebody else's with a reason.
#[utoipa::path(post, path = "/api/v1/conflicts/{id}/lift", tag = "assessment", params(("id" = Id<RowKey>, Path)),
    request_body = Lifting, responses((status = 200, body = Conflict)))]
pub async fn lift(app: Data<App>, call: Call, id: Path<Id<RowKey>>, body: Json<Lifting>) -> Answer {
    Ok(respond::ok(&service::lift(&app, &call, id.into_inner(), body.0).await?))
}

/// The bids of a round with which one may say that one has a conflict of interest: title and organisations alone, why the program
/// suggests one, and what is withheld because one has said so.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/declarations", tag = "assessment",
    params(("slug" = String, Path), PageRequest), responses((status = 200, body = Declarations)))]
pub async fn declarations(app: Data<App>, call: Call, slug: Path<String>, page: Query<PageRequest>) -> Answer {
    Ok(respond::ok(&service::declarations(&app, &call, slug.into_inner(), page.0).await?))
}

/// The conflicts of interest of a round for those who lead the panel: those that stand, those that wait for an answer,
/// and those that were set aside.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/conflicts", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = RoundConflicts)))]
pub async fn of_round(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::of_round(&app, &call, slug.into_inner()).await?))
}

/// Answers a possible conflict of interest of oneself, or of somebody whose panel one leads: with the conflict, if it is one.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/possible-conflicts/{person}", tag = "assessment",
    params(("reference" = String, Path), ("person" = Id<PersonKey>, Path)), request_body = NewVerdict,
    responses((status = 200, body = Option<Conflict>)))]
pub async fn answer(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<NewVerdict>) -> Answer {
    let (reference, person) = path.into_inner();
    Ok(respond::ok(&service::answer(&app, &call, reference, in_address(&person)?, body.0).await?))
}

/// Recuses oneself from a bid that one was given: access ends at once, and what was written is sealed.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/recuse", tag = "assessment", params(("reference" = String, Path)),
    request_body = Recusal, responses((status = 200, body = Conflict)))]
pub async fn recuse(app: Data<App>, call: Call, reference: Path<String>, body: Json<Recusal>) -> Answer {
    Ok(respond::ok(&service::recuse(&app, &call, reference.into_inner(), body.0).await?))
}

/// Opens what people wrote of a bid who no longer read it. That it was opened stands in the history.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/scores/sealed", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<SealedReading>)))]
pub async fn open_sealed(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&sealed::open(&app, &call, reference.into_inner()).await?))
}
