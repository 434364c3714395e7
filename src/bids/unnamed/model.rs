//! Leaving names out, and finding those that were left in. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    bids::{
        content::{Content, Member, Party},
        documents::model::{Attached, hashes},
    },
    funds::form::{Form, Kind, Question},
    ids::{Id, OrganisationKey},
};

/// What the lead authority is called where names are left out.
pub const LEAD: &str = "Lead authority";

impl Content {
    /// The same with a word in the place of each organisation, the same word wherever it stands, and each document called by the
    /// question that it answers and a number. The words follow from a hash, so that no order of names shows in them.
    #[must_use]
    pub fn without_names(mut self, form: &Form) -> Self {
        let reference = self.reference.clone();
        self.lead = called(&self.lead, LEAD.to_owned());
        self.partners.sort_by_key(|partner| in_no_order(&reference, partner.organisation.id));
        for (number, partner) in self.partners.iter_mut().enumerate() {
            partner.organisation = called(&partner.organisation, format!("Partner {}", letters(number)));
            partner.sponsor.clear();
        }
        let names = document_names(&self, form);
        for document in &mut self.documents {
            if let Some(name) = names.get(&document.hash) {
                document.name.clone_from(name);
            }
        }
        self.documents.sort_by(|one, other| one.name.cmp(&other.name));
        self
    }
}

fn called(party: &Party, name: String) -> Party {
    Party { id: party.id, code: String::new(), name }
}

fn in_no_order(reference: &str, organisation: Id<OrganisationKey>) -> [u8; 32] {
    Sha256::new().chain_update(reference).chain_update(organisation.uuid().as_bytes()).finalize().into()
}

/// A, B and so on to Z, then AA.
fn letters(number: usize) -> String {
    let last = char::from(b'A' + u8::try_from(number % 26).unwrap_or_default());
    match number / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

/// What each document is called, by its hash.
fn document_names(content: &Content, form: &Form) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for question in form.questions().map(|(_, question)| question) {
        let answer = content.answers.get(&question.id).filter(|_| matches!(question.answer, Kind::Document { .. }));
        for (number, hash) in (1..).zip(answer.into_iter().flat_map(hashes)) {
            let document = content.documents.iter().find(|document| document.hash == hash);
            let name = |of: &Attached| format!("{}, document {number}{}", question.title, ending(&of.name));
            names.extend(document.map(|document| (hash.to_owned(), name(document))));
        }
    }
    let others: Vec<&Attached> =
        content.documents.iter().filter(|document| !names.contains_key(&document.hash)).collect();
    let name = |(number, of): (usize, &Attached)| (of.hash.clone(), format!("Document {number}{}", ending(&of.name)));
    let others: Vec<(String, String)> = (1..).zip(others).map(name).collect();
    names.extend(others);
    names
}

fn ending(name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    let harmless =
        !ending.is_empty() && ending.len() <= 5 && ending.chars().all(|letter| letter.is_ascii_alphanumeric());
    if harmless { format!(".{}", ending.to_lowercase()) } else { String::new() }
}

/// A part of a bid in which a name of one of its organisations stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NameLeft {
    /// The part: `title`, `answers/` and a question's id, `documents`, `costs`, `promises` or `partners`.
    pub field: String,
    /// What people call it.
    pub title: String,
    /// The organisations whose names stand there.
    pub names: Vec<String>,
}

/// The parts of a bid in which a name of its organisations stands, in the order of the form. What documents hold is not read.
pub fn names_left(content: &Content, form: &Form) -> Vec<NameLeft> {
    let partners = content.partners.iter().map(|partner| &partner.organisation);
    let parties: Vec<&Party> = std::iter::once(&content.lead).chain(partners).collect();
    let answer = |question: &Question| {
        let text = content.answers.get(&question.id).and_then(Value::as_str).unwrap_or_default().to_owned();
        (format!("answers/{}", question.id), question.title.clone(), text)
    };
    let joined = |parts: Vec<&str>| parts.join("\n");
    let roles = |partner: &Member| format!("{}\n{}", partner.role, partner.part.in_kind);
    let parts = std::iter::once(("title".to_owned(), "Title".to_owned(), content.title.clone()))
        .chain(form.questions().map(|(_, question)| answer(question)))
        .chain([
            (
                "costs".into(),
                "Costs".into(),
                joined(content.costs.iter().map(|line| line.description.as_str()).collect()),
            ),
            (
                "promises".into(),
                "Promised outcomes".into(),
                joined(content.promises.iter().map(|promise| promise.measure.as_str()).collect()),
            ),
            (
                "partners".into(),
                "What each partner does".into(),
                content.partners.iter().map(roles).collect::<Vec<_>>().join("\n"),
            ),
        ]);
    let found = parts.map(|(field, title, text)| {
        let text = words(&text);
        let named = parties.iter().filter(|party| stands_in(&party.name, &text));
        NameLeft { field, title, names: named.map(|party| party.name.clone()).collect() }
    });
    found.filter(|part| !part.names.is_empty()).collect()
}

