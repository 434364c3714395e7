//! What the outbox holds, as its readers get it. A message that cannot be rendered stops the test that had it written.

use diesel::prelude::*;
use roundtable::{
    db::{Conn, Doc, schema::outbox},
    ids::{Id, RowKey},
    mail::{
        outbox::State,
        render::{render, render_own},
        texts::{self, Text},
    },
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
    pub html: String,
}

/// Template, recipient, state and data of a message, and the round's own words that it is written with.
pub type Row = (String, String, State, Doc<Value>, Option<Text>);

/// Every message but those whose data was forgotten, oldest first.
pub fn rows(conn: &mut Conn) -> Vec<Row> {
    type Columns = (String, String, State, Doc<Value>, Option<Id<RowKey>>);
    let mut rows: Vec<Columns> = outbox::table
        .order((outbox::created_at, outbox::id))
        .select((outbox::template, outbox::recipient, outbox::state, outbox::data, outbox::text_id))
        .load(conn)
        .unwrap();
    rows.retain(|(_, _, _, data, _)| data.0 != json!({}));
    let mut own = |id: Option<Id<RowKey>>| id.map(|id| texts::store::find(conn, id).unwrap().unwrap());
    rows.into_iter().map(|(template, to, state, data, text)| (template, to, state, data, own(text))).collect()
}

/// The messages, or a stop at the first that cannot be rendered.
pub fn rendered(rows: Vec<Row>) -> Vec<Letter> {
    let letter = |(template, recipient, state, Doc(data), own): Row| {
        let mut whole = data.clone();
        whole["base_url"] = json!("https://roundtable.example");
        whole["brand_name"] = json!("Roundtable");
        let mail = match own.map(|text| (text.words().unwrap(), text.language)) {
            Some((words, language)) => render_own(&template, &words, language, &whole),
            None => render(&template, &whole),
        };
        match mail {
            Ok(mail) => {
                Letter { template, recipient, state, data, subject: mail.subject, text: mail.text, html: mail.html }
            }
            Err(fault) => panic!("{fault}; to {recipient}: {data}"),
        }
    };
    rows.into_iter().map(letter).collect()
}
