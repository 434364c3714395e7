//! Watches the content of full applications: does the job that every change of one orders.

use std::sync::Arc;

use serde::Deserialize;

use super::service;
use crate::{
    actor::Actor,
    http::{App, Call},
    ids::{BidKey, Id},
    jobs::{Handler, Job, Refusal},
};

/// What the job carries.
#[derive(Deserialize)]
struct Changed {
    bid: Id<BidKey>,
}

/// The handler of [`CONTENT_CHANGED_JOB`](crate::bids::service::CONTENT_CHANGED_JOB).
pub fn handler(app: &App) -> Handler {
    let app = app.clone();
    Arc::new(move |job| Box::pin(done(app.clone(), job)))
}

async fn done(app: App, job: Job) -> Result<(), Refusal> {
    let changed: Changed = serde_json::from_value(job.payload.0).map_err(|fault| Refusal::Never(fault.to_string()))?;
    let call = Call::by(Actor::System, app.clock.now());
    Ok(service::content_changed(&app, &call, changed.bid).await?)
}
