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
mod custom;
mod drawing;
mod editing;
mod every_way;
mod generated;
mod moving;
mod mutations;
pub mod over_rest;
mod planning;
pub mod rounds;
mod rules;
mod schema;
mod shown;
mod sides;
mod walks;

use roundtable::clock::Moment;
use roundtable::funds::model::Milestone;
use roundtable::identity::policy::{Action, BidKind, Capacity, allows};
use roundtable::workflow::model::Kind;
use roundtable::workflow::timetable::MILESTONES;
use roundtable::workflow::{
    Act, BidFacts, Definition, Gate, Outcome, PartnerFacts, Role, Timetable, Vocabulary, check::check, definitions,
};
use sha2::{Digest, Sha256};

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

/// The hash of each version of a ready definition: rounds keep it, and people speak of it by its version.
const VERSIONS: [(&str, u32, &str); 4] = [
    ("local-digital-fund-1", 3, "3a2bb8891aaf5cc30e46ef442f79466a7dc4486dc324d6ef3befc52392a8ba88"),
    ("single-stage-panel", 2, "dce7e5ca0fd61c3902cd7d1542bd43fc15c2cfbf408b7ac1d85666aa85cd1ae2"),
    ("closed-follow-on", 2, "05915c40edcaef1c6b0ca0db57540206585e1840bafc6da3895f1af6e7b50372"),
    ("continuous", 2, "242033649ab0ce5d1fd2497877053dbfe592b4327f81699788660ed37299a663"),
];

#[test]
fn a_ready_definition_that_changes_is_a_new_version() {
    for ((id, version, hash), (ready, json)) in VERSIONS.iter().zip(definitions::all()) {
        let found = hex::encode(Sha256::digest(json.as_bytes()));
        assert_eq!((*id, *version), (*ready, definitions::read(ready).unwrap().version));
        assert_eq!(found, *hash, "“{id}” has changed: give it the next version, and write that here with its hash");
    }
    assert_eq!(VERSIONS.len(), definitions::all().len());
}

#[test]
fn the_milestones_of_workflows_are_those_of_rounds() {
    assert_eq!(MILESTONES.to_vec(), Milestone::ALL.iter().map(|milestone| milestone.word()).collect::<Vec<_>>());
}

#[test]
fn a_definition_may_leave_to_a_role_what_policy_lets_it_do_and_nothing_else() {
    let kinds = [Kind::Draft, Kind::Waiting, Kind::Review, Kind::Decided, Kind::Delivery, Kind::Closed];
    for act in Act::ALL {
        let action = match act {
            Act::Sift => Action::SiftBid,
            Act::Decide => Action::DecideBid,
            Act::Submit => Action::SubmitBid,
            Act::Edit => Action::EditBid,
            Act::Withdraw => Action::WithdrawBid,
        };
        for role in Role::ALL.into_iter().filter(|role| *role != Role::System) {
            let capacity = Capacity::from_word(role.word()).unwrap();
            for kind in kinds {
                let can = act.is_for(role) && act.is_possible_in(kind);
                assert_eq!(can, allows(capacity, action, BidKind::from_word(kind.word())), "{act:?} {role:?} {kind:?}");
            }
        }
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
