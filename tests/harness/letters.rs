//! What the outbox holds, as its readers get it. A message that cannot be rendered stops the test that had it written.

use diesel::prelude::*;
use roundtable::{
    db::{Conn, Doc, schema::outbox},
    mail::{outbox::State, render::render},
};
use serde_json::{Value, json};

/// A message of the outbox.
#[derive(Debug, Clone)]
pub struct Letter {
    pub template: String,
    pub recipient: String,
    pub state: State,
    pub data: Value,
    pub subject: String,
    pub text: String,
}

/// Template, recipient, state and data of a message.
pub type Row = (String, String, State, Doc<Value>);

/// Every message but those whose data was forgotten, oldest first.
pub fn rows(conn: &mut Conn) -> Vec<Row> {
    let mut rows: Vec<Row> = outbox::table
        .order((outbox::created_at, outbox::id))
        .select((outbox::template, outbox::recipient, outbox::state, outbox::data))
        .load(conn)
        .unwrap();
    rows.retain(|(.., data)| data.0 != json!({}));
    rows
}

/// The messages, or a stop at the first that cannot be rendered.
pub fn rendered(rows: Vec<Row>) -> Vec<Letter> {
    let letter = |(template, recipient, state, Doc(data)): Row| {
        let mut whole = data.clone();
        whole["base_url"] = json!("https://roundtable.example");
        whole["brand_name"] = json!("Roundtable");
        match render(&template, &whole) {
            Ok(mail) => Letter { template, recipient, state, data, subject: mail.subject, text: mail.text },
            Err(fault) => panic!("{fault}; to {recipient}: {data}"),
        }
    };
    rows.into_iter().map(letter).collect()
}
