//! How much there is to read in a round, and whether those who have accepted can read it.

use serde::{Deserialize, Serialize};

use super::{PlaceRow, PlaceState, counted, grouped};
use crate::{
    clock::Moment,
    funds::{
        form::Kind,
        model::{Milestone, RoundInFull},
        rulebook::Stage,
    },
    words,
};

words! {
    /// How it is known how many bids there are.
    pub enum BidCount {
        /// They have closed: no more can come.
        Submitted = "submitted",
        /// So many are expected.
        Expected = "expected",
        /// So many are in, and more can come.
        SoFar = "so_far",
    }
}

/// What there is to read in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = WorkloadOfAssessors)]
pub struct Workload {
    /// How many full applications there are to read.
    pub bids: u32,
    /// How that is known.
    pub known: BidCount,
    /// How many are in, as everybody may know, less those with which the reader has a conflict of interest.
    pub submitted: u32,
    /// How many assessors read each.
    pub readers: u32,
    /// How many readings that makes.
    pub readings: u64,
    /// When assessing begins: once no more can come.
    pub opens: Option<Moment>,
    /// When it has to be over.
    pub closes: Option<Moment>,
    /// How many questions a full application answers.
    pub questions: u32,
    /// How many words its answers have at most.
    pub most_words: u64,
    /// How many documents it has at most.
    pub most_documents: u64,
    /// What is scored, by its title with its weight.
    pub criteria: Vec<String>,
    /// How many hours the reading of one is thought to take.
    pub hours_per_bid: Option<u32>,
}

impl Workload {
    /// What there is to read in a round at `now`, of which so many full applications are in.
    pub fn of(round: &RoundInFull, (submitted, expected): (u32, Option<u32>), now: Moment) -> Self {
        let rules = &round.rulebook;
        let (bids, known) = match expected {
            _ if round.timetable.is_readable(Stage::Full, now) => (submitted, BidCount::Submitted),
            Some(expected) if expected > submitted => (expected, BidCount::Expected),
            _ => (submitted, BidCount::SoFar),
        };
        let closes = [Milestone::InterviewInvitations, Milestone::Announcement];
        let answers = || rules.full.questions().map(|(_, question)| &question.answer);
        let words = answers().map(|answer| match answer {
            Kind::Text { most_words } | Kind::LongText { most_words } => count(*most_words),
            _ => 0,
        });
        let documents = answers().map(|answer| match answer {
            Kind::Document { most, .. } => count(*most),
            _ => 0,
        });
        Self {
            bids,
            known,
            submitted,
            readers: rules.least_readers,
            readings: u64::from(bids) * u64::from(rules.least_readers),
            opens: round.timetable.closes(Stage::Full),
            closes: closes.into_iter().find_map(|milestone| round.timetable.at(milestone)),
            questions: u32::try_from(answers().count()).unwrap_or(u32::MAX),
            most_words: words.fold(0, u64::saturating_add),
            most_documents: documents.fold(0, u64::saturating_add),
            criteria: rules.criteria.iter().map(|of| format!("{} ({})", of.title, of.share())).collect(),
            hours_per_bid: rules.assessment.hours_per_bid,
        }
    }

