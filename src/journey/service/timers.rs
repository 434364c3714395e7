//! What a milestone brings: released decisions are recorded, drafts lapse, expressions of interest are published. A job
//! does it once; what people see does not wait for it, since it follows from the clock.

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::{
    effects,
    letters::{self, Mailing},
    proposals,
    situation::{Known, bids_where},
    take,
};
use crate::{
    actor::Actor,
    approvals, awards,
    bids::{content, store as bid_store},
    db::{Conn, schema::bids},
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        model::{Milestone, RoundInFull},
        rulebook::Stage,
    },
    http::{App, Call, Scene},
    identity::policy::{self, Action, BidKind, Granted},
    ids::{BidKey, Id, RoundKey},
    jobs::{self, Handler},
    projects,
    register::search,
    workflow::{Definition, Effect},
};

/// So many expressions of interest are published in one transaction.
const PUBLISHED_TOGETHER: usize = 50;

/// What the job carries.
#[derive(Debug, Deserialize)]
struct Payload {
    round: Id<RoundKey>,
    milestone: Milestone,
}

/// Does the jobs of milestones.
pub fn milestone_handler(app: &App) -> Handler {
    jobs::handler(
        app,
        |app, payload: Payload| async move { milestone_passed(&app, payload.round, payload.milestone).await },
    )
}

/// What the job of a decision carries.
#[derive(Debug, Deserialize)]
struct Decided {
    bid: Id<BidKey>,
}

/// Does the jobs of decisions that show at once.
pub fn decision_handler(app: &App) -> Handler {
    jobs::handler(app, |app, decided: Decided| async move { decision_taken(&app, decided.bid).await })
}

/// Moves a bid along what was decided on it and shows at once. Doing it again changes nothing.
async fn decision_taken(app: &App, bid: Id<BidKey>) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    call.write(app, move |conn, scene| record_bid(conn, scene, bid)).await
}

/// Records what a milestone brought, if its instant has come. Doing it again changes nothing, so that a job which was cut
/// off halfway is done to its end by whoever gets it next: each bid moves in a transaction of its own. One that cannot be
/// moved holds up none of the others.
///
/// # Errors
/// The first of what went wrong, once everything else is done; then the job comes again.
pub async fn milestone_passed(app: &App, round: Id<RoundKey>, milestone: Milestone) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    let Some(waiting) = call.write(app, move |conn, scene| pass(conn, scene, round, milestone)).await? else {
        return Ok(());
    };
    let mut outcome = Ok(());
    for bid in waiting {
        outcome = outcome.and(call.write(app, move |conn, scene| close(conn, scene, bid, milestone)).await);
    }
    if milestone == Milestone::EoiCloses {
        for some in call.read(app, move |conn, _| submitted(conn, round)).await?.chunks(PUBLISHED_TOGETHER) {
            outcome = outcome.and(publish_eois(app, &call, round, some).await);
        }
    }
    outcome
}

/// Publishes expressions of interest in one transaction, which spares the disk; where one of them cannot be read, each in
/// its own.
async fn publish_eois(app: &App, call: &Call, round: Id<RoundKey>, bids: &[Id<BidKey>]) -> Result<()> {
    let together = bids.to_vec();
    if call.write(app, move |conn, scene| publish(conn, scene, round, &together)).await.is_ok() {
        return Ok(());
    }
    let mut outcome = Ok(());
    for bid in bids.iter().copied() {
        outcome = outcome.and(call.write(app, move |conn, scene| publish(conn, scene, round, &[bid])).await);
    }
    outcome
}

/// Does for one bid that alone has more time what its milestone brings, if its own instant has come.
///
/// # Errors
/// When the database fails; then the job comes again.
pub async fn bid_closed(app: &App, bid: Id<BidKey>, milestone: Milestone) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    call.write(app, move |conn, scene| close(conn, scene, bid, milestone)).await?;
    if milestone == Milestone::EoiCloses {
        let round = call.read(app, move |conn, _| round_of(conn, bid)).await?;
        call.write(app, move |conn, scene| publish(conn, scene, round, &[bid])).await?;
    }
    Ok(())
}

/// Notes that a milestone has passed, once; gives the bids that something happens to by itself then, or nothing before its
/// instant.
fn pass(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>, milestone: Milestone) -> Result<Option<Vec<Id<BidKey>>>> {
    let round = funds::store::round_by_id(conn, round)?;
    let round = funds::store::in_full(conn, round)?;
    if !round.timetable.reached(milestone, round.round.instant(scene.now)) {
        return Ok(None);
    }
    record_release(conn, scene, &round, milestone)?;
    if funds::store::mark_passed(conn, round.round.id, milestone, scene.now)? {
        let detail = json!({ "milestone": milestone });
        scene.tell(conn, Chain::Round(round.round.id), "round.milestone_passed", detail)?;
    }
    let waits = |definition: &Definition, state: &str| definition.automatic(state, milestone.word()).is_some();
    bids_where(conn, round.round.id, waits).map(Some)
}

/// Moves every bid along its released decisions.
fn record_release(conn: &mut Conn, scene: &Scene, round: &RoundInFull, milestone: Milestone) -> Result<()> {
    let due = awards::store::due(conn, round.round.id, milestone, scene.now)?;
    if due.is_empty() {
        return Ok(());
    }
    for bid in due {
        record_bid(conn, scene, bid)?;
    }
    awards::store::mark_release_recorded(conn, round.round.id, milestone, scene.now).map(drop)
}

