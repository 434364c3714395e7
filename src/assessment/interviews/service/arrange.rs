//! Making times with their panels, changing them and calling them off.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Arranging, Invited, Seats, ask_to_arrange, free_for, nameable, panel_people, reminder, standing, suggested,
};
use crate::{
    actor::Actor,
    assessment::{
        self, conflicts,
        interviews::{
            letters,
            model::{Cancelling, ChangedSlot, NewSlots, SeatRow, SlotRow, SlotState},
            store,
        },
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy,
    ids::{Id, PersonKey, RowKey},
};

/// Makes times, one after the other, each with the same panel. Whoever is named hears of them, and so do the councils of bids that
/// know of their invitation, if the panel is whole.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Conflict` where the round has no
/// interviews; `Invalid` with every fault.
pub async fn make(app: &App, call: &Call, slug: String, new: NewSlots) -> Result<()> {
    call.write(app, move |conn, scene| {
        let of = ask_to_arrange(conn, scene, &slug)?;
        let known = panel_people(conn, &of.granted, &of.round)?;
        let people: Vec<Id<PersonKey>> = known.keys().copied().collect();
        AppError::unless_empty(new.faults(&people, scene.now))?;
        let starts = new.starts(of.rules.minutes);
        let last = store::of_round(conn, &of.granted, of.granted.id())?.iter().map(|slot| slot.number).max();
        let rows: Vec<SlotRow> =
            (last.unwrap_or(0) + 1..).zip(starts).map(|(number, at)| row(scene, &of, (number, at), &new)).collect();
        AppError::unless_empty(busy_faults(conn, &of, (&new.panel, &rows), &known)?)?;
        for row in &rows {
            if !store::insert(conn, &of.granted, row)? {
                let message = "Somebody else made times in this round at the same moment. Send yours again.";
                return Err(AppError::conflict("made_at_once", message));
            }
            name(conn, scene, &of, (row, &new.panel))?;
        }
        let numbers: Vec<i32> = rows.iter().map(|row| row.number).collect();
        let detail = json!({ "numbers": numbers, "panel": new.panel });
        scene.tell(conn, Chain::Round(of.granted.id()), "interviews.made", detail)?;
        for person in &new.panel {
            letters::to_panel(conn, scene, (&of.round, *person), ("named", &rows, None))?;
        }
        offer(conn, scene, &of)
    })
    .await
}

fn row(scene: &Scene, of: &Arranging, (number, starts_at): (i32, Moment), new: &NewSlots) -> SlotRow {
    SlotRow {
        id: scene.fresh(),
        round_id: of.granted.id(),
        number,
        starts_at,
        minutes: i32::try_from(of.rules.minutes).unwrap_or(i32::MAX),
        place: new.place.trim().to_owned(),
        joining: new.joining.trim().to_owned(),
        bid_id: None,
        chosen_at: None,
        chosen_by: None,
        cancelled_at: None,
        reason: String::new(),
        created_by: of.by,
        created_at: scene.now,
        version: 1,
    }
}

fn name(conn: &mut Conn, scene: &Scene, of: &Arranging, (slot, panel): (&SlotRow, &[Id<PersonKey>])) -> Result<()> {
    for person in panel {
        let seat = SeatRow {
            id: scene.fresh(),
            slot_id: slot.id,
            person_id: *person,
            named_by: of.by,
            named_at: scene.now,
            submitted_at: None,
            ended_at: None,
            absent: None,
            absent_salt: None,
            version: 1,
        };
        store::name(conn, &of.granted, &seat)?;
    }
    Ok(())
}

/// Nobody sits on two panels at once, in whichever round.
fn busy_faults(
    conn: &mut Conn,
    of: &Arranging,
    (panel, slots): (&[Id<PersonKey>], &[SlotRow]),
    names: &BTreeMap<Id<PersonKey>, String>,
) -> Result<Vec<Fault>> {
    let busy = store::busy(conn, &of.granted, panel)?;
    let mut faults = Vec::new();
    for (index, person) in panel.iter().enumerate() {
        let meets = |other: &SlotRow| {
            let span = (other.starts_at, other.ends_at());
            slots.iter().any(|slot| slot.id != other.id && slot.overlaps(span))
        };
        let own: Vec<Id<RowKey>> = slots.iter().map(|slot| slot.id).collect();
        let found = busy.iter().find(|(of, other)| of == person && !own.contains(&other.id) && meets(other));
        faults.extend(found.map(|(_, other)| {
            let who = names.get(person).cloned().unwrap_or_default();
            let message = format!(
                "{who} sits on another panel at {}, until {}. Choose another time, or somebody else.",
                other.starts_at.in_words(),
                other.ends_at().time_in_words()
            );
            Fault::new(format!("panel/{index}"), "busy", message)
        }));
    }
    Ok(faults)
}

/// Tells the councils of bids that know of their invitation and have no time that there is one to choose.
fn offer(conn: &mut Conn, scene: &Scene, of: &Arranging) -> Result<()> {
    let invited = Invited::of(conn, &of.granted, of.granted.id())?;
    let slots = store::of_round(conn, &of.granted, of.granted.id())?;
    let newest = slots.iter().map(|slot| slot.number).max().unwrap_or_default();
    let all = policy::sight(conn, &Actor::System)?;
    for bid in assessment::store::bids_of(conn, &of.granted, &all)? {
        let has_time = slots.iter().any(|slot| slot.bid_id == Some(bid.id) && slot.cancelled_at.is_none());
        if !invited.waits(&bid) || has_time {
            continue;
        }
        if !free_for(conn, scene, (&of.granted, &of.rules), &bid)?.is_empty() {
            letters::times(conn, scene, &of.round, (&bid, newest))?;
        }
    }
    Ok(())
}

/// Changes when or where an interview is, or who sits on its panel. Whoever submitted scores stays there, and from then on nobody is
/// named who could have read them.
///
/// # Errors
/// As [`make`]; `Stale` when it is not at `version`; `Conflict` when it was called off, when it has begun and more than the panel is
/// to change, and with `possible_conflict` where somebody is named who may have a conflict of interest with the bid.
pub async fn change(
    app: &App,
    call: &Call,
    (slug, number): (String, i32),
    version: i32,
    new: ChangedSlot,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let of = ask_to_arrange(conn, scene, &slug)?;
        let before = standing(conn, &of, number)?;
        let seats = Seats::of(conn, &of.granted, of.granted.id())?;
        let known = nameable(conn, scene, (&of.granted, &of.round), (&seats, &before))?;
        let after = SlotRow {
            starts_at: new.starts_at,
            place: new.place.trim().to_owned(),
            joining: new.joining.trim().to_owned(),
            ..before.clone()
        };
        let moved = after.starts_at != before.starts_at;
        let changes = after != before;
        let told = changes && before.bid_id.is_some();
        let people: Vec<Id<PersonKey>> = known.keys().copied().collect();
        let mut faults = new.faults(&people, (moved, told), scene.now);
        faults.extend(kept_faults(&seats, &before, &new.panel));
        faults.extend(busy_faults(conn, &of, (&new.panel, std::slice::from_ref(&after)), &known)?);
        AppError::unless_empty(faults)?;
        refuse_possible(conn, scene, (&seats, &before), &new.panel)?;
        if before.version != version {
            return Err(AppError::Stale { current: before.version });
        }
        if changes && before.has_begun(scene.now) {
            let message = "This interview has begun, so that only its panel can change.";
            return Err(AppError::conflict("interview_begun", message));
        }
        let reason = if changes { new.reason.trim().to_owned() } else { before.reason.clone() };
        let after = SlotRow { reason, version: version + 1, ..after };
        if !store::change(conn, &of.granted, &after)? {
            return Err(AppError::Stale { current: version + 1 });
        }
        reseat(conn, scene, &of, (&seats, &before, &after), (&new.panel, changes))?;
        let detail = json!({ "number": number, "panel": new.panel, "moved": moved });
        scene.tell(conn, Chain::Round(of.granted.id()), "interview.changed", detail)?;
        if told {
            letters::to_councils(conn, scene, &of.round, (&after, "changed"))?;
        }
        if moved && after.bid_id.is_some() {
            reminder::order(conn, scene, &after)?;
        }
        let now_free =
            Seats::of(conn, &of.granted, of.granted.id())?.state(&after, &of.rules, scene) == SlotState::Free;
        // Also a time that was free can be one for a bid since somebody else sits there. No bid hears of the same times twice.
        if now_free {
            offer(conn, scene, &of)?;
        }
        Ok(())
    })
    .await
}

