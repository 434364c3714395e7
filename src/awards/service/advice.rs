//! What decisions go by: the marks of the sift, or the ranking and the budget, whichever the gates go by at which they are taken.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    actor::Actor,
    assessment::{self, model::SiftResult},
    awards::{
        model::Gate,
        money_rule::{Ranked, Suggestion, fund_while_money_lasts},
        store,
    },
    db::Conn,
    error::Result,
    funds::{self, model::Milestone},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey},
    money::Pence,
    words,
    workflow::{Definition, Outcome},
};

words! {
    /// What decisions at a milestone go by.
    pub enum Basis {
        /// The marks of the sift, for those who may see them.
        Sift = "sift",
        /// The ranking and the budget.
        Ranking = "ranking",
        /// Neither.
        Nothing = "nothing",
    }
}

/// The gates at which decisions are taken that show at a milestone, and whether the workflow keeps a reserve list there.
pub(super) struct Gates {
    gates: BTreeSet<Gate>,
    reserves: bool,
}

impl Gates {
    /// What shows at once is decided one by one, and goes by nothing that bids are held against together.
    pub fn at(definitions: &[Definition], milestone: Option<Milestone>) -> Self {
        let release = milestone.map(Milestone::word);
        let mut at = Self { gates: BTreeSet::new(), reserves: false };
        for definition in definitions {
            let decisions = definition.transitions.iter().filter(|transition| transition.release.is_some());
            for decision in decisions.filter(|decision| decision.release.as_deref() == release) {
                at.gates.extend(decision.gate.map(Gate::from));
                at.reserves |= definition.result_of(&decision.to) == Some(Outcome::Reserve);
            }
        }
        at
    }

    /// Whether money is awarded at one of them.
    pub fn awards(&self) -> bool {
        self.gates.contains(&Gate::Award)
    }
}

impl Basis {
    /// What the gates go by, as far as the reader may see it.
    pub(super) fn of(gates: &Gates, round: &Granted<RoundKey>) -> Self {
        if gates.gates.contains(&Gate::Sift) {
            if round.standing().may(Action::SiftBid) { Self::Sift } else { Self::Nothing }
        } else if gates.awards() || gates.gates.contains(&Gate::Shortlist) {
            Self::Ranking
        } else {
            Self::Nothing
        }
    }
}

/// What the rooms below say of a round's bids.
#[derive(Default)]
pub(super) struct Advice {
    /// The sift's results.
    pub sift: BTreeMap<Id<BidKey>, SiftResult>,
    /// The places in the ranking.
    pub places: BTreeMap<Id<BidKey>, i32>,
    money: Suggestion,
}

impl Advice {
    /// Suggests only what can be decided at these gates.
    pub fn of(conn: &mut Conn, round: &Granted<RoundKey>, (basis, gates): (Basis, &Gates)) -> Result<Self> {
        let full = funds::store::round_by_id(conn, round.id())?;
        let full = funds::store::in_full(conn, full)?;
        match basis {
            Basis::Sift => {
                let sift = assessment::sift_results(conn, round, &full.rulebook)?;
                Ok(Self { sift, ..Self::default() })
            }
            Basis::Ranking => {
                let ranked = ranking(conn, round)?;
                let places = ranked.iter().map(|bid| (bid.bid, bid.place)).collect();
                let mut money = Suggestion::default();
                if gates.awards() {
                    money = fund_while_money_lasts(&ranked, full.round.budget_pence, full.rulebook.unaffordable);
                }
                if !gates.reserves {
                    money.rest.append(&mut money.reserve);
                }
                Ok(Self { places, money, ..Self::default() })
            }
            Basis::Nothing => Ok(Self::default()),
        }
    }

    /// What is suggested for a bid.
    pub fn on(&self, bid: Id<BidKey>) -> Option<&'static str> {
        let has = |bids: &[Id<BidKey>]| bids.contains(&bid);
        match self.sift.get(&bid) {
            Some(result) => result.suggested.map(assessment::model::Suggestion::title),
            None if has(&self.money.funded) => Some("Fund"),
            None if has(&self.money.reserve) => Some("Reserve"),
            None if has(&self.money.rest) => Some("Not fund"),
            None => None,
        }
    }
}

/// The ranking over all bids: a suggestion that left out what one reader may not see would be another one.
pub(super) fn ranking(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Ranked>> {
    let all = policy::sight(conn, &Actor::System)?;
    let asks: BTreeMap<String, (Id<BidKey>, Option<Pence>)> =
        store::bids_of_round(conn, round)?.into_iter().map(|bid| (bid.reference, (bid.id, bid.ask_pence))).collect();
    let placed = assessment::ranking(conn, round, &all)?.into_iter().filter_map(|ranked| {
        let (bid, ask) = *asks.get(&ranked.bid.reference)?;
        Some(Ranked { bid, ask: ask?, place: i32::try_from(ranked.place?).ok()? })
    });
    Ok(placed.collect())
}
