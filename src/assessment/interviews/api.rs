//! Interviews over REST.

use actix_web::web::{Data, Path};

use super::{
    model::{
        Absence, BidInterview, Cancelling, ChangedSlot, Choosing, InterviewInFull, MyInterview, MyInterviewScores,
        NewSlots, Timetable,
    },
    service,
};
use crate::{
    assessment::{api::Answer, model::NewScores},
    http::{App, Call, IfMatch, Json, csv, respond},
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
