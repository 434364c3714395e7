//! Styles, scripts and the icon, carried by the binary and served at addresses that change with their content.
//!
//! One digest stands for the whole set, so that a script can import its neighbour by a relative path.

use std::{
    borrow::Cow,
    future::{Ready, ready},
    sync::LazyLock,
};

use actix_web::{HttpResponse, http::header, web};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::Colour;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/assets"]
struct Files;

/// The first 16 hexadecimal digits of the digest over every name and content.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hasher = Sha256::new();
    for (name, file) in names.iter().filter_map(|name| Some((name, Files::get(name)?))) {
        hasher.update(name.as_bytes());
        hasher.update(&file.data);
    }
    hex::encode(hasher.finalize()).chars().take(16).collect()
});

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type, which browsers are told not to guess.
    pub content_type: &'static str,
    /// Whether the address carried this binary's digest, so that the content at it can never change.
    pub lasting: bool,
}

/// The address of a file, or `None` when there is no such file.
pub fn url(name: &str) -> Option<String> {
    Files::get(name).map(|_| format!("/assets/{}/{name}", *DIGEST))
}

/// The address of the style sheet that sets the brand's colour.
pub fn brand_url(colour: Colour) -> String {
    format!("/assets/{}/brand-{}.css", *DIGEST, colour.digits())
}

/// What stands at `<digest>/<name>`. Another digest than ours (a replica of another version wrote the page) still gets
/// our file, so that no page goes without its style; only it may not be kept.
pub fn get(path: &str) -> Option<Asset> {
    let (digest, name) = path.split_once('/')?;
    let bytes = brand(name).or_else(|| Files::get(name).map(|file| file.data))?;
    Some(Asset { bytes, content_type: content_type(name)?, lasting: digest == *DIGEST })
}

/// Answers `GET /assets/{path:.*}`.
pub fn serve(path: web::Path<String>) -> Ready<HttpResponse> {
    ready(get(&path).map_or_else(|| HttpResponse::NotFound().finish(), answer))
}

fn answer(asset: Asset) -> HttpResponse {
    let keep = if asset.lasting { "public, max-age=31536000, immutable" } else { "no-store" };
    HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((header::CACHE_CONTROL, keep))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(asset.bytes.into_owned())
}

/// The style sheet `brand-<colour>.css`: one custom property, from which the design system takes its colour.
fn brand(name: &str) -> Option<Cow<'static, [u8]>> {
    let digits = name.strip_prefix("brand-")?.strip_suffix(".css")?;
    let colour: Colour = format!("#{digits}").parse().ok()?;
    Some(format!(":root{{--govuk-brand-colour:{colour}}}\n").into_bytes().into())
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}
