//! The SQL of pools. Whatever tells of somebody asks for policy's answer: for the fund's people one about the round, for whoever
//! was invited what policy lets them see.

use std::collections::BTreeMap;

use diesel::{insert_into, prelude::*, update};

use super::model::{PlaceRow, PlaceState, PoolRow, Said, Terms, hash_of};
use crate::{
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{assessor_pools, assessor_terms, assignments, bids, people, pool_places, rounds},
    },
    each,
    error::Result,
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, FundKey, Id, PersonKey, RoundKey, RowKey},
    mail::Address,
};

/// What is settled for a round's pool, if it has one.
pub fn pool(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<PoolRow>> {
    Ok(assessor_pools::table.find(round).select(PoolRow::as_select()).first(conn).optional()?)
}

/// Opens a round's pool; whether it had none.
pub fn open(conn: &mut Conn, _: &Granted<RoundKey>, row: &PoolRow) -> Result<bool> {
    let opened =
        each!(conn, |conn| insert_into(assessor_pools::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(opened == 1)
}

/// Settles a round's pool in the place of what stood at the version before; whether that stood.
pub fn change(conn: &mut Conn, round: &Granted<RoundKey>, row: &PoolRow) -> Result<bool> {
    let before = assessor_pools::table.find(round.id()).filter(assessor_pools::version.eq(row.version - 1));
    let changed = (
        assessor_pools::areas.eq(&row.areas),
        assessor_pools::terms.eq(&row.terms),
        assessor_pools::expected_bids.eq(row.expected_bids),
        assessor_pools::reminder_days.eq(&row.reminder_days),
        assessor_pools::version.eq(row.version),
    );
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// The newest terms of a round that somebody was asked to agree to.
fn newest_terms(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Terms>> {
    let row: Option<(i32, String, String, Moment)> = assessor_terms::table
        .filter(assessor_terms::round_id.eq(round))
        .order(assessor_terms::number.desc())
        .select((assessor_terms::number, assessor_terms::words, assessor_terms::sha256, assessor_terms::since))
        .first(conn)
        .optional()?;
    Ok(row.map(|(number, words, sha256, since)| Terms { number, words, sha256, since: Some(since) }))
}

/// The terms of a round that say `words`, with the number that they have or would get; none where there are no words.
pub fn terms(conn: &mut Conn, round: Id<RoundKey>, words: &str) -> Result<Option<Terms>> {
    if words.trim().is_empty() {
        return Ok(None);
    }
    let newest = newest_terms(conn, round)?;
    let number = newest.as_ref().map_or(0, |terms| terms.number) + 1;
    let standing = newest.filter(|terms| terms.words == words);
    let new = || Terms { number, words: words.to_owned(), sha256: hash_of(words), since: None };
    Ok(Some(standing.unwrap_or_else(new)))
}

/// Keeps terms that are asked for from now on, unless they are kept already.
pub fn keep_terms(conn: &mut Conn, round: Id<RoundKey>, terms: &Terms, now: Moment) -> Result<()> {
    let row = (
        assessor_terms::round_id.eq(round),
        assessor_terms::number.eq(terms.number),
        assessor_terms::words.eq(&terms.words),
        assessor_terms::sha256.eq(&terms.sha256),
        assessor_terms::since.eq(now),
    );
    each!(conn, |conn| insert_into(assessor_terms::table).values(row).on_conflict_do_nothing().execute(conn))?;
    Ok(())
}

/// The fingerprints of all terms of a round that somebody was asked to agree to, by their numbers.
pub fn fingerprints(conn: &mut Conn, round: Id<RoundKey>) -> Result<BTreeMap<i32, String>> {
    let rows: Vec<(i32, String)> = assessor_terms::table
        .filter(assessor_terms::round_id.eq(round))
        .select((assessor_terms::number, assessor_terms::sha256))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A place with who has it.
pub type Held = (PlaceRow, String, Address);

/// The places of a round, by the names of those who have them.
pub fn places(conn: &mut Conn, round: &Granted<RoundKey>) -> Result<Vec<Held>> {
    Ok(pool_places::table
        .inner_join(people::table)
        .filter(pool_places::round_id.eq(round.id()))
        .order((people::name, people::id))
        .select((PlaceRow::as_select(), people::name, people::email))
        .load(conn)?)
}

/// One of them.
pub fn place(conn: &mut Conn, round: &Granted<RoundKey>, id: Id<RowKey>) -> Result<Option<Held>> {
    Ok(pool_places::table
        .inner_join(people::table)
        .filter(pool_places::round_id.eq(round.id()))
        .filter(pool_places::id.eq(id))
        .select((PlaceRow::as_select(), people::name, people::email))
        .first(conn)
        .optional()?)
}

/// The place of a person.
pub fn place_of(conn: &mut Conn, round: &Granted<RoundKey>, person: Id<PersonKey>) -> Result<Option<PlaceRow>> {
    Ok(pool_places::table
        .filter(pool_places::round_id.eq(round.id()))
        .filter(pool_places::person_id.eq(person))
        .select(PlaceRow::as_select())
        .first(conn)
        .optional()?)
}

/// One's own place in a round.
pub fn own(conn: &mut Conn, sight: &Sight, round: Id<RoundKey>) -> Result<Option<Held>> {
    Ok(pool_places::table
        .inner_join(people::table)
        .filter(pool_places::round_id.eq(round))
        .filter(pool_places::person_id.nullable().eq(sight.person))
        .select((PlaceRow::as_select(), people::name, people::email))
        .first(conn)
        .optional()?)
}

/// The rounds in which one has a place that stands in one of these ways, the newest invitation first.
pub fn own_rounds(conn: &mut Conn, sight: &Sight, states: &[PlaceState]) -> Result<Vec<String>> {
    Ok(pool_places::table
        .inner_join(rounds::table)
        .filter(pool_places::person_id.nullable().eq(sight.person))
        .filter(pool_places::state.eq_any(states))
        .order((pool_places::invited_at.desc(), pool_places::id))
        .select(rounds::slug)
        .load(conn)?)
}

/// A place whose reminder is due, by its id.
pub fn by_id(conn: &mut Conn, _: &Granted<RoundKey>, id: Id<RowKey>) -> Result<Option<PlaceRow>> {
    Ok(pool_places::table.find(id).select(PlaceRow::as_select()).first(conn).optional()?)
}

/// Invites somebody who has no place.
pub fn insert(conn: &mut Conn, _: &Granted<RoundKey>, row: &PlaceRow) -> Result<()> {
    insert_into(pool_places::table).values(row).execute(conn)?;
    Ok(())
}

/// Invites somebody anew who has a place that stands at the version before; whether it did.
pub fn invite_again(conn: &mut Conn, _: &Granted<RoundKey>, row: &PlaceRow) -> Result<bool> {
    let before = pool_places::table.find(row.id).filter(pool_places::version.eq(row.version - 1));
    let none: Option<Moment> = None;
    let changed = (
        (
            pool_places::areas.eq(&row.areas),
            pool_places::least_asked.eq(row.least_asked),
            pool_places::most_asked.eq(row.most_asked),
            pool_places::answer_by.eq(row.answer_by),
            pool_places::message.eq(&row.message),
        ),
        (
            pool_places::invited_by.eq(row.invited_by),
            pool_places::invited_at.eq(row.invited_at),
            pool_places::state.eq(PlaceState::Invited),
            pool_places::answered_at.eq(none),
            pool_places::said.eq(Doc(Said::default())),
            pool_places::version.eq(row.version),
        ),
    );
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// Says how a place stands from now on, if it stands at `version`; whether it did.
pub fn settle(
    conn: &mut Conn,
    (id, version): (Id<RowKey>, i32),
    (state, said): (PlaceState, Said),
    gave_role: bool,
    now: Moment,
) -> Result<bool> {
    let before = pool_places::table.find(id).filter(pool_places::version.eq(version));
    let changed = (
        pool_places::state.eq(state),
        pool_places::said.eq(Doc(said)),
        pool_places::gave_role.eq(gave_role),
        pool_places::answered_at.eq(Some(now)),
        pool_places::version.eq(version + 1),
    );
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// Keeps that somebody who has accepted agrees to other terms, if their place stands at `version`; whether it did.
pub fn agree(conn: &mut Conn, (id, version): (Id<RowKey>, i32), said: Said) -> Result<bool> {
    let before = pool_places::table
        .find(id)
        .filter(pool_places::version.eq(version))
        .filter(pool_places::state.eq(PlaceState::Accepted));
    let changed = (pool_places::said.eq(Doc(said)), pool_places::version.eq(version + 1));
    Ok(update(before).set(changed).execute(conn)? == 1)
}

/// Who has accepted in a round, and what they have said.
pub fn accepted<T>(conn: &mut Conn, _: &Granted<T>, round: Id<RoundKey>) -> Result<Vec<(Id<PersonKey>, Said)>> {
    let rows: Vec<(Id<PersonKey>, Doc<Said>)> = pool_places::table
        .filter(pool_places::round_id.eq(round))
        .filter(pool_places::state.eq(PlaceState::Accepted))
        .select((pool_places::person_id, pool_places::said))
        .load(conn)?;
    Ok(rows.into_iter().map(|(person, said)| (person, said.0)).collect())
}

/// The other places of a person, in rounds of the same fund, that they have accepted, with their rounds.
pub fn other_accepted(
    conn: &mut Conn,
    fund: &Granted<FundKey>,
    (person, but): (Id<PersonKey>, Id<RowKey>),
) -> Result<Vec<(Id<RowKey>, Id<RoundKey>)>> {
    Ok(pool_places::table
        .inner_join(rounds::table)
        .filter(rounds::fund_id.eq(fund.id()))
        .filter(pool_places::person_id.eq(person))
        .filter(pool_places::id.ne(but))
        .filter(pool_places::state.eq(PlaceState::Accepted))
        .order(pool_places::id)
        .select((pool_places::id, pool_places::round_id))
        .load(conn)?)
}

/// Whether a person still has to read bids in other rounds of the same fund.
pub fn reads_elsewhere(
    conn: &mut Conn,
    fund: &Granted<FundKey>,
    (person, but): (Id<PersonKey>, Id<RoundKey>),
) -> Result<bool> {
    let found: Option<Id<BidKey>> = assignments::table
        .inner_join(bids::table.inner_join(rounds::table))
        .filter(rounds::fund_id.eq(fund.id()))
        .filter(rounds::id.ne(but))
        .filter(rounds::cancelled_at.is_null())
        .filter(bids::kind.eq_any([BidKind::Waiting, BidKind::Review]))
        .filter(assignments::person_id.eq(person))
        .filter(assignments::ended_at.is_null())
        .filter(assignments::submitted_at.is_null())
        .select(bids::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Says that somebody has their role for a fund by this place from now on.
pub fn hand_on_role(conn: &mut Conn, _: &Granted<FundKey>, place: Id<RowKey>) -> Result<()> {
    update(pool_places::table.find(place)).set(pool_places::gave_role.eq(true)).execute(conn)?;
    Ok(())
}

/// The bids of a round that a person has been given, with when they submitted.
pub fn given<T>(
    conn: &mut Conn,
    _: &Granted<T>,
    (round, person): (Id<RoundKey>, Id<PersonKey>),
) -> Result<Vec<(Id<BidKey>, Option<Moment>)>> {
    Ok(assignments::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(assignments::person_id.eq(person))
        .filter(assignments::ended_at.is_null())
        .order(bids::id)
        .select((assignments::bid_id, assignments::submitted_at))
        .load(conn)?)
}
