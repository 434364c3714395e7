//! What the councils of a bid are told by mail of what became of it: receipts, withdrawals, outcomes.
//!
//! Everybody of the lead authority reads it, and everybody of the partners that have confirmed, who may read the bid and
//! what happened to it at any time. A council that has not answered its invitation is told nothing more. An outcome must
//! never be written here before its release.

use serde_json::{Value, json};

use super::situation::Known;
use crate::{
    awards::{self, model::Decision},
    bids::{
        self,
        model::Bid,
        receipts::{Receipt, SignedReceipt},
    },
    db::Conn,
    error::{AppError, Result},
    http::Scene,
    identity::{policy::Granted, store::organisations},
    ids::BidKey,
    mail::{
        outbox::{self, Notice, extend},
        texts::{self, Family, Mail},
    },
    partnerships::{self, Reader, model::PartnerState},
    workflow::{
        Definition, State, Transition,
        check::{MAILS, OUTCOME, tells_outcome},
    },
};

/// Whether the councils of a bid get the messages of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailing {
    /// They do.
    Sent,
    /// They do not, this once, which stands in the bid's history.
    LeftOut,
    /// Another message, of what the act is part of, tells them.
    Elsewhere,
}

impl Mailing {
    /// What history tells of an act, and that its messages were left out if they were.
    pub fn noted_in(self, mut detail: Value) -> Value {
        if let (Self::LeftOut, Value::Object(detail)) = (self, &mut detail) {
            detail.insert("mail".into(), false.into());
        }
        detail
    }
}

/// Stands in a preview where nobody has written feedback yet.
const NO_FEEDBACK: &str = "Here stands the feedback that is written with the decision.";

/// Tells what a transition did that was taken just now, with the receipt of the version that it kept, if it kept one, and
/// whether no newer one can follow it.
pub(super) fn of_transition(
    conn: &mut Conn,
    scene: &Scene,
    known: &Known,
    (transition, to): (&Transition, &State),
    (receipt, last): (Option<&SignedReceipt>, bool),
) -> Result<()> {
    for template in transition.mails() {
        if tells_outcome(template) {
            return Err(AppError::internal("an outcome is told when its decision is released"));
        }
        let mut data = about(conn, scene, known, (to, receipt))?;
        if last {
            extend(&mut data, json!({ "closes": null }));
        }
        write_to_councils(conn, scene, &known.bid, sendable(template)?, data)?;
    }
    Ok(())
}

/// Tells what a decision that is released says of the bid: an outcome with its feedback and what to do next.
pub(super) fn of_release(
    conn: &mut Conn,
    scene: &Scene,
    (bid, known): (&Granted<BidKey>, &Known),
    decision: &Decision,
    template: &str,
) -> Result<()> {
    let to = known.definition.state(&decision.to_state);
    let to = to.ok_or_else(|| AppError::internal("a decision leads nowhere"))?;
    let mut data = about(conn, scene, known, (to, None))?;
    let mut template = sendable(template)?;
    if tells_outcome(template) {
        let (of_outcome, more) = awards::service::outcome_letter(conn, bid, decision)?;
        if template == OUTCOME {
            template = of_outcome;
        }
        extend(&mut data, more);
    }
    write_to_councils(conn, scene, &known.bid, template, data)
}

/// Tells that a bid goes by another label, because it follows another version of the workflow.
pub(super) fn of_move(conn: &mut Conn, scene: &Scene, known: &Known) -> Result<()> {
    let to = known.definition.state(&known.bid.state);
    let to = to.ok_or_else(|| AppError::internal("a bid was moved to nowhere"))?;
    let data = about(conn, scene, known, (to, None))?;
    write_to_councils(conn, scene, &known.bid, "moved", data)
}

/// Tells that a bid is on hold, or no longer, and what was said of it.
pub(super) fn of_hold(
    conn: &mut Conn,
    scene: &Scene,
    known: &Known,
    template: &'static str,
    words: &str,
) -> Result<()> {
    let state = known.definition.state(known.place.shown());
    let state = state.ok_or_else(|| AppError::internal("a bid stands nowhere"))?;
    let mut data = about(conn, scene, known, (state, None))?;
    let withdraws = known.definition.transitions.iter().any(|it| it.to == State::WITHDRAWN && it.leaves(&state.id));
    extend(&mut data, json!({ "words": words, "writes": known.stage.is_some(), "withdraws": withdraws }));
    write_to_councils(conn, scene, &known.bid, template, data)
}

