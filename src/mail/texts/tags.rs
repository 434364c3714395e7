//! Looks at the tags of a text before minijinja reads them. A value is a name, or texts and names put together; a condition asks
//! whether something is there, and never what it says. So the shapes of a message are few, and each of them is tried out: no bid's
//! own words can bring out another. Loops and everything that reaches for another file are refused, and what has no measure.

use crate::error::Fault;

/// The words of minijinja that are no names.
const RESERVED: [&str; 11] = ["if", "else", "and", "or", "not", "in", "is", "true", "false", "none", "loop"];
/// The words between the names of a condition.
const BETWEEN: [&str; 3] = ["and", "or", "not"];
/// The most characters of one tag.
const LONGEST_TAG: usize = 200;
/// The most tags `{% … %}` of one text.
const MOST_TAGS: usize = 100;

/// The first tag that is refused, if any.
pub fn fault(field: &'static str, text: &str) -> Option<Fault> {
    let mut rest = text;
    let mut blocks = 0;
    while let Some((before, tag, after)) = next_tag(rest) {
        let line = line_of(text, text.len() - rest.len() + before);
        let wrong = |code, message: &str| Some(Fault::new(field, code, format!("Line {line}: {message}")));
        match tag {
            Tag::Open => return wrong("syntax", "a tag is not closed."),
            Tag::Comment => {}
            Tag::Value(inside) => {
                if let Some((code, message)) = size_fault(inside).or_else(|| value_fault(inside)) {
                    return wrong(code, message);
                }
            }
            Tag::Block(inside) => {
                blocks += 1;
                if blocks > MOST_TAGS {
                    return wrong("too_many", &format!("use at most {MOST_TAGS} conditions."));
                }
                if let Some((code, message)) = size_fault(inside) {
                    return wrong(code, message);
                }
                if let Err(message) = condition(inside) {
                    return wrong("not_allowed", &message);
                }
            }
        }
        rest = after;
    }
    None
}

enum Tag<'a> {
    Value(&'a str),
    Block(&'a str),
    Comment,
    Open,
}

/// The next tag: how many bytes stand before it, the tag, and what comes after it.
fn next_tag(text: &str) -> Option<(usize, Tag<'_>, &str)> {
    let opens = ["{{", "{%", "{#"].into_iter().filter_map(|open| Some((text.find(open)?, open)));
    let (at, open) = opens.min()?;
    let close = match open {
        "{{" => "}}",
        "{%" => "%}",
        _ => "#}",
    };
    let (_, behind) = text.split_at(at + open.len());
    let Some((inside, after)) = behind.split_once(close) else { return Some((at, Tag::Open, "")) };
    let tag = match open {
        "{{" => Tag::Value(inside),
        "{%" => Tag::Block(inside),
        _ => Tag::Comment,
    };
    Some((at, tag, after))
}

/// What a tag says, without the marks that trim the blanks beside it.
fn trimmed(inside: &str) -> &str {
    let inside = inside.strip_prefix(['-', '+']).unwrap_or(inside);
    inside.strip_suffix(['-', '+']).unwrap_or(inside).trim()
}

fn size_fault(inside: &str) -> Option<(&'static str, &'static str)> {
    let long = inside.chars().count() > LONGEST_TAG;
    long.then_some(("too_long", "a tag is too long. Use 200 characters or fewer between its brackets."))
}

/// The names that a condition asks for; none behind `else` and `endif`.
fn condition(inside: &str) -> Result<Vec<&str>, String> {
    let mut words = trimmed(inside).split_whitespace();
    let first = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    let is_fit = match first {
        "if" | "elif" => !rest.is_empty() && rest.iter().all(|word| is_name(word) || BETWEEN.contains(word)),
        "else" | "endif" => rest.is_empty(),
        other => {
            return Err(format!(
                "“{other:.30}” cannot be used here. Use names, such as {{{{ title }}}}, and {{% if %}}, {{% else %}} and {{% endif %}}."
            ));
        }
    };
    if !is_fit {
        return Err(
            "a condition asks whether something is there: write names with and, or and not between them.".to_owned()
        );
    }
    Ok(rest.into_iter().filter(|word| !BETWEEN.contains(word)).collect())
}

/// The names for which the conditions of a text ask, if its tags can be read.
pub fn asked_for(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, tag, after)) = next_tag(rest) {
        if let Tag::Block(inside) = tag {
            names.extend(condition(inside).unwrap_or_default());
        }
        rest = after;
    }
    names
}

