//! One act on many bids over REST.

use actix_web::web::{Data, Path};

use super::Answer;
use crate::{
    http::{App, Call, Json, respond},
    journey::service::bulk::{self, BulkBody, BulkItem},
};

/// Does one thing with many bids of a round: puts them on hold, lifts their holds, or takes an action of the workflow that is
/// no decision. Each bid is answered by itself, in the order in which they were sent; with `dry_run` nothing is done. Sent
/// again with the same Idempotency-Key it answers the same, and finishes what was cut off.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/bulk", tag = "journey", params(("slug" = String, Path)),
    request_body = BulkBody, responses((status = 200, body = Vec<BulkItem>)))]
pub async fn act(app: Data<App>, call: Call, slug: Path<String>, body: Json<BulkBody>) -> Answer {
    Ok(respond::ok(&bulk::bulk(&app, &call, slug.into_inner(), body.0).await?))
}
