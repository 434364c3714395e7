//! The pages of rounds that everybody may read, and those of the staff.

pub mod staff;
pub mod workflow;

use actix_web::HttpResponse;
use serde::Serialize;

use super::{
    model::{Milestone, RoundInFull, RoundLink, RoundState, Status},
    questions::service::Answers,
    rulebook::{Criterion, Phase, Signs, Stage},
    service,
};
use crate::{
    clock::Moment,
    http::{PageRequest, Query, Refused},
    web::{Page, Visit},
};

pub use super::way_view::WayView;

/// A round in a list.
#[derive(Debug, Serialize)]
pub struct RoundCard {
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its fund.
    pub fund: String,
    /// What it is for.
    pub summary: String,
    /// Where it stands.
    pub status: &'static str,
    /// When the stage that is open closes.
    pub closes: Option<Moment>,
    /// Whether it is still being prepared.
    pub draft: bool,
}

impl RoundCard {
    /// The card at `now`.
    pub fn of(full: &RoundInFull, now: Moment) -> Self {
        let status = full.status(now);
        Self {
            slug: full.round.slug.clone(),
            title: full.round.title.clone(),
            fund: full.fund.name.clone(),
            summary: full.round.summary.clone(),
            status: status.title(),
            closes: open_stage(status).and_then(|stage| full.timetable.closes(stage)),
            draft: full.round.state == RoundState::Draft,
        }
    }
}

/// The stage that can be sent while a round has this status.
pub const fn open_stage(status: Status) -> Option<Stage> {
    match status {
        Status::EoiOpen => Some(Stage::Eoi),
        Status::FullOpen => Some(Stage::Full),
        _ => None,
    }
}

/// All rounds, newest first.
#[derive(Debug, Serialize)]
pub struct Rounds {
    /// Those on this page.
    pub rounds: Vec<RoundCard>,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl Page for Rounds {
    const TEMPLATE: &'static str = "rounds/list.html";
}

/// A round with everything that a council wants to know before it bids.
#[derive(Debug, Serialize)]
pub struct RoundPage {
    /// The round in short.
    pub card: RoundCard,
    /// Something everybody must know, e.g. that it is a replay.
    pub note: Option<String>,
    /// Who gives the money.
    pub funder: String,
    /// How much can be awarded, in pence.
    pub budget_pence: i64,
    /// When what happens.
    pub dates: Vec<Date>,
    /// The changes of these dates that are in force, newest first.
    pub changes: Vec<DateChange>,
    /// What can be bid for.
    pub phases: Vec<Phase>,
    /// What an expression of interest must meet, in words.
    pub eoi_rules: Vec<String>,
    /// What a full application must meet, in words.
    pub full_rules: Vec<String>,
    /// How many bids one authority may lead.
    pub most_led: Option<u32>,
    /// Whether the officer of every partner signs too.
    pub partners_sign: bool,
    /// In how many an organisation may be a partner.
    pub most_joined: Option<u32>,
    /// What is asked of the councils that bid together, in words.
    pub partnership_rules: Vec<String>,
    /// What is asked, stage by stage.
    pub forms: Vec<Asked>,
    /// How bids are scored.
    pub criteria: Vec<Weighed>,
    /// How bids are ranked and chosen, each a sentence.
    pub choosing: Vec<String>,
    /// What was asked and answered.
    pub questions: Answers,
    /// When it was called off and why, as a sentence, if it was.
    pub cancelled: Option<String>,
    /// The cancelled round in whose place it is run.
    pub replaces: Option<RoundLink>,
    /// The published round that is run in its place.
    pub replaced_by: Option<RoundLink>,
    /// What was changed since it was published, newest first.
    pub amendments: Vec<Amended>,
    /// The hash of the rules, in hexadecimal digits.
    pub rules_hash: String,
    /// What the button that starts a bid starts; none when no bid can be started.
    pub start: Option<&'static str>,
    /// How bids are decided.
    pub way: WayView,
    /// Whether the lists of bids are public yet.
    pub closed: bool,
    /// Whether the awards are announced.
    pub announced: bool,
    /// What is said of the hours that its bids took, each a sentence; nothing before the awards are published.
    pub bidding_hours: Vec<String>,
    /// What everybody is told of its draws by now, of each what is said, each a sentence.
    pub draws: Vec<Vec<String>>,
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "rounds/round.html";
}

/// A date of a round.
#[derive(Debug, Serialize)]
pub struct Date {
    /// What happens.
    pub what: &'static str,
    /// When.
    pub at: Moment,
    /// Whether it is a closing time, which is shown with its hour in bold.
    pub closes: bool,
    /// Whether it is over.
    pub past: bool,
}

/// A date that was changed.
#[derive(Debug, Serialize)]
pub struct DateChange {
    /// What happens then.
    pub what: String,
    /// When it was to be.
    pub from: Moment,
    /// When it is.
    pub to: Moment,
    /// When that was changed.
    pub made_at: Moment,
    /// Why.
    pub reason: String,
}

/// What was changed about a round since it was published.
#[derive(Debug, Serialize)]
pub struct Amended {
    /// What it was.
    pub title: String,
    /// Since when it is in force.
    pub at: Moment,
    /// What it changed, each a phrase.
    pub changes: Vec<String>,
    /// Why.
    pub reason: String,
    /// The hash of the rules before, if they were changed.
    pub rules_before: Option<String>,
    /// The hash of the rules since.
    pub rules_since: Option<String>,
}

/// What a stage asks.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// The stage.
    pub stage: &'static str,
    /// The questions' titles.
    pub questions: Vec<String>,
}

