//! Questions about rounds over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{AskedQuestion, NewAnswer, NewQuestion, PublishedQuestion, QuestionRefusal},
    service,
};
use crate::http::{App, Call, IfMatch, Json, Refused, one_of, respond};

type Answer = Result<HttpResponse, Refused>;

/// What was asked about a round and answered to everybody, the newest answer first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/questions", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<PublishedQuestion>)))]
pub async fn answers(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::answers(&app, &call, slug.into_inner()).await?.published))
}

/// Asks about a round, until its last stage closes. Nobody but the fund's staff learns who asked.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/questions", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewQuestion, responses((status = 201, body = AskedQuestion)))]
pub async fn ask(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewQuestion>) -> Answer {
    let asked = service::put_question(&app, &call, slug.clone(), body.0).await?;
    let location = format!("/api/v1/rounds/{slug}/questions/{}", asked.number);
    Ok(respond::created(&location, asked.version, &asked))
}

/// The questions as they were asked: all of them for the fund's staff, those of their own organisations for everybody else.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/questions/asked", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<AskedQuestion>)))]
pub async fn asked(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::asked(&app, &call, slug.into_inner()).await?))
}

/// One question as it was asked, with what is published of it, for the fund's staff and for the organisation that asked it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/questions/{number}", tag = "rounds",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = AskedQuestion)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, number) = one_of(path.into_inner())?;
    let asked = service::one(&app, &call, slug, number).await?;
    Ok(respond::versioned(asked.version, &asked))
}

/// Publishes an answer, or a correction of it, beside which what it said before stays readable.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/questions/{number}", tag = "rounds",
    params(("slug" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)),
    request_body = NewAnswer, responses((status = 200, body = AskedQuestion)))]
pub async fn answer(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<NewAnswer>,
) -> Answer {
    let (slug, number) = one_of(path.into_inner())?;
    let answered = service::put_answer(&app, &call, slug, (number, version.0), body.0).await?;
    Ok(respond::versioned(answered.version, &answered))
}

/// Says to whoever asked why a question is not published.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/questions/{number}/refuse", tag = "rounds",
    params(("slug" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)),
    request_body = QuestionRefusal, responses((status = 200, body = AskedQuestion)))]
pub async fn refuse(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<QuestionRefusal>,
) -> Answer {
    let (slug, number) = one_of(path.into_inner())?;
    let refused = service::refuse(&app, &call, slug, (number, version.0), body.0).await?;
    Ok(respond::versioned(refused.version, &refused))
}
