//! Reads a CSV file of entries: all of it or nothing, every fault named by line and column.
//!
//! Pure: what is done with the entries is for the service.

use std::collections::HashMap;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::model::NewEntry;
use crate::error::{AppError, Fault, Result};

/// The columns that a file must have, in any order.
pub const COLUMNS: [&str; 9] =
    ["entry_key", "title", "summary", "organisations", "kind", "status", "url", "source", "started"];

/// More faults than this help nobody.
const MOST_FAULTS: usize = 100;
const MOST_LINES: usize = 20_000;

/// Reads a whole file.
///
/// # Errors
/// `Invalid` with every fault of the file, up to a hundred.
pub fn read(file: &[u8]) -> Result<Vec<NewEntry>> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let mut reader = ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let columns = Columns::of(&mut reader)?;
    let mut entries = Vec::new();
    let mut faults = Vec::new();
    let mut seen = HashMap::new();
    for (number, line) in reader.into_records().enumerate() {
        if faults.len() >= MOST_FAULTS || number >= MOST_LINES {
            faults.extend((number >= MOST_LINES).then(too_many_lines));
            break;
        }
        match line.map_err(|fault| broken_line(&fault)).and_then(|record| columns.entry(&record, &mut seen)) {
            Ok(entry) => entries.push(entry),
            Err(of_line) => faults.extend(of_line),
        }
    }
    AppError::unless_empty(faults)?;
    if entries.is_empty() {
        return Err(AppError::invalid("", "empty", "The file has no line below its header. Add one for each entry."));
    }
    Ok(entries)
}

/// Where each of [`COLUMNS`] stands in the file.
struct Columns([usize; 9]);

impl Columns {
    fn of(reader: &mut Reader<&[u8]>) -> Result<Self> {
        let header = reader.headers().map_err(|fault| AppError::Invalid(broken_line(&fault)))?;
        let mut faults: Vec<_> =
            header.iter().enumerate().filter_map(|(place, name)| header_fault(header, place, name)).collect();
        let mut places = [0; 9];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            match header.iter().position(|found| found == name) {
                Some(found) => *place = found,
                None => faults.push(fault(1, name, "missing_column", "The header does not have this column. Add it.")),
            }
        }
        AppError::unless_empty(faults)?;
        Ok(Self(places))
    }

    /// The entry that a line gives, or everything that is wrong with the line.
    fn entry(&self, record: &StringRecord, seen: &mut HashMap<String, u64>) -> Result<NewEntry, Vec<Fault>> {
        let line = record.position().map_or(0, csv::Position::line);
        let mut cells = Cells { line, values: self.0.map(|place| record.get(place)), faults: Vec::new() };
        let entry = NewEntry {
            entry_key: cells.text(0, 100),
            title: cells.text(1, 300),
            summary: cells.text(2, 5_000),
            organisations: cells.text(3, 1_000),
            kind: cells.text(4, 50),
            status: cells.text(5, 50),
            url: cells.url(6),
            source: cells.text(7, 300),
            started: cells.started(8),
        };
        cells.refuse_odd_key(&entry.entry_key);
        if let Some(first) = seen.insert(entry.entry_key.clone(), line) {
            let message = format!("Line {first} has the key {} already. Give every entry its own.", entry.entry_key);
            cells.fault(0, "twice", &message);
        }
        if cells.faults.is_empty() { Ok(entry) } else { Err(cells.faults) }
    }
}

fn header_fault(header: &StringRecord, place: usize, name: &str) -> Option<Fault> {
    if !COLUMNS.contains(&name) {
        let message = format!("This column is not known. The columns are {}.", COLUMNS.join(", "));
        return Some(fault(1, name, "unknown_column", &message));
    }
    let twice = header.iter().take(place).any(|earlier| earlier == name);
    twice.then(|| fault(1, name, "twice", "The header has this column twice. Leave one out."))
}

/// The cells of a line, and what was found wrong with them so far.
struct Cells<'a> {
    line: u64,
    values: [Option<&'a str>; 9],
    faults: Vec<Fault>,
}

