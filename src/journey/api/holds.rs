//! Holds over REST.

use actix_web::web::{Data, Path};

use super::Answer;
use crate::{
    bids::holds::model::Hold,
    http::{App, Call, IfMatch, Json, JsonOrNothing, respond},
    journey::service::holds::{self, LiftBody, NewHold},
};

/// The hold that stands on a bid, for its councils and the fund's staff.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/hold", tag = "journey", params(("reference" = String, Path)),
    responses((status = 200, body = Hold)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let hold = holds::hold(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(hold.number, &hold))
}

/// Puts a bid on hold, with a reason that its councils are told by mail. While it stands everything but taking the bid
/// back is refused to it (`on_hold`), nothing happens to the bid by itself, and no outcome of it shows that did not before.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/hold", tag = "journey", params(("reference" = String, Path)),
    request_body = NewHold, responses((status = 201, body = Hold)))]
pub async fn place(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewHold>) -> Answer {
    let hold = holds::place(&app, &call, reference.clone(), body.0).await?;
    Ok(respond::created(&format!("/api/v1/bids/{reference}/hold"), hold.number, &hold))
}

/// Lifts the hold that was read, which the councils are told by mail. What has become due meanwhile happens at once: a
/// draft lapses whose closing is over, an outcome shows that was released. A note, if there is one, stands in their mail.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/hold", tag = "journey",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = Option<LiftBody>,
    responses((status = 204)))]
pub async fn lift(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    number: IfMatch,
    body: JsonOrNothing<LiftBody>,
) -> Answer {
    holds::lift(&app, &call, reference.into_inner(), number.0, body.0.note).await?;
    Ok(respond::nothing())
}
