//! What keeps the rules of assessing from deciding a round.

use std::ops::RangeInclusive;

use super::{AssessmentRules, Attribute, INTERVALS, InterviewRules, PortfolioRule, RankedBy, Source};
use crate::{
    error::Fault,
    funds::{
        form::{Kind, Question},
        rulebook::{Criterion, Rulebook, WHOLE, are_different, scale_of},
    },
    money::Pence,
    workflow::Definition,
};

/// What is wrong with a list of criteria that stands at `place`.
pub fn criteria_faults(place: &str, criteria: &[Criterion]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |message: String| faults.push(Fault::new(place.to_owned(), "unsound_rules", message));
    // Each is as large as somebody writes it, so that their sum needs more room than they.
    let weights: u64 = criteria.iter().map(|criterion| u64::from(criterion.weight)).sum();
    if weights != u64::from(WHOLE) {
        fault("The weights of the criteria must add up to 10,000 basis points.".into());
    }
    if !are_different(criteria.iter().map(|criterion| criterion.id.as_str())) {
        fault("Give every criterion its own id.".into());
    }
    if criteria.iter().any(|criterion| criterion.scale.len() < 2 || criterion.guidance.trim().is_empty()) {
        fault("Every criterion needs guidance and a scale of at least two values.".into());
    }
    for criterion in criteria {
        let on_the_scale = |least: &i32| criterion.scale.iter().any(|grade| grade.value == *least);
        if criterion.least.as_ref().is_some_and(|least| !on_the_scale(least)) {
            fault(format!("The minimum of “{}” must be a value of its scale.", criterion.title));
        }
    }
    faults
}

impl AssessmentRules {
    /// What is wrong with them in the rulebook that they belong to.
    pub fn faults(&self, rules: &Rulebook) -> Vec<Fault> {
        let mut found = Found(Vec::new());
        self.numbers(&mut found);
        self.questions(&mut found, rules);
        if !are_different(self.gateway.iter().map(|check| check.id.as_str()))
            || self.gateway.iter().any(|check| check.id.trim().is_empty() || check.title.trim().is_empty())
        {
            found.add("gateway", "Give every gateway check its own id, and say what must hold.");
        }
        if let Some(interview) = &self.interview {
            interview.faults(&mut found, rules);
            if !matches!(self.ranking.by, RankedBy::ModeratedMean | RankedBy::RawMean) {
                let message = "An interview is combined with a mean. Let bids stand in the order of the moderated or the raw mean, \
                               or leave the interview out.";
                found.add("ranking", message);
            }
            if self.anonymous {
                let message =
                    "At an interview everybody sees whose bid it is. Leave out the interview or reading without names.";
                found.add("anonymous", message);
            }
            if self.draw.is_some() {
                let message = "A draw goes by intervals of the reading, which say nothing of interviews. Leave out the draw or the \
                               interview.";
                found.add("draw", message);
            }
        }
        for rule in &self.portfolio {
            rule.faults(&mut found, self, rules);
        }
        if self.draw.as_ref().is_some_and(|draw| draw.source.trim().is_empty() || draw.source.contains('\n')) {
            found.add("draw", "Name the public value that decides the draw, in one line.");
        }
        found.0
    }

    fn numbers(&self, found: &mut Found) {
        if self.hours_per_bid == Some(0) {
            found.add("hours_per_bid", "Give at least one hour, or leave it out.");
        }
        if self.moderation.spread == Some(0) || self.moderation.criterion_spread == Some(0) {
            found.add("moderation", "Let scores differ by something before a bid is talked over, or leave it out.");
        }
        if !INTERVALS.contains(&self.ranking.interval) {
            found.add("ranking", "Choose the interval of 50 or that of 90 per cent.");
        }
        if self.most_awards == Some(0) {
            found.add("most_awards", "Let at least one bid be awarded, or leave it out.");
        }
    }

