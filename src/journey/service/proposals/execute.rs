//! Doing what everybody has agreed to.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    answer::ask,
    case::{Case, Place},
    lapse::lapse_all,
    letters,
};
use crate::{
    actor::Actor,
    bids::{self, content},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::{pages::sentence, rulebook::Stage},
    http::Scene,
    identity::policy::{self, Action},
    ids::{BidKey, Id},
    journey::service::{letters::Mailing, take},
    partnerships::{
        self,
        proposals::{
            model::{Proposal, ProposalKind, ProposalState, Side},
            put, store,
        },
        rules::{self, model::RuleName},
        sign_offs::{
            model::SignOff,
            service::{self as sign_offs, parts_changed},
        },
    },
};

/// Writes the partnership as everybody agreed to it; of two bids that become one, ends the other.
///
/// # Errors
/// `Conflict` when the round's rules would no longer hold: then nothing is done.
pub(super) fn execute(conn: &mut Conn, scene: &Scene, case: &Case) -> Result<()> {
    let bid = &case.place.granted;
    let (broken, signing) = (broken_rules(conn, &case.place)?, sign_offs::standing(conn, bid)?);
    let signing_other = match &case.other {
        Some(other) => sign_offs::standing(conn, &other.granted)?,
        None => Vec::new(),
    };
    if !store::end(conn, case.proposal.id, (ProposalState::Done, None), scene.now)? {
        return Err(AppError::Stale { current: case.proposal.version });
    }
    let reason = format!("Leads the bid since {}.", scene.now.in_words());
    put::partnership(conn, scene, bid, (&case.before, &case.after), &reason)?;
    tell(conn, scene, case)?;
    if let Some(other) = &case.other {
        bring_documents(conn, scene, &case.place, other)?;
        end(conn, scene, case, other)?;
    }
    let now_broken = broken_rules(conn, &case.place)?;
    super::propose::refuse(newly_broken(&broken, &now_broken))?;
    letters::done(conn, scene, case, (&signing, &signing_other))?;
    parts_changed(conn, scene, bid)?;
    if case.proposal.kind == ProposalKind::Lead {
        led_anew(conn, scene, case, &signing)?;
    }
    Ok(())
}

/// What the round's rules have against the councils of a bid. While it is written only those about several bids count here: the
/// others are asked when it is submitted, which is over once it was.
fn broken_rules(conn: &mut Conn, place: &Place) -> Result<BTreeSet<(RuleName, String)>> {
    let asked = rules::asked(conn, &place.granted, &place.known.round)?;
    let counts = |rule: RuleName| place.is_submitted() || is_across_bids(rule);
    let broken = asked.into_iter().filter(|asked| counts(asked.rule) && !asked.holds);
    Ok(broken.map(|asked| (asked.rule, asked.words)).collect())
}

const fn is_across_bids(rule: RuleName) -> bool {
    matches!(rule, RuleName::MostJoined | RuleName::Excludes)
}

/// What was not broken before, in words. A rule about several bids can be broken for another council as well; of the others the
/// words alone tell how many councils are missing.
fn newly_broken(before: &BTreeSet<(RuleName, String)>, now: &BTreeSet<(RuleName, String)>) -> Vec<String> {
    let was_broken = |rule: RuleName| before.iter().any(|(broken, _)| *broken == rule);
    let new = now.difference(before).filter(|(rule, _)| is_across_bids(*rule) || !was_broken(*rule));
    new.map(|(_, words)| sentence(words)).collect()
}

