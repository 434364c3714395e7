//! The pages on which a fund manager begins a round, writes it while it is a draft, and publishes it.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::{DraftChange, NewDraft},
    service::{self, Beginnings, Draft},
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    funds::{
        model::Milestone,
        rulebook::Rulebook,
        service::{self as rounds, NewMilestone},
    },
    http::{Query, Refused},
    money::Pence,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

type Answer = Result<HttpResponse, Refused>;

/// Begins a round.
#[derive(Debug, Serialize)]
pub struct NewRoundPage {
    /// The fund's name.
    pub fund: String,
    /// The fund's place in addresses.
    pub slug: String,
    /// What the round can begin with: value and words.
    pub beginnings: Vec<(String, String)>,
    /// What was written.
    pub written: WrittenRound,
}

impl Page for NewRoundPage {
    const TEMPLATE: &'static str = "funds/new-round.html";
}

/// The fields of the form, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct WrittenRound {
    /// The title.
    pub title: String,
    /// The place in addresses.
    pub slug: String,
    /// What references begin with.
    pub prefix: String,
    /// What it begins with: `workflow:` and an id, or `round:` and a slug.
    pub begin_with: String,
}

impl WrittenRound {
    fn of(form: &Form) -> Self {
        Self {
            title: form.text("title"),
            slug: form.text("slug"),
            prefix: form.text("prefix"),
            begin_with: form.text("workflow"),
        }
    }

    fn read(&self) -> NewDraft {
        let after = |word: &str| self.begin_with.strip_prefix(word).map(str::to_owned);
        NewDraft {
            slug: self.slug.clone(),
            title: self.title.clone(),
            prefix: self.prefix.clone(),
            workflow: after("workflow:"),
            copy_of: after("round:"),
        }
    }
}

/// What the address says of a new round.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Wish {
    /// The round that is copied.
    copy: Option<String>,
}

async fn new_round_page(visit: &Visit, slug: &str, written: WrittenRound) -> Result<NewRoundPage, Refused> {
    let Beginnings { fund, rounds: earlier } = service::beginnings(&visit.app, &visit.call, slug.to_owned()).await?;
    let ready = rounds::ready_workflows().into_iter();
    let mut beginnings: Vec<(String, String)> = earlier
        .into_iter()
        .map(|round| (format!("round:{}", round.slug), format!("A copy of {}", round.title)))
        .collect();
    beginnings.extend(ready.map(|ready| (format!("workflow:{}", ready.id), format!("The workflow “{}”", ready.title))));
    Ok(NewRoundPage { fund: fund.name, slug: fund.slug, beginnings, written })
}

/// GET `/funds/{slug}/rounds/new`
pub async fn ask(visit: Visit, slug: Path<String>, wish: Query<Wish>) -> Answer {
    let begin_with = wish.0.copy.map(|slug| format!("round:{slug}")).unwrap_or_default();
    let page = new_round_page(&visit, &slug, WrittenRound { begin_with, ..WrittenRound::default() }).await?;
    visit.page(&page).await
}

/// POST `/funds/{slug}/rounds/new`
pub async fn begin(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let written = WrittenRound::of(&form.0);
    match service::begin(&visit.app, &visit.call, slug.clone(), written.read()).await {
        Ok(round) => {
            let text = "The round is begun as a draft. Nobody outside the fund sees it.";
            Ok(visit.see_with_success(&path_of(&round.round.slug), text))
        }
        Err(refusal) => {
            let faults: Vec<Fault> = faults_of(refusal, "slug")?
                .into_iter()
                .map(|fault| if fault.field == "copy_of" { Fault { field: "workflow".into(), ..fault } } else { fault })
                .collect();
            visit.page_with_faults(&new_round_page(&visit, &slug, written).await?, &faults).await
        }
    }
}

fn path_of(slug: &str) -> String {
    format!("/rounds/{slug}/draft")
}

