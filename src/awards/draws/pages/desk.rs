//! The managers' desk of a round's draws: what would be committed to, the commitment that stands with its value, and all on record.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use crate::{
    awards::draws::{
        model::{Entered, NewDraw, Record, Withdrawal},
        service::{self, Confirmed, Look},
    },
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

type Answer = Result<HttpResponse, Refused>;

/// The desk.
#[derive(Debug, Serialize)]
pub struct DrawPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// Whether a conflict of interest hides a bid of the round from the reader, and with it every draw.
    pub withheld: bool,
    /// Whether the rules say that places are drawn.
    pub ruled: bool,
    /// Whether the reader can commit to a draw.
    pub may_make: bool,
    /// What would be committed to now.
    pub offer: Option<crate::awards::draws::model::Offer>,
    /// Why nothing can be committed to, if nothing can.
    pub trouble: Option<String>,
    /// The draws on record, the newest first.
    pub records: Vec<Line>,
    /// What is written.
    pub written: Written,
}

/// A draw with what the reader can do about it.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The draw.
    #[serde(flatten)]
    pub record: Record,
    /// Whether it waits for its value.
    pub open: bool,
    /// Whether the value can be known by now.
    pub known: bool,
    /// Whether the reader can confirm the value that waits.
    pub may_confirm: bool,
    /// Whether the reader entered it.
    pub own: bool,
}

/// What somebody writes, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// Which value it is exactly.
    pub exactly: String,
    /// From when on it can be known.
    pub at: WrittenInstant,
    /// How many places.
    pub places: String,
    /// Why so many.
    pub places_reason: String,
    /// Why there is another commitment.
    pub again_reason: String,
    /// Why a commitment is withdrawn, or a value refused.
    pub reason: String,
    /// The value.
    pub value: String,
    /// Where it was looked up.
    pub looked_up: String,
}

impl Page for DrawPage {
    const TEMPLATE: &'static str = "awards/draw.html";
}

impl DrawPage {
    fn of(visit: &Visit, look: Look, written: Written) -> Self {
        let Look { slug, title, withheld, rules, may_make, offer, trouble, records } = look;
        let (now, reader) = (visit.call.received, visit.call.actor.person());
        let line = |record: Record| {
            let support = record.support.as_ref();
            let asked_by = support.and_then(|support| support.asked_by.as_ref()).map(|named| named.person);
            Line {
                open: record.withdrawn.is_none() && record.outcome.is_none(),
                known: record.known_from <= now,
                may_confirm: may_make && record.entered.is_some() && support.is_some_and(|it| it.wants(reader)),
                own: asked_by.is_some() && asked_by == reader,
                record,
            }
        };
        let records = records.into_iter().map(line).collect();
        Self { slug, title, withheld, ruled: rules.is_some(), may_make, offer, trouble, records, written }
    }
}

impl Written {
    fn of(form: &Form) -> Self {
        Self {
            exactly: form.text("exactly"),
            at: WrittenInstant::of(form),
            places: form.text("places"),
            places_reason: form.text("places_reason"),
            again_reason: form.text("again_reason"),
            reason: form.text("reason"),
            value: form.text("value"),
            looked_up: form.text("looked_up"),
        }
    }

    fn draw(&self, seen: String) -> Result<NewDraw, AppError> {
        let (known_from, mut faults) = match self.at.read() {
            Ok(at) => (Some(at), Vec::new()),
            Err(faults) => (None, faults),
        };
        let places = Some(self.places.as_str()).filter(|text| !text.is_empty()).map(|text| text.parse::<u32>().ok());
        if places == Some(None) {
            faults.push(Fault::new("places", "wrong_number", "Enter how many places are drawn as a whole number."));
        }
        if self.exactly.is_empty() {
            faults.push(Fault::new("exactly", "missing", "Say which public value it is exactly."));
        }
        let reason = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        match known_from.filter(|_| faults.is_empty()) {
            Some(known_from) => Ok(NewDraw {
                seen: Some(seen),
                exactly: self.exactly.clone(),
                known_from,
                places: places.flatten(),
                places_reason: reason(&self.places_reason),
                again_reason: reason(&self.again_reason),
            }),
            None => Err(AppError::Invalid(faults)),
        }
    }
}