fn is_name(word: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    word.chars().all(fits) && !word.starts_with(|letter: char| letter.is_ascii_digit()) && !RESERVED.contains(&word)
}

/// What is wrong with a value. Where nothing is, the tag ends for minijinja where it ends here: no quotation and no bracket is
/// open there.
fn value_fault(inside: &str) -> Option<(&'static str, &'static str)> {
    let mut rest = trimmed(inside);
    let mut depth = 0_i32;
    let mut is_filter = false;
    let (mut names, mut links) = (Vec::new(), false);
    while let Some(first) = rest.chars().next() {
        match first {
            '"' | '\'' => {
                let Some((text, after)) = rest.get(1..).and_then(|quoted| quoted.split_once(first)) else {
                    return Some(("syntax", "a quotation mark is not closed."));
                };
                if text.contains(['\\', '{', '}']) {
                    return Some(("not_allowed", "leave \\ and the brackets { } out of a quotation."));
                }
                rest = after;
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                if RESERVED.contains(&word) {
                    return Some(OTHER);
                }
                if is_filter {
                    links |= word == "link";
                } else {
                    names.push(word);
                }
                rest = after;
            }
            '~' | '|' | '(' | ')' | ' ' | '\n' | '\t' => {
                depth += i32::from(first == '(') - i32::from(first == ')');
                rest = rest.get(1..).unwrap_or_default();
            }
            _ => return Some(OTHER),
        }
        is_filter = first == '|' || (is_filter && first.is_whitespace());
    }
    if links && !names.iter().all(|name| LINKED.contains(name)) {
        return Some(NO_LINK);
    }
    (depth != 0).then_some(("syntax", "a bracket is not closed."))
}

/// The names that a link can be made of: what somebody else writes, such as a title, may lead anywhere or nowhere.
const LINKED: [&str; 2] = ["link", "reference"];
const NO_LINK: (&str, &str) = (
    "link",
    "a link is made of link, reference and texts in quotation marks alone. Write {{ link|link }} for the page of the bid.",
);

const OTHER: (&str, &str) = (
    "not_allowed",
    "a value is a name, or names and texts in quotation marks with ~ between them, with the filters link and paragraphs.",
);

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Option<String> {
        fault("body", text).map(|fault| fault.message)
    }

    #[test]
    fn names_conditions_and_comments_pass() {
        let text =
            "Hello {{ name }}\n{# a note #}{%- if leads and closes -%}{{ (\"/bids/\" ~ reference)|link }}{% endif %}";
        assert_eq!(message(text), None);
    }

    #[test]
    fn loops_files_and_what_has_no_measure_are_refused_with_their_line() {
        for word in
            ["for x in y", "- for x in y", "include \"x\"", "macro x()", "set x = 1", "raw", "import \"x\" as y"]
        {
            let said = message(&format!("One\nTwo {{%{word} %}}")).expect(word);
            assert!(said.starts_with("Line 2: “") && said.contains("cannot be used here"), "{said}");
        }
        for text in [
            format!("{{{{ {} }}}}", "a~".repeat(150)),
            format!("{{{{ \"}}}}\" ~ {} }}}}", "a~".repeat(9_000)),
            format!("{{{{ ( }}}} {} ) }}}}", "a~".repeat(9_000)),
            "{% if a %}".repeat(101),
            "{{ [1] }}".to_owned(),
            "{{ name".to_owned(),
            "{{ title if lead == \"x\" else round }}".to_owned(),
            "{{ title or feedback }}".to_owned(),
            "{{ title == round }}".to_owned(),
            "{% if title == \"x\" %}x{% endif %}".to_owned(),
            "{% if %}x{% endif %}".to_owned(),
            "{{ \"a\\\"b\" }}".to_owned(),
        ] {
            assert!(message(&text).is_some(), "{text:.60}");
        }
    }
}
