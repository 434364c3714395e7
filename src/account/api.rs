//! Tokens, sessions, API clients and organisations over REST.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use serde::Deserialize;

use super::service::{
    clients::{self, Made, Token},
    members, organisations, own,
    roles::{Holder, NewHolder},
};
use crate::{
    error::{AppError, Result},
    http::{
        App, Call, IfMatch, Json, Listing, PageRequest, Query, Refused, extract, in_address, middleware::body_of,
        respond,
    },
    identity::{
        import::Imported,
        model::{ApiClient, MemberRole, Organisation},
        sessions::Session,
    },
    ids::{ClientKey, Id, OrganisationKey, PersonKey, SessionKey},
    web::Form,
};

type Answer = Result<HttpResponse, Refused>;

/// What a client sends to get a token (RFC 6749, 4.4), as a form or as JSON.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// `client_credentials`.
    pub grant_type: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
}

/// Gives an API client an access token, good for ten minutes.
#[utoipa::path(post, path = "/api/v1/token", tag = "account", request_body = TokenRequest,
    responses((status = 200, body = Token), (status = 429)))]
pub async fn token(app: Data<App>, call: Call, request: HttpRequest) -> Answer {
    let asked = token_request(&request)?;
    if asked.grant_type != "client_credentials" {
        let message = "Ask with grant_type client_credentials.";
        return Err(AppError::invalid("grant_type", "unsupported_grant_type", message).into());
    }
    let client = asked.client_id.parse::<Id<ClientKey>>().map_err(|_no_uuid| AppError::Unauthenticated)?;
    let token = clients::token(&app, &call, client, asked.client_secret).await?;
    Ok(respond::ok(&token))
}

fn token_request(request: &HttpRequest) -> Result<TokenRequest> {
    let body = body_of(request);
    if request.content_type() == "application/json" {
        return extract::parse(&body);
    }
    let form = Form::parse(&body).map_err(|fault| AppError::invalid("", "wrong_form", fault.to_string()))?;
    let field = |name: &'static str| {
        form.filled(name).ok_or_else(|| AppError::invalid(name, "missing", format!("Send {name}.")))
    };
    Ok(TokenRequest {
        grant_type: field("grant_type")?,
        client_id: field("client_id")?,
        client_secret: field("client_secret")?,
    })
}

/// Who calls.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", responses((status = 200, body = own::Me)))]
pub async fn me(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&own::me(&app, &call).await?))
}

/// Says in which language the caller wants to read mail: a round's words in Welsh come where there are some.
#[utoipa::path(put, path = "/api/v1/me/language", tag = "account", request_body = own::OwnLanguage,
    responses((status = 204)))]
pub async fn read_in(app: Data<App>, call: Call, body: Json<own::OwnLanguage>) -> Answer {
    own::read_in(&app, &call, body.language).await?;
    Ok(respond::nothing())
}

/// The caller's open sessions.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "account", responses((status = 200, body = Vec<Session>)))]
pub async fn sessions(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&own::sessions(&app, &call).await?))
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{session}", tag = "account",
    params(("session" = Id<SessionKey>, Path)), responses((status = 204)))]
pub async fn end_session(app: Data<App>, call: Call, session: Path<String>) -> Answer {
    own::end_session(&app, &call, in_address(&session)?).await?;
    Ok(respond::nothing())
}

/// A client on its way in.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// What its owners call it.
    pub name: String,
}

/// The API clients of an organisation.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/clients", tag = "account",
    params(("organisation" = Id<OrganisationKey>, Path)), responses((status = 200, body = Vec<ApiClient>)))]
pub async fn list_clients(app: Data<App>, call: Call, organisation: Path<String>) -> Answer {
    Ok(respond::ok(&clients::list(&app, &call, in_address(&organisation)?).await?))
}

/// Lets a program act for an organisation. Its secret is in this answer and never again.
#[utoipa::path(post, path = "/api/v1/organisations/{organisation}/clients", tag = "account",
    params(("organisation" = Id<OrganisationKey>, Path)), request_body = NewClient,
    responses((status = 201, body = Made)))]
pub async fn create_client(app: Data<App>, call: Call, organisation: Path<String>, body: Json<NewClient>) -> Answer {
    let organisation = in_address(&organisation)?;
    let made = clients::create(&app, &call, organisation, body.0.name).await?;
    let location = format!("/api/v1/organisations/{organisation}/clients/{}", made.client.id);
    Ok(respond::created(&location, made.client.version, &made))
}

