//! Rules: what must hold before something may be done, as a small typed tree in JsonLogic notation.
//!
//! The tree is total: known fields only, no arithmetic, no loop but the one over the bid's partners, at most [`MAX_DEPTH`] deep.
//! A rule that does not hold says why, in words made from the [`Vocabulary`] or in the author's own (`say`). Rules must never reach
//! out: what they judge is handed to them as [`Facts`]. The same rules guard transitions and express a round's eligibility.
//!
//! ```json
//! {"and": [
//!   {"in": [{"var": "lead.kind"}, ["county_council", "unitary_authority"]]},
//!   {">=": [{"var": "partners.confirmed"}, 2]},
//!   {"all": [{"var": "partners"}, {"var": "signed_declaration"}]},
//!   {"rule": {"<=": [{"var": "ask_pence"}, 8000000]}, "say": "your ask is {ask_pence}, which is too much for {a phase}"}
//! ]}
//! ```
//!
//! As in JsonLogic, `all` over no partners does not hold. A field without a value makes a rule neither hold nor fail; at the top that
//! counts as a refusal, even below a `!`.

mod demand;
mod facts;
mod judge;
mod notation;
mod parse;
mod sides;
mod types;
mod vocabulary;
mod words;
mod worlds;

use serde::Serialize;

pub use facts::{BidFacts, Facts, PartnerFacts};
pub use sides::{Budget, Sides};
pub use vocabulary::{Field, Kind, Occasion, Vocabulary};

/// A rule nested deeper than this is refused.
pub const MAX_DEPTH: usize = 16;

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// `and`: every one holds.
    Every(Vec<Rule>),
    /// `or`: at least one holds.
    Either(Vec<Rule>),
    /// `!`: it does not hold.
    Not(Box<Rule>),
    /// `{"var": …}`: the field is yes.
    Is(String),
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`.
    Compare(Comparison, Term, Term),
    /// `in`: the field's value is one of the list.
    OneOf(String, Vec<Constant>),
    /// `some` or `all` over the partners; the rule inside speaks of one partner.
    Partners(Quantifier, Box<Rule>),
    /// A rule with the author's own sentence for its refusal, in which `{field}` stands for the field's value.
    Said(Box<Rule>, String),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// The value of a field.
    Field(String),
    /// A value written in the rule.
    Constant(Constant),
}

/// A value written in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    /// True or false.
    YesNo(bool),
    /// A count, or money in whole pence.
    Number(i64),
    /// A word.
    Text(String),
}

/// Of how many partners it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// Every one, and there is one.
    All,
}

/// What a rule says of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it holds.
    pub holds: bool,
    /// Why not, in words; empty if it holds, never empty otherwise.
    pub reasons: Vec<String>,
}

impl Term {
    /// The field, if it is one.
    fn field(&self) -> Option<&str> {
        match self {
            Self::Field(name) => Some(name),
            Self::Constant(_) => None,
        }
    }
}

impl Comparison {
    const ALL: [(&'static str, Self); 6] = [
        ("==", Self::Equal),
        ("!=", Self::Different),
        ("<", Self::Less),
        ("<=", Self::AtMost),
        (">", Self::More),
        (">=", Self::AtLeast),
    ];

    fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::Different,
            Self::Different => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtLeast => Self::Less,
            Self::More => Self::AtMost,
            Self::AtMost => Self::More,
        }
    }

    /// The comparison that says the same with its sides exchanged.
    fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::More => Self::Less,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}
