//! The papers of a bid as pages to print, with their files.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    files::{as_pdf, as_word},
    service::{self, Wanted},
};
use crate::{
    bids::{paper::Paper, service::VersionKey},
    http::{Refused, in_address},
    web::{Page, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The page to print.
#[derive(Debug, Serialize)]
pub struct PaperPage {
    /// What it says.
    pub paper: Paper,
    /// Where its PDF is.
    pub pdf: String,
    /// Where its Word file is.
    pub word: String,
}

impl Page for PaperPage {
    const TEMPLATE: &'static str = "partnerships/paper.html";
}

impl PaperPage {
    fn of(paper: Paper, below: &str) -> Self {
        let at = |file: &str| format!("/bids/{}/{below}/{file}", paper.reference);
        Self { pdf: at("file.pdf"), word: at("file.docx"), paper }
    }
}

async fn paper(visit: &Visit, wanted: Wanted) -> Result<Paper, Refused> {
    Ok(service::paper(&visit.app, &visit.call, wanted).await?)
}

/// GET `/bids/{reference}/versions/{stage}/{number}`
pub async fn version(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    let key = VersionKey::of_path(path.into_inner())?;
    let below = format!("versions/{}/{}", key.stage, key.number);
    visit.page(&PaperPage::of(paper(&visit, Wanted::Version(key)).await?, &below)).await
}

/// GET `/bids/{reference}/versions/{stage}/{number}/file.pdf`
pub async fn version_pdf(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    as_pdf(paper(&visit, Wanted::Version(VersionKey::of_path(path.into_inner())?)).await?).await
}

/// GET `/bids/{reference}/versions/{stage}/{number}/file.docx`
pub async fn version_word(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    as_word(paper(&visit, Wanted::Version(VersionKey::of_path(path.into_inner())?)).await?).await
}

/// GET `/bids/{reference}/draft`
pub async fn draft(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&PaperPage::of(paper(&visit, Wanted::Draft(reference.into_inner())).await?, "draft")).await
}

/// GET `/bids/{reference}/draft/file.pdf`
pub async fn draft_pdf(visit: Visit, reference: Path<String>) -> Answer {
    as_pdf(paper(&visit, Wanted::Draft(reference.into_inner())).await?).await
}

/// GET `/bids/{reference}/draft/file.docx`
pub async fn draft_word(visit: Visit, reference: Path<String>) -> Answer {
    as_word(paper(&visit, Wanted::Draft(reference.into_inner())).await?).await
}

/// GET `/bids/{reference}/sign-offs/{id}`
pub async fn signed(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let below = format!("sign-offs/{id}");
    let paper = paper(&visit, Wanted::Signed(reference, in_address(&id)?)).await?;
    visit.page(&PaperPage::of(paper, &below)).await
}

/// GET `/bids/{reference}/sign-offs/{id}/file.pdf`
pub async fn signed_pdf(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    as_pdf(paper(&visit, Wanted::Signed(reference, in_address(&id)?)).await?).await
}

/// GET `/bids/{reference}/sign-offs/{id}/file.docx`
pub async fn signed_word(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    as_word(paper(&visit, Wanted::Signed(reference, in_address(&id)?)).await?).await
}
