//! Renders a message: `templates/mail/<name>.md` with its data becomes a subject, a plain text and an HTML part.
//!
//! A template is a subject line, `---`, and a body in the Markdown of GOV.UK Notify: headings, lists, links, rules and
//! insets (`^`), so that councils can paste it into Notify. A value can never become markup, a link or a second header:
//! all punctuation in it is escaped. Nothing is sent from here.

mod body;
mod values;

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value, context, value::Serde};

/// A message, ready for its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The part for readers of plain text.
    pub text: String,
    /// The same as a whole HTML document.
    pub html: String,
}

/// Why a message could not be rendered: always a fault of its template or data.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The template does not exist, or asks for what the data does not have.
    #[error("the message {template} could not be rendered: {source:#}")]
    Template {
        /// The template's name.
        template: String,
        /// What minijinja found.
        source: Error,
    },
    /// There is no `---` between subject and body.
    #[error("the message {0} has no line --- under its subject")]
    NoSubject(String),
    /// Markdown that Notify does not have.
    #[error("the message {template} has {what}, which GOV.UK Notify does not support")]
    Unsupported {
        /// The template's name.
        template: String,
        /// The element.
        what: String,
    },
}

/// Renders `templates/mail/<template>.md`.
///
/// Values of `data` are plain text. The name over every message is its `brand_name`. A template that links takes
/// `base_url` from it: the filter `link` lets through paths and addresses of that site only. The filter `paragraphs`
/// keeps the paragraphs of a longer text.
pub fn render(template: &str, data: &serde_json::Value) -> Result<Rendered, RenderError> {
    let fault = |source| RenderError::Template { template: template.to_owned(), source };
    let data = Value::from(Serde(data));
    let source = markdown(template, data.clone()).map_err(fault)?;
    let (subject, body) = source.split_once("\n---\n").ok_or_else(|| RenderError::NoSubject(template.to_owned()))?;
    let unsupported = |what| RenderError::Unsupported { template: template.to_owned(), what };
    let subject = body::text(subject).map_err(unsupported)?.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = body::text(body).map_err(unsupported)?;
    let content = body::html(body).map_err(unsupported)?;
    let html = document(&subject, content, &data).map_err(fault)?;
    Ok(Rendered { subject, text, html })
}

/// The names of all messages, so that tests and the staff's preview can go through them.
pub fn templates() -> Vec<String> {
    let mut names: Vec<_> = Files::iter().filter_map(|file| Some(file.strip_suffix(".md")?.to_owned())).collect();
    names.sort();
    names
}

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/mail"]
struct Files;

static LETTERS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = environment(AutoEscape::None);
    values::install(&mut environment);
    environment
});

static DOCUMENT: LazyLock<Environment<'static>> = LazyLock::new(|| environment(AutoEscape::Html));

fn markdown(template: &str, data: Value) -> Result<String, Error> {
    LETTERS.get_template(&format!("{template}.md"))?.render(data)
}

fn document(subject: &str, content: String, data: &Value) -> Result<String, Error> {
    let content = Value::from_safe_string(content);
    let brand_name = data.get_attr("brand_name")?;
    DOCUMENT.get_template("layout.html")?.render(context! { subject, content, brand_name })
}

fn environment(escape: AutoEscape) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(move |_| escape.clone());
    load_templates(&mut environment);
    environment
}

#[cfg(debug_assertions)]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_loader(minijinja::path_loader(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/mail")));
    environment.set_auto_reload(true);
}

#[cfg(not(debug_assertions))]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_loader(|name| Ok(Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())));
}
