//! What a line means at its ends, and what confidence changes.

use methods::rank::{Confidence, Group, Wish, rank};

use super::{bid, near, score, whole};

fn panel() -> Vec<methods::rank::Score> {
    whole(&[&[5.0, 4.0, 5.0], &[4.0, 3.0, 4.0], &[3.0, 3.0, 2.0], &[2.0, 1.0, 2.0]])
}

#[test]
fn a_line_of_nothing_declines_everybody_and_one_of_all_funds_everybody() {
    for (line, group) in [(0, Group::Decline), (4, Group::Fund), (99, Group::Fund)] {
        let ranking = rank(&panel(), &Wish::line(line)).unwrap();
        assert!(ranking.bids.iter().all(|ranked| ranked.group == Some(group)), "{line}");
        assert!(ranking.notes.iter().any(|note| note.starts_with("The line is")), "{:?}", ranking.notes);
    }
}

#[test]
fn intervals_hold_the_expected_rank_and_bids_stand_in_its_order() {
    let ranking = rank(&panel(), &Wish::line(2)).unwrap();
    let mut last = 0.0;
    for ranked in &ranking.bids {
        let expected = ranked.expected_rank.unwrap();
        assert!(expected >= last);
        last = expected;
        assert!(ranked.r5 <= ranked.r25 && ranked.r25 <= ranked.r75 && ranked.r75 <= ranked.r95);
        assert!(f64::from(ranked.r5.unwrap()) <= expected && expected <= f64::from(ranked.r95.unwrap()));
        near(ranked.sucra, (4.0 - expected) / 3.0, 1e-12);
    }
    let sum: f64 = ranking.bids.iter().map(|ranked| ranked.expected_rank.unwrap()).sum();
    near(sum, 10.0, 1e-9);
}

#[test]
fn a_score_of_high_confidence_draws_the_calibrated_score_to_itself() {
    let with = |confidence| {
        let mut scores = panel();
        scores.push(score("4", "0", 1.0));
        scores.push(score("4", "1", 5.0));
        scores.last_mut().unwrap().confidence = confidence;
        rank(&scores, &Wish::line(2)).unwrap()
    };
    let [low, medium, high] = [Confidence::Low, Confidence::Medium, Confidence::High].map(with);
    let calibrated = |ranking| bid(ranking, "4").calibrated.unwrap();
    assert!(calibrated(&low) < calibrated(&medium) && calibrated(&medium) < calibrated(&high));
    let er = |ranking| bid(ranking, "4").expected_rank.unwrap();
    assert!(er(&low) > er(&medium) && er(&medium) > er(&high));
    assert_eq!(bid(&low, "4").raw_mean, bid(&high, "4").raw_mean);
}

#[test]
fn a_scale_maps_scores_to_grades_and_leaves_means_on_their_own_scale() {
    let mut percent = panel();
    for score in &mut percent {
        score.score = score.score.map(|value| (value - 1.0) * 20.0);
    }
    let grades = rank(&panel(), &Wish::line(2)).unwrap();
    let scaled = rank(&percent, &Wish { scale: Some("0:100".parse().unwrap()), ..Wish::line(2) }).unwrap();
    for ranked in &grades.bids {
        let other = bid(&scaled, &ranked.bid);
        near(other.expected_rank, ranked.expected_rank.unwrap(), 1e-6);
        near(other.raw_mean, (ranked.raw_mean.unwrap() - 1.0) * 20.0, 1e-9);
        near(other.calibrated, (ranked.calibrated.unwrap() - 1.0) * 20.0, 1e-3);
    }
    let unsaid = rank(&percent, &Wish::line(2)).unwrap();
    assert!(unsaid.bids.iter().all(|ranked| ranked.expected_rank.is_none() && ranked.group.is_none()));
    assert!(unsaid.bids.iter().all(|ranked| ranked.calibrated.is_some()));
    assert!(unsaid.notes.iter().any(|note| note.contains("say which scale")), "{:?}", unsaid.notes);
}
