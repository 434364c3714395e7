//! What can be copied, and which of it fits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bids::{
        documents::{model::Document, named},
        model::{CostCategory, CostLine, Promise},
        service::Late,
    },
    funds::{
        form::Question,
        rulebook::{CostKind, Stage},
    },
    ids::{Id, OrganisationKey},
};

/// An earlier bid of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Earlier {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its lead authority.
    pub lead: String,
}

/// From which bid to copy.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CopyFrom {
    /// The reference of a bid that one's council leads, or of a submitted one that it has joined.
    #[serde(default)]
    pub copy_from: String,
}

/// What copying fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CopyView {
    /// The bid from which it comes.
    pub copy_from: String,
    /// Its title.
    pub title: String,
    /// What is filled, in the form's order; nothing where all that the earlier bid says is answered already or does not fit.
    pub fills: Vec<Filled>,
    /// That it comes too late, if it does: what is filled is kept and cannot be submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
}

/// A part that is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Filled {
    /// The question's id, or `costs` or `promises`.
    pub part: String,
    /// What it is called.
    pub title: String,
    /// What it says then, as people read it.
    pub text: String,
}

/// What the earlier bid says at one of its stages.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// The stage.
    pub stage: Stage,
    /// The answers by question.
    pub answers: BTreeMap<String, Value>,
    /// The documents that it has and that can come along.
    pub documents: Vec<Document>,
}

impl Said {
    /// The answer to a question of another form, if it fits there.
    pub fn fits(&self, question: &Question) -> Option<&Value> {
        let value = self.answers.get(&question.id).filter(|value| Question::is_answered(value))?;
        named::faults(question, value, &self.documents).is_empty().then_some(value)
    }
}

/// The lines that are the lead's own, whatever it was to the earlier bid, as far as the round knows their kind. A supplier of the
/// lead's stays one. Each line names whose it is.
pub(super) fn costs_of(lead: Id<OrganisationKey>, lines: &[CostLine], kinds: &[CostKind]) -> Vec<CostLine> {
    let own = lines.iter().filter(|line| line.organisation_id == Some(lead));
    let fits = |line: &&CostLine| kinds.is_empty() || kinds.iter().any(|kind| line.kind.as_ref() == Some(&kind.id));
    let line = |line: &CostLine| CostLine {
        category: match line.category {
            CostCategory::Supplier => CostCategory::Supplier,
            CostCategory::Lead | CostCategory::Partner => CostCategory::Lead,
        },
        kind: line.kind.clone().filter(|_| !kinds.is_empty()),
        ..line.clone()
    };
    own.filter(fits).map(line).collect()
}

/// The lines with the earlier lead named in each that is its own.
pub(super) fn naming_lead(lead: Id<OrganisationKey>, lines: &[CostLine]) -> Vec<CostLine> {
    lines.iter().map(|line| line.naming_lead(lead)).collect()
}

/// A cost as people read it.
pub(super) fn cost_in_words(line: &CostLine) -> String {
    format!("{}: {}", line.description, line.amount())
}

/// A promise as people read it.
pub(super) fn promise_in_words(promise: &Promise) -> String {
    format!("{}: {} {}", promise.measure, promise.target, promise.unit).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_the_lead_s_own_lines_of_kinds_that_the_round_knows_are_copied() {
        let id = |number: u128| Id::of(Uuid::from_u128(number));
        let line = |who: u128, kind: Option<&str>| -> CostLine {
            serde_json::from_value(json!({ "category": "partner", "organisation_id": id(who) as Id<OrganisationKey>,
                "description": format!("Work of {who}"), "pence": 5, "kind": kind }))
            .expect("a line")
        };
        let lines = [line(1, Some("staff")), line(1, Some("travel")), line(2, Some("staff")), line(1, None)];
        let kinds: Vec<CostKind> = serde_json::from_value(json!([{ "id": "staff", "name": "Staff" }])).expect("kinds");
        let copied = costs_of(id(1), &lines, &kinds);
        assert_eq!(copied.len(), 1);
        assert!(copied.iter().all(|line| line.category == CostCategory::Lead && line.kind.as_deref() == Some("staff")));
        let copied = costs_of(id(1), &lines, &[]);
        assert_eq!(copied.len(), 3);
        assert!(copied.iter().all(|line| line.kind.is_none()), "this round tells no kinds apart");
    }

    #[test]
    fn a_supplier_stays_one_and_a_line_of_the_earlier_lead_is_its_own_without_naming_it() {
        let lead: Id<OrganisationKey> = Id::of(Uuid::from_u128(1));
        let other: Id<OrganisationKey> = Id::of(Uuid::from_u128(2));
        let line = |category: &str, who: Option<Id<OrganisationKey>>, description: &str| -> CostLine {
            serde_json::from_value(
                json!({ "category": category, "organisation_id": who, "description": description, "pence": 5 }),
            )
            .expect("a line")
        };
        let lines = [
            line("lead", None, "Ours"),
            line("supplier", Some(lead), "Testing for us"),
            line("supplier", Some(other), "Testing for them"),
            line("supplier", None, "Testing for nobody in particular"),
        ];
        let copied = |new: Id<OrganisationKey>| -> Vec<(CostCategory, Option<Id<OrganisationKey>>, String)> {
            let lines = naming_lead(lead, &lines);
            costs_of(new, &lines, &[])
                .into_iter()
                .map(|one| (one.category, one.organisation_id, one.description))
                .collect()
        };
        let expected = [
            (CostCategory::Lead, Some(lead), "Ours".to_owned()),
            (CostCategory::Supplier, Some(lead), "Testing for us".to_owned()),
        ];
        assert_eq!(copied(lead), expected);
        assert_eq!(copied(other), [(CostCategory::Supplier, Some(other), "Testing for them".to_owned())]);
    }
}
