//! The design system's components as functions of the page templates: `{{ govukInput({"id": "title", …}) }}`.
//!
//! Its own templates, written for JavaScript and translated by `build.rs`, run in a lenient environment of their own
//! ([`nunjucks`]); pages reach them only through these functions, which refuse what a component does not know and HTML
//! that is not marked as safe ([`options`]).

mod attributes;
mod nunjucks;
mod options;

use std::sync::Arc;

use minijinja::{Environment, Error, Value, context};
use rust_embed::RustEmbed;

use options::Options;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/njk"]
struct Translated;

/// Gives every component to the templates of `environment`.
pub fn install(environment: &mut Environment<'static>) {
    let components = Arc::new(nunjucks::environment());
    let options = Arc::new(Options::load());
    for component in options.components() {
        let name = function_name(component);
        let render = Component {
            template: template_path(component),
            name: name.clone(),
            folder: component.to_owned(),
            components: Arc::clone(&components),
            options: Arc::clone(&options),
        };
        environment.add_function(name, move |params: Option<Value>| render.html(params));
    }
}

/// One component, ready to be called.
struct Component {
    name: String,
    folder: String,
    template: String,
    components: Arc<Environment<'static>>,
    options: Arc<Options>,
}

impl Component {
    fn html(&self, params: Option<Value>) -> Result<Value, Error> {
        let params = params.unwrap_or_else(|| context! {});
        self.options.check(&self.name, &self.folder, &params)?;
        let html = self.components.get_template(&self.template)?.render(context! { params })?;
        Ok(Value::from_safe_string(html))
    }
}

fn template_path(component: &str) -> String {
    format!("govuk/components/{component}/template.njk")
}

/// `date-input` is called `govukDateInput`.
fn function_name(component: &str) -> String {
    component.split('-').fold("govuk".to_owned(), |name, part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        name.chars().chain(first).chain(letters).collect()
    })
}

/// A file of the translated package.
fn translated(path: &str) -> Option<String> {
    Translated::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}
