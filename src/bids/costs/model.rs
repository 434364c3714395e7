//! The costs as a table of organisations and kinds, with every total made by the program, and what is put in beside the ask apart.

use serde::{Deserialize, Serialize};

use crate::{
    bids::{
        content::{Content, Member, Party},
        model::{CostCategory, CostLine, asked_in, given_in_kind, paid_from_own_money},
        partner::TakingPart,
    },
    funds::rulebook::CostKind,
    ids::{Id, OrganisationKey},
    money::Pence,
};

/// The table. Every total of a bid is read from it, on pages, on paper and over REST.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CostTable {
    /// The kinds of cost that the round tells apart, as they are shown.
    pub kinds: Vec<String>,
    /// A row for each organisation that has costs or puts something in: the lead, the partners, the suppliers together, and last
    /// whoever is named by a line and no part of the bid, which keeps it from being submitted.
    pub rows: Vec<CostRow>,
    /// All rows together.
    pub total: CostRow,
}

/// One row of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CostRow {
    /// Who gets the money.
    pub who: String,
    /// What is asked for of each kind, in pence, in the order of the kinds.
    pub cells: Vec<Pence>,
    /// What is asked for in all, in pence.
    pub asked: Pence,
    /// What it puts in of its own money, in pence: the lines that are, and what a partner has offered besides.
    pub own_money: Pence,
    /// What that is worth which it gives in kind, in pence: the lines that are in kind, and what a partner has offered besides.
    pub in_kind: Pence,
}

impl CostTable {
    /// The table of what a bid says, if it says anything of money.
    pub fn of(content: &Content, kinds: &[CostKind]) -> Option<Self> {
        let mut left = content.costs.clone();
        let mut take = |wanted: &dyn Fn(&CostLine) -> bool| -> Vec<CostLine> {
            left.extract_if(.., |line| wanted(line)).collect()
        };
        let lead = content.lead.id;
        let none = TakingPart::default();
        let mut rows = vec![CostRow::of(&content.lead.name, &take(&|line| line.is_of_lead(lead)), &none, kinds)];
        for partner in &content.partners {
            let lines = take(&|line| line.is_of_partner(partner.organisation.id));
            rows.push(CostRow::of(&partner.organisation.name, &lines, &partner.part, kinds));
        }
        let suppliers = take(&|line| line.category == CostCategory::Supplier);
        rows.push(CostRow::of("Suppliers", &suppliers, &none, kinds));
        rows.push(CostRow::of("No part of the bid any more", &left, &none, kinds));
        rows.retain(|row| !row.is_empty());
        let total = CostRow::total(&rows, kinds.len());
        (!rows.is_empty()).then(|| Self { kinds: kinds.iter().map(|kind| kind.name.clone()).collect(), rows, total })
    }
}

impl CostRow {
    fn of(who: &str, lines: &[CostLine], part: &TakingPart, kinds: &[CostKind]) -> Self {
        let of_kind = |kind: &CostKind| {
            let lines: Vec<CostLine> =
                lines.iter().filter(|line| line.kind.as_deref() == Some(&kind.id)).cloned().collect();
            asked_in(&lines)
        };
        Self {
            who: who.into(),
            cells: kinds.iter().map(of_kind).collect(),
            asked: asked_in(lines),
            own_money: [paid_from_own_money(lines), part.cash_pence].into_iter().sum(),
            in_kind: [given_in_kind(lines), part.in_kind_pence].into_iter().sum(),
        }
    }

    fn total(rows: &[Self], kinds: usize) -> Self {
        let sum = |of: &dyn Fn(&Self) -> Pence| rows.iter().map(of).sum();
        Self {
            who: "Total".into(),
            cells: (0..kinds).map(|kind| sum(&|row| row.cells.get(kind).copied().unwrap_or_default())).collect(),
            asked: sum(&|row| row.asked),
            own_money: sum(&|row| row.own_money),
            in_kind: sum(&|row| row.in_kind),
        }
    }

    fn is_empty(&self) -> bool {
        [self.asked, self.own_money, self.in_kind] == [Pence(0); 3]
    }

    /// What it gets and puts in, as a sentence without its end: "£600 (staff £500, travel £100), and gives £150 in kind".
    pub fn in_words(&self, kinds: &[String]) -> String {
        let of_kind = kinds.iter().zip(&self.cells).filter(|(_, pence)| **pence > Pence(0));
        let of_kind: Vec<String> = of_kind.map(|(kind, pence)| format!("{} {pence}", kind.to_lowercase())).collect();
        let of_kind = if of_kind.is_empty() { String::new() } else { format!(" ({})", of_kind.join(", ")) };
        let own = (self.own_money > Pence(0)).then(|| format!("puts in {} of its own money", self.own_money));
        let in_kind = (self.in_kind > Pence(0)).then(|| format!("gives {} in kind", self.in_kind));
        let besides: Vec<String> = own.into_iter().chain(in_kind).collect();
        let besides = if besides.is_empty() { String::new() } else { format!("; {}", besides.join(" and ")) };
        format!("{}{of_kind}{besides}", self.asked)
    }
}

