//! Signing in: ask for a message, follow its link or enter its code. A GET never signs in, for mail scanners open links.

use actix_web::{HttpRequest, HttpResponse, web::Path};
use serde::{Deserialize, Serialize};

use super::{
    super::service::sign_in::{self as service, Welcome},
    cookies, local_path,
};
use crate::{
    error::AppError,
    http::{Query, Refused},
    identity::{Browser, sessions},
    web::{Form, Open, Page, Posted, Visit},
};

type Answer = Result<HttpResponse, Refused>;

/// Asks for an address.
#[derive(Debug, Serialize)]
pub struct SignInPage {
    /// Shows that the form came from this page.
    pub token: String,
    /// What was typed.
    pub email: String,
    /// Where to go afterwards.
    pub return_to: String,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "account/sign-in.html";
}

/// Asks for the code.
#[derive(Debug, Serialize)]
pub struct CheckEmailPage {
    /// Shows that the form came from this page.
    pub token: String,
    /// Where to go afterwards.
    pub return_to: String,
}

impl Page for CheckEmailPage {
    const TEMPLATE: &'static str = "account/check-email.html";
}

/// The page of a link, with its one button.
#[derive(Debug, Serialize)]
pub struct LinkPage {
    /// Shows that the form came from this page.
    pub token: String,
    /// The link's path.
    pub path: String,
    /// Whether it still signs in.
    pub good: bool,
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "account/link.html";
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct Return {
    /// A path of ours.
    #[serde(default)]
    return_to: String,
}

/// GET /sign-in
pub async fn ask(visit: Visit, request: HttpRequest, query: Query<Return>) -> Answer {
    let browser = cookies::known_or_new(&visit.app, &request);
    let return_to = local_path(&visit.app, &query.return_to, "").to_owned();
    let page = SignInPage { token: sessions::csrf_of(browser.reveal()), email: String::new(), return_to };
    with_browser(&visit, visit.page(&page).await?, &browser)
}

/// POST /sign-in
pub async fn send(visit: Visit, request: HttpRequest, form: Open) -> Answer {
    let browser = checked(&visit, &request, &form.0)?;
    let (email, return_to) = (form.0.text("email"), form.0.text("return_to"));
    let return_to = local_path(&visit.app, &return_to, "").to_owned();
    let wanted = Some(return_to.clone()).filter(|path| !path.is_empty());
    match service::ask(&visit.app, &visit.call, &email, browser.clone(), wanted).await {
        Ok(()) => with_browser(&visit, visit.see(&with_return("/sign-in/check-email", &return_to)), &browser),
        Err(AppError::Invalid(faults)) => {
            let page = SignInPage { token: sessions::csrf_of(browser.reveal()), email, return_to };
            visit.page_with_faults(&page, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// GET /sign-in/check-email
pub async fn check_email(visit: Visit, request: HttpRequest, query: Query<Return>) -> Answer {
    let Some(browser) = cookies::browser_of(&visit.app, &request) else { return Ok(visit.see("/sign-in")) };
    let return_to = local_path(&visit.app, &query.return_to, "").to_owned();
    visit.page(&CheckEmailPage { token: sessions::csrf_of(browser.reveal()), return_to }).await
}

/// POST /sign-in/check-email
pub async fn enter_code(visit: Visit, request: HttpRequest, form: Open) -> Answer {
    let browser = checked(&visit, &request, &form.0)?;
    let return_to = form.0.text("return_to");
    let place = cookies::place_of(&visit.app, &request);
    let token = sessions::csrf_of(browser.reveal());
    match service::enter_code(&visit.app, &visit.call, browser, form.0.text("code"), place).await {
        Ok(welcome) => welcomed(&visit, &welcome, &return_to),
        Err(AppError::Invalid(faults)) => {
            let return_to = local_path(&visit.app, &return_to, "").to_owned();
            visit.page_with_faults(&CheckEmailPage { token, return_to }, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// GET /sign-in/link/{ticket}: shows a button and changes nothing.
pub async fn show_link(visit: Visit, request: HttpRequest, path: Path<String>) -> Answer {
    let browser = cookies::known_or_new(&visit.app, &request);
    let good = match path.parse() {
        Ok(ticket) => service::is_link_good(&visit.app, &visit.call, ticket).await?,
        Err(_) => false,
    };
    let page = LinkPage { token: sessions::csrf_of(browser.reveal()), path: request.path().into(), good };
    with_browser(&visit, visit.page(&page).await?, &browser)
}

/// POST /sign-in/link/{ticket}
pub async fn follow_link(visit: Visit, request: HttpRequest, path: Path<String>, form: Open) -> Answer {
    let browser = checked(&visit, &request, &form.0)?;
    let place = cookies::place_of(&visit.app, &request);
    let welcome = match path.parse() {
        Ok(ticket) => service::follow(&visit.app, &visit.call, ticket, browser.clone(), place).await?,
        Err(_) => None,
    };
    if let Some(welcome) = welcome {
        return welcomed(&visit, &welcome, welcome.return_to.as_deref().unwrap_or_default());
    }
    let page = LinkPage { token: sessions::csrf_of(browser.reveal()), path: request.path().into(), good: false };
    visit.page(&page).await
}

/// POST /sign-out
pub async fn sign_out(visit: Visit, _form: Posted) -> Answer {
    service::sign_out(&visit.app, &visit.call).await?;
    let mut answer = visit.see("/");
    let gone = answer.add_cookie(&cookies::no_session(&visit.app));
    gone.map_err(|fault| Refused(AppError::internal(fault)))?;
    Ok(answer)
}

/// Leads to what was kept, or to where the person wanted to go, or to where their work is.
fn welcomed(visit: &Visit, welcome: &Welcome, wanted: &str) -> Answer {
    let path = if welcome.kept { "/kept-forms" } else { local_path(&visit.app, wanted, welcome.home) };
    let mut answer = visit.see(path);
    let set = answer.add_cookie(&cookies::session(&visit.app, &welcome.opened.token));
    set.map_err(|fault| Refused(AppError::internal(fault)))?;
    Ok(answer)
}

fn with_browser(visit: &Visit, mut answer: HttpResponse, browser: &Browser) -> Answer {
    let set = answer.add_cookie(&cookies::asked(&visit.app, browser));
    set.map_err(|fault| Refused(AppError::internal(fault)))?;
    Ok(answer)
}

/// The browser whose page sent the form.
fn checked(visit: &Visit, request: &HttpRequest, form: &Form) -> Result<Browser, AppError> {
    let browser = cookies::browser_of(&visit.app, request);
    let sent = form.csrf().unwrap_or_default();
    browser.filter(|browser| sessions::is_csrf_of(browser.reveal(), sent)).ok_or_else(|| {
        let message =
            "This page was open for too long, or your browser keeps no cookies. Open it again and try once more.";
        AppError::forbidden("csrf", message)
    })
}

fn with_return(path: &str, return_to: &str) -> String {
    if return_to.is_empty() {
        return path.into();
    }
    let encoded: String = url::form_urlencoded::byte_serialize(return_to.as_bytes()).collect();
    format!("{path}?return_to={encoded}")
}
