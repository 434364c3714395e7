//! Organisations from a CSV file: read whole, checked whole, and only then written. A file with a fault changes nothing.
//!
//! Columns: `code, name, kind, nation, ons_code, org_id, mail_domain, starts_on, ends_on, replaced_by, other_names`. The
//! first four are needed; `other_names` has `;` between names; `replaced_by` is a code of the file or of ours.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    model::{Nation, Organisation, OrganisationKind},
    policy::GrantedService,
    store::organisations,
};
use crate::{
    clock::Moment,
    db::Conn,
    error::{AppError, Fault, Result},
    ids::{Id, IdSource, OrganisationKey},
};

/// The most lines of a file: there are under 500 councils.
const MOST_LINES: usize = 5_000;
/// So many faults are told; whoever has more has the wrong file.
const MOST_FAULTS: usize = 100;
const NEEDED: [&str; 4] = ["code", "name", "kind", "nation"];
const COLUMNS: [&str; 11] = [
    "code",
    "name",
    "kind",
    "nation",
    "ons_code",
    "org_id",
    "mail_domain",
    "starts_on",
    "ends_on",
    "replaced_by",
    "other_names",
];

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line's number in the file, from 1.
    pub number: u64,
    code: String,
    name: String,
    kind: OrganisationKind,
    nation: Nation,
    ons_code: Option<String>,
    org_id: Option<String>,
    mail_domain: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    replaced_by: Option<String>,
    other_names: Vec<String>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportedOrganisations)]
pub struct Imported {
    /// How many organisations are new.
    pub added: usize,
    /// How many were changed.
    pub changed: usize,
    /// How many were as the file says.
    pub unchanged: usize,
}

/// Reads a file.
///
/// # Errors
/// [`AppError::Invalid`] with every fault, its line and its column.
pub fn parse(file: &[u8]) -> Result<Vec<Line>> {
    let text = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text);
    let mut faults = Faults::default();
    let places = places(&mut reader, &mut faults)?;
    let mut lines = Vec::new();
    for record in reader.byte_records() {
        match record {
            Ok(record) => lines.extend(Cells { places: &places, record: &record, faults: &mut faults }.line()),
            Err(fault) => faults.add(fault.position().map_or(0, csv::Position::line), "", "broken", "this is not CSV"),
        }
        if lines.len() > MOST_LINES || faults.0.len() >= MOST_FAULTS {
            faults.add(0, "", "too_long", "the file has too many lines or faults: check that it is the right one");
            break;
        }
    }
    check_twice(&lines, &mut faults);
    faults.none()?;
    if lines.is_empty() {
        Err(AppError::invalid("", "empty", "The file has no lines under its headings"))
    } else {
        Ok(lines)
    }
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, line: u64, column: &str, code: &'static str, what: &str) {
        let (field, place) = match (line, column) {
            (0, "") => (String::new(), String::new()),
            (line, "") => (format!("lines/{line}"), format!("Line {line}: ")),
            (line, column) => (format!("lines/{line}/{column}"), format!("Line {line}, {column}: ")),
        };
        self.0.push(Fault::new(field, code, format!("{place}{what}")));
    }

    fn none(self) -> Result<()> {
        AppError::unless_empty(self.0)
    }
}

/// Which column stands where.
fn places(reader: &mut csv::Reader<&[u8]>, faults: &mut Faults) -> Result<BTreeMap<&'static str, usize>> {
    let broken = |_| AppError::invalid("lines/1", "broken", "Line 1: the headings cannot be read as CSV");
    let headings = reader.byte_headers().map_err(broken)?.clone();
    let mut places = BTreeMap::new();
    for (place, heading) in headings.iter().enumerate() {
        let heading = String::from_utf8_lossy(heading).to_lowercase();
        match COLUMNS.iter().find(|column| **column == heading) {
            Some(column) if places.insert(*column, place).is_some() => {
                faults.add(1, column, "duplicate", "the column stands there twice");
            }
            Some(_) => {}
            None => faults.add(1, "", "unknown_column", &format!("there is no column “{heading}”")),
        }
    }
    for column in NEEDED.iter().filter(|column| !places.contains_key(**column)) {
        faults.add(1, column, "missing", "the column is missing");
    }
    Ok(places)
}

/// The cells of one line.
struct Cells<'a> {
    places: &'a BTreeMap<&'static str, usize>,
    record: &'a csv::ByteRecord,
    faults: &'a mut Faults,
}

