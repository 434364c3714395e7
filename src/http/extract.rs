//! Our own extractors: JSON with the path of what is wrong, query parameters, If-Match.

use std::{
    future::{Ready, ready},
    ops::Deref,
    str::FromStr,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Bytes};
use serde::de::DeserializeOwned;

use super::{Refused, middleware::Received, objects::Objects};
use crate::error::{AppError, Fault, Result};

/// How deep JSON may be nested.
const DEEPEST: usize = 32;

/// A JSON body. Unknown fields, wrong types and NUL are refused with the pointer of the place.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of_request(request).map(Self).map_err(Refused::from))
    }
}

/// The same where there need be no body: without one nothing is said.
#[derive(Debug)]
pub struct JsonOrNothing<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest for JsonOrNothing<T> {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let empty = request.extensions().get::<Received>().is_none_or(|received| received.body.is_empty());
        let read = if empty { Ok(T::default()) } else { of_request(request) };
        ready(read.map(Self).map_err(Refused::from))
    }
}

fn of_request<T: DeserializeOwned>(request: &HttpRequest) -> Result<T> {
    parse(&sent_as_json(request)?)
}

fn sent_as_json(request: &HttpRequest) -> Result<Bytes> {
    let mime = request.content_type();
    if !(mime == "application/json" || mime.ends_with("+json")) {
        return Err(AppError::invalid("", "not_json", "Send the body as application/json."));
    }
    Ok(request.extensions().get::<Received>().map(|received| received.body.clone()).unwrap_or_default())
}

/// A body that should be JSON, as it was sent: what is wrong with it is for the handler to say.
#[derive(Debug)]
pub struct Raw(Bytes);

impl Raw {
    /// What was sent, if it is no longer than `limit` bytes.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn within(&self, limit: usize) -> Result<Vec<u8>> {
        if self.0.len() > limit { Err(AppError::TooLarge { limit }) } else { Ok(self.0.to_vec()) }
    }
}

impl FromRequest for Raw {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(sent_as_json(request).map(Self).map_err(Refused::from))
    }
}

/// Reads JSON with the limits that hold for every body.
///
/// # Errors
/// `Invalid` with the path of the first thing wrong.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    refuse_depth_and_nul(body)?;
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(Objects(&mut reader)).map_err(|fault| {
        let path = fault.path().to_string();
        let field = if path == "." { String::new() } else { path.replace(['.', '['], "/").replace(']', "") };
        AppError::Invalid(vec![Fault::new(field, "wrong_json", sentence(fault.inner()))])
    })?;
    reader.end().map_err(|fault| AppError::invalid("", "wrong_json", sentence(&fault)))?;
    Ok(value)
}

fn sentence(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// PostgreSQL cannot store NUL, and no honest client nests this deep.
fn refuse_depth_and_nul(body: &[u8]) -> Result<()> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            let message = format!("Nest JSON at most {DEEPEST} deep.");
            return Err(AppError::invalid("", "too_deep", message));
        }
    }
    let nul = body.windows(6).any(|six| six == b"\\u0000") || body.contains(&0);
    if nul { Err(AppError::invalid("", "nul", "Leave out the NUL character.")) } else { Ok(()) }
}

/// Query parameters; unknown ones are refused where the type says so.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = actix_web::web::Query::<T>::from_query(request.query_string());
        let refused = |fault: actix_web::error::QueryPayloadError| {
            Refused(AppError::invalid("", "wrong_query", format!("The address has a wrong parameter: {fault}.")))
        };
        ready(query.map(|query| Self(query.into_inner())).map_err(refused))
    }
}

/// The version that the caller changes, from If-Match.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i32);

impl FromRequest for IfMatch {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(header::IF_MATCH) else {
            return ready(Err(Refused(AppError::VersionNeeded)));
        };
        let version = value.to_str().ok().and_then(|tag| tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok());
        // A tag that is none of ours matches nothing.
        ready(Ok(Self(version.unwrap_or(-1))))
    }
}

/// What the caller has read and answers now, from If-Match: the tag that came with it, if they say one.
#[derive(Debug, Clone)]
pub struct Seen(pub Option<String>);

impl FromRequest for Seen {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = request.headers().get(header::IF_MATCH);
        // A tag that is none of ours matches nothing.
        ready(Ok(Self(value.map(|value| value.to_str().unwrap_or_default().trim_matches('"').to_owned()))))
    }
}

/// A thing and the number, or the id, of one of its own as they stand in an address.
///
/// # Errors
/// As [`in_address`].
pub fn one_of<T: FromStr>((thing, word): (String, String)) -> Result<(String, T)> {
    Ok((thing, in_address(&word)?))
}

/// An id or a number as it stands in an address; what is none names nothing.
///
/// # Errors
/// `NotFound`.
pub fn in_address<T: FromStr>(word: &str) -> Result<T> {
    word.parse().map_err(|_unreadable| AppError::NotFound)
}
