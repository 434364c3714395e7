//! What a visitor of the demo finds to do today.

use super::place::Place;
use crate::harness::databases::on_each_database;

const TO_SIGN: &str = "Missed bins and what really happened: from evidence to design";

on_each_database! {
    fn a_visitor_signs_what_waits_for_the_section_151_officer(place: &Place) {
        let demo = place.demo("small");
        let mut signatory = demo.visitor("section 151 officer");
        assert_eq!(signatory.path(), "/dashboard");
        signatory.sees("This is a demonstration.").sees("Waiting for you").follow(&format!("Sign “{TO_SIGN}”"));
        signatory.press("Sign this version").sees("What stands now is signed.");
        let mut officer = demo.visitor("council officer");
        assert_eq!(officer.path(), "/dashboard");
        let bid = signatory.path().replace("/sign-off", "");
        officer.open(&bid).sees("This bid is illustrative.").sees("Full application: draft");
        officer.open(&format!("{bid}/check")).press("Submit full application").sees("Full application submitted");
        let mut assessor = demo.visitor("assessor");
        assert_eq!(assessor.path(), "/assess");
        assessor.sees("Scores are wanted by").sees("0 of 3 scored");
        assert_eq!(demo.visitor("fund manager").path(), "/staff");
    }

    fn a_visitor_is_the_last_who_reads_and_a_manager_sees_it(place: &Place) {
        let demo = place.demo("small");
        let mut manager = demo.visitor("fund manager");
        manager.open("/rounds/round-to-read/progress").sees("Remind readers");
    }

    fn a_demo_that_is_run_again_has_the_same_bids_and_the_same_figures(place: &Place) {
        let figures = place.replay("small", &[]);
        drop(place.demo("small"));
        let bids = place.bids();
        assert_eq!(bids.iter().filter(|(reference, _)| reference.starts_with("SIGN-")).count(), 1);
        place.demo("small").visitor("section 151 officer").sees("Waiting for you");
        assert_eq!(place.bids(), bids);
        let mut again = place.replay("small", &[]);
        assert!(again["events"].as_i64() > figures["events"].as_i64(), "the whole history is counted");
        again["events"] = figures["events"].clone();
        assert_eq!(again, figures);
    }
}
