//! The picture of a definition.

use std::collections::BTreeMap;

use roundtable::workflow::picture::mermaid;

use super::small_grant;

#[test]
fn a_definition_draws_itself_with_the_bids_in_each_state() {
    let counts = BTreeMap::from([("draft".to_owned(), 3), ("submitted".to_owned(), 12)]);
    let drawn = mermaid(&small_grant(), &counts);
    assert!(drawn.starts_with("stateDiagram-v2\n    state \"Draft (3)\" as draft\n"));
    for line in
        ["state \"Submitted (12)\" as submitted", "[*] --> draft", "draft --> submitted: Submit", "granted --> [*]"]
    {
        assert!(drawn.lines().any(|drawn| drawn.trim() == line), "{line} is missing in\n{drawn}");
    }
}

#[test]
fn a_label_cannot_break_the_picture() {
    let mut definition = small_grant();
    definition.states[0].labels.staff = "Draft\"\n    [*] --> granted; #quot;".to_owned();
    let drawn = mermaid(&definition, &BTreeMap::new());
    assert_eq!(drawn.lines().count(), mermaid(&small_grant(), &BTreeMap::new()).lines().count());
    assert_eq!(drawn.matches("[*] --> ").count(), 1);
}