/// One API client.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/clients/{client}", tag = "account",
    params(("organisation" = Id<OrganisationKey>, Path), ("client" = Id<ClientKey>, Path)),
    responses((status = 200, body = ApiClient)))]
pub async fn show_client(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let client = clients::show(&app, &call, in_address(&path.0)?, in_address(&path.1)?).await?;
    Ok(respond::versioned(client.version, &client))
}

/// Revokes an API client: its tokens open nothing from now on.
#[utoipa::path(delete, path = "/api/v1/organisations/{organisation}/clients/{client}", tag = "account",
    params(("organisation" = Id<OrganisationKey>, Path), ("client" = Id<ClientKey>, Path),
        ("If-Match" = String, Header)), responses((status = 200, body = ApiClient)))]
pub async fn revoke_client(app: Data<App>, call: Call, path: Path<(String, String)>, version: IfMatch) -> Answer {
    let which = (in_address(&path.0)?, in_address(&path.1)?);
    let client = clients::revoke(&app, &call, which, Some(version.0)).await?;
    Ok(respond::versioned(client.version, &client))
}

/// The people of an organisation, each as often as they have roles.
#[utoipa::path(get, path = "/api/v1/organisations/{organisation}/members", tag = "organisations",
    params(("organisation" = Id<OrganisationKey>, Path)),
    responses((status = 200, body = Vec<Holder>)))]
pub async fn list_members(app: Data<App>, call: Call, organisation: Path<String>) -> Answer {
    Ok(respond::ok(&members::list(&app, &call, in_address(&organisation)?).await?))
}

/// Gives somebody a role in an organisation and tells them by e-mail; whoever is not known is registered.
#[utoipa::path(post, path = "/api/v1/organisations/{organisation}/members", tag = "organisations",
    params(("organisation" = Id<OrganisationKey>, Path)), request_body = NewHolder,
    responses((status = 201, body = Holder)))]
pub async fn add_member(app: Data<App>, call: Call, organisation: Path<String>, body: Json<NewHolder>) -> Answer {
    let added = members::add(&app, &call, in_address(&organisation)?, body.0).await?;
    Ok(respond::listed(&format!("/api/v1/organisations/{organisation}/members"), &added))
}

/// Takes a role in an organisation from somebody.
#[utoipa::path(delete, path = "/api/v1/organisations/{organisation}/members/{person}/{role}", tag = "organisations",
    params(("organisation" = Id<OrganisationKey>, Path), ("person" = Id<PersonKey>, Path), ("role" = MemberRole, Path)),
    responses((status = 204)))]
pub async fn take_member(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let (organisation, person, role) = path.into_inner();
    members::take(&app, &call, in_address(&organisation)?, (in_address(&person)?, role)).await?;
    Ok(respond::nothing())
}

/// What to look for among organisations.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Words of a name that it has or had.
    #[serde(default)]
    pub q: String,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// How many at most, 1 to 100; 25 if not said.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

/// Organisations by part of a name, in the order of their codes.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "organisations", params(Search),
    responses((status = 200, body = Listing<Organisation>)))]
pub async fn list_organisations(app: Data<App>, call: Call, search: Query<Search>) -> Answer {
    let search = search.0;
    let page = PageRequest { cursor: search.cursor, limit: search.limit };
    let limit = page.limit()?;
    let rows = organisations::search(&app, &call, search.q, page.after()?, limit + 1).await?;
    Ok(respond::ok(&Listing::of(rows, limit, |organisation| organisation.id)))
}

/// Reads organisations from a CSV file: all of it or nothing.
#[utoipa::path(post, path = "/api/v1/organisations/import", tag = "organisations",
    request_body(content = String, content_type = "text/csv"), responses((status = 200, body = Imported)))]
pub async fn import_organisations(app: Data<App>, call: Call, request: HttpRequest) -> Answer {
    let imported = organisations::import(&app, &call, csv_of(&request)?).await?;
    Ok(respond::ok(&imported))
}

/// The CSV file that was sent.
///
/// # Errors
/// `Invalid` for anything that does not call itself so.
pub fn csv_of(request: &HttpRequest) -> Result<Vec<u8>> {
    if request.content_type() != "text/csv" {
        let what = request.headers().get(header::CONTENT_TYPE).is_some();
        let message =
            if what { "Send the file as text/csv." } else { "Say with Content-Type: text/csv what you send." };
        return Err(AppError::invalid("", "not_csv", message));
    }
    Ok(body_of(request))
}
