//! The pages of a fund's staff and of whoever runs the instance: what they have before them, making a fund, and who works
//! for it.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::RoundCard;
use crate::{
    account::{
        pages::roles::{RoleChoice, RolesPart, button_of, faults_of, written},
        service::roles::NewHolder,
    },
    clock::Moment,
    error::Fault,
    funds::{
        deputies,
        service::{self, Desk, NewFund},
    },
    http::{Refused, in_address},
    identity::{deputies::Deputy, model::FundRole},
    ids::{Id, PersonKey},
    web::{Form, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// What staff have before them.
#[derive(Debug, Serialize)]
pub struct DeskPage {
    /// Whether the reader works for a fund.
    pub works: bool,
    /// The rounds of those funds, newest first.
    pub rounds: Vec<RoundCard>,
    /// How many questions about each round wait for an answer, by its place in addresses.
    pub questions: BTreeMap<String, u64>,
    /// How many changes of the councils of bids in each round wait for the reader, where any do.
    pub changes: BTreeMap<String, usize>,
    /// The funds whose staff the reader can name.
    pub funds: Vec<FundCard>,
    /// Whether the reader can make a fund.
    pub makes_funds: bool,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "rounds/staff.html";
}

/// A fund in the list.
#[derive(Debug, Serialize)]
pub struct FundCard {
    /// Its place in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether the reader manages its rounds.
    pub manages: bool,
}

/// Makes a fund.
#[derive(Debug, Serialize)]
pub struct NewFundPage {
    /// What was written into the form.
    pub written: NewFund,
}

impl Page for NewFundPage {
    const TEMPLATE: &'static str = "funds/new.html";
}

/// The people who work for a fund.
#[derive(Debug, Serialize)]
pub struct StaffPage {
    /// The fund's name.
    pub name: String,
    /// Its place in addresses.
    pub slug: String,
    /// Who acts for whom, now and later.
    pub deputies: Vec<Deputy>,
    /// Its people, and the form that adds another.
    pub part: RolesPart,
}

impl Page for StaffPage {
    const TEMPLATE: &'static str = "funds/staff.html";
}

impl DeskPage {
    /// What is there at `now`, with how many changes of bids' councils wait for the reader in each round.
    pub fn of(desk: Desk, changes: BTreeMap<String, usize>, now: Moment) -> Self {
        let sight = desk.sight;
        let questions = desk.rounds.iter().map(|full| {
            let waiting = desk.questions.get(&full.round.id).copied().unwrap_or_default();
            (full.round.slug.clone(), waiting)
        });
        let funds = desk.funds.into_iter().filter(|fund| sight.service_admin || sight.managed.contains(&fund.id));
        Self {
            works: !sight.funds.is_empty(),
            questions: questions.collect(),
            changes,
            rounds: desk.rounds.iter().map(|round| RoundCard::of(round, now)).collect(),
            funds: funds
                .map(|fund| FundCard { manages: sight.managed.contains(&fund.id), slug: fund.slug, name: fund.name })
                .collect(),
            makes_funds: sight.service_admin,
        }
    }
}

/// GET /funds/new
pub async fn ask_fund(visit: Visit) -> Answer {
    service::ask_to_create(&visit.app, &visit.call).await?;
    visit.page(&NewFundPage { written: fund_in(&Form::default()) }).await
}

fn fund_in(form: &Form) -> NewFund {
    NewFund {
        slug: form.text("slug"),
        name: form.text("name"),
        summary: form.text("summary"),
        funder: form.text("funder"),
        funder_org_id: form.filled("funder_org_id"),
    }
}

/// POST /funds/new: a fund is of no use until somebody manages it, so its staff come next.
pub async fn create_fund(visit: Visit, form: Posted) -> Answer {
    let written = fund_in(&form.0);
    match service::create_fund(&visit.app, &visit.call, written.clone()).await {
        Ok(fund) => Ok(visit.see_with_success(&path_of(&fund.slug), "The fund is made. Add its first manager.")),
        Err(refusal) => {
            let faults = faults_of(refusal, "slug")?;
            visit.page_with_faults(&NewFundPage { written }, &faults).await
        }
    }
}

fn path_of(slug: &str) -> String {
    format!("/funds/{slug}/staff")
}

async fn page(visit: &Visit, slug: &str, written: NewHolder) -> Result<StaffPage, Refused> {
    let found = service::staff(&visit.app, &visit.call, slug.to_owned()).await?;
    let deputies = deputies::service::deputies(&visit.app, &visit.call, slug.to_owned()).await?.deputies;
    let choices = FundRole::ALL.iter().map(|role| RoleChoice { word: role.word(), lets: role.lets() });
    Ok(StaffPage {
        name: found.fund.name,
        slug: slug.to_owned(),
        deputies,
        part: RolesPart {
            at: path_of(slug),
            holders: found.holders,
            choices: choices.collect(),
            domain: None,
            wants_code: None,
            written,
            told: found.told,
        },
    })
}

/// GET /funds/{slug}/staff
pub async fn show(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug, NewHolder::default()).await?).await
}

/// POST /funds/{slug}/staff
pub async fn give(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let written = written(&form.0);
    match service::give_role(&visit.app, &visit.call, slug.clone(), written.clone()).await {
        Ok(given) => {
            let text = format!("{} is added, and gets an email that says so.", given.name);
            Ok(visit.see_with_success(&path_of(&slug), &text))
        }
        Err(refusal) => with_faults(&visit, &slug, written, &faults_of(refusal, "email")?).await,
    }
}

/// POST /funds/{slug}/staff/{person}/{role}/remove
pub async fn take(visit: Visit, path: Path<(String, String, String)>, _form: Posted) -> Answer {
    let (slug, person, role) = path.into_inner();
    let button = button_of(&person, &role);
    let person: Id<PersonKey> = in_address(&person)?;
    match service::take_role(&visit.app, &visit.call, slug.clone(), (person, role)).await {
        Ok(taken) => {
            let own = visit.call.actor.person() == Some(person);
            // Whoever has taken their own role may not be able to see the page any more.
            let next = if own { "/account".to_owned() } else { path_of(&slug) };
            let role = taken.role.replace('_', " ");
            Ok(visit.see_with_success(&next, &format!("{} no longer has the role of {role}.", taken.name)))
        }
        Err(refusal) => with_faults(&visit, &slug, NewHolder::default(), &faults_of(refusal, &button)?).await,
    }
}

async fn with_faults(visit: &Visit, slug: &str, written: NewHolder, faults: &[Fault]) -> Answer {
    visit.page_with_faults(&page(visit, slug, written).await?, faults).await
}
