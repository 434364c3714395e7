//! The keys of an instance, in the file that `KEYS_FILE` names: two that sign access tokens and one that signs
//! checkpoints of the history and receipts of what was submitted.
//!
//! The first key of the list signs tokens and both are believed, so a key is changed without refusing anybody: put a new
//! one first, start again, and drop the old one ten minutes later. Nothing here prints a key.

use std::{
    fmt,
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey as _};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ids::IdSource;

/// Why there are no keys to work with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not there and must not be made: every replica needs the same.
    #[error("KEYS_FILE: there is no file {0}: make it once and give every replica the same")]
    Missing(String),
    /// The file cannot be read or written.
    #[error("KEYS_FILE: {0} cannot be used: {1}")]
    Unusable(String, io::Error),
    /// The file's content is not what we write.
    #[error("KEYS_FILE: {0} does not hold our keys: {1}")]
    Malformed(String, String),
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// One or two keys of 32 bytes in base64; the first signs.
    access_tokens: Vec<String>,
    /// The key of the history's checkpoints.
    checkpoints: String,
}

/// A key that signs access tokens.
pub(super) struct TokenKey {
    pub kid: String,
    pub encoding: EncodingKey,
    decoding: DecodingKey,
}

/// The keys of an instance.
pub struct Keys {
    first: TokenKey,
    second: Option<TokenKey>,
    checkpoints: SigningKey,
}

impl Keys {
    /// Reads the file; makes it, readable by its owner alone, where it is missing and may be made.
    ///
    /// # Errors
    /// In words that name the setting and the file.
    pub fn load_or_create(path: &Path, may_create: bool, ids: &IdSource) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text).map_err(|fault| KeyError::Malformed(named(path), fault)),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound && may_create => Self::create(path, ids),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Err(KeyError::Missing(named(path))),
            Err(fault) => Err(KeyError::Unusable(named(path), fault)),
        }
    }

    /// Keys that are kept nowhere: for tests and replays that end.
    ///
    /// # Errors
    /// When a key cannot be encoded, which does not happen.
    pub fn passing(ids: &IdSource) -> Result<Self, KeyError> {
        let fault = |fault: String| KeyError::Malformed("memory".into(), fault);
        let text = serde_json::to_string(&File::new(ids)).map_err(|error| fault(error.to_string()))?;
        Self::parse(&text).map_err(fault)
    }

    fn create(path: &Path, ids: &IdSource) -> Result<Self, KeyError> {
        let unusable = |fault| KeyError::Unusable(named(path), fault);
        let text = serde_json::to_string_pretty(&File::new(ids)).map_err(io::Error::other).map_err(unusable)?;
        match write_privately(path, &text) {
            // Another replica was quicker: its keys are everybody's.
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Self::load_or_create(path, false, ids),
            Err(fault) => Err(unusable(fault)),
            Ok(()) => Self::parse(&text).map_err(|fault| KeyError::Malformed(named(path), fault)),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
        let (first, second) = match file.access_tokens.as_slice() {
            [only] => (TokenKey::of(&seed(only)?)?, None),
            [first, second] => (TokenKey::of(&seed(first)?)?, Some(TokenKey::of(&seed(second)?)?)),
            _ => return Err("access_tokens must have one or two keys".into()),
        };
        let checkpoints = SigningKey::from_bytes(&seed(&file.checkpoints)?);
        Ok(Self { first, second, checkpoints })
    }

    /// The key that signs checkpoints of the history, and receipts.
    pub const fn checkpoints(&self) -> &SigningKey {
        &self.checkpoints
    }

    pub(super) const fn signing(&self) -> &TokenKey {
        &self.first
    }

    pub(super) fn verifying(&self, kid: &str) -> Option<&DecodingKey> {
        let keys = [Some(&self.first), self.second.as_ref()];
        keys.into_iter().flatten().find(|key| key.kid == kid).map(|key| &key.decoding)
    }

    #[cfg(test)]
    pub(super) fn second_kid(&self) -> Option<&str> {
        self.second.as_ref().map(|key| key.kid.as_str())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.first.kid)
    }
}

impl File {
    fn new(ids: &IdSource) -> Self {
        let key = || STANDARD.encode(ids.secret());
        Self { access_tokens: vec![key(), key()], checkpoints: key() }
    }
}

impl TokenKey {
    fn of(seed: &[u8; 32]) -> Result<Self, String> {
        let key = SigningKey::from_bytes(seed);
        let public = key.verifying_key().to_bytes();
        let private = key.to_pkcs8_der().map_err(|fault| fault.to_string())?;
        let digest = hex::encode(Sha256::digest(public));
        Ok(Self {
            kid: digest.chars().take(16).collect(),
            encoding: EncodingKey::from_ed_der(private.as_bytes()),
            decoding: DecodingKey::from_ed_der(&public),
        })
    }
}

/// 32 bytes; anything shorter, or all zero as in a copied example, is refused.
fn seed(text: &str) -> Result<[u8; 32], String> {
    let bytes = STANDARD.decode(text).or(Err("a key is not base64"))?;
    let seed = <[u8; 32]>::try_from(bytes).or(Err("a key does not have 32 bytes"))?;
    if seed == [0; 32] { Err("a key is all zero".into()) } else { Ok(seed) }
}

fn named(path: &Path) -> String {
    path.display().to_string()
}

fn write_privately(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_made_once_for_its_owner_alone_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data/keys.json");
        let ids = IdSource::system();
        assert!(matches!(Keys::load_or_create(&path, false, &ids), Err(KeyError::Missing(_))));
        let made = Keys::load_or_create(&path, true, &ids).expect("made");
        let read = Keys::load_or_create(&path, false, &ids).expect("read");
        assert_eq!(made.signing().kid, read.signing().kid);
        assert_eq!(made.checkpoints().to_bytes(), read.checkpoints().to_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn short_zero_and_missing_keys_are_refused() {
        let good = STANDARD.encode([7; 32]);
        let short = STANDARD.encode([7; 16]);
        let zero = STANDARD.encode([0; 32]);
        let file = |tokens: &str, checkpoints: &str| {
            format!("{{\"access_tokens\": [{tokens}], \"checkpoints\": \"{checkpoints}\"}}")
        };
        assert!(Keys::parse(&file(&format!("\"{good}\""), &good)).is_ok());
        for bad in [
            file("", &good),
            file(&format!("\"{short}\""), &good),
            file(&format!("\"{good}\""), &zero),
            file("\"secret\"", &good),
            "{}".into(),
        ] {
            assert!(Keys::parse(&bad).is_err(), "{bad}");
        }
    }
}
