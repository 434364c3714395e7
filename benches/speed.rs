//! How fast the methods are: `cargo bench -p methods` measures all, `cargo bench -p methods -- assign` those with the word.
//! `-- save FOLDER` writes the instances down, for `beside.py` to give them to other solvers.
//!
//! Each line says the median of several runs and the most memory that the program had until then.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement prints, and stops where it cannot go on"
)]

use std::{fs, path::Path, time::Instant};

use methods::{
    assign::{self, Answer, Limits, Matrix},
    portfolio::{self, Bid, Problem, Rule, Tied, Unaffordable},
    rank::{self, Score},
};

/// A plain generator, so that every machine measures the same instances.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// Bids and assessors with themes: a pair is worth more where they share some; one in twenty-five is a conflict.
fn matrix(bids: usize, assessors: usize) -> Matrix {
    const THEMES: usize = 12;
    let mut chance = Chance(bids as u64);
    let mut tags = |count: usize| -> Vec<u16> {
        (0..count).map(|_| (0..3).fold(0, |tags, _| tags | 1 << chance.below(THEMES))).collect()
    };
    let (of_bids, of_assessors) = (tags(bids), tags(assessors));
    let mut chance = Chance(7);
    let mut values = Vec::with_capacity(bids * assessors);
    for bid in &of_bids {
        for assessor in &of_assessors {
            let shared = (bid & assessor).count_ones() as usize;
            let value = (shared * 250 + chance.below(250)).min(1_000);
            values.push(if chance.below(25) == 0 { Matrix::CONFLICT } else { value as i16 });
        }
    }
    Matrix::new(bids, assessors, values).unwrap()
}

/// Limits with little room above the mean.
fn limits(bids: usize, assessors: usize) -> Vec<Limits> {
    let mean = bids * 3 / assessors;
    vec![Limits { least: mean - mean / 4, most: mean + mean / 5 + 1 }; assessors]
}

/// A panel of grades.
fn scores(bids: usize, each: usize, assessors: usize) -> Vec<Score> {
    let mut chance = Chance(bids as u64 + 1);
    let leaning: Vec<f64> = (0..assessors).map(|_| 0.5 * chance.normal()).collect();
    let mut scores = Vec::new();
    for bid in 0..bids {
        let (worth, first) = (0.9 * chance.normal(), chance.below(assessors));
        for place in 0..each {
            let assessor = (first + place * (assessors / each)) % assessors;
            let grade = (3.5 + worth + leaning[assessor] + 0.8 * chance.normal()).round().clamp(1.0, 6.0);
            scores.push(Score {
                bid: format!("B{bid}"),
                assessor: format!("A{assessor}"),
                score: Some(grade),
                confidence: rank::Confidence::Medium,
                section: None,
                row: None,
            });
        }
    }
    scores
}

fn measure(words: &[String], name: &str, times: usize, run: impl Fn() -> String) {
    if !words.iter().all(|word| name.contains(word.as_str())) {
        return;
    }
    let mut seconds = Vec::new();
    let mut said = String::new();
    for _ in 0..times {
        let begun = Instant::now();
        said = run();
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!("{name}: {:.3} s ({said}; {} MB)", seconds[times / 2], most_memory());
}

/// The peak of resident memory in MB, where the system tells.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kilobytes| kilobytes / 1024)
}

fn measure_assignments(words: &[String]) {
    for (bids, assessors, times) in [(384, 40, 9), (10_000, 2_000, 3)] {
        let name = format!("assign {bids} x {assessors} x 3");
        if !words.iter().all(|word| name.contains(word.as_str())) {
            continue;
        }
        let (matrix, limits) = (matrix(bids, assessors), limits(bids, assessors));
        let wish = assign::Wish { per_bid: 3, limits, ..assign::Wish::default() };
        measure(words, &name, times, || match assign::assign(&matrix, &wish).unwrap() {
            Answer::Assigned(found) => format!("value {}, optimal {}", found.value, found.certificate.optimal),
            Answer::Impossible(why) => why.message,
        });
    }
}

