//! The decisions: the shortlist and the awards follow from the ranking that the service made of the scores, never from
//! the scenario. Then the announcement, the projects and what they delivered.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Stage,
    interest::{References, decision, item, refuse_any},
};
use crate::{
    assessment::{
        self,
        model::Ranked,
        money_rule::{self, Purse, fund_while_money_lasts},
    },
    awards::{
        self,
        model::Gate,
        service::{Approved, DecisionBody},
    },
    clock::Moment,
    demo::scenario::Decided,
    error::{AppError, Result},
    funds::model::Milestone,
    identity::model::FundRole,
    journey,
    money::Pence,
    projects::{self, model::NewDelivery},
};

const UNTIL_KICK_OFF: Duration = Duration::from_secs(6 * 86_400);

impl Stage<'_> {
    /// Shortlists, decides on the awards and announces them.
    pub(super) async fn decide(&self, references: &References) -> Result<()> {
        let at = self.scenario.round.acts.decided_at;
        let call = self.staff(FundRole::FundManager, at, "ranking")?;
        let ranking = assessment::service::ranked(self.app, &call, self.slug()).await?;
        if ranking.iter().any(|bid| bid.readers > 0) {
            let call = self.staff(FundRole::FundManager, at, "ranking of record")?;
            assessment::rankings::service::make(self.app, &call, self.slug()).await?;
        }
        let (shortlisted, others) = self.shortlist(&ranking);
        let items = shortlisted.iter().map(|bid| item(&bid.bid.reference, Gate::Shortlist, decision("shortlist")));
        let call = self.staff(FundRole::FundManager, at, "shortlist")?;
        refuse_any(&awards::service::decide_many(self.app, &call, self.slug(), items.collect()).await?)?;
        let awards = self.awards(references, &shortlisted, &others)?;
        let call = self.staff(FundRole::FundManager, at, "awards")?;
        refuse_any(&awards::service::decide_many(self.app, &call, self.slug(), awards).await?)?;
        self.release(Milestone::Announcement, at, "announce").await?;
        self.pass(self.at(Milestone::Announcement)?).await
    }

    /// Approves a release as one manager after another, until as many have done so as the workflow asks for.
    pub(super) async fn release(&self, milestone: Milestone, at: Moment, name: &str) -> Result<()> {
        let managers = self.scenario.round.staff.iter().filter(|staff| staff.role == FundRole::FundManager);
        for (number, manager) in (1..).zip(managers) {
            let call = self.call(&manager.email, at, &format!("{name}/{number}"))?;
            let ready = awards::service::readiness(self.app, &call, self.slug(), milestone).await?;
            let seen = Some(ready.support.tag);
            let approved = awards::service::release(self.app, &call, self.slug(), milestone, seen.into()).await?;
            if let Approved::Released(_) = approved {
                return Ok(());
            }
        }
        Err(AppError::internal(format!("the scenario has too few managers to release {milestone}")))
    }

    /// The best of the ranking, as many as the rules say, and the others.
    fn shortlist<'a>(&self, ranking: &'a [Ranked]) -> (Vec<&'a Ranked>, Vec<&'a Ranked>) {
        let most = self.scenario.round.rulebook.shortlist;
        ranking.iter().partition(|bid| bid.place.is_some_and(|place| place <= most))
    }

    fn awards(
        &self,
        references: &References,
        shortlisted: &[&Ranked],
        others: &[&Ranked],
    ) -> Result<Vec<awards::service::ItemBody>> {
        let by_reference: BTreeMap<&str, &str> =
            references.iter().map(|(id, reference)| (reference.as_str(), id.as_str())).collect();
        let asks = shortlisted.iter().map(|bid| Ok((bid.bid.id, self.ask(&by_reference, &bid.bid.reference)?)));
        let asks: BTreeMap<_, Pence> = asks.collect::<Result<_>>()?;
        let ranked = shortlisted.iter().filter_map(|bid| {
            let place = bid.place.and_then(|place| i32::try_from(place).ok())?;
            Some(money_rule::Ranked { bid: bid.bid.id, ask: *asks.get(&bid.bid.id)?, place })
        });
        let rules = &self.scenario.round.rulebook;
        let budget = Pence(self.scenario.round.round.budget_pence);
        let purse = Purse { budget, most_awards: rules.assessment.most_awards };
        let ranked: Vec<_> = ranked.collect();
        let chosen = fund_while_money_lasts(&ranked, purse, rules.unaffordable);
        let mut reserves = self.scenario.round.reserves;
        let mut items = Vec::new();
        for bid in shortlisted {
            let decided = if chosen.funded.contains(&bid.bid.id) {
                Decided::Funded
            } else if reserves > 0 {
                reserves -= 1;
                Decided::Reserve
            } else {
                Decided::NotFunded
            };
            let amount = (decided == Decided::Funded).then(|| asks.get(&bid.bid.id).copied()).flatten();
            items.push(self.award(&by_reference, bid, decided, amount)?);
        }
        for bid in others {
            items.push(self.award(&by_reference, bid, Decided::NotShortlisted, None)?);
        }
        Ok(items)
    }

    fn ask(&self, by_reference: &BTreeMap<&str, &str>, reference: &str) -> Result<Pence> {
        let id = by_reference.get(reference).ok_or(AppError::NotFound)?;
        Ok(Pence(self.scenario.application(id).ok_or(AppError::NotFound)?.ask_pence))
    }

    fn award(
        &self,
        by_reference: &BTreeMap<&str, &str>,
        bid: &Ranked,
        decided: Decided,
        amount_pence: Option<Pence>,
    ) -> Result<awards::service::ItemBody> {
        let id = by_reference.get(bid.bid.reference.as_str()).ok_or(AppError::NotFound)?;
        let (strongest, weakest) = self.extremes(id);
        let transition = match decided {
            Decided::Funded => "fund",
            Decided::Reserve => "reserve_bid",
            Decided::NotFunded | Decided::NotShortlisted => "not_fund",
        };
        let body = DecisionBody {
            amount_pence,
            place: bid.place.and_then(|place| i32::try_from(place).ok()),
            feedback: self.scenario.decision_letter(decided, &strongest, &weakest),
            ..decision(transition)
        };
        Ok(item(&bid.bid.reference, Gate::Award, body))
    }

    /// The criteria that the assessors scored highest and lowest.
    fn extremes(&self, id: &str) -> (String, String) {
        let mut sums: BTreeMap<&str, i32> = BTreeMap::new();
        for score in self.scenario.scores_of(id) {
            *sums.entry(score.criterion.as_str()).or_default() += score.score;
        }
        let name = |found: Option<(&&str, &i32)>| found.map(|(name, _)| (*name).to_owned()).unwrap_or_default();
        (name(sums.iter().max_by_key(|(_, sum)| **sum)), name(sums.iter().min_by_key(|(_, sum)| **sum)))
    }

    /// Starts the projects of the funded bids and reports what they delivered.
    pub(super) async fn deliver(&self, references: &References) -> Result<()> {
        let starts = self.at(Milestone::Announcement)?.plus(UNTIL_KICK_OFF);
        let ends = self.at(Milestone::DeliveryEnds)?;
        let call = self.staff(FundRole::FundManager, starts, "awarded")?;
        let mut funded = Vec::new();
        for (id, reference) in self.applied(references)? {
            let decided = awards::service::decision(self.app, &call, reference.into(), Gate::Award).await?;
            if decided.is_award() {
                funded.push((id, reference));
            }
        }
        for (id, reference) in &funded {
            let call = self.staff(FundRole::FundManager, starts, &format!("{id}/start_delivery"))?;
            journey::service::take(self.app, &call, (*reference).into(), "start_delivery".into()).await?;
        }
        for (done, (id, reference)) in funded.iter().enumerate() {
            self.report(id, reference, ends).await?;
            self.progress.at("Projects", done + 1, funded.len());
        }
        self.pass(ends).await
    }

    async fn report(&self, id: &str, reference: &str, at: Moment) -> Result<()> {
        let bid = self.scenario.bid(id).ok_or(AppError::NotFound)?;
        let officer = self.mailbox(&bid.lead, "digital")?;
        let call = |what: &str| self.call(&officer, at, &format!("{id}/{what}"));
        let project = projects::service::project(self.app, &call("look at project")?, reference.into()).await?;
        for (outcome, promise) in project.outcomes.iter().zip(self.scenario.promises_of(id)) {
            let Some(value) = promise.delivered else { continue };
            let new = NewDelivery { value, note: promise.note.clone().unwrap_or_default() };
            let call = call(&format!("deliver {}", promise.line))?;
            projects::service::report(self.app, &call, reference.into(), outcome.id, new).await?;
        }
        Ok(())
    }
}
