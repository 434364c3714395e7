//! The costs as a table of organisations and kinds, with every total made by the program, and what is given in kind apart.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    bids::{
        content::Content,
        model::{CostLine, asked_in, given_in_kind},
    },
    funds::rulebook::CostKind,
    ids::{Id, OrganisationKey},
    money::Pence,
};

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostTable {
    /// The kinds of cost that the round tells apart, as they are shown.
    pub kinds: Vec<String>,
    /// A row for each organisation that has costs, the suppliers last.
    pub rows: Vec<CostRow>,
    /// All rows together.
    pub total: CostRow,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostRow {
    /// Who gets the money.
    pub who: String,
    /// What is asked for of each kind.
    pub cells: Vec<Pence>,
    /// What is asked for in all.
    pub asked: Pence,
    /// What is given in kind.
    pub in_kind: Pence,
}

impl CostTable {
    /// The table of these lines, if there are any.
    pub fn of(content: &Content, lines: &[CostLine], kinds: &[CostKind]) -> Option<Self> {
        if lines.is_empty() {
            return None;
        }
        let mut by_payee: BTreeMap<Option<Id<OrganisationKey>>, Vec<CostLine>> = BTreeMap::new();
        for line in lines {
            by_payee.entry(line.organisation_id).or_default().push(line.clone());
        }
        let partners = content.partners.iter().map(|partner| &partner.organisation);
        let parties = std::iter::once(&content.lead).chain(partners);
        let mut rows: Vec<CostRow> = parties
            .filter_map(|party| Some(CostRow::of(&party.name, &by_payee.remove(&Some(party.id))?, kinds)))
            .collect();
        // What is left names a supplier, or a council that is no partner any more, which the shares complain of.
        let others: Vec<CostLine> = by_payee.into_values().flatten().collect();
        if !others.is_empty() {
            rows.push(CostRow::of("Suppliers", &others, kinds));
        }
        let total = CostRow::of("Total", lines, kinds);
        Some(Self { kinds: kinds.iter().map(|kind| kind.name.clone()).collect(), rows, total })
    }
}

impl CostRow {
    fn of(who: &str, lines: &[CostLine], kinds: &[CostKind]) -> Self {
        let of_kind = |kind: &CostKind| {
            let lines: Vec<CostLine> =
                lines.iter().filter(|line| line.kind.as_deref() == Some(&kind.id)).cloned().collect();
            asked_in(&lines)
        };
        Self {
            who: who.into(),
            cells: kinds.iter().map(of_kind).collect(),
            asked: asked_in(lines),
            in_kind: given_in_kind(lines),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_row_and_column_adds_up_and_what_is_given_in_kind_stands_apart() {
        let id = |number: u128| Uuid::from_u128(number).to_string();
        let party = |number: u128, name: &str| json!({ "id": id(number), "code": name, "name": name });
        let content: Content = serde_json::from_value(json!({
            "reference": "R-1", "stage": "full", "title": "Repairs", "phase": null, "ask_pence": 70, "lead": party(1, "Ambridge"),
            "partners": [{ "organisation": party(2, "Borchester"), "confirmed": true, "share_pence": 20, "sponsor": "" }],
            "costs": [
                { "category": "lead", "organisation_id": id(1), "description": "Team", "pence": 10, "kind": "staff" },
                { "category": "lead", "organisation_id": id(1), "description": "Rooms", "pence": 5, "kind": "staff", "in_kind": true },
                { "category": "partner", "organisation_id": id(2), "description": "Team", "pence": 20, "kind": "staff" },
                { "category": "supplier", "organisation_id": null, "description": "Trains", "pence": 40, "kind": "travel" },
            ],
            "promises": [], "answers": {},
        }))
        .expect("a content");
        let kind = |id: &str| CostKind { id: id.into(), name: id.to_uppercase() };
        let table = CostTable::of(&content, &content.costs, &[kind("staff"), kind("travel")]).expect("a table");
        assert_eq!(table.kinds, ["STAFF", "TRAVEL"]);
        let row = |who: &str, cells: [i64; 2], asked: i64, in_kind: i64| CostRow {
            who: who.into(),
            cells: cells.map(Pence).to_vec(),
            asked: Pence(asked),
            in_kind: Pence(in_kind),
        };
        let expected =
            [row("Ambridge", [10, 0], 10, 5), row("Borchester", [20, 0], 20, 0), row("Suppliers", [0, 40], 40, 0)];
        assert_eq!(table.rows, expected);
        assert_eq!(table.total, row("Total", [30, 40], 70, 5));
        assert_eq!(CostTable::of(&content, &[], &[]), None);
    }
}
