//! What the data of each scenario come to when they are counted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use chrono::NaiveDate;
use roundtable::{
    demo::scenario::{Basis, Bid, Decided, Invitation, Known, Scenario},
    funds::model::Milestone,
    identity::{import, model::Nation},
    register,
    workflow::definitions,
};

use super::counting::{awarded_pence, councils_funded, funded, in_time, members_of, ranking, shortlist, sifted};

fn round_1() -> Scenario {
    Scenario::embedded("ldf-round-1").unwrap()
}

fn small() -> Scenario {
    Scenario::embedded("small").unwrap()
}

fn organisations(scenario: &Scenario) -> usize {
    in_time(scenario).iter().map(|bid| bid.lead.as_str()).collect::<BTreeSet<_>>().len()
}

#[test]
fn round_1_comes_to_the_published_figures() {
    let round = round_1();
    assert_eq!(in_time(&round).len(), 389);
    assert_eq!(round.bids.len() - in_time(&round).len(), 2);
    assert_eq!(organisations(&round), 171);
    assert_eq!(sifted(&round, Invitation::Invited) + sifted(&round, Invitation::InvitedToMerge), 150);
    assert_eq!(round.applications.len(), 77);
    assert_eq!(shortlist(&round).len(), 27);
    assert_eq!(funded(&round).len(), 16);
    assert_eq!(awarded_pence(&round), 125_149_200);
    assert_eq!(councils_funded(&round).len(), 57);
}

#[test]
fn the_small_scenario_has_figures_of_its_own() {
    let small = small();
    assert_eq!((in_time(&small).len(), organisations(&small)), (12, 9));
    assert_eq!(sifted(&small, Invitation::Invited), 6);
    assert_eq!((small.applications.len(), shortlist(&small).len(), funded(&small).len()), (4, 3, 2));
    assert_eq!(awarded_pence(&small), 4_380_000);
    assert_eq!(councils_funded(&small).len(), 5);
}

#[test]
fn ten_discoveries_and_six_alphas_are_funded() {
    let round = round_1();
    let mut phases = BTreeMap::new();
    for bid in funded(&round) {
        *phases.entry(round.bid(&bid).unwrap().phase.clone()).or_insert(0) += 1;
    }
    assert_eq!(phases, BTreeMap::from([("alpha".into(), 6), ("discovery".into(), 10)]));
}

#[test]
fn whoever_is_known_to_have_won_wins_and_nobody_else_carries_facts() {
    let round = round_1();
    let known: BTreeSet<&str> =
        round.bids.iter().filter(|bid| !bid.known.is_empty()).map(|bid| bid.id.as_str()).collect();
    assert_eq!(known.len(), 11);
    let funded = funded(&round);
    assert!(known.iter().all(|bid| funded.iter().any(|winner| winner == bid)), "{known:?} {funded:?}");
    let amounts = round.bids.iter().filter(|bid| bid.known.contains(&Known::Amount)).count();
    assert_eq!(amounts, 4);
}

#[test]
fn a_partner_is_a_fact_only_where_the_bid_has_a_source() {
    let round = round_1();
    for partner in round.partners.iter().filter(|partner| partner.basis != Basis::Illustrative) {
        assert!(round.bid(&partner.bid).unwrap().source.is_some(), "{} in {}", partner.council, partner.bid);
    }
}

#[test]
fn no_two_full_applications_have_the_same_mean() {
    for scenario in [round_1(), small()] {
        let means: BTreeSet<i64> = ranking(&scenario).iter().map(|(_, mean)| *mean).collect();
        assert_eq!(means.len(), scenario.applications.len(), "{}", scenario.name);
    }
}

#[test]
fn other_scores_make_another_bid_win() {
    let mut round = round_1();
    let before = funded(&round);
    let next = shortlist(&round)[before.len()].clone();
    for score in round.scores.iter_mut().filter(|score| score.bid == next) {
        score.score = 5;
    }
    let after = funded(&round);
    assert!(!before.contains(&next) && after.contains(&next), "{next}: {after:?}");
    assert_ne!(before.last(), after.last());
}

#[test]
fn one_bid_arrives_at_the_very_instant_of_closing_and_one_a_millisecond_later() {
    let round = round_1();
    let closes = round.timetable().at(Milestone::EoiCloses).unwrap();
    let arrived =
        |micros: i64| round.bids.iter().filter(|bid| bid.received_at.micros() == closes.micros() + micros).count();
    assert_eq!((arrived(0), arrived(1_000)), (1, 1));
}

#[test]
fn every_english_council_of_then_and_now_is_listed() {
    let round = round_1();
    let english = |day: (i32, u32, u32)| {
        let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
        round.councils.iter().filter(|council| council.nation == Nation::England && council.exists_on(day)).count()
    };
    assert_eq!(english((2026, 1, 1)), 332);
    assert!(english((2018, 9, 24)) > 353, "the districts, counties and unitaries of 2018 are listed too");
}

#[test]
fn councils_that_are_gone_take_part_where_they_then_existed() {
    let round = round_1();
    let gone: BTreeSet<&str> = round
        .councils
        .iter()
        .filter(|council| council.ends_on.is_some())
        .map(|council| council.code.as_str())
        .collect();
    assert!(round.bids.iter().any(|bid| gone.contains(bid.lead.as_str())));
    assert!(round.partners.iter().any(|partner| gone.contains(partner.council.as_str())));
}

#[test]
fn assessors_of_councils_that_take_part_have_conflicts() {
    let round = round_1();
    let conflicts = round.applications.iter().flat_map(|application| {
        let members = members_of(&round, &application.bid);
        round.assessors.iter().filter(move |assessor| assessor.council.as_deref().is_some_and(|c| members.contains(c)))
    });
    assert!(conflicts.count() > 5);
    assert_eq!(round.assessors.len(), 12);
}

#[test]
fn problems_are_told_in_sixty_to_a_hundred_and_twenty_words_and_no_two_alike() {
    let round = round_1();
    let words = |bid: &Bid| bid.problem.split_whitespace().count();
    for bid in &round.bids {
        assert!((60..=120).contains(&words(bid)), "{}: {} words", bid.id, words(bid));
    }
    assert_eq!(round.bids.iter().map(|bid| &bid.problem).collect::<BTreeSet<_>>().len(), round.bids.len());
}

#[test]
fn every_outcome_has_a_letter() {
    for scenario in [round_1(), small()] {
        for bid in in_time(&scenario) {
            let letter = scenario.sift_letter(bid, scenario.invitation(bid).unwrap());
            assert!(letter.len() > 60, "{}: {letter}", bid.id);
        }
        for criterion in &scenario.round.rulebook.criteria {
            for decided in Decided::ALL {
                assert_eq!(scenario.decision_letter(*decided, &criterion.id, &criterion.id).matches("\n\n").count(), 2);
            }
        }
        assert!(definitions::get(&scenario.round.workflow).is_some(), "{}", scenario.round.workflow);
    }
}

#[test]
fn the_councils_and_the_register_can_be_imported_like_anybody_elses_files() {
    let file = |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)).unwrap();
    assert_eq!(import::parse(&file("councils.csv")).unwrap().len(), round_1().councils.len());
    assert_eq!(register::import::read(&file("register.csv")).unwrap().len(), round_1().register.len());
}
