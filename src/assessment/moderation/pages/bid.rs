//! One bid as a meeting talks it over: large, with the assessors under numbers, and the form that records what is agreed.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        moderation::{
            model::{AgreedScore, BidModeration, ModeratedCriterion, NewStep, StepKind},
            service,
        },
        pages::{Answer, Choice},
    },
    error::{AppError, Fault},
    funds::rulebook::{Criterion, Grade},
    ids::{Id, PersonKey},
    web::{Form, Page, Posted, Visit},
};

/// A bid that is talked over.
#[derive(Debug, Serialize)]
pub struct BidPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The bid with everybody's scores.
    pub bid: BidModeration,
    /// Whether the reader can have the ranking made that is wanted to know which bids are near the funding line.
    pub may_rank: bool,
    /// What the criteria are called, by their ids.
    pub titles: BTreeMap<String, String>,
    /// The same criteria with what the form holds.
    pub rows: Vec<CriterionRow>,
    /// Who was in the room.
    pub present: Vec<Choice>,
    /// What was written as the reason for asking or passing over.
    pub reason: String,
    /// How many bids are settled.
    pub settled: u32,
    /// How many there are to talk over.
    pub of: u32,
    /// How many are not counted because the reader assesses them and reads them blind still.
    pub blind: u32,
    /// The next bid to be talked over.
    pub next: Option<String>,
    /// The version that the form was opened at.
    pub version: i32,
}

impl Page for BidPage {
    const TEMPLATE: &'static str = "assessment/moderated-bid.html";
}

/// A criterion with what the form holds.
#[derive(Debug, Serialize)]
pub struct CriterionRow {
    /// What was given.
    #[serde(flatten)]
    pub of: ModeratedCriterion,
    /// The scale.
    pub values: Vec<Choice>,
    /// Why.
    pub reason: String,
}

impl BidPage {
    async fn load(visit: &Visit, slug: &str, reference: &str, form: Option<&Form>) -> Result<Self, AppError> {
        let (app, call) = (&visit.app, &visit.call);
        let (bid, queue) = service::meeting(app, call, reference.to_owned()).await?;
        if bid.round != slug {
            return Err(AppError::NotFound);
        }
        let round = crate::funds::service::round(app, call, slug.to_owned()).await?;
        // The form of the agreement is as it was where the other one was sent.
        let agreement = form.filter(|form| !form.has("step"));
        Ok(Self {
            may_rank: service::may_rank(app, call, slug, bid.at_line.as_ref()).await?,
            titles: bid.criteria.iter().map(|of| (of.id.clone(), of.title.clone())).collect(),
            rows: bid.criteria.iter().filter_map(|of| row(of, &round.rulebook.criteria, agreement)).collect(),
            present: bid
                .people
                .iter()
                .map(|person| {
                    let value = person.person.to_string();
                    let chosen = agreement.map_or(person.was_present, |form| form.all("present").contains(&value));
                    let hint = if person.reads { "Read the bid" } else { "" };
                    Choice { text: person.name.clone(), hint: hint.into(), chosen, value }
                })
                .collect(),
            reason: form.map(|form| form.text("reason")).unwrap_or_default(),
            next: queue.next(Some(reference)).map(|next| next.bid.reference.clone()),
            settled: queue.settled,
            of: queue.of,
            blind: queue.blind,
            version: bid.line.version,
            slug: slug.to_owned(),
            bid,
        })
    }
}

fn row(of: &ModeratedCriterion, criteria: &[Criterion], form: Option<&Form>) -> Option<CriterionRow> {
    let criterion = criteria.iter().find(|known| known.id == of.id)?;
    let kept = of.agreed.as_ref();
    let (value, reason) = match form {
        Some(form) => (form.text(&value_field(&of.id)), form.text(&reason_field(&of.id))),
        None => (
            kept.map(|kept| kept.value.to_string()).unwrap_or_default(),
            kept.map(|kept| kept.reason.clone()).unwrap_or_default(),
        ),
    };
    let choice = |grade: &Grade| {
        let this = grade.value.to_string();
        Choice {
            text: format!("{} – {}", grade.value, grade.label),
            hint: String::new(),
            chosen: this == value,
            value: this,
        }
    };
    Some(CriterionRow { of: of.clone(), values: criterion.scale.iter().map(choice).collect(), reason })
}

fn value_field(criterion: &str) -> String {
    format!("value-{criterion}")
}

fn reason_field(criterion: &str) -> String {
    format!("reason-{criterion}")
}

/// GET `/rounds/{slug}/moderation/{reference}`
pub async fn bid(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (slug, reference) = path.into_inner();
    visit.page(&BidPage::load(&visit, &slug, &reference, None).await?).await
}

