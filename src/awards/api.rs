//! Decisions, releases and open data over REST.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};

use super::{
    model::{Decision, Gate, Release},
    open_data::{answer::Published, eois, hours, partnerships, scores, threesixty::Publisher},
    outside::DecidedOutside,
    partnerships::Partnerships,
    public::{BiddingHours, EoiList, PublishedScores},
    readiness::Readiness,
    service::{self, Approval, Approved, BidOutcome, Decided, DecisionBody, ItemAnswer, ItemBody},
};
use serde::Deserialize;

use crate::{
    approvals::model::{RefusalBody, Support},
    error::AppError,
    funds::model::Milestone,
    http::{App, Call, IfMatch, Json, JsonOrNothing, Refused, Seen, respond},
};

type Answer = Result<HttpResponse, Refused>;

/// A gate by its word in the path.
fn gate(word: &str) -> Result<Gate, Refused> {
    Gate::from_word(word).ok_or(Refused(AppError::NotFound))
}

fn milestone(word: &str) -> Result<Milestone, Refused> {
    Milestone::from_word(word).ok_or(Refused(AppError::NotFound))
}

/// A bid's decision at a gate, for the fund's staff.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/decisions/{gate}", tag = "awards",
    params(("reference" = String, Path), ("gate" = Gate, Path)), responses((status = 200, body = Decision)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, word) = path.into_inner();
    let decision = service::decision(&app, &call, reference, gate(&word)?).await?;
    Ok(respond::versioned(decision.version, &decision))
}

/// Decides on a bid at a gate; with If-Match, changes the decision that stands, until its release is approved. What shows at
/// once may need others, who are told by mail and approve it among the bid's requests.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/decisions/{gate}", tag = "awards",
    params(("reference" = String, Path), ("gate" = Gate, Path), ("If-Match" = Option<String>, Header)),
    request_body = DecisionBody,
    responses((status = 200, body = Decision), (status = 201, body = Decision), (status = 202, body = Support)))]
pub async fn decide(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    version: Option<IfMatch>,
    body: Json<DecisionBody>,
) -> Answer {
    let (reference, word) = path.into_inner();
    let location = format!("/api/v1/bids/{reference}/decisions/{word}");
    let version = version.map(|version| version.0);
    Ok(match (service::decide(&app, &call, reference, gate(&word)?, body.0, version).await?, version) {
        (Decided::Recorded(decision), Some(_)) => respond::versioned(decision.version, &decision),
        (Decided::Recorded(decision), None) => respond::created(&location, decision.version, &decision),
        (Decided::Waiting(support), _) => respond::accepted(&support),
    })
}

/// Takes back the decision that stands at a gate, until its release is approved: the bid waits for one again. A decision at
/// a later gate is taken back first.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/decisions/{gate}", tag = "awards",
    params(("reference" = String, Path), ("gate" = Gate, Path), ("If-Match" = String, Header)),
    responses((status = 204)))]
pub async fn take_back(app: Data<App>, call: Call, path: Path<(String, String)>, version: IfMatch) -> Answer {
    let (reference, word) = path.into_inner();
    service::take_back(&app, &call, reference, gate(&word)?, version.0).await?;
    Ok(respond::nothing())
}

/// What became of a bid: the decisions on it that are out, oldest first, each with its feedback.
///
/// For everybody of the lead authority and of the partners that have confirmed, and for the fund's staff.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/outcomes", tag = "awards", params(("reference" = String, Path)),
    responses((status = 200, body = Vec<BidOutcome>)))]
pub async fn outcomes(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::outcomes(&app, &call, reference.into_inner()).await?))
}

/// Takes many decisions on the bids of a round, and answers each.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/decisions", tag = "awards", params(("slug" = String, Path)),
    request_body = Vec<ItemBody>, responses((status = 200, body = Vec<ItemAnswer>)))]
pub async fn decide_many(app: Data<App>, call: Call, slug: Path<String>, body: Json<Vec<ItemBody>>) -> Answer {
    Ok(respond::ok(&service::decide_many(&app, &call, slug.into_inner(), body.0).await?))
}

