//! Another lead, a council that joins and two bids that become one, over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};

use super::Answer;
use crate::{
    approvals::model::RefusalBody,
    error::Result,
    http::{App, Call, Json, in_address, respond},
    ids::{Id, RowKey},
    journey::service::proposals::{self, Answering, ProposalView},
    partnerships::proposals::model::NewProposal,
};

type BidAndId = Path<(String, String)>;

/// An id that is none names nothing.
fn read(path: BidAndId) -> Result<(String, Id<RowKey>)> {
    let (reference, id) = path.into_inner();
    Ok((reference, in_address(&id)?))
}

fn shown(view: &ProposalView) -> HttpResponse {
    respond::versioned(view.version, view)
}

/// The changes of bids' councils in a round that wait for the fund, for its managers: whoever was asked first comes first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/partnership-changes", tag = "partnerships",
    params(("slug" = String, Path)), responses((status = 200, body = Vec<ProposalView>)))]
pub async fn waiting(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&proposals::waiting(&app, &call, slug.into_inner()).await?.1))
}

/// What is and was proposed about the councils of a bid, newest first: for its councils all of it, for staff what concerns the
/// fund, for everybody else the requests of their own council to join.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/partnership-changes", tag = "partnerships",
    params(("reference" = String, Path)), responses((status = 200, body = Vec<ProposalView>)))]
pub async fn list(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&proposals::proposals(&app, &call, reference.into_inner()).await?))
}

/// Proposes another lead, or that two bids become one; or asks for one's own council to join a bid whose expression of
/// interest is published. Nothing changes before everybody has agreed who has to.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partnership-changes", tag = "partnerships",
    params(("reference" = String, Path)), request_body = NewProposal,
    responses((status = 201, body = ProposalView)))]
pub async fn propose(app: Data<App>, call: Call, reference: Path<String>, body: Json<NewProposal>) -> Answer {
    let view = proposals::propose(&app, &call, reference.clone(), body.0).await?;
    let location = format!("/api/v1/bids/{reference}/partnership-changes/{}", view.id);
    Ok(respond::created(&location, view.version, &view))
}

/// One of them: what it would change, who has agreed and who is waited for.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/partnership-changes/{id}", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 200, body = ProposalView)))]
pub async fn show(app: Data<App>, call: Call, path: BidAndId) -> Answer {
    Ok(shown(&proposals::proposal(&app, &call, read(path)?).await?))
}

/// Agrees for one's own side to the terms whose hash was read (`seen`). With the last agreement it is done. Where the terms
/// are others by now, nothing is agreed to.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partnership-changes/{id}/agree", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), request_body = Answering,
    responses((status = 200, body = ProposalView)))]
pub async fn agree(app: Data<App>, call: Call, path: BidAndId, body: Json<Answering>) -> Answer {
    Ok(shown(&proposals::agree(&app, &call, read(path)?, body.0).await?))
}

/// Says no, and why: whoever proposed it reads the reason.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partnership-changes/{id}/refuse", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), request_body = RefusalBody,
    responses((status = 200, body = ProposalView)))]
pub async fn refuse(app: Data<App>, call: Call, path: BidAndId, body: Json<RefusalBody>) -> Answer {
    Ok(shown(&proposals::refuse(&app, &call, read(path)?, body.0.reason).await?))
}

/// Takes back what one's own side proposed; otherwise that one's side has agreed.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/partnership-changes/{id}/take-back", tag = "partnerships",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 200, body = ProposalView)))]
pub async fn take_back(app: Data<App>, call: Call, path: BidAndId) -> Answer {
    Ok(shown(&proposals::take_back(&app, &call, read(path)?).await?))
}
