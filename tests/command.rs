//! The commands that compute from files alone: what they print, and how they end.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

const SCORES: &str =
    "bid,assessor,score,confidence\nA,x,6,high\nA,y,5,medium\nB,x,3,low\nB,y,4,\nC,x,1,medium\nC,y,2,high\n";

/// A folder of files that the program is given.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn run(words: &[&str], file: &Path, more: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_roundtable"));
    program.args(words).arg(file).args(more).output().unwrap()
}

/// What the program printed, when it ended as said.
#[track_caller]
fn text(output: &Output, code: i32) -> String {
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}{complained}");
    said.into_owned()
}

#[track_caller]
fn object(output: &Output, code: i32) -> Value {
    serde_json::from_str(&text(output, code)).unwrap()
}

#[test]
fn scores_are_ranked_from_a_file() {
    let files = Files::new();
    let scores = files.with("scores.csv", SCORES);
    let ranking = object(&run(&["rank"], &scores, &["--line", "1", "--seed", "5", "--json"]), 0);
    let first = &ranking["bids"][0];
    assert_eq!((first["bid"].as_str(), first["raw_mean"].as_f64()), (Some("A"), Some(5.5)));
    for key in ["calibrated", "se", "expected_rank", "r5", "r25", "r75", "r95", "sucra"] {
        assert!(first[key].is_number(), "{key}: {first}");
    }
    assert_eq!(first["group"].as_str().unwrap().len(), 4);
    for key in ["icc1", "icc3", "alpha", "components"] {
        assert!(ranking[key].is_number(), "{key}");
    }
    assert!(ranking["variances"]["bid"].is_number());
    let told = text(&run(&["rank"], &scores, &["--line", "1"]), 0);
    assert!(told.contains("raw mean") && told.contains("ICC(1)"), "{told}");
}

#[test]
fn a_file_of_scores_with_faults_is_refused_by_row() {
    let files = Files::new();
    let scores = files.with("scores.csv", "bid,assessor,score\nA,x,NaN\nA,y,3\nA,y,4\n");
    let told = text(&run(&["rank"], &scores, &["--line", "1"]), 1);
    assert!(told.contains("row 2, column score: \"NaN\" is no score"), "{told}");
    let faults = object(&run(&["rank"], &scores, &["--line", "1", "--json"]), 1);
    assert_eq!(faults["faults"][0]["row"], 2);
    text(&run(&["rank"], &files.0.path().join("none.csv"), &["--line", "1"]), 2);
}

#[test]
fn assessors_are_assigned_from_a_matrix_or_it_is_said_why_they_cannot() {
    let files = Files::new();
    let matrix = files.with("matrix.csv", "900,-1,10\n800,700,-1\n");
    let found = object(&run(&["assign"], &matrix, &["--per-bid", "1", "--min", "0", "--max", "1", "--json"]), 0);
    assert_eq!(found["pairs"], serde_json::json!([[0, 0], [1, 1]]));
    assert_eq!((found["value"].as_i64(), found["certificate"]["bound"].as_i64()), (Some(1_600), Some(1_600)));
    assert!(found["certificate"]["optimal"].as_bool().unwrap() && found["seconds"].is_number());
    let limits = files.with("limits.csv", "assessor,min,max\n0,0,0\n1,0,1\n2,0,1\n");
    let limits = limits.to_str().unwrap();
    let other = object(&run(&["assign"], &matrix, &["--per-bid", "1", "--limits", limits, "--json"]), 0);
    assert_eq!(other["pairs"], serde_json::json!([[0, 2], [1, 1]]));
    let told = text(&run(&["assign"], &matrix, &["--per-bid", "2", "--limits", limits]), 1);
    assert!(told.contains("No assignment exists: "), "{told}");
    let why = object(&run(&["assign"], &matrix, &["--per-bid", "2", "--limits", limits, "--json"]), 1);
    assert!(why["impossible"]["needed"].as_i64() > why["impossible"]["available"].as_i64());
    text(&run(&["assign"], &matrix, &["--per-bid", "1", "--min", "0"]), 2);
}

#[test]
fn a_list_is_chosen_from_a_problem_that_the_schema_describes() {
    let files = Files::new();
    let bids = r#"[{"bid":"A","value":9,"amount":60,"lead":"x"},{"bid":"B","value":8,"amount":50,"lead":"y"},
        {"bid":"C","value":7,"amount":40,"lead":"x"}]"#;
    let with = |rules: &str| format!(r#"{{"budget": 100, "bids": {bids}, "rules": [{rules}]}}"#);
    let problem = files.with("problem.json", &with(r#"{"rule":"each","of":"lead","awards":1}"#));
    let list = object(&run(&["portfolio"], &problem, &["--costs"]), 0);
    assert_eq!(list["chosen"], serde_json::json!(["B", "C"]));
    assert_eq!(
        (list["value"].as_f64(), list["bound"].as_f64(), list["gap"].as_f64()),
        (Some(15.0), Some(15.0), Some(0.0))
    );
    assert_eq!(list["plain"]["chosen"], serde_json::json!(["A", "C"]));
    assert!(list["seconds"].is_number());
    let floor = r#"{"rule":"floor","of":"lead","is":"y","awards":2}"#;
    let answer = object(&run(&["portfolio"], &files.with("floor.json", &with(floor)), &["--json"]), 1);
    assert_eq!(answer["contradiction"]["rules"], serde_json::json!([0]));
    let fault = text(&run(&["portfolio"], &files.with("none.json", "{}"), &[]), 1);
    assert!(fault.contains("--schema"), "{fault}");
    let schema =
        object(&Command::new(env!("CARGO_BIN_EXE_roundtable")).args(["portfolio", "--schema"]).output().unwrap(), 0);
    assert!(schema["properties"]["budget"].is_object());
}

#[test]
fn a_draw_is_committed_to_made_and_verified() {
    let files = Files::new();
    let list = files.with("list.csv", "LDF-2,0.5\nLDF-1,0.5\n");
    let source = ["--awards", "1", "--source", "NIST beacon, pulse 9"];
    let committed = text(&run(&["draw", "commit"], &list, &source), 0);
    let committed = files.with("committed.json", &committed);
    let drawn = text(&run(&["draw", "run"], &committed, &["--seed", "8A1F"]), 0);
    let file = files.with("drawn.json", &drawn);
    assert!(text(&run(&["draw", "verify"], &file, &[]), 0).starts_with("verified: "));
    assert_eq!(object(&run(&["draw", "verify"], &file, &["--json"]), 0)["verified"], true);
    let mut changed: Value = serde_json::from_str(&drawn).unwrap();
    let other = if changed["chosen"][0] == "LDF-1" { "LDF-2" } else { "LDF-1" };
    changed["chosen"][0] = other.into();
    let changed = files.with("changed.json", &changed.to_string());
    assert!(text(&run(&["draw", "verify"], &changed, &[]), 1).contains("chosen: the file says"));
    let refused = text(&run(&["draw", "commit"], &list, &["--awards", "3", "--source", "x"]), 1);
    assert!(refused.contains("must be from 1 to 2"), "{refused}");
}
