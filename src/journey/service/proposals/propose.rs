//! Proposing.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    answer::go_on,
    case::Case,
    look::{ProposalView, view},
    sides::{if_allowed, known_bid, sides_of},
};
use crate::{
    bids::{
        self,
        content::{self, Party},
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    funds::rulebook::Stage,
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action, Granted},
        store::organisations,
    },
    ids::{BidKey, Id, OrganisationKey},
    journey::service::timers,
    partnerships::{
        proposals::{
            model::{Consent, NewProposal, Proposal, ProposalKind, ProposalState, Side},
            store,
        },
        service::profile,
    },
};

/// What somebody needs who proposes something about a bid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Starting {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead: Party,
    /// The partners that have confirmed: one of them can lead.
    pub partners: Vec<Party>,
    /// Whether whoever looks works for the lead authority.
    pub leads: bool,
}

/// The same, for the people of its councils.
///
/// # Errors
/// As policy says.
pub async fn starting(app: &App, call: &Call, reference: String) -> Result<Starting> {
    call.read(app, move |conn, scene| {
        let bid = granted(conn, scene, &reference)?;
        let now = content::current(conn, &bid, Stage::Full)?;
        let confirmed = now.partners.into_iter().filter(|partner| partner.confirmed);
        Ok(Starting {
            partners: confirmed.map(|partner| partner.organisation).collect(),
            leads: bid.standing().leads(),
            reference: now.reference,
            title: now.title,
            lead: now.lead,
        })
    })
    .await
}

fn granted(conn: &mut Conn, scene: &Scene, reference: &str) -> Result<Granted<BidKey>> {
    let id = bids::store::id_of(conn, reference).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
    policy::bid(conn, &scene.actor, Action::ChangePartnership, id)
}

/// Proposes another lead, a merger or that one's own council joins. Those whose turn it is are asked by mail.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Conflict` when the same is proposed already (`proposed_already`), or with
/// `cannot_be_done` and every reason.
pub async fn propose(app: &App, call: &Call, reference: String, new: NewProposal) -> Result<ProposalView> {
    call.write(app, move |conn, scene| {
        let proposal = match new.kind {
            ProposalKind::Lead => of_lead(conn, scene, &reference, &new)?,
            ProposalKind::Join => of_joining(conn, scene, &reference, &new)?,
            ProposalKind::Merge => of_merger(conn, scene, &reference, &new)?,
        };
        for bid in std::iter::once(proposal.bid_id).chain(proposal.other_bid_id) {
            refuse_a_second(conn, &proposal, bid)?;
        }
        let id = proposal.id;
        store::insert(conn, &proposal)?;
        let case = Case::of(conn, scene, proposal)?;
        refuse(case.against(conn, scene)?)?;
        tell(conn, scene, &case, "partnership.proposed")?;
        // Whoever proposes another lead has said that they are for it. Of a merger they have not seen yet what it would be.
        if let (ProposalKind::Lead, Some(side)) = (case.proposal.kind, case.proposer()) {
            agreed(conn, scene, &case, side)?;
        }
        let case = Case::of(conn, scene, case.proposal)?;
        go_on(conn, scene, &case)?;
        let bid = bids::store::id_of(conn, &reference)?;
        let kept = store::one(conn, bid, id)?;
        view(conn, scene, kept)?.ok_or(AppError::NotFound)
    })
    .await
}

/// Every reason why it cannot be done, at once.
pub(super) fn refuse(against: Vec<String>) -> Result<()> {
    if against.is_empty() { Ok(()) } else { Err(AppError::conflict("cannot_be_done", against.join(" "))) }
}

/// Notes that a side agrees to what it has seen.
pub(super) fn agreed(conn: &mut Conn, scene: &Scene, case: &Case, side: Side) -> Result<()> {
    let asked_at = case.consent(side).map_or(scene.now, |asked| asked.asked_at);
    let consent = Consent {
        agreed_at: Some(scene.now),
        person_id: scene.actor.person(),
        seen: Some(case.terms.clone()),
        ..case.asked(side, asked_at)
    };
    store::put_consent(conn, case.proposal.id, &consent)
}

/// Tells the histories of the bids.
pub(super) fn tell(conn: &mut Conn, scene: &Scene, case: &Case, kind: &'static str) -> Result<()> {
    let Proposal { id, kind: what, organisation_id, bid_id, other_bid_id, .. } = &case.proposal;
    let detail = json!({
        "proposal": id, "what": what, "organisation": organisation_id, "bid": bid_id, "other_bid": other_bid_id,
        "terms": case.terms,
    });
    for place in case.places() {
        scene.tell(conn, Chain::Bid(place.granted.id()), kind, detail.clone())?;
    }
    Ok(())
}

