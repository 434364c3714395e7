//! The walk down the ranking while the money lasts. Pure; it suggests, people decide.

use serde::{Deserialize, Serialize};

use crate::{
    funds::rulebook::Unaffordable,
    ids::{BidKey, Id},
    money::Pence,
};

/// A bid of the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// The bid.
    pub bid: Id<BidKey>,
    /// What it asks for.
    pub ask: Pence,
    /// Its place, from 1; ties share one.
    pub place: i32,
}

/// What there is to award.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purse {
    /// The money.
    pub budget: Pence,
    /// How many bids can be awarded at most, where that is limited.
    pub most_awards: Option<u32>,
}

/// Who would be funded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Funded with what they ask for, in the order of the ranking.
    pub funded: Vec<Id<BidKey>>,
    /// The first that the money did not reach: it would come next.
    pub reserve: Vec<Id<BidKey>>,
    /// All others.
    pub rest: Vec<Id<BidKey>>,
}

/// Funds from the top while the money and the number of awards last. A bid that what is left does not reach ends the walk or is
/// passed over, as the rulebook says; bids that share a place are funded together or not at all, because nothing ranks one of
/// them above the other.
pub fn fund_while_money_lasts(ranked: &[Ranked], purse: Purse, unaffordable: Unaffordable) -> Suggestion {
    let mut order = ranked.to_vec();
    order.sort_by_key(|bid| (bid.place, bid.bid));
    let mut suggestion = Suggestion::default();
    let mut left = purse.budget;
    let most = purse.most_awards.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let mut ended = false;
    for tied in order.chunk_by(|one, other| one.place == other.place) {
        let cost: Pence = tied.iter().map(|bid| bid.ask).sum();
        let bids = tied.iter().map(|bid| bid.bid);
        if !ended && cost <= left && suggestion.funded.len() + tied.len() <= most {
            left = Pence(left.0 - cost.0);
            suggestion.funded.extend(bids);
        } else if suggestion.reserve.is_empty() {
            suggestion.reserve.extend(bids);
            ended = unaffordable == Unaffordable::Stop;
        } else {
            suggestion.rest.extend(bids);
        }
    }
    suggestion
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(asks: &[(i64, i32)]) -> Vec<Ranked> {
        let bid = |number: usize| Id::of(uuid::Uuid::from_u128(number as u128));
        let ranked =
            |(at, (ask, place)): (usize, &(i64, i32))| Ranked { bid: bid(at), ask: Pence(*ask), place: *place };
        asks.iter().enumerate().map(ranked).collect()
    }

    fn purse(budget: i64) -> Purse {
        Purse { budget: Pence(budget), most_awards: None }
    }

    fn numbers(bids: &[Id<BidKey>]) -> Vec<u128> {
        bids.iter().map(|bid| bid.uuid().as_u128()).collect()
    }

    #[test]
    fn the_walk_stops_at_the_first_bid_that_the_money_does_not_reach() {
        let ranked = ranking(&[(60, 1), (50, 2), (40, 3)]);
        let suggestion = fund_while_money_lasts(&ranked, purse(100), Unaffordable::Stop);
        assert_eq!(numbers(&suggestion.funded), [0]);
        assert_eq!(numbers(&suggestion.reserve), [1]);
        assert_eq!(numbers(&suggestion.rest), [2]);
    }

    #[test]
    fn or_passes_it_over_and_funds_the_next_that_fits() {
        let ranked = ranking(&[(60, 1), (50, 2), (40, 3), (1, 4)]);
        let suggestion = fund_while_money_lasts(&ranked, purse(100), Unaffordable::Skip);
        assert_eq!(numbers(&suggestion.funded), [0, 2]);
        assert_eq!(numbers(&suggestion.reserve), [1]);
        assert_eq!(numbers(&suggestion.rest), [3]);
    }

    #[test]
    fn bids_of_one_place_stand_or_fall_together() {
        let ranked = ranking(&[(60, 1), (30, 2), (30, 2)]);
        let suggestion = fund_while_money_lasts(&ranked, purse(100), Unaffordable::Stop);
        assert_eq!(numbers(&suggestion.funded), [0]);
        assert_eq!(numbers(&suggestion.reserve), [1, 2]);
    }

    #[test]
    fn no_order_of_the_input_and_no_amount_breaks_the_budget() {
        let ranked = ranking(&[(i64::MAX, 2), (i64::MAX, 2), (100, 1)]);
        let suggestion = fund_while_money_lasts(&ranked, purse(100), Unaffordable::Skip);
        assert_eq!(numbers(&suggestion.funded), [2]);
    }

    #[test]
    fn no_more_bids_are_funded_than_can_be_awarded_and_those_of_one_place_count_together() {
        let ranked = ranking(&[(10, 1), (10, 2), (10, 2), (10, 4)]);
        let funded = |most, unaffordable| {
            let purse = Purse { most_awards: Some(most), ..purse(100) };
            numbers(&fund_while_money_lasts(&ranked, purse, unaffordable).funded)
        };
        assert_eq!(funded(3, Unaffordable::Stop), [0, 1, 2]);
        assert_eq!(funded(2, Unaffordable::Stop), [0]);
        assert_eq!(funded(2, Unaffordable::Skip), [0, 3]);
        assert_eq!(funded(0, Unaffordable::Skip), [] as [u128; 0]);
    }
}
