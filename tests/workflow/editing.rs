//! The pages on which a fund manager changes a round's workflow, without JavaScript.

use serde_json::json;

use super::over_rest::{adopt, begun, label, of_round, rewrite};
use crate::{
    awards::submitted,
    harness::{
        app::{ROUND, TestApp, Who},
        browser::Browser,
        databases::on_each_database,
    },
};

fn page(what: &str) -> String {
    format!("/rounds/{ROUND}/workflow{what}")
}

fn manager(app: &TestApp) -> Browser {
    app.browser(Who::Manager)
}

on_each_database! {
    fn a_manager_begins_a_working_copy_changes_a_label_and_puts_it_into_force(app: &TestApp) {
        app.colleague();
        let mut browser = manager(app);
        browser.open("/staff").follow("Workflow of Test round").press("Begin a working copy");
        browser.sees("Manager Person changed it last").sees("Sound").sees("EOI in draft");
        browser.open(&page("/states/0")).fill("Label for councils", "Your idea, in draft").press("Save the state");
        browser.sees("“EOI in draft” is saved.").follow("Compare with what is in force, and put it into force");
        browser.sees("is “Your idea, in draft”.").sees("bids that were started before stay on their version");
        browser.press("Put version 2 into force");
        assert_eq!(browser.status(), 422);
        browser.fill("Why is it changed?", "Councils asked for plainer words.").press("Put version 2 into force");
        browser.sees("Version 2 is in force. New bids follow it.");
        let mut public = Browser::new(&app.base);
        public.open(&format!("/rounds/{ROUND}")).follow("How this changed, and why").sees("Councils asked for plainer words.");
        public.follow("What version 2 changes").sees("is “Your idea, in draft”.");
        browser.open(&page("")).sees("Version 2 is in force");
    }

    fn faults_stand_beside_the_place_that_they_name(app: &TestApp) {
        begun(app);
        let mut browser = manager(app);
        browser.open(&page("/states/0")).fill("Label for staff", "").press("Save the state");
        browser.sees("Not sound yet").sees("The label is empty: write the words that people will read.");
        browser.open(&page("/states/0"));
        assert_eq!(browser.errors()[0].0, "#staff", "{:?}", browser.errors());
        browser.open(&page("/steps/0")).fill("How many different people stand behind it", "0").choose_in("Who can agree", "fund managers");
        browser.press("Save the step").open(&page("/steps/0"));
        assert_eq!(browser.errors()[0].0, "#count", "{:?}", browser.errors());
        assert_eq!(browser.value("How many different people stand behind it"), "0");
        browser.open(&page("/compare")).sees("What stands in the way of putting it into force");
        browser.sees("The state “eoi_draft”: The label is empty").sees("The step “Submit expression of interest”: ");
        assert!(!browser.buttons().contains(&"Put version 2 into force".to_owned()));
    }

    fn a_wrong_field_keeps_everything_that_was_typed(app: &TestApp) {
        begun(app);
        let mut browser = manager(app);
        browser.open(&page("/steps/0")).fill("Words on the button", "Send it in").untick("EOI in draft");
        browser.choose_in("Besides moving the bid", "lock the answers").select("Not after", "Awards announced");
        browser.fill("What must hold", "{\"var\": ").press("Save the step");
        assert_eq!(browser.status(), 422);
        browser.sees("It cannot be read as JSON");
        assert_eq!((browser.value("Words on the button"), browser.value("What must hold")), ("Send it in".into(), "{\"var\":".into()));
        assert!(browser.is_chosen("lock the answers") && !browser.is_chosen("EOI in draft"));
        assert_eq!(browser.value("Not after"), "Awards announced");
        browser.fill("What must hold", "{\"/\": [1, 0]}").press("Save the step").sees("“/” is not an operator of rules");
        browser.fill("What must hold", "{\"var\": \"answers.complete\"}").fill("How many different people stand behind it", "two");
        browser.press("Save the step").sees("Enter how many people have to agree");
        browser.sees("In words: Every question has been answered.");
        assert_eq!(browser.value("Words on the button"), "Send it in");
        browser.fill("How many different people stand behind it", "").press("Save the step").sees("“Send it in” is saved.");
        let copy = app.client(Who::Manager).get(&of_round("draft")).json();
        assert!(copy["text"].as_str().unwrap().contains("\"not_after\": \"announcement\""), "{copy}");
    }

    fn saving_a_part_as_it_is_changes_nothing(app: &TestApp) {
        for ready in ["local-digital-fund-1", "single-stage-panel"] {
            let client = app.client(Who::Manager);
            let copy = client.post(&of_round("draft"), json!({ "from": ready })).expect(201).json();
            let before: roundtable::workflow::Definition = serde_json::from_str(copy["text"].as_str().unwrap()).unwrap();
            let mut browser = manager(app);
            for place in 0..before.states.len() {
                browser.open(&page(&format!("/states/{place}"))).press("Save the state");
            }
            for place in 0..before.transitions.len() {
                browser.open(&page(&format!("/steps/{place}"))).press("Save the step");
            }
            browser.open(&page("/about")).press("Save");
            let copy = client.get(&of_round("draft")).expect(200).json();
            let after: roundtable::workflow::Definition = serde_json::from_str(copy["text"].as_str().unwrap()).unwrap();
            let differences = roundtable::workflow::diff::diff(&before, &after).in_words();
            assert_eq!(differences, [""; 0], "{ready}");
            client.delete_at(&of_round("draft"), copy["version"].as_i64().unwrap()).expect(204);
        }
    }

    fn of_two_managers_at_once_the_second_is_told_and_both_texts_are_there(app: &TestApp) {
        begun(app);
        let (mut first, mut second) = (manager(app), manager(app));
        second.open(&page("/states/0")).fill("Label for councils", "The second’s words");
        first.open(&page("/states/0")).fill("Label for councils", "The first’s words").press("Save the state");
        second.press("Save the state");
        assert_eq!(second.status(), 412);
        second.sees("Manager Person changed the working copy").sees("Label for councils: it says “The first’s words”, you wrote “The second’s words”.");
        assert_eq!(second.value("Label for councils"), "The second’s words");
        second.press("Save the state").sees("is saved.");
        second.open(&page("/text"));
        let mut late = manager(app);
        late.open(&page("/text"));
        second.fill("Definition", "{}").press("Save").sees("It cannot be put into force yet.");
        late.fill("Definition", "[").press("Save");
        assert_eq!((late.status(), late.value("Definition")), (412, "[".into()));
        late.press("Save").sees("It is saved.");
    }

    fn what_cannot_be_read_is_kept_and_explained(app: &TestApp) {
        begun(app);
        let mut browser = manager(app);
        browser.open(&page("/text")).fill("Definition", "{ \"id\": ").press("Save");
        browser.sees("It cannot be shown part by part.").sees("It cannot be read as JSON").follow("The whole as JSON");
        assert_eq!(browser.value("Definition"), "{ \"id\":");
        assert_eq!(browser.errors()[0].0, "#text");
        assert_eq!(browser.open(&page("/states/0")).status(), 409);
        browser.open(&page("/compare")).sees("cannot be compared with version 1");
        browser.open(&page("")).press("Discard the working copy").sees("The working copy is discarded.").sees("Begin a working copy with");
    }

    fn states_and_steps_are_added_and_taken_out(app: &TestApp) {
        begun(app);
        let mut browser = manager(app);
        browser.open(&page("/states/new")).fill("Id", "paused").fill("Label for staff", "Paused").press("Save the state");
        assert_eq!(browser.status(), 422);
        browser.select("Kind", "review: the fund reads, scores or decides").press("Save the state").sees("“Paused” is saved.");
        browser.sees("No bid can ever reach “paused”");
        browser.open(&page("/steps/new")).fill("Id", "pause").fill("Words on the button", "Pause it").choose_in("From", "EOI submitted");
        browser.select("To", "Paused").choose_in("Who takes it", "fund managers").press("Save the step").sees("“Pause it” is saved.");
        let copy = app.client(Who::Manager).get(&of_round("draft")).json();
        let text: serde_json::Value = serde_json::from_str(copy["text"].as_str().unwrap()).unwrap();
        let (states, steps) = (text["states"].as_array().unwrap().len(), text["transitions"].as_array().unwrap().len());
        browser.open(&page(&format!("/steps/{}", steps - 1))).press("Take the step out").sees("The step is taken out.");
        browser.open(&page(&format!("/states/{}", states - 1))).press("Take the state out").sees("The state is taken out.").sees("Sound");
        assert_eq!(browser.open(&page(&format!("/states/{states}"))).status(), 404);
    }

    fn observers_read_and_change_nothing(app: &TestApp) {
        begun(app);
        let mut observer = app.browser(Who::Observer);
        observer.open(&page("")).sees("Working copy").sees("EOI in draft");
        assert!(observer.buttons().iter().all(|button| !button.contains("Discard")), "{:?}", observer.buttons());
        assert!(observer.links().iter().all(|link| !link.starts_with("Change")), "{:?}", observer.links());
        observer.open(&page("/text"));
        assert!(!observer.buttons().contains(&"Save".to_owned()));
        assert_eq!(observer.open(&page("/states/0")).status(), 403);
        assert_eq!(app.browser(Who::Officer).open(&page("")).status(), 404);
    }

    fn bids_are_moved_and_the_move_is_undone_on_the_page(app: &TestApp) {
        submitted(app, "Repairs");
        let client = begun(app);
        rewrite(&client, |definition| {
            let place = definition.states.iter().position(|state| state.id == "eoi_submitted").unwrap();
            let mut state = definition.states[place].clone();
            state.id = "eoi_in".into();
            definition.put_state(Some(place), state);
            label(definition, "eoi_in", "It has arrived");
        }).expect(200);
        adopt(&client, "Plainer words.").expect(201);
        let mut browser = manager(app);
        browser.open(&page("/moves")).press("See where bids would land").sees("has no counterpart");
        assert!(!browser.buttons().iter().any(|button| button.starts_with("Move ")), "{:?}", browser.buttons());
        browser.select("Bids in “EOI submitted” land in", "Shortlisted").press("Look again").sees("are not of one kind");
        browser.select("Bids in “EOI submitted” land in", "EOI submitted").press("Look again");
        browser.sees("The councils of 1 bid get an email").press("Move 1 bid").sees("1 bid is moved to version 2.");
        let undo = browser.buttons().into_iter().find(|button| button.starts_with("Undo")).unwrap();
        browser.press(&undo).sees("The move is undone.").sees("Undone at");
    }
}
