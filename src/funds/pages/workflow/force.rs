//! Comparing the working copy with what is in force, putting it into force, and the versions that were.

use actix_web::{http::StatusCode, web::Path};
use serde::{Deserialize, Serialize};

use super::{Answer, Head, path_of, said_of, with_faults};
use crate::{
    error::AppError,
    funds::service::{self, Comparison, Reason, WorkflowDesk, WorkflowVersion},
    http::Query,
    web::{Page, Posted, Visit},
    workflow::diff::diff,
};

/// What the working copy changes, and the form that puts it into force.
#[derive(Debug, Serialize)]
pub struct ForcePage {
    /// What stands above.
    pub head: Head,
    /// Whether the reader may put it into force.
    pub may_edit: bool,
    /// Whether it can be read.
    pub readable: bool,
    /// What it changes, each a sentence.
    pub changes: Vec<String>,
    /// What stands in the way, each a sentence.
    pub faults: Vec<String>,
    /// The reason that was written.
    pub reason: String,
}

impl Page for ForcePage {
    const TEMPLATE: &'static str = "rounds/workflow/force.html";
}

impl ForcePage {
    fn of(desk: &WorkflowDesk, reason: String) -> Result<Self, AppError> {
        let copy = desk.copy.as_ref().ok_or(AppError::NotFound)?;
        let changes = desk.definition.as_ref().map(|definition| diff(&desk.in_force, definition).in_words());
        Ok(Self {
            head: Head::of(desk),
            may_edit: desk.may_edit,
            readable: changes.is_some(),
            changes: changes.unwrap_or_default(),
            faults: copy.faults.iter().map(|fault| said_of(desk.definition.as_ref(), fault)).collect(),
            reason,
        })
    }
}

/// Shows what the working copy changes of what is in force.
pub async fn ask(visit: Visit, slug: Path<String>) -> Answer {
    let desk = service::workflow_desk(&visit.app, &visit.call, slug.into_inner()).await?;
    visit.page(&ForcePage::of(&desk, String::new())?).await
}

/// Puts it into force.
pub async fn put(visit: Visit, slug: Path<String>, form: Posted) -> Answer {
    let why = Reason { reason: form.0.text("reason") };
    match service::adopt_draft(&visit.app, &visit.call, slug.clone(), form.0.version(), why.clone()).await {
        Ok(adopted) => {
            let told = format!("Version {} is in force. New bids follow it.", adopted.number);
            Ok(visit.see_with_success(&path_of(&slug, "/moves"), &told))
        }
        Err(AppError::Invalid(faults)) => {
            let faults = faults.into_iter().map(|fault| ("reason".to_owned(), fault.message));
            again(&visit, slug.into_inner(), why, (StatusCode::UNPROCESSABLE_ENTITY, faults.collect())).await
        }
        Err(AppError::Conflict { code: "nothing_changed", message }) => {
            let faults = vec![("reason".to_owned(), message)];
            again(&visit, slug.into_inner(), why, (StatusCode::CONFLICT, faults)).await
        }
        Err(AppError::Stale { .. }) => {
            let told = "Somebody else changed the working copy. Read what it changes now, then decide again.";
            let faults = vec![("reason".to_owned(), told.to_owned())];
            again(&visit, slug.into_inner(), why, (StatusCode::PRECONDITION_FAILED, faults)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn again(
    visit: &Visit,
    slug: String,
    why: Reason,
    (status, faults): (StatusCode, Vec<(String, String)>),
) -> Answer {
    let desk = service::workflow_desk(&visit.app, &visit.call, slug).await?;
    with_faults(visit, status, &ForcePage::of(&desk, why.reason)?, faults).await
}

/// The versions of a round's workflow.
#[derive(Debug, Serialize)]
pub struct VersionsPage {
    /// The round's title.
    pub round: String,
    /// Its place in addresses.
    pub slug: String,
    /// The versions, newest first.
    pub versions: Vec<WorkflowVersion>,
    /// What one changes of another, where that was asked for.
    pub compared: Option<Comparison>,
}

impl Page for VersionsPage {
    const TEMPLATE: &'static str = "rounds/workflow/versions.html";
}

/// Which versions to compare.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// The older.
    pub from: Option<i32>,
    /// The newer.
    pub to: Option<i32>,
}

/// The versions of a round's workflow, for everybody who may see the round.
pub async fn versions(visit: Visit, slug: Path<String>, which: Query<Which>) -> Answer {
    let slug = slug.into_inner();
    let round = service::round(&visit.app, &visit.call, slug.clone()).await?.round.title;
    let mut versions = service::workflow_versions(&visit.app, &visit.call, slug.clone()).await?;
    versions.reverse();
    let compared = match which.from.zip(which.to) {
        Some(two) => Some(service::compare_workflows(&visit.app, &visit.call, slug.clone(), two).await?),
        None => None,
    };
    visit.page(&VersionsPage { round, slug, versions, compared }).await
}
