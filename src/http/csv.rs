//! CSV answers (RFC 4180): quoted where needed, lines ended by CR LF, and no cell that a spreadsheet takes for a formula.

use actix_web::{HttpResponse, http::header};

use crate::error::{AppError, Result};

/// The document with these columns and rows.
///
/// # Errors
/// When a row has more or fewer cells than there are columns, which is our fault.
pub fn document<R: AsRef<[String]>>(columns: &[&str], rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns).map_err(AppError::internal)?;
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|cell| harmless(cell))).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|fault| AppError::internal(fault.to_string()))
}

/// 200 with a document to be saved under `name`, which is a word of ours.
pub fn attachment(name: &str, document: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")))
        .body(document)
}

/// A cell that begins as a formula does is read as text when an apostrophe stands before it; plain numbers stay numbers.
fn harmless(cell: &str) -> String {
    let suspicious = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if suspicious { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let row: Vec<String> = cells.iter().map(ToString::to_string).collect();
        let columns = vec!["a"; cells.len()];
        let document = document(&columns, [row]).expect("it can be written");
        let text = String::from_utf8(document).expect("it is UTF-8");
        text.split_once("\r\n").map(|(_, rows)| rows.to_owned()).unwrap_or_default()
    }

    #[test]
    fn cells_are_quoted_where_needed_and_lines_end_as_the_format_wants() {
        assert_eq!(
            written(&["Leeds, \"the city\"", "two\nlines", "plain"]),
            "\"Leeds, \"\"the city\"\"\",\"two\nlines\",plain\r\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+44 20 7946 0000", "-cmd", "@sum(a1)", "\tx", "\rx"] {
            assert!(written(&[cell, ""]).trim_start_matches('"').starts_with('\''), "{cell:?}");
        }
        assert_eq!(written(&["-0.50", "3.67"]), "-0.50,3.67\r\n");
    }
}