impl CostLine {
    /// Whether it goes to the lead authority, which a line may leave unnamed.
    pub fn is_of_lead(&self, lead: Id<OrganisationKey>) -> bool {
        self.category == CostCategory::Lead && self.organisation_id.is_none_or(|named| named == lead)
    }

    /// Whether it goes to this partner.
    pub fn is_of_partner(&self, partner: Id<OrganisationKey>) -> bool {
        self.category == CostCategory::Partner && self.organisation_id == Some(partner)
    }

    /// The same with the lead authority named, so that of two lines that say the same neither is a change of the other.
    pub fn naming_lead(&self, lead: Id<OrganisationKey>) -> Self {
        let named = if self.is_of_lead(lead) { Some(lead) } else { self.organisation_id };
        Self { organisation_id: named, ..self.clone() }
    }

    /// Who gets the money, in words: the organisation, or the supplier with who commissions it.
    pub fn payee(&self, content: &Content) -> String {
        let partners = content.partners.iter().map(|partner| &partner.organisation);
        let parties: Vec<&Party> = std::iter::once(&content.lead).chain(partners).collect();
        let named = |id: Option<Id<OrganisationKey>>| {
            parties.iter().find(|party| Some(party.id) == id).map(|party| party.name.clone())
        };
        match self.category {
            CostCategory::Lead if self.is_of_lead(content.lead.id) => content.lead.name.clone(),
            CostCategory::Supplier => match named(self.organisation_id) {
                Some(name) => format!("a supplier of {name}"),
                None => "a supplier".into(),
            },
            CostCategory::Lead | CostCategory::Partner => {
                named(self.organisation_id).unwrap_or_else(|| "no part of the bid any more".into())
            }
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
        let kinds = [kind("staff"), kind("travel")];
        let table = CostTable::of(&content, &kinds).expect("a table");
        assert_eq!(table.kinds, ["STAFF", "TRAVEL"]);
        let row = |who: &str, cells: [i64; 2], asked: i64, in_kind: i64| CostRow {
            who: who.into(),
            cells: cells.map(Pence).to_vec(),
            asked: Pence(asked),
            own_money: Pence(0),
            in_kind: Pence(in_kind),
        };
        let expected =
            [row("Ambridge", [10, 0], 10, 5), row("Borchester", [20, 0], 20, 0), row("Suppliers", [0, 40], 40, 0)];
        assert_eq!(table.rows, expected);
        assert_eq!(table.total, row("Total", [30, 40], 70, 5));
        assert_eq!(table.rows[0].in_words(&table.kinds), "£0.10 (staff £0.10); gives £0.05 in kind");
        let mut paying = content.clone();
        paying.costs[1] = CostLine { in_kind: false, own_money: true, ..paying.costs[1].clone() };
        let paid = CostTable::of(&paying, &kinds).expect("a table");
        assert_eq!((paid.rows[0].asked, paid.rows[0].own_money, paid.total.in_kind), (Pence(10), Pence(5), Pence(0)));
        let silent = Content { costs: Vec::new(), ..content.clone() };
        assert_eq!(CostTable::of(&silent, &kinds), None);
        let mut offered = content.clone();
        (offered.partners[0].part.cash_pence, offered.partners[0].part.in_kind_pence) = (Pence(7), Pence(9));
        let table = CostTable::of(&offered, &kinds).expect("a table");
        assert_eq!(
            (table.total.own_money, table.total.in_kind),
            (Pence(7), Pence(14)),
            "what a partner offers counts once"
        );
        let mut led = content.clone();
        for line in led.costs.iter_mut().filter(|line| line.category == CostCategory::Lead) {
            line.organisation_id = None;
        }
        led.partners.clear();
        let who: Vec<String> =
            CostTable::of(&led, &kinds).expect("a table").rows.into_iter().map(|row| row.who).collect();
        assert_eq!(who, ["Ambridge", "Suppliers", "No part of the bid any more"], "a line of the lead names nobody");
        let [one] = Contribution::of(&content).try_into().expect("one partner and no total");
        assert_eq!((one.share, one.cash, one.in_kind), (Pence(20), Pence(0), Pence(0)));
        let mut two = content.clone();
        two.partners.push(two.partners[0].clone());
        two.partners[1].part.cash_pence = Pence(7);
        let total = Contribution::of(&two).pop().expect("a total");
        assert_eq!((total.who.as_str(), total.share, total.cash), ("Total", Pence(40), Pence(7)));
    }
}
