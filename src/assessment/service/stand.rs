//! Where the fund has decided that bids stand. Whether a bid takes scores follows from the decisions about it, which lie
//! beside its row; nothing is kept twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    assessment::{gateway, model::BidRow, store},
    clock::Moment,
    db::Conn,
    error::Result,
    funds,
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, Id, RoundKey, WorkflowKey},
    workflow::{Definition, Effect, Gate, Outcome, Place, Timetable, Transition},
};

/// The bids of a round that are for assessment as the fund has decided, less those that a conflict of interest hides.
///
/// # Errors
/// When the database fails.
pub fn for_assessment(conn: &mut Conn, granted: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<BidRow>> {
    let decided = Decided::of_round(conn, granted)?;
    let mut bids = store::bids_of(conn, granted, sight)?;
    bids.retain(|bid| decided.is_for_assessment(bid));
    Ok(bids)
}

/// The same as far as everybody may know, for whoever must not learn what the fund has decided.
///
/// # Errors
/// When the database fails.
pub fn known_for_assessment(conn: &mut Conn, granted: &Granted<RoundKey>, sight: &Sight) -> Result<Vec<BidRow>> {
    let known = Decided::new(funds::store::workflows_of_round(conn, granted.id())?, Vec::new());
    let mut bids = store::bids_of(conn, granted, sight)?;
    bids.retain(|bid| bid.kind == BidKind::Review || known.is_for_assessment(bid));
    Ok(bids)
}

/// Which of these bids of a round take assessments, as the fund has decided and once they have passed their gateway checks.
///
/// # Errors
/// When the database fails.
pub fn open_for_scores(conn: &mut Conn, granted: &Granted<RoundKey>, bids: &[BidRow]) -> Result<BTreeSet<Id<BidKey>>> {
    let decided = Decided::of_round(conn, granted)?;
    let gateway = gateway::service::standings(conn, granted)?;
    let passed = |bid: &BidRow| gateway.on(bid.id).is_none_or(|standing| standing.must_take_scores().is_ok());
    Ok(bids.iter().filter(|bid| decided.takes_scores(bid) && passed(bid)).map(|bid| bid.id).collect())
}

/// The decisions about one bid or about all bids of a round. For the fund's people only.
pub(in crate::assessment) struct Decided {
    definitions: BTreeMap<Id<WorkflowKey>, Definition>,
    taken: BTreeMap<Id<BidKey>, Vec<String>>,
    timetable: Timetable,
}

impl Decided {
    pub(in crate::assessment) fn of_bid(conn: &mut Conn, granted: &Granted<BidKey>, bid: &BidRow) -> Result<Self> {
        let taken = store::decisions_of_bid(conn, granted)?;
        let definition = funds::store::workflow(conn, bid.workflow_id)?;
        Ok(Self::new([(bid.workflow_id, definition)], taken))
    }

    /// Each bid of a round goes by the version of the workflow that it is pinned to.
    pub(in crate::assessment) fn of_round(conn: &mut Conn, granted: &Granted<RoundKey>) -> Result<Self> {
        let taken = store::decisions_of_round(conn, granted)?;
        Ok(Self::new(funds::store::workflows_of_round(conn, granted.id())?, taken))
    }

    fn new(
        definitions: impl IntoIterator<Item = (Id<WorkflowKey>, Definition)>,
        taken: Vec<(Id<BidKey>, String, String)>,
    ) -> Self {
        let mut by_bid: BTreeMap<Id<BidKey>, Vec<(Option<Gate>, String)>> = BTreeMap::new();
        for (bid, gate, transition) in taken {
            by_bid.entry(bid).or_default().push((Gate::from_word(&gate), transition));
        }
        let in_order = |(bid, mut decisions): (Id<BidKey>, Vec<(Option<Gate>, String)>)| {
            decisions.sort_by_key(|(gate, _)| *gate);
            (bid, decisions.into_iter().map(|(_, transition)| transition).collect())
        };
        // Releases change what is shown, never what is decided: any instant without milestones will do.
        let timetable = Timetable::new(Moment::from_micros(0), []);
        let definitions = definitions.into_iter().collect();
        Self { definitions, taken: by_bid.into_iter().map(in_order).collect(), timetable }
    }

    fn state(&self, bid: &BidRow) -> String {
        let taken = self.taken.get(&bid.id).map(Vec::as_slice).unwrap_or_default();
        let definition = self.definitions.get(&bid.workflow_id);
        let place = definition.and_then(|definition| Place::of(definition, &bid.state, taken, &self.timetable));
        place.map_or_else(|| bid.state.clone(), |place| place.decided().to_owned())
    }

    fn transitions(&self, bid: &BidRow) -> impl Iterator<Item = &Transition> {
        self.definitions.get(&bid.workflow_id).into_iter().flat_map(|definition| &definition.transitions)
    }

    fn transition(&self, bid: &BidRow, id: &str) -> Option<&Transition> {
        self.definitions.get(&bid.workflow_id)?.transition(id)
    }

    fn is_before(&self, bid: &BidRow, wanted: impl Fn(&Transition) -> bool) -> bool {
        let state = self.state(bid);
        self.transitions(bid).any(|transition| transition.leaves(&state) && wanted(transition))
    }

    /// Whether assessors may score the bid: the next thing is that its scoring closes.
    pub(in crate::assessment) fn takes_scores(&self, bid: &BidRow) -> bool {
        self.is_before(bid, |transition| transition.effects.contains(&Effect::CloseScoring))
    }

    /// Whether assessors may score the bid, or might once it is found eligible.
    pub(in crate::assessment) fn may_take_scores(&self, bid: &BidRow) -> bool {
        self.takes_scores(bid) || (self.is_for_assessment(bid) && !self.was_opened(bid))
    }

    /// Whether assessors may or might score the bid, and its councils have not withdrawn it.
    pub(in crate::assessment) fn was_opened(&self, bid: &BidRow) -> bool {
        let opens = |id: &String| {
            let transition = self.transition(bid, id);
            transition.is_some_and(|transition| transition.effects.contains(&Effect::OpenScoring))
        };
        let opened = self.taken.get(&bid.id).is_some_and(|taken| taken.iter().any(opens));
        (opened || self.takes_scores(bid)) && !self.is_withdrawn(bid)
    }

    /// Whether the bid waits to be found eligible, or has been.
    pub(in crate::assessment) fn is_for_assessment(&self, bid: &BidRow) -> bool {
        self.is_before(bid, |transition| transition.gate == Some(Gate::Eligibility)) || self.was_opened(bid)
    }

    /// Whether the fund has decided that the bid is interviewed; nothing before it has.
    pub(in crate::assessment) fn interviews(&self, bid: &BidRow) -> Option<bool> {
        let definition = self.definitions.get(&bid.workflow_id)?;
        let invites = |id: &String| {
            let transition = definition.transition(id);
            transition.is_some_and(|transition| definition.invites_to_interview(transition))
        };
        if self.taken.get(&bid.id).is_some_and(|taken| taken.iter().any(invites)) {
            return Some(true);
        }
        (!definition.may_invite_from(&self.state(bid))).then_some(false)
    }

    /// Whether it is still to be decided whether the bid gets money.
    pub(in crate::assessment) fn waits_for_award(&self, bid: &BidRow) -> bool {
        let definition = self.definitions.get(&bid.workflow_id);
        definition.is_some_and(|definition| definition.may_award_from(&self.state(bid)))
    }

    /// Whether the bid waits for the outcome of the sift, as everybody may know.
    pub(in crate::assessment) fn is_in_sift(&self, bid: &BidRow) -> bool {
        self.transitions(bid).any(|transition| transition.gate == Some(Gate::Sift) && transition.leaves(&bid.state))
    }

    /// Whether the sift of the bid is over, as everybody may know, and the fund decided on it.
    pub(in crate::assessment) fn was_sifted(&self, bid: &BidRow) -> bool {
        let at_sift =
            |id: &String| self.transition(bid, id).is_some_and(|transition| transition.gate == Some(Gate::Sift));
        !self.is_in_sift(bid) && self.taken.get(&bid.id).is_some_and(|taken| taken.iter().any(at_sift))
    }

    fn is_withdrawn(&self, bid: &BidRow) -> bool {
        let definition = self.definitions.get(&bid.workflow_id);
        definition.and_then(|definition| definition.result_of(&bid.state)) == Some(Outcome::Withdrawn)
    }
}
