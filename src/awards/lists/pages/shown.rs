//! A choice in words.

use std::{cmp::Ordering, collections::BTreeMap};

use serde::Serialize;

use crate::{
    awards::lists::{
        model::{Choice, ListedBid, OnList, RuleLine},
        shown::across,
    },
    funds::{assessing::RankedBy, rulebook::Unaffordable},
    money::Pence,
};

/// A choice in words.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The choice.
    #[serde(flatten)]
    pub choice: Choice,
    /// The figure that bids are worth, as people call it.
    pub worth_of: &'static str,
    /// What the plain line does at a bid that the money does not reach.
    pub plain_in_words: &'static str,
    /// What the plain line is worth.
    pub plain_worth: String,
    /// What the list is worth.
    pub list_worth: Option<String>,
    /// What is proven of it.
    pub proven: Option<String>,
    /// The rules.
    pub rule_rows: Vec<RuleRow>,
    /// The bids.
    pub rows: Vec<Row>,
    /// How many bids depart from the ranking.
    pub departing: usize,
    /// How much more or less it is worth than the list in force, where something is tried.
    pub more_worth: Option<String>,
    /// How much more or less its bids ask for.
    pub more_money: Option<String>,
}

/// A rule in words.
#[derive(Debug, Serialize)]
pub struct RuleRow {
    /// The rule.
    #[serde(flatten)]
    pub rule: RuleLine,
    /// Its number, as a heading.
    pub name: String,
    /// What it says, as a sentence.
    pub sentence: String,
    /// What it costs.
    pub costs: String,
}

/// A bid in words.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The bid.
    #[serde(flatten)]
    pub bid: ListedBid,
    /// What it is worth.
    pub worth_in_words: String,
    /// What rules tell it apart by.
    pub is: Vec<String>,
    /// Where the plain line has it.
    pub plain_in_words: &'static str,
    /// Where the list has it.
    pub list_in_words: &'static str,
    /// The rules that move it, in words.
    pub moved_by: Vec<String>,
    /// How it departs from the ranking, if it does.
    pub across: &'static str,
    /// The reason of its own that somebody has written on the page.
    pub own_reason: String,
}

fn two_digits(worth: f64) -> String {
    format!("{worth:.2}")
}

/// How much more or less it is: `1.70 less`, or `as much`.
fn more_or_less(is: Ordering, by: &str) -> String {
    match is {
        Ordering::Less => format!("{by} less"),
        Ordering::Equal => "as much".to_owned(),
        Ordering::Greater => format!("{by} more"),
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

impl Shown {
    /// A choice in words.
    pub fn of(choice: Choice) -> Self {
        let rule_rows = choice.rules.iter().map(RuleRow::of).collect();
        let rows = choice.bids.iter().map(|bid| Row::of(bid, &choice)).collect();
        let changes = choice.changes.as_ref();
        Self {
            worth_of: match choice.by {
                RankedBy::ModeratedMean | RankedBy::RawMean => "weighted mean of its scores",
                RankedBy::Calibrated => "calibrated score",
                RankedBy::ExpectedRank => "expected rank, turned round so that more is better",
            },
            plain_in_words: match choice.unaffordable {
                Unaffordable::Stop => "It ends at the first bid that the money left does not reach.",
                Unaffordable::Skip => "It passes over a bid that the money left does not reach.",
            },
            plain_worth: two_digits(choice.plain.worth),
            list_worth: choice.list.map(|list| two_digits(list.worth)),
            proven: proven(&choice),
            departing: choice.bids.iter().filter(|bid| bid.departs).count(),
            more_worth: changes.map(|more| more_or_less(more.worth.total_cmp(&0.0), &two_digits(more.worth.abs()))),
            more_money: changes.map(|more| {
                let by = Pence(more.amount_pence.saturating_abs()).to_string();
                more_or_less(more.amount_pence.cmp(&0), &by)
            }),
            rule_rows,
            rows,
            choice,
        }
    }

    /// Puts what somebody has written of single bids beside them.
    pub fn with_reasons(&mut self, reasons: &BTreeMap<String, String>) {
        for row in &mut self.rows {
            row.own_reason = reasons.get(&row.bid.bid).cloned().unwrap_or_default();
        }
    }

    /// Why the list departs, as far as the rules say it.
    pub fn usual_reason(&self) -> String {
        let moving = self
            .rule_rows
            .iter()
            .filter(|row| self.rows.iter().any(|bid| bid.bid.departs && bid.bid.because.contains(&row.rule.rule)));
        let words: Vec<&str> = moving.map(|row| row.rule.words.as_str()).collect();
        if words.is_empty() { String::new() } else { format!("The rules of the round: {}.", words.join("; ")) }
    }
}

/// What is proven of the best list.
fn proven(choice: &Choice) -> Option<String> {
    let bound = choice.bound?;
    if choice.bids.iter().any(|bid| bid.by_hand) {
        return Some(format!("It was changed by hand: the best list within the rules is worth {bound:.2}."));
    }
    Some(match (choice.time_limit_hit, choice.gap) {
        (false, _) => "Proven: no list within the rules is worth more.".to_owned(),
        (true, Some(gap)) => format!(
            "The search ended after {} seconds. No list within the rules is worth more than {bound:.2}, which is {:.2}% above this one.",
            choice.time_limit_seconds,
            gap * 100.0
        ),
        (true, None) => format!(
            "The search ended after {} seconds. No list within the rules is worth more than {bound:.2}.",
            choice.time_limit_seconds
        ),
    })
}

impl RuleRow {
    fn of(rule: &RuleLine) -> Self {
        let costs = match (rule.cost, rule.cost_at_most) {
            _ if !rule.holds => "Left out".to_owned(),
            (Some(cost), Some(most)) if most > cost => format!("{cost:.2}, at most {most:.2}"),
            (Some(cost), _) if cost > 0.0 => two_digits(cost),
            (Some(_), _) => "Nothing".to_owned(),
            (None, _) => "Not known".to_owned(),
        };
        let name = if rule.rule.parse::<u32>().is_ok() { rule.rule.clone() } else { "Number of awards".to_owned() };
        Self { name, sentence: sentence(&rule.words), costs, rule: rule.clone() }
    }
}

impl Row {
    fn of(bid: &ListedBid, choice: &Choice) -> Self {
        let said = |(name, is): (&String, &String)| match name.strip_prefix("answer:") {
            Some(question) => format!("{question}: {is}"),
            None => format!("{name}: {is}"),
        };
        let mut is: Vec<String> = bid.attributes.iter().map(said).collect();
        is.sort();
        is.dedup();
        Self {
            worth_in_words: two_digits(bid.worth),
            is,
            plain_in_words: bid.plain.title(),
            list_in_words: bid.list.map_or("–", OnList::title),
            across: across(bid.list == Some(OnList::Fund), bid.place, choice.lowest()),
            moved_by: bid.because.iter().map(|rule| sentence(choice.words_of(rule))).collect(),
            own_reason: String::new(),
            bid: bid.clone(),
        }
    }
}
