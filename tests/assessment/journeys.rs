//! The pages of assessment in a browser without JavaScript; each page that it opens is checked.

use super::{assess, find_eligible, full_application, given_bid, plans::conflict, submitted_eoi};
use crate::harness::{
    app::{ROUND, TestApp, Who, moment},
    databases::on_each_database,
};

on_each_database! {
    fn a_manager_marks_one_expression_of_interest_after_the_other(app: &TestApp) {
        let (first, second) = (submitted_eoi(app, "First idea"), submitted_eoi(app, "Second idea"));
        app.clock.set(moment("2026-10-01T09:00:00Z"));
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/sift")).sees("0 of 2 marked").follow("Mark the next one");
        assert_eq!(manager.path(), format!("/bids/{first}/sift"));
        manager.sees("Words of our own.").choose_in("What is the common problem?", "Fail").press("Save and next");
        assert_eq!(manager.status(), 422);
        assert!(manager.has("Say what the applicant should know of this answer."));
        manager
            .fill("What the applicant should know of “What is the common problem?”", "Say who is affected.")
            .choose_in("What will others be able to use again?", "Pass")
            .press("Save and next");
        assert_eq!(manager.path(), format!("/bids/{second}/sift"));
        manager.open(&format!("/bids/{first}/sift")).sees("By the round’s rule: do not invite.");
        manager.open(&format!("/rounds/{ROUND}/sift")).sees("1 of 2 marked").select("Show", "Marked in full").press("Filter");
        assert!(manager.has(&first) && !manager.has("Second idea"));
    }

    fn an_assessor_scores_criterion_by_criterion_checks_and_submits(app: &TestApp) {
        let reference = given_bid(app);
        let mut assessor = app.browser(Who::Assessor);
        assessor.open("/assess").sees("0 of 1 submitted").sees("0 of 2 scored").follow(&format!("Score {reference}: Shared repairs"));
        assessor.follow("Score Strategic fit").sees("criterion 1 of 2").press("Save and next criterion");
        assert_eq!(assessor.errors().len(), 3, "{:?}", assessor.errors());
        assessor
            .choose("2 – Good")
            .fill("Why?", "It is shown for one council.")
            .choose("High: I know this field well")
            .press("Save and next criterion");
        assessor.sees("criterion 2 of 2").choose("3 – Strong").fill("Why?", "There are dates.");
        assessor.choose("Medium: I am fairly sure").press("Save draft").sees("Your score is saved as a draft.");
        assert_eq!(assessor.value("Why?"), "There are dates.");
        assessor.press("Save and check your scores").press("Submit your assessment");
        assert_eq!(assessor.path(), "/assess");
        assessor.sees("1 of 1 submitted").follow(&format!("Read your scores of {reference}: Shared repairs"));
        assert!(!assessor.buttons().iter().any(|button| button.contains("Submit")));
    }

    fn an_assessor_declares_a_conflict_and_lifts_it(app: &TestApp) {
        let reference = given_bid(app);
        let mut assessor = app.browser(Who::Assessor);
        assessor.open(&format!("/bids/{reference}/conflict")).press("Declare the conflict");
        assert_eq!(assessor.errors().len(), 2, "{:?}", assessor.errors());
        assessor.choose("Ambridge Borough Council").fill("What is the conflict of interest?", "I advise it.");
        assessor.press("Declare the conflict").sees("Your conflict of interest is declared.").sees("I advise it.");
        assert!(!assessor.has(&reference));
        assert_eq!(assessor.open(&format!("/bids/{reference}/score")).status(), 404);
        let lift = assessor.open("/assess").buttons().into_iter().find(|button| button.starts_with("Lift")).unwrap();
        assessor.press(&lift).sees("The conflict of interest is lifted.");
    }

    fn a_manager_chooses_readers_and_reads_scores_and_ranking(app: &TestApp) {
        let reference = full_application(app, "Shared repairs");
        find_eligible(app, &reference);
        let mut manager = app.browser(Who::Manager);
        manager.open(&format!("/rounds/{ROUND}/assessors")).sees("Needs 2 more");
        manager.follow(&format!("Choose readers for {reference}")).sees("This assessor cannot be given this bid. Has 0 bids");
        manager.choose("Assessor Person").choose("SecondAssessor Person");
        conflict(app, &reference, Who::SecondAssessor);
        manager.press("Save");
        assert!(manager.has("SecondAssessor Person: This assessor cannot be given this bid."));
        manager.sees("ConflictedAssessor Person This assessor cannot be given this bid.").press("Save").sees("are saved.");
        manager.open(&format!("/rounds/{ROUND}/assessors")).sees("Needs 1 more");
        assess(app, Who::Assessor, &reference, (3, 2));
        manager.open(&format!("/bids/{reference}/assessors")).sees("which stays: Assessor Person.");
        manager.open(&format!("/rounds/{ROUND}/ranking")).sees("2.60").follow(&reference).sees("It is shown.");
    }
}