fn here(slug: &str) -> String {
    format!("/rounds/{slug}/draw")
}

/// The desk.
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    let look = service::look(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&DrawPage::of(&visit, look, Written::default())).await
}

/// Commits to a draw.
pub async fn commit(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let slug = slug.into_inner();
    let written = Written::of(&form.0);
    let made = match written.draw(form.0.text("seen")) {
        Ok(new) => service::commit(&visit.app, &visit.call, slug.clone(), new).await,
        Err(fault) => Err(fault),
    };
    match made {
        Ok(record) => {
            let text = format!("Draw {} is committed to. Nothing of it changes any more.", record.number);
            Ok(visit.see_with_success(&here(&slug), &text))
        }
        Err(fault) => again(&visit, slug, (fault, "commit"), written).await,
    }
}

/// Does what was pressed about a draw: withdraws it, enters its value, confirms that, refuses it or takes it back.
pub async fn answer(visit: Visit, path: Path<(String, i32)>, form: Posted) -> Answer {
    let (slug, number) = path.into_inner();
    let (form, written) = (&form.0, Written::of(&form.0));
    let (app, call, of) = (&visit.app, &visit.call, slug.clone());
    let seen = Some(form.text("seen"));
    let (done, field) = if form.has("withdraw") {
        let why = Withdrawal { reason: written.reason.clone() };
        let done = service::withdraw(app, call, of, number, why).await;
        (done.map(|_| "The commitment is withdrawn. It stays on record."), "withdraw")
    } else if form.has("confirm") {
        let done = service::confirm(app, call, of, number, seen).await;
        let said = |confirmed| match confirmed {
            Confirmed::Drawn(_) => "The value is confirmed, and the draw is made.",
            Confirmed::Waiting(_) => "Your confirmation is recorded. One more manager has to confirm the value.",
        };
        (done.map(said), "answer")
    } else if form.has("refuse") {
        let done = service::refuse(app, call, of, number, (written.reason.clone(), seen)).await;
        (done.map(|_| "The value is refused. Whoever entered it reads why."), "answer")
    } else if form.has("take_back") {
        let done = service::take_back(app, call, of, number).await;
        (done.map(|()| "The value is taken back. Another can be entered."), "answer")
    } else {
        let value = Entered { value: written.value.clone(), looked_up: written.looked_up.clone() };
        let done = service::enter(app, call, of, number, value).await;
        (done.map(|_| "The value is entered. Another manager has to confirm it, and is asked by email."), "enter")
    };
    match done {
        Ok(text) => Ok(visit.see_with_success(&here(&slug), text)),
        Err(fault) => {
            let refuses = form.has("refuse");
            let fault = match fault {
                AppError::Invalid(faults) if refuses => AppError::Invalid(faults.into_iter().map(refusal).collect()),
                other => other,
            };
            again(&visit, slug, (fault, field), written).await
        }
    }
}

/// The field in which somebody says why they refuse: the reason of a withdrawal stands on the same page.
fn refusal(fault: Fault) -> Fault {
    if fault.field == "reason" { Fault { field: "refusal".into(), ..fault } } else { fault }
}

/// The desk with what is wrong and what was written; what belongs to no field stands at the part of the page.
async fn again(visit: &Visit, slug: String, (fault, part): (AppError, &str), written: Written) -> Answer {
    let here = |fault: Fault| match fault.field.as_str() {
        "known_from" => Fault { field: "at-day".into(), ..fault },
        _ => fault,
    };
    let faults = match fault {
        AppError::Invalid(faults) => faults.into_iter().map(here).collect(),
        AppError::Conflict { message, .. } => vec![Fault::new(part, "refused", message)],
        AppError::Changed | AppError::VersionNeeded => {
            let message = "The value has changed since you opened this page. Read it again before you answer.";
            vec![Fault::new(part, "changed_since", message)]
        }
        other => return Err(other.into()),
    };
    let look = service::look(&visit.app, &visit.call, slug).await?;
    visit.page_with_faults(&DrawPage::of(visit, look, written), &faults).await
}
