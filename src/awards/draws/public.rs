//! What everybody reads of draws: whitelists of fields. Before the awards are out, nothing that tells which bids are in a draw or
//! whether it is made.

use serde::Serialize;

use super::{model::rule_in_words, store::Row};
use crate::{awards::public::PublicRound, clock::Moment, error::Result, funds::assessing::DrawMethod};

/// The draws of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublicDraws {
    /// The round.
    pub round: PublicRound,
    /// Since when it has been so.
    pub changed_at: Moment,
    /// The draws, the newest first.
    pub draws: Vec<PublicDraw>,
}

/// A draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PublicDraw {
    /// Counts the draws of the round, from 1.
    pub number: i32,
    /// When it was committed to.
    pub committed_at: Moment,
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
    /// SHA-256 of method, places, source, the SHA-256 of the list, and a salt that nobody knows before the awards are out, each
    /// ended by LF: so that nobody can try which bids it stands for.
    pub commitment: String,
    /// Why it is another number of places than what the money reaches.
    pub places_reason: Option<String>,
    /// Why there was another commitment after an earlier one.
    pub again_reason: Option<String>,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Moment>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// What was drawn, once the awards are out.
    pub result: Option<PublicResult>,
    /// Of a commitment that was withdrawn, what it stood for, once the awards are out: so that everybody can compute what it
    /// would have drawn.
    pub opened: Option<PublicOpened>,
}

/// What a commitment stood for that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PublicDrawOpened)]
pub struct PublicOpened {
    /// The salt.
    pub salt: Option<String>,
    /// Who was in it: lines of reference, comma, probability, each ended by LF.
    pub list: String,
    /// SHA-256 of the list.
    pub list_sha256: String,
}

/// What was drawn, with all that is needed to draw again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = PublicDrawResult)]
pub struct PublicResult {
    /// When it was drawn.
    pub drawn_at: Moment,
    /// The salt.
    pub salt: Option<String>,
    /// Who was in it: lines of reference, comma, probability, each ended by LF.
    pub list: String,
    /// SHA-256 of the list.
    pub list_sha256: String,
    /// The public value.
    pub value: String,
    /// Where it can be looked up.
    pub looked_up: String,
    /// The bids in the order that the value gives; of RFC 3797 those that are drawn.
    pub order: Vec<String>,
    /// The bids that are drawn.
    pub chosen: Vec<String>,
}

impl PublicDraw {
    /// What everybody reads of a draw, with its result, or what it stood for where it was withdrawn, if that is `out`.
    ///
    /// # Errors
    /// When what was kept cannot be read.
    pub(super) fn of(row: Row, out: bool) -> Result<Self> {
        let commitment = row.commitment()?;
        let method = super::service::method_of(commitment.method);
        let drawn = row.drawn()?.zip(row.drawn_at()).filter(|_| out);
        let withdrawn_at = row.withdrawn_at();
        let result = drawn.map(|(drawn, drawn_at)| PublicResult {
            drawn_at,
            salt: drawn.before.salt,
            list: drawn.before.list,
            list_sha256: drawn.before.list_sha256,
            value: drawn.seed,
            looked_up: row.looked_up.unwrap_or_default(),
            order: drawn.order,
            chosen: drawn.chosen,
        });
        let opened = withdrawn_at.filter(|_| out).map(|_| PublicOpened {
            salt: commitment.salt,
            list: commitment.list,
            list_sha256: commitment.list_sha256,
        });
        Ok(Self {
            number: row.number,
            committed_at: row.made_at,
            method,
            rule: rule_in_words(method, commitment.awards),
            places: commitment.awards,
            source: commitment.source,
            known_from: row.known_from,
            commitment: commitment.commitment,
            places_reason: row.places_reason,
            again_reason: row.again_reason,
            withdrawn_at,
            withdrawn_reason: row.withdrawn_reason,
            result,
            opened,
        })
    }

    /// What is to be said of it on the page of the round, each a sentence.
    pub fn in_words(&self) -> Vec<String> {
        let mut words =
            vec![format!("Draw {} was committed to at {}. {}", self.number, self.committed_at.in_words(), self.rule)];
        words.push(match self.withdrawn_at {
            Some(at) => format!("It was withdrawn at {}.", at.in_words()),
            None => format!(
                "The public value is {}. Nobody can know it before {}.",
                self.source,
                self.known_from.in_words()
            ),
        });
        words.push(format!("The commitment (SHA-256): {}", self.commitment));
        words
    }
}
