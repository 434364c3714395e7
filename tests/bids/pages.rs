//! Writing, checking and submitting bids in a browser without JavaScript, and the staff's list of them.

use diesel::prelude::*;
use roundtable::db::schema::bids;
use serde_json::json;

use super::journey::written;
use crate::harness::{
    app::{TestApp, Who, moment},
    browser::Browser,
    databases::on_each_database,
};

/// Starts a bid of Ambridge as its officer; the browser stands on the bid's own page.
fn started(app: &TestApp) -> (Browser, String) {
    let mut officer = app.browser(Who::Officer);
    officer.open("/rounds/test-round").follow("Start an expression of interest");
    officer.fill("What is the working title?", "Shared repairs").press("Start");
    let reference = officer.path().rsplit('/').next().unwrap().to_owned();
    (officer, reference)
}

/// Moves a bid to its full application, past the sift and its release.
fn with_full_application(app: &TestApp, reference: &str) {
    app.clock.set(moment("2026-10-12T09:00:00Z"));
    let reference = reference.to_owned();
    app.block_on(|app| async move {
        app.db
            .write(move |conn| {
                diesel::update(bids::table.filter(bids::reference.eq(&reference)))
                    .set((bids::state.eq("full_draft"), bids::kind.eq("waiting")))
                    .execute(conn)?;
                Ok(())
            })
            .await
    })
    .unwrap();
}

