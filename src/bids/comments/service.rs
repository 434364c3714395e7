//! Commenting on an answer, and calling a comment resolved.

use super::{
    letters,
    model::{Comment, CommentView, NewComment},
    store,
};
use crate::{
    bids::{
        answers,
        service::{Place, granted},
    },
    db::Conn,
    error::{AppError, Result},
    funds::rulebook::Stage,
    http::{App, Call},
    identity::policy::{Action, Granted},
    ids::{BidKey, Id, RowKey},
};

/// The comments on the answer to a question, oldest first.
///
/// # Errors
/// As policy says; `NotFound` for an unknown question.
pub async fn list(app: &App, call: &Call, (reference, question): (String, String)) -> Result<Vec<CommentView>> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadWriting)?;
        let place = Place::of(conn, &granted)?;
        place.question(&question)?;
        let mut comments = of_stage(conn, &granted, place.stage)?;
        comments.retain(|comment| comment.question == question);
        Ok(comments)
    })
    .await
}

/// The comments on all answers of a stage, for whoever holds the bid in a transaction and may read them.
///
/// # Errors
/// When the database fails.
pub fn of_stage(conn: &mut Conn, granted: &Granted<BidKey>, stage: Stage) -> Result<Vec<CommentView>> {
    let rows = store::of_stage(conn, granted, stage)?;
    views(conn, rows)
}

fn views(conn: &mut Conn, rows: Vec<Comment>) -> Result<Vec<CommentView>> {
    let authors: Vec<_> = rows.iter().flat_map(|row| [Some(row.author()), row.resolver()]).flatten().collect();
    let names = answers::store::names(conn, &authors)?;
    Ok(rows.into_iter().map(|row| row.view(&names)).collect())
}

fn view(conn: &mut Conn, row: Comment) -> Result<CommentView> {
    views(conn, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// Comments on the answer to a question, and tells those who wrote it, commented on it or are asked to write it.
///
/// # Errors
/// As policy says; `NotFound` for an unknown question; `Invalid`; `Conflict` where no form is open.
pub async fn write(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    new: NewComment,
) -> Result<CommentView> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let person = scene.person()?;
        let place = Place::of(conn, &granted)?;
        place.require_open()?;
        let asked = place.question(&question)?;
        AppError::unless_empty(new.fault().into_iter().collect())?;
        let author = answers::service::author(conn, scene, &granted, &place.bid)?;
        let row = Comment {
            id: scene.fresh(),
            question: asked.id.clone(),
            words: new.words.trim().into(),
            written_by: person,
            organisation_id: author.organisation.ok_or_else(|| AppError::internal("a writer without a council"))?,
            written_at: scene.now,
            resolved_by: None,
            resolved_at: None,
        };
        store::insert(conn, &granted, place.stage, &row)?;
        letters::of_comment(conn, scene, (&granted, &place), asked)?;
        view(conn, row)
    })
    .await
}

/// Calls a comment resolved. Whoever comes second finds it so.
///
/// # Errors
/// As policy says; `NotFound`; `Conflict` where no form is open.
pub async fn resolve(
    app: &App,
    call: &Call,
    (reference, question): (String, String),
    id: Id<RowKey>,
) -> Result<CommentView> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::WriteAnswers)?;
        let person = scene.person()?;
        let place = Place::of(conn, &granted)?;
        place.require_open()?;
        let asked = (place.stage, place.question(&question)?.id.as_str());
        store::one(conn, &granted, asked, id)?;
        store::resolve(conn, &granted, id, person, scene.now)?;
        let row = store::one(conn, &granted, asked, id)?;
        view(conn, row)
    })
    .await
}
