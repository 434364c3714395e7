//! A file of scores: CSV with the columns bid, assessor, score and, where they are given, confidence and section.

use csv::{ReaderBuilder, StringRecord};

use super::scores::{Confidence, Score};
use crate::{Fault, Faults, fault::counted, lines::Lines};

struct Columns {
    bid: usize,
    assessor: usize,
    score: usize,
    confidence: Option<usize>,
    section: Option<usize>,
}

/// The columns that are read.
const COLUMNS: [&str; 5] = ["bid", "assessor", "score", "confidence", "section"];

/// Reads a file of scores; columns of other names are left alone.
///
/// # Errors
/// With every line that cannot be read, or the columns that are missing.
pub fn read(file: &[u8]) -> Result<Vec<Score>, Faults> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(file);
    let header = reader.headers().map_err(|fault| unreadable(&fault, 1))?.clone();
    let columns = columns(&header)?;
    let mut lines = Lines::of(file);
    let (mut scores, mut faults) = (Vec::new(), Vec::new());
    for (index, record) in reader.records().enumerate() {
        let read = record.map_err(|fault| unreadable(&fault, index + 2)).and_then(|record| {
            let row = record.position().map_or(index + 2, |at| lines.at(at.byte()));
            score(&columns, &header, &record, row)
        });
        match read {
            Ok(score) => scores.push(score),
            Err(fault) => faults.push(fault),
        }
    }
    Faults::none_or(faults)?;
    Ok(scores)
}

/// The names of columns that are left alone and begin as one does that is read, for whoever misspelt it.
#[must_use]
pub fn nearly_read(file: &[u8]) -> Vec<String> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(file);
    let header = reader.headers().cloned().unwrap_or_default();
    const ALIKE: usize = 3;
    let known = |name: &str| COLUMNS.iter().any(|column| name.eq_ignore_ascii_case(column));
    let begins = |name: &str, column: &str| {
        name.get(..ALIKE).is_some_and(|begin| column.starts_with(&begin.to_ascii_lowercase()))
    };
    let nearly = |name: &&str| !known(name) && COLUMNS.iter().any(|column| begins(name, column));
    header.iter().map(str::trim).filter(nearly).map(str::to_owned).collect()
}

fn unreadable(fault: &csv::Error, row: usize) -> Fault {
    let row = fault.position().map_or(row, |at| usize::try_from(at.line()).unwrap_or(row));
    Fault::of_row(row, "cannot be read: the file must be CSV in UTF-8")
}

fn columns(header: &StringRecord) -> Result<Columns, Faults> {
    for name in COLUMNS {
        if header.iter().filter(|column| column.trim().eq_ignore_ascii_case(name)).count() > 1 {
            return Err(Fault::of_row(1, format!("the column {name} stands more than once: keep one")).into());
        }
    }
    let find = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let needed = ["bid", "assessor", "score"].map(find);
    let [Some(bid), Some(assessor), Some(score)] = needed else {
        let seen = header.iter().collect::<Vec<_>>().join(",");
        let message = format!("the first line must name the columns bid, assessor and score, and it reads {seen:?}");
        return Err(Fault::of_row(1, message).into());
    };
    Ok(Columns { bid, assessor, score, confidence: find("confidence"), section: find("section") })
}

fn score(columns: &Columns, header: &StringRecord, record: &StringRecord, row: usize) -> Result<Score, Fault> {
    if record.len() != header.len() {
        let message = format!(
            "has {}, and the first line names {}",
            counted(record.len(), "cell"),
            counted(header.len(), "column")
        );
        return Err(Fault::of_row(row, message));
    }
    let cell = |column: usize| record.get(column).unwrap_or_default().trim();
    let value = match cell(columns.score) {
        "" => None,
        text => Some(text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
            let message = format!("{text:?} is no score: give a number, or leave the cell empty where there is none");
            Fault::of_cell(row, "score", message)
        })?),
    };
    Ok(Score {
        bid: cell(columns.bid).to_owned(),
        assessor: cell(columns.assessor).to_owned(),
        score: value,
        confidence: confidence(columns.confidence.map_or("", cell), row)?,
        section: columns.section.map(cell).filter(|name| !name.is_empty()).map(str::to_owned),
        row: Some(row),
    })
}

fn confidence(text: &str, row: usize) -> Result<Confidence, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "low" => Ok(Confidence::Low),
        "" | "medium" => Ok(Confidence::Medium),
        "high" => Ok(Confidence::High),
        _ => Err(Fault::of_cell(row, "confidence", format!("{text:?} is none of low, medium, high"))),
    }
}
