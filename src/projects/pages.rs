//! The page of a project: what was promised beside what was delivered, and the form with which the lead reports.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{NewDelivery, ProjectView},
    service,
};
use crate::{
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// A project.
#[derive(Debug, Serialize)]
pub struct ProjectPage {
    /// The project.
    pub project: ProjectView,
    /// Whether the reader may report.
    pub may_report: bool,
    /// What is filled in.
    pub filled: Filled,
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filled {
    /// The promised outcome.
    pub outcome: String,
    /// The figure.
    pub value: String,
    /// What explains it.
    pub note: String,
}

impl Page for ProjectPage {
    const TEMPLATE: &'static str = "projects/project.html";
}

impl Filled {
    fn of(form: &Form) -> Self {
        Self { outcome: form.text("outcome"), value: form.text("value"), note: form.text("note") }
    }

    /// The report; a figure that is no number is found wrong with the rest.
    fn delivery(&self) -> NewDelivery {
        NewDelivery { value: self.value.replace(',', "").parse().unwrap_or(f64::NAN), note: self.note.clone() }
    }
}

/// A project.
///
/// # Errors
/// `NotFound`.
pub async fn project(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let page = page(&visit, reference.into_inner(), Filled::default()).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: String, filled: Filled) -> Result<ProjectPage, Refused> {
    let project = service::project(&visit.app, &visit.call, reference.clone()).await?;
    let may_report = service::may_report(&visit.app, &visit.call, reference).await?;
    Ok(ProjectPage { project, may_report, filled })
}

/// Reports what was delivered.
///
/// # Errors
/// As the service says; wrong fields are shown on the form with what was filled in.
pub async fn report(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let filled = Filled::of(&form.0);
    let Ok(outcome) = filled.outcome.parse() else {
        let faults = [Fault::new("outcome", "missing", "Choose what you report on.")];
        let page = page(&visit, reference, filled).await?;
        return visit.page_with_faults(&page, &faults).await;
    };
    match service::report(&visit.app, &visit.call, reference.clone(), outcome, filled.delivery()).await {
        Ok(_) => Ok(visit.see_with_success(&format!("/projects/{reference}"), "Your report is published.")),
        Err(AppError::Invalid(faults)) => {
            let page = page(&visit, reference, filled).await?;
            visit.page_with_faults(&page, &faults).await
        }
        Err(fault) => Err(fault.into()),
    }
}
