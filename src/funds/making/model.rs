//! A round that is still a draft: how it begins, what of it changes, and what keeps it from being published. Pure.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    error::Fault,
    funds::{
        assessing::AssessmentRules,
        model::{Milestone, RoundInFull},
        rulebook::{PartnershipRules, Rulebook, SiftRule, Stage, Unaffordable},
        service::{self, NewMilestone},
    },
    money::Pence,
    workflow::Definition,
};

/// How a draft begins: with a ready workflow or as a copy of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = NewRoundDraft)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Its place in addresses: small letters, digits and hyphens.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What references of its bids begin with: capital letters and digits.
    pub prefix: String,
    /// The id of a ready workflow, unless it is a copy.
    #[serde(default)]
    pub workflow: Option<String>,
    /// The round whose questions, rules, workflow, summary and budget are copied, by its place in addresses. A copy of a
    /// cancelled round of the same fund is run in its place.
    #[serde(default)]
    pub copy_of: Option<String>,
}

impl NewDraft {
    /// What is wrong with it by itself.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = service::slug_faults("slug", &self.slug);
        faults.extend(service::text_faults("title", &self.title, service::LONGEST_TITLE));
        faults.extend(service::prefix_fault(&self.prefix));
        if self.workflow.is_some() == self.copy_of.is_some() {
            let message = "Begin with a ready workflow or with a copy of a round: name one of the two.";
            faults.push(Fault::new("workflow", "one_of_two", message));
        }
        faults
    }
}

/// What of a draft changes; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = RoundDraftChange)]
#[serde(deny_unknown_fields)]
pub struct DraftChange {
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub summary: Option<String>,
    /// What references of its bids begin with.
    #[serde(default)]
    pub prefix: Option<String>,
    /// How much can be awarded, in pence.
    #[serde(default)]
    pub budget_pence: Option<Pence>,
    /// Something everybody must know; empty for nothing.
    #[serde(default)]
    pub note: Option<String>,
    /// All its dates.
    #[serde(default)]
    pub milestones: Option<Vec<NewMilestone>>,
    /// Its rules, with the questions.
    #[serde(default)]
    pub rulebook: Option<Rulebook>,
}

impl DraftChange {
    /// What is wrong with it in a round of this workflow. What is only missing is told before the round is published.
    pub fn faults(&self, definition: &Definition) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults
            .extend(self.title.as_ref().and_then(|title| service::text_faults("title", title, service::LONGEST_TITLE)));
        faults
            .extend(self.summary.as_ref().and_then(|text| Fault::too_long("summary", text, service::LONGEST_SUMMARY)));
        faults.extend(self.prefix.as_ref().and_then(|prefix| service::prefix_fault(prefix)));
        faults.extend(self.budget_pence.and_then(service::budget_fault));
        faults.extend(self.note.as_ref().and_then(|note| Fault::too_long("note", note, service::LONGEST_SUMMARY)));
        if let Some(milestones) = &self.milestones {
            faults.extend(service::wrong_milestones(&pairs(milestones), definition));
        }
        faults
    }
}

/// Milestones with their instants.
pub fn pairs(milestones: &[NewMilestone]) -> Vec<(Milestone, Moment)> {
    milestones.iter().map(|milestone| (milestone.name, milestone.at)).collect()
}

/// The rules that a round begins with where nothing is copied: none.
pub fn no_rules() -> Rulebook {
    Rulebook {
        eoi: crate::funds::form::Form::default(),
        full: crate::funds::form::Form::default(),
        phases: Vec::new(),
        cost_kinds: Vec::new(),
        most_led: None,
        partnership: PartnershipRules::default(),
        eoi_eligibility: Vec::new(),
        full_eligibility: Vec::new(),
        sift: SiftRule::default(),
        criteria: Vec::new(),
        least_readers: 2,
        shortlist: 10,
        unaffordable: Unaffordable::Stop,
        assessment: AssessmentRules::default(),
    }
}

/// Everything that keeps a draft from being published with this workflow by what arrived at `received`.
pub fn missing(round: &RoundInFull, definition: &Definition, received: Moment) -> Vec<Fault> {
    let mut faults = Vec::new();
    faults.extend(service::text_faults("title", &round.round.title, service::LONGEST_TITLE));
    faults.extend(service::text_faults("summary", &round.round.summary, service::LONGEST_SUMMARY));
    faults.extend(service::prefix_fault(&round.round.prefix));
    faults.extend(service::budget_fault(round.round.budget_pence));
    let mut dates = round.timetable.0.clone();
    dates.sort();
    faults.extend(service::wrong_milestones(&dates, definition));
    faults.extend(service::missing_milestones(&dates, definition));
    faults.extend(dates.iter().filter_map(|date| closed_already(*date, received)));
    faults.extend(round.rulebook.faults(&Stage::of(definition)));
    faults.extend(round.rulebook.assessment.misfit(definition));
    faults
}

/// A stage that would be over before councils know of it.
fn closed_already((milestone, at): (Milestone, Moment), received: Moment) -> Option<Fault> {
    let closes = matches!(milestone, Milestone::EoiCloses | Milestone::FullCloses);
    (closes && received > at).then(|| {
        let message = format!("Give a later date for {}: {} is over.", milestone.title(), at.in_words());
        Fault::new("milestones", "over", message)
    })
}
