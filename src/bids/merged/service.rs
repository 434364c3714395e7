//! Reading the answers of bids that became part of another, and taking one over.

use serde_json::{Value, json};

use super::{model::MergedAnswer, store};
use crate::{
    bids::{
        self,
        documents::model::hashes,
        service::{AnswerChange, Place, granted, put_answer},
    },
    db::Conn,
    error::{AppError, Result},
    funds::{form::Question, rulebook::Stage},
    http::{App, Call},
    identity::policy::{Action, Granted},
    ids::BidKey,
};

/// The answers of a stage of the bids that became part of this one, but for those that say nothing, for rooms that hold the bid
/// in a transaction.
///
/// # Errors
/// When the database fails.
pub fn of_stage(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<MergedAnswer>> {
    let mut answers = store::answers(conn, bid, stage)?;
    answers.retain(|answer| Question::is_answered(&answer.value));
    Ok(answers)
}

/// For which stage a bid was written when it became part of another, if it did: that is what its councils read of it.
///
/// # Errors
/// When the database fails.
pub fn stage_at_end(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Option<Stage>> {
    store::stage_at_end(conn, bid)
}

/// What the bids that became part of this one answered to the questions of its stage, for those who write it.
///
/// # Errors
/// As policy says.
pub async fn answers(app: &App, call: &Call, reference: String) -> Result<Vec<MergedAnswer>> {
    call.read(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference, Action::ReadWriting)?;
        let stage = Place::of(conn, &bid)?.stage;
        of_stage(conn, &bid, stage)
    })
    .await
}

/// Writes such an answer over the one that stands at `version`, which stays in the answer's history; documents come beside those
/// that stand. Gives whether it was documents.
///
/// # Errors
/// As for writing an answer; `NotFound` where the bid named has not become part of this one, or does not answer the question.
pub async fn take_over(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    (version, from): (i32, String),
) -> Result<bool> {
    let (at, asked) = (reference.clone(), question.clone());
    let (change, documents) = call
        .read(app, move |conn, scene| {
            let bid = granted(conn, scene, &at, Action::ReadWriting)?;
            let place = Place::of(conn, &bid)?;
            let mut all = of_stage(conn, &bid, place.stage)?.into_iter();
            let answer = all.find(|answer| answer.question == asked && answer.reference == from);
            let value = answer.ok_or(AppError::NotFound)?.value;
            if !place.question(&asked)?.asks_for_documents() {
                return Ok((AnswerChange { value, complete: false }, false));
            }
            // Whoever writes this answer meanwhile makes its version another, and this is refused.
            let stands = bids::store::answer(conn, &bid, place.stage, &asked)?.map(|stands| stands.value.0);
            let value = both(&stands.unwrap_or_default(), &value);
            Ok((AnswerChange { value, complete: true }, true))
        })
        .await?;
    put_answer(app, call, reference, question, version, change).await?;
    Ok(documents)
}

/// The documents that either of two answers names, each once.
fn both(one: &Value, other: &Value) -> Value {
    let mut named: Vec<&str> = hashes(one).collect();
    named.extend(hashes(other).filter(|hash| !hashes(one).any(|known| known == *hash)));
    json!(named)
}
