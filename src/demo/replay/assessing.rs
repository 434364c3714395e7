//! The assessment: eligible applications are given to assessors, who declare conflicts, score and submit.

use super::{
    Stage,
    interest::{References, decision, item, refuse_any},
};
use crate::{
    assessment::{
        self,
        conflicts::model::NewConflict,
        model::{Confidence, NewScore, NewScores, Wish},
    },
    awards::{self, model::Gate},
    clock::Moment,
    demo::scenario::Assessor,
    error::{AppError, Result},
    identity::model::FundRole,
};

impl Stage<'_> {
    /// Opens scoring, has every application read by its assessors, and closes scoring.
    pub(super) async fn assess(&self, references: &References) -> Result<()> {
        let acts = &self.scenario.round.acts;
        self.decide_all(references, (Gate::Eligibility, "find_eligible"), acts.scoring_opens_at).await?;
        self.declare_conflicts(references, acts.scoring_opens_at).await?;
        self.assign(references, acts.scoring_opens_at).await?;
        self.score(references, acts.scoring_opens_at.plus(super::DAY)).await?;
        self.decide_all(references, (Gate::Assessment, "close_scoring"), acts.scoring_closes_at).await
    }

    /// The same decision on every full application.
    pub(super) async fn decide_all(&self, references: &References, what: (Gate, &str), at: Moment) -> Result<()> {
        let (gate, transition) = what;
        let items =
            self.applied(references)?.into_iter().map(|(_, reference)| item(reference, gate, decision(transition)));
        let call = self.staff(FundRole::FundManager, at, transition)?;
        let answers = awards::service::decide_many(self.app, &call, self.slug(), items.collect()).await?;
        refuse_any(&answers)
    }

    /// The full applications by the scenario's ids, with their references.
    pub(super) fn applied<'a>(&'a self, references: &'a References) -> Result<Vec<(&'a str, &'a str)>> {
        let of =
            |bid: &'a str| references.get(bid).map(|reference| (bid, reference.as_str())).ok_or(AppError::NotFound);
        self.scenario.applications.iter().map(|application| of(application.bid.as_str())).collect()
    }

    pub(super) async fn declare_conflicts(&self, references: &References, at: Moment) -> Result<()> {
        for conflict in &self.scenario.conflicts {
            let Some(reference) = references.get(&conflict.bid) else { continue };
            let assessor = self.assessor(&conflict.assessor)?;
            let name = format!("{}/declare {}", conflict.bid, conflict.assessor);
            let new = NewConflict {
                bid: Some(reference.clone()),
                organisation: None,
                person: None,
                reason: conflict.reason.clone(),
                until: None,
            };
            assessment::conflicts::service::declare(self.app, &self.call(&assessor.email, at, &name)?, new).await?;
        }
        Ok(())
    }

    fn assessor(&self, id: &str) -> Result<&Assessor> {
        let found = self.scenario.assessors.iter().find(|assessor| assessor.id == id);
        found.map(|row| &row.record).ok_or_else(|| AppError::internal(format!("no assessor {id}")))
    }

    async fn assign(&self, references: &References, at: Moment) -> Result<()> {
        let mut wishes = Vec::new();
        for (bid, reference) in self.applied(references)? {
            for assessor in self.scenario.assessors_of(bid) {
                wishes.push(Wish { bid: reference.into(), person: self.cast.person(&assessor.email)? });
            }
        }
        let call = self.staff(FundRole::FundManager, at, "assign")?;
        let answers = assessment::service::assign_many(self.app, &call, self.slug(), wishes).await?;
        match answers.into_iter().find(|answer| !answer.done) {
            Some(refused) => {
                let why = refused.message.unwrap_or_default();
                Err(AppError::internal(format!("{} cannot be given: {why}", refused.bid)))
            }
            None => Ok(()),
        }
    }

    async fn score(&self, references: &References, at: Moment) -> Result<()> {
        let mut readings: Vec<((&str, &str), &Assessor)> = Vec::new();
        for (bid, reference) in self.applied(references)? {
            readings.extend(self.scenario.assessors_of(bid).map(|assessor| ((bid, reference), &assessor.record)));
        }
        let read = |(bid, assessor)| self.give_scores(bid, (assessor, assessor.id.as_str()), at);
        self.for_each("Assessments", readings, read).await.map(drop)
    }

    /// An assessor gives a bid what `voice` gives it in the scenario, unless they have submitted already.
    pub(super) async fn give_scores<'a>(
        &'a self,
        (bid, reference): (&'a str, &'a str),
        (assessor, voice): (&'a Assessor, &'a str),
        at: Moment,
    ) -> Result<()> {
        let call = |what: &str| self.call(&assessor.email, at, &format!("{bid}/{what} {}", assessor.id));
        let given = self.scenario.scores_of(bid).filter(|score| score.assessor == voice);
        let scores = given.map(|score| NewScore {
            criterion: score.criterion.clone(),
            value: score.score,
            justification: score.justification.clone(),
            confidence: Confidence::Medium,
        });
        let scores = NewScores { scores: scores.collect() };
        let first = assessment::service::my_scores(self.app, &call("look")?, reference.into()).await?;
        if first.submitted_at.is_some() {
            return Ok(());
        }
        let saved =
            assessment::service::save(self.app, &call("score")?, reference.into(), first.version, scores).await?;
        assessment::service::submit(self.app, &call("submit")?, reference.into(), saved.version).await.map(drop)
    }
}
