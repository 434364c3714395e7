//! Who belongs to an organisation: its administrators say so, and whoever runs the instance.

use serde::Serialize;

use super::roles::{self, Holder, NewHolder, Told};
use crate::{
    actor::Actor,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::{
        model::{MemberRole, Organisation, Person},
        policy::{self, Action, Granted},
        sessions,
        store::{organisations, people},
    },
    ids::{Id, OrganisationKey, PersonKey},
    mail::Address,
};

/// An organisation with its people.
#[derive(Debug, Clone, Serialize)]
pub struct Members {
    /// The organisation.
    pub organisation: Organisation,
    /// Its people, each as often as they have roles, by name.
    pub holders: Vec<Holder>,
    /// What happened to their roles, newest first.
    pub told: Vec<Told>,
    /// Whether the reader runs the instance.
    pub from_above: bool,
}

/// The people of an organisation, each as often as they have roles, by name.
///
/// # Errors
/// As policy says.
pub async fn list(app: &App, call: &Call, id: Id<OrganisationKey>) -> Result<Vec<Holder>> {
    Ok(show(app, call, id).await?.holders)
}

/// The people of an organisation, and what happened to their roles.
///
/// # Errors
/// As policy says.
pub async fn show(app: &App, call: &Call, id: Id<OrganisationKey>) -> Result<Members> {
    call.read(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, id)?;
        Ok(Members {
            organisation,
            holders: holders(conn, &granted)?,
            told: roles::told(conn, Chain::Organisation(id))?,
            from_above: roles::stands_above(granted.standing()),
        })
    })
    .await
}

/// Policy's yes, and the organisation. Whoever runs the instance may do so anywhere, so that it is looked for here.
fn ask(conn: &mut Conn, scene: &Scene, id: Id<OrganisationKey>) -> Result<(Granted<OrganisationKey>, Organisation)> {
    let granted = policy::organisation(conn, &scene.actor, Action::ManageMembers, id)?;
    let organisation = organisations::by_id(conn, id)?;
    Ok((granted, organisation))
}

fn holders(conn: &mut Conn, granted: &Granted<OrganisationKey>) -> Result<Vec<Holder>> {
    let all = people::members(conn, granted)?.into_iter();
    Ok(all.map(|(person, role)| Holder::of(person, role.word())).collect())
}

/// Gives somebody a role in an organisation, and tells them; a person who is not known is registered. Whoever makes a
/// signatory needs a fresh code, as whoever signs does.
///
/// # Errors
/// As policy says; `Invalid` with every fault, and for an address elsewhere; `Forbidden` without a fresh code; `Conflict`
/// when they have the role.
pub async fn add(app: &App, call: &Call, id: Id<OrganisationKey>, new: NewHolder) -> Result<Holder> {
    call.write(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, id)?;
        let (email, name, role) = new.read(MemberRole::from_word, MemberRole::ALL)?;
        refuse_elsewhere(conn, &granted, &organisation, &email)?;
        if let (MemberRole::Signatory, Actor::Person(signed_in)) = (role, &scene.actor) {
            sessions::require_fresh(signed_in, scene.now)?;
        }
        let person = people::register(conn, scene.fresh(), &email, &name, scene.now)?;
        if !people::join(conn, &granted, (person.id, role), scene.fresh(), scene.now)? {
            return Err(roles::held_already(&person));
        }
        let event = (Chain::Organisation(id), "organisation.role_given");
        roles::note(conn, scene, event, (person.id, role.word()))?;
        roles::write_to(conn, scene, &person, "member-added", (&organisation.name, role.word(), role.lets()))?;
        Ok(Holder::of(person, role.word()))
    })
    .await
}

/// A council's own administrator adds people of the council; anybody else is for those who run the instance to add.
fn refuse_elsewhere(
    conn: &mut Conn,
    granted: &Granted<OrganisationKey>,
    organisation: &Organisation,
    email: &Address,
) -> Result<()> {
    let Some(domain) = organisation.mail_domain.as_deref() else { return Ok(()) };
    if email.domain() == domain || roles::stands_above(granted.standing()) {
        return Ok(());
    }
    let whom = whom_to_ask(people::service_admins(conn)?);
    let message = format!("Enter an address that ends in @{domain}. To add somebody with another address, ask {whom}");
    Err(AppError::invalid("email", "address_elsewhere", message))
}

fn whom_to_ask(admins: Vec<Person>) -> String {
    let named: Vec<String> = admins.into_iter().map(|admin| format!("{} ({})", admin.name, admin.email)).collect();
    if named.is_empty() { "whoever runs this service".into() } else { named.join(" or ") }
}

/// Takes a role in an organisation from somebody; gives what was taken. Their other roles, their sessions and what they
/// did stay as they are.
///
/// # Errors
/// As policy says; `NotFound` when they do not have it; `Conflict` for the last administrator, whom only those who run
/// the instance can take away.
pub async fn take(
    app: &App,
    call: &Call,
    id: Id<OrganisationKey>,
    (person, role): (Id<PersonKey>, String),
) -> Result<Holder> {
    call.write(app, move |conn, scene| {
        let (granted, organisation) = ask(conn, scene, id)?;
        let role = MemberRole::from_word(&role).ok_or(AppError::NotFound)?;
        let (holder, alone) = Holder::find(&holders(conn, &granted)?, person, role.word())?;
        let is_last = alone && role == MemberRole::Administrator;
        if is_last && !roles::stands_above(granted.standing()) {
            let (name, council) = (holder.name, organisation.name);
            let message = format!("{name} is the only administrator of {council}. Add another administrator first.");
            return Err(AppError::conflict("last_administrator", message));
        }
        people::leave(conn, &granted, (person, role), scene.now)?;
        roles::note(conn, scene, (Chain::Organisation(id), "organisation.role_taken"), (person, role.word()))?;
        Ok(holder)
    })
    .await
}
