//! What every face needs of HTTP: the app's state, the caller, extractors, problem+json, paging, ETag, idempotency, CSV, calendars.
//!
//! Must never know a room of the domain.

pub mod call;
pub mod csv;
pub mod extract;
pub mod icalendar;
pub mod idempotency;
pub mod middleware;
mod objects;
pub mod paging;
pub mod problem;
pub mod respond;

pub use call::{Call, Scene};
pub use extract::{IfMatch, Json, JsonOrNothing, Query, Raw, Seen, in_address, one_of};
pub use idempotency::forget_keys;
pub use paging::{Listing, PageRequest};
pub use problem::Refused;

use std::sync::Arc;

use crate::{clock::Clock, config::Config, db::Db, files::Files, identity::keys::Keys, ids::IdSource};

/// What every use case can reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// New ids.
    pub ids: IdSource,
    /// The settings.
    pub config: Arc<Config>,
    /// The keys that sign access tokens, checkpoints and receipts.
    pub keys: Arc<Keys>,
    /// Uploaded files.
    pub files: Files,
}
