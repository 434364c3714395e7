//! Published rounds for other programs: CommonGrants, Atom and iCalendar. No sign-in is asked.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    open_data::{
        answer::Published,
        atom,
        commongrants::{self, OneOpportunity, Opportunities, Opportunity, Paging, Search},
        icalendar,
        rounds::changed,
    },
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, Json, Query, Refused, icalendar::MEDIA},
    ids::{Id, RoundKey},
};

type Answer = Result<HttpResponse, Refused>;

fn answer(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(body)
}

async fn all(app: &App, call: &Call) -> Result<Vec<Opportunity>, Refused> {
    let rounds = service::open_rounds(app, call).await?;
    Ok(rounds.iter().map(|round| Opportunity::of(round, &app.config.web.base_url)).collect())
}

/// The published rounds as CommonGrants opportunities.
#[utoipa::path(get, path = "/common-grants/opportunities", tag = "open data", params(Paging),
    responses((status = 200, body = Opportunities)))]
pub async fn opportunities(app: Data<App>, call: Call, paging: Query<Paging>) -> Answer {
    Ok(answer(&commongrants::list(all(&app, &call).await?, paging.0)?))
}

/// One published round as a CommonGrants opportunity.
#[utoipa::path(get, path = "/common-grants/opportunities/{id}", tag = "open data", params(("id" = String, Path)),
    responses((status = 200, body = OneOpportunity)))]
pub async fn opportunity(app: Data<App>, call: Call, id: Path<String>) -> Answer {
    let wanted = id.parse::<Id<RoundKey>>().ok();
    let rounds = service::open_rounds(&app, &call).await?;
    let round = rounds.iter().find(|round| Some(round.id) == wanted).ok_or(AppError::NotFound)?;
    Ok(answer(&OneOpportunity::of(Opportunity::of(round, &app.config.web.base_url))))
}

/// Searches the published rounds as CommonGrants has it.
#[utoipa::path(post, path = "/common-grants/opportunities/search", tag = "open data", request_body = Search,
    responses((status = 200, body = Opportunities)))]
pub async fn search(app: Data<App>, call: Call, search: Json<Search>) -> Answer {
    Ok(answer(&commongrants::search(all(&app, &call).await?, search.0)?))
}

/// The published rounds as an Atom feed.
#[utoipa::path(get, path = "/rounds.atom", tag = "open data",
    responses((status = 200, content_type = "application/atom+xml", body = String), (status = 304)))]
pub async fn atom_feed(app: Data<App>, call: Call, request: HttpRequest) -> Answer {
    let rounds = service::open_rounds(&app, &call).await?;
    let bytes = atom::feed(&rounds, &app.config.web.base_url).into_bytes();
    let media = "application/atom+xml; charset=utf-8";
    Ok(Published { media, file: None, bytes, changed: changed(&rounds) }.answer(&request))
}

/// The milestones of the published rounds as a calendar.
#[utoipa::path(get, path = "/rounds.ics", tag = "open data",
    responses((status = 200, content_type = "text/calendar", body = String), (status = 304)))]
pub async fn calendar(app: Data<App>, call: Call, request: HttpRequest) -> Answer {
    let rounds = service::open_rounds(&app, &call).await?;
    let bytes = icalendar::calendar(&rounds, &app.config.web.base_url).into_bytes();
    Ok(Published { media: MEDIA, file: None, bytes, changed: changed(&rounds) }.answer(&request))
}
