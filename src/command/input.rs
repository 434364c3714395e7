//! What the commands that compute have in common: they read files alone, and say what is wrong with one before they end.

use std::{io::Write, path::Path, process::ExitCode};

use methods::Faults;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::Outcome;

/// The bytes of a file.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|fault| format!("{}: {fault}", file.display()))
}

/// The JSON document in a file.
pub(super) fn document<T: DeserializeOwned>(file: &Path) -> Result<T, String> {
    serde_json::from_slice(&read(file)?).map_err(|fault| format!("{}: {fault}", file.display()))
}

/// One JSON object on one line.
pub(super) fn print(value: &impl Serialize, out: &mut impl Write) -> Outcome {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}

/// Says what is wrong with a file, and ends with 1.
pub(super) fn refuse(file: &Path, faults: &Faults, json: bool, out: &mut impl Write) -> Outcome {
    if json {
        print(&json!({"file": file.display().to_string(), "faults": faults.0}), out)?;
    } else {
        writeln!(out, "{} cannot be used:\n{faults}", file.display())?;
    }
    Ok(ExitCode::from(1))
}
