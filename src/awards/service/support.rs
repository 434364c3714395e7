//! Who stands behind a release: what exactly is approved, how many people it takes, and what a changed decision does to
//! approvals that were given.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::wall::in_question;
use crate::{
    approvals::{
        self,
        model::{Request, Thing, Words},
    },
    awards::{
        draws,
        model::{Decision, Gate},
        outside::{DecidedOutside, PEOPLE},
        readiness::Readiness,
        store,
    },
    clock::Moment,
    db::Conn,
    error::Result,
    events::Chain,
    funds::{
        self,
        model::{Milestone, Round},
    },
    http::Scene,
    ids::{BidKey, Id, RoundKey},
    money::Pence,
    workflow::Wanted,
};

/// With what a release is asked for: who decided outside the service, and why nobody is told by mail.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Terms {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paper: Option<String>,
    /// With it, history has the hash of who decided, when, and the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    /// Why nobody is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_mail: Option<String>,
}

impl Terms {
    /// A release of which nobody is told.
    pub fn silent(reason: &str) -> Self {
        Self { no_mail: Some(reason.to_owned()), ..Self::default() }
    }

    /// A release of what was decided outside the service.
    pub fn of_outside(outside: DecidedOutside, salt: String) -> Self {
        let DecidedOutside { by, on, paper, no_mail } = outside;
        Self { by: Some(by), on: Some(on), paper: Some(paper), salt: Some(salt), no_mail }
    }

    /// Who decided outside the service, if somebody did.
    pub fn outside(&self) -> Option<DecidedOutside> {
        let ((by, on), paper) = self.by.clone().zip(self.on).zip(self.paper.clone())?;
        Some(DecidedOutside { by, on, paper, no_mail: self.no_mail.clone() })
    }
}

/// A decision as the approval of its release covers it: all that is told of it, and the version that it is about.
#[derive(Serialize)]
struct Line<'a> {
    bid: Id<BidKey>,
    version: Option<String>,
    gate: Gate,
    transition: &'a str,
    to_state: &'a str,
    amount_pence: Option<Pence>,
    place: Option<i32>,
    reason: Option<&'a str>,
    feedback: &'a str,
}

impl<'a> Line<'a> {
    fn of(decision: &'a Decision, versions: &BTreeMap<Id<BidKey>, Vec<u8>>) -> Self {
        Self {
            bid: decision.bid_id,
            version: versions.get(&decision.bid_id).map(hex::encode),
            transition: &decision.transition,
            gate: decision.gate,
            to_state: &decision.to_state,
            amount_pence: decision.amount_pence,
            place: decision.place,
            reason: decision.reason.as_deref(),
            feedback: &decision.feedback,
        }
    }
}

/// The release of a milestone's outcomes, as people stand behind it: the exact list of the decisions that show then.
pub(super) fn thing(conn: &mut Conn, round: &Round, milestone: Milestone, now: Moment) -> Result<Thing> {
    let decisions = store::decisions_at(conn, round.id, milestone)?;
    let mut covers: BTreeSet<Id<BidKey>> = in_question(conn, round.id)?.into_iter().collect();
    covers.extend(decisions.iter().map(|decision| decision.bid_id));
    let mut thing = Thing {
        round: round.id,
        fund: round.fund_id,
        bid: None,
        chain: Chain::Round(round.id),
        subject: milestone.word().to_owned(),
        wanted: wanted(conn, round.id, milestone)?,
        covers,
        hash: hash(conn, &decisions)?,
        now,
    };
    let terms = terms(conn, &thing, false)?;
    if terms.outside().is_some() {
        thing.wanted.count = thing.wanted.count.max(PEOPLE);
    }
    if let Some(reason) = &terms.no_mail {
        thing.hash = silent_hash(&thing.hash, reason);
    }
    Ok(thing)
}

/// With what the release is asked for, or was asked for and stands.
pub(super) fn terms(conn: &mut Conn, thing: &Thing, released: bool) -> Result<Terms> {
    let kept = approvals::service::terms(conn, thing, released)?;
    Ok(kept.map(serde_json::from_value).transpose()?.unwrap_or_default())
}

