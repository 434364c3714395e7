//! Checks what a page gives a component against the package's own tables of options (`macro-options.json`): a
//! misspelt option would silently do nothing, and HTML that is not marked as safe could carry a script.

use std::collections::BTreeMap;

use minijinja::{Error, ErrorKind, Value, value::ValueKind};
use serde::Deserialize;

use super::{Translated, translated};
use crate::web::escape::printed;

/// Options that templates of the package use but its tables leave out.
const UNDOCUMENTED: [&str; 2] = ["inputmode", "value"];

/// The option whose keys are the names of the page's own fields: a date input's values.
const FREE_NAMES: &str = "values";

/// The tables of all components.
pub struct Options {
    tables: BTreeMap<String, Vec<Opt>>,
}

/// One row of a table.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opt {
    name: String,
    #[serde(default)]
    params: Option<Vec<Opt>>,
    #[serde(default)]
    is_component: bool,
}

impl Options {
    /// Reads the tables that the build has put into the binary.
    pub fn load() -> Self {
        let tables = Translated::iter().filter_map(|path| {
            let component = path.strip_prefix("govuk/components/")?.strip_suffix("/macro-options.json")?;
            Some((component.to_owned(), serde_json::from_str(&translated(&path)?).ok()?))
        });
        Self { tables: tables.collect() }
    }

    /// The names of all components, such as `date-input`.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// Refuses options that the component does not have and HTML that is not marked as safe.
    pub fn check(&self, name: &str, component: &str, params: &Value) -> Result<(), Error> {
        let table = self.tables.get(component).map(Vec::as_slice).unwrap_or_default();
        self.check_map(name, params, table)
    }

    fn check_map(&self, path: &str, params: &Value, table: &[Opt]) -> Result<(), Error> {
        if params.kind() != ValueKind::Map {
            return Ok(());
        }
        for key in params.try_iter()? {
            let (key, item) = (printed(&key), params.get_item(&key)?);
            self.check_option(path, &key, &item, table)?;
        }
        Ok(())
    }

    fn check_option(&self, path: &str, key: &str, item: &Value, table: &[Opt]) -> Result<(), Error> {
        let Some(option) = table.iter().find(|option| option.name == key) else {
            let known = UNDOCUMENTED.contains(&key);
            return if known { Ok(()) } else { Err(refused(format!("{path} has no option {key:?}"))) };
        };
        if is_html(key) && item.is_true() && !item.is_safe() {
            return Err(refused(format!("{path}.{key} is not marked as safe HTML")));
        }
        match self.inner_table(option) {
            Some(inner) => self.check_items(&format!("{path}.{key}"), item, inner),
            None => Ok(()),
        }
    }

    /// A map, a list of maps, or a table's rows of cells.
    fn check_items(&self, path: &str, item: &Value, table: &[Opt]) -> Result<(), Error> {
        if item.kind() != ValueKind::Seq {
            return self.check_map(path, item, table);
        }
        item.try_iter()?.try_for_each(|inner| self.check_items(&format!("{path}[]"), &inner, table))
    }

    fn inner_table<'a>(&'a self, option: &'a Opt) -> Option<&'a [Opt]> {
        if option.name == FREE_NAMES {
            return None;
        }
        let component = || option.is_component.then(|| self.tables.get(&kebab_case(&option.name))).flatten();
        option.params.as_ref().or_else(component).map(Vec::as_slice)
    }
}

fn is_html(key: &str) -> bool {
    key == "html" || key.ends_with("Html")
}

fn kebab_case(name: &str) -> String {
    name.chars().fold(String::new(), |mut out, letter| {
        if letter.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
        out
    })
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}
