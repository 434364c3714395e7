//! One bid beside the form in which its gateway checks are marked.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        gateway::{
            model::{BidGateway, CheckMark, CheckState, CheckView, NewCheckMark, NewCheckMarks},
            service::{self, ToCheck},
        },
        pages::{Answer, Choice, Shown},
        queries::pages::QueryRow,
    },
    bids::clarifications::model::ClarificationView,
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// One bid with its gateway checks.
#[derive(Debug, Serialize)]
pub struct GatewayPage {
    /// The bid with what was found.
    pub gateway: BidGateway,
    /// Where it stands, in words.
    pub stands: Option<String>,
    /// What it says.
    pub shown: Shown,
    /// What the fund asked the bid's councils.
    pub clarifications: Vec<ClarificationView>,
    /// What assessors have flagged and asked, for those who answer it.
    pub flagged_by: Vec<QueryRow>,
    /// The checks with what the form holds.
    pub rows: Vec<CheckRow>,
    /// The version of the application that the form was opened for.
    pub about: i32,
    /// The version of the marks that the form was opened at.
    pub version: i32,
}

impl Page for GatewayPage {
    const TEMPLATE: &'static str = "assessment/gateway.html";
}

/// A check with what the form holds.
#[derive(Debug, Serialize)]
pub struct CheckRow {
    /// What was found.
    #[serde(flatten)]
    pub of: CheckView,
    /// Passes or fails.
    pub choices: Vec<Choice>,
    /// Why.
    pub words: String,
}

impl CheckRow {
    /// What was marked for an earlier version is not chosen beforehand: it is to be confirmed.
    fn of(of: CheckView, sent: Option<&Form>) -> Self {
        let kept = of.marks.first().filter(|_| of.state != CheckState::Outdated);
        let (mark, words) = match sent {
            Some(sent) => {
                (CheckMark::from_word(&sent.text(&mark_field(&of.check.id))), sent.text(&reason_field(&of.check.id)))
            }
            None => (kept.map(|kept| kept.mark), kept.map(|kept| kept.reason.clone()).unwrap_or_default()),
        };
        let choice = |word: &CheckMark| Choice {
            value: word.word().into(),
            text: word.title().into(),
            hint: String::new(),
            chosen: mark == Some(*word),
        };
        Self { choices: CheckMark::ALL.iter().map(choice).collect(), words, of }
    }

    /// The mark that is chosen; a check without one stays as it is.
    fn mark(&self) -> Option<NewCheckMark> {
        let mark = self.choices.iter().find(|choice| choice.chosen)?;
        let mark = CheckMark::from_word(&mark.value)?;
        Some(NewCheckMark { check: self.of.check.id.clone(), mark, reason: self.words.clone() })
    }
}

fn mark_field(check: &str) -> String {
    format!("mark-{check}")
}

fn reason_field(check: &str) -> String {
    format!("reason-{check}")
}

impl GatewayPage {
    fn of(read: ToCheck, sent: Option<&Form>) -> Self {
        let ToCheck { gateway, round, clarifications, content, flagged } = read;
        Self {
            stands: gateway.standing.as_ref().map(|standing| standing.in_words()),
            shown: Shown::of(content.as_ref(), &round.rulebook.full),
            rows: gateway.checks.iter().map(|check| CheckRow::of(check.clone(), sent)).collect(),
            flagged_by: flagged.into_iter().map(QueryRow::from).collect(),
            about: gateway.about,
            version: gateway.version,
            clarifications,
            gateway,
        }
    }

    async fn load(visit: &Visit, reference: &str, sent: Option<&Form>) -> Result<Self, AppError> {
        Ok(Self::of(service::to_check(&visit.app, &visit.call, reference.to_owned()).await?, sent))
    }
}

/// GET `/bids/{reference}/gateway`
pub async fn bid(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&GatewayPage::load(&visit, &reference, None).await?).await
}

/// POST `/bids/{reference}/gateway`
pub async fn mark(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let reference = reference.into_inner();
    let page = GatewayPage::load(&visit, &reference, Some(&form.0)).await?;
    let marks: Vec<NewCheckMark> = page.rows.iter().filter_map(CheckRow::mark).collect();
    // A form without a version was opened at none.
    let about = form.0.text("about").parse().unwrap_or(-1);
    let new = NewCheckMarks { about, marks: marks.clone() };
    match service::mark(&visit.app, &visit.call, reference.clone(), form.0.version(), new).await {
        Ok(()) => go_on(&visit, &page, form.0.has("next")).await,
        Err(refusal) => {
            let faults = faults_on_the_page(refusal, &marks, &page)?;
            // What is there by now, above what was chosen here.
            let page = GatewayPage::load(&visit, &reference, Some(&form.0)).await?;
            visit.page_with_faults(&page, &faults).await
        }
    }
}

async fn go_on(visit: &Visit, page: &GatewayPage, next: bool) -> Result<HttpResponse, Refused> {
    let (reference, slug) = (&page.gateway.bid.reference, &page.gateway.round);
    let said = format!("The gateway checks of {reference} are saved.");
    if !next {
        return Ok(visit.see_with_success(&format!("/bids/{reference}/gateway"), &said));
    }
    let round = service::round(&visit.app, &visit.call, slug.clone()).await?;
    Ok(match round.next(Some(reference)) {
        Some(next) => visit.see_with_success(&format!("/bids/{}/gateway", next.bid.reference), &said),
        None => visit.see_with_success(&format!("/rounds/{slug}/gateway"), &said),
    })
}

/// The service counts the marks, the page names them by check. What happened meanwhile is a fault too: what was chosen stays.
fn faults_on_the_page(refusal: AppError, marks: &[NewCheckMark], page: &GatewayPage) -> Result<Vec<Fault>, AppError> {
    let first = page.rows.first().map(|row| mark_field(&row.of.check.id)).unwrap_or_default();
    if let AppError::Stale { .. } = refusal {
        let message = "Somebody marked checks of this bid meanwhile. Read what they found under each check, then save yours again if \
                       they still hold: they are added, and the newest count.";
        return Ok(vec![Fault::new(first, "changed_since", message)]);
    }
    let on_the_page = |fault: Fault| {
        let place = fault.field.strip_prefix("marks/").and_then(|rest| rest.split_once('/'));
        let field = place.and_then(|(index, part)| {
            let check = &marks.get(index.parse::<usize>().ok()?)?.check;
            Some(if part == "reason" { reason_field(check) } else { mark_field(check) })
        });
        Fault { field: field.unwrap_or_else(|| first.clone()), ..fault }
    };
    Ok(faults_of(refusal, &first)?.into_iter().map(on_the_page).collect())
}
