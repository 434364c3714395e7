//! Renders a message: `templates/mail/<name>.md` with its data becomes a subject, a plain text and an HTML part.
//!
//! A template is a subject line, `---`, and a body in the Markdown of GOV.UK Notify: headings, lists, links, rules and
//! insets (`^`), so that councils can paste it into Notify. A value can never become markup, a link or a second header:
//! all punctuation in it is escaped. Nothing is sent from here.

pub(super) mod body;
pub(super) mod own;
mod values;

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value, context, value::Serde};

use super::{Language, texts::Words};

/// The most characters that a part of a message in a round's own words may come to.
pub const LONGEST_RENDERED: usize = 100_000;

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
    /// More than a mail should hold.
    #[error("the message {0} has more than {LONGEST_RENDERED} characters")]
    TooLong(String),
}

/// Renders `templates/mail/<template>.md`.
///
/// Values of `data` are plain text. The name over every message is its `brand_name`. A template that links takes
/// `base_url` from it: the filter `link` lets through paths and addresses of that site only. The filter `paragraphs`
/// keeps the paragraphs of a longer text.
pub fn render(template: &str, data: &serde_json::Value) -> Result<Rendered, RenderError> {
    let fault = |source| RenderError::Template { template: template.to_owned(), source };
    let source = markdown(template, Value::from(Serde(data))).map_err(fault)?;
    let parts = source.split_once("\n---\n").ok_or_else(|| RenderError::NoSubject(template.to_owned()))?;
    assemble(template, parts, Language::English, data)
}

/// The same in a round's own words, which are looked at by [`texts::check`](super::texts::check) before they are kept.
pub fn render_own(
    template: &str,
    words: &Words,
    language: Language,
    data: &serde_json::Value,
) -> Result<Rendered, RenderError> {
    let [subject, body] = filled_in(template, words, data)?;
    assemble(template, (&subject, &body), language, data)
}

/// The body in a round's own words as a page of ours shows it.
pub fn show_own(template: &str, words: &Words, data: &serde_json::Value) -> Result<String, RenderError> {
    let [_, body] = filled_in(template, words, data)?;
    body::html_on_a_page(&body).map_err(|what| RenderError::Unsupported { template: template.to_owned(), what })
}

fn filled_in(template: &str, words: &Words, data: &serde_json::Value) -> Result<[String; 2], RenderError> {
    let fill_in = |text: &str| {
        let fault = |source| RenderError::Template { template: template.to_owned(), source };
        let markdown = own::markdown(text, data).map_err(fault)?;
        let long = markdown.chars().count() > LONGEST_RENDERED;
        if long { Err(RenderError::TooLong(template.to_owned())) } else { Ok(markdown) }
    };
    Ok([fill_in(&words.subject)?, fill_in(&words.body)?])
}

/// Makes the parts of a message of the Markdown of its subject and its body.
fn assemble(
    template: &str,
    (subject, body): (&str, &str),
    language: Language,
    data: &serde_json::Value,
) -> Result<Rendered, RenderError> {
    let unsupported = |what| RenderError::Unsupported { template: template.to_owned(), what };
    let subject = body::text(subject).map_err(unsupported)?.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = body::text(body).map_err(unsupported)?;
    let content = body::html(body).map_err(unsupported)?;
    let fault = |source| RenderError::Template { template: template.to_owned(), source };
    let html = document(&subject, content, language, &Value::from(Serde(data))).map_err(fault)?;
    Ok(Rendered { subject, text, html })
}

/// The standard words of a message, as its template has them.
pub fn standard(template: &str) -> Option<Words> {
    let file = Files::get(&format!("{template}.md"))?;
    let source = String::from_utf8_lossy(&file.data).into_owned();
    let (subject, body) = source.split_once("\n---\n")?;
    Some(Words { subject: subject.trim().to_owned(), body: body.trim().to_owned() })
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

fn document(subject: &str, content: String, language: Language, data: &Value) -> Result<String, Error> {
    let content = Value::from_safe_string(content);
    let brand_name = data.get_attr("brand_name")?;
    DOCUMENT.get_template("layout.html")?.render(context! { subject, content, brand_name, lang => language.tag() })
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
