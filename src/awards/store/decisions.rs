//! The SQL of one bid's decisions.

use diesel::{delete, insert_into, prelude::*, update};

use crate::{
    actor::Actor,
    added,
    awards::model::{Decision, Gate, NewDecision},
    clock::Moment,
    db::{
        Conn,
        schema::{api_clients, bids, decisions, decisions_taken_back, rounds},
    },
    error::{AppError, Result},
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey, RoundKey, RowKey, WorkflowKey},
    money::Pence,
    workflow::State,
};

/// What a decision is measured against.
#[derive(Debug, Clone, Queryable)]
pub struct Stakes {
    /// Its round.
    pub round_id: Id<RoundKey>,
    /// The workflow that it is pinned to.
    pub workflow_id: Id<WorkflowKey>,
    /// The state that everybody may know.
    pub state: String,
    /// What it asks for.
    pub ask_pence: Option<Pence>,
    /// The round's budget.
    pub budget_pence: Pence,
}

/// What a decision on this bid is measured against.
pub fn stakes(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Stakes> {
    Ok(bids::table
        .inner_join(rounds::table)
        .filter(bids::id.eq(bid.id()))
        .select((bids::round_id, bids::workflow_id, bids::state, bids::ask_pence, rounds::budget_pence))
        .first(conn)?)
}

/// A bid's decisions in the order of the gates: for staff, and for the service itself.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Decision>> {
    let mut rows: Vec<Decision> =
        decisions::table.filter(decisions::bid_id.eq(bid.id())).select(Decision::as_select()).load(conn)?;
    rows.sort_by_key(|decision| decision.gate);
    Ok(rows)
}

/// A bid's decision at one gate.
pub fn at_gate(conn: &mut Conn, bid: &Granted<BidKey>, gate: Gate) -> Result<Option<Decision>> {
    Ok(decisions::table
        .filter(decisions::bid_id.eq(bid.id()))
        .filter(decisions::gate.eq(gate))
        .select(Decision::as_select())
        .first(conn)
        .optional()?)
}

/// The decision that awards money to a bid.
pub fn award_of(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<Decision>> {
    Ok(decisions::table
        .filter(decisions::bid_id.eq(bid.id()))
        .filter(decisions::gate.eq_any(Gate::AWARDING))
        .filter(decisions::amount_pence.is_not_null())
        .select(Decision::as_select())
        .first(conn)
        .optional()?)
}

/// The award decisions on the round's other bids. Their amounts are read row by row and added up by the caller: what
/// was read counts for PostgreSQL's check that no two transactions pass the budget together.
pub fn awards_beside(conn: &mut Conn, round: Id<RoundKey>, bid: &Granted<BidKey>) -> Result<Vec<Decision>> {
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::gate.eq_any(Gate::AWARDING))
        .filter(decisions::bid_id.ne(bid.id()))
        .select(Decision::as_select())
        .load(conn)?)
}

/// Puts a decision in, unless the bid has one at this gate. Its version counts on from one that was taken back.
pub fn insert(
    conn: &mut Conn,
    id: Id<RowKey>,
    bid: &Granted<BidKey>,
    new: &NewDecision,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let row = (
        decisions::id.eq(id),
        decisions::bid_id.eq(bid.id()),
        decisions::gate.eq(new.gate),
        decisions::transition.eq(&new.transition),
        decisions::to_state.eq(&new.to_state),
        decisions::release.eq(new.release),
        decisions::amount_pence.eq(new.terms.amount_pence),
        decisions::place.eq(new.terms.place),
        decisions::reason.eq(&new.terms.reason),
        decisions::feedback.eq(&new.terms.feedback),
        decisions::no_mail.eq(&new.terms.no_mail),
        decisions::decided_by.eq(person),
        decisions::decided_at.eq(now),
        decisions::version.eq(last_taken_back(conn, bid, new.gate)? + 1),
    );
    Ok(added!(conn, decisions(bid_id, gate), row)?)
}

/// Puts a decision in the place of the one that stands at this version.
pub fn replace(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    version: i32,
    new: &NewDecision,
    (person, now): (Id<PersonKey>, Moment),
) -> Result<bool> {
    let standing = decisions::table
        .filter(decisions::bid_id.eq(bid.id()))
        .filter(decisions::gate.eq(new.gate))
        .filter(decisions::recorded_at.is_null())
        .filter(decisions::version.eq(version));
    let changed = update(standing)
        .set((
            decisions::transition.eq(&new.transition),
            decisions::to_state.eq(&new.to_state),
            decisions::release.eq(new.release),
            decisions::amount_pence.eq(new.terms.amount_pence),
            decisions::place.eq(new.terms.place),
            decisions::reason.eq(&new.terms.reason),
            decisions::feedback.eq(&new.terms.feedback),
            decisions::no_mail.eq(&new.terms.no_mail),
            decisions::decided_by.eq(person),
            decisions::decided_at.eq(now),
            decisions::version.eq(version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// The version of the decision that was taken back last at a gate; 0 where none was.
fn last_taken_back(conn: &mut Conn, bid: &Granted<BidKey>, gate: Gate) -> Result<i32> {
    let last = decisions_taken_back::table
        .filter(decisions_taken_back::bid_id.eq(bid.id()))
        .filter(decisions_taken_back::gate.eq(gate))
        .select(decisions_taken_back::version)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Removes the decision that stands at a gate at this version and is not out, and keeps the version under `id`.
pub fn remove(conn: &mut Conn, id: Id<RowKey>, bid: &Granted<BidKey>, (gate, version): (Gate, i32)) -> Result<bool> {
    let standing = decisions::table
        .filter(decisions::bid_id.eq(bid.id()))
        .filter(decisions::gate.eq(gate))
        .filter(decisions::recorded_at.is_null())
        .filter(decisions::version.eq(version));
    if delete(standing).execute(conn)? == 0 {
        return Ok(false);
    }
    let earlier = decisions_taken_back::table
        .filter(decisions_taken_back::bid_id.eq(bid.id()))
        .filter(decisions_taken_back::gate.eq(gate));
    delete(earlier).execute(conn)?;
    let kept = (
        decisions_taken_back::id.eq(id),
        decisions_taken_back::bid_id.eq(bid.id()),
        decisions_taken_back::gate.eq(gate),
        decisions_taken_back::version.eq(version),
    );
    insert_into(decisions_taken_back::table).values(kept).execute(conn)?;
    Ok(true)
}

/// The person who decides, or who answers for the program that does.
///
/// # Errors
/// `Forbidden` for the service itself: it decides nothing.
pub fn responsible_person(conn: &mut Conn, actor: &Actor) -> Result<Id<PersonKey>> {
    match actor {
        Actor::Person(signed_in) => Ok(signed_in.person),
        Actor::Client(client) => Ok(api_clients::table.find(client).select(api_clients::created_by).first(conn)?),
        Actor::Public | Actor::System => {
            Err(AppError::forbidden("person_needed", "Decisions and releases are made by people: sign in."))
        }
    }
}
