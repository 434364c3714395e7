//! The route tables, one per face. Tests read the same tables, so a route that is not here does not exist.

use std::collections::BTreeMap;

use actix_web::{
    Route as ActixRoute,
    http::Method,
    web::{self, ServiceConfig},
};

use super::{errors, health, home};
use crate::{
    account, assessment, awards, bids, funds, http::App, identity::policy::Action, jobs::Handlers, journey, mail,
    partnerships, projects, register,
};

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

use Access::{May, Public, SignedIn};

/// REST.
pub static API: &[Route] = &[
    get("/health/live", Public, || web::get().to(health::live)),
    get("/health/ready", Public, || web::get().to(health::ready)),
    // Accounts and organisations.
    post("/api/v1/token", Public, || web::post().to(account::api::token)),
    get("/api/v1/me", SignedIn, || web::get().to(account::api::me)),
    get("/api/v1/me/sessions", SignedIn, || web::get().to(account::api::sessions)),
    delete("/api/v1/me/sessions/{session}", SignedIn, || web::delete().to(account::api::end_session)),
    get("/api/v1/organisations", Public, || web::get().to(account::api::list_organisations)),
    post("/api/v1/organisations/import", May(Action::ManageOrganisations), || {
        web::post().to(account::api::import_organisations)
    }),
    get("/api/v1/organisations/{organisation}/clients", May(Action::ManageClients), || {
        web::get().to(account::api::list_clients)
    }),
    post("/api/v1/organisations/{organisation}/clients", May(Action::ManageClients), || {
        web::post().to(account::api::create_client)
    }),
    get("/api/v1/organisations/{organisation}/clients/{client}", May(Action::ManageClients), || {
        web::get().to(account::api::show_client)
    }),
    delete("/api/v1/organisations/{organisation}/clients/{client}", May(Action::ManageClients), || {
        web::delete().to(account::api::revoke_client)
    }),
    get("/api/v1/organisations/{organisation}/members", May(Action::ManageMembers), || {
        web::get().to(account::api::list_members)
    }),
    post("/api/v1/organisations/{organisation}/members", May(Action::ManageMembers), || {
        web::post().to(account::api::add_member)
    }),
    delete("/api/v1/organisations/{organisation}/members/{person}/{role}", May(Action::ManageMembers), || {
        web::delete().to(account::api::take_member)
    }),
    // Funds and rounds.
    post("/api/v1/funds", May(Action::CreateFund), || web::post().to(funds::api::create_fund)),
    get("/api/v1/funds", SignedIn, || web::get().to(funds::api::list_funds)),
    get("/api/v1/funds/{slug}", May(Action::ReadRound), || web::get().to(funds::api::show_fund)),
    get("/api/v1/funds/{slug}/roles", May(Action::ManageStaff), || web::get().to(funds::api::list_roles)),
    post("/api/v1/funds/{slug}/roles", May(Action::ManageStaff), || web::post().to(funds::api::give_role)),
    delete("/api/v1/funds/{slug}/roles/{person}/{role}", May(Action::ManageStaff), || {
        web::delete().to(funds::api::take_role)
    }),
    get("/api/v1/funds/{slug}/deputies", May(Action::ReadRound), || web::get().to(funds::deputies::api::list)),
    post("/api/v1/funds/{slug}/deputies", May(Action::ReadRound), || web::post().to(funds::deputies::api::name)),
    delete("/api/v1/funds/{slug}/deputies/{id}", May(Action::ReadRound), || {
        web::delete().to(funds::deputies::api::end)
    }),
    post("/api/v1/funds/{slug}/rounds", May(Action::EditRound), || web::post().to(funds::api::create_round)),
    get("/api/v1/rounds", Public, || web::get().to(funds::api::list)),
    get("/api/v1/rounds/{slug}", Public, || web::get().to(funds::api::show)),
    get("/api/v1/rounds/{slug}/workflow", Public, || web::get().to(journey::api::workflow)),
    get("/api/v1/rounds/{slug}/workflow.mmd", Public, || web::get().to(journey::api::workflow_mermaid)),
    get("/api/v1/rounds/{slug}/workflow.svg", Public, || web::get().to(journey::api::workflow_svg)),
    get("/api/v1/workflows", Public, || web::get().to(funds::api::workflows::list)),
    get("/api/v1/workflows/schema", Public, || web::get().to(funds::api::workflows::show_schema)),
    post("/api/v1/workflows/check", SignedIn, || web::post().to(funds::api::workflows::check)),
    get("/api/v1/workflows/{id}", Public, || web::get().to(funds::api::workflows::show)),
    get("/api/v1/rounds/{slug}/workflow/versions", Public, || web::get().to(funds::api::workflows::versions)),
    get("/api/v1/rounds/{slug}/workflow/versions/{number}", Public, || web::get().to(funds::api::workflows::version)),
    get("/api/v1/rounds/{slug}/workflow/diff", Public, || web::get().to(funds::api::workflows::diff)),
    get("/api/v1/rounds/{slug}/workflow/draft", May(Action::ReadRound), || {
        web::get().to(funds::api::workflows::show_draft)
    }),
    post("/api/v1/rounds/{slug}/workflow/draft", May(Action::EditRound), || {
        web::post().to(funds::api::workflows::begin_draft)
    }),
    put("/api/v1/rounds/{slug}/workflow/draft", May(Action::EditRound), || {
        web::put().to(funds::api::workflows::save_draft)
    }),
    delete("/api/v1/rounds/{slug}/workflow/draft", May(Action::EditRound), || {
        web::delete().to(funds::api::workflows::discard_draft)
    }),
    post("/api/v1/rounds/{slug}/workflow/draft/adopt", May(Action::EditRound), || {
        web::post().to(funds::api::workflows::adopt)
    }),
    get("/api/v1/rounds/{slug}/workflow/moves", May(Action::EditRound), || web::get().to(journey::api::moves)),
    post("/api/v1/rounds/{slug}/workflow/moves", May(Action::EditRound), || web::post().to(journey::api::move_bids)),
    delete("/api/v1/rounds/{slug}/workflow/moves/{id}", May(Action::EditRound), || {
        web::delete().to(journey::api::undo_move)
    }),
    post("/api/v1/rounds/{slug}/publish", May(Action::PublishRound), || web::post().to(funds::api::publish)),
    post("/api/v1/rounds/{slug}/extensions", May(Action::EditRound), || web::post().to(journey::api::extend)),
    get("/api/v1/rounds/{slug}/milestones/changes", Public, || web::get().to(journey::api::changes)),
    post("/api/v1/rounds/{slug}/milestones/changes", May(Action::EditRound), || {
        web::post().to(journey::api::change_date)
    }),
    post("/api/v1/rounds/{slug}/milestones/changes/{number}/{reply}", May(Action::EditRound), || {
        web::post().to(journey::api::answer_change)
    }),
    // Partnerships.
    get("/api/v1/bids/{reference}/partners", May(Action::ReadBid), || web::get().to(partnerships::api::list)),
    post("/api/v1/bids/{reference}/partners", May(Action::ManagePartners), || {
        web::post().to(partnerships::api::invite)
    }),
    get("/api/v1/bids/{reference}/partners/{id}", May(Action::ReadBid), || web::get().to(partnerships::api::show)),
    patch("/api/v1/bids/{reference}/partners/{id}", May(Action::ManagePartners), || {
        web::patch().to(partnerships::api::change)
    }),
    delete("/api/v1/bids/{reference}/partners/{id}", May(Action::ManagePartners), || {
        web::delete().to(partnerships::api::withdraw)
    }),
    post("/api/v1/bids/{reference}/partners/{id}/confirm", May(Action::AnswerInvitation), || {
        web::post().to(partnerships::api::confirm)
    }),
    post("/api/v1/bids/{reference}/partners/{id}/decline", May(Action::AnswerInvitation), || {
        web::post().to(partnerships::api::decline)
    }),
    get("/api/v1/bids/{reference}/sign-off", May(Action::ReadBid), || web::get().to(partnerships::api::sign_off)),
    post("/api/v1/bids/{reference}/sign-off", May(Action::EditBid), || {
        web::post().to(partnerships::api::request_sign_off)
    }),
    post("/api/v1/bids/{reference}/sign-off/sign", May(Action::SignOff), || web::post().to(partnerships::api::sign)),
    post("/api/v1/bids/{reference}/sign-off/changes", May(Action::SignOff), || {
        web::post().to(partnerships::api::ask_for_changes)
    }),
    // The register.
    get("/api/v1/register", Public, || web::get().to(register::api::list)),
    get("/api/v1/register/{key}", Public, || web::get().to(register::api::show)),
    post("/api/v1/register/import", May(Action::ManageRegister), || web::post().to(register::api::import)),
    get("/api/v1/bids/{reference}/similar", May(Action::ReadBid), || web::get().to(register::api::similar)),
    get("/api/v1/bids/{reference}/prior-work", May(Action::ReadBid), || web::get().to(register::api::prior_work)),
    put("/api/v1/bids/{reference}/prior-work", May(Action::EditBid), || web::put().to(register::api::set_prior_work)),
    // Bids.
    post("/api/v1/bids", May(Action::StartBid), || web::post().to(bids::api::start)),
    get("/api/v1/bids", SignedIn, || web::get().to(bids::api::own)),
    get("/api/v1/bids/{reference}", May(Action::ReadBid), || web::get().to(bids::api::show)),
    patch("/api/v1/bids/{reference}", May(Action::EditBid), || web::patch().to(bids::api::change)),
    put("/api/v1/bids/{reference}/answers/{question}", May(Action::EditBid), || web::put().to(bids::api::put_answer)),
    put("/api/v1/bids/{reference}/costs", May(Action::EditBid), || web::put().to(bids::api::put_costs)),
    put("/api/v1/bids/{reference}/promises", May(Action::EditBid), || web::put().to(bids::api::put_promises)),
    get("/api/v1/bids/{reference}/history", May(Action::ReadHistory), || web::get().to(bids::api::history)),
    get("/api/v1/bids/{reference}/versions", May(Action::ReadHistory), || web::get().to(bids::api::versions)),
    get("/api/v1/rounds/{slug}/bids", May(Action::ListBids), || web::get().to(bids::api::of_round)),
    // Projects.
    get("/api/v1/projects", Public, || web::get().to(projects::api::list)),
    get("/api/v1/projects/{reference}", Public, || web::get().to(projects::api::show)),
    post("/api/v1/projects/{reference}/outcomes/{outcome}/deliveries", May(Action::ReportDelivery), || {
        web::post().to(projects::api::report)
    }),
    get("/api/v1/bids/{reference}/actions", May(Action::ReadBid), || web::get().to(journey::api::actions)),
    post("/api/v1/bids/{reference}/actions/{action}", May(Action::ReadBid), || web::post().to(journey::api::take)),
    get("/api/v1/bids/{reference}/requests", May(Action::ReadBid), || web::get().to(journey::api::requests)),
    delete("/api/v1/bids/{reference}/requests/{request}", May(Action::ReadBid), || {
        web::delete().to(journey::api::take_back)
    }),
    post("/api/v1/bids/{reference}/requests/{request}/approve", May(Action::ReadBid), || {
        web::post().to(journey::api::approve)
    }),
    post("/api/v1/bids/{reference}/requests/{request}/refuse", May(Action::ReadBid), || {
        web::post().to(journey::api::refuse)
    }),
    get("/api/v1/bids/{reference}/milestones/changes", May(Action::ReadTime), || web::get().to(journey::api::time_of)),
    post("/api/v1/bids/{reference}/milestones/changes", May(Action::GiveTime), || {
        web::post().to(journey::api::give_time)
    }),
    post("/api/v1/bids/{reference}/milestones/changes/{number}/{reply}", May(Action::GiveTime), || {
        web::post().to(journey::api::answer_time)
    }),
    // Decisions, releases and open data.
    get("/api/v1/bids/{reference}/decisions/{gate}", May(Action::DecideBid), || web::get().to(awards::api::show)),
    put("/api/v1/bids/{reference}/decisions/{gate}", May(Action::DecideBid), || web::put().to(awards::api::decide)),
    get("/api/v1/bids/{reference}/outcomes", May(Action::ReadOutcomes), || web::get().to(awards::api::outcomes)),
    post("/api/v1/rounds/{slug}/decisions", May(Action::Release), || web::post().to(awards::api::decide_many)),
    get("/api/v1/rounds/{slug}/releases/{milestone}", May(Action::ListBids), || web::get().to(awards::api::readiness)),
    post("/api/v1/rounds/{slug}/releases/{milestone}", May(Action::ListBids), || web::post().to(awards::api::release)),
    post("/api/v1/rounds/{slug}/releases/{milestone}/refuse", May(Action::ListBids), || {
        web::post().to(awards::api::refuse)
    }),
    post("/api/v1/rounds/{slug}/releases/{milestone}/outside", May(Action::ListBids), || {
        web::post().to(awards::api::record_outside)
    }),
    delete("/api/v1/rounds/{slug}/releases/{milestone}", May(Action::Release), || {
        web::delete().to(awards::api::recall)
    }),
    get("/api/v1/open/rounds/{slug}/awards.json", Public, || web::get().to(awards::api::awards_json)),
    get("/api/v1/open/rounds/{slug}/awards.csv", Public, || web::get().to(awards::api::awards_csv)),
    get("/api/v1/open/rounds/{slug}/eois.json", Public, || web::get().to(awards::api::eois_json)),
    get("/api/v1/open/rounds/{slug}/eois.csv", Public, || web::get().to(awards::api::eois_csv)),
    get("/common-grants/opportunities", Public, || web::get().to(awards::feeds::opportunities)),
    get("/common-grants/opportunities/{id}", Public, || web::get().to(awards::feeds::opportunity)),
    post("/common-grants/opportunities/search", Public, || web::post().to(awards::feeds::search)),
    get("/rounds.atom", Public, || web::get().to(awards::feeds::atom_feed)),
    get("/rounds.ics", Public, || web::get().to(awards::feeds::calendar)),
    // Assessment.
    get("/api/v1/assessments", SignedIn, || web::get().to(assessment::api::scores::given)),
    get("/api/v1/bids/{reference}/scores/mine", May(Action::ScoreBid), || web::get().to(assessment::api::scores::mine)),
    put("/api/v1/bids/{reference}/scores/mine", May(Action::ScoreBid), || web::put().to(assessment::api::scores::save)),
    post("/api/v1/bids/{reference}/scores/submit", May(Action::ScoreBid), || {
        web::post().to(assessment::api::scores::submit)
    }),
    get("/api/v1/bids/{reference}/scores", May(Action::ReadScores), || web::get().to(assessment::api::scores::of_bid)),
    get("/api/v1/bids/{reference}/assessors", May(Action::AssignAssessors), || {
        web::get().to(assessment::api::panel::of_bid)
    }),
    post("/api/v1/bids/{reference}/assessors", May(Action::AssignAssessors), || {
        web::post().to(assessment::api::panel::assign)
    }),
    delete("/api/v1/bids/{reference}/assessors/{person}", May(Action::AssignAssessors), || {
        web::delete().to(assessment::api::panel::unassign)
    }),
    get("/api/v1/rounds/{slug}/assessors", May(Action::AssignAssessors), || {
        web::get().to(assessment::api::panel::of_round)
    }),
    post("/api/v1/rounds/{slug}/assessors", May(Action::AssignAssessors), || {
        web::post().to(assessment::api::panel::assign_many)
    }),
    get("/api/v1/conflicts", SignedIn, || web::get().to(assessment::api::conflicts::own)),
    post("/api/v1/conflicts", SignedIn, || web::post().to(assessment::api::conflicts::declare)),
    post("/api/v1/conflicts/{id}/lift", SignedIn, || web::post().to(assessment::api::conflicts::lift)),
    get("/api/v1/rounds/{slug}/sift", May(Action::SiftBid), || web::get().to(assessment::api::sift::queue)),
    get("/api/v1/bids/{reference}/sift", May(Action::SiftBid), || web::get().to(assessment::api::sift::show)),
    put("/api/v1/bids/{reference}/sift", May(Action::SiftBid), || web::put().to(assessment::api::sift::mark)),
    get("/api/v1/rounds/{slug}/ranking", May(Action::ReadScores), || web::get().to(assessment::api::ranking::show)),
    get("/api/v1/rounds/{slug}/ranking.csv", May(Action::ReadScores), || {
        web::get().to(assessment::api::ranking::as_csv)
    }),
    get("/api/v1/rounds/{slug}/scores.csv", May(Action::ReadScores), || {
        web::get().to(assessment::api::ranking::scores_as_csv)
    }),
];

