//! The use cases of conflicts of interest. Policy makes the wall of them, everywhere at once.

mod declare;
mod lift;
mod list;
mod recuse;
mod suggestions;

pub use declare::{Desk, declare, desk, own, to_declare};
pub use lift::{lift, one};
pub(in crate::assessment) use list::known;
pub use list::{declarations, of_round};
pub use recuse::{recuse, to_recuse};
pub(in crate::assessment) use suggestions::{Open, open, refusal};
pub use suggestions::{Possible, answer, possible};

pub(in crate::assessment) use store::{organisations_of_bids, withheld};

use serde_json::json;

use super::{
    letters,
    model::{Conflict, Origin},
    store::{self, ConflictRow},
};
use crate::{
    assessment::{self, service::person_of},
    bids,
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::Scene,
    identity::policy::{self, Action, BidKind, Capacity, Granted, Sight, Standing},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey},
};

/// A bid with which one may say that one has a conflict: never a draft, so that nobody learns that there is one.
fn declarable(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    let granted = policy::bid(conn, &scene.actor, Action::DeclareConflict, id)?;
    let standing = granted.standing();
    if standing.kind == Some(BidKind::Draft) || standing.never_submitted {
        return Err(AppError::NotFound);
    }
    Ok(granted)
}

/// A bid of which whoever leads the panel may say that somebody else has a conflict with it.
fn pinnable(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, Action::AssignAssessors, id)
}

/// Only a fund manager or moderator of a fund for which the person works may speak for them.
fn must_lead_panel_of(conn: &mut Conn, scene: &Scene, person: Id<PersonKey>) -> Result<()> {
    for fund in assessment::store::assignments::funds_of(conn, person)? {
        if leads(&policy::standing_on_fund(conn, &scene.actor, fund)?) {
            return Ok(());
        }
    }
    Err(AppError::NotFound)
}

/// Whether the actor leads the panel of every fund for which a person works: what stands in all of them nobody else lifts.
fn leads_every_panel_of(conn: &mut Conn, scene: &Scene, person: Id<PersonKey>) -> Result<bool> {
    let funds = assessment::store::assignments::funds_of(conn, person)?;
    for fund in &funds {
        if !leads(&policy::standing_on_fund(conn, &scene.actor, *fund)?) {
            return Ok(false);
        }
    }
    Ok(!funds.is_empty())
}

fn leads(standing: &Standing) -> bool {
    standing.is(Capacity::FundManager) || standing.is(Capacity::Moderator)
}

/// A conflict on its way in.
struct New<'a> {
    person: Id<PersonKey>,
    with: (Option<Id<BidKey>>, Option<Id<OrganisationKey>>),
    origin: Origin,
    reason: &'a str,
    until: Option<Moment>,
}

/// Writes a conflict down: whoever has it loses the bids concerned at once.
fn put(conn: &mut Conn, scene: &Scene, sight: &Sight, new: &New<'_>) -> Result<Conflict> {
    let (bid, organisation) = new.with;
    let row = ConflictRow {
        id: scene.fresh(),
        person: new.person,
        bid,
        organisation,
        origin: new.origin,
        reason: new.reason.trim(),
        until: new.until,
    };
    store::insert(conn, sight, row, (person_of(scene)?, scene.now))?;
    let conflict = store::conflict(conn, sight, row.id)?;
    record(conn, scene, sight, "conflict.declared", &conflict)?;
    take_back(conn, scene, new.person)?;
    Ok(conflict)
}

/// The bids that a person may no longer read are given to nobody by that: what the person wrote is sealed and counts no more, and
/// the fund's managers are asked for somebody else, which stays asked when the conflict ends. What is decided was read as it was:
/// there nothing is taken back.
fn take_back(conn: &mut Conn, scene: &Scene, person: Id<PersonKey>) -> Result<()> {
    let hidden = policy::conflicted_bids(conn, person, scene.now)?;
    for (bid, round) in assessment::store::assignments::given_to(conn, person)? {
        if hidden.contains(&bid) {
            assessment::store::assignments::end(conn, bid, person, scene.now)?;
            assessment::store::lost::insert(conn, bid, person, scene.now)?;
            scene.tell(conn, Chain::Round(round), "assessor.unassigned", json!({ "bid": bid, "assessor": person }))?;
            letters::reader_wanted(conn, scene, bid, person)?;
        }
    }
    assessment::interviews::take_seats(conn, scene, person)
}

/// Whether a conflict of interest has taken a bid from a person who read it, and they do not have it now. What it took away ended
/// at the instant at which it came.
pub(in crate::assessment) fn has_ended_reading(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    person: Id<PersonKey>,
) -> Result<bool> {
    let ended = assessment::store::assignments::ended_of_bid(conn, bid)?;
    let Some(ended) = ended.into_iter().find(|ended| ended.person == person) else { return Ok(false) };
    store::came_at(conn, bid, (person, ended.at))
}

/// A conflict with a bid stands in the history of its round, one with an organisation in that of each fund concerned.
fn record(conn: &mut Conn, scene: &Scene, sight: &Sight, kind: &'static str, conflict: &Conflict) -> Result<()> {
    let detail = json!({
        "conflict": conflict.id, "person": conflict.person_id, "bid": conflict.bid_id,
        "organisation": conflict.organisation_id, "origin": conflict.origin, "until": conflict.until_at,
    });
    for chain in chains(conn, sight, conflict)? {
        scene.tell(conn, chain, kind, detail.clone())?;
    }
    Ok(())
}

fn chains(conn: &mut Conn, sight: &Sight, conflict: &Conflict) -> Result<Vec<Chain>> {
    if let Some(bid) = conflict.bid_id {
        let round: Id<RoundKey> = store::round_of(conn, sight, bid)?;
        return Ok(vec![Chain::Round(round)]);
    }
    let funds = assessment::store::assignments::funds_of(conn, conflict.person_id)?;
    Ok(funds.into_iter().map(Chain::Fund).collect())
}
