//! The replay of a scenario: the acts of councils, assessors and staff in the order of the round, through the same
//! services that users reach, with a clock that is moved to each act.

mod applications;
mod assessing;
mod deciding;
mod interest;
mod reading;

pub use reading::Invitations;

use std::future::Future;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    people::{self, Cast},
    scenario::Scenario,
};
use crate::{
    actor::Actor,
    bids::model::Provenance,
    clock::Moment,
    db::Engine,
    error::{AppError, Result},
    funds::{
        self,
        model::Milestone,
        service::{NewMilestone, NewRound},
    },
    http::{App, Call},
    identity::model::FundRole,
    jobs::Worker,
    money::Pence,
    register,
};

/// Told how far the replay is.
pub trait Progress {
    /// `done` of `all` acts of a part.
    fn at(&self, part: &str, done: usize, all: usize);
}

/// Everything that the acts need.
struct Stage<'a> {
    app: &'a App,
    worker: &'a Worker,
    scenario: &'a Scenario,
    cast: Cast,
    progress: &'a dyn Progress,
}

/// Replays a scenario from its first expression of interest to its projects' reports.
///
/// # Errors
/// When a service refuses what the scenario says, or the database fails.
pub async fn replay(app: &App, worker: &Worker, scenario: &Scenario, progress: &dyn Progress) -> Result<()> {
    let begins = begins(scenario)?;
    app.clock.set(begins);
    let cast = people::cast(app, scenario, begins).await?;
    people::appoint(app, scenario, &cast, begins).await?;
    let stage = Stage { app, worker, scenario, cast, progress };
    stage.open_round(begins, note(scenario)).await?;
    let references = stage.express_interest().await?;
    stage.sift(&references).await?;
    stage.apply(&references).await?;
    stage.assess(&references).await?;
    stage.decide(&references).await?;
    stage.deliver(&references).await
}

/// Replays a round of a fund that stands already, until every full application waits for its signature.
///
/// # Errors
/// As [`replay`].
pub async fn until_signature(
    app: &App,
    worker: &Worker,
    scenario: &Scenario,
    note: String,
    progress: &dyn Progress,
) -> Result<()> {
    let begins = begins(scenario)?;
    app.clock.set(begins);
    let cast = people::cast(app, scenario, begins).await?;
    let stage = Stage { app, worker, scenario, cast, progress };
    stage.open_round(begins, note).await?;
    let references = stage.express_interest().await?;
    stage.sift(&references).await?;
    stage.ask_for_signatures(&references).await
}

/// Replays a round of a fund that stands already, until a pool of assessors has read its full applications, all but the first of
/// them.
///
/// # Errors
/// As [`replay`].
pub async fn until_read(
    app: &App,
    worker: &Worker,
    scenario: &Scenario,
    invitations: Invitations,
    progress: &dyn Progress,
) -> Result<()> {
    let begins = begins(scenario)?;
    app.clock.set(begins);
    let cast = people::cast(app, scenario, begins).await?;
    let stage = Stage { app, worker, scenario, cast, progress };
    stage.open_round(begins, invitations.note).await?;
    let references = stage.express_interest().await?;
    stage.sift(&references).await?;
    stage.gather_pool(&invitations.message).await?;
    stage.apply(&references).await?;
    stage.read_by_plan(&references).await
}

/// The day before the first milestone.
fn begins(scenario: &Scenario) -> Result<Moment> {
    let opens = scenario.timetable().0.first().map(|(_, at)| *at);
    Ok(opens.ok_or_else(|| AppError::internal("a scenario without milestones"))?.minus(DAY))
}

const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);
const MOMENT_LATER: std::time::Duration = std::time::Duration::from_secs(2);
const LEASES_OVER: std::time::Duration = std::time::Duration::from_secs(120);

