//! The reading of a bid and its interview together. Whole numbers throughout, so that equal is equal.

use serde::{Deserialize, Serialize};

use super::Mean;
use crate::{
    funds::rulebook::{Rulebook, WHOLE, scale_of},
    words,
};

/// How the reading and the interview of a bid make one figure.
///
/// Both are means over people of their weighted scores. Where the scales of the reading and of the interview have not the same
/// ends, the interview is put on the scale of the reading first, end on end and evenly between:
/// `reading’s lowest + (interview − its lowest) × (reading’s highest − lowest) ÷ (interview’s highest − lowest)`.
/// The combined figure is then `(reading × (10,000 − weight) + interview × weight) ÷ 10,000`, an exact fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Combining {
    /// How much the interview counts, in basis points of the whole.
    pub weight: u32,
    /// The lowest and the highest weighted score of the reading, in basis points of a point.
    pub reading: (i64, i64),
    /// The same of the interview.
    pub interview: (i64, i64),
}

impl Combining {
    /// What a round's rules say; nothing where they have no interview.
    pub fn of(rules: &Rulebook) -> Option<Self> {
        let interview = rules.assessment.interview.as_ref()?;
        Some(Self {
            weight: interview.weight.min(WHOLE),
            reading: scale_of(&rules.criteria),
            interview: scale_of(&interview.criteria),
        })
    }

    /// Whether the interview is scored on another scale than the reading.
    pub fn has_two_scales(&self) -> bool {
        self.reading != self.interview
    }

    /// An interview on the scale of the reading.
    pub fn on_the_reading(&self, interview: Mean) -> Option<Mean> {
        if !self.has_two_scales() {
            return Some(interview);
        }
        let [low, high, from, to] =
            [self.reading.0, self.reading.1, self.interview.0, self.interview.1].map(i128::from);
        let (total, people) = interview.parts();
        let across = to - from;
        Mean::fraction(low * people * across + (total - from * people) * (high - low), people * across)
    }

    /// Both together, on the scale of the reading.
    pub fn together(&self, reading: Mean, interview: Mean) -> Option<Mean> {
        let [whole, weight] = [WHOLE, self.weight].map(i128::from);
        let ((read, readers), (said, people)) = (reading.parts(), self.on_the_reading(interview)?.parts());
        Mean::fraction(read * people * (whole - weight) + said * readers * weight, readers * people * whole)
    }
}

words! {
    /// How far the interview of a bid is.
    pub enum InterviewStanding {
        /// Nobody has decided whether the bid is interviewed.
        Undecided = "undecided",
        /// It was not invited to an interview.
        NotInvited = "not_invited",
        /// It is to be interviewed, or was, and not everybody of a whole panel has submitted their scores.
        NotComplete = "not_complete",
        /// A whole panel has submitted its scores.
        Scored = "scored",
    }
}

/// What came of the interview of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterviewOf {
    /// Whether the fund has decided that it is interviewed; nothing before it has.
    pub invited: Option<bool>,
    /// How many people a panel has at least.
    pub least: u32,
    /// How many sit on its panel.
    pub panel: u32,
    /// The weighted sums of those who have submitted, the lowest first, in basis points of a point.
    pub sums: Vec<i64>,
    /// The criteria of the interview on which it stays below the minimum, by their titles.
    pub below: Vec<String>,
}

impl InterviewOf {
    /// How far it is.
    pub fn standing(&self) -> InterviewStanding {
        let submitted = self.submitted();
        match self.invited {
            None => InterviewStanding::Undecided,
            Some(false) => InterviewStanding::NotInvited,
            Some(true) if submitted >= self.least && submitted == self.panel => InterviewStanding::Scored,
            Some(true) => InterviewStanding::NotComplete,
        }
    }

    /// How many have submitted.
    pub fn submitted(&self) -> u32 {
        u32::try_from(self.sums.len()).unwrap_or(u32::MAX)
    }

    /// The mean of the panel, once it is whole.
    pub fn mean(&self) -> Option<Mean> {
        (self.standing() == InterviewStanding::Scored).then(|| Mean::of(&self.sums)).flatten()
    }
}

