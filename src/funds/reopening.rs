//! Reopening, pure: which parts of a bid can be written anew once its stage has closed, and until when.
//!
//! A reopening is a [`Change`] of one bid's closing time that names questions. Two managers stand behind it, and it ends at
//! its instant or with the newer version that is submitted by it, whichever comes first.

use diesel::{Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::{
    change::{Change, Instants},
    form::Form,
    model::Milestone,
    rulebook::Stage,
};
use crate::{
    clock::Moment,
    db::{Doc, schema::reopenings},
    error::{AppError, Fault, Result},
};

/// The words that stand among the ids of questions for what is no answer. A question of the same id is named with it.
const OTHER_PARTS: [(&str, &str, Part<'static>); 4] = [
    ("about", "Title, phase and ask", Part::About),
    ("documents", "Documents", Part::Documents),
    ("costs", "Costs", Part::Costs),
    ("promises", "Promised outcomes", Part::Promises),
];

/// A part of a bid that somebody wants to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// The answer to a question.
    Answer(&'a str),
    /// Title, phase and ask.
    About,
    /// The lines of the costs.
    Costs,
    /// The promised outcomes.
    Promises,
    /// The documents.
    Documents,
    /// Anything else that the bid says.
    Other,
    /// Nothing that the bid says, such as asking for a signature.
    Nothing,
}

/// A part that is named, with its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NamedPart {
    /// The question's id; `about`, `documents`, `costs` or `promises`.
    pub id: String,
    /// What it is called.
    pub title: String,
}

/// What a reopening names, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = reopenings)]
pub struct Named {
    /// The ids of the questions that may be answered anew; `about`, `documents`, `costs` and `promises` where those may change.
    pub questions: Doc<Vec<String>>,
    /// What was written and not submitted when it came into force.
    pub set_aside: Option<Doc<Vec<SetAside>>>,
    /// When a newer version was submitted, which ended it.
    pub used_at: Option<Moment>,
}

impl Named {
    /// These, before anything came of it.
    pub fn new(questions: Vec<String>) -> Self {
        Self { questions: Doc(questions), set_aside: None, used_at: None }
    }
}

/// Something that was written and not submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// What was asked.
    pub title: String,
    /// What was written, as people read it.
    pub text: String,
}

/// What of a bid can be written while it is reopened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopening {
    /// Until when; at the very instant is in time.
    pub until: Moment,
    /// The parts.
    pub parts: Vec<NamedPart>,
}

impl Reopening {
    /// The reopening that a change is.
    pub fn of(change: &Change, form: &Form) -> Self {
        Self { until: change.to_at, parts: named(change, form) }
    }

    /// Whether the part can be written.
    pub fn opens(&self, part: Part<'_>) -> bool {
        let wanted = match part {
            Part::Nothing => return true,
            Part::Answer(question) => Some(question),
            other => OTHER_PARTS.iter().find(|(_, _, part)| *part == other).map(|(id, ..)| *id),
        };
        self.parts.iter().any(|named| Some(named.id.as_str()) == wanted)
    }

    /// Nothing if the part can be written.
    ///
    /// # Errors
    /// `Conflict` with `not_reopened`.
    pub fn require(&self, part: Part<'_>) -> Result<()> {
        if self.opens(part) {
            return Ok(());
        }
        let titles: Vec<String> = self.parts.iter().map(|named| format!("“{}”", named.title)).collect();
        let message =
            format!("Reopened until {} for {}. Nothing else can be changed.", self.until.in_words(), titles.join(", "));
        Err(AppError::conflict("not_reopened", message))
    }
}

/// The parts that a reopening can name, as they stand in a bid. Partners and their shares are none of them: what a council
/// has agreed to is not reopened without it.
pub fn nameable(form: &Form, stage: Stage) -> Vec<NamedPart> {
    let other = |wanted: Part<'static>| {
        let of_it = OTHER_PARTS.iter().filter(move |(_, _, part)| *part == wanted);
        of_it.map(|(id, title, _)| NamedPart { id: (*id).into(), title: (*title).into() })
    };
    let questions = form.questions().map(|(_, asked)| NamedPart { id: asked.id.clone(), title: asked.title.clone() });
    let money = other(Part::Costs).chain(other(Part::Promises)).filter(|_| stage == Stage::Full);
    other(Part::About).chain(questions).chain(other(Part::Documents)).chain(money).collect()
}

