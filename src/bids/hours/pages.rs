//! The page on which a council says how many hours a bid took. The same form stands on the receipt of a submission.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Serialize;

use super::{
    model::{NewHours, OwnHours, out_of_range},
    service,
};
use crate::{
    bids::{pages::Heading, service::desk},
    error::{AppError, Fault},
    http::Refused,
    web::{FieldError, Form, Page, Posted, Visit},
};

/// The form with what stands.
#[derive(Debug, Serialize)]
pub struct HoursForm {
    /// The council that says it.
    pub organisation: String,
    /// What stands in the field.
    pub written: String,
    /// The version that it replaces.
    pub version: i32,
}

impl From<OwnHours> for HoursForm {
    fn from(own: OwnHours) -> Self {
        let written = own.hours.map(|hours| hours.to_string()).unwrap_or_default();
        Self { organisation: own.organisation, written, version: own.version }
    }
}

/// The page.
#[derive(Debug, Serialize)]
pub struct HoursPage {
    /// What stands above.
    pub bid: Heading,
    /// The form.
    pub hours: HoursForm,
}

impl Page for HoursPage {
    const TEMPLATE: &'static str = "bids/hours.html";
}

async fn page(visit: &Visit, reference: String) -> Result<HoursPage, Refused> {
    let own = service::own(&visit.app, &visit.call, reference.clone()).await?;
    let desk = desk(&visit.app, &visit.call, reference).await?;
    Ok(HoursPage { bid: Heading::of(&desk), hours: own.into() })
}

/// GET `/bids/{reference}/hours`
pub async fn ask(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    visit.page(&page(&visit, reference.into_inner()).await?).await
}

/// POST `/bids/{reference}/hours`
pub async fn give(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let (reference, written) = (reference.into_inner(), form.0.text("hours"));
    let given = match hours_of(&form.0) {
        Ok(new) => service::give(&visit.app, &visit.call, reference.clone(), form.0.version(), new).await,
        Err(fault) => Err(AppError::Invalid(vec![fault])),
    };
    match given {
        Ok(own) => {
            let said = own.hours.is_some();
            let text = if said { "Thank you. The hours are saved." } else { "The hours are taken back." };
            Ok(visit.see_with_success(&["/bids", &reference].join("/"), text))
        }
        Err(AppError::Invalid(faults)) => {
            let mut page = page(&visit, reference).await?;
            (page.hours.written, page.hours.version) = (written, form.0.version());
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { .. }) => {
            let mut page = page(&visit, reference).await?;
            let stands = match page.hours.written.as_str() {
                "" => "nothing".to_owned(),
                hours => hours.to_owned(),
            };
            page.hours.written = written;
            let message = format!(
                "A colleague has changed this meanwhile: it says {stands} now. Save yours again to replace it."
            );
            let error = FieldError { field: "hours".into(), message };
            visit.answer(StatusCode::PRECONDITION_FAILED, &page, vec![error]).await
        }
        Err(other) => Err(other.into()),
    }
}

fn hours_of(form: &Form) -> Result<NewHours, Fault> {
    let Some(text) = form.filled("hours") else { return Ok(NewHours { hours: None }) };
    let bare: String = text.chars().filter(|letter| !matches!(letter, ',' | ' ')).collect();
    let hours = bare.parse().map_err(|_no_number| Fault::new("hours", "unreadable", out_of_range()))?;
    Ok(NewHours { hours: Some(hours) })
}
