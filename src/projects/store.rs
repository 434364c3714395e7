//! The SQL of projects. What is read here is public; only making a project and reporting for one wants policy's yes.

use diesel::{insert_into, prelude::*, update};

use super::model::{Delivery, NewDelivery, Outcome, Project, ProjectPartner};
use crate::{
    added,
    bids::{
        model::{Promise, Provenance},
        partner::PartnerKind,
    },
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{bids, deliveries, organisations, outcomes, partners, projects, rounds},
    },
    error::{AppError, Result},
    identity::{model::OrganisationKind, policy::Granted},
    ids::{BidKey, Id, PersonKey, ProjectKey, RowKey},
};

/// A project with what its page shows of bid, lead and round.
#[derive(Debug, Queryable)]
pub struct Listed {
    /// The project.
    pub project: Project,
    /// The bid's reference.
    pub reference: String,
    /// What of the bid is fact and what illustration.
    pub known: Doc<Provenance>,
    /// The lead authority's name.
    pub lead: String,
    /// The round's place in addresses and its title.
    pub round: (String, String),
}

/// Puts a project in, unless the bid has one.
pub fn insert(conn: &mut Conn, _: &Granted<BidKey>, project: &Project) -> Result<bool> {
    let row = (
        projects::id.eq(project.id),
        projects::bid_id.eq(project.bid_id),
        projects::round_id.eq(project.round_id),
        projects::lead_id.eq(project.lead_id),
        projects::title.eq(&project.title),
        projects::award_pence.eq(project.award_pence),
        projects::starts_on.eq(project.starts_on),
        projects::ends_on.eq(project.ends_on),
        projects::created_at.eq(project.created_at),
        projects::version.eq(project.version),
    );
    Ok(added!(conn, projects(bid_id), row)?)
}

/// Copies what the bid promised.
pub fn insert_outcome(
    conn: &mut Conn,
    id: Id<RowKey>,
    project: Id<ProjectKey>,
    (position, promise): (i32, &Promise),
) -> Result<()> {
    insert_into(outcomes::table)
        .values((
            outcomes::id.eq(id),
            outcomes::project_id.eq(project),
            outcomes::position.eq(position),
            outcomes::measure.eq(&promise.measure),
            outcomes::unit.eq(&promise.unit),
            outcomes::baseline.eq(promise.baseline),
            outcomes::target.eq(promise.target),
            outcomes::due_on.eq(promise.due_on),
        ))
        .execute(conn)?;
    Ok(())
}

/// A bid's project.
pub fn of_bid(conn: &mut Conn, bid: Id<BidKey>) -> Result<Option<Project>> {
    Ok(projects::table.filter(projects::bid_id.eq(bid)).select(Project::as_select()).first(conn).optional()?)
}

/// Projects, newest first.
pub fn listed(conn: &mut Conn, after: Option<Id<ProjectKey>>, limit: i64) -> Result<Vec<Listed>> {
    let mut query = projects::table
        .inner_join(bids::table)
        .inner_join(organisations::table)
        .inner_join(rounds::table)
        .order(projects::id.desc())
        .limit(limit)
        .select((
            Project::as_select(),
            bids::reference,
            bids::known,
            organisations::name,
            (rounds::slug, rounds::title),
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(projects::id.lt(after));
    }
    Ok(query.load(conn)?)
}

/// The project of the bid with this reference.
///
/// # Errors
/// `NotFound`.
pub fn by_reference(conn: &mut Conn, reference: &str) -> Result<Listed> {
    let found = projects::table
        .inner_join(bids::table)
        .inner_join(organisations::table)
        .inner_join(rounds::table)
        .filter(bids::reference.eq(reference))
        .select((
            Project::as_select(),
            bids::reference,
            bids::known,
            organisations::name,
            (rounds::slug, rounds::title),
        ))
        .first(conn)
        .optional()?;
    found.ok_or(AppError::NotFound)
}

/// The partners of a bid who confirmed, by name.
pub fn partners(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<ProjectPartner>> {
    let rows: Vec<(String, OrganisationKind, Option<PartnerKind>)> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid))
        .filter(partners::state.eq("confirmed"))
        .order((organisations::name, organisations::id))
        .select((organisations::name, organisations::kind, partners::kind))
        .load(conn)?;
    let partner = |(name, body, kind): (String, OrganisationKind, Option<PartnerKind>)| ProjectPartner {
        name,
        kind: kind.unwrap_or(PartnerKind::of_itself(body)),
    };
    Ok(rows.into_iter().map(partner).collect())
}

/// What a project promised, in order.
pub fn outcomes(conn: &mut Conn, project: Id<ProjectKey>) -> Result<Vec<Outcome>> {
    Ok(outcomes::table
        .filter(outcomes::project_id.eq(project))
        .order(outcomes::position)
        .select(Outcome::as_select())
        .load(conn)?)
}

/// What was delivered of these outcomes, oldest first.
pub fn deliveries(conn: &mut Conn, of: &[Id<RowKey>]) -> Result<Vec<Delivery>> {
    Ok(deliveries::table
        .filter(deliveries::outcome_id.eq_any(of))
        .order((deliveries::reported_at, deliveries::id))
        .select(Delivery::as_select())
        .load(conn)?)
}

/// Adds a report and counts the change of the project.
pub fn insert_delivery(
    conn: &mut Conn,
    _: &Granted<BidKey>,
    (id, project, outcome): (Id<RowKey>, Id<ProjectKey>, Id<RowKey>),
    new: &NewDelivery,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(deliveries::table)
        .values((
            deliveries::id.eq(id),
            deliveries::outcome_id.eq(outcome),
            deliveries::value.eq(new.value),
            deliveries::note.eq(new.note.trim()),
            deliveries::reported_by.eq(person),
            deliveries::reported_at.eq(now),
        ))
        .execute(conn)?;
    update(projects::table.find(project)).set(projects::version.eq(projects::version + 1)).execute(conn)?;
    Ok(())
}
