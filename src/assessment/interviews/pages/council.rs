//! The interview of a bid, for its councils: choose a time, or read which one is chosen.

use actix_web::web::Path;
use serde::Serialize;

use super::slides::Bringing;
use crate::{
    account::pages::roles::faults_of,
    assessment::{
        interviews::{
            model::{BidInterview, Choosing, FreeTime},
            service,
        },
        pages::{Answer, Choice},
    },
    error::AppError,
    http::{icalendar, respond},
    web::{Page, Posted, Visit},
};

/// The interview of a bid.
#[derive(Debug, Serialize)]
pub struct CouncilPage {
    /// The interview.
    pub of: BidInterview,
    /// The times that can be chosen.
    pub times: Vec<Choice>,
    /// Its slides.
    pub bringing: Bringing,
}

impl Page for CouncilPage {
    const TEMPLATE: &'static str = "assessment/interview.html";
}

/// The page, with the time that is chosen on it and the id of the slides that others are to replace.
pub(super) async fn page(
    visit: &Visit,
    reference: &str,
    (chosen, replaces): (&str, &str),
) -> Result<CouncilPage, AppError> {
    let of = service::bid(&visit.app, &visit.call, reference.to_owned()).await?;
    let choice = |time: &FreeTime| {
        let value = time.number.to_string();
        let text = format!("{}, until {}", time.starts_at.in_words(), time.ends_at.time_in_words());
        Choice { text, hint: time.place.clone(), chosen: value == chosen, value }
    };
    let bringing = Bringing::of(visit, &of.slides, replaces);
    Ok(CouncilPage { times: of.free.iter().map(choice).collect(), bringing, of })
}

/// GET `/bids/{reference}/interview`
pub async fn interview(visit: Visit, reference: Path<String>) -> Answer {
    visit.page(&page(&visit, &reference, ("", "")).await?).await
}

/// GET `/bids/{reference}/interview.ics`
pub async fn calendar(visit: Visit, reference: Path<String>) -> Answer {
    let calendar = service::calendar(&visit.app, &visit.call, reference.into_inner()).await?;
    Ok(respond::file("interview.ics", icalendar::MEDIA, calendar.into_bytes()))
}

/// POST `/bids/{reference}/interview`
pub async fn choose(visit: Visit, reference: Path<String>, form: Posted) -> Answer {
    let wish = form.0.text("time");
    let chosen = match wish.parse() {
        Ok(number) => service::choose(&visit.app, &visit.call, reference.clone(), Choosing { number }).await,
        Err(_none) => Err(AppError::invalid("time", "missing", "Choose a time.")),
    };
    match chosen {
        Ok(()) => Ok(visit.see_with_success(&format!("/bids/{reference}/interview"), "The time is chosen.")),
        Err(refusal) => {
            let faults = faults_of(refusal, "time")?;
            visit.page_with_faults(&page(&visit, &reference, (&wish, "")).await?, &faults).await
        }
    }
}
