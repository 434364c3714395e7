//! The queue of a round's moderation, and its opening.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    account::pages::roles::faults_of,
    assessment::{
        moderation::{
            model::{KnownAtLine, ModerationState, NewOpening, Opening, QueuedBid, Unfinished},
            service,
        },
        pages::Answer,
    },
    error::AppError,
    web::{Page, Posted, Visit},
};

/// The queue.
#[derive(Debug, Serialize)]
pub struct QueuePage {
    /// The round's place in addresses.
    pub slug: String,
    /// The round's title.
    pub title: String,
    /// That moderation is open.
    pub opened: Option<Opening>,
    /// What is not submitted.
    pub unfinished: Vec<Unfinished>,
    /// What asks for a bid to be talked over by the round's rules, each a sentence.
    pub rules: Vec<String>,
    /// What is known of which bids are near the funding line.
    pub at_line: Option<KnownAtLine>,
    /// Whether the reader can have the ranking made that is wanted for that.
    pub may_rank: bool,
    /// The bids that wait, in order.
    pub waiting: Vec<QueuedBid>,
    /// Those that are settled.
    pub settled: Vec<QueuedBid>,
    /// Those that nothing asks for.
    pub quiet: Vec<QueuedBid>,
    /// How many there are to talk over, settled ones too.
    pub of: u32,
    /// How many bids are left out because the reader assesses them and reads them blind still.
    pub blind: u32,
    /// What was written as the reason for opening.
    pub reason: String,
    /// Whether the reader can open it.
    pub may_open: bool,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "assessment/moderation.html";
}

async fn page(visit: &Visit, slug: String, reason: String) -> Result<QueuePage, AppError> {
    let (app, call) = (&visit.app, &visit.call);
    let queue = service::queue(app, call, slug.clone()).await?;
    let may_open = queue.opened.is_none() && service::may_open(app, call, slug.clone()).await?;
    let round = crate::funds::service::round(app, call, slug.clone()).await?;
    let those = |wanted: &[ModerationState]| {
        queue.bids.iter().filter(|bid| wanted.contains(&bid.state)).cloned().collect::<Vec<_>>()
    };
    Ok(QueuePage {
        title: round.round.title,
        rules: round.rulebook.assessment.moderation.in_words(),
        waiting: those(&[ModerationState::Waiting]),
        settled: those(&[ModerationState::Agreed, ModerationState::PassedOver]),
        quiet: those(&[ModerationState::Quiet]),
        of: queue.of,
        blind: queue.blind,
        may_rank: service::may_rank(app, call, &slug, queue.at_line.as_ref()).await?,
        at_line: queue.at_line,
        opened: queue.opened,
        unfinished: queue.unfinished,
        slug,
        reason,
        may_open,
    })
}

/// GET `/rounds/{slug}/moderation`
pub async fn queue(visit: Visit, slug: Path<String>) -> Answer {
    visit.page(&page(&visit, slug.into_inner(), String::new()).await?).await
}

/// POST `/rounds/{slug}/moderation`
pub async fn open(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let (slug, reason) = (slug.into_inner(), form.0.text("reason"));
    let new = NewOpening { reason: reason.clone() };
    match service::open(&visit.app, &visit.call, slug.clone(), new).await {
        Ok(()) => Ok(visit.see_with_success(&format!("/rounds/{slug}/moderation"), "Moderation is open.")),
        Err(refusal) => {
            let faults = faults_of(refusal, "reason")?;
            visit.page_with_faults(&page(&visit, slug, reason).await?, &faults).await
        }
    }
}
