//! The ready definitions that the program carries. A round copies one; it never reads them again after it has opened.

use super::model::Definition;

/// Every ready definition: its id and its JSON.
pub fn all() -> &'static [(&'static str, &'static str)] {
    &[
        ("local-digital-fund-1", include_str!("definitions/local-digital-fund-1.json")),
        ("single-stage-panel", include_str!("definitions/single-stage-panel.json")),
        ("closed-follow-on", include_str!("definitions/closed-follow-on.json")),
        ("continuous", include_str!("definitions/continuous.json")),
    ]
}

/// The JSON of the definition of that id.
pub fn get(id: &str) -> Option<&'static str> {
    all().iter().find(|(name, _)| *name == id).map(|(_, json)| *json)
}

/// The definition of that id. That every one of them can be read is for tests to prove.
pub fn read(id: &str) -> Option<Definition> {
    Definition::from_json(get(id)?).ok()
}
