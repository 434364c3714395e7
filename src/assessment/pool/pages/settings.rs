//! What a manager settles for a pool.

use actix_web::web::Path;
use serde::Serialize;

use super::{faults_beside, written};
use crate::{
    assessment::{
        pages::Answer,
        pool::{
            model::{Area, NewPool},
            service::{self, ToInvite},
        },
    },
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// The form.
#[derive(Debug, Serialize)]
pub struct SettingsPage {
    /// The round's title.
    pub title: String,
    /// Its place in addresses.
    pub slug: String,
    /// Whether it has a pool already.
    pub open: bool,
    /// What bids are about, where the round's rules say it.
    pub fixed_areas: Vec<Area>,
    /// What assessors agree to, where the round's rules say it.
    pub fixed_terms: String,
    /// What the fields hold.
    pub areas: String,
    /// The same of the terms.
    pub terms: String,
    /// The same of how many bids are expected.
    pub expected_bids: String,
    /// The same of the days of the reminders.
    pub reminder_days: String,
    /// The version that the form was opened at.
    pub version: i32,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "assessment/pool-settings.html";
}

impl SettingsPage {
    fn of(found: ToInvite) -> Self {
        let ToInvite { round, settings, areas, open } = found;
        let fixed = !round.rulebook.assessment.tags.is_empty();
        let days = settings.reminder_days.iter().map(ToString::to_string).collect::<Vec<_>>();
        Self {
            title: round.round.title,
            slug: round.round.slug,
            open,
            fixed_areas: if fixed { areas } else { Vec::new() },
            fixed_terms: round.rulebook.assessment.terms,
            areas: settings.areas.join("\n"),
            terms: settings.terms,
            expected_bids: settings.expected_bids.map(|bids| bids.to_string()).unwrap_or_default(),
            reminder_days: days.join(", "),
            version: settings.version,
        }
    }

    fn with(self, form: &Form) -> Self {
        Self {
            areas: form.text("areas"),
            terms: form.text("terms"),
            expected_bids: form.text("expected_bids"),
            reminder_days: form.text("reminder_days"),
            ..self
        }
    }
}

async fn page(visit: &Visit, slug: &str) -> Result<SettingsPage, Refused> {
    Ok(SettingsPage::of(service::to_invite(&visit.app, &visit.call, slug.to_owned()).await?))
}

/// GET `/rounds/{slug}/pool/settings`
pub async fn settings(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug).await?).await
}

/// POST `/rounds/{slug}/pool/settings`
pub async fn settle(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let settled = match read(&form.0) {
        Ok(new) => service::settle(&visit.app, &visit.call, slug.clone(), form.0.version(), new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match settled {
        Ok(_) => Ok(visit.see_with_success(&format!("/rounds/{slug}/pool"), "The pool is settled.")),
        Err(refusal) => {
            let faults = faults_beside(refusal, "reminder_days")?;
            visit.page_with_faults(&page(&visit, &slug).await?.with(&form.0), &faults).await
        }
    }
}

fn read(form: &Form) -> Result<NewPool, Vec<Fault>> {
    let mut faults = Vec::new();
    let expected_bids = written::number(form, "expected_bids", &mut faults);
    let days = form.text("reminder_days");
    let words = days.split([',', ' ', '\n']).filter(|word| !word.is_empty());
    let reminder_days = words.map(str::parse).collect::<Result<Vec<u8>, _>>().unwrap_or_else(|_no_number| {
        let message = "Write whole numbers with commas between them, such as 3, 1.";
        faults.push(Fault::new("reminder_days", "unreadable", message));
        Vec::new()
    });
    let areas = form.text("areas");
    let areas = areas.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if faults.is_empty() {
        Ok(NewPool { areas, terms: form.text("terms"), expected_bids, reminder_days })
    } else {
        Err(faults)
    }
}
