//! What every page shows around its own content. Holds no page's data and decides nothing about permission.

use serde::Serialize;

use crate::clock::Moment;

/// The frame of one page for one reader; templates see it as `layout`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Layout {
    /// How the header names the person who is signed in.
    pub signed_in_as: Option<String>,
    /// The token that every form of this session carries.
    pub csrf: Option<String>,
    /// When the page was asked for, by which the browser counts what is left of a time.
    pub now: Option<Moment>,
    /// The service navigation, in order.
    pub navigation: Vec<NavItem>,
    /// What the last action did, shown once.
    pub flash: Option<Flash>,
    /// Faults of the form, in the form's order: the title's prefix, the summary and each field's message come from here.
    pub errors: Vec<FieldError>,
}

/// A link of the service navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    /// What the link says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page belongs to this part of the service.
    pub active: bool,
}

/// A message about the last action.
#[derive(Clone, Debug, Serialize)]
pub struct Flash {
    /// How it is meant.
    pub kind: FlashKind,
    /// What it says, in one sentence.
    pub text: String,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlashKind {
    /// Something was done as asked.
    Success,
    /// Something else to know.
    Notice,
}

/// One fault of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The id of the field; for radios and checkboxes the id of the first choice.
    pub field: String,
    /// What to do about it.
    pub message: String,
}
