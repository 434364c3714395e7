//! A bid's way through a round: who may submit it, and who hears of it.

pub mod amendments;
mod bulk;
pub mod cancelling;
mod closing;
pub mod dates;
mod deadlines;
pub mod fresh_code;
pub mod holds;
mod letters;
mod mails;
mod more_time;
mod reopening;
pub mod requests;
mod too_late;

use serde_json::json;

use crate::harness::app::{TestApp, Who};

/// Invites Borchester to a bid; it confirms, or does not answer.
pub fn with_borchester(app: &TestApp, reference: &str, confirms: bool) {
    let path = format!("/api/v1/bids/{reference}/partners");
    let partner =
        app.client(Who::Officer).post(&path, json!({ "organisation": "BOR", "share_pence": 20_000 })).expect(201);
    if confirms {
        let id = partner.json()["id"].as_str().unwrap().to_owned();
        app.client(Who::Partner).post(&format!("{path}/{id}/confirm"), json!({})).expect(200);
    }
}
