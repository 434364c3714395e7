//! What everybody reads of a round's draws. No policy is asked here: what is not told does not exist.

use std::collections::BTreeMap;

use methods::draw::Drawn;

use crate::{
    awards::{
        draws::{
            public::{PublicDraw, PublicDraws},
            store::{self, Row},
        },
        service::{announced_round, if_published, public_round, published_round},
    },
    bids::holds::{
        self,
        model::{Span, shows_from},
    },
    clock::Moment,
    db::Conn,
    error::{AppError, Result},
    funds::{assessing::DrawRules, model::RoundInFull},
    http::{App, Call, Scene},
    ids::{BidKey, Id, RoundKey},
};

/// The draws of a round as everybody may read them: at once where the rules say so, which bids are in them and what was drawn apart,
/// and everything once the awards are out.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist and for one of which nothing is told.
pub async fn told(app: &App, call: &Call, slug: String) -> Result<PublicDraws> {
    call.read(app, move |conn, scene| {
        let Told { full, announced, rows } = read(conn, scene, &slug)?;
        let shown = Shown::of(conn, full.round.id, (announced, scene.now))?;
        let mut changed_at = None;
        let mut draws = Vec::new();
        for row in rows {
            let out = shown.since(&row)?;
            let at = [Some(row.made_at), row.withdrawn_at(), announced, out];
            changed_at = at.into_iter().flatten().max().max(changed_at);
            draws.push(PublicDraw::of(row, out.is_some())?);
        }
        let changed_at = changed_at.ok_or(AppError::NotFound)?;
        Ok(PublicDraws { round: public_round(full), changed_at, draws })
    })
    .await
}

/// A draw that was made, as `roundtable draw verify` reads it, and since when everybody may.
///
/// # Errors
/// As [`told`]; `NotFound` before its result is out as well.
pub async fn file(app: &App, call: &Call, slug: String, number: i32) -> Result<(Drawn, Moment)> {
    call.read(app, move |conn, scene| {
        let Told { full, announced, rows } = read(conn, scene, &slug)?;
        let row = rows.into_iter().find(|row| row.number == number).ok_or(AppError::NotFound)?;
        let since = Shown::of(conn, full.round.id, (announced, scene.now))?.since(&row)?;
        row.drawn()?.zip(since).ok_or(AppError::NotFound)
    })
    .await
}

/// What there is to tell.
struct Told {
    full: RoundInFull,
    /// When the awards were announced, if they are.
    announced: Option<Moment>,
    rows: Vec<Row>,
}

fn read(conn: &mut Conn, scene: &Scene, slug: &str) -> Result<Told> {
    let full = published_round(conn, slug)?;
    let announced = if_published(announced_round(conn, scene, slug))?.map(|(_, since)| since);
    let told_before = full.rulebook.assessment.draw.as_ref().is_some_and(DrawRules::tells_before);
    if announced.is_none() && !told_before {
        return Err(AppError::NotFound);
    }
    let rows = store::told(conn, full.round.id)?;
    Ok(Told { full, announced, rows })
}

/// Which results are out.
struct Shown {
    announced: Option<Moment>,
    now: Moment,
    spans: BTreeMap<Id<BidKey>, Vec<Span>>,
}

impl Shown {
    fn of(conn: &mut Conn, round: Id<RoundKey>, (announced, now): (Option<Moment>, Moment)) -> Result<Self> {
        Ok(Self { announced, now, spans: holds::store::spans_of_round(conn, round)? })
    }

    /// Since when the result of a draw is out, or what stood in a commitment that was withdrawn, if it is: once the outcomes of all
    /// bids in it are. What comes while one of them is on hold waits until that ends, since the result would tell it.
    fn since(&self, row: &Row) -> Result<Option<Moment>> {
        let (Some(announced), Some(_)) = (self.announced, row.ended_at) else { return Ok(None) };
        let mut since = announced;
        for bid in row.basis()?.candidates() {
            let spans = self.spans.get(&bid.id).map(Vec::as_slice).unwrap_or_default();
            match shows_from(spans, announced) {
                Some(from) if from <= self.now => since = since.max(from),
                _ => return Ok(None),
            }
        }
        Ok(Some(since))
    }
}
