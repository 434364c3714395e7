//! The SQL of what everybody may read. Every query of a decision asks for released milestones alone.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    awards::{
        model::Gate,
        public::{Council, PublicPartner},
    },
    bids::{model::Provenance, partner::PartnerKind},
    clock::Moment,
    db::{
        Conn, Doc,
        schema::{bid_versions, bids, decisions, organisations, partners},
    },
    error::Result,
    funds::{model::Milestone, rulebook::Stage},
    identity::model::OrganisationKind,
    ids::{BidKey, Id, RoundKey, WorkflowKey},
    money::Pence,
    workflow::State,
};

/// A funded bid with its award.
#[derive(Debug, Queryable)]
pub struct AwardRow {
    /// The bid.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Its phase.
    pub phase: Option<String>,
    /// What it asked for.
    pub ask_pence: Option<Pence>,
    /// What of it is fact and what illustration.
    pub known: Doc<Provenance>,
    /// The lead authority.
    pub lead: CouncilRow,
    /// At which gate: the award's, or the reserve's.
    pub gate: Gate,
    /// When it was decided.
    pub decided_at: Moment,
    /// How much is awarded.
    pub amount_pence: Option<Pence>,
    /// Its place in the ranking.
    pub place: Option<i32>,
    /// Why, where the ranking said otherwise.
    pub reason: Option<String>,
    /// The milestone at which it shows, if it did not show at once.
    pub release: Option<Milestone>,
}

/// The bids of a round about which alone something is read; every one where none are named.
pub type Only<'a> = Option<&'a [Id<BidKey>]>;

/// Name, org-id and ONS code.
pub type CouncilRow = (String, Option<String>, Option<String>);

/// A council from its row.
pub fn council((name, org_id, ons_code): CouncilRow) -> Council {
    Council { name, org_id, ons_code }
}

/// The awards of a round that show at once or at the milestone, by reference. Whether the milestone is released, and whether
/// a bid was on hold then, is the caller's to have asked.
pub fn awards(
    conn: &mut Conn,
    (round, only): (Id<RoundKey>, Only<'_>),
    released: Option<Milestone>,
) -> Result<Vec<AwardRow>> {
    let mut query = decisions::table
        .inner_join(bids::table.inner_join(organisations::table))
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::gate.eq_any(Gate::AWARDING))
        .filter(decisions::amount_pence.is_not_null())
        .filter(decisions::release.is_null().or(decisions::release.eq_any(released)))
        .order(bids::reference)
        .select((
            bids::id,
            bids::reference,
            bids::title,
            bids::phase,
            bids::ask_pence,
            bids::known,
            (organisations::name, organisations::org_id, organisations::ons_code),
            decisions::gate,
            decisions::decided_at,
            decisions::amount_pence,
            decisions::place,
            decisions::reason,
            decisions::release,
        ))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(bids::id.eq_any(only.iter().copied()));
    }
    Ok(query.load(conn)?)
}

/// The decisions not to fund that show at a milestone and say why the ranking is departed from: bid, place and reason. Whether the
/// milestone is released, and whether a bid was on hold then, is the caller's to have asked.
pub fn passed_over(
    conn: &mut Conn,
    round: Id<RoundKey>,
    released: Milestone,
) -> Result<Vec<(Id<BidKey>, Option<i32>, String)>> {
    let mut rows: Vec<(Id<BidKey>, Option<i32>, Option<String>)> = decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::gate.eq(Gate::Award))
        .filter(decisions::amount_pence.is_null())
        .filter(decisions::release.eq(released))
        .filter(decisions::reason.is_not_null())
        .order(bids::reference)
        .select((bids::id, decisions::place, decisions::reason))
        .load(conn)?;
    rows.sort_by_key(|(_, place, _)| (place.is_none(), *place));
    Ok(rows.into_iter().filter_map(|(bid, place, reason)| Some((bid, place, reason?))).collect())
}

