//! Checking a bid before it is submitted, submitting it, and the receipt, which can be kept as a bookmark or on paper.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use serde::Serialize;

use super::{
    act::said,
    bid::{reasons, submission},
};
use crate::{
    bids::{
        self,
        carried::model::{Carried, by_field},
        hours::{self, pages::HoursForm},
        model::VersionInfo,
        pages::Heading,
        reading::{self, Card, part_at},
        receipts::Receipt,
        service::Desk,
        unnamed::{self, model::NameLeft},
    },
    clock::Moment,
    error::{AppError, Fault},
    http::{Call, Refused},
    identity::sessions,
    journey::service::{self, Done, Plan},
    partnerships::unknown::{self, model::Unchecked},
    web::{FieldError, Page, Posted, Visit},
};

/// Everything that a bid says, to check before it is submitted.
#[derive(Debug, Serialize)]
pub struct CheckPage {
    /// What stands above.
    pub bid: Heading,
    /// What it says.
    pub cards: Vec<Card>,
    /// What its answers said in the expression of interest, by field.
    pub carried: BTreeMap<String, Carried>,
    /// Whether one of its own councils looks.
    pub own: bool,
    /// Whether it can still be changed by whoever looks.
    pub editable: bool,
    /// What is missing, each with the page on which to give it.
    pub missing: Vec<Missing>,
    /// Why it cannot be submitted, besides.
    pub reasons: Vec<String>,
    /// The transition that submits it and the words on its button, when it can be submitted.
    pub submit: Option<(String, String)>,
    /// Whether it is for whoever looks to submit it, now or once nothing is missing.
    pub submits: bool,
    /// Until when the code counts that they entered last; nothing when they need a new one to submit.
    pub fresh_until: Option<Moment>,
    /// The lead authority, for which whoever submits speaks.
    pub lead: String,
    /// Whether it was to be submitted just now and came too late.
    pub too_late: bool,
    /// The organisations that it wants as partners and that the fund has not checked yet, by name.
    pub unchecked: Vec<String>,
    /// Where names of its councils stand that its assessors are not to learn.
    pub names_left: Vec<NameLeft>,
}

impl Page for CheckPage {
    const TEMPLATE: &'static str = "journey/check.html";
}

/// Something that is missing.
#[derive(Debug, Serialize)]
pub struct Missing {
    /// What to do.
    pub text: String,
    /// Where.
    pub href: String,
}

impl CheckPage {
    fn of(desk: &Desk, plan: &Plan, call: &Call, unchecked: Vec<Unchecked>) -> Self {
        let submission = submission(plan);
        let (allowed, refused) = match submission {
            Some(choice) if choice.allowed => (Some((choice.transition.clone(), choice.label.clone())), Vec::new()),
            Some(choice) => (None, reasons(choice)),
            None => (None, Vec::new()),
        };
        let missing = if desk.may_edit { desk.missing.as_slice() } else { &[] };
        Self {
            bid: Heading::of(desk),
            cards: cards(desk),
            carried: by_field(&desk.carried),
            own: desk.applicant,
            editable: desk.may_write,
            missing: missing.iter().map(|fault| Missing::of(desk, fault)).collect(),
            reasons: refused,
            submit: allowed,
            submits: submission.is_some(),
            fresh_until: sessions::fresh_until(&call.actor, call.received),
            lead: desk.view.content.lead.name.clone(),
            too_late: false,
            unchecked: unchecked.into_iter().map(|unchecked| unchecked.name).collect(),
            names_left: if desk.applicant { unnamed::service::of_desk(desk) } else { Vec::new() },
        }
    }
}

/// What it says, with a way to change what is for whoever looks to write.
fn cards(desk: &Desk) -> Vec<Card> {
    let mut cards = reading::cards(&desk.view.content, &desk.round.rulebook);
    for row in cards.iter_mut().flat_map(|card| &mut card.rows) {
        if !desk.writes(part_at(&row.change)) {
            row.change.clear();
        }
    }
    cards
}

impl Missing {
    fn of(desk: &Desk, fault: &Fault) -> Self {
        let page = match fault.field.split_once('/') {
            Some(("answers", question)) => ["questions", question].join("/"),
            Some((list, _)) => list.to_owned(),
            None if matches!(fault.field.as_str(), "costs" | "promises" | "partners") => fault.field.clone(),
            None => "about".to_owned(),
        };
        Self { text: fault.message.clone(), href: ["/bids", &desk.view.reference, &page].join("/") }
    }
}

/// Shows everything that the bid says.
pub async fn show(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let page = page(&visit, reference.into_inner()).await?;
    visit.page(&page).await
}

async fn page(visit: &Visit, reference: String) -> Result<CheckPage, Refused> {
    let desk = bids::service::desk(&visit.app, &visit.call, reference.clone()).await?;
    let plan = service::plan(&visit.app, &visit.call, reference.clone()).await?;
    let unchecked = unknown::service::unchecked(&visit.app, &visit.call, reference).await?;
    Ok(CheckPage::of(&desk, &plan, &visit.call, unchecked))
}

/// Submits the bid as it stands. Somebody whose code is too old is led to a new one and back here; what counts for the
/// deadline is the submitting after that.
pub async fn submit(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let transition = form.0.text("transition");
    match service::take(&visit.app, &visit.call, reference.clone(), transition).await {
        Ok(Done::Taken(_)) => Ok(visit.see(&["/bids", &reference, "submitted"].join("/"))),
        Ok(done) => Ok(visit.see_with_success(&["/bids", &reference].join("/"), &said(&done))),
        Err(AppError::Conflict { message, code }) => {
            let page = CheckPage { too_late: code == "deadline_passed", ..page(&visit, reference).await? };
            let error = FieldError { field: "submit".into(), message };
            visit.answer(StatusCode::CONFLICT, &page, vec![error]).await
        }
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page(&visit, reference).await?, &faults).await,
        Err(AppError::Forbidden { code: "fresh_code_needed", .. }) => {
            Ok(visit.ask_for_fresh_code(&["/bids", &reference, "check"].join("/")))
        }
        Err(other) => Err(other.into()),
    }
}

/// The receipt of a submission.
#[derive(Debug, Serialize)]
pub struct SubmittedPage {
    /// What stands above.
    pub bid: Heading,
    /// The stage that was submitted.
    pub stage: &'static str,
    /// The version.
    pub version: VersionInfo,
    /// Its signed receipt.
    pub receipt: String,
    /// What happens next.
    pub next: String,
    /// How many hours it took, for the council of whoever looks.
    pub hours: Option<HoursForm>,
}

impl Page for SubmittedPage {
    const TEMPLATE: &'static str = "journey/submitted.html";
}

/// Shows the receipt of the last submission; a bid that was never submitted shows its own page.
pub async fn submitted(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let (app, call, reference) = (&visit.app, &visit.call, reference.into_inner());
    let Some(version) = bids::service::versions(app, call, reference.clone()).await?.pop() else {
        return Ok(visit.see(&["/bids", &reference].join("/")));
    };
    let desk = bids::service::desk(app, call, reference.clone()).await?;
    let next = service::plan(app, call, reference.clone()).await?.next;
    let own = if desk.may_read_writing { Some(hours::service::own(app, call, reference).await?) } else { None };
    let stage = version.stage.title();
    let receipt = Receipt::of(&desk.view.reference, &version).signed(app.keys.checkpoints()).text;
    let hours = own.map(HoursForm::from);
    visit.page(&SubmittedPage { bid: Heading::of(&desk), stage, version, receipt, next, hours }).await
}
