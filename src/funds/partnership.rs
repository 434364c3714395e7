//! What a round can ask of the councils that bid together, in data and in words.

use serde::{Deserialize, Serialize};

use super::rulebook::PartnershipRules;
use crate::{error::Fault, identity::model::OrganisationKind, words};

/// How many councils must have confirmed that they take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeastCouncils {
    /// So many.
    pub count: u32,
    /// Whether the lead authority is one of them.
    #[serde(default)]
    pub with_lead: bool,
    /// The kinds of organisation that count; none means that every council and other authority does, and no other body. Whoever only
    /// supports a bid never counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<OrganisationKind>,
}

/// Another round in which two councils that bid together cannot bid together here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcludedRound {
    /// Its place in addresses.
    pub round: String,
    /// What it is called.
    pub name: String,
}

words! {
    /// Of whom a membership is asked.
    pub enum AskedOf {
        /// The lead authority.
        Lead = "lead",
        /// Every partner that has confirmed.
        Partners = "partners",
        /// The lead authority and every partner that has confirmed.
        Everybody = "everybody",
    }
}

words! {
    /// By when an organisation must be a member.
    pub enum NeededBy {
        /// When the full application is submitted.
        Submission = "submission",
        /// When an award is announced; until then it is enough to have begun.
        Award = "award",
    }
}

/// A declaration or network that organisations of a bid must belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedMembership {
    /// Its code.
    pub network: String,
    /// What it is called.
    pub name: String,
    /// Who must belong to it.
    pub who: AskedOf,
    /// By when.
    pub by: NeededBy,
}

impl AskedMembership {
    /// Whether it is asked of whoever leads, or does not.
    pub fn is_for(&self, leads: bool) -> bool {
        match self.who {
            AskedOf::Lead => leads,
            AskedOf::Partners => !leads,
            AskedOf::Everybody => true,
        }
    }

    fn in_words(&self) -> String {
        let who = match self.who {
            AskedOf::Lead => "the lead authority is",
            AskedOf::Partners => "all partners are",
            AskedOf::Everybody => "the lead authority and all partners are",
        };
        let by = match self.by {
            NeededBy::Submission => "",
            NeededBy::Award => {
                " before an award is announced, and have begun to join before the application is submitted"
            }
        };
        format!("{who} in “{}”{by}", self.name)
    }
}

impl LeastCouncils {
    /// Whether an organisation of this kind counts.
    pub fn counts(&self, kind: OrganisationKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// The kinds that count, where not every kind does.
    pub fn kinds_in_words(&self) -> Option<String> {
        let words: Vec<String> = self.kinds.iter().map(|kind| kind.word().replace('_', " ")).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    fn in_words(&self) -> String {
        let lead = if self.with_lead { "the lead authority included" } else { "beside the lead authority" };
        let councils = if self.count == 1 { "1 council has" } else { &format!("{} councils have", self.count) };
        let kinds = self.kinds_in_words().map(|kinds| format!(" (only these kinds count: {kinds})"));
        format!("at least {councils} confirmed, {lead}{}", kinds.unwrap_or_default())
    }
}

impl PartnershipRules {
    /// Whether they ask for nothing: then the rulebook does not name them, and keeps the hash that it always had.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What is asked, each as part of a sentence.
    pub fn in_words(&self) -> Vec<String> {
        let least = self.least_councils.iter().map(LeastCouncils::in_words);
        let joined = self.most_joined.iter().map(|most| {
            let bids = if *most == 1 { "1 submitted bid" } else { &format!("{most} submitted bids") };
            format!("an organisation is a partner in at most {bids} of this round")
        });
        let excludes = self.excludes.iter().map(|other| {
            format!("the lead authority has not bid together with one of the partners in “{}”", other.name)
        });
        let memberships = self.memberships.iter().map(AskedMembership::in_words);
        least.chain(joined).chain(excludes).chain(memberships).collect()
    }

    /// What is wrong with them.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |message: &str| faults.push(Fault::new("rulebook/partnership", "unsound_rules", message));
        if self.least_councils.as_ref().is_some_and(|least| least.count == 0) {
            fault("Ask for at least one council, or leave the rule out.");
        }
        if self.most_joined == Some(0) {
            fault("Let an organisation join at least one bid, or leave the rule out.");
        }
        if self.memberships.iter().any(|asked| asked.network.trim().is_empty() || asked.name.trim().is_empty()) {
            fault("Say of every declaration or network its code and what it is called.");
        }
        if self.excludes.iter().any(|other| other.round.trim().is_empty() || other.name.trim().is_empty()) {
            fault("Say of every other round where it is and what it is called.");
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_asked_of_a_partnership_is_said_in_words() {
        let rules: PartnershipRules = serde_json::from_value(json!({
            "least_councils": { "count": 3, "with_lead": true, "kinds": ["county", "metropolitan_borough"] },
            "most_joined": 1,
            "excludes": [{ "round": "round-1", "name": "Round 1" }],
            "memberships": [{ "network": "declaration", "name": "The Declaration", "who": "everybody", "by": "submission" }],
        }))
        .expect("rules");
        let expected = [
            "at least 3 councils have confirmed, the lead authority included (only these kinds count: county, \
             metropolitan borough)",
            "an organisation is a partner in at most 1 submitted bid of this round",
            "the lead authority has not bid together with one of the partners in “Round 1”",
            "the lead authority and all partners are in “The Declaration”",
        ];
        assert_eq!(rules.in_words(), expected);
        assert_eq!(rules.faults(), []);
        assert!(!rules.is_none() && PartnershipRules::default().is_none());
    }

    #[test]
    fn a_rulebook_without_such_rules_is_written_as_it_always_was_so_that_its_hash_stands() {
        let (text, _) = crate::funds::making::model::no_rules().sealed().expect("JSON");
        assert!(!text.contains("partnership") && !text.contains("cost_kinds"), "{text}");
    }

    #[test]
    fn rules_that_nobody_could_meet_or_that_name_nothing_are_refused() {
        let rules: PartnershipRules = serde_json::from_value(json!({
            "least_councils": { "count": 0 }, "most_joined": 0, "excludes": [{ "round": "", "name": "" }],
            "memberships": [{ "network": "declaration", "name": "", "who": "lead", "by": "award" }],
        }))
        .expect("rules");
        assert_eq!(rules.faults().len(), 4);
    }
}
