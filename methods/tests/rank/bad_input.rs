//! Files and panels that say too little, or nonsense: an answer that says what is wrong or what it means there.

use methods::{
    Faults,
    rank::{self, Group, Ranking, Wish},
};

use super::{bid, near};

fn file(text: &str) -> Result<Ranking, Faults> {
    rank::rank(&rank::read(text.as_bytes())?, &Wish::line(1))
}

#[track_caller]
fn refused(text: &str, message: &str) {
    let faults = file(text).unwrap_err().to_string();
    assert!(faults.contains(message), "{faults}");
}

#[test]
fn what_cannot_be_read_is_named_by_row_and_column() {
    refused("", "the first line must name the columns bid, assessor and score");
    refused("bid,score\nA,1\n", "row 1: the first line must name");
    refused("bid,assessor,score\n", "there is no score");
    refused("bid,assessor,score\nA,x,NaN\n", "row 2, column score: \"NaN\" is no score");
    refused("bid,assessor,score\nA,x,inf\n", "row 2, column score: \"inf\" is no score");
    refused("bid,assessor,score\nA,x,1e300\n", "row 2, column score");
    refused("bid,assessor,score\nA,x,3\n,x,3\n", "row 3, column bid: is empty");
    refused("bid,assessor,score\nA,x,3\nA,y\n", "row 3: has 2 cells, and the first line names 3 columns");
    refused("bid,assessor,score,confidence\nA,x,3,sure\n", "row 2, column confidence: \"sure\" is none of");
    refused("bid,assessor,score\nA,x,3\nB,x,2\nA,x,4\n", "row 4: x scored bid A in row 2 already");
    refused("bid,assessor,score,section\nA,x,3,n\nA,y,3,s\n", "row 3, column section: bid A stands in section s here");
    assert!(
        rank::read(b"bid,assessor,score\n\xff\xfe,x,3\n").unwrap_err().to_string().contains("row 2: cannot be read")
    );
}

#[test]
fn every_fault_of_a_file_is_told_at_once_but_no_more_than_a_page_of_them() {
    let mut text = "bid,assessor,score\n".to_owned();
    for row in 0..100_000 {
        text.push_str(&format!("A{row},x,?\n"));
    }
    let faults = file(&text).unwrap_err();
    assert_eq!(faults.0.len(), 100_000);
    assert_eq!(faults.to_string().lines().count(), 21);
    assert!(faults.to_string().ends_with("and 99980 more"));
}

#[test]
fn a_gap_is_left_out_and_said() {
    let ranking = file("bid,assessor,score\nA,x,3\nA,y,5\nB,x,2\nB,y,\nC,x,5\nC,y,4\nD,x,\n").unwrap();
    assert!(
        ranking.notes.iter().any(|note| note == "Lines without a score, which are left out: 2."),
        "{:?}",
        ranking.notes
    );
    let unscored = bid(&ranking, "D");
    assert_eq!((unscored.raw_mean, unscored.expected_rank, unscored.group), (None, None, None));
    assert_eq!(ranking.bids.last().unwrap().bid, "D");
    near(ranking.bids.iter().filter_map(|ranked| ranked.expected_rank).sum::<f64>(), 6.0, 1e-9);
}

#[test]
fn one_bid_is_the_first_of_one() {
    let ranking = file("bid,assessor,score\nA,x,3\nA,y,5\n").unwrap();
    let only = bid(&ranking, "A");
    assert_eq!((only.raw_mean, only.calibrated, only.expected_rank), (Some(4.0), None, Some(1.0)));
    assert_eq!((only.r5, only.r95, only.sucra, only.group), (Some(1), Some(1), None, Some(Group::Fund)));
    assert_eq!((ranking.icc1, ranking.icc3, ranking.variances), (None, None, None));
    assert!(ranking.notes.iter().any(|note| note.contains("there is one bid")), "{:?}", ranking.notes);
}

#[test]
fn one_assessor_ranks_but_calibrates_nothing() {
    let ranking = file("bid,assessor,score\nA,x,3\nB,x,5\nC,x,1\n").unwrap();
    let order: Vec<&str> = ranking.bids.iter().map(|ranked| ranked.bid.as_str()).collect();
    assert_eq!(order, ["B", "A", "C"]);
    assert_eq!((ranking.icc1, ranking.icc3, ranking.alpha, ranking.variances), (None, None, None, None));
    assert!(ranking.notes.iter().any(|note| note.contains("one assessor")), "{:?}", ranking.notes);
}

