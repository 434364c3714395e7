//! The papers of a bid over REST, as the files that a committee gets.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    files::{as_pdf, as_word},
    service::{self, Wanted},
};
use crate::{
    bids::service::VersionKey,
    funds::rulebook::Stage,
    http::{App, Call, Refused, in_address},
    ids::{Id, RowKey},
};

type Answer = Result<HttpResponse, Refused>;

/// The draft as it stands now, with who has signed it, as a PDF: for the councils of the bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/draft/file.pdf", tag = "bids",
    params(("reference" = String, Path)),
    responses((status = 200, content_type = "application/pdf")))]
pub async fn draft_pdf(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let wanted = Wanted::Draft(reference.into_inner());
    as_pdf(service::paper(&app, &call, wanted).await?).await
}

/// The draft as it stands now, with who has signed it, as a Word file: for the councils of the bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/draft/file.docx", tag = "bids",
    params(("reference" = String, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
pub async fn draft_word(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let wanted = Wanted::Draft(reference.into_inner());
    as_word(service::paper(&app, &call, wanted).await?).await
}

/// A submitted version, with who has signed it, as a PDF.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/versions/{stage}/{number}/file.pdf", tag = "bids",
    params(("reference" = String, Path), ("stage" = Stage, Path), ("number" = i32, Path)),
    responses((status = 200, content_type = "application/pdf")))]
pub async fn version_pdf(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let wanted = Wanted::Version(VersionKey::of_path(path.into_inner())?);
    as_pdf(service::paper(&app, &call, wanted).await?).await
}

/// A submitted version, with who has signed it, as a Word file.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/versions/{stage}/{number}/file.docx", tag = "bids",
    params(("reference" = String, Path), ("stage" = Stage, Path), ("number" = i32, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
pub async fn version_word(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let wanted = Wanted::Version(VersionKey::of_path(path.into_inner())?);
    as_word(service::paper(&app, &call, wanted).await?).await
}

/// What one council has signed, with who signed it and when, as a PDF: for the councils of the bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/sign-offs/{id}/file.pdf", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)),
    responses((status = 200, content_type = "application/pdf")))]
pub async fn signed_pdf(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let wanted = Wanted::Signed(reference, in_address(&id)?);
    as_pdf(service::paper(&app, &call, wanted).await?).await
}

/// What one council has signed, with who signed it and when, as a Word file: for the councils of the bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/sign-offs/{id}/file.docx", tag = "bids",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
pub async fn signed_word(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let wanted = Wanted::Signed(reference, in_address(&id)?);
    as_word(service::paper(&app, &call, wanted).await?).await
}
