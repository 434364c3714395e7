//! The page on which one names a deputy.

use actix_web::{HttpResponse, web::Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    model::NewDeputy,
    service::{self, Deputies},
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    http::{Refused, in_address},
    ids::{Id, PersonKey},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The deputies of a fund, and the form that names one.
#[derive(Debug, Serialize)]
pub struct DeputiesPage {
    /// The deputies, and who could be one.
    pub of: Deputies,
    /// The reader.
    pub reader: Option<Id<PersonKey>>,
    /// What was written into the form.
    pub written: Written,
}

impl Page for DeputiesPage {
    const TEMPLATE: &'static str = "funds/deputies.html";
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
    fn of(form: &Form) -> Self {
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
    fn read(&self) -> Result<NewDeputy, Vec<Fault>> {
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

async fn page(visit: &Visit, slug: &str, written: Written) -> Result<DeputiesPage, Refused> {
    let of = service::deputies(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(DeputiesPage { of, reader: visit.call.actor.person(), written })
}

/// GET `/funds/{slug}/deputies`
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug, Written::default()).await?).await
}

/// POST `/funds/{slug}/deputies`
pub async fn name(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let written = Written::of(&form.0);
    let named = match written.read() {
        Ok(new) => service::name(&visit.app, &visit.call, slug.clone(), new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match named {
        Ok(named) => {
            let text =
                format!("{} acts for {}, and gets an email that says so.", named.deputy_name, named.principal_name);
            Ok(visit.see_with_success(&path_of(&slug), &text))
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "deputy")?;
            visit.page_with_faults(&page(&visit, &slug, written).await?, &faults).await
        }
    }
}

/// POST `/funds/{slug}/deputies/{id}/end`
pub async fn end(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Answer {
    let (slug, id) = path.into_inner();
    let id = in_address(&id)?;
    let ended = service::end(&visit.app, &visit.call, slug.clone(), id).await?;
    let text = format!("{} no longer acts for {}.", ended.deputy_name, ended.principal_name);
    Ok(visit.see_with_success(&path_of(&slug), &text))
}

fn path_of(slug: &str) -> String {
    format!("/funds/{slug}/deputies")
}
