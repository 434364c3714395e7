//! Beginning a bid with what an earlier one of one's own says: its answers to the same questions with the documents that they
//! name, to be read again and called finished by whoever writes this one. The earlier bid stays as it is.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{desk::signed_in, look::is_applicant};
use crate::{
    bids::{
        answers,
        documents::{
            self,
            bringing::bring_some,
            model::{Document, hashes},
            named,
        },
        model::{Answer, Bid},
        store,
    },
    db::Conn,
    error::{AppError, Fault, Result},
    funds::{form::Form, rulebook::Stage},
    http::{App, Call, Scene},
    identity::policy::{self, Action, Capacity, Granted},
    ids::BidKey,
};

/// As many earlier bids can be chosen from on a page; over REST any can be named.
const MOST_OFFERED: i64 = 50;

/// An earlier bid of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Earlier {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead: String,
}

/// The bids from which whoever starts one can copy, newest first: those that their councils lead or have joined.
///
/// # Errors
/// `Unauthenticated`.
pub async fn earlier(app: &App, call: &Call) -> Result<Vec<Earlier>> {
    call.read(app, |conn, scene| {
        let sight = signed_in(conn, scene)?;
        let rows = store::joined(conn, &sight, MOST_OFFERED)?;
        let earlier =
            rows.into_iter().map(|row| Earlier { reference: row.bid.reference, title: row.bid.title, lead: row.lead });
        Ok(earlier.collect())
    })
    .await
}

/// The bid that is copied from, if the actor writes or has joined it.
///
/// # Errors
/// `Invalid` alike for one that does not exist and for one of others.
pub(super) fn source(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Granted<BidKey>> {
    let unknown = || {
        let message = "Give the reference of a bid that your council leads or has joined.";
        AppError::Invalid(vec![Fault::new("copy_from", "unknown_bid", message)])
    };
    let id = store::id_of(conn, reference.trim()).map_err(|_unknown| unknown())?;
    let granted = policy::bid(conn, &scene.actor, Action::ReadBid, id).map_err(|_hidden| unknown())?;
    let takes_part = is_applicant(&granted) && !granted.standing().is(Capacity::InvitedMember);
    if takes_part { Ok(granted) } else { Err(unknown()) }
}

/// Writes the answers that the form asks for too and that fit it, those of the later stage before those of the earlier;
/// gives how many.
pub(super) fn copy(
    conn: &mut Conn,
    scene: &Scene,
    (from, to): (&Granted<BidKey>, &Granted<BidKey>),
    (form, stage): (&Form, Stage),
    bid: &Bid,
) -> Result<usize> {
    let by = answers::service::author(conn, scene, to, bid)?;
    let mut earlier = Vec::new();
    for stage in [Stage::Full, Stage::Eoi] {
        earlier.push((stage, store::answers(conn, from, stage)?, documents::store::current(conn, from, stage)?));
    }
    let mark = store::load(conn, from)?.reference;
    let mut copied = 0;
    for (_, question) in form.questions() {
        // What the profile says is kept up to date; what an earlier bid said of it is as old as that.
        if store::answer(conn, to, stage, &question.id)?.is_some() {
            continue;
        }
        let fitting = |(written, answers, there): &(Stage, Vec<Answer>, Vec<Document>)| {
            let answer = answers.iter().find(|answer| answer.question == question.id)?;
            named::faults(question, &answer.value.0, there).is_empty().then(|| (*written, answer.clone()))
        };
        let Some((written, answer)) = earlier.iter().find_map(fitting) else { continue };
        if question.asks_for_documents() {
            let wanted: BTreeSet<String> = hashes(&answer.value.0).map(str::to_owned).collect();
            bring_some(conn, scene, (from, written), (to, stage), (&mark, Some(&wanted)))?;
        }
        let begun = Answer {
            question: question.id.clone(),
            value: answer.value.clone(),
            complete: false,
            version: 1,
            updated_by: bid.created_by,
            updated_at: scene.now,
        };
        store::put_answer(conn, to, scene.fresh(), stage, (&begun, by))?;
        copied += 1;
    }
    Ok(copied)
}
