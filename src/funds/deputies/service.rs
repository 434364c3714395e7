//! Naming a deputy, for oneself or as a fund manager for others, and ending it.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::{
        model::Fund,
        service::{order_asking, tell_managers},
        store as funds,
    },
    http::{App, Call, Scene},
    identity::{
        deputies::{Deputy, NewDeputy},
        model::{FundRole, Person},
        policy::{self, Action, Granted},
        store::people,
    },
    ids::{FundKey, Id, PersonKey, RowKey},
    mail::outbox::Notice,
};

/// The roles that read what is approved: only whoever has one can act for somebody else.
const READING: [FundRole; 3] = [FundRole::FundManager, FundRole::Moderator, FundRole::Observer];

/// The roles that approve: an observer only reads, and has nothing to hand over.
const APPROVING: [FundRole; 2] = [FundRole::FundManager, FundRole::Moderator];

/// The deputies of a fund, and who could be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deputies {
    /// The fund.
    pub fund: Fund,
    /// The deputies whose last day is not over.
    pub deputies: Vec<Deputy>,
    /// The people who can act for somebody, by name: id and name.
    pub people: Vec<(Id<PersonKey>, String)>,
    /// Those of them who can have a deputy.
    pub principals: Vec<(Id<PersonKey>, String)>,
    /// Whether the reader names deputies of others too.
    pub manages: bool,
}

/// The deputies of a fund, for everybody who works for it.
///
/// # Errors
/// As policy says.
pub async fn deputies(app: &App, call: &Call, slug: String) -> Result<Deputies> {
    call.read(app, move |conn, scene| {
        let (granted, fund) = ask(conn, scene, &slug)?;
        let people = by_name(with_role(conn, &granted, &READING)?);
        let principals = by_name(with_role(conn, &granted, &APPROVING)?);
        let manages = granted.standing().may(Action::ManageStaff);
        let deputies = store::of_fund(conn, &granted, scene.now.london_date())?;
        Ok(Deputies { deputies, people, principals, manages, fund })
    })
    .await
}

fn ask(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(Granted<FundKey>, Fund)> {
    let fund = funds::fund_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    Ok((policy::fund(conn, &scene.actor, Action::ReadRound, fund.id)?, fund))
}

fn with_role(conn: &mut Conn, fund: &Granted<FundKey>, roles: &[FundRole]) -> Result<Vec<Person>> {
    let all = funds::staff(conn, fund)?.into_iter();
    Ok(all.filter(|(_, role)| roles.contains(role)).map(|(person, _)| person).collect())
}

fn by_name(people: Vec<Person>) -> Vec<(Id<PersonKey>, String)> {
    let mut named: Vec<_> = people.into_iter().map(|person| (person.id, person.name)).collect();
    named.dedup();
    named
}

/// Names a deputy, and tells them.
///
/// # Errors
/// As policy says; `Forbidden` for whoever names one of somebody else and is no manager; `Invalid` with every fault;
/// `Conflict` when it would be unclear for whom somebody acts.
pub async fn name(app: &App, call: &Call, slug: String, new: NewDeputy) -> Result<Deputy> {
    call.write(app, move |conn, scene| {
        let (granted, fund) = ask(conn, scene, &slug)?;
        let person = scene.person_or("A person names a deputy: sign in.")?;
        let principal = new.principal.unwrap_or(person);
        if principal != person {
            policy::fund(conn, &scene.actor, Action::ManageStaff, fund.id)?;
        }
        let today = scene.now.london_date();
        let mut faults = new.faults(principal, today);
        for (field, person, roles, message) in [
            ("principal", principal, APPROVING.as_slice(), "Only a fund manager or a moderator can have a deputy."),
            ("deputy", new.deputy, &READING, "Name a fund manager, a moderator or an observer of this fund."),
        ] {
            if !with_role(conn, &granted, roles)?.iter().any(|known| known.id == person) {
                faults.push(Fault::new(field, "not_of_the_fund", message));
            }
        }
        AppError::unless_empty(faults)?;
        new.refuse_beside(principal, &store::of_fund(conn, &granted, today)?)?;
        let id: Id<RowKey> = scene.fresh();
        store::insert(conn, &granted, (id, principal), &new, (person, scene.now))?;
        let detail = json!({
            "deputy": new.deputy, "principal": principal, "from": new.from, "until": new.until, "id": id,
        });
        scene.tell(conn, Chain::Fund(fund.id), "deputy.named", detail)?;
        let named = find(conn, &granted, scene, id)?;
        write_to(conn, scene, &fund, &named)?;
        let days = format!("from {} to {}", in_words(named.from), in_words(named.until));
        let what = format!("In the place of {}, {days}", named.principal_name);
        let deputy = people::person(conn, named.deputy)?;
        tell_managers(conn, scene, &fund, &deputy, &what, Some(principal))?;
        let begins = Moment::from_london(named.from.and_time(NaiveTime::MIN)).unwrap_or(scene.now);
        order_asking(conn, scene, fund.id, begins)?;
        Ok(named)
    })
    .await
}

fn find(conn: &mut Conn, fund: &Granted<FundKey>, scene: &Scene, id: Id<RowKey>) -> Result<Deputy> {
    let all = store::of_fund(conn, fund, scene.now.london_date())?;
    all.into_iter().find(|deputy| deputy.id == id).ok_or(AppError::NotFound)
}

fn write_to(conn: &mut Conn, scene: &Scene, fund: &Fund, deputy: &Deputy) -> Result<()> {
    let person = people::person(conn, deputy.deputy)?;
    let data = json!({
        "principal": deputy.principal_name,
        "fund": fund.name,
        "from": in_words(deputy.from),
        "until": in_words(deputy.until),
        "reason": deputy.reason,
        "link": format!("/funds/{}/deputies", fund.slug),
    });
    let told = Notice { template: "deputy-named", bid: None, round: None, data };
    scene.write_to(conn, &person, &told, &deputy.id.to_string())
}

fn in_words(day: chrono::NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Ends a deputy's days before the last of them.
///
/// # Errors
/// As policy says; `NotFound` when there is no such deputy any more.
pub async fn end(app: &App, call: &Call, slug: String, id: Id<RowKey>) -> Result<Deputy> {
    call.write(app, move |conn, scene| {
        let (granted, fund) = ask(conn, scene, &slug)?;
        let deputy = find(conn, &granted, scene, id)?;
        if scene.actor.person() != Some(deputy.principal) {
            policy::fund(conn, &scene.actor, Action::ManageStaff, fund.id)?;
        }
        store::end(conn, &granted, id, scene.now)?;
        let detail = json!({ "deputy": deputy.deputy, "principal": deputy.principal, "id": id });
        scene.tell(conn, Chain::Fund(fund.id), "deputy.ended", detail)?;
        Ok(deputy)
    })
    .await
}