impl Stage<'_> {
    /// A call of somebody under a name of this scenario.
    fn call(&self, email: &str, at: Moment, name: &str) -> Result<Call> {
        self.cast.call(email, at, &format!("{}/{name}", self.scenario.name))
    }

    /// A call of the fund's person with a role.
    fn staff(&self, role: FundRole, at: Moment, name: &str) -> Result<Call> {
        let staff = self.scenario.round.staff.iter().find(|staff| staff.role == role);
        let staff = staff.ok_or_else(|| AppError::internal(format!("the scenario has no {role}")))?;
        self.call(&staff.email, at, name)
    }

    fn slug(&self) -> String {
        self.scenario.round.round.slug.clone()
    }

    fn at(&self, milestone: Milestone) -> Result<Moment> {
        let at = self.scenario.timetable().at(milestone);
        at.ok_or_else(|| AppError::internal(format!("the scenario has no milestone {milestone}")))
    }

    /// An address of a council's mailbox.
    fn mailbox(&self, code: &str, name: &str) -> Result<String> {
        let council = self.scenario.council(code);
        Ok(council.ok_or_else(|| AppError::internal(format!("no council {code}")))?.mailbox(name))
    }

    /// Moves the clock past an instant and does the work that was waiting for it; looks again when the leases of a run
    /// that was killed there have ended, since it may have left a job half done.
    async fn pass(&self, at: Moment) -> Result<()> {
        for later in [MOMENT_LATER, LEASES_OVER] {
            self.app.clock.set(at.plus(later));
            self.worker.drain().await?;
        }
        Ok(())
    }

    /// The round's register of earlier work, its rules and its people, published before it opens.
    async fn open_round(&self, at: Moment, note: String) -> Result<()> {
        let system = |what: &str| Call::by(Actor::System, at).named(&format!("{}/{what}", self.scenario.name));
        let entries = include_bytes!("../../../scenarios/register.csv").to_vec();
        register::service::import(self.app, &system("register"), entries).await?;
        let facts = &self.scenario.round;
        let milestones = facts.milestones.iter().map(|row| NewMilestone { name: row.name, at: row.at });
        let new = NewRound {
            slug: facts.round.slug.clone(),
            title: facts.round.title.clone(),
            summary: facts.round.summary.clone(),
            prefix: facts.round.prefix.clone(),
            budget_pence: Pence(facts.round.budget_pence),
            note: Some(note),
            milestones: milestones.collect(),
            rulebook: facts.rulebook.clone(),
            workflow: facts.workflow.clone(),
        };
        let round = funds::service::create_round(self.app, &system("round"), facts.fund.slug.clone(), new).await?;
        funds::service::publish(self.app, &system("publish"), self.slug(), round.round.version).await.map(drop)
    }

    /// Does the acts of several bids beside one another where the database gains by it, and keeps their order.
    async fn for_each<T, F, R>(&self, part: &str, items: Vec<T>, act: impl Fn(T) -> F) -> Result<Vec<R>>
    where
        F: Future<Output = Result<R>>,
    {
        // One writer commits what is queued together; serializable transactions beside one another only lose races.
        let beside = if self.app.db.engine() == Engine::Sqlite { 32 } else { 1 };
        let all = items.len();
        let mut done = 0;
        let mut answers = Vec::with_capacity(all);
        let mut running = stream::iter(items).map(act).buffered(beside);
        while let Some(answer) = running.try_next().await? {
            answers.push(answer);
            done += 1;
            self.progress.at(part, done, all);
        }
        Ok(answers)
    }
}

/// What everybody must know of a replayed round.
fn note(scenario: &Scenario) -> String {
    let made_up: Vec<&str> = scenario.round.illustrative.iter().map(|part| part.what.as_str()).collect();
    format!("This round is a replay. Illustrative, not fact: {}.", made_up.join("; "))
}

/// What of a bid is fact.
fn provenance(bid: &super::scenario::Bid) -> Provenance {
    Provenance {
        illustrative: true,
        known: bid.known.iter().map(|known| known.word().to_owned()).collect(),
        source: bid.source.clone(),
    }
}
