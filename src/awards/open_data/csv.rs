//! CSV as RFC 4180 has it, safe to open in a spreadsheet: a text that would be read as a formula is written as text.

use csv::{Terminator, WriterBuilder};

use crate::{
    awards::public::PublicPartner,
    bids::partner::PartnerKind,
    error::{AppError, Result},
};

/// Writes a head and rows, lines ended by CR LF, after a byte order mark by which spreadsheets know UTF-8.
///
/// # Errors
/// When a row has not as many cells as the head, which is our fault.
pub fn write(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head).map_err(AppError::internal)?;
    for row in rows {
        writer.write_record(&row).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|fault| AppError::internal(fault.to_string()))
}

/// A text of somebody else's as a cell: what begins like a formula gets an apostrophe before it (OWASP, CSV injection).
pub fn text(value: &str) -> String {
    let risky = value.trim_start_matches([' ', '\u{feff}']).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if risky { format!("'{value}") } else { value.to_owned() }
}

/// The names of the partners of these kinds as one cell.
pub fn partners(partners: &[PublicPartner], kinds: &[PartnerKind]) -> String {
    text(&PublicPartner::names(partners, kinds).join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_a_spreadsheet_would_calculate_is_written_as_text() {
        for risky in ["=1+1", "+44", "-5", "@SUM(A1)", "\tx", "\r=1", "  =1"] {
            assert!(text(risky).starts_with('\''), "{risky:?}");
        }
        for plain in ["Chatbots", "1 = 1", "a-b", ""] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn commas_quotes_and_line_ends_are_quoted_and_lines_end_as_the_standard_says() {
        let bytes = write(&["A", "B"], [vec!["a,b".into(), "say \"no\"\nnow".into()]]).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}A,B\r\n\"a,b\",\"say \"\"no\"\"\nnow\"\r\n");
    }

    #[test]
    fn a_row_that_does_not_fit_its_head_is_a_fault() {
        assert!(write(&["A", "B"], [vec!["only".into()]]).is_err());
    }
}
