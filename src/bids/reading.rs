//! What a bid says as summary cards: to check before it is submitted, and to read once it is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    bids::{
        content::{Content, Member},
        costs::model::{CostRow, CostTable},
        documents::model::{Attached, hashes, named_in_words},
        model::CostLine,
    },
    funds::{
        form::{Kind, Question},
        reopening::Part,
        rulebook::{Rulebook, Stage},
    },
    money::Pence,
};

/// A part of a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// What the part is called.
    pub title: String,
    /// What it says.
    pub rows: Vec<Row>,
}

/// A line of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The id that faults of this line point to.
    pub field: String,
    /// What is asked.
    pub key: String,
    /// What is answered.
    pub value: String,
    /// Where it is changed, under the bid's own path.
    pub change: String,
}

impl Row {
    fn new(field: &str, key: &str, value: String, change: &str) -> Self {
        Self { field: field.replace('/', "-"), key: key.into(), value, change: change.into() }
    }
}

/// The part of a bid that is written on this page, under the bid's own path. What is not known here is locked with the rest.
pub fn part_at(page: &str) -> Part<'_> {
    match (page, page.strip_prefix("questions/")) {
        (_, Some(question)) => Part::Answer(question),
        ("about", _) => Part::About,
        ("costs", _) => Part::Costs,
        ("promises", _) => Part::Promises,
        ("documents", _) => Part::Documents,
        ("check" | "sign-off", _) => Part::Nothing,
        _ => Part::Other,
    }
}

/// The whole bid as cards, in the form's order.
pub fn cards(content: &Content, rules: &Rulebook) -> Vec<Card> {
    let mut cards = vec![about(content, rules)];
    for section in &rules.form(content.stage).sections {
        let rows = section.questions.iter().map(|question| answered(content, question)).collect();
        cards.push(Card { title: section.title.clone(), rows });
    }
    cards.extend(documents(content, rules));
    cards.push(partners(content));
    if content.stage == Stage::Full {
        cards.push(costs(content, rules));
        cards.push(promises(content));
    }
    cards
}

/// Something that a bid says otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Difference {
    /// What is asked.
    pub title: String,
    /// What was said; nothing if it is new.
    pub before: String,
    /// What is said now; nothing if it is gone.
    pub now: String,
}

/// What a bid says otherwise than before, as people read it, in the form's order.
pub fn differences(before: &Content, now: &Content, rules: &Rulebook) -> Vec<Difference> {
    let rows =
        |content: &Content| -> Vec<Row> { cards(content, rules).into_iter().flat_map(|card| card.rows).collect() };
    let (old, new) = (rows(before), rows(now));
    let same = |one: &&Row, other: &Row| one.field == other.field && one.key == other.key;
    let said = |rows: &[Row], row: &Row| {
        rows.iter().find(|one| same(one, row)).map(|one| one.value.clone()).unwrap_or_default()
    };
    let gone = old.iter().filter(|row| !new.iter().any(|one| same(&one, row)));
    let differences = new.iter().chain(gone).map(|row| Difference {
        title: row.key.clone(),
        before: said(&old, row),
        now: said(&new, row),
    });
    differences.filter(|difference| difference.before != difference.now).collect()
}

fn about(content: &Content, rules: &Rulebook) -> Card {
    let phase = content.phase.as_deref().and_then(|phase| rules.phase(phase));
    let phase = phase.map_or_else(|| "Not chosen yet".into(), |phase| phase.name.clone());
    let ask = content.ask_pence.map_or_else(|| "Not given yet".into(), |ask| ask.to_string());
    let rows = vec![
        Row::new("title", "Title", content.title.clone(), "about"),
        Row::new("phase", "Phase", phase, "about"),
        Row::new("ask_pence", "Ask", ask, "about"),
    ];
    Card { title: "About the bid".into(), rows }
}

fn answered(content: &Content, question: &Question) -> Row {
    let said = content.answers.get(&question.id).filter(|value| Question::is_answered(value));
    let value = said.map_or_else(|| "Not answered yet".into(), |value| in_words(question, value, &content.documents));
    let field = ["answers", &question.id].join("/");
    Row::new(&field, &question.title, value, &["questions", &question.id].join("/"))
}

