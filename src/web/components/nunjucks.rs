//! An environment in which the design system's templates find what JavaScript and Nunjucks would give them: lenient
//! undefined values, `default(x, true)`, `true` in lower case, `includes()`, relative imports.
//!
//! Our own templates never run here.

use std::borrow::Cow;

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, Value,
    value::{Rest, ValueKind, from_args},
};

use super::{attributes, translated};
use crate::web::escape::{self, escaped, printed};

/// The environment of the components' own templates.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_path_join_callback(join);
    environment.set_loader(|path| Ok(translated(path)));
    environment.set_formatter(escape::format);
    environment.set_unknown_method_callback(call_method);
    environment.add_global("__undefined", Value::UNDEFINED);
    environment.add_function("govukAttributes", attributes::attributes);
    environment.add_function("govukI18nAttributes", |params: Value| attributes::translations(&params));
    environment.add_test("escaped", |value: &Value| value.is_safe());
    environment.add_test("truthy", |value: &Value| value.is_true());
    add_filters(&mut environment);
    environment
}

fn add_filters(environment: &mut Environment<'static>) {
    environment.add_filter("js_length", js_length);
    environment.add_filter("js_val", js_val);
    environment.add_filter("length", |value: &Value| value.len().unwrap_or(0));
    environment.add_filter("escape", |value: &Value| Value::from_safe_string(escaped(value)));
    environment.add_filter("string", |value: &Value| as_safe_as(value, printed(value)));
    environment.add_filter("trim", |value: &Value| as_safe_as(value, printed(value).trim().to_owned()));
    environment.add_filter("capitalize", |value: &Value| as_safe_as(value, capitalised(&printed(value))));
    environment.add_filter("default", default);
    // Blanks at the start of lines are of no matter in HTML.
    environment.add_filter("indent", |value: &Value, _: Rest<Value>| value.clone());
}

fn as_safe_as(value: &Value, text: String) -> Value {
    if value.is_safe() { Value::from_safe_string(text) } else { Value::from(text) }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.as_str().to_lowercase().chars()).collect()
}

/// `x.length`: undefined when x is.
fn js_length(value: &Value) -> Value {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Value::UNDEFINED,
        _ => Value::from(value.len().unwrap_or(0)),
    }
}

/// `x.val`: the text within a safe string, which is how the templates ask whether one is safe.
fn js_val(value: &Value) -> Value {
    if value.is_safe() { Value::from(value.to_string()) } else { Value::UNDEFINED }
}

/// `default(other)` stands in for undefined alone; `default(other, true)` for all that is false.
fn default(value: Value, args: Rest<Value>) -> Value {
    let for_false = args.get(1).is_some_and(Value::is_true);
    if value.is_undefined() || (for_false && !value.is_true()) {
        args.first().cloned().unwrap_or_default()
    } else {
        value
    }
}

fn call_method(_: &mut State, value: &Value, method: &str, args: &[Value]) -> Result<Value, Error> {
    if method != "includes" {
        return Err(ErrorKind::UnknownMethod.into());
    }
    let (wanted,): (Value,) = from_args(args)?;
    Ok(Value::from(value.try_iter()?.any(|item| item == wanted)))
}

/// `../hint/macro.njk`, seen from the template that names it.
fn join<'s>(name: &'s str, parent: &'s str) -> Cow<'s, str> {
    if !name.starts_with('.') {
        return name.into();
    }
    let mut path: Vec<&str> = parent.split('/').collect();
    path.pop();
    for step in name.split('/') {
        match step {
            "." => {}
            ".." => drop(path.pop()),
            _ => path.push(step),
        }
    }
    path.join("/").into()
}
