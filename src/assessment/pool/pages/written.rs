//! Fields as they were written: numbers, days and lists of days, each of which says what is wrong with it.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::{error::Fault, web::Form};

/// A whole number, or nothing.
pub(super) fn number(form: &Form, field: &str, faults: &mut Vec<Fault>) -> Option<u32> {
    let text = form.filled(field)?.replace(',', "");
    let read = text.parse().ok();
    if read.is_none() {
        faults.push(Fault::new(field, "unreadable", "Write a whole number, such as 12."));
    }
    read
}

/// A day in three fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WrittenDay {
    /// The day of the month.
    pub day: String,
    /// The month as a number.
    pub month: String,
    /// The year.
    pub year: String,
}

impl WrittenDay {
    /// The fields of a form that begin with a name.
    pub(super) fn of(form: &Form, name: &str) -> Self {
        let [day, month, year] = ["day", "month", "year"].map(|part| form.text(&format!("{name}-{part}")));
        Self { day, month, year }
    }

    /// The fields filled in.
    pub(super) fn at(day: NaiveDate) -> Self {
        Self { day: day.day().to_string(), month: day.month().to_string(), year: day.year().to_string() }
    }

    /// The day.
    pub(super) fn read(&self, field: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
        let read = day_of(&self.day, &self.month, &self.year);
        if read.is_none() {
            faults.push(Fault::new(field, "unreadable", "Enter a real date, such as 1 12 2026."));
        }
        read
    }
}

fn day_of(day: &str, month: &str, year: &str) -> Option<NaiveDate> {
    let year = year.parse().ok().filter(|year| (2_000..10_000).contains(year))?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Days, one a line: `24 12 2026`, `24/12/2026` or `2026-12-24`.
pub(super) fn days(text: &str, field: &str, faults: &mut Vec<Fault>) -> Vec<NaiveDate> {
    let mut days = Vec::new();
    for (line, words) in (1..).zip(text.lines()) {
        let words = words.trim();
        if words.is_empty() {
            continue;
        }
        let parts: Vec<&str> = words.split([' ', '/', '.', '-']).filter(|part| !part.is_empty()).collect();
        let read = match parts.as_slice() {
            [year, month, day] if year.len() == 4 => day_of(day, month, year),
            [day, month, year] => day_of(day, month, year),
            _ => None,
        };
        match read {
            Some(day) => days.push(day),
            None => {
                let message = format!("Line {line}: write a real date, such as 24 12 2026.");
                faults.push(Fault::new(field, "unreadable", message));
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_line_by_line_and_a_line_that_is_none_is_named() {
        let mut faults = Vec::new();
        let read = days("24 12 2026\n\n 28/12/2026\n2026-12-29", "away", &mut faults);
        assert_eq!((read.len(), faults.len()), (3, 0));
        days("24 12 2026\n31 2 2027\nChristmas", "away", &mut faults);
        let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(messages.len(), 2);
        assert!(
            messages.iter().zip(["Line 2", "Line 3"]).all(|(message, line)| message.starts_with(line)),
            "{messages:?}"
        );
    }
}
