//! Workflows over REST: the ready ones, the check of any other, and a round's own versions with the working copy of the next.

use actix_web::web::{Data, Path};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Answer;
use crate::{
    funds::service::{self, Checked, Comparison, NewDraft, ReadyWorkflow, Reason, WorkflowVersion, WorkingCopy},
    http::{App, Call, IfMatch, Json, Query, Raw, in_address, respond},
    workflow::{MAX_BYTES, schema},
};

/// The workflows that a round can begin with.
#[utoipa::path(get, path = "/api/v1/workflows", tag = "workflows",
    responses((status = 200, body = Vec<ReadyWorkflow>)))]
pub async fn list(_call: Call) -> Answer {
    Ok(respond::ok(&service::ready_workflows()))
}

/// One of them in full.
#[utoipa::path(get, path = "/api/v1/workflows/{id}", tag = "workflows", params(("id" = String, Path)),
    responses((status = 200, body = Object)))]
pub async fn show(_call: Call, id: Path<String>) -> Answer {
    Ok(respond::ok(&service::ready_workflow(&id)?))
}

/// The JSON Schema (draft 2020-12) of a workflow, as `roundtable check-workflow --schema` prints it.
#[utoipa::path(get, path = "/api/v1/workflows/schema", tag = "workflows",
    responses((status = 200, body = Object)))]
pub async fn show_schema(_call: Call) -> Answer {
    Ok(respond::ok(&schema::schema()))
}

/// Checks a workflow without keeping it: every fault with its place, the reason and a suggestion, of what cannot be read
/// as well.
#[utoipa::path(post, path = "/api/v1/workflows/check", tag = "workflows", request_body = Value,
    responses((status = 200, body = Checked)))]
pub async fn check(call: Call, body: Raw) -> Answer {
    Ok(respond::ok(&service::check_workflow(&call, body.within(MAX_BYTES)?)?))
}

/// The versions of a round's workflow, oldest first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow/versions", tag = "workflows",
    params(("slug" = String, Path)), responses((status = 200, body = Vec<WorkflowVersion>)))]
pub async fn versions(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::workflow_versions(&app, &call, slug.into_inner()).await?))
}

/// A version with what it says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkflowVersionInFull {
    /// Which it is.
    #[serde(flatten)]
    pub about: WorkflowVersion,
    /// The definition.
    #[schema(value_type = Object)]
    pub definition: Value,
}

/// One version of a round's workflow.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow/versions/{number}", tag = "workflows",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = WorkflowVersionInFull)))]
pub async fn version(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, number) = path.into_inner();
    let number = in_address(&number)?;
    let (about, definition) = service::workflow_version(&app, &call, slug, number).await?;
    Ok(respond::ok(&WorkflowVersionInFull { about, definition }))
}

/// Two versions.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Two {
    /// The one that is compared.
    pub from: i32,
    /// The one with which it is compared.
    pub to: i32,
}

/// What one version of a round's workflow changes of another, in words and as data.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow/diff", tag = "workflows",
    params(("slug" = String, Path), Two), responses((status = 200, body = Comparison)))]
pub async fn diff(app: Data<App>, call: Call, slug: Path<String>, two: Query<Two>) -> Answer {
    let compared = service::compare_workflows(&app, &call, slug.into_inner(), (two.from, two.to)).await?;
    Ok(respond::ok(&compared))
}

/// The working copy of a round's workflow, with everything that keeps it from being put into force.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/workflow/draft", tag = "workflows", params(("slug" = String, Path)),
    responses((status = 200, body = WorkingCopy)))]
pub async fn show_draft(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let copy = service::working_copy(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(copy.version, &copy))
}

/// Begins a working copy with the version in force, or with a ready workflow.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/workflow/draft", tag = "workflows", params(("slug" = String, Path)),
    request_body = NewDraft, responses((status = 201, body = WorkingCopy)))]
pub async fn begin_draft(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewDraft>) -> Answer {
    let copy = service::begin_draft(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::created(&path_of(&slug, "draft"), copy.version, &copy))
}

fn path_of(slug: &str, what: &str) -> String {
    format!("/api/v1/rounds/{slug}/workflow/{what}")
}

/// Writes the working copy anew. It is kept to the byte, sound or not, and answers with its faults.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/workflow/draft", tag = "workflows",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = Value,
    responses((status = 200, body = WorkingCopy)))]
pub async fn save_draft(app: Data<App>, call: Call, slug: Path<String>, version: IfMatch, body: Raw) -> Answer {
    let sent = body.within(MAX_BYTES)?;
    let copy = service::save_draft(&app, &call, slug.into_inner(), version.0, sent).await?;
    Ok(respond::versioned(copy.version, &copy))
}

/// Discards the working copy.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/workflow/draft", tag = "workflows",
    params(("slug" = String, Path), ("If-Match" = String, Header)), responses((status = 204)))]
pub async fn discard_draft(app: Data<App>, call: Call, slug: Path<String>, version: IfMatch) -> Answer {
    service::discard_draft(&app, &call, slug.into_inner(), version.0).await?;
    Ok(respond::nothing())
}

/// Puts the working copy into force as the next version: new bids follow it, those that were started stay on theirs.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/workflow/draft/adopt", tag = "workflows",
    params(("slug" = String, Path), ("If-Match" = String, Header)), request_body = Reason,
    responses((status = 201, body = WorkflowVersion)))]
pub async fn adopt(app: Data<App>, call: Call, slug: Path<String>, version: IfMatch, body: Json<Reason>) -> Answer {
    let adopted = service::adopt_draft(&app, &call, slug.clone(), version.0, body.0).await?;
    let location = path_of(&slug, &format!("versions/{}", adopted.number));
    Ok(respond::created(&location, adopted.number, &adopted))
}
