//! About the bid: its title, its phase and how much it asks for.

use actix_web::{HttpResponse, web::Path};
use serde::Serialize;

use super::{Heading, Stands, fault_of, in_field, saved, stale};
use crate::{
    bids::service::{self, Desk, HeadingChange, Over},
    error::{AppError, Fault},
    funds::reopening::Part,
    funds::rulebook::Phase,
    http::Refused,
    money::Pence,
    web::{Form, Page, Posted, Visit},
};

/// Title, phase and ask.
#[derive(Debug, Serialize)]
pub struct AboutPage {
    /// What stands above.
    pub bid: Heading,
    /// The bid's version.
    pub version: i32,
    /// The title.
    pub title: String,
    /// The phase chosen.
    pub phase: String,
    /// The phases of the round.
    pub phases: Vec<Phase>,
    /// The ask, in pounds.
    pub ask: String,
    /// What stands now, when somebody else changed it meanwhile.
    pub stands: Option<Stands>,
}

impl Page for AboutPage {
    const TEMPLATE: &'static str = "bids/about.html";
}

impl AboutPage {
    fn of(desk: &Desk) -> Self {
        let content = &desk.view.content;
        Self {
            bid: Heading::of(desk),
            version: desk.view.version,
            title: content.title.clone(),
            phase: content.phase.clone().unwrap_or_default(),
            phases: desk.round.rulebook.phases.clone(),
            ask: content.ask_pence.map(in_field).unwrap_or_default(),
            stands: None,
        }
    }

    /// Shows what was sent instead of what is kept.
    fn take_over(&mut self, form: &Form) {
        self.title = form.text("title");
        self.phase = form.text("phase");
        self.ask = form.text("ask_pence");
    }

    fn say_what_stands(&mut self) {
        let chosen = self.phases.iter().find(|phase| phase.id == self.phase);
        let phase = chosen.map_or("not chosen", |phase| &phase.name);
        let ask = if self.ask.is_empty() { "not given".into() } else { format!("£{}", self.ask) };
        let now = vec![format!("Title: {}", self.title), format!("Phase: {phase}"), format!("Ask: {ask}")];
        let message = "Somebody else changed this bid while you were writing.".into();
        self.stands = Some(Stands { message, now });
    }
}

/// Shows the form.
pub async fn ask(visit: Visit, reference: Path<String>) -> Result<HttpResponse, Refused> {
    let desk = service::desk(&visit.app, &visit.call, reference.into_inner()).await?.to_write(Part::About)?;
    visit.page(&AboutPage::of(&desk)).await
}

/// Keeps what was sent.
pub async fn save(visit: Visit, reference: Path<String>, form: Posted) -> Result<HttpResponse, Refused> {
    let reference = reference.into_inner();
    let desk = service::desk(&visit.app, &visit.call, reference.clone()).await?.to_write(Part::About)?;
    let mut page = AboutPage::of(&desk);
    let (change, faults) = change_of(&form.0, &page);
    if visit.by_script {
        AppError::unless_empty(faults.clone())?;
    }
    if !faults.is_empty() {
        page.take_over(&form.0);
        page.version = form.0.version();
        return visit.page_with_faults(&page, &faults).await;
    }
    let over = Over { version: form.0.version(), by_itself: visit.by_script };
    match service::change_heading(&visit.app, &visit.call, reference.clone(), over, change).await {
        Ok(done) => Ok(saved(&visit, &form.0, (&reference, first_question(&desk)), &done)),
        Err(fault) if visit.by_script => Err(fault.into()),
        Err(AppError::Invalid(faults)) => {
            page.take_over(&form.0);
            page.version = form.0.version();
            visit.page_with_faults(&page, &faults).await
        }
        Err(AppError::Stale { .. }) => {
            // The page names the version that it shows, so that nothing newer is replaced unseen.
            page.say_what_stands();
            page.take_over(&form.0);
            stale(&visit, &page, "title", "Look at how it stands now, then save your change again.").await
        }
        Err(other) => Err(other.into()),
    }
}

/// What changes. A field that is left empty stays as it is, unless that would take something back unasked.
fn change_of(form: &Form, page: &AboutPage) -> (HeadingChange, Vec<Fault>) {
    let mut faults = Vec::new();
    let ask = form.filled("ask_pence");
    let ask_pence = ask.as_deref().and_then(Pence::from_pounds);
    if ask.is_some() != ask_pence.is_some() {
        faults.push(fault_of("ask_pence".into(), "Enter how much you ask for in pounds, such as 80,000."));
    }
    if ask.is_none() && !page.ask.is_empty() {
        faults.push(fault_of("ask_pence".into(), "Enter how much you ask for. You can change it, not take it back."));
    }
    (HeadingChange { title: Some(form.text("title")), phase: form.filled("phase"), ask_pence }, faults)
}

fn first_question(desk: &Desk) -> String {
    let form = desk.round.rulebook.form(desk.view.stage);
    let first = form.questions().next().map(|(_, question)| question.id.clone());
    first.map(|id| format!("/bids/{}/questions/{id}", desk.view.reference)).unwrap_or_default()
}
