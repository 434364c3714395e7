//! Interviews over REST.

use actix_web::{
    HttpRequest,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    model::{
        Absence, BidInterview, Cancelling, ChangedSlot, Choosing, InterviewInFull, InterviewSlides, MyInterview,
        MyInterviewScores, NewSlots, Timetable,
    },
    service,
};
use crate::{
    assessment::{api::Answer, model::NewScores},
    bids::documents::{
        api::{in_the_request, sent},
        model::DocumentView,
    },
    http::{App, Call, IfMatch, Json, Query, csv, icalendar, in_address, respond},
    ids::{Id, RowKey},
};

/// The interviews of a round: its times with their panels, and the bids that have chosen none.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/interviews", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, body = Timetable)))]
pub async fn timetable(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::timetable(&app, &call, slug.into_inner()).await?))
}

/// Makes times for interviews, one after the other, each with the same panel.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/interviews", tag = "assessment", params(("slug" = String, Path)),
    request_body = NewSlots, responses((status = 200, body = Timetable)))]
pub async fn make(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewSlots>) -> Answer {
    let slug = slug.into_inner();
    service::make(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::ok(&service::timetable(&app, &call, slug).await?))
}

/// The timetable of a round's interviews as CSV.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/interviews.csv", tag = "assessment", params(("slug" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
pub async fn as_csv(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let rows = service::table(&app, &call, slug.into_inner()).await?;
    Ok(csv::attachment("interviews", csv::document(&service::COLUMNS, rows)?))
}

/// One time with its panel and what was scored in it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/interviews/{number}", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = InterviewInFull)))]
pub async fn show(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let (slug, number) = path.into_inner();
    let found = service::one(&app, &call, slug, number).await?;
    Ok(respond::versioned(found.slot.version, &found))
}

/// Changes when or where an interview is, or who sits on its panel.
#[utoipa::path(put, path = "/api/v1/rounds/{slug}/interviews/{number}", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)), request_body = ChangedSlot,
    responses((status = 200, body = InterviewInFull)))]
pub async fn change(
    app: Data<App>,
    call: Call,
    path: Path<(String, i32)>,
    version: IfMatch,
    body: Json<ChangedSlot>,
) -> Answer {
    let (slug, number) = path.into_inner();
    service::change(&app, &call, (slug.clone(), number), version.0, body.0).await?;
    let found = service::one(&app, &call, slug, number).await?;
    Ok(respond::versioned(found.slot.version, &found))
}

/// Calls a time off. A bid that had chosen it can choose another.
#[utoipa::path(delete, path = "/api/v1/rounds/{slug}/interviews/{number}", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path), ("If-Match" = String, Header)), request_body = Cancelling,
    responses((status = 200, body = InterviewInFull)))]
pub async fn call_off(
    app: Data<App>,
    call: Call,
    path: Path<(String, i32)>,
    version: IfMatch,
    body: Json<Cancelling>,
) -> Answer {
    let (slug, number) = path.into_inner();
    service::call_off(&app, &call, (slug.clone(), number), version.0, body.0).await?;
    let found = service::one(&app, &call, slug, number).await?;
    Ok(respond::versioned(found.slot.version, &found))
}

/// Records that somebody of the panel did not attend.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/interviews/{number}/absences", tag = "assessment",
    params(("slug" = String, Path), ("number" = i32, Path)), request_body = Absence,
    responses((status = 200, body = InterviewInFull)))]
pub async fn absent(app: Data<App>, call: Call, path: Path<(String, i32)>, body: Json<Absence>) -> Answer {
    let (slug, number) = path.into_inner();
    service::absent(&app, &call, (slug.clone(), number), body.0).await?;
    let found = service::one(&app, &call, slug, number).await?;
    Ok(respond::versioned(found.slot.version, &found))
}

/// The interview of a bid, for its councils: the time that is chosen, or those that can be. There is nothing before the invitation is
/// out.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/interview", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = BidInterview)))]
pub async fn bid(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::bid(&app, &call, reference.into_inner()).await?))
}

/// Chooses a time for the interview of a bid, first come, first served.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/interview", tag = "assessment",
    params(("reference" = String, Path)), request_body = Choosing, responses((status = 200, body = BidInterview)))]
pub async fn choose(app: Data<App>, call: Call, reference: Path<String>, body: Json<Choosing>) -> Answer {
    let reference = reference.into_inner();
    service::choose(&app, &call, reference.clone(), body.0).await?;
    Ok(respond::ok(&service::bid(&app, &call, reference).await?))
}

