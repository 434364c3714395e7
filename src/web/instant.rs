//! An instant that somebody writes into a form: a date in three fields and a time, as clocks in London show it.

use chrono::{MappedLocalTime, NaiveDate, NaiveTime, Timelike};
use serde::Serialize;

use super::Form;
use crate::{clock::Moment, error::Fault};

/// The fields as they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct WrittenInstant {
    /// The day of the month.
    pub day: String,
    /// The month as a number.
    pub month: String,
    /// The year.
    pub year: String,
    /// The time of day.
    pub time: String,
}

impl WrittenInstant {
    /// The fields `at-day`, `at-month`, `at-year` and `at-time` of a form.
    pub fn of(form: &Form) -> Self {
        Self::named(form, "at")
    }

    /// The same where a form has several instants, each by its own name.
    pub fn named(form: &Form, name: &str) -> Self {
        let [day, month, year, time] =
            ["day", "month", "year", "time"].map(|part| form.text(&format!("{name}-{part}")));
        Self { day, month, year, time }
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The fields filled in with an instant.
    pub fn at(at: Moment) -> Self {
        use chrono::Datelike;
        let day = at.london_date();
        Self {
            day: day.day().to_string(),
            month: day.month().to_string(),
            year: day.year().to_string(),
            time: at.london_time().format("%H:%M").to_string(),
        }
    }

    /// The instant.
    ///
    /// # Errors
    /// The faults of `at-day` and `at-time`: no date, no time, or a time that clocks in London skip or show twice on that
    /// day. A deadline that could mean two instants is refused, never guessed.
    pub fn read(&self) -> Result<Moment, Vec<Fault>> {
        let (date, time) = (self.date(), time_of(&self.time));
        let mut faults = Vec::new();
        if date.is_none() {
            faults.push(Fault::new("at-day", "wrong_date", "Enter a real date, such as 31 3 2028."));
        }
        if time.is_none() {
            faults.push(Fault::new("at-time", "wrong_time", "Enter a time, such as 17:00, 5pm or 5:30pm."));
        }
        let (Some(date), Some(time)) = (date, time) else { return Err(faults) };
        let day = date.format("%-d %B %Y");
        match Moment::all_from_london(date.and_time(time)) {
            MappedLocalTime::Single(at) => Ok(at),
            MappedLocalTime::None => {
                let message = format!("Clocks go forward on {day}, and this time does not exist. Enter 2am or later.");
                Err(vec![Fault::new("at-time", "skipped_time", message)])
            }
            MappedLocalTime::Ambiguous(..) => {
                let message =
                    format!("Clocks go back on {day}, and this time comes twice. Enter one before 1am or from 2am on.");
                Err(vec![Fault::new("at-time", "repeated_time", message)])
            }
        }
    }

    fn date(&self) -> Option<NaiveDate> {
        let year: i32 = self.year.parse().ok().filter(|year| (2_000..10_000).contains(year))?;
        NaiveDate::from_ymd_opt(year, self.month.parse().ok()?, self.day.parse().ok()?)
    }
}

/// `17:00`, `17.00`, `5pm`, `5:30pm`, `midday` or `midnight`.
fn time_of(text: &str) -> Option<NaiveTime> {
    let text = text.to_lowercase().replace(' ', "").replace('.', ":");
    match text.as_str() {
        "midday" | "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return NaiveTime::from_hms_opt(0, 0, 0),
        _ => {}
    }
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (text.as_str(), None),
    };
    let (hour, minute) = clock.split_once(':').unwrap_or((clock, if half.is_some() { "00" } else { "" }));
    let digits = |part: &str| {
        let fits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0).filter(|time| time.second() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(date: &str, time: &str) -> Result<String, String> {
        let mut parts = date.split(' ').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        let written = WrittenInstant { day: part(), month: part(), year: part(), time: time.into() };
        written
            .read()
            .map(|at| at.to_string())
            .map_err(|faults| faults.first().map_or_else(String::new, |fault| fault.code.to_string()))
    }

    #[test]
    fn a_time_is_read_as_clocks_in_london_show_it_in_summer_and_in_winter() {
        for (date, time, instant) in [
            ("30 9 2026", "17:00", "2026-09-30T16:00:00Z"),
            ("15 11 2026", "5pm", "2026-11-15T17:00:00Z"),
            ("15 11 2026", "5.30 PM", "2026-11-15T17:30:00Z"),
            ("1 7 2027", "midday", "2027-07-01T11:00:00Z"),
            ("1 7 2027", "12am", "2027-06-30T23:00:00Z"),
            ("1 7 2027", "midnight", "2027-06-30T23:00:00Z"),
            ("28 3 2027", "0:59", "2027-03-28T00:59:00Z"),
            ("28 3 2027", "2:00", "2027-03-28T01:00:00Z"),
        ] {
            assert_eq!(read(date, time).as_deref(), Ok(instant), "{date} {time}");
        }
    }

    #[test]
    fn an_hour_that_does_not_exist_or_comes_twice_is_refused() {
        for (date, time, code) in [
            ("29 3 2026", "1:00", "skipped_time"),
            ("28 3 2027", "1:59", "skipped_time"),
            ("25 10 2026", "1:00", "repeated_time"),
            ("31 10 2027", "1:59am", "repeated_time"),
        ] {
            assert_eq!(read(date, time), Err(code.into()), "{date} {time}");
        }
    }

    #[test]
    fn what_is_no_date_and_no_time_is_said_field_by_field() {
        for time in ["", "25:00", "5", "13pm", "0am", "5:60", "17:00:30", "+5:00", "noonish"] {
            assert_eq!(read("30 9 2026", time), Err("wrong_time".into()), "{time}");
        }
        for date in ["31 9 2026", "1 13 2026", " 9 2026", "1 1 26", "1 1 99999"] {
            assert_eq!(read(date, "17:00"), Err("wrong_date".into()), "{date}");
        }
        assert_eq!(WrittenInstant::default().read().map_err(|faults| faults.len()), Err(2));
    }
}