on_each_database! {
    fn a_round_says_when_it_closes_who_may_bid_and_how_bids_are_scored(app: &TestApp) {
        let mut public = Browser::new(&app.base);
        public.open("/rounds").follow("Test round").sees("Closes at 5pm on 30 September 2026.");
        public.sees("The lead authority’s nation is England.").sees("At least 1 partner has confirmed.");
        public.sees("Up to £80,000");
        public.follow("Start an expression of interest");
        assert_eq!(public.status(), 401);
        public.sees("Sign in");
    }

    fn an_expression_of_interest_goes_from_start_to_submitted_without_javascript(app: &TestApp) {
        let (mut officer, reference) = started(app);
        officer.sees("You have completed 0 of").sees("Not yet started").sees("Cannot start yet");
        officer.follow("Title, phase and ask").choose("Discovery").fill("How much do you ask for?", "£60,000");
        officer.press("Save and continue");
        assert_eq!(officer.h1(), "What is the common problem?");
        officer.fill("What is the common problem?", "Repairs take too long.").choose("Yes").press("Save and continue");
        officer.fill("What will others be able to use again?", "Research.").choose("No, I’ll come back to it");
        officer.press("Save and come back later").sees("Shared repairs").follow("Shared repairs");
        officer.sees("In progress").follow("What will others be able to use again?");
        assert_eq!(officer.value("What will others be able to use again?"), "Research.");
        officer.choose("Yes").press("Save and continue");
        officer.choose("Agile for teams").press("Save and continue");
        officer.follow("Check your answers and submit").sees("Repairs take too long.").sees("£60,000");
        let button = officer.buttons().into_iter().find(|words| words.contains("ubmit")).unwrap();
        officer.press(&button).sees(&reference).sees("10am on 2 September 2026").sees("Fingerprint");
        assert_eq!(officer.path(), format!("/bids/{reference}/submitted"));
        officer.follow("Go to your bid").sees("Expression of interest: submitted").sees("stands until you submit");
        officer.follow("What has happened to this bid");
        officer.sees("Bid started").sees("Officer Person, Ambridge Borough Council");
    }

    fn a_bid_that_lacks_answers_says_which_and_leads_to_them(app: &TestApp) {
        let (mut officer, reference) = started(app);
        officer.open(&format!("/bids/{reference}/check")).sees("You cannot submit yet");
        officer.follow("Choose the phase that you bid for.");
        assert_eq!(officer.path(), format!("/bids/{reference}/about"));
        officer.fill("How much do you ask for?", "lots").press("Save and continue");
        assert_eq!(officer.status(), 422);
        let message = "Enter how much you ask for in pounds, such as 80,000.";
        assert_eq!(officer.errors(), [("#ask_pence".to_owned(), message.to_owned())]);
        assert_eq!(officer.value("How much do you ask for?"), "lots");
    }

    fn an_answer_over_its_limit_is_shown_again_with_what_to_do(app: &TestApp) {
        let (mut officer, reference) = started(app);
        let long = "word ".repeat(51);
        officer.open(&format!("/bids/{reference}/questions/problem")).fill("What is the common problem?", &long);
        officer.press("Save and continue");
        assert_eq!(officer.status(), 422);
        let message = "Use 50 words or fewer, you have 51";
        assert_eq!(officer.errors(), [("#answers-problem".to_owned(), message.to_owned())]);
        assert_eq!(officer.value("What is the common problem?"), long.trim());
    }

    fn two_people_who_write_the_same_answer_see_both_texts_and_lose_none(app: &TestApp) {
        let (mut one, reference) = started(app);
        let path = format!("/bids/{reference}/questions/problem");
        let mut other = app.browser(Who::Signatory);
        one.open(&path);
        other.open(&path).fill("What is the common problem?", "Theirs.").press("Save and continue");
        one.fill("What is the common problem?", "Ours.").press("Save and continue");
        assert_eq!(one.status(), 412);
        one.sees("Signatory Person of Ambridge Borough Council changed this at 10am on 2 September 2026").sees("Theirs.");
        assert_eq!(one.value("What is the common problem?"), "Ours.");
        one.press("Save and continue").open(&path);
        assert_eq!(one.value("What is the common problem?"), "Ours.");
    }

    fn a_script_saves_the_same_form_and_hears_the_version_or_the_problem(app: &TestApp) {
        let (client, reference) = written(app, "Shared repairs");
        let path = format!("/bids/{reference}/questions/problem");
        let token = client.csrf();
        let headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")];
        let send = |version: i32, text: &str| {
            let body = format!("csrf={token}&version={version}&answer={text}");
            client.raw("POST", &path, &headers, Some(body.into_bytes()))
        };
        let saved = send(1, "Saved").expect(200).json();
        assert_eq!(saved, json!({ "version": 2, "saved_at": "10am", "late": null }));
        assert_eq!(send(1, "Late").problem().0, 412);
        assert_eq!(send(2, &"w+".repeat(51)).problem().0, 422);
    }

    fn about_costs_and_promises_save_themselves_too_and_never_over_a_signature(app: &TestApp) {
        let (_, reference) = started(app);
        with_full_application(app, &reference);
        let client = app.client(Who::Officer);
        let token = client.csrf();
        let headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")];
        let send = |page: &str, version: i64, fields: &str| {
            let body = format!("csrf={token}&version={version}&{fields}");
            client.raw("POST", &format!("/bids/{reference}/{page}"), &headers, Some(body.into_bytes()))
        };
        let bid = || client.get(&format!("/api/v1/bids/{reference}")).expect(200).json();
        let first = bid()["version"].as_i64().unwrap();
        let lead = app.organisation("AMB");
        let forms = [
            ("about", "title=Repairs+for+all&phase=discovery&ask_pence=80%2C000".to_owned(), "title=".to_owned()),
            (
                "costs",
                format!("costs-0-payee={lead}&costs-0-description=Researchers&costs-0-pence=80%2C000"),
                format!("costs-0-payee={lead}&costs-0-description=Researchers&costs-0-pence=ten"),
            ),
            (
                "promises",
                "promises-0-measure=Days&promises-0-target=10&promises-0-due-day=1&promises-0-due-month=2&promises-0-due-year=2028".to_owned(),
                "promises-0-measure=Days&promises-0-target=ten".to_owned(),
            ),
        ];
        let mut officer = app.browser(Who::Officer);
        for (before, (page, fields, wrong)) in (first..).zip(&forms) {
            assert!(officer.open(&format!("/bids/{reference}/{page}")).source().contains("data-autosave"), "{page}");
            let saved = send(page, before, fields).expect(200).json();
            assert_eq!(saved["version"], before + 1, "{page}");
            assert_eq!(send(page, before, fields).problem(), (412, "stale_version".into()), "{page}");
            assert_eq!(send(page, before + 1, wrong).problem(), (422, "invalid".into()), "{page}");
            assert_eq!(bid()["version"], before + 1, "{page}: what is wrong changes nothing");
        }
        let content = bid()["content"].clone();
        assert_eq!((&content["title"], &content["costs"][0]["pence"]), (&json!("Repairs for all"), &json!(8_000_000)));
        assert_eq!(content["promises"][0]["due_on"], "2028-02-01");
        app.work();
        client.post(&format!("/api/v1/bids/{reference}/sign-off"), json!({})).expect(200);
        let signatory = app.client(Who::Signatory);
        let hash = signatory.get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json()["hash"].clone();
        signatory.post(&format!("/api/v1/bids/{reference}/sign-off/sign"), json!({ "hash": hash })).expect(200);
        for page in ["about", "costs", "promises"] {
            officer.open(&format!("/bids/{reference}/{page}")).sees("nothing is saved until you select save");
            assert!(!officer.source().contains("data-autosave"), "{page}: a figure half typed would make the signature void");
        }
        // A form that was open before still saves itself, and is told to leave that to its writer.
        let version = bid()["version"].as_i64().unwrap();
        for (page, fields, _) in &forms {
            let refused = send(page, version, fields);
            assert_eq!(refused.problem(), (409, "signed_meanwhile".into()), "{page}");
            assert!(refused.json()["detail"].as_str().unwrap().contains("Select save to change it all the same"), "{page}");
        }
        app.work();
        assert_eq!(bid()["version"], version);
        let stands = || {
            let view = signatory.get(&format!("/api/v1/bids/{reference}/sign-off")).expect(200).json();
            view["signatures"][0]["stands"].clone()
        };
        assert_eq!(stands(), true);
        officer.open(&format!("/bids/{reference}/costs")).fill_in("Line 1", "How much?", "70,000");
        officer.press("Save and continue");
        app.work();
        assert_eq!(stands(), false, "whoever selects save has changed what was signed");
    }

    fn the_time_that_is_left_counts_down_where_people_write_and_on_their_list_of_bids(app: &TestApp) {
        let (_, reference) = started(app);
        let mut officer = app.browser(Who::Officer);
        let closes = "<time datetime=\"2026-09-30T16:00:00Z\" data-countdown=\"2026-09-02T09:00:00Z\">5pm on 30 September 2026</time>";
        for page in ["/dashboard".to_owned(), format!("/bids/{reference}/questions/problem"), format!("/bids/{reference}/about")] {
            let source = officer.open(&page).source();
            assert!(source.contains(closes), "{page}: {source}");
        }
    }

    fn the_costs_and_outcomes_of_a_full_application_are_held_against_ask_and_limit(app: &TestApp) {
        let (mut officer, reference) = started(app);
        officer.open(&format!("/bids/{reference}/about")).choose("Discovery").fill("How much do you ask for?", "60000");
        officer.press("Save and continue");
        with_full_application(app, &reference);
        let mut officer = app.browser(Who::Officer);
        officer.open(&format!("/bids/{reference}/costs"));
        officer.select("Who gets the money?", "Ambridge Borough Council (lead)").fill("What for?", "Researchers");
        officer.fill("How much?", "50,000").press("Add another line");
        officer.sees("£10,000 is not accounted for yet");
        officer.select_in("Line 2", "Who gets the money?", "A supplier").fill_in("Line 2", "What for?", "Testing");
        officer.fill_in("Line 2", "How much?", "ten").press("Save and continue");
        assert_eq!(officer.errors(), [("#costs-1-pence".to_owned(), "Line 2: enter an amount in pounds.".to_owned())]);
        officer.fill_in("Line 2", "How much?", "10,000").press("Save and continue");
        officer.follow("Costs").sees("The costs come to £60,000, which is your ask.");
        officer.open(&format!("/bids/{reference}/promises")).fill("What is measured?", "Days to repair");
        officer.fill("In which unit?", "days").fill("What is it today?", "21").fill("What do you promise?", "10");
        officer.fill_in("Outcome 1: by when?", "Day", "31").fill_in("Outcome 1: by when?", "Month", "2").fill_in("Outcome 1: by when?", "Year", "2028");
        officer.press("Save and continue").sees("enter a real date");
        officer.fill_in("Outcome 1: by when?", "Day", "29").press("Save and continue");
        officer.open(&format!("/bids/{reference}/check")).sees("from 21 to 10 days by 29 February 2028");
    }

    fn staff_filter_bids_in_the_address_and_export_what_they_see(app: &TestApp) {
        let (client, reference) = written(app, "=Shared repairs");
        written(app, "A draft that nobody else sees");
        client.post(&format!("/api/v1/bids/{reference}/actions/submit_eoi"), json!({})).expect(200);
        let mut manager = app.browser(Who::Manager);
        manager.open("/staff").follow("Bids of Test round").sees("=Shared repairs");
        assert!(!manager.has("A draft that nobody else sees"));
        manager.fill("Words", "AMBRIDGE").select("State", "EOI submitted").press("Apply filters").sees(&reference);
        assert_eq!(manager.path(), "/rounds/test-round/bids?q=AMBRIDGE&state=eoi_submitted&phase=");
        manager.follow("Remove the filter Words: AMBRIDGE ×").fill("Words", "nothing").press("Apply filters");
        manager.sees("No bid fits these filters.");
        let csv = app.client(Who::Manager).get("/rounds/test-round/bids.csv").expect(200).text();
        assert!(csv.starts_with("Reference,Title,") && csv.contains(",'=Shared repairs,"), "{csv}");
        app.client(Who::Officer).get("/rounds/test-round/bids").expect(404);
        app.client(Who::Officer).get("/staff").expect(404);
    }

    fn a_bid_is_withdrawn_only_after_asking_once_more(app: &TestApp) {
        let (mut officer, reference) = started(app);
        officer.follow("Withdraw this bid").press("Withdraw this bid");
        assert_eq!(officer.path(), format!("/bids/{reference}"));
        officer.sees("Success");
        app.client(Who::Stranger).get(&format!("/bids/{reference}")).expect(404);
    }
}
