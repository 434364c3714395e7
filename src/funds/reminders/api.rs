//! A round's reminders over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{NewReminders, Reminders},
    service,
};
use crate::http::{App, Call, IfMatch, Json, Refused, respond};

type Answer = Result<HttpResponse, Refused>;

/// On which working days before each closing people are reminded.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/reminders", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Reminders)))]
pub async fn show(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let (_, reminders) = service::reminders(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(reminders.version, &reminders))
}

/// Chooses those days; If-Match is `"v0"` where nobody has before.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/reminders", tag = "rounds",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = NewReminders,
    responses((status = 200, body = Reminders)))]
pub async fn choose(
    app: Data<App>,
    call: Call,
    slug: Path<String>,
    version: IfMatch,
    body: Json<NewReminders>,
) -> Answer {
    let chosen = service::choose(&app, &call, slug.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(chosen.version, &chosen))
}
