//! What everybody may read of a round's bids and awards. No policy is asked here: what is not released does not exist.

use std::collections::BTreeSet;

use crate::{
    actor::Actor,
    awards::{
        model::Gate,
        open_data::rounds::OpenRound,
        public::{Award, AwardList, Council, PassedOver, PublicPartner, PublicRound},
        store::{
            self,
            public::{AwardRow, Only},
        },
    },
    bids::holds::{self, model::shows_from},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::{
        self,
        model::{Milestone, RoundInFull, RoundState},
    },
    http::{App, Call, Scene},
    identity::policy,
    ids::{BidKey, Id},
};

/// Feeds and calendars carry at most so many rounds, the newest.
const MOST_ROUNDS: i64 = 1_000;
/// And of each round so many answers to questions, the newest.
const MOST_ANSWERS: usize = 20;

/// The award list of a round; there is none before the announcement.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist and for one whose awards are not announced.
pub async fn award_list(app: &App, call: &Call, slug: String) -> Result<AwardList> {
    call.read(app, move |conn, scene| announced(conn, scene, &slug)).await
}

/// A published round and when its awards are announced, whatever has been decided.
///
/// # Errors
/// `NotFound` when there is no such round.
pub async fn announcement(app: &App, call: &Call, slug: String) -> Result<(PublicRound, Option<Moment>)> {
    call.read(app, move |conn, _| {
        let full = published_round(conn, &slug)?;
        let at = full.timetable.at(Milestone::Announcement);
        Ok((public_round(full), at))
    })
    .await
}

