//! The cookies of signing in: the session's, and the one by which a browser is known that asked for a code.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    http::header,
};

use super::super::service::sign_in::Place;
use crate::{
    http::{App, call::session_cookie},
    identity::{Browser, sessions},
};

/// The name of the cookie by which a browser that asked is known.
const fn asked_cookie(secure: bool) -> &'static str {
    if secure { "__Host-roundtable-asked" } else { "roundtable-asked" }
}

fn cookie(app: &App, name: &'static str, value: &str, lasts: Duration) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.config.web.secure())
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .finish()
}

/// The session's cookie. The service ends idle sessions itself; the browser need only keep the cookie long enough.
pub fn session(app: &App, token: &str) -> Cookie<'static> {
    cookie(app, session_cookie(app.config.web.secure()), token, Duration::days(90))
}

/// Takes the session's cookie away.
pub fn no_session(app: &App) -> Cookie<'static> {
    cookie(app, session_cookie(app.config.web.secure()), "", Duration::ZERO)
}

/// Remembers a browser for as long as a form is kept that it sent, which is longer than a code is good.
pub fn asked(app: &App, browser: &Browser) -> Cookie<'static> {
    cookie(app, asked_cookie(app.config.web.secure()), browser.reveal(), Duration::days(1))
}

/// The token of the session that a request carries.
pub fn token_of(app: &App, request: &HttpRequest) -> Option<String> {
    request.cookie(session_cookie(app.config.web.secure())).map(|cookie| cookie.value().to_owned())
}

/// The browser that asked, or sent a form that was kept, if it did within a day.
pub fn browser_of(app: &App, request: &HttpRequest) -> Option<Browser> {
    Browser::of_cookie(request.cookie(asked_cookie(app.config.web.secure()))?.value())
}

/// The browser that asked, or a new one, which has done nothing yet.
pub fn known_or_new(app: &App, request: &HttpRequest) -> Browser {
    browser_of(app, request).unwrap_or_else(|| Browser::new(&app.ids))
}

/// Where a request signs in.
pub fn place_of(app: &App, request: &HttpRequest) -> Place {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Place { device: sessions::device_of(agent), earlier: token_of(app, request) }
}
