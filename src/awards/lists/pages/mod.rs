//! The page of a round's list: the plain line beside the best choice, what somebody tries, and the list of record.

mod shown;
mod written;

use actix_web::{HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

pub use shown::{Row, RuleRow, Shown};
pub use written::{Tried, Written};

use super::{
    model::{Record, RecordLine, WhatIf},
    service::{self, Look},
};
use crate::{
    error::{AppError, Fault},
    http::{Query, Refused},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// The page of a round's list.
#[derive(Debug, Serialize)]
pub struct ListPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// Whether a conflict of interest hides a bid of the round from the reader, and with it every list.
    pub withheld: bool,
    /// Whether the round has rules of the list.
    pub ruled: bool,
    /// Whether the reader can make the list of record.
    pub may_make: bool,
    /// The list of record that is shown; none where the page shows what would be chosen now.
    pub record: Option<RecordLine>,
    /// Whether the newest list of record, or the one that is shown, is of what stands now.
    pub current: Option<bool>,
    /// The choice; nothing before there is a ranking of record.
    pub choice: Option<Shown>,
    /// The lists of record, the newest first.
    pub records: Vec<RecordLine>,
    /// Whether something else than the rules in force is tried.
    pub trying: bool,
    /// What is tried, as texts.
    pub tried: Tried,
    /// What is written of the list to be made.
    pub written: Written,
    /// What of it is about bids that cannot be on the list any more: the reference and the reason.
    pub gone: Vec<(String, String)>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "awards/award-choice.html";
}

/// Which list of record is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// Its number; none for what would be chosen now.
    pub number: Option<i32>,
}

impl ListPage {
    fn of(look: Look, tried: Tried, written: Written) -> Self {
        let Look { slug, title, withheld, ruled, may_make, current, choice, records } = look;
        let trying = choice.as_ref().is_some_and(|choice| choice.changes.is_some())
            || !tried.budget.is_empty()
            || !tried.most.is_empty()
            || !tried.without.is_empty();
        let mut choice = choice.map(Shown::of);
        choice.iter_mut().for_each(|choice| choice.with_reasons(&written.reasons));
        let usual = choice.as_ref().map(Shown::usual_reason).unwrap_or_default();
        let written = if written.sent { written } else { Written { reason: usual, ..written } };
        let on_page = |bid: &String| choice.iter().any(|choice| choice.rows.iter().any(|row| row.bid.bid == *bid));
        let gone = written.reasons.iter().filter(|(bid, _)| !on_page(bid));
        let gone = gone.map(|(bid, reason)| (bid.clone(), reason.clone())).collect();
        let record = None;
        Self { slug, title, withheld, ruled, may_make, record, current, choice, records, trying, tried, written, gone }
    }
}

/// The list of a round under the rules in force or as somebody tries it, or one of record.
pub async fn show(visit: Visit, slug: Path<String>, which: Query<Which>) -> Answer {
    let slug = slug.into_inner();
    let (app, call) = (&visit.app, &visit.call);
    if let Some(number) = which.number {
        let Record { line, current, choice } = service::record(app, call, slug.clone(), number).await?;
        let look = service::around(app, call, slug).await?;
        let look = Look { current: Some(current), choice: Some(choice), ..look };
        let page = ListPage::of(look, Tried::default(), Written::default());
        return visit.page(&ListPage { record: Some(line), ..page }).await;
    }
    let query = visit.path.split_once('?').map_or("", |(_, query)| query);
    let form =
        Form::parse(query.as_bytes()).map_err(|fault| AppError::invalid("", "wrong_query", fault.to_string()))?;
    let tried = Tried::of(&form);
    let wish = tried.wish().map_err(AppError::Invalid);
    let looked = match wish {
        Ok(wish) => service::look(app, call, slug.clone(), wish).await,
        Err(fault) => Err(fault),
    };
    match looked {
        Ok(look) => visit.page(&ListPage::of(look, tried, Written::default())).await,
        Err(AppError::Invalid(faults)) => {
            let here = |field: String| if field == "budget_pence" { "budget".into() } else { field };
            let faults: Vec<Fault> =
                faults.into_iter().map(|fault| Fault { field: here(fault.field), ..fault }).collect();
            let look = service::look(app, call, slug, WhatIf::default()).await?;
            let page = ListPage { trying: false, ..ListPage::of(look, tried, Written::default()) };
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Makes the list of record.
pub async fn make(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let slug = slug.into_inner();
    let written = Written::of(&form.0);
    let seen = form.0.text("seen_list");
    let made = match written.list((form.0.text("seen"), seen.clone())) {
        Ok(list) => service::make(&visit.app, &visit.call, slug.clone(), list).await,
        Err(fault) => Err(fault),
    };
    let faults = match made {
        Ok(made) => {
            let text = if made.new {
                format!("List of record {} is made. Decisions follow it.", made.number)
            } else {
                format!("Nothing has changed since list of record {}.", made.number)
            };
            return Ok(visit.see_with_success(&format!("/rounds/{slug}/list"), &text));
        }
        Err(AppError::Invalid(faults)) => together(faults),
        Err(AppError::Conflict { message, .. }) => vec![Fault::new("make", "refused", message)],
        Err(other) => return Err(other.into()),
    };
    let look = service::look(&visit.app, &visit.call, slug, WhatIf::default()).await?;
    let faults = beside_another(faults, &look, &seen);
    visit.page_with_faults(&ListPage::of(look, Tried::default(), written), &faults).await
}

/// The same faults, and before them that the list which the page shows now is not the one that was read.
fn beside_another(mut faults: Vec<Fault>, look: &Look, seen: &str) -> Vec<Fault> {
    let shown = look.choice.as_ref().and_then(|choice| choice.list_sha256.as_deref());
    let is_said = faults.iter().any(|fault| fault.field == "make");
    if !is_said && shown.is_some_and(|shown| shown != seen) {
        faults.insert(0, Fault::new("make", "list_differs", service::ANOTHER_LIST));
    }
    faults
}

/// The same faults with one for all reasons that are missing, at the field that serves for all.
fn together(faults: Vec<Fault>) -> Vec<Fault> {
    let bid = |fault: &Fault| {
        let missing = fault.code == "missing";
        fault.field.strip_prefix("reasons/").filter(|_| missing).map(str::to_owned)
    };
    let unexplained: Vec<String> = faults.iter().filter_map(bid).collect();
    let mut others: Vec<Fault> = faults.into_iter().filter(|fault| bid(fault).is_none()).collect();
    if !unexplained.is_empty() {
        let message = format!(
            "Say why {} {} not where the ranking has {}: for all of them here, or for each below.",
            unexplained.join(", "),
            if unexplained.len() == 1 { "is" } else { "are" },
            if unexplained.len() == 1 { "it" } else { "them" },
        );
        others.push(Fault::new("reason", "missing", message));
    }
    others
}
