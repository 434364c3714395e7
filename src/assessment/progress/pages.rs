//! The pages of how far reading is: who is how far, with reminders, and by when scores are wanted.

use actix_web::web::Path;
use serde::Serialize;

use super::{
    model::{LONGEST_WORDS, NewReminder, NewScoresWanted, Progress, Reminded},
    service,
};
use crate::{
    assessment::{pages::Answer, pool::pages::faults_beside},
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// How far the reading of a round is.
#[derive(Debug, Serialize)]
pub struct ProgressPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
    /// Whether the reader can choose by when scores are wanted.
    pub manages: bool,
    /// Who is chosen to be reminded.
    pub chosen: Vec<String>,
    /// What is written to them.
    pub words: String,
    /// The most characters of it.
    pub longest: usize,
}

impl Page for ProgressPage {
    const TEMPLATE: &'static str = "assessment/progress.html";
}

async fn page(visit: &Visit, slug: &str, form: &Form) -> Result<ProgressPage, Refused> {
    let (round, progress, manages) = service::progress(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(ProgressPage {
        title: round.round.title,
        slug: round.round.slug,
        progress,
        manages,
        chosen: form.all("people"),
        words: form.text("words"),
        longest: LONGEST_WORDS,
    })
}

/// GET `/rounds/{slug}/progress`
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug, &Form::default()).await?).await
}

/// POST `/rounds/{slug}/progress`
pub async fn remind(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let people = form.0.all("people").iter().filter_map(|id| id.parse().ok()).collect();
    let new = NewReminder { people, words: form.0.text("words") };
    match service::remind(&visit.app, &visit.call, slug.clone(), new).await {
        Ok(reminded) => Ok(visit.see_with_success(&format!("/rounds/{slug}/progress"), &told(&reminded))),
        Err(refusal) => {
            let faults = faults_beside(refusal, "people")?;
            visit.page_with_faults(&page(&visit, &slug, &form.0).await?, &faults).await
        }
    }
}

/// How many are written to, and how many not.
fn told(reminded: &[Reminded]) -> String {
    let done = reminded.iter().filter(|one| one.done).count();
    let sent = match done {
        0 => "Nobody is reminded.".to_owned(),
        1 => "1 person is reminded.".into(),
        many => format!("{many} people are reminded."),
    };
    match reminded.len() - done {
        0 => sent,
        1 => format!("{sent} 1 person has nothing to submit by now, or was reminded today already."),
        many => format!("{sent} {many} people have nothing to submit by now, or were reminded today already."),
    }
}

/// By when scores are wanted.
#[derive(Debug, Serialize)]
pub struct WantedPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The instant as it stands in the fields.
    pub wanted_by: WrittenInstant,
    /// The days of the reminders as they stand in the field.
    pub reminder_days: String,
    /// The version that the form was opened at.
    pub version: i32,
}

impl Page for WantedPage {
    const TEMPLATE: &'static str = "assessment/scores-wanted.html";
}

async fn wanted(visit: &Visit, slug: &str) -> Result<WantedPage, Refused> {
    let (title, wanted) = service::wanted(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(WantedPage {
        slug: slug.to_owned(),
        title,
        wanted_by: wanted.wanted_by.map(WrittenInstant::at).unwrap_or_default(),
        reminder_days: wanted.reminder_days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        version: wanted.version,
    })
}

/// GET `/rounds/{slug}/progress/wanted`
pub async fn ask(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&wanted(&visit, &slug).await?).await
}

/// POST `/rounds/{slug}/progress/wanted`
pub async fn choose(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let chosen = match read(&form.0) {
        Ok(new) => service::choose(&visit.app, &visit.call, slug.clone(), form.0.version(), new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match chosen {
        Ok(_) => Ok(visit.see_with_success(&format!("/rounds/{slug}/progress"), "By when scores are wanted is saved.")),
        Err(refusal) => {
            let faults = faults_beside(refusal, "at-day")?.into_iter().map(in_its_field).collect::<Vec<_>>();
            let page = wanted(&visit, &slug).await?;
            let written = WantedPage {
                wanted_by: WrittenInstant::of(&form.0),
                reminder_days: form.0.text("reminder_days"),
                ..page
            };
            visit.page_with_faults(&written, &faults).await
        }
    }
}

/// The page has the instant in several fields.
fn in_its_field(fault: Fault) -> Fault {
    let field = if fault.field == "wanted_by" { "at-day".into() } else { fault.field };
    Fault { field, ..fault }
}

fn read(form: &Form) -> Result<NewScoresWanted, Vec<Fault>> {
    let mut faults = Vec::new();
    let written = WrittenInstant::of(form);
    let wanted_by = match written.is_empty() {
        true => None,
        false => written.read().map_err(|wrong| faults.extend(wrong)).ok(),
    };
    let text = form.text("reminder_days");
    let words = text.split([',', ' ', '\n']).filter(|word| !word.is_empty());
    let reminder_days = words.map(str::parse).collect::<Result<Vec<u8>, _>>().unwrap_or_else(|_no_number| {
        let message = "Write whole numbers with commas between them, such as 5, 1.";
        faults.push(Fault::new("reminder_days", "unreadable", message));
        Vec::new()
    });
    if faults.is_empty() { Ok(NewScoresWanted { wanted_by, reminder_days }) } else { Err(faults) }
}
