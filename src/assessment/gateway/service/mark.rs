//! Marking the gateway checks of a bid.

use serde_json::json;

use crate::{
    assessment::{
        gateway::{
            model::{MarkRow, NewCheckMark, NewCheckMarks, newest},
            store,
        },
        service::{Asked, ask, must_be_for_assessment, person_of},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::Action,
};

/// Marks checks of a bid. Marks are added, and the newest on a check counts; of two who mark at once the second is told, and marks
/// again once they have read what the first found.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Conflict` while the bid cannot be checked and when
/// another version of it was read than the one that stands; `Invalid` with every fault; `Stale` when it was marked since `version`.
pub async fn mark(app: &App, call: &Call, reference: String, version: i32, new: NewCheckMarks) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::CheckGateway, &reference)?;
        person_of(scene)?;
        refuse_unready(conn, scene, &asked)?;
        AppError::unless_empty(new.faults(&asked.round.rulebook.assessment.gateway))?;
        let about = store::version_of(conn, &asked.granted)?;
        if new.about != about {
            let message = "Another version of this application stands than the one that you have read. Read it, then mark it again.";
            return Err(AppError::conflict("newer_version", message));
        }
        let marks = store::of_bid(conn, &asked.granted)?;
        let last = marks.last().map_or(0, |mark| mark.number);
        if last != version {
            return Err(AppError::Stale { current: last });
        }
        add(conn, scene, &asked, (&marks, about), &new.marks)
    })
    .await
}

/// Refuses what cannot be checked: a round without checks, and a bid that can still change or is not for assessment.
pub(super) fn refuse_unready(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<()> {
    if asked.round.rulebook.assessment.gateway.is_empty() {
        let message = "The rules of this round name no gateway checks.";
        return Err(AppError::conflict("no_checks", message));
    }
    must_be_for_assessment(conn, scene, asked)
}

/// A mark that says what counts already is not added again.
fn add(
    conn: &mut Conn,
    scene: &Scene,
    asked: &Asked,
    (before, about): (&[MarkRow], i32),
    new: &[NewCheckMark],
) -> Result<()> {
    let says_anew = |new: &&NewCheckMark| {
        let last = newest(before, &new.check);
        last.is_none_or(|last| (last.mark, last.reason.as_str(), last.about) != (new.mark, new.reason.trim(), about))
    };
    let mut number = before.last().map_or(0, |mark| mark.number);
    let mut told = Vec::new();
    for new in new.iter().filter(says_anew) {
        number += 1;
        let reason = new.reason.trim();
        let (salt, said) = scene.salted(reason.as_bytes());
        let row = MarkRow {
            id: scene.fresh(),
            bid_id: asked.bid.id,
            number,
            item: new.check.clone(),
            mark: new.mark,
            reason: reason.to_owned(),
            about,
            salt,
            person_id: person_of(scene)?,
            created_at: scene.now,
        };
        if !store::append(conn, &asked.granted, &row)? {
            return Err(AppError::Stale { current: number });
        }
        told.push(json!({ "number": number, "check": new.check, "mark": new.mark, "said": said }));
    }
    if told.is_empty() {
        return Ok(());
    }
    let detail = json!({ "bid": asked.bid.id, "version": about, "marks": told });
    scene.tell(conn, Chain::Round(asked.bid.round_id), "gateway.marked", detail)
}
