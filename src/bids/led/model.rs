//! How many bids an organisation has submitted as lead, which it is still writing, and which of those may go forward.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    bids::content::Party,
    error::Fault,
    ids::{BidKey, Id},
};

/// A bid of an organisation that leads it. Those that were withdrawn, and drafts that came to nothing, are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LedBid {
    /// Its id.
    pub id: Id<BidKey>,
    /// What people call it by.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Who started it.
    pub started_by: String,
    /// Whether it was submitted: then it counts, whatever became of it.
    pub submitted: bool,
    /// Whether the organisation's administrator chose that it goes forward; none while nobody chose.
    pub put_forward: Option<bool>,
}

/// The bids that an organisation leads in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LedBids {
    /// The organisation.
    pub organisation: Party,
    /// The round's place in addresses.
    pub round: String,
    /// The round's title.
    pub round_title: String,
    /// How many it can submit; none means any number.
    pub most_led: Option<u32>,
    /// The bids, in the order of their making.
    pub bids: Vec<LedBid>,
    /// Whether more are being written than can still be submitted.
    pub too_many: bool,
    /// Whether the caller chooses among them.
    pub may_choose: bool,
}

/// Which drafts go forward.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ChoiceOfBids)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Their references. None takes the choice back: then the first that are submitted go forward.
    pub bids: Vec<String>,
}

/// What an organisation leads in a round, against the most that it may lead.
#[derive(Debug, Clone, Copy)]
pub struct Held<'a> {
    /// The most that it may submit.
    pub most: u32,
    /// What it leads.
    pub bids: &'a [LedBid],
}

impl Held<'_> {
    /// How many were submitted.
    pub fn submitted(&self) -> usize {
        self.bids.iter().filter(|bid| bid.submitted).count()
    }

    /// How many are being written.
    pub fn drafts(&self) -> usize {
        self.bids.len() - self.submitted()
    }

    /// How many more can be submitted.
    pub fn places(&self) -> usize {
        usize::try_from(self.most).unwrap_or(usize::MAX).saturating_sub(self.submitted())
    }

    /// Whether more are being written than can be submitted.
    pub fn is_too_many(&self) -> bool {
        self.drafts() > self.places()
    }

    /// What stands against submitting one of them, as part of a sentence. What was submitted once has its place already.
    pub fn against(&self, bid: Id<BidKey>, page: &str) -> Option<String> {
        let bid = self.bids.iter().find(|led| led.id == bid && !led.submitted)?;
        if self.places() == 0 {
            let (submitted, most) = (counted(self.submitted()), self.most);
            return Some(format!(
                "your council has submitted {submitted} as lead authority in this round and can submit {most}: this one \
                 can go in only when another is withdrawn"
            ));
        }
        let is_chosen = self.bids.iter().any(|led| !led.submitted && led.put_forward.is_some());
        let stays = self.is_too_many() && is_chosen && bid.put_forward != Some(true);
        stays.then(|| {
            format!(
                "your council writes more bids than it can lead in this round, and its administrator has put others \
                 forward: ask for this one to be chosen ({page})"
            )
        })
    }

    /// What is wrong with a choice.
    pub fn faults(&self, choice: &Choice) -> Vec<Fault> {
        let is_draft = |reference: &String| self.bids.iter().any(|bid| !bid.submitted && bid.reference == *reference);
        let strangers = choice.bids.iter().filter(|reference| !is_draft(reference)).map(|reference| {
            let message = format!("{reference} is not a draft that your council leads in this round.");
            Fault::new("bids", "not_a_draft", message)
        });
        let places = self.places();
        let too_many = (choice.bids.len() > places).then(|| {
            let message = format!("Choose at most {}: that is what your council can still submit.", counted(places));
            Fault::new("bids", "too_many", message)
        });
        strangers.chain(too_many).collect()
    }
}

impl LedBids {
    /// Held against the cap, if the round sets one.
    pub fn held(&self) -> Option<Held<'_>> {
        Some(Held { most: self.most_led?, bids: &self.bids })
    }

    /// Whether one more draft is one too many.
    pub fn is_full(&self) -> bool {
        self.held().is_some_and(|held| held.drafts() >= held.places())
    }

    /// Tells what is chosen among from what it was before, so that nobody chooses among bids that they have not seen.
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        for bid in &self.bids {
            hash.update(format!("{} {} {:?}\n", bid.id, bid.submitted, bid.put_forward));
        }
        hex::encode(hash.finalize())
    }
}

/// The page on which an organisation sees them.
pub fn page_of(organisation: &str, round: &str) -> String {
    format!("/organisations/{organisation}/rounds/{round}/bids")
}

fn counted(bids: usize) -> String {
    if bids == 1 { "1 bid".into() } else { format!("{bids} bids") }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn bid(number: u128, submitted: bool, put_forward: Option<bool>) -> LedBid {
        LedBid {
            id: Id::of(Uuid::from_u128(number)),
            reference: format!("R-{number}"),
            title: "A bid".into(),
            started_by: "Somebody".into(),
            submitted,
            put_forward,
        }
    }

    fn refused(bids: &[LedBid]) -> Vec<u128> {
        let held = Held { most: 2, bids };
        let refused = bids.iter().filter(|bid| held.against(bid.id, "/page").is_some());
        refused.map(|bid| bid.reference.trim_start_matches("R-").parse().unwrap()).collect()
    }

    #[test]
    fn what_was_submitted_keeps_its_place_and_the_rest_share_those_that_are_left() {
        assert_eq!(refused(&[bid(1, false, None), bid(2, false, None), bid(3, false, None)]), [] as [u128; 0]);
        assert_eq!(refused(&[bid(1, true, None), bid(2, false, None), bid(3, false, None)]), [] as [u128; 0]);
        assert_eq!(refused(&[bid(1, true, None), bid(2, true, None), bid(3, false, Some(true))]), [3]);
        // A cap that was lowered takes nothing back.
        assert_eq!(refused(&[bid(1, true, None), bid(2, true, None), bid(3, true, None)]), [] as [u128; 0]);
    }

    #[test]
    fn a_choice_holds_back_the_others_only_while_there_are_more_drafts_than_places() {
        let chosen = [bid(1, false, Some(true)), bid(2, false, Some(false)), bid(3, false, None)];
        assert_eq!(refused(&chosen), [2, 3]);
        assert_eq!(refused(&[bid(1, false, Some(true)), bid(2, false, Some(false))]), [] as [u128; 0]);
    }

    #[test]
    fn no_more_can_be_chosen_than_there_are_places_and_only_drafts() {
        let bids = [bid(1, true, None), bid(2, false, None), bid(3, false, None)];
        let held = Held { most: 2, bids: &bids };
        let codes = |chosen: &[&str]| -> Vec<String> {
            let choice = Choice { bids: chosen.iter().map(ToString::to_string).collect() };
            held.faults(&choice).into_iter().map(|fault| fault.code.into_owned()).collect()
        };
        assert_eq!(codes(&["R-2"]), [] as [&str; 0]);
        assert_eq!(codes(&["R-2", "R-3"]), ["too_many"]);
        assert_eq!(codes(&["R-1"]), ["not_a_draft"]);
    }
}
