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
/// Of those that the reader assesses and reads blind still it says how many there are.
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
    let (read, blind) = match opened {
        Some(_) => Read::of_round(conn, &granted, &round, &sight)?,
        None => (Vec::new(), 0),
    };
    let bids = queued(read, &round, crossing);
    let number = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    let count = |wanted: &[ModerationState]| number(bids.iter().filter(|bid| wanted.contains(&bid.state)).count());
    let settled = count(&[ModerationState::Agreed, ModerationState::PassedOver]);
    let of = settled + count(&[ModerationState::Waiting]);
    let at_line = crossing.known.clone();
    Ok(Queue { opened, unfinished, of, settled, blind: number(blind), at_line, bids })
}
