//! Access tokens of API clients: JWT signed with Ed25519, good for ten minutes.
//!
//! The algorithm is ours, never the token's; keys named in a header (`jku`, `jwk`, `x5u`) are refused. The crate would
//! read the machine's clock, so `exp` and `nbf` are checked here, against the injected one. A token alone opens nothing:
//! [`client_of`] asks the database whether its client was revoked.

use std::time::Duration;

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::{clients, keys::Keys};
use crate::{
    actor::Actor,
    clock::Moment,
    db::Db,
    error::{AppError, Result},
    ids::{ClientKey, Id, IdSource, RowKey},
};

/// How long a token is good.
pub const GOOD_FOR: Duration = Duration::from_secs(600);
/// A longer text is not even looked at.
const LONGEST: usize = 2_048;
/// The media type of access tokens (RFC 9068), so that no other kind of JWT passes for one.
const TYPE: &str = "at+jwt";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: Id<ClientKey>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Id<RowKey>,
}

/// Why a token is refused. For the log and the tests; whoever sent it hears only that it is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Longer than any of ours.
    TooLong,
    /// Not three parts, or a header that is not ours.
    Malformed,
    /// Another algorithm or type, or a header that brings its own key.
    Foreign,
    /// Signed with a key that we do not have.
    UnknownKey,
    /// The signature, issuer, audience or form of the claims is wrong.
    Untrue,
    /// Not good yet.
    Early,
    /// Not good any more.
    Late,
}

/// Issues tokens for one service and checks them.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// What it signs with.
    pub keys: &'a Keys,
    /// The service's address: it issues the tokens and they are for it alone.
    pub service: &'a str,
}

impl Issuer<'_> {
    /// The audience of every token.
    fn audience(&self) -> String {
        format!("{}/api/v1", self.service)
    }

    /// A token for a client.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(&self, client: Id<ClientKey>, ids: &IdSource, now: Moment) -> Result<String> {
        let key = self.keys.signing();
        let claims = Claims {
            iss: self.service.into(),
            aud: self.audience(),
            sub: client,
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(GOOD_FOR).seconds(),
            jti: ids.fresh(now),
        };
        let header = Header { typ: Some(TYPE.into()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        encode(&header, &claims, &key.encoding).map_err(AppError::internal)
    }

    /// The client that a token was issued to.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn check(&self, token: &str, now: Moment) -> Result<Id<ClientKey>, Refused> {
        if token.len() > LONGEST {
            return Err(Refused::TooLong);
        }
        let header = decode_header(token).or(Err(Refused::Malformed))?;
        let kid = own_kid(&header).ok_or(Refused::Foreign)?;
        let key = self.keys.verifying(kid).ok_or(Refused::UnknownKey)?;
        let claims: Claims = decode(token, key, &self.validation()).or(Err(Refused::Untrue))?.claims;
        match now.seconds() {
            at if at < claims.nbf => Err(Refused::Early),
            at if at >= claims.exp => Err(Refused::Late),
            _ => Ok(claims.sub),
        }
    }

    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.set_issuer(&[self.service]);
        validation.set_audience(&[self.audience()]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        validation
    }
}

/// The key id of a header that is exactly like ours.
fn own_kid(header: &Header) -> Option<&str> {
    let kid = header.kid.as_deref()?;
    let ours = Header { typ: Some(TYPE.into()), kid: Some(kid.into()), ..Header::new(Algorithm::EdDSA) };
    (*header == ours).then_some(kid)
}

/// The program that acts with an access token.
///
/// # Errors
/// [`AppError::Unauthenticated`] when the token is not good or its client was revoked.
pub async fn client_of(keys: &Keys, db: &Db, base_url: &str, token: &str, now: Moment) -> Result<Actor> {
    let issuer = Issuer { keys, service: base_url };
    let client = issuer.check(token, now).map_err(|refused| {
        tracing::info!(?refused, "an access token was refused");
        AppError::Unauthenticated
    })?;
    let live = db.read(move |conn| clients::is_live(conn, client)).await?;
    if live { Ok(Actor::Client(client)) } else { Err(AppError::Unauthenticated) }
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
