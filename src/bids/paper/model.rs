//! What stands on paper: what the bid is, which version, and what it says.

use serde::Serialize;

use crate::{
    bids::{
        content::{Content, Sealed},
        model::VersionInfo,
        reading::{self, Card, Row},
    },
    clock::Moment,
    funds::model::RoundInFull,
};

/// More of a title than any file's name needs.
const LONGEST_TITLE: usize = 60;

/// A bid on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The bid's reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The stage in words.
    pub stage: &'static str,
    /// What was submitted, or that nothing of it was.
    pub status: Status,
    /// Which bid and which version of it this is.
    pub facts: Vec<Fact>,
    /// What it says.
    pub cards: Vec<Card>,
    /// What stands at the foot of every sheet: which bid and version, and its fingerprint.
    pub foot: [String; 2],
}

/// Whether it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A draft, as it stood when it was printed.
    Draft,
    /// The version of this number.
    Submitted(i32),
    /// What was signed for the council of this name.
    Signed(String),
}

/// One thing to know about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub key: &'static str,
    /// What it says.
    pub value: String,
}

/// What is said of a text because somebody has signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// For which council.
    pub council: String,
    /// Who has, and in whose place.
    pub by: String,
    /// When.
    pub at: Moment,
    /// The hash of what was signed, in hexadecimal digits.
    pub hash: String,
    /// Whether it holds still.
    pub stands: bool,
}

impl Paper {
    /// The draft as it stands now.
    pub fn draft(round: &RoundInFull, sealed: &Sealed, now: Moment) -> Self {
        let facts = vec![
            Fact { key: "Status", value: "Draft, not submitted".into() },
            Fact { key: "As it stood", value: exactly(now) },
        ];
        let which = format!("draft, not submitted, as it stood at {}", now.in_words());
        Self::of(round, &sealed.content, Status::Draft, (facts, &which, &hex::encode(&sealed.hash)))
    }

    /// A submitted version.
    pub fn submitted(round: &RoundInFull, content: &Content, version: &VersionInfo) -> Self {
        let facts = vec![
            Fact { key: "Version", value: version.number.to_string() },
            Fact { key: "Received", value: exactly(version.submitted_at) },
        ];
        let which = format!("version {}, received at {}", version.number, version.submitted_at.in_words());
        Self::of(round, content, Status::Submitted(version.number), (facts, &which, &version.hash))
    }

    /// The same of content in which no names are, for assessors who are not to learn whose it is. It has no fingerprint, because it
    /// is not word for word what was submitted.
    pub fn without_names(round: &RoundInFull, content: &Content, version: &VersionInfo) -> Self {
        let facts = vec![
            Fact { key: "Version", value: version.number.to_string() },
            Fact { key: "Names", value: "Left out: you read without knowing whose bid it is".into() },
        ];
        let which = format!("version {}, without names", version.number);
        let mut paper = Self::of(round, content, Status::Submitted(version.number), (facts, &which, ""));
        paper.facts.retain(|fact| !fact.value.is_empty());
        let [which, _] = paper.foot;
        paper.foot = [which, "Names are left out".into()];
        paper
    }

    /// What somebody has signed.
    pub fn signed(round: &RoundInFull, content: &Content, signed: &Signed) -> Self {
        let stands =
            if signed.stands { "It holds" } else { "It holds no longer: what was signed for has changed since" };
        let facts = vec![
            Fact { key: "Signed for", value: signed.council.clone() },
            Fact { key: "Signed by", value: signed.by.clone() },
            Fact { key: "Signed", value: exactly(signed.at) },
            Fact { key: "Signature", value: stands.into() },
        ];
        let which = format!("as signed for {} at {}", signed.council, signed.at.in_words());
        Self::of(round, content, Status::Signed(signed.council.clone()), (facts, &which, &signed.hash))
    }

    /// The same with one card more, if there is one.
    #[must_use]
    pub fn with(mut self, card: Option<Card>) -> Self {
        self.cards.extend(card);
        self
    }