impl Cells<'_> {
    fn fault(&mut self, column: usize, code: &'static str, message: &str) {
        let name = COLUMNS.get(column).copied().unwrap_or_default();
        self.faults.push(fault(self.line, name, code, message));
    }

    fn filled(&mut self, column: usize, most: usize) -> Option<String> {
        let value = self.values.get(column).copied().flatten().unwrap_or_default();
        if value.contains('\0') {
            self.fault(column, "nul", "Leave out the NUL character.");
        }
        let length = value.chars().count();
        if length > most {
            let message = format!("Use {most} characters or fewer, there are {length}.");
            self.fault(column, "too_long", &message);
        }
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn text(&mut self, column: usize, most: usize) -> String {
        let text = self.filled(column, most);
        if text.is_none() {
            self.fault(column, "missing", "Fill this in.");
        }
        text.unwrap_or_default()
    }

    /// Only addresses of the web, so that a link in the register can never be a script.
    fn url(&mut self, column: usize) -> Option<String> {
        let text = self.filled(column, 2_000)?;
        let of_the_web = url::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !of_the_web {
            self.fault(column, "wrong_address", "Give a whole address that begins with https://, or leave it empty.");
        }
        Some(text)
    }

    fn started(&mut self, column: usize) -> Option<String> {
        let text = self.filled(column, 10)?;
        if !is_year_month_or_day(&text) {
            self.fault(column, "wrong_date", "Write 2019, 2019-07 or 2019-07-31, or leave it empty.");
        }
        Some(text)
    }

    /// Keys stand in addresses.
    fn refuse_odd_key(&mut self, key: &str) {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if !key.bytes().all(fits) {
            self.fault(0, "wrong_key", "Use letters, digits, hyphens, underscores and full stops.");
        }
    }
}

fn is_year_month_or_day(text: &str) -> bool {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    whole.len() == 10 && whole.parse::<chrono::NaiveDate>().is_ok()
}

fn fault(line: u64, column: &str, code: &'static str, message: &str) -> Fault {
    Fault::new(format!("{line}/{column}"), code, format!("Line {line}, column {column}: {message}"))
}

fn broken_line(broken: &csv::Error) -> Vec<Fault> {
    let line = broken.position().map_or(1, csv::Position::line);
    let message = match broken.kind() {
        csv::ErrorKind::Utf8 { .. } => format!("Line {line} is not UTF-8. Save the file as UTF-8."),
        _ => format!("Line {line} is not CSV. Check its commas and quotation marks."),
    };
    vec![Fault::new(format!("{line}"), "not_csv", message)]
}

fn too_many_lines() -> Fault {
    Fault::new("", "too_many", format!("Send at most {MOST_LINES} lines at once."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const HEADER: &str = "entry_key,title,summary,organisations,kind,status,url,source,started\n";

    fn faults(file: &[u8]) -> Vec<(String, String)> {
        match read(file).unwrap_err() {
            AppError::Invalid(faults) => {
                faults.into_iter().map(|fault| (fault.field, fault.code.into_owned())).collect()
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_line_becomes_an_entry_whatever_the_order_of_the_columns() {
        let file = "\u{feff}title,entry_key,summary,organisations,kind,status,url,source,started\n\
                    \"Chatbots, shared\",bots-1,Answers,Oxford,discovery,ended,,Pipeline,2019-03\n";
        let entries = read(file.as_bytes()).unwrap();
        let entry = entries.first().unwrap();
        assert_eq!((entry.entry_key.as_str(), entry.title.as_str()), ("bots-1", "Chatbots, shared"));
        assert_eq!((entry.url.as_deref(), entry.started.as_deref()), (None, Some("2019-03")));
    }

    #[test]
    fn every_fault_of_a_file_is_named_by_line_and_column() {
        let lines = "a,T,S,O,k,s,javascript:alert(1),W,2019\n\
                     a,,S,O,k,s,https://example.org/,W,2019-13\n\
                     b c,T,S,O,k,s,,W\n";
        let found = faults(format!("{HEADER}{lines}").as_bytes());
        let expected = [
            ("2/url", "wrong_address"),
            ("3/title", "missing"),
            ("3/started", "wrong_date"),
            ("3/entry_key", "twice"),
            ("4/entry_key", "wrong_key"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn files_that_are_no_such_csv_are_refused() {
        let without_started = HEADER.replace(",started", "");
        let cases: [(&[u8], &str, &str); 6] = [
            (b"", "1/entry_key", "missing_column"),
            (HEADER.as_bytes(), "", "empty"),
            (without_started.as_bytes(), "1/started", "missing_column"),
            (b"entry_key,colour\n", "1/colour", "unknown_column"),
            (b"entry_key,entry_key\n", "1/entry_key", "twice"),
            (b"entry_key,\xff\n", "1", "not_csv"),
        ];
        for (file, field, code) in cases {
            assert_eq!(faults(file).first().unwrap(), &(field.to_owned(), code.to_owned()));
        }
    }
}
