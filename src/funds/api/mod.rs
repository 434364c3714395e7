//! Funds and rounds over REST.

pub mod workflows;

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    model::{Fund, Milestone, RoundInFull, RoundLink, Status},
    rulebook::Rulebook,
    service::{self, NewFund, NewRound},
};
use crate::{
    account::service::roles::{Holder, NewHolder},
    clock::Moment,
    http::{App, Call, IfMatch, Json, Listing, PageRequest, Query, Refused, in_address, respond},
    identity::model::FundRole,
    ids::{Id, PersonKey, RoundKey},
    money::Pence,
};

type Answer = Result<HttpResponse, Refused>;

/// A round as everybody may read it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct RoundView {
    /// Its id.
    pub id: Id<RoundKey>,
    /// Its place in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Something everybody must know.
    pub note: Option<String>,
    /// Its fund.
    pub fund: Fund,
    /// Where it stands now.
    pub status: Status,
    /// How much can be awarded, in pence.
    pub budget_pence: Pence,
    /// Its milestones, in order.
    pub milestones: Vec<MilestoneView>,
    /// Its rules.
    pub rulebook: Rulebook,
    /// The hash of the rules, in hexadecimal digits.
    pub rules_hash: String,
    /// When it was called off, if it was.
    pub cancelled_at: Option<Moment>,
    /// Why.
    pub cancelled_because: Option<String>,
    /// The cancelled round in whose place it is run.
    pub replaces: Option<RoundLink>,
    /// The published round that is run in its place.
    pub replaced_by: Option<RoundLink>,
    /// Counts changes.
    pub version: i32,
}

/// A milestone as everybody may read it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MilestoneView {
    /// Which.
    pub name: Milestone,
    /// What it is called.
    pub title: &'static str,
    /// When.
    pub at: Moment,
}

impl RoundView {
    /// The round as it stands at `now`.
    pub fn of(full: RoundInFull, now: Moment) -> Self {
        let milestones =
            full.timetable.0.iter().map(|(name, at)| MilestoneView { name: *name, title: name.title(), at: *at });
        Self {
            status: full.timetable.status(full.round.state, now),
            milestones: milestones.collect(),
            id: full.round.id,
            slug: full.round.slug,
            title: full.round.title,
            summary: full.round.summary,
            note: full.round.note,
            fund: full.fund,
            budget_pence: full.round.budget_pence,
            rulebook: full.rulebook,
            rules_hash: full.rules_hash,
            cancelled_at: full.round.cancelled_at,
            cancelled_because: full.round.cancelled_because,
            replaces: full.replaces,
            replaced_by: full.replaced_by,
            version: full.round.version,
        }
    }
}

/// The rounds, newest first.
#[utoipa::path(get, path = "/api/v1/rounds", tag = "rounds", params(PageRequest),
    responses((status = 200, body = Listing<RoundView>)))]
pub async fn list(app: Data<App>, call: Call, page: Query<PageRequest>) -> Answer {
    let listing = service::rounds(&app, &call, page.0).await?;
    let items = listing.items.into_iter().map(|round| RoundView::of(round, call.received)).collect();
    Ok(respond::ok(&Listing::<RoundView> { items, next: listing.next }))
}

/// One round.
#[utoipa::path(get, path = "/api/v1/rounds/{slug}", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = RoundView, headers(("ETag" = String)))))]
pub async fn show(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let round = service::round(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(round.round.version, &RoundView::of(round, call.received)))
}

/// Makes a fund.
#[utoipa::path(post, path = "/api/v1/funds", tag = "rounds", request_body = NewFund,
    responses((status = 201, body = Fund)))]
pub async fn create_fund(app: Data<App>, call: Call, body: Json<NewFund>) -> Answer {
    let fund = service::create_fund(&app, &call, body.0).await?;
    Ok(respond::created(&format!("/api/v1/funds/{}", fund.slug), fund.version, &fund))
}

/// The funds that the caller works for as staff; every one for whoever runs the instance.
#[utoipa::path(get, path = "/api/v1/funds", tag = "rounds",
    responses((status = 200, body = Vec<Fund>), (status = 404)))]
pub async fn list_funds(app: Data<App>, call: Call) -> Answer {
    Ok(respond::ok(&service::funds(&app, &call).await?))
}

/// One fund.
#[utoipa::path(get, path = "/api/v1/funds/{slug}", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Fund, headers(("ETag" = String)))))]
pub async fn show_fund(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    let fund = service::fund(&app, &call, slug.into_inner()).await?;
    Ok(respond::versioned(fund.version, &fund))
}

/// The people of a fund, each as often as they have roles.
#[utoipa::path(get, path = "/api/v1/funds/{slug}/roles", tag = "rounds", params(("slug" = String, Path)),
    responses((status = 200, body = Vec<Holder>)))]
pub async fn list_roles(app: Data<App>, call: Call, slug: Path<String>) -> Answer {
    Ok(respond::ok(&service::staff(&app, &call, slug.into_inner()).await?.holders))
}

/// Gives somebody a role for a fund and tells them by e-mail; whoever is not known is registered.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/roles", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewHolder, responses((status = 201, body = Holder)))]
pub async fn give_role(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewHolder>) -> Answer {
    let given = service::give_role(&app, &call, slug.clone(), body.0).await?;
    Ok(respond::listed(&format!("/api/v1/funds/{slug}/roles"), &given))
}

/// Takes a role for a fund from somebody.
#[utoipa::path(delete, path = "/api/v1/funds/{slug}/roles/{person}/{role}", tag = "rounds",
    params(("slug" = String, Path), ("person" = Id<PersonKey>, Path), ("role" = FundRole, Path)),
    responses((status = 204)))]
pub async fn take_role(app: Data<App>, call: Call, path: Path<(String, String, String)>) -> Answer {
    let (slug, person, role) = path.into_inner();
    let person = in_address(&person)?;
    service::take_role(&app, &call, slug, (person, role)).await?;
    Ok(respond::nothing())
}

/// Makes a round as a draft.
#[utoipa::path(post, path = "/api/v1/funds/{slug}/rounds", tag = "rounds", params(("slug" = String, Path)),
    request_body = NewRound, responses((status = 201, body = RoundView)))]
pub async fn create_round(app: Data<App>, call: Call, slug: Path<String>, body: Json<NewRound>) -> Answer {
    let round = service::create_round(&app, &call, slug.into_inner(), body.0).await?;
    let location = format!("/api/v1/rounds/{}", round.round.slug);
    Ok(respond::created(&location, round.round.version, &RoundView::of(round, call.received)))
}

/// Publishes a round, which locks its rules.
#[utoipa::path(post, path = "/api/v1/rounds/{slug}/publish", tag = "rounds",
    params(("slug" = String, Path), ("If-Match" = String, Header)), responses((status = 200, body = RoundView)))]
pub async fn publish(app: Data<App>, call: Call, slug: Path<String>, version: IfMatch) -> Answer {
    let round = service::publish(&app, &call, slug.into_inner(), version.0).await?;
    Ok(respond::versioned(round.round.version, &RoundView::of(round, call.received)))
}
