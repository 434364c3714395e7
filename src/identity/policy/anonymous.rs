//! Whether a round's assessors read without knowing whose bid it is: its rules say so, and it ends when the awards are announced.

use diesel::prelude::*;
use serde::Deserialize;

use super::BidKind;
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{milestones, releases, rounds, rulebooks},
    },
    error::Result,
    ids::{Id, RoundKey},
};

/// The milestone with which awards are announced.
const ANNOUNCEMENT: &str = "announcement";

/// As much of a round's rules as is asked for here.
#[derive(Default, Deserialize)]
struct Rules {
    #[serde(default)]
    assessment: Assessment,
}

#[derive(Default, Deserialize)]
struct Assessment {
    #[serde(default)]
    anonymous: bool,
}

/// Whether a round's assessors read without names at an instant.
///
/// # Errors
/// When the database fails, or the rules cannot be read.
pub fn is_anonymous(conn: &mut Conn, round: Id<RoundKey>, now: Moment) -> Result<bool> {
    Ok(says_so(conn, round)? && !is_announced(conn, round, now)?)
}

/// The same of a bid that is in this kind of state: where no announcement is awaited, awards are announced one by one.
pub(super) fn hides_names(conn: &mut Conn, round: Id<RoundKey>, kind: Option<BidKind>, now: Moment) -> Result<bool> {
    if !is_anonymous(conn, round, now)? {
        return Ok(false);
    }
    let decided = matches!(kind, Some(BidKind::Decided | BidKind::Delivery));
    Ok(!decided || announced_at(conn, round)?.is_some())
}

fn says_so(conn: &mut Conn, round: Id<RoundKey>) -> Result<bool> {
    let text: Option<String> = rulebooks::table
        .filter(rulebooks::round_id.eq(round))
        .order(rulebooks::number.desc())
        .select(rulebooks::data)
        .first(conn)
        .optional()?;
    // Most rounds do not, and their rules are long.
    let Some(text) = text.filter(|text| text.contains("\"anonymous\"")) else { return Ok(false) };
    Ok(serde_json::from_str::<Rules>(&text)?.assessment.anonymous)
}

/// The date of the announcement, where the round has one.
fn announced_at(conn: &mut Conn, round: Id<RoundKey>) -> Result<Option<Moment>> {
    let date = milestones::table.filter(milestones::round_id.eq(round)).filter(milestones::name.eq(ANNOUNCEMENT));
    Ok(date.select(milestones::at).first(conn).optional()?)
}

/// Whether the awards are announced: their release is approved and the instant has come, before the round was called off if it was.
fn is_announced(conn: &mut Conn, round: Id<RoundKey>, now: Moment) -> Result<bool> {
    let approved: Option<(Moment, Option<Moment>)> = releases::table
        .inner_join(rounds::table)
        .filter(releases::round_id.eq(round))
        .filter(releases::milestone.eq(ANNOUNCEMENT))
        .select((releases::approved_at, rounds::cancelled_at))
        .first(conn)
        .optional()?;
    let Some(((approved, cancelled), at)) = approved.zip(announced_at(conn, round)?) else { return Ok(false) };
    let shown_from = approved.max(at);
    Ok(shown_from <= now && cancelled.is_none_or(|cancelled| shown_from <= cancelled))
}
