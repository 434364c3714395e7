//! A hold, and the pure rule of what it keeps back.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{clock::Moment, db::schema::holds, error::Fault};

/// The most characters of a reason, and of a note.
const LONGEST_TEXT: usize = 2_000;

/// A hold of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = holds)]
pub struct Hold {
    /// Counts the holds of the bid, from 1.
    pub number: i32,
    /// Why; the bid's councils read it.
    pub reason: String,
    /// Since when.
    pub placed_at: Moment,
    /// Until when, if it is over.
    pub lifted_at: Option<Moment>,
    /// What was said when it was lifted.
    pub note: Option<String>,
}

impl Hold {
    /// Whether it stands.
    pub const fn stands(&self) -> bool {
        self.span().stands()
    }

    /// Why nothing is done to the bid, as part of a sentence.
    pub fn in_words(&self) -> String {
        let since = self.placed_at.in_words();
        format!("this bid has been on hold since {since}: {}", self.reason.trim_end_matches('.'))
    }

    /// When the bid is on hold by it.
    pub const fn span(&self) -> Span {
        Span { placed_at: self.placed_at, lifted_at: self.lifted_at }
    }
}

/// When a bid is on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Since when.
    pub placed_at: Moment,
    /// Until when, if it is over.
    pub lifted_at: Option<Moment>,
}

impl Span {
    /// Whether the bid is on hold still.
    pub const fn stands(&self) -> bool {
        self.lifted_at.is_none()
    }
}

/// Since when something shows on a bid that comes at an instant: what comes while the bid is on hold waits until that ends.
/// What showed before goes on showing. The spans are those of the bid, in the order in which they were placed.
pub fn shows_from(spans: &[Span], at: Moment) -> Option<Moment> {
    let mut from = at;
    for span in spans.iter().filter(|span| span.placed_at < at) {
        from = from.max(span.lifted_at?);
    }
    Some(from)
}

/// What is wrong with why a bid is put on hold.
pub fn reason_fault(reason: &str) -> Option<Fault> {
    Fault::of_text("reason", reason, LONGEST_TEXT, "Say why the bid is on hold: its councils read it.")
}

/// What is wrong with what is said when a hold is lifted; it may be nothing.
pub fn note_fault(note: &str) -> Option<Fault> {
    Fault::too_long("note", note, LONGEST_TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(placed: i64, lifted: Option<i64>) -> Span {
        Span { placed_at: Moment::from_micros(placed), lifted_at: lifted.map(Moment::from_micros) }
    }

    fn from(spans: &[Span]) -> Option<i64> {
        shows_from(spans, Moment::from_micros(10)).map(Moment::micros)
    }

    #[test]
    fn what_comes_on_hold_waits_for_its_end_and_what_showed_before_goes_on_showing() {
        assert_eq!(from(&[]), Some(10));
        assert_eq!(from(&[span(9, None)]), None, "it has not ended");
        assert_eq!(from(&[span(10, None)]), Some(10), "it showed already when the hold was placed");
        assert_eq!(from(&[span(9, Some(20))]), Some(20));
        assert_eq!(from(&[span(3, Some(5))]), Some(10), "that hold was over");
        assert_eq!(from(&[span(3, Some(5)), span(6, Some(20)), span(21, None)]), Some(20));
    }
}
