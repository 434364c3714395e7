//! Pools over REST: a round's for its managers, and one's own places.

use actix_web::web::{Data, Path};

use super::{
    model::{
        Acceptance, Agreement, Ending, Invited, MyPlace, NewInvitations, NewPool, PlaceState, PlaceView, Pool,
        PoolSettings, TurningDown,
    },
    service,
};
use crate::{
    assessment::api::Answer,
    error::AppError,
    http::{App, Call, IfMatch, Json, csv, in_address, respond},
};

/// The pool of a round: who was invited, what they said, and whether they can read what there is to read.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/pool", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Pool)))]
pub async fn show(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let (_, pool, _) = service::pool(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(pool.settings.version, &pool))
}

/// Settles a round's pool; If-Match is `"v0"` where the round has none, which opens it.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/pool", tag = "assessment",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = NewPool,
    responses((status = 200, body = PoolSettings)))]
pub async fn settle(app: Data<App>, call: Call, slug: Path<String>, version: IfMatch, body: Json<NewPool>) -> Answer {
    let settled = service::settle(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(settled.version, &settled))
}

/// The same pool as a table.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/pool.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let rows = service::table(&app, &call, slug.into_inner()).await?;
    Ok(csv::attachment("assessors", csv::document(&PlaceView::COLUMNS, rows)?))
}

/// Invites people to a round's pool, known here or new, and says of each what became of it.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/pool/invitations", tag = "assessment",
    params(("slug" = String, Path)), request_body = NewInvitations, responses((status = 200, body = Vec<Invited>)))]
pub async fn invite(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewInvitations>) -> Answer {
    Ok(respond::ok(&service::invite(&app, &call, slug.into_inner(), body.0).await?))
}

/// One place of a round's pool.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/pool/places/{id}", tag = "assessment",
    params(("slug" = String, Path), ("id" = String, Path)), responses((status = 200, body = PlaceView)))]
pub async fn one(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (_, place, ..) = service::one(&app, &call, read(path.into_inner())?).await?;
    Ok(respond::versioned(place.version, &place))
}

/// Ends somebody's place. The bids that they have not assessed are taken from them, and they are told why.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/pool/places/{id}", tag = "assessment",
    params(("slug" = String, Path), ("id" = String, Path), ("If-Match" = String, Header)), request_body = Ending,
    responses((status = 200, body = PlaceView)))]
pub async fn end(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<Ending>,
) -> Answer {
    let ended = service::end(&app, &call, read(path.into_inner())?, version.0, body.0).await?;
    Ok(respond::versioned(ended.version, &ended))
}

fn read((slug, id): (String, String)) -> Result<(String, crate::ids::Id<crate::ids::RowKey>), AppError> {
    Ok((slug, in_address(&id)?))
}

/// The rounds that one was invited to assess in, with what one has said, the newest invitation first.
#[utoipa::path(get, path = "/api/v1/pool-places", tag = "assessment", responses((status = 200, body = Vec<MyPlace>)))]
pub async fn own(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&service::my_places(&app, &call, PlaceState::ALL).await?))
}

/// One's own place in a round's pool: the invitation, the work, the terms, and what one has said.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/pool/mine", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = MyPlace)))]
pub async fn mine(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let mine = service::mine(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(mine.place.version, &mine))
}

/// Accepts to assess, or changes what one has said since.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/pool/mine", tag = "assessment",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = Acceptance,
    responses((status = 200, body = MyPlace)))]
pub async fn accept(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<Acceptance>,
) -> Answer {
    let mine = service::accept(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(mine.place.version, &mine))
}

/// Agrees to terms that have changed since one accepted: until then one is given no more bids.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/pool/mine/terms", tag = "assessment",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = Agreement,
    responses((status = 200, body = MyPlace)))]
pub async fn agree(app: Data<App>, call: Call, slug: Path<String>, version: IfMatch, body: Json<Agreement>) -> Answer {
    let mine = service::agree(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(mine.place.version, &mine))
}

/// Declines an invitation.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/pool/mine/decline", tag = "assessment",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = TurningDown,
    responses((status = 200, body = MyPlace)))]
pub async fn decline(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<TurningDown>,
) -> Answer {
    let mine = service::decline(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(mine.place.version, &mine))
}

/// Stops assessing in a round. The bids that one has not assessed are taken back.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/pool/mine/withdraw", tag = "assessment",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = TurningDown,
    responses((status = 200, body = MyPlace)))]
pub async fn withdraw(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<TurningDown>,
) -> Answer {
    let mine = service::withdraw(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(mine.place.version, &mine))
}
