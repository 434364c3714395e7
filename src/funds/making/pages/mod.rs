//! The pages on which a fund manager begins a round, writes it while it is a draft, and publishes it.

pub mod draft;

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{
    model::NewDraft,
    service::{self, Beginnings, Draft},
};
use crate::{
    account::pages::roles::faults_of,
    error::{AppError, Fault},
    funds::{assessing::cautions, service as rounds},
    http::{Query, Refused},
    web::{Form, Page, Posted, Visit},
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
            let faults: Vec<Fault> = faults_of(refusal, "slug")?.into_iter().map(beside_its_field).collect();
            visit.page_with_faults(&new_round_page(&visit, &slug, written).await?, &faults).await
        }
    }
}

/// What is copied is chosen with the workflow, and a prefix that is taken is a matter of its own field.
fn beside_its_field(fault: Fault) -> Fault {
    let field = match (fault.field.as_str(), fault.code.as_ref()) {
        ("copy_of", _) => "workflow",
        (_, "prefix_taken") => "prefix",
        _ => return fault,
    };
    Fault { field: field.into(), ..fault }
}

fn path_of(slug: &str) -> String {
    format!("/rounds/{slug}/draft")
}

async fn draft(visit: &Visit, slug: &str) -> Result<Draft, Refused> {
    Ok(service::draft(&visit.app, &visit.call, slug.to_owned()).await?)
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
    /// What to think of before the rules are fixed, each a sentence.
    pub cautions: Vec<String>,
    /// The hash of the rules, in hexadecimal digits.
    pub rules_hash: String,
}

impl Page for PublishPage {
    const TEMPLATE: &'static str = "rounds/publish.html";
}

impl PublishPage {
    fn of(draft: Draft) -> Self {
        let (rules_hash, cautions) = (draft.round.rules_hash, cautions(&draft.round.rulebook));
        let round = draft.round.round;
        let missing = draft.missing.into_iter().map(|fault| fault.message).collect();
        Self { title: round.title, slug: round.slug, version: round.version, missing, cautions, rules_hash }
    }
}

/// GET `/rounds/{slug}/publish`
pub async fn ask_to_publish(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&PublishPage::of(draft(&visit, &slug).await?)).await
}

/// POST `/rounds/{slug}/publish`
pub async fn publish(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let version = form.0.version_said().ok_or(AppError::VersionNeeded)?;
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
