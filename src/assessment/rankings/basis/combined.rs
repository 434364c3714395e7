//! What interviews change in an order: the reading and the interview of each bid together.

use super::{Basis, Entrant, Places, placed};
use crate::assessment::model::{Mean, follows_interviews};

impl Basis {
    /// Whether the order follows from interviews too.
    pub fn is_combined(&self) -> bool {
        self.combining.is_some() && follows_interviews(self.bids.iter().filter_map(|bid| bid.interview.as_ref()))
    }

    /// The reading and the interview of a bid together; nothing where the order does not follow from interviews, or while its
    /// interview is not scored.
    pub fn combined_mean(&self, bid: &str) -> Option<Mean> {
        if !self.is_combined() {
            return None;
        }
        let interview = self.entrant(bid)?.interview.as_ref()?.mean()?;
        self.combining?.together(self.reading(bid)?, interview)
    }

    /// The figure that the order follows, where it follows a mean.
    pub fn figure(&self, bid: &str) -> Option<Mean> {
        if self.is_combined() { self.combined_mean(bid) } else { self.reading(bid) }
    }

    /// The places by the reading alone among the bids that have one with their interviews.
    pub fn places_without_interviews(&self) -> Places {
        let interviewed = |bid: &&Entrant| self.combined_mean(&bid.reference).is_some();
        let mean = |bid: &Entrant| Some((bid.reference.clone(), self.reading(&bid.reference)?));
        placed(&self.placeable().filter(interviewed).filter_map(mean).collect::<Vec<_>>())
    }
}

/// A mean as a decimal number, to the millionth.
pub(super) fn millionths(mean: Mean) -> String {
    let micros = mean.micros();
    let (sign, whole) = (if micros < 0 { "-" } else { "" }, 1_000_000);
    let digits = format!("{sign}{}.{:06}", micros.abs() / whole, micros.abs() % whole);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{basis, interviewed},
        *,
    };

    #[test]
    fn an_order_after_interviews_leaves_out_who_was_not_interviewed_and_says_each_part_in_the_file() {
        let mut of =
            basis(&[("A", &[30_000, 40_000]), ("B", &[40_000, 40_000]), ("C", &[48_000]), ("D", &[10_000])], 0);
        let before = of.places_by_mean();
        interviewed(&mut of, &[Some(&[40_000, 50_000]), Some(&[20_000, 30_000]), Some(&[50_000]), None]);
        assert_eq!(of.places_by_mean(), Places::from([("A".to_owned(), 1), ("B".to_owned(), 2)]));
        assert_eq!(of.places_without_interviews(), Places::from([("A".to_owned(), 2), ("B".to_owned(), 1)]));
        assert_eq!(of.places_without_moderation(), of.places_by_mean());
        assert_eq!(of.combined_mean("A").map(Mean::in_words).as_deref(), Some("3.80"));
        let scores = of.scores().unwrap();
        let expected = [
            "bid,assessor,score,confidence,section,interview,combined",
            "A,A1,3,medium,,4;5,3.8",
            "A,A2,4,medium,,4;5,3.8",
            "B,A1,4,medium,,2;3,3.55",
            "B,A2,4,medium,,2;3,3.55",
            "C,A1,4.8,medium,,,",
            "D,A1,1,medium,,,",
        ];
        assert_eq!(scores.lines().collect::<Vec<_>>(), expected);
        let kept: Basis = serde_json::from_str(&serde_json::to_string(&of).unwrap()).unwrap();
        assert_eq!(kept, of);
        of.bids[3].interview.as_mut().unwrap().invited = None;
        of.bids.iter_mut().for_each(|bid| bid.interview.as_mut().unwrap().sums.clear());
        assert_eq!(of.places_by_mean(), before, "while it is not decided whom to invite, the reading says it");
    }
}
