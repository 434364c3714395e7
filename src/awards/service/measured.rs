//! What a decision is measured against in the transaction that writes it: its own fields, the release, the budget, the
//! rules and the list of record where the round has them, the draw where there was one, and the ranking.

use super::wall::{hides_any, reads_blind};
use crate::{
    assessment::gateway,
    awards::{
        draws,
        lists::follow,
        model::{Decision, Gate, NewDecision, Placed, awarding},
        store::{self, Stakes},
    },
    db::Conn,
    error::{AppError, Result},
    funds::{self, model::Milestone},
    http::Scene,
    identity::policy::{self, Granted},
    ids::{BidKey, Id, RoundKey},
    money::Pence,
};

/// Everything that a decision is measured against, read in the transaction that writes it.
///
/// Whoever decides and has a conflict of interest with another bid of the round hears of no sum, and is held against the ranking
/// of the bids that they see. Whoever reads a bid of the round blind is held against no list, no draw and no ranking, which would
/// tell them where bids stand. The check before the release is over all.
pub(super) fn check(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, new: &NewDecision) -> Result<Stakes> {
    let stakes = store::stakes(conn, bid)?;
    AppError::unless_empty(new.faults(stakes.ask_pence))?;
    refuse_released(conn, stakes.round_id, new.release)?;
    if new.advances {
        refuse_unpassed(conn, bid, stakes.round_id)?;
    }
    if Gate::AWARDING.contains(&new.gate) {
        let mut others = store::awards_beside(conn, stakes.round_id, bid)?;
        let sight = policy::sight(conn, &scene.actor)?;
        let hidden = hides_any(conn, stakes.round_id, &sight)?;
        let blind = reads_blind(conn, stakes.round_id, &sight)?;
        let withheld = hidden || blind;
        follow::refuse_unseeing(conn, stakes.round_id, new, hidden)?;
        refuse_over_budget(&others, new, stakes.budget_pence, hidden)?;
        follow::check(conn, stakes.round_id, bid.id(), new, (&others, withheld))?;
        draws::follow::check(conn, stakes.round_id, bid.id(), new, withheld)?;
        others.retain(|other| !sight.hidden.contains(&other.bid_id));
        if !blind {
            refuse_unexplained(&others, new)?;
        }
    }
    Ok(stakes)
}

/// A bid that has not passed the gateway checks of its round comes no nearer to money.
fn refuse_unpassed(conn: &mut Conn, bid: &Granted<BidKey>, round: Id<RoundKey>) -> Result<()> {
    let round = funds::store::round_by_id(conn, round)?;
    let round = funds::store::in_full(conn, round)?;
    gateway::service::of_bid(conn, bid, &round)?.map_or(Ok(()), |standing| standing.must_take_money())
}

/// What waits for a release changes only until that is approved.
pub(super) fn refuse_released(conn: &mut Conn, round: Id<RoundKey>, milestone: Option<Milestone>) -> Result<()> {
    let Some(milestone) = milestone else { return Ok(()) };
    if store::release_of(conn, round, milestone)?.is_none() {
        return Ok(());
    }
    let message = "The release of these outcomes is approved: decisions stand as they are.";
    Err(AppError::conflict("released_already", message))
}

fn refuse_over_budget(others: &[Decision], new: &NewDecision, budget: Pence, withheld: bool) -> Result<()> {
    let spent: Pence = others.iter().filter_map(|other| other.amount_pence).sum();
    let wanted = new.terms.amount_pence.unwrap_or_default();
    if spent + wanted <= budget {
        return Ok(());
    }
    if withheld {
        let message = format!("The money of the round does not reach for {wanted}. Ask a colleague how much is left.");
        return Err(AppError::conflict("over_budget", message));
    }
    let left = Pence(budget.0.saturating_sub(spent.0));
    let message = format!("The round has {left} left of {budget}, so {wanted} cannot be awarded.");
    Err(AppError::conflict("over_budget", message))
}

fn refuse_unexplained(others: &[Decision], new: &NewDecision) -> Result<()> {
    let mine = Placed::from(new);
    if !awarding(others).into_iter().map(Placed::from).any(|other| mine.contradicts(&other)) {
        return Ok(());
    }
    let message = "The ranking says otherwise. Say why you depart from it: the reason is published.";
    Err(AppError::invalid("reason", "missing", message))
}
