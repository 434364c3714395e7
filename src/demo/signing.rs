//! The round in which a visitor finds something to sign: a bid of the carried scenario, told anew as that of the
//! visitor's own council and moved to these weeks, so that its section 151 officer was asked yesterday.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::{
    people,
    replay::{self, Progress},
    scenario::{Illustrative, RoundFacts, RoundFile, Scenario},
};
use crate::{
    actor::Actor,
    bids::{self, store::Filter},
    clock::Moment,
    error::{AppError, Result},
    http::{App, Call, PageRequest},
    jobs::Worker,
    partnerships,
};

const FACTS: &str = include_str!("../../scenarios/signing.json");

/// What is said of the round, and the bid that it borrows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    round: RoundFacts,
    note: String,
    scenario: String,
    bid: String,
}

/// Brings the round to the day on which its bid waits for a signature, unless an earlier run did.
///
/// # Errors
/// When a service refuses what the round says, or the database fails.
pub async fn wait_for_signature(
    app: &App,
    worker: &Worker,
    replayed: &Scenario,
    progress: &dyn Progress,
) -> Result<()> {
    let now = app.clock.now();
    let facts: Facts = serde_json::from_str(FACTS)?;
    if was_asked(app, &facts.round.slug, now).await? {
        return Ok(());
    }
    let scenario = facts.told_of(replayed, now)?;
    replay::until_signature(app, worker, &scenario, facts.note, progress).await?;
    app.clock.set(now);
    worker.drain().await.map(drop)
}

/// Whether the section 151 officer has been asked before, whatever the answer was.
async fn was_asked(app: &App, slug: &str, now: Moment) -> Result<bool> {
    let call = Call::by(Actor::System, now);
    let page = PageRequest::default();
    let bids = match bids::service::of_round(app, &call, slug.into(), Filter::default(), page).await {
        Ok((_, bids)) => bids.items,
        Err(AppError::NotFound) => Vec::new(),
        Err(fault) => return Err(fault),
    };
    let Some(bid) = bids.into_iter().next().map(|row| row.bid.reference) else { return Ok(false) };
    let view = partnerships::sign_offs::service::sign_off(app, &call, bid).await?;
    Ok(view.signatures.iter().any(|signature| signature.sign_off.is_some()))
}

impl Facts {
    /// The scenario of this round: one bid of the carried one, in the fund and with the councils of the replayed one.
    fn told_of(&self, replayed: &Scenario, now: Moment) -> Result<Scenario> {
        let mut tale = Scenario::embedded(&self.scenario).map_err(|unsound| AppError::internal(unsound.to_string()))?;
        tale.keep_only(&self.bid);
        tale.name = "signing".into();
        tale.lead_by(&people::council_of_visitors(replayed)?.code);
        let asked = tale.applications.first().ok_or(AppError::NotFound)?.signed_at.london_date();
        tale.move_by(now.london_date().signed_duration_since(asked).num_days() - 1);
        Ok(tale.told_in(replayed, &self.round, &self.note))
    }
}

impl Scenario {
    /// Leaves one bid and what belongs to it, before anybody assesses it.
    fn keep_only(&mut self, bid: &str) {
        self.bids.retain(|row| row.id == bid);
        self.sift.retain(|row| row.bid == bid);
        self.applications.retain(|row| row.bid == bid);
        self.partners.retain(|row| row.bid == bid);
        self.costs.retain(|row| row.bid == bid);
        self.promises.retain(|row| row.bid == bid);
        self.outputs.retain(|row| row.bid == bid);
        self.prior_work.retain(|row| row.bid == bid);
        self.assessors.clear();
        self.conflicts.clear();
        self.scores.clear();
    }

    /// Lets this council lead the first bid; where it was a partner, the two change places.
    fn lead_by(&mut self, code: &str) {
        let Some(before) = self.bids.first().map(|bid| bid.lead.clone()) else { return };
        let change = |council: &mut String| {
            if *council == before {
                code.clone_into(council);
            } else if council == code {
                council.clone_from(&before);
            }
        };
        self.bids.iter_mut().for_each(|bid| change(&mut bid.lead));
        self.partners.iter_mut().for_each(|partner| change(&mut partner.council));
        self.costs.iter_mut().for_each(|line| change(&mut line.council));
    }

