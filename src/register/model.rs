//! Entries of the register, what is like a bid, and the earlier work that a bid names.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use serde::{Deserialize, Serialize};

use super::search::Kind;
use crate::{
    clock::Moment,
    db::schema::register_entries,
    error::Fault,
    ids::{EntryKey, Id},
};

/// The most entries that one bid can name as earlier work.
pub const MOST_PICKED: usize = 20;
/// The most characters of the reason why an entry is not enough.
pub const LONGEST_WHY: usize = 1_000;

/// Earlier or outside work.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize, utoipa::ToSchema)]
#[diesel(table_name = register_entries)]
pub struct Entry {
    /// Its id.
    pub id: Id<EntryKey>,
    /// The key that its source knows it by: importing it again updates it.
    pub entry_key: String,
    /// What it is called.
    pub title: String,
    /// What it is and does.
    pub summary: String,
    /// Whose work it is.
    pub organisations: String,
    /// What kind of work, e.g. `discovery`.
    pub kind: String,
    /// How far it came, e.g. `live`.
    pub status: String,
    /// Where to read more.
    pub url: Option<String>,
    /// Who says so.
    pub source: String,
    /// When it began: a year, a month or a day.
    pub started: Option<String>,
    /// When it was first imported.
    pub added_at: Moment,
}

/// An entry as a line of a file gives it.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = register_entries, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewEntry {
    /// The key that its source knows it by.
    pub entry_key: String,
    /// What it is called.
    pub title: String,
    /// What it is and does.
    pub summary: String,
    /// Whose work it is.
    pub organisations: String,
    /// What kind of work.
    pub kind: String,
    /// How far it came.
    pub status: String,
    /// Where to read more.
    pub url: Option<String>,
    /// Who says so.
    pub source: String,
    /// When it began.
    pub started: Option<String>,
}

impl NewEntry {
    /// Whether `entry` says all of this already.
    pub fn is_said_by(&self, entry: &Entry) -> bool {
        self.entry_key == entry.entry_key
            && self.title == entry.title
            && self.summary == entry.summary
            && self.organisations == entry.organisations
            && self.kind == entry.kind
            && self.status == entry.status
            && self.url == entry.url
            && self.source == entry.source
            && self.started == entry.started
    }

    /// The text that it is found by, beside its title.
    pub fn body(&self) -> String {
        [self.summary.as_str(), &self.organisations, &self.kind].join("\n")
    }
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportedEntries)]
pub struct Imported {
    /// Entries that were new.
    pub added: usize,
    /// Entries that now say something else.
    pub updated: usize,
    /// Entries that said the same already.
    pub unchanged: usize,
}

/// An earlier bid or an entry that is like a bid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Similar {
    /// Whether it is a bid or an entry.
    pub kind: Kind,
    /// The bid's reference or the entry's key.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// The lead authority, or whose work the entry is.
    pub organisations: String,
    /// The round of the bid, or who says what the entry says.
    pub source: String,
}

/// An entry that a bid names as earlier work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PriorWork {
    /// The entry.
    pub entry: Entry,
    /// Why it is not enough.
    pub why: String,
}

/// The earlier work that a bid names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The bid's version: it counts changes of this too.
    pub version: i32,
    /// The entries, in the order in which they were chosen.
    pub work: Vec<PriorWork>,
}

/// An entry to name as earlier work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// The entry's key.
    pub entry_key: String,
    /// Why it is not enough.
    pub why: String,
}

/// Everything that is wrong with a list of picks by itself.
pub fn faults_of_picks(picks: &[Pick]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if picks.len() > MOST_PICKED {
        faults.push(Fault::new("entries", "too_many", format!("Choose {MOST_PICKED} entries or fewer.")));
    }
    for (place, pick) in picks.iter().enumerate() {
        if picks.iter().take(place).any(|earlier| earlier.entry_key == pick.entry_key) {
            let message = format!("You chose {} twice. Leave one out.", pick.entry_key);
            faults.push(Fault::new(format!("entries/{place}/entry_key"), "twice", message));
        }
        let missing = "Say why this work is not enough for what you need.";
        faults.extend(Fault::of_text(&format!("entries/{place}/why"), &pick.why, LONGEST_WHY, missing));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(entry_key: &str, why: &str) -> Pick {
        Pick { entry_key: entry_key.into(), why: why.into() }
    }

    #[test]
    fn all_faults_of_a_list_of_picks_are_named_at_once() {
        let long = "a".repeat(LONGEST_WHY + 1);
        let picks = [pick("a", "Too old"), pick("a", ""), pick("b", &long)];
        let found: Vec<_> = faults_of_picks(&picks).into_iter().map(|fault| (fault.field, fault.code)).collect();
        let expected = [("entries/1/entry_key", "twice"), ("entries/1/why", "missing"), ("entries/2/why", "too_long")];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code.into())));
    }
}
