//! The page on which an earlier bid is chosen, with what it would fill before anything is filled.

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use super::{
    model::{CopyFrom, CopyView, Earlier},
    service,
};
use crate::{
    bids::{pages::Heading, service::desk},
    error::{AppError, Fault},
    funds::reopening::Part,
    http::{Query, Refused},
    web::{Page, Posted, Visit},
};

/// The page.
#[derive(Debug, Serialize)]
pub struct CopyPage {
    /// What stands above.
    pub bid: Heading,
    /// The bids to choose from.
    pub earlier: Vec<Earlier>,
    /// The one that is chosen.
    pub copy_from: String,
    /// What it would fill, once one is chosen.
    pub view: Option<CopyView>,
}

impl Page for CopyPage {
    const TEMPLATE: &'static str = "bids/copy.html";
}

async fn page(visit: &Visit, reference: String) -> Result<CopyPage, Refused> {
    let desk = desk(&visit.app, &visit.call, reference.clone()).await?.to_write(Part::Nothing)?;
    let mut earlier = service::earlier(&visit.app, &visit.call).await?;
    earlier.retain(|bid| bid.reference != desk.view.reference);
    Ok(CopyPage { bid: Heading::of(&desk), earlier, copy_from: String::new(), view: None })
}

/// Which bid is chosen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// Its reference; blank where none is.
    #[serde(default)]
    pub copy_from: Option<String>,
}

/// GET `/bids/{reference}/copy`: the bids to choose from, and what the one that is chosen would fill.
pub async fn ask(visit: Visit, reference: Path<String>, chosen: Query<Chosen>) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let mut page = page(&visit, reference.clone()).await?;
    let Some(copy_from) = chosen.0.copy_from else { return visit.page(&page).await };
    page.copy_from.clone_from(&copy_from);
    if copy_from.trim().is_empty() {
        let fault = Fault::new("copy_from", "missing", "Choose the bid to copy from.");
        return visit.page_with_faults(&page, &[fault]).await;
    }
    match service::look(&visit.app, &visit.call, reference, CopyFrom { copy_from }).await {
        Ok(view) => {
            page.view = Some(view);
            visit.page(&page).await
        }
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page, &faults).await,
        Err(other) => Err(other.into()),
    }
}

/// POST `/bids/{reference}/copy`: fills what was shown.
pub async fn copy(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let copy_from = form.0.text("copy_from");
    let from = CopyFrom { copy_from: copy_from.clone() };
    match service::copy(&visit.app, &visit.call, reference.clone(), from).await {
        Ok(view) => {
            let page = ["/bids", &reference].join("/");
            let filled = "What was empty and fits is filled. Read each part before you call it completed.";
            Ok(match &view.late {
                _ if view.fills.is_empty() => visit.see_with_success(&page, "There was nothing to fill."),
                Some(late) => visit.see_with_notice(&page, &late.detail),
                None => visit.see_with_success(&page, filled),
            })
        }
        Err(AppError::Invalid(faults)) => {
            let page = CopyPage { copy_from, ..page(&visit, reference).await? };
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}
