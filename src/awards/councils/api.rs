//! The bids of a council over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    model::{CouncilBid, HowFar, Narrowed, Part},
    service,
};
use crate::{
    error::{AppError, Fault, Result},
    http::{App, Call, Listing, PageRequest, Query, Refused, respond},
};

/// How the list is narrowed, and where it goes on.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CouncilQuery {
    /// Only where the council is or was this: `leads`, `joined`, `invited`, `declined`, `left` or `taken_out`.
    pub role: Option<String>,
    /// Only what has come so far: `writing`, `submitted`, `between` two stages, `assessed`, `decided`, `delivery` or `ended`.
    pub state: Option<String>,
    /// Only of the round with this place in addresses.
    pub round: Option<String>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// How many at most, 1 to 100; 25 if not said.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

impl CouncilQuery {
    /// What is asked for; blank parameters are as good as none.
    ///
    /// # Errors
    /// `Invalid` for a word that names nothing.
    pub fn split(self) -> Result<(Narrowed, PageRequest)> {
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let (role, state) = (filled(self.role), filled(self.state));
        let part = role.as_deref().map(|word| Part::from_word(word).ok_or("role"));
        let progress = state.as_deref().map(|word| HowFar::from_word(word).ok_or("state"));
        let wrong = [part.as_ref().and_then(|part| part.err()), progress.as_ref().and_then(|word| word.err())];
        let faults = wrong.into_iter().flatten();
        let fault = |field| Fault::new(field, "unknown_word", "Use one of the words that the documentation lists.");
        AppError::unless_empty(faults.map(fault).collect())?;
        let (part, progress) = (part.and_then(Result::ok), progress.and_then(Result::ok));
        let narrowed = Narrowed { part, progress, round: filled(self.round) };
        Ok((narrowed, PageRequest { cursor: filled(self.cursor), limit: self.limit }))
    }
}

/// The bids of a council, newest first: for its people all that it leads, has joined or was ever asked to join; for everybody
/// else what is published. The council is named by id, code, ONS code, org-id or name.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/bids", tag = "organisations",
    params(("organisation" = String, Path), CouncilQuery), responses((status = 200, body = Listing<CouncilBid>)))]
pub async fn list(
    app: Data<App>,
    call: Call,
    organisation: Path<String>,
    query: Query<CouncilQuery>,
) -> Result<HttpResponse, Refused> {
    let (narrowed, page) = query.0.split()?;
    let found = service::bids_of(&app, &call, organisation.into_inner(), narrowed, page).await?;
    Ok(respond::ok(&found.bids))
}
