//! What somebody wrote of a bid who no longer reads it: kept, counted nowhere and read by nobody, until a fund manager without a
//! conflict opens it. That stands in the history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    assessment::{
        model::{Score, newest},
        service::{ask, look, person_of},
        store,
    },
    clock::Moment,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call},
    identity::policy::Action,
    ids::{Id, PersonKey},
};

/// An assessment that is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SealedReading {
    /// Who wrote it.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// Since when they no longer read the bid.
    pub since: Moment,
    /// When they had submitted it.
    pub submitted_at: Option<Moment>,
    /// What they gave.
    pub scores: Vec<Score>,
}

/// How many assessments of a bid are sealed, for those who may open them; none for others.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it.
pub async fn count(app: &App, call: &Call, reference: String) -> Result<usize> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ReadScores, &reference)?;
        if !asked.granted.standing().may(Action::OpenSealed) {
            return Ok(0);
        }
        let scores = store::scores::scores_of_bid(conn, &asked.granted)?;
        let ended = store::assignments::ended_of_bid(conn, &asked.granted)?;
        Ok(ended.iter().filter(|of| scores.iter().any(|(person, _)| *person == of.person)).count())
    })
    .await
}

/// Opens what is sealed of a bid, which stands in the history of the round.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it, and where nothing is sealed; `Forbidden` for other
/// staff.
pub async fn open(app: &App, call: &Call, reference: String) -> Result<Vec<SealedReading>> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::OpenSealed, &reference)?;
        person_of(scene)?;
        let mut given: BTreeMap<Id<PersonKey>, Vec<Score>> = BTreeMap::new();
        for (person, score) in store::scores::scores_of_bid(conn, &asked.granted)? {
            given.entry(person).or_default().push(score);
        }
        let mut sealed = Vec::new();
        for ended in store::assignments::ended_of_bid(conn, &asked.granted)? {
            let Some(scores) = given.remove(&ended.person) else { continue };
            sealed.push(SealedReading {
                person: ended.person,
                name: ended.name,
                since: ended.at,
                submitted_at: ended.submitted_at,
                scores: newest(scores, &asked.round.rulebook.criteria),
            });
        }
        if sealed.is_empty() {
            return Err(AppError::NotFound);
        }
        let people: Vec<Id<PersonKey>> = sealed.iter().map(|reading| reading.person).collect();
        let detail = json!({ "bid": asked.bid.id, "assessors": people });
        scene.tell(conn, Chain::Round(asked.bid.round_id), "scores.unsealed", detail)?;
        Ok(sealed)
    })
    .await
}
