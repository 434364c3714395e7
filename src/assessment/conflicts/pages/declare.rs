//! Saying that one has a conflict of interest: title and organisations are all that is shown of the bid.

use actix_web::web::Path;
use serde::Serialize;

use super::{on_the_page, until};
use crate::{
    assessment::{
        conflicts::{
            model::{Lifting, NewConflict, ToDeclare},
            service,
        },
        pages::{Answer, Choice},
    },
    error::{AppError, Fault, Result},
    ids::{Id, RowKey},
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// What is the conflict with, and why is it one?
#[derive(Debug, Serialize)]
pub struct ConflictPage {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// What the conflict can be with: the bid alone, or one of its organisations.
    pub choices: Vec<Choice>,
    /// Why.
    pub reason: String,
    /// Until when it stands, if it ends by itself.
    pub until: WrittenInstant,
}

impl Page for ConflictPage {
    const TEMPLATE: &'static str = "assessment/conflict.html";
}

/// The value that stands for the bid alone; codes of organisations are never empty words like this.
const THIS_BID: &str = "this-bid";

impl ConflictPage {
    fn of(bid: ToDeclare, form: &Form) -> Self {
        let chosen = form.text("with");
        let this = (THIS_BID.to_owned(), "This bid only".to_owned(), String::new());
        let organisations = bid.organisations.into_iter().map(|organisation| {
            let hint = "Every bid that it leads or joins".to_owned();
            (organisation.code, organisation.name, hint)
        });
        let choice =
            |(value, text, hint): (String, String, String)| Choice { chosen: value == chosen, value, text, hint };
        Self {
            reference: bid.reference,
            title: bid.title,
            choices: std::iter::once(this).chain(organisations).map(choice).collect(),
            reason: form.text("reason"),
            until: WrittenInstant::of(form),
        }
    }
}

/// The form.
pub async fn conflict(visit: Visit, reference: Path<String>) -> Answer {
    let bid = service::to_declare(&visit.app, &visit.call, reference.into_inner()).await?;
    visit.page(&ConflictPage::of(bid, &Form::default())).await
}

/// Declares it.
pub async fn declare(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let reference = reference.into_inner();
    let bid = service::to_declare(&visit.app, &visit.call, reference.clone()).await?;
    let page = ConflictPage::of(bid, &form.0);
    match page.send(&visit, &reference).await {
        Ok(()) => {
            let said = "Your conflict of interest is declared. You no longer see the bids concerned.";
            Ok(visit.see_with_success("/assess", said))
        }
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page, &on_the_page(faults)).await,
        Err(other) => Err(other.into()),
    }
}

impl ConflictPage {
    async fn send(&self, visit: &Visit, reference: &str) -> Result<()> {
        let mut faults = Vec::new();
        let chosen = self.choices.iter().find(|choice| choice.chosen).map(|choice| choice.value.clone());
        if chosen.is_none() {
            faults.push(Fault::new("with", "missing", "Choose what the conflict of interest is with."));
        }
        let with_bid = chosen.as_deref() == Some(THIS_BID);
        let (until, wrong) = until(&self.until).map_or_else(|wrong| (None, wrong), |until| (until, Vec::new()));
        let new = NewConflict {
            bid: (with_bid || chosen.is_none()).then(|| reference.to_owned()),
            organisation: chosen.filter(|_| !with_bid),
            person: None,
            reason: self.reason.clone(),
            until,
        };
        if let Err(AppError::Invalid(more)) = new.subject(visit.call.received) {
            faults.extend(more);
        }
        faults.extend(wrong);
        AppError::unless_empty(faults)?;
        service::declare(&visit.app, &visit.call, new).await.map(drop)
    }
}

/// Lifts a conflict that one declared.
pub async fn lift(visit: Visit, id: Path<Id<RowKey>>, _form: Posted) -> Answer {
    service::lift(&visit.app, &visit.call, id.into_inner(), Lifting::default()).await?;
    Ok(visit.see_with_success("/assess", "The conflict of interest is lifted."))
}
