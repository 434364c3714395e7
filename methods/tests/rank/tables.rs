//! Published tables: the worked panel of ERforResearch, Shrout and Fleiss (1979), Krippendorff (2011).

use methods::rank::{self, Group, Wish};
use serde_json::Value;

use super::{bid, near, table};

const MOCK: &str = include_str!("../published/erforresearch_mock.csv");
const ER: [f64; 15] = [2.44, 4.06, 4.09, 4.12, 5.08, 6.19, 7.34, 7.26, 8.43, 9.42, 10.4, 11.4, 13.0, 13.0, 13.7];
const SUCRA: [f64; 15] = [0.90, 0.78, 0.78, 0.78, 0.71, 0.63, 0.55, 0.55, 0.47, 0.40, 0.33, 0.25, 0.15, 0.14, 0.09];

/// The panels' own file as ours has it, of the panels named.
fn mock(panels: &[&str]) -> String {
    let mut file = "bid,assessor,score,section\n".to_owned();
    for line in MOCK.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if panels.contains(&cells[4]) {
            file.push_str(&[cells[0], cells[1], cells[3], cells[4]].join(","));
            file.push('\n');
        }
    }
    file
}

fn canonical(name: &str) -> (Vec<methods::rank::Score>, Value) {
    let all: Value = serde_json::from_str(include_str!("../published/icc_alpha_canonical.json")).unwrap();
    let rows: Vec<Vec<Option<f64>>> = serde_json::from_value(all[name]["data"].clone()).unwrap();
    // Krippendorff's table has a row for each observer and a column for each unit.
    let rows = if name.starts_with("kripp") {
        (0..rows[0].len()).map(|unit| rows.iter().map(|row| row[unit]).collect()).collect()
    } else {
        rows
    };
    (table(&rows), all[name]["published"].clone())
}

#[test]
fn the_worked_panel_has_its_published_expected_ranks() {
    let scores = rank::read(mock(&["p1"]).as_bytes()).unwrap();
    for seed in [1, 2, 77] {
        let ranking = rank::rank(&scores, &Wish { seed, ..Wish::line(5) }).unwrap();
        for (index, (er, sucra)) in ER.into_iter().zip(SUCRA).enumerate() {
            let ranked = bid(&ranking, &format!("#{}", index + 1));
            near(ranked.expected_rank, er, 0.1);
            near(ranked.sucra, sucra, 0.01);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_ranking_to_the_last_digit() {
    let scores = rank::read(mock(&["p1", "p2", "p3"]).as_bytes()).unwrap();
    let wish = Wish { draws: 2_000, ..Wish::line(12) };
    let once = rank::rank(&scores, &wish).unwrap();
    assert_eq!(once, rank::rank(&scores, &wish).unwrap());
    assert_ne!(once.bids, rank::rank(&scores, &Wish { seed: 2, ..wish }).unwrap().bids);
}

#[test]
fn sections_are_compared_by_what_their_bids_are_worth_within_them() {
    let scores = rank::read(mock(&["p1", "p2", "p3"]).as_bytes()).unwrap();
    let ranking = rank::rank(&scores, &Wish::line(15)).unwrap();
    assert_eq!(ranking.components, 3);
    assert!(ranking.notes.iter().any(|note| note.contains("3 parts")), "{:?}", ranking.notes);
    let best: Vec<&str> = ranking.bids.iter().take(3).map(|ranked| ranked.bid.as_str()).collect();
    assert!(best.iter().all(|name| ["#1", "#16", "#17", "#18", "#31"].contains(name)), "{best:?}");
    // Assessors of a name in another section are others, when the round says so.
    let shared = "bid,assessor,score,section\nA,x,3,n\nB,x,4,n\nC,x,2,s\nD,x,5,s\n";
    let shared = rank::read(shared.as_bytes()).unwrap();
    let components = |per_section| rank::rank(&shared, &Wish { per_section, ..Wish::line(1) }).unwrap().components;
    assert_eq!((components(false), components(true)), (1, 2));
}

#[test]
fn the_table_of_shrout_and_fleiss_has_its_published_correlations() {
    let (scores, published) = canonical("shrout_fleiss_1979");
    let ranking = rank::rank(&scores, &Wish::line(3)).unwrap();
    near(ranking.icc1, published["ICC1"].as_f64().unwrap(), 0.005);
    near(ranking.icc3, published["ICC3"].as_f64().unwrap(), 0.005);
    assert_eq!(ranking.components, 1);
}

#[test]
fn the_table_of_krippendorff_has_its_published_alpha_with_its_gaps() {
    let (scores, published) = canonical("krippendorff_2011");
    let ranking = rank::rank(&scores, &Wish::line(3)).unwrap();
    near(ranking.alpha, published["interval"].as_f64().unwrap(), 0.0005);
}

#[test]
fn the_line_divides_the_worked_panel_by_its_intervals() {
    let scores = rank::read(mock(&["p1"]).as_bytes()).unwrap();
    let ranking = rank::rank(&scores, &Wish::line(5)).unwrap();
    near(ranking.line_rank, 5.08, 0.1);
    assert_eq!(bid(&ranking, "#1").group, Some(Group::Fund));
    assert_eq!(bid(&ranking, "#5").group, Some(Group::Draw));
    assert_eq!(bid(&ranking, "#15").group, Some(Group::Decline));
}
