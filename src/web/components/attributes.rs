//! The package's two helper macros that write HTML attributes, as functions: they `set` variables inside loops, which
//! Nunjucks lets out of the loop and Jinja does not. Every name and value that is not safe already is escaped.

use minijinja::{Error, Value, value::ValueKind};

use crate::web::escape::{escaped, printed};

/// `govukAttributes`: a map from name to value, or to `{value, optional}`; or a text that is safe already.
pub fn attributes(attributes: Option<Value>) -> Result<Value, Error> {
    let mut out = String::new();
    match attributes {
        Some(ready) if ready.as_str().is_some() => out.push_str(&ready.to_string()),
        Some(map) if map.kind() == ValueKind::Map => {
            for name in map.try_iter()? {
                push_attribute(&mut out, &name, &map.get_item(&name)?)?;
            }
        }
        _ => {}
    }
    Ok(Value::from_safe_string(out))
}

/// `govukI18nAttributes`: one message, or several by plural form, for the package's own JavaScript.
pub fn translations(params: &Value) -> Result<Value, Error> {
    let key = escaped(&params.get_attr("key")?);
    let (messages, message) = (params.get_attr("messages")?, params.get_attr("message")?);
    let mut out = String::new();
    if messages.is_true() {
        for form in messages.try_iter()? {
            let message = escaped(&messages.get_item(&form)?);
            push(&mut out, &format!("data-i18n.{key}.{}", escaped(&form)), &message);
        }
    } else if message.is_true() {
        push(&mut out, &format!("data-i18n.{key}"), &escaped(&message));
    }
    Ok(Value::from_safe_string(out))
}

/// An optional attribute stands bare when `true` and not at all when false or absent.
fn push_attribute(out: &mut String, name: &Value, item: &Value) -> Result<(), Error> {
    let (value, optional) = match item.kind() {
        ValueKind::Map => (item.get_attr("value")?, item.get_attr("optional")?.is_true()),
        _ => (item.clone(), false),
    };
    let name = escaped(&Value::from(printed(name)));
    match (optional, value.kind()) {
        (true, ValueKind::Undefined | ValueKind::None) => {}
        (true, ValueKind::Bool) if !value.is_true() => {}
        (true, ValueKind::Bool) => out.extend([" ", &name]),
        _ => push(out, &name, &escaped(&value)),
    }
    Ok(())
}

/// ` name="value"`, both escaped by the caller.
fn push(out: &mut String, name: &str, value: &str) {
    out.extend([" ", name, "=\"", value, "\""]);
}
