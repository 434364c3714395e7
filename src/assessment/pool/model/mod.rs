//! The words of a pool and its pure rules.

mod place;
mod settings;
mod workload;

pub use place::{
    Acceptance, Ending, Invited, Invitee, LONGEST_MESSAGE, LONGEST_WORDS, MyPlace, NewInvitations, PlaceRow,
    PlaceState, PlaceView, Said, TurningDown, WhyNot, texts_of,
};
pub use settings::{Area, NewPool, Pool, PoolRow, PoolSettings, Terms, areas_of, hash_of};
pub use workload::{BidCount, Capacity, Workload, needed_in_words};

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
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}
