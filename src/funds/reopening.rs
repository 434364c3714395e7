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

/// The word that stands among the questions for the lines of the costs.
pub const COSTS: &str = "costs";

/// A part of a bid that somebody wants to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// The answer to a question.
    Answer(&'a str),
    /// The lines of the costs.
    Costs,
    /// Anything else that the bid says.
    Other,
    /// Nothing that the bid says, such as asking for a signature.
    Nothing,
}

impl<'a> Part<'a> {
    /// What is written on this page, under a bid's own path.
    pub fn at(page: &'a str) -> Self {
        match (page, page.strip_prefix("questions/")) {
            (_, Some(question)) => Self::Answer(question),
            ("costs", _) => Self::Costs,
            ("check" | "sign-off", _) => Self::Nothing,
            _ => Self::Other,
        }
    }
}

/// A part that is named, with its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NamedPart {
    /// The question's id, or `costs`.
    pub id: String,
    /// What it is called.
    pub title: String,
}

/// What a reopening names, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = reopenings)]
pub struct Named {
    /// The ids of the questions that may be answered anew, and `costs` where those may change.
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
            Part::Answer(question) => question,
            Part::Costs => COSTS,
            Part::Other => return false,
            Part::Nothing => return true,
        };
        self.parts.iter().any(|named| named.id == wanted)
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

/// The parts of a form that a reopening can name, in the form's order. Costs stay within the ask, which is none of them.
pub fn nameable(form: &Form, stage: Stage) -> Vec<NamedPart> {
    let question =
        |question: &super::form::Question| NamedPart { id: question.id.clone(), title: question.title.clone() };
    let costs = (stage == Stage::Full).then(|| NamedPart { id: COSTS.into(), title: "Costs".into() });
    form.questions().map(|(_, asked)| question(asked)).chain(costs).collect()
}

/// The parts that a change names; none where it is no reopening.
pub fn named(change: &Change, form: &Form) -> Vec<NamedPart> {
    let title = |id: &String| match form.question(id) {
        Some(question) => question.title.clone(),
        None if id == COSTS => "Costs".into(),
        None => id.clone(),
    };
    let ids = change.reopening.iter().flat_map(|named| &named.questions.0);
    ids.map(|id| NamedPart { id: id.clone(), title: title(id) }).collect()
}

/// What is wrong with the parts that somebody names, of those that can be named.
pub fn faults(named: &[String], nameable: &[NamedPart]) -> Vec<Fault> {
    if named.is_empty() {
        return vec![Fault::new("questions", "missing", "Choose what may be changed.")];
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
        let opens = |page| reopening.opens(Part::at(page));
        assert!(opens("questions/problem") && opens("sign-off") && opens("check"));
        for page in ["questions/plan", "costs", "promises", "about", "partners", "prior-work"] {
            assert!(!opens(page), "{page}");
        }
        let Err(AppError::Conflict { code: "not_reopened", message }) = reopening.require(Part::Costs) else {
            panic!("costs are not named");
        };
        assert!(message.ends_with("for “The problem”. Nothing else can be changed."), "{message}");
    }

    #[test]
    fn costs_are_open_where_they_are_named() {
        assert!(reopening(&["problem", COSTS]).opens(Part::at("costs")));
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