/// Of the list and of telling nobody: whoever has read the list alone has not read this.
pub(super) fn silent_hash(list: &[u8], reason: &str) -> Vec<u8> {
    Sha256::new().chain_update(list).chain_update(reason).finalize().to_vec()
}

/// The same for its readers, before it is looked at closely.
pub(super) fn words(round: &Round, milestone: Milestone) -> Words {
    Words {
        what: format!("The release of the outcomes at “{}” of {}", milestone.title(), round.title),
        page: format!("/rounds/{}/decisions?release={milestone}", round.slug),
    }
}

/// The same with what it comes to, and whether nobody is told of it by mail.
pub(super) fn words_with_figures(round: &Round, ready: &Readiness, silent: bool) -> Words {
    let Words { what, page } = words(round, ready.milestone);
    let outcomes = if ready.outcomes == 1 { "1 bid".to_owned() } else { format!("{} bids", ready.outcomes) };
    let money = (ready.awarded_pence > Pence(0)).then(|| format!(", {} awarded", ready.awarded_pence));
    let money = money.unwrap_or_default();
    let told = Words { what: format!("{what}: {outcomes}{money}"), page };
    if silent { told.without_mail() } else { told }
}

fn hash(conn: &mut Conn, decisions: &[Decision]) -> Result<Vec<u8>> {
    let versions = store::standing_versions(conn, decisions.iter().map(|decision| decision.bid_id).collect())?;
    let lines: Vec<Line<'_>> = decisions.iter().map(|decision| Line::of(decision, &versions)).collect();
    Ok(Sha256::digest(serde_json::to_vec(&lines)?).to_vec())
}

/// The most that any workflow asks for that bids of the round follow.
pub(super) fn wanted(conn: &mut Conn, round: Id<RoundKey>, milestone: Milestone) -> Result<Wanted> {
    let newest = funds::store::workflow_of_round(conn, round)?;
    let mut wanted = funds::store::workflow(conn, newest)?.wanted_at(milestone.word());
    for workflow in store::workflows_of_round(conn, round)?.into_iter().filter(|workflow| *workflow != newest) {
        wanted = wanted.or_more(funds::store::workflow(conn, workflow)?.wanted_at(milestone.word()));
    }
    Ok(wanted)
}

/// Asks those who can approve a release, or confirm the value of a draw, only since it was asked for.
///
/// # Errors
/// When the database fails.
pub fn ask_newcomers(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>, request: &Request) -> Result<()> {
    let Some(milestone) = Milestone::from_word(&request.subject) else {
        return draws::service::ask_newcomers(conn, scene, round, request);
    };
    let round = funds::store::round_by_id(conn, round)?;
    let thing = thing(conn, &round, milestone, scene.now)?;
    approvals::service::ask_newcomers(conn, scene, (&thing, &words(&round, milestone)), request)
}

/// Tells those whose approval of a release is void because another version of a bid stands now.
///
/// # Errors
/// When the database fails.
pub fn version_changed(conn: &mut Conn, scene: &Scene, round: Id<RoundKey>) -> Result<()> {
    let all = Milestone::ALL.iter().map(|milestone| (round, *milestone));
    tell_of_changes(conn, scene, &all.collect())
}

/// The releases whose list decisions have changed.
pub(super) type Touched = BTreeSet<(Id<RoundKey>, Milestone)>;

/// Tells those whose approval a changed decision has made void, where a release waits for approvals. For many decisions it
/// is asked once, after the last of them.
pub(super) fn tell_of_changes(conn: &mut Conn, scene: &Scene, touched: &Touched) -> Result<()> {
    for (round, milestone) in touched {
        if approvals::service::is_open(conn, *round, milestone.word())? {
            let round = funds::store::round_by_id(conn, *round)?;
            let thing = thing(conn, &round, *milestone, scene.now)?;
            approvals::service::changed(conn, scene, (&thing, &words(&round, *milestone)))?;
        }
    }
    Ok(())
}
