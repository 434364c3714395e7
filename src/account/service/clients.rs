//! API clients of an organisation, and the tokens they get.

use std::time::Duration;

use serde::Serialize;

use super::sign_in::signed_in;
use crate::{
    error::{AppError, Result},
    http::{App, Call},
    identity::{
        clients::{self, NewClient},
        model::{ApiClient, MemberRole},
        policy::{self, Action},
        rate, sessions,
        store::people,
        tokens::{self, Issuer},
    },
    ids::{ClientKey, Id, OrganisationKey},
};

const LONGEST_NAME: usize = 100;

/// A client that was just made.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Made {
    /// The client.
    pub client: ApiClient,
    /// Its secret, shown this once; nothing when the request repeats an earlier one.
    pub secret: Option<String>,
}

/// An access token, as OAuth 2.0 words it (RFC 6749, 5.1).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Token {
    /// The token, for the header `Authorization: Bearer`.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// For how many seconds it is good.
    pub expires_in: u64,
}

/// An organisation's clients, for its administrator.
#[derive(Debug, Clone, Serialize)]
pub struct ClientsOf {
    /// The organisation.
    pub organisation: Id<OrganisationKey>,
    /// Its name.
    pub name: String,
    /// Its clients, the newest first.
    pub clients: Vec<ApiClient>,
}

/// The clients of an organisation.
///
/// # Errors
/// As policy says.
pub async fn list(app: &App, call: &Call, organisation: Id<OrganisationKey>) -> Result<Vec<ApiClient>> {
    call.read(app, move |conn, scene| {
        let granted = policy::organisation(conn, &scene.actor, Action::ManageClients, organisation)?;
        clients::of_organisation(conn, &granted)
    })
    .await
}

/// The clients of every organisation that the caller administers.
///
/// # Errors
/// `Unauthenticated`.
pub async fn administered(app: &App, call: &Call) -> Result<Vec<ClientsOf>> {
    let person = signed_in(call)?.person;
    call.read(app, move |conn, scene| {
        let mut all = Vec::new();
        for membership in people::memberships(conn, person)? {
            if membership.role == MemberRole::Administrator {
                let id = membership.organisation;
                let granted = policy::organisation(conn, &scene.actor, Action::ManageClients, id)?;
                let clients = clients::of_organisation(conn, &granted)?;
                all.push(ClientsOf { organisation: id, name: membership.name, clients });
            }
        }
        Ok(all)
    })
    .await
}

/// One client.
///
/// # Errors
/// As policy says; `NotFound`.
pub async fn show(
    app: &App,
    call: &Call,
    organisation: Id<OrganisationKey>,
    client: Id<ClientKey>,
) -> Result<ApiClient> {
    call.read(app, move |conn, scene| {
        let granted = policy::organisation(conn, &scene.actor, Action::ManageClients, organisation)?;
        clients::find(conn, &granted, client)
    })
    .await
}

/// Lets a program act for an organisation. Wants a fresh code.
///
/// # Errors
/// As policy says; `Invalid` for the name; `Forbidden` without a fresh code.
pub async fn create(app: &App, call: &Call, organisation: Id<OrganisationKey>, name: String) -> Result<Made> {
    let signed_in = signed_in(call)?;
    let by = signed_in.person;
    let fresh = sessions::require_fresh(signed_in, call.received);
    // The secret stays out of the transaction, so that no stored answer holds it.
    let (new, secret) = NewClient::make(&app.ids, name.trim().to_owned(), call.received);
    let id = new.id;
    let fresh = fresh.is_ok();
    let client = call
        .write(app, move |conn, scene| {
            let granted = policy::organisation(conn, &scene.actor, Action::ManageClients, organisation)?;
            check_name(&new.name)?;
            if !fresh {
                return Err(sessions::stale());
            }
            clients::create(conn, &granted, &new, by, scene.now)
        })
        .await?;
    let secret = (client.id == id).then_some(secret);
    Ok(Made { client, secret })
}

fn check_name(name: &str) -> Result<()> {
    match name.chars().count() {
        0 => Err(AppError::invalid("name", "missing", "Enter a name for the program")),
        count if count > LONGEST_NAME => {
            Err(AppError::invalid("name", "too_long", format!("The name must be {LONGEST_NAME} characters or fewer")))
        }
        _ => Ok(()),
    }
}

/// Revokes a client; over REST with the version that the caller saw.
///
/// # Errors
/// As policy says; `NotFound`; `Stale`.
pub async fn revoke(
    app: &App,
    call: &Call,
    (organisation, client): (Id<OrganisationKey>, Id<ClientKey>),
    version: Option<i32>,
) -> Result<ApiClient> {
    call.write(app, move |conn, scene| {
        let granted = policy::organisation(conn, &scene.actor, Action::ManageClients, organisation)?;
        let current = clients::find(conn, &granted, client)?.version;
        if version.is_some_and(|seen| seen != current) {
            return Err(AppError::Stale { current });
        }
        clients::revoke(conn, &granted, client, scene.now)
    })
    .await
}

/// An access token for a client that knows its secret.
///
/// # Errors
/// `Unauthenticated`; `RateLimited`.
pub async fn token(app: &App, call: &Call, client: Id<ClientKey>, secret: String) -> Result<Token> {
    let from = call.ip.ok_or_else(|| AppError::internal("a request for a token without a network address"))?;
    let now = call.received;
    let knows = app
        .db
        .write(move |conn| {
            rate::admit(conn, &rate::bucket_of_network("token", from), Duration::from_secs(2), 60, now)?;
            rate::admit(conn, &rate::bucket_of("token", &client.to_string()), Duration::from_secs(10), 30, now)?;
            clients::knows_secret(conn, client, &secret)
        })
        .await?;
    if !knows {
        return Err(AppError::Unauthenticated);
    }
    let issuer = Issuer { keys: &app.keys, service: &app.config.web.base_url };
    let access_token = issuer.issue(client, &app.ids, now)?;
    Ok(Token { access_token, token_type: "Bearer", expires_in: tokens::GOOD_FOR.as_secs() })
}
