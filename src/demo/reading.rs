//! The round in which a visitor finds something to read: the bids of the carried scenario moved to these weeks, so that their
//! assessors, of whom the visitor is one, were given them some days ago by a plan, and all but the visitor have submitted.

use serde::Deserialize;

use super::{
    replay::{self, Invitations, Progress},
    scenario::{Assessor, RoundFacts, Scenario},
};
use crate::{
    actor::Actor,
    assessment::service::panel,
    clock::Moment,
    error::{AppError, Result},
    funds::assessing::AssessmentRules,
    http::{App, Call},
    jobs::Worker,
};

const FACTS: &str = include_str!("../../scenarios/reading.json");
/// How many days ago scoring opened.
const SINCE: i64 = 4;

/// What is said of the round, how it is assessed, and what its assessors are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    round: RoundFacts,
    note: String,
    scenario: String,
    rules: AssessmentRules,
    message: String,
}

/// Brings the round to the day on which its visitor is the last who reads, unless an earlier run did.
///
/// # Errors
/// When a service refuses what the round says, or the database fails.
pub async fn wait_for_scores(app: &App, worker: &Worker, replayed: &Scenario, progress: &dyn Progress) -> Result<()> {
    let now = app.clock.now();
    let facts: Facts = serde_json::from_str(FACTS)?;
    if was_read(app, &facts.round.slug, now).await? {
        return Ok(());
    }
    let tale = facts.told_of(replayed, now)?;
    let invitations = Invitations { note: facts.note, message: facts.message };
    replay::until_read(app, worker, &tale, invitations, progress).await?;
    app.clock.set(now);
    worker.drain().await.map(drop)
}

/// Whether somebody has submitted before.
async fn was_read(app: &App, slug: &str, now: Moment) -> Result<bool> {
    match panel(app, &Call::by(Actor::System, now), slug.into()).await {
        Ok(panel) => {
            let mut readers = panel.bids.iter().flat_map(|bid| &bid.readers);
            Ok(readers.any(|reader| reader.submitted_at.is_some()))
        }
        Err(AppError::NotFound) => Ok(false),
        Err(fault) => Err(fault),
    }
}

impl Facts {
    /// The scenario of this round: the carried one in the fund of the replayed one, with the visitor among its assessors.
    fn told_of(&self, replayed: &Scenario, now: Moment) -> Result<Scenario> {
        let mut tale = Scenario::embedded(&self.scenario).map_err(|unsound| AppError::internal(unsound.to_string()))?;
        tale.name = "reading".into();
        let opened = tale.round.acts.scoring_opens_at.london_date();
        tale.move_by(now.london_date().signed_duration_since(opened).num_days() - SINCE);
        tale.round.rulebook.assessment = self.rules.clone();
        tale.let_assess(replayed)?;
        Ok(tale.told_in(replayed, &self.round, &self.note))
    }
}

impl Scenario {
    /// Lets the first assessor of another scenario, as whom visitors sign in, read in the place of the first of this one.
    fn let_assess(&mut self, replayed: &Scenario) -> Result<()> {
        let none = || AppError::internal("the scenario has no assessor");
        let visitor = replayed.assessors.first().ok_or_else(none)?.record.clone();
        let first = self.assessors.first_mut().ok_or_else(none)?;
        first.record = Assessor { id: first.record.id.clone(), ..visitor };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scoring_has_opened_some_days_ago_and_the_visitor_is_the_first_assessor() {
        let replayed = Scenario::embedded("ldf-round-1").unwrap();
        let facts: Facts = serde_json::from_str(FACTS).unwrap();
        let now = Moment::from_london("2026-07-15T12:00:00".parse().unwrap()).unwrap();
        let tale = facts.told_of(&replayed, now).unwrap();
        let opened = tale.round.acts.scoring_opens_at;
        assert_eq!((now.london_date() - opened.london_date()).num_days(), SINCE);
        assert_eq!(tale.assessors[0].email, replayed.assessors[0].email);
        assert!(tale.timetable().at(crate::funds::model::Milestone::Announcement).unwrap() > now);
        let rules = &tale.round.rulebook;
        assert_eq!(rules.assessment.faults(rules), []);
    }
}
