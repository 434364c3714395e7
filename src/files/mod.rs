//! Uploaded files: which are taken, where their bytes lie, and whether somebody has looked for viruses in them.
//!
//! The bytes lie outside the database, in a folder or a store that speaks S3, each under the SHA-256 of what it holds: the same
//! bytes are stored once, however often they are uploaded. The database says how far each file is; nothing in a transaction
//! touches the bytes. So a file goes three steps: a row that it is arriving, its bytes, and only then the row that somebody
//! else refers to it. What stops in between is found by its row and swept away a day later. A file that nothing refers to any
//! more is swept away likewise: first its row says so, then its bytes go.
//!
//! With `CLAMD` set a file is in quarantine, which nobody reads, until clamd has called it clean. Without, it can be read at once
//! and says that nobody has looked.

mod inspect;
mod model;
mod office;
mod place;
mod scan;
mod store;
mod sweep;

pub use inspect::inspect;
pub use model::{FileKind, FileState, clean_name, in_words, marked_name};
pub use place::{Files, OpenError};
pub use scan::Verdict;
pub use store::{arrived, begin, mark, state, states};
pub use sweep::sweep;

use sha2::{Digest, Sha256};

/// What a file is called by: the SHA-256 of its bytes, in hexadecimal digits.
pub fn hash_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