    fn questions(&self, found: &mut Found, rules: &Rulebook) {
        for id in &self.tags {
            if question(rules, id).is_none_or(|question| options(question).is_none()) {
                let message = format!("There is no question “{id}” whose answer is chosen from a list.");
                found.add("tags", &message);
            }
        }
        if !are_different(self.attributes.iter().map(|attribute| attribute.name.as_str()))
            || self.attributes.iter().any(|attribute| attribute.name.trim().is_empty())
        {
            found.add("attributes", "Give every attribute its own name.");
        }
        if self.attributes.iter().any(|attribute| attribute.is_reserved()) {
            let message = "Call no attribute bid, value or amount, and begin no name with “answer:”: what is chosen from is written with these.";
            found.add("attributes", message);
        }
        for attribute in &self.attributes {
            if let Source::Answer(id) = &attribute.from {
                must_choose_one(found, rules, "attributes", id);
            }
        }
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// The faults found so far.
struct Found(Vec<Fault>);

impl Found {
    fn add(&mut self, field: &str, message: &str) {
        self.0.push(Fault::new(format!("rulebook/assessment/{field}"), "unsound_rules", message.to_owned()));
    }
}

/// The question with this id, of the full application or else of the expression of interest.
fn question<'a>(rules: &'a Rulebook, id: &str) -> Option<&'a Question> {
    rules.full.question(id).or_else(|| rules.eoi.question(id))
}

/// What can be chosen, where an answer is chosen.
fn options(question: &Question) -> Option<Vec<&str>> {
    match &question.answer {
        Kind::Choice { options } | Kind::Choices { options } => {
            Some(options.iter().map(|option| option.value.as_str()).collect())
        }
        _ => None,
    }
}

fn must_choose_one(found: &mut Found, rules: &Rulebook, field: &str, id: &str) {
    let is_choice = |question: &Question| matches!(question.answer, Kind::Choice { .. });
    if !question(rules, id).is_some_and(is_choice) {
        let message = format!("There is no question “{id}” that lets choose one of several answers.");
        found.add(field, &message);
    }
}

/// The most people that a round can ask for on a panel.
const MOST_ON_PANEL: u32 = 20;
/// The longest interview, in minutes.
const LONGEST_INTERVIEW: u32 = 480;
/// The values of scales that are combined.
const FURTHEST: RangeInclusive<i32> = -1_000..=1_000;

impl AssessmentRules {
    /// What they ask for that no bid comes to in this workflow.
    pub fn misfit(&self, definition: &Definition) -> Option<Fault> {
        let promised = self.interview.is_some() && !definition.has_interviews();
        promised.then(|| {
            let message = format!(
                "The workflow “{}” invites nobody to an interview. Choose one that does, or leave the interview out.",
                definition.title
            );
            Fault::new("rulebook/assessment/interview", "unsound_rules", message)
        })
    }
}

impl InterviewRules {
    fn faults(&self, found: &mut Found, rules: &Rulebook) {
        if !(1..=WHOLE).contains(&self.weight) {
            found.add("interview/weight", "Let the interview count for 1 to 10,000 basis points of the whole.");
        }
        if !(1..=MOST_ON_PANEL).contains(&self.least_panel) || !(1..=LONGEST_INTERVIEW).contains(&self.minutes) {
            let message = "Give an interview 1 to 20 people who ask, and 1 to 480 minutes.";
            found.add("interview", message);
        }
        let of_both = || self.criteria.iter().chain(&rules.criteria).flat_map(|criterion| &criterion.scale);
        if of_both().any(|grade| !FURTHEST.contains(&grade.value)) {
            let message = "Where bids are interviewed, give every scale values from −1,000 to 1,000, so that both can be combined.";
            found.add("interview/criteria", message);
        }
        let (least, most) = scale_of(&self.criteria);
        if least == most {
            found.add("interview/criteria", "Let at least one scale of the interview have different values.");
        }
        if self.criteria.iter().any(|criterion| rules.criterion(&criterion.id).is_some()) {
            found.add("interview/criteria", "Give the criteria of the interview other ids than those of the reading.");
        }
        found.0.extend(criteria_faults("rulebook/assessment/interview/criteria", &self.criteria));
    }
}

