//! Cursor paging: by the id of the last thing seen, so that what is added meanwhile shifts nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{AppError, Result},
    ids::Id,
};

const USUAL: i64 = 25;
const MOST: i64 = 100;

/// What a caller asks of a list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageRequest {
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// How many at most, 1 to 100; 25 if not said.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

impl PageRequest {
    /// How many rows to load: one more than are shown, to know whether there is a next page.
    ///
    /// # Errors
    /// When the limit is none of 1 to 100.
    pub fn limit(&self) -> Result<i64> {
        let limit = self.limit.unwrap_or(USUAL);
        if (1..=MOST).contains(&limit) {
            Ok(limit)
        } else {
            Err(AppError::invalid("limit", "out_of_range", format!("Ask for 1 to {MOST} at a time.")))
        }
    }

    /// The id after which to go on.
    ///
    /// # Errors
    /// When the cursor is none of ours.
    pub fn after<T>(&self) -> Result<Option<Id<T>>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let id = bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(Id::of);
        id.map(Some).ok_or_else(|| {
            AppError::invalid("cursor", "wrong_cursor", "Use the `next` of the page before, or leave the cursor out.")
        })
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Listing<T> {
    /// The things, in order.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

impl<T> Listing<T> {
    /// Makes a page of `limit + 1` loaded rows.
    pub fn of<K: 'static>(mut rows: Vec<T>, limit: i64, id: impl Fn(&T) -> Id<K>) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = if more { rows.last() } else { None };
        let next = last.map(|row| URL_SAFE_NO_PAD.encode(id(row).uuid().as_bytes()));
        Self { items: rows, next }
    }
}
