//! An assessor flags a bid or asks about it, and follows an answer up.

use serde_json::json;

use super::{New, add, tell};
use crate::{
    assessment::{
        queries::{
            letters,
            model::{NewFollowUp, NewQuery, QueryRow, QueryStepKind, Said},
            store,
        },
        service::{Asked, ask as ask_policy, holds_bid, person_of},
    },
    db::Conn,
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::policy::Action,
};

fn asked(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Asked> {
    let asked = ask_policy(conn, scene, Action::AskFund, reference)?;
    holds_bid(conn, scene, &asked)?;
    Ok(asked)
}

/// Flags a bid or asks about it; the fund's managers are told. Gives the number.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it; `Invalid` without words.
pub async fn ask(app: &App, call: &Call, reference: String, new: NewQuery) -> Result<i32> {
    call.write(app, move |conn, scene| {
        let asked = asked(conn, scene, &reference)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let words = new.words.trim();
        let (salt, hash) = scene.salted(words.as_bytes());
        let before = store::of_bid(conn, &asked.granted)?;
        let row = QueryRow {
            id: scene.fresh(),
            bid_id: asked.bid.id,
            number: before.last().map_or(1, |(last, _)| last.number + 1),
            kind: new.kind,
            words: words.to_owned(),
            salt,
            person_id: person_of(scene)?,
            created_at: scene.now,
        };
        store::insert(conn, &asked.granted, &row)?;
        tell(conn, scene, &asked, &row, ("query.asked", json!({ "said": hash })))?;
        letters::to_managers(conn, scene, &asked, (&row, None))?;
        Ok(row.number)
    })
    .await
}

/// Asks beyond an answer, which opens the query again; the fund's managers are told.
///
/// # Errors
/// `NotFound` for whoever has not asked it, was not given the bid or has a conflict with it; `Invalid` without words; `Conflict`
/// before it is answered; `Stale` when something was written since `version`.
pub async fn follow_up(
    app: &App,
    call: &Call,
    reference: String,
    (number, version): (i32, i32),
    new: NewFollowUp,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = asked(conn, scene, &reference)?;
        let (row, steps) = store::one(conn, &asked.granted, number)?;
        if row.person_id != person_of(scene)? {
            return Err(AppError::NotFound);
        }
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let step = New { step: QueryStepKind::FollowedUp, words: &new.words, to: Said::Asker };
        let step = add(conn, scene, &asked, (&row, &steps, version), &step)?;
        letters::to_managers(conn, scene, &asked, (&row, Some(&step)))
    })
    .await
}
