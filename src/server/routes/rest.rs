//! The routes of programs: REST, open data and feeds.

use actix_web::web;

use super::{
    Access::{May, Public, SignedIn},
    Route, delete, get, patch, post, put,
};
use crate::{
    account, assessment, awards, bids, funds, identity::policy::Action, journey, partnerships, projects, register,
    server::health,
};

/// REST.
pub static API: &[Route] = &[
    get("/health/live", Public, || web::get().to(health::live)),
    get("/health/ready", Public, || web::get().to(health::ready)),
    // Accounts and organisations.
    post("/api/v1/token", Public, || web::post().to(account::api::token)),
    get("/api/v1/me", SignedIn, || web::get().to(account::api::me)),
    put("/api/v1/me/language", SignedIn, || web::put().to(account::api::read_in)),
    get("/api/v1/me/sessions", SignedIn, || web::get().to(account::api::sessions)),
    delete("/api/v1/me/sessions/{session}", SignedIn, || web::delete().to(account::api::end_session)),
    get("/api/v1/organisations", Public, || web::get().to(account::api::list_organisations)),
    get("/api/v1/organisations/{organisation}/bids", Public, || web::get().to(awards::councils::api::list)),
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
    get("/api/v1/organisations/{organisation}/profile", May(Action::ReadOrganisation), || {
        web::get().to(account::profiles::api::show)
    }),
    put("/api/v1/organisations/{organisation}/profile", May(Action::EditProfile), || {
        web::put().to(account::profiles::api::put)
    }),
    get("/api/v1/organisations/{organisation}/deputies", May(Action::ReadOrganisation), || {
        web::get().to(account::deputies::api::list)
    }),
    post("/api/v1/organisations/{organisation}/deputies", May(Action::ReadOrganisation), || {
        web::post().to(account::deputies::api::name)
    }),
    delete("/api/v1/organisations/{organisation}/deputies/{id}", May(Action::ReadOrganisation), || {
        web::delete().to(account::deputies::api::end)
    }),
    delete("/api/v1/organisations/{organisation}/members/{person}/{role}", May(Action::ManageMembers), || {
        web::delete().to(account::api::take_member)
    }),
    get("/api/v1/organisations/{organisation}/rounds/{slug}/led-bids", May(Action::StartBid), || {
        web::get().to(bids::led::api::show)
    }),
    put("/api/v1/organisations/{organisation}/rounds/{slug}/led-bids", May(Action::ChooseBids), || {
        web::put().to(bids::led::api::choose)
    }),
    // Networks and declarations.
    get("/api/v1/networks", SignedIn, || web::get().to(account::networks::api::list)),
    put("/api/v1/networks/{network}", May(Action::ManageNetworks), || web::put().to(account::networks::api::put)),
    get("/api/v1/networks/{network}/members", SignedIn, || web::get().to(account::networks::api::members)),
    post("/api/v1/networks/{network}/members/import", May(Action::ManageNetworks), || {
        web::post().to(account::networks::api::import)
    }),
    put("/api/v1/networks/{network}/members/{organisation}", May(Action::ManageNetworks), || {
        web::put().to(account::networks::api::record)
    }),
    delete("/api/v1/networks/{network}/members/{organisation}", May(Action::ManageNetworks), || {
        web::delete().to(account::networks::api::take_out)
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
    post("/api/v1/funds/{slug}/drafts", May(Action::EditRound), || web::post().to(funds::making::api::begin)),
    patch("/api/v1/rounds/{slug}", May(Action::EditRound), || web::patch().to(funds::making::api::change)),
    get("/api/v1/rounds/{slug}/missing", May(Action::EditRound), || web::get().to(funds::making::api::missing)),
    get("/api/v1/rounds", Public, || web::get().to(funds::api::list)),
    get("/api/v1/rounds/{slug}", Public, || web::get().to(funds::api::show)),
    get("/api/v1/rounds/{slug}/workflow", Public, || web::get().to(journey::api::workflow)),
    get("/api/v1/rounds/{slug}/workflow.mmd", Public, || web::get().to(journey::api::workflow_mermaid)),
    get("/api/v1/rounds/{slug}/workflow.svg", Public, || web::get().to(journey::api::workflow_svg)),
    get("/api/v1/workflows", Public, || web::get().to(funds::api::workflows::list)),
    get("/api/v1/workflows/schema", Public, || web::get().to(funds::api::workflows::show_schema)),
    post("/api/v1/workflows/check", SignedIn, || web::post().to(funds::api::workflows::check)),
    get("/api/v1/workflows/{id}", Public, || web::get().to(funds::api::workflows::show)),
    get("/api/v1/rounds/{slug}/mails", May(Action::EditRound), || web::get().to(journey::mails::api::list)),
    get("/api/v1/rounds/{slug}/mails/{template}/{language}", May(Action::EditRound), || {
        web::get().to(journey::mails::api::show)
    }),
    put("/api/v1/rounds/{slug}/mails/{template}/{language}", May(Action::EditRound), || {
        web::put().to(journey::mails::api::save)
    }),
    delete("/api/v1/rounds/{slug}/mails/{template}/{language}", May(Action::EditRound), || {
        web::delete().to(journey::mails::api::remove)
    }),
    post("/api/v1/rounds/{slug}/mails/{template}/{language}/preview", May(Action::EditRound), || {
        web::post().to(journey::mails::api::preview)
    }),
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
    get("/api/v1/rounds/{slug}/reminders", May(Action::EditRound), || web::get().to(funds::reminders::api::show)),
    put("/api/v1/rounds/{slug}/reminders", May(Action::EditRound), || web::put().to(funds::reminders::api::choose)),
    get("/api/v1/rounds/{slug}/questions", Public, || web::get().to(funds::questions::api::answers)),
    post("/api/v1/rounds/{slug}/questions", SignedIn, || web::post().to(funds::questions::api::ask)),
    get("/api/v1/rounds/{slug}/questions/asked", SignedIn, || web::get().to(funds::questions::api::asked)),
    get("/api/v1/rounds/{slug}/questions/{number}", SignedIn, || web::get().to(funds::questions::api::show)),
    put("/api/v1/rounds/{slug}/questions/{number}", May(Action::AnswerQuestions), || {
        web::put().to(funds::questions::api::answer)
    }),
    post("/api/v1/rounds/{slug}/questions/{number}/refuse", May(Action::AnswerQuestions), || {
        web::post().to(funds::questions::api::refuse)
    }),
    get("/api/v1/rounds/{slug}/amendments", Public, || web::get().to(journey::amendments::api::list)),
    put("/api/v1/rounds/{slug}/cancellation", May(Action::EditRound), || {
        web::put().to(journey::amendments::api::cancel)
    }),
    put("/api/v1/rounds/{slug}/rules", May(Action::EditRound), || {
        web::put().to(journey::amendments::api::change_rules)
    }),
    put("/api/v1/rounds/{slug}/budget", May(Action::EditRound), || {
        web::put().to(journey::amendments::api::change_budget)
    }),
    get("/api/v1/rounds/{slug}/proposals", May(Action::ListBids), || {
        web::get().to(journey::amendments::api::proposals)
    }),
    post("/api/v1/rounds/{slug}/proposals/{kind}/approve", May(Action::ListBids), || {
        web::post().to(journey::amendments::api::approve)
    }),
    post("/api/v1/rounds/{slug}/proposals/{kind}/refuse", May(Action::ListBids), || {
        web::post().to(journey::amendments::api::refuse)
    }),
    delete("/api/v1/rounds/{slug}/proposals/{kind}", May(Action::ListBids), || {
        web::delete().to(journey::amendments::api::take_back)
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
    post("/api/v1/bids/{reference}/partners/{id}/replace", May(Action::ManagePartners), || {
        web::post().to(partnerships::api::replace)
    }),
    post("/api/v1/bids/{reference}/partners/{id}/confirm", May(Action::AnswerInvitation), || {
        web::post().to(partnerships::api::confirm)
    }),
    post("/api/v1/bids/{reference}/partners/{id}/decline", May(Action::AnswerInvitation), || {
        web::post().to(partnerships::api::decline)
    }),
    post("/api/v1/bids/{reference}/partners/{id}/leave", May(Action::AnswerInvitation), || {
        web::post().to(partnerships::api::leave)
    }),
    get("/api/v1/bids/{reference}/unknown-partners", May(Action::ReadBid), || {
        web::get().to(partnerships::unknown::api::list)
    }),
    post("/api/v1/bids/{reference}/unknown-partners", May(Action::ManagePartners), || {
        web::post().to(partnerships::unknown::api::ask)
    }),
    delete("/api/v1/bids/{reference}/unknown-partners/{id}", May(Action::ManagePartners), || {
        web::delete().to(partnerships::unknown::api::take_back)
    }),
    get("/api/v1/funds/{slug}/organisation-requests", May(Action::CheckOrganisation), || {
        web::get().to(partnerships::unknown::api::requests)
    }),
    post("/api/v1/funds/{slug}/organisation-requests/{id}/accept", May(Action::CheckOrganisation), || {
        web::post().to(partnerships::unknown::api::accept)
    }),
    post("/api/v1/funds/{slug}/organisation-requests/{id}/known", May(Action::CheckOrganisation), || {
        web::post().to(partnerships::unknown::api::is_known)
    }),
    post("/api/v1/funds/{slug}/organisation-requests/{id}/refuse", May(Action::CheckOrganisation), || {
        web::post().to(partnerships::unknown::api::refuse)
    }),
    get("/api/v1/rounds/{slug}/partnership-changes", May(Action::EditRound), || {
        web::get().to(journey::api::proposals::waiting)
    }),
    get("/api/v1/bids/{reference}/partnership-changes", SignedIn, || web::get().to(journey::api::proposals::list)),
    post("/api/v1/bids/{reference}/partnership-changes", SignedIn, || web::post().to(journey::api::proposals::propose)),
    get("/api/v1/bids/{reference}/partnership-changes/{id}", SignedIn, || web::get().to(journey::api::proposals::show)),
    post("/api/v1/bids/{reference}/partnership-changes/{id}/agree", SignedIn, || {
        web::post().to(journey::api::proposals::agree)
    }),
    post("/api/v1/bids/{reference}/partnership-changes/{id}/refuse", SignedIn, || {
        web::post().to(journey::api::proposals::refuse)
    }),
    post("/api/v1/bids/{reference}/partnership-changes/{id}/take-back", SignedIn, || {
        web::post().to(journey::api::proposals::take_back)
    }),
    get("/api/v1/bids/{reference}/sign-off", May(Action::ReadBid), || {
        web::get().to(partnerships::sign_offs::api::sign_off)
    }),
    post("/api/v1/bids/{reference}/sign-off", May(Action::EditBid), || {
        web::post().to(partnerships::sign_offs::api::request_sign_off)
    }),
    post("/api/v1/bids/{reference}/sign-off/sign", May(Action::SignOff), || {
        web::post().to(partnerships::sign_offs::api::sign)
    }),
    post("/api/v1/bids/{reference}/sign-off/changes", May(Action::SignOff), || {
        web::post().to(partnerships::sign_offs::api::ask_for_changes)
    }),
    get("/api/v1/bids/{reference}/draft/file.pdf", May(Action::ReadBid), || {
        web::get().to(partnerships::papers::api::draft_pdf)
    }),
    get("/api/v1/bids/{reference}/draft/file.docx", May(Action::ReadBid), || {
        web::get().to(partnerships::papers::api::draft_word)
    }),
    get("/api/v1/bids/{reference}/versions/{stage}/{number}/file.pdf", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::api::version_pdf)
    }),
    get("/api/v1/bids/{reference}/versions/{stage}/{number}/file.docx", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::api::version_word)
    }),
    get("/api/v1/bids/{reference}/sign-offs/{id}/file.pdf", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::api::signed_pdf)
    }),
    get("/api/v1/bids/{reference}/sign-offs/{id}/file.docx", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::api::signed_word)
    }),
    get("/api/v1/bids/{reference}/signatures", May(Action::ReadHistory), || {
        web::get().to(partnerships::sign_offs::api::signatures)
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
    put("/api/v1/bids/{reference}/answers/{question}", May(Action::WriteAnswers), || {
        web::put().to(bids::api::put_answer)
    }),
    get("/api/v1/bids/{reference}/merged-answers", May(Action::ReadWriting), || web::get().to(bids::merged::api::list)),
    get("/api/v1/bids/{reference}/answers/{question}/versions", May(Action::ReadWriting), || {
        web::get().to(bids::answers::api::versions)
    }),
    get("/api/v1/bids/{reference}/documents", May(Action::ReadBid), || web::get().to(bids::documents::api::list)),
    post("/api/v1/bids/{reference}/documents", May(Action::WriteAnswers), || web::post().to(bids::documents::api::add)),
    post("/api/v1/bids/{reference}/answers/{question}/documents", May(Action::WriteAnswers), || {
        web::post().to(bids::documents::api::answer)
    }),
    get("/api/v1/bids/{reference}/documents/{id}", May(Action::ReadBid), || web::get().to(bids::documents::api::show)),
    delete("/api/v1/bids/{reference}/documents/{id}", May(Action::WriteAnswers), || {
        web::delete().to(bids::documents::api::take_out)
    }),
    get("/api/v1/bids/{reference}/documents/{id}/content", May(Action::ReadBid), || {
        web::get().to(bids::documents::api::content)
    }),
    get("/api/v1/bids/{reference}/answers/{question}/comments", May(Action::ReadWriting), || {
        web::get().to(bids::comments::api::list)
    }),
    post("/api/v1/bids/{reference}/answers/{question}/comments", May(Action::WriteAnswers), || {
        web::post().to(bids::comments::api::write)
    }),
    post("/api/v1/bids/{reference}/answers/{question}/comments/{id}/resolve", May(Action::WriteAnswers), || {
        web::post().to(bids::comments::api::resolve)
    }),
    get("/api/v1/bids/{reference}/assignments", May(Action::ReadWriting), || {
        web::get().to(bids::assignments::api::show)
    }),
    put("/api/v1/bids/{reference}/assignments", May(Action::EditBid), || web::put().to(bids::assignments::api::put)),
    get("/api/v1/bids/{reference}/copy", May(Action::EditBid), || web::get().to(bids::copying::api::look)),
    post("/api/v1/bids/{reference}/copy", May(Action::EditBid), || web::post().to(bids::copying::api::copy)),
    get("/api/v1/bids/{reference}/names-left", May(Action::ReadWriting), || web::get().to(bids::unnamed::api::list)),
    get("/api/v1/bids/{reference}/hours", May(Action::GiveHours), || web::get().to(bids::hours::api::show)),
    put("/api/v1/bids/{reference}/hours", May(Action::GiveHours), || web::put().to(bids::hours::api::give)),
    get("/api/v1/bids/{reference}/carried-over", May(Action::ReadBid), || web::get().to(bids::carried::api::list)),
    get("/api/v1/bids/{reference}/costs", May(Action::ReadBid), || web::get().to(bids::costs::api::costs)),
    put("/api/v1/bids/{reference}/costs", May(Action::EditBid), || web::put().to(bids::api::put_costs)),
    put("/api/v1/bids/{reference}/promises", May(Action::EditBid), || web::put().to(bids::api::put_promises)),
    get("/api/v1/bids/{reference}/history", May(Action::ReadHistory), || web::get().to(bids::api::history)),
    get("/api/v1/bids/{reference}/versions", May(Action::ReadHistory), || web::get().to(bids::api::versions)),
    get("/api/v1/bids/{reference}/versions/{stage}/{number}", May(Action::ReadHistory), || {
        web::get().to(bids::api::version)
    }),
    get("/api/v1/bids/{reference}/versions/{stage}/{number}/receipt", May(Action::ReadHistory), || {
        web::get().to(bids::receipts::api::receipt)
    }),
    get("/api/v1/rounds/{slug}/bids", May(Action::ListBids), || web::get().to(bids::api::of_round)),
    get("/api/v1/bids/{reference}/clarifications", May(Action::ReadClarifications), || {
        web::get().to(bids::clarifications::api::list)
    }),
    post("/api/v1/bids/{reference}/clarifications", May(Action::AskClarification), || {
        web::post().to(bids::clarifications::api::ask)
    }),
    get("/api/v1/bids/{reference}/clarifications/{id}", May(Action::ReadClarifications), || {
        web::get().to(bids::clarifications::api::show)
    }),
    delete("/api/v1/bids/{reference}/clarifications/{id}", May(Action::AskClarification), || {
        web::delete().to(bids::clarifications::api::take_back)
    }),
    put("/api/v1/bids/{reference}/clarifications/{id}/answer", May(Action::AnswerClarification), || {
        web::put().to(bids::clarifications::api::put_answer)
    }),
    put("/api/v1/bids/{reference}/clarifications/{id}/until", May(Action::AskClarification), || {
        web::put().to(bids::clarifications::api::put_until)
    }),
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
    get("/api/v1/bids/{reference}/hold", May(Action::ReadHistory), || web::get().to(journey::api::holds::show)),
    put("/api/v1/bids/{reference}/hold", May(Action::HoldBid), || web::put().to(journey::api::holds::place)),
    delete("/api/v1/bids/{reference}/hold", May(Action::HoldBid), || web::delete().to(journey::api::holds::lift)),
    post("/api/v1/rounds/{slug}/bulk", May(Action::EditRound), || web::post().to(journey::api::bulk::act)),
    // Decisions, releases and open data.
    get("/api/v1/bids/{reference}/decisions/{gate}", May(Action::DecideBid), || web::get().to(awards::api::show)),
    put("/api/v1/bids/{reference}/decisions/{gate}", May(Action::DecideBid), || web::put().to(awards::api::decide)),
    delete("/api/v1/bids/{reference}/decisions/{gate}", May(Action::DecideBid), || {
        web::delete().to(awards::api::take_back)
    }),
    get("/api/v1/bids/{reference}/outcomes", May(Action::ReadOutcomes), || web::get().to(awards::api::outcomes)),
    get("/api/v1/rounds/{slug}/list", May(Action::ReadScores), || web::get().to(awards::lists::api::choice)),
    get("/api/v1/rounds/{slug}/list/problem.json", May(Action::ReadScores), || {
        web::get().to(awards::lists::api::problem)
    }),
    get("/api/v1/rounds/{slug}/lists", May(Action::ReadScores), || web::get().to(awards::lists::api::records)),
    post("/api/v1/rounds/{slug}/lists", May(Action::DecideBid), || web::post().to(awards::lists::api::make)),
    get("/api/v1/rounds/{slug}/lists/{number}", May(Action::ReadScores), || web::get().to(awards::lists::api::record)),
    get("/api/v1/rounds/{slug}/draw", May(Action::ReadScores), || web::get().to(awards::draws::api::offer)),
    get("/api/v1/rounds/{slug}/draws", May(Action::ReadScores), || web::get().to(awards::draws::api::records)),
    post("/api/v1/rounds/{slug}/draws", May(Action::DecideBid), || web::post().to(awards::draws::api::commit)),
    get("/api/v1/rounds/{slug}/draws/{number}", May(Action::ReadScores), || web::get().to(awards::draws::api::record)),
    post("/api/v1/rounds/{slug}/draws/{number}/withdraw", May(Action::DecideBid), || {
        web::post().to(awards::draws::api::withdraw)
    }),
    post("/api/v1/rounds/{slug}/draws/{number}/value", May(Action::DecideBid), || {
        web::post().to(awards::draws::api::enter)
    }),
    delete("/api/v1/rounds/{slug}/draws/{number}/value", May(Action::DecideBid), || {
        web::delete().to(awards::draws::api::take_back)
    }),
    post("/api/v1/rounds/{slug}/draws/{number}/value/confirm", May(Action::DecideBid), || {
        web::post().to(awards::draws::api::confirm)
    }),
    post("/api/v1/rounds/{slug}/draws/{number}/value/refuse", May(Action::DecideBid), || {
        web::post().to(awards::draws::api::refuse)
    }),
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
    get("/api/v1/open/rounds/{slug}/partnerships.json", Public, || web::get().to(awards::api::partnerships_json)),
    get("/api/v1/open/rounds/{slug}/partnerships.csv", Public, || web::get().to(awards::api::partnerships_csv)),
    get("/api/v1/open/rounds/{slug}/draws.json", Public, || web::get().to(awards::draws::api::told)),
    get("/api/v1/open/rounds/{slug}/draws/{number}/drawn.json", Public, || web::get().to(awards::draws::api::file)),
    get("/api/v1/open/rounds/{slug}/hours.json", Public, || web::get().to(awards::api::hours_json)),
    get("/api/v1/open/rounds/{slug}/hours.csv", Public, || web::get().to(awards::api::hours_csv)),
    get("/api/v1/open/rounds/{slug}/scores.json", Public, || web::get().to(awards::api::scores_json)),
    get("/api/v1/open/rounds/{slug}/scores.csv", Public, || web::get().to(awards::api::scores_csv)),
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
    get("/api/v1/bids/{reference}/scores/documents/{number}", May(Action::ScoreBid), || {
        web::get().to(assessment::documents::api::download)
    }),
    get("/api/v1/bids/{reference}/scores", May(Action::ReadScores), || web::get().to(assessment::api::scores::of_bid)),
    get("/api/v1/bids/{reference}/assessors", May(Action::AssignAssessors), || {
        web::get().to(assessment::api::panel::of_bid)
    }),
    get("/api/v1/bids/{reference}/assessors/candidates", May(Action::AssignAssessors), || {
        web::get().to(assessment::api::panel::candidates)
    }),
    post("/api/v1/bids/{reference}/assessors", May(Action::AssignAssessors), || {
        web::post().to(assessment::api::panel::assign)
    }),
    delete("/api/v1/bids/{reference}/assessors/{person}", May(Action::AssignAssessors), || {
        web::delete().to(assessment::api::panel::unassign)
    }),
    delete("/api/v1/bids/{reference}/replacement-readers", May(Action::AssignAssessors), || {
        web::delete().to(assessment::api::panel::close_replacements)
    }),
    get("/api/v1/rounds/{slug}/assessors", May(Action::AssignAssessors), || {
        web::get().to(assessment::api::panel::of_round)
    }),
    post("/api/v1/rounds/{slug}/assessors", May(Action::AssignAssessors), || {
        web::post().to(assessment::api::panel::assign_many)
    }),
    get("/api/v1/rounds/{slug}/plans", May(Action::AssignAssessors), || web::get().to(assessment::plans::api::list)),
    post("/api/v1/rounds/{slug}/plans", May(Action::AssignAssessors), || web::post().to(assessment::plans::api::make)),
    get("/api/v1/rounds/{slug}/plans/{number}", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::api::show)
    }),
    get("/api/v1/rounds/{slug}/plans/{number}/readers.csv", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::api::readers)
    }),
    get("/api/v1/rounds/{slug}/plans/{number}/matrix.csv", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::api::matrix)
    }),
    get("/api/v1/rounds/{slug}/plans/{number}/limits.csv", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::api::limits)
    }),
    get("/api/v1/rounds/{slug}/plans/{number}/wish.json", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::api::wish)
    }),
    post("/api/v1/rounds/{slug}/plans/{number}/apply", May(Action::AssignAssessors), || {
        web::post().to(assessment::plans::api::apply)
    }),
    get("/api/v1/rounds/{slug}/pin-price", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::api::price)
    }),
    get("/api/v1/rounds/{slug}/pins", May(Action::AssignAssessors), || web::get().to(assessment::plans::api::pins)),
    post("/api/v1/rounds/{slug}/pins", May(Action::AssignAssessors), || web::post().to(assessment::plans::api::pin)),
    delete("/api/v1/rounds/{slug}/pins/{id}", May(Action::AssignAssessors), || {
        web::delete().to(assessment::plans::api::unpin)
    }),
    get("/api/v1/conflicts", SignedIn, || web::get().to(assessment::conflicts::api::own)),
    post("/api/v1/conflicts", SignedIn, || web::post().to(assessment::conflicts::api::declare)),
    post("/api/v1/conflicts/{id}/lift", SignedIn, || web::post().to(assessment::conflicts::api::lift)),
    get("/api/v1/rounds/{slug}/declarations", May(Action::DeclareConflict), || {
        web::get().to(assessment::conflicts::api::declarations)
    }),
    get("/api/v1/rounds/{slug}/preferences", SignedIn, || web::get().to(assessment::preferences::api::show)),
    patch("/api/v1/rounds/{slug}/preferences", SignedIn, || web::patch().to(assessment::preferences::api::prefer)),
    get("/api/v1/rounds/{slug}/conflicts", May(Action::AssignAssessors), || {
        web::get().to(assessment::conflicts::api::of_round)
    }),
    post("/api/v1/bids/{reference}/possible-conflicts/{person}", May(Action::DeclareConflict), || {
        web::post().to(assessment::conflicts::api::answer)
    }),
    post("/api/v1/bids/{reference}/recuse", May(Action::ScoreBid), || {
        web::post().to(assessment::conflicts::api::recuse)
    }),
    post("/api/v1/bids/{reference}/scores/sealed", May(Action::OpenSealed), || {
        web::post().to(assessment::conflicts::api::open_sealed)
    }),
    get("/api/v1/rounds/{slug}/reading-pack", SignedIn, || web::get().to(assessment::offline::api::pack)),
    get("/api/v1/rounds/{slug}/score-form", SignedIn, || web::get().to(assessment::offline::api::form)),
    post("/api/v1/rounds/{slug}/score-form", SignedIn, || web::post().to(assessment::offline::api::take)),
    get("/api/v1/rounds/{slug}/progress", May(Action::AssignAssessors), || {
        web::get().to(assessment::progress::api::show)
    }),
    get("/api/v1/rounds/{slug}/progress.csv", May(Action::AssignAssessors), || {
        web::get().to(assessment::progress::api::as_csv)
    }),
    get("/api/v1/rounds/{slug}/progress/wanted", May(Action::ManagePool), || {
        web::get().to(assessment::progress::api::wanted)
    }),
    put("/api/v1/rounds/{slug}/progress/wanted", May(Action::ManagePool), || {
        web::put().to(assessment::progress::api::choose)
    }),
    post("/api/v1/rounds/{slug}/progress/reminders", May(Action::AssignAssessors), || {
        web::post().to(assessment::progress::api::remind)
    }),
    get("/api/v1/pool-places", SignedIn, || web::get().to(assessment::pool::api::own)),
    get("/api/v1/rounds/{slug}/pool", May(Action::AssignAssessors), || web::get().to(assessment::pool::api::show)),
    put("/api/v1/rounds/{slug}/pool", May(Action::ManagePool), || web::put().to(assessment::pool::api::settle)),
    get("/api/v1/rounds/{slug}/pool.csv", May(Action::AssignAssessors), || {
        web::get().to(assessment::pool::api::as_csv)
    }),
    post("/api/v1/rounds/{slug}/pool/invitations", May(Action::ManagePool), || {
        web::post().to(assessment::pool::api::invite)
    }),
    get("/api/v1/rounds/{slug}/pool/places/{id}", May(Action::AssignAssessors), || {
        web::get().to(assessment::pool::api::one)
    }),
    delete("/api/v1/rounds/{slug}/pool/places/{id}", May(Action::ManagePool), || {
        web::delete().to(assessment::pool::api::end)
    }),
    get("/api/v1/rounds/{slug}/pool/mine", SignedIn, || web::get().to(assessment::pool::api::mine)),
    put("/api/v1/rounds/{slug}/pool/mine", SignedIn, || web::put().to(assessment::pool::api::accept)),
    post("/api/v1/rounds/{slug}/pool/mine/terms", SignedIn, || web::post().to(assessment::pool::api::agree)),
    post("/api/v1/rounds/{slug}/pool/mine/decline", SignedIn, || web::post().to(assessment::pool::api::decline)),
    post("/api/v1/rounds/{slug}/pool/mine/withdraw", SignedIn, || web::post().to(assessment::pool::api::withdraw)),
    get("/api/v1/rounds/{slug}/sift", May(Action::SiftBid), || web::get().to(assessment::api::sift::queue)),
    get("/api/v1/bids/{reference}/sift", May(Action::SiftBid), || web::get().to(assessment::api::sift::show)),
    put("/api/v1/bids/{reference}/sift", May(Action::SiftBid), || web::put().to(assessment::api::sift::mark)),
    get("/api/v1/rounds/{slug}/ranking", May(Action::ReadScores), || web::get().to(assessment::api::ranking::show)),
    get("/api/v1/rounds/{slug}/ranking.csv", May(Action::ReadScores), || {
        web::get().to(assessment::api::ranking::as_csv)
    }),
    get("/api/v1/rounds/{slug}/queries", May(Action::AnswerFundQuery), || {
        web::get().to(assessment::queries::api::waiting)
    }),
    get("/api/v1/bids/{reference}/queries", May(Action::AskFund), || web::get().to(assessment::queries::api::mine)),
    post("/api/v1/bids/{reference}/queries", May(Action::AskFund), || web::post().to(assessment::queries::api::ask)),
    get("/api/v1/bids/{reference}/queries/{number}", May(Action::AnswerFundQuery), || {
        web::get().to(assessment::queries::api::show)
    }),
    post("/api/v1/bids/{reference}/queries/{number}/follow-up", May(Action::AskFund), || {
        web::post().to(assessment::queries::api::follow_up)
    }),
    post("/api/v1/bids/{reference}/queries/{number}/answer", May(Action::AnswerFundQuery), || {
        web::post().to(assessment::queries::api::answer)
    }),
    post("/api/v1/bids/{reference}/queries/{number}/close", May(Action::AnswerFundQuery), || {
        web::post().to(assessment::queries::api::close)
    }),
    get("/api/v1/rounds/{slug}/gateway", May(Action::ReadScores), || web::get().to(assessment::gateway::api::round)),
    get("/api/v1/rounds/{slug}/gateway.csv", May(Action::ReadScores), || {
        web::get().to(assessment::gateway::api::as_csv)
    }),
    get("/api/v1/bids/{reference}/gateway", May(Action::ReadScores), || web::get().to(assessment::gateway::api::show)),
    post("/api/v1/bids/{reference}/gateway", May(Action::CheckGateway), || {
        web::post().to(assessment::gateway::api::mark)
    }),
    get("/api/v1/rounds/{slug}/moderation", May(Action::ReadScores), || {
        web::get().to(assessment::moderation::api::queue)
    }),
    post("/api/v1/rounds/{slug}/moderation", May(Action::Moderate), || {
        web::post().to(assessment::moderation::api::open)
    }),
    get("/api/v1/rounds/{slug}/moderation.csv", May(Action::ReadScores), || {
        web::get().to(assessment::moderation::api::as_csv)
    }),
    get("/api/v1/bids/{reference}/moderation", May(Action::ReadScores), || {
        web::get().to(assessment::moderation::api::show)
    }),
    post("/api/v1/bids/{reference}/moderation", May(Action::Moderate), || {
        web::post().to(assessment::moderation::api::record)
    }),
    get("/api/v1/bids/{reference}/scores/others", May(Action::ScoreBid), || {
        web::get().to(assessment::moderation::api::others)
    }),
    get("/api/v1/interviews", SignedIn, || web::get().to(assessment::interviews::api::mine)),
    get("/api/v1/rounds/{slug}/interviews", May(Action::ReadScores), || {
        web::get().to(assessment::interviews::api::timetable)
    }),
    post("/api/v1/rounds/{slug}/interviews", May(Action::ArrangeInterviews), || {
        web::post().to(assessment::interviews::api::make)
    }),
    get("/api/v1/rounds/{slug}/interviews.csv", May(Action::ReadScores), || {
        web::get().to(assessment::interviews::api::as_csv)
    }),
    get("/api/v1/rounds/{slug}/interviews/{number}", May(Action::ReadScores), || {
        web::get().to(assessment::interviews::api::show)
    }),
    put("/api/v1/rounds/{slug}/interviews/{number}", May(Action::ArrangeInterviews), || {
        web::put().to(assessment::interviews::api::change)
    }),
    delete("/api/v1/rounds/{slug}/interviews/{number}", May(Action::ArrangeInterviews), || {
        web::delete().to(assessment::interviews::api::call_off)
    }),
    post("/api/v1/rounds/{slug}/interviews/{number}/absences", May(Action::ArrangeInterviews), || {
        web::post().to(assessment::interviews::api::absent)
    }),
    get("/api/v1/bids/{reference}/interview", May(Action::ReadOutcomes), || {
        web::get().to(assessment::interviews::api::bid)
    }),
    post("/api/v1/bids/{reference}/interview", May(Action::ChooseInterview), || {
        web::post().to(assessment::interviews::api::choose)
    }),
    get("/api/v1/bids/{reference}/interview.ics", May(Action::ReadSlides), || {
        web::get().to(assessment::interviews::api::calendar)
    }),
    get("/api/v1/bids/{reference}/interview/scores", May(Action::InterviewBid), || {
        web::get().to(assessment::interviews::api::own)
    }),
    put("/api/v1/bids/{reference}/interview/scores", May(Action::InterviewBid), || {
        web::put().to(assessment::interviews::api::save)
    }),
    post("/api/v1/bids/{reference}/interview/scores/submit", May(Action::InterviewBid), || {
        web::post().to(assessment::interviews::api::submit)
    }),
    get("/api/v1/bids/{reference}/interview/slides", May(Action::ReadSlides), || {
        web::get().to(assessment::interviews::api::slides)
    }),
    post("/api/v1/bids/{reference}/interview/slides", May(Action::AddSlides), || {
        web::post().to(assessment::interviews::api::add_slides)
    }),
    get("/api/v1/bids/{reference}/interview/slides/{id}/content", May(Action::ReadSlides), || {
        web::get().to(assessment::interviews::api::download)
    }),
    delete("/api/v1/bids/{reference}/interview/slides/{id}", May(Action::AddSlides), || {
        web::delete().to(assessment::interviews::api::take_out_slides)
    }),
    get("/api/v1/rounds/{slug}/rankings", May(Action::ReadScores), || web::get().to(assessment::rankings::api::list)),
    post("/api/v1/rounds/{slug}/rankings", May(Action::RankRound), || web::post().to(assessment::rankings::api::make)),
    get("/api/v1/rounds/{slug}/rankings/{number}", May(Action::ReadScores), || {
        web::get().to(assessment::rankings::api::show)
    }),
    get("/api/v1/rounds/{slug}/rankings/{number}/scores.csv", May(Action::ReadScores), || {
        web::get().to(assessment::rankings::api::scores)
    }),
    get("/api/v1/rounds/{slug}/rankings/{number}/intervals.svg", May(Action::ReadScores), || {
        web::get().to(assessment::rankings::api::intervals)
    }),
    get("/api/v1/rounds/{slug}/rankings/{number}/leanings.svg", May(Action::ReadScores), || {
        web::get().to(assessment::rankings::api::leanings)
    }),
    get("/api/v1/rounds/{slug}/rankings/{number}/spread.svg", May(Action::ReadScores), || {
        web::get().to(assessment::rankings::api::spread)
    }),
    get("/api/v1/rounds/{slug}/scores.csv", May(Action::ReadScores), || {
        web::get().to(assessment::api::ranking::scores_as_csv)
    }),
];
