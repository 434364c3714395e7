//! Reading and scoring offline, over REST.

use actix_web::{
    HttpMessage, HttpRequest,
    http::header,
    web::{Data, Path},
};

use super::{model::Item, service};
use crate::{
    assessment::api::Answer,
    error::{AppError, Result},
    http::{App, Call, middleware, respond},
};

const TEXT: &str = "text/plain";

/// All bids of a round that one was given, each as a PDF with what the fund asked its councils and what the fund team answered those
/// who read it, their documents, and the form for one's scores, in a ZIP file.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/reading-pack", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "application/zip")))]
pub async fn pack(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let pack = service::pack(&app, &call, slug.clone()).await?;
    Ok(respond::file(&format!("{slug} to read.zip"), "application/zip", pack))
}

/// The form for one's scores of a round, in plain text, with what is scored already.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/score-form", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/plain")))]
pub async fn form(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let slug = slug.into_inner();
    let form = service::form(&app, &call, slug.clone()).await?;
    Ok(respond::file(&format!("{slug} scores.txt"), "text/plain; charset=utf-8", form.into_bytes()))
}

/// Sends the form back: bid by bid, what it says is kept or refused.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/score-form", tag = "assessment", params(("slug" = String, Path)),
    request_body(content = String, content_type = "text/plain"), responses((status = 200, body = Vec<Item>)))]
pub async fn take(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let slug = slug.into_inner();
    Ok(respond::ok(&service::take(&app, &call, slug, text_of(&request)).await?))
}

fn text_of(request: &HttpRequest) -> Result<Vec<u8>> {
    if request.content_type() != TEXT {
        let what = request.headers().get(header::CONTENT_TYPE).is_some();
        let message =
            if what { "Send the form as text/plain." } else { "Say with Content-Type: text/plain what you send." };
        return Err(AppError::invalid("", "not_text", message));
    }
    Ok(middleware::body_of(request))
}
