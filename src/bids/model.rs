//! A bid and its parts.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::Moment,
    db::{
        Doc,
        schema::{answers, bids, cost_lines, promises},
    },
    funds::rulebook::Stage,
    identity::policy::BidKind,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey, RowKey, WorkflowKey},
    money::Pence,
    words,
    workflow::Definition,
};

/// A bid.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = bids)]
pub struct Bid {
    /// Its id.
    pub id: Id<BidKey>,
    /// What people call it by, e.g. `LDF1-0042`.
    pub reference: String,
    /// Its round.
    pub round_id: Id<RoundKey>,
    /// The lead authority.
    pub lead_id: Id<OrganisationKey>,
    /// The version of the workflow that it is pinned to.
    pub workflow_id: Id<WorkflowKey>,
    /// Its state in that workflow, as everybody may know it.
    pub state: String,
    /// The kind of that state.
    pub kind: BidKind,
    /// Its title.
    pub title: String,
    /// The phase it bids for.
    pub phase: Option<String>,
    /// How much it asks for.
    pub ask_pence: Option<Pence>,
    /// When it was last submitted.
    pub submitted_at: Option<Moment>,
    /// What of it is fact and what illustration.
    pub known: Doc<Provenance>,
    /// Who started it.
    pub created_by: Id<PersonKey>,
    /// When it was started.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts changes.
    pub version: i32,
}

/// What of a bid is fact and what illustration: only replays of real rounds have illustrative parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Provenance {
    /// Whether parts of the bid are illustrative.
    #[serde(default)]
    pub illustrative: bool,
    /// The parts that are facts all the same: `lead`, `partners`, `amount`, `phase`, `subject`.
    #[serde(default)]
    pub known: Vec<String>,
    /// Where the facts are from.
    #[serde(default)]
    pub source: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = answers)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// What was answered.
    pub value: Doc<Value>,
    /// Whether the people who wrote it said that it is finished.
    pub complete: bool,
    /// Counts changes of this answer.
    pub version: i32,
    /// Who wrote it last.
    pub updated_by: Id<PersonKey>,
    /// When.
    pub updated_at: Moment,
}

words! {
    /// Who a cost goes to.
    pub enum CostCategory {
        /// The lead authority.
        Lead = "lead",
        /// A partner.
        Partner = "partner",
        /// A supplier.
        Supplier = "supplier",
    }
}

/// A line of the costs.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = cost_lines)]
#[serde(deny_unknown_fields)]
pub struct CostLine {
    /// Who it goes to.
    pub category: CostCategory,
    /// Which organisation of the partnership. A line of the lead may leave it out; of a supplier it is the council that
    /// commissions it, where that is said.
    pub organisation_id: Option<Id<OrganisationKey>>,
    /// What for.
    pub description: String,
    /// How much, in pence.
    pub pence: Pence,
    /// Which of the round's kinds of cost it is, where the round names some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it is given in kind: then no money is asked for it, and it is no part of the ask.
    #[serde(default, skip_serializing_if = "is_not")]
    pub in_kind: bool,
    /// Whether the organisation pays it from its own money: it stands beside the ask and is no part of it. What a partner offers
    /// in its part is not entered again.
    #[serde(default, skip_serializing_if = "is_not")]
    pub own_money: bool,
}

impl CostLine {
    /// How much, and that it is no money where it is none.
    pub fn amount(&self) -> String {
        match (self.in_kind, self.own_money) {
            (true, _) => format!("{} in kind", self.pence),
            (false, true) => format!("{} of own money", self.pence),
            (false, false) => self.pence.to_string(),
        }
    }

    /// Whether the fund is asked for it.
    pub fn is_asked_for(&self) -> bool {
        !self.in_kind && !self.own_money
    }
}

/// A line that is asked for says nothing of it, as before there were others, so that versions keep their hashes.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_not(said: &bool) -> bool {
    !*said
}

/// All lines that are asked for, together.
pub fn asked_in(lines: &[CostLine]) -> Pence {
    lines.iter().filter(|line| line.is_asked_for()).map(|line| line.pence).sum()
}

/// All lines in kind together.
pub fn given_in_kind(lines: &[CostLine]) -> Pence {
    lines.iter().filter(|line| line.in_kind).map(|line| line.pence).sum()
}

/// What the lines say that organisations pay from their own money.
pub fn paid_from_own_money(lines: &[CostLine]) -> Pence {
    lines.iter().filter(|line| line.own_money && !line.in_kind).map(|line| line.pence).sum()
}

/// An outcome that a bid promises.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = promises)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// What is measured.
    pub measure: String,
    /// In which unit.
    pub unit: String,
    /// The figure today, where it is known.
    pub baseline: Option<f64>,
    /// The figure promised.
    pub target: f64,
    /// By when.
    pub due_on: Option<chrono::NaiveDate>,
}

/// A submitted version's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VersionInfo {
    /// Which stage.
    pub stage: Stage,
    /// From 1.
    pub number: i32,
    /// The hash of its content, in hexadecimal digits.
    pub hash: String,
    /// When it was submitted.
    pub submitted_at: Moment,
    /// Its row.
    #[serde(skip)]
    pub id: Option<Id<RowKey>>,
}

/// The stage whose form a bid in this state fills in.
pub fn open_stage(definition: &Definition, state: &str) -> Option<Stage> {
    definition.form_in(state).map(Stage::from)
}

/// What is said of a bid's amounts: every line within the parts of the partnership, all lines in money together the ask.
pub fn costs_add_up(ask: Option<Pence>, lines: &[CostLine]) -> bool {
    ask.is_some_and(|ask| ask > Pence(0) && asked_in(lines) == ask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_money_is_written_as_it_always_was_so_that_signed_versions_keep_their_hashes() {
        let before = r#"{"category":"supplier","organisation_id":null,"description":"Trains","pence":40}"#;
        let line: CostLine = serde_json::from_str(before).expect("a line");
        assert_eq!(serde_json::to_string(&line).expect("JSON"), before);
        let in_kind = CostLine { in_kind: true, kind: Some("travel".into()), ..line.clone() };
        assert_eq!(
            (asked_in(&[line.clone(), in_kind.clone()]), given_in_kind(&[line, in_kind])),
            (Pence(40), Pence(40))
        );
    }
}
