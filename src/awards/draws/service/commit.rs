//! Committing to a draw before its value exists, and withdrawing that.

use methods::draw::{self, Commitment, Method};
use serde_json::json;

use super::{WHAT, ask, record_of, to_commit_to, value};
use crate::{
    awards::{
        draws::{
            basis::Basis,
            model::{NewDraw, Record, Withdrawal, tidy},
            store::{self, Row},
        },
        service::refuse_barred,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::{
        assessing::{DrawMethod, DrawRules},
        model::RoundInFull,
    },
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::{Id, PersonKey, RoundKey},
};

/// Commits to a draw: nothing of it can be changed afterwards.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Conflict` where nothing can be
/// committed to, or something else has come in the place of what was `seen`; `Invalid` with every fault.
pub async fn commit(app: &App, call: &Call, slug: String, new: NewDraw) -> Result<Record> {
    call.write(app, move |conn, scene| {
        let (round, full, person) = to_change(conn, scene, &slug)?;
        let rows = store::list(conn, &round)?;
        let (basis, rules) = to_commit_to(conn, &round, &full, &rows)?;
        let (text, inputs) = basis.sealed()?;
        if new.seen.as_ref().is_some_and(|seen| *seen != inputs) {
            let message = "Bids, ranking or rules changed meanwhile, so that nothing was kept. Look at the draw again.";
            return Err(AppError::conflict("inputs_changed", message));
        }
        let places = checked(scene, &basis, &new, !rows.is_empty())?;
        let commitment = committed(scene, &basis, &rules, (places, &new))?;
        let number = rows.first().map_or(0, |row| row.number) + 1;
        let (places_reason, again_reason) = (tidy(new.places_reason.as_ref()), tidy(new.again_reason.as_ref()));
        let kept = serde_json::to_string(&commitment)?;
        let row = store::New {
            id: scene.fresh(),
            number,
            basis: &text,
            commitment: &kept,
            known_from: new.known_from,
            places_reason: places_reason.as_deref(),
            again_reason: again_reason.as_deref(),
        };
        if !store::insert(conn, &round, &row, (person, scene.now))? {
            return Err(AppError::conflict("draw_stands", "Somebody else has committed to a draw just now."));
        }
        let detail = json!({
            "number": number, "ranking": basis.ranking, "rules": basis.rules_hash, "places": places,
            "commitment": commitment.commitment, "known_from": new.known_from,
            "other_places": places_reason.is_some(), "again": again_reason.is_some(),
        });
        scene.tell(conn, Chain::Round(round.id()), "draw.committed", detail)?;
        let row = store::find(conn, &round, number)?.ok_or(AppError::NotFound)?;
        record_of(conn, scene, &full, row)
    })
    .await
}

/// Policy's yes to whoever may change something about the draws of a round, and who they are.
pub(super) fn to_change(
    conn: &mut Conn,
    scene: &Scene,
    slug: &str,
) -> Result<(Granted<RoundKey>, RoundInFull, Id<PersonKey>)> {
    let (granted, full) = ask(conn, scene, Action::DecideBid, slug)?;
    let person = scene.person_or("Only a person can do this. An access token stands for a program.")?;
    full.round.require_running()?;
    refuse_barred(conn, scene, &granted, WHAT)?;
    Ok((granted, full, person))
}

/// How many places are drawn, if nothing is wrong with what is sent.
fn checked(scene: &Scene, basis: &Basis, new: &NewDraw, again: bool) -> Result<usize> {
    let mut faults = new.faults(scene.now);
    let usual = basis.places();
    let wanted = new.places.map_or(usual.count, |places| usize::try_from(places).unwrap_or(usize::MAX));
    let reason = tidy(new.places_reason.as_ref());
    if wanted != usual.count {
        faults.extend(basis.other_places(wanted));
        if reason.is_none() {
            let message = format!(
                "The money left reaches {} places. Say why {wanted} are drawn: everybody reads it, so name no bid.",
                usual.count
            );
            faults.push(Fault::new("places_reason", "missing", message));
        }
    } else if !(1..usual.of).contains(&wanted) {
        let message = format!(
            "There is nothing to draw: the money left reaches {wanted} of the {} bids that cross the line.",
            usual.of
        );
        return Err(AppError::conflict("nothing_to_draw", message));
    } else if reason.is_some() {
        let message = "Leave the reason out: the number of places is the one that the money reaches.";
        faults.push(Fault::new("places_reason", "not_wanted", message));
    }
    match (again, tidy(new.again_reason.as_ref())) {
        (true, None) => {
            let message =
                "There was an earlier commitment. Say why there is another: everybody reads it, so name no bid.";
            faults.push(Fault::new("again_reason", "missing", message));
        }
        (false, Some(_)) => {
            let message = "Leave the reason out: there was no earlier commitment.";
            faults.push(Fault::new("again_reason", "not_wanted", message));
        }
        _ => {}
    }
    AppError::unless_empty(faults)?;
    Ok(wanted)
}

/// The commitment, salted so that nobody guesses from it which bids are in the list.
fn committed(scene: &Scene, basis: &Basis, rules: &DrawRules, (places, new): (usize, &NewDraw)) -> Result<Commitment> {
    let method = match rules.method {
        DrawMethod::Sha256 => Method::Sha256,
        DrawMethod::Rfc3797 => Method::Rfc3797,
    };
    let source = format!("{}: {}", rules.source.trim(), new.exactly.trim());
    let commitment = draw::commit(&basis.entries(places), method, places, &source).map_err(AppError::internal)?;
    let (salt, _) = scene.salted(commitment.list.as_bytes());
    Ok(commitment.salted(&salt))
}

/// Withdraws a commitment, with a reason that is published; it stays on record.
///
/// # Errors
/// As [`commit`]; `NotFound` where there is none of this number; `Conflict` once it is drawn, or was withdrawn, and while a value
/// waits for its confirmation.
pub async fn withdraw(app: &App, call: &Call, slug: String, number: i32, why: Withdrawal) -> Result<Record> {
    call.write(app, move |conn, scene| {
        let (round, full, person) = to_change(conn, scene, &slug)?;
        let row = open(conn, &round, number)?;
        let (entered, _) = value::waiting(conn, &full.round, &row, scene.now)?;
        if entered.is_some() {
            let message = "A value is entered. Confirm it, refuse it or take it back first.";
            return Err(AppError::conflict("value_waits", message));
        }
        AppError::unless_empty(why.faults())?;
        if !store::withdraw(conn, row.id, why.reason.trim(), (person, scene.now))? {
            return Err(ended(&row));
        }
        scene.tell(conn, Chain::Round(round.id()), "draw.withdrawn", json!({ "number": number }))?;
        let row = store::find(conn, &round, number)?.ok_or(AppError::NotFound)?;
        record_of(conn, scene, &full, row)
    })
    .await
}

/// A commitment that waits for its value.
pub(super) fn open(conn: &mut Conn, round: &Granted<RoundKey>, number: i32) -> Result<Row> {
    let row = store::find(conn, round, number)?.ok_or(AppError::NotFound)?;
    if row.is_open() { Ok(row) } else { Err(ended(&row)) }
}

pub(super) fn ended(row: &Row) -> AppError {
    match row.withdrawn_at() {
        Some(_) => AppError::conflict("withdrawn_already", format!("Draw {} was withdrawn.", row.number)),
        None => AppError::conflict("drawn_already", format!("Draw {} is made, and it stands.", row.number)),
    }
}