/// POST `/rounds/{slug}/moderation/{reference}`
pub async fn record(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (slug, reference) = path.into_inner();
    let before = BidPage::load(&visit, &slug, &reference, Some(&form.0)).await?;
    let recorded = match read(&form.0, &before) {
        Ok(new) => {
            let step = new.step;
            let done = service::record(&visit.app, &visit.call, reference.clone(), form.0.version(), new.clone()).await;
            done.map(|()| step).map_err(|refusal| (refusal, new.scores))
        }
        Err(faults) => Err((AppError::Invalid(faults), Vec::new())),
    };
    match recorded {
        Ok(step) => Ok(go_on(&visit, &before, (&slug, &reference), form.0.has("next"), step)),
        Err((refusal, scores)) => {
            let faults = faults_on_the_page(refusal, &scores, &before)?;
            let page = BidPage::load(&visit, &slug, &reference, Some(&form.0)).await?;
            visit.page_with_faults(&page, &faults).await
        }
    }
}

fn go_on(
    visit: &Visit,
    before: &BidPage,
    (slug, reference): (&str, &str),
    next: bool,
    step: StepKind,
) -> actix_web::HttpResponse {
    let said = match step {
        StepKind::Asked => format!("{reference} is to be talked over."),
        StepKind::Next => format!("{reference} is talked over next."),
        StepKind::PassedOver => format!("{reference} is passed over."),
        StepKind::Agreed => format!("What was agreed of {reference} is recorded."),
    };
    let here = match (&before.next, next) {
        (Some(next), true) => format!("/rounds/{slug}/moderation/{next}"),
        (None, true) => format!("/rounds/{slug}/moderation"),
        (_, false) => format!("/rounds/{slug}/moderation/{reference}"),
    };
    visit.see_with_success(&here, &said)
}

/// What the form says. A criterion without a score keeps each assessor's own.
fn read(form: &Form, page: &BidPage) -> Result<NewStep, Vec<Fault>> {
    let step = StepKind::from_word(&form.text("step")).unwrap_or(StepKind::Agreed);
    if step != StepKind::Agreed {
        return Ok(NewStep { step, reason: form.text("reason"), scores: Vec::new(), present: Vec::new() });
    }
    let (mut scores, mut faults) = (Vec::new(), Vec::new());
    for criterion in &page.bid.criteria {
        let (value, reason) = (form.text(&value_field(&criterion.id)), form.text(&reason_field(&criterion.id)));
        match value.parse::<i32>() {
            Ok(value) => scores.push(AgreedScore { criterion: criterion.id.clone(), value, reason }),
            Err(_none) if reason.is_empty() => {}
            Err(_none) => {
                let message =
                    format!("Choose the agreed score on “{}”, or take out the reason for it.", criterion.title);
                faults.push(Fault::new(value_field(&criterion.id), "missing", message));
            }
        }
    }
    let present: Vec<Id<PersonKey>> = form.all("present").iter().filter_map(|word| word.parse().ok()).collect();
    if faults.is_empty() { Ok(NewStep { step, reason: String::new(), scores, present }) } else { Err(faults) }
}

/// The service counts the scores, the page names them by criterion. What happened meanwhile is a fault too: what was written
/// stays in its fields.
fn faults_on_the_page(refusal: AppError, scores: &[AgreedScore], page: &BidPage) -> Result<Vec<Fault>, AppError> {
    let first = page.rows.first().map(|row| value_field(&row.of.id)).unwrap_or_default();
    if let AppError::Stale { .. } = refusal {
        let message = "Somebody recorded something about this bid meanwhile. Read it under “What was done”, then send yours \
                       again if it still holds: it is added, and the newest counts.";
        return Ok(vec![Fault::new(first, "changed_since", message)]);
    }
    let on_the_page = |fault: Fault| {
        let place = fault.field.strip_prefix("scores/").and_then(|rest| rest.split_once('/'));
        let of_score = place.and_then(|(index, part)| {
            let criterion = &scores.get(index.parse::<usize>().ok()?)?.criterion;
            Some(if part == "reason" { reason_field(criterion) } else { value_field(criterion) })
        });
        let field = match (of_score, fault.field.as_str()) {
            (Some(field), _) => field,
            (None, "scores") => first.clone(),
            (None, field) if field.starts_with("present") => "present".to_owned(),
            (None, field) => field.to_owned(),
        };
        Fault { field, ..fault }
    };
    Ok(faults_of(refusal, &first)?.into_iter().map(on_the_page).collect())
}
