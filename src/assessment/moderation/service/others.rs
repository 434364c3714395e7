//! What assessors read of the others who read the same bid: nothing before moderation is open and their own is submitted.

use std::collections::BTreeMap;

use super::labels;
use crate::{
    assessment::{
        self,
        model::{Assignment, Score, newest},
        moderation::{
            model::{OtherReading, Others, counting},
            store,
        },
        service::{Asked, look, person_of},
    },
    db::Conn,
    error::{AppError, Result},
    http::{App, Call, Scene},
    identity::policy::Action,
    ids::{Id, PersonKey},
};

/// What the others gave a bid, for an assessor of it.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it; `Conflict` before moderation is open or their own
/// assessment is submitted.
pub async fn others(app: &App, call: &Call, reference: String) -> Result<Others> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ScoreBid, &reference)?;
        let found = beside(conn, scene, &asked)?;
        found.ok_or_else(|| {
            let message = "You read what others gave once moderation is open and your own assessment is submitted.";
            AppError::conflict("blind", message)
        })
    })
    .await
}

/// The same; nothing while the assessor reads blind.
///
/// # Errors
/// `NotFound` for whoever was not given the bid.
pub(in crate::assessment) fn beside(conn: &mut Conn, scene: &Scene, asked: &Asked) -> Result<Option<Others>> {
    let person = person_of(scene)?;
    let given = assessment::store::assignments::of_bid(conn, &asked.granted)?;
    let own = given.iter().find(|assignment| assignment.person == person).ok_or(AppError::NotFound)?;
    let open = store::opening(conn, &asked.granted, asked.bid.round_id)?.is_some();
    if !open || own.submitted_at.is_none() {
        return Ok(None);
    }
    let mut scores: BTreeMap<Id<PersonKey>, Vec<Score>> = BTreeMap::new();
    for (person, score) in assessment::store::scores::scores_of_bid(conn, &asked.granted)? {
        scores.entry(person).or_default().push(score);
    }
    let submitted = |assignment: &&Assignment| assignment.submitted_at.is_some();
    let readers: Vec<Id<PersonKey>> = given.iter().filter(submitted).map(|assignment| assignment.person).collect();
    let mut readings: Vec<OtherReading> = labels(conn, &asked.granted)?
        .into_iter()
        .filter(|(reader, _)| *reader != person && readers.contains(reader))
        .map(|(reader, label)| OtherReading {
            label,
            scores: newest(scores.remove(&reader).unwrap_or_default(), &asked.round.rulebook.criteria),
        })
        .collect();
    readings.sort_by(|one, other| (one.label.len(), &one.label).cmp(&(other.label.len(), &other.label)));
    let agreed = counting(&store::of_bid(conn, &asked.granted)?).map(|agreed| agreed.scores).unwrap_or_default();
    Ok(Some(Others { readings, agreed }))
}
