//! The folder `broken`: each file is a definition with one thing wrong, as a patch of a sound one, and beside it the fault that must
//! come of it. To add one, write a file.

use std::{fs, path::Path};

use roundtable::workflow::definitions;
use serde::Deserialize;
use serde_json::Value;

use super::broken_definitions::faults_of;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Broken {
    /// What is wrong, for whoever reads the file.
    what: String,
    /// The ready definition that is broken.
    definition: String,
    patch: Vec<Change>,
    /// The place of the fault.
    pointer: String,
    /// A part of its reason.
    reason: String,
}

/// A step of a JSON Patch (RFC 6902).
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
enum Change {
    Add { path: String, value: Value },
    Replace { path: String, value: Value },
    Remove { path: String },
}

impl Change {
    fn apply(&self, document: &mut Value) {
        let (Self::Add { path, .. } | Self::Replace { path, .. } | Self::Remove { path }) = self;
        let (parent, last) = path.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{path} is nowhere"));
        match (self, parent) {
            (Self::Add { value, .. }, Value::Array(items)) => {
                assert_eq!(last, "-", "only the end of a list is added to");
                items.push(value.clone());
            }
            (Self::Add { value, .. }, parent) => {
                let before = parent.as_object_mut().unwrap().insert(last.to_owned(), value.clone());
                assert!(before.is_none(), "{path} is there already");
            }
            (Self::Replace { value, .. }, parent) => *parent.pointer_mut(&format!("/{last}")).unwrap() = value.clone(),
            (Self::Remove { .. }, Value::Array(items)) => drop(items.remove(last.parse().unwrap())),
            (Self::Remove { .. }, parent) => drop(parent.as_object_mut().unwrap().remove(last).unwrap()),
        }
    }
}

#[test]
fn every_broken_definition_of_the_folder_is_caught_with_its_place_and_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workflow/broken");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let broken: Broken = serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
        let mut document: Value = serde_json::from_str(definitions::get(&broken.definition).unwrap()).unwrap();
        assert_eq!(faults_of(&document), []);
        broken.patch.iter().for_each(|change| change.apply(&mut document));
        let faults = faults_of(&document);
        let is_caught =
            faults.iter().any(|fault| fault.pointer == broken.pointer && fault.reason.contains(&broken.reason));
        assert!(is_caught, "{}: {} gave {faults:#?}", file.display(), broken.what);
        assert!(faults.iter().all(|fault| !fault.suggestion.is_empty()));
    }
}
