//! What councils are told when an outcome is released: which message, and what stands in it.

use serde_json::{Value, json};

use crate::{
    awards::model::{Decision, Gate},
    bids,
    db::Conn,
    error::Result,
    funds::{self, rulebook::Stage},
    identity::policy::Granted,
    ids::BidKey,
};

/// The message that tells this outcome, and its data but for its reader and the state's words. For the release, in its
/// transaction.
///
/// # Errors
/// When the database fails.
pub fn outcome_letter(conn: &mut Conn, bid: &Granted<BidKey>, decision: &Decision) -> Result<(&'static str, Value)> {
    let row = bids::store::load(conn, bid)?;
    let round = funds::store::round_by_id(conn, row.round_id)?;
    let closes = match decision.gate {
        Gate::Sift => funds::store::timetable(conn, round.id)?.closes(Stage::Full),
        _ => None,
    };
    let data = json!({
        "reference": row.reference,
        "title": row.title,
        "round": round.title,
        "feedback": decision.feedback,
        "amount": decision.amount_pence.map(|amount| amount.to_string()),
        "closes": closes.map(|at| at.in_words()),
        "link": format!("/bids/{}", row.reference),
    });
    Ok((template_of(&decision.to_state), data))
}

/// The message for a bid that comes to this state; a workflow with other states has the one that uses their own words.
fn template_of(state: &str) -> &'static str {
    match state {
        "invited" => "outcome-invited",
        "invited_to_merge" => "outcome-invited-to-merge",
        "not_invited" => "outcome-not-invited",
        "ineligible" => "outcome-ineligible",
        "funded" => "outcome-funded",
        "reserve" => "outcome-reserve",
        "not_funded" => "outcome-not-funded",
        _ => "outcome",
    }
}
