//! An answer that was given at both stages. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    bids::{content::Content, difference::Difference, documents::model::Attached, reading::in_words},
    funds::{
        form::Question,
        rulebook::{Rulebook, Stage},
    },
};

/// What stands for the documents as a whole among the ids of questions.
pub const DOCUMENTS: &str = "documents";

/// What an answer said in the expression of interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// What it said.
    pub said: String,
    /// What is different in the full application; nothing where it says the same.
    pub difference: Option<Difference>,
}

/// The same over REST.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CarriedView {
    /// The question's id, which is the same at both stages; `documents` for the documents as a whole.
    pub question: String,
    /// The question as the full application asks it.
    pub title: String,
    /// What the expression of interest said, in words.
    pub said: String,
    /// What the full application says, in words; empty where nothing is answered.
    pub says: String,
    /// Whether the two are the same.
    pub same: bool,
}

/// The questions that both stages ask and that the expression of interest answered, in the order of the full application, and
/// its documents.
pub fn carried(eoi: &Content, full: &Content, rules: &Rulebook) -> Vec<CarriedView> {
    let asked_twice = rules.form(Stage::Full).questions().filter_map(|(_, question)| {
        let before = rules.form(Stage::Eoi).question(&question.id)?;
        let said = words(before, eoi);
        let says = words(question, full);
        let (question, title, same) = (question.id.clone(), question.title.clone(), said == says);
        (!said.is_empty()).then_some(CarriedView { question, title, said, says, same })
    });
    asked_twice.chain(documents(eoi, full, rules)).collect()
}

fn words(question: &Question, content: &Content) -> String {
    let answered = content.answers.get(&question.id).filter(|value| Question::is_answered(value));
    answered.map(|value| in_words(question, value, &content.documents)).unwrap_or_default()
}

/// The documents as a whole, where the expression of interest had any, by the word that stands for them among the ids of
/// questions.
fn documents(eoi: &Content, full: &Content, rules: &Rulebook) -> Option<CarriedView> {
    if eoi.documents.is_empty() || rules.form(Stage::Full).question(DOCUMENTS).is_some() {
        return None;
    }
    let words = |content: &Content| content.documents.iter().map(Attached::in_words).collect::<Vec<_>>().join("\n");
    let (said, says) = (words(eoi), words(full));
    let same = said == says;
    Some(CarriedView { question: DOCUMENTS.into(), title: "Documents".into(), said, says, same })
}

impl From<&CarriedView> for Carried {
    fn from(view: &CarriedView) -> Self {
        let difference = (!view.same).then(|| Difference::between(&view.said, &view.says));
        Self { said: view.said.clone(), difference }
    }
}

/// The same by the fields under which a bid's answers stand on pages.
pub fn by_field(carried: &BTreeMap<String, CarriedView>) -> BTreeMap<String, Carried> {
    carried.iter().map(|(question, view)| (format!("answers-{question}"), view.into())).collect()
}
