//! A decision that was taken outside the service, as a minister takes it: recorded by one manager from the signed paper, and
//! confirmed by another.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{awards::model::no_mail_fault, error::Fault};

/// The most characters of a name and of a reference.
const LONGEST: usize = 300;
/// Whoever records it and whoever confirms it: as many at least.
pub const PEOPLE: u32 = 2;

/// Who decided, when, and the paper that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecidedOutside {
    /// Who decided, such as “the Minister for Local Government”.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
    /// The reference of the signed paper, and where it is kept.
    pub paper: String,
    /// Why nobody is told by mail, if nobody is to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_mail: Option<String>,
}

impl DecidedOutside {
    /// What is wrong with it.
    pub fn faults(&self, today: NaiveDate) -> Vec<Fault> {
        let text = |field, text, missing| Fault::of_text(field, text, LONGEST, missing);
        let mut faults: Vec<Fault> = text("by", &self.by, "Say who decided.").into_iter().collect();
        faults.extend(text("paper", &self.paper, "Say which paper is signed, and where it is kept."));
        faults.extend(self.no_mail.as_deref().and_then(no_mail_fault));
        if self.on > today {
            faults.push(Fault::new("on", "too_late", "Give the day of the decision, which is not after today."));
        }
        faults
    }
}
