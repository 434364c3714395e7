//! The documents of a bid: which files are taken, who reads them, what becomes of their bytes, and the scanner.

mod asked;
mod brought;
mod keeping;
pub mod pages;
mod reading;
pub mod scanning;
mod taking;

use std::{io::Write, path::Path};

use diesel::prelude::*;
use roundtable::{
    db::{
        Conn,
        schema::{rounds, rulebooks},
    },
    funds::rulebook::Rulebook,
    ids::{Id, RoundKey},
};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::harness::app::{Answer, Client, ROUND, TestApp};

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";

pub fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/documents")
}

pub fn upload(client: &Client, reference: &str, name: &str, bytes: &[u8]) -> Answer {
    upload_keyed(client, reference, (name, bytes), &[])
}

/// Lets both forms of the test world's round ask for up to two letters of support, as a PDF or in Word.
pub fn ask_for_letters(app: &TestApp, required: bool) {
    let ask = move |conn: &mut Conn| {
        let round: Id<RoundKey> = rounds::table.filter(rounds::slug.eq(ROUND)).select(rounds::id).first(conn)?;
        let of_round = rulebooks::table.filter(rulebooks::round_id.eq(round));
        let text: String = of_round.select(rulebooks::data).first(conn)?;
        let mut rules: Rulebook = serde_json::from_str(&text)?;
        let question = json!({
            "id": "letters", "title": "Letters of support", "hint": "One from each council.", "required": required,
            "answer": { "type": "document", "most": 2, "types": ["pdf", "docx"] }
        });
        for form in [&mut rules.eoi, &mut rules.full] {
            form.sections[0].questions.push(serde_json::from_value(question.clone())?);
        }
        let (text, hash) = rules.sealed()?;
        let row = diesel::update(rulebooks::table.filter(rulebooks::round_id.eq(round)));
        row.set((rulebooks::data.eq(text), rulebooks::hash.eq(hash))).execute(conn)?;
        Ok(())
    };
    app.block_on(|app| async move { app.db.write(ask).await.unwrap() });
}

/// Uploads a letter of support.
pub fn give(client: &Client, reference: &str, name: &str, bytes: &[u8]) -> Answer {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let address = format!("/api/v1/bids/{reference}/answers/letters/documents?name={name}");
    client.raw("POST", &address, &[("Content-Type", "application/octet-stream")], Some(bytes.to_vec()))
}

/// What a bid answers where it is asked for letters, and the version of that answer.
pub fn letters(client: &Client, reference: &str) -> (Value, i64) {
    let bid = client.get(&format!("/api/v1/bids/{reference}")).expect(200).json();
    let version = bid["answer_versions"]["letters"].as_i64().unwrap_or(0);
    (bid["content"]["answers"]["letters"].clone(), version)
}

pub fn upload_keyed(
    client: &Client,
    reference: &str,
    (name, bytes): (&str, &[u8]),
    headers: &[(&str, &str)],
) -> Answer {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let address = format!("{}?name={name}", path(reference));
    let all = [&[("Content-Type", "application/octet-stream")][..], headers].concat();
    client.raw("POST", &address, &all, Some(bytes.to_vec()))
}

pub fn list(client: &Client, reference: &str) -> Vec<Value> {
    client.get(&path(reference)).expect(200).json().as_array().unwrap().clone()
}

pub fn names(client: &Client, reference: &str) -> Vec<String> {
    list(client, reference).iter().map(|document| document["name"].as_str().unwrap().to_owned()).collect()
}

pub fn one(reference: &str, document: &Value) -> String {
    format!("{}/{}", path(reference), document["id"].as_str().unwrap())
}

pub fn content(client: &Client, reference: &str, document: &Value) -> Answer {
    client.get(&format!("{}/content", one(reference, document)))
}

/// What is wrong with an upload, by its code.
pub fn fault(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
}

/// An archive with these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// How many files lie where the bytes of documents lie.
pub fn stored(app: &TestApp) -> usize {
    fn files(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
    }
    files(app.files())
}

pub fn submit(client: &Client, reference: &str, action: &str) -> Answer {
    client.post(&format!("/api/v1/bids/{reference}/actions/{action}"), serde_json::json!({}))
}
