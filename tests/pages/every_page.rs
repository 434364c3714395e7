//! Every page in a real browser, at the moments of a round when it has most to show: accessible, readable on a narrow
//! screen, valid, and within its own policy of content.

use roundtable::identity::{sign_in, store::people};
use serde_json::json;

use super::{
    changing, conflicts, councils, interviews, moderation, plans, pools, proposals, queries, rankings, reading,
    reopening, story::Story, together, tour::Tour,
};
use crate::{
    awards::lists,
    bids::led,
    harness::{
        app::{ROUND, TestApp, Who},
        browser::Browser,
        chromium::Visit,
        databases::Engine,
    },
};

#[test]
fn every_page_is_fit_for_everybody_in_a_real_browser() {
    let app = TestApp::start(Engine::Sqlite);
    let mut tour = Tour::of(&app);
    let story = Story::begin(&app);
    lists::assessing(&app, json!({ "publish_scores": true }));
    what_everybody_may_read(&mut tour);
    signing_in(&mut tour, &app);
    naming_people(&mut tour, &app);
    choosing_bids(&mut tour, &app);
    recording_networks(&mut tour, &app);
    changing_the_workflow(&mut tour, &app);
    writing_an_expression_of_interest(&mut tour, &story);
    together::a_bid(&mut tour, &app);
    councils::a_profile(&mut tour, &app, &story);
    councils::many_together(&app);
    proposals::of_a_bid(&mut tour, &app);
    keeping_a_form(&mut tour, &app, &story);
    changing_dates(&mut tour, &app, &story);
    asking(&mut tour, &app);
    pools::of_a_round(&mut tour, &app);
    changing::the_round(&mut tour, &app);
    story.submit_interest();
    wording_mails(&mut tour, &app);
    after_submitting(&mut tour, &app, &story);
    councils::bids(&mut tour, &app, &story);
    moving_bids(&mut tour, &app);
    holding(&mut tour, &app, &story);
    reopening::a_bid(&mut tour, &app, &story);
    app.at("2026-10-01T09:00:00Z");
    proposals::joining(&mut tour, &app, &story.reference);
    sifting(&mut tour, &story);
    app.at("2026-10-12T09:00:00Z");
    councils::together(&mut tour);
    let invitation = story.write_application();
    applying_in_full(&mut tour, &story, &invitation);
    story.submit_application(&invitation);
    taking_along(&mut tour, &app, &story);
    app.at("2026-11-16T09:00:00Z");
    clarifying(&mut tour, &app, &story);
    assessing(&mut tour, &app, &story);
    awarding(&mut tour, &app, &story);
    changing::run_again(&mut tour, &app);
    interviews::of_a_round(&mut tour, &app);
    tour.end();
}

fn what_everybody_may_read(tour: &mut Tour) {
    let round = format!("/rounds/{ROUND}");
    let pages = [
        "/",
        "/licences",
        "/accessibility",
        "/open-data",
        "/privacy",
        "/rounds",
        &round,
        "/register",
        "/register?q=leak",
        "/register/repairs-1",
        "/receipts/verify",
    ];
    tour.look_from_outside("1", &pages);
    tour.visit(&[
        Visit::signed_in("/nowhere", "", "1-public").answering(404),
        Visit::signed_in("/dashboard", "", "1-public").answering(401),
    ]);
}

fn signing_in(tour: &mut Tour, app: &TestApp) {
    let mut browser = Browser::new(&app.base);
    browser.open("/sign-in");
    tour.look_over_the_shoulder("1", &browser);
    browser.fill("Email address", &Who::Officer.email()).press("Continue");
    tour.look_over_the_shoulder("1", &browser);
    tour.look_from_outside("1", &[&link_for_the_officer(app), "/sign-in/link/worn-out"]);
    tour.look("1", &[(Who::Officer, &["/account/fresh"]), (Who::Administrator, &["/account"])]);
}

fn naming_people(tour: &mut Tour, app: &TestApp) {
    let people = format!("/organisations/{}/members", app.organisation("AMB"));
    let mut administrator = app.browser(Who::Administrator);
    administrator.open(&people).press("Add");
    administrator.fill("Email address", "jo@test.example").fill("Full name", "Jo Bloggs").choose("Member").press("Add");
    tour.look_over_the_shoulder("1-added", &administrator);
    let staff = "/funds/test-fund/staff";
    tour.look(
        "1",
        &[
            (Who::Administrator, &[&people, &people.replace("members", "deputies")]),
            (Who::Admin, &["/organisations", "/organisations?q=nowhere", &people, "/staff", "/funds/new", staff]),
            (Who::Manager, &["/staff", staff, "/funds/test-fund/deputies"]),
        ],
    );
}

