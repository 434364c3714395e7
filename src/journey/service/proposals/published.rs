//! Bids whose expression of interest everybody can read: councils that have nothing to do with them can ask to join.

use serde::{Deserialize, Serialize};

use super::{
    case::Place,
    look::{ProposalView, view},
    sides::{if_allowed, known_bid},
};
use crate::{
    bids::{self, content::Party},
    db::Conn,
    error::{AppError, Result},
    funds::{
        model::{Milestone, RoundState},
        rulebook::Stage,
    },
    http::{App, Call, Scene},
    identity::{
        policy::{self, Action},
        store::organisations,
    },
    ids::{BidKey, Id},
    partnerships::{
        councils_of,
        model::PartnerState,
        proposals::{model::ProposalKind, store},
    },
    workflow::State,
};

/// Whether everybody can read the expression of interest of a bid.
pub(super) fn is_published(conn: &mut Conn, scene: &Scene, bid: Id<BidKey>) -> Result<bool> {
    let place = Place::of(conn, scene, bid)?;
    let round = &place.known.round;
    let now = round.round.instant(scene.now);
    let closed = round.timetable.at(Milestone::EoiCloses).is_some_and(|closes| now > closes);
    let shown = round.round.state == RoundState::Published && place.known.bid.state != State::WITHDRAWN;
    Ok(shown && closed && bids::store::standing_text(conn, &place.granted, Stage::Eoi)?.is_some())
}

/// What somebody needs who asks to join a bid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Joining {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead: String,
    /// The councils of whoever asks, for which they can ask: those that are no part of the bid.
    pub own: Vec<Party>,
    /// What their councils have asked already, newest first.
    pub asked: Vec<ProposalView>,
}

/// The same, for people of councils.
///
/// # Errors
/// `NotFound` where no expression of interest is published; `Forbidden` for whoever works for no council.
pub async fn joining(app: &App, call: &Call, (slug, reference): (String, String)) -> Result<Joining> {
    call.read(app, move |conn, scene| {
        let bid = known_bid(conn, scene, &reference)?;
        let place = Place::of(conn, scene, bid)?;
        if place.known.round.round.slug != slug || !is_published(conn, scene, bid)? {
            return Err(policy::hidden_from(&scene.actor));
        }
        let councils = councils_of(conn, &[(bid, place.lead())], PartnerState::STANDING)?;
        let taken: Vec<_> = councils.into_values().flatten().collect();
        let sight = policy::sight(conn, &scene.actor)?;
        let mut own = Vec::new();
        for id in &sight.organisations {
            let works_there = if_allowed(policy::organisation(conn, &scene.actor, Action::StartBid, *id))?;
            if works_there.is_some() && !taken.contains(id) {
                let found = organisations::by_id(conn, *id)?;
                own.push(Party { id: found.id, code: found.code, name: found.name });
            }
        }
        let mut asked = Vec::new();
        for proposal in store::of_bid(conn, bid)? {
            if proposal.kind == ProposalKind::Join && sight.organisations.contains(&proposal.organisation_id) {
                asked.extend(view(conn, scene, proposal)?);
            }
        }
        if own.is_empty() && asked.is_empty() {
            let message = "Only people of a council that has no part in this bid can ask to join it.";
            return Err(AppError::forbidden("not_allowed", message));
        }
        let lead = organisations::by_id(conn, place.lead())?.name;
        let bid = &place.known.bid;
        Ok(Joining { reference: bid.reference.clone(), title: bid.title.clone(), lead, own, asked })
    })
    .await
}
