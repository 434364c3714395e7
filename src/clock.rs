//! Time: instants in UTC to the microsecond, shown in Europe/London, read from an injected clock.
//!
//! No other file asks the system or the database for the time.

pub mod working;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Timelike, Utc};
use chrono_tz::Europe::London;
use diesel::{AsExpression, FromSqlRow};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::db::columns::sql;

/// An instant, in whole microseconds, which both databases keep exactly.
#[derive(AsExpression, FromSqlRow, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[diesel(sql_type = sql::Moment)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// The instant, cut to whole microseconds.
    pub fn of(instant: DateTime<Utc>) -> Self {
        Self::from_micros(instant.timestamp_micros())
    }

    /// The instant this many microseconds after 1970 began; the ends of time stand for what is beyond them.
    pub fn from_micros(micros: i64) -> Self {
        let beyond = if micros < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self(DateTime::from_timestamp_micros(micros).unwrap_or(beyond))
    }

    /// Microseconds since 1970 began.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Seconds since 1970 began.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// The instant in UTC.
    pub const fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The day in London.
    pub fn london_date(self) -> NaiveDate {
        self.0.with_timezone(&London).date_naive()
    }

    /// The time of day in London, in whole seconds.
    pub fn london_time(self) -> NaiveTime {
        let time = self.0.with_timezone(&London).time();
        time.with_nanosecond(0).unwrap_or(time)
    }

    /// The instant at which clocks in London first show this; `None` in the hour that spring skips.
    pub fn from_london(local: NaiveDateTime) -> Option<Self> {
        Self::all_from_london(local).earliest()
    }

    /// Every instant at which clocks in London show this: none in the hour that spring skips, two in the one that autumn
    /// repeats.
    pub fn all_from_london(local: NaiveDateTime) -> MappedLocalTime<Self> {
        London.from_local_datetime(&local).map(|at| Self::of(at.with_timezone(&Utc)))
    }

    /// This instant moved later.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.micros().saturating_add(micros))
    }

    /// This instant moved earlier.
    #[must_use]
    pub fn minus(self, time: Duration) -> Self {
        let micros = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.micros().saturating_sub(micros))
    }

    /// `5pm on 30 January 2027`, as clocks in London show it.
    pub fn in_words(self) -> String {
        format!("{} on {}", self.time_in_words(), self.date_in_words())
    }

    /// `30 January 2027`, in London.
    pub fn date_in_words(self) -> String {
        self.0.with_timezone(&London).format("%-d %B %Y").to_string()
    }

    /// `5pm`, `5:30pm`, `midday` or `midnight`, in London; `1:30am BST` or `1:30am GMT` in the hour that comes twice.
    pub fn time_in_words(self) -> String {
        let local = self.0.with_timezone(&London);
        let words = self.clock_face();
        match Self::all_from_london(local.naive_local()) {
            MappedLocalTime::Ambiguous(..) => format!("{words} {}", local.format("%Z")),
            _ => words,
        }
    }

    fn clock_face(self) -> String {
        let local = self.0.with_timezone(&London);
        match local.format("%H:%M").to_string().as_str() {
            "00:00" => "midnight".into(),
            "12:00" => "midday".into(),
            on_the_hour if on_the_hour.ends_with(":00") => local.format("%-I%P").to_string(),
            _ => local.format("%-I:%M%P").to_string(),
        }
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
/// RFC 3339 in UTC, with as many decimals as there are.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(deserializer).map(Self::of)
    }
}
impl utoipa::PartialSchema for Moment {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}
impl utoipa::ToSchema for Moment {
    fn name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }
}

/// Where the time comes from.
#[derive(Clone)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// A clock that stands until it is moved: for tests and the replay.
    Standing(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that shows `at` until it is moved.
    pub fn standing(at: Moment) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(at.micros())))
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Moment {
        match self {
            Self::System => Moment::of(Utc::now()),
            Self::Standing(micros) => Moment::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a standing clock to `at`; the machine's clock is left alone.
    pub fn set(&self, at: Moment) {
        if let Self::Standing(micros) = self {
            micros.store(at.micros(), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london(text: &str) -> Option<Moment> {
        Moment::from_london(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time"))
    }

    #[test]
    fn instants_are_shown_as_clocks_in_london_show_them() {
        let shown = [
            ("2018-10-05 17:00", "5pm on 5 October 2018"),
            ("2027-01-30 17:30", "5:30pm on 30 January 2027"),
            ("2018-12-07 00:00", "midnight on 7 December 2018"),
            ("2018-12-07 12:00", "midday on 7 December 2018"),
        ];
        for (local, words) in shown {
            assert_eq!(london(local).expect("it exists").in_words(), words);
        }
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart() {
        let shown =
            |text: &str| Moment::of(DateTime::parse_from_rfc3339(text).expect("an instant").to_utc()).in_words();
        assert_eq!(shown("2026-10-25T00:30:00Z"), "1:30am BST on 25 October 2026");
        assert_eq!(shown("2026-10-25T01:30:00Z"), "1:30am GMT on 25 October 2026");
        assert_eq!(shown("2026-10-25T02:00:00Z"), "2am on 25 October 2026");
    }

    #[test]
    fn the_hour_that_spring_skips_is_no_instant_and_the_one_that_autumn_repeats_is_its_first() {
        assert_eq!(london("2027-03-28 01:30"), None);
        assert_eq!(london("2026-10-25 01:30").expect("it exists").to_string(), "2026-10-25T00:30:00Z");
    }
}