/// Whether the outcomes of a milestone can be released, and what stands in the way.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/releases/{milestone}", tag = "awards",
    params(("slug" = String, Path), ("milestone" = Milestone, Path)), responses((status = 200, body = Readiness)))]
pub async fn readiness(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, word) = path.into_inner();
    let ready = service::readiness(&app, &call, slug, milestone(&word)?).await?;
    Ok(respond::tagged(&ready.support.tag, &ready))
}

/// What whoever approves a release may say with it.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReleaseApproval)]
pub struct ReleaseBody {
    /// Why nobody is told by mail, if nobody is to be. The first who approves says so, and the others stand behind it.
    #[serde(default)]
    pub no_mail: Option<String>,
}

/// Approves the release of a milestone's outcomes as they are decided now. With the last person whom the workflow asks for
/// it is approved, and they show at the milestone's instant; until then it waits for the others, who are told by mail.
/// If-Match carries the ETag with which it was read; it is needed once somebody has asked.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/releases/{milestone}", tag = "awards",
    params(("slug" = String, Path), ("milestone" = Milestone, Path), ("If-Match" = Option<String>, Header)),
    request_body = Option<ReleaseBody>,
    responses((status = 200, body = Release), (status = 202, body = Support)))]
pub async fn release(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    seen: Seen,
    body: JsonOrNothing<ReleaseBody>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let approval = Approval { seen: seen.0, no_mail: body.0.no_mail };
    Ok(match service::release(&app, &call, slug, milestone(&word)?, approval).await? {
        Approved::Released(release) => respond::ok(&release),
        Approved::Waiting(support) => respond::accepted(&support),
    })
}

/// Refuses to approve a release that somebody else has asked for; they read the reason. If-Match carries the ETag with
/// which it was read.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/releases/{milestone}/refuse", tag = "awards",
    params(("slug" = String, Path), ("milestone" = Milestone, Path), ("If-Match" = Option<String>, Header)),
    request_body = RefusalBody, responses((status = 200, body = Support)))]
pub async fn refuse(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    seen: Seen,
    body: Json<RefusalBody>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let (reason, seen) = (body.0.reason, seen.0);
    Ok(respond::ok(&service::refuse(&app, &call, slug, milestone(&word)?, reason, seen).await?))
}

/// Records that the outcomes were decided outside the service, by whom, when and on which paper. It is the first of at
/// least two approvals, or of as many as the workflow asks for: other managers confirm it by approving the release.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/releases/{milestone}/outside", tag = "awards",
    params(("slug" = String, Path), ("milestone" = Milestone, Path), ("If-Match" = Option<String>, Header)),
    request_body = DecidedOutside, responses((status = 202, body = Support)))]
pub async fn record_outside(
    app: Data<App>,
    call: Call,
    path: Path<(String, String)>,
    seen: Seen,
    body: Json<DecidedOutside>,
) -> Answer {
    let (slug, word) = path.into_inner();
    let support = service::record_outside(&app, &call, slug, milestone(&word)?, body.0, seen.0).await?;
    Ok(respond::accepted(&support))
}

/// Takes the approval of a release back, or the request for it, until it shows; a person with a fresh code does. Whoever
/// asked and approved is told by mail.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/releases/{milestone}", tag = "awards",
    params(("slug" = String, Path), ("milestone" = Milestone, Path)), responses((status = 204)))]
pub async fn recall(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (slug, word) = path.into_inner();
    service::recall(&app, &call, slug, milestone(&word)?).await?;
    Ok(respond::nothing())
}

fn publisher(app: &App) -> Publisher {
    Publisher { base_url: app.config.web.base_url.clone(), prefix: app.config.web.grant_prefix.clone() }
}

/// The award list of a round as a 360Giving 1.4 package; there is none before the announcement.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/awards.json", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, body = Object), (status = 304)))]
pub async fn awards_json(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let list = service::award_list(&app, &call, slug.into_inner()).await?;
    let bytes = serde_json::to_vec_pretty(&publisher(&app).package(&list)).map_err(AppError::from)?;
    Ok(Published { media: "application/json", file: None, bytes, changed: list.changed_at }.answer(&request))
}

