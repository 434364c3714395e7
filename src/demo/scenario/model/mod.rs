//! The records of a scenario's files, one struct per file. Field names are the column names.

mod applications;
mod assessment;
mod bids;
mod round;
mod shared;

use std::ops::{Deref, DerefMut};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IntoDeserializer},
};

pub use applications::{Application, Basis, Category, CostLine, Output, Partner, PriorWork, Promise};
pub use assessment::{Assessor, Conflict, Score};
pub use bids::{Bid, Feedback, FeedbackStage, Known, Mark, SiftMark};
pub use round::{Acts, FundFacts, Illustrative, KnownTime, MilestoneAt, RoundFacts, RoundFile, Sourced, Staff};
pub use shared::{Council, Entry};

/// A record with the line of the file that it stands on.
#[derive(Debug, Clone)]
pub struct Row<T> {
    /// The line, counted from 1; the header is line 1.
    pub line: u64,
    /// The record.
    pub record: T,
}

impl<T> Deref for Row<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T> DerefMut for Row<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.record
    }
}

/// Several values in one column, separated by semicolons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T>(pub Vec<T>);

impl<T> Deref for Several<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| T::deserialize(part.into_deserializer())).collect::<Result<_, _>>().map(Self)
    }
}
