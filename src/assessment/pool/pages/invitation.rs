//! The invitation as whoever has it reads it: the work, the terms, and what they answer.

use actix_web::web::Path;
use serde::Serialize;

use super::{
    AreaGroup, faults_beside, groups_of,
    written::{self, WrittenDay},
};
use crate::{
    assessment::{
        pages::{Answer, Choice},
        pool::{
            model::{Acceptance, Agreement, LONGEST_WORDS, MyPlace, PlaceState, TurningDown, WhyNot, texts_of},
            service,
        },
    },
    error::{AppError, Fault},
    http::Refused,
    web::{Form, Page, Posted, Visit},
};

/// The invitation.
#[derive(Debug, Serialize)]
pub struct InvitationPage {
    /// The place, with what there is to know before one answers.
    pub mine: MyPlace,
    /// How many bids there are.
    pub bids: String,
    /// For what one is asked, in words.
    pub asked_for: Vec<String>,
    /// What one knows of, in words.
    pub expertise: Vec<String>,
    /// Why one does not assess, in words.
    pub why: &'static str,
    /// What one can know of.
    pub groups: Vec<AreaGroup>,
    /// What the fields hold.
    pub written: Written,
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "assessment/invitation.html";
}

/// The fields of the answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// How many bids at least.
    pub least: String,
    /// How many at most.
    pub most: String,
    /// The first day.
    pub from: WrittenDay,
    /// The last.
    pub until: WrittenDay,
    /// Days on which one cannot, one a line.
    pub away: String,
}

impl Written {
    /// What was said before, or else what one was asked and the days of the round.
    fn before(mine: &MyPlace) -> Self {
        let place = &mine.place;
        let text = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let from = place.from.or_else(|| mine.workload.opens.map(|at| at.london_date()));
        let until = place.until.or_else(|| mine.workload.closes.map(|at| at.london_date()));
        let away: Vec<String> = place.away.iter().map(|day| day.format("%-d %-m %Y").to_string()).collect();
        Self {
            least: text(place.least.or(place.least_asked)),
            most: text(place.most.or(place.most_asked)),
            from: from.map(WrittenDay::at).unwrap_or_default(),
            until: until.map(WrittenDay::at).unwrap_or_default(),
            away: away.join("\n"),
        }
    }

    fn of(form: &Form) -> Self {
        Self {
            least: form.text("least"),
            most: form.text("most"),
            from: WrittenDay::of(form, "from"),
            until: WrittenDay::of(form, "until"),
            away: form.text("away"),
        }
    }
}

impl InvitationPage {
    fn of(mine: MyPlace) -> Self {
        let chosen = if mine.place.expertise.is_empty() { &mine.place.areas } else { &mine.place.expertise };
        Self {
            bids: mine.workload.bids_in_words(),
            asked_for: texts_of(&mine.place.areas, &mine.areas),
            expertise: texts_of(&mine.place.expertise, &mine.areas),
            why: mine.place.reason.map(WhyNot::title).unwrap_or_default(),
            groups: groups_of(&mine.areas, chosen),
            written: Written::before(&mine),
            mine,
        }
    }
}

async fn page(visit: &Visit, slug: &str) -> Result<InvitationPage, Refused> {
    Ok(InvitationPage::of(service::mine(&visit.app, &visit.call, slug.to_owned()).await?))
}

/// GET `/rounds/{slug}/invitation`
pub async fn invitation(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, &slug).await?).await
}

