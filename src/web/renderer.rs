//! Renders pages: a struct and its template, inside the layout, with undefined variables refused.
//!
//! In debug builds templates are read from `templates/` and re-read when they change; release builds carry them.

use std::sync::Arc;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, value::Serde};
use serde::Serialize;

use super::{Branding, Layout, components, escape, filters, functions};

/// A page: what its template may see, and nothing more.
pub trait Page: Serialize {
    /// The template's path under `templates/`.
    const TEMPLATE: &'static str;
}

/// Why a page could not be rendered: always a fault of ours, for the log and never for the reader.
#[derive(Debug, thiserror::Error)]
#[error("the page {template} could not be rendered: {source:#}")]
pub struct RenderError {
    template: &'static str,
    source: minijinja::Error,
}

/// Holds the compiled templates; clones share them.
#[derive(Clone)]
pub struct Renderer {
    environment: Arc<Environment<'static>>,
}

impl Renderer {
    /// A renderer for pages that carry this branding.
    pub fn new(branding: Branding) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(escape::format);
        load_templates(&mut environment);
        components::install(&mut environment);
        filters::install(&mut environment);
        functions::install(&mut environment, branding);
        Self { environment: Arc::new(environment) }
    }

    /// The whole HTML document.
    pub fn html<P: Page>(&self, layout: &Layout, page: &P) -> Result<String, RenderError> {
        let fault = |source| RenderError { template: P::TEMPLATE, source };
        let template = self.environment.get_template(P::TEMPLATE).map_err(fault)?;
        let layout = Value::from(Serde(layout));
        template.render(context! { layout, ..fields(page) }).map_err(fault)
    }

    /// The templates' environment, so that tests can render a line of template by itself.
    pub fn environment(&self) -> &Environment<'static> {
        &self.environment
    }
}

/// A page's fields by name; a page without fields has none.
fn fields<P: Page>(page: &P) -> Value {
    let value = Value::from(Serde(page));
    if value.is_none() {
        context! {}
    } else {
        value
    }
}

#[cfg(debug_assertions)]
fn load_templates(environment: &mut Environment<'static>) {
    environment.set_loader(minijinja::path_loader(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")));
    environment.set_auto_reload(true);
}

#[cfg(not(debug_assertions))]
fn load_templates(environment: &mut Environment<'static>) {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "templates"]
    #[exclude = "mail/*"]
    struct Templates;

    environment
        .set_loader(|name| Ok(Templates::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())));
}
