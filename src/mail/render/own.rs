//! The words of a round, which its managers write: names, conditions and the two filters of ours, within a measure of fuel. There
//! is no loop, no function and no other file in reach.

use std::{collections::BTreeSet, sync::LazyLock};

use minijinja::{
    Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, value::Serde, value::ValueKind,
};

use super::values;

/// So much work may one part of a message take: many times what the longest words need.
const FUEL: u64 = 10_000;

static OWN: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    values::install(&mut environment);
    environment.set_formatter(printed);
    environment
});

/// The Markdown that comes of a text with its data.
pub fn markdown(text: &str, data: &serde_json::Value) -> Result<String, Error> {
    OWN.template_from_str(text)?.render(Value::from(Serde(data)))
}

/// The names that a text uses.
pub fn names(text: &str) -> Result<BTreeSet<String>, Error> {
    Ok(OWN.template_from_str(text)?.undeclared_variables(false).into_iter().collect())
}

/// What is not there and what is yes or no would be printed as a word of the program.
fn printed(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let refused = |message: &'static str| Err(Error::new(ErrorKind::InvalidOperation, message));
    match value.kind() {
        ValueKind::None => refused("a value that is not there cannot be printed"),
        ValueKind::Bool => refused("what is yes or no cannot be printed: ask for it in {% if … %}"),
        _ => values::format(out, state, value),
    }
}
