//! What the commands do beside serving. Each writes to the writer it is given, so that tests can read it.

mod assign;
mod demo;
mod draw;
mod input;
mod portfolio;
mod rank;
mod receipt;

pub use assign::{AssignWish, assign};
pub use demo::{DemoWish, demo};
pub use draw::{DrawWish, draw};
pub use portfolio::{PortfolioWish, portfolio};
pub use rank::{RankWish, rank};
pub use receipt::verify_receipt;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use serde::Serialize;

use crate::{
    account::networks::service as networks,
    actor::Actor,
    clock::Clock,
    config::Config,
    error::AppError,
    events::{
        checkpoint::{self, Checkpoint},
        verify,
    },
    http::Call,
    identity::{
        policy::{self, Action},
        sign_in,
        store::people,
    },
    ids::IdSource,
    mail::Address,
    server,
    workflow::{Fault, Vocabulary, check, schema},
};

/// How a command ends: 0 as wished, 1 something was found, 2 it could not be done.
pub type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;

/// Brings the database up to date.
///
/// # Errors
/// When it cannot be opened or migrated.
#[expect(clippy::needless_pass_by_value, reason = "every command takes its settings over")]
pub fn migrate(config: Config) -> Outcome {
    crate::db::Db::open(&config.database)?;
    Ok(ExitCode::SUCCESS)
}

/// Lets a person run the instance and prints a link with which they sign in once, within a day.
///
/// # Errors
/// When the address is none, or the database cannot be opened.
pub fn admin(config: Config, email: &str, name: &str, out: &mut impl Write) -> Outcome {
    const GOOD_FOR: Duration = Duration::from_secs(86_400);
    let address: Address = email.parse()?;
    let (name, base) = (name.to_owned(), config.web.base_url.clone());
    let path = actix_web::rt::System::new().block_on(async {
        let app = server::open(config, Clock::System, IdSource::system())?;
        let call = Call::by(Actor::System, app.clock.now());
        let made = call.write(&app, move |conn, scene| {
            let granted = policy::service(conn, &scene.actor, Action::ManageOrganisations)?;
            let person = people::register(conn, scene.fresh(), &address, &name, scene.now)?;
            people::make_service_admin(conn, &granted, person.id)?;
            let ticket = sign_in::hand_out(conn, &scene.ids, &person, GOOD_FOR, scene.now)?;
            Ok(sign_in::link_path(&ticket))
        });
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(made.await?)
    })?;
    writeln!(out, "{base}{path}")?;
    Ok(ExitCode::SUCCESS)
}

/// Records from a CSV file which organisations belong to a network; ends with 1 when the file has a fault, and then nothing is
/// recorded.
///
/// # Errors
/// When the file cannot be read, or there is no such network.
pub fn network_members(config: Config, network: &str, file: &Path, out: &mut impl Write) -> Outcome {
    let lines = std::fs::read(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    let network = network.to_owned();
    let imported = actix_web::rt::System::new().block_on(async {
        let app = server::open(config, Clock::System, IdSource::system())?;
        let call = Call::by(Actor::System, app.clock.now());
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(networks::import(&app, &call, network, lines).await)
    })?;
    match imported {
        Ok(done) => {
            writeln!(out, "recorded as members: {}, as joining: {}", done.members, done.in_process)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(AppError::Invalid(faults)) => {
            for fault in faults {
                writeln!(out, "{}", fault.message)?;
            }
            Ok(ExitCode::from(1))
        }
        Err(other) => Err(other.into()),
    }
}

/// Holds the history against its hashes and checkpoints; ends with 1 when something was found.
///
/// # Errors
/// When the database or the checkpoints cannot be read.
pub fn verify(config: Config, json: bool, out: &mut impl Write) -> Outcome {
    let outside = read_outside(&config)?;
    let report = actix_web::rt::System::new().block_on(async {
        let app = server::open(config, Clock::System, IdSource::system())?;
        let key = app.keys.checkpoints().verifying_key();
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(
            app.db.read(move |conn| verify::verify(conn, &key, &outside)).await?,
        )
    })?;
    if json {
        serde_json::to_writer(&mut *out, &report)?;
        writeln!(out)?;
    } else {
        tell(&report, out)?;
    }
    Ok(if report.verified { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn read_outside(config: &Config) -> Result<Vec<Checkpoint>, Box<dyn std::error::Error + Send + Sync>> {
    match &config.keeping.checkpoint_dir {
        Some(folder) if folder.exists() => Ok(checkpoint::read_from(folder)?),
        _ => Ok(Vec::new()),
    }
}

fn tell(report: &verify::Report, out: &mut impl Write) -> std::io::Result<()> {
    for finding in &report.findings {
        match finding.seq {
            Some(seq) => writeln!(out, "chain {}, event {seq}: {}", finding.chain, finding.what)?,
            None => writeln!(out, "chain {}: {}", finding.chain, finding.what)?,
        }
    }
    let verdict = if report.verified { "nothing was changed" } else { "the history was changed" };
    writeln!(
        out,
        "{verdict}: {} events in {} chains, {} checkpoints; {} events stand after the newest checkpoint",
        report.events, report.chains, report.checkpoints, report.uncovered
    )
}

#[derive(Serialize)]
struct Checked {
    file: String,
    sound: bool,
    faults: Vec<Fault>,
}

/// Proves workflow definitions sound, of a folder all JSON files in it; ends with 1 when one is not.
///
/// # Errors
/// When a file or folder cannot be read, or a folder holds no definition.
pub fn check_workflow(paths: &[PathBuf], json: bool, out: &mut impl Write) -> Outcome {
    let mut all = Vec::new();
    for file in definitions_in(paths)? {
        let text = std::fs::read_to_string(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
        let faults = check::check_text(&text, Vocabulary::bids());
        all.push(Checked { file: file.display().to_string(), sound: faults.is_empty(), faults });
    }
    if json {
        serde_json::to_writer(&mut *out, &all)?;
        writeln!(out)?;
    } else {
        for checked in &all {
            writeln!(out, "{}: {}", checked.file, if checked.sound { "sound" } else { "not sound" })?;
            for fault in &checked.faults {
                writeln!(out, "  {fault}")?;
            }
        }
    }
    let sound = all.iter().all(|checked| checked.sound);
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The files themselves, and in the place of a folder the JSON files in it, by name.
fn definitions_in(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let told = |fault: std::io::Error| format!("{}: {fault}", path.display());
        let entries = std::fs::read_dir(path).map_err(told)?.collect::<Result<Vec<_>, _>>().map_err(told)?;
        let mut found: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        found.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        if found.is_empty() {
            return Err(format!("{}: there is no JSON file in this folder", path.display()));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Prints the JSON Schema of a workflow definition.
///
/// # Errors
/// When it cannot be written.
pub fn workflow_schema(out: &mut impl Write) -> Outcome {
    serde_json::to_writer_pretty(&mut *out, &schema::schema())?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}
