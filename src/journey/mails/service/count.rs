//! How many people would get each mail now. What a conflict of interest hides from whoever asks is not counted.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use crate::{
    awards::{
        self,
        model::Decision,
        readiness::Readers,
        store::{Audience, RoundBid},
    },
    db::Conn,
    error::{AppError, Result},
    funds,
    http::Scene,
    identity::policy::{self, Granted},
    ids::{BidKey, Id, RoundKey, WorkflowKey},
    journey::mails::model::Counted,
    workflow::{Definition, Place, Transition},
};

/// A submitted bid that the asker may see, and where it stands.
struct Standing {
    bid: RoundBid,
    place: Place,
    /// The transitions of the decisions on it that have not moved it yet.
    waiting: BTreeSet<String>,
}

/// The submitted bids of a round that the asker may see, and who reads the mail about them.
pub struct Bids {
    standings: Vec<Standing>,
    audience: Audience,
}

impl Bids {
    /// Reads them.
    pub fn of(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>) -> Result<Self> {
        let bids = visible(conn, scene, round)?;
        let audience = Audience::of(conn, &bids)?;
        let mut decisions: BTreeMap<Id<BidKey>, Vec<Decision>> = BTreeMap::new();
        for decision in awards::store::decisions_of_round(conn, round)? {
            decisions.entry(decision.bid_id).or_default().push(decision);
        }
        let timetable = awards::store::shown_timetable(conn, round.id(), scene.now)?;
        let mut definitions: BTreeMap<Id<WorkflowKey>, Definition> = BTreeMap::new();
        let mut standings = Vec::new();
        for bid in bids {
            let definition = match definitions.entry(bid.workflow_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(funds::store::workflow(conn, bid.workflow_id)?),
            };
            let decisions = decisions.remove(&bid.id).unwrap_or_default();
            let taken: Vec<&str> = decisions.iter().map(|decision| decision.transition.as_str()).collect();
            let place = Place::of(definition, &bid.state, &taken, &timetable);
            let place =
                place.ok_or_else(|| AppError::internal("a bid is in a state that its workflow does not know"))?;
            let waiting = decisions.into_iter().filter(|decision| decision.recorded_at.is_none());
            let waiting = waiting.map(|decision| decision.transition).collect();
            standings.push(Standing { bid, place, waiting });
        }
        Ok(Self { standings, audience })
    }

    /// Who would get one mail that this transition sends, if staff may know.
    pub fn readers(&self, definition: &Definition, transition: &Transition) -> Option<Readers> {
        let counted = Counted::of(definition, transition);
        let is_meant = |standing: &&Standing| match counted {
            Counted::Decided => standing.waiting.contains(&transition.id),
            Counted::Standing => standing.place.offers(transition),
            Counted::Drafts => false,
        };
        let meant = self.standings.iter().filter(is_meant).map(|standing| (standing.bid.id, 1));
        (counted != Counted::Drafts).then(|| self.audience.readers(meant))
    }
}

/// The submitted bids of a round by reference, without those that a conflict of interest hides.
pub fn visible(conn: &mut Conn, scene: &Scene, round: &Granted<RoundKey>) -> Result<Vec<RoundBid>> {
    let sight = policy::sight(conn, &scene.actor)?;
    let mut bids = awards::store::bids_of_round(conn, round)?;
    bids.retain(|bid| !sight.hidden.contains(&bid.id));
    Ok(bids)
}
