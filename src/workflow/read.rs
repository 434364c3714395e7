//! Reads a definition from JSON and says every fault of its form with its place. What it means is for the check, not for here.

use serde_json::Value;
use serde_path_to_error::Segment;

use super::check::OUTCOME;
use super::fault::{Fault, Pointer};
use super::model::{Definition, Effect, Form, Gate, Kind, Outcome, State, Transition};
use super::rules::Rule;

/// A definition of more bytes than this is refused unread.
pub const MAX_BYTES: usize = 1 << 20;
/// What is nested too deep to be read has a place of a hundred steps, of which the first lead to the guard.
const FIRST_STEPS: usize = 3;

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// The faults of its form: not JSON, an unknown or missing field, a wrong type, a guard that is no rule. All faults of guards
    /// are told at once; of the rest, the first.
    pub fn from_json(text: &str) -> Result<Self, Vec<Fault>> {
        let document = read_document(text)?;
        let faults = faults_of_guards(&document);
        if faults.is_empty() {
            serde_path_to_error::deserialize(document).map_err(|error| vec![fault_of(&error)])
        } else {
            Err(faults)
        }
    }

    /// Reads a definition that was kept with a round, which may be older than the fields `form` and `result`, than
    /// decisions that show at once, and than letters that say more than `outcome`.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_kept(text: &str) -> Result<Self, Vec<Fault>> {
        let mut definition = Self::from_json(text)?;
        if definition.states.iter().all(|state| state.form.is_none() && state.result.is_none()) {
            definition.say_what_names_meant();
        }
        definition.decide_after_the_release();
        definition.name_the_letter_to_those_who_may_merge();
        Ok(definition)
    }

    /// Before a definition could name the letter of an outcome, this one followed from the name of a state.
    fn name_the_letter_to_those_who_may_merge(&mut self) {
        let sifted = |transition: &&mut Transition| transition.gate == Some(Gate::Sift);
        for decision in self.transitions.iter_mut().filter(sifted).filter(|it| it.to == "invited_to_merge") {
            for effect in &mut decision.effects {
                if let Effect::SendMail { template } = effect
                    && template == OUTCOME
                {
                    "outcome-invited-to-merge".clone_into(template);
                }
            }
        }
    }

    /// Before a decision could show at once, one that is taken after a release named that same release, by which no
    /// decision can be taken any more; and before there was a gate for reserves, they were funded at that of the awards.
    fn decide_after_the_release(&mut self) {
        let states = &self.states;
        let result = |id: &str| states.iter().find(|state| state.id == id).and_then(|state| state.result);
        for decision in self.transitions.iter_mut().filter(|transition| transition.is_decision()) {
            if decision.follows_its_release() {
                decision.release = None;
            }
            let from_reserve = decision.from.iter().all(|from| result(from) == Some(Outcome::Reserve));
            if from_reserve && result(&decision.to) == Some(Outcome::Funded) {
                decision.gate = Some(Gate::Reserve);
            }
        }
    }

    /// Before forms and results were said, they followed from names: of the closing milestone, and of states.
    fn say_what_names_meant(&mut self) {
        let submitting = self.transitions.iter().filter(|transition| transition.keeps_version());
        for transition in submitting {
            let is_eoi = transition.not_after.as_deref() == Some("eoi_closes");
            let form = if is_eoi { Form::Eoi } else { Form::Full };
            for state in self.states.iter_mut().filter(|state| transition.leaves(&state.id)) {
                state.form = Some(form);
            }
        }
        for state in &mut self.states {
            state.result = result_by_name(state);
        }
    }
}

fn result_by_name(state: &State) -> Option<Outcome> {
    match state.id.as_str() {
        "funded" | "completed" => Some(Outcome::Funded),
        "reserve" => Some(Outcome::Reserve),
        State::WITHDRAWN => Some(Outcome::Withdrawn),
        id if id.ends_with("_lapsed") => Some(Outcome::Lapsed),
        _ => (state.kind == Kind::Decided).then_some(Outcome::NotFunded),
    }
}

fn read_document(text: &str) -> Result<Value, Vec<Fault>> {
    if text.len() > MAX_BYTES {
        let reason = format!("the definition has {} bytes, at most {MAX_BYTES} are read", text.len());
        return Err(vec![Fault::at(&Pointer::root(), reason, "leave out what no bid needs")]);
    }
    if text.contains('\0') || text.contains("\\u0000") {
        return Err(vec![Fault::at(&Pointer::root(), "it holds the NUL character", "leave it out: it cannot be kept")]);
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| unreadable(&place_of(error.path().iter().take(FIRST_STEPS)), error.inner()))?;
    reader.end().map_err(|error| unreadable(&Pointer::root(), &error))?;
    Ok(document)
}

fn unreadable(place: &Pointer, error: &serde_json::Error) -> Vec<Fault> {
    let reason = format!("it cannot be read as JSON: {error}");
    vec![Fault::at(place, reason, "mend it at the line and column named")]
}

fn faults_of_guards(document: &Value) -> Vec<Fault> {
    let place = Pointer::root().key("transitions");
    let transitions = document.get("transitions").and_then(Value::as_array);
    let numbered = transitions.into_iter().flatten().enumerate();
    let guards = numbered.filter_map(|(index, transition)| Some((index, transition.get("guard")?)));
    let of_one = |(index, guard): (usize, &Value)| {
        let place = place.item(index).key("guard");
        let faults = Rule::parse(guard).err().unwrap_or_default();
        faults.into_iter().map(move |fault| fault.within(&place))
    };
    guards.filter(|(_, guard)| !guard.is_null()).flat_map(of_one).collect()
}

fn fault_of(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let reason = error.inner().to_string();
    let suggestion = suggestion_for(&reason);
    Fault::at(&place_of(error.path().iter()), reason, suggestion)
}

fn place_of<'a>(path: impl Iterator<Item = &'a Segment>) -> Pointer {
    path.fold(Pointer::root(), |place, segment| match segment {
        Segment::Seq { index } => place.item(*index),
        Segment::Map { key } => place.key(key),
        Segment::Enum { variant } => place.key(variant),
        Segment::Unknown => place,
    })
}

fn suggestion_for(reason: &str) -> &'static str {
    if reason.starts_with("unknown") {
        "use one of the names that are listed, or take it out"
    } else if reason.starts_with("missing") {
        "add the field"
    } else {
        "write a value of the kind that is expected"
    }
}
