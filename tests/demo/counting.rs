//! Counts what comes of a scenario, in the plainest way: the reference against which the replay can be held.

use std::{cmp::Reverse, collections::BTreeSet};

use roundtable::{
    demo::scenario::{Bid, Invitation, Row, Scenario},
    funds::rulebook::Unaffordable,
};

/// The bids in time.
pub fn in_time(scenario: &Scenario) -> Vec<&Row<Bid>> {
    scenario.bids.iter().filter(|bid| !scenario.is_late(bid)).collect()
}

/// How many bids the sift leads to this.
pub fn sifted(scenario: &Scenario, invitation: Invitation) -> usize {
    in_time(scenario).iter().filter(|bid| scenario.invitation(bid) == Some(invitation)).count()
}

/// The full applications, best first, with the weighted sum over all their scores divided by their readers. A sum in
/// sixtieths of a basis point keeps it whole.
pub fn ranking(scenario: &Scenario) -> Vec<(String, i64)> {
    let mut ranking: Vec<(String, i64)> = scenario
        .applications
        .iter()
        .map(|application| {
            let weight = |id: &str| i64::from(scenario.round.rulebook.criterion(id).unwrap().weight);
            let sum: i64 = scenario
                .scores_of(&application.bid)
                .map(|score| 60 * weight(&score.criterion) * i64::from(score.score))
                .sum();
            let readers = i64::try_from(scenario.assessors_of(&application.bid).count()).unwrap();
            (application.bid.clone(), sum / readers)
        })
        .collect();
    ranking.sort_by_key(|(_, mean)| Reverse(*mean));
    ranking
}

/// The bids above the shortlist's line, best first.
pub fn shortlist(scenario: &Scenario) -> Vec<String> {
    let size = scenario.round.rulebook.shortlist as usize;
    ranking(scenario).into_iter().take(size).map(|(bid, _)| bid).collect()
}

/// The bids that the budget reaches by the round's rule, best first.
pub fn funded(scenario: &Scenario) -> Vec<String> {
    let mut left = scenario.round.round.budget_pence;
    let mut funded = Vec::new();
    for bid in shortlist(scenario) {
        let ask = scenario.application(&bid).unwrap().ask_pence;
        if ask <= left {
            left -= ask;
            funded.push(bid);
        } else if scenario.round.rulebook.unaffordable == Unaffordable::Stop {
            break;
        }
    }
    funded
}

/// What the funded bids ask for in all.
pub fn awarded_pence(scenario: &Scenario) -> i64 {
    funded(scenario).iter().map(|bid| scenario.application(bid).unwrap().ask_pence).sum()
}

/// The codes of the lead and of the partners of a bid's full application.
pub fn members_of<'a>(scenario: &'a Scenario, bid: &'a str) -> BTreeSet<&'a str> {
    let lead = scenario.bid(bid).map(|bid| bid.lead.as_str());
    lead.into_iter().chain(scenario.partners_of(bid).map(|partner| partner.council.as_str())).collect()
}

/// The councils among the funded bids, as lead or partner.
pub fn councils_funded(scenario: &Scenario) -> BTreeSet<String> {
    funded(scenario).iter().flat_map(|bid| members_of(scenario, bid)).map(str::to_owned).collect()
}
