//! Taking a file in, whatever it becomes part of: what is asked of every file, and where its bytes lie before anything refers to it.

use actix_web::web::{self, Bytes};

use super::{
    model::{NewDocument, fault_of_name},
    scanning,
};
use crate::{
    db::Conn,
    error::{AppError, Fault, Result},
    files::{self, FileKind, FileState},
    http::{App, Call, Scene},
};

/// A file whose bytes are stored, for whoever refers to it in a transaction that follows.
#[derive(Debug, Clone)]
pub struct Received {
    /// What it is called here.
    pub name: String,
    /// What it is, by its content.
    pub kind: FileKind,
    /// How many bytes it has.
    pub bytes: i64,
    /// Their SHA-256, by which they are stored.
    pub hash: String,
}

/// Stores the bytes of a file that is taken.
///
/// # Errors
/// `Invalid` with what is wrong with it; `Busy` in the moment in which the same bytes are being deleted.
pub async fn receive(app: &App, call: &Call, new: NewDocument) -> Result<Received> {
    AppError::unless_empty(fault_of_name(&new.name).into_iter().collect())?;
    let NewDocument { name, bytes } = new;
    let name = files::clean_name(&name);
    refuse_large(app, &bytes)?;
    let (kind, hash) = inspected(name.clone(), bytes.clone()).await?;
    let length = i64::try_from(bytes.len()).map_err(AppError::internal)?;
    let (begun, now) = (hash.clone(), call.received);
    if app.db.write(move |conn| files::begin(conn, &begun, length, now)).await? {
        app.files.put(&hash, bytes).await?;
    }
    Ok(Received { name, kind, bytes: length, hash })
}

/// The same call for an upload whose name, and whatever else is said of it, stands in its address: under one key it is one request
/// only with the same.
pub fn keyed(call: &Call, said: &str) -> Call {
    Call { key: call.key.as_ref().map(|key| key.also(said)), ..call.clone() }
}

/// Says that something refers to a file from now on, and lets the scanner look at it.
///
/// # Errors
/// `Busy` when it was swept away meanwhile.
pub fn arrive(conn: &mut Conn, scene: &Scene, hash: &str, scans: bool) -> Result<()> {
    match files::arrived(conn, hash, scans)? {
        FileState::Quarantined => scanning::order(conn, scene, hash),
        _ => Ok(()),
    }
}

fn refuse_large(app: &App, bytes: &Bytes) -> Result<()> {
    let largest = app.config.files.largest;
    if bytes.len() <= largest {
        return Ok(());
    }
    let most = files::in_words(i64::try_from(largest).unwrap_or(i64::MAX));
    Err(AppError::Invalid(vec![Fault::new(
        "file",
        "too_large",
        format!("The selected file must be smaller than {most}."),
    )]))
}

/// Looking into an office file takes a while, in which its thread would answer nobody else.
async fn inspected(name: String, bytes: Bytes) -> Result<(FileKind, String)> {
    let look = move || files::inspect(&name, &bytes).map(|kind| (kind, files::hash_of(&bytes)));
    let found = web::block(look).await.map_err(AppError::internal)?;
    found.map_err(|fault| AppError::Invalid(vec![fault]))
}
