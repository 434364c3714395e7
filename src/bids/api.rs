//! Bids over REST.

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::{Deserialize, Serialize};

use super::{
    model::{CostLine, Promise, VersionInfo},
    service::{self, AnswerChange, BidView, HeadingChange, Late, Saved, StartBid, VersionInFull, VersionKey},
    store::{Filter, Row},
};
use crate::{
    clock::Moment,
    error::AppError,
    funds::rulebook::Stage,
    http::{App, Call, IfMatch, Json, Listing, PageRequest, Query, Refused, respond},
    ids::{BidKey, Id},
    money::Pence,
};

type Answer = Result<HttpResponse, Refused>;

/// A bid in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BidRow {
    /// Its id.
    pub id: Id<BidKey>,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// The lead authority's name.
    pub lead: String,
    /// Its state's id.
    pub state: String,
    /// The phase it bids for.
    pub phase: Option<String>,
    /// How much it asks for, in pence.
    pub ask_pence: Option<Pence>,
    /// When it was last submitted.
    pub submitted_at: Option<Moment>,
}

impl From<Row> for BidRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.bid.id,
            reference: row.bid.reference,
            title: row.bid.title,
            lead: row.lead,
            state: row.bid.state,
            phase: row.bid.phase,
            ask_pence: row.bid.ask_pence,
            submitted_at: row.bid.submitted_at,
        }
    }
}

/// Where a new bid is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Started {
    /// Its reference.
    pub reference: String,
}

/// A version after a change.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct NewVersion {
    /// The version that stands now.
    pub version: i32,
    /// That what was saved is kept and comes too late, where the stage had closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
}

fn saved(saved: Saved) -> HttpResponse {
    respond::versioned(saved.version, &NewVersion { version: saved.version, late: saved.late })
}

/// Starts a bid.
#[utoipa::path(post, path = "/api/v1/bids", tag = "bids", request_body = StartBid,
    responses((status = 201, body = Started)))]
pub async fn start(app: Data<App>, call: Call, body: Json<StartBid>) -> Answer {
    let reference = service::start(&app, &call, body.0).await?;
    Ok(respond::created(&format!("/api/v1/bids/{reference}"), 1, &Started { reference }))
}

/// The bids of one's own organisations, newest first.
#[utoipa::path(get, path = "/api/v1/bids", tag = "bids", params(PageRequest),
    responses((status = 200, body = Listing<BidRow>)))]
pub async fn own(app: Data<App>, call: Call, page: Query<PageRequest>) -> Answer {
    let listing = service::own(&app, &call, page.0).await?;
    let items = listing.items.into_iter().map(|(row, ..)| BidRow::from(row)).collect();
    Ok(respond::ok(&Listing::<BidRow> { items, next: listing.next }))
}

/// One bid.
#[utoipa::path(get, path = "/api/v1/bids/{reference}", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = BidView)))]
pub async fn show(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let (view, _) = service::bid(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(view.version, &view))
}

/// Changes title, phase and ask.
#[utoipa::path(patch, path = "/api/v1/bids/{reference}", tag = "bids",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = HeadingChange,
    responses((status = 200, body = NewVersion)))]
pub async fn change(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<HeadingChange>,
) -> Answer {
    Ok(saved(service::change_heading(&app, &call, reference.into_inner(), version.0, body.0).await?))
}

/// Writes an answer; If-Match carries the answer's version, `"v0"` where there is none yet.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/answers/{question}", tag = "bids",
    params(("reference" = String, Path), ("question" = String, Path), ("If-Match" = String, Header)),
    request_body = AnswerChange, responses((status = 200, body = NewVersion)))]
pub async fn put_answer(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: IfMatch,
    body: Json<AnswerChange>,
) -> Answer {
    let (reference, question) = path.into_inner();
    let answered = service::put_answer(&app, &call, reference, question, version.0, body.0).await;
    Ok(saved(answered.map_err(in_the_body)?))
}

/// Whatever the form calls the answer, the body has it as `value`.
fn in_the_body(error: AppError) -> AppError {
    let AppError::Invalid(mut faults) = error else { return error };
    for fault in faults.iter_mut().filter(|fault| fault.field.starts_with("answers/")) {
        fault.field = "value".into();
    }
    AppError::Invalid(faults)
}

/// The costs of a full application.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// The lines, in order.
    pub costs: Vec<CostLine>,
}

/// Writes the costs anew.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/costs", tag = "bids",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = Costs,
    responses((status = 200, body = NewVersion)))]
pub async fn put_costs(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<Costs>,
) -> Answer {
    Ok(saved(service::put_costs(&app, &call, reference.into_inner(), version.0, body.0.costs).await?))
}

/// The promised outcomes of a full application.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Promises {
    /// The outcomes, in order.
    pub promises: Vec<Promise>,
}

/// Writes the promised outcomes anew.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/promises", tag = "bids",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = Promises,
    responses((status = 200, body = NewVersion)))]
pub async fn put_promises(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<Promises>,
) -> Answer {
    Ok(saved(service::put_promises(&app, &call, reference.into_inner(), version.0, body.0.promises).await?))
}

/// What happened to a bid, oldest first.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/history", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<Object>)))]
pub async fn history(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::history(&app, &call, reference.into_inner()).await?))
}

/// The submitted versions of a bid, oldest first.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/versions", tag = "bids", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<VersionInfo>)))]
pub async fn versions(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::versions(&app, &call, reference.into_inner()).await?))
}

/// One submitted version with what it says.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/versions/{stage}/{number}", tag = "bids",
    params(("reference" = String, Path), ("stage" = Stage, Path), ("number" = i32, Path)),
    responses((status = 200, body = VersionInFull)))]
pub async fn version(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let key = VersionKey::of_path(path.into_inner())?;
    Ok(respond::ok(&service::version(&app, &call, key).await?))
}

/// How a list of bids is narrowed.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BidQuery {
    /// Only in this state.
    pub state: Option<String>,
    /// Only for this phase.
    pub phase: Option<String>,
    /// Only with these words in title, reference or the lead's name.
    pub words: Option<String>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// How many at most, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<i64>,
}

impl BidQuery {
    /// The filter and the page that it asks for; blank parameters are as good as none.
    pub fn split(self) -> (Filter, PageRequest) {
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let filter = Filter { state: filled(self.state), phase: filled(self.phase), words: filled(self.words) };
        (filter, PageRequest { cursor: filled(self.cursor), limit: self.limit })
    }
}

/// The submitted bids of a round, for its staff.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/bids", tag = "bids", params(("slug" = String, Path), BidQuery),
    responses((status = 200, body = Listing<BidRow>)))]
pub async fn of_round(app: Data<App>, call: Call, slug: Path<String>, query: Query<BidQuery>) -> Answer {
    let (filter, page) = query.0.split();
    let (_, listing) = service::of_round(&app, &call, slug.into_inner(), filter, page).await?;
    let items = listing.items.into_iter().map(BidRow::from).collect();
    Ok(respond::ok(&Listing::<BidRow> { items, next: listing.next }))
}