/// A council writes one bid more than it can submit.
fn choosing_bids(tour: &mut Tour, app: &TestApp) {
    led::capped(app);
    for title in ["Missed bins", "A library card for everybody", "Parking without paper"] {
        led::written(app, Who::Officer, "AMB", title);
    }
    let (page, start) = (led::page(app), format!("/rounds/{}/start", led::CAPPED));
    let officer = (Who::Officer, [start.as_str(), &page, "/dashboard"]);
    tour.look("1-led", &[(Who::Administrator, &[&page]), (officer.0, &officer.1)]);
    let mut administrator = app.browser(Who::Administrator);
    administrator.open(&page).choose("Missed bins").choose("Parking without paper").press("Save the choice");
    tour.look_over_the_shoulder("1-led-chosen", &administrator);
}

fn recording_networks(tour: &mut Tour, app: &TestApp) {
    let mut manager = app.browser(Who::Manager);
    manager.open("/networks/local-digital-declaration").fill("Organisation", "AMB").choose("It has begun to join");
    manager.press("Record");
    tour.look("1", &[(Who::Manager, &["/networks", "/networks/local-digital-declaration"])]);
}

/// A working copy with a fault in a state, a step and the whole, and what somebody else changed meanwhile.
fn changing_the_workflow(tour: &mut Tour, app: &TestApp) {
    let workflow = in_round("workflow");
    tour.look("1-none", &[(Who::Manager, &[&workflow]), (Who::Observer, &[&workflow])]);
    let manager = crate::workflow::over_rest::begun(app);
    let unsound = crate::workflow::over_rest::rewrite(&manager, |definition| {
        definition.title.clear();
        definition.states[0].labels.staff.clear();
        definition.transitions[0].from.clear();
    });
    unsound.expect(200);
    let mut late = app.browser(Who::Manager);
    late.open(&format!("{workflow}/states/0")).fill("Label for councils", "Your idea");
    crate::workflow::over_rest::rewrite(&manager, |definition| definition.states[0].labels.next.clear()).expect(200);
    late.press("Save the state");
    tour.look_over_the_shoulder("1-late", &late);
    let parts = ["", "/about", "/text", "/states/0", "/states/new", "/steps/0", "/steps/3", "/steps/new", "/compare"];
    let parts = parts.map(|part| format!("{workflow}{part}"));
    let pages: Vec<&str> = parts.iter().map(String::as_str).collect();
    tour.look("1", &[(Who::Manager, &pages), (Who::Observer, &[&workflow, &parts[2]])]);
}

/// One question waits, one is refused, and one is answered and corrected.
fn asking(tour: &mut Tour, app: &TestApp) {
    let (officer, manager) = (app.client(Who::Officer), app.client(Who::Manager));
    let rest = format!("/api/v1/rounds/{ROUND}/questions");
    for question in ["Can parish councils be partners?", "What did Borchester bid for?", "Do you pay for licences?"] {
        officer.post(&rest, json!({ "question": question })).expect(201);
    }
    for (version, answer) in [(1, "Yes, but they cannot lead."), (2, "Yes. They cannot lead, and they need no code.")] {
        let answer = json!({ "question": "Can parish councils be partners?", "answer": answer });
        manager.put(&format!("{rest}/1"), version, answer).expect(200);
    }
    let refusal = json!({ "reason": "It names a council." });
    manager.send("POST", &format!("{rest}/2/refuse"), &[("If-Match", "\"v1\"")], Some(&refusal)).expect(200);
    let [round, ask, questions] = [in_round(""), in_round("ask"), in_round("questions")];
    let [answered, refused, open] = [1, 2, 3].map(|number| format!("{questions}/{number}"));
    tour.look("1-asked", &[(Who::Officer, &[round.trim_end_matches('/'), &ask])]);
    tour.look("1-asked", &[(Who::Manager, &["/staff", &questions, &answered, &refused, &open])]);
    let mut wrong = app.browser(Who::Manager);
    wrong.open(&open).press("Publish the answer");
    tour.look_over_the_shoulder("1-unanswered", &wrong);
}

