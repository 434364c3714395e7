//! Answers over REST.

use actix_web::{HttpResponse, http::header};
use serde::Serialize;

/// 200 with a body that must not be kept by caches.
pub fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

/// 202 with what is waited for: it was taken in, and others have to do their part.
pub fn accepted(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Accepted().insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

/// 200 with a versioned resource.
pub fn versioned(version: i32, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, etag(version)))
        .json(body)
}

/// 200 with something that has a tag of its own, for whoever answers it.
pub fn tagged(tag: &str, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, format!("\"{tag}\"")))
        .json(body)
}

/// 201 with the new resource and where it is.
pub fn created(location: &str, version: i32, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, etag(version)))
        .json(body)
}

/// 201 with something new that is read in a list, and where that is.
pub fn listed(location: &str, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(body)
}

/// 204: it is done, and there is nothing to say of it.
pub fn nothing() -> HttpResponse {
    HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish()
}

/// 200 with a file to be saved under `name`, in whatever letters it is written (RFC 6266).
pub fn file(name: &str, media_type: &str, file: Vec<u8>) -> HttpResponse {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let plain: String = stem.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let plain = plain.trim_end_matches('-');
    let encoded: String = name.bytes().map(in_header).collect();
    let disposition = format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{encoded}");
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .content_type(media_type)
        .body(file)
}

/// The same with a file that somebody else has made: whatever it is, no browser runs or shows it as a page of ours.
pub fn sandboxed(name: &str, media_type: &str, file: Vec<u8>) -> HttpResponse {
    let mut answer = self::file(name, media_type, file);
    let policy = header::HeaderValue::from_static("sandbox; default-src 'none'");
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("private, no-store"));
    answer
}

/// A byte of a name as RFC 8187 writes it.
fn in_header(byte: u8) -> String {
    let plain = byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// The entity tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"v{version}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_name_in_every_letter_and_has_one_for_old_programs() {
        let answer = file("A-1 ŵyl, \"x\".pdf", "application/pdf", Vec::new());
        let said = answer.headers().get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
        let expected = "attachment; filename=\"A-1--yl---x.pdf\"; filename*=UTF-8''A-1%20%C5%B5yl%2C%20%22x%22.pdf";
        assert_eq!(said, Some(expected));
    }
}
