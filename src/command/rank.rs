//! Ranks bids from a file of scores, as the service does.

use std::{io::Write, path::PathBuf, process::ExitCode};

use methods::rank::{self, Group, Ranked, Ranking, Scale, Wish};

use super::{Outcome, input};

/// Which scores, and how they are ranked.
#[derive(Clone, Debug, clap::Args)]
pub struct RankWish {
    /// CSV with the columns bid, assessor, score and, where there are, confidence (high, medium, low) and section
    scores: PathBuf,
    /// How many bids the money reaches
    #[arg(long, value_name = "K")]
    line: usize,
    /// Decides the sampler's chance: the same seed gives the same ranks
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// How many draws of the sampler the ranks are from
    #[arg(long, default_value_t = Wish::DRAWS, value_name = "N")]
    draws: usize,
    /// The lowest and highest score of the scale, such as 0:5, where it is not 1:6
    #[arg(long, value_name = "MIN:MAX")]
    scale: Option<Scale>,
    /// The same name in two sections is two assessors
    #[arg(long)]
    assessors_per_section: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Ranks the bids of a file; ends with 1 when the file has a fault.
///
/// # Errors
/// When the file cannot be read.
pub fn rank(wish: &RankWish, out: &mut impl Write) -> Outcome {
    let file = input::read(&wish.scores)?;
    let settings = Wish {
        seed: wish.seed,
        draws: wish.draws,
        scale: wish.scale,
        per_section: wish.assessors_per_section,
        ..Wish::line(wish.line)
    };
    match rank::read(&file).and_then(|scores| rank::rank(&scores, &settings)) {
        Ok(mut ranking) => {
            ranking.notes.extend(left_alone(&file));
            if wish.json {
                return input::print(&ranking, out);
            }
            tell(&ranking, out)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => input::refuse(&wish.scores, &faults, wish.json, out),
    }
}

/// Whoever misspelt a column hears that it does not count.
fn left_alone(file: &[u8]) -> Option<String> {
    let columns = rank::nearly_read(file);
    (!columns.is_empty()).then(|| format!("Columns that are left alone: {}.", columns.join(", ")))
}

fn tell(ranking: &Ranking, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{:<20} {:>8} {:>10} {:>6} {:>8}  {:<9} {:<9} at the line",
        "bid", "raw mean", "calibrated", "se", "rank", "50 %", "90 %"
    )?;
    for bid in &ranking.bids {
        writeln!(out, "{}", line(bid))?;
    }
    writeln!(
        out,
        "\nICC(1) {}, ICC(3) {}, alpha {}; parts that share no assessor: {}; seed {}, {} draws",
        number(ranking.icc1),
        number(ranking.icc3),
        number(ranking.alpha),
        ranking.components,
        ranking.seed,
        ranking.draws
    )?;
    ranking.notes.iter().try_for_each(|note| writeln!(out, "{note}"))
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("{value:.2}"))
}

fn line(bid: &Ranked) -> String {
    let between = |from: Option<u32>, to: Option<u32>| {
        from.zip(to).map_or_else(|| "none".to_owned(), |(from, to)| format!("{from} to {to}"))
    };
    let group = match bid.group {
        Some(Group::Fund) => "fund",
        Some(Group::Draw) => "draw",
        Some(Group::Decline) => "decline",
        None => "none",
    };
    format!(
        "{:<20} {:>8} {:>10} {:>6} {:>8}  {:<9} {:<9} {group}",
        bid.bid,
        number(bid.raw_mean),
        number(bid.calibrated),
        number(bid.se),
        number(bid.expected_rank),
        between(bid.r25, bid.r75),
        between(bid.r5, bid.r95)
    )
}
