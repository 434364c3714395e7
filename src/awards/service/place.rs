//! Where a bid stands: what is shown of it, and what has been decided. What acts for councils and the public may use
//! [`Place::shown`] alone.

use crate::{
    awards::{model::Decision, store},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds,
    identity::policy::Granted,
    ids::{BidKey, Id, WorkflowKey},
    workflow::{Definition, Place},
};

/// Where a bid stands, shown and decided, with the definition that it is pinned to.
pub(super) fn place(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<(Definition, Place)> {
    let stakes = store::stakes(conn, bid)?;
    let definition = funds::store::workflow(conn, stakes.workflow_id)?;
    let taken = taken(&store::of_bid(conn, bid)?);
    let timetable = store::shown_timetable(conn, stakes.round_id, now)?;
    let place = Place::of(&definition, &stakes.state, &taken, &timetable);
    let place = place.ok_or_else(|| unknown_state(stakes.workflow_id, &stakes.state))?;
    Ok((definition, place))
}

/// The transitions of decisions, as [`Place::of`] wants them.
pub(super) fn taken<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<String> {
    decisions.into_iter().map(|decision| decision.transition.clone()).collect()
}

pub(super) fn unknown_state(workflow: Id<WorkflowKey>, state: &str) -> AppError {
    AppError::internal(format!("workflow {workflow} has no state {state:?}"))
}
