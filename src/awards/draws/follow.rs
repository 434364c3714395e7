//! What decisions go by where places at the funding line were drawn: whoever is drawn is funded, whoever is not is not. Whoever
//! decides otherwise says why. A draw is over all bids: nobody hears of it who has a conflict of interest with one of them.

use std::collections::BTreeMap;

use super::{
    basis::{Basis, Entrant},
    store,
};
use crate::{
    actor::Actor,
    assessment::{money_rule::Ranked, rankings::model::AtLine},
    awards::{
        model::{Decision, Gate, NewDecision, Terms},
        service::is_withheld,
        store as decisions,
    },
    db::Conn,
    error::{AppError, Result},
    http::Scene,
    identity::policy::{self, Action, Granted},
    ids::{BidKey, Id, RoundKey},
};

/// The draw that stands, as decisions are held against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its number.
    pub number: i32,
    /// The number of the ranking of record that it follows.
    pub ranking: i32,
    bids: BTreeMap<Id<BidKey>, Lot>,
}

/// What a draw makes of a bid of its ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lot {
    reference: String,
    /// Whether it is drawn; nothing for a bid that was not in the draw.
    drawn: Option<bool>,
    /// Its position down the line: what lies above, what is drawn, what is not, and what lies below.
    position: u32,
    /// Whether that is not what the ranking says.
    departs: bool,
}

/// In which part of the line a bid stands, and where in that part.
fn part(bid: &Entrant, chosen: &[String], order: &[String]) -> (u8, usize) {
    let among = |bids: &[String]| bids.iter().position(|reference| *reference == bid.reference);
    let place = usize::try_from(bid.place).unwrap_or(usize::MAX);
    match (bid.at, among(chosen)) {
        (Some(AtLine::Fund), _) => (0, place),
        (Some(AtLine::Draw), Some(at)) => (1, at),
        (Some(AtLine::Draw), None) => (2, among(order).unwrap_or(usize::MAX)),
        _ => (3, place),
    }
}

impl Standing {
    fn of((number, basis): (i32, &Basis), chosen: &[String], order: &[String]) -> Self {
        let mut line: Vec<((u8, usize), &Entrant)> =
            basis.bids.iter().map(|bid| (part(bid, chosen, order), bid)).collect();
        line.sort_by_key(|(part, _)| *part);
        let is_funded = |part: (u8, usize)| part.0 < 2;
        let against = |mine: (u8, usize), place: u32| {
            line.iter().any(|(other, bid)| match is_funded(mine) {
                true => !is_funded(*other) && bid.place < place,
                false => is_funded(*other) && place < bid.place,
            })
        };
        let mut bids = BTreeMap::new();
        for (part, bid) in &line {
            // Bids of one part and one place share a position.
            let before = line.iter().filter(|(other, _)| other < part).count();
            let lot = Lot {
                reference: bid.reference.clone(),
                drawn: (bid.at == Some(AtLine::Draw)).then_some(part.0 == 1),
                position: u32::try_from(before + 1).unwrap_or(u32::MAX),
                departs: against(*part, bid.place),
            };
            bids.insert(bid.id, lot);
        }
        Self { number, ranking: basis.ranking, bids }
    }

    /// Whether a bid is drawn; nothing for one that was not in the draw.
    pub fn drawn(&self, bid: Id<BidKey>) -> Option<bool> {
        self.bids.get(&bid)?.drawn
    }

    /// Where a bid of this place in the ranking stands down the line, from 1. What came after the draw stands at the end.
    pub fn position(&self, bid: Id<BidKey>, place: u32) -> u32 {
        let after = u32::try_from(self.bids.len()).unwrap_or(u32::MAX).saturating_add(place);
        self.bids.get(&bid).map_or(after, |lot| lot.position)
    }

    /// The same order down the line for the walk while the money lasts.
    pub fn in_line(&self, ranked: Vec<Ranked>) -> Vec<Ranked> {
        let positioned = |bid: Ranked| {
            let position = self.position(bid.bid, u32::try_from(bid.place).unwrap_or(u32::MAX));
            Ranked { place: i32::try_from(position).unwrap_or(i32::MAX), ..bid }
        };
        ranked.into_iter().map(positioned).collect()
    }

    /// What it says of a bid that was in it.
    pub fn words(&self, bid: Id<BidKey>) -> Option<String> {
        self.drawn(bid).map(|drawn| words(self.number, drawn))
    }

    /// The same of all, by reference.
    pub fn in_words(&self) -> BTreeMap<String, String> {
        let told = self.bids.values().filter_map(|lot| Some((lot.reference.clone(), words(self.number, lot.drawn?))));
        told.collect()
    }

    /// Why a bid that was in it does not stand as the ranking says, where it does not.
    pub fn reason(&self, bid: Id<BidKey>) -> Option<String> {
        let lot = self.bids.get(&bid).filter(|lot| lot.departs)?;
        lot.drawn.map(|drawn| words(self.number, drawn))
    }

    /// Whether a decision is not what it says.
    pub fn is_against(&self, bid: Id<BidKey>, funded: bool) -> bool {
        self.drawn(bid).is_some_and(|drawn| drawn != funded)
    }
}

