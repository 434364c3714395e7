//! What policy reads before it says yes: memberships, roles, assignments and conflicts, in the asker's transaction.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{BidKind, Capacity, Standing, anonymous, conflicts};
use crate::{
    actor::Actor,
    clock::Moment,
    db::{
        Conn,
        schema::{
            api_clients, assignments, bids, fund_roles, interview_seats, interview_slots, memberships, partners,
            people, rounds, signatory_deputies,
        },
    },
    error::{AppError, Result},
    ids::{BidKey, ClientKey, FundKey, Id, OrganisationKey, PersonKey, RoundKey},
};

/// What an actor is to the service, organisations and funds, before any one thing is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Belongings {
    pub system: bool,
    pub signed_in: bool,
    pub service_admin: bool,
    pub person: Option<Id<PersonKey>>,
    pub organisations: Vec<(Id<OrganisationKey>, String)>,
    pub deputy_in: Vec<Id<OrganisationKey>>,
    pub funds: Vec<(Id<FundKey>, String)>,
}

/// Reads what an actor belongs to.
pub(super) fn belongings(conn: &mut Conn, actor: &Actor) -> Result<Belongings> {
    match actor {
        Actor::Public => Ok(Belongings::default()),
        Actor::System => Ok(Belongings { system: true, ..Belongings::default() }),
        Actor::Person(signed_in) => of_person(conn, signed_in.person),
        Actor::Client(client) => of_client(conn, *client),
    }
}

pub(super) fn of_person(conn: &mut Conn, person: Id<PersonKey>) -> Result<Belongings> {
    let service_admin: bool =
        people::table.find(person).select(people::service_admin).first(conn).optional()?.unwrap_or(false);
    let organisations: Vec<(Id<OrganisationKey>, String)> = memberships::table
        .filter(memberships::person_id.eq(person))
        .filter(memberships::ended_at.is_null())
        .select((memberships::organisation_id, memberships::role))
        .load(conn)?;
    let deputy_in = if organisations.is_empty() { Vec::new() } else { deputy_in(conn, person)? };
    let funds = fund_roles::table
        .filter(fund_roles::person_id.eq(person))
        .filter(fund_roles::ended_at.is_null())
        .select((fund_roles::fund_id, fund_roles::role))
        .load(conn)?;
    let person = Some(person);
    Ok(Belongings { system: false, signed_in: true, service_admin, person, organisations, deputy_in, funds })
}

/// The organisations in which somebody was named to sign in the place of a signatory, whenever that is.
fn deputy_in(conn: &mut Conn, person: Id<PersonKey>) -> Result<Vec<Id<OrganisationKey>>> {
    Ok(signatory_deputies::table
        .filter(signatory_deputies::deputy_id.eq(person))
        .filter(signatory_deputies::ended_at.is_null())
        .select(signatory_deputies::organisation_id)
        .load(conn)?)
}

/// A program is a member of its organisation or has its role in its fund; it never signs.
fn of_client(conn: &mut Conn, client: Id<ClientKey>) -> Result<Belongings> {
    type Row = (Option<Id<OrganisationKey>>, Option<Id<FundKey>>, String);
    let row: Option<Row> = api_clients::table
        .find(client)
        .filter(api_clients::revoked_at.is_null())
        .select((api_clients::organisation_id, api_clients::fund_id, api_clients::role))
        .first(conn)
        .optional()?;
    let (organisation, fund, role) = row.ok_or(AppError::Unauthenticated)?;
    Ok(Belongings {
        signed_in: true,
        organisations: organisation.map(|id| (id, "member".into())).into_iter().collect(),
        funds: fund.map(|id| (id, role)).into_iter().collect(),
        ..Belongings::default()
    })
}

impl Belongings {
    fn standing(&self) -> Standing {
        let mut capacities = BTreeSet::new();
        if self.system {
            capacities.insert(Capacity::System);
        }
        if self.signed_in {
            capacities.insert(Capacity::SignedIn);
        }
        if self.service_admin {
            capacities.insert(Capacity::ServiceAdmin);
        }
        Standing { capacities, ..Standing::default() }
    }

    fn roles_in(&self, organisation: Id<OrganisationKey>) -> impl Iterator<Item = &str> {
        self.organisations.iter().filter(move |(id, _)| *id == organisation).map(|(_, role)| role.as_str())
    }

    /// A deputy still works for the organisation.
    fn deputises_in(&self, organisation: Id<OrganisationKey>) -> bool {
        self.deputy_in.contains(&organisation) && self.roles_in(organisation).next().is_some()
    }

