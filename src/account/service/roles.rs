//! What giving a role to a person is, whether an organisation or a fund gives it: how the person is named, who hears of
//! it, and what the history says of it afterwards.

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    actor::Recorded,
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::{self, Chain, Data},
    http::Scene,
    identity::{
        model::Person,
        networks,
        policy::{Capacity, Standing},
        store::people,
    },
    ids::{Id, PersonKey, RowKey},
    mail::{Address, NotAnAddress, outbox::Notice},
};

const LONGEST_NAME: usize = 100;

/// A person with one of their roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Holder {
    /// The person.
    pub person: Id<PersonKey>,
    /// What they are called.
    pub name: String,
    /// Where mail reaches them.
    pub email: Address,
    /// The role's word.
    pub role: String,
}

impl Holder {
    /// A person and the word of one of their roles.
    pub fn of(person: Person, role: &str) -> Self {
        Self { person: person.id, name: person.name, email: person.email, role: role.into() }
    }

    /// Somebody with a role among all of them, and whether they alone have it.
    ///
    /// # Errors
    /// `NotFound` when they do not have it.
    pub fn find(all: &[Self], person: Id<PersonKey>, role: &str) -> Result<(Self, bool)> {
        let with_role: Vec<&Self> = all.iter().filter(|holder| holder.role == role).collect();
        let found = with_role.iter().find(|holder| holder.person == person).ok_or(AppError::NotFound)?;
        Ok(((*found).clone(), with_role.len() == 1))
    }
}

/// Somebody who is to get a role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHolder {
    /// Their e-mail address: with it they sign in.
    pub email: String,
    /// What they are called; whoever is known already keeps their name.
    pub name: String,
    /// The role: `member`, `signatory` or `administrator` of an organisation; `fund_manager`, `assessor`, `moderator` or
    /// `observer` of a fund.
    pub role: String,
}

impl NewHolder {
    /// The address, the name and the role.
    ///
    /// # Errors
    /// `Invalid` with every fault, in the form's order.
    pub fn read<R: Copy + Display>(
        &self,
        from_word: fn(&str) -> Option<R>,
        roles: &[R],
    ) -> Result<(Address, String, R)> {
        let (email, name, role) = (self.email.parse(), on_one_line(&self.name), from_word(&self.role));
        let mut faults = Vec::new();
        faults.extend(email.as_ref().err().map(|fault: &NotAnAddress| fault_of("email", "wrong_email", fault)));
        if name.is_empty() {
            faults.push(Fault::new("name", "missing", "Enter their full name"));
        } else if name.chars().count() > LONGEST_NAME {
            let message = format!("The name must be {LONGEST_NAME} characters or fewer");
            faults.push(Fault::new("name", "too_long", message));
        }
        if role.is_none() {
            faults.push(Fault::new("role", "unknown_role", format!("Choose a role: {}", listed(roles))));
        }
        match (email, role) {
            (Ok(email), Some(role)) if faults.is_empty() => Ok((email, name, role)),
            _ => Err(AppError::Invalid(faults)),
        }
    }
}

fn fault_of(field: &str, code: &'static str, fault: &impl Display) -> Fault {
    Fault::new(field, code, fault.to_string())
}