/// An answer as people read it: a choice by its text, an amount in pounds, a document of these by its name.
pub(in crate::bids) fn in_words(question: &Question, value: &Value, documents: &[Attached]) -> String {
    match (&question.answer, value) {
        (Kind::Choice { options } | Kind::Choices { options }, value) => {
            let chosen = |option: &&crate::funds::form::Choice| match value {
                Value::Array(values) => values.iter().any(|one| *one == option.value.as_str()),
                one => *one == option.value.as_str(),
            };
            options.iter().filter(chosen).map(|option| option.text.as_str()).collect::<Vec<_>>().join("\n")
        }
        (Kind::Document { .. }, value) => named_in_words(value, documents).join("\n"),
        (Kind::Money { .. }, value) => value.as_i64().map(|pence| Pence(pence).to_string()).unwrap_or_default(),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

fn partners(content: &Content) -> Card {
    let mut rows = vec![Row::new("lead", "Lead authority", content.lead.name.clone(), "")];
    for partner in &content.partners {
        rows.push(Row::new("partners", &partner.organisation.name, part_of(partner), "partners"));
    }
    Card { title: "Councils".into(), rows }
}

/// What a partner is, does and puts in, its first line as it always was.
fn part_of(partner: &Member) -> String {
    let state = if partner.confirmed { "confirmed" } else { "invited, has not answered yet" };
    let share = match partner.share_pence {
        Pence(0) => String::new(),
        share => format!(", share {share}"),
    };
    let role = Some(&partner.role).filter(|role| !role.is_empty()).cloned();
    let first = format!("{}, {state}{share}", partner.kind_in_words());
    let lines = std::iter::once(first).chain(role).chain(partner.part.in_words());
    lines.map(|line| capitalised(&line)).collect::<Vec<_>>().join("\n")
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Those that answer no question. A bid without any says nothing of them.
fn documents(content: &Content, rules: &Rulebook) -> Option<Card> {
    let asked = rules.form(content.stage).questions().filter(|(_, question)| question.asks_for_documents());
    let answers = asked.filter_map(|(_, question)| content.answers.get(&question.id));
    let named: BTreeSet<&str> = answers.flat_map(hashes).collect();
    let line = |document: &Attached| {
        let value = format!("{} (SHA-256 {})", document.about(), document.hash);
        Row::new("documents", &document.name, value, "documents")
    };
    let others = content.documents.iter().filter(|document| !named.contains(document.hash.as_str()));
    let rows: Vec<Row> = others.map(line).collect();
    (!rows.is_empty()).then(|| Card { title: "Documents".into(), rows })
}

fn costs(content: &Content, rules: &Rulebook) -> Card {
    let line = |line: &CostLine| {
        let kind = rules.cost_kinds.iter().find(|kind| line.kind.as_ref() == Some(&kind.id));
        let kind = kind.map(|kind| format!(", {}", kind.name.to_lowercase())).unwrap_or_default();
        format!("{}: {} ({}{kind})", line.description, line.amount(), line.payee(content))
    };
    let lines = content.costs.iter().map(line).collect::<Vec<_>>();
    let said = if lines.is_empty() { "No costs given yet".into() } else { lines.join("\n") };
    let mut rows = vec![Row::new("costs", "Costs", said, "costs")];
    let table = CostTable::of(content, &rules.cost_kinds);
    if let Some(table) = &table {
        let of_council = |row: &CostRow| Row::new("costs-of", &row.who, row.in_words(&table.kinds), "");
        rows.extend(table.rows.iter().map(of_council));
    }
    let total = table.map(|table| table.total).unwrap_or_default();
    rows.push(Row::new("costs-total", "Total", total.asked.to_string(), ""));
    if total.in_kind > Pence(0) {
        rows.push(Row::new("costs-in-kind", "Given in kind, not asked for", total.in_kind.to_string(), ""));
    }
    if total.own_money > Pence(0) {
        rows.push(Row::new("costs-own-money", "Own money, beside the ask", total.own_money.to_string(), ""));
    }
    Card { title: "Costs".into(), rows }
}

fn promises(content: &Content) -> Card {
    let mut rows: Vec<Row> = Vec::new();
    for promise in &content.promises {
        let from = promise.baseline.map_or_else(String::new, |figure| format!("from {figure} "));
        let due = promise.due_on.map_or_else(String::new, |due| due.format(" by %-d %B %Y").to_string());
        let value = format!("{from}to {} {}{due}", promise.target, promise.unit);
        rows.push(Row::new("promises", &promise.measure, value, "promises"));
    }
    if rows.is_empty() {
        rows.push(Row::new("promises", "Promised outcomes", "None promised yet".into(), "promises"));
    }
    Card { title: "Promised outcomes".into(), rows }
}
