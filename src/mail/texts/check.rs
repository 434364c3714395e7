//! Refuses words that could not be sent, before they are kept: by their tags, their names, and a trial with every shape that
//! the data of a message can have.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::ErrorKind;
use serde_json::{Map, Value, json};
use url::Url;

use super::{
    model::{Family, Mail, Name, Words},
    tags,
};
use crate::{
    error::Fault,
    mail::render::{LONGEST_RENDERED, body, own},
};

/// The most characters of a subject.
pub const LONGEST_SUBJECT: usize = 200;
/// The most characters of a body.
pub const LONGEST_BODY: usize = 20_000;
/// The most characters of feedback that a decision can have: words must bear that much.
const LONGEST_FEEDBACK: usize = 10_000;
/// The site and the bid of the trial.
const SITE: &str = "https://roundtable.example";
const REFERENCE: &str = "TEST-0001";
const PAGE: &str = "/bids/TEST-0001";

/// Everything that is wrong with the words of a mail; nothing where they can be sent.
pub fn faults(mail: Mail, words: &Words) -> Vec<Fault> {
    let faults: Vec<Fault> = size_faults(words).chain(template_faults(mail, words)).collect();
    if !faults.is_empty() {
        return faults;
    }
    trial(mail, words).err().map(|fault| vec![fault]).unwrap_or_default()
}

fn size_faults(words: &Words) -> impl Iterator<Item = Fault> {
    let control = |field, text: &str, allowed: &[char]| {
        let odd = text.chars().any(|letter| letter.is_control() && !allowed.contains(&letter));
        odd.then(|| Fault::new(field, "control", "Leave out control characters, such as NUL."))
    };
    let two_lines = words.subject.contains(['\n', '\r']);
    let subject = Fault::of_text("subject", &words.subject, LONGEST_SUBJECT, "Write the subject.")
        .or_else(|| two_lines.then(|| Fault::new("subject", "two_lines", "Write the subject on one line.")))
        .or_else(|| control("subject", &words.subject, &[]));
    let body = Fault::of_text("body", &words.body, LONGEST_BODY, "Write the body.")
        .or_else(|| control("body", &words.body, &['\n', '\r', '\t']));
    [subject, body].into_iter().flatten()
}

fn parts(words: &Words) -> [(&'static str, &str); 2] {
    [("subject", &words.subject), ("body", &words.body)]
}

/// What is wrong with the tags and the names. A text of bad tags or no measure is not read further.
fn template_faults(mail: Mail, words: &Words) -> impl Iterator<Item = Fault> {
    let known: BTreeSet<&str> = mail.names().into_iter().map(|name| name.name).collect();
    parts(words).into_iter().filter_map(move |(field, text)| {
        if text.chars().count() > LONGEST_BODY {
            return None;
        }
        if let Some(fault) = tags::fault(field, text) {
            return Some(fault);
        }
        match own::names(text) {
            Err(error) => Some(syntax(field, &error)),
            Ok(used) => unknown_names(field, &used, &known).or_else(|| needless(field, mail, text)),
        }
    })
}

fn syntax(field: &'static str, error: &minijinja::Error) -> Fault {
    let line = error.line().unwrap_or(1);
    if error.kind() == ErrorKind::OutOfFuel {
        return Fault::new(field, "too_much", format!("Line {line}: this takes too long to fill in. Shorten it."));
    }
    let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    Fault::new(field, "syntax", format!("Line {line}: {why}."))
}

fn unknown_names(field: &'static str, used: &BTreeSet<String>, known: &BTreeSet<&str>) -> Option<Fault> {
    let unknown: Vec<String> =
        used.iter().filter(|name| !known.contains(name.as_str())).map(|name| format!("“{name}”")).collect();
    let all = known.iter().copied().collect::<Vec<_>>().join(", ");
    let message = format!("This mail has no {}. It has: {all}.", unknown.join(", "));
    (!unknown.is_empty()).then(|| Fault::new(field, "unknown_name", message))
}

/// A condition asks for what may be missing. What a name says, and whether it is blank, is nothing to ask for.
fn needless(field: &'static str, mail: Mail, text: &str) -> Option<Fault> {
    let always = mail.names().into_iter().filter(|name| name.only.is_none() && !name.asked).map(|name| name.name);
    let always: BTreeSet<&str> = always.collect();
    let name = tags::asked_for(text).into_iter().find(|name| always.contains(name))?;
    Some(Fault::new(field, "always_there", format!("“{name}” is always there: leave the condition out.")))
}

/// The data of one trial: every value is a word that occurs nowhere else, so that it is found again in what comes of it.
struct Shape {
    data: Map<String, Value>,
    /// The names that are not there.
    absent: Vec<Name>,
}

/// A word of letters for a name.
fn marker(name: &str) -> String {
    format!("qz{}zq", name.replace('_', ""))
}

/// Every shape that the data of the mail can have, those with the fewest names missing first.
fn shapes(mail: Mail) -> Vec<Shape> {
    let names = mail.names();
    let optional: Vec<Name> = names.iter().copied().filter(|name| name.only.is_some()).collect();
    let mut shapes = Vec::new();
    for mask in 0..1_usize << optional.len() {
        let missing = optional.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1);
        let absent: Vec<Name> = missing.map(|(_, name)| *name).collect();
        for leads in [true, false] {
            shapes.push(Shape { data: data(&names, &absent, leads), absent: absent.clone() });
        }
    }
    shapes.sort_by_key(|shape| shape.absent.len());
    shapes
}

