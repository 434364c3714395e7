//! `roundtable demo`: a replay of a real round, and three rounds of today.

use std::{io::Write, path::Path, sync::Arc, time::Instant};

use diesel::prelude::*;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::Outcome;
use crate::{
    clock::Clock,
    config::Config,
    db::{
        Conn, Engine,
        conn::{Opener, Use},
        migrate_url,
        schema::rounds,
    },
    demo::{self, Progress, Tally, scenario::Scenario},
    error::AppError,
    events::{checkpoint, verify},
    http::App,
    ids::IdSource,
    jobs::Worker,
    server::{self, Server, routes},
};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The seed of the replay's ids: the same replay makes the same ids.
const SEED: u64 = 2018;

const NOT_OURS: &str = "DATABASE_URL names a database that holds other rounds than this demo's: choose an empty one";

/// What the demo is asked to do.
#[derive(Debug, Clone)]
pub struct DemoWish {
    /// Replay and end.
    pub once: bool,
    /// Print the figures as JSON.
    pub json: bool,
    /// Start over.
    pub replace: bool,
    /// The scenario's name or folder.
    pub scenario: String,
}

/// The figures of a replay.
#[derive(Debug, Serialize)]
struct Figures {
    #[serde(flatten)]
    tally: Tally,
    verified: bool,
    seconds: f64,
}

/// Replays a scenario; then serves it, or ends when asked to.
///
/// # Errors
/// When the database is somebody else's, or the replay or the service fails.
pub fn demo(config: Config, wish: &DemoWish, out: &mut impl Write) -> Outcome {
    let scenario = read(&wish.scenario)?;
    if wish.replace {
        refuse_to_delete_a_strangers(&config, &scenario)?;
        remove(&config)?;
    }
    actix_web::rt::System::new().block_on(async {
        let figures = replay(config.clone(), &scenario).await?;
        if wish.once {
            tell(&figures, wish.json, out)?;
        } else {
            serve(config, &scenario, out).await?;
        }
        Ok(if figures.verified { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::from(1) })
    })
}

fn read(name: &str) -> Result<Scenario, Fault> {
    if demo::scenario::EMBEDDED.contains(&name) {
        return Ok(Scenario::embedded(name)?);
    }
    Ok(Scenario::from_folder(std::path::Path::new(name))?)
}

/// A clock of its own, which is moved from act to act; its mail stays in the outbox, whatever mail server is configured.
fn backstage(mut config: Config, ids: IdSource) -> Result<(App, Worker), Fault> {
    config.mail.smtp = None;
    let clock = Clock::standing(Clock::System.now());
    let app = server::open(config, clock.clone(), ids)?;
    let handlers = Arc::new(routes::handlers(&app)?);
    let worker = Worker { db: app.db.clone(), clock, handlers };
    Ok((app, worker))
}

async fn replay(config: Config, scenario: &Scenario) -> Result<Figures, Fault> {
    let begun = Instant::now();
    let (app, worker) = backstage(config, IdSource::seeded(SEED))?;
    refuse_a_strangers(&app, scenario).await?;
    let bar = Bar::new();
    demo::replay(&app, &worker, scenario, &bar).await?;
    bar.0.finish_and_clear();
    let (tally, verified) = count(&app, scenario).await?;
    Ok(Figures { tally, verified, seconds: begun.elapsed().as_secs_f64() })
}

/// A database that holds rounds and none of them the scenario's belongs to somebody who would not thank us.
async fn refuse_a_strangers(app: &App, scenario: &Scenario) -> Result<(), Fault> {
    let slugs = app.db.read(|conn| Ok(rounds_in(conn)?)).await?;
    let ours = |slug: &String| *slug == scenario.round.round.slug;
    if slugs.is_empty() || slugs.iter().any(ours) { Ok(()) } else { Err(NOT_OURS.into()) }
}

