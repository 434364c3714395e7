//! The SQL of a round's own words. For a room that has policy's yes to the round; this one knows no more of it than its key.

use diesel::{insert_into, prelude::*};

use super::model::{Text, Words};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{mail_texts, outbox},
    },
    each,
    error::Result,
    ids::{Id, PersonKey, RoundKey, RowKey},
    mail::{Language, outbox::State},
};

/// The words of one mail of a round in one language.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    /// The round.
    pub round: Id<RoundKey>,
    /// The name of the template.
    pub template: &'a str,
    /// The language.
    pub language: Language,
}

/// The version that a message was written with.
///
/// # Errors
/// When the database fails.
pub fn find(conn: &mut Conn, id: Id<RowKey>) -> Result<Option<Text>> {
    Ok(mail_texts::table.find(id).select(Text::as_select()).first(conn).optional()?)
}

/// Every version, newest first.
///
/// # Errors
/// When the database fails.
pub fn versions(conn: &mut Conn, which: Which<'_>) -> Result<Vec<Text>> {
    Ok(mail_texts::table
        .filter(mail_texts::round_id.eq(which.round))
        .filter(mail_texts::template.eq(which.template))
        .filter(mail_texts::language.eq(which.language))
        .order(mail_texts::number.desc())
        .select(Text::as_select())
        .load(conn)?)
}

/// The newest version, if there is any.
///
/// # Errors
/// When the database fails.
pub fn newest(conn: &mut Conn, which: Which<'_>) -> Result<Option<Text>> {
    Ok(mail_texts::table
        .filter(mail_texts::round_id.eq(which.round))
        .filter(mail_texts::template.eq(which.template))
        .filter(mail_texts::language.eq(which.language))
        .order(mail_texts::number.desc())
        .select(Text::as_select())
        .first(conn)
        .optional()?)
}

/// The words that a round has for one mail now, by language.
#[derive(Debug, Clone, Default)]
pub struct InForce {
    english: Option<Text>,
    welsh: Option<Text>,
}

impl InForce {
    /// The words for somebody who wants to read this language; none where they get the standard ones, in English.
    pub fn for_reader(&self, language: Language) -> Option<&Text> {
        match language {
            Language::English => self.english.as_ref(),
            Language::Welsh => self.welsh.as_ref().or(self.english.as_ref()),
        }
    }
}

/// The words that a round has for one mail now.
///
/// # Errors
/// When the database fails.
pub fn in_force(conn: &mut Conn, round: Id<RoundKey>, template: &str) -> Result<InForce> {
    let mut own = |language| -> Result<Option<Text>> {
        let text = newest(conn, Which { round, template, language })?;
        Ok(text.filter(|text| text.body.is_some()))
    };
    Ok(InForce { english: own(Language::English)?, welsh: own(Language::Welsh)? })
}

/// Adds a version, whose words have a salt beside them; says whether it is the first with its number.
///
/// # Errors
/// When the database fails.
pub fn insert(
    conn: &mut Conn,
    id: Id<RowKey>,
    which: Which<'_>,
    (number, words): (i32, Option<(&Words, &str)>),
    (person, now): (Option<Id<PersonKey>>, Moment),
) -> Result<bool> {
    let row = (
        mail_texts::id.eq(id),
        mail_texts::round_id.eq(which.round),
        mail_texts::template.eq(which.template),
        mail_texts::language.eq(which.language),
        mail_texts::number.eq(number),
        mail_texts::subject.eq(words.map(|(words, _)| words.subject.as_str())),
        mail_texts::body.eq(words.map(|(words, _)| words.body.as_str())),
        mail_texts::salt.eq(words.map(|(_, salt)| salt)),
        mail_texts::made_by.eq(person),
        mail_texts::made_at.eq(now),
    );
    let added = each!(conn, |conn| insert_into(mail_texts::table).values(&row).on_conflict_do_nothing().execute(conn))?;
    Ok(added == 1)
}

/// By template, how many messages of a round went out in the standard words because its own could not be used.
///
/// # Errors
/// When the database fails.
pub fn fallen_back(conn: &mut Conn, round: Id<RoundKey>) -> Result<Vec<(String, i64)>> {
    Ok(outbox::table
        .filter(outbox::round_id.eq(round))
        .filter(outbox::text_id.is_not_null())
        .filter(outbox::state.eq(State::Sent))
        .filter(outbox::error.is_not_null())
        .group_by(outbox::template)
        .select((outbox::template, diesel::dsl::count_star()))
        .load(conn)?)
}