/// Pages.
pub static PAGES: &[Route] = &[
    get("/", Public, || web::get().to(home::home)),
    get("/licences", Public, || web::get().to(home::licences)),
    get("/accessibility", Public, || web::get().to(home::accessibility)),
    get("/privacy", Public, || web::get().to(home::privacy)),
    get("/open-data", Public, || web::get().to(home::open_data)),
    // Awards, expressions of interest and projects.
    get("/rounds/{slug}/awards", Public, || web::get().to(awards::pages::awards)),
    get("/rounds/{slug}/eois", Public, || web::get().to(awards::pages::eois)),
    get("/rounds/{slug}/eois/{reference}", Public, || web::get().to(awards::pages::eoi)),
    get("/rounds/{slug}/decisions", May(Action::ListBids), || web::get().to(awards::pages::decisions)),
    post("/rounds/{slug}/releases/{milestone}", May(Action::ListBids), || web::post().to(awards::pages::release)),
    post("/rounds/{slug}/releases/{milestone}/refuse", May(Action::ListBids), || web::post().to(awards::pages::refuse)),
    post("/rounds/{slug}/releases/{milestone}/outside", May(Action::ListBids), || {
        web::post().to(awards::pages::record_outside)
    }),
    post("/rounds/{slug}/releases/{milestone}/recall", May(Action::Release), || web::post().to(awards::pages::recall)),
    get("/bids/{reference}/decision", May(Action::DecideBid), || web::get().to(awards::pages::decision)),
    post("/bids/{reference}/decision", May(Action::DecideBid), || web::post().to(awards::pages::decide)),
    get("/projects/{reference}", Public, || web::get().to(projects::pages::project)),
    post("/projects/{reference}/deliveries", May(Action::ReportDelivery), || web::post().to(projects::pages::report)),
    // Partnerships.
    get("/bids/{reference}/partners", May(Action::ReadBid), || web::get().to(partnerships::pages::partners)),
    post("/bids/{reference}/partners", May(Action::ManagePartners), || web::post().to(partnerships::pages::invite)),
    get("/bids/{reference}/partners/{id}", May(Action::ManagePartners), || web::get().to(partnerships::pages::partner)),
    post("/bids/{reference}/partners/{id}", May(Action::ManagePartners), || {
        web::post().to(partnerships::pages::change)
    }),
    get("/bids/{reference}/invitation", May(Action::AnswerInvitation), || {
        web::get().to(partnerships::pages::invitation)
    }),
    post("/bids/{reference}/invitation", May(Action::AnswerInvitation), || web::post().to(partnerships::pages::answer)),
    get("/bids/{reference}/sign-off", May(Action::ReadBid), || web::get().to(partnerships::pages::sign_off)),
    post("/bids/{reference}/sign-off", May(Action::ReadBid), || web::post().to(partnerships::pages::act_on_sign_off)),
    // Rounds.
    get("/rounds", Public, || web::get().to(funds::pages::list)),
    get("/rounds/{slug}", Public, || web::get().to(journey::pages::round::show)),
    get("/rounds/{slug}/dates", May(Action::EditRound), || web::get().to(journey::pages::dates::show)),
    post("/rounds/{slug}/dates", May(Action::EditRound), || web::post().to(journey::pages::dates::find_bid)),
    get("/rounds/{slug}/dates/{milestone}", May(Action::EditRound), || web::get().to(journey::pages::dates::ask)),
    post("/rounds/{slug}/dates/{milestone}", May(Action::EditRound), || web::post().to(journey::pages::dates::change)),
    post("/rounds/{slug}/dates/changes/{number}/{reply}", May(Action::EditRound), || {
        web::post().to(journey::pages::dates::answer)
    }),
    // The workflow of a round.
    get("/rounds/{slug}/workflow", May(Action::ReadRound), || web::get().to(funds::pages::workflow::show)),
    post("/rounds/{slug}/workflow/begin", May(Action::EditRound), || web::post().to(funds::pages::workflow::begin)),
    post("/rounds/{slug}/workflow/discard", May(Action::EditRound), || web::post().to(funds::pages::workflow::discard)),
    get("/rounds/{slug}/workflow/about", May(Action::EditRound), || {
        web::get().to(funds::pages::workflow::whole::ask_about)
    }),
    post("/rounds/{slug}/workflow/about", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::whole::save_about)
    }),
    get("/rounds/{slug}/workflow/text", May(Action::ReadRound), || {
        web::get().to(funds::pages::workflow::whole::ask_text)
    }),
    post("/rounds/{slug}/workflow/text", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::whole::save_text)
    }),
    get("/rounds/{slug}/workflow/states/{place}", May(Action::EditRound), || {
        web::get().to(funds::pages::workflow::state::ask)
    }),
    post("/rounds/{slug}/workflow/states/{place}", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::state::save)
    }),
    post("/rounds/{slug}/workflow/states/{place}/remove", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::state::remove)
    }),
    get("/rounds/{slug}/workflow/steps/{place}", May(Action::EditRound), || {
        web::get().to(funds::pages::workflow::step::ask)
    }),
    post("/rounds/{slug}/workflow/steps/{place}", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::step::save)
    }),
    post("/rounds/{slug}/workflow/steps/{place}/remove", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::step::remove)
    }),
    get("/rounds/{slug}/workflow/compare", May(Action::ReadRound), || {
        web::get().to(funds::pages::workflow::force::ask)
    }),
    post("/rounds/{slug}/workflow/compare", May(Action::EditRound), || {
        web::post().to(funds::pages::workflow::force::put)
    }),
    get("/rounds/{slug}/workflow/versions", Public, || web::get().to(funds::pages::workflow::force::versions)),
    get("/rounds/{slug}/workflow/moves", May(Action::EditRound), || web::get().to(journey::pages::moves::ask)),
    post("/rounds/{slug}/workflow/moves", May(Action::EditRound), || web::post().to(journey::pages::moves::act)),
    post("/rounds/{slug}/workflow/moves/{id}/undo", May(Action::EditRound), || {
        web::post().to(journey::pages::moves::undo)
    }),
    // Funds and the people who work for them.
    get("/staff", SignedIn, || web::get().to(funds::pages::staff::desk)),
    get("/funds/new", May(Action::CreateFund), || web::get().to(funds::pages::staff::ask_fund)),
    post("/funds/new", May(Action::CreateFund), || web::post().to(funds::pages::staff::create_fund)),
    get("/funds/{slug}/staff", May(Action::ManageStaff), || web::get().to(funds::pages::staff::show)),
    post("/funds/{slug}/staff", May(Action::ManageStaff), || web::post().to(funds::pages::staff::give)),
    post("/funds/{slug}/staff/{person}/{role}/remove", May(Action::ManageStaff), || {
        web::post().to(funds::pages::staff::take)
    }),
    get("/funds/{slug}/deputies", May(Action::ReadRound), || web::get().to(funds::deputies::pages::show)),
    post("/funds/{slug}/deputies", May(Action::ReadRound), || web::post().to(funds::deputies::pages::name)),
    post("/funds/{slug}/deputies/{id}/end", May(Action::ReadRound), || web::post().to(funds::deputies::pages::end)),
    get("/rounds/{slug}/bids", May(Action::ListBids), || web::get().to(bids::pages::list::show)),
    get("/rounds/{slug}/bids.csv", May(Action::ListBids), || web::get().to(bids::pages::list::as_csv)),
    // Bids.
    get("/dashboard", SignedIn, || web::get().to(bids::pages::dashboard::show)),
    get("/rounds/{slug}/start", SignedIn, || web::get().to(bids::pages::start::ask)),
    post("/rounds/{slug}/start", May(Action::StartBid), || web::post().to(bids::pages::start::start)),
    get("/bids/{reference}", May(Action::ReadBid), || web::get().to(journey::pages::bid::show)),
    get("/bids/{reference}/check", May(Action::ReadBid), || web::get().to(journey::pages::check::show)),
    post("/bids/{reference}/check", May(Action::SubmitBid), || web::post().to(journey::pages::check::submit)),
    get("/bids/{reference}/submitted", May(Action::ReadHistory), || web::get().to(journey::pages::check::submitted)),
    get("/bids/{reference}/actions/{action}", May(Action::ReadBid), || web::get().to(journey::pages::act::ask)),
    post("/bids/{reference}/actions/{action}", May(Action::ReadBid), || web::post().to(journey::pages::act::act)),
    post("/bids/{reference}/requests/{request}", May(Action::ReadBid), || web::post().to(journey::pages::bid::answer)),
    get("/bids/{reference}/history", May(Action::ReadHistory), || web::get().to(journey::pages::history::show)),
    get("/bids/{reference}/more-time", May(Action::GiveTime), || web::get().to(journey::pages::more_time::ask)),
    post("/bids/{reference}/more-time", May(Action::GiveTime), || web::post().to(journey::pages::more_time::give)),
    post("/bids/{reference}/more-time/{number}/{reply}", May(Action::GiveTime), || {
        web::post().to(journey::pages::more_time::answer)
    }),
    get("/bids/{reference}/about", May(Action::EditBid), || web::get().to(bids::pages::about::ask)),
    post("/bids/{reference}/about", May(Action::EditBid), || web::post().to(bids::pages::about::save)),
    get("/bids/{reference}/questions/{question}", May(Action::EditBid), || web::get().to(bids::pages::question::ask)),
    post("/bids/{reference}/questions/{question}", May(Action::EditBid), || {
        web::post().to(bids::pages::question::save)
    }),
    get("/bids/{reference}/costs", May(Action::EditBid), || web::get().to(bids::pages::costs::ask)),
    post("/bids/{reference}/costs", May(Action::EditBid), || web::post().to(bids::pages::costs::save)),
    get("/bids/{reference}/promises", May(Action::EditBid), || web::get().to(bids::pages::promises::ask)),
    post("/bids/{reference}/promises", May(Action::EditBid), || web::post().to(bids::pages::promises::save)),
    // Signing in and one's own account.
    get("/sign-in", Public, || web::get().to(account::pages::sign_in::ask)),
    post("/sign-in", Public, || web::post().to(account::pages::sign_in::send)),
    get("/sign-in/check-email", Public, || web::get().to(account::pages::sign_in::check_email)),
    post("/sign-in/check-email", Public, || web::post().to(account::pages::sign_in::enter_code)),
    get("/sign-in/link/{ticket}", Public, || web::get().to(account::pages::sign_in::show_link)),
    post("/sign-in/link/{ticket}", Public, || web::post().to(account::pages::sign_in::follow_link)),
    post("/sign-out", SignedIn, || web::post().to(account::pages::sign_in::sign_out)),
    get("/kept-forms", SignedIn, || web::get().to(account::pages::kept_forms::show)),
    post("/kept-forms/{form}/discard", SignedIn, || web::post().to(account::pages::kept_forms::discard)),
    get("/account", SignedIn, || web::get().to(account::pages::account::show)),
    get("/account/fresh", SignedIn, || web::get().to(account::pages::account::fresh)),
    post("/account/fresh", SignedIn, || web::post().to(account::pages::account::enter_fresh)),
    post("/account/sessions/{session}/end", SignedIn, || web::post().to(account::pages::account::end_session)),
    post("/account/programs/{organisation}", May(Action::ManageClients), || {
        web::post().to(account::pages::account::create_program)
    }),
    post("/account/programs/{organisation}/{client}/revoke", May(Action::ManageClients), || {
        web::post().to(account::pages::account::revoke_program)
    }),
    // Organisations and their people.
    get("/organisations", May(Action::ManageOrganisations), || web::get().to(account::pages::organisations::list)),
    post("/organisations", May(Action::ManageOrganisations), || web::post().to(account::pages::organisations::import)),
    get("/organisations/{organisation}/members", May(Action::ManageMembers), || {
        web::get().to(account::pages::members::show)
    }),
    post("/organisations/{organisation}/members", May(Action::ManageMembers), || {
        web::post().to(account::pages::members::add)
    }),
    post("/organisations/{organisation}/members/{person}/{role}/remove", May(Action::ManageMembers), || {
        web::post().to(account::pages::members::take)
    }),
    // The outbox.
    get("/staff/outbox", May(Action::ReadOutbox), || web::get().to(account::pages::outbox::list)),
    get("/staff/outbox/{message}", May(Action::ReadOutbox), || web::get().to(account::pages::outbox::show)),
    post("/staff/outbox/{message}/send", May(Action::ReadOutbox), || web::post().to(account::pages::outbox::send)),
    // The register.
    get("/register", Public, || web::get().to(register::pages::list)),
    get("/register/{key}", Public, || web::get().to(register::pages::entry)),
    get("/bids/{reference}/prior-work", May(Action::EditBid), || web::get().to(register::pages::prior_work)),
    post("/bids/{reference}/prior-work", May(Action::EditBid), || web::post().to(register::pages::choose)),
    // Assessment.
    get("/assess", SignedIn, || web::get().to(assessment::pages::mine)),
    get("/bids/{reference}/score", May(Action::ScoreBid), || web::get().to(assessment::pages::check)),
    post("/bids/{reference}/score", May(Action::ScoreBid), || web::post().to(assessment::pages::submit)),
    get("/bids/{reference}/score/{criterion}", May(Action::ScoreBid), || web::get().to(assessment::pages::score)),
    post("/bids/{reference}/score/{criterion}", May(Action::ScoreBid), || web::post().to(assessment::pages::save)),
    get("/bids/{reference}/scores", May(Action::ReadScores), || web::get().to(assessment::pages::scores)),
    get("/bids/{reference}/conflict", May(Action::DeclareConflict), || web::get().to(assessment::pages::conflict)),
    post("/bids/{reference}/conflict", May(Action::DeclareConflict), || web::post().to(assessment::pages::declare)),
    post("/conflicts/{id}/lift", SignedIn, || web::post().to(assessment::pages::lift)),
    get("/rounds/{slug}/sift", May(Action::SiftBid), || web::get().to(assessment::pages::queue)),
    get("/bids/{reference}/sift", May(Action::SiftBid), || web::get().to(assessment::pages::sift)),
    post("/bids/{reference}/sift", May(Action::SiftBid), || web::post().to(assessment::pages::mark)),
    get("/rounds/{slug}/assessors", May(Action::AssignAssessors), || web::get().to(assessment::pages::panel)),
    get("/bids/{reference}/assessors", May(Action::AssignAssessors), || web::get().to(assessment::pages::readers)),
    post("/bids/{reference}/assessors", May(Action::AssignAssessors), || {
        web::post().to(assessment::pages::choose_readers)
    }),
    get("/rounds/{slug}/ranking", May(Action::ReadScores), || web::get().to(assessment::pages::ranking)),
];

/// Who does which jobs.
///
/// # Errors
/// In words that name the setting that is wrong.
pub fn handlers(app: &App) -> Result<Handlers, String> {
    let sender = mail::Sender::new(app.db.clone(), app.clock.clone(), app.ids.clone(), &app.config)?;
    Ok(Handlers::from([
        (mail::KIND, sender.handler()),
        (bids::service::CONTENT_CHANGED_JOB, journey::service::content_handler(app)),
        (funds::service::APPROVERS_JOB, journey::service::approvers_handler(app)),
        (funds::service::MILESTONE_JOB, journey::service::milestone_handler(app)),
        (awards::service::DECISION_JOB, journey::service::decision_handler(app)),
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
