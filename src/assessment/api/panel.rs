//! Who reads which bid, over REST.

use actix_web::web::{Data, Path};
use serde::Deserialize;

use super::Answer;
use crate::{
    assessment::{
        model::{Answered, Assignment, Wish},
        plans::{self, by_hand::Candidate},
        service::{self, Panel},
    },
    http::{App, Call, Json, respond},
    ids::{Id, PersonKey},
};

/// Who has a bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/assessors", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<Assignment>)))]
pub async fn of_bid(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::assessors(&app, &call, reference.into_inner()).await?))
}

/// Who of the round's pool can be given a bid and from whom it can be taken, with what it is worth that each reads it, the most first;
/// nobody in a round without a pool.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/assessors/candidates", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<Candidate>)))]
pub async fn candidates(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&plans::service::candidates(&app, &call, reference.into_inner()).await?))
}

/// An assessor for a bid.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReader {
    /// The person.
    pub person: Id<PersonKey>,
}

/// Gives a bid to an assessor; giving it again changes nothing.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/assessors", tag = "assessment",
    params(("reference" = String, Path)), request_body = NewReader, responses((status = 200, body = Assignment)))]
pub async fn assign(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewReader>) -> Answer {
    Ok(respond::ok(&service::assign(&app, &call, reference.into_inner(), body.person).await?))
}

/// Takes a bid from an assessor who has not submitted.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/assessors/{person}", tag = "assessment",
    params(("reference" = String, Path), ("person" = Id<PersonKey>, Path)), responses((status = 204)))]
pub async fn unassign(app: Data<App>, call: Call, path: Path<(String, Id<PersonKey>)>) -> Answer {
    let (reference, person) = path.into_inner();
    service::unassign(&app, &call, reference, person).await?;
    Ok(respond::nothing())
}

/// Says that nobody is wanted any more in the place of readers whom a bid has lost to a conflict of interest.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/replacement-readers", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 204)))]
pub async fn close_replacements(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    service::close_replacements(&app, &call, reference.into_inner()).await?;
    Ok(respond::nothing())
}

/// Who reads what in a round.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/assessors", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Panel)))]
pub async fn of_round(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::panel(&app, &call, slug.into_inner()).await?))
}

/// Several bids for several assessors.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReaders {
    /// Who should read what, at most 1,000 at once.
    #[schema(max_items = 1_000)]
    pub assignments: Vec<Wish>,
}

/// Gives several bids to assessors, and says of each what became of it.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/assessors", tag = "assessment", params(("slug" = String, Path)),
    request_body = NewReaders, responses((status = 200, body = Vec<Answered>)))]
pub async fn assign_many(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewReaders>) -> Answer {
    Ok(respond::ok(&service::assign_many(&app, &call, slug.into_inner(), body.0.assignments).await?))
}
