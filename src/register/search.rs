//! Finds entries and published bids by their words, the same on both databases.
//!
//! The index is FTS5 on SQLite and a tsvector on PostgreSQL; both are given the same plain words, each with its own
//! English stemming. What counts is how rare the shared words are, and that is reckoned here, since the two engines
//! rank differently. A query is made of letters and digits alone, each word quoted: nothing that a person types is an
//! operator.
//!
//! A bid is found only when everybody may read it: an expression of interest was submitted and not withdrawn, and its
//! round's closing time has passed. The index holds what was submitted, never what is being written.

use std::collections::{BTreeMap, HashSet};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use crate::{
    clock::Moment,
    db::{Conn, columns::sql},
    each,
    error::Result,
    ids::Id,
    words,
};

/// Only so many different words of a text are looked up.
const MOST_WORDS: usize = 60;
/// Only so many of them, the rarest, count.
const RAREST: usize = 12;
/// A word in more documents than this says nothing and is not counted through; a search finds no more than this.
const TOO_COMMON: usize = 2_000;

words! {
    /// What a document is about.
    pub enum Kind {
        /// A published bid.
        Bid = "bid",
        /// An entry of the register.
        Entry = "entry",
    }
}

/// Names what has been indexed: a bid or an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKey {}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Hit {
    /// The id of the bid or the entry: [`Id::cast`] it.
    #[diesel(sql_type = sql::Id)]
    pub id: Id<DocumentKey>,
    /// Which of them it is.
    #[diesel(sql_type = Text)]
    pub kind: Kind,
    /// Its title as it was indexed.
    #[diesel(sql_type = Text)]
    pub title: String,
}

/// Puts a bid or an entry into the index, or brings it up to date. A bid goes in when it is submitted, with the title
/// and the texts of the submitted version.
///
/// # Errors
/// When the database fails.
pub fn index<T>(conn: &mut Conn, id: Id<T>, kind: Kind, title: &str, body: &str) -> Result<()> {
    let id = id.cast::<DocumentKey>();
    let body = plain_words(&[title, body].join(" ")).join(" ");
    forget(conn, id)?;
    each!(conn, |conn| sql_query("INSERT INTO search_documents (id, kind, title, body) VALUES ($1, $2, $3, $4)")
        .bind::<sql::Id, _>(id)
        .bind::<Text, _>(kind)
        .bind::<Text, _>(title)
        .bind::<Text, _>(&body)
        .execute(conn))?;
    if let Conn::Sqlite(conn) = conn {
        sql_query(
            "INSERT INTO search_words (rowid, title, body) \
             SELECT position, title, body FROM search_documents WHERE id = $1",
        )
        .bind::<sql::Id, _>(id)
        .execute(conn)?;
    }
    Ok(())
}

/// Takes a bid or an entry out of the index, as a withdrawn bid is; nothing happens when it is not there.
///
/// # Errors
/// When the database fails.
pub fn forget<T>(conn: &mut Conn, id: Id<T>) -> Result<()> {
    let id = id.cast::<DocumentKey>();
    // FTS5 keeps no text of its own: it must be told what it had read before that is gone.
    if let Conn::Sqlite(conn) = conn {
        sql_query(
            "INSERT INTO search_words (search_words, rowid, title, body) \
             SELECT 'delete', position, title, body FROM search_documents WHERE id = $1",
        )
        .bind::<sql::Id, _>(id)
        .execute(conn)?;
    }
    each!(conn, |conn| sql_query("DELETE FROM search_documents WHERE id = $1").bind::<sql::Id, _>(id).execute(conn))?;
    Ok(())
}

/// What is most like a text, by the rarest words that they share.
///
/// # Errors
/// When the database fails.
pub fn similar(conn: &mut Conn, text: &str, kind: Option<Kind>, limit: usize, now: Moment) -> Result<Vec<Hit>> {
    let mut found = Vec::new();
    for word in telling_words(text) {
        let hits = having_all(conn, &[&word], kind, now)?;
        if (1..=TOO_COMMON).contains(&hits.len()) {
            found.push((word, hits));
        }
    }
    found.sort_by(|(a, with_a), (b, with_b)| (with_a.len(), a).cmp(&(with_b.len(), b)));
    found.truncate(RAREST);
    Ok(best(found.into_iter().map(|(_, hits)| hits).collect(), limit))
}

/// What has every word of a text, in no order; at most 2,000.
///
/// # Errors
/// When the database fails.
pub fn containing(conn: &mut Conn, text: &str, kind: Option<Kind>, now: Moment) -> Result<Vec<Hit>> {
    let words = telling_words(text);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut hits = having_all(conn, &words.iter().map(String::as_str).collect::<Vec<_>>(), kind, now)?;
    hits.truncate(TOO_COMMON);
    Ok(hits)
}

