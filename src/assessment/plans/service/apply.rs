//! Applying a plan: its bids are given and taken in one transaction, by the rules that hold for giving by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    super::{
        inputs::Inputs,
        letters::{self, Told},
        model::{NewPlan, PlanApplied},
        store,
        view::{Changes, holds},
        words::{self, Names},
    },
    Planned, ask,
    gather::{gather, names},
    must_be_ready,
};
use crate::{
    assessment::service::{ReadOnce, give, take},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    ids::{Id, PersonKey},
};

/// Applies a round's newest plan: gives its bids, takes away what it takes away, and tells each assessor once. Applying it again
/// changes nothing.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `NotFound`; `Conflict` when a newer
/// plan was made, or when what it was made of has changed, with what that is.
pub async fn apply(app: &App, call: &Call, (slug, number): (String, i32)) -> Result<PlanApplied> {
    call.write(app, move |conn, scene| {
        let planned = ask(conn, scene, &slug)?;
        let row = store::find(conn, &planned.granted, Some(number))?.ok_or(AppError::NotFound)?;
        let (inputs, best) = (row.inputs()?, row.best()?);
        let changes = Changes::of(&inputs, &best);
        let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
        let applied = PlanApplied { number, given: count(changes.added.len()), taken: count(changes.removed.len()) };
        if row.applied_at.is_some() {
            return Ok(applied);
        }
        must_be_ready(conn, scene, &planned)?;
        must_be_newest(conn, &planned, number)?;
        let names = must_hold(conn, scene, &planned, (&inputs, &changes))?;
        if !store::mark_applied(conn, &planned.granted, row.id, (planned.person, scene.now))? {
            return Ok(applied);
        }
        carry_out(conn, scene, &changes, &names)?;
        tell(conn, scene, &planned, (&changes, &names, number))?;
        let detail = json!({ "number": number, "given": applied.given, "taken": applied.taken });
        scene.tell(conn, Chain::Round(planned.granted.id()), "assignment_plan.applied", detail)?;
        Ok(applied)
    })
    .await
}

fn must_be_newest(conn: &mut Conn, planned: &Planned, number: i32) -> Result<()> {
    let newest = store::find(conn, &planned.granted, None)?.map_or(number, |newest| newest.number);
    if newest == number {
        return Ok(());
    }
    let message = format!("Plan {newest} was made since. Apply that one, or make a new plan.");
    Err(AppError::conflict("not_newest", message))
}

fn must_hold(conn: &mut Conn, scene: &Scene, planned: &Planned, (was, changes): (&Inputs, &Changes)) -> Result<Names> {
    let new = NewPlan { change_price: was.change_price, keep_least: was.keep_least };
    let is = gather(conn, scene, (&planned.granted, &planned.round), new)?;
    let names = names(conn, &planned.granted, &[was, &is])?;
    if holds(was, &is, changes) {
        return Ok(names);
    }
    let is = is.as_far_as_it_matters(was, |pair| changes.all.contains(&pair));
    Err(AppError::conflict("inputs_changed", words::outdated(&words::changes(was, &is, &names))))
}

/// First what is taken, then what is given: a refusal of one undoes the whole.
fn carry_out(conn: &mut Conn, scene: &Scene, changes: &Changes, names: &Names) -> Result<()> {
    for pair in &changes.removed {
        take(conn, scene, names.bid(pair.bid), pair.person)?;
    }
    let pairs: Vec<(&str, Id<PersonKey>)> =
        changes.added.iter().map(|pair| (names.bid(pair.bid), pair.person)).collect();
    let mut known = ReadOnce::of(conn, scene, &pairs)?;
    for pair in pairs {
        give(conn, scene, &mut known, pair)?;
    }
    Ok(())
}

/// One message to each assessor whose bids change.
fn tell(
    conn: &mut Conn,
    scene: &Scene,
    planned: &Planned,
    (changes, names, number): (&Changes, &Names, i32),
) -> Result<()> {
    let people: BTreeSet<Id<PersonKey>> =
        changes.added.iter().chain(&changes.removed).map(|pair| pair.person).collect();
    let mut told: BTreeMap<Id<PersonKey>, Told> = people.into_iter().map(|person| (person, Told::default())).collect();
    for pair in &changes.added {
        let told = told.entry(pair.person).or_default();
        told.given.push((names.bid(pair.bid).to_owned(), names.title(pair.bid).to_owned()));
    }
    for pair in &changes.removed {
        told.entry(pair.person).or_default().taken.push(pair.bid);
    }
    for (person, told) in told {
        letters::changed(conn, scene, (&planned.round, &number.to_string()), (person, told))?;
    }
    Ok(())
}