/// Records what shows on a bid and no job has recorded yet, so that what is done next starts from there and nothing of
/// what the decisions bring is left out.
pub(super) fn catch_up(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<()> {
    record_bid(conn, &scene.by_itself(), bid)
}

/// Does to a bid at once whatever has become due: records what shows on it, and what its milestones bring that are over.
pub(super) fn settle(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<()> {
    let service = scene.by_itself();
    record_bid(conn, &service, bid)?;
    let granted = policy::bid(conn, &service.actor, Action::DecideBid, bid)?;
    let mut known = Known::of(conn, &service, &granted)?;
    for milestone in Milestone::ALL {
        if known.definition.automatic(&known.bid.state, milestone.word()).is_some() {
            close(conn, &service, bid, *milestone)?;
            known = Known::of(conn, &service, &granted)?;
        }
    }
    Ok(())
}

/// Performs what the decisions bring that show on a bid, and moves it. A decision that shows only behind another one waits
/// for that; one that counts for nothing brings nothing.
fn record_bid(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<()> {
    let granted = policy::bid(conn, &scene.actor, Action::DecideBid, bid)?;
    let known = Known::of(conn, scene, &granted)?;
    let shown = known.place.shown().to_owned();
    let unrecorded = awards::store::unrecorded(conn, &granted)?;
    for decision in unrecorded.iter().filter(|decision| known.place.shows(&decision.transition)) {
        awards::store::mark_recorded(conn, decision.id, scene.now)?;
        let Some(transition) = known.definition.transition(&decision.transition) else { continue };
        let silent = awards::store::is_silent(conn, known.bid.round_id, decision)?;
        let left_out = silent && transition.mails().next().is_some();
        let mail = if left_out { Mailing::LeftOut } else { Mailing::Sent };
        for effect in transition.effects_when_released() {
            match effect {
                Effect::SendMail { .. } if left_out => {}
                Effect::SendMail { template } => {
                    letters::of_release(conn, scene, (&granted, &known), decision, template)?;
                }
                other => effects::perform(conn, scene, &granted, &known, other).map(drop)?,
            }
        }
        if let (true, Some(amount)) = (decision.is_award(), decision.amount_pence) {
            projects::service::create_from(conn, scene, &granted, amount)?;
        }
        let detail = json!({ "transition": decision.transition, "to": decision.to_state });
        scene.tell(conn, Chain::Bid(bid), "bid.outcome_released", mail.noted_in(detail))?;
    }
    move_bid(conn, scene, (&granted, &known), &shown)
}

fn move_bid(conn: &mut Conn, scene: &Scene, (granted, known): (&Granted<BidKey>, &Known), shown: &str) -> Result<()> {
    if known.bid.state == shown {
        return Ok(());
    }
    let kind = known.definition.state(shown).and_then(|state| BidKind::from_word(state.kind.word()));
    let kind = kind.ok_or_else(|| AppError::internal("a decision leads nowhere"))?;
    bid_store::move_to(conn, known.bid.id, &known.bid.state, (shown, kind), scene.now)?;
    approvals::service::overtake(conn, scene, granted, &known.definition)?;
    proposals::lapse_after(conn, scene, known.bid.id)
}

/// Takes the automatic transition of a bid, if it still stands where one starts. A bid that alone has more time is passed
/// over until its own instant, for which a job of its own waits; one that is on hold, until that ends.
fn close(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>, milestone: Milestone) -> Result<()> {
    let granted = policy::bid(conn, &scene.actor, Action::DecideBid, bid)?;
    let known = Known::of(conn, scene, &granted)?;
    if known.hold.is_some() || !known.round.timetable.reached(milestone, known.round.round.instant(scene.now)) {
        return Ok(());
    }
    match known.definition.automatic(&known.bid.state, milestone.word()) {
        Some(automatic) => take::perform(conn, scene, &granted, &known, (automatic, Mailing::Sent)).map(drop),
        None => Ok(()),
    }
}

/// The bids of a round of which a version was submitted.
fn submitted(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<Id<BidKey>>> {
    Ok(bids::table
        .filter(bids::round_id.eq(round))
        .filter(bids::submitted_at.is_not_null())
        .order(bids::id)
        .select(bids::id)
        .load(conn)?)
}

/// From the closing on an expression of interest can be found by whoever writes a similar bid. One that can still be
/// replaced by a newer version waits for its own closing.
fn publish(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>, bids: &[Id<BidKey>]) -> Result<()> {
    let round = funds::store::round_by_id(conn, round)?;
    let round = funds::store::in_full(conn, round)?;
    for bid in bids.iter().copied() {
        let timetable = funds::store::timetable_of(conn, round.round.id, bid)?;
        if !timetable.reached(Milestone::EoiCloses, round.round.instant(scene.now)) {
            continue;
        }
        let granted = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
        let Some(content) = content::standing(conn, &granted, Stage::Eoi)? else { continue };
        let public = round.rulebook.eoi.questions().filter(|(_, question)| question.public);
        let answers = public.filter_map(|(_, question)| content.answers.get(&question.id)?.as_str());
        let body = answers.collect::<Vec<_>>().join("\n");
        search::index(conn, bid, search::Kind::Bid, &content.title, &body)?;
    }
    Ok(())
}

fn round_of(conn: &mut Conn, bid: Id<BidKey>) -> Result<Id<RoundKey>> {
    Ok(bids::table.find(bid).select(bids::round_id).first(conn)?)
}
