//! Our column types, for both databases, in one file: [`sql::Id`], [`sql::Moment`], [`sql::Doc`], and whole pence.
//!
//! | type | PostgreSQL | SQLite |
//! |---|---|---|
//! | `Id<T>` | uuid | 16-byte blob |
//! | `Moment` | timestamptz | integer microseconds |
//! | `Doc<T>` | jsonb | text |
//! | `Pence` | bigint | integer |

use std::{fmt, io::Write};

use chrono::{DateTime, Utc};
use diesel::{
    AsExpression, FromSqlRow,
    backend::Backend,
    deserialize::{self, FromSql},
    pg::Pg,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::HasSqlType,
    sqlite::Sqlite,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::conn::MultiBackend;
use crate::{clock::Moment, ids::Id, money::Pence};

/// The SQL types, named so that Diesel's `table!` takes none of them for a number.
pub mod sql {
    use diesel::query_builder::QueryId;
    pub use diesel::sql_types::*;

    /// A UUIDv7.
    #[derive(SqlType, QueryId, Clone, Copy, Debug)]
    #[diesel(postgres_type(name = "uuid"), sqlite_type(name = "Binary"))]
    pub struct Id;
    /// An instant.
    #[derive(SqlType, QueryId, Clone, Copy, Debug)]
    #[diesel(postgres_type(name = "timestamptz"), sqlite_type(name = "Long"))]
    pub struct Moment;
    /// A JSON document.
    #[derive(SqlType, QueryId, Clone, Copy, Debug)]
    #[diesel(postgres_type(name = "jsonb"), sqlite_type(name = "Text"))]
    pub struct Doc;
}

/// What the derive of `MultiConnection` leaves out for SQL types of our own: each hands over to the real backend.
macro_rules! on_both {
    ($( [$($generics:tt)*] $sql:ident => $rust:ty ;)*) => {$(
        impl<$($generics)*> FromSql<sql::$sql, MultiBackend> for $rust {
            fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, sql::$sql>()
            }
        }
        impl<$($generics)*> ToSql<sql::$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((sql::$sql, self));
                Ok(IsNull::No)
            }
        }
    )*};
}

macro_rules! known_to_both {
    ($($sql:ident),*) => {$(
        impl HasSqlType<sql::$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<sql::$sql>(lookup)
            }
        }
    )*};
}

known_to_both!(Id, Moment, Doc);
on_both! {
    [T: 'static] Id => Id<T>;
    [] Moment => Moment;
    [J: fmt::Debug + Send + Sync + 'static + Serialize + DeserializeOwned] Doc => Doc<J>;
}

impl<T: 'static> ToSql<sql::Id, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.uuid().as_bytes())?;
        Ok(IsNull::No)
    }
}
impl<T: 'static> FromSql<sql::Id, Pg> for Id<T> {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::of(Uuid::from_slice(value.as_bytes())?))
    }
}
impl<T: 'static> ToSql<sql::Id, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}
impl<T: 'static> FromSql<sql::Id, Sqlite> for Id<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::of(Uuid::from_slice(value.read_blob())?))
    }
}

impl ToSql<sql::Moment, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql::Timestamptz, Pg>::to_sql(&self.utc(), &mut out.reborrow())
    }
}
impl FromSql<sql::Moment, Pg> for Moment {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <DateTime<Utc> as FromSql<sql::Timestamptz, Pg>>::from_sql(value).map(Self::of)
    }
}
impl ToSql<sql::Moment, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
impl FromSql<sql::Moment, Sqlite> for Moment {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_micros(value.read_long()))
    }
}

/// Any serde type in a JSON column. PostgreSQL's jsonb keeps no order of keys: where order or bytes matter, store text.
#[derive(AsExpression, FromSqlRow, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[diesel(sql_type = sql::Doc)]
#[serde(transparent)]
pub struct Doc<T: fmt::Debug>(pub T);

impl<T: Serialize + fmt::Debug> ToSql<sql::Doc, Pg> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        const JSONB_VERSION: u8 = 1;
        out.write_all(&[JSONB_VERSION])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned + fmt::Debug> FromSql<sql::Doc, Pg> for Doc<T> {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let (_version, json) = value.as_bytes().split_first().ok_or("an empty jsonb value")?;
        Ok(Self(serde_json::from_slice(json)?))
    }
}
impl<T: Serialize + fmt::Debug> ToSql<sql::Doc, Sqlite> for Doc<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned + fmt::Debug> FromSql<sql::Doc, Sqlite> for Doc<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(value.read_text())?))
    }
}

impl<DB: Backend> ToSql<sql::BigInt, DB> for Pence
where
    i64: ToSql<sql::BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}
impl<DB: Backend> FromSql<sql::BigInt, DB> for Pence
where
    i64: FromSql<sql::BigInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        i64::from_sql(value).map(Self)
    }
}

/// An enum kept as text: its words in the database, in JSON and in the OpenAPI document are the same.
///
/// `words! { /// Docs. pub enum Role { /// Doc. Member = "member" } }`
///
/// A word is taken as a bare token: a `literal` comes in an invisible group, in which utoipa does not see the word and
/// documents the variant's name instead.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:tt),* $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            diesel::AsExpression, diesel::FromSqlRow, utoipa::ToSchema,
        )]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word it is stored and sent as.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut diesel::serialize::Output<'b, '_, DB>,
            ) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self.word(), out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = String::from_sql(value)?;
                Self::from_word(&word)
                    .ok_or_else(|| format!("{word:?} is no {}", stringify!($name)).into())
            }
        }
    };
}
