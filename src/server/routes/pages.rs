//! The routes of people: the pages and what they are built of.

use actix_web::web;

use super::{
    Access::{May, Public, SignedIn},
    Route, get, post,
};
use crate::{
    account, assessment, awards, bids, funds, identity::policy::Action, journey, partnerships, projects, register,
    server::home,
};

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
    get("/rounds/{slug}/partnerships", Public, || web::get().to(awards::pages::partnerships)),
    get("/rounds/{slug}/scores", Public, || web::get().to(awards::pages::scores)),
    get("/rounds/{slug}/list", May(Action::ReadScores), || web::get().to(awards::lists::pages::show)),
    post("/rounds/{slug}/list", May(Action::DecideBid), || web::post().to(awards::lists::pages::make)),
    get("/rounds/{slug}/draw", May(Action::ReadScores), || web::get().to(awards::draws::pages::show)),
    post("/rounds/{slug}/draw", May(Action::DecideBid), || web::post().to(awards::draws::pages::commit)),
    post("/rounds/{slug}/draw/{number}", May(Action::DecideBid), || web::post().to(awards::draws::pages::answer)),
    get("/rounds/{slug}/draws", Public, || web::get().to(awards::draws::pages::draws)),
    get("/rounds/{slug}/decisions", May(Action::ListBids), || web::get().to(awards::pages::decisions)),
    post("/rounds/{slug}/releases/{milestone}", May(Action::ListBids), || web::post().to(awards::pages::release)),
    post("/rounds/{slug}/releases/{milestone}/refuse", May(Action::ListBids), || web::post().to(awards::pages::refuse)),
    post("/rounds/{slug}/releases/{milestone}/outside", May(Action::ListBids), || {
        web::post().to(awards::pages::record_outside)
    }),
    post("/rounds/{slug}/releases/{milestone}/recall", May(Action::Release), || web::post().to(awards::pages::recall)),
    get("/bids/{reference}/decision", May(Action::DecideBid), || web::get().to(awards::pages::decision)),
    post("/bids/{reference}/decision", May(Action::DecideBid), || web::post().to(awards::pages::decide)),
    post("/bids/{reference}/decision/take-back", May(Action::DecideBid), || web::post().to(awards::pages::take_back)),
    get("/projects/{reference}", Public, || web::get().to(projects::pages::project)),
    post("/projects/{reference}/deliveries", May(Action::ReportDelivery), || web::post().to(projects::pages::report)),
    // Partnerships.
    get("/bids/{reference}/partners", May(Action::ReadBid), || web::get().to(partnerships::pages::partners)),
    post("/bids/{reference}/partners", May(Action::ManagePartners), || web::post().to(partnerships::pages::invite)),
    get("/bids/{reference}/partners/{id}", May(Action::ManagePartners), || web::get().to(partnerships::pages::partner)),
    post("/bids/{reference}/partners/{id}", May(Action::ManagePartners), || {
        web::post().to(partnerships::pages::change)
    }),
    get("/bids/{reference}/partners/{id}/replace", May(Action::ManagePartners), || {
        web::get().to(partnerships::pages::replacement)
    }),
    post("/bids/{reference}/partners/{id}/replace", May(Action::ManagePartners), || {
        web::post().to(partnerships::pages::replace)
    }),
    get("/bids/{reference}/unknown-partner", May(Action::ManagePartners), || {
        web::get().to(partnerships::unknown::pages::wish)
    }),
    post("/bids/{reference}/unknown-partner", May(Action::ManagePartners), || {
        web::post().to(partnerships::unknown::pages::ask)
    }),
    post("/bids/{reference}/unknown-partner/{id}/take-back", May(Action::ManagePartners), || {
        web::post().to(partnerships::unknown::pages::take_back)
    }),
    get("/funds/{slug}/organisation-requests", May(Action::CheckOrganisation), || {
        web::get().to(partnerships::unknown::pages::desk)
    }),
    post("/funds/{slug}/organisation-requests/{id}", May(Action::CheckOrganisation), || {
        web::post().to(partnerships::unknown::pages::answer)
    }),
    get("/bids/{reference}/invitation", May(Action::AnswerInvitation), || {
        web::get().to(partnerships::pages::invitation)
    }),
    post("/bids/{reference}/invitation", May(Action::AnswerInvitation), || web::post().to(partnerships::pages::answer)),
    get("/rounds/{slug}/eois/{reference}/join", SignedIn, || web::get().to(journey::pages::proposals::ask_to_join)),
    post("/rounds/{slug}/eois/{reference}/join", SignedIn, || web::post().to(journey::pages::proposals::join)),
    get("/bids/{reference}/partnership-changes", SignedIn, || web::get().to(journey::pages::proposals::list)),
    get("/bids/{reference}/partnership-changes/new-lead", May(Action::ChangePartnership), || {
        web::get().to(journey::pages::proposals::ask_new_lead)
    }),
    post("/bids/{reference}/partnership-changes/new-lead", May(Action::ChangePartnership), || {
        web::post().to(journey::pages::proposals::propose_new_lead)
    }),
    get("/bids/{reference}/partnership-changes/merge", May(Action::ChangePartnership), || {
        web::get().to(journey::pages::proposals::ask_merge)
    }),
    post("/bids/{reference}/partnership-changes/merge", May(Action::ChangePartnership), || {
        web::post().to(journey::pages::proposals::propose_merge)
    }),
    get("/bids/{reference}/partnership-changes/{id}", SignedIn, || web::get().to(journey::pages::proposals::show)),
    post("/bids/{reference}/partnership-changes/{id}", SignedIn, || web::post().to(journey::pages::proposals::answer)),
    get("/bids/{reference}/sign-off", May(Action::ReadBid), || web::get().to(partnerships::sign_offs::pages::sign_off)),
    post("/bids/{reference}/sign-off", May(Action::ReadBid), || {
        web::post().to(partnerships::sign_offs::pages::act_on_sign_off)
    }),
    // Rounds.
    get("/rounds", Public, || web::get().to(funds::pages::list)),
    get("/rounds/{slug}", Public, || web::get().to(journey::pages::round::show)),
    get("/rounds/{slug}/partnership-changes", May(Action::EditRound), || web::get().to(journey::pages::staff::waiting)),
    get("/rounds/{slug}/dates", May(Action::EditRound), || web::get().to(journey::pages::dates::show)),
    post("/rounds/{slug}/dates", May(Action::EditRound), || web::post().to(journey::pages::dates::find_bid)),
    get("/rounds/{slug}/dates/{milestone}", May(Action::EditRound), || web::get().to(journey::pages::dates::ask)),
    post("/rounds/{slug}/dates/{milestone}", May(Action::EditRound), || web::post().to(journey::pages::dates::change)),
    post("/rounds/{slug}/dates/changes/{number}/{reply}", May(Action::EditRound), || {
        web::post().to(journey::pages::dates::answer)
    }),
    get("/rounds/{slug}/reminders", May(Action::EditRound), || web::get().to(funds::reminders::pages::ask)),
    post("/rounds/{slug}/reminders", May(Action::EditRound), || web::post().to(funds::reminders::pages::choose)),
    // The mails of a round.
    get("/rounds/{slug}/mails", May(Action::EditRound), || web::get().to(journey::mails::pages::list)),
    get("/rounds/{slug}/mails/{template}/preview", May(Action::EditRound), || {
        web::get().to(journey::mails::pages::look)
    }),
    get("/rounds/{slug}/mails/{template}/{language}", May(Action::EditRound), || {
        web::get().to(journey::mails::pages::ask)
    }),
    post("/rounds/{slug}/mails/{template}/{language}", May(Action::EditRound), || {
        web::post().to(journey::mails::pages::save)
    }),
    post("/rounds/{slug}/mails/{template}/{language}/remove", May(Action::EditRound), || {
        web::post().to(journey::mails::pages::remove)
    }),
    get("/rounds/{slug}/ask", SignedIn, || web::get().to(funds::questions::pages::to_ask)),
    post("/rounds/{slug}/ask", SignedIn, || web::post().to(funds::questions::pages::ask)),
    get("/rounds/{slug}/questions", May(Action::ListBids), || web::get().to(funds::questions::pages::list)),
    get("/rounds/{slug}/questions/{number}", May(Action::AnswerQuestions), || {
        web::get().to(funds::questions::pages::show)
    }),
    post("/rounds/{slug}/questions/{number}", May(Action::AnswerQuestions), || {
        web::post().to(funds::questions::pages::answer)
    }),
    post("/rounds/{slug}/questions/{number}/refuse", May(Action::AnswerQuestions), || {
        web::post().to(funds::questions::pages::refuse)
    }),
    get("/rounds/{slug}/amendments", May(Action::ListBids), || web::get().to(journey::amendments::pages::show)),
    post("/rounds/{slug}/amendments/{kind}", May(Action::ListBids), || {
        web::post().to(journey::amendments::pages::answer)
    }),
    get("/rounds/{slug}/cancel", May(Action::EditRound), || web::get().to(journey::amendments::pages::ask_to_cancel)),
    post("/rounds/{slug}/cancel", May(Action::EditRound), || web::post().to(journey::amendments::pages::cancel)),
    get("/rounds/{slug}/budget", May(Action::EditRound), || web::get().to(journey::amendments::pages::ask_budget)),
    post("/rounds/{slug}/budget", May(Action::EditRound), || web::post().to(journey::amendments::pages::change_budget)),
    get("/rounds/{slug}/rules", May(Action::EditRound), || web::get().to(journey::amendments::pages::rules::ask)),
    post("/rounds/{slug}/rules", May(Action::EditRound), || web::post().to(journey::amendments::pages::rules::change)),
    get("/rounds/{slug}/rules/text", May(Action::EditRound), || {
        web::get().to(journey::amendments::pages::rules::ask_text)
    }),
    post("/rounds/{slug}/rules/text", May(Action::EditRound), || {
        web::post().to(journey::amendments::pages::rules::change_text)
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
    get("/staff", SignedIn, || web::get().to(journey::pages::staff::desk)),
    get("/funds/new", May(Action::CreateFund), || web::get().to(funds::pages::staff::ask_fund)),
    post("/funds/new", May(Action::CreateFund), || web::post().to(funds::pages::staff::create_fund)),
    get("/funds/{slug}/staff", May(Action::ManageStaff), || web::get().to(funds::pages::staff::show)),
    post("/funds/{slug}/staff", May(Action::ManageStaff), || web::post().to(funds::pages::staff::give)),
    post("/funds/{slug}/staff/{person}/{role}/remove", May(Action::ManageStaff), || {
        web::post().to(funds::pages::staff::take)
    }),
    get("/funds/{slug}/rounds/new", May(Action::EditRound), || web::get().to(funds::making::pages::ask)),
    post("/funds/{slug}/rounds/new", May(Action::EditRound), || web::post().to(funds::making::pages::begin)),
    get("/rounds/{slug}/draft", May(Action::EditRound), || web::get().to(funds::making::pages::draft::show)),
    post("/rounds/{slug}/draft", May(Action::EditRound), || web::post().to(funds::making::pages::draft::save)),
    get("/rounds/{slug}/draft/rules", May(Action::EditRound), || web::get().to(funds::making::pages::draft::ask_rules)),
    post("/rounds/{slug}/draft/rules", May(Action::EditRound), || {
        web::post().to(funds::making::pages::draft::save_rules)
    }),
    get("/rounds/{slug}/publish", May(Action::EditRound), || web::get().to(funds::making::pages::ask_to_publish)),
    post("/rounds/{slug}/publish", May(Action::PublishRound), || web::post().to(funds::making::pages::publish)),
    get("/funds/{slug}/deputies", May(Action::ReadRound), || web::get().to(funds::deputies::pages::show)),
    post("/funds/{slug}/deputies", May(Action::ReadRound), || web::post().to(funds::deputies::pages::name)),
    post("/funds/{slug}/deputies/{id}/end", May(Action::ReadRound), || web::post().to(funds::deputies::pages::end)),
    get("/rounds/{slug}/bids", May(Action::ListBids), || web::get().to(bids::pages::list::show)),
    get("/rounds/{slug}/bids.csv", May(Action::ListBids), || web::get().to(bids::pages::list::as_csv)),
    get("/rounds/{slug}/bulk", May(Action::EditRound), || web::get().to(journey::pages::bulk::ask)),
    post("/rounds/{slug}/bulk", May(Action::EditRound), || web::post().to(journey::pages::bulk::act)),
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
    get("/bids/{reference}/hold", May(Action::HoldBid), || web::get().to(journey::pages::holds::ask)),
    post("/bids/{reference}/hold", May(Action::HoldBid), || web::post().to(journey::pages::holds::act)),
    get("/bids/{reference}/more-time", May(Action::GiveTime), || web::get().to(journey::pages::more_time::ask)),
    post("/bids/{reference}/more-time", May(Action::GiveTime), || web::post().to(journey::pages::more_time::give)),
    post("/bids/{reference}/more-time/{number}/{reply}", May(Action::GiveTime), || {
        web::post().to(journey::pages::more_time::answer)
    }),
    get("/bids/{reference}/reopen", May(Action::GiveTime), || web::get().to(journey::pages::reopen::ask)),
    post("/bids/{reference}/reopen", May(Action::GiveTime), || web::post().to(journey::pages::reopen::propose)),
    get("/bids/{reference}/clarifications/ask", May(Action::AskClarification), || {
        web::get().to(bids::clarifications::pages::to_ask)
    }),
    post("/bids/{reference}/clarifications/ask", May(Action::AskClarification), || {
        web::post().to(bids::clarifications::pages::ask)
    }),
    get("/bids/{reference}/clarifications/{number}", May(Action::ReadClarifications), || {
        web::get().to(bids::clarifications::pages::show)
    }),
    post("/bids/{reference}/clarifications/{number}", May(Action::AnswerClarification), || {
        web::post().to(bids::clarifications::pages::answer)
    }),
    post("/bids/{reference}/clarifications/{number}/until", May(Action::AskClarification), || {
        web::post().to(bids::clarifications::pages::give_time)
    }),
    post("/bids/{reference}/clarifications/{number}/take-back", May(Action::AskClarification), || {
        web::post().to(bids::clarifications::pages::take_back)
    }),
    get("/bids/{reference}/versions/{stage}/{number}", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::pages::version)
    }),
    get("/bids/{reference}/versions/{stage}/{number}/file.pdf", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::pages::version_pdf)
    }),
    get("/bids/{reference}/versions/{stage}/{number}/file.docx", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::pages::version_word)
    }),
    get("/bids/{reference}/versions/{stage}/{number}/receipt", May(Action::ReadHistory), || {
        web::get().to(bids::receipts::pages::receipt)
    }),
    get("/receipts/verify", Public, || web::get().to(bids::receipts::pages::ask)),
    post("/receipts/verify", Public, || web::post().to(bids::receipts::pages::verify)),
    get("/bids/{reference}/draft", May(Action::ReadBid), || web::get().to(partnerships::papers::pages::draft)),
    get("/bids/{reference}/draft/file.pdf", May(Action::ReadBid), || {
        web::get().to(partnerships::papers::pages::draft_pdf)
    }),
    get("/bids/{reference}/sign-offs/{id}", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::pages::signed)
    }),
    get("/bids/{reference}/sign-offs/{id}/file.pdf", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::pages::signed_pdf)
    }),
    get("/bids/{reference}/sign-offs/{id}/file.docx", May(Action::ReadHistory), || {
        web::get().to(partnerships::papers::pages::signed_word)
    }),
    get("/bids/{reference}/draft/file.docx", May(Action::ReadBid), || {
        web::get().to(partnerships::papers::pages::draft_word)
    }),
    get("/bids/{reference}/about", May(Action::EditBid), || web::get().to(bids::pages::about::ask)),
    post("/bids/{reference}/about", May(Action::EditBid), || web::post().to(bids::pages::about::save)),
    get("/bids/{reference}/questions/{question}", May(Action::WriteAnswers), || {
        web::get().to(bids::pages::question::ask)
    }),
    post("/bids/{reference}/questions/{question}", May(Action::WriteAnswers), || {
        web::post().to(bids::pages::question::save)
    }),
    post("/bids/{reference}/questions/{question}/take-over", May(Action::WriteAnswers), || {
        web::post().to(bids::merged::pages::take_over)
    }),
    get("/bids/{reference}/questions/{question}/history", May(Action::ReadWriting), || {
        web::get().to(bids::answers::pages::history)
    }),
    post("/bids/{reference}/questions/{question}/comments", May(Action::WriteAnswers), || {
        web::post().to(bids::comments::pages::write)
    }),
    post("/bids/{reference}/questions/{question}/comments/{id}/resolve", May(Action::WriteAnswers), || {
        web::post().to(bids::comments::pages::resolve)
    }),
    post("/bids/{reference}/questions/{question}/documents", May(Action::WriteAnswers), || {
        web::post().to(bids::documents::pages::answer)
    }),
    post("/bids/{reference}/questions/{question}/documents/{id}/take-out", May(Action::WriteAnswers), || {
        web::post().to(bids::documents::pages::take_out_of_answer)
    }),
    get("/bids/{reference}/documents", May(Action::ReadBid), || web::get().to(bids::documents::pages::show)),
    post("/bids/{reference}/documents", May(Action::WriteAnswers), || web::post().to(bids::documents::pages::add)),
    get("/bids/{reference}/documents/{id}/file", May(Action::ReadBid), || web::get().to(bids::documents::pages::file)),
    post("/bids/{reference}/documents/{id}/take-out", May(Action::WriteAnswers), || {
        web::post().to(bids::documents::pages::take_out)
    }),
    get("/bids/{reference}/who-writes-what", May(Action::ReadWriting), || {
        web::get().to(bids::assignments::pages::show)
    }),
    post("/bids/{reference}/who-writes-what", May(Action::EditBid), || web::post().to(bids::assignments::pages::save)),
    get("/bids/{reference}/copy", May(Action::EditBid), || web::get().to(bids::copying::pages::ask)),
    post("/bids/{reference}/copy", May(Action::EditBid), || web::post().to(bids::copying::pages::copy)),
    get("/bids/{reference}/hours", May(Action::GiveHours), || web::get().to(bids::hours::pages::ask)),
    post("/bids/{reference}/hours", May(Action::GiveHours), || web::post().to(bids::hours::pages::give)),
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
    post("/written", SignedIn, || web::post().to(account::pages::written::download)),
    get("/account", SignedIn, || web::get().to(account::pages::account::show)),
    get("/account/fresh", SignedIn, || web::get().to(account::pages::account::fresh)),
    post("/account/fresh", SignedIn, || web::post().to(account::pages::account::enter_fresh)),
    post("/account/language", SignedIn, || web::post().to(account::pages::account::read_in)),
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
    get("/organisations/{organisation}/bids", Public, || web::get().to(awards::councils::pages::show)),
    get("/organisations/{organisation}/bids.csv", Public, || web::get().to(awards::councils::pages::as_csv)),
    get("/organisations/{organisation}/members", May(Action::ManageMembers), || {
        web::get().to(account::pages::members::show)
    }),
    post("/organisations/{organisation}/members", May(Action::ManageMembers), || {
        web::post().to(account::pages::members::add)
    }),
    get("/organisations/{organisation}/profile", May(Action::ReadOrganisation), || {
        web::get().to(account::profiles::pages::show)
    }),
    post("/organisations/{organisation}/profile", May(Action::EditProfile), || {
        web::post().to(account::profiles::pages::save)
    }),
    get("/organisations/{organisation}/deputies", May(Action::ReadOrganisation), || {
        web::get().to(account::deputies::pages::show)
    }),
    post("/organisations/{organisation}/deputies", May(Action::ReadOrganisation), || {
        web::post().to(account::deputies::pages::name)
    }),
    post("/organisations/{organisation}/deputies/{id}/end", May(Action::ReadOrganisation), || {
        web::post().to(account::deputies::pages::end)
    }),
    post("/organisations/{organisation}/members/{person}/{role}/remove", May(Action::ManageMembers), || {
        web::post().to(account::pages::members::take)
    }),
    get("/organisations/{organisation}/rounds/{slug}/bids", May(Action::StartBid), || {
        web::get().to(bids::led::pages::show)
    }),
    post("/organisations/{organisation}/rounds/{slug}/bids", May(Action::ChooseBids), || {
        web::post().to(bids::led::pages::choose)
    }),
    // Networks and declarations.
    get("/networks", May(Action::ManageNetworks), || web::get().to(account::networks::pages::list)),
    post("/networks", May(Action::ManageNetworks), || web::post().to(account::networks::pages::add)),
    get("/networks/{network}", May(Action::ManageNetworks), || web::get().to(account::networks::pages::show)),
    post("/networks/{network}", May(Action::ManageNetworks), || web::post().to(account::networks::pages::change)),
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
    get("/bids/{reference}/score/documents/{number}/file", May(Action::ScoreBid), || {
        web::get().to(assessment::documents::pages::file)
    }),
    get("/bids/{reference}/scores", May(Action::ReadScores), || web::get().to(assessment::pages::scores)),
    post("/bids/{reference}/scores/sealed", May(Action::OpenSealed), || {
        web::post().to(assessment::conflicts::pages::open_sealed)
    }),
    get("/bids/{reference}/conflict", May(Action::DeclareConflict), || {
        web::get().to(assessment::conflicts::pages::conflict)
    }),
    post("/bids/{reference}/conflict", May(Action::DeclareConflict), || {
        web::post().to(assessment::conflicts::pages::declare)
    }),
    get("/bids/{reference}/possible-conflicts/{person}", May(Action::DeclareConflict), || {
        web::get().to(assessment::conflicts::pages::to_answer)
    }),
    post("/bids/{reference}/possible-conflicts/{person}", May(Action::DeclareConflict), || {
        web::post().to(assessment::conflicts::pages::answer)
    }),
    get("/bids/{reference}/recuse", May(Action::ScoreBid), || web::get().to(assessment::conflicts::pages::to_recuse)),
    post("/bids/{reference}/recuse", May(Action::ScoreBid), || web::post().to(assessment::conflicts::pages::recuse)),
    get("/rounds/{slug}/declarations", May(Action::DeclareConflict), || {
        web::get().to(assessment::conflicts::pages::declarations)
    }),
    post("/rounds/{slug}/declarations", May(Action::DeclareConflict), || {
        web::post().to(assessment::conflicts::pages::declare_organisation)
    }),
    get("/rounds/{slug}/preferences", SignedIn, || web::get().to(assessment::preferences::pages::preferences)),
    post("/rounds/{slug}/preferences", SignedIn, || web::post().to(assessment::preferences::pages::prefer)),
    get("/rounds/{slug}/conflicts", May(Action::AssignAssessors), || {
        web::get().to(assessment::conflicts::pages::of_round)
    }),
    post("/rounds/{slug}/conflicts", May(Action::AssignAssessors), || {
        web::post().to(assessment::conflicts::pages::pin)
    }),
    get("/conflicts/{id}", SignedIn, || web::get().to(assessment::conflicts::pages::to_take_back)),
    post("/conflicts/{id}", SignedIn, || web::post().to(assessment::conflicts::pages::take_back)),
    post("/conflicts/{id}/lift", SignedIn, || web::post().to(assessment::conflicts::pages::lift)),
    get("/rounds/{slug}/sift", May(Action::SiftBid), || web::get().to(assessment::pages::queue)),
    get("/bids/{reference}/sift", May(Action::SiftBid), || web::get().to(assessment::pages::sift)),
    post("/bids/{reference}/sift", May(Action::SiftBid), || web::post().to(assessment::pages::mark)),
    get("/rounds/{slug}/assessors", May(Action::AssignAssessors), || web::get().to(assessment::pages::panel)),
    get("/rounds/{slug}/plans", May(Action::AssignAssessors), || web::get().to(assessment::plans::pages::plans)),
    post("/rounds/{slug}/plans", May(Action::AssignAssessors), || web::post().to(assessment::plans::pages::make)),
    get("/rounds/{slug}/plans/{number}", May(Action::AssignAssessors), || {
        web::get().to(assessment::plans::pages::plan)
    }),
    post("/rounds/{slug}/plans/{number}", May(Action::AssignAssessors), || {
        web::post().to(assessment::plans::pages::apply)
    }),
    get("/rounds/{slug}/pins", May(Action::AssignAssessors), || web::get().to(assessment::plans::pages::ask)),
    post("/rounds/{slug}/pins", May(Action::AssignAssessors), || web::post().to(assessment::plans::pages::pin)),
    post("/rounds/{slug}/pins/{id}", May(Action::AssignAssessors), || {
        web::post().to(assessment::plans::pages::take_back)
    }),
    get("/rounds/{slug}/offline", SignedIn, || web::get().to(assessment::offline::pages::show)),
    post("/rounds/{slug}/offline", SignedIn, || web::post().to(assessment::offline::pages::take)),
    get("/rounds/{slug}/offline/pack.zip", SignedIn, || web::get().to(assessment::offline::pages::pack)),
    get("/rounds/{slug}/offline/scores.txt", SignedIn, || web::get().to(assessment::offline::pages::form)),
    get("/rounds/{slug}/progress", May(Action::AssignAssessors), || web::get().to(assessment::progress::pages::show)),
    post("/rounds/{slug}/progress", May(Action::AssignAssessors), || {
        web::post().to(assessment::progress::pages::remind)
    }),
    get("/rounds/{slug}/progress/wanted", May(Action::ManagePool), || web::get().to(assessment::progress::pages::ask)),
    post("/rounds/{slug}/progress/wanted", May(Action::ManagePool), || {
        web::post().to(assessment::progress::pages::choose)
    }),
    get("/rounds/{slug}/pool", May(Action::AssignAssessors), || web::get().to(assessment::pool::pages::pool)),
    get("/rounds/{slug}/pool/settings", May(Action::ManagePool), || web::get().to(assessment::pool::pages::settings)),
    post("/rounds/{slug}/pool/settings", May(Action::ManagePool), || web::post().to(assessment::pool::pages::settle)),
    get("/rounds/{slug}/pool/invite", May(Action::ManagePool), || web::get().to(assessment::pool::pages::to_invite)),
    post("/rounds/{slug}/pool/invite", May(Action::ManagePool), || web::post().to(assessment::pool::pages::invite)),
    get("/rounds/{slug}/pool/{id}", May(Action::AssignAssessors), || web::get().to(assessment::pool::pages::place)),
    post("/rounds/{slug}/pool/{id}", May(Action::ManagePool), || web::post().to(assessment::pool::pages::end)),
    get("/rounds/{slug}/invitation", SignedIn, || web::get().to(assessment::pool::pages::invitation)),
    post("/rounds/{slug}/invitation", SignedIn, || web::post().to(assessment::pool::pages::accept)),
    post("/rounds/{slug}/invitation/terms", SignedIn, || web::post().to(assessment::pool::pages::agree)),
    get("/rounds/{slug}/invitation/decline", SignedIn, || web::get().to(assessment::pool::pages::ask_to_stop)),
    post("/rounds/{slug}/invitation/decline", SignedIn, || web::post().to(assessment::pool::pages::stop)),
    get("/bids/{reference}/assessors", May(Action::AssignAssessors), || web::get().to(assessment::pages::readers)),
    post("/bids/{reference}/assessors", May(Action::AssignAssessors), || {
        web::post().to(assessment::pages::choose_readers)
    }),
    post("/bids/{reference}/assessors/close", May(Action::AssignAssessors), || {
        web::post().to(assessment::pages::close_replacements)
    }),
    get("/rounds/{slug}/queries", May(Action::AnswerFundQuery), || web::get().to(assessment::queries::pages::waiting)),
    get("/bids/{reference}/queries", May(Action::AskFund), || web::get().to(assessment::queries::pages::mine)),
    post("/bids/{reference}/queries", May(Action::AskFund), || web::post().to(assessment::queries::pages::ask)),
    get("/bids/{reference}/queries/{number}", May(Action::AnswerFundQuery), || {
        web::get().to(assessment::queries::pages::show)
    }),
    post("/bids/{reference}/queries/{number}/follow-up", May(Action::AskFund), || {
        web::post().to(assessment::queries::pages::follow_up)
    }),
    post("/bids/{reference}/queries/{number}/answer", May(Action::AnswerFundQuery), || {
        web::post().to(assessment::queries::pages::answer)
    }),
    post("/bids/{reference}/queries/{number}/close", May(Action::AnswerFundQuery), || {
        web::post().to(assessment::queries::pages::close)
    }),
    get("/rounds/{slug}/gateway", May(Action::ReadScores), || web::get().to(assessment::gateway::pages::round)),
    get("/bids/{reference}/gateway", May(Action::ReadScores), || web::get().to(assessment::gateway::pages::bid)),
    post("/bids/{reference}/gateway", May(Action::CheckGateway), || web::post().to(assessment::gateway::pages::mark)),
    get("/rounds/{slug}/moderation", May(Action::ReadScores), || web::get().to(assessment::moderation::pages::queue)),
    post("/rounds/{slug}/moderation", May(Action::Moderate), || web::post().to(assessment::moderation::pages::open)),
    get("/rounds/{slug}/moderation/{reference}", May(Action::ReadScores), || {
        web::get().to(assessment::moderation::pages::bid)
    }),
    post("/rounds/{slug}/moderation/{reference}", May(Action::Moderate), || {
        web::post().to(assessment::moderation::pages::record)
    }),
    get("/rounds/{slug}/interviews", May(Action::ReadScores), || {
        web::get().to(assessment::interviews::pages::timetable)
    }),
    post("/rounds/{slug}/interviews", May(Action::ArrangeInterviews), || {
        web::post().to(assessment::interviews::pages::make)
    }),
    get("/rounds/{slug}/interviews/{number}", May(Action::ReadScores), || {
        web::get().to(assessment::interviews::pages::slot)
    }),
    post("/rounds/{slug}/interviews/{number}", May(Action::ArrangeInterviews), || {
        web::post().to(assessment::interviews::pages::act)
    }),
    get("/bids/{reference}/interview", May(Action::ReadOutcomes), || {
        web::get().to(assessment::interviews::pages::interview)
    }),
    post("/bids/{reference}/interview", May(Action::ChooseInterview), || {
        web::post().to(assessment::interviews::pages::choose)
    }),
    get("/bids/{reference}/interview.ics", May(Action::ReadSlides), || {
        web::get().to(assessment::interviews::pages::calendar)
    }),
    get("/bids/{reference}/interview/score", May(Action::InterviewBid), || {
        web::get().to(assessment::interviews::pages::score)
    }),
    post("/bids/{reference}/interview/score", May(Action::InterviewBid), || {
        web::post().to(assessment::interviews::pages::save)
    }),
    post("/bids/{reference}/interview/slides", May(Action::AddSlides), || {
        web::post().to(assessment::interviews::pages::add_slides)
    }),
    post("/bids/{reference}/interview/slides/{id}/take-out", May(Action::AddSlides), || {
        web::post().to(assessment::interviews::pages::take_out_slides)
    }),
    get("/bids/{reference}/interview/slides/{id}/file", May(Action::ReadSlides), || {
        web::get().to(assessment::interviews::pages::file)
    }),
    get("/rounds/{slug}/ranking", May(Action::ReadScores), || web::get().to(awards::draws::pages::ranking)),
    post("/rounds/{slug}/ranking", May(Action::RankRound), || web::post().to(assessment::rankings::pages::make)),
    get("/rounds/{slug}/ranking/{reference}", May(Action::ReadScores), || web::get().to(awards::draws::pages::why)),
];