    /// The same as a round of the fund of another scenario, with its staff and with whom it lets bid.
    pub(super) fn told_in(mut self, replayed: &Self, round: &RoundFacts, note: &str) -> Self {
        self.round.rulebook.eoi_eligibility.clone_from(&replayed.round.rulebook.eoi_eligibility);
        self.round = RoundFile {
            fund: replayed.round.fund.clone(),
            round: round.clone(),
            staff: replayed.round.staff.clone(),
            illustrative: vec![Illustrative { what: "Everything".into(), why: note.to_owned() }],
            ..self.round
        };
        self
    }

    /// Moves everything by so many days, at the same time of day.
    pub(super) fn move_by(&mut self, days: i64) {
        let acts = &mut self.round.acts;
        let moments =
            [&mut acts.sift_at, &mut acts.scoring_opens_at, &mut acts.scoring_closes_at, &mut acts.decided_at]
                .into_iter()
                .chain(self.round.milestones.iter_mut().map(|milestone| &mut milestone.at))
                .chain(self.bids.iter_mut().map(|bid| &mut bid.received_at))
                .chain(self.partners.iter_mut().map(|partner| &mut partner.confirmed_at))
                .chain(self.applications.iter_mut().flat_map(|row| {
                    let application = &mut row.record;
                    [&mut application.signed_at, &mut application.submitted_at]
                }));
        moments.for_each(|at| *at = moved(*at, days));
        self.promises.iter_mut().for_each(|promise| promise.due_on = moved_day(promise.due_on, days));
    }
}

fn moved(at: Moment, days: i64) -> Moment {
    let day = moved_day(at.london_date(), days);
    Moment::from_london(day.and_time(at.london_time())).unwrap_or(at)
}

fn moved_day(day: NaiveDate, days: i64) -> NaiveDate {
    let many = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(many) } else { day.checked_add_days(many) };
    moved.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        serde_json::from_str(FACTS).unwrap()
    }

    fn noon(day: &str) -> Moment {
        let day: NaiveDate = day.parse().unwrap();
        Moment::from_london(day.and_hms_opt(12, 0, 0).unwrap()).unwrap()
    }

    #[test]
    fn the_visitors_council_leads_and_its_officer_was_asked_yesterday() {
        let replayed = Scenario::embedded("ldf-round-1").unwrap();
        let visitors = people::council_of_visitors(&replayed).unwrap().code.clone();
        for today in ["2026-01-15", "2026-07-15", "2028-02-29"] {
            let now = noon(today);
            let tale = facts().told_of(&replayed, now).unwrap();
            let (bid, application) = (&tale.bids[0], &tale.applications[0]);
            assert_eq!((tale.bids.len(), tale.applications.len(), &bid.lead), (1, 1, &visitors));
            assert_eq!(application.signed_at.london_date().succ_opt().unwrap(), now.london_date());
            assert_eq!(application.signed_at.time_in_words(), "3pm", "whatever the clocks in London show");
            let timetable = tale.timetable();
            let opens = timetable.at(crate::funds::model::Milestone::FullOpens).unwrap();
            let closes = timetable.at(crate::funds::model::Milestone::FullCloses).unwrap();
            assert!(opens < now && now < closes, "{opens} {now} {closes}");
            assert!(tale.promises[0].due_on > now.london_date());
            assert_eq!(tale.round.fund.slug, replayed.round.fund.slug);
        }
    }

    #[test]
    fn the_council_of_the_tale_changes_places_with_a_partner_that_leads() {
        let mut tale = Scenario::embedded("small").unwrap();
        tale.keep_only("eoi-01");
        tale.lead_by("TOR");
        assert_eq!(tale.bids[0].lead, "TOR");
        let partners: Vec<_> = tale.partners.iter().map(|partner| partner.council.as_str()).collect();
        assert_eq!(partners, ["EXE", "EDE"]);
        let costs: Vec<_> = tale.costs.iter().map(|line| line.council.as_str()).collect();
        assert_eq!(costs, ["TOR", "EXE", "EDE", "TOR"]);
    }
}