/// The interview of a bid for a calendar, for its councils, its panel and the fund's staff. There is none until a time is chosen.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/interview.ics", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
pub async fn calendar(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let calendar = service::calendar(&app, &call, reference.into_inner()).await?;
    Ok(respond::file("interview.ics", icalendar::MEDIA, calendar.into_bytes()))
}

/// The interviews in which one sits on the panel, the earliest first.
#[utoipa::path(get, path = "/api/v1/interviews", tag = "assessment",
    responses((status = 200, body = Vec<MyInterview>)))]
pub async fn mine(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&service::mine(&app, &call).await?))
}

/// One's own scores of an interview in which one sits on the panel, and those of the others once one's own are submitted.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/interview/scores", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = MyInterviewScores)))]
pub async fn own(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    let own = service::own(&app, &call, reference.into_inner()).await?;
    Ok(respond::versioned(own.own.version, &own))
}

/// Gives scores on criteria of the interview; every score is added, the newest counts.
#[utoipa::path(put, path = "/api/v1/bids/{reference}/interview/scores", tag = "assessment",
    params(("reference" = String, Path), ("If-Match" = String, Header)), request_body = NewScores,
    responses((status = 200, body = MyInterviewScores)))]
pub async fn save(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    version: IfMatch,
    body: Json<NewScores>,
) -> Answer {
    let own = service::save(&app, &call, reference.into_inner(), version.0, body.0).await?;
    Ok(respond::versioned(own.own.version, &own))
}

/// Submits one's scores of an interview, which count and stay as they are from then on.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/interview/scores/submit", tag = "assessment",
    params(("reference" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = MyInterviewScores)))]
pub async fn submit(app: Data<App>, call: Call, reference: Path<String>, version: IfMatch) -> Answer {
    let own = service::submit(&app, &call, reference.into_inner(), version.0).await?;
    Ok(respond::versioned(own.own.version, &own))
}

/// What is said of slides on their way in.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewSlides {
    /// What the file is called, in any letters, with the ending that says what it is.
    #[param(required = true, value_type = String)]
    pub name: Option<String>,
    /// The id of the slides in whose place these come.
    #[param(inline)]
    pub replaces: Option<Id<RowKey>>,
}

/// The slides of a bid's interview, for its councils, its panel and the fund's staff. There is nothing before the invitation is out.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/interview/slides", tag = "assessment",
    params(("reference" = String, Path)), responses((status = 200, body = InterviewSlides)))]
pub async fn slides(app: Data<App>, call: Call, reference: Path<String>) -> Answer {
    Ok(respond::ok(&service::shown(&app, &call, reference.into_inner()).await?))
}

/// Brings slides to the interview of a bid, until it begins: the body is the file, a PDF or a PowerPoint or OpenDocument presentation,
/// and its type is told by what it holds, which must be what its name says.
#[utoipa::path(post, path = "/api/v1/bids/{reference}/interview/slides", tag = "assessment",
    params(("reference" = String, Path), NewSlides),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)))]
pub async fn add_slides(
    app: Data<App>,
    call: Call,
    reference: Path<String>,
    said: Query<NewSlides>,
    request: HttpRequest,
) -> Answer {
    let (reference, said) = (reference.into_inner(), said.0);
    let new = (sent(said.name, &request), said.replaces);
    let added = service::add_slides(&app, &call, reference.clone(), new).await.map_err(in_the_request)?;
    Ok(respond::listed(&format!("/api/v1/bids/{reference}/interview/slides/{}/content", added.id), &added))
}

/// What slides hold, unless they are still being checked for viruses.
#[utoipa::path(get, path = "/api/v1/bids/{reference}/interview/slides/{id}/content", tag = "assessment",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 409)))]
pub async fn download(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    let (slides, bytes) = service::download(&app, &call, reference, in_address(&id)?).await?;
    Ok(respond::sandboxed(&slides.name, &slides.media_type, bytes.to_vec()))
}

/// Takes slides out, until the interview begins. That they were there, by whom and until when stays on record.
#[utoipa::path(delete, path = "/api/v1/bids/{reference}/interview/slides/{id}", tag = "assessment",
    params(("reference" = String, Path), ("id" = Id<RowKey>, Path)), responses((status = 204)))]
pub async fn take_out_slides(app: Data<App>, call: Call, path: Path<(String, String)>) -> Answer {
    let (reference, id) = path.into_inner();
    service::take_out_slides(&app, &call, reference, in_address(&id)?).await?;
    Ok(respond::nothing())
}
