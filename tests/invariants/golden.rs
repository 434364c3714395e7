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
    let Some((line, was, is)) = first_difference(&kept, text) else { return };
    panic!(
        "tests/golden/{name} says something else from line {line} on. If the change is meant, set UPDATE_GOLDEN=1 and \
         read what it writes.\n- {was}\n+ {is}"
    );
}

/// The first line in which two texts differ, counted from 1, as each has it. Where a line stands is part of what it says: a
/// row of a table belongs to the line above it.
fn first_difference<'a>(kept: &'a str, found: &'a str) -> Option<(usize, &'a str, &'a str)> {
    const END: &str = "(the end)";
    let (mut kept, mut found) = (kept.lines(), found.lines());
    (1..).find_map(|line| match (kept.next(), found.next()) {
        (None, None) => Some(None),
        (was, is) if was == is => None,
        (was, is) => Some(Some((line, was.unwrap_or(END), is.unwrap_or(END)))),
    })?
}

#[test]
fn a_row_that_stands_under_another_heading_is_a_difference() {
    assert_eq!(first_difference("a\n 1\nb\n 2\n", "a\n 1\nb\n 2\n"), None);
    assert_eq!(first_difference("a\n 1\nb\n 2\n", "a\n 2\nb\n 1\n"), Some((2, " 1", " 2")));
    assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "(the end)", "b")));
}