fn of_lead(conn: &mut Conn, scene: &Scene, reference: &str, new: &NewProposal) -> Result<Proposal> {
    let bid = granted(conn, scene, reference)?;
    AppError::unless_empty(new.faults())?;
    timers::catch_up(conn, scene, bid.id())?;
    let now = content::current(conn, &bid, Stage::Full)?;
    let lead = organisation(conn, &new.organisation)?
        .filter(|lead| now.partners.iter().any(|partner| partner.organisation.id == *lead && partner.confirmed));
    let lead = lead.ok_or_else(|| {
        let message = "Choose a partner of the bid that has confirmed. Another council has to become one first.";
        AppError::invalid("organisation", "not_a_partner", message)
    })?;
    let mut proposal = proposal(conn, scene, (bid.id(), None, lead), new)?;
    let sides = sides_of(conn, scene, &proposal)?;
    proposal.proposed_for = match (sides.contains(&Side::Lead), sides.contains(&Side::NewLead)) {
        (true, _) => now.lead.id,
        (false, true) => lead,
        (false, false) => {
            let message = "Only people of the lead authority and of the council that is to lead can propose this.";
            return Err(AppError::forbidden("not_allowed", message));
        }
    };
    Ok(proposal)
}

fn of_joining(conn: &mut Conn, scene: &Scene, reference: &str, new: &NewProposal) -> Result<Proposal> {
    let bid = known_bid(conn, scene, reference)?;
    AppError::unless_empty(new.faults())?;
    timers::catch_up(conn, scene, bid)?;
    let council = organisation(conn, &new.organisation)?.ok_or_else(|| {
        let message = "There is no such council. Give its code or ONS code.";
        AppError::invalid("organisation", "unknown_organisation", message)
    })?;
    if if_allowed(policy::organisation(conn, &scene.actor, Action::StartBid, council))?.is_none() {
        let message = "Only people of the council that is to join can ask for it.";
        return Err(AppError::forbidden("not_allowed", message));
    }
    let mut new = new.clone();
    if new.terms.sponsor.trim().is_empty() {
        new.terms.sponsor = profile::of(conn, council)?.sponsor;
    }
    proposal(conn, scene, (bid, None, council), &new)
}

fn of_merger(conn: &mut Conn, scene: &Scene, reference: &str, new: &NewProposal) -> Result<Proposal> {
    let bid = granted(conn, scene, reference)?;
    if !bid.standing().leads() {
        let message = "Only people of the lead authority can propose that two bids become one.";
        return Err(AppError::forbidden("not_allowed", message));
    }
    AppError::unless_empty(new.faults())?;
    let other = if_allowed(known_bid(conn, scene, new.other_bid.trim()))?.filter(|other| *other != bid.id());
    let other = other.ok_or_else(|| {
        let message = "Enter the reference of another bid whose expression of interest is published, or in which your \
                       council takes part.";
        AppError::invalid("other_bid", "unknown_bid", message)
    })?;
    timers::catch_up(conn, scene, bid.id())?;
    timers::catch_up(conn, scene, other)?;
    let own = bids::store::load(conn, &bid)?.lead_id;
    let (stays, ends) = if new.other_stays { (other, bid.id()) } else { (bid.id(), other) };
    let ending = super::case::Place::of(conn, scene, ends)?;
    let mut proposal = proposal(conn, scene, (stays, Some(ends), ending.lead()), new)?;
    proposal.proposed_for = own;
    Ok(proposal)
}

/// The organisation that is named.
fn organisation(conn: &mut Conn, named: &str) -> Result<Option<Id<OrganisationKey>>> {
    let named = named.trim();
    let found = match named.parse() {
        Ok(id) => organisations::by_ids(conn, &[id])?.into_iter().next(),
        Err(_no_id) => organisations::find(conn, named)?,
    };
    Ok(found.map(|organisation| organisation.id))
}

fn proposal(
    conn: &mut Conn,
    scene: &Scene,
    (bid, other, organisation): (Id<BidKey>, Option<Id<BidKey>>, Id<OrganisationKey>),
    new: &NewProposal,
) -> Result<Proposal> {
    let person = scene.person_or("A person proposes this for a council, never a program.")?;
    let stage = super::case::Place::of(conn, scene, bid)?.stage();
    let mut terms = new.terms.clone();
    terms.role = terms.role.trim().into();
    terms.sponsor = terms.sponsor.trim().into();
    Ok(Proposal {
        id: scene.fresh(),
        bid_id: bid,
        kind: new.kind,
        other_bid_id: other,
        organisation_id: organisation,
        stage,
        terms,
        words: new.words.trim().into(),
        state: ProposalState::Open,
        proposed_by: person,
        proposed_for: organisation,
        proposed_at: scene.now,
        ended_at: None,
        ended_why: None,
        version: 1,
    })
}

/// One change of lead and one merger at a time, and one request of a council, so that nobody agrees to two that exclude each
/// other.
fn refuse_a_second(conn: &mut Conn, new: &Proposal, bid: Id<BidKey>) -> Result<()> {
    let same = |other: &Proposal| {
        other.is_open()
            && other.kind == new.kind
            && (new.kind != ProposalKind::Join || other.organisation_id == new.organisation_id)
    };
    if !store::of_bid(conn, bid)?.iter().any(same) {
        return Ok(());
    }
    let message = match new.kind {
        ProposalKind::Lead => "Another lead is proposed already. It has to be answered or taken back first.",
        ProposalKind::Join => "Your council has asked to join this bid already. Its lead has not answered yet.",
        ProposalKind::Merge => {
            "A merger of one of these bids is proposed already. It has to be answered or taken back first."
        }
    };
    Err(AppError::conflict("proposed_already", message))
}