    /// How many bids there are, as a sentence.
    pub fn bids_in_words(&self) -> String {
        let (bids, submitted) = (counted(self.bids.into(), "full application"), grouped(self.submitted.into()));
        let are = |count: u32| if count == 1 { "is" } else { "are" };
        match self.known {
            BidCount::Submitted => format!("{bids} {} to be read.", are(self.bids)),
            BidCount::Expected => {
                format!("About {bids} {} expected, {submitted} {} in so far.", are(self.bids), are(self.submitted))
            }
            BidCount::SoFar => format!("{bids} {} in so far, and more can come.", are(self.bids)),
        }
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// What those who were invited have said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CapacityOfPool)]
pub struct Capacity {
    /// How many have accepted.
    pub accepted: u32,
    /// How many have not answered.
    pub unanswered: u32,
    /// How many will not, or no longer, assess.
    pub out: u32,
    /// How many bids those who have accepted want to read at least.
    pub least: u64,
    /// How many they can read at most.
    pub most: u64,
}

impl Capacity {
    /// The same of these places.
    pub fn of<'a>(places: impl IntoIterator<Item = &'a PlaceRow>) -> Self {
        let mut sum = Self::default();
        for place in places {
            match place.state {
                PlaceState::Accepted => {
                    sum.accepted += 1;
                    sum.least += u64::from(place.said.0.least.unwrap_or(0));
                    sum.most += u64::from(place.said.0.most.unwrap_or(0));
                }
                PlaceState::Invited => sum.unanswered += 1,
                PlaceState::Declined | PlaceState::Withdrawn | PlaceState::Ended => sum.out += 1,
            }
        }
        sum
    }
}

/// Whether those who have accepted can read what there is to read, in words.
pub fn needed_in_words(workload: &Workload, capacity: Capacity) -> String {
    let (bids, readers) = (counted(workload.bids.into(), "bid"), counted(workload.readers.into(), "reading"));
    let need = format!("{bids} × {readers} = {}", counted(workload.readings, "reading"));
    let can = match capacity.accepted {
        0 => "nobody has accepted yet".to_owned(),
        1 => format!("the one who accepted can read at most {}", grouped(capacity.most)),
        _ => format!("those who accepted can read at most {}", grouped(capacity.most)),
    };
    match workload.readings.checked_sub(capacity.most) {
        Some(missing) if missing > 0 && capacity.accepted > 0 => format!("{need}; {can}: {} short.", grouped(missing)),
        Some(missing) if missing > 0 => format!("{need}; {can}."),
        _ if capacity.accepted == 0 => format!("{need}; {can}."),
        _ if capacity.least > workload.readings => {
            let least = grouped(capacity.least);
            format!("{need}; {can}, which is enough, and want to read at least {least}, which is more than there is.")
        }
        _ => format!("{need}; {can}, which is enough."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(bids: u32, readers: u32) -> Workload {
        Workload {
            bids,
            known: BidCount::Submitted,
            submitted: bids,
            readers,
            readings: u64::from(bids) * u64::from(readers),
            opens: None,
            closes: None,
            questions: 0,
            most_words: 0,
            most_documents: 0,
            criteria: Vec::new(),
            hours_per_bid: None,
        }
    }

    #[test]
    fn what_is_needed_is_held_against_what_those_who_accepted_can_read() {
        let told = |most, least, accepted, (bids, readers)| {
            let capacity = Capacity { accepted, least, most, ..Capacity::default() };
            needed_in_words(&workload(bids, readers), capacity)
        };
        for (most, least, accepted, need, words) in [
            (
                900,
                0,
                60,
                (384, 3),
                "384 bids × 3 readings = 1,152 readings; those who accepted can read at most 900: 252 short.",
            ),
            (
                1_200,
                0,
                60,
                (384, 3),
                "384 bids × 3 readings = 1,152 readings; those who accepted can read at most 1,200, which is enough.",
            ),
            (0, 0, 0, (1, 1), "1 bid × 1 reading = 1 reading; nobody has accepted yet."),
            (0, 0, 0, (0, 2), "0 bids × 2 readings = 0 readings; nobody has accepted yet."),
            (5, 0, 1, (2, 3), "2 bids × 3 readings = 6 readings; the one who accepted can read at most 5: 1 short."),
            (
                9,
                8,
                2,
                (2, 3),
                "2 bids × 3 readings = 6 readings; those who accepted can read at most 9, which is enough, and want to read at least 8, which is more than there is.",
            ),
        ] {
            assert_eq!(told(most, least, accepted, need), words);
        }
    }

    #[test]
    fn how_many_bids_there_are_is_said_as_far_as_it_is_known() {
        let said = |known, bids, submitted| Workload { known, bids, submitted, ..workload(0, 3) }.bids_in_words();
        assert_eq!(said(BidCount::Submitted, 384, 384), "384 full applications are to be read.");
        assert_eq!(said(BidCount::Expected, 384, 1), "About 384 full applications are expected, 1 is in so far.");
        assert_eq!(said(BidCount::SoFar, 1, 1), "1 full application is in so far, and more can come.");
    }
}
