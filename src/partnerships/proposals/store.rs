//! The SQL of proposals. Each change names the version that it starts from, so that of two at once one wins.

use diesel::{delete, insert_into, prelude::*, update};

use super::model::{Consent, Proposal, ProposalKind, ProposalState, Proposed, Side};
use crate::{
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{bids, partnership_consents as consents, partnership_proposals as proposals, rounds},
    },
    error::{AppError, Result},
    funds::rulebook::Stage,
    identity::policy::Sight,
    ids::{BidKey, Id, OrganisationKey, PersonKey, RowKey},
};

/// A proposal as it is kept.
#[derive(Queryable, Selectable)]
#[diesel(table_name = proposals)]
struct Row {
    id: Id<RowKey>,
    bid_id: Id<BidKey>,
    kind: ProposalKind,
    other_bid_id: Option<Id<BidKey>>,
    organisation_id: Id<OrganisationKey>,
    stage: Stage,
    terms: Doc<Proposed>,
    words: String,
    state: ProposalState,
    proposed_by: Id<PersonKey>,
    proposed_for: Id<OrganisationKey>,
    proposed_at: Moment,
    ended_at: Option<Moment>,
    ended_why: Option<String>,
    version: i32,
}

impl From<Row> for Proposal {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            bid_id: row.bid_id,
            kind: row.kind,
            other_bid_id: row.other_bid_id,
            organisation_id: row.organisation_id,
            stage: row.stage,
            terms: row.terms.0,
            words: row.words,
            state: row.state,
            proposed_by: row.proposed_by,
            proposed_for: row.proposed_for,
            proposed_at: row.proposed_at,
            ended_at: row.ended_at,
            ended_why: row.ended_why,
            version: row.version,
        }
    }
}

/// The proposals about a bid, whether it stays or ends by them, newest first. Which of them somebody may read is for
/// whoever shows them to say.
///
/// # Errors
/// When the database fails.
pub fn of_bid(conn: &mut Conn, bid: Id<BidKey>) -> Result<Vec<Proposal>> {
    let rows: Vec<Row> = proposals::table
        .filter(proposals::bid_id.eq(bid).or(proposals::other_bid_id.eq(Some(bid))))
        .order((proposals::proposed_at.desc(), proposals::id.desc()))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Proposal::from).collect())
}

/// One of them.
///
/// # Errors
/// `NotFound`.
pub fn one(conn: &mut Conn, bid: Id<BidKey>, id: Id<RowKey>) -> Result<Proposal> {
    of_bid(conn, bid)?.into_iter().find(|proposal| proposal.id == id).ok_or(AppError::NotFound)
}

/// The open proposals to which the funds that somebody manages were asked to agree and have not, each with its round's place in
/// addresses; who was asked first comes first.
///
/// # Errors
/// When the database fails.
pub fn asked_of_funds(conn: &mut Conn, sight: &Sight) -> Result<Vec<(String, Proposal)>> {
    let asked: Vec<(Id<RowKey>, String)> = consents::table
        .inner_join(proposals::table)
        .inner_join(bids::table.on(bids::id.eq(proposals::bid_id)))
        .inner_join(rounds::table.on(rounds::id.eq(bids::round_id)))
        .filter(consents::side.eq(Side::Fund))
        .filter(consents::agreed_at.is_null())
        .filter(proposals::state.eq(ProposalState::Open))
        .filter(rounds::fund_id.eq_any(&sight.managed))
        .filter(bids::id.ne_all(&sight.hidden))
        .order((consents::asked_at, proposals::id))
        .select((proposals::id, rounds::slug))
        .load(conn)?;
    let mut found = Vec::with_capacity(asked.len());
    for (id, round) in asked {
        let row: Row = proposals::table.find(id).select(Row::as_select()).first(conn)?;
        found.push((round, Proposal::from(row)));
    }
    Ok(found)
}

/// Puts a proposal in.
///
/// # Errors
/// When the database fails.
pub fn insert(conn: &mut Conn, new: &Proposal) -> Result<()> {
    insert_into(proposals::table)
        .values((
            proposals::id.eq(new.id),
            proposals::bid_id.eq(new.bid_id),
            proposals::kind.eq(new.kind),
            proposals::other_bid_id.eq(new.other_bid_id),
            proposals::organisation_id.eq(new.organisation_id),
            proposals::stage.eq(new.stage),
            proposals::terms.eq(Doc(new.terms.clone())),
            proposals::words.eq(&new.words),
            proposals::state.eq(new.state),
            proposals::proposed_by.eq(new.proposed_by),
            proposals::proposed_for.eq(new.proposed_for),
            proposals::proposed_at.eq(new.proposed_at),
            proposals::version.eq(new.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Counts a change of an open proposal; says whether it stood as `proposal` says.
///
/// # Errors
/// When the database fails.
pub fn touch(conn: &mut Conn, proposal: &Proposal) -> Result<bool> {
    let row = proposals::table.find(proposal.id).filter(proposals::version.eq(proposal.version));
    let changed = update(row.filter(proposals::state.eq(ProposalState::Open)))
        .set(proposals::version.eq(proposal.version + 1))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Ends an open proposal; says whether it was open. Nobody is asked any more.
///
/// # Errors
/// When the database fails.
pub fn end(conn: &mut Conn, id: Id<RowKey>, (state, why): (ProposalState, Option<&str>), now: Moment) -> Result<bool> {
    let open = proposals::table.find(id).filter(proposals::state.eq(ProposalState::Open));
    let changed = update(open)
        .set((
            proposals::state.eq(state),
            proposals::ended_at.eq(Some(now)),
            proposals::ended_why.eq(why),
            proposals::version.eq(proposals::version + 1),
        ))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Who is asked, and who has agreed.
///
/// # Errors
/// When the database fails.
pub fn consents(conn: &mut Conn, proposal: Id<RowKey>) -> Result<Vec<Consent>> {
    Ok(consents::table
        .filter(consents::proposal_id.eq(proposal))
        .order(consents::asked_at)
        .select((
            consents::side,
            consents::organisation_id,
            consents::asked_at,
            consents::agreed_at,
            consents::person_id,
            consents::seen,
        ))
        .load(conn)?)
}

/// Keeps who is asked or has agreed, over what stood of them.
///
/// # Errors
/// When the database fails.
pub fn put_consent(conn: &mut Conn, proposal: Id<RowKey>, consent: &Consent) -> Result<()> {
    take_consent(conn, proposal, consent.side)?;
    insert_into(consents::table)
        .values((
            consents::proposal_id.eq(proposal),
            consents::side.eq(consent.side),
            consents::organisation_id.eq(consent.organisation_id),
            consents::asked_at.eq(consent.asked_at),
            consents::agreed_at.eq(consent.agreed_at),
            consents::person_id.eq(consent.person_id),
            consents::seen.eq(consent.seen.as_deref()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes out whoever is asked no more.
///
/// # Errors
/// When the database fails.
pub fn take_consent(conn: &mut Conn, proposal: Id<RowKey>, side: Side) -> Result<()> {
    let row = consents::table.filter(consents::proposal_id.eq(proposal)).filter(consents::side.eq(side));
    delete(row).execute(conn)?;
    Ok(())
}