impl Cells<'_> {
    /// `None` when a needed cell is wrong; its fault has been noted.
    fn line(&mut self) -> Option<Line> {
        let number = self.number();
        let code = self.code("code");
        let name = self.text("name", 200);
        let kind = self.word("kind", OrganisationKind::from_word, OrganisationKind::ALL);
        let nation = self.word("nation", Nation::from_word, Nation::ALL);
        let (ons_code, org_id) = (self.capitals("ons_code", 9), self.capitals("org_id", 60));
        let mail_domain = self.text("mail_domain", 200).map(|domain| domain.to_lowercase());
        let (starts_on, ends_on) = (self.day("starts_on"), self.day("ends_on"));
        let replaced_by = self.code("replaced_by");
        let other_names = self.names();
        for (column, missing) in
            [("code", code.is_none()), ("name", name.is_none()), ("kind", kind.is_none()), ("nation", nation.is_none())]
        {
            if missing && self.cell(column).is_empty() && self.places.contains_key(column) {
                self.faults.add(number, column, "missing", "it is empty");
            }
        }
        Some(Line {
            number,
            code: code?,
            name: name?,
            kind: kind?,
            nation: nation?,
            ons_code,
            org_id,
            mail_domain,
            starts_on,
            ends_on,
            replaced_by,
            other_names,
        })
    }

    fn number(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    fn cell(&self, column: &str) -> &[u8] {
        self.places.get(column).and_then(|place| self.record.get(*place)).unwrap_or_default()
    }

    fn text(&mut self, column: &'static str, longest: usize) -> Option<String> {
        let bytes = self.cell(column).to_vec();
        let what = match String::from_utf8(bytes) {
            Ok(text) if text.is_empty() => return None,
            Ok(text) if text.chars().any(char::is_control) => "it has a control character",
            Ok(text) if text.chars().count() > longest => "it is too long",
            Ok(text) => return Some(text),
            Err(_) => "it is not UTF-8: save the file as “CSV UTF-8”",
        };
        let number = self.number();
        self.faults.add(number, column, "wrong_text", what);
        None
    }

    fn capitals(&mut self, column: &'static str, longest: usize) -> Option<String> {
        self.text(column, longest).map(|text| text.to_uppercase())
    }

    fn code(&mut self, column: &'static str) -> Option<String> {
        let code = self.capitals(column, 20)?;
        if code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            return Some(code);
        }
        let number = self.number();
        self.faults.add(number, column, "wrong_code", "a code has letters, digits and hyphens only");
        None
    }

    fn word<T: Copy + std::fmt::Display>(
        &mut self,
        column: &'static str,
        read: fn(&str) -> Option<T>,
        all: &[T],
    ) -> Option<T> {
        let text = self.text(column, 60)?;
        let value = read(&text.to_lowercase());
        if value.is_none() {
            let known = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let number = self.number();
            self.faults.add(number, column, "unknown_word", &format!("“{text}” is none of {known}"));
        }
        value
    }

    fn day(&mut self, column: &'static str) -> Option<NaiveDate> {
        let text = self.text(column, 10)?;
        let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
        if day.is_none() {
            let number = self.number();
            self.faults.add(number, column, "wrong_date", "write the day as 2027-01-30");
        }
        day
    }

    fn names(&mut self) -> Vec<String> {
        let text = self.text("other_names", 2_000).unwrap_or_default();
        text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(Into::into).collect()
    }
}

/// Codes that must be unlike each other within the file.
fn check_twice(lines: &[Line], faults: &mut Faults) {
    let mut seen: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for line in lines {
        let codes =
            [("code", Some(&line.code)), ("ons_code", line.ons_code.as_ref()), ("org_id", line.org_id.as_ref())];
        for (column, code) in codes.iter().filter_map(|(column, code)| code.map(|code| (*column, code.as_str()))) {
            if let Some(first) = seen.insert((column, code), line.number) {
                faults.add(line.number, column, "duplicate", &format!("{code} stands in line {first} already"));
            }
        }
    }
}

/// Writes the lines: an organisation with a line's code is changed, others are added, none is removed.
///
/// # Errors
/// [`AppError::Invalid`] when a line does not fit what is there; then nothing is written.
pub fn apply(
    conn: &mut Conn,
    granted: &GrantedService,
    lines: &[Line],
    (ids, now): (&IdSource, Moment),
) -> Result<Imported> {
    let known: BTreeMap<String, Organisation> =
        organisations::every(conn)?.into_iter().map(|known| (known.code.clone(), known)).collect();
    check_against(lines, &known)?;
    let mut by_code: BTreeMap<&str, Id<OrganisationKey>> =
        known.iter().map(|(code, known)| (code.as_str(), known.id)).collect();
    for line in lines {
        by_code.entry(&line.code).or_insert_with(|| ids.fresh(now));
    }
    let mut imported = Imported::default();
    for line in lines {
        let Some(id) = by_code.get(line.code.as_str()) else { continue };
        let wanted = line.organisation(*id, &by_code, known.get(&line.code));
        write(conn, granted, line, &wanted, known.get(&line.code), &mut imported)?;
    }
    Ok(imported)
}

