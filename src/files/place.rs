//! Where the bytes of files lie: in a folder, or in a store that speaks S3.

use std::{fmt, sync::Arc, time::Duration};

use actix_web::web::Bytes;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    config::{self, Clamd},
    error::{AppError, Result},
};

/// As many bytes of uploads wait in memory at once, however many people upload: 25 of the largest, or hundreds of those that
/// people have.
const IN_MEMORY: usize = 256 * 1024 * 1024;
/// When to come back where that is too much.
const COME_BACK: Duration = Duration::from_secs(10);

/// Why files have no place.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder.
    #[error("FILES_DIR: the folder cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    /// The store.
    #[error("FILES_DIR or FILES_URL: {0}")]
    Store(#[from] object_store::Error),
}

/// Uploaded files. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    place: Arc<dyn ObjectStore>,
    pub(super) clamd: Option<Clamd>,
    pub(super) longest_scan: Duration,
    memory: Arc<Semaphore>,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "files in {}", self.place)
    }
}

impl Files {
    /// Opens their place, making a folder that is missing.
    ///
    /// # Errors
    /// In words that name the setting.
    pub fn open(settings: &config::Files) -> Result<Self, OpenError> {
        let place: Arc<dyn ObjectStore> = match &settings.place {
            config::FilesPlace::Folder(folder) => {
                std::fs::create_dir_all(folder)?;
                // What was answered as stored has reached the disk, its name included.
                Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))
            }
            config::FilesPlace::Bucket { url, options } => {
                // It says nothing where a provider stands already, which is ours or one as good.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let mut store = AmazonS3Builder::new().with_url(url.as_str());
                for (name, value) in options {
                    // Variables of other programs stand there too.
                    if let Ok(key) = name.to_ascii_lowercase().parse() {
                        store = store.with_config(key, value);
                    }
                }
                Arc::new(PrefixStore::new(store.build()?, url.path().trim_matches('/')))
            }
        };
        let (clamd, longest_scan) = (settings.clamd.clone(), settings.longest_scan);
        Ok(Self { place, clamd, longest_scan, memory: Arc::new(Semaphore::new(IN_MEMORY)) })
    }

    /// Stores bytes under their hash. Done again it stores the same.
    ///
    /// # Errors
    /// When the place does not take them.
    pub async fn put(&self, hash: &str, bytes: Bytes) -> Result<()> {
        self.place.put(&path_of(hash), PutPayload::from_bytes(bytes)).await.map_err(AppError::internal)?;
        Ok(())
    }

    /// The bytes of a hash.
    ///
    /// # Errors
    /// When the place does not give them.
    pub async fn get(&self, hash: &str) -> Result<Bytes> {
        let found = self.place.get(&path_of(hash)).await.map_err(AppError::internal)?;
        found.bytes().await.map_err(AppError::internal)
    }

    /// Deletes the bytes of a hash, where there are any.
    ///
    /// # Errors
    /// When the place does not let them go.
    pub async fn delete(&self, hash: &str) -> Result<()> {
        match self.place.delete(&path_of(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(fault) => Err(AppError::internal(fault)),
        }
    }

    /// Room in memory for so many bytes of an upload, until what is given is dropped.
    ///
    /// # Errors
    /// `Busy` where too many are uploading.
    pub fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        let busy = || AppError::Busy { retry_after: COME_BACK };
        let bytes = u32::try_from(bytes).map_err(|_too_many| busy())?;
        Arc::clone(&self.memory).try_acquire_many_owned(bytes).map_err(|_full| busy())
    }
}

/// Spread over folders, so that none holds too many.
fn path_of(hash: &str) -> Path {
    let (first, rest) = hash.split_at_checked(2).unwrap_or(("", hash));
    Path::from_iter([first, rest])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_lies_in_a_folder_of_the_first_two_digits_of_its_hash() {
        assert_eq!(path_of("ab12cd").to_string(), "ab/12cd");
    }
}