/// The fund has asked twice: one question waits with a draft, and one is taken back.
fn clarifying(tour: &mut Tour, app: &TestApp, story: &Story) {
    let (officer, manager) = (app.client(Who::Officer), app.client(Who::Manager));
    let rest = format!("/api/v1{}", story.page("/clarifications"));
    let ask = |question: &str| {
        let asked = json!({ "question": question, "until": "2026-11-20T17:00:00Z" });
        let asked = manager.post(&rest, asked).expect(201).json();
        format!("{rest}/{}", asked["id"].as_str().unwrap())
    };
    let open = ask("How many tenants wait for a repair today, and how do you count them?");
    officer.put(&format!("{open}/answer"), 1, json!({ "answer": "Four hundred tenants, by hand." })).expect(200);
    let reason = json!({ "reason": "The costs say so already." });
    let back = ask("Who pays the designer?");
    manager.send("DELETE", &back, &[("If-Match", "\"v1\"")], Some(&reason)).expect(204);
    let pages = ["", "/clarifications/1", "/clarifications/2", "/clarifications/ask"].map(|page| story.page(page));
    let [bid, first, second, ask] = pages.each_ref().map(String::as_str);
    tour.look("5-asked", &[(Who::Officer, &["/dashboard", bid, first]), (Who::Manager, &[bid, first, second, ask])]);
}

/// The working copy is in force, and a bid could follow it.
fn moving_bids(tour: &mut Tour, app: &TestApp) {
    let manager = app.client(Who::Manager);
    let mended = crate::workflow::over_rest::rewrite(&manager, |definition| {
        *definition = roundtable::workflow::definitions::read("local-digital-fund-1").unwrap();
        crate::workflow::over_rest::label(definition, "eoi_draft", "Your idea, in draft");
    });
    mended.expect(200);
    let [compare, moves, versions] = ["compare", "moves", "versions"].map(|what| in_round(&format!("workflow/{what}")));
    tour.look("2", &[(Who::Manager, &[&compare])]);
    crate::workflow::over_rest::adopt(&manager, "Plainer words.").expect(201);
    let (chosen, compared) = (format!("{moves}?from=1&to=2"), format!("{versions}?from=1&to=2"));
    tour.look("2", &[(Who::Manager, &[&moves, &chosen])]);
    tour.look_from_outside("2", &[&versions, &compared]);
}

fn link_for_the_officer(app: &TestApp) -> String {
    let (person, now) = (app.person(Who::Officer), app.clock.now());
    let ticket = app.block_on(|app| async move {
        let ids = app.ids.clone();
        let hand_out = move |conn: &mut roundtable::db::Conn| {
            let person = people::person(conn, person)?;
            sign_in::hand_out(conn, &ids, &person, std::time::Duration::from_secs(600), now)
        };
        app.db.write(hand_out).await.unwrap()
    });
    format!("/sign-in/link/{}", ticket.reveal())
}

fn writing_an_expression_of_interest(tour: &mut Tour, story: &Story) {
    let start = format!("/rounds/{ROUND}/start");
    let parts = [
        "",
        "/about",
        "/questions/problem",
        "/questions/training",
        "/prior-work",
        "/check",
        "/history",
        "/actions/withdraw",
        "/draft",
        "/copy",
    ];
    let parts = parts.map(|part| story.page(part));
    let mut pages: Vec<&str> = vec!["/dashboard", &start];
    pages.extend(parts.iter().map(String::as_str));
    tour.look("1", &[(Who::Officer, &pages), (Who::Nobody, &["/dashboard"])]);
}

/// The officer's session ends while a form is open; what it said is there after signing in.
fn keeping_a_form(tour: &mut Tour, app: &TestApp, story: &Story) {
    let mut officer = app.browser(Who::Officer);
    officer.open(&story.page("/questions/problem")).fill("What is the common problem?", "Repairs take too long.");
    app.end_sessions(Who::Officer);
    officer.press("Save and continue").follow("Sign in to continue");
    officer.fill("Email address", &Who::Officer.email()).press("Continue");
    let letter = app.letters().into_iter().rfind(|letter| letter.template == "sign-in").unwrap();
    officer.fill("Code", letter.data["code"].as_str().unwrap()).press("Sign in");
    tour.look_over_the_shoulder("1-kept", &officer);
}

/// The page that asks for a code before a bid is submitted, and the one on which it is entered.
fn confirming(tour: &mut Tour, app: &TestApp, story: &Story) {
    let mut officer = app.browser(Who::Officer);
    officer.open(&story.page("/check"));
    app.later(std::time::Duration::from_secs(31 * 60));
    tour.look_over_the_shoulder("2-stale", &officer);
    officer.open(&story.page("/check")).press("Email me a code");
    tour.look_over_the_shoulder("2-stale", &officer);
}

