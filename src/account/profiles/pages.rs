//! The page of an organisation's profile: its people read it, its administrators write it there.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Serialize;

use super::service::{self, ProfileView};
use crate::{
    error::AppError,
    http::{Refused, in_address},
    identity::profiles::model::{Contact, Profile, Statement},
    ids::{Id, OrganisationKey},
    web::{FieldError, Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// As many fields a form may carry; how many statements are kept is for the model to say.
const MOST_FIELDS: usize = 100;

/// The profile of an organisation.
#[derive(Debug, Serialize)]
pub struct ProfilePage {
    /// The organisation's id.
    pub id: Id<OrganisationKey>,
    /// What stands.
    pub of: ProfileView,
    /// What stands in the fields, with an empty statement at the end.
    pub written: Profile,
    /// The version that the fields replace.
    pub version: i32,
    /// Whether somebody else changed it since the fields were opened, so that what stands is shown beside them.
    pub stale: bool,
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "account/profile.html";
}

impl ProfilePage {
    async fn of(visit: &Visit, id: Id<OrganisationKey>) -> Result<Self, Refused> {
        let of = service::show(&visit.app, &visit.call, id).await?;
        Ok(Self { id, written: with_one_more(of.profile.clone()), version: of.version, stale: false, of })
    }
}

fn with_one_more(mut profile: Profile) -> Profile {
    profile.statements.push(Statement::default());
    profile
}

/// What was sent. A statement whose fields are all empty is taken out.
fn written(form: &Form) -> Profile {
    let contact = |part: &str| form.text(&format!("contact-{part}"));
    let statement = |place: usize| {
        let field = |part: &str| form.text(&format!("statements-{place}-{part}"));
        Statement { title: field("title"), words: field("words") }
    };
    let sent = (0..MOST_FIELDS).filter(|place| form.has(&format!("statements-{place}-title"))).map(statement);
    Profile {
        contact: Contact {
            name: contact("name"),
            job_title: contact("job_title"),
            email: contact("email"),
            telephone: contact("telephone"),
        },
        sponsor: form.text("sponsor"),
        statements: sent.filter(|statement| *statement != Statement::default()).collect(),
    }
}

fn path_of(organisation: Id<OrganisationKey>) -> String {
    format!("/organisations/{organisation}/profile")
}

/// GET `/organisations/{organisation}/profile`
pub async fn show(visit: Visit, organisation: Path<String>) -> Answer {
    visit.page(&ProfilePage::of(&visit, in_address(&organisation)?).await?).await
}

/// POST `/organisations/{organisation}/profile`: keeps it, or adds a statement to fill in.
pub async fn save(visit: Visit, organisation: Path<String>, form: Posted) -> Answer {
    let (id, sent, version) = (in_address(&organisation)?, written(&form.0), form.0.version());
    if form.0.text("then") == "add" {
        let page = ProfilePage { written: with_one_more(sent), version, ..ProfilePage::of(&visit, id).await? };
        return visit.page(&page).await;
    }
    match service::put(&visit.app, &visit.call, id, version, sent.clone()).await {
        Ok(_) => Ok(visit.see_with_success(&path_of(id), "The profile is saved. Bids that begin from now on use it.")),
        Err(AppError::Invalid(faults)) => {
            let page = ProfilePage { written: with_one_more(sent), version, ..ProfilePage::of(&visit, id).await? };
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { current }) => {
            let page = ProfilePage::of(&visit, id).await?;
            let page = ProfilePage { written: with_one_more(sent), version: current, stale: true, ..page };
            let message = "Somebody else changed this profile. Look at how it stands now, then save yours again.";
            let error = FieldError { field: "contact-name".into(), message: message.into() };
            visit.answer(StatusCode::PRECONDITION_FAILED, &page, vec![error]).await
        }
        Err(other) => Err(other.into()),
    }
}
