//! The register over REST.

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    model::{Entry, Imported, Pick, PriorWork, Similar},
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, IfMatch, Json, Listing, PageRequest, Query, Refused, middleware::Received, respond},
};

type Answer = Result<HttpResponse, Refused>;

/// What to look for in the register.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Words that the entries must all have.
    #[serde(default)]
    pub q: String,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// How many at most, 1 to 100; 25 if not said.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

impl Search {
    /// Which page is asked for.
    pub fn page(&self) -> PageRequest {
        PageRequest { cursor: self.cursor.clone(), limit: self.limit }
    }
}

/// A file of entries as it was sent.
pub struct Csv(Vec<u8>);

impl FromRequest for Csv {
    type Error = Refused;
    type Future = std::future::Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if request.content_type() != "text/csv" {
            let wrong = AppError::invalid("", "not_csv", "Send the file as text/csv.");
            return std::future::ready(Err(wrong.into()));
        }
        let body = request.extensions().get::<Received>().map(|received| received.body.to_vec());
        std::future::ready(Ok(Self(body.unwrap_or_default())))
    }
}

/// The earlier work that a bid is to name.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Picks {
    /// Entries of the register, each with the reason why it is not enough.
    pub entries: Vec<Pick>,
}

/// Entries of the register, by title.
#[utoipa::path(get, path = "/api/v1/register", tag = "register", params(Search),
    responses((status = 200, body = Listing<Entry>)))]
pub async fn list(app: Data<App>, call: Call, search: Query<Search>) -> Answer {
    let page = search.page();
    Ok(respond::ok(&service::entries(&app, &call, search.0.q, page).await?))
}

/// One entry.
#[utoipa::path(get, path = "/api/v1/register/{key}", tag = "register", params(("key" = String, Path)),
    responses((status = 200, body = Entry)))]
pub async fn show(app: Data<App>, call: Call, key: Path<String>) -> Answer {
    Ok(respond::ok(&service::entry(&app, &call, key.into_inner()).await?))
}

/// Imports a CSV file with the columns entry_key, title, summary, organisations, kind, status, url, source, started.
#[utoipa::path(post, path = "/api/v1/register/import", tag = "register",
    request_body(content = String, content_type = "text/csv"), responses((status = 200, body = Imported)))]
pub async fn import(app: Data<App>, call: Call, file: Csv) -> Answer {
    Ok(respond::ok(&service::import(&app, &call, file.0).await?))
}

/// Earlier bids that are public and entries that are like a bid, the most alike first.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/similar", tag = "register", params(("reference" = String, Path)),
    responses((status = 200, body = [Similar])))]
pub async fn similar(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::similar_to_bid(&app, &call, reference.into_inner()).await?))
}

/// What a bid names as earlier work, and why it is not enough.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/prior-work", tag = "register",
    params(("reference" = String, Path)), responses((status = 200, body = [PriorWork])))]
pub async fn prior_work(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let named = service::prior_work(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(named.version, &named.work))
}

/// Makes a bid name exactly these entries as earlier work; If-Match carries the bid's version.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/prior-work", tag = "register",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = Picks,
    responses((status = 200, body = [PriorWork])))]
pub async fn set_prior_work(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<Picks>,
) -> Answer {
    let reference = reference.into_inner();
    let named = service::set_prior_work(&app, &call, reference, version.0, body.0.entries).await?;
    Ok(respond::versioned(named.version, &named.work))
}