/// A manager moves a date and gives the bid more time, and is told what is wrong with another.
fn changing_dates(tour: &mut Tour, app: &TestApp, story: &Story) {
    let manager = app.client(Who::Manager);
    let new = json!({ "milestone": "announcement", "at": "2026-12-08T09:30:00Z", "reason": "The minister is away." });
    manager.post(&format!("/api/v1/rounds/{ROUND}/milestones/changes"), new).expect(201);
    let mut form = app.browser(Who::Manager);
    form.open(&in_round("dates/eoi_closes")).press("Change the date");
    tour.look_over_the_shoulder("1-date", &form);
    let mut more = app.browser(Who::Manager);
    more.open(&story.page("/more-time"))
        .choose("This service was out of order")
        .fill("What happened?", "Nobody could save.");
    more.fill("At what time?", "18:00").press("Give more time");
    let pages = [in_round("dates"), in_round("dates/eoi_closes"), story.page("/more-time")];
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    tour.look("1-dates", &[(Who::Manager, &[&in_round("reminders")])]);
    tour.look("1-dates", &[(Who::Manager, &pages), (Who::Officer, &[&story.page("")])]);
    tour.look_from_outside("1-dates", &[&format!("/rounds/{ROUND}")]);
}

/// The receipt in the round's own words, those of the colleague beside those of the manager, and what it looks like.
fn wording_mails(tour: &mut Tour, app: &TestApp) {
    let [mails, words] = ["mails", "mails/submitted-eoi/en"].map(in_round);
    let [welsh, preview] = ["mails/submitted-eoi/cy", "mails/submitted-eoi/preview"].map(in_round);
    let mut late = app.browser(Who::Manager);
    late.open(&words).press("Preview");
    tour.look_over_the_shoulder("2-preview", &late);
    let theirs =
        json!({ "subject": "{{ reference }} is here", "body": "# Thank you\n\n{{ title }}, {{ at }}\n\n{{ hash }}" });
    app.client(Who::Manager).put(&format!("/api/v1{words}"), 0, theirs).expect(200);
    late.press("Save the words");
    tour.look_over_the_shoulder("2-late", &late);
    late.fill("Message", "{{ nothing }}").press("Save the words");
    tour.look_over_the_shoulder("2-wrong", &late);
    tour.look("2", &[(Who::Manager, &[&mails, &words, &welsh, &preview])]);
}

fn after_submitting(tour: &mut Tour, app: &TestApp, story: &Story) {
    confirming(tour, app, story);
    let (bids, changes) = (format!("/rounds/{ROUND}/bids"), format!("/rounds/{ROUND}/partnership-changes"));
    let mut admin = app.browser(Who::Admin);
    admin.open("/staff/outbox");
    let letter = admin.links().into_iter().find(|words| words.contains("@test.example")).expect("a message");
    admin.follow(&letter);
    tour.look_over_the_shoulder("2", &admin);
    tour.look(
        "2",
        &[
            (
                Who::Officer,
                &[
                    &story.page(""),
                    &story.page("/submitted"),
                    &story.page("/versions/eoi/1"),
                    &story.page("/versions/eoi/1/receipt"),
                    &story.page("/history"),
                    "/dashboard",
                ],
            ),
            (Who::Manager, &["/staff", &bids, &changes, &story.page("")]),
            (Who::Admin, &["/staff/outbox"]),
        ],
    );
}

/// The bid is on hold for a while, and the release of outcomes would pass it over.
fn holding(tour: &mut Tour, app: &TestApp, story: &Story) {
    let [bid, hold] = ["", "/hold"].map(|part| story.page(part));
    tour.look("2", &[(Who::Manager, &[&hold])]);
    let mut form = app.browser(Who::Manager);
    form.open(&hold).press("Put this bid on hold");
    tour.look_over_the_shoulder("2-hold", &form);
    form.fill("Why is the bid on hold?", "We have to ask the auditor first.").press("Put this bid on hold");
    tour.look("2-hold", &[(Who::Manager, &[&hold, &bid]), (Who::Officer, &[&bid, "/dashboard"])]);
    form.open(&hold).press("Lift the hold");
    let chosen = in_round(&format!("bulk?bid={}", story.reference));
    tour.look("2", &[(Who::Manager, &[&in_round("bulk"), &chosen])]);
}

fn sifting(tour: &mut Tour, story: &Story) {
    let [eois, sift, decisions] = ["eois", "sift", "decisions?release=eoi_outcome"].map(in_round);
    tour.look("3", &[(Who::Manager, &[&sift, &story.page("/sift"), &decisions, &story.page("/decision")])]);
    tour.look_from_outside("3", &[&eois, &format!("{eois}/{}", story.reference), &in_round("partnerships")]);
    story.sift();
    story.decide("sift", "invite", None);
    tour.look("3-decided", &[(Who::Manager, &[&sift, &story.page("/sift"), &decisions, &story.page("/decision")])]);
    story.release("eoi_outcome");
    tour.look("3-released", &[(Who::Manager, &[&decisions])]);
}

