//! Working days: Monday to Friday without bank holidays, which differ between the nations of the United Kingdom.
//!
//! The bank holidays are those that GOV.UK announces (“UK bank holidays”, gov.uk/bank-holidays), which is until the end of
//! 2028; a later day from Monday to Friday counts as a working day until it is added here.

use std::time::Duration;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use super::Moment;

/// Year, month and day.
type Day = (i32, u32, u32);

/// In England and Wales.
const ENGLAND_AND_WALES: [Day; 24] = [
    (2026, 1, 1),
    (2026, 4, 3),
    (2026, 4, 6),
    (2026, 5, 4),
    (2026, 5, 25),
    (2026, 8, 31),
    (2026, 12, 25),
    (2026, 12, 28),
    (2027, 1, 1),
    (2027, 3, 26),
    (2027, 3, 29),
    (2027, 5, 3),
    (2027, 5, 31),
    (2027, 8, 30),
    (2027, 12, 27),
    (2027, 12, 28),
    (2028, 1, 3),
    (2028, 4, 14),
    (2028, 4, 17),
    (2028, 5, 1),
    (2028, 5, 29),
    (2028, 8, 28),
    (2028, 12, 25),
    (2028, 12, 26),
];
/// Of those, the days that are none in Scotland: Easter Monday and the end of August.
const NOT_IN_SCOTLAND: [Day; 6] =
    [(2026, 4, 6), (2026, 8, 31), (2027, 3, 29), (2027, 8, 30), (2028, 4, 17), (2028, 8, 28)];
/// Besides, in Scotland: the second of January, the beginning of August and Saint Andrew's Day.
const SCOTLAND_TOO: [Day; 9] = [
    (2026, 1, 2),
    (2026, 8, 3),
    (2026, 11, 30),
    (2027, 1, 4),
    (2027, 8, 2),
    (2027, 11, 30),
    (2028, 1, 4),
    (2028, 8, 7),
    (2028, 11, 30),
];
/// Besides, in Northern Ireland: Saint Patrick's Day and the Battle of the Boyne.
const NORTHERN_IRELAND_TOO: [Day; 6] =
    [(2026, 3, 17), (2026, 7, 13), (2027, 3, 17), (2027, 7, 12), (2028, 3, 17), (2028, 7, 12)];

/// Whose bank holidays count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// England's and Wales's.
    EnglandAndWales,
    /// Scotland's.
    Scotland,
    /// Northern Ireland's.
    NorthernIreland,
}

impl Calendar {
    /// Every calendar.
    pub const ALL: [Self; 3] = [Self::EnglandAndWales, Self::Scotland, Self::NorthernIreland];

    /// Whether people work on this day.
    pub fn is_working(self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.is_holiday(day)
    }

    fn is_holiday(self, day: NaiveDate) -> bool {
        let day = (day.year(), day.month(), day.day());
        let everywhere = ENGLAND_AND_WALES.contains(&day);
        match self {
            Self::EnglandAndWales => everywhere,
            Self::Scotland => (everywhere && !NOT_IN_SCOTLAND.contains(&day)) || SCOTLAND_TOO.contains(&day),
            Self::NorthernIreland => everywhere || NORTHERN_IRELAND_TOO.contains(&day),
        }
    }

    /// How many working days come after one day, until another and with it.
    pub fn days_between(self, from: NaiveDate, until: NaiveDate) -> usize {
        from.iter_days().skip(1).take_while(|day| *day <= until).filter(|day| self.is_working(*day)).count()
    }
}

impl Moment {
    /// This time of day in London, so many working days earlier.
    #[must_use]
    pub fn working_days_before(self, count: u8, calendar: Calendar) -> Self {
        self.on_working_day_before(count, calendar, self.london_time())
    }

    /// A time of day in London, so many working days earlier.
    #[must_use]
    pub fn on_working_day_before(self, count: u8, calendar: Calendar, time: NaiveTime) -> Self {
        let earlier = self.london_date().iter_days().rev().skip(1).filter(|day| calendar.is_working(*day));
        let day = earlier.take(count.into()).last();
        let at = day.and_then(|day| Self::from_london(day.and_time(time)));
        at.unwrap_or_else(|| self.minus(Duration::from_secs(86_400 * u64::from(count))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Moment {
        serde_json::from_value(text.into()).expect("an instant")
    }

    #[test]
    fn working_days_leave_out_weekends_and_bank_holidays_and_keep_the_time_of_day_in_london() {
        for (until, count, before) in [
            ("2026-11-26T17:00:00Z", 1, "2026-11-25T17:00:00Z"),
            ("2026-11-23T10:00:00Z", 1, "2026-11-20T10:00:00Z"),
            ("2026-11-22T10:00:00Z", 1, "2026-11-20T10:00:00Z"),
            ("2026-10-26T10:00:00Z", 1, "2026-10-23T09:00:00Z"),
            ("2026-12-29T17:00:00Z", 1, "2026-12-24T17:00:00Z"),
            ("2027-01-04T12:00:00Z", 5, "2026-12-23T12:00:00Z"),
            ("2027-04-02T16:00:00Z", 5, "2027-03-24T17:00:00Z"),
        ] {
            let found = read(until).working_days_before(count, Calendar::EnglandAndWales);
            assert_eq!(found, read(before), "{count} before {until}");
        }
    }

    #[test]
    fn each_nation_has_its_own_bank_holidays() {
        let days = |text: &str| {
            let day = read(&format!("{text}T12:00:00Z")).london_date();
            Calendar::ALL.map(|calendar| calendar.is_working(day))
        };
        assert_eq!(days("2027-01-01"), [false, false, false]);
        assert_eq!(days("2027-01-04"), [true, false, true]);
        assert_eq!(days("2027-03-29"), [false, true, false]);
        assert_eq!(days("2027-07-12"), [true, true, false]);
        assert_eq!(days("2027-11-30"), [true, false, true]);
    }

    #[test]
    fn no_bank_holiday_is_on_a_weekend_where_a_substitute_day_would_stand_for_it() {
        let lists = [&ENGLAND_AND_WALES[..], &SCOTLAND_TOO, &NORTHERN_IRELAND_TOO];
        for (year, month, day) in lists.concat() {
            let date = NaiveDate::from_ymd_opt(year, month, day).expect("a day");
            assert!(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun), "{date}");
        }
        assert!(NOT_IN_SCOTLAND.iter().all(|day| ENGLAND_AND_WALES.contains(day)));
    }

    #[test]
    fn working_days_left_are_counted_without_today() {
        let left = |from: &str, until: &str| {
            Calendar::EnglandAndWales.days_between(read(from).london_date(), read(until).london_date())
        };
        assert_eq!(left("2026-12-24T09:00:00Z", "2026-12-29T17:00:00Z"), 1);
        assert_eq!(left("2026-11-20T09:00:00Z", "2026-11-27T17:00:00Z"), 5);
        assert_eq!(left("2026-11-27T09:00:00Z", "2026-11-27T17:00:00Z"), 0);
    }
}
