//! The page on which one names a deputy of a signatory, and the form that it shares with the deputies of a fund.

use actix_web::{HttpResponse, web::Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::service::{self, Deputies};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    http::{Refused, in_address},
    identity::deputies::NewDeputy,
    ids::{Id, OrganisationKey, PersonKey},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The deputies of an organisation's signatories, and the form that names one.
#[derive(Debug, Serialize)]
pub struct DeputiesPage {
    /// The deputies, and who could be one.
    pub of: Deputies,
    /// What the officer is called who signs.
    pub officer: &'static str,
    /// The reader.
    pub reader: Option<Id<PersonKey>>,
    /// What was written into the form.
    pub written: Written,
}

impl Page for DeputiesPage {
    const TEMPLATE: &'static str = "account/deputies.html";
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// In whose place.
    pub principal: String,
    /// Who acts.
    pub deputy: String,
    /// The first day: day, month and year.
    pub from: [String; 3],
    /// The last day.
    pub until: [String; 3],
    /// Why.
    pub reason: String,
}

impl Written {
    /// What was sent.
    pub fn of(form: &Form) -> Self {
        let day = |name: &str| ["day", "month", "year"].map(|part| form.text(&format!("{name}-{part}")));
        Self {
            principal: form.text("principal"),
            deputy: form.text("deputy"),
            from: day("from"),
            until: day("until"),
            reason: form.text("reason"),
        }
    }

    /// The deputy that the fields say, or everything that cannot be read.
    ///
    /// # Errors
    /// The faults.
    pub fn read(&self) -> Result<NewDeputy, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut wrong = |field: &str, message: &str| faults.push(Fault::new(field, "unreadable", message));
        let deputy = self.deputy.parse().ok();
        if deputy.is_none() {
            wrong("deputy", "Choose who acts.");
        }
        let (from, until) = (day(&self.from), day(&self.until));
        if from.is_none() {
            wrong("from", "Enter the first day as a real date, such as 1 12 2026.");
        }
        if until.is_none() {
            wrong("until", "Enter the last day as a real date, such as 12 12 2026.");
        }
        match (deputy, from, until) {
            (Some(deputy), Some(from), Some(until)) => {
                let principal = self.principal.parse().ok();
                Ok(NewDeputy { principal, deputy, from, until, reason: self.reason.clone() })
            }
            _ => Err(faults),
        }
    }
}

fn day([day, month, year]: &[String; 3]) -> Option<NaiveDate> {
    let year = year.parse().ok().filter(|year| (1900..=9999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

async fn page(visit: &Visit, organisation: Id<OrganisationKey>, written: Written) -> Result<DeputiesPage, Refused> {
    let of = service::deputies(&visit.app, &visit.call, organisation).await?;
    let officer = of.organisation.kind.finance_officer();
    Ok(DeputiesPage { of, officer, reader: visit.call.actor.person(), written })
}

/// GET `/organisations/{organisation}/deputies`
pub async fn show(visit: Visit, organisation: Path<String>) -> Answer {
    visit.page(&page(&visit, in_address(&organisation)?, Written::default()).await?).await
}

/// POST `/organisations/{organisation}/deputies`
pub async fn name(visit: Visit, organisation: Path<String>, form: Posted) -> Answer {
    let (organisation, written) = (in_address(&organisation)?, Written::of(&form.0));
    let named = match written.read() {
        Ok(new) => service::name(&visit.app, &visit.call, organisation, new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match named {
        Ok(named) => {
            let text =
                format!("{} signs for {}, and gets an email that says so.", named.deputy_name, named.principal_name);
            Ok(visit.see_with_success(&path_of(organisation), &text))
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "deputy")?;
            visit.page_with_faults(&page(&visit, organisation, written).await?, &faults).await
        }
    }
}

/// POST `/organisations/{organisation}/deputies/{id}/end`
pub async fn end(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Answer {
    let (organisation, deputy) = path.into_inner();
    let (organisation, deputy) = (in_address(&organisation)?, in_address(&deputy)?);
    let ended = service::end(&visit.app, &visit.call, organisation, deputy).await?;
    let text = format!("{} no longer signs for {}.", ended.deputy_name, ended.principal_name);
    Ok(visit.see_with_success(&path_of(organisation), &text))
}

fn path_of(organisation: Id<OrganisationKey>) -> String {
    format!("/organisations/{organisation}/deputies")
}