/// Ranks by the sum over shared words of ln(1 + all / those that have the word). One shared word is a coincidence.
fn best(by_word: Vec<Vec<Hit>>, limit: usize) -> Vec<Hit> {
    let all: HashSet<_> = by_word.iter().flatten().map(|hit| hit.id).collect();
    let least_shared = by_word.len().min(2);
    let mut scores: BTreeMap<Id<DocumentKey>, (f64, usize, Hit)> = BTreeMap::new();
    for hits in by_word {
        let weight = (1.0 + ratio(all.len(), hits.len())).ln();
        for hit in hits {
            let (score, shared, _) = scores.entry(hit.id).or_insert((0.0, 0, hit));
            *score += weight;
            *shared += 1;
        }
    }
    let mut ranked: Vec<_> = scores.into_values().filter(|(_, shared, _)| *shared >= least_shared).collect();
    ranked.sort_by(|(a, _, one), (b, _, other)| b.total_cmp(a).then_with(|| one.title.cmp(&other.title)));
    ranked.into_iter().take(limit).map(|(_, _, hit)| hit).collect()
}

fn ratio(all: usize, some: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    number(all) / number(some)
}

const SELECT_SQLITE: &str = "SELECT d.id, d.kind, d.title \
     FROM search_words JOIN search_documents d ON d.position = search_words.rowid WHERE search_words MATCH $1";
const SELECT_POSTGRES: &str = "SELECT d.id, d.kind, d.title \
     FROM search_documents d WHERE d.words @@ plainto_tsquery('english', $1)";
const THAT_ARE_PUBLIC: &str = " AND ($2 = '' OR d.kind = $2) \
     AND (d.kind = 'entry' OR EXISTS (SELECT 1 FROM bids b \
         JOIN milestones m ON m.round_id = b.round_id AND m.name = 'eoi_closes' \
         JOIN bid_versions v ON v.bid_id = b.id AND v.stage = 'eoi' \
         WHERE b.id = d.id AND b.state <> 'withdrawn' AND m.at < $3)) \
     LIMIT 2001";

/// The public documents that have every one of the words; one more than [`TOO_COMMON`] at most.
fn having_all(conn: &mut Conn, words: &[&str], kind: Option<Kind>, now: Moment) -> Result<Vec<Hit>> {
    let (select, query) = match conn {
        Conn::Sqlite(_) => {
            (SELECT_SQLITE, words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" "))
        }
        Conn::Pg(_) => (SELECT_POSTGRES, words.join(" ")),
    };
    let kind = kind.map_or("", Kind::word);
    // SQLite numbers `$1`, `$2`, `$3` in the order in which they first appear, so one text serves both.
    Ok(each!(conn, |conn| sql_query([select, THAT_ARE_PUBLIC].concat())
        .bind::<Text, _>(query)
        .bind::<Text, _>(kind)
        .bind::<sql::Moment, _>(now)
        .load(conn))?)
}

/// The different words of a text that say something, in the order in which they come.
fn telling_words(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut words = plain_words(text);
    words.retain(|word| word.chars().count() > 1 && !is_stop_word(word) && seen.insert(word.clone()));
    words.truncate(MOST_WORDS);
    words
}

/// Runs of letters and digits, in small letters. PostgreSQL's own parser would make `parks/roads` one path.
fn plain_words(text: &str) -> Vec<String> {
    let runs = text.split(|letter: char| !letter.is_alphanumeric());
    runs.filter(|run| !run.is_empty()).map(str::to_lowercase).collect()
}

fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.split(' ').any(|stop| stop == word)
}

/// The stop words of PostgreSQL's English dictionary. SQLite has none: left in, they would have to match.
const STOP_WORDS: &str = "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself \
    she her hers herself it its itself they them their theirs themselves what which who whom this that these those am \
    is are was were be been being have has had having do does did doing a an the and but if or because as until while \
    of at by for with about against between into through during before after above below to from up down in out on \
    off over under again further then once here there when where why how all any both each few more most other some \
    such no nor not only own same so than too very s t can will just don should now";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_only_letters_and_digits_that_say_something() {
        let cases: [(&str, &[&str]); 5] = [
            ("What is the cost of housing repairs?", &["cost", "housing", "repairs"]),
            ("\"housing\" NEAR(repairs, 2) OR title:*", &["housing", "near", "repairs", "title"]),
            ("parks/roads & tenants' homes", &["parks", "roads", "tenants", "homes"]),
            ("Repairs repairs", &["repairs"]),
            ("'; DROP TABLE bids; --", &["drop", "table", "bids"]),
        ];
        for (text, words) in cases {
            assert_eq!(telling_words(text), words, "{text}");
        }
    }

    #[test]
    fn documents_that_share_rare_words_come_first_and_one_shared_word_is_not_enough() {
        let hit = |number: u128, title: &str| Hit {
            id: Id::of(uuid::Uuid::from_u128(number)),
            kind: Kind::Entry,
            title: title.into(),
        };
        let (both, common, once) = (hit(1, "both"), hit(2, "common words"), hit(3, "once"));
        let by_word =
            vec![vec![both.clone()], vec![common.clone(), both.clone(), once], vec![common.clone(), both.clone()]];
        assert_eq!(best(by_word, 5), [both, common]);
    }
}
