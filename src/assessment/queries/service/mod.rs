//! The use cases of flags and questions to the fund team.

mod answer;
mod ask;
mod read;

pub use answer::{answer, close};
pub use ask::{ask, follow_up};
pub(in crate::assessment) use read::read_by;
pub use read::{beside, mine, of_bid, one, to_ask, waiting};

use serde_json::{Value, json};

use super::{
    model::{QueryRow, QueryStepKind, Said, StepRow, state_of, version_of},
    store,
};
use crate::{
    assessment::service::{Asked, person_of},
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::Scene,
};

/// A step on its way in.
struct New<'a> {
    step: QueryStepKind,
    words: &'a str,
    to: Said,
}

/// Adds a step to a flag or question that stands at a version. Two who write at once both are kept, the second once they have read
/// what the first wrote.
fn add(
    conn: &mut Conn,
    scene: &Scene,
    asked: &Asked,
    (row, steps, version): (&QueryRow, &[StepRow], i32),
    new: &New<'_>,
) -> Result<StepRow> {
    let last = version_of(steps);
    if last != version {
        return Err(AppError::Stale { current: last });
    }
    new.step.must_follow(state_of(steps))?;
    let words = new.words.trim();
    let (salt, hash) = scene.salted(words.as_bytes());
    let step = StepRow {
        id: scene.fresh(),
        query_id: row.id,
        number: last + 1,
        step: new.step,
        words: words.to_owned(),
        said_to: new.to,
        salt,
        person_id: person_of(scene)?,
        created_at: scene.now,
    };
    if !store::append(conn, &asked.granted, &step)? {
        return Err(AppError::Stale { current: last + 1 });
    }
    let kind = match new.step {
        QueryStepKind::Answered => "query.answered",
        QueryStepKind::FollowedUp => "query.followed_up",
        QueryStepKind::Closed => "query.closed",
    };
    let detail = json!({ "number": step.number, "to": step.said_to, "said": hash });
    tell(conn, scene, asked, row, (kind, detail))?;
    Ok(step)
}

/// What happened stands in the round's chain, which no council reads: ids and hashes, no words.
fn tell(
    conn: &mut Conn,
    scene: &Scene,
    asked: &Asked,
    row: &QueryRow,
    (kind, mut detail): (&'static str, Value),
) -> Result<()> {
    if let Value::Object(detail) = &mut detail {
        detail.insert("bid".into(), json!(asked.bid.id));
        detail.insert("query".into(), json!(row.id));
    }
    scene.tell(conn, Chain::Round(asked.bid.round_id), kind, detail)
}
