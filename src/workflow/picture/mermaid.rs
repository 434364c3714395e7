//! The text of a Mermaid state diagram.

use std::fmt::Write;

use super::Shown;
use crate::workflow::model::{Definition, State};

/// The diagram.
pub fn mermaid(definition: &Definition, shown: &Shown<'_>) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    for state in &definition.states {
        let count = shown.count(state).map(|count| format!(" ({count})")).unwrap_or_default();
        line(&mut text, &format!("state \"{}{count}\" as {}", plain(shown.label(state)), state.id));
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
