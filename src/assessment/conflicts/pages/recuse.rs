//! Recusing oneself from a bid while reading it.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        conflicts::{model::Recusal, service},
        pages::Answer,
    },
    web::{Page, Posted, Visit},
};

/// What is the conflict of interest?
#[derive(Debug, Serialize)]
pub struct RecusePage {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub reason: String,
    /// Whether the reader is not to learn whose bid it is.
    pub blind: bool,
}

impl Page for RecusePage {
    const TEMPLATE: &'static str = "assessment/recuse.html";
}

/// GET `/bids/{reference}/recuse`
pub async fn to_recuse(visit: Visit, reference: Path<String>) -> Answer {
    let (bid, blind) = service::to_recuse(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&RecusePage { reference: bid.reference, title: bid.title, reason: String::new(), blind }).await
}

/// POST `/bids/{reference}/recuse`
pub async fn recuse(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let reference = reference.into_inner();
    let (bid, blind) = service::to_recuse(&visit.app, &visit.call, reference.clone()).await?;
    let page = RecusePage { reference: bid.reference, title: bid.title, reason: form.0.text("reason"), blind };
    match service::recuse(&visit.app, &visit.call, reference, Recusal { reason: page.reason.clone() }).await {
        Ok(_) => {
            let said =
                "You no longer read this bid. What you wrote is sealed, and the fund is asked to find somebody else.";
            Ok(visit.see_with_success("/assess", said))
        }
        Err(refusal) => visit.page_with_faults(&page, &faults_of(refusal, "reason")?).await,
    }
}
