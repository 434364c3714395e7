//! What the pages of an organisation's people and of a fund's staff share: who has which role, and the form that gives
//! one. Its template is `components/roles.html`.

use serde::Serialize;

use crate::{
    account::service::roles::{Holder, NewHolder, Told},
    error::{AppError, Fault, Result},
    web::Form,
};

/// The people with their roles, and the form that gives another.
#[derive(Debug, Serialize)]
pub struct RolesPart {
    /// The path of the page: its forms are sent there and below.
    pub at: String,
    /// Who has which role.
    pub holders: Vec<Holder>,
    /// The roles to choose from.
    pub choices: Vec<RoleChoice>,
    /// What addresses are expected to end in.
    pub domain: Option<String>,
    /// The role that cannot be given before a fresh code is entered, if one cannot.
    pub wants_code: Option<&'static str>,
    /// What was written into the form.
    pub written: NewHolder,
    /// What has happened, newest first.
    pub told: Vec<Told>,
}

/// A role to choose.
#[derive(Debug, Serialize)]
pub struct RoleChoice {
    /// Its word.
    pub word: &'static str,
    /// What it lets somebody do.
    pub lets: &'static str,
}

/// What the form holds.
pub fn written(form: &Form) -> NewHolder {
    NewHolder { email: form.text("email"), name: form.text("name"), role: form.text("role") }
}

/// The id of the button that takes a role away.
pub fn button_of(person: &str, role: &str) -> String {
    format!("remove-{person}-{role}")
}

/// What to show on the page of a refusal about which the reader can do something there; what names no field of its own
/// is shown beside `field`.
///
/// # Errors
/// The refusal itself, when it is of another kind.
pub fn faults_of(refusal: AppError, field: &str) -> Result<Vec<Fault>> {
    match refusal {
        AppError::Invalid(faults) => Ok(faults),
        AppError::Conflict { code, message } => Ok(vec![Fault::new(field, code, message)]),
        other => Err(other),
    }
}
