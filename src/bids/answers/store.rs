//! The SQL of what answers have said, and of who wrote it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{insert_into, prelude::*};
use serde_json::Value;

use super::model::{Author, Names, Saved, Version};
use crate::{
    bids::model::Answer,
    db::{
        Conn, Doc,
        schema::{answer_versions, answers, organisations, partners},
    },
    error::Result,
    funds::rulebook::Stage,
    identity::{
        policy::{Granted, Sight},
        store::people::names_of,
    },
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
};

/// Which answer of a bid is meant.
pub type Asked<'a> = (Stage, &'a str);

/// Keeps what an answer says from now on. For [`put_answer`](crate::bids::store::put_answer) alone, so that no text of an
/// answer is without its version.
pub fn keep(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    stage: Stage,
    (answer, by): (&Answer, Author),
) -> Result<()> {
    insert_into(answer_versions::table)
        .values((
            answer_versions::id.eq(id),
            answer_versions::bid_id.eq(bid.id()),
            answer_versions::stage.eq(stage),
            answer_versions::question.eq(&answer.question),
            answer_versions::number.eq(answer.version),
            answer_versions::value.eq(&answer.value),
            answer_versions::complete.eq(answer.complete),
            answer_versions::written_by.eq(by.person),
            answer_versions::organisation_id.eq(by.organisation),
            answer_versions::written_at.eq(answer.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who wrote the text that stands, by question.
pub fn authors(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<BTreeMap<String, Author>> {
    let that_stands = answer_versions::bid_id
        .eq(answers::bid_id)
        .and(answer_versions::stage.eq(answers::stage))
        .and(answer_versions::question.eq(answers::question))
        .and(answer_versions::number.eq(answers::version));
    let rows: Vec<(String, Author)> = answers::table
        .inner_join(answer_versions::table.on(that_stands))
        .filter(answers::bid_id.eq(bid.id()))
        .filter(answers::stage.eq(stage))
        .select((answers::question, Author::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Every save of an answer, oldest first.
pub fn saves(conn: &mut Conn, bid: &Granted<BidKey>, (stage, question): Asked<'_>) -> Result<Vec<Saved>> {
    Ok(answer_versions::table
        .filter(answer_versions::bid_id.eq(bid.id()))
        .filter(answer_versions::stage.eq(stage))
        .filter(answer_versions::question.eq(question))
        .order(answer_versions::number)
        .select(Saved::as_select())
        .load(conn)?)
}

/// What an answer said in these of its versions, and whether it was called finished.
pub fn texts(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (stage, question): Asked<'_>,
    numbers: &[i32],
) -> Result<BTreeMap<i32, (Value, bool)>> {
    let rows: Vec<(i32, Doc<Value>, bool)> = answer_versions::table
        .filter(answer_versions::bid_id.eq(bid.id()))
        .filter(answer_versions::stage.eq(stage))
        .filter(answer_versions::question.eq(question))
        .filter(answer_versions::number.eq_any(numbers.to_vec()))
        .select((answer_versions::number, answer_versions::value, answer_versions::complete))
        .load(conn)?;
    Ok(rows.into_iter().map(|(number, value, complete)| (number, (value.0, complete))).collect())
}

/// The versions of an answer, newest first, from below the one that was seen last.
pub fn page(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (stage, question): Asked<'_>,
    (after, limit): (Option<Id<RowKey>>, i64),
) -> Result<Vec<Version>> {
    let seen: Option<i32> = match after {
        Some(id) => answer_versions::table.find(id).select(answer_versions::number).first(conn).optional()?,
        None => None,
    };
    let mut query = answer_versions::table
        .filter(answer_versions::bid_id.eq(bid.id()))
        .filter(answer_versions::stage.eq(stage))
        .filter(answer_versions::question.eq(question))
        .order(answer_versions::number.desc())
        .limit(limit)
        .select(Version::as_select())
        .into_boxed();
    if let Some(seen) = seen {
        query = query.filter(answer_versions::number.lt(seen));
    }
    Ok(query.load(conn)?)
}

/// The names of authors.
pub fn names(conn: &mut Conn, authors: &[Author]) -> Result<Names> {
    let some_people: BTreeSet<Id<PersonKey>> = authors.iter().filter_map(|author| author.person).collect();
    let councils: BTreeSet<Id<OrganisationKey>> = authors.iter().filter_map(|author| author.organisation).collect();
    let organisations: Vec<(Id<OrganisationKey>, String)> = organisations::table
        .filter(organisations::id.eq_any(councils))
        .select((organisations::id, organisations::name))
        .load(conn)?;
    Ok(Names { people: names_of(conn, some_people)?, organisations: organisations.into_iter().collect() })
}

/// The partner that has confirmed and for which somebody works; the first by its code, where they work for several.
pub fn partner_of(conn: &mut Conn, bid: &Granted<BidKey>, sight: &Sight) -> Result<Option<Id<OrganisationKey>>> {
    Ok(partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid.id()))
        .filter(partners::state.eq("confirmed"))
        .filter(partners::organisation_id.eq_any(&sight.organisations))
        .order(organisations::code)
        .select(organisations::id)
        .first(conn)
        .optional()?)
}