/// The partners that have confirmed, by bid and name.
pub fn confirmed_partners(conn: &mut Conn, bids: &[Id<BidKey>]) -> Result<BTreeMap<Id<BidKey>, Vec<PublicPartner>>> {
    type Row = (Id<BidKey>, CouncilRow, OrganisationKind, Option<PartnerKind>);
    let rows: Vec<Row> = partners::table
        .inner_join(organisations::table)
        .filter(partners::bid_id.eq_any(bids))
        .filter(partners::state.eq("confirmed"))
        .order((organisations::name, organisations::id))
        .select((
            partners::bid_id,
            (organisations::name, organisations::org_id, organisations::ons_code),
            organisations::kind,
            partners::kind,
        ))
        .load(conn)?;
    let mut by_bid: BTreeMap<Id<BidKey>, Vec<PublicPartner>> = BTreeMap::new();
    for (bid, row, body, kind) in rows {
        let kind = kind.unwrap_or(PartnerKind::of_itself(body));
        by_bid.entry(bid).or_default().push(PublicPartner { council: council(row), kind });
    }
    Ok(by_bid)
}

/// A submitted expression of interest with the version that stands.
#[derive(Debug, Queryable)]
pub struct EoiRow {
    /// The bid.
    pub id: Id<BidKey>,
    /// What of it is fact and what illustration.
    pub known: Doc<Provenance>,
    /// The workflow that it is pinned to.
    pub workflow_id: Id<WorkflowKey>,
    /// The lead authority.
    pub lead: CouncilRow,
    /// The submitted version as it was hashed.
    pub text: String,
    /// When that was submitted.
    pub submitted_at: Moment,
}

/// The expressions of interest of a round that were submitted and not withdrawn, each in the version that stands.
pub fn expressions_of_interest(conn: &mut Conn, (round, only): (Id<RoundKey>, Only<'_>)) -> Result<Vec<EoiRow>> {
    let mut query = bid_versions::table
        .inner_join(bids::table.inner_join(organisations::table))
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(bid_versions::stage.eq(Stage::Eoi))
        .order((bids::reference, bid_versions::number))
        .select((
            bids::id,
            bids::known,
            bids::workflow_id,
            (organisations::name, organisations::org_id, organisations::ons_code),
            bid_versions::data,
            bid_versions::submitted_at,
        ))
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(bids::id.eq_any(only.iter().copied()));
    }
    let rows: Vec<EoiRow> = query.load(conn)?;
    let mut standing: Vec<EoiRow> = Vec::with_capacity(rows.len());
    for row in rows {
        // A newer version takes the place of the one before.
        standing.pop_if(|before| before.id == row.id);
        standing.push(row);
    }
    Ok(standing)
}

/// When the last bid was funded from the reserve list of a round; that shows at once.
pub fn last_reserve(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Moment>> {
    Ok(decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::gate.eq(Gate::Reserve))
        .order(decisions::decided_at.desc())
        .select(decisions::decided_at)
        .first(conn)
        .optional()?)
}

/// A decision that shows at once, or at a milestone that is released: bid, gate, transition, and the milestone.
pub type Released = (Id<BidKey>, Gate, String, Option<Milestone>);

/// The decisions on a round's bids that show at once or at one of these milestones, gate by gate. Whether a bid was on hold
/// when its milestone came is the caller's to ask.
pub fn released_decisions(conn: &mut Conn, round: Id<RoundKey>, released: &[Milestone]) -> Result<Vec<Released>> {
    let mut rows: Vec<Released> = decisions::table
        .inner_join(bids::table)
        .filter(bids::round_id.eq(round))
        .filter(bids::state.ne(State::WITHDRAWN))
        .filter(decisions::release.is_null().or(decisions::release.eq_any(released.iter().copied())))
        .select((decisions::bid_id, decisions::gate, decisions::transition, decisions::release))
        .load(conn)?;
    rows.sort_by_key(|(_, gate, ..)| *gate);
    Ok(rows)
}
