//! Scoring: one criterion per page with the bid beside it, then a check before the assessment is submitted.

use std::collections::BTreeMap;

use actix_web::web::Path;
use serde::Serialize;

use super::{Answer, Choice, Shown, ShownAnswer};
use crate::{
    assessment::{
        gateway::model::GatewayStanding,
        model::{Confidence, MOST_WORDS, MyScores, NewScore, NewScores},
        moderation::model::OtherReading,
        service::{self, ToScore},
    },
    bids::{carried::model::Carried, clarifications::model::ClarificationView},
    error::{AppError, Fault},
    funds::rulebook::{Criterion, Grade},
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// One criterion with the bid beside it.
#[derive(Debug, Serialize)]
pub struct ScorePage {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The criterion.
    pub criterion: Criterion,
    /// The weight in percent, e.g. `33.33`.
    pub weight: String,
    /// Which criterion it is, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The criterion before.
    pub before: Option<String>,
    /// The criterion after.
    pub after: Option<String>,
    /// The answers that are read for this criterion.
    pub read: Vec<ShownAnswer>,
    /// The rest of the bid.
    pub rest: Shown,
    /// What the answers said in the expression of interest, by question.
    pub carried: BTreeMap<String, Carried>,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// The scale.
    pub values: Vec<Choice>,
    /// Why.
    pub justification: String,
    /// The longest justification, in words.
    pub most_words: usize,
    /// How sure.
    pub confidences: Vec<Choice>,
    /// Whether scores can be given.
    pub open: bool,
    /// Whether moderation is open, so that what is given stays.
    pub moderated: bool,
    /// Whether the assessor is not to learn whose bid it is.
    pub blind: bool,
    /// Where the bid stands at the gateway.
    pub gateway: Option<AtGateway>,
    /// The version that is changed.
    pub version: i32,
}

impl Page for ScorePage {
    const TEMPLATE: &'static str = "assessment/score.html";
}

/// Where a bid stands at the gateway, as its readers are told.
#[derive(Debug, Serialize)]
pub struct AtGateway {
    /// Whether an assessment of it can be submitted.
    pub passed: bool,
    /// The same in words, with what is open or failed.
    pub words: String,
}

impl AtGateway {
    fn of(standing: &GatewayStanding) -> Self {
        let against = standing.against_scores();
        let words = || format!("{}.", standing.in_words());
        Self { passed: against.is_none(), words: against.unwrap_or_else(words) }
    }
}

/// What was chosen and written on one criterion, kept or just sent.
#[derive(Default)]
struct Written {
    value: String,
    justification: String,
    confidence: String,
    version: i32,
}

impl Written {
    fn kept(scores: &MyScores, criterion: &str) -> Self {
        let version = scores.version;
        let score = scores.scores.iter().find(|score| score.criterion == criterion);
        score.map_or(Self { version, ..Self::default() }, |score| Self {
            value: score.value.to_string(),
            justification: score.justification.clone(),
            confidence: score.confidence.word().into(),
            version,
        })
    }

    fn sent(form: &Form) -> Self {
        Self {
            value: form.text("value"),
            justification: form.text("justification"),
            confidence: form.text("confidence"),
            version: form.version(),
        }
    }

    fn score(&self, criterion: &str) -> Result<NewScore, Vec<Fault>> {
        let value = self.value.parse::<i32>().ok();
        let confidence = Confidence::from_word(&self.confidence);
        if let (Some(value), Some(confidence)) = (value, confidence) {
            let justification = self.justification.clone();
            return Ok(NewScore { criterion: criterion.into(), value, justification, confidence });
        }
        let mut faults = Vec::new();
        if value.is_none() {
            faults.push(Fault::new("value", "missing", "Choose a score."));
        }
        if self.justification.is_empty() {
            faults.push(Fault::new("justification", "missing", "Say why you gave this score."));
        }
        if confidence.is_none() {
            faults.push(Fault::new("confidence", "missing", "Say how sure you are."));
        }
        Err(faults)
    }
}

impl ScorePage {
    fn of(read: ToScore, criterion: &str, written: Written) -> Result<Self, AppError> {
        let criteria = &read.round.rulebook.criteria;
        let index = criteria.iter().position(|known| known.id == criterion).ok_or(AppError::NotFound)?;
        let criterion = criteria.get(index).cloned().ok_or(AppError::NotFound)?;
        let beside = |at: Option<usize>| at.and_then(|at| criteria.get(at)).map(|criterion| criterion.id.clone());
        let mut rest = Shown::of(read.content.as_ref(), &read.round.rulebook.full);
        Ok(Self {
            read: rest.take(&criterion.questions),
            rest,
            carried: read.carried.iter().map(|(question, view)| (question.clone(), view.into())).collect(),
            clarifications: read.clarifications,
            weight: percent(criterion.weight),
            number: index + 1,
            count: criteria.len(),
            before: beside(index.checked_sub(1)),
            after: beside(Some(index + 1)),
            values: criterion.scale.iter().map(|grade| grade_choice(grade, &written.value)).collect(),
            confidences: Confidence::ALL.iter().map(|level| confidence_choice(*level, &written.confidence)).collect(),
            justification: written.justification,
            most_words: MOST_WORDS,
            open: read.scores.open,
            moderated: read.moderated,
            blind: read.blind,
            gateway: read.scores.gateway.as_ref().map(AtGateway::of),
            version: written.version,
            reference: read.scores.bid.reference,
            title: read.scores.bid.title,
            criterion,
        })
    }
}

/// Basis points as a percentage without needless decimals.
fn percent(weight: u32) -> String {
    let text = format!("{}.{:02}", weight / 100, weight % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn grade_choice(grade: &Grade, chosen: &str) -> Choice {
    let value = grade.value.to_string();
    Choice { text: format!("{} – {}", grade.value, grade.label), hint: String::new(), chosen: value == chosen, value }
}

fn confidence_choice(level: Confidence, chosen: &str) -> Choice {
    Choice {
        value: level.word().into(),
        text: level.title().into(),
        hint: String::new(),
        chosen: level.word() == chosen,
    }
}

/// One criterion.
pub async fn score(visit: Visit, path: Path<(String, String)>) -> Answer {
    let (reference, criterion) = path.into_inner();
    let read = service::to_score(&visit.app, &visit.call, reference).await?;
    let written = Written::kept(&read.scores, &criterion);
    visit.page(&ScorePage::of(read, &criterion, written)?).await
}

/// Saves the score on one criterion.
pub async fn save(visit: Visit, path: Path<(String, String)>, form: Posted) -> Answer {
    let (reference, criterion) = path.into_inner();
    let read = service::to_score(&visit.app, &visit.call, reference.clone()).await?;
    let page = ScorePage::of(read, &criterion, Written::sent(&form.0))?;
    let new = match Written::sent(&form.0).score(&criterion) {
        Ok(score) => NewScores { scores: vec![score] },
        Err(faults) => return visit.page_with_faults(&page, &faults).await,
    };
    match service::save(&visit.app, &visit.call, reference.clone(), page.version, new).await {
        Ok(_) => Ok(go_on(&visit, &reference, &page, form.0.has("next"))),
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page, &on_the_page(faults)).await,
        // What was written stays on the page, to be copied.
        Err(AppError::Conflict { code, message }) => {
            visit.page_with_faults(&page, &[Fault::new("justification", code, message)]).await
        }
        Err(other) => Err(Refused(other)),
    }
}

/// The service speaks of a list of scores, the page has one.
fn on_the_page(faults: Vec<Fault>) -> Vec<Fault> {
    let short = |field: String| field.strip_prefix("scores/0/").map(ToOwned::to_owned).unwrap_or(field);
    faults.into_iter().map(|fault| Fault { field: short(fault.field), ..fault }).collect()
}

fn go_on(visit: &Visit, reference: &str, page: &ScorePage, next: bool) -> actix_web::HttpResponse {
    match (&page.after, next) {
        (Some(after), true) => visit.see(&format!("/bids/{reference}/score/{after}")),
        (None, true) => visit.see(&format!("/bids/{reference}/score")),
        (_, false) => {
            let here = format!("/bids/{reference}/score/{}", page.criterion.id);
            visit.see_with_success(&here, "Your score is saved as a draft.")
        }
    }
}

/// All scores of an assessor on a bid, before they are submitted.
#[derive(Debug, Serialize)]
pub struct CheckPage {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The criteria with what was given.
    pub rows: Vec<CheckRow>,
    /// Whether every criterion is scored.
    pub complete: bool,
    /// When the assessment was submitted.
    pub submitted_at: Option<crate::clock::Moment>,
    /// Whether scores can be given.
    pub open: bool,
    /// Whether moderation is open, so that what is given stays.
    pub moderated: bool,
    /// Whether the assessor is not to learn whose bid it is.
    pub blind: bool,
    /// Where the bid stands at the gateway.
    pub gateway: Option<AtGateway>,
    /// What the others gave, once moderation is open and this is submitted: each with the criteria's titles and what was given.
    pub others: Vec<OtherRows>,
    /// What was agreed in moderation: the criterion's title, the score and why.
    pub agreed: Vec<(String, i32, String)>,
    /// The version that is submitted.
    pub version: i32,
}

/// What another assessor gave.
#[derive(Debug, Serialize)]
pub struct OtherRows {
    /// What they are called.
    pub label: String,
    /// The criterion's title, the score and why.
    pub rows: Vec<(String, i32, String)>,
}

/// A criterion with what was given.
#[derive(Debug, Serialize)]
pub struct CheckRow {
    /// The criterion's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The score in words.
    pub score: Option<String>,
    /// Why.
    pub justification: String,
    /// How sure.
    pub confidence: String,
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "assessment/check.html";
}

impl CheckPage {
    fn of(read: ToScore) -> Self {
        let ToScore { scores, others, moderated, round, blind, .. } = read;
        let title = |id: &str| round.rulebook.criterion(id).map(|known| known.title.clone()).unwrap_or_default();
        let (others, agreed) = others.map(|others| (others.readings, others.agreed)).unwrap_or_default();
        let given = |of: OtherReading| OtherRows {
            label: of.label,
            rows: of
                .scores
                .into_iter()
                .map(|score| (title(&score.criterion), score.value, score.justification))
                .collect(),
        };
        let agreed = agreed.into_iter().map(|score| (title(&score.criterion), score.value, score.reason));
        let rows = round.rulebook.criteria.iter().map(|criterion| CheckRow::of(criterion, &scores)).collect();
        Self {
            rows,
            complete: scores.missing.is_empty(),
            submitted_at: scores.submitted_at,
            open: scores.open,
            moderated,
            blind,
            gateway: scores.gateway.as_ref().map(AtGateway::of),
            agreed: agreed.collect(),
            others: others.into_iter().map(given).collect(),
            version: scores.version,
            reference: scores.bid.reference,
            title: scores.bid.title,
        }
    }
}

impl CheckRow {
    fn of(criterion: &Criterion, scores: &MyScores) -> Self {
        let given = scores.scores.iter().find(|score| score.criterion == criterion.id);
        let label = |value| criterion.scale.iter().find(|grade| grade.value == value).map(|grade| &grade.label);
        Self {
            id: criterion.id.clone(),
            title: criterion.title.clone(),
            score: given.map(|score| match label(score.value) {
                Some(label) => format!("{} – {label}", score.value),
                None => score.value.to_string(),
            }),
            justification: given.map(|score| score.justification.clone()).unwrap_or_default(),
            confidence: given.map(|score| score.confidence.title().to_owned()).unwrap_or_default(),
        }
    }
}

/// The check.
pub async fn check(visit: Visit, reference: Path<String>) -> Answer {
    let read = service::to_score(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&CheckPage::of(read)).await
}

/// Submits the assessment.
pub async fn submit(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let reference = reference.into_inner();
    let version = form.0.version();
    match service::submit(&visit.app, &visit.call, reference.clone(), version).await {
        Ok(_) => Ok(visit.see_with_success("/assess", &format!("Your assessment of {reference} is submitted."))),
        Err(AppError::Invalid(faults)) => {
            let read = service::to_score(&visit.app, &visit.call, reference).await?;
            visit.page_with_faults(&CheckPage::of(read), &faults).await
        }
        // The gateway was open or failed meanwhile: the page says so, and what was written is kept.
        Err(AppError::Conflict { code: code @ ("gateway_open" | "gateway_failed"), message }) => {
            let read = service::to_score(&visit.app, &visit.call, reference).await?;
            visit.page_with_faults(&CheckPage::of(read), &[Fault::new("gateway", code, message)]).await
        }
        Err(other) => Err(Refused(other)),
    }
}
