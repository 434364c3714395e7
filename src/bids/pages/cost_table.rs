//! The costs as a table of organisations and kinds, with every total made by the program, and what is given in kind apart.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    bids::{
        content::{Content, Member},
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

/// What a partner is in for: its share of the ask, and what it puts in beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contribution {
    /// The partner.
    pub who: String,
    /// What it is.
    pub kind: &'static str,
    /// Its share of the ask.
    pub share: Pence,
    /// What it puts in of its own money.
    pub cash: Pence,
    /// What that is worth which it gives in kind.
    pub in_kind: Pence,
    /// What that is.
    pub what: String,
}

impl Contribution {
    /// Of every partner, and all together where there are several.
    pub fn of(content: &Content) -> Vec<Self> {
        let of = |partner: &Member| Self {
            who: partner.organisation.name.clone(),
            kind: partner.kind_in_words(),
            share: partner.share_pence,
            cash: partner.part.cash_pence,
            in_kind: partner.part.in_kind_pence,
            what: partner.part.in_kind.clone(),
        };
        let mut all: Vec<Self> = content.partners.iter().map(of).collect();
        if all.len() > 1 {
            let sum = |of: fn(&Self) -> Pence| all.iter().map(of).sum();
            let (share, cash, in_kind) = (sum(|one| one.share), sum(|one| one.cash), sum(|one| one.in_kind));
            all.push(Self { who: "Total".into(), kind: "", share, cash, in_kind, what: String::new() });
        }
        all
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
        let [one] = Contribution::of(&content).try_into().expect("one partner and no total");
        assert_eq!((one.share, one.cash, one.in_kind), (Pence(20), Pence(0), Pence(0)));
        let mut two = content.clone();
        two.partners.push(two.partners[0].clone());
        two.partners[1].part.cash_pence = Pence(7);
        let total = Contribution::of(&two).pop().expect("a total");
        assert_eq!((total.who.as_str(), total.share, total.cash), ("Total", Pence(40), Pence(7)));
    }
}
