//! A round's mails over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{MailPreview, MailText, PreviewBody, RoundMails},
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, IfMatch, Json, Refused, respond},
    mail::{Language, texts::Words},
};

type Answer = Result<HttpResponse, Refused>;

/// The slug, and which mail in which language.
fn of_path(path: Path<(String, String, String)>) -> Result<(String, (String, Language)), Refused> {
    let (slug, template, word) = path.into_inner();
    Ok((slug, (template, Language::from_word(&word).ok_or(AppError::NotFound)?)))
}

/// The mails that a round's workflow sends, step by step: when, to whom, and to how many people now.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/mails", tag = "mails", params(("slug" = String, Path)),
    responses((status = 200, body = RoundMails)))]
pub async fn list(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::mails(&app, &call, slug.into_inner()).await?))
}

/// The words of one mail in one language: the round's own with all their versions, the standard ones, and the names that words
/// can use. The version is 0 where the round has never had its own.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/mails/{template}/{language}", tag = "mails",
    params(("slug" = String, Path), ("template" = String, Path), ("language" = Language, Path)),
    responses((status = 200, body = MailText)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let (slug, (template, language)) = of_path(path)?;
    let text = service::text(&app, &call, slug, template, language).await?;
    Ok(respond::versioned(text.version, &text))
}

/// Puts a mail into the round's own words. Messages that are written already keep the words of then.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/mails/{template}/{language}", tag = "mails",
    params(("slug" = String, Path), ("template" = String, Path), ("language" = Language, Path),
        ("If-Match" = String, Header)),
    request_body = Words, responses((status = 200, body = MailText)))]
pub async fn save(
    app: Data<App>,
    call: Call,
    path: Path<(String, String, String)>,
    version: IfMatch,
    words: Json<Words>,
) -> Answer {
    let (slug, which) = of_path(path)?;
    let text = service::save(&app, &call, slug, which, version.0, words.0).await?;
    Ok(respond::versioned(text.version, &text))
}

/// Sends a mail in the standard words again. What it said stays among its versions.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/mails/{template}/{language}", tag = "mails",
    params(("slug" = String, Path), ("template" = String, Path), ("language" = Language, Path),
        ("If-Match" = String, Header)),
    responses((status = 204)))]
pub async fn remove(app: Data<App>, call: Call, path: Path<(String, String, String)>, version: IfMatch) -> Answer {
    let (slug, which) = of_path(path)?;
    service::remove(&app, &call, slug, which, version.0).await?;
    Ok(respond::nothing())
}

/// What a message would say with the data of a bid, in words that are kept or in others. Nothing is sent.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/mails/{template}/{language}/preview", tag = "mails",
    params(("slug" = String, Path), ("template" = String, Path), ("language" = Language, Path)),
    request_body = PreviewBody, responses((status = 200, body = MailPreview)))]
pub async fn preview(
    app: Data<App>,
    call: Call,
    path: Path<(String, String, String)>,
    body: Json<PreviewBody>,
) -> Answer {
    let (slug, which) = of_path(path)?;
    Ok(respond::ok(&service::preview(&app, &call, slug, which, body.0).await?.message))
}
