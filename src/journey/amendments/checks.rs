//! What a change of a published round is measured against.

use super::{model::Proposed, store};
use crate::{
    awards,
    db::Conn,
    error::{AppError, Fault, Result},
    funds::{
        self, amending,
        model::{RoundInFull, RoundState},
        rulebook::Stage,
    },
    http::Scene,
    money::Pence,
};

/// Everything that a change is measured against, read in the transaction that proposes it and again in the one that puts it
/// into force: so a submission and other rules at once are one after the other, and never both.
pub(super) fn check(conn: &mut Conn, scene: &Scene, round: &RoundInFull, proposed: &Proposed) -> Result<()> {
    round.round.require_running()?;
    if round.round.state != RoundState::Published {
        let message =
            "Only a published round is changed here. A draft is changed as it is, since nobody relies on it yet.";
        return Err(AppError::conflict("not_published", message));
    }
    if let Proposed::Rules(_) = proposed {
        refuse_locked(conn, round)?;
    }
    let mut faults = wrong_with(conn, round, proposed)?;
    faults.extend(proposed.reason_fault());
    AppError::unless_empty(faults)?;
    match proposed {
        Proposed::Cancellation(_) => refuse_announced(conn, scene, round),
        Proposed::Rules(_) => refuse_nothing(proposed, round),
        Proposed::Budget(new) => {
            refuse_below_awards(conn, round, new.budget_pence)?;
            if new.budget_pence == round.round.budget_pence { refuse_nothing_changed() } else { Ok(()) }
        }
    }
}

fn wrong_with(conn: &mut Conn, round: &RoundInFull, proposed: &Proposed) -> Result<Vec<Fault>> {
    match proposed {
        Proposed::Cancellation(_) => Ok(Vec::new()),
        Proposed::Rules(new) => {
            let stages: Vec<Stage> = Stage::ALL.iter().copied().filter(|stage| round.has_stage(*stage)).collect();
            let relied = store::relied(conn, round.round.id)?;
            let mut faults = amending::faults(&round.rulebook, &new.rulebook, &stages, &relied);
            let workflow = funds::store::workflow_of_round(conn, round.round.id)?;
            faults.extend(new.rulebook.assessment.misfit(&funds::store::workflow(conn, workflow)?));
            Ok(faults)
        }
        Proposed::Budget(new) => Ok(funds::service::budget_fault(new.budget_pence).into_iter().collect()),
    }
}

fn refuse_locked(conn: &mut Conn, round: &RoundInFull) -> Result<()> {
    let Some(at) = store::first_full(conn, round.round.id)? else { return Ok(()) };
    let message = format!(
        "The first full application came in at {}. From then on the rules stay as they are: let the round stand, or cancel it \
         and run it again.",
        at.in_words()
    );
    Err(AppError::conflict("rules_locked", message))
}

fn refuse_nothing(proposed: &Proposed, round: &RoundInFull) -> Result<()> {
    if proposed.changes(round).is_empty() { refuse_nothing_changed() } else { Ok(()) }
}

fn refuse_nothing_changed() -> Result<()> {
    Err(AppError::conflict("nothing_changed", "This is what the round says already. Change something."))
}

/// Councils rely on an award that they know of.
fn refuse_announced(conn: &mut Conn, scene: &Scene, round: &RoundInFull) -> Result<()> {
    for award in store::awards(conn, round.round.id)? {
        let is_out = match award.release {
            Some(milestone) if award.recorded_at.is_none() => {
                awards::store::is_released(conn, round.round.id, milestone, scene.now)?
            }
            _ => true,
        };
        if is_out {
            let message = "Awards of this round have been announced, and councils rely on them. It cannot be cancelled any \
                           more.";
            return Err(AppError::conflict("awards_announced", message));
        }
    }
    Ok(())
}

fn refuse_below_awards(conn: &mut Conn, round: &RoundInFull, budget: Pence) -> Result<()> {
    let awarded: Pence = store::awards(conn, round.round.id)?.into_iter().map(|award| award.amount).sum();
    if awarded <= budget {
        return Ok(());
    }
    let message =
        format!("{awarded} is decided on already. Give a budget of at least that, or change decisions first.");
    Err(AppError::conflict("below_awards", message))
}
