//! What a newer version changes, editing part by part, and where bids land that are moved.

use std::collections::BTreeMap;

use roundtable::workflow::{
    Definition, Gate, Kind, Outcome, Timetable,
    diff::diff,
    landing::{Crossing, Landing, Taken},
};
use serde_json::json;

use super::{local_digital_fund, round_one, small_grant, sound_definitions};

#[test]
fn nothing_differs_between_a_definition_and_itself_whatever_its_version_number() {
    for definition in sound_definitions() {
        let mut newer = definition.clone();
        newer.version += 1;
        let diff = diff(&definition, &newer);
        assert!(diff.is_empty() && diff.in_words().is_empty(), "{diff:?}");
    }
}

#[test]
fn a_diff_says_what_is_new_what_is_gone_and_which_fields_differ_from_what_to_what() {
    let older = local_digital_fund();
    let mut newer = older.clone();
    newer.title = "Another title".into();
    newer.states.retain(|state| state.id != "invited_to_merge");
    let mut paused = newer.states[1].clone();
    paused.id = "paused".into();
    paused.labels.staff = "Paused".into();
    newer.states.push(paused);
    let place = newer.states.iter().position(|state| state.id == "eligible").unwrap();
    newer.states[place].labels.applicant = "Being read".into();
    let place = newer.transitions.iter().position(|transition| transition.id == "fund").unwrap();
    newer.transitions[place].approvals =
        serde_json::from_value(json!({ "count": 2, "roles": ["fund_manager"], "voided_by": ["costs"] })).unwrap();
    newer.transitions[place].guard = None;
    let found = diff(&older, &newer);
    let ids = |parts: &[roundtable::workflow::diff::Part]| parts.iter().map(|part| part.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        (ids(&found.states.added), ids(&found.states.removed)),
        (vec!["paused".into()], vec!["invited_to_merge".into()])
    );
    assert_eq!(found.whole[0].field, "title");
    assert_eq!(found.states.changed[0].id, "eligible");
    assert_eq!(found.states.changed[0].fields[0].field, "labels/applicant");
    assert_eq!(found.states.changed[0].fields[0].to, "Being read");
    let fields: Vec<&str> = found.transitions.changed[0].fields.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((found.transitions.changed[0].id.as_str(), fields), ("fund", vec!["approvals", "guard"]));
    let words = found.in_words();
    for expected in [
        "The state “Paused” is new.",
        "The state “Invited to apply together” is taken out.",
        "Title: was “Local Digital Fund, round 1”, is “Another title”.",
        "Who else has to agree: was “2 of fund manager”, is “2 of fund manager; void when costs change”.",
        "is “Being read”.",
    ] {
        let is_said = words.iter().any(|line| line.ends_with(expected));
        assert!(is_said || words.iter().any(|line| line.contains(expected)), "{expected} is not in {words:#?}");
    }
}

#[test]
fn the_other_way_round_what_was_new_is_gone() {
    let (older, newer) = (local_digital_fund(), small_grant());
    let (there, back) = (diff(&older, &newer), diff(&newer, &older));
    assert_eq!((there.states.added, there.states.removed), (back.states.removed, back.states.added));
    assert_eq!(
        (there.transitions.added, there.transitions.removed),
        (back.transitions.removed, back.transitions.added)
    );
}

#[test]
fn whatever_speaks_of_a_state_speaks_of_it_under_its_new_id() {
    let mut definition = local_digital_fund();
    let mut start = definition.states[0].clone();
    start.id = "first_words".into();
    definition.put_state(Some(0), start);
    let text = serde_json::to_string(&definition).unwrap();
    assert!(!text.contains("\"eoi_draft\"") && definition.start == "first_words", "{text}");
    assert_eq!(Definition::from_json(&text).unwrap(), definition);
    let states = definition.states.len();
    definition.put_state(None, definition.states[1].clone());
    assert_eq!(definition.states.len(), states + 1);
    assert!(definition.remove_state(states).is_some() && definition.remove_state(states).is_none());
    let transitions = definition.transitions.len();
    definition.put_transition(None, definition.transitions[0].clone());
    assert!(definition.remove_transition(transitions).is_some() && definition.remove_transition(transitions).is_none());
}

fn taken(transition: &str, gate: Gate, to: &str, recorded: bool) -> Taken {
    Taken { transition: transition.into(), gate, to: to.into(), recorded }
}

