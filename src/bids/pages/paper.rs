//! A submitted version or the draft on paper: a page to print, a PDF and a Word file.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    bids::{
        paper::{self, Paper},
        service::{self, VersionKey},
    },
    error::Result,
    http::{Refused, respond},
    web::{Page, Visit},
};

type Answer = Result<HttpResponse, Refused>;

const PDF: &str = "application/pdf";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

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
    const TEMPLATE: &'static str = "bids/paper.html";
}

impl PaperPage {
    fn of(paper: Paper, below: &str) -> Self {
        let at = |file: &str| format!("/bids/{}/{below}/{file}", paper.reference);
        Self { pdf: at("file.pdf"), word: at("file.docx"), paper }
    }
}

/// GET `/bids/{reference}/versions/{stage}/{number}`
pub async fn version(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    let key = VersionKey::of_path(path.into_inner())?;
    let below = format!("versions/{}/{}", key.stage, key.number);
    let paper = service::version_on_paper(&visit.app, &visit.call, key).await?;
    visit.page(&PaperPage::of(paper, &below)).await
}

/// GET `/bids/{reference}/versions/{stage}/{number}/file.pdf`
pub async fn version_pdf(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    as_pdf(service::version_on_paper(&visit.app, &visit.call, VersionKey::of_path(path.into_inner())?).await?).await
}

/// GET `/bids/{reference}/versions/{stage}/{number}/file.docx`
pub async fn version_word(visit: Visit, path: Path<(String, String, String)>) -> Answer {
    as_word(service::version_on_paper(&visit.app, &visit.call, VersionKey::of_path(path.into_inner())?).await?).await
}

/// GET `/bids/{reference}/draft`
pub async fn draft(visit: Visit, reference: Path<String>) -> Answer {
    let paper = service::draft_on_paper(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&PaperPage::of(paper, "draft")).await
}

/// GET `/bids/{reference}/draft/file.pdf`
pub async fn draft_pdf(visit: Visit, reference: Path<String>) -> Answer {
    as_pdf(service::draft_on_paper(&visit.app, &visit.call, reference.into_inner()).await?).await
}

/// GET `/bids/{reference}/draft/file.docx`
pub async fn draft_word(visit: Visit, reference: Path<String>) -> Answer {
    as_word(service::draft_on_paper(&visit.app, &visit.call, reference.into_inner()).await?).await
}

async fn as_pdf(paper: Paper) -> Answer {
    let name = paper.file_name(".pdf");
    Ok(respond::file(&name, PDF, set_aside(move || paper::pdf(&paper)).await?))
}

async fn as_word(paper: Paper) -> Answer {
    let name = paper.file_name(".docx");
    Ok(respond::file(&name, WORD, set_aside(move || paper::word(&paper)).await?))
}

/// Setting a long bid takes a while, in which its thread would answer nobody else.
async fn set_aside(set: impl FnOnce() -> Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>> {
    actix_web::web::block(set).await.map_err(crate::error::AppError::internal)?
}
