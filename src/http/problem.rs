//! Errors as application/problem+json (RFC 9457), with a stable `code` and a JSON Pointer per wrong field.
//!
//! On pages the same problem is shown as a page: the response carries it as an extension, from which the renderer of the
//! web room makes HTML.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;

use crate::error::{AppError, Fault};

/// A refusal on its way to the caller.
#[derive(Debug)]
pub struct Refused(pub AppError);

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the caller reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable code for programs.
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// What is wrong field by field, in the form's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Where, as a JSON Pointer into the body that was sent.
    pub pointer: String,
    /// A stable code for programs.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl From<&Fault> for FieldProblem {
    fn from(fault: &Fault) -> Self {
        let pointer = if fault.field.is_empty() { String::new() } else { format!("/{}", fault.field) };
        Self { pointer, code: fault.code.to_string(), message: fault.message.clone() }
    }
}

impl Problem {
    /// The problem as the caller may read it: never an internal text.
    pub fn of(error: &AppError) -> Self {
        let (status, code, detail) = describe(error);
        let errors = match error {
            AppError::Invalid(faults) => faults.iter().map(FieldProblem::from).collect(),
            _ => Vec::new(),
        };
        Self {
            kind: format!("/problems/{code}"),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            code: code.into(),
            detail,
            errors,
        }
    }
}

fn describe(error: &AppError) -> (StatusCode, &'static str, String) {
    match error {
        AppError::NotFound => {
            (StatusCode::NOT_FOUND, "not_found", "There is nothing here, or you may not see it.".into())
        }
        AppError::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first.".into()),
        AppError::Forbidden { code, message } => (StatusCode::FORBIDDEN, code, message.clone()),
        AppError::Invalid(faults) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", first_message(faults)),
        AppError::Conflict { code, message } => (StatusCode::CONFLICT, code, message.clone()),
        AppError::Stale { current } => {
            let detail = format!("Somebody changed this meanwhile: it is at version {current} now. Read it again.");
            (StatusCode::PRECONDITION_FAILED, "stale_version", detail)
        }
        AppError::Changed => {
            let detail = "This has changed since you read it. Read it again, then answer.";
            (StatusCode::PRECONDITION_FAILED, "changed_since", detail.into())
        }
        AppError::VersionNeeded => {
            let detail = "Send If-Match with the ETag of the version that you change, or the tag of what you answer.";
            (StatusCode::PRECONDITION_REQUIRED, "version_needed", detail.into())
        }
        AppError::TooLarge { limit } => {
            (StatusCode::PAYLOAD_TOO_LARGE, "too_large", format!("Send at most {limit} bytes."))
        }
        AppError::RateLimited { retry_after } => {
            let detail = format!("Too many tries. Come back in {} seconds.", retry_after.as_secs().max(1));
            (StatusCode::TOO_MANY_REQUESTS, "too_many_tries", detail)
        }
        AppError::Busy { .. } => (
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "The service is busy. Nothing was saved: try again in a few seconds.".into(),
        ),
        AppError::Database(_) | AppError::Internal(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side. Nothing was saved.".into(),
        ),
    }
}

fn first_message(faults: &[Fault]) -> String {
    match faults {
        [only] => only.message.clone(),
        [first, rest @ ..] => format!("{} There is more: {} in all.", first.message, rest.len() + 1),
        [] => "What was sent is wrong.".into(),
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        describe(&self.0).0
    }

    fn error_response(&self) -> HttpResponse {
        if let AppError::Database(_) | AppError::Internal(_) = &self.0 {
            tracing::error!(error = %self.0, "a request failed");
        }
        let problem = Problem::of(&self.0);
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let AppError::RateLimited { retry_after } | AppError::Busy { retry_after } = &self.0 {
            response.insert_header((header::RETRY_AFTER, seconds(*retry_after)));
        }
        if let AppError::Unauthenticated = self.0 {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = response.body(body);
        response.extensions_mut().insert(problem);
        response
    }
}

fn seconds(time: Duration) -> String {
    time.as_secs().max(1).to_string()
}
