//! The register's pages, and the step of a bid that asks what exists already.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::{Deserialize, Serialize};

use super::{
    api::Search,
    model::{Entry, Pick, PriorWork, Similar},
    search::Kind,
    service,
};
use crate::{
    error::{AppError, Fault},
    http::{PageRequest, Query, Refused},
    web::{FieldError, Form, Page, Posted, Visit},
};

/// The list of the register, with its search.
#[derive(Debug, Serialize)]
pub struct Register {
    /// What was looked for.
    pub q: String,
    /// Entries on this page.
    pub entries: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl Page for Register {
    const TEMPLATE: &'static str = "register/list.html";
}

/// One entry.
#[derive(Debug, Serialize)]
pub struct EntryPage {
    /// The entry.
    pub entry: Entry,
}

impl Page for EntryPage {
    const TEMPLATE: &'static str = "register/entry.html";
}

/// What exists already, and why is it not enough?
#[derive(Debug, Serialize)]
pub struct PriorWorkPage {
    /// The bid.
    pub reference: String,
    /// The version that is changed.
    pub version: i32,
    /// What was looked for.
    pub q: String,
    /// Entries to choose from: the chosen ones, then those that were looked for, then those that are like the bid.
    pub choices: Vec<Choice>,
    /// Public bids that are like this one.
    pub bids: Vec<Similar>,
}

impl Page for PriorWorkPage {
    const TEMPLATE: &'static str = "register/prior-work.html";
}

/// An entry that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Whose work it is.
    pub organisations: String,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Why it is not enough.
    pub why: String,
}

impl Choice {
    fn of_entry(entry: Entry) -> Self {
        Self {
            key: entry.entry_key,
            title: entry.title,
            organisations: entry.organisations,
            chosen: false,
            why: String::new(),
        }
    }

    fn of_work(work: PriorWork) -> Self {
        Self { chosen: true, why: work.why, ..Self::of_entry(work.entry) }
    }

    fn of_similar(similar: &Similar) -> Self {
        Self {
            key: similar.key.clone(),
            title: similar.title.clone(),
            organisations: similar.organisations.clone(),
            chosen: false,
            why: String::new(),
        }
    }
}

/// What to look for while choosing.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Looking {
    /// Words that the entries must all have.
    #[serde(default)]
    pub q: String,
}

/// The register.
pub async fn list(visit: Visit, search: Query<Search>) -> Result<HttpResponse, Refused> {
    let found = service::entries(&visit.app, &visit.call, search.q.clone(), search.page()).await?;
    visit.page(&Register { q: search.0.q, entries: found.items, next: found.next }).await
}

/// One entry.
pub async fn entry(visit: Visit, key: Path<String>) -> Result<HttpResponse, Refused> {
    let entry = service::entry(&visit.app, &visit.call, key.into_inner()).await?;
    visit.page(&EntryPage { entry }).await
}

/// The step of a bid.
pub async fn prior_work(
    visit: Visit,
    reference: Path<String>,
    looking: Query<Looking>,
) -> Result<HttpResponse, Refused> {
    let page = to_choose_from(&visit, reference.into_inner(), looking.0.q).await?;
    visit.page(&page).await
}

/// Keeps what was chosen.
pub async fn choose(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let picks = picks_of(&form.0);
    let version = form.0.version();
    match service::set_prior_work(&visit.app, &visit.call, reference.clone(), version, picks.clone()).await {
        Ok(_) => Ok(visit.see_with_success(&format!("/bids/{reference}"), "Your answer about earlier work is saved.")),
        Err(AppError::Invalid(faults)) => {
            let mut page = to_choose_from(&visit, reference, form.0.text("q")).await?;
            page.version = version;
            page.choices.iter_mut().for_each(|choice| choice.take_over(&picks));
            visit.page_with_faults(&page, &on_fields(faults, &picks)).await
        }
        Err(AppError::Stale { .. }) => {
            let mut page = to_choose_from(&visit, reference, form.0.text("q")).await?;
            page.choices.iter_mut().for_each(|choice| choice.add(&picks));
            let message = "Somebody changed this bid meanwhile. What is saved and what you sent are both chosen here: \
                           check it and save again.";
            let error = FieldError { field: "entry".into(), message: message.into() };
            visit.answer(StatusCode::PRECONDITION_FAILED, &page, vec![error]).await
        }
        Err(other) => Err(other.into()),
    }
}

impl Choice {
    /// Shows what was sent, not what is kept, so that nothing that was written is lost.
    fn take_over(&mut self, picks: &[Pick]) {
        let picked = picks.iter().find(|pick| pick.entry_key == self.key);
        self.chosen = picked.is_some();
        self.why = picked.map_or_else(|| self.why.clone(), |pick| pick.why.clone());
    }

    /// Shows what was sent beside what is kept.
    fn add(&mut self, picks: &[Pick]) {
        if let Some(pick) = picks.iter().find(|pick| pick.entry_key == self.key) {
            (self.chosen, self.why) = (true, pick.why.clone());
        }
    }
}

fn picks_of(form: &Form) -> Vec<Pick> {
    let pick = |key: String| Pick { why: form.text(&format!("why-{key}")), entry_key: key };
    form.all("entry").into_iter().map(pick).collect()
}

/// The faults as this page names its fields: `why-…` with the entry's key.
fn on_fields(faults: Vec<Fault>, picks: &[Pick]) -> Vec<Fault> {
    let on_field = |fault: Fault| {
        let place = fault.field.split('/').nth(1).and_then(|place| place.parse::<usize>().ok());
        let field = match place.and_then(|place| picks.get(place)) {
            Some(pick) if fault.field.ends_with("/why") => format!("why-{}", pick.entry_key),
            _ => "entry".into(),
        };
        Fault { field, ..fault }
    };
    faults.into_iter().map(on_field).collect()
}

async fn to_choose_from(visit: &Visit, reference: String, q: String) -> Result<PriorWorkPage, Refused> {
    let (app, call) = (&visit.app, &visit.call);
    let named = service::prior_work(app, call, reference.clone()).await?;
    let similar = service::similar_to_bid(app, call, reference.clone()).await?;
    let mut found = Vec::new();
    if !q.is_empty() {
        found = service::entries(app, call, q.clone(), PageRequest::default()).await?.items;
    }
    let (entries, bids): (Vec<_>, Vec<_>) = similar.into_iter().partition(|like| like.kind == Kind::Entry);
    let all = named
        .work
        .into_iter()
        .map(Choice::of_work)
        .chain(found.into_iter().map(Choice::of_entry))
        .chain(entries.iter().map(Choice::of_similar));
    Ok(PriorWorkPage { reference, version: named.version, q, choices: each_once(all), bids })
}

fn each_once(choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let mut once: Vec<Choice> = Vec::new();
    for choice in choices {
        if once.iter().all(|earlier| earlier.key != choice.key) {
            once.push(choice);
        }
    }
    once
}
