//! Identifiers: typed UUIDv7 values, and the injected source that makes them.
//!
//! An id is made from the injected clock and the injected randomness, so a seeded run makes the same ids again.
//! Secrets never come from a seed: [`IdSource::secret`] always asks the operating system.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use diesel::{AsExpression, FromSqlRow};
use rand::{Rng, SeedableRng, TryRng, rngs::SysRng};
use rand_chacha::ChaCha20Rng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use utoipa::openapi::{
    RefOr, Schema,
    schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
};
use uuid::Uuid;

use crate::{clock::Moment, db::columns::sql};

/// An identifier of a `T`. Its order is the order of creation: to the millisecond, and within one source exactly.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = sql::Id)]
pub struct Id<T: 'static>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id with this UUID.
    pub const fn of(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The bare UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The same UUID as the id of something else: for tables that refer to several kinds of thing.
    pub const fn cast<U>(self) -> Id<U> {
        Id::of(self.0)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self::of)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::of)
    }
}
/// In the OpenAPI document every id is a UUID, whatever it names.
fn uuid_schema() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
}

impl<T> utoipa::__dev::ComposeSchema for Id<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        uuid_schema()
    }
}
impl<T> utoipa::ToSchema for Id<T> {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

/// Rows by the thing that they are of; those of one thing stay in their order.
pub fn grouped<T, R>(rows: Vec<R>, of: impl Fn(&R) -> Id<T>) -> BTreeMap<Id<T>, Vec<R>> {
    let mut groups: BTreeMap<Id<T>, Vec<R>> = BTreeMap::new();
    for row in rows {
        groups.entry(of(&row)).or_default().push(row);
    }
    groups
}

/// Names the things that have ids, for rooms that refer to one another's rows without importing the room.
macro_rules! things {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}

        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
                uuid_schema()
            }
        }
        impl utoipa::ToSchema for $name {}
    )*};
}

things! {
    /// A person who signs in.
    PersonKey,
    /// A council or another body.
    OrganisationKey,
    /// A session of a signed-in person.
    SessionKey,
    /// A program that calls the REST interface.
    ClientKey,
    /// A fund.
    FundKey,
    /// A round of a fund.
    RoundKey,
    /// A set of rules that a round is decided by.
    RulebookKey,
    /// A version of a workflow definition.
    WorkflowKey,
    /// A bid: expression of interest and full application.
    BidKey,
    /// An entry of the register of earlier work.
    EntryKey,
    /// A funded project.
    ProjectKey,
    /// A row that nothing outside its room refers to.
    RowKey,
}

/// Where new ids and secrets come from.
#[derive(Clone)]
pub struct IdSource {
    seeded: Option<Arc<Seeded>>,
    /// The millisecond of the last id and how many it had before.
    last: Arc<Mutex<(u64, u16)>>,
}

struct Seeded {
    seed: [u8; 32],
    generator: Mutex<ChaCha20Rng>,
}

impl IdSource {
    /// Ids from the operating system's randomness.
    pub fn system() -> Self {
        Self { seeded: None, last: Arc::default() }
    }

    /// Ids from a seed: the same calls make the same ids.
    pub fn seeded(seed: u64) -> Self {
        Self::of_seed(Sha256::digest(seed.to_be_bytes()).into())
    }

    fn of_seed(seed: [u8; 32]) -> Self {
        let generator = Mutex::new(ChaCha20Rng::from_seed(seed));
        Self { seeded: Some(Arc::new(Seeded { seed, generator })), last: Arc::default() }
    }

    /// The source for one named piece of work: a seeded one makes the same ids for it whatever happens beside it or
    /// happened before; the system's is as good as any.
    #[must_use]
    pub fn for_work(&self, name: &str) -> Self {
        match &self.seeded {
            Some(seeded) => Self::of_seed(Sha256::new().chain_update(seeded.seed).chain_update(name).finalize().into()),
            None => Self::system(),
        }
    }

    /// A new id that says it was made at `now`.
    pub fn fresh<T>(&self, now: Moment) -> Id<T> {
        let mut random = [0; 10];
        self.fill(&mut random);
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
        // Twelve bits count the ids of one millisecond (RFC 9562, 6.2, method 1), so that their order is that of making.
        let [high, low] = self.count_in(millis).to_be_bytes();
        let [first, second, ..] = &mut random;
        (*first, *second) = (high, low);
        Id::of(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    fn count_in(&self, millis: u64) -> u16 {
        const MOST: u16 = 0x0fff;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = if last.0 == millis { last.1.wrapping_add(1) & MOST } else { 0 };
        *last = (millis, before);
        before
    }

    /// Random bytes that may be foreseen when the source is seeded: for salts and jitter, never for secrets.
    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.seeded {
            Some(seeded) => seeded.generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
            None => fill_from_system(bytes),
        }
    }

    /// 256 bits from the operating system, whether or not the source is seeded.
    pub fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        fill_from_system(&mut bytes);
        bytes
    }
}

/// A machine that cannot give randomness cannot sign anybody in: there is nothing sensible to go on with.
fn fill_from_system(bytes: &mut [u8]) {
    if let Err(fault) = SysRng.try_fill_bytes(bytes) {
        tracing::error!(%fault, "the operating system gives no randomness");
        std::process::abort();
    }
}
