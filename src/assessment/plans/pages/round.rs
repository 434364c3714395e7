//! The plans of a round, having one made, and the pins and bans by which it goes.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        pages::{Answer, Choice},
        plans::{
            model::{NewPlan, NoPlan, Pin, PlanLine, USUAL_PRICE},
            service::{self, Desk, Outcome},
        },
    },
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// The plans of a round.
#[derive(Debug, Serialize)]
pub struct PlansPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// How many readers the round asks for on each bid.
    pub readers: u32,
    /// Whether it has a pool.
    pub pool: bool,
    /// Whether the reader can plan.
    pub plans_here: bool,
    /// The plans, the newest first.
    pub plans: Vec<PlanLine>,
    /// The pins and bans.
    pub pins: Vec<Pin>,
    /// The bids that can be pinned.
    pub bids: Vec<Choice>,
    /// To whom.
    pub people: Vec<Choice>,
    /// How many of these have said what they would like to read.
    pub have_said: u32,
    /// What a change costs, as it is written.
    pub change_price: String,
    /// Whether assessors read at least what they wanted.
    pub keep_least: bool,
    /// Why there can be no plan, where one was asked for.
    pub impossible: Option<NoPlan>,
}

impl Page for PlansPage {
    const TEMPLATE: &'static str = "assessment/plans.html";
}

fn choice(value: String, text: String) -> Choice {
    Choice { value, text, hint: String::new(), chosen: false }
}

impl PlansPage {
    fn of(desk: Desk) -> Self {
        let Desk { round, plans, pins, pool, plans_here, bids, people, have_said } = desk;
        Self {
            slug: round.round.slug,
            title: round.round.title,
            readers: round.rulebook.least_readers,
            pool,
            have_said,
            plans_here,
            plans,
            pins,
            bids: bids
                .into_iter()
                .map(|(reference, title)| choice(reference.clone(), format!("{reference} {title}")))
                .collect(),
            people: people.into_iter().map(|(person, name)| choice(person.to_string(), name)).collect(),
            change_price: USUAL_PRICE.to_string(),
            keep_least: true,
            impossible: None,
        }
    }

    fn with(self, form: &Form) -> Self {
        Self { change_price: form.text("change_price"), keep_least: form.has("keep_least"), ..self }
    }
}

async fn page(visit: &Visit, slug: &str) -> Result<PlansPage, Refused> {
    Ok(PlansPage::of(service::desk(&visit.app, &visit.call, slug.to_owned()).await?))
}

/// GET `/rounds/{slug}/plans`
pub async fn plans(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug).await?).await
}

fn read(form: &Form) -> Result<NewPlan, Fault> {
    let message = "Write a whole number, such as 100.";
    let written = form.text("change_price").replace(',', "");
    let change_price =
        written.trim().parse().map_err(|_no_number| Fault::new("change_price", "unreadable", message))?;
    Ok(NewPlan { change_price, keep_least: form.has("keep_least") })
}

/// POST `/rounds/{slug}/plans`: has a plan made.
pub async fn make(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let made = match read(&form.0) {
        Ok(new) => service::make(&visit.app, &visit.call, slug.clone(), new).await,
        Err(fault) => Err(AppError::Invalid(vec![fault])),
    };
    match made {
        Ok(Outcome::Made(made)) => {
            let said = if made.new {
                "The plan is made. Nothing is given until you apply it."
            } else {
                "Nothing has changed since this plan was made."
            };
            Ok(visit.see_with_success(&format!("/rounds/{slug}/plans/{}", made.number), said))
        }
        Ok(Outcome::Impossible(why)) => {
            let faults = [Fault::new("make", "no_assignment", why.message.clone())];
            let page = PlansPage { impossible: Some(why), ..page(&visit, &slug).await?.with(&form.0) };
            visit.page_with_faults(&page, &faults).await
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "make")?;
            visit.page_with_faults(&page(&visit, &slug).await?.with(&form.0), &faults).await
        }
    }
}
