//! Proves a scenario sound: every name stands for something, sums add up, and nobody scores where they may not.
//!
//! It looks at what the data say and never at what should come of it: no expected figure stands here.

mod applications;
mod assessment;
mod bids;
mod eligibility;
mod shared;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt::Display,
};

use super::{Application, Bid, Council, Fault, Row, Scenario};

/// Every fault of a scenario.
pub(super) fn faults(scenario: &Scenario) -> Vec<Fault> {
    let index = Index::of(scenario);
    let mut report = Report::default();
    shared::check(scenario, &index, &mut report);
    bids::check(scenario, &index, &mut report);
    applications::check(scenario, &index, &mut report);
    assessment::check(scenario, &index, &mut report);
    report.0
}

/// The records by their keys, so that each check stays linear.
struct Index<'a> {
    councils: BTreeMap<&'a str, &'a Council>,
    bids: BTreeMap<&'a str, &'a Bid>,
    applications: BTreeMap<&'a str, &'a Application>,
    /// Lead and partners of each full application.
    members: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Index<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        let bids: BTreeMap<&str, &Bid> = scenario.bids.iter().map(|bid| (bid.id.as_str(), &bid.record)).collect();
        let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for application in &scenario.applications {
            let lead = bids.get(application.bid.as_str()).map(|bid| bid.lead.as_str());
            members.entry(&application.bid).or_default().extend(lead);
        }
        for partner in &scenario.partners {
            members.entry(&partner.bid).or_default().insert(&partner.council);
        }
        Self {
            councils: scenario.councils.iter().map(|council| (council.code.as_str(), &council.record)).collect(),
            applications: scenario.applications.iter().map(|row| (row.bid.as_str(), &row.record)).collect(),
            bids,
            members,
        }
    }
}

#[derive(Default)]
struct Report(Vec<Fault>);

impl Report {
    /// A fault of one field of a record.
    fn at<T>(&mut self, file: &str, row: &Row<T>, field: &str, message: impl Into<String>) {
        let (line, field) = (Some(row.line), Some(field.to_owned()));
        self.0.push(Fault { file: file.to_owned(), line, field, message: message.into() });
    }

    /// A fault of a field of `round.json`.
    fn of_round(&mut self, field: &str, message: impl Into<String>) {
        let (file, field) = ("round.json".to_owned(), Some(field.to_owned()));
        self.0.push(Fault { file, line: None, field, message: message.into() });
    }

    /// A fault for each record whose key an earlier one has.
    fn repeats<'a, T: 'a, K: std::hash::Hash + Eq + Display>(
        &mut self,
        file: &str,
        rows: impl IntoIterator<Item = &'a Row<T>>,
        field: &str,
        key: impl Fn(&'a T) -> K,
    ) {
        let mut seen = HashSet::new();
        for row in rows {
            let key = key(&row.record);
            let message = format!("{key} stands on an earlier line already.");
            if !seen.insert(key) {
                self.at(file, row, field, message);
            }
        }
    }

    /// A fault for a record whose bid has no full application.
    fn without_application<T>(&mut self, file: &str, row: &Row<T>, bid: &str, index: &Index<'_>) {
        if !index.applications.contains_key(bid) {
            self.at(file, row, "bid", format!("{bid} has no full application in full.csv."));
        }
    }

    /// A fault for a text that says nothing.
    fn blank<T>(&mut self, file: &str, row: &Row<T>, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.at(file, row, field, "Write something here.");
        }
    }

    /// A fault for an address that could reach somebody.
    fn address<T>(&mut self, file: &str, row: &Row<T>, field: &str, address: &str) {
        if !is_reserved(address) {
            self.at(file, row, field, format!("{address} must be an address in the reserved domain .example."));
        }
    }
}

/// Whether a mail address can reach nobody (RFC 2606).
fn is_reserved(address: &str) -> bool {
    address.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.ends_with(".example"))
}
