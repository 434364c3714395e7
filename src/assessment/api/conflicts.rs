//! Conflicts of interest over REST.

use actix_web::web::{Data, Path};

use super::Answer;
use crate::{
    assessment::{
        model::{Conflict, NewConflict},
        service,
    },
    http::{App, Call, Json, respond},
    ids::{Id, RowKey},
};

/// One's own conflicts of interest, newest first.
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

/// Lifts a conflict of interest.
#[utoipa::path(post, path = "/api/v1/conflicts/{id}/lift", tag = "assessment", params(("id" = Id<RowKey>, Path)),
    responses((status = 200, body = Conflict)))]
pub async fn lift(app: Data<App>, call: Call, id: Path<Id<RowKey>>) -> Answer {
    Ok(respond::ok(&service::lift(&app, &call, id.into_inner()).await?))
}
