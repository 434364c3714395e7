//! Full applications: partners, costs, promises, outputs and earlier work.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{clock::Moment, words};

/// `full.csv`: a full application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The bid.
    pub bid: String,
    /// What is asked for.
    pub ask_pence: i64,
    /// What of it passes through the lead's hands.
    pub lead_share_pence: i64,
    /// The role of the lead's sponsor.
    pub sponsor: String,
    /// The role of the lead's section 151 officer.
    pub section151: String,
    /// When the section 151 officer signs the version that is submitted.
    pub signed_at: Moment,
    /// When it is submitted.
    pub submitted_at: Moment,
    /// The plan.
    pub plan: String,
    /// How the partners work together.
    pub together: String,
    /// What the work is worth.
    pub value: String,
}

words! {
    /// On what a statement about a partner rests.
    pub enum Basis {
        /// A source names the partner for this round.
        Source = "source",
        /// A source names it for the same work in round 2.
        Round2 = "round 2",
        /// It is made up.
        Illustrative = "illustrative",
    }
}

/// `partners.csv`: a partner of a full application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// The bid.
    pub bid: String,
    /// The partner's code.
    pub council: String,
    /// Its part in the work.
    pub role: String,
    /// What of the ask passes through its hands.
    pub share_pence: i64,
    /// The role of its sponsor.
    pub sponsor: String,
    /// When it confirms in its own account.
    pub confirmed_at: Moment,
    /// On what it rests that the council takes part.
    pub basis: Basis,
}

words! {
    /// Who does the work that a cost line pays.
    pub enum Category {
        /// The lead.
        Lead = "lead",
        /// A partner.
        Partner = "partner",
        /// A supplier, commissioned by the council named.
        Supplier = "supplier",
    }
}

/// `costs.csv`: a cost line of a full application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// The bid.
    pub bid: String,
    /// Who does the work.
    pub category: Category,
    /// The council through whose hands the money passes.
    pub council: String,
    /// What for.
    pub description: String,
    /// How much.
    pub amount_pence: i64,
}

/// `promises.csv`: an outcome that a full application promises.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The bid.
    pub bid: String,
    /// What is measured.
    pub measure: String,
    /// In which unit.
    pub unit: String,
    /// Where it stands.
    pub baseline: f64,
    /// Where it shall stand.
    pub target: f64,
    /// By when.
    pub due_on: NaiveDate,
    /// Where it stood at the end, if the bid was funded and told.
    pub delivered: Option<f64>,
    /// How that was measured.
    pub note: Option<String>,
}

/// `outputs.csv`: something that a full application will publish.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The bid.
    pub bid: String,
    /// research, benefits_case, recommendation, code or playbook.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// Its licence, as SPDX writes it.
    pub licence: String,
}

/// `prior_work.csv`: an entry of the register that a full application names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorWork {
    /// The bid.
    pub bid: String,
    /// The entry's key.
    pub entry: String,
    /// Why it is not enough.
    pub why: String,
}
