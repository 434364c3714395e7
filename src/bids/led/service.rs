//! Seeing which bids an organisation leads in a round, choosing among its drafts, and warning when there are too many.

use serde_json::json;

use super::{
    letters,
    model::{Choice, LedBids},
    store,
};
use crate::{
    bids::content::Party,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{self, model::RoundInFull},
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::organisations,
    },
    ids::{Id, OrganisationKey},
};

/// The bids that an organisation leads in a round, for its people.
///
/// # Errors
/// As policy says; `NotFound` for a round that one may not know of.
pub async fn led(app: &App, call: &Call, organisation: Id<OrganisationKey>, slug: String) -> Result<LedBids> {
    call.read(app, move |conn, scene| {
        let granted = policy::organisation(conn, &scene.actor, Action::StartBid, organisation)?;
        let round = funds::service::visible_round(conn, scene, &slug)?;
        look(conn, &granted, &round)
    })
    .await
}

/// The same for each organisation as whose lead authority the caller may start a bid, by name.
///
/// # Errors
/// `Unauthenticated`; `NotFound` for a round that one may not know of.
pub async fn led_by_own(app: &App, call: &Call, slug: String) -> Result<Vec<LedBids>> {
    call.read(app, move |conn, scene| {
        let sight = policy::sight(conn, &scene.actor)?;
        if sight.person.is_none() {
            return Err(AppError::Unauthenticated);
        }
        let round = funds::service::visible_round(conn, scene, &slug)?;
        let mut own = Vec::new();
        for organisation in sight.organisations {
            if let Ok(granted) = policy::organisation(conn, &scene.actor, Action::StartBid, organisation) {
                own.push(look(conn, &granted, &round)?);
            }
        }
        own.sort_by(|one, other| one.organisation.name.cmp(&other.organisation.name));
        Ok(own)
    })
    .await
}

/// The rounds in which the caller's organisations write more bids as lead authority than they can submit, as long as new ones
/// can be started there.
///
/// # Errors
/// `Unauthenticated`.
pub async fn crowded(app: &App, call: &Call) -> Result<Vec<LedBids>> {
    call.read(app, move |conn, scene| {
        let sight = policy::sight(conn, &scene.actor)?;
        let mut crowded = Vec::new();
        for (organisation, round) in store::written_by(conn, &sight)? {
            let round = funds::store::round_by_id(conn, round)?;
            let round = funds::store::in_full(conn, round)?;
            if let Ok(granted) = policy::organisation(conn, &scene.actor, Action::StartBid, organisation)
                && round.takes_new_bids(scene.now)
            {
                crowded.push(look(conn, &granted, &round)?);
            }
        }
        crowded.retain(|led| led.too_many);
        Ok(crowded)
    })
    .await
}

fn look(conn: &mut Conn, organisation: &Granted<OrganisationKey>, round: &RoundInFull) -> Result<LedBids> {
    let found = organisations::by_id(conn, organisation.id())?;
    let mut led = LedBids {
        organisation: Party { id: found.id, code: found.code, name: found.name },
        round: round.round.slug.clone(),
        round_title: round.round.title.clone(),
        most_led: round.rulebook.most_led,
        bids: store::of_organisation(conn, organisation, round.round.id)?,
        too_many: false,
        may_choose: organisation.standing().may(Action::ChooseBids),
    };
    led.too_many = led.held().is_some_and(|held| held.is_too_many());
    Ok(led)
}

/// Chooses which drafts of an organisation go forward; whoever started one whose standing changes is told. `seen` is the tag
/// of the bids that were chosen among.
///
/// # Errors
/// As policy says; `Changed` when they are others by now; `Invalid` for what is no draft, or too many; `Conflict` where the
/// round sets no cap or was called off.
pub async fn choose(
    app: &App,
    call: &Call,
    (organisation, slug): (Id<OrganisationKey>, String),
    seen: String,
    choice: Choice,
) -> Result<LedBids> {
    call.write(app, move |conn, scene| {
        let granted = policy::organisation(conn, &scene.actor, Action::ChooseBids, organisation)?;
        let round = funds::service::visible_round(conn, scene, &slug)?;
        round.round.require_running()?;
        let led = look(conn, &granted, &round)?;
        let held = led.held().ok_or_else(|| {
            let message = "This round does not limit how many bids a council leads, so every bid can go forward.";
            AppError::conflict("no_limit", message)
        })?;
        if led.tag() != seen {
            return Err(AppError::Changed);
        }
        AppError::unless_empty(held.faults(&choice))?;
        note(conn, scene, (&granted, &round), &led, &choice)?;
        look(conn, &granted, &round)
    })
    .await
}

fn note(
    conn: &mut Conn,
    scene: &Scene,
    (organisation, round): (&Granted<OrganisationKey>, &RoundInFull),
    led: &LedBids,
    choice: &Choice,
) -> Result<()> {
    for bid in led.bids.iter().filter(|bid| !bid.submitted) {
        let goes = (!choice.bids.is_empty()).then(|| choice.bids.contains(&bid.reference));
        if goes == bid.put_forward {
            continue;
        }
        store::put_forward(conn, organisation, bid.id, goes)?;
        let kind = match goes {
            Some(true) => "bid.put_forward",
            Some(false) => "bid.not_put_forward",
            None => "bid.choice_taken_back",
        };
        scene.tell(conn, Chain::Bid(bid.id), kind, json!({ "organisation": organisation.id() }))?;
        letters::chosen(conn, scene, (organisation, round.round.id), (led, bid, goes))?;
    }
    Ok(())
}

/// Warns the organisation's administrators when one bid more than it can submit is being written.
///
/// # Errors
/// When the database fails.
pub fn warn(
    conn: &mut Conn,
    scene: &Scene,
    organisation: &Granted<OrganisationKey>,
    round: &RoundInFull,
) -> Result<()> {
    let led = look(conn, organisation, round)?;
    match led.held().filter(|held| held.is_too_many()) {
        Some(held) => letters::too_many(conn, scene, (organisation, round.round.id), (&led, held)),
        None => Ok(()),
    }
}
