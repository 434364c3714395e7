//! The milestones of published rounds as a calendar.

use super::rounds::OpenRound;
use crate::{
    clock::Moment,
    funds::model::Milestone,
    http::icalendar::{Calendar, instant, text},
};

/// Writes the calendar.
pub fn calendar(rounds: &[OpenRound], base_url: &str) -> String {
    let mut out = Calendar::named("Funding rounds");
    for round in rounds {
        for (milestone, at) in &round.milestones {
            event(&mut out, round, (*milestone, *at), base_url);
        }
    }
    out.end()
}

fn event(out: &mut Calendar, round: &OpenRound, (milestone, at): (Milestone, Moment), base_url: &str) {
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
