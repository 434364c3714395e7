//! Naming a deputy of a signatory, for oneself or as an administrator for others, and ending it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::{
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        deputies::{Deputy, NewDeputy},
        model::{MemberRole, Organisation},
        policy::{self, Action, Granted},
        store::{organisations, people},
    },
    ids::{Id, OrganisationKey, PersonKey, RowKey},
    mail::outbox::{self, Letter},
};

/// The deputies of an organisation's signatories, and who could be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deputies {
    /// The organisation.
    pub organisation: Organisation,
    /// The deputies whose last day is not over.
    pub deputies: Vec<Deputy>,
    /// The people who can act for a signatory, by name: id and name.
    pub people: Vec<(Id<PersonKey>, String)>,
    /// The signatories.
    pub principals: Vec<(Id<PersonKey>, String)>,
    /// Whether the reader names deputies of others too.
    pub manages: bool,
}

/// The deputies of an organisation's signatories, for everybody who works for it.
///
/// # Errors
/// As policy says.
pub async fn deputies(app: &App, call: &Call, id: Id<OrganisationKey>) -> Result<Deputies> {
    call.read(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, id)?;
        let (principals, people) = both(conn, &granted)?;
        let manages = granted.standing().may(Action::ManageMembers);
        let deputies = store::of_organisation(conn, &granted, scene.now.london_date())?;
        Ok(Deputies { organisation, deputies, people, principals, manages })
    })
    .await
}

fn ask(conn: &mut Conn, scene: &Scene, id: Id<OrganisationKey>) -> Result<(Granted<OrganisationKey>, Organisation)> {
    let granted = policy::organisation(conn, &scene.actor, Action::ReadOrganisation, id)?;
    Ok((granted, organisations::by_id(conn, id)?))
}

type Named = Vec<(Id<PersonKey>, String)>;

/// The signatories, and those who work for the organisation and cannot sign by themselves.
fn both(conn: &mut Conn, organisation: &Granted<OrganisationKey>) -> Result<(Named, Named)> {
    let all = people::members(conn, organisation)?;
    let signs = |person| all.iter().any(|(holder, role)| holder.id == person && *role == MemberRole::Signatory);
    let mut everybody: Named = all.iter().map(|(person, _)| (person.id, person.name.clone())).collect();
    everybody.dedup();
    Ok(everybody.into_iter().partition(|(person, _)| signs(*person)))
}

/// Names a deputy of a signatory, and tells them.
///
/// # Errors
/// As policy says; `Forbidden` for whoever names one of somebody else and is no administrator; `Invalid` with every fault;
/// `Conflict` when it would be unclear for whom somebody acts.
pub async fn name(app: &App, call: &Call, id: Id<OrganisationKey>, new: NewDeputy) -> Result<Deputy> {
    call.write(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, id)?;
        let person = scene.person()?;
        let principal = new.principal.unwrap_or(person);
        if principal != person {
            policy::organisation(conn, &scene.actor, Action::ManageMembers, id)?;
        }
        let today = scene.now.london_date();
        let mut faults = new.faults(principal, today);
        let (principals, people) = both(conn, &granted)?;
        let not_in = |named: &Named, person| !named.iter().any(|(known, _)| *known == person);
        if not_in(&principals, principal) {
            faults.push(Fault::new(
                "principal",
                "no_signatory",
                "Only a signatory of this organisation can have a deputy.",
            ));
        }
        if new.deputy != principal && not_in(&people, new.deputy) {
            let message = "Name somebody who works for this organisation and is not a signatory already.";
            faults.push(Fault::new("deputy", "not_of_the_organisation", message));
        }
        AppError::unless_empty(faults)?;
        new.refuse_beside(principal, &store::of_organisation(conn, &granted, today)?)?;
        let row: Id<RowKey> = scene.fresh();
        store::insert(conn, &granted, (row, principal), &new, (person, scene.now))?;
        let detail = json!({
            "deputy": new.deputy, "principal": principal, "from": new.from, "until": new.until, "id": row,
        });
        scene.tell(conn, Chain::Organisation(id), "deputy.named", detail)?;
        let named = find(conn, &granted, scene, row)?;
        tell(conn, scene, &organisation, &named, person)?;
        Ok(named)
    })
    .await
}

fn find(conn: &mut Conn, organisation: &Granted<OrganisationKey>, scene: &Scene, id: Id<RowKey>) -> Result<Deputy> {
    let all = store::of_organisation(conn, organisation, scene.now.london_date())?;
    all.into_iter().find(|deputy| deputy.id == id).ok_or(AppError::NotFound)
}

/// Tells the deputy, and the signatory where somebody else has named one.
fn tell(conn: &mut Conn, scene: &Scene, organisation: &Organisation, deputy: &Deputy, by: Id<PersonKey>) -> Result<()> {
    let principal = (deputy.principal != by).then_some(deputy.principal);
    for reader in [Some(deputy.deputy), principal].into_iter().flatten() {
        let person = people::person(conn, reader)?;
        let letter = Letter {
            id: scene.fresh(),
            template: "signatory-deputy-named",
            recipient: person.email,
            person: Some(person.id),
            bid: None,
            round: None,
            data: json!({
                "name": person.name,
                "acts": reader == deputy.deputy,
                "deputy": deputy.deputy_name,
                "principal": deputy.principal_name,
                "organisation": organisation.name,
                "from": in_words(deputy.from),
                "until": in_words(deputy.until),
                "reason": deputy.reason,
                "link": format!("/organisations/{}/deputies", organisation.id),
            }),
            unique_key: format!("signatory-deputy-named {} {reader}", deputy.id),
        };
        outbox::post(conn, letter, scene.now)?;
    }
    Ok(())
}

fn in_words(day: chrono::NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Ends a deputy's days before the last of them.
///
/// # Errors
/// As policy says; `NotFound` when there is no such deputy any more.
pub async fn end(app: &App, call: &Call, id: Id<OrganisationKey>, deputy: Id<RowKey>) -> Result<Deputy> {
    call.write(app, move |conn, scene| {
        let (granted, _) = ask(conn, scene, id)?;
        let ended = find(conn, &granted, scene, deputy)?;
        if scene.actor.person() != Some(ended.principal) {
            policy::organisation(conn, &scene.actor, Action::ManageMembers, id)?;
        }
        store::end(conn, &granted, deputy, scene.now)?;
        let detail = json!({ "deputy": ended.deputy, "principal": ended.principal, "id": deputy });
        scene.tell(conn, Chain::Organisation(id), "deputy.ended", detail)?;
        Ok(ended)
    })
    .await
}
