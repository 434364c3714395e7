//! What is wrong with the parts of a fund or a round by themselves, wherever they are written.

use crate::{
    clock::Moment,
    error::{AppError, Fault},
    funds::model::Milestone,
    money::Pence,
    workflow::{self, Definition},
};

/// The most characters of a title.
pub const LONGEST_TITLE: usize = 200;
/// The most characters of what a round is for.
pub const LONGEST_SUMMARY: usize = 5_000;

/// What is wrong with a place in addresses.
pub fn slug_faults(field: &str, slug: &str) -> Vec<Fault> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !slug.is_empty() && slug.len() <= 80 && slug.bytes().all(fits) {
        return Vec::new();
    }
    vec![Fault::new(field, "wrong_slug", "Use 1 to 80 small letters, digits and hyphens.")]
}

/// That a round's slug or prefix belongs to another.
pub fn slug_taken() -> AppError {
    AppError::conflict("slug_taken", "There is a round with this slug or prefix already. Choose others.")
}

/// What is wrong with a workflow of which the program knows nothing.
pub fn unknown_workflow(field: &str) -> Fault {
    let known: Vec<&str> = workflow::definitions::all().iter().map(|(id, _)| *id).collect();
    Fault::new(field, "unknown_workflow", format!("Name one of the workflows {}.", known.join(", ")))
}

/// What is wrong with a text that must be there.
pub fn text_faults(field: &str, text: &str, most: usize) -> Option<Fault> {
    Fault::of_text(field, text, most, "Fill this in.")
}

/// What is wrong with what references begin with.
pub fn prefix_fault(prefix: &str) -> Option<Fault> {
    let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    let good = (1..=12).contains(&prefix.len()) && prefix.bytes().all(fits);
    (!good).then(|| Fault::new("prefix", "wrong_prefix", "Use 1 to 12 capital letters and digits."))
}

/// What is wrong with a budget.
pub fn budget_fault(budget: Pence) -> Option<Fault> {
    let message = || format!("Give a budget from 1p to {}.", Pence::MOST);
    let fits = (Pence(1)..=Pence::MOST).contains(&budget);
    (!fits).then(|| Fault::new("budget_pence", "out_of_range", message()))
}

/// What is wrong with dates: their order, and those for which the workflow has no use.
pub fn wrong_milestones(dates: &[(Milestone, Moment)], definition: &Definition) -> Vec<Fault> {
    let mut faults = out_of_order(dates);
    let needed = needed(definition);
    for (stray, _) in dates.iter().filter(|(milestone, _)| !needed.contains(milestone)) {
        let message = format!("Leave out {}: the workflow “{}” has no use for it.", stray.title(), definition.title);
        faults.push(Fault::new("milestones", "not_wanted", message));
    }
    faults
}

/// Each milestone once, in the order of the round.
pub fn out_of_order(dates: &[(Milestone, Moment)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for pair in dates.windows(2) {
        if let [before, after] = pair
            && (before.0 >= after.0 || before.1 > after.1)
        {
            let message = format!("{} must come after {}.", after.0.title(), before.0.title());
            faults.push(Fault::new("milestones", "out_of_order", message));
        }
    }
    faults
}

/// The milestones of the workflow that have no date.
pub fn missing_milestones(dates: &[(Milestone, Moment)], definition: &Definition) -> Vec<Fault> {
    let missing = needed(definition).into_iter().filter(|needed| dates.iter().all(|(given, _)| given != needed));
    let fault =
        |missing: Milestone| Fault::new("milestones", "missing", format!("Give a date for {}.", missing.title()));
    missing.map(fault).collect()
}

fn needed(definition: &Definition) -> Vec<Milestone> {
    definition.milestones.iter().filter_map(|id| Milestone::from_word(id)).collect()
}
