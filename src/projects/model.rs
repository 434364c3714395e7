//! A project, what it promised and what it delivered.

use chrono::NaiveDate;
use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    bids::partner::PartnerKind,
    clock::Moment,
    db::schema::{deliveries, outcomes, projects},
    error::Fault,
    ids::{BidKey, Id, OrganisationKey, PersonKey, ProjectKey, RoundKey, RowKey},
    money::Pence,
};

/// The most characters of a note.
const LONGEST_NOTE: usize = 4_000;
/// Figures beyond this are mistakes of typing, and would lose whole numbers as floats.
const LARGEST_FIGURE: f64 = 1e15;

/// A project as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = projects)]
pub struct Project {
    /// Its id.
    pub id: Id<ProjectKey>,
    /// The bid that was funded.
    pub bid_id: Id<BidKey>,
    /// The round.
    pub round_id: Id<RoundKey>,
    /// The lead authority.
    pub lead_id: Id<OrganisationKey>,
    /// The title of the bid when it was funded.
    pub title: String,
    /// How much was awarded.
    pub award_pence: Pence,
    /// When it starts.
    pub starts_on: Option<NaiveDate>,
    /// When it ends.
    pub ends_on: Option<NaiveDate>,
    /// When it was made.
    pub created_at: Moment,
    /// Counts changes.
    pub version: i32,
}

/// What was promised, as it is kept.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = outcomes)]
pub struct Outcome {
    /// Its id.
    pub id: Id<RowKey>,
    /// What is measured.
    pub measure: String,
    /// In which unit.
    pub unit: String,
    /// The figure before the project, where it is known.
    pub baseline: Option<f64>,
    /// The figure promised.
    pub target: f64,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// A report of what was delivered, as it is kept.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub struct Delivery {
    /// Its id.
    pub id: Id<RowKey>,
    /// The outcome that it is about.
    pub outcome_id: Id<RowKey>,
    /// The figure reached.
    pub value: f64,
    /// What explains it.
    pub note: String,
    /// Who reported it; not public.
    pub reported_by: Id<PersonKey>,
    /// When.
    pub reported_at: Moment,
}

/// A report of what was delivered, on its way in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelivery {
    /// The figure reached.
    pub value: f64,
    /// What explains it, e.g. how it was measured.
    pub note: String,
}

impl NewDelivery {
    /// What is wrong with it.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_figure(self.value) {
            faults.push(Fault::new("value", "out_of_range", "Give the figure reached as a number, e.g. 12.5."));
        }
        faults.extend(Fault::of_text("note", &self.note, LONGEST_NOTE, "Say how the figure was measured."));
        faults
    }
}

/// Whether a number is one that both databases and JSON keep: finite, and within what a float counts exactly.
pub fn is_figure(value: f64) -> bool {
    value.is_finite() && value.abs() <= LARGEST_FIGURE
}

/// A project as everybody may read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProjectView {
    /// The reference of its bid.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The name of the lead authority.
    pub lead: String,
    /// The partners who confirmed; supporters are among them.
    pub partners: Vec<ProjectPartner>,
    /// The round's place in addresses.
    pub round: String,
    /// The round's title.
    pub round_title: String,
    /// How much was awarded, in pence.
    pub award_pence: Pence,
    /// When it starts.
    pub starts_on: Option<NaiveDate>,
    /// When it ends.
    pub ends_on: Option<NaiveDate>,
    /// Whether parts of it are illustrative, as in the replay of a real round.
    pub illustrative: bool,
    /// What was promised, each with what was delivered.
    pub outcomes: Vec<OutcomeView>,
    /// Counts changes.
    pub version: i32,
}

/// A partner of a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProjectPartner {
    /// Its name.
    pub name: String,
    /// What kind of partner it is.
    pub kind: PartnerKind,
}

/// What was promised beside what was delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutcomeView {
    /// Its id, for reports.
    pub id: Id<RowKey>,
    /// What is measured.
    pub measure: String,
    /// In which unit.
    pub unit: String,
    /// The figure before the project, where it is known.
    pub baseline: Option<f64>,
    /// The figure promised.
    pub target: f64,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// What was reported, oldest first; the last one stands.
    pub deliveries: Vec<DeliveryView>,
    /// Where the promise stands.
    pub standing: Standing,
}

/// A report as everybody may read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DeliveryView {
    /// The figure reached.
    pub value: f64,
    /// What explains it.
    pub note: String,
    /// When it was reported.
    pub reported_at: Moment,
}

/// Where a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing was reported, and it is not due.
    Awaited,
    /// Nothing was reported, and it was due.
    Overdue,
    /// The promised figure was reached.
    Met,
    /// It was reported and not reached.
    NotMet,
}

impl Standing {
    /// Compares the last report with the promise. Whether more is better follows from where the baseline lies; without
    /// one, more is better.
    pub fn of(outcome: &Outcome, last: Option<f64>, today: NaiveDate) -> Self {
        let Some(value) = last else {
            let overdue = outcome.due_on.is_some_and(|due| due < today);
            return if overdue { Self::Overdue } else { Self::Awaited };
        };
        let less_is_better = outcome.baseline.is_some_and(|baseline| baseline > outcome.target);
        let met = if less_is_better { value <= outcome.target } else { value >= outcome.target };
        if met { Self::Met } else { Self::NotMet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(baseline: Option<f64>, target: f64) -> Outcome {
        let due_on = NaiveDate::from_ymd_opt(2019, 3, 29);
        let (measure, unit) = ("Calls".to_owned(), "per week".to_owned());
        Outcome { id: Id::of(uuid::Uuid::nil()), measure, unit, baseline, target, due_on }
    }

    #[test]
    fn a_promise_is_held_against_the_last_report_in_the_direction_that_it_promised() {
        let day = |day| NaiveDate::from_ymd_opt(2019, 3, day).unwrap();
        let less = outcome(Some(100.0), 60.0);
        assert_eq!(Standing::of(&less, None, day(29)), Standing::Awaited);
        assert_eq!(Standing::of(&less, None, day(30)), Standing::Overdue);
        assert_eq!(Standing::of(&less, Some(60.0), day(1)), Standing::Met);
        assert_eq!(Standing::of(&less, Some(61.0), day(1)), Standing::NotMet);
        assert_eq!(Standing::of(&outcome(None, 5.0), Some(5.0), day(1)), Standing::Met);
        assert_eq!(Standing::of(&outcome(Some(1.0), 5.0), Some(4.9), day(1)), Standing::NotMet);
    }

    #[test]
    fn figures_that_no_database_keeps_are_refused() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            let faults = NewDelivery { value, note: "Counted.".into() }.faults();
            assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["value"]);
        }
        assert!(NewDelivery { value: -3.5, note: "Counted.".into() }.faults().is_empty());
        assert_eq!(NewDelivery { value: 1.0, note: " ".into() }.faults().len(), 1);
    }
}
