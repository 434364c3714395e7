//! Projects over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{NewDelivery, ProjectView},
    service,
};
use crate::http::{App, Call, Json, Listing, PageRequest, Query, Refused, in_address, respond};

type Answer = Result<HttpResponse, Refused>;

/// Funded projects, newest first.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(PageRequest),
    responses((status = 200, body = Listing<ProjectView>)))]
pub async fn list(app: Data<App>, call: Call, page: Query<PageRequest>) -> Answer {
    Ok(respond::ok(&service::projects(&app, &call, page.0).await?))
}

/// A funded project: what was promised beside what was delivered.
#[utoipa::path(get, path = "/api/v1/projects/{reference}", tag = "projects", params(("reference" = String, Path)),
    responses((status = 200, body = ProjectView, headers(("ETag" = String)))))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let project = service::project(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(project.version, &project))
}

/// Reports what was delivered of a promised outcome.
#[utoipa::path(post, path = "/api/v1/projects/{reference}/outcomes/{outcome}/deliveries", tag = "projects",
    params(("reference" = String, Path), ("outcome" = String, Path)), request_body = NewDelivery,
    responses((status = 201, body = ProjectView)))]
pub async fn report(app: Data<App>, call: Call, path: Path<(String, String)>, body: Json<NewDelivery>) -> Answer {
    let (reference, outcome) = path.into_inner();
    let outcome = in_address(&outcome)?;
    let location = format!("/api/v1/projects/{reference}");
    let project = service::report(&app, &call, reference, outcome, body.0).await?;
    Ok(respond::created(&location, project.version, &project))
}
