//! Deadlines are exact: a grid of instants around closing times given as clocks in London show them, across both changes
//! of the clocks, wherever in the world the server believes itself to be.

use std::process::Command;

use roundtable::{
    clock::Moment,
    funds::{
        change::{Instants, LONGEST_ALONE},
        model::{Milestone, RoundState, Status, Timetable},
        rulebook::Stage,
    },
    web::WrittenInstant,
    workflow,
};

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// What the grid must at least hold.
const LEAST: usize = 10_000;

/// Days since 1970 began (the civil calendar, by counting).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let lengths = |year| [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let whole: i64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let months: i64 = lengths(year)[..usize::try_from(month - 1).unwrap()].iter().sum();
    whole + months + day - 1
}

/// Summer time in the United Kingdom of a year, as the Summer Time Act and its orders have it: from 1am GMT on the last
/// Sunday of March to 1am GMT on the last Sunday of October. 1 January 1970 was a Thursday.
fn summer(year: i64) -> (i64, i64) {
    let last_sunday = |month| {
        let last = days(year, month, 31);
        last - (last + 4) % 7
    };
    (last_sunday(3) * DAY + HOUR, last_sunday(10) * DAY + HOUR)
}

/// Every instant at which clocks in London show this, in microseconds: none, one or two.
fn instants(year: i64, local: i64) -> Vec<i64> {
    let (begins, ends) = summer(year);
    let is_summer = |at: i64| begins <= at && at < ends;
    let candidates = [local - HOUR, local];
    candidates.into_iter().filter(|at| local - at == if is_summer(*at) { HOUR } else { 0 }).collect()
}

/// Closing times as somebody writes them: every quarter of an hour around each change of the clocks, and 5pm elsewhere.
fn written() -> Vec<(i64, i64, i64, i64)> {
    let mut all = Vec::new();
    for (year, month, day) in [(2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31)] {
        all.extend((0..16).map(|quarter| (year, month, day, quarter * 15)));
        all.extend([(year, month, day - 1, 17 * 60), (year, month, day, 17 * 60), (year, month, day, 23 * 60 + 59)]);
    }
    all.extend([(2026, 7, 1, 17 * 60), (2026, 12, 31, 24 * 60 - 1), (2027, 1, 1, 0), (2027, 6, 30, 12 * 60)]);
    all
}

/// How far from a deadline the grid looks, in microseconds.
fn distances() -> Vec<i64> {
    let micros: Vec<i64> = (1..=20).chain([99, 100, 500, 998, 999]).collect();
    let millis: Vec<i64> = (1..=10).chain([99, 100, 500, 999]).map(|count| count * 1_000).collect();
    let seconds = [1, 2, 10, 29, 30, 59, 60, 61, 119, 120].map(|count| count * 1_000_000);
    let minutes = [5, 15, 29, 30, 31, 45, 59, 60, 61, 89, 90, 119, 120, 121].map(|count| count * MINUTE);
    let hours = [3, 6, 12, 23, 24, 25, 47, 48, 49, 72, 168].map(|count| count * HOUR);
    let later: Vec<i64> = [&micros[..], &millis, &seconds, &minutes, &hours].concat();
    later.iter().flat_map(|far| [-*far, *far]).chain([0]).collect()
}

/// Holds everything that asks whether a stage is open against the difference of two numbers.
fn judge(closes: i64, at: i64) {
    let (closing, now) = (Moment::from_micros(closes), Moment::from_micros(at));
    let late = at > closes;
    let opens = Moment::from_micros(closes - 400 * DAY);
    let timetable = Timetable(vec![(Milestone::FullOpens, opens), (Milestone::FullCloses, closing)]);
    let open = if late { Status::Assessment } else { Status::FullOpen };
    assert_eq!(timetable.is_late(Stage::Full, now), late, "{closing} {now}");
    assert_eq!(timetable.is_readable(Stage::Full, now), late, "{closing} {now}");
    assert_eq!(timetable.status(RoundState::Published, now), open, "{closing} {now}");
    assert_eq!(Milestone::FullCloses.is_over(closing, now), late, "{closing} {now}");
    let engine = workflow::Timetable::new(now, [("full_closes".to_owned(), closing)]);
    assert_eq!((engine.passed("full_closes"), engine.reached("full_closes")), (late, at >= closes), "{closing} {now}");
    let alone = at > closes && at - closes <= i64::try_from(LONGEST_ALONE.as_micros()).unwrap();
    assert_eq!(Instants::of(closing, []).allows_alone(now), alone, "{closing} {now}");
    let again: Moment = serde_json::from_str(&serde_json::to_string(&now).unwrap()).unwrap();
    assert_eq!(again.micros(), at, "it travels unchanged");
}

#[test]
fn no_instant_of_the_grid_is_judged_wrong() {
    let (mut looked, mut skipped, mut twice) = (0, 0, 0);
    for (year, month, day, minute) in written() {
        let form = WrittenInstant {
            day: day.to_string(),
            month: month.to_string(),
            year: year.to_string(),
            time: format!("{}:{:02}", minute / 60, minute % 60),
        };
        let deadlines = instants(year, days(year, month, day) * DAY + minute * MINUTE);
        let read = form.read().map(Moment::micros).map_err(|faults| faults[0].code.to_string());
        match deadlines.as_slice() {
            [] => assert_eq!(read, Err("skipped_time".into()), "{form:?}"),
            [one] => assert_eq!(read, Ok(*one), "{form:?}"),
            _ => assert_eq!(read, Err("repeated_time".into()), "{form:?}"),
        }
        (skipped, twice) = (skipped + usize::from(deadlines.is_empty()), twice + usize::from(deadlines.len() == 2));
        let in_words: Vec<String> = deadlines.iter().map(|at| Moment::from_micros(*at).in_words()).collect();
        assert!(in_words.windows(2).all(|pair| pair[0] != pair[1]), "two instants read as one: {in_words:?}");
        for closes in deadlines {
            for distance in distances() {
                judge(closes, closes + distance);
                looked += 1;
            }
        }
    }
    assert!(looked >= LEAST, "{looked}");
    assert_eq!((skipped, twice), (8, 8), "both clock changes of both years are in it");
}

#[test]
fn no_instant_of_the_grid_is_judged_wrong_wherever_the_server_stands() {
    let grid = concat!(module_path!(), "::no_instant_of_the_grid_is_judged_wrong");
    let grid = grid.split_once("::").unwrap().1;
    for zone in ["UTC", "America/New_York", "Asia/Kolkata"] {
        let mut program = Command::new(std::env::current_exe().unwrap());
        let done = program.args(["--exact", grid]).env("TZ", zone).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}
