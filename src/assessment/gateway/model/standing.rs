//! Where a bid stands at the gateway, and what that keeps from being done.

use serde::{Deserialize, Serialize};

use super::mark::{CheckState, GatewayState, MarkRow, newest, state_of};
use crate::{
    error::{AppError, Result},
    funds::assessing::Check,
};

/// Where a bid stands at the gateway, with what is open and what failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GatewayStanding {
    /// Where it stands.
    pub state: GatewayState,
    /// The checks that are still to be marked or confirmed, by their titles.
    pub open: Vec<String>,
    /// Those that have failed.
    pub failed: Vec<String>,
    /// Why, in the same order. For those who decide alone: whoever reads a bid without names must not learn from it whose it is.
    #[serde(skip)]
    because: Vec<String>,
}

impl GatewayStanding {
    /// Where a bid with these marks stands, while this version of it stands; nothing in a round without checks.
    pub fn of(checks: &[Check], marks: &[MarkRow], version: i32) -> Option<Self> {
        if checks.is_empty() {
            return None;
        }
        let those = |wanted: &[CheckState]| -> Vec<String> {
            let state = |check: &&Check| wanted.contains(&state_of(newest(marks, &check.id), version));
            checks.iter().filter(state).map(|check| check.title.clone()).collect()
        };
        let (open, failed) = (those(&[CheckState::Open, CheckState::Outdated]), those(&[CheckState::Failed]));
        let state = match (open.is_empty(), failed.is_empty()) {
            (_, false) => GatewayState::Failed,
            (false, true) => GatewayState::Open,
            (true, true) => GatewayState::Passed,
        };
        let failing = checks.iter().filter_map(|check| newest(marks, &check.id));
        let failing = failing.filter(|mark| state_of(Some(mark), version) == CheckState::Failed);
        Some(Self { state, open, failed, because: failing.map(|mark| mark.reason.clone()).collect() })
    }

    /// Whether a check has failed.
    pub fn is_failed(&self) -> bool {
        self.state == GatewayState::Failed
    }

    /// Where it stands, in words.
    pub fn in_words(&self) -> String {
        match self.state {
            GatewayState::Passed => "Passed the gateway checks".into(),
            GatewayState::Open => format!("Gateway checks still open: {}", quoted(&self.open)),
            GatewayState::Failed => format!("Failed the gateway checks: {}", quoted(&self.failed)),
        }
    }

    /// The stable code of what it keeps from being done; nothing for a bid that has passed.
    const fn code(&self) -> Option<&'static str> {
        match self.state {
            GatewayState::Passed => None,
            GatewayState::Open => Some("gateway_open"),
            GatewayState::Failed => Some("gateway_failed"),
        }
    }

    /// Why no assessment of the bid can be submitted, if none can.
    pub fn against_scores(&self) -> Option<String> {
        let why = self.in_words();
        match self.state {
            GatewayState::Passed => None,
            GatewayState::Open => Some(format!(
                "{why}. What you have written is kept, and you can submit it once the bid has passed them."
            )),
            GatewayState::Failed => {
                Some(format!("{why}. No assessment of this bid is submitted. What you have written is kept."))
            }
        }
    }

    /// Refuses a submitted assessment of a bid that has not passed.
    ///
    /// # Errors
    /// `Conflict` with `gateway_open` or `gateway_failed`.
    pub fn must_take_scores(&self) -> Result<()> {
        match (self.code(), self.against_scores()) {
            (Some(code), Some(message)) => Err(AppError::conflict(code, message)),
            _ => Ok(()),
        }
    }

    /// Refuses what brings a bid on its way to money that has not passed.
    ///
    /// # Errors
    /// As [`must_take_scores`](Self::must_take_scores).
    pub fn must_take_money(&self) -> Result<()> {
        let Some(code) = self.code() else { return Ok(()) };
        let message = match self.state {
            GatewayState::Failed => {
                let failed = self
                    .failed
                    .iter()
                    .zip(&self.because)
                    .map(|(check, why)| format!("“{check}”, because: {}", why.trim().trim_end_matches('.')));
                format!(
                    "Failed the gateway checks: {}. It can be declined, and gets no money unless the checks are marked again.",
                    failed.collect::<Vec<_>>().join("; ")
                )
            }
            _ => format!("{}. Mark them first: without them the bid gets no money.", self.in_words()),
        };
        Err(AppError::conflict(code, message))
    }
}

fn quoted(titles: &[String]) -> String {
    titles.iter().map(|title| format!("“{title}”")).collect::<Vec<_>>().join(", ")
}

/// Where feedback begins to the councils of a bid that has failed: the checks and the reasons. Nothing while none has failed.
pub fn feedback(checks: &[Check], marks: &[MarkRow], version: i32) -> String {
    let failed = checks.iter().filter_map(|check| {
        let newest = newest(marks, &check.id)?;
        (state_of(Some(newest), version) == CheckState::Failed).then(|| {
            format!(
                "Your application did not pass this check: {}.\n{}",
                check.title.trim_end_matches('.'),
                newest.reason
            )
        })
    });
    failed.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::{
        super::mark::{CheckMark, tests::checks},
        *,
    };
    use crate::{clock::Moment, ids::Id};

    fn row(number: i32, item: &str, mark: CheckMark, about: i32) -> MarkRow {
        MarkRow {
            id: Id::of(uuid::Uuid::nil()),
            bid_id: Id::of(uuid::Uuid::nil()),
            number,
            item: item.into(),
            mark,
            reason: "Because.".into(),
            about,
            salt: String::new(),
            person_id: Id::of(uuid::Uuid::nil()),
            created_at: Moment::from_micros(0),
        }
    }

    #[test]
    fn the_newest_mark_counts_and_one_for_an_earlier_version_counts_for_nothing() {
        let state = |marks: &[MarkRow], version| GatewayStanding::of(&checks(), marks, version).expect("checks").state;
        assert_eq!(GatewayStanding::of(&[], &[], 0), None);
        let mut marks = vec![row(1, "need", CheckMark::Fail, 1)];
        assert_eq!(state(&[], 1), GatewayState::Open);
        assert_eq!(state(&marks, 1), GatewayState::Failed, "though another check is open still");
        assert_eq!(state(&marks, 2), GatewayState::Open, "a newer version is checked anew");
        marks.extend([row(2, "need", CheckMark::Pass, 1), row(3, "users", CheckMark::Pass, 1)]);
        assert_eq!(state(&marks, 1), GatewayState::Passed);
        let outdated = GatewayStanding::of(&checks(), &marks, 2).expect("checks");
        assert_eq!((outdated.state, outdated.open.len()), (GatewayState::Open, 2));
        assert_eq!(feedback(&checks(), &marks, 1), "");
        marks.push(row(4, "users", CheckMark::Fail, 1));
        assert_eq!(feedback(&checks(), &marks, 1), "Your application did not pass this check: users.\nBecause.");
        let refused =
            GatewayStanding::of(&checks(), &marks, 1).expect("checks").must_take_money().unwrap_err().to_string();
        assert!(refused.starts_with("Failed the gateway checks: “users”, because: Because. It can be"), "{refused}");
        let told = serde_json::to_string(&GatewayStanding::of(&checks(), &marks, 1)).expect("JSON");
        assert!(!told.contains("Because"), "{told}");
    }
}
