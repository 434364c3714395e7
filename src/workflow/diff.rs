//! What a definition changes of another, in words and as data: before it is put into force, before bids are moved to it, and
//! for whoever edits what somebody else has changed meanwhile.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::model::{Definition, State, Transition};
use super::rules::Rule;

/// What differs between two definitions. Their version numbers count for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = WorkflowDiff)]
pub struct Diff {
    /// What differs of the definition as a whole: its title, where bids begin, its milestones.
    pub whole: Vec<FieldChange>,
    /// What differs of its states.
    pub states: Parts,
    /// What differs of its transitions.
    pub transitions: Parts,
}

/// What differs of a list of parts, which are known by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = WorkflowParts)]
pub struct Parts {
    /// Those that only the newer has.
    pub added: Vec<Part>,
    /// Those that only the older has.
    pub removed: Vec<Part>,
    /// Those that both have and that differ.
    pub changed: Vec<Changed>,
}

/// A state or a transition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = WorkflowPart)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// What the fund's people call it.
    pub label: String,
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ChangedPart)]
pub struct Changed {
    /// Its id.
    pub id: String,
    /// What the fund's people call it now.
    pub label: String,
    /// Its fields that differ.
    pub fields: Vec<FieldChange>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = WorkflowFieldChange)]
pub struct FieldChange {
    /// Which, as it is called in the definition; one inside another is named `labels/staff`.
    pub field: String,
    /// What it was; null where it was not there.
    pub from: Value,
    /// What it is.
    pub to: Value,
    /// The same in words: "Kind: was “draft”, is “waiting”".
    pub words: String,
}

/// What `newer` changes of `older`.
pub fn diff(older: &Definition, newer: &Definition) -> Diff {
    let names = Names::of(older, newer);
    let whole = |definition: &Definition| {
        let mut fields = fields_of(definition);
        for field in ["version", "states", "transitions"] {
            fields.remove(field);
        }
        fields
    };
    Diff {
        whole: changes(&whole(older), &whole(newer), &names),
        states: parts(&older.states, &newer.states, &names),
        transitions: parts(&older.transitions, &newer.transitions, &names),
    }
}

/// What `newer` changes of one state.
pub fn of_state(older: &State, newer: &State) -> Vec<FieldChange> {
    changes(&fields_of(older), &fields_of(newer), &Names::default())
}

/// What `newer` changes of one transition, its states called as `definition` calls them.
pub fn of_transition(definition: &Definition, older: &Transition, newer: &Transition) -> Vec<FieldChange> {
    changes(&fields_of(older), &fields_of(newer), &Names::of(definition, definition))
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.states.is_empty() && self.transitions.is_empty()
    }

    /// Every difference as a sentence.
    pub fn in_words(&self) -> Vec<String> {
        let whole = self.whole.iter().map(|change| format!("{}.", change.words));
        whole.chain(self.states.in_words("state")).chain(self.transitions.in_words("step")).collect()
    }
}

impl Parts {
    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }

    fn in_words(&self, what: &str) -> impl Iterator<Item = String> {
        let added = self.added.iter().map(move |part| format!("The {what} “{}” is new.", part.label));
        let removed = self.removed.iter().map(move |part| format!("The {what} “{}” is taken out.", part.label));
        let changed = self.changed.iter().flat_map(move |part| {
            part.fields.iter().map(move |change| format!("The {what} “{}”: {}.", part.label, change.words))
        });
        added.chain(removed).chain(changed)
    }
}

/// What a list of a definition consists of.
trait Listed: Serialize {
    fn id(&self) -> &str;
    fn label(&self) -> &str;

    fn part(&self) -> Part {
        Part { id: self.id().to_owned(), label: self.label().to_owned() }
    }
}

impl Listed for State {
    fn id(&self) -> &str {
        &self.id
    }

    fn label(&self) -> &str {
        &self.labels.staff
    }
}

impl Listed for Transition {
    fn id(&self) -> &str {
        &self.id
    }

    fn label(&self) -> &str {
        &self.label
    }
}