/// The award list of a round as CSV with 360Giving's columns.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/awards.csv", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 304)))]
pub async fn awards_csv(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let list = service::award_list(&app, &call, slug.into_inner()).await?;
    let bytes = publisher(&app).csv(&list)?;
    let file = Some(format!("{}-awards.csv", list.round.slug));
    Ok(Published { media: "text/csv; charset=utf-8", file, bytes, changed: list.changed_at }.answer(&request))
}

/// The expressions of interest of a round; there are none before the closing time is over.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/eois.json", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, body = EoiList), (status = 304)))]
pub async fn eois_json(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let list = service::eoi_list(&app, &call, slug.into_inner()).await?;
    let bytes = serde_json::to_vec_pretty(&list).map_err(AppError::from)?;
    Ok(Published { media: "application/json", file: None, bytes, changed: list.changed_at }.answer(&request))
}

/// The same as CSV.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/eois.csv", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 304)))]
pub async fn eois_csv(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let list = service::eoi_list(&app, &call, slug.into_inner()).await?;
    let bytes = eois::csv(&list)?;
    let file = Some(format!("{}-eois.csv", list.round.slug));
    Ok(Published { media: "text/csv; charset=utf-8", file, bytes, changed: list.changed_at }.answer(&request))
}

/// Who works with whom in a round: in its expressions of interest once these have closed, and in what is awarded once that is
/// announced; nothing before.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/partnerships.json", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, body = Partnerships), (status = 304)))]
pub async fn partnerships_json(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let all = service::partnerships(&app, &call, slug.into_inner()).await?;
    let bytes = serde_json::to_vec_pretty(&all).map_err(AppError::from)?;
    Ok(Published { media: "application/json", file: None, bytes, changed: all.changed_at }.answer(&request))
}

/// The same as CSV, one row for any two.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/partnerships.csv", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 304)))]
pub async fn partnerships_csv(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let all = service::partnerships(&app, &call, slug.into_inner()).await?;
    let bytes = partnerships::csv(&all)?;
    let file = Some(format!("{}-partnerships.csv", all.round.slug));
    Ok(Published { media: "text/csv; charset=utf-8", file, bytes, changed: all.changed_at }.answer(&request))
}

/// What bidding in a round took its councils, as far as they have said so; nothing before the awards are announced, and no
/// figures of fewer than five councils or other bodies.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/hours.json", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, body = BiddingHours), (status = 304)))]
pub async fn hours_json(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let hours = service::bidding_hours(&app, &call, slug.into_inner()).await?;
    let bytes = serde_json::to_vec_pretty(&hours).map_err(AppError::from)?;
    Ok(Published { media: "application/json", file: None, bytes, changed: hours.changed_at }.answer(&request))
}

/// The same as CSV: one row, and none while too few have said something.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/hours.csv", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 304)))]
pub async fn hours_csv(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let found = service::bidding_hours(&app, &call, slug.into_inner()).await?;
    let bytes = hours::csv(&found)?;
    let file = Some(format!("{}-hours.csv", found.round.slug));
    Ok(Published { media: "text/csv; charset=utf-8", file, bytes, changed: found.changed_at }.answer(&request))
}

/// The scores of a round without names, where its rules say that they are published; nothing before the awards are announced.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/scores.json", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, body = PublishedScores), (status = 304)))]
pub async fn scores_json(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let scores = service::published_scores(&app, &call, slug.into_inner()).await?;
    let bytes = serde_json::to_vec_pretty(&scores).map_err(AppError::from)?;
    Ok(Published { media: "application/json", file: None, bytes, changed: scores.changed_at }.answer(&request))
}

/// The same as CSV that `roundtable rank` reads, one row for each bid and assessor.
#[utoipa::path(get, path = "/api/v1/open/rounds/{slug}/scores.csv", tag = "open data", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 304)))]
pub async fn scores_csv(app: Data<App>, call: Call, slug: Path<String>, request: HttpRequest) -> Answer {
    let found = service::published_scores(&app, &call, slug.into_inner()).await?;
    let bytes = scores::csv(&found)?;
    let file = Some(format!("{}-scores.csv", found.round.slug));
    Ok(Published { media: "text/csv; charset=utf-8", file, bytes, changed: found.changed_at }.answer(&request))
}
