//! What somebody writes on the page of a list, as texts: what is tried, and the list to be made.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    awards::lists::model::{NewList, WhatIf},
    error::{AppError, Fault},
    money::Pence,
    web::Form,
};

/// What is tried, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Tried {
    /// The budget in pounds.
    pub budget: String,
    /// The number of awards.
    pub most: String,
    /// The rules that are left out.
    pub without: Vec<String>,
}

/// What is written of the list to be made, as texts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// Bids to put in, by reference.
    pub put_in: String,
    /// Bids to take out.
    pub take_out: String,
    /// How many stand in reserve.
    pub reserves: String,
    /// Why the list departs.
    pub reason: String,
    /// Why single bids do, by reference.
    pub reasons: BTreeMap<String, String>,
    /// Whether somebody has written it.
    pub sent: bool,
}

impl Tried {
    /// What the address says.
    pub fn of(form: &Form) -> Self {
        Self { budget: form.text("budget"), most: form.text("most"), without: form.all("without") }
    }

    /// What is to be tried; blank fields are as the round has it.
    pub fn wish(&self) -> Result<WhatIf, Vec<Fault>> {
        let mut faults = Vec::new();
        let budget = Some(self.budget.trim()).filter(|text| !text.is_empty()).map(Pence::from_pounds);
        if budget == Some(None) {
            faults.push(Fault::new("budget", "wrong_amount", "Enter the budget in pounds, like 800,000."));
        }
        let most = Some(self.most.trim()).filter(|text| !text.is_empty()).map(|text| text.parse::<u32>().ok());
        if most == Some(None) {
            faults.push(Fault::new("most", "wrong_number", "Enter how many bids can be awarded as a whole number."));
        }
        let wish = WhatIf {
            budget_pence: budget.flatten(),
            most_awards: most.flatten(),
            without: self.without.iter().cloned().collect(),
        };
        if faults.is_empty() { Ok(wish) } else { Err(faults) }
    }
}

impl Written {
    /// What the form says.
    pub fn of(form: &Form) -> Self {
        let reason = |(name, text): (&str, &str)| {
            let bid = name.strip_prefix("reason-of-").filter(|_| !text.trim().is_empty())?;
            Some((bid.to_owned(), text.to_owned()))
        };
        Self {
            put_in: form.text("put_in"),
            take_out: form.text("take_out"),
            reserves: form.text("reserves"),
            reason: form.text("reason"),
            reasons: form.fields().filter_map(reason).collect(),
            sent: true,
        }
    }

    /// The list to be made; `seen` is what the page was about: what is chosen from, and the list.
    ///
    /// # Errors
    /// `Invalid` for a number that is none.
    pub fn list(&self, (seen, seen_list): (String, String)) -> Result<NewList, AppError> {
        let named = |text: &str| {
            let words = text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
            words.map(str::to_uppercase).collect::<Vec<_>>()
        };
        let reserves = self.reserves.trim();
        let wrong = |_| {
            AppError::invalid("reserves", "wrong_number", "Enter how many bids stand in reserve as a whole number.")
        };
        let reserves = if reserves.is_empty() { None } else { Some(reserves.parse::<u32>().map_err(wrong)?) };
        Ok(NewList {
            seen: Some(seen),
            seen_list: Some(seen_list),
            put_in: named(&self.put_in),
            take_out: named(&self.take_out),
            reserves,
            reason: Some(self.reason.clone()),
            reasons: self.reasons.clone(),
        })
    }
}
