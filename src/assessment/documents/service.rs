//! Downloading what one has to read.

use actix_web::web::Bytes;

use crate::{
    assessment::service::{Asked, holds_bid, look, to_read},
    bids::documents::{
        model::{Attached, DocumentState},
        service::bytes_of,
    },
    error::{AppError, Result},
    files::{self, FileState},
    http::{App, Call},
    identity::policy::Action,
};

/// A document of the full application that stands, by its place among them, from 1.
///
/// # Errors
/// `NotFound` for whoever was not given the bid or has a conflict with it, and for no such document; `Conflict` while it is being
/// checked, and where a virus was found in it.
pub async fn download(app: &App, call: &Call, reference: String, number: usize) -> Result<(Attached, Bytes)> {
    let found = call.read(app, move |conn, scene| {
        let asked = look(conn, scene, Action::ScoreBid, &reference)?;
        holds_bid(conn, scene, &asked)?;
        let Asked { granted, round, .. } = asked;
        let content = to_read(conn, &granted, &round)?.ok_or(AppError::NotFound)?;
        let document = content.documents.into_iter().nth(number.wrapping_sub(1)).ok_or(AppError::NotFound)?;
        let states = files::states(conn, &[document.hash.as_str()])?;
        let state = states.get(&document.hash).copied().unwrap_or(FileState::Gone);
        Ok((document, DocumentState::of(state)))
    });
    let (document, state) = found.await?;
    let bytes = bytes_of(app, &document.hash, state).await?;
    Ok((document, bytes))
}
