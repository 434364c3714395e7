//! How good it would be that somebody reads a bid, as a whole number from 0 to 1000: how fit they are to, and whether they want to.

use chrono::NaiveDate;

use crate::{assessment::preferences::model::Preference, clock::working::Calendar};

/// What knowing everything that a bid is about counts.
const KNOWS: usize = 700;
/// What being asked for everything that a bid is about counts.
const ASKED: usize = 200;
/// What counts where a bid does not say what it is about: half of both, so that it is read by whoever has room.
const NOT_SAID: usize = 450;
/// The best that a reading can be worth.
const BEST: i16 = 1_000;

/// What a reading is worth, from 0 to 1000:
///
/// > (3 × [`affinity`] + wish) ÷ 4
///
/// rounded down, where `wish` is 1000 if the assessor would like to read the bid, 500 if they could or have said nothing, and 0 if
/// they would rather not.
///
/// Why so. Whoever wants to read a bid reads it with care and on time, so that a wish counts beside knowing the field
/// (assessment.md, section 2: expertise, stated preference and load). It counts less: between wanting and rather not lie 250
/// points, between knowing all that a bid is about and nothing of it 525, so that whoever wants a bid of another field does not get
/// it before somebody who knows the field. Between equals the wish decides. A conflict of
/// interest is no number and is asked first: no wish weighs anything against it.
pub fn worth(affinity: i16, preference: Preference) -> i16 {
    let wish = match preference {
        Preference::Wanted => BEST,
        Preference::Neutral => BEST / 2,
        Preference::RatherNot => 0,
    };
    (3 * affinity.clamp(0, BEST) + wish) / 4
}

/// How fit somebody is to read a bid, from 0 to 1000:
///
/// > (700 × areas of the bid that they know + 200 × areas of the bid for which they were asked) ÷ areas of the bid + free
///
/// rounded down, where `free` is the share of the working days of assessing on which they can, in whole per cent. A bid that
/// does not say what it is about counts 450 in the place of the quotient, for everybody.
///
/// Why so. That a reader knows the field is what assessors and bidders ask for most, so that it makes up most of the number; a
/// bid about two fields is read better by somebody who knows both, and not by whoever has ticked every box, because only the
/// bid's own areas count. What a manager asked somebody for is a second opinion on the same, and less than what they say of
/// themselves. Time decides between equals: within the same totals, who has more days reads more. How much somebody reads is no
/// part of it: that is held by their least and most, which a plan never passes. There is no chance in it and nothing of the
/// assessors' scores, so that nobody is given bids by how they mark.
pub fn affinity(about: &[String], knows: &[String], asked: &[String], free: u32) -> i16 {
    let count = |known: &[String]| about.iter().filter(|area| known.contains(area)).count();
    let fit = (KNOWS * count(knows) + ASKED * count(asked)).checked_div(about.len()).unwrap_or(NOT_SAID);
    let free = usize::try_from(free.min(100)).unwrap_or(0);
    i16::try_from(fit + free).unwrap_or(i16::MAX)
}

/// The share of the working days of a time on which somebody can, in whole per cent; all where nothing is said of the time, or
/// there is no working day in it.
pub fn free(
    time: Option<(NaiveDate, NaiveDate)>,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
    away: &[NaiveDate],
) -> u32 {
    let Some((first, last)) = time else { return 100 };
    let calendar = Calendar::EnglandAndWales;
    let days = first.iter_days().take_while(|day| *day <= last).filter(|day| calendar.is_working(*day));
    let can = |day: &NaiveDate| {
        from.is_none_or(|from| *day >= from) && until.is_none_or(|until| *day <= until) && !away.contains(day)
    };
    let (mut all, mut open) = (0_usize, 0_usize);
    for day in days {
        all += 1;
        open += usize::from(can(&day));
    }
    u32::try_from((open * 100).checked_div(all).unwrap_or(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowing_what_a_bid_is_about_counts_most_being_asked_for_it_less_and_time_decides_between_equals() {
        let areas = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let worth = |about: &[&str], knows: &[&str], asked: &[&str], free| {
            affinity(&areas(about), &areas(knows), &areas(asked), free)
        };
        for (about, knows, asked, free, expected) in [
            (vec!["housing"], vec!["housing", "planning"], vec!["housing"], 100, 1_000),
            (vec!["housing"], vec!["housing"], vec![], 0, 700),
            (vec!["housing", "planning"], vec!["housing"], vec![], 0, 350),
            (vec!["housing", "planning", "waste"], vec!["housing"], vec!["housing"], 0, 300),
            (vec!["housing"], vec!["planning"], vec!["waste"], 37, 37),
            (vec![], vec!["planning"], vec!["waste"], 40, 490),
            (vec!["housing"], vec!["housing"], vec!["housing"], 900, 1_000),
        ] {
            assert_eq!(worth(&about, &knows, &asked, free), expected, "{about:?} {knows:?} {asked:?} {free}");
        }
    }

    #[test]
    fn a_wish_decides_between_equals_and_never_outweighs_knowing_what_a_bid_is_about() {
        use Preference::{Neutral, RatherNot, Wanted};
        for (fit, wanted, neutral, rather_not) in [(1_000, 1_000, 875, 750), (787, 840, 715, 590), (0, 250, 125, 0)] {
            let found = [Wanted, Neutral, RatherNot].map(|preference| worth(fit, preference));
            assert_eq!(found, [wanted, neutral, rather_not], "{fit}");
        }
        let fit = |knows: &[&str], asked: &[&str]| {
            let areas = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
            affinity(&areas(&["housing", "planning"]), &areas(knows), &areas(asked), 100)
        };
        let expert = worth(fit(&["housing", "planning"], &[]), RatherNot);
        assert!(expert > worth(fit(&["housing"], &[]), Wanted), "who knows all of it, before who knows half");
        assert!(expert > worth(fit(&[], &["housing", "planning"]), Wanted), "before who was asked for it");
        let every = (0..1_000).flat_map(|fit| [Wanted, Neutral, RatherNot].map(|preference| (fit, preference)));
        for (fit, preference) in every {
            assert!((0..=1_000).contains(&worth(fit, preference)), "{fit} {preference}");
            assert!(worth(fit, preference) <= worth(fit + 1, preference), "{fit} {preference}");
        }
    }

    #[test]
    fn the_time_that_somebody_has_is_counted_in_working_days() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        // A Monday to the Friday of the week after: ten working days.
        let time = Some((day("2026-11-16"), day("2026-11-27")));
        let said = |from: Option<&str>, until: Option<&str>, away: &[&str]| {
            free(time, (from.map(day), until.map(day)), &away.iter().map(|text| day(text)).collect::<Vec<_>>())
        };
        assert_eq!(said(None, None, &[]), 100);
        assert_eq!(said(Some("2026-11-23"), None, &[]), 50);
        assert_eq!(said(Some("2026-11-16"), Some("2026-12-24"), &["2026-11-17", "2026-11-21", "2026-12-01"]), 90);
        assert_eq!(said(Some("2026-12-01"), None, &[]), 0);
        assert_eq!(free(None, (Some(day("2026-12-01")), None), &[]), 100);
        assert_eq!(free(Some((day("2026-11-21"), day("2026-11-22"))), (None, None), &[]), 100, "a weekend");
    }
}