fn tell(conn: &mut Conn, scene: &Scene, case: &Case) -> Result<()> {
    let bid = case.place.granted.id();
    let detail = json!({
        "proposal": case.proposal.id, "organisation": case.proposal.organisation_id, "from": case.before.lead.id,
        "terms": case.terms,
    });
    match case.proposal.kind {
        ProposalKind::Lead => scene.tell(conn, Chain::Bid(bid), "lead.changed", detail),
        ProposalKind::Join => scene.tell(conn, Chain::Bid(bid), "partner.joined", detail),
        ProposalKind::Merge => {
            let ended = case.ends.as_ref().map(|ends| ends.reference.as_str());
            scene.tell(conn, Chain::Bid(bid), "bid.merged", json!({ "proposal": case.proposal.id, "ended": ended }))
        }
    }
}

/// The documents of both bids are those of the one that stays: of a bid whose form is closed those that it submitted last.
fn bring_documents(conn: &mut Conn, scene: &Scene, stays: &Place, ends: &Place) -> Result<()> {
    let written = match ends.known.stage {
        Some(stage) => stage,
        None if content::standing(conn, &ends.granted, Stage::Full)?.is_some() => Stage::Full,
        None => Stage::Eoi,
    };
    let (from, to) = ((&ends.granted, written), (&stays.granted, stays.stage()));
    bids::documents::bringing::bring(conn, scene, from, to, ends.reference())
}

/// Ends the bid that has become part of another: it is withdrawn as far as its workflow goes, its text stays readable to its
/// people, and nobody is asked about it any more.
fn end(conn: &mut Conn, scene: &Scene, case: &Case, other: &Place) -> Result<()> {
    let ended = other.granted.id();
    let detail = json!({ "proposal": case.proposal.id, "into": case.before.reference });
    scene.tell(conn, Chain::Bid(ended), "bid.merged_into", detail)?;
    let withdrawal = case.withdrawal().ok_or_else(|| AppError::internal("a bid that cannot be ended"))?;
    take::perform(conn, scene, &other.granted, &other.known, (withdrawal, Mailing::Elsewhere)).map(drop)?;
    let why = format!("{} has become one with {}.", case.before.reference, other.reference());
    lapse_all(conn, scene, case.place.granted.id(), &why)
}

/// A new lead signs where the old one was asked or had signed; what was proposed to the old one is over.
fn led_anew(conn: &mut Conn, scene: &Scene, case: &Case, signing: &[SignOff]) -> Result<()> {
    let (bid, lead) = (&case.place.granted, case.after.lead.id);
    if let Some(before) = signing.iter().find(|one| one.organisation_id == case.before.lead.id) {
        sign_offs::ask_in_place(conn, scene, bid, lead, before.requested_by)?;
    }
    let why = format!("{} leads {} now.", case.after.lead.name, case.before.reference);
    lapse_all(conn, scene, bid.id(), &why)?;
    ask_the_new_lead(conn, scene, bid.id())?;
    let organisation = policy::organisation(conn, &Actor::System, Action::StartBid, lead)?;
    bids::led::service::warn(conn, scene, &organisation, &case.place.known.round)
}

/// Whoever asked to join is answered by the new lead, so that nobody waits for a council that leads no more.
fn ask_the_new_lead(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<()> {
    for proposal in store::of_bid(conn, bid)?.into_iter().filter(Proposal::is_open) {
        let case = Case::of(conn, scene, proposal)?;
        ask(conn, scene, &case, (Side::Lead, false))?;
    }
    Ok(())
}

/// Whose signatures become void by it, or are asked for no more: names of councils.
pub(super) fn signed_by(case: &Case, signing: &[SignOff]) -> Vec<String> {
    let councils = std::iter::once(&case.before.lead)
        .chain(case.before.partners.iter().map(|partner| &partner.organisation))
        .chain(case.ends.iter().flat_map(|ends| {
            std::iter::once(&ends.lead).chain(ends.partners.iter().map(|partner| &partner.organisation))
        }));
    let signed = |id| {
        let state = partnerships::sign_offs::model::SignOffState::Signed;
        signing.iter().any(|one| one.organisation_id == id && one.state == state)
    };
    let mut names: Vec<String> = councils.filter(|council| signed(council.id)).map(|it| it.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}
