//! The settings of uploaded files.

use std::{path::PathBuf, time::Duration};

use url::Url;

use super::Fault;
use crate::db;

const MEGABYTE: usize = 1_000_000;
/// A scanner that says nothing for so long is asked again later.
const LONGEST_SCAN: Duration = Duration::from_secs(60);

/// Where uploaded files lie, and which are taken.
#[derive(Debug, Clone)]
pub struct Files {
    /// Where they lie.
    pub place: FilesPlace,
    /// Who looks for viruses in them; without it they can be read at once, and say so.
    pub clamd: Option<Clamd>,
    /// How long one look may take; then it is looked again later.
    pub longest_scan: Duration,
    /// How many bytes one may have.
    pub largest: usize,
    /// How many documents a bid may have at one stage.
    pub most: usize,
}

/// Where files lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesPlace {
    /// In a folder.
    Folder(PathBuf),
    /// In a store that speaks S3.
    Bucket {
        /// Which: `s3://bucket/prefix`.
        url: Url,
        /// How it is reached: the environment's `AWS_` variables.
        options: Vec<(String, String)>,
    },
}

/// How clamd is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clamd {
    /// A socket on this machine.
    Socket(PathBuf),
    /// A host and a port.
    Address(String),
}

/// The settings of files as flags and environment variables.
#[derive(Debug, Clone, clap::Args)]
pub struct FileSettings {
    /// The folder that holds uploaded files
    #[arg(long, env = "FILES_DIR")]
    pub files_dir: Option<PathBuf>,
    /// A store that speaks S3, in place of a folder: s3://bucket/prefix; AWS_ variables say how it is reached
    #[arg(long, env = "FILES_URL")]
    pub files_url: Option<String>,
    /// The socket of clamd, which looks for viruses in what is uploaded: a path, or a host and a port
    #[arg(long, env = "CLAMD")]
    pub clamd: Option<String>,
    /// Megabytes that an uploaded file may have
    #[arg(long, env = "LARGEST_FILE", default_value_t = 10)]
    pub largest_file: usize,
    /// Documents that a bid may have at one stage
    #[arg(long, env = "DOCUMENTS_PER_BID", default_value_t = 20)]
    pub documents_per_bid: usize,
}

impl FileSettings {
    /// Checks them; files of an SQLite database lie beside it where nothing else is said.
    pub(super) fn check(self, database_url: &str, engine: Option<db::Engine>) -> Result<Files, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |setting, message: &str| faults.push(Fault { setting, message: message.into() });
        let bucket = self.files_url.map(|text| Url::parse(&text).ok().filter(is_bucket));
        if bucket == Some(None) {
            fault("FILES_URL", "begin with s3:// and name a bucket, for example s3://bids/documents");
        }
        if bucket.is_some() && self.files_dir.is_some() {
            fault("FILES_DIR", "name a folder or a store in FILES_URL, not both");
        }
        if engine == Some(db::Engine::Postgres) && bucket.is_none() && self.files_dir.is_none() {
            fault(
                "FILES_DIR",
                "name the folder of uploaded files, or a store in FILES_URL: every replica must have the same",
            );
        }
        let clamd = self.clamd.map(|text| Clamd::of(&text));
        if clamd == Some(None) {
            fault("CLAMD", "give the path of a socket or a host and a port, for example /run/clamav/clamd.ctl");
        }
        if !(1..=100).contains(&self.largest_file) {
            fault("LARGEST_FILE", "give megabytes, a number from 1 to 100");
        }
        if !(1..=200).contains(&self.documents_per_bid) {
            fault("DOCUMENTS_PER_BID", "give a number from 1 to 200");
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let beside = || PathBuf::from(format!("{}.files", database_url.trim_start_matches("sqlite://")));
        let folder = || FilesPlace::Folder(self.files_dir.unwrap_or_else(beside));
        Ok(Files {
            place: bucket.flatten().map_or_else(folder, |url| FilesPlace::Bucket { url, options: aws_variables() }),
            clamd: clamd.flatten(),
            longest_scan: LONGEST_SCAN,
            largest: self.largest_file * MEGABYTE,
            most: self.documents_per_bid,
        })
    }
}

/// Every program that talks to such a store takes these, so that they are no flags of ours.
fn aws_variables() -> Vec<(String, String)> {
    let known =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    known.filter(|(name, _)| name.starts_with("AWS_")).collect()
}

fn is_bucket(url: &Url) -> bool {
    url.scheme() == "s3" && url.host().is_some() && url.query().is_none()
}

impl Clamd {
    fn of(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return Some(Self::Socket(text.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        (!host.is_empty() && port.parse::<u16>().is_ok()).then(|| Self::Address(text.into()))
    }
}
