//! The form of whoever sits on the panel: the bid beside all criteria of the interview.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        interviews::{
            model::{Appointment, MyInterviewScores},
            service::{self, ToInterview},
        },
        model::{Confidence, MOST_WORDS, MyScores, NewScore, NewScores},
        pages::{Answer, Choice, Shown},
    },
    bids::{clarifications::model::ClarificationView, documents::pages::Line},
    clock::Moment,
    error::{AppError, Fault},
    funds::rulebook::{Criterion, Grade},
    web::{Form, Page, Posted, Visit},
};

/// The form.
#[derive(Debug, Serialize)]
pub struct ScorePage {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// When and where the interview is.
    pub at: Appointment,
    /// The criteria with what the form holds.
    pub rows: Vec<Row>,
    /// What the bid says.
    pub rest: Shown,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// The slides of the interview.
    pub slides: Vec<Line>,
    /// The longest justification, in words.
    pub most_words: usize,
    /// Whether scores can be given.
    pub open: bool,
    /// Whether the interview has begun.
    pub begun: bool,
    /// When one submitted.
    pub submitted_at: Option<Moment>,
    /// What the others submitted: each with the criteria's titles, the score and why.
    pub others: Vec<OtherRows>,
    /// The version that is changed.
    pub version: i32,
}

/// A criterion with what the form holds.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The criterion.
    pub criterion: Criterion,
    /// Its share of the whole, such as `30%`.
    pub share: String,
    /// The scale.
    pub values: Vec<Choice>,
    /// Why.
    pub justification: String,
    /// How sure.
    pub confidences: Vec<Choice>,
}

/// What somebody else of the panel submitted.
#[derive(Debug, Serialize)]
pub struct OtherRows {
    /// Who.
    pub name: String,
    /// The criterion's title, the score and why.
    pub rows: Vec<(String, i32, String)>,
}

impl Page for ScorePage {
    const TEMPLATE: &'static str = "assessment/interview-score.html";
}

fn field(part: &str, criterion: &str) -> String {
    format!("{part}-{criterion}")
}

impl ScorePage {
    fn of(read: ToInterview, form: Option<&Form>, now: Moment) -> Self {
        let ToInterview { mine: MyInterviewScores { own, at, others, slides }, round, rules, content, clarifications } =
            read;
        let title =
            |id: &str| rules.criteria.iter().find(|of| of.id == id).map(|of| of.title.clone()).unwrap_or_default();
        let others = others.into_iter().map(|reading| OtherRows {
            name: reading.name,
            rows: reading
                .scores
                .into_iter()
                .map(|score| (title(&score.criterion), score.value, score.justification))
                .collect(),
        });
        Self {
            others: others.collect(),
            rows: rules.criteria.iter().map(|criterion| Row::of(criterion, &own, form)).collect(),
            rest: Shown::of(content.as_ref(), &round.rulebook.full),
            clarifications,
            slides: slides.into_iter().map(Line::from).collect(),
            most_words: MOST_WORDS,
            begun: now >= at.starts_at,
            at,
            open: own.open,
            submitted_at: own.submitted_at,
            version: form.map_or(own.version, Form::version),
            reference: own.bid.reference,
            title: own.bid.title,
        }
    }
}

impl Row {
    fn of(criterion: &Criterion, own: &MyScores, form: Option<&Form>) -> Self {
        let kept = own.scores.iter().find(|score| score.criterion == criterion.id);
        let text = |part: &str, kept: Option<String>| match form {
            Some(form) => form.text(&field(part, &criterion.id)),
            None => kept.unwrap_or_default(),
        };
        let value = text("value", kept.map(|score| score.value.to_string()));
        let sure = text("confidence", kept.map(|score| score.confidence.word().to_owned()));
        let grade = |grade: &Grade| {
            let this = grade.value.to_string();
            let text = format!("{} – {}", grade.value, grade.label);
            Choice { text, hint: grade.meaning.clone(), chosen: this == value, value: this }
        };
        let level = |level: &Confidence| Choice {
            value: level.word().into(),
            text: level.title().into(),
            hint: String::new(),
            chosen: level.word() == sure,
        };
        Self {
            share: criterion.share(),
            values: criterion.scale.iter().map(grade).collect(),
            justification: text("justification", kept.map(|score| score.justification.clone())),
            confidences: Confidence::ALL.iter().map(level).collect(),
            criterion: criterion.clone(),
        }
    }
}

async fn read(visit: &Visit, reference: &str) -> Result<ToInterview, AppError> {
    service::to_interview(&visit.app, &visit.call, reference.to_owned()).await
}