/// Whether the order of these bids follows from interviews: from when it is decided of each whether it is interviewed and one is, or
/// from the first score of an interview on. Before that the reading alone says whom to invite.
pub fn follows_interviews<'a>(bids: impl Iterator<Item = &'a InterviewOf> + Clone) -> bool {
    let invited = bids.clone().any(|of| of.invited == Some(true));
    invited && (bids.clone().all(|of| of.invited.is_some()) || bids.clone().any(|of| !of.sums.is_empty()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mean(sums: &[i64]) -> Mean {
        Mean::of(sums).unwrap()
    }

    const SAME: Combining = Combining { weight: 3_000, reading: (0, 50_000), interview: (0, 50_000) };

    #[test]
    fn reading_and_interview_count_as_the_round_declared() {
        let combined = |of: Combining, reading: &[i64], interview: &[i64]| {
            of.together(mean(reading), mean(interview)).unwrap().in_words()
        };
        assert_eq!(combined(SAME, &[30_000, 40_000], &[50_000, 40_000, 45_000]), "3.80");
        assert_eq!(combined(Combining { weight: 10_000, ..SAME }, &[30_000], &[50_000]), "5.00");
        assert_eq!(combined(Combining { weight: 1, ..SAME }, &[30_000], &[50_000]), "3.00");
    }

    #[test]
    fn an_interview_on_another_scale_is_put_on_that_of_the_reading_end_on_end() {
        let of = Combining { interview: (10_000, 30_000), ..SAME };
        for (said, mapped) in [(10_000, "0.00"), (20_000, "2.50"), (30_000, "5.00")] {
            assert_eq!(of.on_the_reading(mean(&[said])).unwrap().in_words(), mapped);
        }
        assert_eq!(of.together(mean(&[30_000]), mean(&[20_000])).unwrap().in_words(), "2.85");
        let flat = Combining { interview: (10_000, 10_000), ..SAME };
        assert_eq!(flat.on_the_reading(mean(&[10_000])), None, "no rules have such a scale");
    }

    #[test]
    fn an_interview_counts_once_everybody_of_a_whole_panel_has_submitted() {
        let of =
            |invited, panel, sums: &[i64]| InterviewOf { invited, least: 2, panel, sums: sums.to_vec(), below: vec![] };
        let cases = [
            (of(None, 0, &[]), InterviewStanding::Undecided),
            (of(Some(false), 0, &[]), InterviewStanding::NotInvited),
            (of(Some(true), 0, &[]), InterviewStanding::NotComplete),
            (of(Some(true), 3, &[1, 2]), InterviewStanding::NotComplete),
            (of(Some(true), 1, &[1]), InterviewStanding::NotComplete),
            (of(Some(true), 2, &[1, 2]), InterviewStanding::Scored),
        ];
        for (interview, standing) in cases {
            assert_eq!(interview.standing(), standing, "{interview:?}");
            assert_eq!(interview.mean().is_some(), standing == InterviewStanding::Scored);
        }
        let follows = |bids: &[InterviewOf]| follows_interviews(bids.iter());
        assert!(!follows(&[]) && !follows(&[of(Some(false), 0, &[])]), "nobody is interviewed");
        assert!(!follows(&[of(Some(true), 2, &[]), of(None, 0, &[])]), "the reading still says whom to invite");
        assert!(follows(&[of(Some(true), 2, &[]), of(Some(false), 0, &[])]));
        assert!(follows(&[of(Some(true), 2, &[7]), of(None, 0, &[])]));
    }

    proptest! {
        #[test]
        fn a_combined_figure_lies_between_its_parts_and_more_of_either_is_never_less(
            read in prop::collection::vec(0..=50_000_i64, 1..6),
            said in prop::collection::vec(-10_000..=30_000_i64, 1..6),
            weight in 1..=WHOLE,
        ) {
            let of = Combining { weight, reading: (0, 50_000), interview: (-10_000, 30_000) };
            let (reading, interview) = (mean(&read), mean(&said));
            let together = of.together(reading, interview).unwrap();
            let mapped = of.on_the_reading(interview).unwrap();
            prop_assert!(reading.min(mapped) <= together && together <= reading.max(mapped));
            let more: Vec<i64> = said.iter().map(|sum| sum + 1).collect();
            prop_assert!(of.together(reading, mean(&more)).unwrap() > together);
        }
    }
}
