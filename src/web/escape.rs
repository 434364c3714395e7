//! How values are printed into HTML, in our pages and in the design system's templates alike.

use minijinja::{Error, ErrorKind, Output, State, Value, value::ValueKind};

/// A value as text: nothing for what is absent, `true` and `false` in lower case.
pub fn printed(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => String::new(),
        ValueKind::Bool => value.is_true().to_string(),
        _ => value.to_string(),
    }
}

/// As [`printed`], escaped for text and quoted attributes unless it is safe HTML already.
pub fn escaped(value: &Value) -> String {
    let text = printed(value);
    if value.is_safe() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

/// The formatter of both environments.
pub fn format(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    out.write_str(&escaped(value)).or(Err(ErrorKind::WriteFailure.into()))
}
