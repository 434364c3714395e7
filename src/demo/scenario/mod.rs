//! A scenario: everything that happens in a round, as data files under `scenarios/`, read and proved sound before use.
//!
//! It says what people did (who applied, with whom, what was marked and scored) and never what came of it: who is
//! invited, shortlisted and funded follows from the data by the round's own rules. Besides these files nothing is read,
//! and nothing is written.

mod cell;
mod check;
mod fault;
mod lookup;
mod model;
mod read;

use std::path::Path;

pub use fault::{Fault, Unsound};
pub use lookup::{Decided, Invitation};
pub use model::*;
use read::Source;

/// The names of the scenarios that the program carries.
pub const EMBEDDED: &[&str] = &["ldf-round-1", "small"];

/// Everything that happens in a round.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The folder's name.
    pub name: String,
    /// The fund, the round, its timetable and its rulebook.
    pub round: RoundFile,
    /// Every council that could take part, current or not.
    pub councils: Vec<Row<Council>>,
    /// Earlier and outside work.
    pub register: Vec<Row<Entry>>,
    /// Expressions of interest, late ones among them, in the order of their arrival.
    pub bids: Vec<Row<Bid>>,
    /// The marks that the sift gave to answers.
    pub sift: Vec<Row<SiftMark>>,
    /// Texts of feedback.
    pub feedback: Vec<Row<Feedback>>,
    /// Full applications.
    pub applications: Vec<Row<Application>>,
    /// The partners of full applications.
    pub partners: Vec<Row<Partner>>,
    /// The costs of full applications.
    pub costs: Vec<Row<CostLine>>,
    /// What full applications promise.
    pub promises: Vec<Row<Promise>>,
    /// What full applications will publish.
    pub outputs: Vec<Row<Output>>,
    /// What exists already, and why it is not enough.
    pub prior_work: Vec<Row<PriorWork>>,
    /// Who scores.
    pub assessors: Vec<Row<Assessor>>,
    /// Conflicts that assessors declare beside those that follow from their councils.
    pub conflicts: Vec<Row<Conflict>>,
    /// The scores.
    pub scores: Vec<Row<Score>>,
}

impl Scenario {
    /// A scenario that the program carries, by its name in [`EMBEDDED`].
    ///
    /// # Errors
    /// Every fault of its files, or that there is no such scenario.
    pub fn embedded(name: &str) -> Result<Self, Unsound> {
        Self::from_source(&Source::Embedded(name), name)
    }

    /// A scenario from a folder; `councils.csv` and `register.csv` stand beside the folder, shared by its neighbours.
    ///
    /// # Errors
    /// Every fault of its files.
    pub fn from_folder(path: &Path) -> Result<Self, Unsound> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::from_source(&Source::Folder(path), &name)
    }

    fn from_source(source: &Source<'_>, name: &str) -> Result<Self, Unsound> {
        let scenario = read::scenario(source, name)?;
        let faults = scenario.faults();
        if faults.is_empty() { Ok(scenario) } else { Err(Unsound(faults)) }
    }

    /// Everything that is wrong with the data as it stands, file by file.
    pub fn faults(&self) -> Vec<Fault> {
        check::faults(self)
    }
}
