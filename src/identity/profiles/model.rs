//! The profile of an organisation, and what of it begins an answer.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    error::Fault,
    ids::{Id, PersonKey},
    mail::Address,
    words,
};

/// The most characters of a name, a job title or the title of a statement.
const LONGEST_LINE: usize = 100;
/// The most characters of a telephone number, with an extension in words.
const LONGEST_NUMBER: usize = 40;
/// The most characters of a statement: more than any answer of a thousand words.
const LONGEST_STATEMENT: usize = 10_000;
/// The most statements of one organisation.
const MOST_STATEMENTS: usize = 20;

words! {
    /// What of the lead's profile begins the answer to a question.
    pub enum ProfilePart {
        /// Whom to ask about the bid.
        Contact = "contact",
        /// The job title of the senior sponsor.
        Sponsor = "sponsor",
        /// Who signs for the money: the section 151 officer, or the chief finance officer.
        FinanceOfficer = "finance_officer",
    }
}

impl ProfilePart {
    /// Whether it says who somebody is, which is nothing to publish by itself.
    pub const fn names_a_person(self) -> bool {
        matches!(self, Self::Contact | Self::FinanceOfficer)
    }
}

/// What an organisation says in each of its bids. Whatever is left out is left empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Whom to ask about its bids.
    pub contact: Contact,
    /// The job title of the senior person who answers for its bids, e.g. Director of Housing.
    pub sponsor: String,
    /// Its standard statements, in order.
    pub statements: Vec<Statement>,
}

/// Whom to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ProfileContact)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// Their job title.
    pub job_title: String,
    /// Their e-mail address.
    pub email: String,
    /// Their telephone number.
    pub telephone: String,
}

/// A text that stands in many bids of an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What it is about, e.g. Equality duty.
    pub title: String,
    /// What it says.
    pub words: String,
}

impl Contact {
    /// On one line, what is known of it.
    pub fn in_words(&self) -> String {
        let parts = [&self.name, &self.job_title, &self.email, &self.telephone];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl Profile {
    /// Without blanks around its texts.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let trimmed = |text: String| text.trim().to_owned();
        let Contact { name, job_title, email, telephone } = self.contact;
        let [name, job_title, email, telephone] = [name, job_title, email, telephone].map(trimmed);
        let statements = self.statements.into_iter();
        Self {
            contact: Contact { name, job_title, email, telephone },
            sponsor: trimmed(self.sponsor),
            statements: statements
                .map(|Statement { title, words }| Statement { title: trimmed(title), words: trimmed(words) })
                .collect(),
        }
    }

    /// Everything that is wrong with it, in the form's order.
    pub fn faults(&self) -> Vec<Fault> {
        let Contact { name, job_title, email, telephone } = &self.contact;
        let mut faults: Vec<Fault> = Vec::new();
        faults.extend(Fault::too_long("contact/name", name, LONGEST_LINE));
        faults.extend(Fault::too_long("contact/job_title", job_title, LONGEST_LINE));
        let wrong_email = email.parse::<Address>().err().filter(|_| !email.is_empty());
        faults.extend(wrong_email.map(|fault| Fault::new("contact/email", "wrong_email", fault.to_string())));
        faults.extend(Fault::too_long("contact/telephone", telephone, LONGEST_NUMBER));
        faults.extend(Fault::too_long("sponsor", &self.sponsor, LONGEST_LINE));
        if self.statements.len() > MOST_STATEMENTS {
            let message = format!("Keep at most {MOST_STATEMENTS} statements.");
            faults.push(Fault::new("statements", "too_many", message));
        }
        for (place, statement) in self.statements.iter().enumerate() {
            faults.extend(statement.faults(place));
            let earlier = self.statements.iter().take(place);
            if earlier.into_iter().any(|other| other.title.to_lowercase() == statement.title.to_lowercase()) {
                let message = "Give each statement a title of its own, so that people can tell them apart.";
                faults.push(Fault::new(format!("statements/{place}/title"), "title_taken", message));
            }
        }
        faults
    }
}

impl Statement {
    fn faults(&self, place: usize) -> impl Iterator<Item = Fault> {
        let (title, words) = (format!("statements/{place}/title"), format!("statements/{place}/words"));
        let title = Fault::of_text(&title, &self.title, LONGEST_LINE, "Give the statement a title.");
        let words = Fault::of_text(&words, &self.words, LONGEST_STATEMENT, "Write what the statement says.");
        title.into_iter().chain(words)
    }
}

/// A profile as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What it says.
    pub profile: Profile,
    /// Counts changes; 0 where nothing was ever written.
    pub version: i32,
    /// Who changed it last, if a person did, and when.
    pub changed: Option<(Option<Id<PersonKey>>, Moment)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(profile: &Profile) -> Vec<String> {
        profile.faults().into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
    }

    #[test]
    fn an_empty_profile_is_in_order_and_every_fault_of_another_is_named() {
        assert_eq!(Profile::default().faults(), []);
        let statement = |title: &str, words: &str| Statement { title: title.into(), words: words.into() };
        let profile = Profile {
            contact: Contact { email: "no address".into(), telephone: "1".repeat(41), ..Contact::default() },
            sponsor: "x".repeat(101),
            statements: vec![statement("Equality", "We do."), statement("EQUALITY", ""), statement("", "Words")],
        };
        let expected = [
            "contact/email wrong_email",
            "contact/telephone too_long",
            "sponsor too_long",
            "statements/1/words missing",
            "statements/1/title title_taken",
            "statements/2/title missing",
        ];
        assert_eq!(fields(&profile), expected);
    }

    #[test]
    fn a_contact_says_what_is_known_of_it() {
        let contact = Contact { name: "Ann Lee".into(), email: "ann@a.gov.uk".into(), ..Contact::default() };
        assert_eq!(
            (contact.in_words(), Contact::default().in_words()),
            ("Ann Lee, ann@a.gov.uk".into(), String::new())
        );
    }
}
