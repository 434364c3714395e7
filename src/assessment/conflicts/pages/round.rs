//! The conflicts of a round for those who lead the panel: those that stand, those that wait for an answer, those that were set
//! aside, and pinning one.

use actix_web::web::Path;
use serde::{Deserialize, Serialize};

use super::{on_the_page, until};
use crate::{
    account::pages::roles::faults_of,
    assessment::{
        conflicts::{
            model::{
                Conflict, ConflictGround, ConflictLine, Lifting, NewConflict, PossibleLine, RoundConflicts,
                SetAsideLine,
            },
            service,
        },
        pages::{Answer, Choice},
    },
    error::{AppError, Fault},
    http::{Query, Refused, in_address},
    ids::{Id, PersonKey, RowKey},
    web::{Form, Page, Posted, Visit, WrittenInstant},
};

/// The conflicts of a round.
#[derive(Debug, Serialize)]
pub struct RoundPage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// The reader.
    pub reader: Option<Id<PersonKey>>,
    /// Those that stand.
    pub standing: Vec<Standing>,
    /// Those that wait for an answer.
    pub possible: Vec<Waiting>,
    /// Those that were set aside.
    pub set_aside: Vec<Aside>,
    /// Whose conflict can be pinned.
    pub people: Vec<Choice>,
    /// The reference of the bid or the code of the organisation that it is with.
    pub with: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: WrittenInstant,
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "assessment/conflicts.html";
}

/// A conflict that stands.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// The conflict.
    #[serde(flatten)]
    pub line: ConflictLine,
    /// How it came to be known, in words.
    pub how: &'static str,
}

/// A possible conflict.
#[derive(Debug, Serialize)]
pub struct Waiting {
    /// What waits.
    #[serde(flatten)]
    pub line: PossibleLine,
    /// Why it is suggested, in words.
    pub why: Vec<String>,
}

/// A possible conflict that was set aside.
#[derive(Debug, Serialize)]
pub struct Aside {
    /// What was set aside.
    #[serde(flatten)]
    pub line: SetAsideLine,
    /// Why it was suggested, in words.
    pub why: Vec<String>,
    /// Whether the reader can pin it all the same: not on themself, and not where one stands.
    pub can_pin: bool,
}

/// What the form to pin a conflict begins with.
#[derive(Debug, Default, Deserialize)]
pub struct Pinning {
    /// Whose it is.
    #[serde(default)]
    person: String,
    /// With what.
    #[serde(default)]
    with: String,
}

impl RoundPage {
    fn of((slug, title): (String, String), found: RoundConflicts, reader: Option<Id<PersonKey>>, form: &Form) -> Self {
        let chosen = form.text("person");
        let others = found.people.into_iter().filter(|colleague| Some(colleague.person) != reader);
        let choice = |(value, text): (String, String)| {
            let chosen = value == chosen;
            Choice { value, text, hint: String::new(), chosen }
        };
        let why = |grounds: &[ConflictGround]| grounds.iter().map(ConflictGround::words).collect();
        let stands = |line: &SetAsideLine| {
            found.standing.iter().any(|one| one.person == line.person && one.bid.as_deref() == Some(line.bid.as_str()))
        };
        let aside = |line: SetAsideLine| {
            let can_pin = Some(line.person) != reader && !stands(&line);
            Aside { why: why(&line.grounds), can_pin, line }
        };
        let set_aside = found.set_aside.into_iter().map(aside).collect();
        Self {
            slug,
            title,
            reader,
            standing: found.standing.into_iter().map(|line| Standing { how: line.origin.title(), line }).collect(),
            possible: found.possible.into_iter().map(|line| Waiting { why: why(&line.grounds), line }).collect(),
            set_aside,
            people: others.map(|colleague| choice((colleague.person.to_string(), colleague.name))).collect(),
            with: form.text("with"),
            reason: form.text("reason"),
            until: WrittenInstant::of(form),
        }
    }

    /// The form begins with what a link said, as far as there is such a person.
    fn begin(&mut self, with: Pinning) {
        self.people.iter_mut().for_each(|choice| choice.chosen = choice.value == with.person);
        self.with = with.with;
    }

