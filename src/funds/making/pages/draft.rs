//! The pages of a draft: what it says, its dates, and its questions and rules as one text.
//!
//! Two managers may write the same draft at once. Whoever saves later sees what stands beside what they wrote, and what they
//! send is measured against the version that they read, so that nothing of another is replaced unread.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;

use super::{
    super::{
        model::DraftChange,
        service::{self, Draft},
    },
    Answer, beside_its_field, draft, path_of,
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    funds::{
        amending,
        assessing::cautions,
        model::Milestone,
        pages::workflow::Stands,
        rulebook::{Rulebook, Stage},
        service::NewMilestone,
    },
    http::Refused,
    money::Pence,
    web::{FieldError, Form, Page, Posted, Visit, WrittenInstant},
};

/// What stands at the head of what another manager saved.
const CHANGED: &str = "Somebody else changed this draft after you opened it. It says now:";

/// A draft and what it lacks.
#[derive(Debug, Clone, Serialize)]
pub struct DraftPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// What is in the form.
    pub written: WrittenDraft,
    /// The dates: word, title and what is written.
    pub dates: Vec<(Milestone, &'static str, WrittenInstant)>,
    /// What keeps it from being published.
    pub missing: Vec<String>,
    /// What to think of before the rules are fixed, each a sentence.
    pub cautions: Vec<String>,
    /// What somebody else saved meanwhile.
    pub stands: Option<Stands>,
}

impl Page for DraftPage {
    const TEMPLATE: &'static str = "rounds/draft.html";
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WrittenDraft {
    /// The title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// What references begin with.
    pub prefix: String,
    /// The budget in pounds.
    pub budget: String,
    /// Something everybody must know.
    pub note: String,
}

impl DraftPage {
    fn of(draft: Draft) -> Self {
        let cautions = cautions(&draft.round.rulebook);
        let round = draft.round.round;
        let budget = if round.budget_pence > Pence(0) { round.budget_pence.to_string() } else { String::new() };
        let written = WrittenDraft {
            title: round.title,
            summary: round.summary,
            prefix: round.prefix,
            budget: budget.trim_start_matches('£').to_owned(),
            note: round.note.unwrap_or_default(),
        };
        let date = |milestone: Milestone| {
            let at = draft.round.timetable.at(milestone).map(WrittenInstant::at).unwrap_or_default();
            (milestone, milestone.title(), at)
        };
        Self {
            slug: round.slug,
            version: round.version,
            written,
            dates: draft.needed.into_iter().map(date).collect(),
            missing: draft.missing.into_iter().map(|fault| fault.message).collect(),
            cautions,
            stands: None,
        }
    }

    /// The same with what was sent, against the version that it was written on.
    fn with(mut self, form: &Form, version: i32) -> Self {
        self.version = version;
        self.written = WrittenDraft {
            title: form.text("title"),
            summary: form.text("summary"),
            prefix: form.text("prefix"),
            budget: form.text("budget_pence"),
            note: form.text("note"),
        };
        for (milestone, _, written) in &mut self.dates {
            *written = WrittenInstant::named(form, milestone.word());
        }
        self
    }

    /// What it says as people read it: the title of each field, and what is in it.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let Self { written, dates, .. } = self;
        let date = |(_, title, at): &(Milestone, &'static str, WrittenInstant)| {
            let WrittenInstant { day, month, year, time } = at;
            (*title, if at.is_empty() { String::new() } else { format!("{day}/{month}/{year} {time}") })
        };
        let mut lines = vec![
            ("Title", written.title.clone()),
            ("What it is for", written.summary.clone()),
            ("What references of bids begin with", written.prefix.clone()),
            ("How much can be awarded, in pounds", written.budget.clone()),
            ("Something everybody must know", written.note.clone()),
        ];
        lines.extend(dates.iter().map(date));
        lines
    }

    /// What of it is otherwise in `sent`.
    fn beside(&self, sent: &Self) -> Stands {
        let others = self.lines().into_iter().zip(sent.lines()).filter(|(now, sent)| now != sent).map(|(now, _)| now);
        let said = |(title, now): (&str, String)| {
            if now.is_empty() { format!("{title}: nothing") } else { format!("{title}: {now}") }
        };
        Stands { message: CHANGED.into(), now: others.map(said).collect() }
    }

    /// The change that the fields say of the draft as it stands, or everything that cannot be read. A date that is left
    /// empty is set later, and so is a budget that was never given.
    fn read(&self, standing: &Self) -> Result<DraftChange, Vec<Fault>> {
        let mut faults = Vec::new();
        let budget_pence = Pence::from_pounds(&self.written.budget);
        if budget_pence.is_none() && self.written.budget != standing.written.budget {
            faults.push(Fault::new(
                "budget_pence",
                "wrong_amount",
                match self.written.budget.as_str() {
                    "" => "Enter how much can be awarded: the draft has a budget already.",
                    _ => "Enter the amount in pounds, such as 250,000 or 250,000.50.",
                },
            ));
        }
        let mut milestones = Vec::new();
        for (name, _, written) in self.dates.iter().filter(|(_, _, written)| !written.is_empty()) {
            match written.read() {
                Ok(at) => milestones.push(NewMilestone { name: *name, at }),
                Err(wrong) => faults.extend(wrong.into_iter().map(|fault| {
                    let field = fault.field.replacen("at", name.word(), 1);
                    Fault { field, ..fault }
                })),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(DraftChange {
            title: Some(self.written.title.clone()),
            summary: Some(self.written.summary.clone()),
            prefix: Some(self.written.prefix.clone()),
            budget_pence,
            note: Some(self.written.note.clone()),
            milestones: Some(milestones),
            rulebook: None,
        })
    }
}

/// GET `/rounds/{slug}/draft`
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&DraftPage::of(draft(&visit, &slug).await?)).await
}

