//! Releasing outcomes: all of a milestone together, approved beforehand, shown at the instant.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    readiness::{check, seen_by},
    support::{Terms, silent_hash, thing, words, words_with_figures},
};
use crate::{
    actor::Actor,
    approvals::{
        self,
        model::{Support, Thing},
    },
    awards::{
        model::{Release, no_mail_fault},
        outside::{DecidedOutside, PEOPLE},
        readiness::Readiness,
        store,
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{
        self,
        model::{Milestone, Round},
        service::MILESTONE_JOB,
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        sessions,
    },
    ids::{Id, RoundKey},
    jobs,
};

/// What somebody who approves a release says with it.
#[derive(Debug, Clone, Default)]
pub struct Approval {
    /// The tag of what they have read.
    pub seen: Option<String>,
    /// Why nobody is told by mail, if nobody is to be.
    pub no_mail: Option<String>,
}

impl From<Option<String>> for Approval {
    fn from(seen: Option<String>) -> Self {
        Self { seen, no_mail: None }
    }
}

/// What an approval of a release came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Approved {
    /// Enough people stand behind it.
    Released(Release),
    /// Others have to approve it as well.
    Waiting(Support),
}

/// Approves the release of a milestone's outcomes, as the decisions are now. Once as many different people have done so as
/// the workflow asks for, the outcomes show at the milestone's instant, or at once when it has passed. The first of them may
/// say that nobody is told by mail; the others stand behind that too.
///
/// # Errors
/// `Invalid` with everything that stands in the way; `Conflict` when it has been approved already, by enough people or by
/// this one, and for whoever would tell nobody of what is asked for with mail; `Changed` when the decisions are not those that
/// were `seen`.
pub async fn release(
    app: &App,
    call: &Call,
    slug: String,
    milestone: Milestone,
    approval: Approval,
) -> Result<Approved> {
    call.write(app, move |conn, scene| {
        let (round, granted, mut thing) = to_approve(conn, scene, &slug, milestone)?;
        AppError::unless_empty(approval.no_mail.as_deref().and_then(no_mail_fault).into_iter().collect())?;
        let ready = ready(conn, scene, (&round, &granted), milestone)?;
        let seen = approval.seen.as_deref();
        let asked = silence(&ready, approval.no_mail.as_deref())?;
        let no_mail = asked.or(ready.no_mail.as_deref());
        let told = words_with_figures(&round, &ready, no_mail.is_some());
        let support = match asked {
            Some(reason) => {
                approvals::service::require_seen(conn, &thing, seen)?;
                thing.hash = silent_hash(&thing.hash, reason);
                let terms = serde_json::to_value(Terms::silent(reason))?;
                approvals::service::approve_on(conn, scene, (&thing, &told), None, Some(terms))?
            }
            None => approvals::service::approve(conn, scene, (&thing, &told), seen)?,
        };
        if support.still_needed() > 0 {
            return Ok(Approved::Waiting(support));
        }
        complete(conn, scene, &granted, milestone, no_mail).map(Approved::Released)
    })
    .await
}

/// Why nobody is told, where somebody says so now who is the first to stand behind the release.
fn silence<'a>(ready: &Readiness, wanted: Option<&'a str>) -> Result<Option<&'a str>> {
    let Some(reason) = wanted.map(str::trim) else { return Ok(None) };
    if ready.support.asked_by.is_none() {
        return Ok(Some(reason));
    }
    if ready.no_mail.as_deref() == Some(reason) {
        return Ok(None);
    }
    let message = "The release is asked for otherwise already. Take the request back, and ask for it without email.";
    Err(AppError::conflict("requested_already", message))
}

/// Records that the outcomes were decided outside the service, as the first of those who stand behind their release: at
/// least a second manager confirms it by approving, and as many as the workflow asks for.
///
/// # Errors
/// As [`release`]; `Conflict` when an approval is asked for already; `Changed` as well where it says what was `seen`.
pub async fn record_outside(
    app: &App,
    call: &Call,
    slug: String,
    milestone: Milestone,
    outside: DecidedOutside,
    seen: Option<String>,
) -> Result<Support> {
    call.write(app, move |conn, scene| {
        let (round, granted, mut thing) = to_approve(conn, scene, &slug, milestone)?;
        AppError::unless_empty(outside.faults(scene.now.london_date()))?;
        let ready = ready(conn, scene, (&round, &granted), milestone)?;
        if seen.is_some() {
            approvals::service::require_seen(conn, &thing, seen.as_deref())?;
        }
        thing.wanted.count = thing.wanted.count.max(PEOPLE);
        if let (Some(reason), None) = (&outside.no_mail, &ready.support.asked_by) {
            thing.hash = silent_hash(&thing.hash, reason);
        }
        let words = words_with_figures(&round, &ready, outside.no_mail.is_some());
        let (salt, hash) = scene.salted(&serde_json::to_vec(&outside)?);
        let terms = serde_json::to_value(Terms::of_outside(outside.clone(), salt))?;
        let support = approvals::service::ask(conn, scene, (&thing, &words), Some(terms))?;
        let detail = json!({ "milestone": milestone, "record": hash });
        scene.tell(conn, Chain::Round(round.id), "release.decided_outside", detail)?;
        Ok(support)
    })
    .await
}

