//! Settings: read once from flags and environment, checked at start with a message per fault, one struct per concern.

mod files;

use std::{net::SocketAddr, num::NonZero, path::PathBuf, thread};

use lettre::{Address, message::Mailbox};
use url::Url;

pub use files::{Clamd, FileSettings, Files, FilesPlace};

use crate::db;

/// Everything an instance is told from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the data is.
    pub database: db::Settings,
    /// How it is reached.
    pub web: Web,
    /// How mail leaves.
    pub mail: Mail,
    /// Where secrets and checkpoints lie.
    pub keeping: Keeping,
    /// Where uploaded files lie, and which are taken.
    pub files: Files,
}

/// How the service is reached and what it looks like.
#[derive(Debug, Clone)]
pub struct Web {
    /// The address it listens on.
    pub bind: SocketAddr,
    /// How many threads read requests and write answers; what waits for the database waits elsewhere.
    pub workers: usize,
    /// The address that people and mails use, without a slash at its end.
    pub base_url: String,
    /// The service's name in the header.
    pub brand_name: String,
    /// The accent colour, as `#rrggbb`.
    pub brand_colour: String,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// What grant ids begin with after `360G-`: registered with 360Giving.
    pub grant_prefix: String,
    /// Whether this is a demonstration, which every page then says. No setting: `roundtable demo` alone says so.
    pub demo: bool,
}

impl Web {
    /// Whether browsers come over HTTPS: then cookies carry `Secure` and the `__Host-` prefix.
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `smtp://`, `smtps://` or `smtp+starttls://`; without it messages stay in the outbox for staff to read.
    pub smtp: Option<Url>,
    /// The sender.
    pub from: String,
    /// Where people write to: the pages about accessibility and privacy name it.
    pub contact: Address,
}

/// Where secrets and checkpoints lie.
#[derive(Debug, Clone)]
pub struct Keeping {
    /// The keys that sign access tokens and checkpoints.
    pub keys_file: PathBuf,
    /// A folder, perhaps off the machine, that gets every checkpoint.
    pub checkpoint_dir: Option<PathBuf>,
}

/// The settings as flags and environment variables.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// The database: sqlite://path or postgres://…
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Connections in the pool
    #[arg(long, env = "DATABASE_POOL", default_value_t = 8)]
    pub database_pool: u32,
    /// Writes that may wait on SQLite before the service says that it is busy
    #[arg(long, env = "WRITE_QUEUE", default_value_t = 1024)]
    pub write_queue: usize,
    /// The address to listen on
    #[arg(long, env = "BIND", default_value = "127.0.0.1:8080")]
    pub bind: String,
    /// Threads that read requests and write answers; without it as many as the machine has cores
    #[arg(long, env = "WORKERS")]
    pub workers: Option<usize>,
    /// The address that people and mails use
    #[arg(long, env = "BASE_URL")]
    pub base_url: Option<String>,
    /// The service's name in the header
    #[arg(long, env = "BRAND_NAME", default_value = "Roundtable")]
    pub brand_name: String,
    /// The accent colour
    #[arg(long, env = "BRAND_COLOUR", default_value = "#0b5345")]
    pub brand_colour: String,
    /// Proxies whose X-Forwarded-For is believed, with commas between
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// What grant ids in open data begin with after 360G-, as registered with 360Giving
    #[arg(long, env = "GRANT_PREFIX", default_value = "roundtable-demo")]
    pub grant_prefix: String,
    /// The mail server: smtp://, smtps:// or smtp+starttls://
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of mails
    #[arg(long, env = "MAIL_FROM", default_value = "Roundtable <no-reply@roundtable.example>")]
    pub mail_from: String,
    /// Where people write who cannot use a page, or ask about their data; without it the sender's address
    #[arg(long, env = "CONTACT_EMAIL")]
    pub contact_email: Option<String>,
    /// The file with the keys that sign access tokens and checkpoints
    #[arg(long, env = "KEYS_FILE")]
    pub keys_file: Option<PathBuf>,
    /// A folder that gets every checkpoint of the history
    #[arg(long, env = "CHECKPOINT_DIR")]
    pub checkpoint_dir: Option<PathBuf>,
    /// Where uploaded files lie, and which are taken
    #[command(flatten)]
    pub files: FileSettings,
}

