//! How templates write amounts, dates, times and counts: in the words that `clock` and `money` have for them.

use chrono::{DateTime, NaiveDate};
use minijinja::{Environment, Error, ErrorKind};

use crate::{clock::Moment, money::Pence};

/// Gives `pounds`, `moment`, `date`, `time` and `plural` to the templates.
pub fn install(environment: &mut Environment<'static>) {
    environment.add_filter("pounds", |pence: i64| Pence(pence).to_string());
    environment.add_filter("moment", |text: &str| instant(text).map(Moment::in_words));
    environment.add_filter("time", |text: &str| instant(text).map(Moment::time_in_words));
    environment.add_filter("date", date);
    environment.add_filter("plural", plural);
}

/// An RFC 3339 instant, or a day such as `2027-01-30`, as `30 January 2027`.
fn date(text: &str) -> Result<String, Error> {
    match text.parse::<NaiveDate>() {
        Ok(day) => Ok(day.format("%-d %B %Y").to_string()),
        Err(_) => instant(text).map(Moment::date_in_words),
    }
}

/// A count with its noun: `1 bid`, `1,204 bids`; an irregular plural can be given: `2|plural("county", "counties")`.
fn plural(count: u64, one: &str, many: Option<&str>) -> String {
    let number = grouped(count);
    match (count, many) {
        (1, _) => format!("{number} {one}"),
        (_, Some(many)) => format!("{number} {many}"),
        (_, None) => format!("{number} {one}s"),
    }
}

fn instant(text: &str) -> Result<Moment, Error> {
    DateTime::parse_from_rfc3339(text).map(|at| Moment::of(at.to_utc())).map_err(|error| {
        Error::new(ErrorKind::InvalidOperation, format!("{text:?} is not an RFC 3339 instant")).with_source(error)
    })
}

/// A number with a comma between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
