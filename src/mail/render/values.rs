//! How values enter a message: as plain text in Markdown, or as links to this service.

use minijinja::{Environment, Error, ErrorKind, Output, State, Value};
use url::Url;

/// Escapes every value, and gives `link` and `paragraphs` to the templates.
pub fn install(environment: &mut Environment<'static>) {
    environment.set_formatter(format);
    environment.add_filter("link", link);
    environment.add_filter("paragraphs", |text: &str| Value::from_safe_string(paragraphs(text)));
}

/// Prints a value as text in which no character means anything to Markdown.
pub fn format(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let text = value.to_string();
    let written = if value.is_safe() { text } else { plain(&text) };
    out.write_str(&written).or(Err(ErrorKind::WriteFailure.into()))
}

/// A text on one line in which no character means anything to Markdown.
fn plain(text: &str) -> String {
    let words: Vec<_> = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    escaped(&line)
}

/// A text with its paragraphs, each as [`plain`] has it.
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.split("\n\n").map(plain).filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The address of a page of this service, from its path or its full address.
fn link(state: &State, target: &str) -> Result<Value, Error> {
    let base = state.lookup("base_url").filter(|base| base.as_str().is_some());
    let base = base.ok_or_else(|| refused("a message with links needs base_url in its data".into()))?;
    let base = Url::parse(&base.to_string()).map_err(|error| refused(format!("base_url: {error}")))?;
    let address = base.join(target).map_err(|error| refused(format!("{target:?} is no link: {error}")))?;
    if !matches!(address.scheme(), "http" | "https") || address.origin() != base.origin() {
        return Err(refused(format!("{target:?} leads away from {base}")));
    }
    Ok(Value::from_safe_string(escaped(address.as_str())))
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
