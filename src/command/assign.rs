//! Assigns assessors to bids from a matrix of values, as the service does, with the proof that no assignment is better.

use std::{io::Write, path::PathBuf, process::ExitCode, time::Instant};

use methods::{
    Faults,
    assign::{self, Answer, Assignment, Limits, Matrix, Pair, Wish},
};
use serde::Deserialize;
use serde_json::json;

use super::{Outcome, input};

/// Which matrix, and within which limits.
#[derive(Clone, Debug, clap::Args)]
pub struct AssignWish {
    /// CSV without a header: a row for each bid, a column for each assessor, 0 to 1000, and -1 for a conflict
    matrix: PathBuf,
    /// How many assessors read each bid
    #[arg(long, value_name = "K")]
    per_bid: usize,
    /// How many bids each assessor reads at least
    #[arg(long, requires = "max", conflicts_with = "limits", value_name = "A")]
    min: Option<usize>,
    /// How many bids each assessor reads at most
    #[arg(long, requires = "min", required_unless_present = "limits", value_name = "B")]
    max: Option<usize>,
    /// CSV with the columns assessor (the number of its column, from 0), min, max, in the place of --min and --max
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
    /// JSON with what must be and must not be, and what stood before: pinned, banned and previous, each a list of pairs of a bid's
    /// row and an assessor's column from 0, and change_cost, the price of taking away what stood
    #[arg(long, value_name = "FILE")]
    wish: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What is asked beside the matrix and the limits.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Beside {
    pinned: Vec<Pair>,
    banned: Vec<Pair>,
    previous: Vec<Pair>,
    change_cost: u16,
}

/// Finds the best assignment; ends with 1 when a file has a fault or no assignment exists.
///
/// # Errors
/// When a file cannot be read.
pub fn assign(wish: &AssignWish, out: &mut impl Write) -> Outcome {
    let matrix = match assign::read(&input::read(&wish.matrix)?) {
        Ok(matrix) => matrix,
        Err(faults) => return input::refuse(&wish.matrix, &faults, wish.json, out),
    };
    let limits = match limits(wish, &matrix)? {
        Ok(limits) => limits,
        Err(faults) => {
            let file = wish.limits.as_ref().unwrap_or(&wish.matrix);
            return input::refuse(file, &faults, wish.json, out);
        }
    };
    let beside: Beside = wish.wish.as_deref().map(input::document).transpose()?.unwrap_or_default();
    let Beside { pinned, banned, previous, change_cost } = beside;
    let begun = Instant::now();
    let found = assign::assign(&matrix, &Wish { per_bid: wish.per_bid, limits, pinned, banned, previous, change_cost });
    let seconds = begun.elapsed().as_secs_f64();
    match found {
        Err(faults) => input::refuse(wish.wish.as_ref().unwrap_or(&wish.matrix), &faults, wish.json, out),
        Ok(Answer::Impossible(why)) => {
            if wish.json {
                input::print(&json!({"impossible": why, "seconds": seconds}), out)?;
            } else {
                writeln!(out, "No assignment exists: {}.", why.message)?;
            }
            Ok(ExitCode::from(1))
        }
        Ok(Answer::Assigned(found)) if wish.json => {
            let mut answer = serde_json::to_value(&found)?;
            if let Some(fields) = answer.as_object_mut() {
                fields.insert("seconds".to_owned(), json!(seconds));
            }
            input::print(&answer, out)
        }
        Ok(Answer::Assigned(found)) => {
            tell(&found, seconds, out)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The limits of each assessor, the same for all or from their file.
fn limits(wish: &AssignWish, matrix: &Matrix) -> Result<Result<Vec<Limits>, Faults>, String> {
    let (_, assessors) = matrix.size();
    Ok(match (&wish.limits, wish.min, wish.max) {
        (Some(file), _, _) => assign::read_limits(&input::read(file)?, assessors),
        (None, least, most) => {
            let limits = Limits { least: least.unwrap_or(0), most: most.unwrap_or(usize::MAX) };
            Ok(vec![limits; assessors])
        }
    })
}

fn tell(found: &Assignment, seconds: f64, out: &mut impl Write) -> std::io::Result<()> {
    for pairs in found.pairs.chunk_by(|one, other| one.0 == other.0) {
        let readers: Vec<String> = pairs.iter().map(|(_, assessor)| assessor.to_string()).collect();
        if let Some((bid, _)) = pairs.first() {
            writeln!(out, "bid {bid}: assessors {}", readers.join(", "))?;
        }
    }
    let (least, most) = (found.loads.iter().min().unwrap_or(&0), found.loads.iter().max().unwrap_or(&0));
    writeln!(out, "\nvalue {}, {least} to {most} bids an assessor, in {seconds:.3} s", found.value)?;
    let proof = &found.certificate;
    let proven = if proof.optimal { "no assignment is better" } else { "not proven to be the best" };
    writeln!(out, "{proven}: the prices prove a bound of {}, over {} pairs left out", proof.bound, proof.left_out)?;
    writeln!(
        out,
        "parts that share no assessor: {}; pairs of assessors that read two bids in common: {}",
        found.components, found.sharing_two
    )
}
