//! Plans, pins and bans over REST.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    model::{NewPin, NewPlan, Pin, PinKind, PinPrice, Plan, PlanApplied, PlanLine, PlanMade},
    service::{self, Files, Outcome},
};
use crate::{
    assessment::api::Answer,
    error::{AppError, Result},
    http::{App, Call, Json, Query, csv, in_address, respond},
    ids::{Id, PersonKey},
};

/// The plans of who reads what in a round, the newest first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/plans", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<PlanLine>)))]
pub async fn list(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::list(&app, &call, slug.into_inner()).await?))
}

/// Has the best plan made of who reads what, and gives nothing. Where nothing has changed since the newest plan, that one is
/// answered; where no plan can be, which bids and limits make it impossible.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/plans", tag = "assessment", params(("slug" = String, Path)),
    request_body = NewPlan, responses((status = 201, body = PlanMade), (status = 200, body = PlanMade)))]
pub async fn make(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewPlan>) -> Answer {
    let slug = slug.into_inner();
    match service::make(&app, &call, slug.clone(), body.0).await? {
        Outcome::Impossible(why) => Err(AppError::conflict("no_assignment", why.message).into()),
        Outcome::Made(made) if made.new => {
            Ok(respond::listed(&format!("/api/v1/rounds/{slug}/plans/{}", made.number), &made))
        }
        Outcome::Made(made) => Ok(respond::ok(&made)),
    }
}

/// A plan: who reads what, what it changes against what was given when it was made, how much everybody reads, and the proof that
/// none is worth more.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/plans/{number}", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = Plan)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let (_, plan, _) = service::one(&app, &call, path.into_inner()).await?;
    Ok(respond::ok(&plan))
}

/// Who reads what by a plan, as CSV with a line for each reading.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/plans/{number}/readers.csv", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "text/csv")))]
pub async fn readers(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let (columns, rows) = service::table(&app, &call, path.into_inner()).await?;
    Ok(csv::attachment("readers", csv::document(columns, rows)?))
}

/// What each reading is worth, as `roundtable assign` reads it: a row for each bid, a column for each assessor, -1 for what cannot be.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/plans/{number}/matrix.csv", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "text/csv")))]
pub async fn matrix(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(csv::attachment("matrix", files(&app, &call, path).await?.matrix.into_bytes()))
}

/// How many bids each assessor reads at least and at most, as `roundtable assign --limits` reads it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/plans/{number}/limits.csv", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, content_type = "text/csv")))]
pub async fn limits(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(csv::attachment("limits", files(&app, &call, path).await?.limits.into_bytes()))
}

/// What is pinned and what was given already, by rows and columns of the matrix, as `roundtable assign --wish` reads it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/plans/{number}/wish.json", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)),
    responses((status = 200, content_type = "application/json")))]
pub async fn wish(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let wish = files(&app, &call, path).await?.wish;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"wish.json\""))
        .body(wish))
}

async fn files(app: &App, call: &Call, path: Path<(String, i32)>) -> Result<Files> {
    service::files(app, call, path.into_inner()).await
}

/// Applies the newest plan: gives its bids, takes away what it takes away, and tells each assessor once. Applying it again changes
/// nothing.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/plans/{number}/apply", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = PlanApplied)))]
pub async fn apply(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    Ok(respond::ok(&service::apply(&app, &call, path.into_inner()).await?))
}

/// The pins and bans by which plans of a round go, the oldest first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/pins", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Pin>)))]
pub async fn pins(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::pins(&app, &call, slug.into_inner()).await?))
}

/// Which pin or ban is priced.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PricedPin {
    /// The reference of the bid.
    #[serde(default)]
    bid: String,
    /// The id of the assessor.
    #[serde(default)]
    person: String,
    /// What it says; a pin if not said.
    kind: Option<PinKind>,
}

/// What a pin or a ban would cost, before it is made: what the best plan is worth with it and without it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/pin-price", tag = "assessment",
    params(("slug" = String, Path), PricedPin),
    responses((status = 200, body = PinPrice), (status = 409)))]
pub async fn price(app: Data<App>, call: Call, slug: Path<String>, which: Query<PricedPin>) -> Answer {
    let PricedPin { bid, person, kind } = which.0;
    // Nobody has this id, so that a person who is not one is answered as one who does not assess.
    let person = person.parse().unwrap_or_else(|_not_one| Id::<PersonKey>::of(uuid::Uuid::nil()));
    let of = (bid, person, kind.unwrap_or(PinKind::Pin));
    Ok(respond::ok(&service::price(&app, &call, slug.into_inner(), of).await?))
}

/// Pins a bid to an assessor or bans them from it, for every plan from now on.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/pins", tag = "assessment", params(("slug" = String, Path)),
    request_body = NewPin, responses((status = 201, body = Pin)))]
pub async fn pin(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewPin>) -> Answer {
    let slug = slug.into_inner();
    let pin = service::pin(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/rounds/{slug}/pins"), &pin))
}

/// Takes a pin or a ban back.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/pins/{id}", tag = "assessment",
    params(("slug" = String, Path), ("id" = String, Path)), responses((status = 204)))]
pub async fn unpin(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, id) = path.into_inner();
    service::unpin(&app, &call, slug, in_address(&id)?).await?;
    Ok(respond::nothing())
}
