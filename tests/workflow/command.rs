//! `roundtable check-workflow`: files and folders, what it prints and how it ends.

use std::{fs, path::PathBuf, process::ExitCode};

use roundtable::command::{check_workflow, workflow_schema};
use serde_json::Value;
use tempfile::TempDir;

use super::SMALL_GRANT;

fn checked(paths: &[PathBuf], json: bool) -> (ExitCode, String) {
    let mut out = Vec::new();
    let code = check_workflow(paths, json, &mut out).unwrap();
    (code, String::from_utf8(out).unwrap())
}

#[test]
fn a_folder_is_checked_file_by_file_and_the_outcome_says_whether_all_are_sound() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file("b.json", SMALL_GRANT);
    file("notes.txt", "no definition");
    let (code, told) = checked(&[folder.path().to_owned()], false);
    assert_eq!((code, told.lines().count()), (ExitCode::SUCCESS, 1));
    assert!(told.ends_with("b.json: sound\n"), "{told}");

    file("a.json", &SMALL_GRANT.replace("\"start\": \"draft\"", "\"start\": \"nowhere\""));
    let (code, told) = checked(&[folder.path().to_owned()], false);
    assert_eq!(code, ExitCode::from(1));
    assert!(told.contains("a.json: not sound\n  /start: there is no state “nowhere”; name a state"), "{told}");

    let (code, told) = checked(&[folder.path().join("a.json"), folder.path().join("b.json")], true);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, ExitCode::from(1));
    assert_eq!((&told[0]["sound"], &told[0]["faults"][0]["pointer"]), (&false.into(), &"/start".into()));
    assert_eq!((&told[1]["sound"], told[1]["faults"].as_array().unwrap().len()), (&true.into(), 0));
}

#[test]
fn a_path_that_is_not_there_and_a_folder_without_definitions_cannot_be_checked() {
    let folder = TempDir::new().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("gone.json")] {
        let fault = check_workflow(std::slice::from_ref(&path), false, &mut Vec::new()).unwrap_err();
        assert!(fault.to_string().starts_with(&path.display().to_string()), "{fault}");
    }
}

#[test]
fn the_schema_is_printed_as_json() {
    let mut out = Vec::new();
    assert_eq!(workflow_schema(&mut out).unwrap(), ExitCode::SUCCESS);
    let schema: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
