//! What is said of a scenario whose data are wrong: the file, the line, the field and what to do.

use std::{fs, path::Path};

use roundtable::demo::scenario::{Mark, Scenario};
use tempfile::TempDir;

/// A folder with a copy of the small scenario, called `small`, and the files that it shares with its neighbours.
pub fn copy_of_small() -> TempDir {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("small")).unwrap();
    for shared in ["councils.csv", "register.csv"] {
        fs::copy(scenarios.join(shared), folder.path().join(shared)).unwrap();
    }
    for entry in fs::read_dir(scenarios.join("small")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join("small").join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// What is said of the small scenario when one file has some text replaced.
fn edited(file: &str, from: &str, to: &str) -> String {
    let folder = copy_of_small();
    let path = folder.path().join("small").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} does not contain {from:?}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    Scenario::from_folder(&folder.path().join("small")).expect_err("the edited scenario is unsound").to_string()
}

#[test]
fn a_folder_and_the_program_carry_the_same_scenario() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small");
    let (read, carried) = (Scenario::from_folder(&folder).unwrap(), Scenario::embedded("small").unwrap());
    assert_eq!(format!("{read:?}"), format!("{carried:?}"));
}

#[test]
fn a_fault_names_the_file_the_line_the_field_and_what_to_do() {
    let cases = [
        ("bids.csv", "eoi-02,2025", "eoi-02,never", "bids.csv, line 3, received_at:"),
        ("bids.csv", ",discovery,", ",beta,", "bids.csv, line 2, phase: beta is no phase of this round."),
        ("sift.csv", ",problem,pass,", ",problem,perhaps,", "sift.csv, line 2, mark: unknown variant"),
        ("scores.csv", "bid,assessor", "bid,reader", "scores.csv, line 2, reader: unknown field `reader`"),
        ("costs.csv", ",300000", ",300001", "full.csv, line 2, ask_pence: The cost lines must add up to the ask."),
        ("costs.csv", ",300000", ",-300000", "amount_pence: Give an amount above £0."),
        (
            "partners.csv",
            "eoi-01,TOR",
            "eoi-01,EXE",
            "partners.csv, line 2, council: The lead cannot be its own partner.",
        ),
        ("round.json", "\"weight\": 4000", "\"weight\": 4001", "must add up to 10,000 basis points"),
        ("round.json", "\"weight\": 4000", "\"weight\": \"much\"", "rulebook.criteria[0].weight"),
        (
            "assessors.csv",
            "@assessors.example",
            "@assessors.org",
            "must be an address in the reserved domain .example.",
        ),
    ];
    for (file, from, to, said) in cases {
        let message = edited(file, from, to);
        assert!(message.contains(said), "{file}, {from} for {to}: {message}");
    }
}

#[test]
fn an_unknown_scenario_is_answered_with_the_ones_that_there_are() {
    let message = Scenario::embedded("ldf-round-9").unwrap_err().to_string();
    assert!(message.contains("choose ldf-round-1 or small"), "{message}");
}

#[test]
fn an_assessor_who_scores_a_bid_of_their_own_council_is_a_fault() {
    let mut scenario = Scenario::embedded("ldf-round-1").unwrap();
    let score = scenario.scores[0].clone();
    let lead = scenario.bid(&score.bid).unwrap().lead.clone();
    scenario.assessors.iter_mut().find(|assessor| assessor.id == score.assessor).unwrap().council = Some(lead);
    let faults = scenario.faults();
    let said =
        format!("scores.csv, line {}, assessor: {} has a conflict with {}.", score.line, score.assessor, score.bid);
    assert!(faults.iter().any(|fault| fault.to_string() == said), "{faults:?}");
}

#[test]
fn a_full_application_that_was_not_invited_is_a_fault() {
    let mut scenario = Scenario::embedded("small").unwrap();
    let application = scenario.applications[0].bid.clone();
    for mark in scenario.sift.iter_mut().filter(|mark| mark.bid == application) {
        mark.mark = Mark::Fail;
    }
    let faults: Vec<String> = scenario.faults().iter().map(ToString::to_string).collect();
    assert!(faults.iter().any(|fault| fault.starts_with("full.csv, line 2, bid: By its marks")), "{faults:?}");
}

#[test]
fn a_lead_that_did_not_exist_on_the_day_is_a_fault() {
    let mut scenario = Scenario::embedded("ldf-round-1").unwrap();
    scenario.bids[0].lead = "CBD".into();
    let faults: Vec<String> = scenario.faults().iter().map(ToString::to_string).collect();
    assert!(
        faults.contains(&"bids.csv, line 2, lead: Cumberland Council did not exist on that day.".into()),
        "{faults:?}"
    );
}
