//! What transitions do besides moving the bid, each on our own rows in the same transaction.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::situation::Known;
use crate::{
    awards::{self, model::Decision},
    bids::{self, content, model::Answer},
    db::{
        Conn,
        schema::{memberships, people},
    },
    error::{AppError, Result},
    funds::rulebook::Stage,
    http::Scene,
    identity::policy::Granted,
    ids::{BidKey, Id, PersonKey},
    mail::{
        Address,
        outbox::{self, Letter},
    },
    projects,
    workflow::{Effect, check::MAILS},
};

/// Performs one effect; gives the hash of the version that it kept, if it kept one.
pub fn perform(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    known: &Known,
    effect: &Effect,
) -> Result<Option<Vec<u8>>> {
    match effect {
        Effect::KeepVersion => keep_version(conn, scene, granted, known).map(Some),
        Effect::OpenFullApplication => carry_over(conn, scene, granted, known).map(|()| None),
        Effect::SendMail { template } => tell_lead(conn, scene, known, template).map(|()| None),
        Effect::CreateProject => create_project(conn, scene, granted).map(|()| None),
        // Answers are locked by the state, scoring is open while the decisions say so: nothing is kept twice.
        Effect::LockAnswers | Effect::OpenScoring | Effect::CloseScoring => Ok(None),
    }
}

fn keep_version(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, known: &Known) -> Result<Vec<u8>> {
    let stage = known.stage.ok_or_else(|| AppError::internal("a version is kept where no form is open"))?;
    let sealed = content::sealed(conn, granted, stage)?;
    let by = scene.actor.person().unwrap_or(known.bid.created_by);
    let version = (stage, sealed.text.as_str(), sealed.hash.as_slice());
    bids::store::keep_version(conn, granted, scene.fresh(), version, (scene.now, by))?;
    bids::store::mark_submitted(conn, granted, scene.now)?;
    Ok(sealed.hash)
}

/// The answers of the expression of interest begin the full application, where it asks the same questions.
fn carry_over(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, known: &Known) -> Result<()> {
    let form = known.round.rulebook.form(Stage::Full);
    for answer in bids::store::answers(conn, granted, Stage::Eoi)? {
        let fits = form.question(&answer.question).is_some_and(|question| question.faults(&answer.value.0).is_empty());
        if fits {
            let carried = Answer { complete: false, version: 1, ..answer };
            bids::store::put_answer(conn, granted, scene.fresh(), Stage::Full, &carried)?;
        }
    }
    Ok(())
}

/// The project gets what the decision awarded; it stands already where the award was released.
fn create_project(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<()> {
    let decision = awards::store::award_of(conn, granted)?.ok_or(AppError::NotFound)?;
    let award = decision.amount_pence.ok_or_else(|| AppError::internal("an award without an amount"))?;
    projects::service::create_from(conn, scene, granted, award).map(drop)
}

/// Tells the lead authority what a transition did.
pub(super) fn tell_lead(conn: &mut Conn, scene: &Scene, known: &Known, template: &str) -> Result<()> {
    let known_template = MAILS.iter().find(|mail| **mail == template);
    let template = *known_template.ok_or_else(|| AppError::internal("a workflow names a mail that we do not have"))?;
    let bid = &known.bid;
    let data = json!({
        "title": bid.title,
        "reference": bid.reference,
        "round": known.round.round.title,
        "at": scene.now,
        "bid_link": format!("/bids/{}", bid.reference),
    });
    write_to_lead(conn, scene, known, template, &data)
}

/// Tells the lead authority an outcome that is released, with its feedback and what to do next.
pub(super) fn tell_outcome(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    known: &Known,
    decision: &Decision,
) -> Result<()> {
    match awards::service::outcome_letter(conn, granted, decision)? {
        Some((template, data)) => write_to_lead(conn, scene, known, template, &data),
        None => Ok(()),
    }
}

/// One message for every person of the lead authority.
fn write_to_lead(conn: &mut Conn, scene: &Scene, known: &Known, template: &'static str, data: &Value) -> Result<()> {
    let bid = &known.bid;
    let recipients: Vec<(Id<PersonKey>, Address, String)> = memberships::table
        .inner_join(people::table)
        .filter(memberships::organisation_id.eq(bid.lead_id))
        .filter(memberships::ended_at.is_null())
        .order(people::id)
        .select((people::id, people::email, people::name))
        .distinct()
        .load(conn)?;
    for (person, email, name) in recipients {
        let mut data = data.clone();
        if let Value::Object(fields) = &mut data {
            fields.insert("name".into(), name.into());
        }
        let letter = Letter {
            id: scene.fresh(),
            template,
            recipient: email,
            person: Some(person),
            bid: Some(bid.id),
            round: Some(bid.round_id),
            data,
            unique_key: format!("{template} {} {person} {}", bid.id, scene.now.micros()),
        };
        outbox::post(conn, letter, scene.now)?;
    }
    Ok(())
}
