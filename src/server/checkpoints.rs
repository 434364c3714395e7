//! Takes a checkpoint of the history at start and every hour, and writes it to `CHECKPOINT_DIR` where that is set. Any
//! number of replicas may do so: one checkpoint more does no harm.

use std::{sync::Arc, time::Duration};

use crate::{error::Result, events::checkpoint, http::App};

const EVERY: Duration = Duration::from_secs(3_600);

/// Takes checkpoints until it is ended.
pub async fn keep(app: App) {
    loop {
        if let Err(fault) = take(&app).await {
            tracing::error!(%fault, "a checkpoint of the history was not taken");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn take(app: &App) -> Result<()> {
    let (now, keys) = (app.clock.now(), Arc::clone(&app.keys));
    let id = app.ids.fresh(now);
    let taken = app.db.write(move |conn| checkpoint::take(conn, id, now, keys.checkpoints())).await?;
    if let Some(folder) = &app.config.keeping.checkpoint_dir {
        checkpoint::write_to(folder, now, &taken).map_err(crate::error::AppError::internal)?;
    }
    Ok(())
}
