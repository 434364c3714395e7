//! What is known of which bids are near the funding line. Where nothing is known nothing is said of any bid, which must not read as if
//! none were.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// What is known of which bids are near the funding line, in a round that has those talked over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = KnownAtFundingLine)]
pub struct KnownAtLine {
    /// The number of the ranking of record from which it follows; none while none is made, so that it is not known of any bid,
    /// and for whoever is not told.
    pub ranking: Option<i32>,
    /// When that was made.
    pub made_at: Option<Moment>,
    /// Whether rules, bids and scores are still those that it was made of.
    pub current: bool,
    /// Of how many bids that have a place it does not say where they stand at the line.
    pub unknown: u32,
    /// Whether the reader is not told of any bid, because they read one blind still.
    pub withheld: bool,
    /// What to know of it, in words; nothing where all is known and current.
    pub words: Option<String>,
}

impl KnownAtLine {
    /// While there is no ranking of record.
    pub fn nothing() -> Self {
        let words = "No ranking of record is made yet, so that it is not known which bids are near the funding line. Until one is \
                     made, none is talked over because of that.";
        Self { ranking: None, made_at: None, current: false, unknown: 0, withheld: false, words: Some(words.into()) }
    }

    /// What somebody is told who reads a bid of the round blind.
    pub fn withheld() -> Self {
        let words = "You assess bids of this round yourself. You are told which bids are near the funding line once your own \
                     assessments are submitted.";
        Self { withheld: true, words: Some(words.into()), ..Self::nothing() }
    }

    /// By a ranking of record.
    pub fn by((number, made_at): (i32, Moment), current: bool, unknown: u32) -> Self {
        let mut words = Vec::new();
        if !current {
            words.push(format!(
                "Which bids are near the funding line follows from ranking of record {number}, made at {}. Bids, scores or rules \
                 have changed since, so that a new one may say it of others.",
                made_at.in_words()
            ));
        }
        if unknown > 0 {
            let bids = if unknown == 1 { "1 bid".into() } else { format!("{unknown} bids") };
            words.push(format!(
                "Ranking of record {number} does not say of {bids} with a place whether they are near the funding line."
            ));
        }
        let words = (!words.is_empty()).then(|| words.join(" "));
        Self { ranking: Some(number), made_at: Some(made_at), current, unknown, withheld: false, words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_said_and_so_is_what_may_be_known_no_longer() {
        let at = Moment::from_micros(0);
        assert!(
            KnownAtLine::nothing().words.is_some_and(|words| words.starts_with("No ranking of record is made yet"))
        );
        assert_eq!(KnownAtLine::by((3, at), true, 0).words, None);
        let outdated = KnownAtLine::by((3, at), false, 0).words.expect("it is said");
        assert!(
            outdated.contains("ranking of record 3, made at ") && outdated.contains("have changed since"),
            "{outdated}"
        );
        let unsure = KnownAtLine::by((3, at), true, 2).words.expect("it is said");
        assert_eq!(
            unsure,
            "Ranking of record 3 does not say of 2 bids with a place whether they are near the funding line."
        );
    }
}
