//! Who reads what: a round's bids with their readers, and the readers of one bid.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use super::Answer;
use crate::{
    assessment::{
        model::{Assessor, Wish},
        plans::{self, by_hand::Candidate},
        queries::{self, pages::QueryRow},
        service::{self, Panel, PanelBid, Reader, Refusal},
    },
    error::{AppError, Fault, Result},
    ids::{Id, PersonKey},
    web::{Form, Page, Posted, Visit},
};

/// A round's bids with their readers, and the assessors with how much they have.
#[derive(Debug, Serialize)]
pub struct PanelPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// Whether the round has gateway checks.
    pub checks: bool,
    /// Who reads what.
    pub panel: Panel,
}

impl Page for PanelPage {
    const TEMPLATE: &'static str = "assessment/panel.html";
}

/// Who reads what in a round.
pub async fn panel(visit: Visit, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let panel = service::panel(&visit.app, &visit.call, slug.clone()).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    let checks = !round.rulebook.assessment.gateway.is_empty();
    visit.page(&PanelPage { slug, title: round.round.title, checks, panel }).await
}

/// Somebody who assesses for the fund, to choose as a reader.
#[derive(Debug, Serialize)]
pub struct ReaderChoice {
    /// Who, as it is sent.
    pub value: String,
    /// Their name.
    pub text: String,
    /// What helps to choose.
    pub hint: String,
    /// Whether they are chosen.
    pub chosen: bool,
    /// Whether they do not have the bid and cannot be given it.
    pub refused: bool,
}

impl ReaderChoice {
    fn of(
        person: Assessor,
        reads: Option<&Reader>,
        (candidate, refusal): (Option<&Candidate>, Option<&Refusal>),
    ) -> Self {
        let refusal = refusal.filter(|_| reads.is_none());
        let load = load_in_words(&person);
        let worth = candidate.map(|candidate| format!(". {}", candidate.in_words())).unwrap_or_default();
        let against = candidate.filter(|_| reads.is_none()).and_then(|candidate| candidate.against.as_deref());
        let hint = match (refusal, against) {
            _ if reads.is_some_and(|reader| reader.conflicted) => {
                "Has a conflict of interest with this bid: take it away and choose somebody else".into()
            }
            (Some(Refusal { code: "possible_conflict", .. }), _) => {
                "May have a conflict of interest with this bid: that has to be answered first".into()
            }
            // What no wall of a plan tells apart.
            (Some(Refusal { code: "read_before", message }), _) | (Some(Refusal { message, .. }), None) => {
                format!("{message} {load}")
            }
            (Some(_), Some(against)) => format!("Cannot be given this bid: {against}. {load}{worth}"),
            (None, Some(against)) => format!("This person {against}. {load}{worth}"),
            (None, None) => format!("{load}{worth}"),
        };
        let value = person.person.to_string();
        Self { value, text: person.name, hint, chosen: reads.is_some(), refused: refusal.is_some() }
    }
}

/// The readers of one bid.
#[derive(Debug, Serialize)]
pub struct ReadersPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Whether readers can still be chosen.
    pub open: bool,
    /// How many readers the round asks for.
    pub least: u32,
    /// Those who have submitted, by name: they stay.
    pub submitted: Vec<String>,
    /// How many readers are wanted in the place of those whom a conflict of interest has taken from it.
    pub replacements: u32,
    /// What is open or failed of the bid's gateway checks, in words.
    pub gateway: Option<String>,
    /// Everybody else who assesses for the fund.
    pub choices: Vec<ReaderChoice>,
    /// Whether it is known what it is worth that somebody reads the bid.
    pub weighed: bool,
    /// What assessors have flagged and asked, for those who answer it.
    pub flagged_by: Vec<QueryRow>,
}

impl Page for ReadersPage {
    const TEMPLATE: &'static str = "assessment/readers.html";
}

impl ReadersPage {
    fn of(
        (slug, open): (String, bool),
        panel: Panel,
        (candidates, refusals): (&[Candidate], &BTreeMap<Id<PersonKey>, Refusal>),
        reference: &str,
    ) -> Result<Self> {
        let found = panel.bids.into_iter().find(|bid| bid.bid.reference == reference);
        let PanelBid { bid, readers, gateway, replacements, .. } = found.ok_or(AppError::NotFound)?;
        let (submitted, others): (Vec<_>, Vec<_>) =
            readers.into_iter().partition(|reader| reader.submitted_at.is_some() && !reader.conflicted);
        let assessors = panel.assessors.into_iter();
        let free = assessors.filter(|person| !submitted.iter().any(|reader| reader.person == person.person));
        let choice = |person: Assessor| {
            let reads = others.iter().find(|reader| reader.person == person.person);
            let candidate = candidates.iter().find(|candidate| candidate.person == person.person);
            let refusal = refusals.get(&person.person);
            ReaderChoice::of(person, reads, (candidate, refusal))
        };
        Ok(Self {
            choices: free.map(choice).collect(),
            weighed: !candidates.is_empty(),
            submitted: submitted.into_iter().map(|reader| reader.name).collect(),
            least: panel.least_readers,
            gateway: gateway.map(|gateway| gateway.in_words()),
            flagged_by: Vec::new(),
            replacements,
            slug,
            open,
            reference: bid.reference,
            title: bid.title,
        })
    }

