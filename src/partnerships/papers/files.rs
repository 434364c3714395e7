//! A paper as a file to download.

use actix_web::HttpResponse;

use crate::{
    bids::paper::{self, Paper},
    error::{AppError, Result},
    http::{Refused, respond},
};

/// The media type of a PDF.
pub(super) const PDF: &str = "application/pdf";
/// The media type of a Word file.
pub(super) const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

pub(super) async fn as_pdf(paper: Paper) -> Result<HttpResponse, Refused> {
    let name = paper.file_name(".pdf");
    Ok(respond::file(&name, PDF, set_aside(move || paper::pdf(&paper)).await?))
}

pub(super) async fn as_word(paper: Paper) -> Result<HttpResponse, Refused> {
    let name = paper.file_name(".docx");
    Ok(respond::file(&name, WORD, set_aside(move || paper::word(&paper)).await?))
}

/// Setting a long bid takes a while, in which its thread would answer nobody else.
async fn set_aside(set: impl FnOnce() -> Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>> {
    actix_web::web::block(set).await.map_err(AppError::internal)?
}
