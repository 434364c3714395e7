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
};

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
