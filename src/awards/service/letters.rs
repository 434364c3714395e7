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
    money::Pence,
    workflow::{Definition, Outcome, Transition, check::OUTCOME},
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
    let data = outcome_data(conn, bid, (&decision.feedback, decision.amount_pence))?;
    Ok((template, data))
}

/// What stands in a message about an outcome with this feedback and this award, but for its reader and the state's words.
///
/// # Errors
/// When the database fails.
pub fn outcome_data(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (feedback, amount): (&str, Option<Pence>),
) -> Result<Value> {
    let row = bids::store::load(conn, bid)?;
    let round = funds::store::round_by_id(conn, row.round_id)?;
    let closes = funds::store::timetable_of(conn, round.id, bid.id())?.closes(Stage::Full);
    let interviews = funds::store::timetable(conn, round.id)?.at(Milestone::InterviewsOpen);
    let title = round.title.clone();
    let chooses = funds::store::in_full(conn, round)?.rulebook.assessment.interview.is_some();
    Ok(json!({
        "reference": row.reference,
        "title": row.title,
        "round": title,
        "feedback": feedback,
        "amount": amount.map(|amount| amount.to_string()),
        "closes": closes.map(|at| at.in_words()),
        "interviews": interviews.map(|at| at.in_words()),
        "times": chooses.then(|| format!("/bids/{}/interview", row.reference)),
        "link": format!("/bids/{}", row.reference),
    }))
}

/// The message that goes out where a transition sends `template`: “outcome” stands for the one that tells this outcome.
pub fn template_sent<'a>(definition: &Definition, transition: &Transition, template: &'a str) -> &'a str {
    match transition.gate {
        Some(gate) if template == OUTCOME => template_of(gate.into(), definition.result_of(&transition.to)),
        _ => template,
    }
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
