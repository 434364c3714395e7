//! The use cases of projects: made with the award, reported on by the lead authority, read by everybody.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{
    model::{Delivery, DeliveryView, NewDelivery, Outcome, OutcomeView, Project, ProjectView, Standing},
    store::{self, Listed},
};
use crate::{
    awards, bids,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{self, model::Milestone},
    http::{App, Call, Listing, PageRequest, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RowKey},
    money::Pence,
};

/// Makes the project of a funded bid and copies what it promised; a bid that has one keeps it. For the release, in its
/// transaction.
///
/// # Errors
/// When the database fails.
pub fn create_from(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, award: Pence) -> Result<Project> {
    let row = bids::store::load(conn, bid)?;
    let ends = funds::store::timetable(conn, row.round_id)?.at(Milestone::DeliveryEnds);
    let project = Project {
        id: scene.fresh(),
        bid_id: row.id,
        round_id: row.round_id,
        lead_id: row.lead_id,
        title: row.title,
        award_pence: award,
        starts_on: Some(scene.now.london_date()),
        ends_on: ends.map(crate::clock::Moment::london_date),
        created_at: scene.now,
        version: 1,
    };
    if !store::insert(conn, bid, &project)? {
        return store::of_bid(conn, row.id)?.ok_or(AppError::NotFound);
    }
    for (position, promise) in (0_i32..).zip(bids::store::promises(conn, bid)?) {
        store::insert_outcome(conn, scene.fresh(), project.id, (position, &promise))?;
    }
    scene.tell(conn, Chain::Bid(row.id), "project.created", json!({ "project": project.id, "award_pence": award }))?;
    Ok(project)
}

/// Projects, newest first.
///
/// # Errors
/// `Invalid` for a wrong cursor or limit.
pub async fn projects(app: &App, call: &Call, page: PageRequest) -> Result<Listing<ProjectView>> {
    let (limit, after) = (page.limit()?, page.after()?);
    call.read(app, move |conn, scene| {
        let page = Listing::of(store::listed(conn, after, limit + 1)?, limit, |row| row.project.id);
        let items = page.items.into_iter().map(|row| view(conn, row, scene.now.london_date()));
        Ok(Listing { items: items.collect::<Result<_>>()?, next: page.next })
    })
    .await
}

/// One project.
///
/// # Errors
/// `NotFound`.
pub async fn project(app: &App, call: &Call, reference: String) -> Result<ProjectView> {
    call.read(app, move |conn, scene| {
        let row = store::by_reference(conn, &reference)?;
        view(conn, row, scene.now.london_date())
    })
    .await
}

/// Whether the caller may report for a project: its page shows the form to them alone.
///
/// # Errors
/// `NotFound` when there is no such project.
pub async fn may_report(app: &App, call: &Call, reference: String) -> Result<bool> {
    call.read(app, move |conn, scene| {
        let bid = store::by_reference(conn, &reference)?.project.bid_id;
        Ok(policy::bid(conn, &scene.actor, Action::ReportDelivery, bid).is_ok())
    })
    .await
}

/// Reports what was delivered of a promised outcome. Reports are only added to: the last one stands.
///
/// # Errors
/// `Invalid` with every fault; `NotFound` when the project promised no such outcome.
pub async fn report(
    app: &App,
    call: &Call,
    reference: String,
    outcome: Id<RowKey>,
    new: NewDelivery,
) -> Result<ProjectView> {
    call.write(app, move |conn, scene| {
        let project = store::by_reference(conn, &reference)?.project;
        let granted = policy::bid(conn, &scene.actor, Action::ReportDelivery, project.bid_id)?;
        AppError::unless_empty(new.faults())?;
        if !store::outcomes(conn, project.id)?.iter().any(|promised| promised.id == outcome) {
            return Err(AppError::NotFound);
        }
        let person = awards::store::responsible_person(conn, &scene.actor)?;
        let id = scene.fresh();
        store::insert_delivery(conn, &granted, (id, project.id, outcome), &new, (person, scene.now))?;
        let detail = json!({ "outcome": outcome, "delivery": id, "value": new.value });
        scene.tell(conn, Chain::Bid(project.bid_id), "delivery.reported", detail)?;
        let row = store::by_reference(conn, &reference)?;
        view(conn, row, scene.now.london_date())
    })
    .await
}

fn view(conn: &mut Conn, row: Listed, today: NaiveDate) -> Result<ProjectView> {
    let promised = store::outcomes(conn, row.project.id)?;
    let ids: Vec<_> = promised.iter().map(|outcome| outcome.id).collect();
    let mut delivered: BTreeMap<Id<RowKey>, Vec<Delivery>> = BTreeMap::new();
    for delivery in store::deliveries(conn, &ids)? {
        delivered.entry(delivery.outcome_id).or_default().push(delivery);
    }
    let of = |outcome: Outcome| {
        let deliveries = delivered.remove(&outcome.id).unwrap_or_default();
        outcome_view(outcome, deliveries, today)
    };
    Ok(ProjectView {
        partners: store::partners(conn, row.project.bid_id)?,
        outcomes: promised.into_iter().map(of).collect(),
        reference: row.reference,
        title: row.project.title,
        lead: row.lead,
        round: row.round.0,
        round_title: row.round.1,
        award_pence: row.project.award_pence,
        starts_on: row.project.starts_on,
        ends_on: row.project.ends_on,
        illustrative: row.known.0.illustrative,
        version: row.project.version,
    })
}

fn outcome_view(outcome: Outcome, deliveries: Vec<Delivery>, today: NaiveDate) -> OutcomeView {
    let last = deliveries.last().map(|delivery| delivery.value);
    let report = |delivery: Delivery| DeliveryView {
        value: delivery.value,
        note: delivery.note,
        reported_at: delivery.reported_at,
    };
    OutcomeView {
        standing: Standing::of(&outcome, last, today),
        deliveries: deliveries.into_iter().map(report).collect(),
        id: outcome.id,
        measure: outcome.measure,
        unit: outcome.unit,
        baseline: outcome.baseline,
        target: outcome.target,
        due_on: outcome.due_on,
    }
}
