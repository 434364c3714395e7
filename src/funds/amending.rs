//! Other rules for a published round, pure: what they change, in words, and what stands against it.
//!
//! Rules can be amended until the first full application is in. What somebody has relied on already stays: the questions
//! that were answered, the phase that was chosen, what was marked and scored.

use std::collections::BTreeSet;

use super::{
    assessing::{self, AssessmentRules},
    rulebook::{CostKind, Criterion, Grade, PartnershipRules, Phase, Rulebook, Signs, Stage, Unaffordable},
};
use crate::error::Fault;

/// What has happened in a round under its rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relied {
    /// The phases that bids have chosen.
    pub phases: BTreeSet<String>,
    /// Whether an answer was marked in the sift.
    pub marked: bool,
    /// Whether a criterion was scored.
    pub scored: bool,
}

/// What keeps `after` from taking the place of `before` in a round whose bids go through these stages.
pub fn faults(before: &Rulebook, after: &Rulebook, stages: &[Stage], relied: &Relied) -> Vec<Fault> {
    let mut faults = after.faults(stages);
    let mut fault = |field: String, code, message: String| faults.push(Fault::new(field, code, message));
    for stage in Stage::ALL {
        if before.form(*stage) != after.form(*stage) {
            let message = format!(
                "Leave the questions of the {} as they are: answers refer to them. Everything else can change.",
                stage.title()
            );
            fault(format!("rulebook/{stage}"), "questions_stay", message);
        }
    }
    for phase in before.phases.iter().filter(|phase| after.phase(&phase.id).is_none()) {
        if relied.phases.contains(&phase.id) {
            let message = format!("Keep the phase “{}”: a bid has chosen it.", phase.name);
            fault("rulebook/phases".into(), "phase_chosen", message);
        }
    }
    if relied.marked && before.sift != after.sift {
        let message = "Keep the rule of the sift: answers have been marked under it.";
        fault("rulebook/sift".into(), "marks_given", message.into());
    }
    if relied.scored && before.criteria != after.criteria {
        let message = "Keep the criteria, their weights and scales: bids have been scored on them.";
        fault("rulebook/criteria".into(), "scores_given", message.into());
    }
    if relied.scored && before.assessment != after.assessment {
        let message = "Keep how bids are assessed, ranked and chosen: bids have been scored under it.";
        fault("rulebook/assessment".into(), "scores_given", message.into());
    }
    faults
}

/// What `after` changes of `before`, each a phrase, in the order of the rulebook; the questions are left out, which never
/// change.
pub fn differences(before: &Rulebook, after: &Rulebook) -> Vec<String> {
    let mut words = Vec::new();
    phases(&mut words, &before.phases, &after.phases);
    let kinds = |rules: &Rulebook| {
        let kind = |kind: &CostKind| format!("{} ({})", kind.name, kind.id);
        let kinds: Vec<String> = rules.cost_kinds.iter().map(kind).collect();
        if kinds.is_empty() { "none".into() } else { kinds.join(", ") }
    };
    step(&mut words, "Kinds of cost that bids tell apart", kinds(before), kinds(after));
    let led = |most: Option<u32>| most.map_or_else(|| "any number".into(), |most| most.to_string());
    step(&mut words, "Bids that one authority can lead", led(before.most_led), led(after.most_led));
    let sign = |rules: &Rulebook| match rules.partnership.signs {
        Signs::Lead => "the officer of the lead authority",
        Signs::LeadAndPartners => "the officers of the lead authority and of every partner",
    };
    step(&mut words, "Who signs a full application", sign(before), sign(after));
    partnership(&mut words, &before.partnership, &after.partnership);
    for stage in Stage::ALL {
        eligibility(&mut words, *stage, before, after);
    }
    let (old, new) = (&before.sift, &after.sift);
    step(&mut words, "Answers that can fail the sift", old.most_fails, new.most_fails);
    step(&mut words, "Answers that can pass the sift with caveats", old.most_caveats, new.most_caveats);
    criteria(&mut words, &before.criteria, &after.criteria);
    step(&mut words, "Readers that a full application needs", before.least_readers, after.least_readers);
    step(&mut words, "Bids that are shortlisted at most", before.shortlist, after.shortlist);
    let walk = |rule| match rule {
        Unaffordable::Stop => "ends the walk down the ranking",
        Unaffordable::Skip => "is passed over",
    };
    let what = "A bid that the money left does not reach";
    step(&mut words, what, walk(before.unaffordable), walk(after.unaffordable));
    assessment(&mut words, &before.assessment, &after.assessment);
    words
}