/// A name stands in lists and subjects of messages: nothing in it begins a new line.
fn on_one_line(name: &str) -> String {
    let words = name.split(|letter: char| letter.is_whitespace() || letter.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn listed<R: Display>(roles: &[R]) -> String {
    let words: Vec<String> = roles.iter().map(|role| role.to_string().replace('_', " ")).collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => words.concat(),
    }
}

/// Whether somebody stands above an organisation or a fund: runs the instance, or is the service itself.
pub fn stands_above(standing: &Standing) -> bool {
    standing.is(Capacity::ServiceAdmin) || standing.is(Capacity::System)
}

/// Refuses to give a role again.
pub fn held_already(person: &Person) -> AppError {
    AppError::conflict("role_held_already", format!("{} has this role already.", person.name))
}

/// Writes into a chain that a person got or lost a role.
///
/// # Errors
/// When the database fails.
pub fn note(
    conn: &mut Conn,
    scene: &Scene,
    (chain, kind): (Chain, &'static str),
    (person, role): (Id<PersonKey>, &str),
) -> Result<()> {
    let detail = json!({ "person": person, "role": role });
    scene.tell(conn, chain, kind, detail)
}

/// Tells a person which role they got: where, what it lets them do, from whom, and where to sign in.
///
/// # Errors
/// When the database fails.
pub fn write_to(
    conn: &mut Conn,
    scene: &Scene,
    person: &Person,
    template: &'static str,
    (at, role, lets): (&str, &str, &str),
) -> Result<()> {
    let data = json!({
        "by": called(conn, &scene.actor.recorded())?,
        "at": at,
        "role": role.replace('_', " "),
        "lets": lets,
        "link": "/sign-in",
    });
    let occasion: Id<RowKey> = scene.fresh();
    scene.write_to(conn, person, &Notice { template, bid: None, round: None, data }, &occasion.to_string())
}

/// Something that happened to the people of an organisation or a fund, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// What happened.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// When.
    pub at: Moment,
}

/// What happened to the roles of a chain's people, newest first. Whatever else stands in the chain is left out: a fund's
/// also tells of conflicts of interest, which are nobody's business here.
///
/// # Errors
/// When the database fails.
pub fn told(conn: &mut Conn, chain: Chain) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    for event in events::history(conn, chain)?.into_iter().rev() {
        if let Some(what) = what(conn, &event)? {
            told.push(Told { what, who: called(conn, &event.actor)?, at: event.at });
        }
    }
    Ok(told)
}

fn what(conn: &mut Conn, event: &Data) -> Result<Option<String>> {
    let said = |name: &str| event.detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let role = said("role").replace('_', " ");
    let verb = match event.kind.as_str() {
        "deputy.named" | "deputy.ended" => return deputy(conn, event, said("deputy"), said("principal")),
        "fund.created" => return Ok(Some("Fund made".into())),
        "organisation.network_recorded" | "organisation.network_left" => return Ok(Some(network(conn, event)?)),
        "organisation.profile_changed" => return Ok(Some("Profile for bids changed".into())),
        "organisation.role_given" | "fund.role_given" => "given to",
        "organisation.role_taken" | "fund.role_taken" => "taken from",
        _ => return Ok(None),
    };
    let Ok(person) = said("person").parse() else { return Ok(None) };
    Ok(Some(format!("Role of {role} {verb} {}", people::name_of(conn, person)?)))
}

fn network(conn: &mut Conn, event: &Data) -> Result<String> {
    let said = |name: &str| event.detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let name =
        networks::store::find(conn, said("network")).map_or_else(|_gone| said("network").into(), |found| found.name);
    Ok(match (event.kind.as_str(), said("state")) {
        ("organisation.network_left", _) => format!("Taken out of {name}"),
        (_, "in_process") => format!("Recorded as joining {name}"),
        _ => format!("Recorded as a member of {name}"),
    })
}

fn deputy(conn: &mut Conn, event: &Data, deputy: &str, principal: &str) -> Result<Option<String>> {
    let (Ok(deputy), Ok(principal)) = (deputy.parse(), principal.parse()) else { return Ok(None) };
    let (deputy, principal) = (people::name_of(conn, deputy)?, people::name_of(conn, principal)?);
    let acts = if event.kind == "deputy.named" { "was named to act" } else { "no longer acts" };
    Ok(Some(format!("{deputy} {acts} for {principal}")))
}

/// What whoever did something is called.
///
/// # Errors
/// When the database fails.
pub fn called(conn: &mut Conn, actor: &Recorded) -> Result<String> {
    match (actor.kind.as_str(), actor.id.as_deref().unwrap_or_default().parse()) {
        ("person", Ok(person)) => people::name_of(conn, person),
        ("client", _) => Ok("A program".into()),
        _ => Ok("Roundtable".into()),
    }
}
