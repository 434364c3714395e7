//! The route tables, one per face. Tests read the same tables, so a route that is not here does not exist.

mod pages;
mod rest;

use std::collections::BTreeMap;

use actix_web::{
    Route as ActixRoute,
    http::Method,
    web::{self, ServiceConfig},
};

use super::errors;
use crate::{assessment, awards, bids, funds, http::App, identity::policy::Action, jobs::Handlers, journey, mail};

pub use pages::PAGES;
pub use rest::API;

/// Who may come to a route at all; what they may do there is for policy to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever has signed in, or a program with a token.
    SignedIn,
    /// Whoever policy allows this action on the thing in the path.
    May(Action),
}

/// One route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with names in braces.
    pub path: &'static str,
    /// Who may come.
    pub access: Access,
    handler: fn() -> ActixRoute,
}

const fn get(path: &'static str, access: Access, handler: fn() -> ActixRoute) -> Route {
    Route { method: Method::GET, path, access, handler }
}

const fn post(path: &'static str, access: Access, handler: fn() -> ActixRoute) -> Route {
    Route { method: Method::POST, path, access, handler }
}

const fn put(path: &'static str, access: Access, handler: fn() -> ActixRoute) -> Route {
    Route { method: Method::PUT, path, access, handler }
}

const fn patch(path: &'static str, access: Access, handler: fn() -> ActixRoute) -> Route {
    Route { method: Method::PATCH, path, access, handler }
}

const fn delete(path: &'static str, access: Access, handler: fn() -> ActixRoute) -> Route {
    Route { method: Method::DELETE, path, access, handler }
}

/// Who does which jobs.
///
/// # Errors
/// In words that name the setting that is wrong.
pub fn handlers(app: &App) -> Result<Handlers, String> {
    let sender = mail::Sender::new(app.db.clone(), app.clock.clone(), app.ids.clone(), &app.config)?;
    Ok(Handlers::from([
        (mail::KIND, sender.handler()),
        (assessment::interviews::service::REMINDER_JOB, assessment::interviews::service::reminder_handler(app)),
        (assessment::pool::REMINDER_JOB, assessment::pool::reminder_handler(app)),
        (assessment::progress::REMINDER_JOB, assessment::progress::reminder_handler(app)),
        (bids::assignments::REMINDER_JOB, bids::assignments::reminder_handler(app)),
        (bids::clarifications::REMINDER_JOB, bids::clarifications::reminder_handler(app)),
        (bids::documents::scanning::SCAN_JOB, bids::documents::scanning::handler(app)),
        (bids::service::CONTENT_CHANGED_JOB, journey::service::content_handler(app)),
        (funds::service::APPROVERS_JOB, journey::service::approvers_handler(app)),
        (funds::service::MILESTONE_JOB, journey::service::milestone_handler(app)),
        (awards::service::DECISION_JOB, journey::service::decision_handler(app)),
        (funds::reminders::service::CLOSING_JOB, journey::service::closing_handler(app)),
        (journey::amendments::TOLD_JOB, journey::amendments::told_handler(app)),
        (journey::service::dates::TOLD_JOB, journey::service::dates::told_handler(app)),
        (journey::service::dates::DEADLINE_JOB, journey::service::dates::deadline_handler(app)),
    ]))
}

/// Puts the tables into the app: one resource per path, so that an unused method answers 405.
pub fn configure(config: &mut ServiceConfig) {
    let mut by_path: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in API.iter().chain(PAGES) {
        by_path.entry(route.path).or_default().push(route);
    }
    // Words before names, so that `/rounds/new` is not taken for a round of that name.
    let mut paths: Vec<_> = by_path.into_iter().collect();
    paths.sort_by_key(|(path, _)| path.replace('{', "\u{7f}"));
    for (path, routes) in paths {
        let allowed = routes.iter().map(|route| route.method.as_str()).collect::<Vec<_>>().join(", ");
        let mut resource = web::resource(path);
        for route in routes {
            resource = resource.route((route.handler)());
        }
        config.service(resource.default_service(web::to(move || errors::wrong_method(allowed.clone()))));
    }
}
