//! The faces of identity: pages without JavaScript, and REST.

mod members;
mod pages;
mod rest;
pub mod site;

use diesel::prelude::*;
use roundtable::{
    db::{Conn, Doc, schema::outbox},
    error::Result,
    events::{self, Chain},
    mail::render::render,
};
use serde_json::{Value, json};

use crate::harness::app::TestApp;

/// A message of the outbox as its reader gets it.
#[derive(Debug)]
pub struct Letter {
    pub template: String,
    pub recipient: String,
    pub subject: String,
    pub text: String,
}

/// Every message, oldest first.
pub fn letters(app: &TestApp) -> Vec<Letter> {
    let load = |conn: &mut Conn| -> Result<Vec<(String, String, Doc<Value>)>> {
        let columns = (outbox::template, outbox::recipient, outbox::data);
        Ok(outbox::table.order((outbox::created_at, outbox::id)).select(columns).load(conn)?)
    };
    let rows = app.block_on(|app| async move { app.db.read(load).await.unwrap() });
    let letter = |(template, recipient, data): (String, String, Doc<Value>)| {
        let mut data = data.0;
        data["base_url"] = json!("https://roundtable.example");
        let rendered = render(&template, &data).unwrap();
        Letter { template, recipient, subject: rendered.subject, text: rendered.text }
    };
    rows.into_iter().map(letter).collect()
}

/// What happened in a chain: the words and the details of its events, oldest first.
pub fn happened(app: &TestApp, chain: Chain) -> Vec<(String, Value)> {
    let history =
        app.block_on(|app| async move { app.db.read(move |conn| events::history(conn, chain)).await.unwrap() });
    history.into_iter().map(|event| (event.kind, event.detail)).collect()
}
