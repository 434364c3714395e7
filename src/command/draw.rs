//! Draws by lot so that anybody can check it: commits before the seed exists, draws once it does, and draws again to verify.

use std::{io::Write, path::PathBuf, process::ExitCode};

use methods::draw::{self, Commitment, Drawn, Method};
use serde::Serialize;
use serde_json::json;

use super::{Outcome, input};

/// What to do with a draw.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum DrawWish {
    /// Commit to who is in the draw, before the seed exists; prints the document to publish
    Commit {
        /// Lines of reference, comma, probability, in any order
        list: PathBuf,
        /// How many are drawn
        #[arg(long, value_name = "M")]
        awards: usize,
        /// The public value, not yet known, that will be the seed: a beacon's round, a lottery's date
        #[arg(long, value_name = "WORDS")]
        source: String,
        /// How is drawn
        #[arg(long, default_value = "sha256", value_enum)]
        method: By,
    },
    /// Draw by a published commitment, now that the seed is known; prints the document to publish
    Run {
        /// The file that `commit` printed
        commitment: PathBuf,
        /// The public value; for RFC 3797 once for each source
        #[arg(long, required = true, value_name = "SEED")]
        seed: Vec<String>,
    },
    /// Draw again from a published draw; ends with 1 when anything differs
    Verify {
        /// The file that `run` printed
        drawn: PathBuf,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// How is drawn.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum By {
    /// In the order of SHA-256 of seed and reference
    Sha256,
    /// By the method of RFC 3797, where all probabilities are equal
    Rfc3797,
}

impl From<By> for Method {
    fn from(by: By) -> Self {
        match by {
            By::Sha256 => Self::Sha256,
            By::Rfc3797 => Self::Rfc3797,
        }
    }
}

/// Commits, draws or verifies.
///
/// # Errors
/// When a file cannot be read, or is no document of this command.
pub fn draw(wish: &DrawWish, out: &mut impl Write) -> Outcome {
    match wish {
        DrawWish::Commit { list, awards, source, method } => {
            let read = draw::read(&input::read(list)?);
            let committed = read.and_then(|entries| {
                let commitment = draw::commit(&entries, (*method).into(), *awards, source)?;
                Ok((commitment, draw::note(&entries, *awards)))
            });
            match committed {
                Ok((commitment, note)) => {
                    // Beside the document, which is published as it is; whoever does not read it has the document all the same.
                    if let Some(note) = note {
                        let _unread = writeln!(std::io::stderr(), "{note}");
                    }
                    publish(&commitment, out)
                }
                Err(faults) => input::refuse(list, &faults, false, out),
            }
        }
        DrawWish::Run { commitment, seed } => {
            let document: Commitment = input::document(commitment)?;
            match document.run(&seed.join("\n")) {
                Ok(drawn) => publish(&drawn, out),
                Err(faults) => input::refuse(commitment, &faults, false, out),
            }
        }
        DrawWish::Verify { drawn, json } => {
            let document: Drawn = input::document(drawn)?;
            match draw::verify(&document) {
                Ok(differences) => tell(&document, &differences, *json, out),
                Err(faults) => input::refuse(drawn, &faults, *json, out),
            }
        }
    }
}

/// A document to publish, for people to read and programs.
fn publish(document: &impl Serialize, out: &mut impl Write) -> Outcome {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}

fn tell(drawn: &Drawn, differences: &[draw::Difference], json: bool, out: &mut impl Write) -> Outcome {
    let verified = differences.is_empty();
    if json {
        input::print(&json!({"verified": verified, "chosen": drawn.chosen, "differences": differences}), out)?;
    } else if verified {
        writeln!(out, "verified: the seed draws {}", drawn.chosen.join(", "))?;
        writeln!(out, "committed to as {}; compare it with what was published before", drawn.before.commitment)?;
    } else {
        for difference in differences {
            let draw::Difference { field, told, found } = difference;
            writeln!(out, "{field}: the file says {told}, and the seed gives {found}")?;
        }
    }
    Ok(if verified { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
