//! A draw that nobody can bend: who is in it, with which chance, and which public value decides are committed to before that
//! value exists; afterwards anybody draws again and gets the same.
//!
//! Of our own method: bids stand in the order of SHA-256(seed ‖ "|" ‖ reference); with equal chances the first are drawn, with
//! others every whole step through the chances added up in that order, from a start that the seed decides. Or the method of
//! RFC 3797, whose published example comes out to the last digit.

mod list;
mod rfc3797;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use list::{CERTAIN, Entry, read};
pub use rfc3797::{Selection, key, select};

use crate::{Fault, Faults};

/// How is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By the order of SHA-256 of seed and reference.
    #[default]
    Sha256,
    /// By the method of RFC 3797, where all chances are equal.
    Rfc3797,
}

/// What is published before the seed exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// How is drawn.
    pub method: Method,
    /// How many are drawn.
    pub awards: usize,
    /// The public value, not yet known, that will be the seed, such as a beacon's round or a lottery's date.
    pub source: String,
    /// Who is in it: lines of reference, comma, probability, in the order of their bytes, each ended by LF.
    pub list: String,
    /// SHA-256 of the list.
    pub list_sha256: String,
    /// What the commitment is salted with, where the list must not be guessed from it before the draw: whoever knows all references
    /// could else try which of them are in it. It is published with the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// SHA-256 of method, awards, source and the list's hash, a line each, and of the salt where there is one: the one value that
    /// stands for the whole.
    pub commitment: String,
}

/// A draw that was made, with all that is needed to make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// What was committed to.
    #[serde(flatten)]
    pub before: Commitment,
    /// The public value.
    pub seed: String,
    /// Every reference in the order that the seed gives.
    pub order: Vec<String>,
    /// The references that are drawn, in that order.
    pub chosen: Vec<String>,
    /// The steps of RFC 3797, where that was the method.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Selection>,
}

/// What differs between a draw as it was told and as it comes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field.
    pub field: &'static str,
    /// As it was told.
    pub told: String,
    /// As it comes out.
    pub found: String,
}

/// Commits to a draw.
///
/// # Errors
/// When more are to be drawn than there are, the chances do not add up to the awards, or the source is not named.
pub fn commit(entries: &[Entry], method: Method, awards: usize, source: &str) -> Result<Commitment, Faults> {
    let entries = list::checked(entries.to_vec())?;
    if source.trim().is_empty() {
        return Err(Fault::of_field("source", "name the public value that will be the seed").into());
    }
    if source.contains('\n') {
        return Err(Fault::of_field("source", "must be one line").into());
    }
    if awards == 0 || awards > entries.len() {
        let message = format!("must be from 1 to {}, the bids in the list", entries.len());
        return Err(Fault::of_field("awards", message).into());
    }
    check_chances(&entries, method, awards)?;
    let list = list::written(&entries);
    let list_sha256 = hex::encode(Sha256::digest(list.as_bytes()));
    let source = source.trim().to_owned();
    let mut commitment =
        Commitment { method, awards, source, list, list_sha256, salt: None, commitment: String::new() };
    commitment.commitment = commitment.hash();
    Ok(commitment)
}

fn check_chances(entries: &[Entry], method: Method, awards: usize) -> Result<(), Faults> {
    if equal(entries) {
        return Ok(());
    }
    if method == Method::Rfc3797 {
        return Err(Fault::of_field("probability", "RFC 3797 draws with equal chances: give every bid the same").into());
    }
    let sum: u64 = entries.iter().map(|entry| entry.chance).sum();
    if sum == awards as u64 * CERTAIN {
        return Ok(());
    }
    let message = format!(
        "chances that differ must add up to the {awards} awards, and they add up to {}: mend a probability or the awards",
        list::decimal(sum)
    );
    Err(Fault::of_field("probability", message).into())
}

fn equal(entries: &[Entry]) -> bool {
    entries.windows(2).all(|pair| pair[0].chance == pair[1].chance)
}

/// What a reader of equal chances must know: everybody has the same chance, and the list may tell another one.
#[must_use]
pub fn note(entries: &[Entry], awards: usize) -> Option<String> {
    let told = entries.first()?.chance;
    // Awards over bids, in billionths; what is told may be rounded where it was written with places.
    let truth = (awards as u64).saturating_mul(CERTAIN) / entries.len() as u64;
    let places = list::decimal(told).split_once('.').map_or(0, |(_, places)| places.len());
    let rounded = if places == 0 { 0 } else { CERTAIN / 10_u64.pow(u32::try_from(places).unwrap_or(9)) };
    (equal(entries) && told.abs_diff(truth) > rounded).then(|| {
        format!(
            "Each bid has the same chance, {} of {}, and the list says {}.",
            awards,
            entries.len(),
            list::decimal(told)
        )
    })
}

impl Commitment {
    /// The same, salted: the list cannot be guessed from the commitment alone.
    #[must_use]
    pub fn salted(mut self, salt: &str) -> Self {
        self.salt = Some(salt.to_owned());
        self.commitment = self.hash();
        self
    }

