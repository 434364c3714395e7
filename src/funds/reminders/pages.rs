//! The page on which a manager chooses the days of a round's reminders.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Serialize;

use super::{model::NewReminders, service};
use crate::{
    error::{AppError, Fault},
    http::Refused,
    web::{FieldError, Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The form.
#[derive(Debug, Serialize)]
pub struct RemindersPage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// The days, as they stand in the field.
    pub days: String,
    /// The version that the form was opened at.
    pub version: i32,
}

impl Page for RemindersPage {
    const TEMPLATE: &'static str = "rounds/reminders.html";
}

async fn page(visit: &Visit, slug: &str) -> Result<RemindersPage, Refused> {
    let (round, reminders) = service::reminders(&visit.app, &visit.call, slug.to_owned()).await?;
    let days = reminders.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Ok(RemindersPage { title: round.title, slug: round.slug, days, version: reminders.version })
}

/// GET `/rounds/{slug}/reminders`
pub async fn ask(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug).await?).await
}

/// POST `/rounds/{slug}/reminders`
pub async fn choose(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let version = form.0.text("version").parse().unwrap_or(-1);
    let chosen = match read(&form.0) {
        Ok(new) => service::choose(&visit.app, &visit.call, slug.clone(), version, new).await,
        Err(fault) => Err(AppError::Invalid(vec![fault])),
    };
    match chosen {
        Ok(_) => Ok(visit.see_with_success(&format!("/rounds/{slug}/dates"), "The reminders are changed.")),
        Err(AppError::Invalid(faults)) => {
            let page = RemindersPage { days: form.0.text("days"), version, ..page(&visit, &slug).await? };
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { current }) => {
            let stands = page(&visit, &slug).await?;
            let message =
                format!("Somebody chose {} meanwhile. Save yours again if you want them.", in_words(&stands.days));
            let page = RemindersPage { days: form.0.text("days"), version: current, ..stands };
            visit
                .answer(StatusCode::PRECONDITION_FAILED, &page, vec![FieldError { field: "days".into(), message }])
                .await
        }
        Err(other) => Err(other.into()),
    }
}

fn in_words(days: &str) -> &str {
    if days.is_empty() { "no reminders" } else { days }
}

/// The days that the field says: numbers with commas or blanks between them, or nothing.
fn read(form: &Form) -> Result<NewReminders, Fault> {
    let text = form.text("days");
    let words = text.split([',', ' ', '\n']).filter(|word| !word.is_empty());
    let days: Result<Vec<u8>, _> = words.map(str::parse).collect();
    let unreadable =
        |_no_number| Fault::new("days", "unreadable", "Write whole numbers with commas between them, such as 5, 2, 1.");
    Ok(NewReminders { days: days.map_err(unreadable)? })
}
