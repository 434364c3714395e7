//! What becomes void when a bid says something else than what people stood behind: its signature, what its own people
//! approved, and the list of outcomes that it stands on.

use std::sync::Arc;

use serde::Deserialize;

use crate::{
    actor::Actor,
    approvals, awards, bids,
    db::Conn,
    error::Result,
    funds,
    http::{App, Call, Scene},
    identity::policy::{self, Action},
    ids::{BidKey, Id},
    jobs::{Handler, Job, Refusal},
    partnerships,
};

/// What the job carries.
#[derive(Deserialize)]
struct Changed {
    bid: Id<BidKey>,
}

/// The handler of [`CONTENT_CHANGED_JOB`](crate::bids::service::CONTENT_CHANGED_JOB).
pub fn content_handler(app: &App) -> Handler {
    let app = app.clone();
    Arc::new(move |job| Box::pin(done(app.clone(), job)))
}

async fn done(app: App, job: Job) -> Result<(), Refusal> {
    let changed: Changed = serde_json::from_value(job.payload.0).map_err(|fault| Refusal::Never(fault.to_string()))?;
    let call = Call::by(Actor::System, app.clock.now());
    let look = call.write(&app, move |conn, scene| content_changed(conn, scene, changed.bid));
    look.await.map_err(Refusal::from)
}

fn content_changed(conn: &mut Conn, scene: &Scene, id: Id<BidKey>) -> Result<()> {
    let bid = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    partnerships::service::void_if_changed(conn, scene, &bid)?;
    let row = bids::store::load(conn, &bid)?;
    for request in approvals::service::open_of_bid(conn, &bid)? {
        let definition = funds::store::workflow(conn, row.workflow_id)?;
        let Some(transition) = definition.transition(&request.subject) else { continue };
        if let Some((thing, words)) = approvals::service::transition(conn, scene, &bid, transition)? {
            approvals::service::changed(conn, scene, (&thing, &words))?;
        }
    }
    awards::service::version_changed(conn, scene, row.round_id)
}