/// POST `/rounds/{slug}/invitation`
pub async fn accept(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let accepted = match read(&form.0) {
        Ok(new) => service::accept(&visit.app, &visit.call, slug.clone(), form.0.version(), new).await,
        Err(faults) => Err(AppError::Invalid(faults)),
    };
    match accepted {
        Ok(_) => {
            let text = "Thank you. The fund knows what you can do, and writes to you when bids are given to you.";
            Ok(visit.see_with_success(&format!("/rounds/{slug}/invitation"), text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, "answer")?;
            let page = page(&visit, &slug).await?;
            let groups = groups_of(&page.mine.areas, &form.0.all("expertise"));
            visit.page_with_faults(&InvitationPage { groups, written: Written::of(&form.0), ..page }, &faults).await
        }
    }
}

/// POST `/rounds/{slug}/invitation/terms`: agrees to terms that have changed.
pub async fn agree(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let new = Agreement { terms: form.0.text("terms") };
    match service::agree(&visit.app, &visit.call, slug.clone(), form.0.version(), new).await {
        Ok(_) => {
            let text = "Thank you. You have agreed to the terms as they are now.";
            Ok(visit.see_with_success(&format!("/rounds/{slug}/invitation"), text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, "agreement")?;
            visit.page_with_faults(&page(&visit, &slug).await?, &faults).await
        }
    }
}

fn read(form: &Form) -> Result<Acceptance, Vec<Fault>> {
    let mut faults = Vec::new();
    let wanted = |field: &str, faults: &mut Vec<Fault>| {
        if form.filled(field).is_none() {
            faults.push(Fault::new(field, "missing", "Write a whole number, such as 12."));
        }
        written::number(form, field, faults)
    };
    let (least, most) = (wanted("least", &mut faults), wanted("most", &mut faults));
    let from = WrittenDay::of(form, "from").read("from", &mut faults);
    let until = WrittenDay::of(form, "until").read("until", &mut faults);
    let away = written::days(&form.text("away"), "away", &mut faults);
    match (least, most, from, until) {
        (Some(least), Some(most), Some(from), Some(until)) if faults.is_empty() => {
            let (expertise, terms) = (form.all("expertise"), form.filled("terms"));
            Ok(Acceptance { expertise, least, most, from, until, away, terms })
        }
        _ => Err(faults),
    }
}

/// Says that one does not assess, or not any more.
#[derive(Debug, Serialize)]
pub struct StopPage {
    /// The place.
    pub mine: MyPlace,
    /// Whether one has accepted before.
    pub stops: bool,
    /// How many bids one has that need another reader then.
    pub unread: u32,
    /// Why.
    pub reasons: Vec<Choice>,
    /// The same in words.
    pub words: String,
    /// The most characters of them.
    pub longest: usize,
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "assessment/invitation-stop.html";
}

impl StopPage {
    fn of(mine: MyPlace, form: &Form) -> Self {
        let said = form.text("reason");
        let choice = |reason: &WhyNot| Choice {
            value: reason.word().into(),
            text: reason.title().into(),
            hint: String::new(),
            chosen: reason.word() == said,
        };
        Self {
            stops: mine.place.state == PlaceState::Accepted,
            unread: mine.place.given.saturating_sub(mine.place.submitted),
            reasons: WhyNot::ALL.iter().map(choice).collect(),
            words: form.text("words"),
            longest: LONGEST_WORDS,
            mine,
        }
    }
}

async fn stop_page(visit: &Visit, slug: &str, form: &Form) -> Result<StopPage, Refused> {
    Ok(StopPage::of(service::mine(&visit.app, &visit.call, slug.to_owned()).await?, form))
}

/// GET `/rounds/{slug}/invitation/decline`
pub async fn ask_to_stop(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&stop_page(&visit, &slug, &Form::default()).await?).await
}

/// POST `/rounds/{slug}/invitation/decline`: declines, or stops where one had accepted.
pub async fn stop(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let before = stop_page(&visit, &slug, &form.0).await?;
    let (app, call, version) = (&visit.app, &visit.call, form.0.version());
    let answered = match WhyNot::from_word(&form.0.text("reason")) {
        None => Err(AppError::invalid("reason", "missing", "Choose why.")),
        Some(reason) => {
            let new = TurningDown { reason, words: before.words.clone() };
            if before.stops {
                service::withdraw(app, call, slug.clone(), version, new).await
            } else {
                service::decline(app, call, slug.clone(), version, new).await
            }
        }
    };
    match answered {
        Ok(_) => {
            let text = "Thank you for saying so. The fund is told, and can ask somebody else.";
            Ok(visit.see_with_success(&format!("/rounds/{slug}/invitation"), text))
        }
        Err(refusal) => {
            let faults = faults_beside(refusal, "reason")?;
            visit.page_with_faults(&stop_page(&visit, &slug, &form.0).await?, &faults).await
        }
    }
}
