//! Forms: sections of typed questions, and the check of an answer against its question.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{error::Fault, files::FileKind, identity::profiles::model::ProfilePart, money::Pence};

/// The most documents that a question can ask for.
const MOST_DOCUMENTS: usize = 20;
/// Letters that a limit of words allows for each of them: no text hides in one endless word.
const LONGEST_WORD: usize = 50;

/// A form of one stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// A group of questions under one heading of the task list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Stable within the form.
    pub id: String,
    /// The heading.
    pub title: String,
    /// The questions, in order.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable within the form; an answer of the same id in the next stage's form is carried over.
    pub id: String,
    /// The question as it is asked.
    pub title: String,
    /// What helps to answer it.
    #[serde(default)]
    pub hint: String,
    /// What kind of answer it wants.
    pub answer: Kind,
    /// Whether it must be answered.
    #[serde(default = "yes")]
    pub required: bool,
    /// Whether the sift marks it.
    #[serde(default)]
    pub sifted: bool,
    /// Whether the answer is published with the bid.
    #[serde(default = "yes")]
    pub public: bool,
    /// What of the lead's profile begins the answer, where it is a text. One that begins with the name of a person is not public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfilePart>,
}

const fn yes() -> bool {
    true
}

/// What kind of answer a question wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = QuestionKind)]
pub enum Kind {
    /// One line.
    Text {
        /// At most so many words.
        most_words: usize,
    },
    /// Several paragraphs.
    LongText {
        /// At most so many words.
        most_words: usize,
    },
    /// One of several.
    Choice {
        /// What can be chosen.
        options: Vec<Choice>,
    },
    /// Any of several.
    Choices {
        /// What can be chosen.
        options: Vec<Choice>,
    },
    /// An amount in whole pence.
    Money {
        /// At most so much.
        most_pence: Pence,
    },
    /// Documents of the bid, each named by the SHA-256 of what it holds.
    Document {
        /// At most so many.
        #[serde(default = "one")]
        most: usize,
        /// Which kinds of file are taken; none means every kind that is taken anywhere.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        types: Vec<FileKind>,
    },
}

const fn one() -> usize {
    1
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value that is kept.
    pub value: String,
    /// The words that are shown.
    pub text: String,
}

impl Form {
    /// Every question with its section, in order.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections.iter().flat_map(|section| section.questions.iter().map(move |question| (section, question)))
    }

    /// The question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().map(|(_, question)| question).find(|question| question.id == id)
    }
}

impl Question {
    /// What is wrong with an answer as it stands; an empty answer is a draft and never wrong here.
    pub fn faults(&self, value: &Value) -> Vec<Fault> {
        let fault = |code, message: String| vec![Fault::new(format!("answers/{}", self.id), code, message)];
        match (&self.answer, value) {
            (_, Value::Null) => Vec::new(),
            (Kind::Text { most_words } | Kind::LongText { most_words }, Value::String(text)) => {
                let words = count_words(text);
                let letters = text.chars().count();
                if words > *most_words {
                    return fault(
                        "too_long",
                        format!("{}: use {most_words} words or fewer, you have {words}", self.title),
                    );
                }
                if letters > most_words.saturating_mul(LONGEST_WORD) {
                    return fault("too_long", format!("{}: shorten the words, you have {letters} letters", self.title));
                }
                Vec::new()
            }
            (Kind::Choice { options }, Value::String(chosen)) => {
                if options.iter().any(|option| option.value == *chosen) {
                    return Vec::new();
                }
                fault("unknown_choice", format!("{}: choose one of the answers listed", self.title))
            }
            (Kind::Choices { options }, Value::Array(chosen)) => {
                let known = |value: &Value| options.iter().any(|option| value == option.value.as_str());
                if chosen.iter().all(known) {
                    return Vec::new();
                }
                fault("unknown_choice", format!("{}: choose from the answers listed", self.title))
            }
            (Kind::Money { most_pence }, Value::Number(number)) => match number.as_i64() {
                Some(pence) if (0..=most_pence.0).contains(&pence) => Vec::new(),
                _ => fault("out_of_range", format!("{}: give an amount from £0 to {most_pence}", self.title)),
            },
            (Kind::Document { most, .. }, Value::Array(named)) => {
                if !are_different_hashes(named) {
                    return fault(
                        "unknown_document",
                        format!("{}: name each document once, by its SHA-256", self.title),
                    );
                }
                if named.len() > *most {
                    let message = format!("{}: give {most} documents or fewer, you have {}", self.title, named.len());
                    return fault("too_many", message);
                }
                Vec::new()
            }
            _ => fault("wrong_type", format!("{}: the answer has the wrong type", self.title)),
        }
    }

