//! Reading with a pool: assessors are invited and accept, some say which bids they would like to read, a plan gives them the bids,
//! and they score, all but the first.

use std::{collections::BTreeMap, time::Duration};

use super::{Stage, interest::References};
use crate::{
    assessment::{
        self,
        plans::{self, model::NewPlan},
        pool::{
            self,
            model::{Acceptance, Invitee, NewInvitations, NewPool},
        },
        preferences::{
            self,
            model::{NewPreference, NewPreferences, Preference},
        },
        progress::{self, model::NewScoresWanted},
    },
    awards::model::Gate,
    clock::Moment,
    demo::scenario::Assessor,
    error::{AppError, Result},
    funds::model::Milestone,
    http::PageRequest,
    identity::model::FundRole,
    ids::{Id, PersonKey},
};

const A_WEEK: Duration = Duration::from_secs(7 * 86_400);
const AN_HOUR: Duration = Duration::from_secs(3_600);
/// How long scores are waited for.
const READING: Duration = Duration::from_secs(14 * 86_400);
/// How many bids each wants to read at least, and can at most.
const CAPACITY: (u32, u32) = (1, 3);
/// How many of them say which bids they would like to read; the visitor is one.
const WITH_WISHES: usize = 2;

/// What is said of a round with a pool.
pub struct Invitations {
    /// What is said of the round.
    pub note: String,
    /// What assessors are written.
    pub message: String,
}

impl Stage<'_> {
    /// Invites the assessors while full applications are written; each accepts.
    pub(super) async fn gather_pool(&self, message: &str) -> Result<()> {
        let at = self.at(Milestone::FullOpens)?.plus(AN_HOUR);
        let call = |what: &str| self.staff(FundRole::FundManager, at, what);
        let settings = NewPool { reminder_days: vec![3, 1], ..NewPool::default() };
        pool::service::settle(self.app, &call("pool")?, self.slug(), 0, settings).await?;
        let people = self.scenario.assessors.iter();
        let people = people.map(|one| Invitee { email: one.email.clone(), name: one.name.clone() }).collect();
        let invitations = NewInvitations {
            people,
            areas: Vec::new(),
            least: Some(CAPACITY.0),
            most: Some(CAPACITY.1),
            answer_by: at.plus(A_WEEK),
            message: message.to_owned(),
        };
        pool::service::invite(self.app, &call("invite")?, self.slug(), invitations).await?;
        for assessor in &self.scenario.assessors {
            self.accept(assessor, at.plus(AN_HOUR)).await?;
        }
        Ok(())
    }

    async fn accept(&self, assessor: &Assessor, at: Moment) -> Result<()> {
        let call = |what: &str| self.call(&assessor.email, at, &format!("{what} {}", assessor.id));
        let mine = pool::service::mine(self.app, &call("invitation")?, self.slug()).await?;
        let areas = &mine.areas;
        let knows = |service: &String| areas.iter().find(|area| area.id.ends_with(&format!(":{service}")));
        let read = self
            .scenario
            .bids
            .iter()
            .filter(|bid| self.scenario.assessors_of(&bid.id).any(|one| one.id == assessor.id));
        let mut expertise: Vec<String> =
            read.filter_map(|bid| knows(&bid.service).map(|area| area.id.clone())).collect();
        expertise.sort();
        expertise.dedup();
        let opens = self.scenario.round.acts.scoring_opens_at;
        let said = Acceptance {
            expertise,
            least: CAPACITY.0,
            most: CAPACITY.1,
            from: opens.london_date(),
            until: opens.plus(READING).london_date(),
            away: Vec::new(),
            terms: mine.terms.as_ref().map(|terms| terms.sha256.clone()),
        };
        pool::service::accept(self.app, &call("accept")?, self.slug(), mine.place.version, said).await.map(drop)
    }

    /// Opens scoring, gives the bids by the best plan and says by when scores are wanted; then all but the first assessor submit.
    pub(super) async fn read_by_plan(&self, references: &References) -> Result<()> {
        let at = self.scenario.round.acts.scoring_opens_at;
        self.decide_all(references, (Gate::Eligibility, "find_eligible"), at).await?;
        self.declare_conflicts(references, at).await?;
        for assessor in self.scenario.assessors.iter().take(WITH_WISHES) {
            self.say_wishes(assessor, at).await?;
        }
        let call = |what: &str| self.staff(FundRole::FundManager, at, what);
        let made = plans::service::make(self.app, &call("plan")?, self.slug(), NewPlan::default()).await?;
        let number = match made {
            plans::service::Outcome::Made(made) => made.number,
            plans::service::Outcome::Impossible(why) => return Err(AppError::internal(why.message)),
        };
        plans::service::apply(self.app, &call("apply")?, (self.slug(), number)).await?;
        let wanted = NewScoresWanted { wanted_by: Some(at.plus(READING)), reminder_days: vec![5, 1] };
        progress::service::choose(self.app, &call("wanted")?, self.slug(), 0, wanted).await?;
        self.score_as_planned(references, at.plus(super::DAY)).await
    }

    /// An assessor would like to read the first bid that is listed for them, and would rather not read the last.
    async fn say_wishes(&self, assessor: &Assessor, at: Moment) -> Result<()> {
        let call = |what: &str| self.call(&assessor.email, at, &format!("{what} {}", assessor.id));
        let listed = PageRequest::default();
        let listed =
            preferences::service::preferences(self.app, &call("wishes")?, self.slug(), listed).await?.bids.items;
        let (Some(first), Some(last)) = (listed.first(), listed.last()) else { return Ok(()) };
        let said = |bid: &str, preference| NewPreference { bid: bid.to_owned(), preference };
        let mut preferences = vec![said(&first.reference, Preference::Wanted)];
        if last.reference != first.reference {
            preferences.push(said(&last.reference, Preference::RatherNot));
        }
        let new = NewPreferences { preferences };
        preferences::service::prefer(self.app, &call("prefer")?, self.slug(), new).await.map(drop)
    }

    async fn score_as_planned(&self, references: &References, at: Moment) -> Result<()> {
        let call = self.staff(FundRole::FundManager, at, "panel")?;
        let panel = assessment::service::panel(self.app, &call, self.slug()).await?;
        let ids: BTreeMap<&str, &str> =
            references.iter().map(|(id, reference)| (reference.as_str(), id.as_str())).collect();
        for bid in panel.bids {
            let id = ids.get(bid.bid.reference.as_str()).ok_or(AppError::NotFound)?;
            let voices: Vec<&str> = self.scenario.assessors_of(id).map(|one| one.id.as_str()).collect();
            for (reader, voice) in bid.readers.iter().zip(voices) {
                let (assessor, is_first) = self.reader(reader.person)?;
                if !is_first {
                    self.give_scores((id, &bid.bid.reference), (assessor, voice), at).await?;
                }
            }
        }
        Ok(())
    }

    fn reader(&self, person: Id<PersonKey>) -> Result<(&Assessor, bool)> {
        for (number, assessor) in self.scenario.assessors.iter().enumerate() {
            if self.cast.person(&assessor.email)? == person {
                return Ok((assessor, number == 0));
            }
        }
        Err(AppError::internal("a plan has given a bid to nobody of the scenario"))
    }
}
