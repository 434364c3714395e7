//! What somebody wrote into a form that was not taken, so that it can be shown again and lost by nobody.

use serde::Serialize;
use uuid::Uuid;

use super::Form;

/// Fields that belong to the page, not to what a person wrote.
const NOT_WRITTEN: [&str; 9] =
    ["csrf", "version", "hash", "seen", "seen_list", "transition", "then", "return_to", "changes"];

/// One field of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// What the field is called.
    pub label: String,
    /// What was written.
    pub text: String,
}

impl Written {
    /// Everything that a person wrote into a form, in its order. An id that was picked from a list says nothing to them.
    pub fn of(form: &Form) -> Vec<Self> {
        let by_hand = |(name, value): &(&str, &str)| {
            !NOT_WRITTEN.contains(name) && !value.trim().is_empty() && Uuid::try_parse(value).is_err()
        };
        let written = form.fields().filter(by_hand);
        written.map(|(name, value)| Self { label: label_of(name), text: value.to_owned() }).collect()
    }
}

/// A field's name as words; the lines of a list are counted from 1.
fn label_of(name: &str) -> String {
    let words = name.trim_end_matches("_pence").split(['_', '-']).map(|word| match word.parse::<usize>() {
        Ok(index) => index.saturating_add(1).to_string(),
        Err(_word) => word.to_owned(),
    });
    let words = words.collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_list_are_told_apart_and_what_only_the_page_knows_is_left_out() {
        let body = "csrf=t&version=4&costs-0-payee=0192b1c2-0000-7000-8000-000000000001&costs-0-description=Testing\
                    &costs-0-pence=10%2C000&costs-1-description=&costs-1-pence=+&then=add";
        let form = Form::parse(body.as_bytes()).expect("it is a form");
        let written = Written::of(&form);
        let words: Vec<_> = written.iter().map(|field| (field.label.as_str(), field.text.as_str())).collect();
        assert_eq!(words, [("Costs 1 description", "Testing"), ("Costs 1 pence", "10,000")]);
    }
}