/// The same before anything is deleted, where any demo's rounds will do.
fn refuse_to_delete_a_strangers(config: &Config, scenario: &Scenario) -> Result<(), Fault> {
    let url = &config.database.url;
    if Engine::of(url) == Some(Engine::Sqlite) && !file_of(url).exists() {
        return Ok(());
    }
    migrate_url(url)?;
    let slugs = rounds_in(&mut Opener { url: url.clone(), purpose: Use::Read }.open()?)?;
    let carried = demo::scenario::EMBEDDED.iter().filter_map(|name| Scenario::embedded(name).ok());
    let demos: Vec<String> =
        std::iter::once(scenario.clone()).chain(carried).map(|known| known.round.round.slug).collect();
    if slugs.is_empty() || slugs.iter().any(|slug| demos.contains(slug)) { Ok(()) } else { Err(NOT_OURS.into()) }
}

fn rounds_in(conn: &mut Conn) -> QueryResult<Vec<String>> {
    rounds::table.select(rounds::slug).load(conn)
}

async fn count(app: &App, scenario: &Scenario) -> Result<(Tally, bool), AppError> {
    let slug = scenario.round.round.slug.clone();
    let key = Arc::clone(&app.keys);
    // A checkpoint is no act of the replay: a seeded id would meet that of an earlier run.
    let (id, now) = (IdSource::system().fresh(app.clock.now()), app.clock.now());
    app.db.write(move |conn| checkpoint::take(conn, id, now, key.checkpoints()).map(drop)).await?;
    let public = app.keys.checkpoints().verifying_key();
    let body = move |conn: &mut Conn| Ok((demo::tally(conn, &slug)?, verify::verify(conn, &public, &[])?.verified));
    app.db.read(body).await
}

fn tell(figures: &Figures, json: bool, out: &mut impl Write) -> Result<(), Fault> {
    if json {
        serde_json::to_writer(&mut *out, figures)?;
        writeln!(out)?;
        return Ok(());
    }
    let tally = &figures.tally;
    writeln!(
        out,
        "{} expressions of interest from {} organisations, {} too late; {} invited, {} full applications, {} shortlisted, \
         {} funded with {} for {} councils; {} events, {}; {:.1} s",
        tally.eoi,
        tally.organisations,
        tally.late_refused,
        tally.invited,
        tally.full,
        tally.shortlisted,
        tally.funded,
        tally.awarded_pence,
        tally.councils_funded,
        tally.events,
        if figures.verified { "verified" } else { "CHANGED" },
        figures.seconds
    )?;
    Ok(())
}

async fn serve(mut config: Config, scenario: &Scenario, out: &mut impl Write) -> Result<(), Fault> {
    open_today(config.clone(), scenario).await?;
    config.web.demo = true;
    let server = Server::new(config, Clock::System, IdSource::system())?;
    let links = demo::links(&server.app, scenario).await?;
    writeln!(out, "Roundtable is at {}", server.app.config.web.base_url)?;
    for (who, link) in links {
        writeln!(out, "Sign-in link for the {who}: {link}")?;
    }
    out.flush()?;
    server.run().await?;
    Ok(())
}

/// The rounds of today. No run makes the ids of another: what is done here is done anew on another day.
async fn open_today(config: Config, scenario: &Scenario) -> Result<(), Fault> {
    let (app, worker) = backstage(config, IdSource::system())?;
    let bar = Bar::new();
    demo::today(&app, &worker, scenario, &bar).await?;
    bar.0.finish_and_clear();
    Ok(())
}

/// Deletes what an earlier demo left: the file of SQLite, or the tables of PostgreSQL.
fn remove(config: &Config) -> Result<(), Fault> {
    let url = &config.database.url;
    if Engine::of(url) == Some(Engine::Postgres) {
        crate::db::empty(url)?;
        return Ok(());
    }
    let file = file_of(url).display();
    for suffix in ["", "-wal", "-shm"] {
        match std::fs::remove_file(format!("{file}{suffix}")) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault.into()),
            _ => {}
        }
    }
    Ok(())
}

fn file_of(url: &str) -> &Path {
    Path::new(url.trim_start_matches("sqlite://"))
}

/// A bar that is drawn where a person watches, and nowhere else.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:24} {bar:40} {pos}/{len}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn at(&self, part: &str, done: usize, all: usize) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.0.set_length(count(all));
        self.0.set_position(count(done));
        if done <= 1 {
            self.0.set_message(part.to_owned());
        }
    }
}
