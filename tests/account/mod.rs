//! The faces of identity: pages without JavaScript, and REST.

pub mod kept_forms;
mod members;
mod pages;
pub mod profiles;
mod rest;
pub mod site;

use roundtable::events::{self, Chain};
use serde_json::Value;

use crate::harness::app::TestApp;

/// What happened in a chain: the words and the details of its events, oldest first.
pub fn happened(app: &TestApp, chain: Chain) -> Vec<(String, Value)> {
    let history =
        app.block_on(|app| async move { app.db.read(move |conn| events::history(conn, chain)).await.unwrap() });
    history.into_iter().map(|event| (event.kind, event.detail)).collect()
}
