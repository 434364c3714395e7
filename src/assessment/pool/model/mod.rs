//! The words of a pool and its pure rules.

mod answering;
mod inviting;
mod place;
mod settings;
mod workload;

use std::collections::BTreeSet;

pub use answering::{Acceptance, Agreement, Ending, LONGEST_WORDS, TurningDown};
pub use inviting::{Invited, Invitee, LONGEST_MESSAGE, NewInvitations};
pub use place::{MyPlace, PlaceRow, PlaceState, PlaceView, Said, WhyNot, texts_of};
pub use settings::{Area, AskedFor, NewPool, Pool, PoolRow, PoolSettings, Terms, areas_of, hash_of};
pub use workload::{BidCount, Capacity, Workload, needed_in_words};

use crate::error::Fault;

/// More bids than anybody reads.
const MOST_BIDS: u32 = 1_000;

fn unknown_area(field: &str, chosen: &[String], areas: &[Area]) -> Option<Fault> {
    let known = |id: &String| areas.iter().any(|area| area.id == *id);
    let different: BTreeSet<&String> = chosen.iter().collect();
    if chosen.iter().all(known) && different.len() == chosen.len() {
        return None;
    }
    Some(Fault::new(field, "unknown_area", "Choose from the areas of this round, each once."))
}

fn range_fault((least, most): (Option<u32>, Option<u32>)) -> Option<Fault> {
    let far = |number: Option<u32>| number.is_some_and(|number| number > MOST_BIDS);
    if far(least) {
        return Some(Fault::new("least", "out_of_range", format!("Give a whole number from 0 to {MOST_BIDS}.")));
    }
    if far(most) || most == Some(0) {
        return Some(Fault::new("most", "out_of_range", format!("Give a whole number from 1 to {MOST_BIDS}.")));
    }
    let crossed = least.zip(most).is_some_and(|(least, most)| least > most);
    crossed.then(|| Fault::new("most", "below_least", "The most bids cannot be fewer than the least."))
}

/// How many, as people read it: `1,152`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with its noun: `1 bid`, `1,204 bids`.
pub(in crate::assessment) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}
