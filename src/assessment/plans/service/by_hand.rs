//! What giving a bid by hand and taking it away would change.

use super::{
    super::{by_hand::Candidate, model::NewPlan},
    gather::{gather, names},
};
use crate::{
    assessment::service::{ask_round, look},
    error::Result,
    http::{App, Call},
    identity::policy::{self, Action},
};

/// To whom a bid can be given and from whom it can be taken, with what that is worth; of a round without a pool nobody, since it is
/// not known what its assessors know. Bids that a conflict of interest hides from the reader count in nothing.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid or has a conflict with it; `Forbidden` for whoever does not lead the panel.
pub async fn candidates(app: &App, call: &Call, reference: String) -> Result<Vec<Candidate>> {
    call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::AssignAssessors, &reference)?;
        let (granted, round) = ask_round(conn, scene, Action::AssignAssessors, &asked.round.round.slug)?;
        let inputs = gather(conn, scene, (&granted, &round), NewPlan::default())?;
        let inputs = inputs.without(&policy::sight(conn, &scene.actor)?.hidden);
        let names = names(conn, &granted, &[&inputs])?;
        Ok(inputs.candidates(asked.bid.id, |person| names.person(person).to_owned()))
    })
    .await
}
