//! What a round itself has against a bid's being submitted, whatever its workflow says: asked whenever somebody looks at what
//! can be done, and once more in the transaction that submits.

use crate::{
    bids::{
        led::{
            self,
            model::{Held, page_of},
        },
        model::Bid,
    },
    db::Conn,
    error::Result,
    funds::{model::RoundInFull, rulebook::Stage},
    identity::policy::Granted,
    ids::BidKey,
    partnerships,
    workflow::{
        BidFacts, Facts,
        rules::{Comparison, Rule, Term},
    },
};

/// Whatever its workflow asks, nobody applies for money that the costs do not account for, that is above the phase's limit, or
/// that an officer who must sign has not signed for. What is said of it is what a guard of a workflow says.
pub fn money_and_signatures(facts: &BidFacts) -> Vec<String> {
    let within = Rule::Compare(Comparison::AtMost, Term::Field("ask_pence".into()), Term::Field("limit_pence".into()));
    let limit = facts.limit_pence.map(|_| within);
    let others = ["shares.add_up", "sign_off.current"].map(|field| Rule::Is(field.into()));
    let facts = Facts::from(facts.clone());
    limit.into_iter().chain(others).flat_map(|rule| rule.judge(&facts).reasons).collect()
}

/// Everything that stands against it, each as part of a sentence.
pub fn against_submitting(
    conn: &mut Conn,
    granted: &Granted<BidKey>,
    bid: &Bid,
    (round, stage): (&RoundInFull, Stage),
) -> Result<Vec<String>> {
    let mut against = Vec::new();
    if let Some(most) = round.rulebook.most_led {
        let bids = led::store::beside(conn, granted)?;
        let page = page_of(&bid.lead_id.to_string(), &round.round.slug);
        against.extend(Held { most, bids: &bids }.against(bid.id, &page));
    }
    if stage == Stage::Full {
        let asked = partnerships::rules::asked(conn, granted, round)?;
        against.extend(asked.into_iter().filter(|asked| !asked.holds).map(|asked| asked.words));
    }
    Ok(against)
}