fn lands<'a>(
    (from, to): (&'a Definition, &'a Definition),
    mapping: &[(&str, &str)],
    state: &str,
    decisions: &[Taken],
    timetable: &Timetable,
) -> Landing<'a> {
    let mapping: BTreeMap<String, String> = mapping.iter().map(|(from, to)| ((*from).into(), (*to).into())).collect();
    let landing = Crossing { from, to, mapping: &mapping, timetable }.land(state, decisions);
    Landing { state: landing.state.map(|state| to.state(&state.id).unwrap()), reasons: landing.reasons }
}

#[test]
fn a_bid_lands_under_its_own_id_or_where_the_mapping_says() {
    let older = local_digital_fund();
    let mut newer = older.clone();
    let place = newer.states.iter().position(|state| state.id == "eoi_submitted").unwrap();
    let mut renamed = newer.states[place].clone();
    renamed.id = "eoi_in".into();
    newer.put_state(Some(place), renamed);
    let now = round_one("2018-10-01T09:00:00Z");
    let same = lands((&older, &newer), &[], "full_submitted", &[], &now);
    assert_eq!((same.state.unwrap().id.as_str(), same.reasons.len()), ("full_submitted", 0));
    let lost = lands((&older, &newer), &[], "eoi_submitted", &[], &now);
    assert!(lost.state.is_none() && lost.reasons[0].contains("has no counterpart"), "{lost:?}");
    let mapped = lands((&older, &newer), &[("eoi_submitted", "eoi_in")], "eoi_submitted", &[], &now);
    assert_eq!((mapped.state.unwrap().id.as_str(), mapped.reasons.len()), ("eoi_in", 0));
}

#[test]
fn a_bid_never_lands_where_it_would_mean_something_else() {
    let definition = local_digital_fund();
    let now = round_one("2018-10-01T09:00:00Z");
    for before in &definition.states {
        for after in &definition.states {
            let mapping = [(before.id.as_str(), after.id.as_str())];
            let landing = lands((&definition, &definition), &mapping, &before.id, &[], &now);
            let same = before.kind == after.kind && before.form == after.form && before.result == after.result;
            assert_eq!(landing.reasons.is_empty(), same, "{} to {}: {:?}", before.id, after.id, landing.reasons);
        }
    }
    let into_draft = lands((&definition, &definition), &[("eoi_submitted", "eoi_draft")], "eoi_submitted", &[], &now);
    assert!(into_draft.reasons[0].contains("not of one kind: waiting and draft"), "{into_draft:?}");
    assert!(Kind::ALL.into_iter().all(|kind| Kind::from_word(kind.word()) == Some(kind)));
    assert!(Outcome::ALL.into_iter().all(|outcome| Outcome::from_word(outcome.word()) == Some(outcome)));
}

#[test]
fn a_decision_has_to_be_released_and_to_mean_the_same_in_the_new_version() {
    let older = local_digital_fund();
    let now = round_one("2018-10-20T09:00:00Z");
    let reasons = |newer: &Definition, recorded: bool| {
        let decisions = [taken("invite", Gate::Sift, "invited", recorded)];
        lands((&older, newer), &[], "invited", &decisions, &now).reasons.join("; ")
    };
    assert_eq!(reasons(&older, true), "");
    assert!(reasons(&older, false).contains("is not released yet"));
    let place = older.transitions.iter().position(|transition| transition.id == "invite").unwrap();
    let changed = |change: fn(&mut roundtable::workflow::Transition)| {
        let mut newer = older.clone();
        change(&mut newer.transitions[place]);
        newer
    };
    assert!(reasons(&changed(|invite| invite.id = "ask".into()), true).contains("has no decision"));
    assert!(reasons(&changed(|invite| invite.to = "not_invited".into()), true).contains("leads elsewhere"));
    assert!(reasons(&changed(|invite| invite.gate = Some(Gate::Shortlist)), true).contains("leads elsewhere"));
    let again = changed(|invite| invite.from.push("invited".into()));
    assert_eq!(reasons(&again, true), "", "a step from a state to itself moves nothing");
    let withdrawn = [taken("invite", Gate::Sift, "invited", false)];
    assert!(lands((&older, &older), &[], "withdrawn", &withdrawn, &now).reasons.is_empty());
}

#[test]
fn a_bid_is_not_moved_past_what_would_have_happened_to_it_by_itself() {
    let older = local_digital_fund();
    let mut newer = older.clone();
    let place = newer.transitions.iter().position(|transition| transition.id == "lapse_full").unwrap();
    newer.transitions[place].from.push("full_submitted".into());
    let at = |now: &str| lands((&older, &newer), &[], "full_submitted", &[], &round_one(now)).reasons.join("; ");
    assert_eq!(at("2018-11-15T17:00:00Z"), "");
    assert!(at("2018-11-15T17:00:01Z").contains("its milestone has passed"), "{}", at("2018-11-15T17:00:01Z"));
}