    /// Why it asks for documents in a way that nobody can answer.
    pub fn document_fault(&self) -> Option<String> {
        let Kind::Document { most, types } = &self.answer else { return None };
        let title = &self.title;
        if !(1..=MOST_DOCUMENTS).contains(most) {
            return Some(format!("“{title}”: ask for 1 to {MOST_DOCUMENTS} documents."));
        }
        let named: BTreeSet<&FileKind> = types.iter().collect();
        (named.len() < types.len()).then(|| format!("“{title}”: name each kind of file once."))
    }

    /// Whether it is answered with documents.
    pub const fn asks_for_documents(&self) -> bool {
        matches!(self.answer, Kind::Document { .. })
    }

    /// Why it cannot begin with the part of a profile that it names.
    pub fn profile_fault(&self) -> Option<String> {
        let part = self.profile?;
        let title = &self.title;
        if !matches!(self.answer, Kind::Text { .. } | Kind::LongText { .. }) {
            return Some(format!("“{title}”: only a text can begin with a part of a profile."));
        }
        let tells = self.public && part.names_a_person();
        tells.then(|| {
            format!("“{title}”: an answer that begins with the name of a person must not be published. Say \"public\": false.")
        })
    }

    /// Whether an answer says something.
    pub fn is_answered(value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(chosen) => !chosen.is_empty(),
            _ => true,
        }
    }
}

/// Whether these are hashes as files are called by, each once.
fn are_different_hashes(named: &[Value]) -> bool {
    let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let hashes: BTreeSet<&str> = named.iter().filter_map(Value::as_str).filter(|text| is_hash(text)).collect();
    hashes.len() == named.len()
}

/// Words as people count them: runs of anything but white space.
pub fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question(answer: Kind) -> Question {
        Question {
            id: "problem".into(),
            title: "The problem".into(),
            hint: String::new(),
            answer,
            required: true,
            sifted: false,
            public: true,
            profile: None,
        }
    }

    fn documents(most: usize) -> Kind {
        Kind::Document { most, types: Vec::new() }
    }

    #[test]
    fn a_question_asks_for_documents_that_can_be_given() {
        let kind: Kind = serde_json::from_value(json!({ "type": "document" })).unwrap();
        assert_eq!((&kind, question(kind.clone()).document_fault()), (&documents(1), None));
        let refused = |kind: Kind| question(kind).document_fault().expect("nobody can answer it");
        assert_eq!(refused(documents(0)), "“The problem”: ask for 1 to 20 documents.");
        assert_eq!(refused(documents(21)), refused(documents(0)));
        let twice = Kind::Document { most: 1, types: vec![FileKind::Pdf, FileKind::Pdf] };
        assert_eq!(refused(twice), "“The problem”: name each kind of file once.");
        serde_json::from_value::<Kind>(json!({ "type": "document", "types": ["exe"] })).unwrap_err();
    }

    #[test]
    fn an_answer_over_the_word_limit_names_the_question_the_limit_and_the_count() {
        let faults = question(Kind::Text { most_words: 2 }).faults(&json!("three words here"));
        assert_eq!(faults[0].field, "answers/problem");
        assert_eq!(faults[0].message, "The problem: use 2 words or fewer, you have 3");
    }

    #[test]
    fn answers_of_the_wrong_kind_are_refused_and_empty_ones_are_drafts() {
        let options = vec![Choice { value: "a".into(), text: "A".into() }];
        let cases = [
            (Kind::Text { most_words: 9 }, json!(7), 1),
            (Kind::Text { most_words: 9 }, json!(null), 0),
            (Kind::Choice { options: options.clone() }, json!("b"), 1),
            (Kind::Choice { options: options.clone() }, json!("a"), 0),
            (Kind::Choices { options: options.clone() }, json!(["a", "b"]), 1),
            (Kind::Choices { options }, json!(["a"]), 0),
            (Kind::Money { most_pence: Pence(100) }, json!(-1), 1),
            (Kind::Money { most_pence: Pence(100) }, json!(1.5), 1),
            (Kind::Money { most_pence: Pence(100) }, json!(99_999_999_999_999_999_999.0), 1),
            (Kind::Money { most_pence: Pence(100) }, json!(100), 0),
            (documents(2), json!("a".repeat(64)), 1),
            (documents(2), json!(["plan.pdf"]), 1),
            (documents(2), json!(["a".repeat(64), "a".repeat(64)]), 1),
            (documents(2), json!(["A".repeat(64)]), 1),
            (documents(2), json!(["a".repeat(64), "b".repeat(64), "c".repeat(64)]), 1),
            (documents(2), json!(["a".repeat(64), "b".repeat(64)]), 0),
            (documents(2), json!([]), 0),
        ];
        for (kind, value, faults) in cases {
            assert_eq!(question(kind.clone()).faults(&value).len(), faults, "{kind:?} {value}");
        }
    }
}