/// GET `/bids/{reference}/interview/score`
pub async fn score(visit: Visit, reference: Path<String>) -> Answer {
    let read = read(&visit, &reference).await?;
    visit.page(&ScorePage::of(read, None, visit.call.received)).await
}

/// POST `/bids/{reference}/interview/score`: saves a draft, or submits.
pub async fn save(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let before = read(&visit, &reference).await?;
    let submits = form.0.has("submit");
    let here = format!("/bids/{reference}/interview/score");
    match keep(&visit, &reference, &before, &form.0, submits).await {
        Ok(()) if submits => Ok(visit.see_with_success(&here, "Your scores are submitted.")),
        Ok(()) => Ok(visit.see_with_success(&here, "Your scores are saved as a draft.")),
        Err((refusal, sent)) => {
            let faults = faults_on_the_page(refusal, &sent, &before.rules.criteria)?;
            let page = ScorePage::of(read(&visit, &reference).await?, Some(&form.0), visit.call.received);
            visit.page_with_faults(&page, &faults).await
        }
    }
}

async fn keep(
    visit: &Visit,
    reference: &str,
    before: &ToInterview,
    form: &Form,
    submits: bool,
) -> Result<(), (AppError, Vec<NewScore>)> {
    let new =
        written(form, &before.rules.criteria, submits).map_err(|faults| (AppError::Invalid(faults), Vec::new()))?;
    let (app, call, reference) = (&visit.app, &visit.call, reference.to_owned());
    let sent = new.clone();
    let failed = |refusal| (refusal, sent.clone());
    let (saving, submitting) = (call.part("save"), call.part("submit"));
    let saved = service::save(app, &saving, reference.clone(), form.version(), NewScores { scores: new }).await;
    let version = saved.map_err(failed)?.own.version;
    if submits {
        service::submit(app, &submitting, reference, version).await.map_err(failed)?;
    }
    Ok(())
}

/// What the form says. A draft may leave out a criterion; of one that it begins, everything is wanted.
fn written(form: &Form, criteria: &[Criterion], submits: bool) -> Result<Vec<NewScore>, Vec<Fault>> {
    let (mut scores, mut faults) = (Vec::new(), Vec::new());
    for criterion in criteria {
        let [value, justification, confidence] =
            ["value", "justification", "confidence"].map(|part| form.text(&field(part, &criterion.id)));
        if !submits && value.is_empty() && justification.is_empty() && confidence.is_empty() {
            continue;
        }
        let (read, sure) = (value.parse::<i32>().ok(), Confidence::from_word(&confidence));
        if let (Some(value), Some(confidence), false) = (read, sure, justification.is_empty()) {
            scores.push(NewScore { criterion: criterion.id.clone(), value, justification, confidence });
            continue;
        }
        let title = &criterion.title;
        let mut wanted = |part: &str, message: String| {
            faults.push(Fault::new(field(part, &criterion.id), "missing", message));
        };
        if read.is_none() {
            wanted("value", format!("Choose a score on “{title}”."));
        }
        if justification.is_empty() {
            wanted("justification", format!("Say why you gave this score on “{title}”."));
        }
        if sure.is_none() {
            wanted("confidence", format!("Say how sure you are on “{title}”."));
        }
    }
    if scores.is_empty() && faults.is_empty() {
        let first = criteria.first().map(|criterion| field("value", &criterion.id)).unwrap_or_default();
        faults.push(Fault::new(first, "missing", "Score at least one criterion."));
    }
    if faults.is_empty() { Ok(scores) } else { Err(faults) }
}

/// The service counts the scores, the page names them by criterion. What happened meanwhile is a fault too: what was written stays.
fn faults_on_the_page(refusal: AppError, sent: &[NewScore], criteria: &[Criterion]) -> Result<Vec<Fault>, AppError> {
    let first = criteria.first().map(|criterion| field("value", &criterion.id)).unwrap_or_default();
    if let AppError::Stale { .. } = refusal {
        let message =
            "You saved other scores meanwhile, in another window. Read this page again before you send these.";
        return Ok(vec![Fault::new(first, "changed_since", message)]);
    }
    let on_the_page = |fault: Fault| {
        let place = fault.field.strip_prefix("scores/").map(|rest| rest.split_once('/').unwrap_or((rest, "value")));
        let named = place.map(|(of, part)| {
            let index = of.parse::<usize>().ok().and_then(|index| sent.get(index));
            field(part, index.map_or(of, |score| score.criterion.as_str()))
        });
        Fault { field: named.unwrap_or(fault.field), ..fault }
    };
    Ok(faults_of(refusal, &first)?.into_iter().map(on_the_page).collect())
}