/// A criterion with its weight.
#[derive(Debug, Serialize)]
pub struct Weighed {
    /// What it is called.
    pub title: String,
    /// What assessors look for.
    pub guidance: String,
    /// Its weight, such as `30%`.
    pub weight: String,
    /// The least mean score with which a bid can be funded, where there is one.
    pub least: Option<i32>,
}

impl RoundPage {
    /// The page at `now`, with the way of a bid as whoever looks may know it, what was changed (dates and the rest), and what
    /// was asked.
    pub fn of(
        full: &RoundInFull,
        now: Moment,
        way: WayView,
        (changes, amendments, questions): (Vec<DateChange>, Vec<Amended>, Answers),
    ) -> Self {
        let reached = full.reached(now);
        let rules = &full.rulebook;
        let stages = || Stage::ALL.iter().filter(|stage| full.has_stage(**stage));
        let in_words = |stage| rules.eligibility(stage).iter().map(|rule| sentence(&rule.in_words())).collect();
        Self {
            card: RoundCard::of(full, now),
            note: full.round.note.clone(),
            funder: full.fund.funder.clone(),
            budget_pence: full.round.budget_pence.0,
            dates: full.timetable.0.iter().map(|(milestone, at)| Date::of(*milestone, *at, now)).collect(),
            changes,
            phases: rules.phases.clone(),
            eoi_rules: in_words(Stage::Eoi),
            full_rules: in_words(Stage::Full),
            most_led: rules.most_led,
            partners_sign: rules.partnership.signs == Signs::LeadAndPartners,
            most_joined: rules.partnership.most_joined,
            partnership_rules: rules.partnership.in_words().iter().map(|rule| sentence(rule)).collect(),
            forms: stages().map(|stage| Asked::of(full, *stage)).collect(),
            criteria: rules.criteria.iter().map(Weighed::of).collect(),
            choosing: rules.choosing_in_words().iter().map(|rule| sentence(rule)).collect(),
            questions,
            cancelled: full.round.cancellation().map(|words| sentence(&words)),
            replaces: full.replaces.clone(),
            replaced_by: full.replaced_by.clone(),
            amendments,
            rules_hash: full.rules_hash.clone(),
            start: full.takes_new_bids(now).then(|| full.first_stage().title()),
            way,
            closed: full.has_stage(Stage::Eoi) && is_public(reached),
            announced: is_announced(full, reached),
            bidding_hours: Vec::new(),
            draws: Vec::new(),
        }
    }
}

/// Expressions of interest are published once nobody can copy from them any more.
const fn is_public(status: Status) -> bool {
    use Status::{Announced, Assessment, Ended, EoiSift, FullOpen, Interviews};
    matches!(status, EoiSift | FullOpen | Assessment | Interviews | Announced | Ended)
}

/// Where no announcement is awaited, awards are announced one by one while the round is open.
fn is_announced(full: &RoundInFull, status: Status) -> bool {
    let one_by_one = full.timetable.at(Milestone::Announcement).is_none() && status == Status::FullOpen;
    one_by_one || matches!(status, Status::Announced | Status::Ended)
}

impl Date {
    fn of(milestone: Milestone, at: Moment, now: Moment) -> Self {
        Self { what: milestone.title(), at, closes: milestone.is_closing(), past: at < now }
    }
}

impl Asked {
    fn of(full: &RoundInFull, stage: Stage) -> Self {
        let questions = full.rulebook.form(stage).questions().map(|(_, question)| question.title.clone()).collect();
        Self { stage: stage.title(), questions }
    }
}

impl Weighed {
    fn of(criterion: &Criterion) -> Self {
        let (title, guidance) = (criterion.title.clone(), criterion.guidance.clone());
        Self { title, guidance, weight: criterion.share(), least: criterion.least }
    }
}

/// A clause as a sentence.
pub fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The list of rounds.
pub async fn list(visit: Visit, page: Query<PageRequest>) -> Result<HttpResponse, Refused> {
    let found = service::rounds(&visit.app, &visit.call, page.0).await?;
    let rounds = found.items.iter().map(|round| RoundCard::of(round, visit.call.received)).collect();
    visit.page(&Rounds { rounds, next: found.next }).await
}
