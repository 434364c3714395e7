//! The use cases of plans, pins and bans.

mod apply;
mod by_hand;
mod gather;
mod look;
mod make;
mod pins;

pub use apply::apply;
pub use by_hand::candidates;
pub use look::{Desk, Files, desk, files, list, one, table};
pub use make::{Outcome, make};
pub use pins::{pin, pins, price, unpin};

use super::{
    inputs::Inputs,
    model::NoPlan,
    solve::{Best, Solved, solve},
    words::{self, Names},
};
use crate::{
    assessment::{
        pool,
        service::{ask_round, is_barred, person_of},
    },
    db::Conn,
    error::{AppError, Result},
    funds::{model::RoundInFull, rulebook::Stage},
    http::Scene,
    identity::policy::{Action, Granted},
    ids::{Id, PersonKey, RoundKey},
};

/// A round of which somebody may plan who reads what.
struct Planned {
    granted: Granted<RoundKey>,
    round: RoundInFull,
    person: Id<PersonKey>,
}

/// Asks policy, and refuses whoever has a conflict of interest with a bid of the round: a plan is over all of them.
fn ask(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Planned> {
    let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, slug)?;
    let person = person_of(scene)?;
    round.round.require_running()?;
    must_not_be_barred(conn, scene, &granted)?;
    Ok(Planned { granted, round, person })
}

fn must_not_be_barred(conn: &mut Conn, scene: &Scene, granted: &Granted<RoundKey>) -> Result<()> {
    if !is_barred(conn, scene, granted)? {
        return Ok(());
    }
    let message = "You have a conflict of interest with a bid of this round. Ask a colleague to plan who reads what.";
    Err(AppError::forbidden("conflict_of_interest", message))
}

/// Nothing unless the round is at the point where its bids can be given, and says by its pool how much people can read.
fn must_be_ready(conn: &mut Conn, scene: &Scene, planned: &Planned) -> Result<()> {
    let Planned { granted, round, .. } = planned;
    if pool::service::accepted(conn, granted, round.round.id)?.is_none() {
        let message =
            "A plan goes by how many bids people have said that they can read. Invite assessors to the pool first.";
        return Err(AppError::conflict("no_pool", message));
    }
    if !round.timetable.is_readable(Stage::Full, scene.now) {
        let message = "Bids can be given to assessors once the round has closed for full applications. Plan them then.";
        return Err(AppError::conflict("not_closed_yet", message));
    }
    Ok(())
}

/// Nothing of what was computed is kept where it no longer follows from what stands.
fn overtaken() -> AppError {
    let message = "Something changed while the plan was computed, so that nothing was kept. Try again.";
    AppError::conflict("inputs_changed", message)
}

/// What the methods say, on a thread where they may take their time.
async fn compute(inputs: Inputs) -> Result<Solved> {
    tokio::task::spawn_blocking(move || solve(&inputs)).await.map_err(AppError::internal)?
}

/// The best plan, or in words why there is none.
fn best(solved: Solved, inputs: &Inputs, names: &Names) -> Result<Result<Box<Best>, NoPlan>> {
    match solved {
        Solved::Best(best) => Ok(Ok(best)),
        Solved::Impossible(why) => Ok(Err(words::no_plan(&why, inputs, names))),
        Solved::Clash(clashes) => Err(AppError::conflict("pins_contradict", words::clashes(&clashes, names))),
        Solved::Nothing => Err(nothing(inputs)),
    }
}

fn nothing(inputs: &Inputs) -> AppError {
    let message = if inputs.bids.is_empty() {
        "No full application waits to be assessed, so that there is nothing to plan."
    } else if inputs.assessors.is_empty() {
        "Nobody has accepted to assess in this round yet, so that there is nobody to plan with."
    } else {
        "As many assessors as the round asks for have begun to read every bid, so that there is nothing left to plan."
    };
    AppError::conflict("nothing_to_plan", message)
}