/// Words of which the names of many bodies are made, so that they tell none by themselves.
const COMMON: &[&str] = &[
    "the",
    "of",
    "city",
    "borough",
    "district",
    "county",
    "council",
    "royal",
    "london",
    "metropolitan",
    "combined",
    "authority",
    "unitary",
    "and",
];

/// Whether a name stands in a text, in full or without the words that it shares with others.
fn stands_in(name: &str, text: &[String]) -> bool {
    let name = words(name);
    let is_common = |word: &String| COMMON.contains(&word.as_str());
    let from = name.iter().position(|word| !is_common(word));
    let to = name.iter().rposition(|word| !is_common(word));
    let own = from.zip(to).and_then(|(from, to)| name.get(from..=to)).unwrap_or(&name);
    !own.is_empty() && text.windows(own.len()).any(|part| part == own)
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        let question = |id: &str, title: &str, answer: Value| json!({ "id": id, "title": title, "answer": answer });
        serde_json::from_value(json!({ "sections": [{ "id": "a", "title": "A", "questions": [
            question("why", "Why?", json!({ "type": "text", "most_words": 9 })),
            question("plan", "Plan", json!({ "type": "document" })),
        ] }] }))
        .expect("a form")
    }

    fn content() -> Content {
        let party = |number: u128, name: &str| json!({ "id": uuid::Uuid::from_u128(number), "code": format!("C{number}"), "name": name });
        let member = |number, name: &str| json!({ "organisation": party(number, name), "confirmed": true, "share_pence": 1, "sponsor": "Chief of Felpersham" });
        let document = |number: u128, name: &str, hash: &str| json!({ "id": uuid::Uuid::from_u128(number), "name": name, "media_type": "x", "bytes": 1, "hash": hash });
        serde_json::from_value(json!({
            "reference": "T-1", "stage": "full", "title": "Bins", "phase": null, "ask_pence": null,
            "lead": party(1, "London Borough of Ambridge"),
            "partners": [member(2, "Borchester City Council"), member(3, "Felpersham"), member(4, "Isle of Hollerton Council")],
            "costs": [], "promises": [],
            "answers": { "why": "In borchester, and on the Isle of  Hollerton.", "plan": ["bb"] },
            "documents": [document(1, "Ambridge budget.XLSX", "aa"), document(2, "Ambridge plan.pdf", "bb")],
        }))
        .expect("content")
    }

    #[test]
    fn no_name_is_left_but_what_councils_wrote_themselves() {
        let unnamed = content().without_names(&form());
        let mut labels: Vec<&str> = unnamed.partners.iter().map(|partner| partner.organisation.name.as_str()).collect();
        assert_eq!(labels, ["Partner A", "Partner B", "Partner C"]);
        let ids =
            |content: &Content| content.partners.iter().map(|partner| partner.organisation.id).collect::<Vec<_>>();
        let mut other = content();
        other.partners.reverse();
        assert_eq!(ids(&other.without_names(&form())), ids(&unnamed), "the words stay whatever the order");
        labels.push(&unnamed.lead.name);
        assert_eq!(unnamed.lead.name, LEAD);
        let documents: Vec<&str> = unnamed.documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(documents, ["Document 1.xlsx", "Plan, document 1.pdf"]);
        let text = serde_json::to_string(&unnamed).expect("JSON");
        let answer = serde_json::to_string(&unnamed.answers).expect("JSON");
        let rest = text.replace(&answer, "");
        assert!(
            !["Ambridge", "Borchester", "Felpersham", "Hollerton", "C1"].iter().any(|name| rest.contains(name)),
            "{rest}"
        );
    }

    #[test]
    fn names_are_found_in_answers_with_and_without_the_words_that_many_share() {
        let left = names_left(&content(), &form());
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].field.as_str(), left[0].title.as_str()), ("answers/why", "Why?"));
        assert_eq!(left[0].names, ["Borchester City Council", "Isle of Hollerton Council"]);
        let mut titled = content();
        titled.title = "Ambridgeshire bins".into();
        assert!(names_left(&titled, &form()).iter().all(|part| part.field != "title"), "part of a word is none");
    }

    #[test]
    fn partners_have_letters_however_many_they_are() {
        assert_eq!([0, 25, 26, 52].map(letters), ["A", "Z", "AA", "BA"]);
    }
}
