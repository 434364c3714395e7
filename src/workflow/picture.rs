//! Draws a definition as the text of a Mermaid state diagram, with the number of bids in each state.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::model::{Definition, State};

/// The diagram. `counts` holds the number of bids by state id; a state that is missing there has none.
///
/// Which counts may be shown to whom is for the caller: counts of decided states must not reach anybody before the release.
pub fn mermaid(definition: &Definition, counts: &BTreeMap<String, u64>) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for state in &definition.states {
        let count = counts.get(&state.id).copied().unwrap_or(0);
        line(&mut text, &format!("state \"{} ({count})\" as {}", plain(&state.labels.staff), state.id));
    }
    line(&mut text, &format!("[*] --> {}", definition.start));
    for transition in &definition.transitions {
        for from in &transition.from {
            line(&mut text, &format!("{from} --> {}: {}", transition.to, plain(&transition.label)));
        }
    }
    for State { id, .. } in definition.states.iter().filter(|state| state.terminal) {
        line(&mut text, &format!("{id} --> [*]"));
    }
    text
}

fn line(text: &mut String, content: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "    {content}");
}

/// A label without the characters that mean something to Mermaid.
fn plain(label: &str) -> String {
    let harmless = |c: char| {
        if c.is_control() || "\"#;:<>{}[]".contains(c) { ' ' } else { c }
    };
    label.chars().map(harmless).collect()
}
