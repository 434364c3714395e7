//! Everybody concerned hears of what was changed about a round: through a job, so that a thousand readers do not hold it up.

use serde::Deserialize;
use serde_json::json;

use super::{
    TOLD_JOB,
    model::{Amendment, AmendmentKind},
    service, store,
};
use crate::{
    actor::Actor,
    db::Conn,
    error::{AppError, Result},
    funds,
    http::{App, Call, Scene},
    identity::{model::Person, store::people},
    ids::{Id, PersonKey, RoundKey},
    jobs::{self, Handler},
    mail::outbox::Notice,
};

/// So many messages are written in one transaction.
const TOGETHER: usize = 50;

/// Queues telling everybody; `by` is whom they can ask.
pub(super) fn order(
    conn: &mut Conn,
    scene: &Scene,
    round: Id<RoundKey>,
    (kind, number): (AmendmentKind, i32),
    by: Id<PersonKey>,
) -> Result<()> {
    let order = jobs::Order {
        id: scene.fresh(),
        kind: TOLD_JOB,
        payload: json!({ "round": round, "kind": kind, "number": number, "by": by }),
        run_at: scene.now,
        unique_key: Some(format!("{TOLD_JOB} {round} {kind} {number}")),
    };
    jobs::enqueue(conn, order, scene.now)
}

/// What the job carries.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Payload {
    round: Id<RoundKey>,
    kind: AmendmentKind,
    number: i32,
    by: Id<PersonKey>,
}

/// Tells everybody concerned of a change of a round.
pub fn told_handler(app: &App) -> Handler {
    jobs::handler(app, |app, payload: Payload| async move { tell(&app, payload).await })
}

/// A message has a key, so that doing it again writes none twice.
async fn tell(app: &App, told: Payload) -> Result<()> {
    let call = Call::by(Actor::System, app.clock.now());
    let readers = call.read(app, move |conn, _| {
        let round = funds::store::round_by_id(conn, told.round)?;
        store::concerned(conn, &round)
    });
    let mut outcome = Ok(());
    for some in readers.await?.chunks(TOGETHER) {
        let some = some.to_vec();
        outcome = outcome.and(call.write(app, move |conn, scene| write(conn, scene, told, &some)).await);
    }
    outcome
}

fn write(conn: &mut Conn, scene: &Scene, told: Payload, readers: &[Person]) -> Result<()> {
    let round = funds::store::round_by_id(conn, told.round)?;
    let round = funds::store::in_full(conn, round)?;
    let amendments = service::in_force(conn, &round)?;
    let found = amendments.into_iter().find(|found| (found.kind, found.number) == (told.kind, told.number));
    let Amendment { reason, changes, .. } = found.ok_or(AppError::NotFound)?;
    let by = people::person(conn, told.by)?;
    let data = json!({
        "round": round.round.title, "fund": round.fund.name, "reason": reason, "changes": changes,
        "by": by.name, "ask": by.email, "link": format!("/rounds/{}#amendments", round.round.slug),
    });
    let notice = Notice { template: template(told.kind), bid: None, round: Some(told.round), data };
    for reader in readers {
        scene.write_to(conn, reader, &notice, &format!("{} {} {}", told.round, told.number, reader.id))?;
    }
    Ok(())
}

const fn template(kind: AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::Cancellation => "round-cancelled",
        AmendmentKind::Rules => "rules-changed",
        AmendmentKind::Budget => "budget-changed",
    }
}
