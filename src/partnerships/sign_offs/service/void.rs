//! What becomes of signatures when a bid says something else than what was signed.

use serde_json::json;

use super::{
    super::{
        letters,
        model::{SignOff, SignOffState},
        store,
    },
    ask::ask,
    rules_of,
};
use crate::{
    bids::{
        self,
        content::{self, Content, Sealed},
        terms::{self, must_sign},
    },
    db::Conn,
    error::Result,
    events::Chain,
    funds::rulebook::{Rulebook, Stage},
    http::Scene,
    identity::policy::Granted,
    ids::{BidKey, Id, OrganisationKey, PersonKey},
};

/// Makes signatures void whose terms no longer stand, and those of councils that need not sign any more: the signatories are told what
/// has changed and asked again, once. A request that has no answer follows what stands.
///
/// # Errors
/// When the database fails.
pub fn void_if_changed(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<()> {
    let mut kept = store::of_bid(conn, bid)?;
    kept.retain(|sign_off| matches!(sign_off.state, SignOffState::Requested | SignOffState::Signed));
    if kept.is_empty() {
        return Ok(());
    }
    let now = content::sealed(conn, bid, Stage::Full)?;
    let rules = rules_of(conn, bid)?;
    for before in kept {
        let signs = must_sign(&now.content, &rules).iter().any(|council| council.id == before.organisation_id);
        let is_open = before.state == SignOffState::Requested;
        if !signs || (!is_open && !before.covers(&now)?) {
            void(conn, scene, bid, &before, (&now, &rules))?;
        } else if is_open && before.hash != hex::encode(&now.hash) {
            store::request_for(conn, bid, before.id, &now)?;
        }
    }
    Ok(())
}

fn void(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    before: &SignOff,
    (now, rules): (&Sealed, &Rulebook),
) -> Result<()> {
    let text = store::signed_text(conn, bid, before.id)?;
    store::make_void(conn, bid, before.id)?;
    let detail = json!({
        "sign_off": before.id, "organisation": before.organisation_id,
        "signed": before.hash, "stands": hex::encode(&now.hash), "terms": hex::encode(&now.terms),
    });
    let kind = if before.state == SignOffState::Signed { "sign_off.void" } else { "sign_off.ended" };
    scene.tell(conn, Chain::Bid(bid.id()), kind, detail)?;
    if !must_sign(&now.content, rules).iter().any(|council| council.id == before.organisation_id) {
        return Ok(());
    }
    let signed: Option<Content> = text.map(|text| serde_json::from_str(&text)).transpose()?;
    let changes = signed.map(|signed| terms::changes(&signed, &now.content, rules)).unwrap_or_default();
    let heading = bids::store::load(conn, bid)?;
    let asked = ask(conn, scene, bid, now, (before.organisation_id, before.requested_by))?;
    letters::to_signatories(conn, scene, &heading, &asked, ("sign-off-void", &changes)).map(drop)
}

/// Asks the officers of a council to sign what stands now, in the place of another council that was asked or had signed before
/// it led the bid no more. Where the new one is asked or has signed already, nothing changes.
///
/// # Errors
/// When the database fails.
pub fn ask_in_place(
    conn: &mut Conn,
    scene: &Scene,
    bid: &Granted<BidKey>,
    council: Id<OrganisationKey>,
    asker: Id<PersonKey>,
) -> Result<()> {
    let now = content::sealed(conn, bid, Stage::Full)?;
    let open = |one: &SignOff| matches!(one.state, SignOffState::Requested | SignOffState::Signed);
    let kept = store::of_bid(conn, bid)?;
    if kept.iter().any(|one| one.organisation_id == council && open(one)) {
        return Ok(());
    }
    let heading = bids::store::load(conn, bid)?;
    let asked = ask(conn, scene, bid, &now, (council, asker))?;
    letters::to_signatories(conn, scene, &heading, &asked, ("sign-off-wanted", &[])).map(drop)
}

/// Asks nobody any more to sign a bid that its councils have ended.
///
/// # Errors
/// When the database fails.
pub fn end_requests(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<()> {
    for asked in store::of_bid(conn, bid)?.iter().filter(|one| one.state == SignOffState::Requested) {
        store::make_void(conn, bid, asked.id)?;
        let detail = json!({ "sign_off": asked.id, "organisation": asked.organisation_id });
        scene.tell(conn, Chain::Bid(bid.id()), "sign_off.ended", detail)?;
    }
    Ok(())
}

/// What a change of the partners brings: a signature becomes void at once, and whoever keeps approvals is told by a job.
///
/// # Errors
/// When the database fails.
pub fn parts_changed(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>) -> Result<()> {
    void_if_changed(conn, scene, bid)?;
    bids::service::order_look(conn, scene, bid.id())
}