fn applying_in_full(tour: &mut Tour, story: &Story, invitation: &str) {
    let parts = ["", "/about", "/questions/plan", "/costs", "/promises", "/partners", "/check", "/history"];
    let mut parts = parts.map(|part| story.page(part)).to_vec();
    parts.push(story.page(&format!("/partners/{invitation}")));
    parts.push(story.page(&format!("/partners/{invitation}/replace")));
    parts.push(story.page("/unknown-partner"));
    let pages: Vec<&str> = parts.iter().map(String::as_str).collect();
    tour.look("4", &[(Who::Manager, &["/funds/test-fund/organisation-requests"])]);
    tour.look("4", &[(Who::Officer, &pages), (Who::Partner, &[&story.page("/invitation"), "/dashboard"])]);
    tour.look("4", &[(Who::Signatory, &[&story.page("/sign-off")])]);
    story.ask_to_sign();
    tour.look("4-asked", &[(Who::Signatory, &[&story.page("/sign-off"), &story.page(""), "/dashboard"])]);
}

/// What was submitted and what was signed, on paper, and a form of what is signed for.
fn taking_along(tour: &mut Tour, app: &TestApp, story: &Story) {
    let signatures = format!("/api/v1{}", story.page("/signatures"));
    let signatures = app.client(Who::Officer).get(&signatures).expect(200).json();
    let signed = story.page(&format!("/sign-offs/{}", signatures[0]["sign_off"]["id"].as_str().unwrap()));
    let papers = [signed, story.page("/versions/full/1"), story.page("/draft"), story.page("/costs")];
    let papers: Vec<&str> = papers.iter().map(String::as_str).collect();
    tour.look("4-signed", &[(Who::Officer, &papers)]);
}

fn assessing(tour: &mut Tour, app: &TestApp, story: &Story) {
    story.decide("eligibility", "find_eligible", None);
    tour.look("5", &[(Who::Manager, &[&story.page("/assessors"), &in_round("assessors")])]);
    tour.look("5", &[(Who::Manager, &[&story.page("/gateway"), &in_round("gateway")])]);
    story.give_to_assessors();
    queries::of_a_round(tour, app, story);
    plans::of_a_round(tour, app, story);
    reading::of_a_round(tour, app);
    tour.look(
        "5",
        &[
            (Who::Assessor, &["/assess", &story.page("/score"), &story.page("/score/fit"), &story.page("/conflict")]),
            (Who::Assessor, &[&in_round("offline")]),
            (Who::ConflictedAssessor, &["/assess"]),
        ],
    );
    for who in [Who::Assessor, Who::SecondAssessor] {
        story.score(who);
    }
    let [panel, ranking] = ["assessors", "ranking"].map(in_round);
    tour.look(
        "5-scored",
        &[
            (Who::Assessor, &["/assess", &story.page("/score")]),
            (Who::Manager, &[&story.page("/scores"), &story.page("/assessors"), &panel, &ranking]),
        ],
    );
    rankings::of_a_round(tour, story);
    conflicts::of_a_round(tour, app, story);
    moderation::of_a_round(tour, app, story);
}

fn awarding(tour: &mut Tour, app: &TestApp, story: &Story) {
    story.decide("assessment", "close_scoring", None);
    story.decide("shortlist", "shortlist", None);
    let decisions = in_round("decisions");
    tour.look("6", &[(Who::Manager, &[&decisions, &story.page("/decision")])]);
    story.decide("award", "fund", Some(8_000_000));
    tour.look("6-decided", &[(Who::Manager, &[&decisions])]);
    story.release("announcement");
    tour.look("6-released", &[(Who::Manager, &[&decisions, &story.page("/decision")])]);
    app.at("2026-12-08T10:00:00Z");
    story.deliver();
    let [round, awards, eois] = ["", "awards", "eois"].map(in_round);
    let project = format!("/projects/{}", story.reference);
    tour.look_from_outside(
        "7",
        &[&round, &awards, &in_round("scores"), &eois, &format!("{eois}/{}", story.reference), &project],
    );
    tour.look("7", &[(Who::Officer, &[&project, &story.page(""), &story.page("/history"), "/dashboard"])]);
}

fn in_round(what: &str) -> String {
    format!("/rounds/{ROUND}/{what}").trim_end_matches('/').to_owned()
}
