//! The pages that say why something did not work, each with a way on. They show what they are given: the public
//! message, never the cause that belongs in the log.

use serde::Serialize;

use super::{Page, Written};

/// 404, also for what the reader may not know exists.
#[derive(Debug, Serialize)]
pub struct NotFound;

/// 403: the reader may see the thing but not do this to it.
#[derive(Debug, Serialize)]
pub struct Forbidden {
    /// Why, in a sentence.
    pub reason: String,
}

/// 401: the page is for people who have signed in.
#[derive(Debug, Serialize)]
pub struct SignInNeeded {
    /// The path to come back to, with its query; ours, and already encoded for a query.
    pub return_to: String,
    /// Whether a form was sent, which has been kept and comes back after signing in.
    pub kept: bool,
}

/// 403: the form was opened before its session was renewed; it has been kept.
#[derive(Debug, Serialize)]
pub struct FormKept;

/// 409, 412 and 422: as things stand, it was not done.
#[derive(Debug, Serialize)]
pub struct Conflict {
    /// What the page says first.
    pub title: &'static str,
    /// Who changed what and when, or why it cannot be done, in a sentence.
    pub message: String,
    /// The path that was asked for.
    pub path: String,
    /// The page that shows how it stands now.
    pub current: String,
    /// Below which path the draft of a bid is kept that came too late.
    pub draft: Option<String>,
    /// What the reader wrote, question by question, so that nothing is lost.
    pub written: Vec<Written>,
}

/// 429: too many tries.
#[derive(Debug, Serialize)]
pub struct TooMany {
    /// Whole minutes to wait, at least one.
    pub minutes: u64,
}

/// 413: more than the service takes at once.
#[derive(Debug, Serialize)]
pub struct TooLarge {
    /// The limit in words, such as `10MB`.
    pub limit: String,
}

/// 500 and 503: a fault of ours.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// What to quote when asking for help.
    pub request_id: String,
    /// Whether trying again soon is likely to work (503).
    pub passing: bool,
}

impl Page for NotFound {
    const TEMPLATE: &'static str = "errors/not-found.html";
}
impl Page for Forbidden {
    const TEMPLATE: &'static str = "errors/forbidden.html";
}
impl Page for SignInNeeded {
    const TEMPLATE: &'static str = "errors/sign-in-needed.html";
}
impl Page for FormKept {
    const TEMPLATE: &'static str = "errors/form-kept.html";
}
impl Page for Conflict {
    const TEMPLATE: &'static str = "errors/conflict.html";
}
impl Page for TooMany {
    const TEMPLATE: &'static str = "errors/too-many.html";
}
impl Page for TooLarge {
    const TEMPLATE: &'static str = "errors/too-large.html";
}
impl Page for Problem {
    const TEMPLATE: &'static str = "errors/problem.html";
}
