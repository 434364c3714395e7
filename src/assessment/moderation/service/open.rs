//! Opening the moderation of a round.

use serde_json::json;

use crate::{
    actor::Actor,
    assessment::{
        self,
        model::BidRow,
        moderation::{
            letters,
            model::{LONGEST_REASON, NewOpening, Opening, Unfinished},
            store,
        },
        service::{ask_round, in_the_running, is_barred, person_of},
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    events::Chain,
    funds::rulebook::Stage,
    http::{App, Call},
    identity::policy::{self, Action, Granted},
    ids::{Id, RoundKey},
};

/// Since when the moderation of a round is open, if it is.
///
/// # Errors
/// When the database fails.
pub fn opened_in<T>(conn: &mut Conn, granted: &Granted<T>, round: Id<RoundKey>) -> Result<Option<Moment>> {
    Ok(store::opening(conn, granted, round)?.map(|opening: Opening| opening.opened_at))
}

/// Whether the actor can open the moderation of a round.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others who are not of the fund's staff.
pub async fn may_open(app: &App, call: &Call, slug: String) -> Result<bool> {
    call.read(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::ReadScores, &slug)?;
        let may = granted.standing().may(Action::Moderate) && round.round.cancelled_at.is_none();
        let due = round.timetable.is_readable(Stage::Full, scene.now);
        Ok(may && due && !is_barred(conn, scene, &granted)?)
    })
    .await
}

/// What is given to assessors of these bids and not submitted.
pub(super) fn unfinished(conn: &mut Conn, round: &Granted<RoundKey>, bids: &[BidRow]) -> Result<Vec<Unfinished>> {
    let given = assessment::store::assignments::of_round(conn, round)?;
    let missing =
        given.into_iter().filter(|(.., submitted)| submitted.is_none()).filter_map(|(id, person, name, _)| {
            let bid = bids.iter().find(|bid| bid.id == id)?.reference.clone();
            Some(Unfinished { bid, person, name })
        });
    let mut missing: Vec<Unfinished> = missing.collect();
    missing.sort_by(|one, other| (&one.bid, &one.name, one.person).cmp(&(&other.bid, &other.name, other.person)));
    Ok(missing)
}

/// Opens the moderation of a round: the scores that assessors gave by themselves stay as they are from then on. The assessors are
/// told.
///
/// # Errors
/// `Forbidden` for whoever may not, or has a conflict of interest with a bid of the round; `Conflict` before the round has closed
/// for full applications, while nothing is scored, and when it is open; `Invalid` without a reason while assessments are missing.
pub async fn open(app: &App, call: &Call, slug: String, new: NewOpening) -> Result<()> {
    call.write(app, move |conn, scene| {
        let (granted, round) = ask_round(conn, scene, Action::Moderate, &slug)?;
        let by = person_of(scene)?;
        round.round.require_running()?;
        if is_barred(conn, scene, &granted)? {
            let message =
                "You have a conflict of interest with a bid of this round. Ask a colleague to open its moderation.";
            return Err(AppError::forbidden("conflict_of_interest", message));
        }
        if !round.timetable.is_readable(Stage::Full, scene.now) {
            let message = "Moderation can be opened once the round has closed for full applications.";
            return Err(AppError::conflict("not_closed_yet", message));
        }
        let all = policy::sight(conn, &Actor::System)?;
        let bids = in_the_running(conn, &granted, &all)?;
        let given = assessment::store::assignments::of_round(conn, &granted)?;
        if !given.iter().any(|(id, .., submitted)| submitted.is_some() && bids.iter().any(|bid| bid.id == *id)) {
            let message = "No assessment of this round is submitted yet, so that there is nothing to moderate.";
            return Err(AppError::conflict("nothing_scored", message));
        }
        let missing = unfinished(conn, &granted, &bids)?;
        AppError::unless_empty(reason_fault(new.reason.trim(), &missing).into_iter().collect())?;
        let reason = new.reason.trim();
        let (salt, hash) = scene.salted(reason.as_bytes());
        if !store::open(conn, &granted, (reason, &salt), (by, scene.now))? {
            return Err(AppError::conflict("already_open", "The moderation of this round is open already."));
        }
        let bid_of = |reference: &str| bids.iter().find(|bid| bid.reference == reference).map(|bid| bid.id);
        let ids: Vec<_> = missing.iter().map(|of| json!({ "bid": bid_of(&of.bid), "assessor": of.person })).collect();
        let detail = json!({ "unfinished": ids, "reason": hash });
        scene.tell(conn, Chain::Round(granted.id()), "moderation.opened", detail)?;
        let given = given.into_iter().map(|(bid, person, _, submitted)| (bid, person, submitted)).collect();
        letters::opened(conn, scene, &round, (&bids, given))
    })
    .await
}

/// A reason is wanted while assessments are missing, which are named.
fn reason_fault(reason: &str, missing: &[Unfinished]) -> Option<Fault> {
    if reason.is_empty() && !missing.is_empty() {
        let named: Vec<String> = missing.iter().map(|of| format!("{} by {}", of.bid, of.name)).collect();
        let message = format!(
            "Say why moderation opens although assessments are missing: {}. They can no longer be submitted then.",
            named.join(", ")
        );
        return Some(Fault::new("reason", "assessments_missing", message));
    }
    Fault::too_long("reason", reason, LONGEST_REASON)
}
