//! What a manager settles for a pool. The first time opens it.

use serde_json::json;

use super::{Asked, ask_again, ask_to_change, terms_of};
use crate::{
    assessment::pool::{
        model::{NewPool, PoolRow, PoolSettings},
        store,
    },
    db::Conn,
    error::{AppError, Result},
    events::Chain,
    http::{App, Call, Scene},
};

/// Settles a round's pool, in the place of what stands at `version`: 0 opens it. Where the terms are others than before, whoever has
/// accepted is asked by mail to agree to them.
///
/// # Errors
/// As policy says; `Invalid` with every fault; `Stale` when somebody else has settled it meanwhile; `Conflict` for a round that is
/// not published, is over or was called off.
pub async fn settle(app: &App, call: &Call, slug: String, version: i32, new: NewPool) -> Result<PoolSettings> {
    call.write(app, move |conn, scene| {
        let (asked, _) = ask_to_change(conn, scene, &slug)?;
        AppError::unless_empty(new.faults(&asked.round))?;
        if version != asked.pool.version {
            return Err(AppError::Stale { current: asked.pool.version });
        }
        let row = new.clone().row(asked.round.round.id, version + 1);
        keep(conn, scene, &asked, &row)?;
        ask_again(conn, scene, row.round_id)?;
        Ok(row.into())
    })
    .await
}

/// Opens the pool as is usual, unless it is open.
pub(super) fn open(conn: &mut Conn, scene: &Scene, asked: Asked) -> Result<Asked> {
    if asked.open {
        return Ok(asked);
    }
    let row = PoolRow { version: 1, ..asked.pool.clone() };
    keep(conn, scene, &asked, &row)?;
    Ok(Asked { pool: row, open: true, ..asked })
}

fn keep(conn: &mut Conn, scene: &Scene, asked: &Asked, row: &PoolRow) -> Result<()> {
    let kept =
        if asked.open { store::change(conn, &asked.granted, row)? } else { store::open(conn, &asked.granted, row)? };
    if !kept {
        return Err(AppError::Stale { current: asked.pool.version });
    }
    let terms = terms_of(conn, &asked.round, row)?;
    if let Some(terms) = &terms {
        store::keep_terms(conn, row.round_id, terms, scene.now)?;
    }
    let kind = if asked.open { "pool.changed" } else { "pool.opened" };
    let detail = json!({ "version": row.version, "terms": terms.map(|terms| terms.sha256) });
    scene.tell(conn, Chain::Round(row.round_id), kind, detail)
}
