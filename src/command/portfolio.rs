//! Chooses the list of awards under a budget and rules, beside the plain line, with the proven distance to any better one.

use std::{
    io::Write,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use methods::portfolio::{self, Answer, Problem, Wish};
use serde_json::json;

use super::{Outcome, input};

/// Which problem, and how long it may take.
#[derive(Clone, Debug, clap::Args)]
pub struct PortfolioWish {
    /// JSON with budget, bids and rules
    #[arg(required_unless_present = "schema")]
    problem: Option<PathBuf>,
    /// Print the JSON Schema that a problem is written by
    #[arg(long, conflicts_with = "problem")]
    schema: bool,
    /// How many seconds the search may take
    #[arg(long, default_value_t = 60.0, value_name = "SECONDS")]
    time: f64,
    /// The distance to the bound, as a share of the value, at which the search may end
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    gap: f64,
    /// Also say what each rule costs and whom it moves, which solves the problem once more for each rule
    #[arg(long)]
    costs: bool,
    /// Print the JSON object on one line
    #[arg(long)]
    json: bool,
}

/// Prints the best list as JSON; ends with 1 when the problem has a fault, its rules contradict or the time was over.
///
/// # Errors
/// When the file cannot be read.
pub fn portfolio(wish: &PortfolioWish, out: &mut impl Write) -> Outcome {
    let Some(file) = &wish.problem else {
        serde_json::to_writer_pretty(&mut *out, &portfolio::schema())?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    };
    let limit =
        Duration::try_from_secs_f64(wish.time).map_err(|_none| "--time must be 0 or more seconds".to_owned())?;
    if !(wish.gap >= 0.0 && wish.gap.is_finite()) {
        return Err(format!("--gap must be a share of 0 or more, not {}", wish.gap).into());
    }
    let problem = Problem::read(&input::read(file)?);
    let begun = Instant::now();
    let settings = Wish { gap: wish.gap, costs: wish.costs };
    let answer = problem.and_then(|problem| portfolio::choose(&problem, settings, &|| begun.elapsed() < limit));
    let seconds = begun.elapsed().as_secs_f64();
    let (found, mut answer) = match answer {
        Ok(Answer::Chosen(list)) => (true, serde_json::to_value(list)?),
        Ok(other) => (false, serde_json::to_value(other)?),
        Err(faults) => return input::refuse(file, &faults, wish.json, out),
    };
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("seconds".to_owned(), json!(seconds));
    }
    if wish.json {
        input::print(&answer, out)?;
    } else {
        serde_json::to_writer_pretty(&mut *out, &answer)?;
        writeln!(out)?;
    }
    Ok(if found { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_that_is_no_share_is_refused() {
        for (gap, said) in [(f64::NAN, "NaN"), (-3.0, "-3"), (f64::INFINITY, "inf")] {
            // Refused before the file is looked at.
            let problem = Some(PathBuf::from("none.json"));
            let wish = PortfolioWish { problem, schema: false, time: 1.0, gap, costs: false, json: true };
            let fault = portfolio(&wish, &mut Vec::new()).unwrap_err().to_string();
            assert_eq!(fault, format!("--gap must be a share of 0 or more, not {said}"));
        }
    }
}
