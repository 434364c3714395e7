//! Whether the round's own rules of eligibility let a bid in, asked of the same engine that the service asks.

use super::Index;
use crate::{
    demo::scenario::{Application, Bid, Scenario},
    funds::rulebook::Stage,
    workflow::{BidFacts, Facts, PartnerFacts, Rule},
};

/// Why the rules refuse an expression of interest; empty when they let it in.
pub(super) fn against_bid(scenario: &Scenario, index: &Index<'_>, bid: &Bid) -> Vec<String> {
    reasons(scenario.round.rulebook.eligibility(Stage::Eoi), facts(index, bid, Stage::Eoi))
}

/// Why the rules refuse a full application; empty when they let it in.
pub(super) fn against_application(
    scenario: &Scenario,
    index: &Index<'_>,
    bid: &Bid,
    application: &Application,
) -> Vec<String> {
    let rules = &scenario.round.rulebook;
    let facts = BidFacts {
        ask_pence: Some(application.ask_pence),
        limit_pence: rules.phase(&bid.phase).map(|phase| phase.limit_pence.0),
        partners: partners(scenario, index, &bid.id),
        ..facts(index, bid, Stage::Full)
    };
    reasons(rules.eligibility(Stage::Full), facts)
}

fn reasons(rules: &[Rule], facts: BidFacts) -> Vec<String> {
    let facts = Facts::from(facts);
    rules.iter().flat_map(|rule| rule.judge(&facts).reasons).collect()
}

fn facts(index: &Index<'_>, bid: &Bid, stage: Stage) -> BidFacts {
    let lead = index.councils.get(bid.lead.as_str());
    BidFacts {
        lead_nation: lead.map(|lead| lead.nation.word().to_owned()),
        lead_kind: lead.map(|lead| lead.kind.word().to_owned()),
        phase: Some(bid.phase.clone()),
        stage: Some(stage.word().to_owned()),
        ..BidFacts::default()
    }
}

fn partners(scenario: &Scenario, index: &Index<'_>, bid: &str) -> Vec<PartnerFacts> {
    let councils = scenario.partners_of(bid).filter_map(|partner| index.councils.get(partner.council.as_str()));
    let known = councils.map(|council| PartnerFacts {
        name: council.name.clone(),
        kind: Some(council.kind.word().to_owned()),
        nation: Some(council.nation.word().to_owned()),
        confirmed: true,
        signed_declaration: None,
    });
    known.collect()
}
