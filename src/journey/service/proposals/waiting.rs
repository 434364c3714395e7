//! The proposals that wait for the fund: what of each round its managers have to agree to.

use std::collections::BTreeMap;

use super::look::{ProposalView, view};
use crate::{
    db::Conn,
    error::Result,
    funds::{self, model::Round},
    http::{App, Call, Scene},
    identity::policy::{self, Action},
    partnerships::proposals::store,
};

/// How many proposals wait for the caller as a manager of the fund, by the place of their round in addresses.
///
/// # Errors
/// When the database fails.
pub async fn counted(app: &App, call: &Call) -> Result<BTreeMap<String, usize>> {
    call.read(app, |conn, scene| {
        let mut counts = BTreeMap::new();
        for (round, _) in found(conn, scene)? {
            *counts.entry(round).or_default() += 1;
        }
        Ok(counts)
    })
    .await
}

/// Those of one round, whoever was asked first comes first, for the managers of its fund.
///
/// # Errors
/// As policy says.
pub async fn waiting(app: &App, call: &Call, slug: String) -> Result<(Round, Vec<ProposalView>)> {
    call.read(app, move |conn, scene| {
        let round = funds::store::round_by_slug(conn, &slug).map_err(|_unknown| policy::hidden_from(&scene.actor))?;
        policy::round(conn, &scene.actor, Action::EditRound, round.id)?;
        let found = found(conn, scene)?.into_iter().filter(|(of, _)| *of == round.slug);
        Ok((round.clone(), found.map(|(_, view)| view).collect()))
    })
    .await
}

/// Each with its round. What is hidden from a manager by a conflict of interest, and what waits for others first, is not theirs.
fn found(conn: &mut Conn, scene: &Scene) -> Result<Vec<(String, ProposalView)>> {
    let sight = policy::sight(conn, &scene.actor)?;
    let mut waiting = Vec::new();
    for (round, proposal) in store::asked_of_funds(conn, &sight)? {
        let shown = view(conn, scene, proposal)?.filter(|view| view.may_agree);
        waiting.extend(shown.map(|view| (round, view)));
    }
    Ok(waiting)
}
