//! Who works with whom in a round, from what is published of it by now.

use super::{eois::closed, published::announced};
use crate::{
    awards::partnerships::Partnerships,
    error::{AppError, Result},
    http::{App, Call},
};

/// Who works with whom in a round.
///
/// # Errors
/// `NotFound`, alike for a round that does not exist and for one of which neither expressions of interest nor awards are
/// published.
pub async fn partnerships(app: &App, call: &Call, slug: String) -> Result<Partnerships> {
    call.read(app, move |conn, scene| {
        let eois = if_published(closed(conn, scene, &slug))?;
        let awards = if_published(announced(conn, scene, &slug))?;
        Partnerships::of(eois, awards).ok_or(AppError::NotFound)
    })
    .await
}

/// What is published; nothing where it is not yet.
///
/// # Errors
/// Every other.
pub(in crate::awards) fn if_published<T>(list: Result<T>) -> Result<Option<T>> {
    match list {
        Ok(list) => Ok(Some(list)),
        Err(AppError::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}
