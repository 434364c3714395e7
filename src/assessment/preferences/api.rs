//! Preferences over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{NewPreferences, Preferences, PreferencesSaid},
    service,
};
use crate::{
    assessment::api::Answer,
    http::{App, Call, Json, PageRequest, Query, respond},
};

/// The bids of a round with whether one would like to read them, for whoever has accepted to assess in it: title and organisations
/// alone, and what is withheld because one has said that one has a conflict of interest.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/preferences", tag = "assessment",
    params(("slug" = String, Path), PageRequest), responses((status = 200, body = Preferences)))]
pub async fn show(app: Data<App>, call: Call, slug: Path<String>, page: Query<PageRequest>) -> Answer {
    Ok(respond::ok(&service::preferences(&app, &call, slug.into_inner(), page.0).await?))
}

/// Says of some bids of a round whether one would like to read them, until every bid has its readers. What is not named stays as it
/// is.
#[utoipa::path(patch, path = "/api/v1/rounds/{slug}/preferences", tag = "assessment", params(("slug" = String, Path)),
    request_body = NewPreferences, responses((status = 200, body = PreferencesSaid)))]
pub async fn prefer(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewPreferences>) -> Answer {
    Ok(respond::ok(&service::prefer(&app, &call, slug.into_inner(), body.0).await?))
}
