//! The SQL of bids.

use std::collections::BTreeMap;

use diesel::{delete, insert_into, prelude::*, update};

use super::model::{Answer, Bid, CostLine, Promise, VersionInfo};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{answers, bid_versions, bids, cost_lines, organisations, partners, promises, rounds},
    },
    each,
    error::{AppError, Result},
    funds::rulebook::Stage,
    identity::policy::{BidKind, Granted, Sight},
    ids::{BidKey, Id, OrganisationKey, PersonKey, RoundKey, RowKey},
    money::Pence,
};

/// The id behind a reference: the first step of every use case, before policy is asked.
pub fn id_of(conn: &mut Conn, reference: &str) -> Result<Id<BidKey>> {
    let found = bids::table.filter(bids::reference.eq(reference)).select(bids::id).first(conn).optional()?;
    found.ok_or(AppError::NotFound)
}

/// A bid.
pub fn load(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Bid> {
    Ok(bids::table.find(bid.id()).select(Bid::as_select()).first(conn)?)
}

/// The next free reference of a round. Looking before taking it makes PostgreSQL call two that take the same at once a
/// lost race, which runs again, and not a broken constraint.
pub fn next_reference(conn: &mut Conn, round: Id<RoundKey>) -> Result<String> {
    let prefix: String = rounds::table.find(round).select(rounds::prefix).first(conn)?;
    let mut number: i64 = bids::table.filter(bids::round_id.eq(round)).count().get_result(conn)?;
    loop {
        number += 1;
        let reference = format!("{prefix}-{number:04}");
        let holder: Option<Id<BidKey>> =
            bids::table.filter(bids::reference.eq(&reference)).select(bids::id).first(conn).optional()?;
        if holder.is_none() {
            return Ok(reference);
        }
    }
}

/// Puts a bid in.
pub fn insert(conn: &mut Conn, _: &Granted<OrganisationKey>, bid: &Bid) -> Result<()> {
    insert_into(bids::table)
        .values((
            bids::id.eq(bid.id),
            bids::reference.eq(&bid.reference),
            bids::round_id.eq(bid.round_id),
            bids::lead_id.eq(bid.lead_id),
            bids::workflow_id.eq(bid.workflow_id),
            bids::state.eq(&bid.state),
            bids::kind.eq(bid.kind),
            bids::title.eq(&bid.title),
            bids::phase.eq(&bid.phase),
            bids::ask_pence.eq(bid.ask_pence),
            bids::known.eq(&bid.known),
            bids::created_by.eq(bid.created_by),
            bids::created_at.eq(bid.created_at),
            bids::updated_at.eq(bid.updated_at),
            bids::version.eq(bid.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// What of a bid's heading changes.
#[derive(Debug, Clone, Default, AsChangeset)]
#[diesel(table_name = bids)]
pub struct Heading {
    /// A new title.
    pub title: Option<String>,
    /// A new phase.
    pub phase: Option<String>,
    /// A new ask.
    pub ask_pence: Option<Pence>,
}

/// Changes the heading of a bid that stands at `version`; says whether it did.
pub fn change_heading(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    version: i32,
    heading: &Heading,
    now: Moment,
) -> Result<bool> {
    let changed = update(bids::table.find(bid.id()).filter(bids::version.eq(version)))
        .set((heading, bids::updated_at.eq(now), bids::version.eq(version + 1)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Counts a change of a bid's parts, if it stands at `version`; says whether it did.
pub fn touch_if(conn: &mut Conn, bid: &Granted<BidKey>, version: i32, now: Moment) -> Result<bool> {
    change_version(conn, bid, Some(version), now)
}

/// Counts a change of a bid's parts.
pub fn touch(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    change_version(conn, bid, None, now).map(drop)
}

fn change_version(conn: &mut Conn, bid: &Granted<BidKey>, version: Option<i32>, now: Moment) -> Result<bool> {
    let stands: i32 = bids::table.find(bid.id()).select(bids::version).first(conn)?;
    if version.is_some_and(|version| version != stands) {
        return Ok(false);
    }
    update(bids::table.find(bid.id())).set((bids::updated_at.eq(now), bids::version.eq(stands + 1))).execute(conn)?;
    Ok(true)
}

/// Moves a bid to another state. For `journey` alone, which has asked the workflow.
pub fn move_to(
    conn: &mut Conn,
    bid: Id<BidKey>,
    from: &str,
    (state, kind): (&str, BidKind),
    now: Moment,
) -> Result<bool> {
    let changed = update(bids::table.find(bid).filter(bids::state.eq(from)))
        .set((
            bids::state.eq(state),
            bids::kind.eq(kind),
            bids::updated_at.eq(now),
            bids::version.eq(bids::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Notes when a bid was last submitted.
pub fn mark_submitted(conn: &mut Conn, bid: &Granted<BidKey>, now: Moment) -> Result<()> {
    update(bids::table.find(bid.id())).set(bids::submitted_at.eq(Some(now))).execute(conn)?;
    Ok(())
}

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

/// Writes an answer over the one before, if there was one.
pub fn put_answer(conn: &mut Conn, bid: &Granted<BidKey>, id: Id<RowKey>, stage: Stage, answer: &Answer) -> Result<()> {
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
    Ok(())
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

/// Keeps a submitted version as exactly the text that was hashed; gives its number.
pub fn keep_version(
    conn: &mut Conn,
    bid: &Granted<BidKey>,
    id: Id<RowKey>,
    (stage, text, hash): (Stage, &str, &[u8]),
    (now, by): (Moment, Id<PersonKey>),
) -> Result<i32> {
    let number: i64 = bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(stage))
        .count()
        .get_result(conn)?;
    let number = i32::try_from(number + 1).map_err(AppError::internal)?;
    insert_into(bid_versions::table)
        .values((
            bid_versions::id.eq(id),
            bid_versions::bid_id.eq(bid.id()),
            bid_versions::stage.eq(stage),
            bid_versions::number.eq(number),
            bid_versions::data.eq(text),
            bid_versions::hash.eq(hash),
            bid_versions::submitted_at.eq(now),
            bid_versions::submitted_by.eq(by),
        ))
        .execute(conn)?;
    Ok(number)
}

/// The submitted versions, oldest first.
pub fn versions(conn: &mut Conn, bid: &Granted<BidKey>) -> Result<Vec<VersionInfo>> {
    let rows: Vec<(Id<RowKey>, Stage, i32, Vec<u8>, Moment)> = bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .order((bid_versions::submitted_at, bid_versions::number))
        .select((
            bid_versions::id,
            bid_versions::stage,
            bid_versions::number,
            bid_versions::hash,
            bid_versions::submitted_at,
        ))
        .load(conn)?;
    let info = |(id, stage, number, hash, submitted_at): (_, _, _, Vec<u8>, _)| VersionInfo {
        stage,
        number,
        hash: hex::encode(hash),
        submitted_at,
        id: Some(id),
    };
    Ok(rows.into_iter().map(info).collect())
}

/// The text of the version that stands for a stage: the newest submitted.
pub fn standing_text(conn: &mut Conn, bid: &Granted<BidKey>, stage: Stage) -> Result<Option<String>> {
    Ok(bid_versions::table
        .filter(bid_versions::bid_id.eq(bid.id()))
        .filter(bid_versions::stage.eq(stage))
        .order(bid_versions::number.desc())
        .select(bid_versions::data)
        .first(conn)
        .optional()?)
}

/// The texts of the versions that stand for a stage, by the bids of a round.
pub fn standing_texts(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    stage: Stage,
) -> Result<BTreeMap<Id<BidKey>, String>> {
    let rows: Vec<(Id<BidKey>, String)> = bid_versions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bid_versions::stage.eq(stage))
        .order(bid_versions::number)
        .select((bids::id, bid_versions::data))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// What a list of bids shows of one.
#[derive(Debug, Clone, Queryable)]
pub struct Row {
    /// The bid.
    pub bid: Bid,
    /// The name of the lead authority.
    pub lead: String,
}

/// How a list of bids is narrowed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<String>,
    /// Only for this phase.
    pub phase: Option<String>,
    /// Only with these words in title, reference or the lead's name.
    pub words: Option<String>,
}

/// Bids that the viewer's own organisations lead or take part in, newest first.
pub fn own(conn: &mut Conn, sight: &Sight, after: Option<Id<BidKey>>, limit: i64) -> Result<Vec<Row>> {
    let joined: Vec<Id<BidKey>> = partners::table
        .filter(partners::organisation_id.eq_any(&sight.organisations))
        .filter(partners::state.eq_any(["invited", "confirmed"]))
        .select(partners::bid_id)
        .load(conn)?;
    let mut query = bids::table
        .inner_join(organisations::table)
        .filter(bids::lead_id.eq_any(sight.organisations.clone()).or(bids::id.eq_any(joined)))
        .order(bids::id.desc())
        .limit(limit)
        .select((Bid::as_select(), organisations::name))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(bids::id.lt(after));
    }
    Ok(query.load(conn)?)
}

/// The submitted bids of a round as its staff see them, by reference; what a conflict of interest hides is left out.
pub fn of_round(
    conn: &mut Conn,
    round: &Granted<RoundKey>,
    sight: &Sight,
    filter: &Filter,
    (after, limit): (Option<Id<BidKey>>, i64),
) -> Result<Vec<Row>> {
    let mut query = bids::table
        .inner_join(organisations::table)
        .filter(bids::round_id.eq(round.id()))
        .filter(bids::kind.ne(BidKind::Draft))
        .order(bids::id)
        .select((Bid::as_select(), organisations::name))
        .into_boxed();
    if !sight.hidden.is_empty() {
        query = query.filter(bids::id.ne_all(sight.hidden.clone()));
    }
    if let Some(state) = &filter.state {
        query = query.filter(bids::state.eq(state.clone()));
    }
    if let Some(phase) = &filter.phase {
        query = query.filter(bids::phase.eq(phase.clone()));
    }
    if let Some(after) = after {
        query = query.filter(bids::id.gt(after));
    }
    let Some(words) = &filter.words else { return Ok(query.limit(limit).load(conn)?) };
    let mut rows: Vec<Row> = query.load(conn)?;
    rows.retain(|row| row.contains(words));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

impl Row {
    /// Case is folded here because the databases fold it differently.
    fn contains(&self, words: &str) -> bool {
        let words = words.to_lowercase();
        [&self.bid.title, &self.bid.reference, &self.lead].iter().any(|text| text.to_lowercase().contains(&words))
    }
}