/// Says one thing that was so and is otherwise.
fn step<T: PartialEq + std::fmt::Display>(words: &mut Vec<String>, what: &str, before: T, after: T) {
    if before != after {
        words.push(format!("{what}: from {before} to {after}"));
    }
}

/// Says which of a list came and went, and whether those that stay stand in another order.
fn list<'a, T>(
    words: &mut Vec<String>,
    (before, after): (&'a [T], &'a [T]),
    id: impl Fn(&T) -> &str,
    (came, went, order): (impl Fn(&T) -> String, impl Fn(&T) -> String, &str),
) -> Vec<(&'a T, &'a T)> {
    let with_id = |of: &'a [T], wanted: &str| of.iter().find(|item| id(item) == wanted);
    words.extend(before.iter().filter(|item| with_id(after, id(item)).is_none()).map(went));
    words.extend(after.iter().filter(|item| with_id(before, id(item)).is_none()).map(came));
    let stay: Vec<(&T, &T)> = after.iter().filter_map(|item| Some((with_id(before, id(item))?, item))).collect();
    let mut old = before.iter().filter(|item| with_id(after, id(item)).is_some()).map(&id);
    if stay.iter().any(|(_, item)| old.next() != Some(id(item))) {
        words.push(order.into());
    }
    stay
}

fn phases(words: &mut Vec<String>, before: &[Phase], after: &[Phase]) {
    let came = |phase: &Phase| format!("New phase: “{}”, up to {}", phase.name, phase.limit_pence);
    let went = |phase: &Phase| format!("No longer a phase: “{}”", phase.name);
    let order = "The phases stand in another order";
    for (old, new) in list(words, (before, after), |phase| phase.id.as_str(), (came, went, order)) {
        step(words, "Name of a phase", format!("“{}”", old.name), format!("“{}”", new.name));
        step(words, &format!("Most that can be asked for “{}”", new.name), old.limit_pence, new.limit_pence);
    }
}

fn partnership(words: &mut Vec<String>, before: &PartnershipRules, after: &PartnershipRules) {
    let (old, new) = (before.in_words(), after.in_words());
    words.extend(
        old.iter().filter(|rule| !new.contains(rule)).map(|rule| format!("No longer asked of partnerships: {rule}")),
    );
    words
        .extend(new.iter().filter(|rule| !old.contains(rule)).map(|rule| format!("Now asked of partnerships: {rule}")));
    // What stands behind the names is told where the words are the same.
    let behind = |rules: &PartnershipRules| {
        let rounds = rules.excludes.iter().map(|other| other.round.as_str());
        rounds.chain(rules.memberships.iter().map(|asked| asked.network.as_str())).collect::<Vec<_>>().join(", ")
    };
    step(words, "Rounds and networks that the rules about partnerships mean", behind(before), behind(after));
}

fn eligibility(words: &mut Vec<String>, stage: Stage, before: &Rulebook, after: &Rulebook) {
    let (old, new) = (before.eligibility(stage), after.eligibility(stage));
    if old == new {
        return;
    }
    let in_words = |rules: &[crate::workflow::Rule]| rules.iter().map(|rule| rule.in_words()).collect::<Vec<_>>();
    let (old, new) = (in_words(old), in_words(new));
    let many = words.len();
    let many_bids = stage.plural();
    words.extend(
        old.iter().filter(|rule| !new.contains(rule)).map(|rule| format!("No longer asked of {many_bids}: {rule}")),
    );
    words.extend(new.iter().filter(|rule| !old.contains(rule)).map(|rule| format!("Now asked of {many_bids}: {rule}")));
    if words.len() == many {
        words.push(format!("The rules for {many_bids} stand in another order, or refuse a bid in other words"));
    }
}

fn criteria(words: &mut Vec<String>, before: &[Criterion], after: &[Criterion]) {
    let came = |criterion: &Criterion| format!("New criterion: “{}”, {}", criterion.title, criterion.share());
    let went = |criterion: &Criterion| format!("No longer a criterion: “{}”, {}", criterion.title, criterion.share());
    let order = "The criteria stand in another order";
    for (old, new) in list(words, (before, after), |criterion| criterion.id.as_str(), (came, went, order)) {
        step(words, "Title of a criterion", format!("“{}”", old.title), format!("“{}”", new.title));
        step(words, &format!("Weight of {}", new.title), old.share(), new.share());
        if old.guidance != new.guidance {
            words.push(format!("Guidance on {}: “{}”", new.title, new.guidance));
        }
        step(words, &format!("Scale of {}", new.title), scale(&old.scale), scale(&new.scale));
        step(words, &format!("Questions read for {}", new.title), read(old), read(new));
        let least = |criterion: &Criterion| criterion.least.map_or_else(|| "none".into(), |least| least.to_string());
        step(words, &format!("Minimum of {}", new.title), least(old), least(new));
    }
}

