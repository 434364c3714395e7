//! The expressions of interest: written, submitted or refused for being late, sifted, and answered in one batch.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;

use super::{Stage, provenance};
use crate::{
    assessment::{
        self,
        model::{Mark, NewMark, NewMarks, Suggestion},
    },
    awards::{
        self,
        model::Gate,
        service::{DecisionBody, ItemBody},
    },
    bids::{
        self,
        service::{AnswerChange, HeadingChange, StartBid},
    },
    clock::Moment,
    demo::scenario::{Bid, Invitation, Row},
    error::{AppError, Result},
    funds::model::Milestone,
    identity::model::FundRole,
    journey,
};

/// The references that the service gave, by the scenario's ids; only of bids that were in time.
pub type References = BTreeMap<String, String>;

const WRITING_TIME: Duration = Duration::from_secs(3 * 3_600);

impl Stage<'_> {
    /// Writes and submits every expression of interest.
    pub(super) async fn express_interest(&self) -> Result<References> {
        let closes = self.at(Milestone::EoiCloses)?;
        let bids: Vec<&Row<Bid>> = self.scenario.bids.iter().collect();
        let mut references = Vec::with_capacity(bids.len());
        for (done, bid) in bids.iter().enumerate() {
            references.push(self.start_bid(bid, closes).await?);
            self.progress.at("Bids started", done + 1, bids.len());
        }
        let drafts: Vec<_> = bids.into_iter().zip(references).collect();
        let submitted = self
            .for_each("Expressions of interest", drafts, |(bid, reference)| self.write_interest(bid, reference, closes))
            .await?;
        self.pass(closes).await?;
        Ok(submitted.into_iter().flatten().collect())
    }

    async fn start_bid(&self, bid: &Row<Bid>, closes: Moment) -> Result<String> {
        let at = bid.received_at.min(closes).minus(WRITING_TIME);
        let call = self.call(&self.mailbox(&bid.lead, "digital")?, at, &format!("{}/start", bid.id))?;
        let start = StartBid {
            round: self.slug(),
            lead: self.cast.organisation(&bid.lead)?,
            title: bid.title.clone(),
            copy_from: None,
            known: provenance(bid),
        };
        bids::service::start(self.app, &call, start).await
    }

    async fn write_interest(
        &self,
        bid: &Row<Bid>,
        reference: String,
        closes: Moment,
    ) -> Result<Option<(String, String)>> {
        let officer = self.mailbox(&bid.lead, "digital")?;
        let at = bid.received_at.min(closes).minus(WRITING_TIME);
        let call = |at, what: &str| self.call(&officer, at, &format!("{}/{what}", bid.id));
        let heading = HeadingChange { phase: Some(bid.phase.clone()), ..HeadingChange::default() };
        bids::service::change_heading(self.app, &call(at, "phase")?, reference.clone(), 1, heading).await?;
        for (question, value) in self.scenario.eoi_answers(bid) {
            self.answer(&call(at, &format!("eoi {question}"))?, &reference, question, (0, value)).await?;
        }
        let submitting = call(bid.received_at, "submit_eoi")?;
        match journey::service::take(self.app, &submitting, reference.clone(), "submit_eoi".into()).await {
            Ok(_) => Ok(Some((bid.id.clone(), reference))),
            Err(AppError::Conflict { code: "deadline_passed", .. }) if self.scenario.is_late(bid) => Ok(None),
            Err(refused) => Err(refused),
        }
    }

    /// Writes one answer over the version that stands.
    pub(super) async fn answer(
        &self,
        call: &crate::http::Call,
        reference: &str,
        question: String,
        (version, value): (i32, Value),
    ) -> Result<()> {
        let change = AnswerChange { value, complete: true };
        bids::service::put_answer(self.app, call, reference.into(), question, version, change).await.map(drop)
    }

    /// Marks every answer, decides by the round's rule and releases all outcomes together.
    pub(super) async fn sift(&self, references: &References) -> Result<()> {
        let at = self.scenario.round.acts.sift_at;
        let all: Vec<_> = references.iter().collect();
        let decisions = self.for_each("Sift", all, |(id, reference)| self.sift_one(id, reference, at)).await?;
        let call = self.staff(FundRole::FundManager, at, "sift/decide")?;
        let answers = awards::service::decide_many(self.app, &call, self.slug(), decisions).await?;
        refuse_any(&answers)?;
        self.release(Milestone::EoiOutcome, at, "sift/release").await?;
        self.pass(self.at(Milestone::EoiOutcome)?).await?;
        self.pass(self.at(Milestone::FullOpens)?).await
    }

    async fn sift_one(&self, id: &str, reference: &str, at: Moment) -> Result<ItemBody> {
        let bid = self.scenario.bid(id).ok_or(AppError::NotFound)?;
        let mark = |row: &Row<crate::demo::scenario::SiftMark>| NewMark {
            question: row.question.clone(),
            mark: Mark::from_word(row.mark.word()).unwrap_or(Mark::Fail),
            caveat: row.feedback.as_deref().and_then(|text| self.scenario.feedback_text(text)).map(str::to_owned),
        };
        let marks = NewMarks { marks: self.scenario.sift_of(id).map(mark).collect() };
        let call = self.staff(FundRole::FundManager, at, &format!("{id}/sift"))?;
        let result = assessment::service::mark(self.app, &call, reference.into(), marks).await?;
        let suggested =
            result.suggested.ok_or_else(|| AppError::internal(format!("{id} has answers without a mark")))?;
        let (transition, invitation) = match (suggested, &bid.merge_with) {
            (Suggestion::Invite, None) => ("invite", Invitation::Invited),
            (Suggestion::Invite, Some(_)) => ("invite_to_merge", Invitation::InvitedToMerge),
            (Suggestion::NotInvite, _) => ("not_invite", Invitation::NotInvited),
        };
        let feedback = self.scenario.sift_letter(bid, invitation);
        Ok(item(reference, Gate::Sift, DecisionBody { feedback, ..decision(transition) }))
    }
}

/// A decision with nothing but its transition.
pub fn decision(transition: &str) -> DecisionBody {
    DecisionBody {
        transition: transition.into(),
        amount_pence: None,
        place: None,
        reason: None,
        feedback: String::new(),
        no_mail: None,
    }
}

/// A decision as one of many.
pub fn item(reference: &str, gate: Gate, body: DecisionBody) -> ItemBody {
    ItemBody {
        reference: reference.into(),
        gate,
        version: None,
        transition: body.transition,
        amount_pence: body.amount_pence,
        place: body.place,
        reason: body.reason,
        feedback: body.feedback,
        no_mail: body.no_mail,
    }
}

/// A scenario that decides what the service refuses is wrong, and says where.
pub fn refuse_any(answers: &[awards::service::ItemAnswer]) -> Result<()> {
    match answers.iter().find(|answer| answer.detail.is_some()) {
        Some(refused) => {
            let why = refused.detail.clone().unwrap_or_default();
            Err(AppError::internal(format!("{}: {why}", refused.reference)))
        }
        None => Ok(()),
    }
}