    fn choose(&mut self, form: &Form) {
        let sent = form.all("person");
        self.choices.iter_mut().for_each(|choice| choice.chosen = sent.contains(&choice.value));
    }

    /// Whom to give the bid and from whom to take it, to get from `before` to what is chosen here.
    fn changes(&self, before: &Self) -> (Vec<Id<PersonKey>>, Vec<Id<PersonKey>>) {
        let changed = |wanted: bool| {
            let pairs = self.choices.iter().zip(&before.choices);
            let changed = pairs.filter(move |(now, was)| now.chosen == wanted && was.chosen != wanted);
            changed.filter_map(|(now, _)| now.value.parse().ok()).collect()
        };
        (changed(true), changed(false))
    }
}

/// How many bids somebody has, and how many they can read where they said so.
fn load_in_words(person: &Assessor) -> String {
    let bids = if person.given == 1 { "Has 1 bid".into() } else { format!("Has {} bids", person.given) };
    match person.most {
        Some(most) if person.given > most => format!("{bids}, more than the {most} that they can read at most"),
        Some(most) => format!("{bids} and can read {most} at most"),
        None => bids,
    }
}

async fn load(visit: &Visit, reference: &str) -> Result<ReadersPage> {
    let (slug, open) = service::round_of(&visit.app, &visit.call, reference.to_owned()).await?;
    let panel = service::panel(&visit.app, &visit.call, slug.clone()).await?;
    let candidates = plans::service::candidates(&visit.app, &visit.call, reference.to_owned()).await?;
    let refusals = service::refusals(&visit.app, &visit.call, reference.to_owned()).await?;
    let page = ReadersPage::of((slug, open), panel, (&candidates, &refusals), reference)?;
    let flagged = queries::service::of_bid(&visit.app, &visit.call, reference.to_owned()).await?;
    Ok(ReadersPage { flagged_by: flagged.into_iter().map(QueryRow::from).collect(), ..page })
}

/// The readers of one bid.
pub async fn readers(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&load(&visit, &reference).await?).await
}

/// Says that nobody is wanted any more in the place of readers who were lost.
pub async fn close_replacements(visit: Visit, reference: Path<String>, _form: Posted) -> Answer {
    let page = load(&visit, &reference).await?;
    match service::close_replacements(&visit.app, &visit.call, reference.into_inner()).await {
        Ok(()) => {
            let said = format!("Nobody is wanted any more in the place of whoever read {} before.", page.reference);
            Ok(visit.see_with_success(&format!("/rounds/{}/assessors", page.slug), &said))
        }
        Err(AppError::Conflict { message, .. }) => {
            let fault = Fault::new("replacements", "refused", message);
            visit.page_with_faults(&page, &[fault]).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Gives the bid to those who were chosen and takes it from the others.
pub async fn choose_readers(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let before = load(&visit, &reference).await?;
    let mut page = load(&visit, &reference).await?;
    page.choose(&form.0);
    let (given, taken) = page.changes(&before);
    for person in taken {
        service::unassign(&visit.app, &visit.call, reference.clone(), person).await?;
    }
    let wishes = given.into_iter().map(|person| Wish { bid: reference.clone(), person }).collect();
    let answers = service::assign_many(&visit.app, &visit.call, page.slug.clone(), wishes).await?;
    let called = |person: Id<PersonKey>| {
        let choice = page.choices.iter().find(|choice| choice.value == person.to_string());
        choice.map(|choice| choice.text.clone()).unwrap_or_default()
    };
    let warnings: Vec<String> = answers
        .iter()
        .filter_map(|answer| Some(format!(" {}: {}", called(answer.person), answer.warning.as_deref()?)))
        .collect();
    let faults: Vec<Fault> = answers
        .into_iter()
        .filter(|answer| !answer.done)
        .map(|answer| {
            let name = called(answer.person);
            Fault::new("person", "refused", format!("{name}: {}", answer.message.unwrap_or_default()))
        })
        .collect();
    if faults.is_empty() {
        let said = format!("The readers of {} are saved.{}", page.reference, warnings.concat());
        return Ok(visit.see_with_success(&format!("/rounds/{}/assessors", page.slug), &said));
    }
    visit.page_with_faults(&load(&visit, &reference).await?, &faults).await
}