fn check_against(lines: &[Line], known: &BTreeMap<String, Organisation>) -> Result<()> {
    let mut faults = Faults::default();
    let is_code = |code: &str| known.contains_key(code) || lines.iter().any(|line| line.code == code);
    for line in lines {
        if let Some(successor) = line.replaced_by.as_deref().filter(|code| !is_code(code) || *code == line.code) {
            faults.add(
                line.number,
                "replaced_by",
                "unknown_code",
                &format!("there is no other organisation {successor}"),
            );
        }
        for other in known.values().filter(|other| other.code != line.code) {
            for (column, ours, theirs) in
                [("ons_code", &line.ons_code, &other.ons_code), ("org_id", &line.org_id, &other.org_id)]
            {
                if ours.is_some() && ours == theirs {
                    faults.add(line.number, column, "duplicate", &format!("{} has it already", other.name));
                }
            }
        }
    }
    faults.none()
}

impl Line {
    fn organisation(
        &self,
        id: Id<OrganisationKey>,
        by_code: &BTreeMap<&str, Id<OrganisationKey>>,
        known: Option<&Organisation>,
    ) -> Organisation {
        Organisation {
            id,
            code: self.code.clone(),
            name: self.name.clone(),
            kind: self.kind,
            nation: self.nation,
            ons_code: self.ons_code.clone(),
            org_id: self.org_id.clone(),
            mail_domain: self.mail_domain.clone(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            replaced_by: self.replaced_by.as_deref().and_then(|code| by_code.get(code).copied()),
            signed_declaration: known.is_some_and(|known| known.signed_declaration),
            version: known.map_or(1, |known| known.version),
        }
    }

    /// The names that find the organisation, as they are kept.
    fn names(&self) -> Vec<String> {
        let mut names = self.other_names.clone();
        names.push(self.name.clone());
        names
    }
}

fn write(
    conn: &mut Conn,
    granted: &GrantedService,
    line: &Line,
    wanted: &Organisation,
    known: Option<&Organisation>,
    imported: &mut Imported,
) -> Result<()> {
    let Some(known) = known else {
        imported.added += 1;
        organisations::add(conn, granted, wanted)?;
        organisations::set_names(conn, granted, wanted.id, &line.names())?;
        return Ok(());
    };
    let renamed = organisations::set_names(conn, granted, wanted.id, &line.names())?;
    if known == wanted && !renamed {
        imported.unchanged += 1;
        return Ok(());
    }
    imported.changed += 1;
    organisations::change(conn, granted, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(file: &str) -> Vec<(String, String)> {
        match parse(file.as_bytes()) {
            Err(AppError::Invalid(faults)) => {
                faults.into_iter().map(|fault| (fault.field, fault.code.into_owned())).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_good_file_is_read_whatever_its_line_ends_and_capitals() {
        let file = "\u{feff}Code,Name,Kind,Nation,ONS_code,ends_on,replaced_by,other_names\r\n\
                    all,Allerdale Borough Council,district,england,E07000026,2023-04-01,CBD,Allerdale; Allerdale BC\r\n";
        let lines = parse(file.as_bytes()).expect("a good file");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].code, "ALL");
        assert_eq!(lines[0].replaced_by.as_deref(), Some("CBD"));
        assert_eq!(lines[0].names(), ["Allerdale", "Allerdale BC", "Allerdale Borough Council"]);
    }

    #[test]
    fn every_fault_is_named_with_its_line_and_column() {
        let file = "code,name,kind,nation,starts_on\n\
                    AAA,Ambridge,parish,england,1.4.2023\n\
                    ,Borchester,district,england,\n\
                    AAB,Felpersham,unitary,france,\n\
                    AAC,Penny Hassett,district,england,\n\
                    aac,Loxley Barrett,district,england,\n";
        let found = faults_of(file);
        let expected = [
            ("lines/2/kind", "unknown_word"),
            ("lines/2/starts_on", "wrong_date"),
            ("lines/3/code", "missing"),
            ("lines/4/nation", "unknown_word"),
            ("lines/6/code", "duplicate"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }

    #[test]
    fn a_broken_file_says_so() {
        assert_eq!(faults_of("").first().map(|(_, code)| code.as_str()), Some("missing"));
        assert_eq!(faults_of("code,name,kind,nation\n"), [(String::new(), "empty".to_owned())]);
        let latin = b"code,name,kind,nation\nAGY,Ynys M\xf4n,unitary,wales\n";
        let Err(AppError::Invalid(faults)) = parse(latin) else { panic!("not refused") };
        assert_eq!(faults[0].field, "lines/2/name");
        assert!(faults[0].message.contains("UTF-8"), "{}", faults[0].message);
    }
}
