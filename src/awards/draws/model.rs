//! Draws as staff read and send them.

use serde::{Deserialize, Serialize};

use crate::{approvals::model::Support, clock::Moment, error::Fault, funds::assessing::DrawMethod, money::Pence};

/// The most characters of a reason that is published.
const LONGEST_REASON: usize = 2_000;
/// The most characters of what names the public value.
const LONGEST_NAME: usize = 300;
/// The most characters of the public value and of where it is looked up.
const LONGEST_VALUE: usize = 2_000;

/// What would be committed to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DrawOffer)]
pub struct Offer {
    /// The number of the ranking of record that it follows.
    pub ranking: i32,
    /// How is drawn.
    pub method: DrawMethod,
    /// The public value that the rules name.
    pub source: String,
    /// Whether everybody is told at once, which bids are in it apart.
    pub told_before: bool,
    /// Which interval of a bid's rank is held against the funding line, in per cent.
    pub interval: u32,
    /// How many are drawn: as many as can be paid, whoever it is.
    pub places: usize,
    /// Why so many, each a sentence.
    pub why: Vec<String>,
    /// How many bids lie above the line.
    pub above: usize,
    /// The bids between which is drawn, in the order of the ranking.
    pub candidates: Vec<Candidate>,
    /// Whether there was an earlier commitment, so that another needs a reason, which is published.
    pub again: bool,
    /// The SHA-256 of everything that it follows from.
    pub inputs_sha256: String,
}

/// What would be committed to now, if anything can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DrawOffered)]
pub struct Offered {
    /// What would be committed to.
    pub offer: Option<Offer>,
    /// Why nothing can be, if nothing can.
    pub trouble: Option<String>,
}

/// A bid whose interval crosses the funding line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DrawCandidate)]
pub struct Candidate {
    /// Its reference.
    pub bid: String,
    /// Its place in the ranking.
    pub place: u32,
    /// What it asks for, in pence.
    pub ask_pence: Pence,
}

/// A commitment that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDraw)]
pub struct NewDraw {
    /// The `inputs_sha256` of the offer that was looked at. If something else has come in its place, nothing is kept.
    #[serde(default)]
    pub seen: Option<String>,
    /// Which public value it is exactly, of those that the rules name: one that nobody can know yet.
    pub exactly: String,
    /// The instant from which on it can be known.
    pub known_from: Moment,
    /// Another number of places than what the money reaches.
    #[serde(default)]
    pub places: Option<u32>,
    /// Why it is another number. It is published.
    #[serde(default)]
    pub places_reason: Option<String>,
    /// Why there is another commitment after an earlier one. It is published.
    #[serde(default)]
    pub again_reason: Option<String>,
}

/// A text without the blanks around it; nothing where nothing is left.
pub fn tidy(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

impl NewDraw {
    /// What is wrong with it by itself.
    pub fn faults(&self, now: Moment) -> Vec<Fault> {
        let missing = "Say which public value it is exactly, such as the number of the beacon’s round.";
        let mut faults: Vec<Fault> =
            Fault::of_text("exactly", &self.exactly, LONGEST_NAME, missing).into_iter().collect();
        if self.exactly.trim().contains(['\n', '\r']) {
            faults.push(Fault::new("exactly", "too_many_lines", "Name the public value in one line."));
        }
        if self.known_from <= now {
            let message = format!(
                "Give an instant after now, which is {}: nobody may know the value when you commit to it.",
                now.in_words()
            );
            faults.push(Fault::new("known_from", "too_early", message));
        }
        for (field, reason) in [("places_reason", &self.places_reason), ("again_reason", &self.again_reason)] {
            faults.extend(reason.as_deref().and_then(|reason| Fault::too_long(field, reason, LONGEST_REASON)));
        }
        faults
    }
}

/// Why a commitment is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawWithdrawal)]
pub struct Withdrawal {
    /// Why. It is published.
    pub reason: String,
}

impl Withdrawal {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let missing = "Say why the commitment is withdrawn: it stays on record, and the reason is published.";
        Fault::of_text("reason", &self.reason, LONGEST_REASON, missing).into_iter().collect()
    }
}

/// The public value, as somebody has looked it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawValue)]
pub struct Entered {
    /// The value as it was published. For RFC 3797 a line for each source, of whole numbers; otherwise its letters and digits
    /// count alone, lower case, with one blank between words, and it is kept so.
    pub value: String,
    /// Where everybody can look it up.
    pub looked_up: String,
}