    fn of(
        round: &RoundInFull,
        content: &Content,
        status: Status,
        (about, which, hash): (Vec<Fact>, &str, &str),
    ) -> Self {
        let stage = content.stage.title();
        let mut facts = vec![
            Fact { key: "Reference", value: content.reference.clone() },
            Fact { key: "Round", value: round.round.title.clone() },
        ];
        facts.extend(about);
        facts.push(Fact { key: "Fingerprint (SHA-256)", value: hash.into() });
        let mut cards = reading::cards(content, &round.rulebook);
        cards.extend(no_longer_asked(content, round));
        Self {
            reference: content.reference.clone(),
            title: content.title.clone(),
            stage,
            status,
            facts,
            cards,
            foot: [format!("{}, {stage}, {which}", content.reference), format!("Fingerprint {hash}")],
        }
    }

    /// The name of its file, without what no file may be named by; the ending comes with a dot.
    pub fn file_name(&self, ending: &str) -> String {
        let harmless = |letter: char| {
            let refused = letter.is_control() || "/\\:*?\"<>|".contains(letter);
            if refused { ' ' } else { letter }
        };
        let title: String = self.title.chars().map(harmless).take(LONGEST_TITLE).collect();
        let which = match &self.status {
            Status::Draft => "draft".into(),
            Status::Signed(council) => format!("signed for {}", council.chars().map(harmless).collect::<String>()),
            Status::Submitted(number) => format!("version {number}"),
        };
        format!("{} {}, {}, {which}{ending}", self.reference, title.trim(), self.stage)
    }
}

/// An instant for people and, beside it, to the microsecond in UTC.
pub fn exactly(at: Moment) -> String {
    format!("{} ({at})", at.in_words())
}

/// Answers to questions that the round's rules have dropped since: they were submitted all the same.
fn no_longer_asked(content: &Content, round: &RoundInFull) -> Option<Card> {
    let form = round.rulebook.form(content.stage);
    let asked = |id: &str| form.questions().any(|(_, question)| question.id == id);
    let dropped = content.answers.iter().filter(|(id, value)| !asked(id) && !value.is_null());
    let rows: Vec<Row> = dropped
        .map(|(id, value)| Row {
            field: format!("answers-{id}"),
            key: id.clone(),
            value: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            change: String::new(),
        })
        .collect();
    (!rows.is_empty()).then(|| Card { title: "Answers to questions that are no longer asked".into(), rows })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A paper with everything that is hard to print.
    pub fn hard_to_print() -> Paper {
        let row =
            |key: &str, value: String| Row { field: String::new(), key: key.into(), value, change: String::new() };
        let prose =
            "Tenants of Ynys Môn wait for ŵyau and ŷd; “three weeks”, they say – and £80,000 is spent. ".repeat(60);
        Paper {
            reference: "TEST-0001".into(),
            title: "Gwasanaeth atgyweirio ar y cyd i’r ŵyl".into(),
            stage: "full application",
            status: Status::Submitted(2),
            facts: vec![Fact { key: "Fingerprint (SHA-256)", value: "ab".repeat(32) }],
            cards: vec![
                Card { title: "Your bid".into(), rows: vec![row("What is the common problem?", prose)] },
                Card { title: "Plan".into(), rows: vec![row("Plan", "One\n\nTwo 🎉 done\u{7}\n".into())] },
                Card { title: "Empty".into(), rows: vec![row("Nothing", String::new())] },
            ],
            foot: ["TEST-0001, full application, version 2".into(), format!("Fingerprint {}", "ab".repeat(32))],
        }
    }

    #[test]
    fn a_file_is_named_by_the_bid_without_what_no_file_may_be_named_by() {
        let mut paper = hard_to_print();
        assert_eq!(
            paper.file_name(".pdf"),
            "TEST-0001 Gwasanaeth atgyweirio ar y cyd i’r ŵyl, full application, version 2.pdf"
        );
        paper.title = "../a\\b: \"c\"\n".into();
        paper.status = Status::Draft;
        assert_eq!(paper.file_name(".docx"), "TEST-0001 .. a b   c, full application, draft.docx");
    }
}
