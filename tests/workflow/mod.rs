//! The workflow room: rules, the check, the plan, and the ready definitions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected should stop there"
)]

mod broken;
mod broken_definitions;
mod changes;
mod command;
mod drawing;
mod editing;
mod generated;
mod moving;
mod mutations;
pub mod over_rest;
mod planning;
mod rounds;
mod rules;
mod schema;
mod shown;
mod sides;
mod walks;

use roundtable::clock::Moment;
use roundtable::workflow::{
    BidFacts, Definition, Gate, Outcome, PartnerFacts, Role, Timetable, Vocabulary, check::check, definitions,
};

/// A grant scheme of one stage: written, submitted, decided at once.
const SMALL_GRANT: &str = include_str!("small_grant.json");

fn small_grant() -> Definition {
    Definition::from_json(SMALL_GRANT).unwrap()
}

fn local_digital_fund() -> Definition {
    definitions::read("local-digital-fund-1").unwrap()
}

/// Every ready definition, and the small grant.
fn sound_definitions() -> Vec<Definition> {
    let ready = definitions::all().iter().map(|(id, _)| definitions::read(id).unwrap());
    ready.chain([small_grant()]).collect()
}

fn instant(text: &str) -> Moment {
    Moment::of(text.parse().unwrap())
}

/// Round 1 of the Local Digital Fund at an instant; closing times are 5pm in London.
fn round_one(now: &str) -> Timetable {
    let milestones = [
        ("eoi_opens", "2018-09-24T08:00:00Z"),
        ("eoi_closes", "2018-10-05T16:00:00Z"),
        ("eoi_outcome", "2018-10-16T08:00:00Z"),
        ("full_opens", "2018-10-16T08:00:00Z"),
        ("full_closes", "2018-11-15T17:00:00Z"),
        ("announcement", "2018-12-07T09:30:00Z"),
        ("delivery_ends", "2019-03-29T17:00:00Z"),
    ];
    Timetable::new(instant(now), milestones.map(|(id, at)| (id.to_owned(), instant(at))))
}

fn partner(name: &str, confirmed: bool) -> PartnerFacts {
    PartnerFacts {
        name: name.to_owned(),
        kind: Some("district_council".to_owned()),
        nation: Some("england".to_owned()),
        confirmed,
        signed_declaration: Some(true),
    }
}

/// A bid that meets every rule.
fn good_bid() -> BidFacts {
    BidFacts {
        lead_nation: Some("england".to_owned()),
        lead_kind: Some("unitary_authority".to_owned()),
        lead_signed_declaration: Some(true),
        ask_pence: Some(8_000_000),
        limit_pence: Some(8_000_000),
        phase: Some("discovery".to_owned()),
        stage: Some("full".to_owned()),
        partners: vec![partner("Adur District Council", true), partner("Worthing Borough Council", true)],
        sign_off_current: Some(true),
        answers_complete: Some(true),
        shares_add_up: Some(true),
        led_bids: Some(1),
        led_bids_limit: Some(2),
        earlier_projects: Some(1),
        feedback_given: Some(true),
        scores_complete: Some(true),
    }
}

#[test]
fn every_ready_definition_is_sound_and_bears_its_own_id() {
    for (id, json) in definitions::all() {
        let definition = Definition::from_json(json).unwrap();
        assert_eq!(definition.id, *id);
        assert_eq!(check(&definition, Vocabulary::bids()), []);
    }
}

#[test]
fn the_small_grant_of_the_tests_is_sound() {
    assert_eq!(check(&small_grant(), Vocabulary::bids()), []);
}

#[test]
fn a_definition_is_the_same_after_writing_and_reading_it() {
    for definition in sound_definitions() {
        let written = serde_json::to_string(&definition).unwrap();
        assert_eq!(Definition::from_json(&written).unwrap(), definition);
    }
}

#[test]
fn a_definition_that_was_kept_before_forms_and_results_were_said_means_what_it_meant() {
    let definition = local_digital_fund();
    let mut older = serde_json::to_value(&definition).unwrap();
    for state in older["states"].as_array_mut().unwrap() {
        for field in ["form", "result"] {
            state.as_object_mut().unwrap().remove(field);
        }
    }
    assert_eq!(Definition::from_kept(&older.to_string()).unwrap(), definition);
    let newer = serde_json::to_string(&definition).unwrap();
    assert_eq!(Definition::from_kept(&newer).unwrap(), definition);
}

#[test]
fn a_submitted_version_stands_where_a_submission_has_led() {
    let definition = local_digital_fund();
    let standing = definition.states.iter().filter(|state| definition.stands_in(&state.id)).map(|state| &state.id);
    assert_eq!(standing.collect::<Vec<_>>(), ["eoi_submitted", "full_submitted"]);
}

#[test]
fn a_definition_that_is_not_ready_is_not_found() {
    assert_eq!(definitions::get("local-digital-fund-99"), None);
}

#[test]
fn the_words_of_roles_and_gates_are_those_of_definitions() {
    for role in Role::ALL {
        assert_eq!(serde_json::to_value(role).unwrap(), role.word());
        assert_eq!(Role::from_word(role.word()), Some(role));
    }
    for gate in Gate::ALL {
        assert_eq!(serde_json::to_value(gate).unwrap(), gate.word());
        assert_eq!(Gate::from_word(gate.word()), Some(gate));
    }
    for outcome in Outcome::ALL {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.word());
    }
    for state in local_digital_fund().states {
        assert_eq!(serde_json::to_value(state.kind).unwrap(), state.kind.word());
    }
    assert_eq!(Role::from_word("service_admin"), None);
}
