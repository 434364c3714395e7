//! The scores of a round without names, which are published with its awards where its rules say so.

use std::collections::BTreeMap;

use super::{
    eois::closed,
    published::{announced, announced_round, public_round},
};
use crate::{
    assessment::{
        model::BidRow,
        rankings::open::{OpenBid, OpenScores, open_scores},
    },
    awards::public::{Council, PublicPartner, PublishedScores, ScoredBid, ScoredCriterion},
    bids::holds::{self, model::shows_from},
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::{
        model::{Milestone, RoundInFull},
        rulebook::Criterion,
    },
    http::{App, Call, Scene},
    identity::policy::BidKind,
};

/// The scores of a round without names.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist, for one whose awards are not announced, and for one that does not publish
/// its scores.
pub async fn published_scores(app: &App, call: &Call, slug: String) -> Result<PublishedScores> {
    call.read(app, move |conn, scene| {
        let (full, since) = publishing(conn, scene, &slug)?;
        scores(conn, scene, full, since)
    })
    .await
}

/// Whether the scores of a round are published by now.
///
/// # Errors
/// When the database fails.
pub async fn scores_are_published(app: &App, call: &Call, slug: String) -> Result<bool> {
    call.read(app, move |conn, scene| match publishing(conn, scene, &slug) {
        Ok(_) => Ok(true),
        Err(AppError::NotFound) => Ok(false),
        Err(fault) => Err(fault),
    })
    .await
}

/// A round whose awards are announced and whose rules say that the scores are published with them.
fn publishing(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<(RoundInFull, Moment)> {
    let (full, since) = announced_round(conn, scene, slug)?;
    if full.rulebook.assessment.publish_scores { Ok((full, since)) } else { Err(AppError::NotFound) }
}

fn scores(conn: &mut Conn, scene: &Scene, full: RoundInFull, since: Moment) -> Result<PublishedScores> {
    let spans = holds::store::spans_of_round(conn, full.round.id)?;
    // Where bids are decided on one by one, the scores of one that is not decided would tell of what is to come.
    let one_by_one = full.timetable.at(Milestone::Announcement).is_none();
    let out_since = |bid: &BidRow| {
        let spans = spans.get(&bid.id).map(Vec::as_slice).unwrap_or_default();
        let decided = matches!(bid.kind, BidKind::Decided | BidKind::Delivery | BidKind::Closed);
        shows_from(spans, since).filter(|from| *from <= scene.now && (decided || !one_by_one))
    };
    let OpenScores { ranked_at, replay, bids } = open_scores(conn, &full, |bid| out_since(bid).is_some())?;
    let lifted = spans.values().filter_map(|spans| shows_from(spans, since)).filter(|from| *from <= scene.now);
    let changed_at = ranked_at.into_iter().chain(lifted).fold(since, Moment::max);
    let mut known = known(conn, scene, &full.round.slug)?;
    let scored = |OpenBid { reference, place, readings, .. }: OpenBid| {
        let (title, organisations) = known.remove(&reference).unzip();
        ScoredBid { title, organisations: organisations.unwrap_or_default(), reference, place, readings }
    };
    Ok(PublishedScores {
        bids: bids.into_iter().map(scored).collect(),
        announced_at: since,
        changed_at,
        by: full.rulebook.assessment.ranking.by,
        criteria: full.rulebook.criteria.iter().map(criterion).collect(),
        replay,
        round: public_round(full),
    })
}

fn criterion(of: &Criterion) -> ScoredCriterion {
    ScoredCriterion { id: of.id.clone(), title: of.title.clone(), weight: of.weight }
}

/// The titles and organisations of a round's bids that everybody may read elsewhere, by reference.
fn known(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<BTreeMap<String, (String, Vec<String>)>> {
    let mut known = BTreeMap::new();
    match closed(conn, scene, slug) {
        Ok(list) => known.extend(list.bids.into_iter().map(|bid| {
            let organisations = names(&bid.lead, &bid.partners);
            (bid.reference, (bid.title, organisations))
        })),
        Err(AppError::NotFound) => {}
        Err(fault) => return Err(fault),
    }
    let awards = announced(conn, scene, slug)?.awards;
    known.extend(awards.into_iter().map(|award| {
        let organisations = names(&award.lead, &award.partners);
        (award.reference, (award.title, organisations))
    }));
    Ok(known)
}

fn names(lead: &Council, partners: &[PublicPartner]) -> Vec<String> {
    let partners = PublicPartner::names(partners, PublicPartner::TAKING_PART);
    std::iter::once(lead.name.as_str()).chain(partners).map(ToOwned::to_owned).collect()
}
