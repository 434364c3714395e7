//! One e-mail address: a message has exactly one recipient because this type cannot hold two.

use std::{fmt, str::FromStr};

use diesel::{
    AsExpression, FromSqlRow,
    backend::Backend,
    deserialize::{self, FromSql},
    serialize::{self, Output, ToSql},
    sql_types::Text,
};
use serde::{Deserialize, Deserializer, Serialize};

/// An e-mail address in small letters. Held as text that lettre has accepted, so that it can carry no second header.
#[derive(AsExpression, FromSqlRow, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[diesel(sql_type = Text)]
#[serde(transparent)]
pub struct Address(String);

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Enter an email address in the correct format, like name@example.gov.uk")]
pub struct NotAnAddress;

impl Address {
    /// The longest address that mail servers accept (RFC 5321, 4.5.3.1.3).
    pub const LONGEST: usize = 254;

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Reads one address. Letters outside ASCII are refused: too few servers take them to rely on it for sign-in.
impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim().to_lowercase();
        let fits = text.is_ascii() && text.len() <= Self::LONGEST;
        let known = fits && text.parse::<lettre::Address>().is_ok();
        if known { Ok(Self(text)) } else { Err(NotAnAddress) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<DB: Backend> ToSql<Text, DB> for Address
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_str().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for Address
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(String::from_sql(value)?.parse()?)
    }
}

impl utoipa::PartialSchema for Address {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
        let format = SchemaFormat::Custom("email".into());
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
    }
}
impl utoipa::ToSchema for Address {
    fn name() -> std::borrow::Cow<'static, str> {
        "Address".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_small_letters() {
        let address: Address = " Jo.Bloggs@Ambridge.GOV.uk ".parse().expect("an address");
        assert_eq!(address.as_str(), "jo.bloggs@ambridge.gov.uk");
        assert_eq!(address.domain(), "ambridge.gov.uk");
    }

    #[test]
    fn two_addresses_a_second_header_and_a_name_are_no_address() {
        let refused = ["a@b.uk, c@d.uk", "a@b.uk\r\nBcc: c@d.uk", "Jo <a@b.uk>", "a@b.uk c@d.uk", "jo", "", "jö@b.uk"];
        for text in refused {
            assert_eq!(text.parse::<Address>(), Err(NotAnAddress), "{text:?}");
        }
    }
}
