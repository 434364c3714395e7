use roundtable::identity::model::MemberRole;

use super::site::Site;
use crate::harness::{databases::on_each_database, smtp::Mood};

const JO: &str = "jo@ambridge.gov.uk";
const KIM: &str = "kim@fund.example";

on_each_database! {
    fn a_person_signs_in_with_the_code_and_goes_where_they_wanted(site: &Site) {
        site.member(JO, MemberRole::Member);
        let mut browser = site.browser();
        browser.open("/sign-in?return_to=/account").fill("Email address", JO).press("Continue");
        assert_eq!(browser.h1(), "Check your email");
        site.deliver();
        let code = site.mail.newest_to(JO).expect("a message").code();
        browser.fill("Code", &code).press("Sign in").sees("Your account").sees("Member, Ambridge Council");
        browser.press("Sign out").open("/account");
        assert_eq!(browser.status(), 401);
        browser.sees("Sign in to continue");
    }

    fn a_link_shows_a_button_and_signs_in_when_it_is_pressed_once(site: &Site) {
        site.person(JO, "Jo Bloggs");
        site.browser().open("/sign-in").fill("Email address", JO).press("Continue");
        site.deliver();
        let link = site.mail.newest_to(JO).expect("a message").link();
        let mut scanner = site.browser();
        for _ in 0..3 {
            scanner.open(&link);
        }
        scanner.open("/account");
        assert_eq!(scanner.status(), 401, "opening a link signs nobody in");
        let mut browser = site.browser();
        browser.open(&link).press("Sign in").sees("Your account");
        site.browser().open(&link).sees("This link no longer works");
    }

    fn a_link_leads_where_its_owner_wanted_to_go_on_whatever_device(site: &Site) {
        site.member(JO, MemberRole::Member);
        let mut asking = site.browser();
        asking.open("/account").follow("Sign in to continue").fill("Email address", JO).press("Continue");
        site.deliver();
        let mut elsewhere = site.browser();
        elsewhere.open(&site.mail.newest_to(JO).expect("a message").link()).press("Sign in");
        assert_eq!(elsewhere.path(), "/account");
        asking.open("/sign-in").fill("Email address", JO).press("Continue");
        site.deliver();
        asking.open(&site.mail.newest_to(JO).expect("a message").link()).press("Sign in");
        assert_eq!(asking.path(), "/dashboard", "whoever wanted nothing special comes to their work");
    }

    fn an_unknown_address_sees_the_same_page_and_a_wrong_one_hears_what_is_wrong(site: &Site) {
        site.person(JO, "Jo Bloggs");
        let text = |email: &str| site.browser().open("/sign-in").fill("Email address", email).press("Continue").text();
        assert_eq!(text(JO), text("nobody@ambridge.gov.uk"));
        let mut browser = site.browser();
        browser.open("/sign-in").fill("Email address", "jo at ambridge").press("Continue");
        assert_eq!(browser.status(), 422);
        assert_eq!(browser.errors().first().map(|(field, _)| field.as_str()), Some("#email"));
        assert_eq!(browser.value("Email address"), "jo at ambridge");
    }

    fn a_wrong_code_says_how_many_tries_are_left(site: &Site) {
        site.person(JO, "Jo Bloggs");
        let mut browser = site.browser();
        browser.open("/sign-in").fill("Email address", JO).press("Continue");
        site.deliver();
        let right = site.mail.newest_to(JO).expect("a message").code();
        let wrong = if right == "000000" { "000001" } else { "000000" };
        browser.fill("Code", wrong).press("Sign in").sees("You have 4 more tries.");
        browser.fill("Code", &right).press("Sign in").sees("Your account");
    }

    fn a_sign_in_never_leads_to_another_site(site: &Site) {
        site.person(JO, "Jo Bloggs");
        for elsewhere in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
            let encoded: String = url::form_urlencoded::byte_serialize(elsewhere.as_bytes()).collect();
            let mut browser = site.browser();
            browser.open(&format!("/sign-in?return_to={encoded}"));
            assert!(!browser.source().contains("evil.example"), "{elsewhere}");
            assert!(!browser.source().contains("javascript:"), "{elsewhere}");
            browser.fill("Email address", JO).press("Continue");
            site.deliver();
            browser.open(&site.mail.newest_to(JO).expect("a message").link()).press("Sign in");
            assert_eq!(browser.path(), "/account", "{elsewhere}");
        }
    }

    fn a_form_without_the_pages_token_is_refused(site: &Site) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let sent = agent.post(format!("{}/sign-in", site.base())).send_form([("email", JO)]);
        assert_eq!(sent.expect("an answer").status(), 403);
        let foreign = agent
            .post(format!("{}/sign-in", site.base()))
            .header("Sec-Fetch-Site", "cross-site")
            .send_form([("email", JO)]);
        assert_eq!(foreign.expect("an answer").status(), 403);
    }

    fn a_person_sees_and_ends_their_other_sessions(site: &Site) {
        site.person(JO, "Jo Bloggs");
        let mut here = site.signed_in(JO);
        site.pass(1);
        let mut there = site.signed_in(JO);
        here.open("/account");
        assert_eq!(here.buttons().iter().filter(|words| words.starts_with("End the session")).count(), 1);
        let button = here.buttons().into_iter().find(|words| words.starts_with("End the session")).expect("a button");
        here.press(&button).sees("The session has ended.");
        there.open("/account");
        assert_eq!(there.status(), 401);
    }

    fn an_administrator_makes_a_program_after_a_fresh_code_and_sees_its_secret_once(site: &Site) {
        site.member(JO, MemberRole::Administrator);
        let mut browser = site.signed_in(JO);
        site.pass(31);
        let label = "Name of a new program of Ambridge Council";
        browser.open("/account").fill(label, "Grants register").press("Add the program");
        assert_eq!(browser.h1(), "Confirm that it is you");
        browser.press("Email me a code");
        site.deliver();
        let code = site.mail.newest_to(JO).expect("a message").code();
        browser.fill("Code", &code).press("Continue").fill(label, "Grants register").press("Add the program");
        browser.sees("Copy the secret of Grants register now.").open("/account");
        assert!(!browser.has("Copy the secret"));
        browser.press("Revoke Grants register").sees("can no longer act");
        assert!(browser.has("revoked at"));
    }

    fn staff_read_the_outbox_and_send_again_what_failed(site: &Site) {
        site.admin(KIM);
        site.person(JO, "Jo Bloggs");
        let mut browser = site.signed_in(KIM);
        site.mail.be(Mood::HangsUpAfterData);
        site.browser().open("/sign-in").fill("Email address", JO).press("Continue");
        site.deliver();
        browser.open("/staff/outbox").select("Show", "May or may not have been sent").press("Show messages");
        let link = browser.links().into_iter().find(|words| words.contains(JO)).expect("the message");
        browser.follow(&link).sees("May or may not have been sent").sees("It holds a code, which is for its reader alone.");
        assert!(!browser.has("Or enter this code"));
        site.mail.be(Mood::Accepts);
        browser.press("Send it again").sees("The message will be sent again.");
        site.deliver();
        browser.open("/staff/outbox?state=sent").sees(JO);
    }

    fn the_outbox_is_not_there_for_others(site: &Site) {
        site.member(JO, MemberRole::Administrator);
        let mut browser = site.signed_in(JO);
        browser.open("/staff/outbox");
        assert_eq!(browser.status(), 404);
        let mut stranger = site.browser();
        stranger.open("/staff/outbox");
        assert_eq!(stranger.status(), 401);
    }
}
