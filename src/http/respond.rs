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

/// The entity tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"v{version}\"")
}