fn data(names: &[Name], absent: &[Name], leads: bool) -> Map<String, Value> {
    let value = |name: &Name| match name.name {
        "reference" => json!(REFERENCE),
        "link" => json!(PAGE),
        _ if name.asked => json!(leads),
        _ if absent.contains(name) => Value::Null,
        other => json!(marker(other)),
    };
    let mut data: Map<String, Value> = names.iter().map(|name| (name.name.to_owned(), value(name))).collect();
    data.insert("base_url".to_owned(), json!(SITE));
    data
}

/// Fills the words in with every shape of data.
fn trial(mail: Mail, words: &Words) -> Result<(), Fault> {
    for shape in shapes(mail) {
        let rendered = fill_in(words, &shape)?;
        tells(mail, &rendered)?;
    }
    let mut longest = data(&mail.names(), &[], true);
    if mail.family == Family::Outcome {
        longest.insert("feedback".to_owned(), json!("!".repeat(LONGEST_FEEDBACK)));
    }
    fill_in(words, &Shape { data: longest, absent: Vec::new() }).map(drop)
}

/// The parts of a message as text.
type Filled = BTreeMap<&'static str, String>;

fn fill_in(words: &Words, shape: &Shape) -> Result<Filled, Fault> {
    let mut filled = Filled::new();
    let data = Value::Object(shape.data.clone());
    for (field, text) in parts(words) {
        let markdown = own::markdown(text, &data).map_err(|error| not_filled(field, &error, &shape.absent))?;
        if markdown.chars().count() > LONGEST_RENDERED {
            let message =
                format!("With the longest feedback this has more than {LONGEST_RENDERED} characters. Shorten it.");
            return Err(Fault::new(field, "too_long", message));
        }
        let plain = body::text(&markdown).map_err(|what| not_of_notify(field, &what))?;
        links(field, &markdown)?;
        if plain.trim().is_empty() {
            return Err(Fault::new(field, "missing", "With some of the data nothing is left of this. Write more."));
        }
        filled.insert(field, plain);
    }
    Ok(filled)
}

fn not_filled(field: &'static str, error: &minijinja::Error, absent: &[Name]) -> Fault {
    let line = error.line().unwrap_or(1);
    match absent {
        [.., last] if error.kind() != ErrorKind::OutOfFuel => {
            let (name, only) = (last.name, last.only.unwrap_or_default());
            let message = format!(
                "Line {line}: “{name}” is there {only}. Write {{% if {name} %}} before it and {{% endif %}} behind it."
            );
            Fault::new(field, "not_always_there", message)
        }
        _ => syntax(field, error),
    }
}

fn not_of_notify(field: &'static str, what: &str) -> Fault {
    let message = format!(
        "This uses {what}, which mail here does not have. Use headings (#), lists (*), insets (^), rules and links alone."
    );
    Fault::new(field, "markdown", message)
}

/// A link leads to this service through `|link`, or to an address that is written out.
fn links(field: &'static str, markdown: &str) -> Result<(), Fault> {
    for address in body::links(markdown) {
        if field == "subject" {
            return Err(Fault::new(field, "link", "Leave links out of the subject."));
        }
        if address.contains("qz") && address.contains("zq") {
            let message = "A link cannot be made of a value. Write {{ link|link }}, or the address itself.";
            return Err(Fault::new(field, "link", message));
        }
        let known = Url::parse(&address).is_ok_and(|url| ["http", "https", "mailto"].contains(&url.scheme()));
        if !known {
            let message = format!("“{address:.100}” is no link. Write the whole address, with https:// before it.");
            return Err(Fault::new(field, "link", message));
        }
    }
    Ok(())
}

/// What a mail must tell whatever its words: which bid it is about, the fingerprint of a receipt, and of an outcome what it is,
/// its feedback and what to do next.
fn tells(mail: Mail, filled: &Filled) -> Result<(), Fault> {
    let says = |text: &str| filled.values().any(|part| part.contains(text));
    let body = |text: &str| filled.get("body").is_some_and(|part| part.contains(text));
    let mut wanted = vec![(says(REFERENCE), "which bid it is about: write {{ reference }}")];
    if mail.family == Family::Receipt {
        wanted.push((body(&marker("hash")), "the fingerprint of what was submitted: write {{ hash }}"));
        let when = body(&marker("at")) || body(&marker("instant"));
        wanted.push((when, "when it was received: write {{ at }} or {{ instant }}"));
    }
    if mail.family == Family::Outcome {
        wanted.push((body(&marker("feedback")), "the feedback: write {{ feedback|paragraphs }}"));
        let next = body(&marker("next")) || body(&format!("{SITE}{PAGE}"));
        wanted.push((next, "what to do next: write {{ next }}, or a link to the bid with {{ link|link }}"));
        if mail.template == "outcome" {
            wanted.push((says(&marker("label")), "what the outcome is: write {{ label }}"));
        }
    }
    let left_out = wanted.into_iter().find(|(told, _)| !told);
    match left_out {
        Some((_, what)) => Err(Fault::new("body", "leaves_out", format!("This does not always tell {what}."))),
        None => Ok(()),
    }
}
