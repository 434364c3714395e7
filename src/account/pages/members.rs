//! The people of an organisation, for its administrators and for whoever runs the instance.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::roles::{RoleChoice, RolesPart, button_of, faults_of, written};
use crate::{
    account::service::{members, roles::NewHolder},
    error::{AppError, Fault},
    http::{Refused, in_address},
    identity::{model::MemberRole, sessions},
    ids::{Id, OrganisationKey, PersonKey},
    web::{Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The people of an organisation.
#[derive(Debug, Serialize)]
pub struct MembersPage {
    /// The organisation's name.
    pub name: String,
    /// Whether the reader runs the instance, and came from the list of organisations.
    pub from_above: bool,
    /// Its people, and the form that adds another.
    pub part: RolesPart,
}

impl Page for MembersPage {
    const TEMPLATE: &'static str = "account/members.html";
}

fn path_of(organisation: Id<OrganisationKey>) -> String {
    format!("/organisations/{organisation}/members")
}

async fn page(visit: &Visit, organisation: Id<OrganisationKey>, written: NewHolder) -> Result<MembersPage, Refused> {
    let found = members::show(&visit.app, &visit.call, organisation).await?;
    let counts = sessions::fresh_until(&visit.call.actor, visit.call.received).is_some();
    let choices = MemberRole::ALL.iter().map(|role| RoleChoice { word: role.word(), lets: role.lets() });
    Ok(MembersPage {
        name: found.organisation.name,
        from_above: found.from_above,
        part: RolesPart {
            at: path_of(organisation),
            holders: found.holders,
            choices: choices.collect(),
            domain: found.organisation.mail_domain,
            wants_code: (!counts).then(|| MemberRole::Signatory.word()),
            written,
            told: found.told,
        },
    })
}

/// GET /organisations/{organisation}/members
pub async fn show(visit: Visit, organisation: Path<String>) -> Answer {
    visit.page(&page(&visit, in_address(&organisation)?, NewHolder::default()).await?).await
}

/// POST /organisations/{organisation}/members
pub async fn add(visit: Visit, organisation: Path<String>, form: Posted) -> Answer {
    let (organisation, written) = (in_address(&organisation)?, written(&form.0));
    match members::add(&visit.app, &visit.call, organisation, written.clone()).await {
        Ok(added) => {
            let text = format!("{} is added, and gets an email that says so.", added.name);
            Ok(visit.see_with_success(&path_of(organisation), &text))
        }
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => Ok(visit.keep_and_ask_for_fresh_code()),
        Err(refusal) => with_faults(&visit, organisation, written, &faults_of(refusal, "email")?).await,
    }
}

/// POST /organisations/{organisation}/members/{person}/{role}/remove
pub async fn take(visit: Visit, path: Path<(String, String, String)>, _form: Posted) -> Answer {
    let (organisation, person, role) = path.into_inner();
    let (button, organisation) = (button_of(&person, &role), in_address(&organisation)?);
    let person: Id<PersonKey> = in_address(&person)?;
    match members::take(&visit.app, &visit.call, organisation, (person, role)).await {
        Ok(taken) => {
            let own = visit.call.actor.person() == Some(person);
            // Whoever has taken their own role may not be able to see the page any more.
            let next = if own { "/account".to_owned() } else { path_of(organisation) };
            let text = format!("{} no longer has the role of {}.", taken.name, taken.role);
            Ok(visit.see_with_success(&next, &text))
        }
        Err(refusal) => with_faults(&visit, organisation, NewHolder::default(), &faults_of(refusal, &button)?).await,
    }
}

async fn with_faults(visit: &Visit, organisation: Id<OrganisationKey>, written: NewHolder, faults: &[Fault]) -> Answer {
    visit.page_with_faults(&page(visit, organisation, written).await?, faults).await
}
