//! Reading who writes what, and asking councils to write.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    letters,
    model::{Asking, Assignment, NewWriting, Owed, Progress, ToWrite, WritingView},
    reminder, store,
};
use crate::{
    bids::{
        self,
        comments::{self, model::CommentView},
        content::Party,
        model::Answer,
        service::{Place, granted},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
    identity::policy::{Action, Granted},
    ids::BidKey,
};

/// Who writes what of a bid.
///
/// # Errors
/// As policy says.
pub async fn show(app: &App, call: &Call, reference: String) -> Result<WritingView> {
    call.read(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::ReadWriting)?;
        let place = Place::of(conn, &granted)?;
        let comments = comments::service::of_stage(conn, &granted, place.stage)?;
        of_bid(conn, &granted, &place, &comments)
    })
    .await
}

/// The same for whoever holds the bid in a transaction, and the comments on its answers.
///
/// # Errors
/// When the database fails.
pub fn of_bid(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    place: &Place,
    comments: &[CommentView],
) -> Result<WritingView> {
    let councils = store::councils(conn, granted, place.bid.lead_id)?;
    let assignments = store::of_stage(conn, granted, place.stage)?;
    let answers = bids::store::answers(conn, granted, place.stage)?;
    let answers: BTreeMap<&str, &Answer> = answers.iter().map(|answer| (answer.question.as_str(), answer)).collect();
    let form = place.round.rulebook.form(place.stage);
    let questions = form.questions().map(|(_, question)| {
        let asked = assignments.iter().find(|assignment| assignment.question == question.id);
        let asked = asked.filter(|assignment| writes(&councils, assignment));
        let answer = answers.get(question.id.as_str()).map(|answer| (&answer.value.0, answer.complete));
        ToWrite {
            question: question.id.clone(),
            title: question.title.clone(),
            organisation: asked.and_then(|assignment| assignment.organisation_id),
            due_on: asked.and_then(|assignment| assignment.due_on),
            progress: Progress::of(question, answer),
            open_comments: open(comments, &question.id),
        }
    });
    let questions = questions.collect();
    let version = assignments.iter().map(|assignment| assignment.version).max().unwrap_or(0);
    Ok(WritingView { councils, questions, version })
}

/// What each council still owes of what it is asked to write, where a form is open; for rooms that hold the bid in a transaction.
///
/// # Errors
/// When the database fails.
pub fn owed(conn: &mut Conn, granted: &Granted<BidKey>) -> Result<Vec<Owed>> {
    let place = Place::of(conn, granted)?;
    if !place.open {
        return Ok(Vec::new());
    }
    let comments = comments::service::of_stage(conn, granted, place.stage)?;
    Ok(of_bid(conn, granted, &place, &comments)?.owed())
}

/// A council that has left the bid writes nothing of it.
fn writes(councils: &[Party], assignment: &Assignment) -> bool {
    councils.iter().any(|council| Some(council.id) == assignment.organisation_id)
}

fn open(comments: &[CommentView], question: &str) -> usize {
    comments.iter().filter(|comment| comment.question == question && comment.resolved_at.is_none()).count()
}

/// Asks the councils of a bid to write its answers, where who is asked stands at `version`. The people of each council that is
/// asked for something new get one mail.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Stale` when somebody changed it meanwhile; `Conflict` where no form is open.
pub async fn put(app: &App, call: &Call, reference: String, version: i32, new: NewWriting) -> Result<WritingView> {
    call.write(app, move |conn, scene| {
        let granted = granted(conn, scene, &reference, Action::EditBid)?;
        let place = Place::of(conn, &granted)?;
        place.require_open()?;
        let comments = comments::service::of_stage(conn, &granted, place.stage)?;
        let before = of_bid(conn, &granted, &place, &comments)?;
        let standing: Vec<Asking> = before.questions.iter().map(ToWrite::asking).collect();
        let form = place.round.rulebook.form(place.stage);
        AppError::unless_empty(new.faults(form, &before.councils, (&standing, scene.now.london_date())))?;
        if before.version != version {
            return Err(AppError::Stale { current: before.version });
        }
        let changed: Vec<&ToWrite> =
            before.questions.iter().filter(|row| new.of(&row.question) != (row.organisation, row.due_on)).collect();
        if changed.is_empty() {
            return Ok(before);
        }
        for row in &changed {
            let (organisation_id, due_on) = new.of(&row.question);
            let row = Assignment { question: row.question.clone(), organisation_id, due_on, version: version + 1 };
            store::put(conn, &granted, scene.fresh(), place.stage, &row)?;
        }
        let after = of_bid(conn, &granted, &place, &comments)?;
        tell(conn, scene, &granted, (&before, &after))?;
        letters::of_asking(conn, scene, &place, (&before, &after))?;
        for row in changes(&before, &after) {
            if let (Some(council), Some(due)) = (row.organisation, row.due_on) {
                reminder::order(conn, scene, &place, (council, due))?;
            }
        }
        Ok(after)
    })
    .await
}

/// The history holds who is asked for what since when, and no words.
fn tell(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    (before, after): (&WritingView, &WritingView),
) -> Result<()> {
    let changed: Vec<Asking> = changes(before, after).into_iter().map(ToWrite::asking).collect();
    scene.tell(conn, Chain::Bid(granted.id()), "answers.assigned", json!({ "assignments": changed }))
}

/// The rows whose council or day is another than before.
pub(super) fn changes<'a>(before: &WritingView, after: &'a WritingView) -> Vec<&'a ToWrite> {
    let pairs = before.questions.iter().zip(&after.questions);
    pairs.filter(|(before, after)| before.asking() != after.asking()).map(|(_, after)| after).collect()
}
