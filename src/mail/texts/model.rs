//! The mails that a round can put into its own words, and what is known of each.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::Moment,
    db::schema::mail_texts,
    ids::{Id, PersonKey, RoundKey, RowKey},
    mail::Language,
};

/// What a mail is about, which says what it can and what it must tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The receipt of a submission.
    Receipt,
    /// Something else that became of a bid.
    News,
    /// An outcome, with its feedback.
    Outcome,
}

/// A mail that a round can put into its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mail {
    /// The name of its template.
    pub template: &'static str,
    /// What staff call it.
    pub title: &'static str,
    /// What it is about.
    pub family: Family,
}

const fn of(template: &'static str, family: Family, title: &'static str) -> Mail {
    Mail { template, title, family }
}

const MAILS: [Mail; 14] = [
    of("submitted-eoi", Family::Receipt, "Receipt of an expression of interest"),
    of("submitted-full", Family::Receipt, "Receipt of a full application"),
    of("withdrawn", Family::News, "A bid is withdrawn"),
    of("lapsed", Family::News, "A bid was not submitted in time"),
    of("project-started", Family::News, "A project has started"),
    of("outcome", Family::Outcome, "An outcome that has no mail of its own"),
    of("outcome-invited", Family::Outcome, "Invitation to make a full application"),
    of("outcome-invited-to-merge", Family::Outcome, "Invitation to apply together with similar bids"),
    of("outcome-interview", Family::Outcome, "Invitation to an interview"),
    of("outcome-not-invited", Family::Outcome, "Not invited to make a full application"),
    of("outcome-ineligible", Family::Outcome, "Not eligible"),
    of("outcome-not-funded", Family::Outcome, "Not funded"),
    of("outcome-reserve", Family::Outcome, "On the reserve list"),
    of("outcome-funded", Family::Outcome, "Funded"),
];

/// Every mail that a round can put into its own words.
pub const fn mails() -> &'static [Mail] {
    &MAILS
}

/// The mail of this template, if a round can put it into its own words.
pub fn mail(template: &str) -> Option<Mail> {
    MAILS.into_iter().find(|mail| mail.template == template)
}

/// A name that words can use, as in `{{ title }}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub name: &'static str,
    /// What stands in its place.
    pub meaning: &'static str,
    /// What could stand there, for a round that has no bid yet.
    pub example: &'static str,
    /// When it is there, where that is not always.
    pub only: Option<&'static str>,
    /// Whether it is yes or no, which is asked and cannot be printed.
    pub asked: bool,
}

const fn name(name: &'static str, meaning: &'static str, example: &'static str) -> Name {
    Name { name, meaning, example, only: None, asked: false }
}

const fn sometimes(of: Name, only: &'static str) -> Name {
    Name { only: Some(only), ..of }
}

const EVERYWHERE: [Name; 11] = [
    name("name", "the name of the reader", "Sam Jones"),
    Name { asked: true, ..name("leads", "whether the reader works for the lead authority: write {% if leads %}", "") },
    name("title", "the title of the bid", "Repairs that tenants can follow"),
    name("reference", "the reference of the bid", "EXAMPLE-0001"),
    name("round", "the title of the round", "The round"),
    name("lead", "the name of the lead authority", "Example Council"),
    name("label", "what the bid’s councils call the state in which it is now", "The state of the bid"),
    name("next", "what happens next, as the workflow says it of that state", "What happens next."),
    name("at", "when it happened", "5pm on 30 January 2027"),
    name("link", "the page of the bid: write {{ link|link }}", "/bids/EXAMPLE-0001"),
    name("brand_name", "the name of this service", ""),
];
const CLOSES: Name =
    sometimes(name("closes", "when the next form closes", "5pm on 26 February 2027"), "only where a form closes later");
const INSTANT: Name = name("instant", "when it happened, to the microsecond, in UTC", "2027-01-30T17:00:00Z");
const HASH: Name = name("hash", "the fingerprint of the version that was submitted", "0f3a");
const RECEIPT: Name =
    name("receipt", "the signed receipt, which proves later what was received", "Roundtable receipt: …");
const FEEDBACK: Name =
    name("feedback", "the feedback: write {{ feedback|paragraphs }}", "What the fund says about the bid.");
const AWARD: Name = name("amount", "how much is awarded", "£80,000");
const AMOUNT: Name = sometimes(AWARD, "only where money is awarded");
const INTERVIEWS: Name = sometimes(
    name("interviews", "when interviews begin", "9am on 1 March 2027"),
    "only where the round has a date for interviews",
);

const TIMES: Name = sometimes(
    name("times", "the page on which the lead chooses a time", "/bids/EXAMPLE-0001/interview"),
    "only where the round’s rules have interviews",
);

impl Mail {
    /// The names that its words can use.
    pub fn names(self) -> Vec<Name> {
        let more: &[Name] = match self.family {
            Family::Receipt => &[CLOSES, INSTANT, HASH, RECEIPT],
            Family::News => &[CLOSES, INSTANT],
            // Whatever is funded has an award.
            Family::Outcome if self.template == "outcome-funded" => &[CLOSES, FEEDBACK, AWARD, INTERVIEWS],
            Family::Outcome if self.template == "outcome-interview" => &[CLOSES, FEEDBACK, AMOUNT, INTERVIEWS, TIMES],
            Family::Outcome => &[CLOSES, FEEDBACK, AMOUNT, INTERVIEWS],
        };
        EVERYWHERE.iter().chain(more).copied().collect()
    }

    /// What could stand in a message to somebody of the lead authority or of a partner, for a round that has no bid yet.
    pub fn example(self, leads: bool) -> Value {
        let value = |name: Name| if name.asked { Value::Bool(leads) } else { name.example.into() };
        self.names().into_iter().map(|name| (name.name.to_owned(), value(name))).collect()
    }
}

/// The words of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MailWords)]
pub struct Words {
    /// The subject, on one line.
    pub subject: String,
    /// The body, in the Markdown of GOV.UK Notify.
    pub body: String,
}

/// A version of the words of one of a round's mails. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize)]
#[diesel(table_name = mail_texts)]
pub struct Text {
    /// Its id.
    pub id: Id<RowKey>,
    /// The round.
    pub round_id: Id<RoundKey>,
    /// The name of the template.
    pub template: String,
    /// The language.
    pub language: Language,
    /// Counts versions, from 1.
    pub number: i32,
    /// The subject; none where the standard words are sent again.
    pub subject: Option<String>,
    /// The body; none where the standard words are sent again.
    pub body: Option<String>,
    /// Who wrote it; nobody where a program did.
    pub made_by: Option<Id<PersonKey>>,
    /// When.
    pub made_at: Moment,
}

impl Text {
    /// Its words; none where it says that the standard words are sent again.
    pub fn words(&self) -> Option<Words> {
        let (subject, body) = self.subject.clone().zip(self.body.clone())?;
        Some(Words { subject, body })
    }
}
