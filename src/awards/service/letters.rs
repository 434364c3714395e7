//! What councils are told when an outcome is released: which message, and what stands in it.

use serde_json::{Value, json};

use crate::{
    awards::model::{Decision, Gate},
    bids,
    db::Conn,
    error::Result,
    funds::{self, model::Milestone, rulebook::Stage},
    identity::policy::Granted,
    ids::BidKey,
    workflow::Outcome,
};

/// The message that tells this outcome where the workflow names none, and its data but for its reader and the state's
/// words. For the release, in its transaction.
///
/// # Errors
/// When the database fails.
pub fn outcome_letter(conn: &mut Conn, bid: &Granted<BidKey>, decision: &Decision) -> Result<(&'static str, Value)> {
    let row = bids::store::load(conn, bid)?;
    let definition = funds::store::workflow(conn, row.workflow_id)?;
    let template = template_of(decision.gate, definition.result_of(&decision.to_state));
    let round = funds::store::round_by_id(conn, row.round_id)?;
    let closes = funds::store::timetable_of(conn, round.id, bid.id())?.closes(Stage::Full);
    let interviews = funds::store::timetable(conn, round.id)?.at(Milestone::InterviewsOpen);
    let data = json!({
        "reference": row.reference,
        "title": row.title,
        "round": round.title,
        "feedback": decision.feedback,
        "amount": decision.amount_pence.map(|amount| amount.to_string()),
        "closes": closes.map(|at| at.in_words()),
        "interviews": interviews.map(|at| at.in_words()),
        "link": format!("/bids/{}", row.reference),
    });
    Ok((template, data))
}

/// The message for a bid that comes to a state which means this.
fn template_of(gate: Gate, result: Option<Outcome>) -> &'static str {
    match (result, gate) {
        (Some(Outcome::Funded), _) => "outcome-funded",
        (Some(Outcome::Reserve), _) => "outcome-reserve",
        (Some(_), Gate::Sift) => "outcome-not-invited",
        (Some(_), Gate::Eligibility) => "outcome-ineligible",
        (Some(_), _) => "outcome-not-funded",
        (None, Gate::Sift) => "outcome-invited",
        (None, Gate::Shortlist) => "outcome-interview",
        (None, _) => "outcome",
    }
}
