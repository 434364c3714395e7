//! The SQL of who writes what.

use diesel::{insert_into, prelude::*};

use super::model::Assignment;
use crate::{
    bids::content::Party,
    db::{
        Conn,
        schema::{organisations, partners, question_assignments},
    },
    each,
    error::Result,
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id, OrganisationKey, RowKey},
};

/// Who is or was asked, by question.
pub fn of_stage(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<Assignment>> {
    Ok(question_assignments::table
        .filter(question_assignments::bid_id.eq(bid.id()))
        .filter(question_assignments::stage.eq(stage))
        .order(question_assignments::question)
        .select(Assignment::as_select())
        .load(conn)?)
}

/// Writes who is asked over what stood before, if anything did.
pub fn put(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, stage: Stage, new: &Assignment) -> Result<()> {
    let row = (
        question_assignments::id.eq(id),
        question_assignments::bid_id.eq(bid.id()),
        question_assignments::stage.eq(stage),
        question_assignments::question.eq(&new.question),
        question_assignments::organisation_id.eq(new.organisation_id),
        question_assignments::due_on.eq(new.due_on),
        question_assignments::version.eq(new.version),
    );
    each!(conn, |conn| insert_into(question_assignments::table)
        .values(row)
        .on_conflict((question_assignments::bid_id, question_assignments::stage, question_assignments::question))
        .do_update()
        .set((
            question_assignments::organisation_id.eq(new.organisation_id),
            question_assignments::due_on.eq(new.due_on),
            question_assignments::version.eq(new.version),
        ))
        .execute(conn))?;
    Ok(())
}

/// The councils that write a bid: the lead, then the partners that have confirmed, by their codes.
pub fn councils(conn: &mut Conn, bid: &Granted<BidKey>, lead: Id<OrganisationKey>) -> Result<Vec<Party>> {
    let columns = (organisations::id, organisations::code, organisations::name);
    let first: (Id<OrganisationKey>, String, String) = organisations::table.find(lead).select(columns).first(conn)?;
    let others: Vec<(Id<OrganisationKey>, String, String)> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq(bid.id()))
        .filter(partners::state.eq("confirmed"))
        .order(organisations::code)
        .select(columns)
        .load(conn)?;
    let all = std::iter::once(first).chain(others);
    Ok(all.map(|(id, code, name)| Party { id, code, name }).collect())
}
