//! The documents of a bid: which files are taken, who reads them, what becomes of their bytes, and the scanner.

mod keeping;
mod pages;
mod reading;
mod scanning;
mod taking;

use std::{io::Write, path::Path};

use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::harness::app::{Answer, Client, TestApp};

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";

pub fn path(reference: &str) -> String {
    format!("/api/v1/bids/{reference}/documents")
}

pub fn upload(client: &Client, reference: &str, name: &str, bytes: &[u8]) -> Answer {
    upload_keyed(client, reference, (name, bytes), &[])
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