fn assessment(words: &mut Vec<String>, before: &AssessmentRules, after: &AssessmentRules) {
    let many = words.len();
    let (old, new) = (before.in_words(), after.in_words());
    words.extend(old.iter().filter(|rule| !new.contains(rule)).map(|rule| format!("No longer so: {rule}")));
    words.extend(new.iter().filter(|rule| !old.contains(rule)).map(|rule| format!("Now so: {rule}")));
    let talked =
        |rules: &AssessmentRules| rules.interview.clone().map(|interview| interview.criteria).unwrap_or_default();
    criteria(words, &talked(before), &talked(after));
    step(words, "What the rules about choosing go by", assessing::ids(before), assessing::ids(after));
    if words.len() == many && before != after {
        words.push(
            "The rules about assessing and choosing stand in another order, or say the same in another way".into(),
        );
    }
}

fn scale(grades: &[Grade]) -> String {
    let grade = |grade: &Grade| format!("{} {} ({})", grade.value, grade.label, grade.meaning);
    grades.iter().map(grade).collect::<Vec<_>>().join(", ")
}

fn read(criterion: &Criterion) -> String {
    if criterion.questions.is_empty() { "none".into() } else { criterion.questions.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn rules() -> Value {
        let criterion = |id: &str, weight: u32| {
            json!({ "id": id, "title": format!("Title {id}"), "guidance": "Look here.", "weight": weight, "questions": ["why"], "least": 1,
                "scale": [{ "value": 0, "label": "None", "meaning": "Nothing." }, { "value": 1, "label": "Some", "meaning": "More." }] })
        };
        json!({
            "phases": [{ "id": "discovery", "name": "Discovery", "limit_pence": 8_000_000 }, { "id": "alpha", "name": "Alpha", "limit_pence": 10_000_000 }],
            "cost_kinds": [{ "id": "staff", "name": "Staff" }],
            "most_led": 2,
            "partnership": { "signs": "lead", "least_councils": { "count": 2, "kinds": ["county"] }, "most_joined": 4,
                "excludes": [{ "round": "round-1", "name": "Round 1" }],
                "memberships": [{ "network": "declaration", "name": "The Declaration", "who": "lead", "by": "award" }] },
            "eoi_eligibility": [{ "==": [{ "var": "lead.nation" }, "england"] }],
            "full_eligibility": [{ ">=": [{ "var": "partners.confirmed" }, 1] }],
            "sift": { "most_fails": 0, "most_caveats": 1 },
            "criteria": [criterion("fit", 4_000), criterion("value", 6_000)],
            "least_readers": 2, "shortlist": 10, "unaffordable": "stop",
            "assessment": {
                "terms": "Tell nobody.", "hours_per_bid": 2, "tags": ["service"], "anonymous": true, "most_awards": 16,
                "attributes": [{ "name": "theme", "from": { "answer": "theme" } }, { "name": "authority", "from": "lead" }],
                "gateway": [{ "id": "need", "title": "The need is shared", "guidance": "Look." }],
                "moderation": { "spread": 10_000, "criterion_spread": 20_000, "crossing": true },
                "interview": { "weight": 3_000, "criteria": [criterion("talk", 10_000)], "least_panel": 3, "minutes": 45 },
                "ranking": { "by": "raw_mean", "interval": 50 },
                "portfolio": [
                    { "rule": "cap", "of": "theme", "is": "housing", "awards": 2, "amount_pence": 100 },
                    { "rule": "floor", "of": "theme", "is": "housing", "awards": 2, "amount_pence": 100 },
                    { "rule": "each", "of": "authority", "awards": 1, "amount_pence": 100 },
                    { "rule": "exclusive_by", "question": "product" }, { "rule": "together_by", "question": "region" },
                ],
                "draw": { "method": "rfc3797", "source": "A lottery", "told_before": true },
                "publish_scores": true,
            },
        })
    }

    fn read(rules: &Value) -> Rulebook {
        serde_json::from_value(rules.clone()).expect("rules")
    }

    fn changed(change: impl FnOnce(&mut Value)) -> (Rulebook, Rulebook) {
        let mut after = rules();
        change(&mut after);
        (read(&rules()), read(&after))
    }

    /// Every place of a document that holds neither a list nor an object.
    fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{at}/{index}"), found));
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, field)| leaves(field, &format!("{at}/{name}"), found));
            }
            _ => found.push(at.to_owned()),
        }
    }

    #[test]
    fn whatever_is_changed_of_the_rules_is_told() {
        let mut places = Vec::new();
        leaves(&rules(), "", &mut places);
        assert!(places.len() > 30, "{places:?}");
        // No other rule of a list has the fields of `each`.
        for place in places.into_iter().filter(|place| rules().pointer(place) != Some(&json!("each"))) {
            let (before, after) = changed(|rules| {
                let leaf = rules.pointer_mut(&place).expect("a leaf");
                *leaf = match &*leaf {
                    Value::Number(number) => json!(number.as_i64().expect("whole") + 1),
                    Value::Bool(so) => json!(!so),
                    Value::String(word) if word == "cap" => json!("floor"),
                    Value::String(word) if word == "floor" => json!("cap"),
                    Value::String(word) if word == "exclusive_by" => json!("together_by"),
                    Value::String(word) if word == "together_by" => json!("exclusive_by"),
                    Value::String(word) if word == "raw_mean" => json!("calibrated"),
                    Value::String(word) if word == "rfc3797" => json!("sha256"),
                    Value::String(word) if word == "lead" && place.ends_with("from") => json!("nation"),
                    Value::String(word) if word == "stop" => json!("skip"),
                    Value::String(word) if word == "county" => json!("district"),
                    Value::String(word) if word == "lead" && place.ends_with("signs") => json!("lead_and_partners"),
                    Value::String(word) if word == "lead" => json!("partners"),
                    Value::String(word) if word == "award" => json!("submission"),
                    other => json!(format!("{} else", other.as_str().expect("a text"))),
                };
            });
            assert!(!differences(&before, &after).is_empty(), "{place}");
        }
        assert_eq!(differences(&read(&rules()), &read(&rules())), Vec::<String>::new());
    }

    #[test]
    fn what_comes_goes_and_moves_is_told_as_people_say_it() {
        let (before, after) = changed(|rules| {
            rules["criteria"][0]["weight"] = json!(4_550);
            rules["criteria"][1]["weight"] = json!(5_450);
            rules["criteria"].as_array_mut().expect("a list").reverse();
            rules["phases"][1] = json!({ "id": "beta", "name": "Beta", "limit_pence": 100 });
            rules["most_led"] = Value::Null;
            rules["full_eligibility"] = json!([]);
            rules["partnership"]["signs"] = json!("lead_and_partners");
        });
        let expected = [
            "No longer a phase: “Alpha”",
            "New phase: “Beta”, up to £1",
            "Bids that one authority can lead: from 2 to any number",
            "Who signs a full application: from the officer of the lead authority to the officers of the lead authority and of every partner",
            "No longer asked of full applications: at least 1 partner has confirmed",
            "The criteria stand in another order",
            "Weight of Title value: from 60% to 54.50%",
            "Weight of Title fit: from 40% to 45.50%",
        ];
        assert_eq!(differences(&before, &after), expected);
    }

    #[test]
    fn what_somebody_has_relied_on_stays() {
        let relied = Relied { phases: BTreeSet::from(["alpha".into()]), marked: true, scored: true };
        let (before, after) = changed(|rules| {
            rules["phases"] = json!([rules["phases"][0], rules["phases"][0]]);
            rules["sift"]["most_fails"] = json!(1);
            rules["criteria"][1]["id"] = json!("fit");
            rules.as_object_mut().expect("rules").remove("assessment");
            rules["eoi"] = json!({ "sections": [] });
            rules["full"] = json!({ "sections": [{ "id": "one", "title": "One", "questions": [] }] });
        });
        let codes = |relied: &Relied| -> Vec<String> {
            faults(&before, &after, &[], relied).into_iter().map(|fault| fault.code.into_owned()).collect()
        };
        let all = [
            "unsound_rules",
            "unsound_rules",
            "questions_stay",
            "phase_chosen",
            "marks_given",
            "scores_given",
            "scores_given",
        ];
        assert_eq!(codes(&relied), all);
        assert_eq!(codes(&Relied::default()), ["unsound_rules", "unsound_rules", "questions_stay"]);
    }
}
