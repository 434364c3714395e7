//! Golden files: tables that a person reads once and a test compares ever after.

use std::path::Path;

/// Compares `text` with `tests/golden/{name}`; with UPDATE_GOLDEN set it writes the file anew, for a person to read.
#[track_caller]
pub fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differences = differences(&kept, text);
    assert!(
        differences.is_empty(),
        "tests/golden/{name} says something else. If the change is meant, set UPDATE_GOLDEN=1 and read what it writes:\n{}",
        differences.join("\n")
    );
}

fn differences(kept: &str, found: &str) -> Vec<String> {
    let (kept, found): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), found.lines().collect());
    let gone = kept.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}"));
    let new = found.iter().filter(|line| !kept.contains(line)).map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}