/// Nobody is named anew of whom is still to be said whether they have a conflict of interest with the bid.
fn refuse_possible(
    conn: &mut Conn,
    scene: &Scene,
    (seats, slot): (&Seats, &SlotRow),
    panel: &[Id<PersonKey>],
) -> Result<()> {
    let Some(bid) = slot.bid_id else { return Ok(()) };
    let sat = seats.people(slot);
    let new: Vec<Id<PersonKey>> = panel.iter().copied().filter(|person| !sat.contains(person)).collect();
    let found = suggested(conn, scene, &new, bid)?;
    found.values().next().map_or(Ok(()), |grounds| Err(conflicts::service::refusal(grounds)))
}

fn kept_faults(seats: &Seats, slot: &SlotRow, panel: &[Id<PersonKey>]) -> Vec<Fault> {
    let gone = seats
        .at(slot)
        .iter()
        .filter(|(seat, _)| seat.sits() && seat.submitted_at.is_some() && !panel.contains(&seat.person_id));
    let fault = |(_, name): &(SeatRow, String)| {
        let message = format!("{name} has submitted their scores, which stay. Keep them on the panel.");
        Fault::new("panel", "scores_submitted", message)
    };
    gone.map(fault).collect()
}

/// Names who is new on the panel and takes off who is no longer on it; each hears what it means for them.
fn reseat(
    conn: &mut Conn,
    scene: &Scene,
    of: &Arranging,
    (seats, before, after): (&Seats, &SlotRow, &SlotRow),
    (panel, changes): (&[Id<PersonKey>], bool),
) -> Result<()> {
    let sat = seats.people(before);
    let slot = std::slice::from_ref(after);
    let new: Vec<Id<PersonKey>> = panel.iter().copied().filter(|person| !sat.contains(person)).collect();
    name(conn, scene, of, (after, &new))?;
    for person in &new {
        letters::to_panel(conn, scene, (&of.round, *person), ("named", slot, None))?;
    }
    for seat in seats.sitting(before) {
        let stays = panel.contains(&seat.person_id);
        if !stays {
            store::end(conn, seat.id, scene.now)?;
        }
        if !stays || changes {
            let occasion = if stays { "changed" } else { "released" };
            let reason = Some(after.reason.as_str()).filter(|_| stays);
            letters::to_panel(conn, scene, (&of.round, seat.person_id), (occasion, slot, reason))?;
        }
    }
    Ok(())
}

