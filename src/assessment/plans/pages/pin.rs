//! A pin or a ban with what it would cost, before it is made; and taking one back.

use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        pages::{Answer, Choice},
        plans::{
            model::{NewPin, PinKind, PinPrice},
            service::{self, Desk},
        },
    },
    error::{AppError, Fault},
    http::{Query, Refused, in_address},
    ids::{Id, PersonKey},
    web::{Form, Page, Posted, Visit},
};

/// A pin or a ban that is thought of.
#[derive(Debug, Serialize)]
pub struct PinPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The bids.
    pub bids: Vec<Choice>,
    /// The assessors.
    pub people: Vec<Choice>,
    /// Whether it is a ban.
    pub ban: bool,
    /// What it would cost, once a bid and an assessor are chosen.
    pub price: Option<PinPrice>,
    /// Why it is made.
    pub reason: String,
}

impl Page for PinPage {
    const TEMPLATE: &'static str = "assessment/pin.html";
}

/// What was chosen.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    /// The reference of the bid.
    #[serde(default)]
    bid: String,
    /// The id of the assessor.
    #[serde(default)]
    person: String,
    /// `pin` or `ban`.
    #[serde(default)]
    kind: String,
}

impl Chosen {
    fn of(form: &Form) -> Self {
        Self { bid: form.text("bid"), person: form.text("person"), kind: form.text("kind") }
    }

    fn kind(&self) -> PinKind {
        PinKind::from_word(&self.kind).unwrap_or(PinKind::Pin)
    }

    /// Nothing until something was chosen.
    fn is_empty(&self) -> bool {
        self.bid.is_empty() && self.person.is_empty()
    }

    fn person(&self) -> Result<Id<PersonKey>, AppError> {
        let missing = || Fault::new("person", "missing", "Choose an assessor.");
        let mut faults = Vec::new();
        if self.bid.is_empty() {
            faults.push(Fault::new("bid", "missing", "Choose a bid."));
        }
        match self.person.parse() {
            Ok(person) if faults.is_empty() => Ok(person),
            Ok(_) => Err(AppError::Invalid(faults)),
            Err(_not_one) => Err(AppError::Invalid(faults.into_iter().chain([missing()]).collect())),
        }
    }
}

impl PinPage {
    fn of(desk: Desk, chosen: &Chosen) -> Self {
        let choice = |value: String, text: String, of: &str| {
            let chosen = value == of;
            Choice { value, text, hint: String::new(), chosen }
        };
        Self {
            slug: desk.round.round.slug,
            title: desk.round.round.title,
            bids: desk
                .bids
                .into_iter()
                .map(|(reference, title)| choice(reference.clone(), format!("{reference} {title}"), &chosen.bid))
                .collect(),
            people: desk
                .people
                .into_iter()
                .map(|(person, name)| choice(person.to_string(), name, &chosen.person))
                .collect(),
            ban: chosen.kind() == PinKind::Ban,
            price: None,
            reason: String::new(),
        }
    }
}

async fn page(visit: &Visit, slug: &str, chosen: &Chosen) -> Result<PinPage, Refused> {
    Ok(PinPage::of(service::desk(&visit.app, &visit.call, slug.to_owned()).await?, chosen))
}

async fn price(visit: &Visit, slug: &str, chosen: &Chosen) -> Result<PinPrice, AppError> {
    let of = (chosen.bid.clone(), chosen.person()?, chosen.kind());
    service::price(&visit.app, &visit.call, slug.to_owned(), of).await
}

/// GET `/rounds/{slug}/pins`: with a bid and an assessor, what pinning them would cost.
pub async fn ask(visit: Visit, slug: Path<String>, chosen: Query<Chosen>) -> Answer {
    let page = page(&visit, &slug, &chosen).await?;
    if chosen.is_empty() {
        return visit.page(&page).await;
    }
    match price(&visit, &slug, &chosen).await {
        Ok(price) => visit.page(&PinPage { price: Some(price), ..page }).await,
        Err(refusal) => visit.page_with_faults(&page, &faults_of(refusal, "bid")?).await,
    }
}

/// POST `/rounds/{slug}/pins`: makes it.
pub async fn make(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let chosen = Chosen::of(&form.0);
    let reason = form.0.text("reason");
    let made = match chosen.person() {
        Ok(person) => {
            let new = NewPin { bid: chosen.bid.clone(), person, kind: chosen.kind(), reason: reason.clone() };
            service::pin(&visit.app, &visit.call, slug.clone(), new).await
        }
        Err(refusal) => Err(refusal),
    };
    match made {
        Ok(pin) => {
            let said = match pin.kind {
                PinKind::Pin => format!("{} is pinned to {}. It counts for every plan from now on.", pin.name, pin.bid),
                PinKind::Ban => {
                    format!("{} is banned from {}. It counts for every plan from now on.", pin.name, pin.bid)
                }
            };
            Ok(visit.see_with_success(&format!("/rounds/{slug}/plans"), &said))
        }
        Err(refusal) => {
            let faults = faults_of(refusal, "bid")?;
            let page = PinPage { reason, ..page(&visit, &slug, &chosen).await? };
            let price = price(&visit, &slug, &chosen).await.ok();
            visit.page_with_faults(&PinPage { price, ..page }, &faults).await
        }
    }
}

/// POST `/rounds/{slug}/pins/{id}`: takes it back.
pub async fn take_back(visit: Visit, path: Path<(String, String)>, _form: Posted) -> Answer {
    let (slug, id) = path.into_inner();
    service::unpin(&visit.app, &visit.call, slug.clone(), in_address(&id)?).await?;
    Ok(visit.see_with_success(&format!("/rounds/{slug}/plans"), "It is taken back. Plans no longer go by it."))
}
