//! An interview for the calendars of whoever takes part in it.

use super::slides::readable;
use crate::{
    assessment::interviews::{model::SlotRow, store},
    clock::Moment,
    error::{AppError, Result},
    http::{
        App, Call,
        icalendar::{Calendar, instant, text},
    },
    identity::policy::Action,
};

/// What a calendar says of an interview.
struct Entry {
    slot: SlotRow,
    /// The bid's title and reference.
    of: String,
    /// The page on which the reader meets the interview, under the service's address.
    page: String,
}

/// The interview of a bid as a calendar of one event, for its councils, its panel and the fund's staff. It keeps its id when it is moved, so
/// that a calendar that takes it in again moves what it has.
///
/// # Errors
/// `NotFound` for whoever may not know of the bid, until its councils know of an invitation, and while no time is chosen; `Forbidden` for
/// whoever neither is of its councils nor of the fund's staff, and does not sit on its panel.
pub async fn calendar(app: &App, call: &Call, reference: String) -> Result<String> {
    let found = call.read(app, move |conn, scene| {
        let asked = readable(conn, scene, &reference)?;
        let slot = store::of_bid(conn, &asked.granted)?.ok_or(AppError::NotFound)?;
        let sits = asked.granted.standing().may(Action::InterviewBid);
        let page = if sits { "interview/score" } else { "interview" };
        Ok(Entry { slot, of: format!("{} ({reference})", asked.bid.title), page: format!("/bids/{reference}/{page}") })
    });
    Ok(found.await?.written(&app.config.web.base_url, call.received))
}

impl Entry {
    fn written(&self, base_url: &str, now: Moment) -> String {
        let Self { slot, of, page } = self;
        let mut out = Calendar::named("Interview");
        out.line("BEGIN:VEVENT");
        out.line(&format!("UID:interview-{}@roundtable", slot.id));
        out.line(&format!("SEQUENCE:{}", slot.version));
        out.line(&format!("DTSTAMP:{}", instant(now)));
        out.line(&format!("DTSTART:{}", instant(slot.starts_at)));
        out.line(&format!("DTEND:{}", instant(slot.ends_at())));
        out.line(&format!("SUMMARY:{}", text(&format!("Interview: {of}"))));
        out.line(&format!("LOCATION:{}", text(&slot.place)));
        if !slot.joining.is_empty() {
            out.line(&format!("DESCRIPTION:{}", text(&slot.joining)));
        }
        out.line(&format!("URL:{base_url}{page}"));
        out.line("END:VEVENT");
        out.end()
    }
}
