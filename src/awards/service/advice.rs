//! What decisions go by: the marks of the sift, or the ranking and the budget, whichever the gates go by at which they are taken.
//! Where the round has rules of the list, its list of record stands between ranking and decisions.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::wall::hides_any;
use crate::{
    actor::Actor,
    assessment::{
        self,
        gateway::{self, service::Standings},
        model::SiftResult,
        money_rule::{Purse, Ranked, Suggestion, fund_while_money_lasts},
    },
    awards::{draws, lists::follow, model::Gate, store},
    db::Conn,
    error::Result,
    funds::{self, model::Milestone},
    identity::policy::{self, Action, Granted, Sight},
    ids::{BidKey, Id, RoundKey},
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
    /// The places in the ranking, as the reader may see it.
    pub places: BTreeMap<Id<BidKey>, i32>,
    /// Whether the round has a submitted bid that the reader may not see. Then nothing is suggested to them: what the money reaches depends on
    /// those bids, and would tell of them.
    pub withheld: bool,
    /// Whether the reader assesses a bid of the round and reads it blind still: they are told neither places nor suggestions.
    pub blind: bool,
    /// The list of record that is followed, where the round has rules of the list.
    pub followed: Option<Followed>,
    /// The draw that is followed, where one was made and money is awarded then.
    pub draw: Option<draws::follow::Standing>,
    /// Where the bids stand at the gateway, at gates after the sift.
    pub gateway: Standings,
    money: Suggestion,
}

/// The list of record that decisions follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// Its number; none before there is one: then nothing is suggested.
    pub number: Option<i32>,
    /// Whether ranking, rules, budget or bids have changed since it was made.
    pub outdated: bool,
}

impl Advice {
    /// Suggests only what can be decided at these gates.
    pub fn of(
        conn: &mut Conn,
        round: &Granted<RoundKey>,
        sight: &Sight,
        (basis, gates): (Basis, &Gates),
    ) -> Result<Self> {
        let full = funds::store::round_by_id(conn, round.id())?;
        let full = funds::store::in_full(conn, full)?;
        let at_gateway = match gates.gates.iter().any(|gate| *gate != Gate::Sift) {
            true => gateway::service::of_round(conn, round, &full.rulebook.assessment.gateway)?,
            false => Standings::default(),
        };
        match basis {
            Basis::Sift => {
                let sift = assessment::sift_results(conn, round, &full.rulebook)?;
                Ok(Self { sift, ..Self::default() })
            }
            Basis::Ranking => {
                let ranked = ranking(conn, round)?;
                let places = places(conn, round, sight)?;
                let (hidden, blind) =
                    (hides_any(conn, round.id(), sight)?, assessment::reads_blind(conn, round, sight)?);
                let withheld = hidden || blind;
                let (mut money, mut followed) = (Suggestion::default(), None);
                let rules = &full.rulebook;
                let mut draw = None;
                if gates.awards() && !withheld {
                    draw = draws::follow::standing(conn, round)?;
                }
                if gates.awards() && !withheld && rules.assessment.rules_the_list() {
                    let list = follow::standing(conn, round)?;
                    let number = list.as_ref().map(|list| list.number);
                    followed = Some(Followed { number, outdated: follow::is_outdated(conn, round)? });
                    money = list.map(|list| list.suggestion()).unwrap_or_default();
                } else if gates.awards() && !withheld {
                    let ranked = match &draw {
                        Some(draw) => draw.in_line(ranked),
                        None => ranked,
                    };
                    let purse = Purse { budget: full.round.budget_pence, most_awards: None };
                    money = fund_while_money_lasts(&ranked, purse, rules.unaffordable);
                }
                if !gates.reserves {
                    money.rest.append(&mut money.reserve);
                }
                Ok(Self {
                    places,
                    withheld: hidden,
                    blind,
                    followed,
                    draw,
                    money,
                    gateway: at_gateway,
                    ..Self::default()
                })
            }
            Basis::Nothing => Ok(Self { gateway: at_gateway, ..Self::default() }),
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

/// The ranking over all bids, which decisions are held against.
pub(super) fn ranking(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Ranked>> {
    let all = policy::sight(conn, &Actor::System)?;
    let places = places(conn, round, &all)?;
    let ranked = store::bids_of_round(conn, round)?
        .into_iter()
        .filter_map(|bid| Some(Ranked { bid: bid.id, ask: bid.ask_pence?, place: *places.get(&bid.id)? }));
    Ok(ranked.collect())
}

/// The places of the bids that somebody sees.
pub(super) fn places(conn: &mut Conn, round: &Granted<RoundKey>, sight: &Sight) -> Result<BTreeMap<Id<BidKey>, i32>> {
    let places = assessment::places(conn, round, sight)?.into_iter();
    Ok(places.filter_map(|(bid, place)| Some((bid, i32::try_from(place).ok()?))).collect())
}
