//! The OpenAPI document, from the handlers themselves, and its page.

use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use super::health;
use crate::{account, awards, bids, funds, journey, partnerships, projects, register};
use crate::{account, assessment, awards, bids, funds, partnerships, projects, register};

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Roundtable", description = "Funding rounds for bids that several councils make together"),
    paths(
        health::live,
        health::ready,
        account::api::token,
        account::api::me,
        account::api::sessions,
        account::api::end_session,
        account::api::list_organisations,
        account::api::import_organisations,
        account::api::list_clients,
        account::api::create_client,
        account::api::show_client,
        account::api::revoke_client,
        funds::api::create_fund,
        funds::api::grant_role,
        funds::api::create_round,
        funds::api::list,
        funds::api::show,
        funds::api::publish,
        funds::api::extend,
        partnerships::api::list,
        partnerships::api::invite,
        partnerships::api::show,
        partnerships::api::change,
        partnerships::api::withdraw,
        partnerships::api::confirm,
        partnerships::api::decline,
        partnerships::api::sign_off,
        partnerships::api::request_sign_off,
        partnerships::api::sign,
        partnerships::api::ask_for_changes,
        register::api::list,
        register::api::show,
        register::api::import,
        register::api::similar,
        register::api::prior_work,
        register::api::set_prior_work,
        bids::api::start,
        bids::api::own,
        bids::api::show,
        bids::api::change,
        bids::api::put_answer,
        bids::api::put_costs,
        bids::api::put_promises,
        bids::api::history,
        bids::api::versions,
        bids::api::of_round,
        projects::api::list,
        projects::api::show,
        projects::api::report,
        journey::api::actions,
        journey::api::take,
        awards::api::show,
        awards::api::decide,
        awards::api::decide_many,
        awards::api::readiness,
        awards::api::release,
        awards::api::recall,
        awards::api::awards_json,
        awards::api::awards_csv,
        awards::api::eois_json,
        awards::api::eois_csv,
        awards::feeds::opportunities,
        awards::feeds::opportunity,
        awards::feeds::search,
        awards::feeds::atom_feed,
        awards::feeds::calendar,
        assessment::api::scores::given,
        assessment::api::scores::mine,
        assessment::api::scores::save,
        assessment::api::scores::submit,
        assessment::api::scores::of_bid,
        assessment::api::panel::of_bid,
        assessment::api::panel::assign,
        assessment::api::panel::unassign,
        assessment::api::panel::of_round,
        assessment::api::panel::assign_many,
        assessment::api::conflicts::own,
        assessment::api::conflicts::declare,
        assessment::api::conflicts::lift,
        assessment::api::sift::queue,
        assessment::api::sift::show,
        assessment::api::sift::mark,
        assessment::api::ranking::show,
        assessment::api::ranking::as_csv,
        assessment::api::ranking::scores_as_csv,
    )
)]
pub struct Document;

/// `/api/v1/openapi.json` and its page at `/api/v1/docs/`.
pub fn service() -> SwaggerUi {
    SwaggerUi::new("/api/v1/docs/{_:.*}").url("/api/v1/openapi.json", Document::openapi())
}