    fn fund_capacities(&self, fund: Id<FundKey>) -> impl Iterator<Item = Capacity> {
        self.funds.iter().filter(move |(id, _)| *id == fund).filter_map(|(_, role)| match role.as_str() {
            "fund_manager" => Some(Capacity::FundManager),
            "assessor" => Some(Capacity::PoolAssessor),
            "moderator" => Some(Capacity::Moderator),
            "observer" => Some(Capacity::Observer),
            _ => None,
        })
    }
}

fn lead_capacity(role: &str) -> Option<Capacity> {
    match role {
        "member" => Some(Capacity::LeadMember),
        "signatory" => Some(Capacity::LeadSignatory),
        "administrator" => Some(Capacity::LeadAdministrator),
        _ => None,
    }
}

/// What an actor is to the service as a whole. A fund's staff keep the register, so they count here too.
pub(super) fn standing_on_service(conn: &mut Conn, actor: &Actor) -> Result<Standing> {
    let belongings = belongings(conn, actor)?;
    let mut standing = belongings.standing();
    if belongings.funds.iter().any(|(_, role)| role == "fund_manager") {
        standing.capacities.insert(Capacity::FundManager);
    }
    Ok(standing)
}

/// What an actor is to an organisation.
pub(super) fn standing_on_organisation(conn: &mut Conn, actor: &Actor, id: Id<OrganisationKey>) -> Result<Standing> {
    let belongings = belongings(conn, actor)?;
    let mut standing = belongings.standing();
    standing.capacities.extend(belongings.roles_in(id).filter_map(lead_capacity));
    Ok(standing)
}

/// What an actor is to a fund.
///
/// # Errors
/// When the database fails.
pub fn standing_on_fund(conn: &mut Conn, actor: &Actor, id: Id<FundKey>) -> Result<Standing> {
    let belongings = belongings(conn, actor)?;
    let mut standing = belongings.standing();
    standing.capacities.extend(belongings.fund_capacities(id));
    Ok(standing)
}

/// What an actor is to a round.
pub(super) fn standing_on_round(conn: &mut Conn, actor: &Actor, id: Id<RoundKey>) -> Result<Standing> {
    let fund: Option<Id<FundKey>> = rounds::table.find(id).select(rounds::fund_id).first(conn).optional()?;
    match fund {
        Some(fund) => standing_on_fund(conn, actor, fund),
        None => Ok(Standing::default()),
    }
}

/// What an actor is to a bid, conflicts of interest taken into account.
///
/// # Errors
/// When the database fails. A bid that does not exist gives no capacities.
pub fn standing_on_bid(conn: &mut Conn, actor: &Actor, id: Id<BidKey>) -> Result<Standing> {
    type Row = (Id<OrganisationKey>, String, (Id<RoundKey>, Id<FundKey>), Option<Moment>, Option<Moment>);
    let row: Option<Row> = bids::table
        .inner_join(rounds::table)
        .filter(bids::id.eq(id))
        .select((bids::lead_id, bids::kind, (rounds::id, rounds::fund_id), rounds::cancelled_at, bids::submitted_at))
        .first(conn)
        .optional()?;
    let Some((lead, kind, (round, fund), cancelled_at, submitted_at)) = row else { return Ok(Standing::default()) };
    let belongings = belongings(conn, actor)?;
    let mut standing = belongings.standing();
    standing.kind = BidKind::from_word(&kind);
    standing.cancelled = cancelled_at.is_some();
    standing.never_submitted = standing.kind == Some(BidKind::Closed) && submitted_at.is_none();
    standing.capacities.extend(belongings.roles_in(lead).filter_map(lead_capacity));
    let members = partner_organisations(conn, id)?;
    let confirmed = members.iter().filter(|(_, state)| state == "confirmed").map(|(organisation, _)| *organisation);
    if confirmed.chain([lead]).any(|council| belongings.deputises_in(council)) {
        standing.capacities.insert(Capacity::SignatoryDeputy);
    }
    for (organisation, state) in &members {
        standing.capacities.extend(belongings.roles_in(*organisation).filter_map(|role| partner_capacity(role, state)));
    }
    if belongings.funds.iter().any(|(of, _)| *of == fund) {
        let at = match actor {
            Actor::Person(signed_in) => Some(signed_in.at),
            _ => None,
        };
        let mut parties: Vec<_> = members.into_iter().map(|(organisation, _)| organisation).collect();
        parties.push(lead);
        add_staff(conn, (&belongings, at), (id, round, fund), &parties, &mut standing)?;
    }
    Ok(standing)
}

