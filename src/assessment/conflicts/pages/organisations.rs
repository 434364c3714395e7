//! Declaring in a round whose assessors do not know whose bids they read: with an organisation, and so with every bid that it leads
//! or joins, whichever these are.

use actix_web::web::Path;
use serde::Serialize;

use super::{on_the_page, until};
use crate::{
    assessment::{
        conflicts::{
            model::{Declarations, NewConflict, Withheld},
            service,
        },
        pages::{Answer, Choice},
    },
    error::{AppError, Fault, Result},
    http::PageRequest,
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// With which organisation is the conflict, and why is it one?
#[derive(Debug, Serialize)]
pub struct OrganisationsPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The organisations that lead or join bids of the round.
    pub choices: Vec<Choice>,
    /// Why.
    pub reason: String,
    /// Until when it stands, if it ends by itself.
    pub until: WrittenInstant,
    /// What is withheld, because the reader has said so.
    pub withheld: Vec<Withheld>,
}

impl Page for OrganisationsPage {
    const TEMPLATE: &'static str = "assessment/organisations.html";
}

impl OrganisationsPage {
    /// The page with what is written in its form.
    pub(super) fn of((slug, title): (String, String), found: Declarations, form: &Form) -> Self {
        let chosen = form.text("with");
        let choices = found.organisations.into_iter().map(|organisation| Choice {
            chosen: organisation.code == chosen,
            value: organisation.code,
            text: organisation.name,
            hint: String::new(),
        });
        Self {
            slug,
            title,
            choices: choices.collect(),
            reason: form.text("reason"),
            until: WrittenInstant::of(form),
            withheld: found.withheld,
        }
    }

    async fn send(&self, visit: &Visit) -> Result<()> {
        let mut faults = Vec::new();
        let chosen = self.choices.iter().find(|choice| choice.chosen).map(|choice| choice.value.clone());
        if chosen.is_none() {
            faults.push(Fault::new(
                "with",
                "missing",
                "Choose the organisation that the conflict of interest is with.",
            ));
        }
        let (until, wrong) = until(&self.until).map_or_else(|wrong| (None, wrong), |until| (until, Vec::new()));
        let organisation = Some(chosen.unwrap_or_default());
        let new = NewConflict { bid: None, organisation, person: None, reason: self.reason.clone(), until };
        if let Err(AppError::Invalid(more)) = new.subject(visit.call.received) {
            faults.extend(more);
        }
        faults.extend(wrong);
        AppError::unless_empty(faults)?;
        service::declare(&visit.app, &visit.call, new).await.map(drop)
    }
}

/// POST `/rounds/{slug}/declarations`
pub async fn declare_organisation(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let slug = slug.into_inner();
    let first = PageRequest { cursor: None, limit: None };
    let found = service::declarations(&visit.app, &visit.call, slug.clone(), first).await?;
    if !found.without_names {
        return Err(AppError::NotFound.into());
    }
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.clone()).await?;
    let page = OrganisationsPage::of((slug.clone(), round.round.title), found, &form.0);
    match page.send(&visit).await {
        Ok(()) => {
            let said = "Your conflict of interest is declared. You read no bid that the organisation leads or joins.";
            Ok(visit.see_with_success(&format!("/rounds/{slug}/declarations"), said))
        }
        Err(AppError::Invalid(faults)) => visit.page_with_faults(&page, &on_the_page(faults)).await,
        Err(other) => Err(other.into()),
    }
}