/// The parts that a change names; none where it is no reopening.
pub fn named(change: &Change, form: &Form) -> Vec<NamedPart> {
    let title = |id: &str| {
        let other = || OTHER_PARTS.iter().find(|(known, ..)| *known == id).map(|(_, title, _)| (*title).to_owned());
        let title = form.question(id).map(|question| question.title.clone()).or_else(other);
        title.unwrap_or_else(|| id.to_owned())
    };
    let ids = change.reopening.iter().flat_map(|named| &named.questions.0);
    ids.map(|id| NamedPart { id: id.clone(), title: title(id) }).collect()
}

/// What is wrong where nothing is named.
pub fn nothing_named() -> Fault {
    Fault::new("questions", "missing", "Choose what may be changed.")
}

/// What is wrong with the parts that somebody names, of those that can be named.
pub fn faults(named: &[String], nameable: &[NamedPart]) -> Vec<Fault> {
    if named.is_empty() {
        return vec![nothing_named()];
    }
    let known: Vec<&str> = nameable.iter().map(|part| part.id.as_str()).collect();
    let unknown = |(place, id): (usize, &String)| {
        let message = format!("The form has no “{id}”. Name any of: {}.", known.join(", "));
        (!known.contains(&id.as_str())).then(|| Fault::new(format!("questions/{place}"), "unknown_question", message))
    };
    named.iter().enumerate().filter_map(unknown).collect()
}

/// The reopening by which alone a bid's closing is not over at `now`: the time that was `published`, and whatever else
/// moved it for this bid, is.
pub fn in_force(published: Moment, own: &[Change], milestone: Milestone, now: Moment) -> Option<&Change> {
    let of_it = || own.iter().filter(move |change| change.milestone == milestone);
    let others = Instants::of(published, of_it().filter(|change| !change.reopens()));
    if !milestone.is_over(others.in_force.max(published), now) {
        return None;
    }
    let stands = |change: &&Change| change.reopens() && change.in_force_since().is_some() && change.used_at().is_none();
    of_it().filter(stands).rfind(|change| now <= change.to_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reopening(ids: &[&str]) -> Reopening {
        let parts = ids.iter().map(|id| NamedPart { id: (*id).into(), title: format!("The {id}") }).collect();
        Reopening { until: Moment::from_micros(1_790_000_000_000_000), parts }
    }

    #[test]
    fn only_what_is_named_can_be_written_and_a_signature_always_asked_for() {
        let reopening = reopening(&["problem"]);
        assert!(reopening.opens(Part::Answer("problem")) && reopening.opens(Part::Nothing));
        for part in [Part::Answer("plan"), Part::About, Part::Documents, Part::Costs, Part::Promises, Part::Other] {
            assert!(!reopening.opens(part), "{part:?}");
        }
        let Err(AppError::Conflict { code: "not_reopened", message }) = reopening.require(Part::Costs) else {
            panic!("costs are not named");
        };
        assert!(message.ends_with("for “The problem”. Nothing else can be changed."), "{message}");
    }

    #[test]
    fn what_is_no_answer_is_open_where_it_is_named_and_who_takes_part_never_is() {
        let reopening = reopening(&["about", "costs", "promises"]);
        assert!([Part::About, Part::Costs, Part::Promises].into_iter().all(|part| reopening.opens(part)));
        assert!(!reopening.opens(Part::Other) && !reopening.opens(Part::Answer("problem")));
    }

    #[test]
    fn whoever_names_something_unknown_hears_what_can_be_named() {
        let nameable = reopening(&["problem", "plan"]).parts;
        assert!(faults(&["plan".into()], &nameable).is_empty());
        let found = faults(&["plan".into(), "budget".into()], &nameable);
        assert_eq!(
            found,
            [Fault::new("questions/1", "unknown_question", "The form has no “budget”. Name any of: problem, plan.")]
        );
        assert_eq!(faults(&[], &nameable)[0].code, "missing");
    }
}
