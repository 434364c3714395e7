//! What flags and questions speak of, and their pure rules.

mod step;
mod views;

pub use step::{
    LONGEST_WORDS, NewAnswer, NewClosing, NewFollowUp, NewQuery, QueryKind, QueryRow, QueryState, QueryStepKind, Said,
    StepRow, shared_with_readers, state_of, version_of,
};
pub use views::{FundQuery, QueryLine, QueryStep, ReaderQuery, RoundQueries};