fn measure_rankings(words: &[String]) {
    for (bids, each, assessors) in [(384, 3, 40), (353, 8, 100)] {
        let scores = scores(bids, each, assessors);
        measure(words, &format!("rank {bids} bids x {each}"), 3, || {
            let ranking = rank::rank(&scores, &rank::Wish::line(bids / 4)).unwrap();
            format!("{} draws", ranking.draws)
        });
    }
}

/// Bids with a theme, a region, a phase and a lead, and twenty rules: caps and floors, and one award at most for each lead.
fn portfolio(bids: usize) -> Problem {
    let mut chance = Chance(bids as u64 + 2);
    let mut one_of = |count: usize| chance.below(count).to_string();
    let is = (0..bids)
        .map(|_| [("theme", one_of(8)), ("region", one_of(9)), ("phase", one_of(3)), ("lead", one_of(bids * 2 / 3))])
        .collect::<Vec<_>>();
    let mut chance = Chance(3);
    let all = is.into_iter().enumerate().map(|(number, is)| Bid {
        bid: format!("B{number}"),
        value: 3.5 + chance.normal(),
        amount: 5_000_000 + chance.below(30_000_000) as i64,
        is: is.into_iter().map(|(of, is)| (of.to_owned(), is)).collect(),
    });
    let share = |parts: usize| u32::try_from(bids / parts).unwrap_or(u32::MAX);
    let mut rules = vec![Rule::Each { of: "lead".to_owned(), awards: Some(1), amount: None }];
    for theme in 0..8 {
        let awards = Some(share(26 + theme * 2));
        rules.push(Rule::Cap { of: "theme".to_owned(), is: theme.to_string(), awards, amount: None });
    }
    for region in 0..9 {
        let awards = Some(share(72 - region));
        rules.push(Rule::Floor { of: "region".to_owned(), is: region.to_string(), awards, amount: None });
    }
    for phase in 0..2 {
        let amount = Some(bids as i64 * 1_300_000);
        rules.push(Rule::Cap { of: "phase".to_owned(), is: phase.to_string(), awards: None, amount });
    }
    Problem {
        budget: bids as i64 * 4_000_000,
        most: None,
        unaffordable: Unaffordable::Skip,
        tied: Tied::Apart,
        bids: all.collect(),
        rules,
    }
}

fn measure_portfolios(words: &[String]) {
    for (bids, gap, times) in [(384, 0.0, 5), (10_000, 1e-4, 1)] {
        let problem = portfolio(bids);
        measure(words, &format!("portfolio {bids} bids, {} rules", problem.rules.len()), times, || {
            let begun = Instant::now();
            let goes_on = || begun.elapsed().as_secs() < 30;
            let wish = portfolio::Wish { gap, costs: false };
            match portfolio::choose(&problem, wish, &goes_on).unwrap() {
                portfolio::Answer::Chosen(list) => format!("value {:.3}, gap {:.1e}", list.value, list.gap),
                other => format!("{other:?}"),
            }
        });
    }
}

/// Writes the instances as the files that the commands read.
fn save(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (bids, assessors) in [(384, 40), (10_000, 2_000)] {
        let matrix = matrix(bids, assessors);
        let mut text = String::new();
        for row in matrix.rows() {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        fs::write(folder.join(format!("matrix-{bids}.csv")), text).unwrap();
        let mut text = "assessor,min,max\n".to_owned();
        for (number, Limits { least, most }) in limits(bids, assessors).into_iter().enumerate() {
            text.push_str(&format!("{number},{least},{most}\n"));
        }
        fs::write(folder.join(format!("limits-{bids}.csv")), text).unwrap();
        let problem = serde_json::to_string(&portfolio(bids)).unwrap();
        fs::write(folder.join(format!("portfolio-{bids}.json")), problem).unwrap();
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [save_word, folder] = &words[..]
        && save_word == "save"
    {
        save(Path::new(folder));
        return;
    }
    measure_assignments(&words);
    measure_rankings(&words);
    measure_portfolios(&words);
}
