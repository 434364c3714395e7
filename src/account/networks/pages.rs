//! The pages on which funds' managers record which organisations belong to a network.

use actix_web::{HttpResponse, web::Path};
use chrono::NaiveDate;
use serde::Serialize;

use super::service;
use crate::{
    account::{pages::roles::faults_of, service::organisations},
    error::{AppError, Fault},
    http::Refused,
    identity::{
        model::Organisation,
        networks::model::{MemberState, Network, NetworkMember, NewMembership},
    },
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The networks, and the form that makes another.
#[derive(Debug, Serialize)]
pub struct NetworksPage {
    /// The networks.
    pub networks: Vec<Network>,
    /// The name that was written.
    pub name: String,
    /// The code that was written.
    pub code: String,
}

impl Page for NetworksPage {
    const TEMPLATE: &'static str = "account/networks.html";
}

/// One network with its organisations, and the forms that record more.
#[derive(Debug, Serialize)]
pub struct NetworkPage {
    /// The network.
    pub network: Network,
    /// Its organisations.
    pub members: Vec<NetworkMember>,
    /// What was written into the form.
    pub written: Written,
}

impl Page for NetworkPage {
    const TEMPLATE: &'static str = "account/network.html";
}

/// The fields of the forms, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// The organisation's name or code.
    pub organisation: String,
    /// How far it is.
    pub state: String,
    /// Since when: day, month and year.
    pub from: [String; 3],
    /// The lines of a file.
    pub lines: String,
}

impl Written {
    fn of(form: &Form) -> Self {
        Self {
            organisation: form.text("organisation"),
            state: form.text("state"),
            from: ["day", "month", "year"].map(|part| form.text(&format!("from-{part}"))),
            lines: form.text("lines"),
        }
    }

    fn membership(&self) -> Result<NewMembership, Vec<Fault>> {
        let mut faults = Vec::new();
        if self.organisation.is_empty() {
            faults.push(Fault::new("organisation", "missing", "Enter the name or the code of an organisation."));
        }
        let state = MemberState::from_word(&self.state);
        if state.is_none() {
            faults.push(Fault::new("state", "missing", "Choose how far it is."));
        }
        let [day, month, year] = &self.from;
        let is_empty = self.from.iter().all(String::is_empty);
        let from = match (day.parse(), month.parse(), year.parse()) {
            (Ok(day), Ok(month), Ok(year)) => NaiveDate::from_ymd_opt(year, month, day),
            _ => None,
        };
        if from.is_none() && !is_empty {
            faults.push(Fault::new("from", "wrong_day", "Enter a real date, such as 1 9 2026, or leave it empty."));
        }
        match state {
            Some(state) if faults.is_empty() => Ok(NewMembership { state, from }),
            _ => Err(faults),
        }
    }
}

fn path_of(network: &str) -> String {
    format!("/networks/{network}")
}

async fn networks(visit: &Visit, name: String, code: String) -> Result<NetworksPage, Refused> {
    service::ask(&visit.app, &visit.call).await?;
    Ok(NetworksPage { networks: service::networks(&visit.app, &visit.call).await?, name, code })
}

async fn network(visit: &Visit, code: &str, written: Written) -> Result<NetworkPage, Refused> {
    service::ask(&visit.app, &visit.call).await?;
    let all = service::networks(&visit.app, &visit.call).await?;
    let network = all.into_iter().find(|network| network.code == code).ok_or(AppError::NotFound)?;
    let members = service::members(&visit.app, &visit.call, code.to_owned()).await?;
    Ok(NetworkPage { network, members, written })
}

/// GET /networks
pub async fn list(visit: Visit) -> Answer {
    visit.page(&networks(&visit, String::new(), String::new()).await?).await
}

/// POST /networks: makes one, or gives it another name.
pub async fn add(visit: Visit, form: Posted) -> Answer {
    let wanted = Network { code: form.0.text("code"), name: form.0.text("name") };
    match service::put(&visit.app, &visit.call, wanted.clone()).await {
        Ok(network) => Ok(visit.see_with_success(&path_of(&network.code), &format!("“{}” is saved.", network.name))),
        Err(AppError::Invalid(faults)) => {
            visit.page_with_faults(&networks(&visit, wanted.name, wanted.code).await?, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// GET /networks/{network}
pub async fn show(visit: Visit, code: Path<String>) -> Answer {
    visit.page(&network(&visit, &code, Written::default()).await?).await
}

/// POST /networks/{network}: records one organisation, takes one out, or reads the lines of a file.
pub async fn change(visit: Visit, code: Path<String>, form: Posted) -> Answer {
    let (code, written) = (code.into_inner(), Written::of(&form.0));
    service::ask(&visit.app, &visit.call).await?;
    let done = if let Some(organisation) = form.0.filled("take_out") {
        take_out(&visit, &code, &organisation).await
    } else if form.0.has("import") {
        import(&visit, &code, &written).await
    } else {
        record(&visit, &code, &written).await
    };
    match done {
        Ok(text) => Ok(visit.see_with_success(&path_of(&code), &text)),
        Err(refusal) => {
            let faults = faults_of(refusal, "organisation")?;
            visit.page_with_faults(&network(&visit, &code, written).await?, &faults).await
        }
    }
}

async fn take_out(visit: &Visit, code: &str, organisation: &str) -> Result<String, AppError> {
    let organisation = organisation.parse().map_err(|_no_uuid| AppError::NotFound)?;
    service::take_out(&visit.app, &visit.call, (code.to_owned(), organisation)).await?;
    Ok("It is taken out.".into())
}

async fn import(visit: &Visit, code: &str, written: &Written) -> Result<String, AppError> {
    let lines = written.lines.clone().into_bytes();
    match service::import(&visit.app, &visit.call, code.to_owned(), lines).await {
        Ok(done) => Ok(format!("Recorded as members: {}, as joining: {}.", done.members, done.in_process)),
        // Whichever line a fault is in, it is mended in the one field.
        Err(AppError::Invalid(faults)) => {
            Err(AppError::Invalid(faults.into_iter().map(|fault| Fault { field: "lines".into(), ..fault }).collect()))
        }
        Err(other) => Err(other),
    }
}

async fn record(visit: &Visit, code: &str, written: &Written) -> Result<String, AppError> {
    let membership = written.membership().map_err(AppError::Invalid)?;
    let found: Option<Organisation> =
        organisations::find(&visit.app, &visit.call, written.organisation.clone()).await?;
    let organisation = found.ok_or_else(|| {
        let message = "There is no organisation of this name or code. Look it up under Organisations.";
        AppError::invalid("organisation", "unknown_organisation", message)
    })?;
    let recorded = service::record(&visit.app, &visit.call, (code.to_owned(), organisation.id), membership).await?;
    Ok(format!("{} is recorded.", recorded.name))
}
