//! The list that is drawn from: a line for each bid with its reference and its chance, in the order of the bytes.

use serde::{Deserialize, Serialize};

use crate::{Fault, Faults};

/// A chance of 1: chances are whole billionths, so that they add up exactly.
pub const CERTAIN: u64 = 1_000_000_000;

/// One bid in the draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The bid's reference.
    pub reference: String,
    /// Its chance in billionths.
    pub chance: u64,
}

/// Reads a list: lines of reference, comma, probability (above 0, 1 at most, to nine places), in any order.
///
/// # Errors
/// With each line that cannot be read, and each reference that stands twice.
pub fn read(file: &[u8]) -> Result<Vec<Entry>, Faults> {
    let text = std::str::from_utf8(file).map_err(|fault| {
        let row = file[..fault.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Fault::of_row(row, "cannot be read: the list must be UTF-8")
    })?;
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.trim().is_empty() || (index == 0 && line.trim() == "reference,probability") {
            continue;
        }
        match line.rsplit_once(',') {
            None => faults.push(Fault::of_row(index + 1, "must be a reference, a comma and a probability")),
            Some((reference, probability)) => match chance(probability.trim()) {
                None => {
                    let message =
                        format!("{probability:?} is no probability above 0 and at most 1, with nine places at most");
                    faults.push(Fault::of_cell(index + 1, "probability", message));
                }
                Some(chance) => entries.push(Entry { reference: reference.trim().to_owned(), chance }),
            },
        }
    }
    Faults::none_or(faults)?;
    checked(entries)
}

/// The entries in the order of their bytes, each reference once.
pub(super) fn checked(mut entries: Vec<Entry>) -> Result<Vec<Entry>, Faults> {
    if entries.is_empty() {
        return Err(Fault::of_all("there is nobody in the list: give a line for each bid").into());
    }
    let mut faults = Vec::new();
    for entry in &entries {
        let Entry { reference, chance } = entry;
        if reference.is_empty() || reference.contains(['\n', '\r', ',', '|']) {
            faults.push(Fault::of_field(
                "reference",
                format!("{reference:?} is empty or has a comma, a bar or a line's end"),
            ));
        }
        if *chance == 0 || *chance > CERTAIN {
            faults.push(Fault::of_field("probability", format!("that of {reference} must be above 0 and at most 1")));
        }
    }
    entries.sort_by_key(line);
    for pair in entries.chunk_by(|one, other| one.reference == other.reference).filter(|same| same.len() > 1) {
        faults.push(Fault::of_field("reference", format!("{} stands more than once", pair[0].reference)));
    }
    Faults::none_or(faults)?;
    Ok(entries)
}

fn line(entry: &Entry) -> String {
    format!("{},{}\n", entry.reference, decimal(entry.chance))
}

/// The list as it is hashed.
pub(super) fn written(entries: &[Entry]) -> String {
    entries.iter().map(line).collect()
}

/// Billionths as a decimal number without needless places.
pub(super) fn decimal(billionths: u64) -> String {
    let places = format!("{:09}", billionths % CERTAIN);
    let places = places.trim_end_matches('0');
    let whole = billionths / CERTAIN;
    if places.is_empty() { whole.to_string() } else { format!("{whole}.{places}") }
}

fn chance(text: &str) -> Option<u64> {
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(places) || places.len() > 9 || whole.len() > 3 {
        return None;
    }
    let chance = whole.parse::<u64>().ok()? * CERTAIN + format!("{places:0<9}").parse::<u64>().ok()?;
    (1..=CERTAIN).contains(&chance).then_some(chance)
}
