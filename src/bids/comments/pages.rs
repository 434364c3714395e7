//! Commenting on the page of a question.

use actix_web::{HttpResponse, web::Path};

use super::{model::NewComment, service};
use crate::{
    bids::pages::question,
    error::{AppError, Fault},
    http::Refused,
    web::{Posted, Visit},
};

fn comments_of(reference: &str, question: &str) -> String {
    format!("/bids/{reference}/questions/{question}#comments")
}

/// POST `/bids/{reference}/questions/{question}/comments`
pub async fn write(visit: Visit, path: Path<(String, String)>, form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, question) = path.into_inner();
    let new = NewComment { words: form.0.text("comment") };
    match service::write(&visit.app, &visit.call, (reference.clone(), question.clone()), new.clone()).await {
        Ok(_) => Ok(visit.see(&comments_of(&reference, &question))),
        Err(AppError::Invalid(faults)) => {
            let mut page = question::page(&visit, reference, &question).await?;
            page.comment = new.words;
            let faults: Vec<Fault> =
                faults.into_iter().map(|fault| Fault { field: "comment".into(), ..fault }).collect();
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// POST `/bids/{reference}/questions/{question}/comments/{id}/resolve`
pub async fn resolve(visit: Visit, path: Path<(String, String, String)>, _: Posted) -> Result<HttpResponse, Refused> {
    let (reference, question, id) = path.into_inner();
    let id = id.parse().map_err(|_no_uuid| AppError::NotFound)?;
    service::resolve(&visit.app, &visit.call, (reference.clone(), question.clone()), id).await?;
    Ok(visit.see(&comments_of(&reference, &question)))
}
