//! Recording what is done about a bid in moderation, and the record of a round as a table.

use serde_json::json;

use super::{
    Crossing,
    bid::{crossing_of, in_the_room, must_wait},
    look,
};
use crate::{
    assessment::{
        moderation::{
            model::{AgreedScore, NewStep, StepKind, StepRow},
            store,
        },
        service::{ask, blind_bids, in_the_running, is_in_the_running, person_of},
    },
    db::Doc,
    error::{AppError, Result},
    events::Chain,
    funds::rulebook::Criterion,
    http::{App, Call},
    identity::{policy::Action, store::people},
    ids::{Id, PersonKey},
};

/// Records what is done about a bid. It is added to what was done before; two who record at once both are kept, the second once
/// they have read what the first recorded.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Conflict` before moderation is open, and for a bid
/// that nobody has assessed, and for one that is to be next and does not wait; `Invalid` with every fault; `Stale` when something
/// was recorded since `version`.
pub async fn record(app: &App, call: &Call, reference: String, version: i32, new: NewStep) -> Result<()> {
    let crossing = if new.step == StepKind::Next {
        crossing_of(app, call, reference.clone()).await?.1
    } else {
        Crossing::default()
    };
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::Moderate, &reference)?;
        let by = person_of(scene)?;
        if store::opening(conn, &asked.granted, asked.bid.round_id)?.is_none() {
            let message = "Open the moderation of the round first.";
            return Err(AppError::conflict("moderation_not_open", message));
        }
        let read = crate::assessment::store::assignments::readers(conn, &asked.granted)?.submitted;
        if read == 0 || !is_in_the_running(conn, &asked)? {
            let message = "No assessment of this bid is submitted, so that there is nothing to talk over.";
            return Err(AppError::conflict("nothing_scored", message));
        }
        let known: Vec<Id<PersonKey>> = match new.step {
            StepKind::Agreed => in_the_room(conn, scene, &asked)?.into_keys().collect(),
            StepKind::Asked | StepKind::Next | StepKind::PassedOver => Vec::new(),
        };
        AppError::unless_empty(new.faults(&asked.round.rulebook.criteria, &known))?;
        let last = store::of_bid(conn, &asked.granted)?.last().map_or(0, |step| step.number);
        if last != version {
            return Err(AppError::Stale { current: last });
        }
        if new.step == StepKind::Next {
            must_wait(conn, scene, (&reference, &crossing))?;
        }
        let NewStep { step, reason, scores, present } = new.tidy();
        let said = serde_json::to_vec(&json!({ "reason": reason, "scores": scores, "present": present }))?;
        let (salt, hash) = scene.salted(&said);
        let detail = json!({
            "bid": asked.bid.id, "number": last + 1, "step": step, "present": present, "said": hash,
        });
        let row = StepRow {
            id: scene.fresh(),
            bid_id: asked.bid.id,
            number: last + 1,
            step,
            reason,
            scores: Doc(scores),
            present: Doc(present),
            salt,
            person_id: by,
            created_at: scene.now,
        };
        if !store::append(conn, &asked.granted, &row)? {
            return Err(AppError::Stale { current: last + 1 });
        }
        scene.tell(conn, Chain::Round(asked.bid.round_id), "moderation.recorded", detail)
    })
    .await
}

/// What was done in the moderation of a round, a line for each step and each agreed score.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others who are not of the fund's staff.
pub async fn table(app: &App, call: &Call, slug: String) -> Result<Vec<[String; 10]>> {
    call.read(app, move |conn, scene| {
        let (granted, round, sight) = look(conn, scene, &slug)?;
        let mut steps = store::of_round(conn, &granted)?;
        let mut lines = Vec::new();
        let blind = blind_bids(conn, &granted, &sight)?;
        for bid in in_the_running(conn, &granted, &sight)?.into_iter().filter(|bid| !blind.contains(&bid.id)) {
            let steps = steps.remove(&bid.id).unwrap_or_default();
            let people = steps.iter().flat_map(|step| step.present.0.iter().copied().chain([step.person_id]));
            let names = people::names_of(conn, people)?;
            let name = |person: &Id<PersonKey>| names.get(person).cloned().unwrap_or_default();
            for step in &steps {
                let present: Vec<String> = step.present.0.iter().map(name).collect();
                let line = |score: Option<&AgreedScore>| {
                    let title = score.map(|score| title_of(&score.criterion, &round.rulebook.criteria));
                    [
                        bid.reference.clone(),
                        bid.title.clone(),
                        step.number.to_string(),
                        step.step.word().to_owned(),
                        step.created_at.to_string(),
                        name(&step.person_id),
                        title.unwrap_or_default(),
                        score.map(|score| score.value.to_string()).unwrap_or_default(),
                        score.map_or_else(|| step.reason.clone(), |score| score.reason.clone()),
                        present.join("; "),
                    ]
                };
                if step.scores.0.is_empty() {
                    lines.push(line(None));
                }
                lines.extend(step.scores.0.iter().map(|score| line(Some(score))));
            }
        }
        Ok(lines)
    })
    .await
}

fn title_of(criterion: &str, criteria: &[Criterion]) -> String {
    let known = criteria.iter().find(|known| known.id == criterion);
    known.map_or_else(|| criterion.to_owned(), |known| known.title.clone())
}
