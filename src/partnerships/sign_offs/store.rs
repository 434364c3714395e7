//! The SQL of sign-offs. Each change names the state that it starts from, so that of two at once one wins.

use std::collections::BTreeSet;

use diesel::{insert_into, prelude::*, update};

use super::model::{SignOff, SignOffState};
use crate::{
    bids::content::Sealed,
    clock::Moment,
    db::{Conn, schema::sign_offs},
    error::Result,
    identity::policy::Granted,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
};

type Row = (
    Id<RowKey>,
    Id<OrganisationKey>,
    Vec<u8>,
    Option<Vec<u8>>,
    SignOffState,
    Id<PersonKey>,
    Moment,
    Option<Id<PersonKey>>,
    Option<Id<PersonKey>>,
    Option<Moment>,
    Option<String>,
);

/// Every sign-off of a bid: those that are asked for or signed first, then those that came to nothing, the newest first.
pub fn all_of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<SignOff>> {
    let came_to_nothing = sign_offs::state.eq_any([SignOffState::ChangesWanted, SignOffState::Void]);
    let rows: Vec<Row> = sign_offs::table
        .filter(sign_offs::bid_id.eq(bid.id()))
        .order((came_to_nothing, sign_offs::requested_at.desc(), sign_offs::id.desc()))
        .select((
            sign_offs::id,
            sign_offs::organisation_id,
            sign_offs::hash,
            sign_offs::terms_hash,
            sign_offs::state,
            sign_offs::requested_by,
            sign_offs::requested_at,
            sign_offs::person_id,
            sign_offs::signed_for,
            sign_offs::answered_at,
            sign_offs::words,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(sign_off).collect())
}

/// The sign-offs of a bid that count, one for each council: the one that is asked for or signed, otherwise the last that came
/// to nothing.
pub fn of_bid(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<SignOff>> {
    let mut counted = BTreeSet::new();
    let mut kept = all_of_bid(conn, bid)?;
    kept.retain(|sign_off| counted.insert(sign_off.organisation_id));
    Ok(kept)
}

fn sign_off(row: Row) -> SignOff {
    let (
        id,
        organisation_id,
        hash,
        terms,
        state,
        requested_by,
        requested_at,
        person_id,
        signed_for,
        answered_at,
        words,
    ) = row;
    SignOff {
        id,
        organisation_id,
        hash: hex::encode(hash),
        terms: terms.map(hex::encode),
        state,
        requested_by,
        requested_at,
        person_id,
        signed_for,
        answered_at,
        words,
    }
}

/// The text that was signed.
pub fn signed_text(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<Option<String>> {
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    Ok(row.select(sign_offs::signed_text).first(conn)?)
}

/// Asks for a council's sign-off of what a bid says.
pub fn request(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    (id, organisation): (Id<RowKey>, Id<OrganisationKey>),
    says: &Sealed,
    (by, now): (Id<PersonKey>, Moment),
) -> Result<()> {
    insert_into(sign_offs::table)
        .values((
            sign_offs::id.eq(id),
            sign_offs::bid_id.eq(bid.id()),
            sign_offs::organisation_id.eq(organisation),
            sign_offs::hash.eq(&says.hash),
            sign_offs::terms_hash.eq(Some(&says.terms)),
            sign_offs::state.eq(SignOffState::Requested),
            sign_offs::requested_by.eq(by),
            sign_offs::requested_at.eq(now),
            sign_offs::version.eq(1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Makes a request that has no answer one for what the bid says now.
pub fn request_for(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, says: &Sealed) -> Result<()> {
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    update(row.filter(sign_offs::state.eq(SignOffState::Requested)))
        .set((
            sign_offs::hash.eq(&says.hash),
            sign_offs::terms_hash.eq(Some(&says.terms)),
            sign_offs::version.eq(sign_offs::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a signatory says of what a bid says.
pub struct Answer<'a> {
    /// Signed, or changes are wanted.
    pub state: SignOffState,
    /// What the bid says.
    pub says: &'a Sealed,
    /// The changes.
    pub words: Option<&'a str>,
    /// Who says so.
    pub by: Id<PersonKey>,
    /// In whose place, if it is a deputy.
    pub in_place_of: Option<Id<PersonKey>>,
    /// When.
    pub at: Moment,
}

/// Answers a request that has no answer; says whether that was so.
pub fn answer(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, answer: &Answer) -> Result<bool> {
    let signed = (answer.state == SignOffState::Signed).then_some(&answer.says.text);
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    let changed = update(row.filter(sign_offs::state.eq(SignOffState::Requested)))
        .set((
            sign_offs::state.eq(answer.state),
            sign_offs::hash.eq(&answer.says.hash),
            sign_offs::terms_hash.eq(Some(&answer.says.terms)),
            sign_offs::signed_text.eq(signed),
            sign_offs::words.eq(answer.words),
            sign_offs::person_id.eq(Some(answer.by)),
            sign_offs::signed_for.eq(answer.in_place_of),
            sign_offs::answered_at.eq(Some(answer.at)),
            sign_offs::version.eq(sign_offs::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Makes a request or a signature void.
pub fn make_void(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>) -> Result<()> {
    let row = sign_offs::table.find(id).filter(sign_offs::bid_id.eq(bid.id()));
    update(row.filter(sign_offs::state.eq_any([SignOffState::Requested, SignOffState::Signed])))
        .set((sign_offs::state.eq(SignOffState::Void), sign_offs::version.eq(sign_offs::version + 1)))
        .execute(conn)?;
    Ok(())
}
