//! Whoever assesses for the round too reads no list while they read blind: it follows from the scores of all.

use crate::{
    assessment,
    error::Result,
    funds,
    http::{App, Call},
    identity::policy::{self, Action},
};

/// Refuses whoever reads a bid of the round blind.
///
/// # Errors
/// `NotFound` and `Forbidden` as for rankings; `Conflict` for such a person.
pub(super) async fn must_not_be(app: &App, call: &Call, slug: &str) -> Result<()> {
    let slug = slug.to_owned();
    call.read(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug)?;
        let granted = policy::round(conn, &scene.actor, Action::ReadScores, round.id)?;
        assessment::must_not_read_round_blind(conn, scene, &granted)
    })
    .await
}
