//! The method of RFC 3797, publicly verifiable selection of nominating committees: MD5 over the sources' numbers, once for each
//! selection, modulo the number of those that are left.

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use crate::{Fault, Faults};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// MD5 of the step, in upper-case hexadecimal digits.
    pub digest: String,
    /// How many were left.
    pub divisor: usize,
    /// Who was selected, by the place in the list from 1.
    pub selected: usize,
}

/// The key of the sources: a line for each, of whole numbers, which are sorted, each ended by a stop, each source by a slash.
///
/// # Errors
/// When a line holds anything but whole numbers.
pub fn key(sources: &str) -> Result<String, Faults> {
    let mut key = String::new();
    let mut faults = Vec::new();
    for (index, line) in sources.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let numbers: Result<Vec<u128>, _> = line.split_whitespace().map(str::parse).collect();
        let Ok(mut numbers) = numbers else {
            faults.push(Fault::of_field("seed", format!("source {} must be whole numbers: {line:?}", index + 1)));
            continue;
        };
        numbers.sort_unstable();
        numbers.iter().for_each(|number| key.push_str(&format!("{number}.")));
        key.push('/');
    }
    Faults::none_or(faults)?;
    Ok(key)
}

/// Selects some of a pool, one after another; no more than there are, and than the 65,536 that the method can number.
#[must_use]
pub fn select(key: &str, pool: usize, wanted: usize) -> Vec<Selection> {
    let mut left: Vec<usize> = (1..=pool).collect();
    let mut steps = Vec::with_capacity(wanted.min(pool));
    for step in 0..=u16::MAX {
        if steps.len() >= wanted || left.is_empty() {
            break;
        }
        let mut hash = Md5::new();
        hash.update(step.to_be_bytes());
        hash.update(key.as_bytes());
        hash.update(step.to_be_bytes());
        let digest: [u8; 16] = hash.finalize().into();
        let divisor = left.len();
        let place = usize::try_from(u128::from_be_bytes(digest) % divisor as u128).unwrap_or(0);
        steps.push(Selection { digest: hex::encode_upper(digest), divisor, selected: left.remove(place) });
    }
    steps
}
