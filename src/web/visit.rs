//! A visit of a page: who visits, and the ways to answer. Page handlers take one and a posted form.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    dev::Payload,
    http::{StatusCode, header},
    web::Data,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{FieldError, Flash, FlashKind, Form, Layout, NavItem, Page, Renderer};
use crate::{
    actor::Actor,
    db::schema::people,
    error::{AppError, Fault, Result},
    http::{App, Call, Refused, middleware::Received},
    identity::policy::{self, Sight},
};

const FLASH_COOKIE: &str = "roundtable-flash";

/// Marks an answer: the form that was sent waits for a code, and is kept until then.
#[derive(Debug, Clone, Copy)]
pub struct KeepForm;

/// One request for a page.
pub struct Visit {
    /// The state of the app.
    pub app: Data<App>,
    /// Who calls.
    pub call: Call,
    /// The path with its query, to come back to.
    pub path: String,
    /// Whether a script of ours asks, which wants JSON.
    pub by_script: bool,
    renderer: Data<Renderer>,
    flash: Option<Flash>,
}

/// A message for the next page, as its cookie carries it.
#[derive(Serialize, Deserialize)]
struct Note {
    success: bool,
    text: String,
}

impl FromRequest for Visit {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Call::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let missing = || Refused(AppError::internal("the app is not set up for pages"));
            let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
            let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
            Ok(Self {
                app: request.app_data::<Data<App>>().cloned().ok_or_else(missing)?,
                renderer: request.app_data::<Data<Renderer>>().cloned().ok_or_else(missing)?,
                call: call.await?,
                path,
                by_script: accepts.is_some_and(|accepts| accepts.starts_with("application/json")),
                flash: request.cookie(FLASH_COOKIE).and_then(|cookie| read_note(cookie.value())),
            })
        })
    }
}

impl Visit {
    /// 200 with a page.
    ///
    /// # Errors
    /// When the page cannot be rendered, which is our fault.
    pub async fn page(&self, page: &impl Page) -> Result<HttpResponse, Refused> {
        self.answer(StatusCode::OK, page, Vec::new()).await
    }

    /// 422 with a page that says what is wrong with what was sent, field by field.
    ///
    /// # Errors
    /// When the page cannot be rendered, which is our fault.
    pub async fn page_with_faults(&self, page: &impl Page, faults: &[Fault]) -> Result<HttpResponse, Refused> {
        let errors = faults
            .iter()
            .map(|fault| FieldError { field: fault.field.replace('/', "-"), message: fault.message.clone() });
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, page, errors.collect()).await
    }

    /// Any status with a page: for the pages that say why something did not work.
    ///
    /// # Errors
    /// When the page cannot be rendered, which is our fault.
    pub async fn answer(
        &self,
        status: StatusCode,
        page: &impl Page,
        errors: Vec<FieldError>,
    ) -> Result<HttpResponse, Refused> {
        let mut layout = self.layout().await?;
        layout.errors = errors;
        let html = self.renderer.html(&layout, page).map_err(AppError::internal)?;
        let mut response = HttpResponse::build(status);
        response.content_type("text/html; charset=utf-8").insert_header((header::CACHE_CONTROL, "no-store"));
        if self.flash.is_some() {
            response.cookie(Cookie::build(FLASH_COOKIE, "").path("/").max_age(Duration::ZERO).finish());
        }
        Ok(response.body(html))
    }

    /// 303 to another page of ours.
    pub fn see(&self, path: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
    }

    /// 303 to another page, which says once that something was done.
    pub fn see_with_success(&self, path: &str, text: &str) -> HttpResponse {
        self.see_with_note(path, Note { success: true, text: text.into() })
    }

    /// 303 to another page, which says once what somebody has to know.
    pub fn see_with_notice(&self, path: &str, text: &str) -> HttpResponse {
        self.see_with_note(path, Note { success: false, text: text.into() })
    }

    fn see_with_note(&self, path: &str, note: Note) -> HttpResponse {
        let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&note).unwrap_or_default());
        let cookie = Cookie::build(FLASH_COOKIE, value)
            .path("/")
            .http_only(true)
            .secure(self.app.config.web.secure())
            .same_site(SameSite::Lax)
            .max_age(Duration::minutes(5))
            .finish();
        HttpResponse::SeeOther().insert_header((header::LOCATION, path)).cookie(cookie).finish()
    }

    /// 303 to the page that asks for a fresh code and leads back to a path of ours.
    pub fn ask_for_fresh_code(&self, path: &str) -> HttpResponse {
        let encoded: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        self.see(&format!("/account/fresh?return_to={encoded}"))
    }

    /// The same for a form in which somebody wrote something: it is kept, and the code leads to where it is sent again.
    pub fn keep_and_ask_for_fresh_code(&self) -> HttpResponse {
        let mut answer = self.ask_for_fresh_code("/kept-forms");
        answer.extensions_mut().insert(KeepForm);
        answer
    }

    async fn layout(&self) -> Result<Layout> {
        let actor = self.call.actor.clone();
        let path = self.path.clone();
        let (name, navigation) = self
            .call
            .read(&self.app, move |conn, _| {
                let Actor::Person(signed_in) = &actor else { return Ok((None, navigation(&Sight::default(), &path))) };
                let name: Option<String> =
                    people::table.find(signed_in.person).select(people::name).first(conn).optional()?;
                Ok((name, navigation(&policy::sight(conn, &actor)?, &path)))
            })
            .await?;
        let flash = self.flash.clone();
        let (csrf, now) = (self.call.csrf.clone(), Some(self.call.received));
        Ok(Layout { signed_in_as: name, csrf, now, navigation, flash, ..Layout::default() })
    }
}

