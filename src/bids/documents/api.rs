//! The documents of a bid over REST. What is uploaded is the whole body, so that a request that is repeated under its key is the
//! same to the byte; its name stands in the address.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    model::{DocumentView, NewDocument},
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, Query, Refused, in_address, middleware::Received, respond},
    ids::{Id, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// What is said of an upload.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// What the file is called, in any letters, with the ending that says what it is.
    #[param(required = true, value_type = String)]
    pub name: Option<String>,
}

/// The documents of a bid, by name: of the draft for its own councils, of the version that stands for everybody else who reads it.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/documents", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<DocumentView>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::shelf(&app, &call, reference.into_inner()).await?.documents))
}

/// Uploads a document: the body is the file, and its type is told by what it holds, which must be what its name says.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/documents", tag = "bids",
    params(("reference" = String, Path), Upload),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)))]
pub async fn add(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    said: Query<Upload>,
    request: HttpRequest,
) -> Answer {
    let reference = reference.into_inner();
    let new = sent(said.0.name, &request);
    let added = service::add(&app, &call, reference.clone(), new).await.map_err(in_the_request)?;
    Ok(respond::listed(&format!("/api/v1/bids/{reference}/documents/{}", added.id), &added))
}

/// Uploads a document as the answer to a question that asks for documents, or as one more of those that answer it: the body is the
/// file.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/answers/{question}/documents", tag = "bids",
    params(("reference" = String, Path), ("question" = String, Path), Upload),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)))]
pub async fn answer(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    said: Query<Upload>,
    request: HttpRequest,
) -> Answer {
    let (reference, question) = path.into_inner();
    let new = sent(said.0.name, &request);
    let added = service::answer(&app, &call, (reference.clone(), question), new).await.map_err(in_the_request)?;
    Ok(respond::listed(&format!("/api/v1/bids/{reference}/documents/{}", added.id), &added))
}

/// The body of a request as a file that is called so.
pub fn sent(name: Option<String>, request: &HttpRequest) -> NewDocument {
    let bytes = request.extensions().get::<Received>().map(|received| received.body.clone()).unwrap_or_default();
    NewDocument { name: name.unwrap_or_default(), bytes }
}

/// Whatever a page calls the file, here it is the whole body.
pub fn in_the_request(error: AppError) -> AppError {
    let AppError::Invalid(mut faults) = error else { return error };
    for fault in faults.iter_mut().filter(|fault| fault.field == "file") {
        fault.field.clear();
    }
    AppError::Invalid(faults)
}

/// What is known of a document.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/documents/{id}", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 200, body = DocumentView)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    Ok(respond::ok(&service::show(&app, &call, reference, in_address(&id)?).await?))
}

/// What a document holds, unless it is still being checked for viruses.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/documents/{id}/content", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 409)))]
pub async fn content(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let (document, bytes) = service::download(&app, &call, reference, in_address(&id)?).await?;
    Ok(respond::sandboxed(&document.name, &document.media_type, bytes.to_vec()))
}

/// Takes a document out of the draft, and out of the answers that name it; a version that was submitted keeps it.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/documents/{id}", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 204)))]
pub async fn take_out(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    service::take_out(&app, &call, reference, in_address(&id)?).await?;
    Ok(respond::nothing())
}
