//! What a replay asks of a scenario: the records of one bid, its answers, what the sift comes to, and the letters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Application, Assessor, Bid, CostLine, Council, FeedbackStage, Mark, Partner, PriorWork, Promise, Row, Scenario,
    Score, SiftMark,
};
use crate::{
    funds::{
        model::{Milestone, Timetable},
        rulebook::Stage,
    },
    words,
};

words! {
    /// What the sift comes to.
    pub enum Invitation {
        /// Invited to make a full application.
        Invited = "invited",
        /// Invited to make one full application with a similar bid.
        InvitedToMerge = "invited_to_merge",
        /// Not invited.
        NotInvited = "not_invited",
    }
}

words! {
    /// What became of a full application.
    pub enum Decided {
        /// Funded.
        Funded = "funded",
        /// In reserve.
        Reserve = "reserve",
        /// Shortlisted and not funded.
        NotFunded = "not_funded",
        /// Not shortlisted.
        NotShortlisted = "not_shortlisted",
    }
}

impl Scenario {
    /// The round's timetable.
    pub fn timetable(&self) -> Timetable {
        Timetable(self.round.milestones.iter().map(|milestone| (milestone.name, milestone.at)).collect())
    }

    /// The council with this code.
    pub fn council(&self, code: &str) -> Option<&Row<Council>> {
        self.councils.iter().find(|council| council.code == code)
    }

    /// The expression of interest with this id.
    pub fn bid(&self, id: &str) -> Option<&Row<Bid>> {
        self.bids.iter().find(|bid| bid.id == id)
    }

    /// The full application of a bid.
    pub fn application(&self, bid: &str) -> Option<&Row<Application>> {
        self.applications.iter().find(|application| application.bid == bid)
    }

    /// Whether a bid comes after the closing instant, and so will be refused.
    pub fn is_late(&self, bid: &Bid) -> bool {
        self.timetable().at(Milestone::EoiCloses).is_some_and(|closes| bid.received_at > closes)
    }

    /// The partners of a bid's full application.
    pub fn partners_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<Partner>> {
        self.partners.iter().filter(move |partner| partner.bid == bid)
    }

    /// The cost lines of a bid's full application.
    pub fn costs_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<CostLine>> {
        self.costs.iter().filter(move |line| line.bid == bid)
    }

    /// What a bid's full application promises.
    pub fn promises_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<Promise>> {
        self.promises.iter().filter(move |promise| promise.bid == bid)
    }

    /// The entries of the register that a bid's full application names.
    pub fn prior_work_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<PriorWork>> {
        self.prior_work.iter().filter(move |work| work.bid == bid)
    }

    /// The sift's marks of a bid, in the form's order.
    pub fn sift_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<SiftMark>> {
        self.sift.iter().filter(move |mark| mark.bid == bid)
    }

    /// The scores of a bid, assessor by assessor.
    pub fn scores_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<Score>> {
        self.scores.iter().filter(move |score| score.bid == bid)
    }

    /// Who scores a bid.
    pub fn assessors_of<'a>(&'a self, bid: &'a str) -> impl Iterator<Item = &'a Row<Assessor>> {
        let ids: BTreeSet<&str> = self.scores_of(bid).map(|score| score.assessor.as_str()).collect();
        self.assessors.iter().filter(move |assessor| ids.contains(assessor.id.as_str()))
    }

    /// What the sift's marks of a bid come to by the round's rule; `None` where it was not sifted.
    pub fn invitation(&self, bid: &Bid) -> Option<Invitation> {
        let marks: Vec<Mark> = self.sift_of(&bid.id).map(|row| row.mark).collect();
        let count = |mark| marks.iter().filter(|given| **given == mark).count();
        let (rule, within) = (&self.round.rulebook.sift, |count: usize, most: u32| count <= most as usize);
        if marks.is_empty() {
            return None;
        }
        if !within(count(Mark::Fail), rule.most_fails) || !within(count(Mark::PassWithCaveats), rule.most_caveats) {
            return Some(Invitation::NotInvited);
        }
        Some(if bid.merge_with.is_some() { Invitation::InvitedToMerge } else { Invitation::Invited })
    }

    /// The answers of an expression of interest, by the ids of the form's questions.
    pub fn eoi_answers(&self, bid: &Bid) -> BTreeMap<String, Value> {
        let all = [
            ("service", json!(bid.service)),
            ("problem", json!(bid.problem)),
            ("aim", json!(bid.aim)),
            ("assets", json!(bid.assets)),
            ("evidence", json!(bid.evidence)),
            ("training", json!(bid.training.0)),
        ];
        self.asked(Stage::Eoi, all)
    }

    /// The answers of a full application, by the ids of the form's questions.
    pub fn full_answers(&self, bid: &Bid, application: &Application) -> BTreeMap<String, Value> {
        let all = [
            ("problem", json!(bid.problem)),
            ("aim", json!(bid.aim)),
            ("assets", json!(bid.assets)),
            ("plan", json!(application.plan)),
            ("together", json!(application.together)),
            ("value", json!(application.value)),
        ];
        self.asked(Stage::Full, all)
    }

    /// What the form asks for of what there is to say; what is empty is not answered.
    fn asked<const N: usize>(&self, stage: Stage, all: [(&str, Value); N]) -> BTreeMap<String, Value> {
        let form = self.round.rulebook.form(stage);
        let wanted =
            |id: &str, value: &Value| form.question(id).is_some() && *value != json!("") && *value != json!([]);
        all.into_iter().filter(|(id, value)| wanted(id, value)).map(|(id, value)| (id.to_owned(), value)).collect()
    }

    /// The text of a feedback by its id.
    pub fn feedback_text(&self, id: &str) -> Option<&str> {
        self.feedback.iter().find(|feedback| feedback.id == id).map(|feedback| feedback.text.as_str())
    }

    /// The letter that tells what the sift came to: an opening, then the text for each answer that needs one.
    pub fn sift_letter(&self, bid: &Bid, invitation: Invitation) -> String {
        let openings = self.texts(FeedbackStage::Outcome, Stage::Eoi.word(), invitation.word());
        let turn = bid.title.len() % openings.len().max(1);
        let notes = self.sift_of(&bid.id).filter_map(|mark| self.feedback_text(mark.feedback.as_deref()?));
        openings.get(turn).copied().into_iter().chain(notes).collect::<Vec<_>>().join("\n\n")
    }

    /// The letter that tells the decision, with the criteria that the assessors scored highest and lowest.
    pub fn decision_letter(&self, decided: Decided, strongest: &str, weakest: &str) -> String {
        let opening = self.texts(FeedbackStage::Outcome, Stage::Full.word(), decided.word());
        let strength = self.texts(FeedbackStage::Decision, strongest, "strongest");
        let weakness = self.texts(FeedbackStage::Decision, weakest, "weakest");
        [opening, strength, weakness].iter().filter_map(|texts| texts.first().copied()).collect::<Vec<_>>().join("\n\n")
    }

    fn texts(&self, stage: FeedbackStage, about: &str, mark: &str) -> Vec<&str> {
        let wanted = self.feedback.iter().filter(|row| row.stage == stage && row.about == about && row.mark == mark);
        wanted.map(|row| row.text.as_str()).collect()
    }
}
