//! The command line, nothing else.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use roundtable::{clock::Clock, command, config, config::Config, ids::IdSource, server};
use tracing_subscriber::EnvFilter;

/// Runs funding rounds for bids that several councils make together.
#[derive(Parser)]
#[command(version)]
struct Roundtable {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages, REST and open data, and do the work that waits
    Serve {
        #[command(flatten)]
        settings: config::Settings,
    },
    /// Bring the database up to date and end
    Migrate {
        #[command(flatten)]
        settings: config::Settings,
    },
    /// Let a person run the instance, and print a link with which they sign in
    Admin {
        #[command(flatten)]
        settings: config::Settings,
        /// Their e-mail address
        email: String,
        /// What they are called
        name: String,
    },
    /// Record from a CSV file (organisation, state, from) which organisations belong to a declaration or network
    NetworkMembers {
        #[command(flatten)]
        settings: config::Settings,
        /// Its code, such as local-digital-declaration
        network: String,
        /// The file
        file: PathBuf,
    },
    /// Find any change to the history behind our back
    Verify {
        #[command(flatten)]
        settings: config::Settings,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        #[command(subcommand)]
        what: Option<Verify>,
    },
    /// Replay a real round into a fresh database, then serve it with a round that is open today
    Demo {
        #[command(flatten)]
        settings: config::Settings,
        /// Replay and end, without serving
        #[arg(long)]
        once: bool,
        /// With --once: print one JSON object with the figures
        #[arg(long, requires = "once")]
        json: bool,
        /// Start over: what an earlier demo left is deleted
        #[arg(long)]
        replace: bool,
        /// Which scenario: ldf-round-1 or small, or a folder
        #[arg(long, default_value = "ldf-round-1")]
        scenario: String,
    },
    /// Rank the bids of a file of scores: calibrated, with expected ranks and what they mean at the line
    Rank(command::RankWish),
    /// Assign assessors to bids by a matrix of values, with the proof that no assignment is better
    Assign(command::AssignWish),
    /// Choose the list of awards under a budget and rules, beside the plain line
    Portfolio(command::PortfolioWish),
    /// Draw by lot so that anybody can check it
    Draw {
        #[command(subcommand)]
        what: command::DrawWish,
    },
    /// Prove workflow definitions sound
    CheckWorkflow {
        /// The JSON files, or folders of them
        #[arg(required_unless_present = "schema")]
        files: Vec<PathBuf>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        /// Print the JSON Schema that definitions are written by
        #[arg(long, conflicts_with_all = ["files", "json"])]
        schema: bool,
    },
}

/// What can be verified besides the history.
#[derive(Subcommand)]
enum Verify {
    /// Say whether this service signed a receipt, and whether what it says still stands
    Receipt {
        /// The file that holds the receipt, such as a saved mail
        file: PathBuf,
    },
}

const DEMO_DATABASE: &str = "sqlite://data/demo.db";
const DATABASE: &str = "sqlite://data/roundtable.db";

fn main() -> ExitCode {
    start_logging();
    let command = Roundtable::parse().command;
    let serves = matches!(command, Command::Serve { .. });
    let outcome = match command {
        Command::Serve { settings } => with_config(settings, DATABASE, serve),
        Command::Migrate { settings } => with_config(settings, DATABASE, command::migrate),
        Command::Admin { settings, email, name } => {
            with_config(settings, DATABASE, |config| command::admin(config, &email, &name, &mut std::io::stdout()))
        }
        Command::NetworkMembers { settings, network, file } => with_config(settings, DATABASE, |config| {
            command::network_members(config, &network, &file, &mut std::io::stdout())
        }),
        Command::Verify { settings, what: Some(Verify::Receipt { file }), .. } => {
            with_config(settings, DATABASE, |config| command::verify_receipt(config, &file, &mut std::io::stdout()))
        }
        Command::Verify { settings, json, what: None } => {
            with_config(settings, DATABASE, |config| command::verify(config, json, &mut std::io::stdout()))
        }
        Command::Demo { settings, once, json, replace, scenario } => {
            let wish = command::DemoWish { once, json, replace, scenario };
            with_config(settings, DEMO_DATABASE, |config| command::demo(config, &wish, &mut std::io::stdout()))
        }
        Command::Rank(wish) => command::rank(&wish, &mut std::io::stdout()),
        Command::Assign(wish) => command::assign(&wish, &mut std::io::stdout()),
        Command::Portfolio(wish) => command::portfolio(&wish, &mut std::io::stdout()),
        Command::Draw { what } => command::draw(&what, &mut std::io::stdout()),
        Command::CheckWorkflow { schema: true, .. } => command::workflow_schema(&mut std::io::stdout()),
        Command::CheckWorkflow { files, json, .. } => command::check_workflow(&files, json, &mut std::io::stdout()),
    };
    outcome.unwrap_or_else(|fault| {
        if serves {
            tracing::error!("{fault}");
        } else {
            // For whoever typed the command; where nobody reads any more, as behind `head`, nothing is left to say.
            let _unread = writeln!(std::io::stderr(), "roundtable: {fault}");
        }
        ExitCode::from(2)
    })
}

/// JSON for machines, plain lines where a person watches. `LOG` filters as `RUST_LOG` does elsewhere.
fn start_logging() {
    let filter = EnvFilter::try_from_env("LOG").unwrap_or_else(|_absent| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        subscriber.compact().init();
    } else {
        subscriber.json().init();
    }
}

fn with_config(
    settings: config::Settings,
    database: &str,
    run: impl FnOnce(Config) -> command::Outcome,
) -> command::Outcome {
    match Config::check(settings, database) {
        Ok(config) => run(config),
        Err(faults) => {
            for fault in faults {
                tracing::error!("{fault}");
            }
            Ok(ExitCode::from(2))
        }
    }
}

fn serve(config: Config) -> command::Outcome {
    actix_web::rt::System::new().block_on(async {
        let server = server::Server::new(config, Clock::System, IdSource::system())?;
        tracing::info!(address = %server.app.config.web.base_url, "serving");
        server.run().await?;
        Ok(ExitCode::SUCCESS)
    })
}
