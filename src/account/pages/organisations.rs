//! The organisations of the service, for whoever runs the instance: finding one by words, and adding from a CSV file.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use crate::{
    account::service::organisations,
    error::{AppError, Fault},
    http::{Listing, PageRequest, Query, Refused},
    identity::model::Organisation,
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The organisations of the service.
#[derive(Debug, Serialize)]
pub struct OrganisationsPage {
    /// The words that are looked for.
    pub q: String,
    /// Those that were found, in the order of their codes.
    pub found: Vec<Organisation>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// The lines that were sent and could not be read.
    pub lines: String,
}

impl Page for OrganisationsPage {
    const TEMPLATE: &'static str = "account/organisations.html";
}

/// What to look for.
#[derive(Debug, Default, Deserialize)]
pub struct Looking {
    #[serde(default)]
    q: String,
    cursor: Option<String>,
}

async fn page(visit: &Visit, looking: Looking, lines: String) -> Result<OrganisationsPage, Refused> {
    organisations::ask(&visit.app, &visit.call).await?;
    let Looking { q, cursor } = looking;
    let page = PageRequest { cursor, limit: None };
    let limit = page.limit()?;
    let rows = organisations::search(&visit.app, &visit.call, q.clone(), page.after()?, limit + 1).await?;
    let found = Listing::of(rows, limit, |organisation| organisation.id);
    Ok(OrganisationsPage { next: found.next, found: found.items, lines, q })
}

/// GET /organisations
pub async fn list(visit: Visit, looking: Query<Looking>) -> Answer {
    visit.page(&page(&visit, looking.0, String::new()).await?).await
}

/// POST /organisations: the lines of a CSV file, all of them or none.
pub async fn import(visit: Visit, form: Posted) -> Answer {
    let lines = form.0.text("lines");
    match organisations::import(&visit.app, &visit.call, lines.clone().into_bytes()).await {
        Ok(done) => {
            let text = format!(
                "Organisations added: {}, changed: {}, as before: {}.",
                done.added, done.changed, done.unchanged
            );
            Ok(visit.see_with_success("/organisations", &text))
        }
        Err(AppError::Invalid(faults)) => {
            // Whichever line a fault is in, it is mended in the one field.
            let faults: Vec<_> = faults.into_iter().map(|fault| Fault { field: "lines".into(), ..fault }).collect();
            visit.page_with_faults(&page(&visit, Looking::default(), lines).await?, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}
