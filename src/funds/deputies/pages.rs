//! The page on which one names a deputy.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::service::{self, Deputies};
use crate::{
    account::{deputies::pages::Written, pages::roles::faults_of},
    error::AppError,
    http::{Refused, in_address},
    ids::{Id, PersonKey},
    web::{Page, Posted, Visit},
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