fn partner_organisations(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<(Id<OrganisationKey>, String)>> {
    let rows = partners::table
        .filter(partners::bid_id.eq(bid))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .select((partners::organisation_id, partners::state))
        .load(conn)?;
    Ok(rows)
}

fn partner_capacity(role: &str, state: &str) -> Option<Capacity> {
    match (role, state) {
        ("member" | "signatory" | "administrator", "invited") => Some(Capacity::InvitedMember),
        ("signatory", "confirmed") => Some(Capacity::PartnerSignatory),
        ("member" | "administrator", "confirmed") => Some(Capacity::PartnerMember),
        _ => None,
    }
}

fn add_staff(
    conn: &mut Conn,
    (belongings, at): (&Belongings, Option<Moment>),
    (bid, round, fund): (Id<BidKey>, Id<RoundKey>, Id<FundKey>),
    parties: &[Id<OrganisationKey>],
    standing: &mut Standing,
) -> Result<()> {
    let Some((person, now)) = belongings.person.zip(at) else {
        standing.capacities.extend(belongings.fund_capacities(fund));
        return Ok(());
    };
    if in_conflict(conn, belongings, (person, now), bid, parties)? {
        standing.conflicted = true;
        return Ok(());
    }
    for capacity in belongings.fund_capacities(fund) {
        if capacity == Capacity::PoolAssessor {
            let assigned = is_assigned(conn, bid, person)?;
            let blind = anonymous::hides_names(conn, round, standing.kind, now)?;
            standing.capacities.extend(reading(assigned, blind));
        } else {
            standing.capacities.insert(capacity);
        }
    }
    if interviews(conn, bid, person)? {
        standing.capacities.insert(Capacity::Interviewer);
    }
    Ok(())
}

/// Whether a person has a conflict of interest with a bid at an instant, whoever asks.
///
/// # Errors
/// When the database fails.
pub fn has_conflict(conn: &mut Conn, person: Id<PersonKey>, bid: Id<BidKey>, now: Moment) -> Result<bool> {
    let lead: Option<Id<OrganisationKey>> = bids::table.find(bid).select(bids::lead_id).first(conn).optional()?;
    let mut parties: Vec<_> = partner_organisations(conn, bid)?.into_iter().map(|(party, _)| party).collect();
    parties.extend(lead);
    let belongings = of_person(conn, person)?;
    in_conflict(conn, &belongings, (person, now), bid, &parties)
}

/// A conflict is declared or pinned on the bid or on one of its organisations, or follows from working for one.
fn in_conflict(
    conn: &mut Conn,
    belongings: &Belongings,
    (person, now): (Id<PersonKey>, Moment),
    bid: Id<BidKey>,
    parties: &[Id<OrganisationKey>],
) -> Result<bool> {
    if belongings.organisations.iter().any(|(organisation, _)| parties.contains(organisation)) {
        return Ok(true);
    }
    let standing = conflicts::standing(conn, person, now)?;
    Ok(standing.iter().any(|conflict| {
        conflict.bid == Some(bid) || conflict.organisation.is_some_and(|organisation| parties.contains(&organisation))
    }))
}

/// What an assessor of the fund is to a bid: where bids are read without names, whoever was not given one knows of none.
const fn reading(assigned: bool, blind: bool) -> Option<Capacity> {
    match (assigned, blind) {
        (true, true) => Some(Capacity::BlindAssessor),
        (true, false) => Some(Capacity::Assessor),
        (false, true) => None,
        (false, false) => Some(Capacity::PoolAssessor),
    }
}

fn is_assigned(conn: &mut Conn, bid: Id<BidKey>, person: Id<PersonKey>) -> Result<bool> {
    let found: Option<Id<BidKey>> = assignments::table
        .filter(assignments::bid_id.eq(bid))
        .filter(assignments::person_id.eq(person))
        .filter(assignments::ended_at.is_null())
        .select(assignments::bid_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether a person sits on the panel of a time that the bid's lead has chosen.
fn interviews(conn: &mut Conn, bid: Id<BidKey>, person: Id<PersonKey>) -> Result<bool> {
    let found: Option<Id<PersonKey>> = interview_seats::table
        .inner_join(interview_slots::table)
        .filter(interview_slots::bid_id.eq(bid))
        .filter(interview_slots::cancelled_at.is_null())
        .filter(interview_seats::person_id.eq(person))
        .filter(interview_seats::ended_at.is_null())
        .select(interview_seats::person_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
