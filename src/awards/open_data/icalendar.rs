//! The milestones of published rounds as an iCalendar (RFC 5545): lines ended by CR LF, folded after 75 octets.

use super::rounds::OpenRound;
use crate::{clock::Moment, funds::model::Milestone};

/// The most octets of a line, without its end.
const LONGEST_LINE: usize = 75;

/// Writes the calendar.
pub fn calendar(rounds: &[OpenRound], base_url: &str) -> String {
    let mut out = Lines::default();
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Roundtable//Funding rounds//EN");
    out.line("CALSCALE:GREGORIAN");
    out.line("METHOD:PUBLISH");
    out.line("X-WR-CALNAME:Funding rounds");
    for round in rounds {
        for (milestone, at) in &round.milestones {
            event(&mut out, round, (*milestone, *at), base_url);
        }
    }
    out.line("END:VCALENDAR");
    out.0
}

fn event(out: &mut Lines, round: &OpenRound, (milestone, at): (Milestone, Moment), base_url: &str) {
    out.line("BEGIN:VEVENT");
    out.line(&format!("UID:{milestone}-{}@roundtable", round.id));
    out.line(&format!("DTSTAMP:{}", instant(round.changed_at)));
    out.line(&format!("DTSTART:{}", instant(at)));
    out.line(&format!("SUMMARY:{}", text(&format!("{}: {}", round.title, milestone.title()))));
    out.line(&format!("DESCRIPTION:{}", text(&round.description())));
    out.line(&format!("URL:{base_url}/rounds/{}", round.slug));
    if round.cancelled.as_ref().is_some_and(|(cancelled_at, _)| *cancelled_at < at) {
        out.line("STATUS:CANCELLED");
    }
    out.line("TRANSP:TRANSPARENT");
    out.line("END:VEVENT");
}

/// An instant in UTC.
fn instant(at: Moment) -> String {
    at.utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value: what separates values is escaped, and what cannot stand in a line becomes a space.
fn text(value: &str) -> String {
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

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Adds a line, folded between characters; the space that marks a folded line counts.
    fn line(&mut self, line: &str) {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters_and_unfold_to_what_they_were() {
        let line = format!("SUMMARY:{}", "Überörtlich, ".repeat(20));
        let mut out = Lines::default();
        out.line(&line);
        assert!(out.0.split("\r\n").all(|part| part.len() <= LONGEST_LINE));
        assert_eq!(out.0.replace("\r\n ", ""), format!("{line}\r\n"));
    }

    #[test]
    fn a_text_can_end_neither_its_value_nor_its_line() {
        assert_eq!(text("a;b,c\\d\r\nEND:VEVENT\u{7}"), "a\\;b\\,c\\\\d\\nEND:VEVENT ");
    }
}
