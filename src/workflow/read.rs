//! Reads a definition from JSON and says every fault of its form with its place. What it means is for the check, not for here.

use serde_json::Value;
use serde_path_to_error::Segment;

use super::fault::{Fault, Pointer};
use super::model::Definition;
use super::rules::Rule;

/// A definition longer than this is refused unread.
pub const MAX_BYTES: usize = 1 << 20;

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
}

fn read_document(text: &str) -> Result<Value, Vec<Fault>> {
    let whole = Pointer::root();
    if text.len() > MAX_BYTES {
        let reason = format!("the definition has {} bytes, at most {MAX_BYTES} are read", text.len());
        return Err(vec![Fault::at(&whole, reason, "leave out what no bid needs")]);
    }
    serde_json::from_str(text).map_err(|error| {
        vec![Fault::at(&whole, format!("it cannot be read as JSON: {error}"), "mend it at the line and column named")]
    })
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
    let place = error.path().iter().fold(Pointer::root(), |place, segment| match segment {
        Segment::Seq { index } => place.item(*index),
        Segment::Map { key } => place.key(key),
        Segment::Enum { variant } => place.key(variant),
        Segment::Unknown => place,
    });
    let reason = error.inner().to_string();
    let suggestion = suggestion_for(&reason);
    Fault::at(&place, reason, suggestion)
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