/// How many people get a message about a bid.
pub(super) fn count_readers(conn: &mut Conn, bid: &Bid) -> Result<usize> {
    Ok(readers(conn, bid)?.len())
}

/// What would stand in a message that this transition sends about a bid, whether or not it was ever taken: what is decided so
/// already, or a line in the place of the feedback. For those who may know what is decided on the bid.
pub(in crate::journey) fn example(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    (definition, transition): (&Definition, &Transition),
    (mail, leads): (Mail, bool),
) -> Result<Value> {
    let known = Known::of(conn, scene, bid)?;
    let to = definition.state(&transition.to);
    let to = to.ok_or_else(|| AppError::internal("a transition leads nowhere"))?;
    let versions = bids::store::versions(conn, bid)?;
    let receipt = versions.last().map(|version| Receipt::of(&known.bid.reference, version));
    let receipt = receipt.map(|receipt| receipt.signed(scene.keys.checkpoints()));
    let mut data = about(conn, scene, &known, (to, receipt.as_ref()))?;
    if mail.family == Family::Outcome {
        let decisions = awards::store::of_bid(conn, bid)?;
        let decided = decisions.into_iter().find(|decision| decision.transition == transition.id);
        let ask = awards::model::awards(definition, transition).then(|| known.bid.ask_pence.unwrap_or_default());
        let (feedback, amount) = decided.map_or((NO_FEEDBACK.to_owned(), ask), |it| (it.feedback, it.amount_pence));
        extend(&mut data, awards::service::outcome_data(conn, bid, (&feedback, amount))?);
    }
    extend(&mut data, json!({ "name": "Name of the reader", "leads": leads }));
    Ok(data)
}

/// A workflow is checked before a bid follows it, so that it names no other.
fn sendable(template: &str) -> Result<&'static str> {
    let known = MAILS.into_iter().find(|mail| *mail == template);
    known.ok_or_else(|| AppError::internal("a workflow names a mail that we do not have"))
}

/// What every one of these messages needs, but for its reader.
fn about(
    conn: &mut Conn,
    scene: &Scene,
    known: &Known,
    (to, signed): (&State, Option<&SignedReceipt>),
) -> Result<Value> {
    let bid = &known.bid;
    let closes = known.stage.and_then(|stage| known.round.timetable.closes(stage));
    Ok(json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": known.round.round.title,
        "lead": organisations::by_id(conn, bid.lead_id)?.name,
        "label": to.labels.applicant,
        "next": to.labels.next,
        "at": scene.now.in_words(),
        "instant": scene.now,
        "hash": signed.map(|signed| &signed.receipt.hash),
        "receipt": signed.map(|signed| &signed.text),
        "closes": closes.map(|at| at.in_words()),
        "link": format!("/bids/{}", bid.reference),
    }))
}

/// One message for each, in the words that the round has for them now.
fn write_to_councils(conn: &mut Conn, scene: &Scene, bid: &Bid, template: &'static str, data: Value) -> Result<()> {
    let words = texts::store::in_force(conn, bid.round_id, template)?;
    let mut told = Notice { template, bid: Some(bid.id), round: Some(bid.round_id), data };
    for Reader { person, leads } in readers(conn, bid)? {
        extend(&mut told.data, json!({ "leads": leads }));
        let occasion = format!("{} {} {}", bid.id, person.id, scene.now.micros());
        let letter = scene.letter(&person, &told, &occasion);
        let text = words.for_reader(person.language).map(|text| text.id);
        outbox::post_in_words(conn, letter, text, scene.now)?;
    }
    Ok(())
}

fn readers(conn: &mut Conn, bid: &Bid) -> Result<Vec<Reader>> {
    partnerships::readers_of(conn, (bid.id, bid.lead_id), PartnerState::TAKING_PART)
}
