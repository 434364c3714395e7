//! Calendars (RFC 5545): lines ended by CR LF, folded after 75 octets.

use crate::clock::Moment;

/// What a calendar is served as.
pub const MEDIA: &str = "text/calendar; charset=utf-8";

/// The most octets of a line, without its end.
const LONGEST_LINE: usize = 75;

/// A calendar that is written line by line.
#[derive(Debug)]
pub struct Calendar(String);

impl Calendar {
    /// Begins one that is shown under this name.
    pub fn named(name: &str) -> Self {
        let mut out = Self(String::new());
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Roundtable//Funding rounds//EN");
        out.line("CALSCALE:GREGORIAN");
        out.line("METHOD:PUBLISH");
        out.line(&format!("X-WR-CALNAME:{}", text(name)));
        out
    }

    /// Adds a line, folded between characters; the space that marks a folded line counts.
    pub fn line(&mut self, line: &str) {
        let mut octets = 0;
        for letter in line.chars() {
            if octets + letter.len_utf8() > LONGEST_LINE {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// The whole of it.
    pub fn end(mut self) -> String {
        self.line("END:VCALENDAR");
        self.0
    }
}

/// An instant in UTC.
pub fn instant(at: Moment) -> String {
    at.utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value: what separates values is escaped, and what cannot stand in a line becomes a space.
pub fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            control if control.is_control() => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_unfold_to_what_they_were() {
        let line = format!("SUMMARY:{}", "Überörtlich, ".repeat(20));
        let mut out = Calendar(String::new());
        out.line(&line);
        assert!(out.0.split("\r\n").all(|part| part.len() <= LONGEST_LINE));
        assert_eq!(out.0.replace("\r\n ", ""), format!("{line}\r\n"));
    }

    #[test]
    fn a_text_can_end_neither_its_value_nor_its_line() {
        assert_eq!(text("a;b,c\\d\r\nEND:VEVENT\u{7}"), "a\\;b\\,c\\\\d\\nEND:VEVENT ");
    }
}