/// What stands in the service navigation: what everybody may read, and the places where this person's work is.
fn navigation(sight: &Sight, path: &str) -> Vec<NavItem> {
    let mut entries = vec![("Funding rounds", "/rounds"), ("Register of work", "/register")];
    if !sight.organisations.is_empty() {
        entries.push(("Your bids", "/dashboard"));
    }
    if sight.person.is_some() && !(sight.assesses.is_empty() && sight.assigned.is_empty()) {
        entries.push(("Your assessments", "/assess"));
    }
    if !sight.funds.is_empty() || sight.service_admin {
        entries.push(("Manage rounds", "/staff"));
    }
    if sight.service_admin {
        entries.push(("Organisations", "/organisations"));
        entries.push(("Outbox", "/staff/outbox"));
    }
    // A page belongs to one part only: the outbox has an address below that of the rounds.
    let hrefs = entries.iter().map(|(_, href)| *href);
    let here = hrefs.filter(|href| path.starts_with(href)).max_by_key(|href| href.len());
    entries
        .into_iter()
        .map(|(text, href)| NavItem { text: text.into(), href: href.into(), active: here == Some(href) })
        .collect()
}

fn read_note(value: &str) -> Option<Flash> {
    let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
    let note: Note = serde_json::from_slice(&bytes).ok()?;
    let kind = if note.success { FlashKind::Success } else { FlashKind::Notice };
    Some(Flash { kind, text: note.text })
}

/// A form that a page of ours sent in this session: its token is checked.
pub struct Posted(pub Form);

impl FromRequest for Posted {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Call::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let form = unchecked(&request)?;
            require_token(&call.await?, &form)?;
            Ok(Self(form))
        })
    }
}

/// Nothing if the form comes from a page of ours in this session.
pub(super) fn require_token(call: &Call, form: &Form) -> Result<()> {
    let expected = call.csrf.as_deref().unwrap_or_default();
    if expected.is_empty() {
        return Err(AppError::Unauthenticated);
    }
    if bool::from(expected.as_bytes().ct_eq(form.csrf().unwrap_or_default().as_bytes())) {
        return Ok(());
    }
    let message = "This form was opened in another session. Open the page again and send it once more.";
    Err(AppError::forbidden("csrf", message))
}

/// A form that may be sent without a session: signing in.
pub struct Open(pub Form);

impl FromRequest for Open {
    type Error = Refused;
    type Future = std::future::Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(unchecked(request).map(Self))
    }
}

pub(super) fn unchecked(request: &HttpRequest) -> Result<Form, Refused> {
    let body = request.extensions().get::<Received>().map(|received| received.body.clone()).unwrap_or_default();
    Form::parse(&body).map_err(|fault| Refused(AppError::invalid("", "wrong_form", fault.to_string())))
}
