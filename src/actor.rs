//! Who acts: the public, a person, a program or the service itself.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    ids::{ClientKey, Id, PersonKey, SessionKey},
};

/// Who asks for something. What they may do is for policy to say, from memberships read in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Public,
    /// A signed-in person.
    Person(SignedIn),
    /// A program with an access token.
    Client(Id<ClientKey>),
    /// The service itself: timers and the command line.
    System,
}

/// A person and the session they act in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub person: Id<PersonKey>,
    /// The session.
    pub session: Id<SessionKey>,
    /// When the person last entered a code: signing, submitting and releasing want a fresh one.
    pub fresh_at: Moment,
    /// When they act: what ends at an instant is held against this.
    pub at: Moment,
}

impl Actor {
    /// The person, if one acts.
    pub const fn person(&self) -> Option<Id<PersonKey>> {
        match self {
            Self::Person(signed_in) => Some(signed_in.person),
            _ => None,
        }
    }

    /// The actor as history records it: a kind and an id, never a name.
    pub fn recorded(&self) -> Recorded {
        match self {
            Self::Public => Recorded { kind: "public".into(), id: None },
            Self::Person(signed_in) => Recorded { kind: "person".into(), id: Some(signed_in.person.to_string()) },
            Self::Client(client) => Recorded { kind: "client".into(), id: Some(client.to_string()) },
            Self::System => Recorded { kind: "system".into(), id: None },
        }
    }
}

/// An actor in the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Recorded {
    /// `public`, `person`, `client` or `system`.
    pub kind: String,
    /// The id of the person or client.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
}
