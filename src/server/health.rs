//! Whether the process lives and whether it can do its work.

use actix_web::{HttpResponse, web::Data};
use serde_json::json;

use crate::http::{App, Refused};

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200)))]
pub async fn live() -> HttpResponse {
    std::future::ready(HttpResponse::Ok().json(json!({ "status": "live" }))).await
}

/// The database answers too.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses((status = 200), (status = 503)))]
pub async fn ready(app: Data<App>) -> Result<HttpResponse, Refused> {
    use diesel::prelude::*;

    use crate::db::schema::chains;
    app.db.read(|conn| Ok(chains::table.count().get_result::<i64>(conn).map(drop)?)).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}