impl PortfolioRule {
    fn faults(&self, found: &mut Found, of_round: &AssessmentRules, rules: &Rulebook) {
        let limited = |found: &mut Found, of: &str, awards: Option<u32>, amount: Option<Pence>| {
            if of_round.attribute(of).is_none() {
                let message = format!("A rule of the list names “{of}”, which is not among the attributes.");
                found.add("portfolio", &message);
            }
            if awards.is_some() == amount.is_some() || amount.is_some_and(|amount| amount < Pence(0)) {
                found.add("portfolio", "Let a rule of the list limit either the number of awards or the money.");
            }
        };
        match self {
            Self::Cap { of, is, awards, amount_pence } | Self::Floor { of, is, awards, amount_pence } => {
                limited(found, of, *awards, *amount_pence);
                if of_round.attribute(of).is_some_and(|attribute| !attribute.can_be(is, rules)) {
                    let message = format!("A rule of the list says that “{of}” is “{is}”, which it never is.");
                    found.add("portfolio", &message);
                }
            }
            Self::Each { of, awards, amount_pence } => limited(found, of, *awards, *amount_pence),
            Self::ExclusiveBy { question } | Self::TogetherBy { question } => {
                must_choose_one(found, rules, "portfolio", question);
            }
        }
    }
}

impl Attribute {
    /// Whether its name means something else in what the list is chosen from.
    fn is_reserved(&self) -> bool {
        ["bid", "value", "amount"].contains(&self.name.as_str()) || self.name.starts_with("answer:")
    }

