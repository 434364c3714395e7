//! The SQL of questions about rounds. What was asked demands policy's answer; what is published is for everybody.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};

use super::model::{AnswerRow, PublishedQuestion, QuestionRow, QuestionState};
use crate::{
    db::{
        Conn,
        schema::{organisations, round_answers, round_questions},
    },
    error::Result,
    identity::policy::{Granted, Sight},
    ids::{Id, OrganisationKey, PersonKey, RoundKey, RowKey},
};

/// Puts a question in.
pub fn insert(conn: &mut Conn, _: &Granted<OrganisationKey>, question: &QuestionRow) -> Result<()> {
    insert_into(round_questions::table).values(question).execute(conn)?;
    Ok(())
}

/// The number that the next question of a round gets.
pub fn next_number(conn: &mut Conn, round: Id<RoundKey>) -> Result<i32> {
    let last: Option<i32> = round_questions::table
        .filter(round_questions::round_id.eq(round))
        .order(round_questions::number.desc())
        .select(round_questions::number)
        .first(conn)
        .optional()?;
    Ok(last.unwrap_or(0) + 1)
}

/// How many questions of an organisation in a round wait for an answer.
pub fn open_of(conn: &mut Conn, organisation: &Granted<OrganisationKey>, round: Id<RoundKey>) -> Result<i64> {
    Ok(round_questions::table
        .filter(round_questions::round_id.eq(round))
        .filter(round_questions::organisation_id.eq(organisation.id()))
        .filter(round_questions::state.eq(QuestionState::Open))
        .count()
        .get_result(conn)?)
}

/// The questions of a round as they were asked, each with the name of the organisation.
pub fn of_round(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<(QuestionRow, String)>> {
    Ok(round_questions::table
        .inner_join(organisations::table)
        .filter(round_questions::round_id.eq(round.id()))
        .order(round_questions::number)
        .select((QuestionRow::as_select(), organisations::name))
        .load(conn)?)
}

/// One of them.
pub fn numbered(conn: &mut Conn, round: &Granted<RoundKey>, number: i32) -> Result<Option<(QuestionRow, String)>> {
    Ok(round_questions::table
        .inner_join(organisations::table)
        .filter(round_questions::round_id.eq(round.id()))
        .filter(round_questions::number.eq(number))
        .select((QuestionRow::as_select(), organisations::name))
        .first(conn)
        .optional()?)
}

/// The organisations for which the viewer can ask, by name.
pub fn organisations_of(conn: &mut Conn, sight: &Sight) -> Result<Vec<(Id<OrganisationKey>, String)>> {
    Ok(organisations::table
        .filter(organisations::id.eq_any(&sight.organisations))
        .order((organisations::name, organisations::id))
        .select((organisations::id, organisations::name))
        .load(conn)?)
}

/// The questions of a round that the viewer has asked, or somebody else of the viewer's organisations.
pub fn own(conn: &mut Conn, sight: &Sight, round: Id<RoundKey>) -> Result<Vec<QuestionRow>> {
    Ok(round_questions::table
        .filter(round_questions::round_id.eq(round))
        .filter(
            round_questions::organisation_id
                .eq_any(&sight.organisations)
                .or(round_questions::asked_by.eq_any(sight.person)),
        )
        .order(round_questions::number)
        .select(QuestionRow::as_select())
        .load(conn)?)
}

/// What is published of a round's questions, by the question's number.
pub fn published(conn: &mut Conn, round: Id<RoundKey>) -> Result<BTreeMap<i32, PublishedQuestion>> {
    let rows: Vec<(i32, AnswerRow)> = round_answers::table
        .inner_join(round_questions::table)
        .filter(round_questions::round_id.eq(round))
        .order(round_answers::number)
        .select((round_questions::number, AnswerRow::as_select()))
        .load(conn)?;
    let mut answers: BTreeMap<i32, Vec<AnswerRow>> = BTreeMap::new();
    for (number, answer) in rows {
        answers.entry(number).or_default().push(answer);
    }
    let published = |(number, answers)| Some((number, PublishedQuestion::of(number, answers)?));
    Ok(answers.into_iter().filter_map(published).collect())
}

/// The newest answers to a round's questions, for feeds: the question's id and number with what is published since when.
///
/// # Errors
/// When the database fails.
pub fn newest_answers(
    conn: &mut Conn,
    round: Id<RoundKey>,
    most: usize,
) -> Result<Vec<(Id<RowKey>, PublishedQuestion)>> {
    let ids: Vec<(i32, Id<RowKey>)> = round_questions::table
        .filter(round_questions::round_id.eq(round))
        .filter(round_questions::state.eq(QuestionState::Answered))
        .select((round_questions::number, round_questions::id))
        .load(conn)?;
    let mut published = published(conn, round)?;
    let of_id = |(number, id)| Some((id, published.remove(&number)?));
    let mut newest: Vec<_> = ids.into_iter().filter_map(of_id).collect();
    newest.sort_by_key(|(_, question)| std::cmp::Reverse((question.answered_at, question.number)));
    newest.truncate(most);
    Ok(newest)
}

/// Publishes an answer as the next of its question.
pub fn insert_answer(conn: &mut Conn, _: &Granted<RoundKey>, answer: &AnswerRow) -> Result<()> {
    insert_into(round_answers::table).values(answer).execute(conn)?;
    Ok(())
}

/// Says how a question stands from now on, if it stands at `version`; says whether it did.
pub fn settle(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    (id, version): (Id<RowKey>, i32),
    (state, because): (QuestionState, Option<&str>),
) -> Result<bool> {
    let standing = round_questions::table
        .find(id)
        .filter(round_questions::round_id.eq(round.id()))
        .filter(round_questions::version.eq(version));
    let change = (
        round_questions::state.eq(state),
        round_questions::refused_because.eq(because),
        round_questions::version.eq(version + 1),
    );
    Ok(update(standing).set(change).execute(conn)? == 1)
}

/// How many questions wait for an answer, by round: of the funds whose rounds the viewer sees as staff.
///
/// # Errors
/// When the database fails.
pub fn waiting(conn: &mut Conn, sight: &Sight) -> Result<BTreeMap<Id<RoundKey>, u64>> {
    use crate::db::schema::rounds;
    let rows: Vec<Id<RoundKey>> = round_questions::table
        .inner_join(rounds::table)
        .filter(rounds::fund_id.eq_any(&sight.funds))
        .filter(round_questions::state.eq(QuestionState::Open))
        .select(round_questions::round_id)
        .load(conn)?;
    let mut waiting = BTreeMap::new();
    for round in rows {
        *waiting.entry(round).or_default() += 1;
    }
    Ok(waiting)
}

/// Who asked a question: whoever is told of the answer.
pub fn asker(conn: &mut Conn, _: &Granted<RoundKey>, id: Id<RowKey>) -> Result<Id<PersonKey>> {
    Ok(round_questions::table.find(id).select(round_questions::asked_by).first(conn)?)
}