/// What a draw says of a bid: it is published as the reason where the ranking says otherwise.
pub fn words(number: i32, drawn: bool) -> String {
    if drawn { format!("Drawn by lot in draw {number}.") } else { format!("Not drawn by lot in draw {number}.") }
}

/// The draw that stands, if one was made.
///
/// # Errors
/// When the database fails.
pub fn standing(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Option<Standing>> {
    let Some(row) = store::newest_made(conn, round)? else { return Ok(None) };
    let Some(drawn) = row.drawn()? else { return Ok(None) };
    Ok(Some(Standing::of((row.number, &row.basis()?), &drawn.chosen, &drawn.order)))
}

/// The commitment that waits for its value, by its number: the awards are not released before it is drawn or withdrawn.
///
/// # Errors
/// When the database fails.
pub fn waiting(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<i32>> {
    let granted = policy::round(conn, &Actor::System, Action::ListBids, round)?;
    Ok(store::list(conn, &granted)?.into_iter().find(store::Row::is_open).map(|row| row.number))
}

fn of_round(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Standing>> {
    let granted = policy::round(conn, &Actor::System, Action::ListBids, round)?;
    standing(conn, &granted)
}

/// The decision with the reason that the draw gives, where it follows the draw against the ranking and says none of its own. Who does
/// not see every bid of the round, or reads one blind, decides without the draw.
///
/// # Errors
/// When the database fails.
pub fn explained(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, new: NewDecision) -> Result<NewDecision> {
    if new.gate != Gate::Award || new.terms.reason.is_some() {
        return Ok(new);
    }
    let round = decisions::stakes(conn, bid)?.round_id;
    let Some(draw) = of_round(conn, round)? else { return Ok(new) };
    let sight = policy::sight(conn, &scene.actor)?;
    if draw.is_against(bid.id(), new.awards) || is_withheld(conn, round, &sight)? {
        return Ok(new);
    }
    let reason = draw.reason(bid.id());
    Ok(NewDecision { terms: Terms { reason, ..new.terms.clone() }, ..new })
}

/// Holds a decision about money against the draw; `withheld` says that whoever decides does not see every bid or reads one blind,
/// and hears of none.
///
/// # Errors
/// `Invalid` where the draw says otherwise and no reason is given.
pub fn check(conn: &mut Conn, round: Id<RoundKey>, bid: Id<BidKey>, new: &NewDecision, withheld: bool) -> Result<()> {
    if withheld || new.gate != Gate::Award || new.terms.reason.is_some() {
        return Ok(());
    }
    match of_round(conn, round)? {
        Some(draw) if draw.is_against(bid, new.awards) => {
            let message =
                format!("Draw {} says otherwise. Say why you depart from it: the reason is published.", draw.number);
            Err(AppError::invalid("reason", "missing", message))
        }
        _ => Ok(()),
    }
}

/// Of these decisions about money, those that are against the draw and have no reason, by bid. What is out already stands as it is.
///
/// # Errors
/// When the database fails.
pub fn unexplained<'a>(
    conn: &mut Conn,
    round: Id<RoundKey>,
    made: impl Iterator<Item = &'a Decision>,
) -> Result<Vec<Id<BidKey>>> {
    let Some(draw) = of_round(conn, round)? else { return Ok(Vec::new()) };
    let open = made.filter(|decision| decision.gate == Gate::Award && decision.recorded_at.is_none());
    let against =
        open.filter(|decision| decision.reason.is_none() && draw.is_against(decision.bid_id, decision.is_award()));
    Ok(against.map(|decision| decision.bid_id).collect())
}

#[cfg(test)]
mod tests {
    use super::{super::basis::tests::basis, *};

    fn names(bids: &[&str]) -> Vec<String> {
        bids.iter().map(ToString::to_string).collect()
    }

    fn id(number: u128) -> Id<BidKey> {
        Id::of(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn down_the_line_come_what_lies_above_what_is_drawn_what_is_not_and_what_lies_below() {
        use AtLine::{Decline, Draw, Fund};
        let of = basis(100, None, &[(9, Draw), (9, Fund), (9, Draw), (9, Draw), (9, Decline)]);
        let draw = Standing::of((3, &of), &names(&["B2"]), &names(&["B2", "B3", "B0"]));
        let positions: Vec<u32> = (0..5).map(|bid| draw.position(id(bid), 1)).collect();
        assert_eq!(positions, [4, 1, 2, 3, 5]);
        assert_eq!(draw.position(id(9), 2), 7, "what came later stands at the end");
        assert_eq!([0, 1, 2].map(|bid| draw.drawn(id(bid))), [Some(false), None, Some(true)]);
        let reasons = [0, 1, 2, 3, 4].map(|bid| draw.reason(id(bid)));
        let drawn = Some("Drawn by lot in draw 3.".to_owned());
        let not_drawn = Some("Not drawn by lot in draw 3.".to_owned());
        assert_eq!(reasons, [not_drawn, None, drawn, None, None], "the last two stand as the ranking says");
        assert!(draw.is_against(id(0), true) && draw.is_against(id(2), false));
        assert!(!draw.is_against(id(0), false) && !draw.is_against(id(1), false) && !draw.is_against(id(4), true));
    }
}