#[test]
fn constant_scores_order_nobody() {
    let ranking = file("bid,assessor,score\nA,x,3\nA,y,3\nB,x,3\nB,y,3\nC,x,3\nC,y,3\n").unwrap();
    for ranked in &ranking.bids {
        assert_eq!((ranked.raw_mean, ranked.calibrated), (Some(3.0), None));
        assert_eq!((ranked.expected_rank, ranked.r25, ranked.sucra, ranked.group), (None, None, None, None));
    }
    assert_eq!((ranking.icc1, ranking.icc3, ranking.alpha), (None, None, None));
    assert!(ranking.notes.iter().any(|note| note.contains("every score is the same")), "{:?}", ranking.notes);
}

#[test]
fn scores_that_worth_and_leaning_explain_exactly_have_no_intervals() {
    let ranking = file("bid,assessor,score\nA,x,3\nA,y,4\nB,x,1\nB,y,2\nC,x,2\nC,y,3\n").unwrap();
    assert!(ranking.bids.iter().all(|ranked| ranked.calibrated.is_none() && ranked.expected_rank.is_none()));
    near(ranking.icc3, 1.0, 1e-12);
    assert_eq!(ranking.notes.iter().filter(|note| note.contains("explain every score exactly")).count(), 2);
}

#[test]
fn a_hundred_thousand_rows_are_ranked() {
    let mut text = "bid,assessor,score\n".to_owned();
    for row in 0..100_000_usize {
        let (bid, assessor) = (row / 4, (row / 4 * 7 + row % 4 * 31) % 199);
        text.push_str(&format!("B{bid},a{assessor},{}\n", (bid * 2_654_435_761 % 97 + row * 40_503 % 61) % 6 + 1));
    }
    let ranking = file(&text).unwrap();
    assert_eq!(ranking.bids.len(), 25_000);
    assert!(ranking.bids.iter().all(|ranked| ranked.expected_rank.is_some() && ranked.calibrated.is_some()));
    assert!(ranking.notes.iter().any(|note| note.contains("draws")), "{:?}", ranking.notes);
}

#[test]
fn a_column_that_stands_twice_is_refused_and_one_that_is_misspelt_is_named() {
    for header in ["bid,assessor,score,score", "bid,assessor,score,confidence,Confidence"] {
        let told =
            file(&format!("{header}\nA,x,3,4{}\n", ",high".repeat(header.matches(',').count() - 3))).unwrap_err();
        assert!(told.to_string().contains("stands more than once: keep one"), "{told}");
    }
    let named = rank::nearly_read(b"\xef\xbb\xbfbid, Assessor ,score,confidance,moderated,x\n");
    assert_eq!(named, ["confidance"]);
}

#[test]
fn a_fault_is_in_the_line_in_which_it_stands_whatever_empty_lines_are_before_it() {
    let told = file("bid,assessor,score\n\nA,x,3\n\n\nB,x,much\n").unwrap_err().to_string();
    assert!(told.starts_with("row 6, column score:"), "{told}");
}

#[test]
fn nobody_becomes_somebody_else_by_how_sections_are_written() {
    let scores = "bid,assessor,score,section\nA,b/c,3,a\nB,b/c,5,a\nC,c,5,a/b\nD,c,4,a/b\nE,a/c,3,\nF,c,2,a\n";
    let wish = Wish { per_section: true, ..Wish::line(2) };
    let ranking = rank::rank(&rank::read(scores.as_bytes()).unwrap(), &wish).unwrap();
    assert_eq!(ranking.assessors.iter().map(|assessor| assessor.scores).collect::<Vec<_>>(), [2, 2, 1, 1]);
}

#[test]
fn bids_that_nothing_tells_apart_are_named() {
    let ranking = file("bid,assessor,score\nA,x,3\nA,y,5\nB,x,3\nB,y,5\nC,x,1\nC,y,2\n").unwrap();
    let note = "The same assessors gave the same scores to A and B: only the sampler's chance tells which of them stands first.";
    assert!(ranking.notes.iter().any(|said| said == note), "{:?}", ranking.notes);
}
