//! A submitted version as it is read: questions and answers in words.

use serde::Serialize;
use serde_json::Value;

use crate::{
    bids::{
        content::Content,
        documents::model::{Attached, named_in_words},
    },
    funds::form::{Choice, Form, Kind, Question},
    money::Pence,
};

/// What a submitted version says.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Shown {
    /// The lead authority and the partners, by name.
    pub organisations: Vec<String>,
    /// The ask, in words.
    pub ask: Option<String>,
    /// The answers, in the form's order.
    pub answers: Vec<ShownAnswer>,
    /// What it costs: what for, and how much in words.
    pub costs: Vec<(String, String)>,
    /// What it promises: what is measured, the figure today and the figure promised, each in words.
    pub promises: Vec<(String, String, String)>,
    /// The documents, by number.
    pub documents: Vec<ShownDocument>,
}

/// A document that can be downloaded.
#[derive(Debug, Clone, Serialize)]
pub struct ShownDocument {
    /// Its place among the documents, from 1.
    pub number: usize,
    /// What it is called.
    pub name: String,
    /// What it is and how large.
    pub about: String,
}

/// An answer in words.
#[derive(Debug, Clone, Serialize)]
pub struct ShownAnswer {
    /// The question's id.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer; empty if there is none.
    pub text: String,
}

impl Shown {
    /// A submitted version under the form that it answers; nothing for none.
    pub fn of(content: Option<&Content>, form: &Form) -> Self {
        let Some(content) = content else { return Self::default() };
        let partners = content.partners.iter().map(|member| member.organisation.name.clone());
        let words = |question: &Question| {
            let value = content.answers.get(&question.id);
            value.map(|value| in_words(&question.answer, value, &content.documents)).unwrap_or_default()
        };
        let answer = |question: &Question| ShownAnswer {
            id: question.id.clone(),
            question: question.title.clone(),
            text: words(question),
        };
        let figure = |value: f64, unit: &str| format!("{value} {unit}");
        Self {
            organisations: std::iter::once(content.lead.name.clone()).chain(partners).collect(),
            ask: content.ask_pence.map(|ask| ask.to_string()),
            answers: form.questions().map(|(_, question)| answer(question)).collect(),
            costs: content.costs.iter().map(|line| (line.description.clone(), line.amount())).collect(),
            promises: content
                .promises
                .iter()
                .map(|promise| {
                    let today = promise.baseline.map(|value| figure(value, &promise.unit));
                    let today = today.unwrap_or_else(|| "not known".into());
                    (promise.measure.clone(), today, figure(promise.target, &promise.unit))
                })
                .collect(),
            documents: (1..).zip(&content.documents).map(ShownDocument::of).collect(),
        }
    }

    /// Takes out the answers to some questions, in their order: those that are read for a criterion.
    pub fn take(&mut self, questions: &[String]) -> Vec<ShownAnswer> {
        let (taken, left) = self.answers.drain(..).partition(|answer| questions.contains(&answer.id));
        self.answers = left;
        taken
    }
}

impl ShownDocument {
    fn of((number, document): (usize, &Attached)) -> Self {
        Self { number, name: document.name.clone(), about: document.about() }
    }
}

fn in_words(kind: &Kind, value: &Value, documents: &[Attached]) -> String {
    match (kind, value) {
        (Kind::Document { .. }, named) => named_in_words(named, documents).join("\n"),
        (Kind::Choice { options }, Value::String(chosen)) => text_of(options, chosen),
        (Kind::Choices { options }, Value::Array(chosen)) => {
            let texts = chosen.iter().filter_map(Value::as_str).map(|chosen| text_of(options, chosen));
            texts.collect::<Vec<_>>().join("\n")
        }
        (Kind::Money { .. }, Value::Number(pence)) => Pence(pence.as_i64().unwrap_or_default()).to_string(),
        (_, Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

fn text_of(options: &[Choice], chosen: &str) -> String {
    let found = options.iter().find(|option| option.value == chosen);
    found.map_or_else(|| chosen.to_owned(), |option| option.text.clone())
}
