//! Inviting people to a pool: whom, for what, and until when.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Area, range_fault, unknown_area};
use crate::{clock::Moment, error::Fault, mail::Address};

/// The most people who are invited at once.
const MOST_PEOPLE: usize = 200;
/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The most characters of the message of an invitation.
pub const LONGEST_MESSAGE: usize = 2_000;

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InvitedAssessor)]
#[serde(deny_unknown_fields)]
pub struct Invitee {
    /// Their e-mail address: with it they sign in.
    pub email: String,
    /// What they are called; whoever is known already keeps their name.
    #[serde(default)]
    pub name: String,
}

impl Invitee {
    /// What they are called until they say otherwise.
    pub fn called(&self) -> String {
        let words: Vec<&str> = self.name.split_whitespace().collect();
        if !words.is_empty() {
            return words.join(" ");
        }
        self.email.trim().split('@').next().unwrap_or_default().to_owned()
    }
}

/// Invitations to the pool of a round, alike for several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewAssessorInvitations)]
#[serde(deny_unknown_fields)]
pub struct NewInvitations {
    /// Who is invited.
    pub people: Vec<Invitee>,
    /// For what they are asked, by the ids of areas.
    #[serde(default)]
    pub areas: Vec<String>,
    /// How many bids they are asked to read at least.
    #[serde(default)]
    pub least: Option<u32>,
    /// How many at most.
    #[serde(default)]
    pub most: Option<u32>,
    /// Until when they can answer.
    pub answer_by: Moment,
    /// What they are written.
    #[serde(default)]
    pub message: String,
}

impl NewInvitations {
    /// Everything that is wrong with them at `now`, in the form's order.
    pub fn faults(&self, areas: &[Area], now: Moment) -> Vec<Fault> {
        let mut faults = self.people_faults();
        faults.extend(unknown_area("areas", &self.areas, areas));
        faults.extend(range_fault((self.least, self.most)));
        if self.answer_by <= now {
            faults.push(Fault::new("answer_by", "in_the_past", "Choose an instant that is still to come."));
        }
        faults.extend(Fault::too_long("message", &self.message, LONGEST_MESSAGE));
        faults
    }

    fn people_faults(&self) -> Vec<Fault> {
        let fault = |code, message: String| vec![Fault::new("people", code, message)];
        if self.people.is_empty() {
            return fault("missing", "Enter at least one email address.".into());
        }
        if self.people.len() > MOST_PEOPLE {
            let many = self.people.len();
            return fault("too_many", format!("Invite at most {MOST_PEOPLE} people at once, you have {many}."));
        }
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (index, invitee) in self.people.iter().enumerate() {
            let line = index + 1;
            let email = format!("people/{index}/email");
            match invitee.email.parse::<Address>() {
                Err(fault) => faults.push(Fault::new(email, "wrong_email", format!("Line {line}: {fault}."))),
                Ok(address) if !seen.insert(address.clone()) => {
                    faults.push(Fault::new(email, "twice", format!("Line {line}: {address} is there already.")));
                }
                Ok(_) => {}
            }
            if invitee.called().chars().count() > LONGEST_NAME {
                let message = format!("Line {line}: the name must be {LONGEST_NAME} characters or fewer.");
                faults.push(Fault::new(format!("people/{index}/name"), "too_long", message));
            }
        }
        faults
    }
}

/// What became of one invitation among several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = InvitedToPool)]
pub struct Invited {
    /// The address.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Whether they were invited.
    pub done: bool,
    /// The stable code of the reason, if not.
    pub code: Option<String>,
    /// The reason, if not.
    pub message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_that_is_no_address_or_comes_twice_is_named() {
        let invitee = |email: &str| Invitee { email: email.into(), name: String::new() };
        let new = NewInvitations {
            people: ["jo@a.example", "jo", "JO@a.example "].map(invitee).to_vec(),
            areas: Vec::new(),
            least: None,
            most: None,
            answer_by: Moment::from_micros(2),
            message: String::new(),
        };
        let faults = new.faults(&[], Moment::from_micros(1));
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), &*fault.code)).collect();
        assert_eq!(found, [("people/1/email", "wrong_email"), ("people/2/email", "twice")]);
        assert!(faults.iter().all(|fault| fault.message.starts_with("Line ")), "{faults:?}");
    }

    #[test]
    fn whoever_is_not_known_is_called_as_the_line_says_or_as_their_address_begins() {
        let called = |name: &str| Invitee { email: " jo.bloggs@a.example".into(), name: name.into() }.called();
        assert_eq!((called(" Jo\nBloggs "), called("")), ("Jo Bloggs".into(), "jo.bloggs".into()));
    }
}
