//! The rulebook of a round: everything that decides it, locked and hashed when the round is published.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    assessing::{self, AssessmentRules},
    form::Form,
    partnership::{AskedMembership, ExcludedRound, LeastCouncils},
};
use crate::{
    error::Fault,
    money::Pence,
    words,
    workflow::{self, Definition, Rule, Vocabulary},
};

words! {
    /// The two stages of a bid.
    pub enum Stage {
        /// Expression of interest.
        Eoi = "eoi",
        /// Full application.
        Full = "full",
    }
}

impl Stage {
    /// What the stage is called in sentences.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Eoi => "expression of interest",
            Self::Full => "full application",
        }
    }

    /// What several of them are called.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Eoi => "expressions of interest",
            Self::Full => "full applications",
        }
    }
}

impl From<workflow::Form> for Stage {
    fn from(form: workflow::Form) -> Self {
        match form {
            workflow::Form::Eoi => Self::Eoi,
            workflow::Form::Full => Self::Full,
        }
    }
}

impl Stage {
    /// The stages that bids go through in a workflow, in order.
    pub fn of(definition: &Definition) -> Vec<Self> {
        let forms = [workflow::Form::Eoi, workflow::Form::Full];
        forms.into_iter().filter(|form| definition.asks_for(*form)).map(Self::from).collect()
    }
}

/// Everything that decides a round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// The form of the expression of interest; without questions where the round has no such stage.
    #[serde(default)]
    pub eoi: Form,
    /// The form of the full application; without questions where the round has no such stage.
    #[serde(default)]
    pub full: Form,
    /// The phases that can be bid for, each with its cap.
    pub phases: Vec<Phase>,
    /// The kinds of cost that a bid tells apart, such as staff and travel; none means that it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cost_kinds: Vec<CostKind>,
    /// How many bids one organisation may lead; none means any number.
    #[serde(default)]
    pub most_led: Option<u32>,
    /// What is asked of the councils that bid together, before a full application can be submitted.
    #[serde(default, skip_serializing_if = "PartnershipRules::is_none")]
    pub partnership: PartnershipRules,
    /// What must hold before an expression of interest can be submitted, in JsonLogic notation.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub eoi_eligibility: Vec<Rule>,
    /// What must hold before a full application can be submitted, in JsonLogic notation.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub full_eligibility: Vec<Rule>,
    /// How the sift's marks become an outcome.
    #[serde(default)]
    pub sift: SiftRule,
    /// What full applications are scored on.
    pub criteria: Vec<Criterion>,
    /// How many readers a full application needs.
    pub least_readers: u32,
    /// How many bids are shortlisted at most.
    pub shortlist: u32,
    /// Whether a bid that the money left does not reach stops the walk down the ranking, or is passed over.
    pub unaffordable: Unaffordable,
    /// How bids are read, ranked and chosen from, where it is not as usual.
    #[serde(default, skip_serializing_if = "AssessmentRules::is_usual")]
    pub assessment: AssessmentRules,
}

words! {
    /// Whose signature a full application needs.
    #[derive(Default)]
    pub enum Signs {
        /// That of the lead's officer.
        #[default]
        Lead = "lead",
        /// That of the officer of every council that takes part.
        LeadAndPartners = "lead_and_partners",
    }
}

impl Signs {
    /// Whether nobody signs but the lead's officer, as in rulebooks of before they said so.
    fn is_lead(&self) -> bool {
        *self == Self::Lead
    }
}

/// What is asked of the councils that bid together. A rule that is left out asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PartnershipRules {
    /// Who signs before a full application can be submitted.
    #[serde(skip_serializing_if = "Signs::is_lead")]
    pub signs: Signs,
    /// How many councils must have confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_councils: Option<LeastCouncils>,
    /// In how many submitted bids of the round an organisation can be a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_joined: Option<u32>,
    /// Other rounds: a lead authority and a partner that bid together there cannot bid together here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<ExcludedRound>,
    /// Declarations and networks that its organisations must belong to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub memberships: Vec<AskedMembership>,
}

words! {
    /// What happens to a bid that the money left does not reach.
    pub enum Unaffordable {
        /// The walk ends there.
        Stop = "stop",
        /// The walk goes on to the next.
        Skip = "skip",
    }
}

/// A phase of work that can be bid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Stable, e.g. `discovery`.
    pub id: String,
    /// As it is shown.
    pub name: String,
    /// The most that can be asked for.
    pub limit_pence: Pence,
}

/// A kind of cost that bids tell apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostKind {
    /// Stable, e.g. `staff`.
    pub id: String,
    /// As it is shown.
    pub name: String,
}

/// How the sift's marks become an outcome: an expression of interest with more than so many fails is not invited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiftRule {
    /// At most so many answers may fail.
    pub most_fails: u32,
    /// At most so many answers may pass with caveats.
    pub most_caveats: u32,
}

/// What is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Stable, e.g. `strategic-fit`.
    pub id: String,
    /// As it is shown.
    pub title: String,
    /// What to look for.
    pub guidance: String,
    /// In basis points: all weights together are 10,000.
    pub weight: u32,
    /// What each score means.
    pub scale: Vec<Grade>,
    /// The questions of the full application that are read for it.
    #[serde(default)]
    pub questions: Vec<String>,
    /// The least mean score with which a bid can be funded, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i32>,
}

impl Criterion {
    /// Its weight as people read it, such as `30%`.
    pub fn share(&self) -> String {
        per_cent(self.weight)
    }
}

