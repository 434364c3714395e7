//! The full applications: written, with partners who confirm in their own accounts and the section 151 officer's
//! signature on the exact version.

use std::time::Duration;

use super::{Stage, interest::References};
use crate::{
    bids::{
        self,
        model::{CostCategory, CostLine, Promise},
        partner::{PartnerPeople, TakingPart},
        service::HeadingChange,
    },
    clock::Moment,
    demo::scenario::{Application, Bid, Category, Row},
    error::{AppError, Result},
    funds::model::Milestone,
    journey,
    money::Pence,
    partnerships::{self, model::Invitation, sign_offs::model::Signing},
    register,
};

const AFTER_OPENING: Duration = Duration::from_secs(3_600);
const BEFORE_SIGNING: Duration = Duration::from_secs(3_600);

impl Stage<'_> {
    /// Writes, confirms, signs and submits every full application.
    pub(super) async fn apply(&self, references: &References) -> Result<()> {
        let all: Vec<&Row<Application>> = self.scenario.applications.iter().collect();
        self.for_each("Full applications", all, |application| self.apply_one(application, references)).await?;
        self.pass(self.at(Milestone::FullCloses)?).await
    }

    /// Writes every full application and leaves it to its section 151 officer.
    pub(super) async fn ask_for_signatures(&self, references: &References) -> Result<()> {
        let all: Vec<&Row<Application>> = self.scenario.applications.iter().collect();
        self.for_each("Full applications", all, |application| self.ask_to_sign(application, references)).await.map(drop)
    }

    async fn apply_one(&self, application: &Row<Application>, references: &References) -> Result<()> {
        let hash = self.ask_to_sign(application, references).await?;
        let bid = self.scenario.bid(&application.bid).ok_or(AppError::NotFound)?;
        let reference = references.get(&bid.id).ok_or(AppError::NotFound)?;
        self.sign_and_submit(bid, application, reference, hash).await
    }

    /// Writes an application, gathers its partners and asks for the signature; gives the hash of what is to be signed.
    async fn ask_to_sign(&self, application: &Row<Application>, references: &References) -> Result<String> {
        let bid = self.scenario.bid(&application.bid).ok_or(AppError::NotFound)?;
        let reference = references.get(&bid.id).ok_or(AppError::NotFound)?;
        let officer = self.mailbox(&bid.lead, "digital")?;
        let at = self.at(Milestone::FullOpens)?.plus(AFTER_OPENING);
        self.write_application(bid, application, reference, (&officer, at)).await?;
        self.gather_partners(bid, reference, (&officer, at)).await?;
        let asking =
            self.call(&officer, application.signed_at.minus(BEFORE_SIGNING), &format!("{}/ask to sign", bid.id))?;
        Ok(partnerships::sign_offs::service::request(self.app, &asking, reference.clone()).await?.hash)
    }

    async fn write_application(
        &self,
        bid: &Row<Bid>,
        application: &Application,
        reference: &str,
        (officer, at): (&str, Moment),
    ) -> Result<()> {
        let call = |what: &str| self.call(officer, at, &format!("{}/{what}", bid.id));
        journey::service::take(self.app, &call("start_full")?, reference.into(), "start_full".into()).await?;
        let (view, _) = bids::service::bid(self.app, &call("look")?, reference.into()).await?;
        for (question, value) in self.scenario.full_answers(bid, application) {
            let version = view.answer_versions.get(&question).copied().unwrap_or(0);
            self.answer(&call(&format!("full {question}"))?, reference, question, (version, value)).await?;
        }
        let (view, _) = bids::service::bid(self.app, &call("look again")?, reference.into()).await?;
        let ask = HeadingChange { ask_pence: Some(Pence(application.ask_pence)), ..HeadingChange::default() };
        let saved = bids::service::change_heading(self.app, &call("ask")?, reference.into(), view.version, ask).await?;
        let costs = self.costs(bid)?;
        let call_costs = call("costs")?;
        let saved = bids::service::put_costs(self.app, &call_costs, reference.into(), saved.version, costs).await?;
        let promises = self.scenario.promises_of(&bid.id).map(promised).collect();
        let call_promises = call("promises")?;
        let saved =
            bids::service::put_promises(self.app, &call_promises, reference.into(), saved.version, promises).await?;
        let pick = |work: &Row<crate::demo::scenario::PriorWork>| register::model::Pick {
            entry_key: work.entry.clone(),
            why: work.why.clone(),
        };
        let picks = self.scenario.prior_work_of(&bid.id).map(pick).collect();
        register::service::set_prior_work(self.app, &call("prior work")?, reference.into(), saved.version, picks)
            .await
            .map(drop)
    }

    fn costs(&self, bid: &Bid) -> Result<Vec<CostLine>> {
        self.scenario
            .costs_of(&bid.id)
            .map(|line| {
                let category = match line.category {
                    Category::Lead => CostCategory::Lead,
                    Category::Partner => CostCategory::Partner,
                    Category::Supplier => CostCategory::Supplier,
                };
                Ok(CostLine {
                    category,
                    organisation_id: Some(self.cast.organisation(&line.council)?),
                    description: line.description.clone(),
                    pence: Pence(line.amount_pence),
                    kind: None,
                    in_kind: false,
                    own_money: false,
                })
            })
            .collect()
    }

    /// Each partner is invited by the lead and confirms in its own account.
    async fn gather_partners(&self, bid: &Bid, reference: &str, (officer, at): (&str, Moment)) -> Result<()> {
        for partner in self.scenario.partners_of(&bid.id) {
            let name = |what: &str| format!("{}/{what} {}", bid.id, partner.council);
            let invitation = Invitation {
                organisation: partner.council.clone(),
                role: partner.role.clone(),
                share_pence: Pence(partner.share_pence),
                sponsor: partner.sponsor.clone(),
                kind: None,
                part: TakingPart::default(),
                people: PartnerPeople::default(),
            };
            let inviting = self.call(officer, at, &name("invite"))?;
            let invited = partnerships::service::invite(self.app, &inviting, reference.into(), invitation).await?;
            let theirs = self.mailbox(&partner.council, "digital")?;
            let confirming = self.call(&theirs, partner.confirmed_at, &name("confirm"))?;
            partnerships::service::confirm(self.app, &confirming, reference.into(), invited.id).await?;
        }
        Ok(())
    }

    async fn sign_and_submit(&self, bid: &Bid, application: &Application, reference: &str, hash: String) -> Result<()> {
        let signatory = self.mailbox(&bid.lead, "section151")?;
        let signing = self.call(&signatory, application.signed_at, &format!("{}/sign", bid.id))?;
        let signature = Signing { hash, organisation: None };
        partnerships::sign_offs::service::sign(self.app, &signing, reference.into(), signature).await?;
        let officer = self.mailbox(&bid.lead, "digital")?;
        let submitting = self.call(&officer, application.submitted_at, &format!("{}/submit_full", bid.id))?;
        journey::service::take(self.app, &submitting, reference.into(), "submit_full".into()).await.map(drop)
    }
}

fn promised(promise: &Row<crate::demo::scenario::Promise>) -> Promise {
    Promise {
        measure: promise.measure.clone(),
        unit: promise.unit.clone(),
        baseline: Some(promise.baseline),
        target: promise.target,
        due_on: Some(promise.due_on),
    }
}
