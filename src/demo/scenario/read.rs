//! Reads a scenario's files from the program itself or from a folder. Checks only that each record can be read.

use std::{borrow::Cow, fs, path::Path};

use csv::StringRecord;
use serde::de::{
    DeserializeOwned,
    value::{self, MapDeserializer},
};

use super::{EMBEDDED, Fault, Row, Scenario, Unsound, cell::Cell};

#[derive(rust_embed::Embed)]
#[folder = "$CARGO_MANIFEST_DIR/scenarios"]
struct Carried;

/// Where the files are.
pub(super) enum Source<'a> {
    /// In the program, under this name.
    Embedded(&'a str),
    /// In this folder, with the shared files beside it.
    Folder(&'a Path),
}

/// Reads everything; the faults of all files come together.
pub(super) fn scenario(source: &Source<'_>, name: &str) -> Result<Scenario, Unsound> {
    if let Source::Embedded(name) = source
        && !EMBEDDED.contains(name)
    {
        let message = format!("There is no scenario called {name:?}: choose {}.", EMBEDDED.join(" or "));
        return Err(Unsound(vec![whole_file("round.json", message)]));
    }
    let mut reader = Reader { source, faults: Vec::new() };
    let round = reader.json("round.json");
    let scenario = round.map(|round| Scenario {
        name: name.to_owned(),
        round,
        councils: reader.table("../councils.csv"),
        register: reader.table("../register.csv"),
        bids: reader.table("bids.csv"),
        sift: reader.table("sift.csv"),
        feedback: reader.table("feedback.csv"),
        applications: reader.table("full.csv"),
        partners: reader.table("partners.csv"),
        costs: reader.table("costs.csv"),
        promises: reader.table("promises.csv"),
        outputs: reader.table("outputs.csv"),
        prior_work: reader.table("prior_work.csv"),
        assessors: reader.table("assessors.csv"),
        conflicts: reader.table("conflicts.csv"),
        scores: reader.table("scores.csv"),
    });
    match scenario {
        Some(scenario) if reader.faults.is_empty() => Ok(scenario),
        _ => Err(Unsound(reader.faults)),
    }
}

struct Reader<'a> {
    source: &'a Source<'a>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn json<T: DeserializeOwned>(&mut self, file: &str) -> Option<T> {
        let bytes = self.bytes(file)?;
        match serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(&bytes)) {
            Ok(value) => Some(value),
            Err(error) => {
                let line = u64::try_from(error.inner().line()).ok();
                let (field, message) = (error.path().to_string(), error.inner().to_string());
                self.faults.push(Fault { file: file.to_owned(), line, field: Some(field), message });
                None
            }
        }
    }

    fn table<T: DeserializeOwned>(&mut self, file: &str) -> Vec<Row<T>> {
        let Some(bytes) = self.bytes(file) else { return Vec::new() };
        let mut reader = csv::Reader::from_reader(bytes.as_ref());
        let headers = reader.headers().cloned().unwrap_or_default();
        let mut rows = Vec::new();
        for record in reader.records() {
            match record.map_err(|error| torn(file, &error)).and_then(|record| row(file, &headers, &record)) {
                Ok(row) => rows.push(row),
                Err(fault) => self.faults.push(fault),
            }
        }
        rows
    }

    fn bytes(&mut self, file: &str) -> Option<Cow<'static, [u8]>> {
        let bytes = match self.source {
            Source::Embedded(name) => {
                let path = file.strip_prefix("../").map_or_else(|| format!("{name}/{file}"), str::to_owned);
                Carried::get(&path).map(|found| found.data).ok_or_else(|| "The file is missing.".to_owned())
            }
            Source::Folder(folder) => {
                let found = fs::read(folder.join(file));
                found.map(Cow::Owned).map_err(|error| format!("The file cannot be read: {error}."))
            }
        };
        bytes.map_err(|message| self.faults.push(whole_file(file, message))).ok()
    }
}

fn row<T: DeserializeOwned>(file: &str, headers: &StringRecord, record: &StringRecord) -> Result<Row<T>, Fault> {
    let line = record.position().map_or(0, csv::Position::line);
    let cells = headers.iter().zip(record.iter().map(Cell));
    let read = serde_path_to_error::deserialize(MapDeserializer::<_, value::Error>::new(cells));
    read.map(|record| Row { line, record }).map_err(|error| {
        let path = error.path().to_string();
        let field = (path != ".").then_some(path);
        Fault { file: file.to_owned(), line: Some(line), field, message: error.into_inner().to_string() }
    })
}

/// A line that is no record: cells too many or too few, or no UTF-8.
fn torn(file: &str, error: &csv::Error) -> Fault {
    let line = error.position().map(csv::Position::line);
    Fault { file: file.to_owned(), line, field: None, message: error.to_string() }
}

fn whole_file(file: &str, message: String) -> Fault {
    Fault { file: file.to_owned(), line: None, field: None, message }
}