/// Calls a time off. A bid that had chosen it can choose another.
///
/// # Errors
/// As [`change`]; `Conflict` once somebody of the panel has submitted scores.
pub async fn call_off(
    app: &App,
    call: &Call,
    (slug, number): (String, i32),
    version: i32,
    why: Cancelling,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let of = ask_to_arrange(conn, scene, &slug)?;
        let before = standing(conn, &of, number)?;
        AppError::unless_empty(why.faults())?;
        if before.version != version {
            return Err(AppError::Stale { current: before.version });
        }
        let seats = Seats::of(conn, &of.granted, of.granted.id())?;
        if seats.sitting(&before).any(|seat| seat.submitted_at.is_some()) {
            let message = "Scores of this interview are submitted, and stay. It cannot be called off any more.";
            return Err(AppError::conflict("scores_submitted", message));
        }
        let reason = why.reason.trim().to_owned();
        let after = SlotRow { cancelled_at: Some(scene.now), reason, version: version + 1, ..before.clone() };
        if !store::change(conn, &of.granted, &after)? {
            return Err(AppError::Stale { current: version + 1 });
        }
        scene.tell(conn, Chain::Round(of.granted.id()), "interview.called_off", json!({ "number": number }))?;
        for person in seats.people(&before) {
            let slot = std::slice::from_ref(&after);
            letters::to_panel(conn, scene, (&of.round, person), ("cancelled", slot, Some(&after.reason)))?;
        }
        if after.bid_id.is_some() {
            letters::to_councils(conn, scene, &of.round, (&after, "cancelled"))?;
        }
        Ok(())
    })
    .await
}