fn parts<T: Listed>(older: &[T], newer: &[T], names: &Names<'_>) -> Parts {
    let find = |list: &'_ [T], id: &str| list.iter().position(|part| part.id() == id);
    let missing = |from: &[T], list: &[T]| -> Vec<Part> {
        from.iter().filter(|part| find(list, part.id()).is_none()).map(Listed::part).collect()
    };
    let changed = newer.iter().filter_map(|part| {
        let before = older.get(find(older, part.id())?)?;
        let fields = changes(&fields_of(before), &fields_of(part), names);
        let Part { id, label } = part.part();
        (!fields.is_empty()).then_some(Changed { id, label, fields })
    });
    Parts { added: missing(newer, older), removed: missing(older, newer), changed: changed.collect() }
}

/// The fields of a part by name, those of its labels beside the others.
fn fields_of(part: &impl Serialize) -> Map<String, Value> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(part) else { return Map::new() };
    if let Some(Value::Object(labels)) = fields.remove("labels") {
        fields.extend(labels.into_iter().map(|(name, value)| (format!("labels/{name}"), value)));
    }
    fields
}

fn changes(older: &Map<String, Value>, newer: &Map<String, Value>, names: &Names<'_>) -> Vec<FieldChange> {
    let gone = older.keys().filter(|name| !newer.contains_key(*name));
    let change = |field: &String| {
        let [from, to] = [older, newer].map(|fields| fields.get(field).cloned().unwrap_or_default());
        let [was, is] = [&from, &to].map(|value| names.said(field, value));
        let words = format!("{}: was {was}, is {is}", title(field));
        (from != to).then_some(FieldChange { field: field.clone(), from, to, words })
    };
    newer.keys().chain(gone).filter_map(change).collect()
}

/// What pages call a field.
fn title(field: &str) -> String {
    let known = match field {
        "labels/staff" => "Label for staff",
        "labels/applicant" => "Label for councils",
        "labels/next" => "What happens next",
        "terminal" => "A bid may rest here for good",
        "label" => "Words on the button",
        "who" => "Who takes it",
        "guard" => "What must hold",
        "eligibility" => "Rules of eligibility must hold",
        "approvals" => "Who else has to agree",
        "effects" => "What it does",
        "automatic_at" => "Happens by itself after",
        "release" => "Shows at",
        "gate" => "Decision",
        "outcome" => "Tells an outcome",
        "start" => "Where bids begin",
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            return first + letters.as_str();
        }
    };
    known.to_owned()
}

/// What states are called, by id.
#[derive(Default)]
struct Names<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    /// The newer name where both have one.
    fn of(older: &'a Definition, newer: &'a Definition) -> Self {
        let states = older.states.iter().chain(&newer.states);
        Self(states.map(|state| (state.id.as_str(), state.labels.staff.as_str())).collect())
    }

    fn said(&self, field: &str, value: &Value) -> String {
        match value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::Array(items) if items.is_empty() => "nothing".to_owned(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.word(field, item)).collect();
                format!("“{}”", items.join("; "))
            }
            other => format!("“{}”", self.word(field, other)),
        }
    }

    fn word(&self, field: &str, value: &Value) -> String {
        match (field, value) {
            ("guard", rule) => Rule::parse(rule).map_or_else(|_| rule.to_string(), |rule| rule.in_words()),
            ("from" | "to" | "start", Value::String(id)) => {
                self.0.get(id.as_str()).map_or(id.as_str(), |name| name).to_owned()
            }
            ("id" | "title" | "label", Value::String(text)) => text.clone(),
            (labels, Value::String(text)) if labels.starts_with("labels/") => text.clone(),
            (_, Value::String(word)) => word.replace(['_', '-'], " "),
            ("approvals", approvals) => agreement(approvals),
            ("effects", effect) => {
                let template = effect.pointer("/send-mail/template").and_then(Value::as_str);
                template.map_or_else(|| effect.to_string(), |template| format!("mail {template}"))
            }
            (_, other) => other.to_string(),
        }
    }
}

/// "2 of fund manager, moderator; void when answers change".
fn agreement(approvals: &Value) -> String {
    let words = |field: &str| -> Vec<String> {
        let list = approvals.get(field).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(|word| word.replace('_', " ")).collect()
    };
    let count = approvals.get("count").unwrap_or(&Value::Null);
    let mut said = format!("{count} of {}", words("roles").join(", "));
    let voided = words("voided_by");
    if !voided.is_empty() {
        said.push_str(&format!("; void when {} change", voided.join(", ")));
    }
    said
}
