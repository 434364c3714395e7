//! Forms that were sent when the session had ended, or before a fresh code was entered. They are sent again by a button,
//! never by themselves, from the same browser and by the same person.

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse, cookie::Cookie, dev::Payload, web::Data, web::Path,
};
use serde::Serialize;

use super::{
    super::service::kept_forms::{self as service, Sent},
    cookies,
};
use crate::{
    clock::Moment,
    error::Result,
    http::{App, Call, Refused, in_address, middleware::Received},
    identity::kept_forms,
    ids::{Id, RowKey},
    web::{Form, Page, Posted, Visit, Written},
};

type Answer = Result<HttpResponse, Refused>;

/// The parameter of an address that says which kept form is sent to it again.
const AGAIN: &str = "kept";
/// What a form without a file is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// What was kept.
#[derive(Debug, Serialize)]
pub struct KeptFormsPage {
    /// The forms, the newest first.
    pub forms: Vec<Kept>,
}

impl Page for KeptFormsPage {
    const TEMPLATE: &'static str = "account/kept-forms.html";
}

/// A form that was kept.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// Its id.
    pub id: Id<RowKey>,
    /// The path that it was sent to.
    pub path: String,
    /// Where it is sent again.
    pub action: String,
    /// When it was sent.
    pub kept_at: Moment,
    /// All its fields, in order.
    pub fields: Vec<(String, String)>,
    /// What a person wrote into them.
    pub written: Vec<Written>,
}

impl From<kept_forms::KeptForm> for Kept {
    fn from(kept: kept_forms::KeptForm) -> Self {
        let form = Form::parse(kept.body.as_bytes()).unwrap_or_default();
        Self {
            action: format!("{}?{AGAIN}={}", kept.path, kept.id),
            written: Written::of(&form),
            fields: form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            id: kept.id,
            path: kept.path,
            kept_at: kept.kept_at,
        }
    }
}

/// GET /kept-forms
pub async fn show(visit: Visit, request: HttpRequest) -> Answer {
    let kept = service::list(&visit.app, &visit.call, cookies::known_or_new(&visit.app, &request)).await?;
    visit.page(&KeptFormsPage { forms: kept.into_iter().map(Kept::from).collect() }).await
}

/// POST /kept-forms/{form}/discard
pub async fn discard(visit: Visit, request: HttpRequest, form: Path<String>, _posted: Posted) -> Answer {
    let browser = cookies::known_or_new(&visit.app, &request);
    service::forget(&visit.app, &visit.call, browser, in_address(&form)?).await?;
    Ok(visit.see_with_success("/kept-forms", "What you wrote there is discarded."))
}

/// Keeps the form of a request whose session had ended or was renewed, or that waits for a fresh code; gives the cookie by which
/// its browser is known from now on, or nothing when there was nothing that may be kept.
///
/// # Errors
/// When the database fails.
pub async fn keep(request: &HttpRequest) -> Result<Option<Cookie<'static>>> {
    let Some(app) = request.app_data::<Data<App>>() else { return Ok(None) };
    let Some(Received { at, body }) = request.extensions().get::<Received>().cloned() else { return Ok(None) };
    // A file is chosen again: what a page has sent with it is not a form that could be sent by a button.
    if request.content_type() != FORM {
        return Ok(None);
    }
    let (Some(token), Ok(form)) = (cookies::token_of(app, request), Form::parse(&body)) else { return Ok(None) };
    let body = form.encoded_without("csrf");
    if !kept_forms::may_be_kept(request.path(), &body) {
        return Ok(None);
    }
    let browser = cookies::known_or_new(app, request);
    let cookie = cookies::asked(app, &browser);
    let kept = service::keep(app, Sent { token, browser, path: request.uri().path().to_owned(), body, at }).await?;
    Ok(kept.then_some(cookie))
}

/// Forgets the kept form that a request has sent again, if it has.
///
/// # Errors
/// When the database fails.
pub async fn forget_sent(request: &HttpRequest) -> Result<()> {
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    let named = pairs.into_iter().find(|(name, _)| name == AGAIN).and_then(|(_, form)| form.parse().ok());
    let (Some(form), Some(app)) = (named, request.app_data::<Data<App>>()) else { return Ok(()) };
    let Some(browser) = cookies::browser_of(app, request) else { return Ok(()) };
    let call = Call::from_request(request, &mut Payload::None).await.map_err(|refused| refused.0)?;
    service::forget(app, &call, browser, form).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_form_shows_what_was_written_and_sends_everything() {
        let body = "version=3&answer=Words+%26+more&ask_pence=60%2C000&then=later&answer=Again&reason=";
        let kept = kept_forms::KeptForm {
            id: Id::of(uuid::Uuid::nil()),
            path: "/bids/TEST-0001/questions/problem".into(),
            body: body.into(),
            kept_at: Moment::from_micros(0),
        };
        let shown = Kept::from(kept);
        let words: Vec<_> = shown.written.iter().map(|field| (field.label.as_str(), field.text.as_str())).collect();
        assert_eq!(words, [("Answer", "Words & more"), ("Ask", "60,000"), ("Answer", "Again")]);
        assert_eq!(shown.fields.len(), 6);
        let id = "00000000-0000-0000-0000-000000000000";
        assert_eq!(shown.action, format!("/bids/TEST-0001/questions/problem?kept={id}"));
    }
}