/// Looks at everything that is released, and refuses what stands in the way, also what whoever asks is not told of.
fn ready(
    conn: &mut Conn,
    scene: &Scene,
    (round, granted): (&Round, &Granted<RoundKey>),
    milestone: Milestone,
) -> Result<Readiness> {
    let sight = policy::sight(conn, &scene.actor)?;
    AppError::unless_empty(seen_by(conn, &sight, (round, granted), milestone, scene.now)?.obstacles())?;
    let ready = check(conn, round, granted, milestone, scene.now)?;
    if ready.released.is_some() {
        return Err(AppError::conflict("released_already", "The release is approved already."));
    }
    if !ready.obstacles().is_empty() {
        let message = "Something stands in the way that you are not told of, because you have a conflict of interest with a bid of \
                       this round or read one blind. Ask a colleague to look at the decisions.";
        return Err(AppError::invalid("", "not_ready", message));
    }
    if funds::store::timetable(conn, round.id)?.at(milestone).is_none() {
        return Err(no_date(milestone));
    }
    Ok(ready)
}

/// What is asked of somebody who approves or refuses a release: to be one of those whom the workflow names, with a fresh
/// code.
fn to_approve(
    conn: &mut Conn,
    scene: &Scene,
    slug: &str,
    milestone: Milestone,
) -> Result<(Round, Granted<RoundKey>, Thing)> {
    let round = funds::store::round_by_slug(conn, slug)?;
    let granted = policy::round(conn, &scene.actor, Action::ListBids, round.id)?;
    round.require_running()?;
    let thing = thing(conn, &round, milestone, scene.now)?;
    approvals::service::require_able(conn, scene, &thing)?;
    require_fresh(scene)?;
    Ok((round, granted, thing))
}

/// Enough people stand behind it: from now on the outcomes wait for their instant alone.
fn complete(
    conn: &mut Conn,
    scene: &Scene,
    round: &Granted<RoundKey>,
    milestone: Milestone,
    no_mail: Option<&str>,
) -> Result<Release> {
    let person = store::responsible_person(conn, &scene.actor)?;
    if !store::approve(conn, scene.fresh(), round, milestone, no_mail, (person, scene.now))? {
        return Err(AppError::conflict("released_already", "The release is approved already."));
    }
    let release = store::release_of(conn, round.id(), milestone)?.ok_or_else(|| no_date(milestone))?;
    let approved = release.approved_at.micros().to_string();
    wake(conn, scene, round.id(), (milestone, release.shown_from), &approved)?;
    // Why stands beside the release: history holds no words that people wrote, which may name somebody.
    let detail = json!({ "milestone": milestone, "no_mail": no_mail.is_some() });
    scene.tell(conn, Chain::Round(round.id()), "release.approved", detail)?;
    Ok(release)
}

/// Refuses to approve a release that somebody else has asked for, in words that they read.
///
/// # Errors
/// `Invalid` without a reason; `Conflict` when nobody waits for an approval, and for whoever asked; `Changed` when the
/// decisions are not those that were `seen`.
pub async fn refuse(
    app: &App,
    call: &Call,
    slug: String,
    milestone: Milestone,
    reason: String,
    seen: Option<String>,
) -> Result<Support> {
    call.write(app, move |conn, scene| {
        let (round, _, thing) = to_approve(conn, scene, &slug, milestone)?;
        approvals::service::refuse(conn, scene, (&thing, &words(&round, milestone)), (&reason, seen.as_deref()))?;
        approvals::service::support(conn, &thing)
    })
    .await
}

/// Takes the approval of a release back, or the request for it, so that decisions can be changed again; possible until it
/// shows.
///
/// # Errors
/// `NotFound` when nothing is approved; `Conflict` when the outcomes show already; `Forbidden` without a fresh code.
pub async fn recall(app: &App, call: &Call, slug: String, milestone: Milestone) -> Result<()> {
    call.write(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::Release, round.id)?;
        round.require_running()?;
        require_fresh(scene)?;
        let thing = thing(conn, &round, milestone, scene.now)?;
        let told = (&thing, &words(&round, milestone));
        match store::release_of(conn, round.id, milestone)? {
            Some(release) => {
                if release.shown_from <= scene.now || !store::recall(conn, &granted, milestone)? {
                    let message = "The outcomes are out: they cannot be taken back.";
                    return Err(AppError::conflict("shown_already", message));
                }
                approvals::service::take_back(conn, scene, told, true)?;
            }
            None if approvals::service::take_back(conn, scene, told, false)? => {}
            None => return Err(AppError::NotFound),
        }
        scene.tell(conn, Chain::Round(round.id), "release.recalled", json!({ "milestone": milestone }))
    })
    .await
}

/// Outcomes are released by somebody who has just entered a code: a borrowed laptop announces nothing.
pub(super) fn require_fresh(scene: &Scene) -> Result<()> {
    match &scene.actor {
        Actor::Person(signed_in) => sessions::require_fresh(signed_in, scene.now),
        _ => Err(AppError::forbidden("person_needed", "Outcomes are released by a person: sign in.")),
    }
}

fn no_date(milestone: Milestone) -> AppError {
    let message = format!("The round has no date for “{}”. Give it one first.", milestone.title());
    AppError::conflict("no_date", message)
}

/// Wakes the timer of a milestone: at its instant it wakes by itself, and what shows later needs it once more. `occasion`
/// tells one such waking from another.
pub(super) fn wake(
    conn: &mut Conn,
    scene: &Scene,
    round: Id<RoundKey>,
    (milestone, at): (Milestone, Moment),
    occasion: &str,
) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: MILESTONE_JOB,
        payload: json!({ "round": round, "milestone": milestone }),
        run_at: at,
        unique_key: Some(format!("release {round} {milestone} {occasion}")),
    };
    jobs::enqueue(conn, order, scene.now)
}
