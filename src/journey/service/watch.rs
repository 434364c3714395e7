//! What becomes void when a bid says something else than what people stood behind: its signature, what its own people
//! approved, and the list of outcomes that it stands on; and who is asked once more people can approve.

use serde::Deserialize;

use crate::{
    actor::Actor,
    approvals::{
        self,
        model::{Request, Thing, Words},
    },
    awards, bids,
    db::Conn,
    error::Result,
    funds,
    http::{App, Call, Scene},
    identity::policy::{self, Action, Granted},
    ids::{BidKey, FundKey, Id},
    jobs::{self, Handler},
    journey::amendments,
    partnerships,
};

/// What the job carries.
#[derive(Deserialize)]
struct Changed {
    bid: Id<BidKey>,
}

/// The handler of [`CONTENT_CHANGED_JOB`](crate::bids::service::CONTENT_CHANGED_JOB).
pub fn content_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, changed: Changed| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| content_changed(conn, scene, changed.bid)).await
    })
}

fn content_changed(conn: &mut Conn, scene: &Scene, id: Id<BidKey>) -> Result<()> {
    let bid = policy::bid(conn, &scene.actor, Action::ReadBid, id)?;
    partnerships::sign_offs::service::void_if_changed(conn, scene, &bid)?;
    for request in approvals::service::open_of_bid(conn, &bid)? {
        if let Some((thing, words)) = asked(conn, scene, &bid, &request)? {
            approvals::service::changed(conn, scene, (&thing, &words))?;
        }
    }
    let round = bids::store::load(conn, &bid)?.round_id;
    awards::service::version_changed(conn, scene, round)
}

/// What a request about a bid is about.
fn asked(conn: &mut Conn, scene: &Scene, bid: &Granted<BidKey>, request: &Request) -> Result<Option<(Thing, Words)>> {
    let row = bids::store::load(conn, bid)?;
    let definition = funds::store::workflow(conn, row.workflow_id)?;
    let Some(transition) = definition.transition(&request.subject) else { return Ok(None) };
    approvals::service::transition(conn, scene, bid, transition)
}

/// What the job about new people carries.
#[derive(Deserialize)]
struct Joined {
    fund: Id<FundKey>,
}

/// The handler of [`APPROVERS_JOB`](crate::funds::service::APPROVERS_JOB): whoever can approve only since something was
/// asked for is asked too.
pub fn approvers_handler(app: &App) -> Handler {
    jobs::handler(app, |app: App, joined: Joined| async move {
        let call = Call::by(Actor::System, app.clock.now());
        call.write(&app, move |conn, scene| ask_newcomers(conn, scene, joined.fund)).await
    })
}

fn ask_newcomers(conn: &mut Conn, scene: &Scene, fund: Id<FundKey>) -> Result<()> {
    for (request, round, bid) in approvals::service::open_of_fund(conn, fund)? {
        let Some(bid) = bid else {
            awards::service::ask_newcomers(conn, scene, round, &request)?;
            amendments::service::ask_newcomers(conn, scene, round, &request)?;
            continue;
        };
        let bid = policy::bid(conn, &scene.actor, Action::ReadBid, bid)?;
        if let Some((thing, words)) = asked(conn, scene, &bid, &request)? {
            approvals::service::ask_newcomers(conn, scene, (&thing, &words), &request)?;
        }
    }
    Ok(())
}