/// Something wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {message}")]
pub struct Fault {
    /// The environment variable.
    pub setting: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Config {
    /// Checks the settings; `default_database` stands in where none is named.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn check(settings: Settings, default_database: &str) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |setting, message: &str| faults.push(Fault { setting, message: message.into() });
        let url = settings.database_url.unwrap_or_else(|| default_database.into());
        let engine = db::Engine::of(&url);
        if engine.is_none() {
            fault("DATABASE_URL", "begin with sqlite:// or postgres://, for example sqlite://data/roundtable.db");
        }
        if !(1..=200).contains(&settings.database_pool) {
            fault("DATABASE_POOL", "give a number from 1 to 200");
        }
        if !(1..=100_000).contains(&settings.write_queue) {
            fault("WRITE_QUEUE", "give a number from 1 to 100000");
        }
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let workers = settings.workers.unwrap_or_else(cores);
        if !(1..=1_000).contains(&workers) {
            fault("WORKERS", "give a number from 1 to 1000");
        }
        let bind = settings.bind.parse::<SocketAddr>();
        if bind.is_err() {
            fault("BIND", "give an address and a port, for example 127.0.0.1:8080");
        }
        let base_url = settings.base_url.unwrap_or_else(|| format!("http://{}", settings.bind));
        if !is_base_url(&base_url) {
            fault("BASE_URL", "give the address without a path, for example https://funding.example.gov.uk");
        }
        if !is_colour(&settings.brand_colour) {
            fault("BRAND_COLOUR", "give a colour as # and six hexadecimal digits, for example #0b5345");
        }
        let smtp = settings.smtp_url.map(|text| Url::parse(&text));
        if smtp.as_ref().is_some_and(|url| !url.as_ref().is_ok_and(is_mail_server)) {
            fault("SMTP_URL", "begin with smtp://, smtps:// or smtp+starttls:// and name a server");
        }
        if !is_grant_prefix(&settings.grant_prefix) {
            fault("GRANT_PREFIX", "give 1 to 40 letters, digits and hyphens, as registered with 360Giving");
        }
        let sender = settings.mail_from.parse::<Mailbox>();
        if sender.is_err() {
            fault("MAIL_FROM", "give a name and an address, for example Roundtable <no-reply@example.gov.uk>");
        }
        let named = settings.contact_email.map(|text| text.parse::<Address>());
        if matches!(named, Some(Err(_))) {
            fault("CONTACT_EMAIL", "give an address that is read, for example help@example.gov.uk");
        }
        if engine == Some(db::Engine::Postgres) && settings.keys_file.is_none() {
            fault("KEYS_FILE", "name the file with the keys: every replica on PostgreSQL must have the same");
        }
        let files = settings.files.check(&url, engine);
        faults.extend(files.as_ref().err().into_iter().flatten().cloned());
        let (bind, contact, files) =
            match (bind, named.and_then(Result::ok).or_else(|| Some(sender.ok()?.email)), files) {
                (Ok(bind), Some(contact), Ok(files)) if faults.is_empty() => (bind, contact, files),
                _ => return Err(faults),
            };
        Ok(Self {
            keeping: Keeping {
                keys_file: settings.keys_file.unwrap_or_else(|| beside(&url)),
                checkpoint_dir: settings.checkpoint_dir,
            },
            database: db::Settings { url, pool: settings.database_pool, queue: settings.write_queue },
            web: Web {
                bind,
                workers,
                base_url: base_url.trim_end_matches('/').into(),
                brand_name: settings.brand_name,
                brand_colour: settings.brand_colour,
                trusted_proxies: settings.trusted_proxies,
                grant_prefix: settings.grant_prefix,
                demo: false,
            },
            files,
            mail: Mail { smtp: smtp.and_then(Result::ok), from: settings.mail_from, contact },
        })
    }
}

fn is_base_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.path() == "/" && url.query().is_none()
    })
}

fn is_mail_server(url: &Url) -> bool {
    matches!(url.scheme(), "smtp" | "smtps" | "smtp+starttls") && url.host().is_some()
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_grant_prefix(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The keys of an SQLite database lie beside its file.
fn beside(database_url: &str) -> PathBuf {
    PathBuf::from(format!("{}.keys.json", database_url.trim_start_matches("sqlite://")))
}
