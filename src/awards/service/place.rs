//! Where a bid stands: what is shown of it, and what has been decided. What acts for councils and the public may use
//! [`Place::shown`] alone.

use std::collections::{BTreeMap, btree_map::Entry};

use crate::{
    awards::{model::Decision, store},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds,
    identity::policy::{Granted, Sight},
    ids::{BidKey, Id, RoundKey, WorkflowKey},
    workflow::{Definition, Place},
};

/// Where a bid stands, shown and decided, with the definition that it is pinned to.
pub(super) fn place(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<(Definition, Place)> {
    let stakes = store::stakes(conn, bid)?;
    let definition = funds::store::workflow(conn, stakes.workflow_id)?;
    let taken = taken(&store::of_bid(conn, bid)?);
    let timetable = store::shown_timetable_of(conn, stakes.round_id, bid, now)?;
    let place = Place::of(&definition, &stakes.state, &taken, &timetable);
    let place = place.ok_or_else(|| unknown_state(stakes.workflow_id, &stakes.state))?;
    Ok((definition, place))
}

/// How many submitted bids of a round the fund has in each state. For staff only; what a conflict of interest hides from
/// whoever asks is not counted.
///
/// # Errors
/// `Internal` when a bid stands in a state that its workflow does not know.
pub fn counts(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight, now: Moment) -> Result<BTreeMap<String, u64>> {
    let mut taken = store::steps_of_round(conn, round)?;
    let timetable = store::shown_timetable(conn, round.id(), now)?;
    let mut definitions: BTreeMap<Id<WorkflowKey>, Definition> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for (bid, state, workflow) in store::states_of_round(conn, round, sight)? {
        let definition = match definitions.entry(workflow) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(funds::store::workflow(conn, workflow)?),
        };
        let taken = taken.remove(&bid).unwrap_or_default();
        let place = Place::of(definition, &state, &taken, &timetable);
        let place = place.ok_or_else(|| unknown_state(workflow, &state))?;
        *counts.entry(place.decided().to_owned()).or_default() += 1;
    }
    Ok(counts)
}

/// The transitions of decisions, as [`Place::of`] wants them.
pub(in crate::awards) fn taken<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<String> {
    decisions.into_iter().map(|decision| decision.transition.clone()).collect()
}

pub(in crate::awards) fn unknown_state(workflow: Id<WorkflowKey>, state: &str) -> AppError {
    AppError::internal(format!("workflow {workflow} has no state {state:?}"))
}
