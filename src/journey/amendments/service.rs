//! Proposing a change of a published round, standing behind it, refusing it, and what is in force.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    checks::check,
    letters,
    model::{Amendment, AmendmentKind, Proposal, Proposed},
    store,
};
use crate::{
    actor::Actor,
    approvals::{
        self,
        model::{Request, Thing, Words},
    },
    assessment::pool,
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        model::{RoundInFull, RoundState},
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        sessions,
    },
    ids::{Id, PersonKey, RoundKey},
    workflow::{Role, Wanted},
};

/// Whoever proposes is the first of so many people.
const PEOPLE: u32 = 2;

/// A round with what was changed about it and what is proposed, for the fund's staff.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The round.
    pub round: RoundInFull,
    /// What waits for a second manager.
    pub proposals: Vec<Proposal>,
    /// What is in force, newest first.
    pub in_force: Vec<Amendment>,
    /// When the first full application came in, from which on the rules stay as they are.
    pub locked_since: Option<Moment>,
    /// Whether the reader manages the fund's rounds.
    pub manages: bool,
    /// Whether the reader can propose anything.
    pub may_propose: bool,
}

/// A proposal with what it takes to answer it.
struct Found {
    round: RoundInFull,
    granted: Granted<RoundKey>,
    proposed: Proposed,
    asked_by: Id<PersonKey>,
    thing: Thing,
    words: Words,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Approved {
    /// Enough people stand behind it, and it is in force.
    InForce(Box<Amendment>),
    /// Others have to approve it as well.
    Waiting(Box<Proposal>),
}

/// What was changed about a round since it was published, newest first, for everybody.
///
/// # Errors
/// `NotFound`, as for the round itself.
pub async fn amendments(app: &App, call: &Call, slug: String) -> Result<Vec<Amendment>> {
    call.read(app, move |conn, scene| {
        let round = funds::service::visible_round(conn, scene, &slug)?;
        in_force(conn, &round)
    })
    .await
}

/// The same within a transaction.
pub(super) fn in_force(conn: &mut Conn, round: &RoundInFull) -> Result<Vec<Amendment>> {
    let mut all: Vec<Amendment> = Amendment::of_cancellation(round).into_iter().collect();
    let versions = funds::store::rulebook_versions(conn, round.round.id)?;
    for pair in versions.windows(2) {
        if let [before, after] = pair {
            all.push(Amendment::of_rules(before, after)?);
        }
    }
    all.extend(funds::store::budget_changes(conn, round.round.id)?.iter().map(Amendment::of_budget));
    all.sort_by_key(|amendment| std::cmp::Reverse(amendment.at));
    Ok(all)
}

/// What staff have before them who change a round.
///
/// # Errors
/// As policy says.
pub async fn desk(app: &App, call: &Call, slug: String) -> Result<Desk> {
    call.read(app, move |conn, scene| read(conn, scene, Action::ListBids, &slug)).await
}

/// The same for whoever proposes something, while the round runs.
///
/// # Errors
/// As policy says; `Conflict` when the round was called off.
pub async fn to_propose(app: &App, call: &Call, slug: String) -> Result<Desk> {
    call.read(app, move |conn, scene| {
        let desk = read(conn, scene, Action::EditRound, &slug)?;
        desk.round.round.require_running()?;
        Ok(desk)
    })
    .await
}

fn read(conn: &mut Conn, scene: &Scene, action: Action, slug: &str) -> Result<Desk> {
    let (granted, round) = asked(conn, scene, action, slug)?;
    let manages = granted.standing().may(Action::EditRound);
    let mut proposals = Vec::new();
    for request in approvals::service::open_of_round(conn, round.round.id)? {
        if let Some((proposed, thing, _)) = told(scene, &round, &request)? {
            proposals.push(view(conn, scene, (&round, &proposed), (&thing, request.requested_by))?);
        }
    }
    Ok(Desk {
        in_force: in_force(conn, &round)?,
        locked_since: store::first_full(conn, round.round.id)?,
        manages,
        may_propose: manages && round.round.state == RoundState::Published,
        round,
        proposals,
    })
}

fn asked(conn: &mut Conn, scene: &Scene, action: Action, slug: &str) -> Result<(Granted<RoundKey>, RoundInFull)> {
    let round = funds::store::round_by_slug(conn, slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::round(conn, &scene.actor, action, round.id)?;
    Ok((granted, funds::store::in_full(conn, round)?))
}

/// What a request is about, if it is about a change of the round.
fn told(scene: &Scene, round: &RoundInFull, request: &Request) -> Result<Option<(Proposed, Thing, Words)>> {
    let Some(body) = AmendmentKind::from_word(&request.subject).and(request.body.as_ref()) else { return Ok(None) };
    let proposed: Proposed = serde_json::from_value(body.0.clone())?;
    let (thing, words) = thing(scene, round, &proposed)?;
    Ok(Some((proposed, thing, words)))
}

fn thing(scene: &Scene, round: &RoundInFull, proposed: &Proposed) -> Result<(Thing, Words)> {
    let (kind, title) = (proposed.kind(), &round.round.title);
    let thing = Thing {
        round: round.round.id,
        fund: round.fund.id,
        bid: None,
        subject: kind.word().to_owned(),
        chain: Chain::Round(round.round.id),
        wanted: Wanted { count: PEOPLE, roles: BTreeSet::from([Role::FundManager]) },
        covers: BTreeSet::new(),
        hash: proposed.hash(round)?,
        now: scene.now,
    };
    let what = match proposed {
        Proposed::Cancellation(_) => format!("That {title} is cancelled"),
        Proposed::Rules(_) => format!("Other rules for {title}"),
        Proposed::Budget(new) => format!("A budget of {} for {title}", new.budget_pence),
    };
    Ok((thing, Words { what, page: format!("/rounds/{}/amendments#{kind}", round.round.slug) }))
}

fn view(
    conn: &mut Conn,
    scene: &Scene,
    (round, proposed): (&RoundInFull, &Proposed),
    (thing, asked_by): (&Thing, Id<PersonKey>),
) -> Result<Proposal> {
    let support = approvals::service::support(conn, thing)?;
    let (rulebook, budget_pence) = match proposed {
        Proposed::Cancellation(_) => (None, None),
        Proposed::Rules(new) => (Some(new.rulebook.clone()), None),
        Proposed::Budget(new) => (None, Some(new.budget_pence)),
    };
    Ok(Proposal {
        kind: proposed.kind(),
        title: proposed.kind().title().into(),
        reason: proposed.reason().into(),
        changes: proposed.changes(round),
        rulebook,
        budget_pence,
        may_approve: support.wants(scene.actor.person()),
        own: scene.actor.person() == Some(asked_by),
        support,
    })
}

/// Proposes a change of the round that stands at `version`, with a fresh code; the other managers are asked by mail.
///
/// # Errors
/// As policy says; `Stale`; `Invalid` with every fault; `Conflict` when the state of things does not allow it
/// (`rules_locked`, `awards_announced`, `below_awards`, `nothing_changed`, `round_cancelled`, `not_published`) or the same
/// sort of change is proposed already.
pub async fn propose(app: &App, call: &Call, slug: String, version: i32, proposed: Proposed) -> Result<Proposal> {
    call.write(app, move |conn, scene| {
        let (_, round) = asked(conn, scene, Action::EditRound, &slug)?;
        if round.round.version != version {
            return Err(AppError::Stale { current: round.round.version });
        }
        check(conn, scene, &round, &proposed)?;
        require_fresh(scene)?;
        let (thing, words) = thing(scene, &round, &proposed)?;
        let body = serde_json::to_value(&proposed)?;
        approvals::service::ask(conn, scene, (&thing, &words), Some(body))?;
        let asked_by = scene.actor.person().ok_or(AppError::Unauthenticated)?;
        view(conn, scene, (&round, &proposed), (&thing, asked_by))
    })
    .await
}

/// Two people stand behind a change, each with a fresh code; a program is none.
fn require_fresh(scene: &Scene) -> Result<()> {
    match &scene.actor {
        Actor::Person(signed_in) => sessions::require_fresh(signed_in, scene.now),
        _ => Err(AppError::forbidden("person_needed", "A published round is changed by people: sign in.")),
    }
}

fn found(conn: &mut Conn, scene: &Scene, slug: &str, kind: AmendmentKind) -> Result<Found> {
    let (granted, round) = asked(conn, scene, Action::ListBids, slug)?;
    for request in approvals::service::open_of_round(conn, round.round.id)? {
        if request.subject == kind.word()
            && let Some((proposed, thing, words)) = told(scene, &round, &request)?
        {
            return Ok(Found { round, granted, proposed, asked_by: request.requested_by, thing, words });
        }
    }
    Err(AppError::NotFound)
}

/// Stands behind what another manager proposes. With the second person it is in force, and everybody concerned is told.
///
/// # Errors
/// As policy says; `NotFound` when nothing is proposed; `Forbidden` for whoever is no manager or has no fresh code;
/// `Changed` when it is not what was `seen`; `Conflict` for whoever stands behind it already, or as [`propose`] when the
/// state of things does not allow it any more.
pub async fn approve(
    app: &App,
    call: &Call,
    slug: String,
    kind: AmendmentKind,
    seen: Option<String>,
) -> Result<Approved> {
    call.write(app, move |conn, scene| {
        let found = found(conn, scene, &slug, kind)?;
        approvals::service::require_able(conn, scene, &found.thing)?;
        require_fresh(scene)?;
        check(conn, scene, &found.round, &found.proposed)?;
        let support = approvals::service::approve(conn, scene, (&found.thing, &found.words), seen.as_deref())?;
        if support.still_needed() == 0 {
            return put_into_force(conn, scene, &found).map(Box::new).map(Approved::InForce);
        }
        let proposal = view(conn, scene, (&found.round, &found.proposed), (&found.thing, found.asked_by))?;
        Ok(Approved::Waiting(Box::new(proposal)))
    })
    .await
}

/// Enough people stand behind it: it is in force, history tells of it, and so does mail.
fn put_into_force(conn: &mut Conn, scene: &Scene, found: &Found) -> Result<Amendment> {
    let Found { round, granted, proposed, .. } = found;
    let (id, reason) = (round.round.id, proposed.reason());
    if !funds::store::count_change(conn, &round.round)? {
        return Err(AppError::Stale { current: round.round.version });
    }
    let (number, kind, detail) = match proposed {
        Proposed::Cancellation(_) => {
            funds::store::cancel(conn, granted, reason, scene.now)?;
            let ended = approvals::service::end_of_round(conn, scene, granted)?;
            (1, "round.cancelled", json!({ "requests_ended": ended }))
        }
        Proposed::Rules(new) => {
            let before = funds::store::rulebook_versions(conn, id)?.last().map_or(0, |newest| newest.number);
            let version = (before + 1, reason, scene.now);
            let hash = funds::store::insert_rulebook(conn, scene.fresh(), id, &new.rulebook, version)?;
            pool::service::ask_again(conn, scene, id)?;
            let detail = json!({ "version": before + 1, "before": round.rules_hash, "rules": hash });
            (before, "round.rules_changed", detail)
        }
        Proposed::Budget(new) => {
            let before = funds::store::budget_changes(conn, id)?.last().map_or(0, |newest| newest.number);
            let change = funds::store::BudgetChange {
                number: before + 1,
                from_pence: round.round.budget_pence,
                to_pence: new.budget_pence,
                reason: reason.into(),
                made_at: scene.now,
            };
            funds::store::change_budget(conn, scene.fresh(), granted, &change)?;
            let detail = json!({ "from_pence": change.from_pence, "to_pence": change.to_pence });
            (change.number, "round.budget_changed", detail)
        }
    };
    scene.tell(conn, Chain::Round(id), kind, with_people(detail, reason, found))?;
    letters::order(conn, scene, id, (proposed.kind(), number), found.asked_by)?;
    let round = funds::store::round_by_id(conn, id)?;
    let round = funds::store::in_full(conn, round)?;
    let mut amended = in_force(conn, &round)?.into_iter();
    amended.find(|amended| (amended.kind, amended.number) == (proposed.kind(), number)).ok_or(AppError::NotFound)
}

/// The event says why, since everybody may read it, and who proposed it; who stood behind it is the actor.
fn with_people(mut detail: serde_json::Value, reason: &str, found: &Found) -> serde_json::Value {
    if let serde_json::Value::Object(detail) = &mut detail {
        detail.insert("reason".into(), reason.into());
        detail.insert("proposed_by".into(), json!(found.asked_by));
    }
    detail
}

/// Refuses what another manager proposes, in words that they read.
///
/// # Errors
/// As [`approve`]; `Invalid` without a reason; `Conflict` for whoever proposed it.
pub async fn refuse(
    app: &App,
    call: &Call,
    slug: String,
    kind: AmendmentKind,
    (reason, seen): (String, Option<String>),
) -> Result<()> {
    call.write(app, move |conn, scene| {
        let found = found(conn, scene, &slug, kind)?;
        approvals::service::refuse(conn, scene, (&found.thing, &found.words), (&reason, seen.as_deref()))
    })
    .await
}

/// Takes back what one has proposed.
///
/// # Errors
/// As policy says; `NotFound` when nothing is proposed; `Forbidden` for whoever did not propose it.
pub async fn take_back(app: &App, call: &Call, slug: String, kind: AmendmentKind) -> Result<()> {
    call.write(app, move |conn, scene| {
        let found = found(conn, scene, &slug, kind)?;
        if scene.actor.person() != Some(found.asked_by) {
            let message = "Only whoever proposed this can take it back. You can refuse it.";
            return Err(AppError::forbidden("not_allowed", message));
        }
        approvals::service::take_back(conn, scene, (&found.thing, &found.words), false).map(drop)
    })
    .await
}

/// Asks those who can stand behind a proposal only since it was made; other requests are not for this room.
///
/// # Errors
/// When the database fails.
pub fn ask_newcomers(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>, request: &Request) -> Result<()> {
    let round = funds::store::round_by_id(conn, round)?;
    let round = funds::store::in_full(conn, round)?;
    let Some((_, thing, words)) = told(scene, &round, request)? else { return Ok(()) };
    approvals::service::ask_newcomers(conn, scene, (&thing, &words), request)
}
