//! The list under a budget over REST.

use std::collections::BTreeSet;

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::Deserialize;

use super::{
    model::{Choice, Made, NewList, Record, RecordLine, WhatIf},
    service,
};
use crate::{
    error::AppError,
    http::{App, Call, Json, Query, Refused, respond},
    money::Pence,
};

type Answer = Result<HttpResponse, Refused>;

/// What is tried; without any of it, the rules in force.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Another budget, in pence.
    pub budget_pence: Option<i64>,
    /// Another number of awards at most.
    pub most_awards: Option<u32>,
    /// Rules to leave out, by their numbers with commas between; `most_awards` stands for the number of awards.
    pub without: Option<String>,
}

impl From<ListQuery> for WhatIf {
    fn from(query: ListQuery) -> Self {
        let words = query.without.unwrap_or_default();
        let words = words.split(',').map(str::trim).filter(|word| !word.is_empty());
        Self {
            budget_pence: query.budget_pence.map(Pence),
            most_awards: query.most_awards,
            without: words.map(str::to_owned).collect::<BTreeSet<_>>(),
        }
    }
}

/// The best list within the rules beside the plain line, with its proven bound, what each rule costs, and what comes next. Something
/// else can be tried; nothing of it is kept.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/list", tag = "awards", params(("slug" = String, Path), ListQuery),
    responses((status = 200, body = Choice)))]
pub async fn choice(app: Data<App>, call: Call, slug: Path<String>, query: Query<ListQuery>) -> Answer {
    Ok(respond::ok(&service::choice(&app, &call, slug.into_inner(), query.0.into()).await?))
}

/// What the list is chosen from under the rules in force: `roundtable portfolio` makes the same list of it.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/list/problem.json", tag = "awards", params(("slug" = String, Path)),
    responses((status = 200, content_type = "application/json", body = Object)))]
pub async fn problem(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let problem = service::problem(&app, &call, slug.into_inner()).await?;
    let file = serde_json::to_vec_pretty(&problem).map_err(AppError::from)?;
    Ok(respond::file("problem.json", "application/json", file))
}

/// The lists of record of a round, the newest first.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/lists", tag = "awards", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<RecordLine>)))]
pub async fn records(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::records(&app, &call, slug.into_inner()).await?))
}

/// Makes the best list within the rules the list of record, changed by hand where the rules allow it. Whatever departs from the
/// ranking needs a reason. Where nothing has changed since the newest list, that one is answered. Send as `seen` and `seen_list` the
/// hashes of the choice that was looked at: where its inputs or the list itself have come out differently, nothing is kept and the
/// answer is 409 (`inputs_changed`, `list_differs`).
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/lists", tag = "awards", params(("slug" = String, Path)),
    request_body = NewList, responses((status = 201, body = Made), (status = 200, body = Made)))]
pub async fn make(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewList>) -> Answer {
    let slug = slug.into_inner();
    let made = service::make(&app, &call, slug.clone(), body.0).await?;
    let here = format!("/api/v1/rounds/{slug}/lists/{}", made.number);
    Ok(if made.new { respond::listed(&here, &made) } else { respond::ok(&made) })
}

/// A list of record.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}/lists/{number}", tag = "awards",
    params(("slug" = String, Path), ("number" = i32, Path)), responses((status = 200, body = Record)))]
pub async fn record(app: Data<App>, call: Call, path: Path<(String, i32)>) -> Answer {
    let (slug, number) = path.into_inner();
    Ok(respond::ok(&service::record(&app, &call, slug, number).await?))
}
