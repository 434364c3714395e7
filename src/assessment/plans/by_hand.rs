//! What a change by hand costs: what it is worth that somebody reads a bid, by the same rule as in plans, beside the best who can
//! still take it. Nothing is solved for it. Pure.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{
    inputs::{Inputs, Reader},
    words::{points, walled},
};
use crate::ids::{BidKey, Id, PersonKey};

/// Somebody of the round's pool to whom a bid can be given by hand, or from whom it can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ReadingCandidate)]
pub struct Candidate {
    /// The person.
    pub person: Id<PersonKey>,
    /// Their name.
    pub name: String,
    /// Whether they have the bid.
    pub reads: bool,
    /// How many bids they have, of those that whoever asks may see.
    pub given: u32,
    /// How many they can read at most.
    pub most: u32,
    /// Whether they do not have it and can still take it: nothing stands between them and the bid, and they have room.
    pub can_take: bool,
    /// What speaks against it that they read it, in words after their name, such as `is banned from it`. That they have no room for
    /// it is not meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// What it is worth that they read it, from 0 to 1000, by the same rule as in plans. Of whoever has the bid it is what is lost
    /// when it is taken away.
    pub worth: u32,
    /// By how much that is less than the worth of the best who can still take it; nothing of whoever has the bid, and where nobody
    /// can take it any more.
    pub less: Option<u32>,
}

impl Candidate {
    /// What giving or taking the bid changes, in words.
    pub fn in_words(&self) -> String {
        let worth = points(self.worth.into());
        match self.less {
            _ if !self.reads && self.against.is_some() => format!("Worth {worth}"),
            _ if self.reads => format!("That they read it is worth {worth}, which is lost if it is taken away"),
            Some(0) if self.can_take => format!("Worth {worth}, as much as the best who can still take it"),
            Some(less) if less > 0 => {
                format!("Worth {worth}, {} less than the best who can still take it", points(less.into()))
            }
            _ => format!("Worth {worth}"),
        }
    }
}

impl Inputs {
    /// Whoever has accepted to assess in the round, by what it is worth that they read a bid, the most first; nobody where the bid
    /// is not read, as when it has failed a gateway check.
    pub fn candidates(&self, bid: Id<BidKey>, name: impl Fn(Id<PersonKey>) -> String) -> Vec<Candidate> {
        let Some(bid) = self.bids.iter().find(|known| known.id == bid) else { return Vec::new() };
        let given_to = |person| self.present.iter().filter(move |present| present.pair.person == person);
        let candidate = |reader: &Reader| {
            let reads = given_to(reader.person).any(|present| present.pair.bid == bid.id);
            let given = u32::try_from(given_to(reader.person).count()).unwrap_or(u32::MAX);
            let wall = self.wall(bid, reader);
            Candidate {
                person: reader.person,
                name: name(reader.person),
                reads,
                given,
                most: reader.most,
                can_take: !reads && given < reader.most && wall.is_none(),
                against: wall.map(|wall| walled(wall).to_owned()),
                worth: u32::try_from(self.worth(bid, reader)).unwrap_or(0),
                less: None,
            }
        };
        let accepted = self.assessors.iter().filter(|reader| reader.place.is_some());
        let mut candidates: Vec<Candidate> = accepted.map(candidate).collect();
        let best = candidates.iter().filter(|one| one.can_take).map(|one| one.worth).max();
        for one in candidates.iter_mut().filter(|one| !one.reads) {
            one.less = best.map(|best| best.saturating_sub(one.worth));
        }
        candidates.sort_by(|one, other| {
            (Reverse(one.worth), &one.name, one.person).cmp(&(Reverse(other.worth), &other.name, other.person))
        });
        candidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_costs_is_said_beside_the_best_who_can_still_take_the_bid() {
        let said = |reads, can_take, less| {
            let person = Id::of(uuid::Uuid::nil());
            let name = "Ada".into();
            Candidate { person, name, reads, given: 0, most: 3, can_take, against: None, worth: 787, less }
        };
        let banned = Candidate { against: Some("is banned from it".into()), ..said(false, false, Some(100)) };
        assert_eq!(banned.in_words(), "Worth 787 points", "it is no alternative to the best");
        let said = |reads, can_take, less| said(reads, can_take, less).in_words();
        assert_eq!(said(false, true, Some(0)), "Worth 787 points, as much as the best who can still take it");
        assert_eq!(said(false, true, Some(1)), "Worth 787 points, 1 point less than the best who can still take it");
        assert_eq!(said(false, false, Some(0)), "Worth 787 points");
        assert_eq!(said(false, false, None), "Worth 787 points");
        assert_eq!(said(true, false, None), "That they read it is worth 787 points, which is lost if it is taken away");
    }
}
