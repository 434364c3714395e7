//! Secrets that open doors: made from 256 bits of the operating system's randomness, kept only as hashes.
//!
//! Nothing here is ever logged; the types that hold a secret print nothing of it.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::ids::{Id, IdSource};

/// The hash that a secret is kept as. The salt is the id of its row, so that equal secrets (six-digit codes) never look
/// equal in the database.
pub(super) fn hash(salt: &[u8], secret: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(salt).chain_update(secret).finalize().to_vec()
}

/// Whether two hashes are equal, in a time that does not tell where they differ.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// A row's id and a secret that only its holder knows: the value of a session's cookie and of a sign-in link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ticket<T: 'static> {
    /// The row.
    pub id: Id<T>,
    secret: [u8; 32],
}

impl<T> Ticket<T> {
    /// A new ticket for a row.
    pub fn new(id: Id<T>, ids: &IdSource) -> Self {
        Self { id, secret: ids.secret() }
    }

    /// What the row keeps of it.
    pub fn hash(&self) -> Vec<u8> {
        hash(self.id.uuid().as_bytes(), &self.secret)
    }

    /// Whether a row keeps this ticket.
    pub fn fits(&self, kept: &[u8]) -> bool {
        same(&self.hash(), kept)
    }

    /// The ticket as text that fits a cookie and an address.
    pub fn reveal(&self) -> String {
        let mut bytes = self.id.uuid().as_bytes().to_vec();
        bytes.extend_from_slice(&self.secret);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl<T> fmt::Debug for Ticket<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({})", self.id)
    }
}

/// Why a text is no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotATicket;

impl<T> FromStr for Ticket<T> {
    type Err = NotATicket;

    fn from_str(text: &str) -> Result<Self, NotATicket> {
        let bytes = URL_SAFE_NO_PAD.decode(text).or(Err(NotATicket))?;
        let (id, secret) = bytes.split_at_checked(16).ok_or(NotATicket)?;
        let id = Uuid::from_slice(id).or(Err(NotATicket))?;
        Ok(Self { id: Id::of(id), secret: secret.try_into().or(Err(NotATicket))? })
    }
}

/// What a browser holds while it waits for a code: only the browser that asked may enter the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Browser(String);

impl Browser {
    /// A browser that has not asked before.
    pub fn new(ids: &IdSource) -> Self {
        Self(URL_SAFE_NO_PAD.encode(ids.secret()))
    }

    /// The browser whose cookie has this value. Anything long enough to be ours will do: only its hash is compared.
    pub fn of_cookie(value: &str) -> Option<Self> {
        (value.len() == 43).then(|| Self(value.into()))
    }

    /// A signed-in browser, which proves itself by its session.
    pub fn of_session(token: &str) -> Self {
        Self(token.into())
    }

    /// The value of the cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. Unsalted, as rows are found by it; 256 random bits need no salt.
    pub(super) fn hash(&self) -> Vec<u8> {
        hash(b"browser", self.0.as_bytes())
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Browser")
    }
}

/// A six-digit code, every one as likely as every other (to one in 10^13).
pub(super) fn six_digits(ids: &IdSource) -> String {
    let number = ids.secret().iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    format!("{:06}", number % 1_000_000)
}

/// The secret of an API client, shown once.
pub(super) fn client_secret(ids: &IdSource) -> String {
    format!("rt_{}", URL_SAFE_NO_PAD.encode(ids.secret()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Moment, ids::SessionKey};

    #[test]
    fn a_ticket_survives_its_way_through_a_cookie_and_fits_its_own_row_alone() {
        let ids = IdSource::seeded(1);
        let now = Moment::from_micros(0);
        let one = Ticket::<SessionKey>::new(ids.fresh(now), &ids);
        let other = Ticket::<SessionKey>::new(one.id, &ids);
        assert_eq!(one.reveal().parse(), Ok(one));
        assert!(one.fits(&one.hash()));
        assert!(!other.fits(&one.hash()), "another secret for the same row");
        assert!(!format!("{one:?}").contains(&one.reveal()), "a secret is never printed");
    }

    #[test]
    fn a_cut_or_lengthened_text_is_no_ticket() {
        let ids = IdSource::seeded(1);
        let text = Ticket::<SessionKey>::new(ids.fresh(Moment::from_micros(0)), &ids).reveal();
        for bad in ["", "x", &text[1..], &format!("{text}AAAA"), &text.replace(&text[..1], "!")] {
            assert_eq!(bad.parse::<Ticket<SessionKey>>(), Err(NotATicket), "{bad:?}");
        }
    }

    #[test]
    fn codes_have_six_digits() {
        for _ in 0..1_000 {
            let code = six_digits(&IdSource::system());
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
    }
}
