//! The queue of a round's moderation.

use super::{Crossing, Read, crossing, look, open::unfinished, opening, queued};
use crate::{
    assessment::{
        moderation::model::{ModerationState, Queue},
        service::in_the_running,
    },
    db::Conn,
    error::Result,
    http::{App, Call, Scene},
};

/// The bids of a round in moderation, without those with which the reader has a conflict of interest: in no list and in no count.
///
/// # Errors
/// `Forbidden` for assessors; `NotFound` for others who are not of the fund's staff.
pub async fn queue(app: &App, call: &Call, slug: String) -> Result<Queue> {
    let crossing = crossing(app, call, slug.clone()).await?;
    call.read(app, move |conn, scene| of_round(conn, scene, &slug, &crossing)).await
}

pub(super) fn of_round(conn: &mut Conn, scene: &Scene, slug: &str, crossing: &Crossing) -> Result<Queue> {
    let (granted, round, sight) = look(conn, scene, slug)?;
    let opened = opening(conn, scene, &granted)?;
    let visible = in_the_running(conn, &granted, &sight)?;
    let unfinished = unfinished(conn, &granted, &visible)?;
    let bids = match opened {
        Some(_) => queued(Read::of_round(conn, &granted, &round, &sight)?, &round, crossing),
        None => Vec::new(),
    };
    let count = |wanted: &[ModerationState]| {
        u32::try_from(bids.iter().filter(|bid| wanted.contains(&bid.state)).count()).unwrap_or(u32::MAX)
    };
    let settled = count(&[ModerationState::Agreed, ModerationState::PassedOver]);
    let of = settled + count(&[ModerationState::Waiting]);
    Ok(Queue { opened, unfinished, of, settled, at_line: crossing.known.clone(), bids })
}
