//! How many people would get each mail now. What a conflict of interest hides from whoever asks is not counted.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use crate::{
    awards::{
        self,
        model::Decision,
        readiness::Readers,
        store::{Audience, RoundBid},
    },
    bids::holds::{self, model::Span},
    db::Conn,
    error::{AppError, Result},
    funds::{self, model::Round},
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

/// The milestones whose outcomes are released without mail.
type Silent = BTreeSet<String>;

/// The submitted bids of a round that the asker may see, and who reads the mail about them.
pub struct Bids {
    standings: Vec<Standing>,
    audience: Audience,
    silent: Silent,
}

impl Bids {
    /// Reads them. Of one that is on hold nobody hears anything, nor of any once the round was called off.
    pub fn of(conn: &mut Conn, scene: &Scene, round: &Round, granted: &Granted<RoundKey>) -> Result<Self> {
        let mut bids = visible(conn, scene, granted)?;
        let holds = holds::store::spans_of_round(conn, round.id)?;
        let is_on_hold = |bid: &RoundBid| holds.get(&bid.id).is_some_and(|spans| spans.iter().any(Span::stands));
        bids.retain(|bid| round.cancelled_at.is_none() && !is_on_hold(bid));
        let audience = Audience::of(conn, &bids)?;
        let mut decisions: BTreeMap<Id<BidKey>, Vec<Decision>> = BTreeMap::new();
        for decision in awards::store::decisions_of_round(conn, granted)? {
            decisions.entry(decision.bid_id).or_default().push(decision);
        }
        let timetable = awards::store::shown_timetable(conn, round.id, scene.now)?;
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
        let silent = awards::store::silent_releases(conn, granted)?;
        let silent = silent.into_iter().map(|milestone| milestone.word().to_owned()).collect();
        Ok(Self { standings, audience, silent })
    }

    /// Who would get one mail that this transition sends, if staff may know.
    pub fn readers(&self, definition: &Definition, transition: &Transition) -> Option<Readers> {
        let counted = Counted::of(definition, transition);
        let is_silent = transition.release.as_ref().is_some_and(|milestone| self.silent.contains(milestone));
        let is_meant = |standing: &&Standing| match counted {
            Counted::Decided => standing.waiting.contains(&transition.id) && !is_silent,
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
