//! The SQL of files: how far each is.

use std::{collections::BTreeMap, time::Duration};

use diesel::{
    dsl::{exists, not},
    insert_into,
    prelude::*,
    update,
};

use super::{FileState, Verdict};
use crate::{
    clock::Moment,
    db::{
        Conn,
        schema::{documents, files, interview_slides},
    },
    each,
    error::{AppError, Fault, Result},
};

const INFECTED: &str = "The selected file contains a virus. Clean your computer of it, and upload another file.";
/// No replica works on one sweep for longer.
const SURELY_ENDED: Duration = Duration::from_secs(6 * 3_600);
/// When to come back for a file that is just being deleted.
const COME_BACK: Duration = Duration::from_secs(5);

/// Says that a file is wanted again, and whether its bytes have to be stored first. From now on it is not swept away for a
/// day.
///
/// # Errors
/// `Busy` in the moment in which its bytes are being deleted; `Invalid` where a virus was found in it once, so that it is never
/// stored again.
pub fn begin(conn: &mut Conn, hash: &str, bytes: i64, now: Moment) -> Result<bool> {
    let row =
        (files::hash.eq(hash), files::bytes.eq(bytes), files::state.eq(FileState::Arriving), files::touched_at.eq(now));
    each!(conn, |conn| insert_into(files::table).values(row).on_conflict_do_nothing().execute(conn))?;
    let next = match state(conn, hash)? {
        Some(FileState::Leaving) => return Err(AppError::Busy { retry_after: COME_BACK }),
        Some(FileState::Infected) => return Err(AppError::Invalid(vec![Fault::new("file", "infected", INFECTED)])),
        Some(FileState::Gone) | None => FileState::Arriving,
        Some(stands) => stands,
    };
    let change = (files::state.eq(next), files::touched_at.eq(now));
    update(files::table.find(hash)).set(change).execute(conn)?;
    Ok(next == FileState::Arriving)
}

/// Says that the bytes of a file are stored, for whoever refers to it in the same transaction; says how far it is. One that was
/// stored before there was a scanner is in quarantine from now on.
///
/// # Errors
/// `Busy` when it was swept away meanwhile.
pub fn arrived(conn: &mut Conn, hash: &str, scans: bool) -> Result<FileState> {
    match state(conn, hash)? {
        Some(FileState::Arriving | FileState::Unscanned) => {
            let next = if scans { FileState::Quarantined } else { FileState::Unscanned };
            update(files::table.find(hash)).set(files::state.eq(next)).execute(conn)?;
            Ok(next)
        }
        Some(stands @ (FileState::Quarantined | FileState::Clean)) => Ok(stands),
        _ => Err(AppError::Busy { retry_after: COME_BACK }),
    }
}

/// Says what the scanner found in a file in quarantine; one that is elsewhere stays there.
///
/// # Errors
/// When the database fails.
pub fn mark(conn: &mut Conn, hash: &str, verdict: Verdict, now: Moment) -> Result<()> {
    let (state, scanned_at) = match verdict {
        Verdict::Clean => (FileState::Clean, Some(now)),
        Verdict::Infected => (FileState::Infected, Some(now)),
        Verdict::NotScanned => (FileState::Unscanned, None),
    };
    update(files::table.find(hash).filter(files::state.eq(FileState::Quarantined)))
        .set((files::state.eq(state), files::scanned_at.eq(scanned_at)))
        .execute(conn)?;
    Ok(())
}

/// How far a file is, if there ever was one of this hash.
///
/// # Errors
/// When the database fails.
pub fn state(conn: &mut Conn, hash: &str) -> Result<Option<FileState>> {
    Ok(files::table.find(hash).select(files::state).first(conn).optional()?)
}

/// How far files are.
///
/// # Errors
/// When the database fails.
pub fn states(conn: &mut Conn, hashes: &[&str]) -> Result<BTreeMap<String, FileState>> {
    let rows: Vec<(String, FileState)> =
        files::table.filter(files::hash.eq_any(hashes)).select((files::hash, files::state)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Lets go of at most so many files that nobody wanted since an instant and that nothing refers to; gives them, for whoever
/// asked to delete their bytes. Those whose deleter was stopped are given again, once it is sure to have ended: bytes that are
/// deleted late would be those of a newer upload.
pub(super) fn let_go(conn: &mut Conn, (before, now): (Moment, Moment), most: i64) -> Result<Vec<String>> {
    let wanted = documents::table
        .filter(documents::hash.eq(files::hash))
        .filter(documents::taken_out_at.is_null().or(documents::kept.eq(true)));
    let shown = interview_slides::table
        .filter(interview_slides::hash.eq(files::hash))
        .filter(interview_slides::taken_out_at.is_null());
    let stored = [FileState::Arriving, FileState::Unscanned, FileState::Quarantined, FileState::Clean];
    let unreferred = not(exists(wanted)).and(not(exists(shown)));
    let unwanted = files::state.eq_any(stored).and(files::touched_at.lt(before)).and(unreferred);
    let left = files::state.eq(FileState::Leaving).and(files::touched_at.lt(now.minus(SURELY_ENDED)));
    let leaving: Vec<String> =
        files::table.filter(unwanted.or(left)).order(files::touched_at).limit(most).select(files::hash).load(conn)?;
    for hash in &leaving {
        let change = (files::state.eq(FileState::Leaving), files::touched_at.eq(now));
        update(files::table.find(hash)).set(change).execute(conn)?;
    }
    Ok(leaving)
}

/// Says that the bytes of files are deleted.
pub(super) fn gone(conn: &mut Conn, hashes: &[String]) -> Result<()> {
    update(files::table.filter(files::hash.eq_any(hashes)).filter(files::state.eq(FileState::Leaving)))
        .set(files::state.eq(FileState::Gone))
        .execute(conn)?;
    Ok(())
}
