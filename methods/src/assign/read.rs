//! Files of an assignment: the matrix of scores without a header, and the limits of each assessor.

use csv::ReaderBuilder;

use super::{Limits, Matrix};
use crate::{Fault, Faults, fault::counted, lines::Lines};

/// Reads a matrix: a row for each bid, a column for each assessor, whole numbers from 0 to 1000, and -1 for a conflict.
///
/// # Errors
/// With each cell that is none of these, and each row of another length than the first.
pub fn read(file: &[u8]) -> Result<Matrix, Faults> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let (mut values, mut faults) = (Vec::new(), Vec::new());
    let (mut bids, mut width) = (0, None);
    for (index, line) in file.trim_ascii_end().split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            if file.trim_ascii().is_empty() {
                break;
            }
            // Left out, it would give every bid below it another number.
            faults.push(Fault::of_row(index + 1, "is empty: give each bid its row"));
            continue;
        }
        let before = values.len();
        for (column, cell) in line.split(|byte| *byte == b',').enumerate() {
            values.push(value(cell).unwrap_or_else(|| {
                let text = String::from_utf8_lossy(cell.trim_ascii()).into_owned();
                let message = format!("{text:?} is none of the whole numbers 0 to 1000, and not -1 for a conflict");
                faults.push(Fault::of_cell(index + 1, column, message));
                Matrix::CONFLICT
            }));
        }
        let (cells, first) = (values.len() - before, *width.get_or_insert(values.len()));
        if cells != first {
            faults.push(Fault::of_row(
                index + 1,
                format!("has {}, and the first row has {first}", counted(cells, "cell")),
            ));
        }
        bids += 1;
    }
    Faults::none_or(faults)?;
    Matrix::new(bids, width.unwrap_or(0), values)
}

fn value(cell: &[u8]) -> Option<i16> {
    match cell.trim_ascii() {
        b"-1" => Some(Matrix::CONFLICT),
        digits @ ([_] | [_, _] | [_, _, _] | [_, _, _, _]) => {
            let add = |sum: i16, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0'));
            digits.iter().try_fold(0, add).filter(|value| *value <= Matrix::MOST)
        }
        _ => None,
    }
}

/// Reads the limits: CSV with the columns assessor (its number from 0), min, max, and a line for each of `assessors`.
///
/// # Errors
/// With each line that cannot be read, and each assessor that has none or two.
pub fn read_limits(file: &[u8], assessors: usize) -> Result<Vec<Limits>, Faults> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut reader = ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let unreadable = |_| Fault::of_row(1, "cannot be read: the file must be CSV in UTF-8");
    let header = reader.headers().map_err(unreadable)?.clone();
    let called = |name: &str| header.iter().filter(|column| column.eq_ignore_ascii_case(name)).count();
    if ["assessor", "min", "max"].into_iter().any(|name| called(name) > 1) {
        return Err(Fault::of_row(1, "one of assessor, min and max stands more than once: keep one").into());
    }
    let columns =
        ["assessor", "min", "max"].map(|name| header.iter().position(|column| column.eq_ignore_ascii_case(name)));
    let [Some(assessor), Some(min), Some(max)] = columns else {
        return Err(Fault::of_row(1, "the first line must name the columns assessor, min and max").into());
    };
    let (mut limits, mut faults) = (vec![None; assessors], Vec::new());
    let mut lines = Lines::of(file);
    for (index, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            faults.push(Fault::of_row(index + 2, "cannot be read: the file must be CSV in UTF-8"));
            continue;
        };
        let row = record.position().map_or(index + 2, |at| lines.at(at.byte()));
        if record.len() != header.len() {
            let (cells, columns) = (counted(record.len(), "cell"), counted(header.len(), "column"));
            faults.push(Fault::of_row(row, format!("has {cells}, and the first line names {columns}")));
            continue;
        }
        let cell = |column: usize| record.get(column).and_then(|text| text.parse::<usize>().ok());
        let (Some(number), Some(least), Some(most)) = (cell(assessor), cell(min), cell(max)) else {
            faults.push(Fault::of_row(row, "assessor, min and max must be whole numbers from 0"));
            continue;
        };
        match limits.get_mut(number) {
            None => {
                let message = format!("there is no assessor {number}: the matrix has {assessors}, numbered from 0");
                faults.push(Fault::of_cell(row, "assessor", message));
            }
            Some(Some(_)) => {
                faults.push(Fault::of_cell(row, "assessor", format!("{number} stands twice: keep one line")))
            }
            Some(place) => *place = Some(Limits { least, most }),
        }
    }
    for (number, limit) in limits.iter().enumerate() {
        if limit.is_none() {
            faults.push(Fault::of_all(format!("assessor {number} has no limits: add a line")));
        }
    }
    Faults::none_or(faults)?;
    Ok(limits.into_iter().flatten().collect())
}
