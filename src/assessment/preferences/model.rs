//! The words of preferences and their pure rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    assessment::conflicts::model::{BidOrganisation, Withheld},
    error::Fault,
    http::Listing,
    words,
};

/// The most bids of which something is said at once.
const MOST_AT_ONCE: usize = 1_000;

words! {
    /// Whether an assessor would like to read a bid.
    pub enum Preference {
        /// They would like to.
        Wanted = "wanted",
        /// They could: so where nothing is said.
        Neutral = "neutral",
        /// They would rather not.
        RatherNot = "rather_not",
    }
}

impl Preference {
    /// What people choose from.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Wanted => "I would like to read it",
            Self::Neutral => "I could read it",
            Self::RatherNot => "I would rather not",
        }
    }
}

/// A bid of which an assessor may say whether they would like to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PreferredBid {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its organisations, the lead first.
    pub organisations: Vec<BidOrganisation>,
    /// What one has said of it.
    pub preference: Preference,
}

/// What an assessor has said of a round's bids.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Preferences {
    /// The bids, the oldest first.
    #[serde(flatten)]
    pub bids: Listing<PreferredBid>,
    /// Whether one reads without knowing whose bids they are: then none is listed, and nothing can be said.
    pub without_names: bool,
    /// Whether it can be changed: until every bid has its readers, and while there is something to assess.
    pub open: bool,
    /// How many bids one would like to read, of all that are listed on any page.
    pub wanted: u32,
    /// How many one would rather not.
    pub rather_not: u32,
    /// What is withheld, because one has said that one has a conflict of interest.
    pub withheld: Vec<Withheld>,
}

/// What an assessor says of some bids. What they have said of others stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreferences {
    /// Of each bid, once.
    pub preferences: Vec<NewPreference>,
}

/// What an assessor says of one bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPreference {
    /// The bid's reference.
    pub bid: String,
    /// Whether they would like to read it.
    pub preference: Preference,
}

/// What an assessor has said by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PreferencesSaid {
    /// How many bids they would like to read.
    pub wanted: u32,
    /// How many they would rather not.
    pub rather_not: u32,
}

impl PreferencesSaid {
    /// Counts what was said.
    pub fn of(said: impl IntoIterator<Item = Preference>) -> Self {
        let mut counted = Self { wanted: 0, rather_not: 0 };
        for preference in said {
            counted.wanted += u32::from(preference == Preference::Wanted);
            counted.rather_not += u32::from(preference == Preference::RatherNot);
        }
        counted
    }
}

impl NewPreferences {
    /// Everything that is wrong with it where these are the bids, by their references, of which something can be said.
    pub fn faults(&self, known: &BTreeSet<&str>) -> Vec<Fault> {
        let fault = |code, message: String| vec![Fault::new("preferences", code, message)];
        let many = self.preferences.len();
        if many == 0 {
            return fault("missing", "Say of at least one bid whether you would like to read it.".into());
        }
        if many > MOST_AT_ONCE {
            return fault("too_many", format!("Say it of at most {MOST_AT_ONCE} bids at once, you sent {many}."));
        }
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (index, said) in self.preferences.iter().enumerate() {
            let field = format!("preferences/{index}/bid");
            if !known.contains(said.bid.as_str()) {
                faults.push(Fault::new(field, "unknown", "Give the reference of a bid that is listed for you."));
            } else if !seen.insert(said.bid.as_str()) {
                faults.push(Fault::new(field, "twice", "Name each bid once."));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bids: &[&str]) -> NewPreferences {
        let said = |bid: &&str| NewPreference { bid: (*bid).into(), preference: Preference::Wanted };
        NewPreferences { preferences: bids.iter().map(said).collect() }
    }

    #[test]
    fn something_is_said_of_bids_that_are_listed_and_of_each_once() {
        let known = BTreeSet::from(["A", "B"]);
        let found = |bids: &[&str]| {
            let faults = of(bids).faults(&known).into_iter();
            faults.map(|fault| (fault.field, fault.code.into_owned())).collect::<Vec<_>>()
        };
        let fault = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(found(&["A", "B"]), []);
        assert_eq!(found(&[]), [fault("preferences", "missing")]);
        assert_eq!(found(&["A"; 1_001]), [fault("preferences", "too_many")]);
        let all = [fault("preferences/1/bid", "unknown"), fault("preferences/2/bid", "twice")];
        assert_eq!(found(&["A", "C", "A"]), all);
    }

    #[test]
    fn what_is_neither_wanted_nor_unwanted_is_not_counted() {
        let said = [Preference::Wanted, Preference::Neutral, Preference::RatherNot, Preference::Wanted];
        assert_eq!(PreferencesSaid::of(said), PreferencesSaid { wanted: 2, rather_not: 1 });
    }
}
