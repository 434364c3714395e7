//! The pages of a pool in a browser without JavaScript; each page that it opens is checked.

use super::{invite, place};
use crate::harness::{
    app::{ROUND, TestApp, Who},
    browser::Browser,
    databases::on_each_database,
};

/// What the page says is wrong, in order.
fn said(browser: &Browser) -> Vec<String> {
    browser.errors().into_iter().map(|(_, message)| message).collect()
}

on_each_database! {
    fn a_manager_opens_a_pool_invites_people_and_reads_what_they_say(app: &TestApp) {
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/assessors")).follow("See the pool of assessors");
        manager.sees("This round has no pool").follow("Areas, terms and reminders");
        manager.fill("How many full applications do you expect?", "many").press("Save");
        assert_eq!(said(&manager), ["Write a whole number, such as 12."]);
        assert_eq!(manager.value("How many full applications do you expect?"), "many");
        manager.fill("What can assessors know of?", "Housing\nPlanning").fill("What do assessors agree to?", "Tell nobody.");
        manager.fill("How many full applications do you expect?", "384").press("Save").sees("The pool is settled.");
        manager.sees("About 384 full applications are expected, 0 are in so far.").sees("384 bids × 2 readings = 768 readings; nobody has accepted yet.");
        manager.follow("Invite assessors").fill("Whom do you invite?", "Kim New <kim@new.example>\nkim").press("Send the invitations");
        assert!(manager.errors().len() >= 2, "{:?}", manager.errors());
        assert_eq!(manager.value("Whom do you invite?").replace('\r', ""), "Kim New <kim@new.example>\nkim");
        manager.fill("Whom do you invite?", "Kim New <kim@new.example>\nnobody@test.example").choose("Housing");
        manager.fill("At most (optional)", "8").fill("Day", "9").fill("Month", "11").fill("Year", "2026").fill("At what time?", "5pm");
        manager.press("Send the invitations").sees("2 people are invited, and get an email.").sees("Kim New").sees("Invited");
        manager.follow("Kim New").sees("Asked for: Housing.").sees("kim@new.example").fill("Why?", "We have enough people.");
        manager.press("End the place").sees("The place of Kim New is ended. They get an email with your reason.").sees("Ended");
    }

    fn an_invited_person_reads_the_work_and_accepts_changes_and_stops(app: &TestApp) {
        let settings = serde_json::json!({ "areas": ["Housing"], "terms": "Tell nobody.", "reminder_days": [] });
        app.client(Who::Manager).put(&format!("/api/v1/rounds/{ROUND}/pool"), 0, settings).expect(200);
        invite(app, &[&Who::Nobody.email()]).expect(200);
        let mut nobody = app.browser(Who::Nobody);
        nobody.open("/assess").sees("Rounds in which you assess").follow("Test round").sees("Can you assess bids to this round?");
        nobody.sees("Please help.").sees("at least 2 and at most 8 bids").sees("2 answers, 100 words at most").sees("Tell nobody.");
        assert_eq!(nobody.value("How many can you read at most?"), "8", "as many as they are asked for");
        nobody.press("Accept");
        assert_eq!(said(&nobody), ["Choose at least one area that you know.", "Agree to the terms to accept."]);
        nobody.choose("Housing").choose("I agree to these terms").fill("On which days in between can you not? (optional)", "20 11 2026\nChristmas").press("Accept");
        assert_eq!(said(&nobody), ["Line 2: write a real date, such as 24 12 2026."]);
        nobody.fill("On which days in between can you not? (optional)", "20 11 2026").choose("I agree to these terms").press("Accept");
        nobody.sees("You assess bids to this round").sees("20 November 2026").sees("To version 1 of the terms");
        nobody.fill("How many can you read at most?", "3").choose("I agree to these terms").press("Save").sees("2 to 3 bids");
        assert_eq!(place(app, Who::Nobody)["most"], 3);
        nobody.follow("Stop assessing in this round").press("Stop assessing");
        assert_eq!(said(&nobody), ["Choose why."]);
        nobody.choose("No time").press("Stop assessing").sees("You do not assess bids to this round").sees("no time");
        assert_eq!(app.browser(Who::Stranger).open(&format!("/rounds/{ROUND}/invitation")).status(), 404);
    }

    fn whoever_declines_says_why_and_can_be_asked_again(app: &TestApp) {
        invite(app, &[&Who::Nobody.email()]).expect(200);
        let mut nobody = app.browser(Who::Nobody);
        nobody.open(&format!("/rounds/{ROUND}/invitation")).follow("Decline the invitation").choose("Other").press("Decline");
        assert_eq!(said(&nobody), ["Say why in your own words."]);
        nobody.fill("In your words", "I move house.").press("Decline").sees("You declined at").sees("I move house.");
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/pool")).sees("Declined").follow("Nobody Person").sees("I move house.");
        invite(app, &[&Who::Nobody.email()]).expect(200);
        nobody.open(&format!("/rounds/{ROUND}/invitation")).sees("Can you assess bids to this round?");
    }
}
