//! The SQL of what a draft holds: answers, costs and promises.

use std::collections::BTreeMap;

use diesel::{delete, insert_into, prelude::*};

use crate::{
    bids::{
        answers::{model::Author, store as answers_as_written},
        model::{Answer, CostLine, Promise},
        partner::TakingPart,
    },
    db::{
        Conn,
        schema::{answers, cost_lines, partner_parts, partners, promises},
    },
    each,
    error::Result,
    funds::rulebook::Stage,
    identity::policy::Granted,
    ids::{BidKey, Id, RowKey},
};

/// The answers of a stage, by question.
pub fn answers(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Vec<Answer>> {
    Ok(answers::table
        .filter(answers::bid_id.eq(bid.id()))
        .filter(answers::stage.eq(stage))
        .order(answers::question)
        .select(Answer::as_select())
        .load(conn)?)
}

/// One answer, if there is one.
pub fn answer(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage, question: &str) -> Result<Option<Answer>> {
    Ok(answers::table
        .filter(answers::bid_id.eq(bid.id()))
        .filter(answers::stage.eq(stage))
        .filter(answers::question.eq(question))
        .select(Answer::as_select())
        .first(conn)
        .optional()?)
}

/// Writes an answer over the one before, if there was one, and keeps it as the version that it is.
pub fn put_answer(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    stage: Stage,
    (answer, by): (&Answer, Author),
) -> Result<()> {
    let row = (
        answers::id.eq(id),
        answers::bid_id.eq(bid.id()),
        answers::stage.eq(stage),
        answers::question.eq(&answer.question),
        answers::value.eq(&answer.value),
        answers::complete.eq(answer.complete),
        answers::version.eq(answer.version),
        answers::updated_by.eq(answer.updated_by),
        answers::updated_at.eq(answer.updated_at),
    );
    each!(conn, |conn| insert_into(answers::table)
        .values(row)
        .on_conflict((answers::bid_id, answers::stage, answers::question))
        .do_update()
        .set((
            answers::value.eq(&answer.value),
            answers::complete.eq(answer.complete),
            answers::version.eq(answer.version),
            answers::updated_by.eq(answer.updated_by),
            answers::updated_at.eq(answer.updated_at),
        ))
        .execute(conn))?;
    // Only now: two who write the same at once meet at the answer's own row, which PostgreSQL calls a lost race and no broken
    // constraint.
    answers_as_written::keep(conn, bid, id, stage, (answer, by))
}

/// The lines of the costs, in order.
pub fn costs(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<CostLine>> {
    Ok(cost_lines::table
        .filter(cost_lines::bid_id.eq(bid.id()))
        .order(cost_lines::position)
        .select(CostLine::as_select())
        .load(conn)?)
}

/// Writes the costs anew.
pub fn put_costs(conn: &mut Conn, bid: &Granted<BidKey>, lines: &[(Id<RowKey>, CostLine)]) -> Result<()> {
    delete(cost_lines::table.filter(cost_lines::bid_id.eq(bid.id()))).execute(conn)?;
    for (position, (id, line)) in (0_i32..).zip(lines) {
        insert_into(cost_lines::table)
            .values((
                cost_lines::id.eq(*id),
                cost_lines::bid_id.eq(bid.id()),
                cost_lines::position.eq(position),
                cost_lines::category.eq(line.category),
                cost_lines::organisation_id.eq(line.organisation_id),
                cost_lines::description.eq(&line.description),
                cost_lines::pence.eq(line.pence),
                cost_lines::kind.eq(&line.kind),
                cost_lines::in_kind.eq(line.in_kind),
                cost_lines::own_money.eq(line.own_money),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The promised outcomes, in order.
pub fn promises(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<Promise>> {
    Ok(promises::table
        .filter(promises::bid_id.eq(bid.id()))
        .order(promises::position)
        .select(Promise::as_select())
        .load(conn)?)
}

/// Writes the promised outcomes anew.
pub fn put_promises(conn: &mut Conn, bid: &Granted<BidKey>, list: &[(Id<RowKey>, Promise)]) -> Result<()> {
    delete(promises::table.filter(promises::bid_id.eq(bid.id()))).execute(conn)?;
    for (position, (id, promise)) in (0_i32..).zip(list) {
        insert_into(promises::table)
            .values((
                promises::id.eq(*id),
                promises::bid_id.eq(bid.id()),
                promises::position.eq(position),
                promises::measure.eq(&promise.measure),
                promises::unit.eq(&promise.unit),
                promises::baseline.eq(promise.baseline),
                promises::target.eq(promise.target),
                promises::due_on.eq(promise.due_on),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// When the partners of a bid take part and what they put in, by partner; of whom nothing is said is not there.
pub fn parts_of_partners(conn: &mut Conn, bid: Id<BidKey>) -> Result<BTreeMap<Id<RowKey>, TakingPart>> {
    let rows: Vec<(Id<RowKey>, TakingPart)> = partner_parts::table
        .inner_join(partners::table)
        .filter(partners::bid_id.eq(bid))
        .select((
            partner_parts::partner_id,
            (
                partner_parts::from_on,
                partner_parts::to_on,
                partner_parts::cash_pence,
                partner_parts::in_kind_pence,
                partner_parts::in_kind,
            ),
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
