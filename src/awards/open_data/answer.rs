//! An answer that caches may keep and ask again about: its entity tag is the hash of what is published, its date of
//! change an instant that is published.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header, HttpDate, IfModifiedSince, IfNoneMatch},
};
use sha2::{Digest, Sha256};

use crate::clock::Moment;

/// What is published, ready to be sent.
#[derive(Debug, Clone)]
pub struct Published {
    /// The media type.
    pub media: &'static str,
    /// The name of the file when it is saved; none for what is read in place.
    pub file: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Since when it has been so.
    pub changed: Moment,
}

impl Published {
    /// 200 with the bytes, or 304 where the caller has them already.
    pub fn answer(self, request: &HttpRequest) -> HttpResponse {
        let tag = EntityTag::new_strong(hex::encode(Sha256::digest(&self.bytes)));
        let changed = HttpDate::from(std::time::SystemTime::from(self.changed.utc()));
        let known = is_known(request, &tag, changed);
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((header::ETAG, tag.to_string()))
            .insert_header((header::LAST_MODIFIED, changed.to_string()))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
        if known {
            return response.finish();
        }
        if let Some(file) = self.file {
            response.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")));
        }
        response.content_type(self.media).body(self.bytes)
    }
}

fn is_known(request: &HttpRequest, tag: &EntityTag, changed: HttpDate) -> bool {
    if request.headers().contains_key(header::IF_NONE_MATCH) {
        return match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
            Err(_) => false,
        };
    }
    IfModifiedSince::parse(request).is_ok_and(|IfModifiedSince(since)| changed <= since)
}
