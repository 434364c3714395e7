//! What transitions do besides moving the bid, each on our own rows in the same transaction.

use super::situation::Known;
use crate::{
    actor::Actor,
    awards,
    bids::{
        self, content, documents,
        model::Answer,
        receipts::{Receipt, SignedReceipt},
    },
    db::Conn,
    error::{AppError, Result},
    funds::rulebook::Stage,
    http::Scene,
    identity::policy::{self, Action, Granted},
    ids::BidKey,
    projects,
    workflow::Effect,
};

/// Performs one effect; gives the receipt of the version that it kept, if it kept one.
pub fn perform(
    conn: &mut Conn,
    scene: &Scene,
    granted: &Granted<BidKey>,
    known: &Known,
    effect: &Effect,
) -> Result<Option<SignedReceipt>> {
    match effect {
        Effect::KeepVersion => keep_version(conn, scene, granted, known).map(Some),
        Effect::OpenFullApplication => carry_over(conn, scene, granted, known).map(|()| None),
        Effect::CreateProject => create_project(conn, scene, granted).map(|()| None),
        // Answers are locked by the state, scoring is open while the decisions say so: nothing is kept twice. Mail is
        // written when everything is done that it tells of (see `letters`).
        Effect::LockAnswers | Effect::OpenScoring | Effect::CloseScoring | Effect::SendMail { .. } => Ok(None),
    }
}

fn keep_version(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, known: &Known) -> Result<SignedReceipt> {
    let stage = known.stage.ok_or_else(|| AppError::internal("a version is kept where no form is open"))?;
    let mut content = content::current(conn, granted, stage)?;
    if bids::service::reopening_of(conn, scene, (known.bid.id, &known.round), stage)?.is_some()
        && let Some(standing) = content::standing(conn, granted, stage)?
    {
        // Two managers stand behind what they named alone: who has confirmed since then comes in with the next stage.
        content.partners = standing.partners;
    }
    let sealed = content::Sealed::of(content)?;
    let by = scene.actor.person().unwrap_or(known.bid.created_by);
    let version = (stage, sealed.text.as_str(), sealed.hash.as_slice());
    let number = bids::store::keep_version(conn, granted, scene.fresh(), version, (scene.now, by))?;
    bids::store::mark_submitted(conn, granted, scene.now)?;
    let (reference, hash) = (sealed.content.reference, hex::encode(sealed.hash));
    Ok(Receipt { reference, stage, number, received_at: scene.now, hash }.signed(scene.keys.checkpoints()))
}

/// The documents of the expression of interest are those of the full application too, and its answers begin it, where it asks
/// the same questions and nobody has answered them there; then what the lead's profile says, where the form asks for that.
fn carry_over(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>, known: &Known) -> Result<()> {
    let form = known.round.rulebook.form(Stage::Full);
    let there = documents::store::current(conn, granted, Stage::Eoi)?;
    documents::bringing::bring(conn, scene, (granted, Stage::Eoi), (granted, Stage::Full), Stage::Eoi.title())?;
    let authors = bids::answers::store::authors(conn, granted, Stage::Eoi)?;
    for answer in bids::store::answers(conn, granted, Stage::Eoi)? {
        let question = form.question(&answer.question);
        let fits = |question| documents::named::faults(question, &answer.value.0, &there).is_empty();
        if question.is_some_and(fits) && bids::store::answer(conn, granted, Stage::Full, &answer.question)?.is_none() {
            let by = authors.get(&answer.question).copied().unwrap_or(bids::answers::model::Author::SERVICE);
            let carried = Answer { complete: false, version: 1, ..answer };
            bids::store::put_answer(conn, granted, scene.fresh(), Stage::Full, (&carried, by))?;
        }
    }
    // Whoever invites the bid does not read the profile of its lead: the service does.
    let lead = policy::organisation(conn, &Actor::System, Action::ReadOrganisation, known.bid.lead_id)?;
    let by = (&known.bid, bids::answers::model::Author::SERVICE);
    bids::service::begin_with_profile(conn, scene, (&lead, granted), (form, Stage::Full), by)
}

/// The project gets what the decision awarded; it stands already where the award was released.
fn create_project(conn: &mut Conn, scene: &Scene, granted: &Granted<BidKey>) -> Result<()> {
    let decision = awards::store::award_of(conn, granted)?.ok_or(AppError::NotFound)?;
    let award = decision.amount_pence.ok_or_else(|| AppError::internal("an award without an amount"))?;
    projects::service::create_from(conn, scene, granted, award).map(drop)
}