/// A draft and what it lacks.
#[derive(Debug, Serialize)]
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
        }
    }

    /// The same with what was sent.
    fn with(mut self, form: &Form) -> Self {
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

    /// The change that the fields say, or everything that cannot be read. A date that is left empty is set later.
    fn read(&self) -> Result<DraftChange, Vec<Fault>> {
        let mut faults = Vec::new();
        let budget_pence = Pence::from_pounds(&self.written.budget);
        if budget_pence.is_none() && !self.written.budget.is_empty() {
            let message = "Enter the amount in pounds, such as 250,000 or 250,000.50.";
            faults.push(Fault::new("budget_pence", "wrong_amount", message));
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

async fn draft(visit: &Visit, slug: &str) -> Result<Draft, Refused> {
    Ok(service::draft(&visit.app, &visit.call, slug.to_owned()).await?)
}

/// GET `/rounds/{slug}/draft`
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&DraftPage::of(draft(&visit, &slug).await?)).await
}

/// POST `/rounds/{slug}/draft`
pub async fn save(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let page = DraftPage::of(draft(&visit, &slug).await?).with(&form.0);
    let faults = match page.read() {
        Ok(change) => keep(&visit, &slug, &form.0, change, "title").await?,
        Err(faults) => Some(faults),
    };
    match faults {
        None => Ok(visit.see_with_success(&path_of(&slug), "The draft is saved.")),
        Some(faults) => visit.page_with_faults(&page, &faults).await,
    }
}

/// Keeps a change; says what stands in the way, beside `field` where it names none.
async fn keep(
    visit: &Visit,
    slug: &str,
    form: &Form,
    change: DraftChange,
    field: &str,
) -> Result<Option<Vec<Fault>>, Refused> {
    let version = form.text("version").parse().map_err(|_no_number| AppError::VersionNeeded)?;
    match service::change(&visit.app, &visit.call, slug.to_owned(), version, change).await {
        Ok(_) => Ok(None),
        Err(AppError::Stale { .. }) => {
            let message = "Somebody else has changed this draft meanwhile. Open the page again and look at both.";
            Ok(Some(vec![Fault::new(field, "stale", message)]))
        }
        Err(refusal) => Ok(Some(faults_of(refusal, field)?)),
    }
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
}

impl Page for DraftRulesPage {
    const TEMPLATE: &'static str = "rounds/draft-rules.html";
}

impl DraftRulesPage {
    fn of(draft: Draft, text: String) -> Self {
        let round = draft.round.round;
        Self { title: round.title, slug: round.slug, version: round.version, text }
    }
}

/// GET `/rounds/{slug}/draft/rules`
pub async fn ask_rules(visit: Visit, slug: Path<String>) -> Answer {
    let draft = draft(&visit, &slug).await?;
    let text = serde_json::to_string_pretty(&draft.round.rulebook).map_err(AppError::from)?;
    visit.page(&DraftRulesPage::of(draft, text)).await
}

/// POST `/rounds/{slug}/draft/rules`
pub async fn save_rules(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let text = form.0.text("rulebook");
    let faults = match serde_json::from_str::<Rulebook>(&text) {
        Ok(rulebook) => {
            let change = DraftChange { rulebook: Some(rulebook), ..DraftChange::default() };
            keep(&visit, &slug, &form.0, change, "rulebook").await?
        }
        Err(fault) => Some(vec![Fault::new("rulebook", "unreadable", format!("This cannot be read: {fault}."))]),
    };
    match faults {
        None => Ok(visit.see_with_success(&path_of(&slug), "The questions and rules are saved.")),
        Some(faults) => visit.page_with_faults(&DraftRulesPage::of(draft(&visit, &slug).await?, text), &faults).await,
    }
}

/// Publishes a draft.
#[derive(Debug, Serialize)]
pub struct PublishPage {
    /// The round's title.
    pub title: String,
    /// The round's place in addresses.
    pub slug: String,
    /// The round's version.
    pub version: i32,
    /// What keeps it from being published.
    pub missing: Vec<String>,
    /// The hash of the rules, in hexadecimal digits.
    pub rules_hash: String,
}

impl Page for PublishPage {
    const TEMPLATE: &'static str = "rounds/publish.html";
}

impl PublishPage {
    fn of(draft: Draft) -> Self {
        let rules_hash = draft.round.rules_hash;
        let round = draft.round.round;
        let missing = draft.missing.into_iter().map(|fault| fault.message).collect();
        Self { title: round.title, slug: round.slug, version: round.version, missing, rules_hash }
    }
}

/// GET `/rounds/{slug}/publish`
pub async fn ask_to_publish(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&PublishPage::of(draft(&visit, &slug).await?)).await
}

/// POST `/rounds/{slug}/publish`
pub async fn publish(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let version = form.0.text("version").parse().map_err(|_no_number| AppError::VersionNeeded)?;
    match rounds::publish(&visit.app, &visit.call, slug.clone(), version).await {
        Ok(_) => Ok(visit.see_with_success(&format!("/rounds/{slug}"), "The round is published.")),
        Err(AppError::Invalid(faults)) => {
            let told = |fault: Fault| Fault { field: "missing".into(), ..fault };
            let faults: Vec<Fault> = faults.into_iter().map(told).collect();
            visit.page_with_faults(&PublishPage::of(draft(&visit, &slug).await?), &faults).await
        }
        Err(AppError::Stale { .. }) => {
            let message = "Somebody has changed this draft meanwhile. Read it again before you publish it.";
            let faults = [Fault::new("publish", "stale", message)];
            visit.page_with_faults(&PublishPage::of(draft(&visit, &slug).await?), &faults).await
        }
        Err(other) => Err(other.into()),
    }
}