/// Basis points as people read them, such as `30%` or `12.50%`.
pub fn per_cent(basis_points: u32) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    if part == 0 { format!("{whole}%") } else { format!("{whole}.{part:02}%") }
}

/// One value of a scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// The score.
    pub value: i32,
    /// One word.
    pub label: String,
    /// What earns it.
    pub meaning: String,
}

/// The lowest and the highest weighted score that these criteria allow, in basis points of a point.
pub fn scale_of(criteria: &[Criterion]) -> (i64, i64) {
    let ends = criteria.iter().map(|criterion| {
        let values = criterion.scale.iter().map(|grade| i64::from(grade.value) * i64::from(criterion.weight));
        (values.clone().min().unwrap_or_default(), values.max().unwrap_or_default())
    });
    ends.fold((0, 0), |(least, most), (low, high)| (least + low, most + high))
}

pub(super) fn are_different<'a>(ids: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    ids.into_iter().all(|id| seen.insert(id))
}

/// All weights together, in basis points.
pub const WHOLE: u32 = 10_000;

impl Rulebook {
    /// The form of a stage.
    pub const fn form(&self, stage: Stage) -> &Form {
        match stage {
            Stage::Eoi => &self.eoi,
            Stage::Full => &self.full,
        }
    }

    /// The phase with this id.
    pub fn phase(&self, id: &str) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.id == id)
    }

    /// The criterion with this id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// What keeps the rulebook from deciding a round whose bids go through these stages.
    pub fn faults(&self, stages: &[Stage]) -> Vec<Fault> {
        let mut faults = assessing::criteria_faults("rulebook/criteria", &self.criteria);
        let mut fault = |field: &str, message: &str| faults.push(Fault::new(field, "unsound_rules", message));
        if self.phases.is_empty() || self.phases.iter().any(|phase| phase.limit_pence <= Pence(0)) {
            fault("rulebook/phases", "Give at least one phase, each with a limit above £0.");
        }
        if !are_different(self.phases.iter().map(|phase| phase.id.as_str())) {
            fault("rulebook/phases", "Give every phase its own id.");
        }
        if !are_different(self.cost_kinds.iter().map(|kind| kind.id.as_str()))
            || self.cost_kinds.iter().any(|kind| kind.id.trim().is_empty() || kind.name.trim().is_empty())
        {
            fault("rulebook/cost_kinds", "Give every kind of cost its own id and a name.");
        }
        for stage in stages {
            let mut ids = self.form(*stage).questions().map(|(_, question)| question.id.as_str()).peekable();
            if ids.peek().is_none() || !are_different(ids) {
                fault(&format!("rulebook/{stage}"), "Ask at least one question, and give every question its own id.");
            }
        }
        for stage in stages {
            let questions = self.form(*stage).questions().map(|(_, question)| question);
            let messages =
                questions.flat_map(|question| question.profile_fault().into_iter().chain(question.document_fault()));
            faults.extend(messages.map(|message| Fault::new(format!("rulebook/{stage}"), "unsound_rules", message)));
        }
        faults.extend(self.partnership.faults());
        faults.extend(self.assessment.faults(self));
        for stage in Stage::ALL {
            let unsound = self.eligibility(*stage).iter().flat_map(|rule| rule.faults(Vocabulary::bids()));
            faults.extend(unsound.map(|fault| {
                let field = format!("rulebook/{stage}_eligibility{}", fault.pointer);
                Fault::new(field, "unsound_rule", format!("{}: {}", fault.reason, fault.suggestion))
            }));
        }
        faults
    }

    /// The rules of eligibility of a stage.
    pub fn eligibility(&self, stage: Stage) -> &[Rule] {
        match stage {
            Stage::Eoi => &self.eoi_eligibility,
            Stage::Full => &self.full_eligibility,
        }
    }

    /// The text that is kept and its hash.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which never happens.
    pub fn sealed(&self) -> serde_json::Result<(String, Vec<u8>)> {
        let text = serde_json::to_string(self)?;
        let hash = Sha256::digest(text.as_bytes()).to_vec();
        Ok((text, hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funds::making::model::no_rules;

    #[test]
    fn a_rulebook_that_asks_nothing_new_of_partnerships_says_and_hashes_what_it_did_before() {
        let (text, _) = no_rules().sealed().unwrap();
        assert!(!text.contains("partnership"), "{text}");
        let rules: Rulebook = serde_json::from_str(&text).unwrap();
        assert_eq!(rules.partnership.signs, Signs::Lead);
        let partnership = PartnershipRules { signs: Signs::LeadAndPartners, ..PartnershipRules::default() };
        let (text, _) = Rulebook { partnership, ..rules }.sealed().unwrap();
        assert!(text.contains(r#""partnership":{"signs":"lead_and_partners"},"#), "{text}");
    }

    #[test]
    fn the_scale_is_that_of_the_weighted_sum() {
        let criterion = |weight: u32, values: &[i32]| -> Criterion {
            let grade = |value: &i32| serde_json::json!({ "value": value, "label": "", "meaning": "" });
            let scale: Vec<_> = values.iter().map(grade).collect();
            serde_json::from_value(serde_json::json!(
                { "id": "fit", "title": "Fit", "guidance": "", "weight": weight, "scale": scale }
            ))
            .expect("a criterion")
        };
        assert_eq!(scale_of(&[criterion(6_000, &[0, 5, 3]), criterion(4_000, &[1, 2])]), (4_000, 38_000));
    }
}