impl Entered {
    /// The same without blanks around, and with the value in the one writing in which it is drawn by.
    #[must_use]
    pub fn tidied(self, method: DrawMethod) -> Self {
        let value = match method {
            DrawMethod::Sha256 => in_one_writing(&self.value),
            DrawMethod::Rfc3797 => self.value.trim().to_owned(),
        };
        Self { value, looked_up: self.looked_up.trim().to_owned() }
    }

    /// What is wrong with it by itself.
    pub fn faults(&self) -> Vec<Fault> {
        let value = Fault::of_text("value", &self.value, LONGEST_VALUE, "Enter the value exactly as it was published.");
        let missing = "Say where everybody can look it up, such as an address on the web.";
        let looked_up = Fault::of_text("looked_up", &self.looked_up, LONGEST_VALUE, missing);
        value.into_iter().chain(looked_up).collect()
    }
}

/// The one writing of a public value, whatever stood between its words and however they were written.
fn in_one_writing(value: &str) -> String {
    let words = value.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A draw on record, for staff who see every bid of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DrawOfRecord)]
pub struct Record {
    /// Counts the draws of the round, from 1.
    pub number: i32,
    /// The number of the ranking of record that it follows.
    pub ranking: i32,
    /// When it was committed to.
    pub committed_at: Moment,
    /// Who committed to it, by name.
    pub committed_by: String,
    /// How is drawn.
    pub method: DrawMethod,
    /// How is drawn, in words.
    pub rule: String,
    /// How many are drawn.
    pub places: usize,
    /// The public value that decides.
    pub source: String,
    /// The instant from which on it can be known.
    pub known_from: Moment,
    /// Who is in it: lines of reference, comma, probability.
    pub list: String,
    /// SHA-256 of the list.
    pub list_sha256: String,
    /// What the commitment is salted with, so that nobody guesses the list from it before the awards are out.
    pub salt: Option<String>,
    /// The commitment: SHA-256 of method, places, source, the list's hash and the salt, a line each.
    pub commitment: String,
    /// Why it is another number of places than what the money reaches.
    pub places_reason: Option<String>,
    /// Why there was another commitment after an earlier one.
    pub again_reason: Option<String>,
    /// Why it stands no more, if it was withdrawn.
    pub withdrawn: Option<Withdrawn>,
    /// The value that waits for somebody to confirm it.
    pub entered: Option<Entered>,
    /// Who has entered and confirmed the value, and who can, while that is open.
    pub support: Option<Support>,
    /// What was drawn.
    pub outcome: Option<Outcome>,
}

/// That a commitment was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DrawWithdrawn)]
pub struct Withdrawn {
    /// When.
    pub at: Moment,
    /// By whom, by name.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = DrawOutcome)]
pub struct Outcome {
    /// When.
    pub at: Moment,
    /// Who entered the value, by name.
    pub entered_by: String,
    /// Who confirmed it, by name.
    pub confirmed_by: String,
    /// The value.
    pub value: String,
    /// Where everybody can look it up.
    pub looked_up: String,
    /// The bids in the order that the value gives, by reference; of RFC 3797 those that are drawn.
    pub order: Vec<String>,
    /// The bids that are drawn.
    pub chosen: Vec<String>,
}

/// How is drawn, in words.
pub fn rule_in_words(method: DrawMethod, places: usize) -> String {
    let bids =
        if places == 1 { "1 bid of the list is drawn".into() } else { format!("{places} bids of the list are drawn") };
    match method {
        DrawMethod::Sha256 => {
            format!(
                "{bids}: the first in the order of the SHA-256 of the public value, a bar and the bid’s reference. Of the \
                 value its letters and digits count alone, lower case, with one blank between words."
            )
        }
        DrawMethod::Rfc3797 => format!("{bids} by the method of RFC 3797 from the numbers of the public value."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_writing_however_it_is_written() {
        for (written, kept) in [(" 8A1F44\n", "8a1f44"), ("5, 12,23", "5 12 23"), ("5 12\t23", "5 12 23"), ("–", "")]
        {
            let entered = |method| Entered { value: written.into(), looked_up: " here ".into() }.tidied(method);
            assert_eq!(entered(DrawMethod::Sha256), Entered { value: kept.into(), looked_up: "here".into() });
            assert_eq!(entered(DrawMethod::Rfc3797).value, written.trim());
        }
    }
}