/// POST `/rounds/{slug}/draft`
pub async fn save(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let version = form.0.version_said().ok_or(AppError::VersionNeeded)?;
    let standing = DraftPage::of(draft(&visit, &slug).await?);
    let page = standing.clone().with(&form.0, version);
    let kept = match page.read(&standing) {
        Ok(change) => keep(&visit, &slug, (version, change), "title").await?,
        Err(faults) => Kept::Refused(faults),
    };
    match kept {
        Kept::Saved => Ok(visit.see_with_success(&path_of(&slug), "The draft is saved.")),
        Kept::Refused(faults) => visit.page_with_faults(&page, &faults).await,
        Kept::Stale => {
            let now = DraftPage::of(draft(&visit, &slug).await?);
            let sent = now.clone().with(&form.0, now.version);
            stale(&visit, &DraftPage { stands: Some(now.beside(&sent)), ..sent }, "title").await
        }
    }
}

/// What became of what was sent.
enum Kept {
    Saved,
    Refused(Vec<Fault>),
    /// Somebody else has saved meanwhile.
    Stale,
}

/// Keeps a change of a version; says what stands in the way, beside `field` where it names none.
async fn keep(visit: &Visit, slug: &str, (version, change): (i32, DraftChange), field: &str) -> Result<Kept, Refused> {
    match service::change(&visit.app, &visit.call, slug.to_owned(), version, change).await {
        Ok(_) => Ok(Kept::Saved),
        Err(AppError::Stale { .. }) => Ok(Kept::Stale),
        Err(refusal) => Ok(Kept::Refused(faults_of(refusal, field)?.into_iter().map(beside_its_field).collect())),
    }
}

/// 412 with what stands beside what was sent, which the next save puts in its place.
async fn stale(visit: &Visit, page: &impl Page, field: &str) -> Answer {
    let message = "Somebody else changed this draft. Look at both, then save yours again.";
    let error = FieldError { field: field.into(), message: message.into() };
    visit.answer(StatusCode::PRECONDITION_FAILED, page, vec![error]).await
}

/// The questions and rules of a draft as one text.
#[derive(Debug, Serialize)]
pub struct DraftRulesPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// What is in the field.
    pub text: String,
    /// What would change of what somebody else saved meanwhile, and that in full.
    pub stands: Option<(Stands, String)>,
}

impl Page for DraftRulesPage {
    const TEMPLATE: &'static str = "rounds/draft-rules.html";
}

impl DraftRulesPage {
    fn of(draft: Draft, text: String) -> Self {
        let round = draft.round.round;
        Self { title: round.title, slug: round.slug, version: round.version, text, stands: None }
    }
}

/// GET `/rounds/{slug}/draft/rules`
pub async fn ask_rules(visit: Visit, slug: Path<String>) -> Answer {
    let draft = draft(&visit, &slug).await?;
    let text = text_of(&draft.round.rulebook)?;
    visit.page(&DraftRulesPage::of(draft, text)).await
}

fn text_of(rules: &Rulebook) -> Result<String, AppError> {
    Ok(serde_json::to_string_pretty(rules)?)
}

/// POST `/rounds/{slug}/draft/rules`
pub async fn save_rules(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let (version, text) = (form.0.version_said().ok_or(AppError::VersionNeeded)?, form.0.text("rulebook"));
    let (kept, sent) = match serde_json::from_str::<Rulebook>(&text) {
        Ok(rulebook) => {
            let change = DraftChange { rulebook: Some(rulebook.clone()), ..DraftChange::default() };
            (keep(&visit, &slug, (version, change), "rulebook").await?, Some(rulebook))
        }
        Err(fault) => {
            let fault = Fault::new("rulebook", "unreadable", format!("This cannot be read: {fault}."));
            (Kept::Refused(vec![fault]), None)
        }
    };
    let faults = match kept {
        Kept::Saved => return Ok(visit.see_with_success(&path_of(&slug), "The questions and rules are saved.")),
        Kept::Refused(faults) => faults,
        Kept::Stale => return stale_rules(&visit, &slug, (text, sent)).await,
    };
    let page = DraftRulesPage { version, ..DraftRulesPage::of(draft(&visit, &slug).await?, text) };
    visit.page_with_faults(&page, &faults).await
}

async fn stale_rules(visit: &Visit, slug: &str, (text, sent): (String, Option<Rulebook>)) -> Answer {
    let draft = draft(visit, slug).await?;
    let now = draft.round.rulebook.clone();
    let message = "Somebody else changed this draft after you opened it. What you wrote would change of it:";
    let changes = sent.map(|sent| changes(&now, &sent)).unwrap_or_default();
    let stands = Stands { message: message.into(), now: changes };
    let page = DraftRulesPage { stands: Some((stands, text_of(&now)?)), ..DraftRulesPage::of(draft, text) };
    stale(visit, &page, "rulebook").await
}

/// What `sent` changes of `now`, each a phrase.
fn changes(now: &Rulebook, sent: &Rulebook) -> Vec<String> {
    let mut changes = amending::differences(now, sent);
    let others = Stage::ALL.iter().filter(|stage| now.form(**stage) != sent.form(**stage));
    changes.extend(others.map(|stage| format!("Other questions of the {}", stage.title())));
    changes
}
