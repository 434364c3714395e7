//! Forms that carry a file (`multipart/form-data`), with the token that every form of ours carries.

use std::{future::Future, pin::Pin};

use actix_multipart::{Field, Multipart};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, error::PayloadError, web::Bytes};
use futures_util::{StreamExt, stream};

use super::{
    Form,
    visit::{require_token, unchecked},
};
use crate::{
    error::{AppError, Result},
    http::{Call, Refused, middleware::Received},
};

/// The parts that a form of ours has; many more than it needs.
const MOST_PARTS: usize = 20;
/// The longest field beside the file.
const LONGEST_FIELD: usize = 10_000;
/// The reader of parts takes a body piece by piece.
const PIECE: usize = 16 * 1024;

/// A file as a page of ours has sent it.
#[derive(Debug, Clone)]
pub struct SentFile {
    /// What it is called on the sender's machine.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// A form with a file, which a page of ours sent in this session: its token is checked.
#[derive(Debug)]
pub struct PostedFile {
    /// The form's other fields.
    pub form: Form,
    /// The file, if one was chosen.
    pub file: Option<SentFile>,
}

impl FromRequest for PostedFile {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let call = Call::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let posted = if request.content_type() == "multipart/form-data" {
                read(&request).await?
            } else {
                Self { form: unchecked(&request)?, file: None }
            };
            require_token(&call.await?, &posted.form)?;
            Ok(posted)
        })
    }
}

async fn read(request: &HttpRequest) -> Result<PostedFile> {
    let body = request.extensions().get::<Received>().map(|received| received.body.clone()).unwrap_or_default();
    let length = body.len();
    let pieces = (0..length).step_by(PIECE).map(move |from| body.slice(from..length.min(from + PIECE)));
    let mut parts = Multipart::new(request.headers(), stream::iter(pieces.map(Ok::<_, PayloadError>)));
    let (mut fields, mut file, mut count) = (Vec::new(), None, 0);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_unreadable| wrong())?;
        count += 1;
        if count > MOST_PARTS {
            return Err(wrong());
        }
        match name_of_file(&part) {
            Some(name) => {
                let bytes = bytes_of(&mut part, length).await?;
                // A browser sends an empty part without a name where no file was chosen.
                file = file.or((!name.is_empty()).then_some(SentFile { name, bytes }));
            }
            None => {
                let name = part.name().unwrap_or_default().to_owned();
                let value = bytes_of(&mut part, LONGEST_FIELD).await?;
                fields.push((name, String::from_utf8(value.to_vec()).map_err(|_no_utf8| wrong())?));
            }
        }
    }
    Ok(PostedFile { form: Form::of(fields), file })
}

/// A browser writes three characters of a name as it does in addresses, and no others.
fn name_of_file(part: &Field) -> Option<String> {
    let name = part.content_disposition()?.get_filename()?;
    Some(name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
}

async fn bytes_of(part: &mut Field, limit: usize) -> Result<Bytes> {
    part.bytes(limit).await.map_err(|_too_long| wrong())?.map_err(|_unreadable| wrong())
}

fn wrong() -> AppError {
    AppError::invalid(
        "file",
        "wrong_form",
        "The form could not be read. Open the page again and choose the file once more.",
    )
}