    /// Whether a bid of the round can have this value, as far as the rules tell.
    fn can_be(&self, value: &str, rules: &Rulebook) -> bool {
        match &self.from {
            Source::Phase => rules.phase(value).is_some(),
            Source::Answer(id) => question(rules, id).and_then(options).is_none_or(|options| options.contains(&value)),
            Source::Lead | Source::Nation | Source::Kind => !value.trim().is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::funds::making::model::no_rules;

    fn rules(assessment: Value) -> Rulebook {
        let choice = |id: &str| json!({ "id": id, "title": id, "answer": { "type": "choice", "options": [{ "value": "housing", "text": "Housing" }] } });
        let text = json!({ "id": "why", "title": "Why", "answer": { "type": "text", "most_words": 9 } });
        let questions = json!([choice("service"), text]);
        let criteria = [criterion("fit", WHOLE)];
        Rulebook {
            full: serde_json::from_value(json!({ "sections": [{ "id": "a", "title": "A", "questions": questions }] }))
                .expect("a form"),
            criteria: criteria.map(|criterion| serde_json::from_value(criterion).expect("a criterion")).into(),
            assessment: serde_json::from_value(assessment).expect("rules"),
            ..no_rules()
        }
    }

    fn criterion(id: &str, weight: u32) -> Value {
        let grade = |value: i32| json!({ "value": value, "label": "So", "meaning": "So." });
        json!({ "id": id, "title": id, "guidance": "Look.", "weight": weight, "scale": [grade(0), grade(5)] })
    }

    fn fields(assessment: Value) -> Vec<String> {
        let rules = rules(assessment);
        let faults = rules.assessment.faults(&rules);
        faults.into_iter().map(|fault| fault.field.replace("rulebook/assessment/", "")).collect()
    }

    #[test]
    fn rules_that_the_forms_and_criteria_bear_out_are_sound() {
        let sound = json!({
            "hours_per_bid": 2, "tags": ["service"], "most_awards": 16,
            "attributes": [{ "name": "theme", "from": { "answer": "service" } }, { "name": "lead", "from": "lead" }],
            "gateway": [{ "id": "need", "title": "The need is shared" }],
            "moderation": { "spread": 15_000, "crossing": true },
            "interview": { "weight": 3_000, "criteria": [criterion("talk", WHOLE)], "least_panel": 3, "minutes": 45 },
            "portfolio": [
                { "rule": "cap", "of": "theme", "is": "housing", "awards": 2 },
                { "rule": "each", "of": "lead", "amount_pence": 100 },
                { "rule": "exclusive_by", "question": "service" },
            ],
        });
        assert_eq!(fields(sound), Vec::<String>::new());
        assert_eq!(fields(json!({ "draw": { "source": "Lottery of 1 May" } })), Vec::<String>::new());
    }

    #[test]
    fn rules_that_name_what_is_not_there_or_limit_nothing_are_refused() {
        let unsound = json!({
            "hours_per_bid": 0, "tags": ["why", "theme"], "most_awards": 0,
            "attributes": [{ "name": "theme", "from": { "answer": "why" } }, { "name": "theme", "from": "phase" }],
            "gateway": [{ "id": "need", "title": "" }],
            "moderation": { "spread": 0 },
            "ranking": { "interval": 75 },
            "interview": { "weight": 10_001, "criteria": [criterion("fit", 1)], "least_panel": 0, "minutes": 45 },
            "portfolio": [
                { "rule": "cap", "of": "region", "is": "north", "awards": 2, "amount_pence": 1 },
                { "rule": "floor", "of": "theme", "is": "fishing", "awards": 1 },
                { "rule": "together_by", "question": "why" },
            ],
            "draw": { "source": " " },
        });
        let expected = [
            "hours_per_bid",
            "moderation",
            "ranking",
            "most_awards",
            "tags",
            "tags",
            "attributes",
            "attributes",
            "gateway",
            "interview/weight",
            "interview",
            "interview/criteria",
            "interview/criteria",
            "draw",
            "portfolio",
            "portfolio",
            "portfolio",
            "draw",
        ];
        assert_eq!(fields(unsound), expected);
        let reserved = |name: &str| json!({ "attributes": [{ "name": name, "from": "phase" }] });
        assert!(
            ["bid", "amount", "answer:x"].map(reserved).iter().all(|rules| fields(rules.clone()) == ["attributes"])
        );
        let fishing = json!({
            "attributes": [{ "name": "theme", "from": { "answer": "service" } }],
            "portfolio": [{ "rule": "floor", "of": "theme", "is": "fishing", "awards": 1 }],
        });
        assert_eq!(fields(fishing), ["portfolio"]);
    }

    #[test]
    fn an_interview_goes_with_a_mean_on_scales_that_can_be_combined_in_a_workflow_that_invites_to_it() {
        let interview =
            json!({ "weight": 3_000, "criteria": [criterion("talk", WHOLE)], "least_panel": 3, "minutes": 45 });
        for (by, expected) in
            [("raw_mean", vec![]), ("calibrated", vec!["ranking"]), ("expected_rank", vec!["ranking"])]
        {
            assert_eq!(fields(json!({ "interview": interview, "ranking": { "by": by } })), expected, "{by}");
        }
        let mut long = interview.clone();
        long["minutes"] = json!(481);
        long["criteria"][0]["scale"][1]["value"] = json!(1_001);
        assert_eq!(fields(json!({ "interview": long })), ["interview", "interview/criteria"]);
        let mut flat = interview.clone();
        flat["criteria"][0]["scale"][1]["value"] = json!(0);
        assert_eq!(fields(json!({ "interview": flat })), ["interview/criteria"]);
        let rules = rules(json!({ "interview": interview }));
        let misfit = |workflow: &str| {
            let definition = crate::workflow::definitions::read(workflow).expect("a ready definition");
            rules.assessment.misfit(&definition).map(|fault| fault.field)
        };
        assert_eq!(misfit("single-stage-panel"), None);
        assert_eq!(misfit("local-digital-fund-1").as_deref(), Some("rulebook/assessment/interview"));
    }

    #[test]
    fn a_minimum_is_a_value_of_the_scale() {
        let mut rules = rules(json!({}));
        rules.criteria[0].least = Some(5);
        assert_eq!(criteria_faults("rulebook/criteria", &rules.criteria), []);
        rules.criteria[0].least = Some(3);
        assert_eq!(criteria_faults("rulebook/criteria", &rules.criteria).len(), 1);
    }
}