    /// With what is written as the reference of a bid.
    fn new_conflict(&self, person: Option<Id<PersonKey>>) -> Result<NewConflict, Vec<Fault>> {
        let mut faults = Vec::new();
        if person.is_none() {
            faults.push(Fault::new("person", "missing", "Choose whose conflict of interest it is."));
        }
        if self.with.is_empty() {
            let message = "Give the reference of a bid or the code of an organisation.";
            faults.push(Fault::new("with", "missing", message));
        }
        let until = until(&self.until).unwrap_or_else(|wrong| {
            faults.extend(wrong);
            None
        });
        let bid = Some(self.with.to_uppercase());
        let new = NewConflict { bid, organisation: None, person, reason: self.reason.clone(), until };
        if faults.is_empty() { Ok(new) } else { Err(faults) }
    }
}

async fn page(visit: &Visit, slug: &str, form: &Form) -> Result<RoundPage, Refused> {
    let found = service::of_round(&visit.app, &visit.call, slug.to_owned()).await?;
    let round = crate::funds::service::round(&visit.app, &visit.call, slug.to_owned()).await?;
    Ok(RoundPage::of((slug.to_owned(), round.round.title), found, visit.call.actor.person(), form))
}

/// GET `/rounds/{slug}/conflicts`
pub async fn of_round(visit: Visit, slug: Path<String>, with: Query<Pinning>) -> Answer {
    let mut page = page(&visit, &slug, &Form::default()).await?;
    page.begin(with.0);
    visit.page(&page).await
}

/// One field says with what: it is tried as the reference of a bid, and then as the code of an organisation.
async fn pin_on(visit: &Visit, new: NewConflict) -> Result<Conflict, AppError> {
    match service::declare(&visit.app, &visit.call, new.clone()).await {
        Err(AppError::NotFound) => {
            let new = NewConflict { organisation: new.bid, bid: None, ..new };
            service::declare(&visit.app, &visit.call, new).await
        }
        pinned => pinned,
    }
}

/// POST `/rounds/{slug}/conflicts`: pins a conflict on somebody else.
pub async fn pin(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let page = page(&visit, &slug, &form.0).await?;
    let person = page.people.iter().find(|choice| choice.chosen).and_then(|choice| choice.value.parse().ok());
    let pinned = match page.new_conflict(person) {
        Ok(new) => pin_on(&visit, new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match pinned {
        Ok(_) => {
            let said = "The conflict of interest is pinned. The person no longer sees the bids concerned.";
            Ok(visit.see_with_success(&format!("/rounds/{slug}/conflicts"), said))
        }
        Err(AppError::NotFound) => {
            let message =
                "There is no such bid that is read, and no such organisation. Check the reference or the code.";
            visit.page_with_faults(&page, &[Fault::new("with", "unknown", message)]).await
        }
        Err(refusal) => visit.page_with_faults(&page, &on_the_page(faults_of(refusal, "with")?)).await,
    }
}

/// Taking back a conflict of somebody else.
#[derive(Debug, Serialize)]
pub struct TakeBackPage {
    /// The conflict.
    pub conflict: Conflict,
    /// Whose it is.
    pub name: String,
    /// How it came to be known, in words.
    pub how: &'static str,
    /// Why it is taken back.
    pub reason: String,
}

impl Page for TakeBackPage {
    const TEMPLATE: &'static str = "assessment/take-back.html";
}

async fn to_lift(visit: &Visit, id: &str, form: &Form) -> Result<(Id<RowKey>, TakeBackPage), Refused> {
    let id = in_address(id)?;
    let (conflict, name) = service::one(&visit.app, &visit.call, id).await?;
    let how = conflict.origin.title();
    Ok((id, TakeBackPage { conflict, name, how, reason: form.text("reason") }))
}

/// GET `/conflicts/{id}`
pub async fn to_take_back(visit: Visit, id: Path<String>) -> Answer {
    let (_, page) = to_lift(&visit, &id, &Form::default()).await?;
    visit.page(&page).await
}

/// POST `/conflicts/{id}`
pub async fn take_back(visit: Visit, id: Path<String>, form: Posted) -> Answer {
    let (id, page) = to_lift(&visit, &id, &form.0).await?;
    let why = Lifting { reason: page.reason.clone() };
    match service::lift(&visit.app, &visit.call, id, why).await {
        Ok(_) => Ok(visit.see_with_success("/staff", "The conflict of interest is taken back.")),
        Err(refusal) => visit.page_with_faults(&page, &faults_of(refusal, "reason")?).await,
    }
}
