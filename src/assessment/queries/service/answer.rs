//! The fund team answers a flag or question, and closes it.

use super::{New, add};
use crate::{
    assessment::{
        queries::{
            letters,
            model::{NewAnswer, NewClosing, QueryStepKind, Said},
            store,
        },
        service::{ask, person_of},
    },
    error::{AppError, Result},
    http::{App, Call},
    identity::policy::Action,
};

/// Answers a flag or question; whoever asked is told, and all who read the bid where the answer is for them.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Invalid` without words; `Conflict` once it is closed;
/// `Stale` when something was written since `version`.
pub async fn answer(
    app: &App,
    call: &Call,
    reference: String,
    (number, version): (i32, i32),
    new: NewAnswer,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::AnswerFundQuery, &reference)?;
        person_of(scene)?;
        let (row, steps) = store::one(conn, &asked.granted, number)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let step = New { step: QueryStepKind::Answered, words: &new.words, to: new.to };
        let step = add(conn, scene, &asked, (&row, &steps, version), &step)?;
        letters::to_readers(conn, scene, &asked, (&row, &step, "answered"))
    })
    .await
}

/// Closes a flag or question with what was done; whoever asked is told.
///
/// # Errors
/// As [`answer`].
pub async fn close(
    app: &App,
    call: &Call,
    reference: String,
    (number, version): (i32, i32),
    new: NewClosing,
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let asked = ask(conn, scene, Action::AnswerFundQuery, &reference)?;
        person_of(scene)?;
        let (row, steps) = store::one(conn, &asked.granted, number)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let step = New { step: QueryStepKind::Closed, words: &new.words, to: Said::Asker };
        let step = add(conn, scene, &asked, (&row, &steps, version), &step)?;
        letters::to_readers(conn, scene, &asked, (&row, &step, "closed"))
    })
    .await
}