    fn hash(&self) -> String {
        let method = match self.method {
            Method::Sha256 => "sha256",
            Method::Rfc3797 => "rfc3797",
        };
        let salt = self.salt.as_ref().map(|salt| format!("{salt}\n")).unwrap_or_default();
        let text = format!("{method}\n{}\n{}\n{}\n{salt}", self.awards, self.source, self.list_sha256);
        hex::encode(Sha256::digest(text.as_bytes()))
    }

    /// Whether hashes and list belong together, and the entries of the list.
    fn entries(&self) -> Result<Vec<Entry>, Faults> {
        let entries = read(self.list.as_bytes())?;
        let again = commit(&entries, self.method, self.awards, &self.source)?;
        let again = self.salt.iter().fold(again, |again, salt| again.salted(salt));
        let fields = [
            ("list", &self.list, &again.list),
            ("list_sha256", &self.list_sha256, &again.list_sha256),
            ("commitment", &self.commitment, &again.commitment),
        ];
        let wrong = fields.into_iter().filter(|(_, told, found)| told != found);
        let told = wrong.map(|(field, ..)| {
            Fault::of_field(field, "does not belong to the rest: it was changed after it was committed to")
        });
        Faults::none_or(told.collect())?;
        Ok(entries)
    }

    /// Draws, now that the seed is known. For RFC 3797 the seed has a line for each source, of whole numbers.
    ///
    /// # Errors
    /// When the commitment was changed, or the seed is empty or not of the method.
    pub fn run(&self, seed: &str) -> Result<Drawn, Faults> {
        let entries = self.entries()?;
        let seed = seed.trim();
        if seed.is_empty() {
            return Err(
                Fault::of_field("seed", format!("give the public value that was named: {}", self.source)).into()
            );
        }
        if self.method == Method::Sha256 && seed.contains(['\n', '\r']) {
            return Err(Fault::of_field("seed", "must be one line: this method has one public value").into());
        }
        let references: Vec<String> = entries.iter().map(|entry| entry.reference.clone()).collect();
        let (order, chosen, steps) = match self.method {
            Method::Sha256 => {
                let order = ordered(entries, seed);
                let chosen = first_or_systematic(&order, self.awards, seed);
                (order.into_iter().map(|entry| entry.reference).collect(), chosen, Vec::new())
            }
            Method::Rfc3797 => {
                let steps = select(&key(seed)?, references.len(), self.awards);
                let order: Vec<String> =
                    steps.iter().filter_map(|step| references.get(step.selected - 1).cloned()).collect();
                (order.clone(), order, steps)
            }
        };
        Ok(Drawn { before: self.clone(), seed: seed.to_owned(), order, chosen, steps })
    }
}

fn ordered(mut entries: Vec<Entry>, seed: &str) -> Vec<Entry> {
    entries.sort_by_cached_key(|entry| Sha256::digest(format!("{seed}|{}", entry.reference).as_bytes()));
    entries
}

/// The first, or with different chances those on whose part of the sum a step falls.
fn first_or_systematic(order: &[Entry], awards: usize, seed: &str) -> Vec<String> {
    if equal(order) {
        return order.iter().take(awards).map(|entry| entry.reference.clone()).collect();
    }
    // The start: the first 64 bits of SHA-256(seed ‖ "|"), which is the place of no reference, as a share of one chance.
    let bits = Sha256::digest(format!("{seed}|").as_bytes())
        .iter()
        .take(8)
        .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let mut next = ((u128::from(bits) * u128::from(CERTAIN)) >> 64) as u64;
    let mut sum = 0;
    let mut chosen = Vec::with_capacity(awards);
    for entry in order {
        sum += entry.chance;
        if next < sum {
            chosen.push(entry.reference.clone());
            next += CERTAIN;
        }
    }
    chosen
}

/// Draws again and says what differs; nothing, when the draw is right.
///
/// # Errors
/// When what was committed to was changed, so that nothing can be drawn.
pub fn verify(told: &Drawn) -> Result<Vec<Difference>, Faults> {
    let found = told.before.run(&told.seed)?;
    let step = |step: &Selection| format!("{} of {}: {}", step.selected, step.divisor, step.digest);
    let steps = |drawn: &Drawn| drawn.steps.iter().map(step).collect::<Vec<_>>();
    // Name by name: names may hold spaces, so that lists that differ can read the same once they are joined.
    let compared = [
        ("order", told.order.clone(), found.order.clone()),
        ("chosen", told.chosen.clone(), found.chosen.clone()),
        ("steps", steps(told), steps(&found)),
    ];
    let differing = compared.into_iter().filter(|(_, told, found)| told != found);
    let shown = |names: Vec<String>| format!("{names:?}");
    Ok(differing.map(|(field, told, found)| Difference { field, told: shown(told), found: shown(found) }).collect())
}
