//! Which part of a bid's figure came from its interview, in words and numbers.

use super::super::{basis::Basis, model::RankedBid};
use crate::{
    assessment::model::InterviewStanding,
    funds::rulebook::{WHOLE, per_cent},
};

/// Which part of its figure came from the interview, and which place it would have among those interviewed without it.
pub(super) fn interview_in_words(basis: &Basis, bid: &RankedBid) -> Vec<String> {
    let Some((interview, combining)) = bid.interview.as_ref().zip(basis.combining) else { return Vec::new() };
    let Some(combined) = &interview.combined else { return Vec::new() };
    let mut said = Vec::new();
    let mean = interview.mean.clone().unwrap_or_default();
    let people =
        if interview.submitted == 1 { "1 person".to_owned() } else { format!("{} people", interview.submitted) };
    said.push(format!("In its interview {people} gave it a weighted mean of {mean}."));
    if let Some(mapped) = interview.on_the_reading.as_ref().filter(|_| combining.has_two_scales()) {
        said.push(format!("On the scale of the reading that is {mapped}."));
    }
    let (reading, talk) = (per_cent(WHOLE - combining.weight), per_cent(combining.weight));
    said.push(format!("The reading counts for {reading} and the interview for {talk}: together {combined}."));
    said.extend(match (basis.places_without_interviews().get(&bid.bid), bid.place) {
        (Some(own), Some(place)) if *own == place => {
            Some("By the reading alone it would have the same place among those interviewed.".to_owned())
        }
        (Some(own), _) => Some(format!("By the reading alone it would have place {own} among those interviewed.")),
        (None, _) => None,
    });
    said
}

/// Why a bid has no place that has no scored interview.
pub(super) fn without_interview(bid: &RankedBid) -> Option<String> {
    let interview = bid.interview.as_ref()?;
    match interview.standing {
        InterviewStanding::Scored => None,
        InterviewStanding::NotInvited => Some("It has no place, because it was not invited to an interview.".into()),
        InterviewStanding::Undecided => {
            Some("It has no place, because nobody has decided whether it is interviewed.".into())
        }
        InterviewStanding::NotComplete => Some(format!(
            "It has no place, because its interview is not complete: {} of {} on its panel have submitted their scores.",
            interview.submitted, interview.panel
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        super::{
            basis::tests::{basis, interviewed},
            figures::figures,
        },
        Why,
    };

    #[test]
    fn a_bid_hears_which_part_of_its_figure_came_from_the_interview_or_why_it_has_none() {
        let mut of = basis(&[("A", &[40_000]), ("B", &[30_000]), ("C", &[50_000]), ("D", &[20_000])], 250);
        interviewed(&mut of, &[Some(&[10_000, 10_000]), Some(&[50_000, 50_000]), Some(&[50_000]), None]);
        let figures = figures(&of, None).unwrap();
        let place = |bid: &str| Why::of(&of, &figures, bid).unwrap().place;
        let expected = [
            "Its weighted mean over its one assessment is 3.00.",
            "In its interview 2 people gave it a weighted mean of 5.00.",
            "The reading counts for 70% and the interview for 30%: together 3.60.",
            "By the reading alone it would have place 2 among those interviewed.",
            "It has place 1 of 2: no bid has a higher combined figure.",
            "The next bid below it is A with 3.10.",
        ];
        assert_eq!(place("B")[..6], expected);
        let last = |bid: &str| place(bid).pop().unwrap();
        let said =
            "It has no place, because its interview is not complete: 1 of 2 on its panel have submitted their scores.";
        assert_eq!(last("C"), said);
        assert_eq!(last("D"), "It has no place, because it was not invited to an interview.");
    }
}
