//! Assessment over REST.

pub mod panel;
pub mod ranking;
pub mod scores;
pub mod sift;

use actix_web::HttpResponse;

use crate::http::Refused;

pub(super) type Answer = Result<HttpResponse, Refused>;
