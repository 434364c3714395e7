//! Marks of gateway checks: added to and never changed, and the newest on a check counts.

use std::collections::BTreeSet;

use diesel::{Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    db::schema::gateway_marks,
    error::Fault,
    funds::assessing::Check,
    ids::{BidKey, Id, PersonKey, RowKey},
    words,
};

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 2_000;

words! {
    /// What somebody found of a check.
    pub enum CheckMark {
        /// It holds.
        Pass = "pass",
        /// It does not.
        Fail = "fail",
    }
}

impl CheckMark {
    /// What it is called on pages.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pass => "Passes",
            Self::Fail => "Fails",
        }
    }
}

words! {
    /// Where one check of a bid stands.
    pub enum CheckState {
        /// Nobody has marked it.
        Open = "open",
        /// It was marked for an earlier version of the bid and has to be confirmed.
        Outdated = "outdated",
        /// It holds.
        Passed = "passed",
        /// It does not.
        Failed = "failed",
    }
}

words! {
    /// Where a bid stands at the gateway.
    pub enum GatewayState {
        /// A check is still to be marked or confirmed, and none has failed.
        Open = "open",
        /// Every check has passed.
        Passed = "passed",
        /// A check has failed.
        Failed = "failed",
    }
}

/// One mark on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheckMark {
    /// The check, by its id in the round's rules.
    pub check: String,
    /// What was found.
    pub mark: CheckMark,
    /// Why; a fail needs it.
    #[serde(default)]
    pub reason: String,
}

/// Marks on their way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheckMarks {
    /// The number of the version of the full application that was read, as `about` says it.
    pub about: i32,
    /// One for each check that is marked now; the others stay as they are.
    pub marks: Vec<NewCheckMark>,
}

impl NewCheckMarks {
    /// What is wrong with them in a round of these checks.
    pub fn faults(&self, checks: &[Check]) -> Vec<Fault> {
        if self.marks.is_empty() {
            return vec![Fault::new("marks", "missing", "Mark at least one check.")];
        }
        let (mut faults, mut seen) = (Vec::new(), BTreeSet::new());
        for (index, new) in self.marks.iter().enumerate() {
            let at = |field: &str| format!("marks/{index}/{field}");
            match checks.iter().find(|check| check.id == new.check) {
                None => faults.push(Fault::new(at("check"), "unknown_check", "Name a gateway check of the round.")),
                Some(_) if !seen.insert(&new.check) => {
                    faults.push(Fault::new(at("check"), "repeated", "Mark each check once."));
                }
                Some(check) => {
                    let message = format!("Say why “{}” fails.", check.title);
                    faults.extend(match new.mark {
                        CheckMark::Fail => Fault::of_text(&at("reason"), &new.reason, LONGEST_REASON, &message),
                        CheckMark::Pass => Fault::too_long(&at("reason"), &new.reason, LONGEST_REASON),
                    });
                }
            }
        }
        faults
    }
}

/// A mark as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = gateway_marks)]
pub struct MarkRow {
    /// Its id.
    pub id: Id<RowKey>,
    /// The bid.
    pub bid_id: Id<BidKey>,
    /// Counts the marks of the bid, from 1.
    pub number: i32,
    /// The check, by its id.
    pub item: String,
    /// What was found.
    pub mark: CheckMark,
    /// Why; may be empty for a pass.
    pub reason: String,
    /// The number of the version of the full application that it was given for.
    pub about: i32,
    /// The salt of the hash that stands in the history.
    pub salt: String,
    /// Who gave it.
    pub person_id: Id<PersonKey>,
    /// When.
    pub created_at: Moment,
}

/// The newest of a bid's marks on a check, for whatever version it was given.
pub fn newest<'a>(marks: &'a [MarkRow], check: &str) -> Option<&'a MarkRow> {
    marks.iter().filter(|mark| mark.item == check).max_by_key(|mark| mark.number)
}

/// Where a check stands of which this is the newest mark, while this version of the bid stands.
pub fn state_of(newest: Option<&MarkRow>, version: i32) -> CheckState {
    match newest {
        None => CheckState::Open,
        Some(mark) if mark.about < version => CheckState::Outdated,
        Some(mark) if mark.mark == CheckMark::Pass => CheckState::Passed,
        Some(_) => CheckState::Failed,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn checks() -> Vec<Check> {
        ["need", "users"].map(|id| Check { id: id.into(), title: id.into(), guidance: String::new() }).into()
    }

    #[test]
    fn marks_are_refused_with_every_place_and_reason_at_once() {
        let new = |check: &str, mark, reason: &str| NewCheckMark { check: check.into(), mark, reason: reason.into() };
        let faults = |marks: Vec<NewCheckMark>| {
            let faults = NewCheckMarks { about: 0, marks }.faults(&checks());
            faults.into_iter().map(|fault| (fault.field, fault.code.to_string())).collect::<Vec<_>>()
        };
        let expected = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(faults(vec![]), [expected("marks", "missing")]);
        let wrong = vec![
            new("need", CheckMark::Fail, " "),
            new("need", CheckMark::Pass, ""),
            new("other", CheckMark::Pass, ""),
            new("users", CheckMark::Pass, &"x".repeat(2_001)),
        ];
        let places = [
            expected("marks/0/reason", "missing"),
            expected("marks/1/check", "repeated"),
            expected("marks/2/check", "unknown_check"),
            expected("marks/3/reason", "too_long"),
        ];
        assert_eq!(faults(wrong), places);
        assert_eq!(faults(vec![new("need", CheckMark::Pass, ""), new("users", CheckMark::Fail, "None.")]), []);
    }
}