pub(in crate::awards) fn announced(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<AwardList> {
    announced_of(conn, scene, slug, None)
}

/// The same of some bids alone: what concerns the whole list is then of these.
pub(in crate::awards) fn announced_of(conn: &mut Conn, scene: &Scene, slug: &str, only: Only<'_>) -> Result<AwardList> {
    let full = published_round(conn, slug)?;
    let release = store::release_of(conn, full.round.id, Milestone::Announcement)?;
    let release = release.filter(|release| release.shown_from <= scene.now);
    let milestone = release.map(|release| release.milestone);
    let rows = store::public::awards(conn, (full.round.id, only), milestone)?;
    let last = rows.iter().map(|row| row.decided_at).max();
    // Awards that are decided on one by one are announced by being decided.
    let one_by_one = last.filter(|_| full.timetable.at(Milestone::Announcement).is_none());
    let announced_at = release.map(|release| release.shown_from).or(one_by_one).ok_or(AppError::NotFound)?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut partners = store::public::confirmed_partners(conn, &ids)?;
    let spans = holds::store::spans_of_round(conn, full.round.id)?;
    let mut funded = BTreeSet::new();
    let awards: Vec<Award> = rows
        .into_iter()
        .filter_map(|row| {
            let spans = spans.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            // What shows at once was decided while nothing held the bid.
            let shown = if row.release.is_some() { shows_from(spans, announced_at)? } else { row.decided_at };
            let partners = partners.remove(&row.id).unwrap_or_default();
            funded.insert(row.id);
            Some(award(row, partners, shown))
        })
        .collect();
    let passed_over = match milestone.filter(|_| only.is_none()) {
        Some(milestone) => passed_over(conn, &full, milestone, (announced_at, scene.now), &funded)?,
        None => Vec::new(),
    };
    Ok(AwardList {
        passed_over,
        announced_at,
        changed_at: awards.iter().map(|award| award.awarded_at).fold(announced_at, Moment::max),
        delivery_ends: full.timetable.at(Milestone::DeliveryEnds),
        total_pence: awards.iter().map(|award| award.amount_pence).sum(),
        councils: awards.iter().flat_map(councils).collect::<BTreeSet<_>>().len(),
        round: public_round(full),
        awards,
    })
}

/// Why bids were passed over, without those that were funded from the reserve since. What comes while its bid is on hold waits until
/// that ends.
fn passed_over(
    conn: &mut Conn,
    full: &RoundInFull,
    milestone: Milestone,
    (announced_at, now): (Moment, Moment),
    funded: &BTreeSet<Id<BidKey>>,
) -> Result<Vec<PassedOver>> {
    let spans = holds::store::spans_of_round(conn, full.round.id)?;
    let is_out = |bid: &Id<BidKey>| {
        let spans = spans.get(bid).map(Vec::as_slice).unwrap_or_default();
        shows_from(spans, announced_at).is_some_and(|from| from <= now)
    };
    let rows = store::public::passed_over(conn, full.round.id, milestone)?;
    let out = rows.into_iter().filter(|(bid, ..)| is_out(bid) && !funded.contains(bid));
    Ok(out.map(|(_, place, reason)| PassedOver { place, reason }).collect())
}

/// A round whose awards are announced, and since when; where awards are decided on one by one, since the first of them.
pub(in crate::awards) fn announced_round(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(RoundInFull, Moment)> {
    let full = published_round(conn, slug)?;
    let release = store::release_of(conn, full.round.id, Milestone::Announcement)?;
    let mut since = release.map(|release| release.shown_from).filter(|shown_from| *shown_from <= scene.now);
    if full.timetable.at(Milestone::Announcement).is_none() {
        let awards = store::public::awards(conn, (full.round.id, None), None)?;
        since = awards.iter().map(|award| award.decided_at).min();
    }
    let since = since.ok_or(AppError::NotFound)?;
    Ok((full, since))
}

fn councils(award: &Award) -> impl Iterator<Item = &Council> {
    let taking_part = award.partners.iter().filter(|partner| !partner.supports());
    std::iter::once(&award.lead).chain(taking_part.map(|partner| &partner.council))
}

fn award(row: AwardRow, partners: Vec<PublicPartner>, awarded_at: Moment) -> Award {
    let from_reserve = row.gate == Gate::Reserve;
    let lead = store::public::council(row.lead);
    let partners = partners.into_iter().filter(|partner| partner.council != lead).collect();
    Award {
        reference: row.reference,
        title: row.title,
        lead,
        partners,
        phase: row.phase,
        awarded_at,
        amount_pence: row.amount_pence.unwrap_or_default(),
        asked_pence: row.ask_pence,
        from_reserve,
        place: row.place,
        reason: row.reason,
        illustrative: row.known.0.illustrative,
        known: row.known.0.known,
    }
}

/// Every published round as it stands now, newest first; what the caller may see beside them does not come in.
///
/// # Errors
/// When the database fails.
pub async fn open_rounds(app: &App, call: &Call) -> Result<Vec<OpenRound>> {
    call.read(app, move |conn, scene| {
        let public = policy::sight(conn, &Actor::Public)?;
        let rounds = funds::store::listed(conn, &public, None, MOST_ROUNDS)?;
        let mut open = Vec::with_capacity(rounds.len());
        for round in rounds {
            let answers = funds::questions::newest_answers(conn, round.id, MOST_ANSWERS)?;
            let amended_at = funds::store::amended_at(conn, &round)?;
            open.extend(OpenRound::of(funds::store::in_full(conn, round)?, scene.now, (answers, amended_at)));
        }
        Ok(open)
    })
    .await
}

/// A round that everybody may see.
pub(in crate::awards) fn published_round(conn: &mut Conn, slug: &str) -> Result<RoundInFull> {
    let round = funds::store::round_by_slug(conn, slug)?;
    if round.state == RoundState::Draft {
        return Err(AppError::NotFound);
    }
    funds::store::in_full(conn, round)
}

/// What lists need of a round.
pub(in crate::awards) fn public_round(full: RoundInFull) -> PublicRound {
    PublicRound {
        slug: full.round.slug,
        title: full.round.title,
        note: full.round.note,
        fund: full.fund.name,
        fund_slug: full.fund.slug,
        funder: full.fund.funder,
        funder_org_id: full.fund.funder_org_id,
    }
}
